"""What was written as a table, compared with what is read back from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import zip_longest

from casescreen.intake.giving.layout import GivenTable
from casescreen.intake.tables.sheet import Cell, Sheet
from casescreen.intake.writing import HALF
from casescreen.model.dictionary import Value
from casescreen.model.problem import CasescreenError, InternalFaultError
from casescreen.text import visible

_HALVES = re.compile("[\ud800-\udfff]")
_OTHER_FORM = "Shorten or correct it, or convert to another form, such as .json."
Written = Callable[[Value], Cell]


def check_texts(tables: Iterable[GivenTable], refused: Callable[[str], str]) -> None:
    """Refuse texts that the form cannot hold.

    Args:
        tables: what is to be written.
        refused: why a text cannot be held, as words after "a text"; "" where it can.

    Raises:
        CasescreenError: a text cannot be held; the first such case and field are named.
    """
    for table in tables:
        for row in table.rows:
            for number, value in enumerate(row):
                if not isinstance(value, str):
                    continue
                if _HALVES.search(value):
                    raise CasescreenError(HALF)
                if why := refused(value):
                    raise cannot_hold(table, row, number, why)


def cannot_hold(table: GivenTable, row: Sequence[Value | None], number: int, why: str) -> CasescreenError:
    """The error that a value cannot be written, with its case and field."""
    field = table.columns[number].full_name
    return CasescreenError(f'Case "{visible(str(row[0]))}", field {field}: it {why}.\n  What to do: {_OTHER_FORM}')


def check_same(tables: Sequence[GivenTable], sheets: Sequence[Sheet], written: Written) -> None:
    """Hold that the sheets read back say what the tables do.

    Args:
        tables: what was written.
        sheets: what was read back, in the same order.
        written: what a value was written as.

    Raises:
        CasescreenError: a text with an unusual character does not survive in the form.
        InternalFaultError: anything else differs.
    """
    if [table.name for table in tables] != [sheet.called for sheet in sheets]:
        raise InternalFaultError("the tables that were written do not read back the same")
    for table, sheet in zip(tables, sheets, strict=True):
        _check_cells(table, sheet, written)


def _check_cells(table: GivenTable, sheet: Sheet, written: Written) -> None:
    grid: list[Sequence[Value | None]] = [table.headings, *table.rows]
    for row, found in zip_longest(grid, sheet.rows):
        if row is None or found is None:
            raise InternalFaultError("the rows that were written do not read back the same")
        for number, (value, cell) in enumerate(zip_longest(row, found)):
            wanted = None if value is None else written(value)
            if _same(wanted, cell):
                continue
            if isinstance(value, str) and (not value.isprintable() or "_x" in value):
                raise cannot_hold(table, row, number, "has a character that this form cannot hold")
            raise InternalFaultError("the cells that were written do not read back the same")


def _same(wanted: Cell, found: Cell) -> bool:
    if isinstance(found, datetime):
        found = found.date()
    # A whole number comes back as a float; every other type as itself.
    numbers = isinstance(wanted, int) and isinstance(found, int | float) and not isinstance(found, bool)
    return wanted == found and (numbers or type(wanted) is type(found))
