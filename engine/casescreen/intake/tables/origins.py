"""Where each value of a record stands in the sheets, found only when a problem is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from attrs import Factory, define, frozen

from casescreen.intake.tables.headings import HAS
from casescreen.intake.tables.plan import Column
from casescreen.intake.tables.sheet import Sheet
from casescreen.model.problem import Place

_Key = str | int


@frozen(eq=False)
class _Row:
    """A row, and where the fields of a record stand in it."""

    sheet: Sheet
    row: int
    columns: Sequence[Column]

    def index(self, name: str) -> int | None:
        return next((column.index for column in self.columns if column.field.name == name), None)


@define(eq=False)
class Origins:
    """The cells of one record.

    Attributes:
        sheet: the sheet of the cases.
        row: the row of the case in it.
        id: where its id stands.
    """

    sheet: Sheet
    row: int
    id: int
    _fields: list[_Row] = Factory(list)
    _tables: defaultdict[str, list[_Row]] = Factory(lambda: defaultdict(list))

    def note_fields(self, sheet: Sheet, row: int, columns: Sequence[Column]) -> None:
        """Note a row from which fields of the case were taken."""
        self._fields.append(_Row(sheet, row, columns))

    def note_row(self, table: str, sheet: Sheet, row: int, columns: Sequence[Column]) -> None:
        """Note a row that became the next row of a table."""
        self._tables[table].append(_Row(sheet, row, columns))

    def place(self, keys: tuple[_Key, ...], part: str) -> Place:
        """The cell of what stands at a key path of the record, or the row around it."""
        match keys:
            case ("case", "id"):
                return self.sheet.place(self.row, self.id, part)
            case (str() as table, int() as number, *rest) if number < len(self._tables[table]):
                found = self._tables[table][number]
                return found.sheet.place(found.row, found.index(str(rest[0])) if rest else None, part)
            case (str() as section, str() as name):
                return self._of_field(f"{section}.{name}", part)
            case (str() as table,):
                return self._of_field(f"{HAS}{table}", part)
        return self.sheet.place(self.row, None, part)

    def _of_field(self, name: str, part: str) -> Place:
        for found in reversed(self._fields):
            if (index := found.index(name)) is not None:
                return found.sheet.place(found.row, index, part)
        return self.sheet.place(self.row, None, part)


@frozen(eq=False)
class TableSource:
    """Sheets as the source of records.

    Attributes:
        file: the path of the file that holds the cases.
        origins: the cells of the record that it is the source of.
    """

    file: str
    origins: Origins | None = None

    @property
    def dates_as_text(self) -> bool:
        """No: cells are read as dates before."""
        return False

    def with_record(self, origins: Origins) -> TableSource:
        """The same as the source of one record."""
        return TableSource(self.file, origins)

    def place(self, path: tuple[_Key, ...], part: str) -> Place:
        """The place of a key path, whose first key is the number of the record."""
        return Place(self.file, 0, part) if self.origins is None else self.origins.place(path[1:], part)

    def whole(self, part: str) -> Place:
        """The place of the record's row."""
        return self.place(("",), part)

    def as_written(self, toml: str, json: str) -> str:  # noqa: ARG002 - what a mistake of form is told by elsewhere
        """Advice for the form: rows and columns are always well formed."""
        return ""
