"""What is said of the records themselves: what was left out, what to check in them, and what would be serious."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.problem import grouped
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import IssueKind, Screening, Summary
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.wording import and_more, first, title_of
from casescreen.text import counted, in_words

_MOST_NAMED = 20
_MOST_TITLES = 4

_MEANS = {
    IssueKind.UNREADABLE: "Cannot be read, so it counts as not known",
    IssueKind.IMPOSSIBLE: "Cannot be, so it is not believed and counts as not known",
    IssueKind.UNUSUAL: "Believed, and to be looked at",
    IssueKind.LEFT_ASIDE: "Left aside: it counts for nothing",
}


def left_out(result: Summary) -> Iterator[Block]:
    """The records that were left out, and why; the cases that had not begun; and that later work does not count."""
    items = []
    for one in result.rejected[:_MOST_NAMED]:
        name = f"case {in_words(one.case)}" if one.case else "a record"
        records = f" ({counted(one.records, 'record')})" if one.records > 1 else ""
        items.append(Item(f"{name}{records}: {one.why}"))
    if (more := len(result.rejected) - _MOST_NAMED) > 0:
        items.append(Item(and_more(more, "record")))
    if items:
        yield Heading("Left out")
        yield Outline(tuple(items))
    if isinstance(result, Screening) and result.cases_not_begun:
        shown, more = first(result.cases_not_begun, _MOST_NAMED)
        names = ", ".join(map(in_words, shown)) + (f" {and_more(more, 'case')}" if more else "")
        yield Paragraph(f"Not begun by {in_words(result.as_of)}, and set apart: {names}.")


def assumed(result: Summary, most: int) -> Iterator[Block]:
    """What was taken for granted where the tables were read."""
    shown, more = first(result.assumed, most)
    if shown:
        yield Heading("Taken for granted")
        yield Outline((*map(Item, shown), *([Item(and_more(more, "line"))] if more else [])))


def at_an_earlier_day(result: Summary) -> str:
    """That work of later days does not count; "" where there is none in the records."""
    if not result.later:
        return ""
    dates = counted(result.later, "date, row or answer", "dates, rows and answers")
    are = "is of a later day and does" if result.later == 1 else "are of later days and do"
    return f"{dates} in the records {are} not count. Facts without a date are taken as they stand."


def check_the_record(result: Summary, most: int) -> Iterator[Block]:
    """What is wrong or unusual in the data, by kind; cells of one column that are alike are told once."""
    items = []
    for kind in IssueKind:
        if isinstance(result, Screening):
            problems = grouped(sorted(issue.problem for issue in result.issues if issue.kind is kind))
            lines = [f"{problem.place}: {problem.what}" for problem in problems]
        else:
            of_kind = [one for one in result.issue_counts if one.kind is kind]
            lines = [f"{one.where}: {one.what} ({one.number:,} times)" for one in of_kind]
        shown, more = first(lines, most)
        parts = [*map(Item, shown), *([Item(and_more(more, "issue"))] if more else [])]
        if parts:
            items.append(Item(_MEANS[kind], tuple(parts)))
    if items:
        yield Heading("Check the record")
        yield Outline(tuple(items))


def serious_and_not_shown(
    screening: Screening, cases: Sequence[CaseSummary], rulebook: Rulebook, most: int
) -> Iterator[Block]:
    """What would be serious if it were not done and of which nothing is recorded, by case; and thin records."""
    waiting = sorted((case for case in cases if case.serious), key=lambda case: (-len(case.serious), case.id))
    shown, more = first(waiting, most)
    if shown:
        yield Heading("Serious if not done, and nothing recorded")
        yield Paragraph("Each may have been done. The record does not say so, or nobody has judged it yet.")
        items = []
        for case in shown:
            titles, others = first(dict.fromkeys(title_of(one, rulebook) for one in case.serious), _MOST_TITLES)
            said = f"{case.id}: {counted(len(case.serious), 'question')}: {'; '.join(titles)}"
            items.append(Item(f"{said}; and {others:,} more" if others else said))
        yield Outline(tuple(items))
        if more:
            yield Paragraph(and_more(more, "case"))
    thin = [case for case in cases if case.is_thin]
    shown, more = first(thin, most)
    if shown:
        yield Heading("Records that say little")
        yield Outline(tuple(Item(_thin(screening, case)) for case in shown))
        if more:
            yield Paragraph(and_more(more, "case"))


def _thin(screening: Screening, case: CaseSummary) -> str:
    said = f"{case.id}: {len(case.undecided):,} of {sum(case.counts.values()):,} not shown"
    began = screening.began.get(case.id)
    if began is None:
        return said
    weeks = (screening.as_of - began).days // 7
    return f"{said}, begun {counted(weeks, 'week')} ago"
