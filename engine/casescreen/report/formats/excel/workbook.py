"""The report as a workbook: its cover, its sheets, that of the actions among them, and one of figures without cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
from casescreen.model.screening import Screening, Summary
from casescreen.office.excel import Book
from casescreen.office.styles import Cell, Line, Row, SheetColumn, SheetContent, Tone
from casescreen.report.blocks import Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.excel.sheets import (
    SEVERITIES,
    cases_sheet,
    criteria_sheet,
    doubts_in_a_line,
    findings_sheet,
    notes_sheet,
)
from casescreen.report.formats.registry import Options
from casescreen.report.sections.overview import about, closing_words, overview
from casescreen.report.wording import OUTCOMES_MEAN, title_of, title_of_report

_KINDS = {
    ConclusionKind.ACTION: "Action across the cases",
    ConclusionKind.SUMMARY: "In short",
    ConclusionKind.AREA: "Area for improvement",
    ConclusionKind.EXCEPTION: "Not always done",
    ConclusionKind.STRENGTH: "Strength",
}
SHEETS_HOLD = {
    "Actions": "What to do in each case and whose it is. Say in Progress how far it has got.",
    "Cases": "How each case stands, the worst first.",
    "Criteria": "How many cases met each criterion, of those that were met or not met.",
    "Findings": "Everything that was found, one row each. Filter by manager, outcome or criterion.",
    "Notes": "Conclusions, the numbers used and whose they are, and how this was made.",
}
_WORDS, _FIGURES = 40, 14
NO_OWNER = "No owner recorded"
NOTHING = "Nothing needs action."

_WHAT = {"act now": Tone.BAD, "not met": Tone.BAD, "look again": Tone.DOUBT}
_PROGRESS = {"to do": Tone.DOUBT, "in hand": Tone.QUIET, "done": Tone.GOOD}
_COLUMNS = (
    SheetColumn("Case", 11),
    SheetColumn("What", 12, _WHAT),
    SheetColumn("Severity", 10, SEVERITIES),
    SheetColumn("Found", 34),
    SheetColumn("Why", 46),
    SheetColumn("To put it right", 40),
    SheetColumn("Was due", 13),
    SheetColumn("Owner", 13),
    SheetColumn("Team", 10),
    SheetColumn("Progress", 11, _PROGRESS, choices=tuple(_PROGRESS)),
    SheetColumn("Notes", 24),
)


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
                figures = conclusion.because if kind is ConclusionKind.EXCEPTION else ()
                yield Line(heading, " ".join((conclusion.says, *(f"{each.rstrip('.')}." for each in figures))))
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
    book.write_table(findings, large=bool(result.findings))
    book.write_table(notes_sheet(result))
    if options.per_owner:
        for owner, owned in by_owner(actions).items():
            book.write_table(actions_sheet(owner or NO_OWNER, owned))
    return book.to_bytes()


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


@frozen
class Action:
    """Something to do in a case, and whose it is; "" where the record names nobody."""

    owner: str
    row: Row


def actions_of(rulebook: Rulebook, cases: Iterable[CaseSummary]) -> tuple[Action, ...]:
    """What there is to do, in the order of the cases given, and in each the most urgent first."""
    actions = []
    for case in cases:
        if case.closed:
            continue
        for conclusion in case.actions:
            why, severity = "; ".join(conclusion.because), conclusion.severity.value
            about: Row = (case.id, "act now", severity, conclusion.says, why, conclusion.remedy, None)
            actions.append(Action(case.manager, (*about, case.manager or NO_OWNER, case.team, "to do", "")))
        for finding in (*case.failed, *case.doubted):
            what = "not met" if finding.outcome is Outcome.NOT_MET else "look again"
            why = f"{finding.reason} {doubts_in_a_line(finding)}".strip()
            again = f"Read the case again, and answer: {rulebook.criterion[finding.criterion].question}"
            title, severity = title_of(finding, rulebook), finding.severity.value
            about = (case.id, what, severity, title, why, finding.remedy or again, finding.due)
            actions.append(Action(finding.owner, (*about, finding.owner or NO_OWNER, case.team, "to do", "")))
    return tuple(actions)


def actions_sheet(name: str, actions: Sequence[Action]) -> SheetContent:
    """A sheet of these actions, each still to do."""
    return SheetContent(name, _COLUMNS, (action.row for action in actions), NOTHING)


def by_owner(actions: Iterable[Action]) -> Mapping[str, list[Action]]:
    """The actions of each owner, by name; what nobody owns comes last."""
    owned: dict[str, list[Action]] = {}
    for action in actions:
        owned.setdefault(action.owner, []).append(action)
    return {owner: owned[owner] for owner in sorted(owned, key=lambda name: (not name, name))}
