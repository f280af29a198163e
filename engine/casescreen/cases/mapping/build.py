"""The records that sheets hold by a mapping, each knowing the cells that its values came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar

from attrs import Factory, define, evolve, frozen

from casescreen.cases.documents import Record
from casescreen.cases.mapping.model import BoundMapping, CaseMapping, Keep, MappedColumn, MappedLookup, Only, Step
from casescreen.cases.tables.cells import Cell, DateOrder, is_blank, order_of, text_in, value_in
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.case import HAS, ID, is_example
from casescreen.model.dictionary import Kind, Value
from casescreen.model.problem import Fault, Place, Problem, ProblemCollector
from casescreen.text import counted, folded, in_words

_NO_CASE = "It counts for no case, and what is not read cannot count."


@frozen
class BuiltRecords:
    """What sheets hold by a mapping.

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


def build_records(bound: BoundMapping) -> BuiltRecords:
    """The records of the sheets, each knowing the cell of every value."""
    return _Builder(bound.mapping, bound.sheets, bound.sheets[bound.mapping.sheet]).build()


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
            for column in source.columns:
                if column.field.name == field:
                    return source.sheet.place(source.row, column.heading, part)
        return sources[0].sheet.place(sources[0].row, "", part)

    def whole(self, part: str) -> Place:
        """The row of the case."""
        return self.sheet.place(self.row, "", part)


@define(eq=False)
class _Builder:
    mapping: CaseMapping
    sheets: Mapping[str, HeadedSheet]
    cases: HeadedSheet
    problems: ProblemCollector = Factory(ProblemCollector)
    orders: dict[tuple[HeadedSheet, str], DateOrder] = Factory(dict)
    links: dict[tuple[str, str], Mapping[str, Sequence[int]]] = Factory(dict)

    def build(self) -> BuiltRecords:
        records: list[Record] = []
        ids: set[str] = set()
        strays = examples = 0
        for row in self.cases.rows():
            if not _counts(self.cases, row, self.mapping.only):
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
        return BuiltRecords(tuple(records), tuple(self.problems.problems), strays, examples)

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
        fields.update(self._values(self.cases, row, self.mapping.columns))
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
            fields.update(self._values(sheet, kept, lookup.columns))
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
                values: dict[str, object] = {**mapped.constants, **dict(self._values(sheet, at, mapped.columns))}
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

    def _values(
        self, sheet: HeadedSheet, row: int, columns: Sequence[MappedColumn]
    ) -> Iterator[tuple[str, Value | Fault]]:
        for column in columns:
            cell = sheet.cell(row, column.heading)
            if cell is not None and (value := self._value(sheet, column, cell)) is not None:
                yield column.field.name, value

    def _value(self, sheet: HeadedSheet, column: MappedColumn, cell: Cell) -> Value | Fault | None:
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
        value = value_in(cell, column.field, self._order(sheet, column))
        return evolve(value, written=str(cell)) if isinstance(value, Fault) else value

    def _order(self, sheet: HeadedSheet, column: MappedColumn) -> DateOrder:
        if column.order is not None or column.field.kind is not Kind.DATE:
            return column.order or DateOrder.UNCLEAR
        key = sheet, column.heading
        if key not in self.orders:
            cells = [sheet.cell(row, column.heading) for row in sheet.rows()]
            texts = [cell for cell in cells if isinstance(cell, str) and _word(cell) not in column.none]
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
    return all(_word(cell) in words if words else not is_blank(cell) for cell, words in cells)


def _key(sheet: HeadedSheet, row: int, heading: str) -> str:
    cell = sheet.cell(row, heading)
    text = "" if is_blank(cell) else text_in(cell)
    return text if isinstance(text, str) else ""


def _word(cell: Cell) -> str:
    """What a cell says as a mapping writes it: a day as year-month-day, a number as its figures."""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = "" if cell is None else text_in(cell)
    return folded(text if isinstance(text, str) else str(cell))
