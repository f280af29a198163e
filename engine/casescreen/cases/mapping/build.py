"""The records that sheets hold by a mapping, each knowing the cells that its values came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from attrs import Factory, define, evolve, frozen

from casescreen.cases.documents import Record
from casescreen.cases.mapping.cell_reading import CellReading, How, as_written, by_word, word_in
from casescreen.cases.mapping.model import BoundMapping, CaseMapping, Keep, MappedColumn, MappedLookup, Only, Step
from casescreen.cases.mapping.rows_aside import RowAside, rows_aside
from casescreen.cases.tables.cells import Cell, DateOrder, is_blank, order_of, text_in
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.case import HAS, ID, is_example
from casescreen.model.dictionary import Kind, Value
from casescreen.model.problem import Fault, Place, Problem, ProblemCollector
from casescreen.text import counted, in_words

_NO_CASE = "It counts for no case, and what is not read cannot count."


@frozen(eq=False)
class CellCount:
    """How many cells of a column were read in one way.

    Attributes:
        column: the column.
        how: how they were read.
        word: the word of the mapping that they were read by, or "".
        value: what that word stands for; None where they were not read by one that stands for a value.
        cells: how many they are.
        place: where the first of them stands.
        example: what the first of them says.
    """

    column: MappedColumn
    how: How
    word: str
    value: Value | None
    cells: int
    place: Place
    example: Value | None


@frozen(eq=False)
class BuiltRecords:
    """What sheets hold by a mapping.

    Attributes:
        records: a record for each row of the cases that has an id.
        problems: what belongs to no record, and why.
        strays: how many rows of the cases gave no record.
        examples: how many rows of the cases only show how it is done.
        counts: how the cells were read.
        aside: the rows of the sheet of the cases that were passed over.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    strays: int
    examples: int
    counts: tuple[CellCount, ...] = ()
    aside: tuple[RowAside, ...] = ()


def build_records(bound: BoundMapping, taken_on: date | None = None) -> BuiltRecords:
    """The records of the sheets, each knowing the cell of every value.

    Args:
        bound: the mapping and the sheets.
        taken_on: the day on which the records were taken, for years of two figures.
    """
    built = _Builder(bound.mapping, bound.sheets, bound.sheets[bound.mapping.sheet], taken_on).build()
    return evolve(built, problems=(*bound.problems, *built.problems))


@frozen(eq=False)
class _SourceRow:
    """A row that fields of a record were read from, and where they stand in it."""

    sheet: HeadedSheet
    row: int
    columns: Sequence[MappedColumn]


@define(eq=False)
class _RecordCells:
    """The cells of one record, as the source of it.

    Attributes:
        sheet: the sheet of the cases.
        row: the row of the case in it.
        id: the heading that its id stands below.
        fields: the rows that fields of the case were read from.
        tables: the row that each row of a table was read from.
    """

    # Cells are read as dates before.
    dates_as_text: ClassVar[bool] = False

    sheet: HeadedSheet
    row: int
    id: str
    fields: list[_SourceRow] = Factory(list)
    tables: defaultdict[str, list[_SourceRow]] = Factory(lambda: defaultdict(list))

    def place(self, path: tuple[str | int, ...], part: str) -> Place:
        """The cell of what stands at a key path of the record, or the row around it."""
        sources, field = [_SourceRow(self.sheet, self.row, ()), *self.fields], ""
        match path:
            case ("case", "id"):
                return self.sheet.place(self.row, self.id, part)
            case (str() as table, int() as number, *rest) if number < len(self.tables[table]):
                sources, field = [self.tables[table][number]], str(rest[0]) if rest else ""
            case (str() as section, str() as name):
                field = f"{section}.{name}"
            case (str() as table,):
                field = f"{HAS}{table}"
        for source in reversed(sources):
            # A yes-no without a column of its own was read from that of its date.
            by_name = {column.field.dates: column for column in source.columns if column.not_done}
            by_name |= {column.field.name: column for column in source.columns}
            if field in by_name:
                return source.sheet.place(source.row, by_name[field].heading, part)
        return sources[0].sheet.place(sources[0].row, "", part)

    def whole(self, part: str) -> Place:
        """The row of the case."""
        return self.sheet.place(self.row, "", part)


