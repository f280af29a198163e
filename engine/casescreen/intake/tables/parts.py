"""The headings of a sheet, and the rows below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casescreen.intake.tables.cells import is_blank, text_in
from casescreen.intake.tables.plan import Part
from casescreen.intake.tables.sheet import Sheet
from casescreen.model.problem import Problem

_LOST = "What is not read cannot count."


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


def part_problems(part: Part) -> Iterator[Problem]:
    """What would be lost or misread below the headings: cells merged over rows, and in text rows that are too long."""
    sheet = part.sheet
    for (first, column), (last, _) in sheet.merged:
        if last > max(first, part.header):
            advice = "Split them, and write the value into each row that it is for."
            yield Problem(
                sheet.place(first, column), f"cells are merged here over {last - first + 1} rows", advice, _LOST
            )
    if not sheet.name:
        width = len(sheet.rows[part.header])
        for row, cells in enumerate(sheet.rows[part.header + 1 :], part.header + 1):
            if any(not is_blank(cell) for cell in cells[width:]):
                what = "the row has more cells than there are headings"
                yield Problem(
                    sheet.place(row, width), what, "Put a text that has the delimiter in it in quotes.", _LOST
                )


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
