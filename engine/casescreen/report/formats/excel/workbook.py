"""The report as a workbook: its cover and its sheets, and one of figures without cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Quoting, Screening, Summary, number
from casescreen.model.split import Split
from casescreen.office.excel import Book
from casescreen.office.styles import BarChart, Cell, Line, SheetColumn, SheetContent
from casescreen.report.action_claims import PresentRecord, why_apart
from casescreen.report.actions import AHEAD_DAYS, DAYS, URGENT_DAYS, Action, actions_of
from casescreen.report.at_a_glance import AtAGlance, CaseLine, ThemeLine, at_a_glance
from casescreen.report.blocks import Grid, Heading, Item, Outline, Paragraph
from casescreen.report.carried_over import (
    ACTIONS,
    CASES,
    CHANGES,
    CRITERIA,
    DONE,
    DONE_ON,
    EVIDENCE,
    FINDINGS,
    GROUPS,
    NO_LONGER_OPEN,
    NOTES,
    PROGRESS,
    REF,
    SHEET_OF_NOTES,
    STATES,
    THEMES,
    WAIVERS,
    CarriedOver,
    WrittenBeside,
)
from casescreen.report.formats.changes_by_form import CHANGES_HOLD, changes_lines, changes_sheet
from casescreen.report.formats.excel.action_sheets import (
    FILLED_IN,
    NO_OWNER,
    ActionSheets,
    by_owner,
    no_longer_open_sheet,
)
from casescreen.report.formats.excel.sheets import (
    cases_sheet,
    criteria_sheet,
    findings_sheet,
    groups_sheet,
    notes_sheet,
    themes_sheet,
    waivers_sheet,
)
from casescreen.report.formats.excel.workbook_links import WorkbookLinks, workbook_links
from casescreen.report.formats.registry import Options
from casescreen.report.local_rules import local_in_short
from casescreen.report.sections.accepted import accepted_actions, start_of, waiver_notes, with_marks
from casescreen.report.sections.groups_compared import split_notes, title_of_split
from casescreen.report.sections.overview import about, overview
from casescreen.report.sections.signed_by import signed_note
from casescreen.report.wording import first, k_of_n, title_of_report
from casescreen.text import counted, in_words, listed

_TO_FILL_IN = f"{listed(FILLED_IN, 'and')}, the columns with a green heading"
SHEETS_HOLD = {
    ACTIONS: "What to do in each case, by when, and whose it is: first what to act on, then what to check in the file, "
    f"then what falls due within {AHEAD_DAYS} working days. It is the sheet to fill in: {_TO_FILL_IN}.",
    CASES: "How each case stands, the worst first.",
    THEMES: "How much of each theme is met.",
    CRITERIA: "How many cases met each criterion, of those that were met or not met.",
    FINDINGS: "Everything that was found, one row each. Filter by manager, outcome or criterion.",
    SHEET_OF_NOTES: "Conclusions, the numbers used and whose they are, and how this was made.",
}
_BY_WHEN = (
    f"A suggestion, to be changed: {counted(URGENT_DAYS, 'working day')} after the day of the screening to act now, "
    f"{listed(map(str, DAYS.values()))} where what is not met is of high, medium or low severity, and sooner where a "
    "deadline says so. A row has the earliest day of all that is in it; where the days differ, each step has its own. "
    "In the next workbook it keeps its day, or that which you write there, while it is open and becomes no worse."
)
_WORDS, _FIGURES = 40, 14
_MOST_LISTED, _MOST_SAID = 10, 3


def cover(screening: Screening, cases: Sequence[CaseSummary], *, with_apart: bool = False) -> Iterator[Line | BarChart]:
    """What stands on the cover: the report at a glance, the themes as a chart, and what the sheets hold."""
    glance, rulebook = at_a_glance(screening, cases), screening.rulebook
    start, glance = start_of(glance, screening, cases), with_marks(glance, screening, cases)
    yield Line(title_of_report(screening))
    yield Line("Screened", about(screening))
    yield from _counts(glance, rulebook, start)
    if rulebook.profile is not None:
        yield Line("Local rules", f"{local_in_short(rulebook.profile)}: see the sheet {SHEET_OF_NOTES}")
    yield from (Line(label.capitalize(), said) for label, said in signed_note(screening))
    yield from _accepted(screening, cases)
    if screening.answers_used is not None:
        yield Line("Readers' answers", str(screening.answers_used))
    if screening.changes is not None:
        yield from changes_lines(screening.changes)
    if glance.themes:
        yield _chart(glance.themes)
    yield from _listed("Act now, worst first", glance.act_now, CASES)
    check = "Check the file: serious if not done, and not recorded or not judged"
    yield from _listed(check, glance.check_first, CASES)
    yield Line("The sheets")
    for name, holds in SHEETS_HOLD.items():
        yield Line(name, holds)
        if name == ACTIONS and with_apart:
            yield Line(NO_LONGER_OPEN, "What was written about what is no longer to be done.")
        if name == ACTIONS and screening.changes is not None:
            yield Line(CHANGES, CHANGES_HOLD)
    if screening.split is not None:
        yield from _about_groups(screening, screening.split)
    if screening.accepted is not None:
        yield Line(WAIVERS, "What is accepted, and how each waiver stands: those to look at first.")
    yield Line("By when", _BY_WHEN)


def _about_groups(screening: Screening, split: Split) -> Iterator[Line]:
    """What the sheet of groups holds, and what has to be known to read it."""
    yield Line(GROUPS, f"{title_of_split(split)}. {' '.join(split_notes(screening, split))}")


def _accepted(screening: Screening, cases: Sequence[CaseSummary]) -> Iterator[Line]:
    """What is said of waivers, where some were named."""
    if acting := accepted_actions(screening, cases):
        yield Line("Act now, accepted", acting)
    for label, said in waiver_notes(screening, f"the sheet {WAIVERS}"):
        yield Line(label.capitalize(), said)


def _counts(glance: AtAGlance, rulebook: Rulebook, start: str) -> Iterator[Line]:
    """A line for each of the figures that a person asks first."""
    if isinstance(glance.acting, int) and isinstance(glance.need_work, int):
        yield Line("Act now", f"{counted(glance.acting, 'case')}, {counted(glance.things, 'thing')}")
        if start:
            yield Line("Start with", start)
        yield Line("Need work", f"{glance.need_work:,} more" if glance.acting else counted(glance.need_work, "case"))
    ids, more = first([case.id for case in glance.nothing_found], _MOST_LISTED)
    names = f": {', '.join(ids)}{f' and {more:,} more' if more else ''}" if ids else ""
    yield Line("No failure shown", f"{counted(len(glance.nothing_found), 'case')}{names}")
    if glance.open_questions:
        open_ = k_of_n(glance.open_questions, glance.questions or 0)
        yield Line("Not known", f"{open_} questions in open cases: not recorded, or not judged yet")
    if glance.left_out or glance.unreadable:
        unread = f"{counted(number(glance.left_out), 'record')}, {counted(glance.unreadable, 'value')}: see Notes"
        yield Line("Not read", unread)
    rates = [f"{rulebook.criterion[one.criterion].short} {k_of_n(one.met, one.of)}" for one in glance.weakest]
    if rates:
        yield Line("Weakest", ", ".join(rates))
    if glance.look_again:
        places = counted(glance.look_again, "place")
        yield Line("Look again", f"{places} where facts and a reader's answer do not go together")
    if glance.due_next:
        yield Line("Due next", "; ".join(f"{one.case} {one.says}, by {in_words(one.due)}" for one in glance.due_next))
    if glance.unverified:
        numbers = counted(glance.unverified, "number that rules use", "numbers that rules use")
        yield Line("Not verified", f"{numbers}: see Notes before you rely on what was measured by it")


def _chart(themes: Sequence[ThemeLine]) -> BarChart:
    said = tuple(k_of_n(theme.met, theme.of) for theme in themes)
    each = "; ".join(f"{theme.title}, {figures}" for theme, figures in zip(themes, said, strict=True))
    title = "Met, of what is met or not met"
    return BarChart(title, f"{title}, by theme: {each}.", THEMES, labels=0, shares=3, said=said)


def _listed(heading: str, cases: Sequence[CaseLine], sheet: str) -> Iterator[Line]:
    """The first of the cases, each with whose it is, how many things it has, and the first of them."""
    shown, more = first(cases, _MOST_LISTED)
    if shown:
        yield Line(heading)
    for case in shown:
        says, others = first(case.says, _MOST_SAID)
        things = "; ".join([*says, *([f"and {others:,} more"] if others else [])])
        yield Line(case.case, f"{case.owner}: {things}" if case.owner else things)
    if more:
        yield Line("", f"and {counted(more, 'more case')}: see {sheet}")


def render(result: Summary, options: Options) -> bytes:
    """The report as a workbook; where no case is listed, its words on the cover and a sheet for each of its tables.

    With ``options.per_owner``, each owner of actions has a sheet of their own too. What ``options.carried`` has stands
    beside the Refs again, and beside none of them on a sheet of its own; in no copy to be shared.

    Raises:
        CasescreenError: there are more findings than a sheet can hold, or more is written than a cell can.
    """
    if not isinstance(result, Screening):
        return _without_cases(result, options)
    cases = case_summaries(result)
    links = workbook_links(result, cases, options.sheets)
    findings, actions = findings_sheet(result, links), actions_of(result, cases)
    sheets, apart = _sheets_of_actions(result, actions, options.carried, links)
    book = Book(result.rulebook.title, result.as_of, rows=len(result.findings))
    book.write_cover(cover(result, cases, with_apart=bool(apart)))
    book.write_table(sheets.sheet(ACTIONS, actions))
    if apart:
        book.write_table(no_longer_open_sheet(apart))
    if result.changes is not None:
        book.write_table(changes_sheet(result.changes))
    book.write_table(cases_sheet(result.rulebook, cases, links))
    book.write_table(themes_sheet(at_a_glance(result, cases).themes, links))
    book.write_table(criteria_sheet(result, links))
    if result.split is not None:
        book.write_table(groups_sheet(result.rulebook, result.split))
    book.write_table(findings, large=bool(result.findings))
    if result.accepted is not None:
        book.write_table(waivers_sheet(result))
    book.write_table(notes_sheet(result, typed=options.typed))
    if options.per_owner:
        for owner, owned in by_owner(actions).items():
            book.write_table(sheets.sheet(owner or NO_OWNER, owned))
    return book.to_bytes()


def render_actions(result: Screening, carried: CarriedOver | None) -> bytes:
    """The sheet to fill in alone, and how: for those who are to do it.

    Raises:
        CasescreenError: more is written than a cell can hold.
    """
    actions = actions_of(result, case_summaries(result))
    sheets, apart = _sheets_of_actions(result, actions, carried, WorkbookLinks())
    book = Book(f"Actions: {result.rulebook.title}", result.as_of)
    book.write_cover(_how_to_fill_in(result, actions, with_apart=bool(apart)))
    book.write_table(evolve(sheets, has_findings=False).sheet(ACTIONS, actions))
    if apart:
        book.write_table(no_longer_open_sheet(apart))
    return book.to_bytes()


def _how_to_fill_in(result: Screening, actions: Sequence[Action], *, with_apart: bool) -> Iterator[Line]:
    yield Line(f"Actions: {title_of_report(result)}")
    yield Line("As at", in_words(result.as_of))
    yield Line("In all", counted(len(actions), "row"))
    for owner, owned in by_owner(actions).items():
        yield Line(owner or NO_OWNER, counted(len(owned), "row"))
    yield Line("How to fill it in")
    yield Line(ACTIONS, f"The sheet to fill in: {_TO_FILL_IN}. Sort and filter it as you like, but leave {REF}.")
    yield Line(
        PROGRESS, f'{listed(STATES)}. Say in {NOTES} why it cannot be done. "{DONE}" is checked against the record.'
    )
    yield Line(DONE_ON, "The day on which it was done. Days in figures are read day first: 9/5/2016 is 9 May 2016.")
    yield Line(EVIDENCE, "Where it can be seen that it is done. It stands in this sheet, and nowhere else.")
    if with_apart:
        yield Line(NO_LONGER_OPEN, "What was written about what is no longer to be done.")
    yield Line("By when", _BY_WHEN)


def _sheets_of_actions(
    result: Screening, actions: Sequence[Action], given: CarriedOver | None, links: WorkbookLinks
) -> tuple[ActionSheets, tuple[WrittenBeside, ...]]:
    """What makes the sheets, and what is written beside no Ref; in a copy to be shared nothing that anybody wrote."""
    shared = result.quoting is Quoting.NOTHING
    carried = CarriedOver() if shared or given is None else given
    beside, apart = carried.among(
        {called: action.ref for action in actions for called in (*action.formerly, action.ref)}
    )
    if not (beside or apart):
        return ActionSheets({}, None, result.as_of, links, shared=shared), ()
    record = PresentRecord(result, actions)
    return ActionSheets(beside, record, result.as_of, links), tuple(why_apart(row, record) for row in apart)


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
