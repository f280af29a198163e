"""A sheet of rows and columns as it was found in a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from attrs import frozen

from casescreen.model.problem import Place

Cell = str | bool | int | float | date | datetime | time | timedelta | None
"""What a cell can hold; None where it is blank."""


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

    def place(self, row: int, column: int | None = None, part: str = "") -> Place:
        """The place of a cell, or of a whole row, both counted from 0 in ``rows``."""
        return Place(self.file, self.first + row, part, self.name, "" if column is None else letters(column))


def letters(column: int) -> str:
    """The letters of a column that is counted from 0: A for 0, AA for 26."""
    found = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
