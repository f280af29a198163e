"""A sheet of rows and columns as it was found in a file, and where its headings stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import Factory, frozen

from casescreen.cases.tables.cells import Cell, is_blank, text_in, written_in
from casescreen.model.problem import Fault, Place, Problem
from casescreen.text import counted, listed

MOST_PROBLEMS = 1_000
"""How many problems of the rows of one sheet are noted."""

NOT_READ = "What is not read cannot count."
KEEP_ONE = "Which of them counts cannot be known: keep one."
_TOO_LONG = Fault(
    "the row has more cells than there are headings, so which column each belongs to cannot be known",
    "Put a text that has the delimiter in it in quotes.",
)
_TOO_SHORT = Fault(
    "the row ends before this column, so it may have been cut short", "Export the file again, and compare its last row."
)
_IN_MERGED = Fault(
    "the cell is part of cells that are merged over rows, of which only the first has the value",
    "Split them, and write the value into each row that it is for.",
)
_MOST_FAULTS = 1_000_000
_FEW = 2


CellIndex = tuple[int, int]
"""The row and the column of a cell, from 0 in the rows of a sheet."""


@frozen(eq=False)
class Sheet:
    """The rows of one sheet, or of a file that is one table.

    Attributes:
        file: the path of the file.
        name: the sheet's name; "" where the file has no sheets.
        called: what the table is called: the sheet's name, or the stem of the file's.
        rows: the cells row by row; rows need not be equally long.
        first: the number of the first row, as the user sees it.
        merged: the first and last cell, by row and column from 0 in the whole sheet, of cells that are merged into one.
        hidden_rows: the indexes of rows that are not shown.
        hidden_columns: the indexes of columns that are not shown.
        is_hidden: whether the whole sheet is not shown.
        damaged_rows: the indexes of rows that hold a date or time of no calendar, on which what reads the file fails.
    """

    file: str
    name: str
    called: str
    rows: Sequence[Sequence[Cell]]
    first: int = 1
    merged: Sequence[tuple[CellIndex, CellIndex]] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False
    damaged_rows: frozenset[int] = frozenset()

    @property
    def is_filled(self) -> bool:
        """Whether anything stands in it."""
        return any(not is_blank(cell) for row in self.rows for cell in row)

    def place(self, row: int, column: int | None = None, part: str = "") -> Place:
        """The place of a cell, or of a whole row, both counted from 0 in ``rows``."""
        return Place(self.file, self.first + row, part, self.name, "" if column is None else letters(column))


@frozen(eq=False)
class HeadedSheet:
    """A sheet from its headings down.

    Attributes:
        sheet: the sheet.
        header: the index of the row of headings.
        columns: the index of each column by its heading, as it is written; of two that are the same, the first.
        faults: why cells cannot be read although nothing is wrong with what stands in them.
        repeated: for a heading, the indexes of all columns that are headed so or mean the same.
        upper: the index of the row of headings above it that stand over groups of columns; None if there is none.
    """

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    faults: Mapping[CellIndex, Fault] = Factory(dict)
    repeated: Mapping[str, Sequence[int]] = Factory(dict)
    upper: int | None = None

    @property
    def header_rows(self) -> Sequence[int]:
        """The indexes of the rows of headings."""
        return (self.header,) if self.upper is None else (self.upper, self.header)

    @cached_property
    def _filled(self) -> Sequence[int]:
        rows = self.sheet.rows
        return [row for row in range(self.header + 1, len(rows)) if not all(map(is_blank, rows[row]))]

    def rows(self) -> Sequence[int]:
        """The indexes of the rows below the headings that are not blank."""
        return self._filled

    def cell(self, row: int, heading: str) -> Cell:
        """What stands in a row below a heading; a Fault where that cannot be known."""
        if heading in self.repeated:
            return self._of_repeated(row, heading)
        index = self.columns[heading]
        if self.faults and (fault := self.faults.get((row, index))) is not None:
            return fault
        cells = self.sheet.rows[row]
        return cells[index] if index < len(cells) else None

    def cells(self, heading: str) -> Iterator[tuple[int, Cell]]:
        """What stands below a heading in the rows that are not blank, with their indexes."""
        if self.faults or heading in self.repeated:
            return ((row, self.cell(row, heading)) for row in self._filled)
        index, rows = self.columns[heading], self.sheet.rows
        return ((row, rows[row][index] if index < len(rows[row]) else None) for row in self._filled)

    def _of_repeated(self, row: int, heading: str) -> Cell:
        cells = self.sheet.rows[row]
        there = [cells[index] for index in self.repeated[heading] if index < len(cells) and not is_blank(cells[index])]
        if not there:
            return None
        columns = listed(map(letters, self.repeated[heading]), "and")
        what = f"the columns {columns} are headed as the same thing"
        return Fault(what, KEEP_ONE, written="; ".join(map(written_in, there)))

    def headings(self) -> Iterator[tuple[int, str]]:
        """Every heading with the index of its column, also those that stand several times."""
        return ((i, heading) for i, heading in enumerate(headings_in(self.sheet, self.header_rows)) if heading)

    def place(self, row: int, heading: str = "", part: str = "") -> Place:
        """The place of a cell below a heading, or of a whole row."""
        return self.sheet.place(row, self.columns[heading] if heading else None, part)

    def problems(self) -> Iterator[Problem]:
        """What is not read of the rows: the rest of merged cells, rows too long, and columns without a heading."""
        for (first, column), (last, _) in self.sheet.merged:
            if last > max(first, self.header):
                what = f"cells are merged here over {last - first + 1} rows, and only the first of them has the value"
                advice = "Split them, and write the value into each row that it is for."
                yield Problem(self.sheet.place(first, column), what, advice, NOT_READ)
        width = _width(self.sheet, self.header_rows)
        headed = {index for index, _ in self.headings()}
        for row, cells in enumerate(self.sheet.rows[self.header + 1 :], self.header + 1):
            if not self.sheet.name and any(not is_blank(cell) for cell in cells[width:]):
                yield Problem(self.sheet.place(row, width), _TOO_LONG.what, _TOO_LONG.advice, NOT_READ)
            elif len(headed) < len(cells):
                for index, cell in enumerate(cells):
                    if index not in headed and not is_blank(cell):
                        what = "something stands in a column that has no heading"
                        advice = "Give the column a heading, or clear it."
                        yield Problem(self.sheet.place(row, index), what, advice, NOT_READ)

    def hidden(self) -> Iterator[Problem]:
        """What is not shown to who opens the file, and was read all the same."""
        advice = "Show them and look at them; take away what is not meant to be read."
        if self.sheet.is_hidden:
            yield Problem(self.sheet.place(self.header), "the sheet is hidden, and was read", advice)
        hidden = self.sheet.hidden_rows
        if rows := [row for row in self.rows() if row in hidden] if hidden else ():
            what = f"{counted(len(rows), 'hidden row was', 'hidden rows were')} read, of which this is the first"
            yield Problem(self.sheet.place(rows[0]), what, advice)
        if columns := [index for index in self.columns.values() if index in self.sheet.hidden_columns]:
            what = (
                f"{counted(len(columns), 'hidden column was', 'hidden columns were')} read, of which this is the first"
            )
            yield Problem(self.sheet.place(self.header, columns[0]), what, advice)


def with_headings(sheet: Sheet, header: Sequence[int] = ()) -> HeadedSheet | None:
    """The sheet from its headings down; None if there are none.

    Args:
        sheet: the sheet.
        header: the indexes of the rows of headings; the first row that has any, if there are none. The headings of two
            rows are joined: "Order / Start".
    """
    for rows in (header,) if header else ((row,) for row in range(len(sheet.rows))):
        columns: dict[str, int] = {}
        for index, heading in enumerate(headings_in(sheet, rows)):
            if heading:
                columns.setdefault(heading, index)
        if columns:
            faults = {**_merged(sheet, rows[-1]), **({} if sheet.name else _of_other_lengths(sheet, rows))}
            return HeadedSheet(sheet, rows[-1], columns, faults, upper=rows[0] if len(rows) > 1 else None)
    return None


def headings_in(sheet: Sheet, rows: Sequence[int]) -> Sequence[str]:
    """The heading of each column by one row, or by two of which the upper is first; "" where there is none.

    What stands in an upper row is over all columns that it is merged over; where nothing is merged in the row, it is
    over those to the right up to the next. A column with no heading in the lower row has that of the upper one.
    """
    *above, own = [_texts_of(sheet, row) for row in rows]
    if not above:
        return own
    [upper] = above
    width = max(len(upper), len(own))
    groups = _spread(sheet, rows[0], upper, width)
    each = zip(groups, *([*texts, *[""] * (width - len(texts))] for texts in (upper, own)), strict=True)
    return [" / ".join(dict.fromkeys(filter(None, (group, low)))) if low else top for group, top, low in each]


def _texts_of(sheet: Sheet, row: int) -> list[str]:
    cells = sheet.rows[row] if 0 <= row < len(sheet.rows) else ()
    texts = ["" if is_blank(cell) else text_in(cell) for cell in cells]
    return [text.strip() if isinstance(text, str) else "" for text in texts]


def _spread(sheet: Sheet, row: int, texts: Sequence[str], width: int) -> list[str]:
    """What stands over each column, where a row has headings of groups."""
    top = sheet.first - 1 + row
    merged = {left: right for (first, left), (_, right) in sheet.merged if first == top and right > left}
    spread, until, group = [], -1, ""
    for index in range(width):
        own = texts[index] if index < len(texts) else ""
        if own:
            group, until = own, merged.get(index, index) if merged else width
        spread.append(group if index <= until else "")
    return spread


def _merged(sheet: Sheet, header: int) -> dict[CellIndex, Fault]:
    """The cells below the headings to which a merged cell above them reaches."""
    faults: dict[CellIndex, Fault] = {}
    width, steps = max(map(len, sheet.rows), default=0), 0
    for (first, left), (last, right) in sheet.merged:
        for row in range(max(first, header) + 1, min(last + 1, len(sheet.rows))):
            faults.update(dict.fromkeys(((row, column) for column in range(left, min(right + 1, width))), _IN_MERGED))
            steps += 1 + max(0, min(right + 1, width) - left)
            if steps > _MOST_FAULTS:
                return faults
    return faults


def _of_other_lengths(sheet: Sheet, header: Sequence[int]) -> dict[CellIndex, Fault]:
    """The cells of a text that may belong to another column or be missing: in rows longer or shorter than the headings.

    Where most rows are shorter, the file was written without the blanks at their ends, and nothing is missing.
    """
    faults: dict[CellIndex, Fault] = {}
    width, filled, short = _width(sheet, header), 0, list[int]()
    for row, cells in enumerate(sheet.rows[header[-1] + 1 :], header[-1] + 1):
        if all(map(is_blank, cells)):
            continue
        filled += 1
        if len(cells) < width:
            short.append(row)
        elif len(cells) > width and any(not is_blank(cell) for cell in cells[width:]):
            there = (index for index in range(1, width) if not is_blank(cells[index]))
            faults.update(((row, index), _TOO_LONG) for index in there)
    if len(short) <= _FEW or 2 * len(short) <= filled:
        for row in short:
            faults.update(((row, index), _TOO_SHORT) for index in range(len(sheet.rows[row]), width))
    return faults


def _width(sheet: Sheet, header: Sequence[int]) -> int:
    """How many cells the rows of headings have."""
    return max(len(sheet.rows[row]) for row in header)


def letters(column: int) -> str:
    """The letters of a column that is counted from 0: A for 0, AA for 26."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
