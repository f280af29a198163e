"""The records that sheets hold by a mapping, each knowing the cells that its values came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import ClassVar, NamedTuple

from attrs import Factory, define, field, frozen

from casescreen.cases.documents import Record
from casescreen.cases.mapping.cell_reading import id_in, lost_figures
from casescreen.cases.mapping.model import (
    BoundMapping,
    CaseMapping,
    Keep,
    MappedColumn,
    MappedLookup,
    MappedRows,
)
from casescreen.cases.mapping.row_reader import CellCount, ColumnsReader, RowReader
from casescreen.cases.mapping.row_selection import RowAside, SheetLinks, row_counts, rows_aside
from casescreen.cases.schema import section_and_key
from casescreen.cases.tables.cells import is_blank
from casescreen.cases.tables.sheet import MOST_PROBLEMS, HeadedSheet
from casescreen.model.case import HAS, ID, is_example
from casescreen.model.problem import Fault, NoValue, Place, Problem, ProblemCollector
from casescreen.text import counted, in_words


@frozen
class BuiltRecords:
    """What sheets hold by a mapping.

    Attributes:
        records: a record for each row of the cases that has an id.
        problems: what belongs to no record, and why.
        strays: how many rows of the cases gave no record.
        examples: how many rows of the cases only show how it is done.
        noticed: what is to be looked at, though no record was left out for it.
        counts: how the cells were read.
        aside: the rows of the sheet of the cases that were passed over.
        ids_alone: how many rows of the cases hold an id and nothing else, and were not taken for cases.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    strays: int
    examples: int
    noticed: tuple[Problem, ...]
    counts: tuple[CellCount, ...]
    aside: tuple[RowAside, ...]
    ids_alone: int = 0


def build_records(bound: BoundMapping, taken_on: date | None = None, *, bare: bool = False) -> BuiltRecords:
    """The records of the sheets, each knowing the cell of every value.

    Args:
        bound: the mapping and the sheets.
        taken_on: the day on which the records were taken, for years of two figures.
        bare: whether a row that has an id and nothing else is a case; it is more often a total.
    """
    return _Builder(bound, bare, RowReader(taken_on, count_all=not bound.mapping.confirmed)).build()


class _SourceRows(NamedTuple):
    """Rows that parts of a record were read from, and where these stand in them."""

    sheet: HeadedSheet
    rows: Sequence[int]
    columns: Sequence[MappedColumn]


@define(eq=False)
class _RecordCells:
    """The cells of one record, as the source of it.

    Attributes:
        sheet: the sheet of the cases.
        row: the row of the case in it.
        id: the heading that its id stands below.
        fields: the rows that fields of the case were read from, one each.
        tables: the rows that the rows of a table were read from.
    """

    # Cells are read as dates before.
    dates_as_text: ClassVar[bool] = False

    sheet: HeadedSheet
    row: int
    id: str
    fields: list[_SourceRows] = Factory(list)
    tables: defaultdict[str, list[_SourceRows]] = Factory(lambda: defaultdict(list))

    def place(self, path: tuple[str | int, ...], part: str) -> Place:
        """The cell of what stands at a key path of the record, or the row around it."""
        sources, field = [_SourceRows(self.sheet, (self.row,), ()), *self.fields], ""
        match path:
            case ("case", "id"):
                return self.sheet.place(self.row, self.id, part)
            case (str() as table, int() as number, *rest) if source := self._row_of(table, number):
                sources, field = [source], str(rest[0]) if rest else ""
            case (str() as section, str() as name):
                field = f"{section}.{name}"
            case (str() as table,):
                field = f"{HAS}{table}"
        for source in reversed(sources):
            # A yes-no without a column of its own was read from that of its date.
            by_name = {column.field.dates: column for column in source.columns if column.not_done}
            by_name |= {column.field.name: column for column in source.columns}
            if field in by_name:
                return source.sheet.place(source.rows[0], by_name[field].heading, part)
        return sources[0].sheet.place(sources[0].rows[0], "", part)

    def _row_of(self, table: str, number: int) -> _SourceRows | None:
        """The row that a row of a table was read from."""
        rows = (source._replace(rows=(row,)) for source in self.tables[table] for row in source.rows)
        return next(islice(rows, number, None), None)

    def whole(self, part: str) -> Place:
        """The row of the case."""
        return self.sheet.place(self.row, "", part)


