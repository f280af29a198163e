"""The records that sheets hold by a plan, each knowing the cells that its values came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import Factory, define, frozen

from casescreen.cases.documents import Record
from casescreen.cases.tables.cells import DateOrder, is_blank, order_of, text_in, value_in
from casescreen.cases.tables.plan import HeadedSheet, Hop, Keep, PlannedColumn, PlannedLookup, SheetPlan, When
from casescreen.cases.tables.sheet import Cell, Sheet
from casescreen.model.case import HAS, ID, is_example
from casescreen.model.dictionary import Kind, Value
from casescreen.model.problem import Fault, Place, Problem, ProblemCollector
from casescreen.text import counted, folded, in_words

_Key = str | int


@frozen(eq=False)
class _Row:
    """A row, and where the fields of a record stand in it."""

    sheet: Sheet
    row: int
    columns: Sequence[PlannedColumn]

    def index(self, name: str) -> int | None:
        return next((column.index for column in self.columns if column.field.name == name), None)


@define(eq=False)
class CellOrigins:
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

    def note_fields(self, sheet: Sheet, row: int, columns: Sequence[PlannedColumn]) -> None:
        """Note a row from which fields of the case were taken."""
        self._fields.append(_Row(sheet, row, columns))

    def note_row(self, table: str, sheet: Sheet, row: int, columns: Sequence[PlannedColumn]) -> None:
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
    origins: CellOrigins | None = None

    @property
    def dates_as_text(self) -> bool:
        """No: cells are read as dates before."""
        return False

    def with_record(self, origins: CellOrigins) -> TableSource:
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


_NO_CASE = "It counts for no case, and what is not read cannot count."


@frozen
class BuiltRecords:
    """What sheets hold by a plan.

    Attributes:
        records: a record for each row of the cases that has an id.
        problems: what belongs to no record, and why.
        strays: how many rows of the cases gave no record.
        examples: how many rows of the cases only show how it is done.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    strays: int
    examples: int


def build_records(plan: SheetPlan) -> BuiltRecords:
    """The records of the sheets, each knowing the cell of every value."""
    return _Assembly(plan).result()


