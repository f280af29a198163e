"""What changed, in the workbook."""

from __future__ import annotations

from collections.abc import Callable

from made_up_runs import changed
from openpyxl import Workbook

from casescreen.model.screening import Screening
from casescreen.report.carried_over import OTHER_SHEETS
from casescreen.report.formats.excel.workbook import render
from casescreen.report.formats.registry import Options
from casescreen.report.sections.change_groups import change_groups
from casescreen.report.sections.changes import headline

Reading = Callable[[bytes], Workbook]


def test_every_change_is_a_row_of_a_sheet(screening: Screening, read: Reading) -> None:
    """In the order in which it is told; the cover says how much of what, and what the sheet holds."""
    result = changed(screening)
    assert result.changes is not None
    book = read(render(result, Options()))
    titles, *rows = book["Changes"].iter_rows(values_only=True)
    told = [(group.title, line.case, line.short) for group in change_groups(result.changes) for line in group.lines]
    about = [titles.index(title) for title in ("What became of it", "Case", "About")]
    assert [tuple(row[place] for place in about) for row in rows] == told
    cover = [cell for row in book["Cover"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
    assert any(cell.startswith(headline(result.changes)) for cell in cover)
    assert "Changes" in cover
    assert "Changes" in OTHER_SHEETS  # else the workbook could not be replaced by the next one


def test_without_an_earlier_run_there_is_no_such_sheet(screening: Screening, read: Reading) -> None:
    """Nor a word of it."""
    book = read(render(screening, Options()))
    assert "Changes" not in book.sheetnames