@define(eq=False)
class _Builder:
    mapping: CaseMapping
    sheets: Mapping[str, HeadedSheet]
    cases: HeadedSheet
    taken_on: date | None
    problems: ProblemCollector = Factory(ProblemCollector)
    orders: dict[tuple[HeadedSheet, str], DateOrder] = Factory(dict)
    links: dict[tuple[str, str], Mapping[str, Sequence[int]]] = Factory(dict)
    counts: Counter[tuple[MappedColumn, How, str]] = Factory(Counter)
    first: dict[tuple[MappedColumn, How, str], tuple[HeadedSheet, int, CellReading]] = Factory(dict)
    said: dict[tuple[MappedColumn, type, Cell], CellReading | None] = Factory(dict)

    def build(self) -> BuiltRecords:
        records: list[Record] = []
        ids: set[str] = set()
        strays = examples = 0
        aside = rows_aside(self.cases, self.mapping, self._says) if self.mapping.only_cases else {}
        for row in self.cases.rows():
            if row in aside or not _counts(self.cases, row, self.mapping.only):
                continue
            case_id = self._id(row)
            if case_id is None:
                strays += 1
            elif is_example(case_id):
                examples += 1
            else:
                ids.add(case_id)
                cells = _RecordCells(self.cases, row, self.mapping.id)
                records.append(Record(cells, (), len(records) + 1, self._content(case_id, row, cells)))
        self._note_rows_without_case(ids)
        counts = tuple(self._cell_count(key, cells) for key, cells in self.counts.items())
        return BuiltRecords(
            tuple(records), tuple(self.problems.problems), strays, examples, counts, tuple(aside.values())
        )

    def _cell_count(self, key: tuple[MappedColumn, How, str], cells: int) -> CellCount:
        (column, how, word), (sheet, row, reading) = key, self.first[key]
        said = None if isinstance(reading.value, Fault) else reading.value
        value = said if how is How.WORD else None
        return CellCount(column, how, word, value, cells, sheet.place(row, column.heading), said)

    def _says(self, row: int, column: MappedColumn) -> bool:
        """Whether a cell of the sheet of the cases can be read for its column, or says why it has no value."""
        cell = self.cases.cell(row, column.heading)
        if is_blank(cell):
            return False
        dated = column.field.kind is Kind.DATE and isinstance(cell, str) and cell.strip()[0].isdigit()
        return dated or self._read(self.cases, column, cell).how is not How.UNREAD

    def _id(self, row: int) -> str | None:
        cell = self.cases.cell(row, self.mapping.id)
        if is_blank(cell):
            case_id: str | Fault = Fault("the row has no case id", "Give each case an id of its own.")
        else:
            case_id = text_in(cell)
        if isinstance(case_id, Fault):
            place = self.cases.place(row, self.mapping.id)
            self.problems.add(place, case_id.what, case_id.advice, "Findings are told by it.")
            return None
        return case_id

    def _content(self, case_id: str, row: int, cells: _RecordCells) -> dict[str, object]:
        fields: dict[str, object] = {ID: case_id, **self.mapping.constants}
        self._take(fields, self.cases, row, self.mapping.columns)
        cells.fields.append(_SourceRow(self.cases, row, [*self.mapping.columns, *self.mapping.listed.values()]))
        for lookup in self.mapping.lookups:
            self._look_up(lookup, row, fields, cells)
        content: dict[str, object] = {}
        for name, value in fields.items():
            section, _, key = name.partition(".")
            group = content.setdefault(section, {})
            assert isinstance(group, dict)
            group[key] = value
        return {**content, **self._tables(row, cells)}

    def _look_up(self, lookup: MappedLookup, row: int, fields: dict[str, object], cells: _RecordCells) -> None:
        sheet, rows = self._reached(lookup.steps, lookup.only, row)
        if not rows:
            return
        if (kept := self._kept(lookup, sheet, rows)) is not None:
            self._take(fields, sheet, kept, lookup.columns)
        else:
            kept = rows[1]
            called = in_words(sheet.sheet.called)
            what = f"{counted(len(rows), 'row')} of {called} belong to the case, and one is needed"
            fault = Fault(what, 'Say in the mapping which one counts: keep = "earliest" or "latest".')
            fields.update({column.field.name: fault for column in lookup.columns})
        cells.fields.append(_SourceRow(sheet, kept, lookup.columns))

    def _kept(self, lookup: MappedLookup, sheet: HeadedSheet, rows: Sequence[int]) -> int | None:
        """The one of several rows that counts; None if none of them does by its day."""
        if len(rows) == 1:
            return rows[0]
        by = lookup.by
        days = [] if by is None else [(self._value(sheet, by, sheet.cell(row, by.heading)), row) for row in rows]
        dated = [(day, row) for day, row in days if isinstance(day, date)]
        if not dated:
            return None
        return (min(dated) if lookup.keep is Keep.EARLIEST else max(dated))[1]

    def _tables(self, row: int, cells: _RecordCells) -> dict[str, object]:
        rows: dict[str, list[dict[str, object]]] = {}
        for mapped in self.mapping.rows:
            sheet, reached = self._reached(mapped.steps, mapped.only, row)
            for at in reached:
                values: dict[str, object] = {**mapped.constants}
                self._take(values, sheet, at, mapped.columns)
                if mapped.columns and not mapped.steps and len(values) == len(mapped.constants):
                    continue
                rows.setdefault(mapped.table, []).append(values)
                cells.tables[mapped.table].append(_SourceRow(sheet, at, mapped.columns))
        tables: dict[str, object] = {}
        for name in dict.fromkeys([*self.mapping.listed, *(mapped.table for mapped in self.mapping.rows)]):
            listed = self._is_listed(name, row, has_rows=name in rows)
            if isinstance(listed, Fault):
                tables[name] = listed
            elif listed:
                tables[name] = rows.get(name, [])
        return tables

    def _is_listed(self, name: str, row: int, *, has_rows: bool) -> bool | Fault:
        """Whether a table is in the record: the case says so, or has rows, or every case is known to list all."""
        column = self.mapping.listed.get(name)
        said = None if column is None else self._value(self.cases, column, self.cases.cell(row, column.heading))
        if isinstance(said, Fault):
            return said
        if said is False and has_rows:
            return Fault("it says no, and there are rows of the case", "Write yes if all are listed; else clear it.")
        return said is True or has_rows or name in self.mapping.complete

    def _take(self, values: dict[str, object], sheet: HeadedSheet, row: int, columns: Sequence[MappedColumn]) -> None:
        """Take what the cells of a row say. A cell that says that a thing was not done says no for its yes-no."""
        denied = []
        for column in columns:
            cell = sheet.cell(row, column.heading)
            if is_blank(cell):
                continue
            reading = self._read(sheet, column, cell)
            if reading.how is not How.AS_WRITTEN or not self.mapping.confirmed:
                key = column, reading.how, reading.word
                self.counts[key] += 1
                self.first.setdefault(key, (sheet, row, reading))
            if reading.how is How.NOT_DONE:
                denied.append(column.field)
            elif isinstance(reading.value, Fault):
                values[column.field.name] = evolve(reading.value, written=str(cell))
            elif reading.value is not None:
                values[column.field.name] = reading.value
        for field in denied:
            if values.setdefault(field.dates, False) is True:
                advice = "Correct the one that is wrong."
                values[field.dates] = Fault(f'it says yes, and that of "{field.label}" that it was not done', advice)

    def _read(self, sheet: HeadedSheet, column: MappedColumn, cell: Cell) -> CellReading:
        """What a cell that is not blank says."""
        if column.meanings:
            # The same few words stand in most cells of a column.
            key = column, type(cell), cell
            if key not in self.said:
                self.said[key] = by_word(cell, column.field, column.meanings)
            if (said := self.said[key]) is not None:
                return said
        if column.other is not None:
            return CellReading(How.OTHER, column.other)
        return as_written(cell, column.field, self._order(sheet, column), self.taken_on)

    def _value(self, sheet: HeadedSheet, column: MappedColumn, cell: Cell) -> Value | Fault | None:
        return None if is_blank(cell) else self._read(sheet, column, cell).value

    def _order(self, sheet: HeadedSheet, column: MappedColumn) -> DateOrder:
        if column.order is not None or column.field.kind is not Kind.DATE:
            return column.order or DateOrder.UNCLEAR
        key = sheet, column.heading
        if key not in self.orders:
            cells = [sheet.cell(row, column.heading) for row in sheet.rows()]
            texts = [cell for cell in cells if isinstance(cell, str) and word_in(cell) not in column.none]
            self.orders[key] = order_of(texts, beside_dates=any(isinstance(cell, date) for cell in cells))
        return self.orders[key]

    def _reached(self, steps: Sequence[Step], only: Sequence[Only], row: int) -> tuple[HeadedSheet, Sequence[int]]:
        """The sheet that steps lead to from the row of a case, and the rows there that count."""
        sheet, rows = self.cases, [row]
        for step in steps:
            keys = dict.fromkeys(_key(sheet, at, step.of) for at in rows)
            linked = self._linked(step)
            rows = list(dict.fromkeys(at for key in keys if key for at in linked.get(key, ())))
            sheet = self.sheets[step.sheet]
        return sheet, [at for at in rows if _counts(sheet, at, only)]

    def _linked(self, step: Step) -> Mapping[str, Sequence[int]]:
        """The rows that a step leads to, by what they say in its ``to``."""
        key = step.sheet, step.to
        if key not in self.links:
            linked: defaultdict[str, list[int]] = defaultdict(list)
            for row in self.sheets[step.sheet].rows():
                linked[_key(self.sheets[step.sheet], row, step.to)].append(row)
            self.links[key] = linked
        return self.links[key]

    def _note_rows_without_case(self, ids: set[str]) -> None:
        """Note the rows that belong to no case, in the sheets that have its id."""
        ways = [mapped.steps[0] for mapped in self.mapping.rows if len(mapped.steps) == 1]
        for name, heading in {step.sheet: step.to for step in ways if step.of == self.mapping.id}.items():
            sheet = self.sheets[name]
            for row in sheet.rows():
                if (key := _key(sheet, row, heading)) not in ids and not is_example(key):
                    what = f'there is no case "{in_words(key)}"' if key else "the row has no case id"
                    advice = "Correct the id, or add the case to the sheet of cases."
                    self.problems.add(sheet.place(row, heading), what, advice, _NO_CASE)


def _counts(sheet: HeadedSheet, row: int, only: Sequence[Only]) -> bool:
    cells = [(sheet.cell(row, condition.heading), condition.words) for condition in only]
    return all(word_in(cell) in words if words else not is_blank(cell) for cell, words in cells)


def _key(sheet: HeadedSheet, row: int, heading: str) -> str:
    cell = sheet.cell(row, heading)
    text = "" if is_blank(cell) else text_in(cell)
    return text if isinstance(text, str) else ""
