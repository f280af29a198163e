"""What is said of single cases, and of their records.

Of cases: what needs attention, what is not shown, and what follows where none is listed. Of records: which were left
out, what was taken for granted where they were read, and what is wrong in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary
from casescreen.model.case import NOT_CONFIRMED
from casescreen.model.outcome import Outcome
from casescreen.model.problem import grouped
from casescreen.model.rulebook import Rulebook, Scope, Severity
from casescreen.model.screening import ConclusionCount, Finding, IssueKind, Screening, Summary, number
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.accepted import mark
from casescreen.report.sections.conclusions import advice, conclusion_parts
from casescreen.report.wording import (
    KINDS,
    and_more,
    first,
    group_name,
    k_of_n,
    text_not_shown,
    title_of,
    wrong_in_words,
)
from casescreen.text import counted, in_words

_MOST_NAMED = 20
_MOST_TITLES = 4
_MOST_FIELDS = 5

_MEANS = {
    IssueKind.UNREADABLE: "Cannot be read, so it counts as not known",
    IssueKind.IMPOSSIBLE: "Cannot be, so it is not believed and counts as not known",
    IssueKind.UNUSUAL: "Believed, and to be looked at",
    IssueKind.LEFT_ASIDE: "Left aside: it counts for nothing",
}
_KINDS, _SEVERITIES = tuple(KINDS), tuple(Severity)


def attention(screening: Screening, cases: Sequence[CaseSummary], options: Options) -> Iterator[Block]:
    """Each case with something to act on, the worst first: why, whose it is, and what would put it right."""
    yield Heading("What needs attention")
    shown = [case for case in cases if case.needs_attention]
    if shown and (hint := text_not_shown(screening.quoting, typed=options.typed)):
        yield Paragraph(hint)
    if shown:
        yield Outline(tuple(_case(case, screening) for case in shown), spaced=True)
    else:
        yield Paragraph(_nothing_to_act_on(cases))


def _nothing_to_act_on(cases: Iterable[CaseSummary]) -> str:
    """That no case is shown, which says little where little can be told."""
    undecided = sum(len(case.undecided) for case in cases)
    if not undecided:
        return "Nothing."
    return f"Nothing that the records show. {counted(undecided, 'finding')} cannot be told yet: see below."


def _case(case: CaseSummary, screening: Screening) -> Item:
    named = [case.id]
    named += [f"{title}: {name}" for title, name in (("Owner", case.manager), ("Team", case.team)) if name]
    parts = (
        *(Item(f"{KINDS[c.kind]}{mark(screening, c)}: {c.says}", conclusion_parts(c)) for c in case.actions),
        *(Item(f"{KINDS[c.kind]}: {c.says}") for c in case.others),
        *(_finding(finding, screening, case.manager) for finding in (*case.failed, *case.doubted)),
    )
    return Item(". ".join(named), parts)


def _finding(finding: Finding, screening: Screening, manager: str) -> Item:
    rulebook = screening.rulebook
    stands = f"Look again ({finding.outcome.value}): {title_of(finding, rulebook)}"
    if finding.outcome is Outcome.NOT_MET:
        how = finding.severity.value
        stands = f"{how.capitalize()}: {wrong_in_words(finding, rulebook)}"
        if not finding.shortfall:
            stands = f"Not met ({how}): {title_of(finding, rulebook)}"
    lines = [f"Why: {finding.reason}"] if finding.reason else []
    lines += doubts(finding)
    if finding.owner != manager:
        lines.append(f"Owner: {finding.owner or 'not recorded'}")
    if finding.remedy:
        lines.append(f"To put it right: {finding.remedy}")
    return Item(stands + mark(screening, finding), tuple(Item(line) for line in lines))


def doubts(finding: Finding) -> Iterator[str]:
    """What the facts say against the reader's answer, and what they say beside it."""
    if finding.reader:
        yield f"The reader and the facts differ: {finding.reader}"
    against = [flag.says for flag in finding.flags if flag.challenges]
    if against:
        yield f"The facts challenge the reader's yes: {'; '.join(against)}"
    beside = [flag.says for flag in finding.flags if not flag.challenges]
    if beside:
        yield f"The facts also show: {'; '.join(beside)}"


