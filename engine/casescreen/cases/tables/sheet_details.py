"""What a file says of the cells of a sheet beside their values: errors, zeros that are shown, and what is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import Factory, define, evolve

from casescreen.cases.tables.cells import Cell, PaddedNumber
from casescreen.cases.tables.sheet import CellIndex, Sheet
from casescreen.model.problem import Fault

MOST_REPEATED = 70_000
"""More rows or columns than so many are not taken one by one: nobody fills in so many."""
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_NEVER_WORKED_OUT = Fault(
    "the cell holds a formula that was never worked out", "Open it in a spreadsheet program, look at it, and save it."
)


@define(eq=False)
class SheetDetails:
    """What is said of the cells of one sheet.

    Attributes:
        errors: the error that a cell holds in place of a value.
        unworked: the formula of each cell that has one and no value; "" where it cannot be had.
        padded: how many figures a cell shows, with zeros before its number.
        merged: the first and last of cells that are merged into one.
        hidden_rows: the indexes of rows that are not shown.
        hidden_columns: the indexes of columns that are not shown.
        is_hidden: whether the whole sheet is not shown.
    """

    errors: dict[CellIndex, str] = Factory(dict)
    unworked: dict[CellIndex, str] = Factory(dict)
    padded: dict[CellIndex, int] = Factory(dict)
    merged: list[tuple[CellIndex, CellIndex]] = Factory(list)
    hidden_rows: set[int] = Factory(set)
    hidden_columns: set[int] = Factory(set)
    is_hidden: bool = False

    def hide_rows(self, first: int, end: int) -> None:
        """Take rows as hidden, up to a bound."""
        if len(self.hidden_rows) < MOST_REPEATED and first not in self.hidden_rows:
            self.hidden_rows.update(range(first, min(end, first + MOST_REPEATED)))

    def hide_columns(self, first: int, end: int) -> None:
        """Take columns as hidden, up to a bound."""
        if len(self.hidden_columns) < MOST_REPEATED and first not in self.hidden_columns:
            self.hidden_columns.update(range(first, min(end, first + MOST_REPEATED)))


def detailed(sheet: Sheet, details: SheetDetails) -> Sheet:
    """The sheet with what is said of its cells. A cell that has a value keeps it, unless zeros are shown before it."""
    unworked = {at: evolve(_NEVER_WORKED_OUT, written=formula) for at, formula in details.unworked.items()}
    cells: dict[CellIndex, Cell] = {**details.errors, **unworked}
    for (row, column), figures in details.padded.items():
        number = _cell(sheet.rows, row, column)
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        if 0 <= number < 10 ** (figures - 1) and number == int(number):
            cells[row, column] = PaddedNumber(number, f"{int(number):0{figures}}")
    rows = [*sheet.rows]
    changed: dict[int, list[Cell]] = {}
    for (row, column), cell in cells.items():
        if row >= _MOST_ROWS or column >= _MOST_COLUMNS:
            continue  # the reader of values passes over it too, and a damaged file can name any row
        if isinstance(cell, PaddedNumber) or _cell(sheet.rows, row, column) is None:
            rows += [()] * (row + 1 - len(rows))
            if row not in changed:
                rows[row] = changed[row] = [*rows[row]]
            changed[row] += [None] * (column + 1 - len(changed[row]))
            changed[row][column] = cell
    return evolve(
        sheet,
        rows=rows,
        merged=sheet.merged or details.merged,
        hidden_rows=frozenset(details.hidden_rows),
        hidden_columns=frozenset(details.hidden_columns),
        is_hidden=details.is_hidden,
    )


def _cell(rows: Sequence[Sequence[Cell]], row: int, column: int) -> Cell:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None