@define(eq=False)
class _Builder:
    bound: BoundMapping
    bare: bool
    reader: RowReader
    aside: Mapping[int, RowAside] = field(init=False)
    links: SheetLinks = field(init=False)
    own: ColumnsReader = field(init=False)
    others: Mapping[MappedLookup | MappedRows, ColumnsReader] = field(init=False)
    own_columns: Sequence[MappedColumn] = field(init=False)
    tables: Sequence[str] = field(init=False)
    problems: ProblemCollector = Factory(lambda: ProblemCollector(MOST_PROBLEMS))
    noticed: ProblemCollector = Factory(lambda: ProblemCollector(MOST_PROBLEMS))

    def __attrs_post_init__(self) -> None:
        says = partial(self.reader.says, self.cases)
        self.aside = rows_aside(self.cases, self.mapping, says) if self.mapping.only_cases else {}
        self.links = SheetLinks(self.bound, self.aside.keys())
        self.own = self.reader.of(self.cases, self.mapping.columns)
        self.own_columns = [*self.mapping.columns, *self.mapping.listed.values()]
        others: list[MappedLookup | MappedRows] = [*self.mapping.lookups, *self.mapping.rows]
        self.others = {one: self.reader.of(self.links.sheet_of(one), one.columns) for one in others}
        self.tables = list(dict.fromkeys([*self.mapping.listed, *(one.table for one in self.mapping.rows)]))

    @property
    def mapping(self) -> CaseMapping:
        return self.bound.mapping

    @property
    def cases(self) -> HeadedSheet:
        return self.bound.sheets[self.mapping.sheet]

    def build(self) -> BuiltRecords:
        records: list[Record] = []
        strays = examples = ids_alone = 0
        for row in self.cases.rows():
            if row in self.aside or not row_counts(self.cases, row, self.mapping.only):
                continue
            case_id = self._id(row)
            if case_id is None:
                strays += 1
            elif is_example(case_id):
                examples += 1
            else:
                cells = _RecordCells(self.cases, row, self.mapping.id)
                content = self._content(case_id, row, cells)
                if not self.bare and self._is_bare(row, cells):
                    ids_alone += 1
                else:
                    records.append(Record(cells, (), len(records) + 1, content))
        self.problems.extend(islice(self.links.leading_nowhere(), MOST_PROBLEMS))
        self.problems.extend(islice(self.links.without_case(), MOST_PROBLEMS))
        return BuiltRecords(
            tuple(records),
            tuple(self.problems.problems),
            strays,
            examples,
            tuple(self.noticed.problems),
            tuple(self.reader.counts()),
            tuple(self.aside.values()),
            ids_alone,
        )

    def _id(self, row: int) -> str | None:
        cell = self.cases.cell(row, self.mapping.id)
        place = self.cases.place(row, self.mapping.id)
        case_id = id_in(cell) or Fault("the row has no case id", "Give each case an id of its own.")
        if isinstance(case_id, Fault):
            self.problems.add(place, case_id.what, case_id.advice, "Findings are told by it.")
            return None
        if (lost := lost_figures(cell)) is not None:
            self.noticed.add(place, lost.what, lost.advice, "It may stand for several cases.")
        return case_id

    def _is_bare(self, row: int, cells: _RecordCells) -> bool:
        """Whether nothing stands in the row but its id, nor in the rows of other sheets; if so, it is noted."""
        at = self.cases.columns[self.mapping.id]
        alone = all(is_blank(cell) for index, cell in enumerate(self.cases.sheet.rows[row]) if index != at)
        if not alone or len(self.cases.columns) == 1 or len(cells.fields) > 1 or any(cells.tables.values()):
            return False
        advice = "If it is a case, fill in what is known of it. If it is a total or a remark, nothing is to be done."
        place = self.cases.place(row, self.mapping.id)
        self.noticed.add(place, "nothing stands in the row but an id, so it is not taken for a case", advice)
        return True

    def _content(self, case_id: str, row: int, cells: _RecordCells) -> dict[str, object]:
        fields: dict[str, object] = {ID: case_id, **self.mapping.constants}
        self.own.take(fields, row)
        cells.fields.append(_SourceRows(self.cases, (row,), self.own_columns))
        for lookup in self.mapping.lookups:
            self._look_up(lookup, row, fields, cells)
        fields.update((name, fault) for name, fault in self.bound.unreadable.items() if "." in name)
        content: dict[str, object] = {}
        for name, value in fields.items():
            section, key = section_and_key(name)
            group = content.setdefault(section, {})
            assert isinstance(group, dict)
            group[key] = value
        return {**content, **self._tables(row, cells)}

    def _look_up(self, lookup: MappedLookup, row: int, fields: dict[str, object], cells: _RecordCells) -> None:
        sheet, rows = self.others[lookup].sheet, self.links.reached(lookup, row)
        if not rows or (len(rows) == 1 and lookup.keep is Keep.LATEST_OF_SEVERAL):
            return
        if (kept := self._kept(lookup, sheet, rows)) is not None:
            self.others[lookup].take(fields, kept)
        else:
            kept = rows[1]
            called = in_words(sheet.sheet.called)
            what = f"{counted(len(rows), 'row')} of {called} belong to the case, and one is needed"
            fault = Fault(what, 'Say in the mapping which one counts: keep = "earliest" or "latest".')
            fields.update({column.field.name: fault for column in lookup.columns})
        cells.fields.append(_SourceRows(sheet, (kept,), lookup.columns))

    def _kept(self, lookup: MappedLookup, sheet: HeadedSheet, rows: Sequence[int]) -> int | None:
        """The one of several rows that counts; None if none of them does by its day."""
        if len(rows) == 1:
            return rows[0]
        by = lookup.by
        days = [] if by is None else [(self.reader.value(sheet, row, by), row) for row in rows]
        dated = [(day, row) for day, row in days if isinstance(day, date)]
        if not dated:
            return None
        return (min(dated) if lookup.keep is Keep.EARLIEST else max(dated))[1]

    def _tables(self, row: int, cells: _RecordCells) -> dict[str, object]:
        rows: dict[str, list[dict[str, object]]] = {}
        for mapped in self.mapping.rows:
            reached = self.links.reached(mapped, row)
            if reached and (found := self._rows(mapped, reached)):
                rows.setdefault(mapped.table, []).extend(found)
                cells.tables[mapped.table].append(_SourceRows(self.others[mapped].sheet, reached, mapped.columns))
        tables: dict[str, object] = {name: fault for name, fault in self.bound.unreadable.items() if "." not in name}
        for name in self.tables:
            listed = self._is_listed(name, row, has_rows=name in rows)
            if name in self.bound.unreadable:
                continue
            if isinstance(listed, Fault):
                tables[name] = listed
            elif listed:
                tables[name] = rows.get(name, [])
        return tables

    def _rows(self, mapped: MappedRows, reached: Sequence[int]) -> list[dict[str, object]]:
        """The rows of a table that rows of a sheet are; the row of the case itself is one if it says anything."""
        reader, found = self.others[mapped], list[dict[str, object]]()
        for at in reached:
            values: dict[str, object] = {**mapped.constants}
            reader.take(values, at)
            if mapped.steps or not mapped.columns or _known(values) > len(mapped.constants):
                found.append(values)
        return found

    def _is_listed(self, name: str, row: int, *, has_rows: bool) -> bool | Fault:
        """Whether a table is in the record: the case says so, or has rows, or every case is known to list all."""
        column = self.mapping.listed.get(name)
        said = None if column is None else self.reader.value(self.cases, row, column)
        if isinstance(said, Fault):
            return said
        if said is False and has_rows:
            return Fault("it says no, and there are rows of the case", "Write yes if all are listed; else clear it.")
        return said is True or has_rows or name in self.mapping.complete


def _known(values: Mapping[str, object]) -> int:
    return sum(not isinstance(value, NoValue) for value in values.values())