def undecided(rulebook: Rulebook, cases: Iterable[CaseSummary]) -> Iterator[Block]:
    """Per case, what the record does not show and what a reader has still to answer."""
    waiting = sorted((case for case in cases if case.undecided), key=lambda case: (-len(case.undecided), case.id))
    if not waiting:
        return
    yield Heading("What cannot be told yet")
    yield Paragraph("None of this counts as a failure: the record does not show it, or a reader has still to answer.")
    items = []
    for case in waiting:
        parts = []
        for outcome in UNDECIDED:
            titles = [title_of(finding, rulebook) for finding in case.undecided if finding.outcome is outcome]
            if titles:
                parts.append(Item(f"{len(titles):,} {outcome.value}: {'; '.join(titles)}"))
        items.append(Item(case.id, tuple(parts)))
    yield Outline(tuple(items))


def what_to_fill_in(rulebook: Rulebook, cases: Iterable[CaseSummary]) -> Iterator[Block]:
    """What is missing from the records, that for which most questions wait first: over all cases, then case by case.

    Closed cases are passed over, and a list is never longer than ``_MOST_NAMED``.
    """
    waiting = {case.id: [one for one in case.undecided if one.missing] for case in cases if not case.closed}
    counts = {case: Counter(name for one in findings for name in one.missing) for case, findings in waiting.items()}
    counts = {case: count for case, count in counts.items() if count}
    if not counts:
        return
    called, in_all, in_cases = _labels(rulebook), Counter[str](), Counter[str]()
    for count in counts.values():
        in_all.update(count)
        in_cases.update(count.keys())
    questions = sum(map(len, waiting.values()))
    yield Heading("What to fill in")
    yield Paragraph(f"{_fill_in(in_cases.total(), questions)} An answer can raise a further question.")
    shown, more = first(_most_first(in_all), _MOST_NAMED)
    fields = [
        Item(f"{called[name]}: {counted(in_all[name], 'question')} in {counted(in_cases[name], 'case')}")
        for name in shown
    ]
    yield Outline((*fields, *_more_findings(more, "field")))
    by_case, more = first(sorted(counts, key=lambda case: (-len(waiting[case]), case)), _MOST_NAMED)
    items = []
    for case in by_case:
        names, others = first(_most_first(counts[case]), _MOST_FIELDS)
        parts = [Item(f"{called[name]}: {counted(counts[case][name], 'question')}") for name in names]
        said = f"{case}: {_fill_in(len(counts[case]), len(waiting[case]))}"
        items.append(Item(said, (*parts, *([Item(f"and {counted(others, 'more field')}")] if others else []))))
    yield Outline((*items, *_more_findings(more, "case")))


def _fill_in(fields: int, questions: int) -> str:
    them = "it" if fields == 1 else "them"
    wait = "question that waits" if questions == 1 else "questions that wait"
    return f"Fill in {counted(fields, 'field')}, and {questions:,} {wait} for {them} can be decided."


def _most_first(questions: Counter[str]) -> list[str]:
    return sorted(questions, key=lambda name: (-questions[name], name))


def _more_findings(more: int, one: str) -> Iterator[Item]:
    if more:
        yield Item(and_more(more, one, "the findings as CSV are all of them"))


def _labels(rulebook: Rulebook) -> dict[str, str]:
    """What each field, column and table is called, with its name as it stands in a record or over a column."""
    dictionary = rulebook.dictionary
    labels = {name: field.label for name, field in dictionary.fields.items()}
    labels |= {one.field.full_name: one.field.label for one in rulebook.derived}
    for name, table in dictionary.tables.items():
        labels[name] = f"whether there are {table.label}"
        labels |= {field.full_name: f"{table.one}: {field.label}" for field in table.columns.values()}
    return {name: f"{label} ({name})" for name, label in labels.items()}


def serious_and_not_shown(screening: Screening, cases: Sequence[CaseSummary]) -> Iterator[Block]:
    """What would be serious if it were not done and of which nothing is recorded, by case; and thin records."""
    by_id = sorted((case for case in cases if case.serious), key=attrgetter("id"))
    waiting = sorted(by_id, key=attrgetter("at_stake"), reverse=True)
    if waiting:
        yield Heading("Serious if not done, and not recorded or not judged")
        yield Paragraph("Each may have been done. The record does not say so, or nobody has judged it yet.")
        items = []
        for case in waiting:
            titles = dict.fromkeys(title_of(one, screening.rulebook) for one in case.serious)
            shown, others = first(titles, _MOST_TITLES)
            said = f"{case.id}: {counted(len(case.serious), 'question')}: {'; '.join(shown)}"
            items.append(Item(f"{said}; and {others:,} more" if others else said, case=case.id))
        yield Outline(tuple(items))
    thin = tuple(Item(_thin(screening, case), case=case.id) for case in cases if case.is_thin)
    if thin:
        yield Heading("Records that say little")
        yield Outline(thin)


