"""The headings of a sheet, and the rows below them."""

from __future__ import annotations

from collections.abc import Mapping

from casescreen.intake.tables.cells import is_blank, text_in
from casescreen.intake.tables.plan import Part
from casescreen.intake.tables.sheet import Sheet


def part_of(sheet: Sheet, header: int | None = None) -> Part | None:
    """The part of a sheet from its headings down; None if there are no headings.

    Args:
        sheet: the sheet.
        header: the index of the row of headings; the first row that is not blank, if None.
    """
    rows = range(len(sheet.rows)) if header is None else (header,)
    for row in rows:
        if row < len(sheet.rows) and (found := _headings(sheet, row)):
            return Part(sheet, row, found)
    return None


def is_filled(sheet: Sheet) -> bool:
    """Whether anything stands in the sheet."""
    return any(not is_blank(cell) for row in sheet.rows for cell in row)


def _headings(sheet: Sheet, row: int) -> Mapping[str, int]:
    """The headings in a row, each with the number of its column; of two that are the same, the first."""
    found: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[row]):
        if not is_blank(cell) and isinstance(text := text_in(cell), str):
            found.setdefault(text.strip(), index)
    return found