@define(eq=False)
class _Assembly:
    plan: SheetPlan
    problems: ProblemCollector = Factory(ProblemCollector)
    orders: dict[tuple[int, int], DateOrder] = Factory(dict)
    lookups: dict[tuple[int, int], Mapping[str, Sequence[int]]] = Factory(dict)

    def result(self) -> BuiltRecords:
        records: list[Record] = []
        ids: set[str] = set()
        strays = examples = 0
        source = TableSource(self.plan.cases.sheet.file)
        for row in _rows(self.plan.cases):
            if not all(self._holds(self.plan.cases, one, row) for one in self.plan.when):
                continue
            case_id = self._id(row)
            if case_id is None or is_example(case_id):
                strays += case_id is None
                examples += case_id is not None
                continue
            ids.add(case_id)
            origins = CellOrigins(self.plan.cases.sheet, row, self.plan.id)
            content = self._content(case_id, row, origins)
            records.append(Record(source.with_record(origins), (len(records),), len(records) + 1, content))
        self._check_own(ids)
        return BuiltRecords(tuple(records), tuple(self.problems.problems), strays, examples)

    def _id(self, row: int) -> str | None:
        cell = _cell(self.plan.cases, row, self.plan.id)
        found = Fault("the row has no case id", "Give each case an id of its own.") if is_blank(cell) else text_in(cell)
        if isinstance(found, Fault):
            place = self.plan.cases.sheet.place(row, self.plan.id)
            self.problems.add(place, found.what, found.advice, "Findings are told by it.")
            return None
        return found

    def _content(self, case_id: str, row: int, origins: CellOrigins) -> dict[str, object]:
        fields: dict[str, object] = {ID: case_id, **self.plan.constants}
        fields.update(self._values(self.plan.cases, row, self.plan.columns))
        origins.note_fields(self.plan.cases.sheet, row, [*self.plan.columns, *self.plan.has.values()])
        for looked in self.plan.looked:
            self._look(looked, row, fields, origins)
        content: dict[str, object] = {}
        for name, value in fields.items():
            section, _, key = name.partition(".")
            group = content.setdefault(section, {})
            assert isinstance(group, dict)
            group[key] = value
        return {**content, **self._tables(row, origins)}

    def _look(self, looked: PlannedLookup, row: int, fields: dict[str, object], origins: CellOrigins) -> None:
        part = looked.hops[-1].part
        rows = self._reached(looked.hops, looked.when, row)
        if not rows:
            return
        if (kept := self._kept(looked, part, rows)) is None:
            what = f"{counted(len(rows), 'row')} of {in_words(part.sheet.called)} belong to the case, and one is needed"
            fault = Fault(what, 'Say in the mapping which one counts: keep = "earliest" or "latest".')
            fields.update({column.field.name: fault for column in looked.columns})
            kept = rows[1]
        else:
            fields.update(self._values(part, kept, looked.columns))
        origins.note_fields(part.sheet, kept, looked.columns)

    def _kept(self, looked: PlannedLookup, part: HeadedSheet, rows: Sequence[int]) -> int | None:
        if len(rows) == 1:
            return rows[0]
        if looked.by is None:
            return None
        by = looked.by
        days = {row: self._value(part, row, by) for row in rows}
        dated = [(day, row) for row, day in days.items() if isinstance(day, date)]
        if looked.keep is Keep.ONLY or not dated:
            return None
        return min(dated)[1] if looked.keep is Keep.EARLIEST else max(dated)[1]

    def _tables(self, row: int, origins: CellOrigins) -> dict[str, object]:
        tables: dict[str, object] = {}
        found: dict[str, list[dict[str, object]]] = {}
        for rows in self.plan.rows:
            part = rows.hops[-1].part if rows.hops else self.plan.cases
            reached = self._reached(rows.hops, rows.when, row)
            for at in reached:
                values: dict[str, object] = {**rows.constants, **dict(self._values(part, at, rows.columns))}
                found.setdefault(rows.table, []).append(values)
                origins.note_row(rows.table, part.sheet, at, rows.columns)
        for name in dict.fromkeys([*self.plan.has, *(rows.table for rows in self.plan.rows)]):
            listed = self._is_listed(name, row, has_rows=name in found)
            if isinstance(listed, Fault):
                tables[name] = listed
            elif listed:
                tables[name] = found.get(name, [])
        return tables

    def _is_listed(self, name: str, row: int, *, has_rows: bool) -> bool | Fault:
        """Whether a table is in the record: the case says so, or has rows, or every case is known to list all."""
        column = self.plan.has.get(name)
        said = None if column is None else self._value(self.plan.cases, row, column)
        if isinstance(said, Fault):
            return said
        if said is False and has_rows:
            return Fault("it says no, and there are rows of the case", "Write yes if all are listed; else clear it.")
        return said is True or has_rows or name in self.plan.complete

    def _values(
        self, part: HeadedSheet, row: int, columns: Sequence[PlannedColumn]
    ) -> Iterator[tuple[str, Value | Fault]]:
        cells = part.sheet.rows[row]
        for column in columns:
            if column.index < len(cells) and cells[column.index] is not None:
                value = self._value(part, row, column)
                if value is not None:
                    yield column.field.name, value

    def _value(self, part: HeadedSheet, row: int, column: PlannedColumn) -> Value | Fault | None:
        cell = _cell(part, row, column.index)
        if is_blank(cell):
            return None
        if column.words or column.none or column.other is not None:
            word = _word(cell)
            if word in column.none:
                return None
            if word in column.words:
                return column.words[word]
            if column.other is not None:
                return column.other
        return value_in(cell, column.field, self._order(part, column))

    def _order(self, part: HeadedSheet, column: PlannedColumn) -> DateOrder:
        if column.order is not None or column.field.kind is not Kind.DATE:
            return column.order or DateOrder.UNCLEAR
        key = id(part), column.index
        if key not in self.orders:
            cells = [_cell(part, row, column.index) for row in range(part.header + 1, len(part.sheet.rows))]
            texts = [cell for cell in cells if isinstance(cell, str) and _word(cell) not in column.none]
            self.orders[key] = order_of(texts, beside_dates=any(isinstance(cell, date) for cell in cells))
        return self.orders[key]

    def _reached(self, hops: Sequence[Hop], when: Sequence[When], row: int) -> Sequence[int]:
        part, rows = self.plan.cases, [row]
        for hop in hops:
            keys = dict.fromkeys(_key(part, at, hop.of) for at in rows)
            lookup = self._lookup(hop)
            rows = list(dict.fromkeys(at for key in keys if key for at in lookup.get(key, ())))
            part = hop.part
        return [at for at in rows if all(self._holds(part, one, at) for one in when)]

    def _lookup(self, hop: Hop) -> Mapping[str, Sequence[int]]:
        key = id(hop.part), hop.to
        if key not in self.lookups:
            found: defaultdict[str, list[int]] = defaultdict(list)
            for row in _rows(hop.part):
                found[_key(hop.part, row, hop.to)].append(row)
            self.lookups[key] = found
        return self.lookups[key]

    @staticmethod
    def _holds(part: HeadedSheet, when: When, row: int) -> bool:
        cell = _cell(part, row, when.index)
        return not is_blank(cell) if when.any_word else _word(cell) in when.words

    def _check_own(self, ids: set[str]) -> None:
        """Note the rows that belong to no case."""
        for part, index in self.plan.own:
            for row in _rows(part):
                if (key := _key(part, row, index)) not in ids and not is_example(key):
                    what = f'there is no case "{in_words(key)}"' if key else "the row has no case id"
                    advice = "Correct the id, or add the case to the sheet of cases."
                    self.problems.add(part.sheet.place(row, index), what, advice, _NO_CASE)


def _rows(part: HeadedSheet) -> Iterator[int]:
    """The rows below the headings that are not blank."""
    for row in range(part.header + 1, len(part.sheet.rows)):
        if any(cell is not None for cell in part.sheet.rows[row]):
            yield row


def _cell(part: HeadedSheet, row: int, index: int) -> Cell:
    cells = part.sheet.rows[row]
    return cells[index] if index < len(cells) else None


def _key(part: HeadedSheet, row: int, index: int) -> str:
    cell = _cell(part, row, index)
    found = "" if is_blank(cell) else text_in(cell)
    return found if isinstance(found, str) else ""


def _word(cell: Cell) -> str:
    """What a cell says as a mapping writes it: a day as year-month-day, a number as its figures."""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, bool):
        return "true" if cell else "false"
    found = text_in(cell) if cell is not None else ""
    return folded(found) if isinstance(found, str) else folded(str(cell))
