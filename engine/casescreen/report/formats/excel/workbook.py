"""The workbook: its cover, and which sheets are in it; and a copy to share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.rulebook import ConclusionKind, Scope
from casescreen.model.screening import Screening, Summary
from casescreen.office.excel import Book
from casescreen.office.styles import Cell, Line, SheetColumn, SheetContent
from casescreen.report.blocks import Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.excel.actions import NO_OWNER, actions_of, actions_sheet, by_owner
from casescreen.report.formats.excel.sheets import cases_sheet, criteria_sheet, findings_sheet, notes_sheet
from casescreen.report.formats.registry import Options
from casescreen.report.sections.overview import about, closing_words, overview
from casescreen.report.wording import OUTCOMES_MEAN, title_of_report

_KINDS = {
    ConclusionKind.ACTION: "Action across the cases",
    ConclusionKind.SUMMARY: "In short",
    ConclusionKind.AREA: "Area for improvement",
    ConclusionKind.STRENGTH: "Strength",
}
SHEETS_HOLD = {
    "Actions": "What to do in each case and whose it is. Say in Progress how far it has got.",
    "Cases": "How each case stands, the worst first.",
    "Criteria": "How many cases met each criterion, of those that were met or not met.",
    "Findings": "Everything that was found, one row each. Filter by manager, outcome or criterion.",
    "Notes": "Conclusions, the numbers used and whose they are, and how this was made.",
}


def cover(screening: Screening, cases: Sequence[CaseSummary]) -> Iterator[Line]:
    """The lines of the cover; the first is the title."""
    rulebook = screening.rulebook
    yield Line(f"{rulebook.title} (version {rulebook.version})")
    yield Line("Screened", about(screening))
    yield Line("Start here", closing_words(cases))
    yield Line("What it is", rulebook.about)
    together = [c for c in screening.conclusions if c.on is Scope.SAMPLE and c.kind in _KINDS]
    if together:
        yield Line("What stands out")
    for kind, heading in _KINDS.items():
        for conclusion in together:
            if conclusion.kind is kind:
                yield Line(heading, conclusion.says)
    yield Line("The sheets")
    for name, holds in SHEETS_HOLD.items():
        yield Line(name, holds)
    yield Line("The outcomes")
    for outcome, means in OUTCOMES_MEAN.items():
        count = sum(finding.outcome is outcome for finding in screening.findings)
        yield Line(outcome.value.capitalize(), f"{count:,} findings. {means}" if count != 1 else f"1 finding. {means}")


def render(result: Summary, options: Options) -> bytes:
    """The report as a workbook; where no case is listed, its words on the cover and a sheet for each of its tables.

    With ``options.per_owner``, each owner of actions has a sheet of their own too.

    Raises:
        CasescreenError: there are more findings than a sheet can hold.
    """
    if not isinstance(result, Screening):
        return _without_cases(result, options)
    findings, cases = findings_sheet(result), case_summaries(result)
    actions = actions_of(result.rulebook, cases)
    book = Book(result.rulebook.title, result.as_of, rows=len(result.findings))
    book.write_cover(cover(result, cases))
    book.write_table(actions_sheet("Actions", actions))
    book.write_table(cases_sheet(result.rulebook, cases))
    book.write_table(criteria_sheet(result))
    book.write_table(findings)
    book.write_table(notes_sheet(result))
    if options.per_owner:
        for owner, owned in by_owner(actions).items():
            book.write_table(actions_sheet(owner or NO_OWNER, owned))
    return book.to_bytes()


_WORDS, _FIGURES = 40, 14


def _without_cases(result: Summary, options: Options) -> bytes:
    heading = "About this copy" if result.suppressed_under else "About these figures"
    lines, sheets = [], []
    for block in overview(result, options):
        match block:
            case Heading(text, 1):
                lines.append(Line(text))
            case Heading(text):
                heading = text
            case Paragraph(text):
                lines.append(Line(heading, text))
            case Outline(items):
                lines += [Line(heading, " ".join(_sentences(item))) for item in items]
            case Grid():
                columns = [SheetColumn(one.title, _FIGURES if one.figures else _WORDS) for one in block.columns]
                rows = [tuple(_cell(text) for text in row) for row in block.rows]
                sheets.append(SheetContent(heading, tuple(columns), rows))
    book = Book(title_of_report(result), result.as_of)
    book.write_cover(lines)
    for sheet in sheets:
        book.write_table(sheet)
    return book.to_bytes()


def _sentences(item: Item) -> Iterator[str]:
    yield item.text if item.text.endswith((".", ")")) else f"{item.text}."
    for part in item.parts:
        yield from _sentences(part)


def _cell(text: str) -> Cell:
    """A count as a number, so that it can be sorted and added up."""
    figures = text.replace(",", "")
    return int(figures) if figures.isascii() and figures.isdigit() else text