def _thin(screening: Screening, case: CaseSummary) -> str:
    said = f"{case.id}: {len(case.undecided):,} of {sum(case.counts.values()):,} not shown"
    began = screening.began.get(case.id)
    if began is None:
        return said
    weeks = (screening.as_of - began).days // 7
    return f"{said}, begun {counted(weeks, 'week')} ago"


def follows_for_cases(result: Summary, options: Options) -> Iterator[Block]:
    """The conclusions that hold of any case, the most pressing first, with how many and what to do."""
    yield Heading("What follows for single cases")
    held = sorted((one for one in result.on_cases if one.cases), key=_urgency)
    if held:
        yield Outline(tuple(_item(one, number(result.cases), options) for one in held), spaced=True)
    else:
        is_open = any(rate.count(outcome) for rate in result.rates for outcome in UNDECIDED)
        yield Paragraph("Nothing from what the records say." if is_open else "Nothing.")


def _urgency(one: ConclusionCount) -> tuple[int, int]:
    return _KINDS.index(one.rule.kind), _SEVERITIES.index(one.rule.severity)


def _item(one: ConclusionCount, cases: int, options: Options) -> Item:
    groups: Iterable[Item] = ()
    if options.by is By.MANAGER:
        groups = _groups(Scope.MANAGER, one.by_manager)
    elif options.by is By.TEAM:
        groups = _groups(Scope.TEAM, one.by_team)
    text = f"{KINDS[one.rule.kind]}: {one.rule.says} {k_of_n(one.cases, cases)} cases."
    return Item(text, (*groups, *advice(one.rule)))


def _groups(scope: Scope, groups: Mapping[str, int]) -> Iterator[Item]:
    """How many of those cases are whose; cases of which the record names no one come last."""
    held = sorted((name for name, number in groups.items() if number), key=lambda name: (not name, name))
    for name in held:
        yield Item(f"{group_name(scope, name)}: {counted(groups[name], 'case')}")


def left_out(result: Summary) -> Iterator[Block]:
    """The records that were left out, and why; the cases that had not begun; and that later work does not count."""
    items = []
    for one in result.rejected[:_MOST_NAMED]:
        name = f"case {in_words(one.case)}" if one.case else "a record"
        records = f" ({counted(one.records, 'record')})" if one.records > 1 else ""
        items.append(Item(f"{name}{records}: {one.why}"))
    if (more := len(result.rejected) - _MOST_NAMED) > 0:
        items.append(Item(and_more(more, "record", "they were told where the files were read")))
    if items:
        yield Heading("Left out")
        yield Outline(tuple(items))
    if isinstance(result, Screening) and result.cases_not_begun:
        shown, more = first(result.cases_not_begun, _MOST_NAMED)
        beside = f" {and_more(more, 'case', 'the findings as JSON name them')}" if more else ""
        yield Paragraph(
            f"Not begun by {in_words(result.as_of)}, and set apart: {', '.join(map(in_words, shown))}.{beside}"
        )


def assumed(result: Summary) -> Iterator[Block]:
    """What was taken for granted where the tables were read, but for what stands at the head of the report."""
    items = tuple(Item(line) for line in result.assumed if line != NOT_CONFIRMED)
    if items:
        yield Heading("Taken for granted")
        yield Outline(items)


def check_the_record(result: Summary) -> Iterator[Block]:
    """What is wrong or unusual in the data, by kind; cells of one column that are alike are told once."""
    items = []
    for kind in IssueKind:
        if isinstance(result, Screening):
            problems = grouped(sorted(issue.problem for issue in result.issues if issue.kind is kind))
            lines = [f"{problem.place}: {problem.what}" for problem in problems]
        else:
            of_kind = [one for one in result.issue_counts if one.kind is kind]
            lines = [f"{one.where}: {one.what} ({counted(one.number, 'time')})" for one in of_kind]
        if lines:
            items.append(Item(_MEANS[kind], tuple(map(Item, lines))))
    if items:
        yield Heading("Check the record")
        yield Outline(tuple(items))
