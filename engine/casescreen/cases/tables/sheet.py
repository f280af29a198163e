"""A sheet of rows and columns as it was found in a file, and where its headings stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from casescreen.cases.tables.cells import Cell, is_blank, text_in
from casescreen.model.problem import Place, Problem

MOST_PROBLEMS = 1_000
"""How many problems of the rows of one sheet are noted."""

NOT_READ = "What is not read cannot count."


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
    """

    file: str
    name: str
    called: str
    rows: Sequence[Sequence[Cell]]
    first: int = 1
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()

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
        upper: the index of the row of headings above it that stand over groups of columns; None if there is none.
    """

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    upper: int | None = None

    @property
    def header_rows(self) -> Sequence[int]:
        """The indexes of the rows of headings."""
        return (self.header,) if self.upper is None else (self.upper, self.header)

    def rows(self) -> Iterator[int]:
        """The indexes of the rows below the headings that are not blank."""
        for row in range(self.header + 1, len(self.sheet.rows)):
            if any(not is_blank(cell) for cell in self.sheet.rows[row]):
                yield row

    def cell(self, row: int, heading: str) -> Cell:
        """What stands in a row below a heading."""
        cells, index = self.sheet.rows[row], self.columns[heading]
        return cells[index] if index < len(cells) else None

    def place(self, row: int, heading: str = "", part: str = "") -> Place:
        """The place of a cell below a heading, or of a whole row."""
        return self.sheet.place(row, self.columns[heading] if heading else None, part)

    def problems(self) -> Iterator[Problem]:
        """What would be lost or misread below the headings: cells merged over rows, and in text rows too long."""
        for (first, column), (last, _) in self.sheet.merged:
            if last > max(first, self.header):
                what = f"cells are merged here over {last - first + 1} rows"
                advice = "Split them, and write the value into each row that it is for."
                yield Problem(self.sheet.place(first, column), what, advice, NOT_READ)
        if not self.sheet.name:
            width = len(self.sheet.rows[self.header])
            for row, cells in enumerate(self.sheet.rows[self.header + 1 :], self.header + 1):
                if any(not is_blank(cell) for cell in cells[width:]):
                    what = "the row has more cells than there are headings"
                    advice = "Put a text that has the delimiter in it in quotes."
                    yield Problem(self.sheet.place(row, width), what, advice, NOT_READ)


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
            return HeadedSheet(sheet, rows[-1], columns, rows[0] if len(rows) > 1 else None)
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


def letters(column: int) -> str:
    """The letters of a column that is counted from 0: A for 0, AA for 26."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
