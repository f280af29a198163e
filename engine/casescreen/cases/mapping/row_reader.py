"""What the cells of rows say for the columns of a mapping, and how many of them were read in which way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from attrs import Factory, define, field, frozen

from casescreen.cases.mapping.cell_reading import CellReading, How, as_written, by_word, word_in
from casescreen.cases.mapping.model import MappedColumn
from casescreen.cases.tables.cells import Cell, DateOrder, PaddedNumber, error_in, is_blank, order_of
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.dictionary import SAID_INSTEAD, Field, Kind, Value
from casescreen.model.problem import Fault, NoValue, Place, no_value
from casescreen.text import in_words

_SAID_INSTEAD = {How.NOT_KNOWN: "", How.NOT_APPLICABLE: "not applicable"}
"""How cells are read that say why there is no value, and what that is; where it is empty, the word itself says it."""

ALWAYS = frozenset({How.SHORT_YEAR, How.NOT_APPLICABLE, How.NOT_DONE})
"""What is told of every mapping; the rest only of one that nobody confirmed."""


@frozen(eq=False)
class CellCount:
    """How many cells of a column were read in one way.

    Attributes:
        sheet: what the sheet is called.
        column: the column.
        how: how they were read.
        word: the word of the mapping that they were read by, or "".
        value: what that word stands for; None where they were not read by one that stands for a value.
        cells: how many they are.
        place: where the first of them stands.
        example: what the first of them says.
    """

    sheet: str
    column: MappedColumn
    how: How
    word: str
    value: Value | None
    cells: int
    place: Place
    example: Value | None


@define(eq=False)
class RowReader:
    """Reads the cells of rows, and counts how they were read.

    Attributes:
        taken_on: the day on which the records were taken, for years of two figures.
        count_all: whether cells that are read as they are written are counted too.
    """

    taken_on: date | None
    count_all: bool
    _orders: dict[tuple[HeadedSheet, str], DateOrder] = Factory(dict)
    _readings: dict[tuple[MappedColumn, type, Cell], CellReading] = Factory(dict)
    _counts: Counter[tuple[MappedColumn, How, str]] = Factory(Counter)
    _first: dict[tuple[MappedColumn, How, str], tuple[HeadedSheet, int, CellReading]] = Factory(dict)

    def of(self, sheet: HeadedSheet, columns: Sequence[MappedColumn]) -> ColumnsReader:
        """A reader of these columns of a sheet."""
        return ColumnsReader(self, sheet, columns)

    def count(self, sheet: HeadedSheet, row: int, column: MappedColumn, reading: CellReading) -> None:
        """Count a cell, if it was not read as it is written, or all are counted."""
        if reading.how is not How.AS_WRITTEN or self.count_all:
            key = column, reading.how, reading.word
            self._counts[key] += 1
            # Rows of other sheets are read in the order of the cases.
            if key not in self._first or row < self._first[key][1]:
                self._first[key] = sheet, row, reading

    def value(self, sheet: HeadedSheet, row: int, column: MappedColumn) -> Value | Fault | None:
        """What the cell of a row says; None where it says nothing."""
        cell = sheet.cell(row, column.heading)
        return None if is_blank(cell) else self.read(sheet, column, cell).value

    def says(self, sheet: HeadedSheet, row: int, column: MappedColumn) -> bool:
        """Whether a cell can be read for its column, or says why it has no value."""
        cell = sheet.cell(row, column.heading)
        if is_blank(cell):
            return False
        dated = column.field.kind is Kind.DATE and isinstance(cell, str) and cell.strip()[0].isdigit()
        return dated or self.read(sheet, column, cell).how is not How.UNREAD

    def read(self, sheet: HeadedSheet, column: MappedColumn, cell: Cell) -> CellReading:
        """What a cell that is not blank says."""
        if column.field.kind is Kind.TEXT:
            return self._read_anew(sheet, column, cell)
        # Few words stand in most columns, each many times.
        key = column, type(cell), cell.shown if isinstance(cell, PaddedNumber) else cell
        if key not in self._readings:
            self._readings[key] = self._read_anew(sheet, column, cell)
        return self._readings[key]

    def _read_anew(self, sheet: HeadedSheet, column: MappedColumn, cell: Cell) -> CellReading:
        if column.meanings and (said := by_word(cell, column.field, column.meanings)) is not None:
            return said
        if column.other is not None and error_in(cell) is None:
            return CellReading(How.OTHER, column.other)
        return as_written(cell, column.field, self._order(sheet, column), self.taken_on)

    def _order(self, sheet: HeadedSheet, column: MappedColumn) -> DateOrder:
        if column.order is not None or column.field.kind is not Kind.DATE:
            return column.order or DateOrder.UNCLEAR
        key = sheet, column.heading
        if key not in self._orders:
            cells = [cell for _, cell in sheet.cells(column.heading)]
            texts = [cell for cell in cells if isinstance(cell, str) and word_in(cell) not in column.none]
            self._orders[key] = order_of(texts, beside_dates=any(isinstance(cell, date) for cell in cells))
        return self._orders[key]

    def counts(self) -> Iterator[CellCount]:
        """How many cells were read in which way."""
        for key, cells in self._counts.items():
            (column, how, word), (sheet, row, reading) = key, self._first[key]
            said = None if isinstance(reading.value, Fault) else reading.value
            value = said if how is How.WORD else None
            place = sheet.place(row, column.heading)
            yield CellCount(sheet.sheet.called, column, how, word, value, cells, place, said)


class _Column(NamedTuple):
    """A column, and what its cells were read as.

    Attributes:
        column: the column.
        name: the name of its field.
        is_text: whether a text in it stands for itself.
        known: the values of cells that say one as they are written, and need not be counted.
    """

    column: MappedColumn
    name: str
    is_text: bool
    known: dict[object, Value]


@define(eq=False)
class ColumnsReader:
    """Reads rows of a sheet for the same columns."""

    reader: RowReader
    sheet: HeadedSheet
    mapped: Sequence[MappedColumn]
    _columns: Sequence[_Column] = field(init=False)
    _pick: Callable[[Sequence[Cell]], Sequence[Cell]] = field(init=False)
    _width: int = field(init=False)
    _one_by_one: Collection[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        counts = self.reader.count_all
        self._columns = [_Column(one, one.field.name, not counts and one.is_plain_text, {}) for one in self.mapped]
        indexes = [self.sheet.columns[one.heading] for one in self.mapped]
        # Of a single index it would give no sequence.
        self._pick = itemgetter(*indexes) if len(indexes) > 1 else lambda cells: [cells[index] for index in indexes]
        self._width = max(indexes, default=-1) + 1
        is_repeated = any(one.heading in self.sheet.repeated for one in self.mapped)
        self._one_by_one = {*self.sheet.rows()} if is_repeated else {row for row, _ in self.sheet.faults}

    def take(self, values: dict[str, object], row: int) -> None:
        """Take what the cells of a row say. A cell that says that a thing was not done says no for its yes-no."""
        denied: list[Field] = []
        for column, cell in zip(self._columns, self._cells(row), strict=True):
            if cell is None:
                continue
            (_, name, is_text, known), kind = column, type(cell)
            value: Value | None
            if is_text and isinstance(cell, str):
                # It can be told at once to be neither blank nor an error.
                value = cell if "!" <= cell[:1] <= "~" and "#" not in cell and "rr:" not in cell else None
            else:
                value = known.get(cell if kind is str or kind is date else (kind, cell))
            if value is not None:
                values[name] = value
            elif not is_blank(cell):
                self._take(values, row, column, cell, denied)
        for field_ in denied:
            if isinstance(values.get(field_.dates), NoValue):
                del values[field_.dates]
            if values.setdefault(field_.dates, False) is True:
                advice = "Correct the one that is wrong."
                what = f'it says yes, and that of "{field_.label}" that it was not done'
                values[field_.dates] = Fault(what, advice)

    def _cells(self, row: int) -> Sequence[Cell]:
        if row in self._one_by_one:
            return [self.sheet.cell(row, one.heading) for one in self.mapped]
        cells = self.sheet.sheet.rows[row]
        if len(cells) < self._width:
            cells = [*cells, *[None] * (self._width - len(cells))]
        return self._pick(cells)

    def _take(self, values: dict[str, object], row: int, column: _Column, cell: Cell, denied: list[Field]) -> None:
        reading = self.reader.read(self.sheet, column.column, cell)
        self.reader.count(self.sheet, row, column.column, reading)
        if reading.how is How.NOT_DONE:
            denied.append(column.column.field)
        elif reading.how in _SAID_INSTEAD:
            said = _SAID_INSTEAD[reading.how] or SAID_INSTEAD.get(reading.word, reading.word)
            values.setdefault(column.name, no_value(in_words(said), word_in(cell)))
        elif reading.value is not None:
            values[column.name] = reading.value
            is_known = reading.how is How.AS_WRITTEN and not self.reader.count_all
            if is_known and column.column.field.kind is not Kind.TEXT and not isinstance(cell, PaddedNumber | Fault):
                assert not isinstance(reading.value, Fault)
                column.known[cell if type(cell) in {str, date} else (type(cell), cell)] = reading.value


def assumptions(counts: Iterable[CellCount], *, told: frozenset[How] = ALWAYS) -> Iterator[str]:
    """What was taken for granted about cells, a line for each column of each sheet, with every word in it."""
    by_column: defaultdict[tuple[str, int, str], list[CellCount]] = defaultdict(list)
    for count in counts:
        if count.how in told and _taken_for(count):
            by_column[count.sheet, len(count.place.column), count.place.column].append(count)
    for (sheet, _, column), several in sorted(by_column.items(), key=lambda one: one[0]):
        heading = in_words(several[0].column.heading)
        words = "; ".join(_words(several))
        yield f'{in_words(sheet)}, "{heading}" (column {column}): {words}'


def _words(counts: Iterable[CellCount]) -> Iterator[str]:
    """What the words of a column are taken for, and in how many of its cells."""
    alike: defaultdict[tuple[str, str], list[CellCount]] = defaultdict(list)
    for count in counts:
        alike[count.how.value, _taken_for(count)].append(count)
    for (_, text), several in sorted(alike.items(), key=lambda one: one[0]):
        cells, first = sum(count.cells for count in several), min(count.place.line for count in several)
        where = f"row {first}" if cells == 1 else f"{cells:,} cells, the first in row {first}"
        yield f"{text} ({where})"


def _taken_for(count: CellCount) -> str:
    match count.how:
        case How.SHORT_YEAR:
            return "a year of two figures is taken for 20yy"
        case How.NOT_KNOWN:
            return f'"{in_words(count.word)}" counts as not known'
        case How.NOT_APPLICABLE:
            return f'"{in_words(count.word)}" says not applicable, and counts as not known'
        case How.NOT_DONE:
            return f'"{in_words(count.word)}" says that it was not done, and counts as no'
        case How.WORD if count.value is not None:
            return f'"{in_words(count.word)}" is taken for {in_words(count.value)}'
        case _:
            return ""
