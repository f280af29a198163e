"""The whole report as blocks, and the figures at its head: by theme, case, manager or team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary, case_summaries
from casescreen.model.case import NOT_CONFIRMED
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
from casescreen.model.screening import Count, Rate, Screening, Summary, number
from casescreen.report.at_a_glance import at_an_earlier_day, weakest, without_manager
from casescreen.report.blocks import Block, Column, Grid, Heading, Outline, Paragraph
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.accepted import accepted_blocks, accepted_in_figures
from casescreen.report.sections.cases import (
    assumed,
    attention,
    check_the_record,
    follows_for_cases,
    left_out,
    serious_and_not_shown,
    undecided,
    what_to_fill_in,
)
from casescreen.report.sections.conclusions import conclusion_blocks, conclusion_item
from casescreen.report.sections.signed_by import signed_sentence
from casescreen.report.wording import (
    BESIDE,
    figure,
    group_name,
    k_of_n,
    legend,
    number_of,
    proportion_in_words,
    provenance,
    title_of,
    title_of_report,
    wrong_in_words,
)
from casescreen.text import counted, in_words

_BESIDE = tuple(Column(title, figures=True) for title, _ in BESIDE.values())
_RATES = (Column("Criterion"), Column("Met", figures=True), Column("Proportion"), *_BESIDE)
_CASES = (
    Column("Case"),
    Column("met", figures=True),
    Column("not met", figures=True),
    *_BESIDE,
    Column("The worst of it"),
    Column("Owner"),
)
_GROUP_FIGURES = tuple(Column(title, figures=True) for title in ("Cases", "Act now", "Met", "Not known"))
_ABOUT_GROUPS = (
    '"Act now" counts things in open cases; "met" is of all that is met or not met; "not known" is not shown, or to be '
    "judged. What is weakest is told of enough cases only: of few, a share says little."
)
_DECIDED = tuple(Column(title, figures=True, whole=True) for title in ("Met", "Not met"))
_SHARED_RATES = (
    Column("Criterion"),
    *_DECIDED,
    Column("Proportion"),
    *(Column(title, figures=True, whole=True) for title, _ in BESIDE.values()),
)
_SHARED_BY_GROUP = (Column("Criterion"), *_DECIDED, Column("Proportion"), Column("Neither", figures=True, whole=True))


def grouped(result: Summary, cases: Sequence[CaseSummary], options: Options) -> Iterator[Block]:
    """The figures, grouped as the options say; ``cases`` are none where no case is listed."""
    if options.by is By.THEME or result.suppressed_under:
        for theme in result.rulebook.themes:
            members = [rate for rate in result.rates if result.rulebook.criterion[rate.criterion].theme == theme.id]
            if members:
                yield Heading(theme.title)
                yield from _shared_rates(result, members) if result.suppressed_under else (_rates(result, members),)
    if options.by is By.CASE:
        yield from _by_case(result.rulebook, cases)
    elif options.by is By.MANAGER:
        yield from _by_group(result, Scope.MANAGER, result.by_manager, result.manager_sizes)
    elif options.by is By.TEAM:
        yield from _by_group(result, Scope.TEAM, result.by_team, result.team_sizes)


def _rates(result: Summary, rates: Iterable[Rate]) -> Grid:
    """Each rate in a row."""
    rows = []
    for rate in rates:
        share = proportion_in_words(rate.met, rate.of) if rate.of else ""
        beside = [figure(rate.counts[outcome]) for outcome in BESIDE]
        rows.append((result.rulebook.criterion[rate.criterion].title, k_of_n(rate.met, rate.of), share, *beside))
    return Grid(_RATES, tuple(rows))


def _shared_rates(result: Summary, rates: Iterable[Rate]) -> Iterator[Block]:
    """The rates of a suppressed copy: met and not met apart, and only named where nothing of them is shown."""
    rows, withheld = [], []
    for rate in rates:
        title = result.rulebook.criterion[rate.criterion].title
        if any(isinstance(count, int) for count in rate.counts.values()):
            beside = [figure(rate.counts[outcome], result.suppressed_under) for outcome in BESIDE]
            rows.append((title, *_decided(rate, result.suppressed_under), *beside))
        else:
            withheld.append(title)
    if rows:
        yield Grid(_SHARED_RATES, tuple(rows))
    if withheld:
        yield Paragraph(f"Withheld, since there is a small count in each: {'; '.join(withheld)}.")


def _decided(rate: Rate, under: int) -> tuple[str, ...]:
    share = proportion_in_words(*rate.shown) if rate.shown and rate.shown[1] else ""
    return *(figure(rate.counts[outcome], under) for outcome in (Outcome.MET, Outcome.NOT_MET)), share


def _by_case(rulebook: Rulebook, cases: Sequence[CaseSummary]) -> Iterator[Block]:
    rows = []
    for case in sorted(cases, key=lambda case: (case.closed, not case.actions, not (case.actions or case.serious))):
        counts = [figure(case.counts[outcome]) for outcome in (Outcome.MET, Outcome.NOT_MET, *BESIDE)]
        rows.append((case.id, *counts, worst_of(case, rulebook), case.manager))
    yield Heading("Case by case: act now, then what would be serious and is not shown, then the rest")
    yield Grid(_CASES, tuple(rows))


def worst_of(case: CaseSummary, rulebook: Rulebook) -> str:
    """The most pressing thing in a case, in a line; "" where there is nothing."""
    closed = "Closed. " if case.closed else ""
    if case.actions:
        return f"Act now: {case.actions[0].says}"
    if case.failed:
        return f"{closed}{wrong_in_words(case.failed[0], rulebook)}"
    if case.doubted:
        return f"{closed}Look again: {title_of(case.doubted[0], rulebook)}"
    return f"Not shown: {title_of(case.serious[0], rulebook)}" if case.serious else ""


def _by_group(
    result: Summary, scope: Scope, groups: Mapping[str, tuple[Rate, ...]], sizes: Mapping[str, Count]
) -> Iterator[Block]:
    """For each group its rates and what is concluded on it; cases of which the record names no one come last."""
    names = sorted(groups, key=lambda name: (not name, name))
    if result.suppressed_under:
        yield from _shared_by_group(result, scope, {name: groups[name] for name in names}, sizes)
    for name in () if result.suppressed_under else names:
        size = sizes[name]
        yield Heading(group_name(scope, name) + (f": {counted(size, 'case')}" if isinstance(size, int) else ""))
        yield _rates(result, groups[name])
        about = [c for c in result.conclusions if c.on is scope and c.subject == name]
        if about:
            yield Outline(tuple(conclusion_item(conclusion, named=False) for conclusion in about))


def _shared_by_group(
    result: Summary, scope: Scope, groups: Mapping[str, Sequence[Rate]], sizes: Mapping[str, Count]
) -> Iterator[Block]:
    """How many cases each group has, which criteria can be told group by group, and those that can."""
    one, under = scope.value, result.suppressed_under
    yield Heading(f"By {one}")
    if not groups:
        yield Paragraph(
            f"Nothing is told {one} by {one}. Some have fewer than {under:,} cases, in all or in one team, and too few "
            "others to be told together with."
        )
        return
    rows = ((group_name(scope, name), figure(sizes[name])) for name in groups)
    yield Grid((Column(one.capitalize()), Column("Cases", figures=True)), tuple(rows))
    told = len(next(iter(groups.values())))
    yield Paragraph(
        f"{told or 'None'} of {counted(len(result.rates), 'criterion', 'criteria')} can be told {one} by {one}: a "
        f"criterion is withheld where any {one} has 1 to {under - 1:,} cases that are met, or not met, or neither. "
        f"The fewer cases a {one} has, the more often that is so."
    )
    if others := [name for name in groups if name.startswith(f"Other {one}s")]:
        yield Paragraph(
            f'"{others[0]}" are those with fewer than {under:,} cases, in all or in one team, and another with them: '
            "else theirs could be worked out."
        )
    for name in groups if told else ():
        size = number(sizes[name])
        yield Heading(f"{group_name(scope, name)}: {counted(size, 'case')}")
        lines = ((result.rulebook.criterion[rate.criterion].title, rate) for rate in groups[name])
        yield Grid(_SHARED_BY_GROUP, tuple((t, *_decided(r, under), figure(size - r.of)) for t, r in lines))


def figures_alone(result: Summary, options: Options) -> Iterator[Block]:
    """The figures grouped as the options say, under what they are of, and nothing after them."""
    yield Heading(title_of_report(result), level=1)
    yield Paragraph(about(result))
    if result.suppressed_under:
        yield Paragraph(what_is_left_out(result))
    if isinstance(result.cases, int):
        cases = case_summaries(result) if isinstance(result, Screening) else ()
        scope = {By.MANAGER: Scope.MANAGER, By.TEAM: Scope.TEAM}.get(options.by)
        if scope is None or result.suppressed_under:
            yield Paragraph(f"In the columns, {legend()}. A dash means none.")
            yield from grouped(result, cases, options)
            yield from accepted_in_figures(result)
        else:
            yield Paragraph(f"{_ABOUT_GROUPS} For each criterion by {scope.value}, and what follows, add --full.")
            yield _row_for_each(result, cases, scope)
            yield from accepted_in_figures(result)


def _row_for_each(result: Summary, cases: Sequence[CaseSummary], scope: Scope) -> Grid:
    """Each manager, or team, in a row; cases of which the record names no one come last."""
    of_managers, rows = scope is Scope.MANAGER, []
    groups, sizes = (result.by_manager, result.manager_sizes) if of_managers else (result.by_team, result.team_sizes)
    urgent = Counter[str]()
    for case in cases:
        urgent[case.manager if of_managers else case.team] += len(case.actions)
    for one in result.on_cases:
        if one.rule.kind is ConclusionKind.ACTION:
            urgent.update(one.by_manager if of_managers else one.by_team)
    for name in sorted(groups, key=lambda name: (not name, name)):
        rates = groups[name]
        met, of = sum(rate.met for rate in rates), sum(rate.of for rate in rates)
        undecided = sum(rate.count(outcome) for rate in rates for outcome in UNDECIDED)
        weak = [
            f"{result.rulebook.criterion[rate.criterion].short} {k_of_n(rate.met, rate.of)}"
            for rate in weakest(rates, result.rulebook, 2)
        ]
        figures = (figure(sizes[name]), figure(urgent[name]), k_of_n(met, of), figure(undecided))
        rows.append((group_name(scope, name), *figures, "; ".join(weak) or "-"))
    return Grid((Column(scope.value.capitalize()), *_GROUP_FIGURES, Column("Weakest")), tuple(rows))


def _how_cases_stand(result: Summary) -> Iterator[Block]:
    yield Heading("How the cases stand")
    if result.states:
        states = ((one.value.capitalize(), figure(count)) for one, count in result.states.items())
        yield Grid((Column("Stands"), Column("Cases", figures=True)), tuple(states))
        yield Paragraph("Closed cases are among them, and nothing is to be done in those.")
    else:
        yield Paragraph("Withheld: how many need attention, or do not, is a small count or would give one away.")


def overview(result: Summary, options: Options) -> Iterator[Block]:
    """The report from its title to its closing words; what is about single cases only where there are some."""
    cases, under = case_summaries(result) if isinstance(result, Screening) else (), result.suppressed_under
    yield Heading(title_of_report(result), level=1)
    yield Paragraph(about(result))
    if not isinstance(result, Screening):
        yield Paragraph(what_is_left_out(result))
    if signed := signed_sentence(result):
        yield Paragraph(signed)
    if not under:
        yield from left_out(result)
    yield from _changed(result)
    if isinstance(result.cases, int):
        if under:
            yield from _how_cases_stand(result)
        yield Paragraph(f"In the columns, {legend()}. A dash means none.")
        yield from grouped(result, cases, options)
        yield from _groups_compared(result)
    if isinstance(result, Screening):
        yield from attention(result, cases, options)
        yield from accepted_blocks(result)
        yield from serious_and_not_shown(result, cases)
        yield from undecided(result.rulebook, cases)
        yield from what_to_fill_in(result.rulebook, cases)
    elif not under:
        yield from follows_for_cases(result, options)
    if not under:
        yield from check_the_record(result)
    yield from assumed(result)
    yield from conclusion_blocks(result)
    yield from sample_part(result)
    yield from provenance(result)
    if isinstance(result, Screening):
        yield Paragraph(closing_words(cases))


def _groups_compared(result: Summary) -> Iterator[Block]:
    """Groups of cases beside everyone else, where a characteristic was named."""
    if result.split is not None:
        from casescreen.report.sections.groups_compared import groups_compared  # noqa: PLC0415 - only who splits waits

        yield from groups_compared(result)


def _changed(result: Summary) -> Iterator[Block]:
    """What changed since an earlier run, where one was named."""
    if result.changes is not None:
        from casescreen.report.sections.changes import changes_in_full  # noqa: PLC0415 - only who compares waits for it

        yield from changes_in_full(result.changes, level=2)


def sample_part(result: Summary) -> Iterator[Block]:
    """The sample that it is of, and what that says of all cases, where it is of one."""
    if result.drawn is not None:
        from casescreen.report.sections.drawn_sample import screened_blocks  # noqa: PLC0415 - only of a sample

        yield from screened_blocks(result)


def about(result: Summary) -> str:
    """As at when, and how many cases were screened and left out."""
    under = result.suppressed_under
    said = f"As at {in_words(result.as_of)}. {number_of(result.cases, under, 'case')} screened."
    if result.drawn is not None:
        from casescreen.report.sections.drawn_sample import sample_in_words  # noqa: PLC0415 - only of a sample

        said += f" {sample_in_words(result.drawn)}"
    if result.left_out != 0:
        were, them = ("was", "it") if result.left_out == 1 else ("were", "them")
        said += f" {number_of(result.left_out, under, 'record')} {were} left out, because of mistakes in {them}."
    if result.not_begun != 0:
        said += f" {number_of(result.not_begun, under, 'case')} had not begun by then."
    if result.closed:
        they = "It counts" if result.closed == 1 else "They count"
        said += f" {counted(result.closed, 'case is', 'cases are')} closed. {they} in rates only."
    if not under and (later := at_an_earlier_day(result)):
        said += f" {later}"
    if not under and (nobody := without_manager(result)):
        said += f" {nobody}"
    if result.orphans:
        said += f" {counted(result.orphans, 'row belongs', 'rows belong')} to no case."
    if NOT_CONFIRMED in result.assumed:
        said += f" {NOT_CONFIRMED}"
    return said


def what_is_left_out(result: Summary) -> str:
    """What is not in a report without cases, and why."""
    few = result.suppressed_under
    if not few:
        return (
            "So many cases are not listed one by one: these are figures, and what follows from them. "
            "For every outcome of every case add --output outcomes.parquet."
        )
    said = (
        "A copy to share. It counts cases: one with several rows, such as reports, counts once, with the worst. "
        f"No count from 1 to {few - 1:,} is in it. Such a count, or one by which it could be worked out, is withheld: "
        f'"<{few:,}" stands for fewer than {few:,}, and "[c]", for confidential, for any other. What is withheld is '
        "the same in every copy of these cases, whether by theme, manager or team. A proportion is shown only where "
        "both its counts are. Left out is all that is about single cases: findings, reasons, values, conclusions and "
        "actions on a case. So are conclusions on managers and teams, and those of rules that read a rate which is not "
        "shown here."
    )
    if result.split is not None:
        said = said.replace("by theme, manager or team.", f"by theme, manager, team or {result.split.field.label}.")
    return said if isinstance(result.cases, int) else f"{said} There are so few cases that no figures are shown."


def closing_words(cases: Sequence[CaseSummary]) -> str:
    """What to do next, in one line; ``cases`` are the worst first."""
    of = counted(len(cases), "case")
    urgent = wanting = serious = open_questions = 0
    for case in cases:
        urgent += bool(case.actions)
        wanting += case.needs_attention
        serious += bool(case.serious or case.is_thin)
        open_questions += len(case.undecided)
    if urgent:
        return f"{urgent:,} of {of} {_need(urgent)} action now; start with {cases[0].id}."
    if wanting:
        return (
            f"The records show no case that needs action now, but {wanting:,} of {of} {_need(wanting)} attention; "
            f"start with {cases[0].id}."
        )
    if serious:
        start = max(cases, key=attrgetter("at_stake"))
        return (
            f"In {serious:,} of {of} nothing is recorded of what would be serious if it were not done; "
            f"start with {start.id}."
        )
    if open_questions:
        return f"What can be told of {of} needs no attention; {counted(open_questions, 'question')} cannot be told yet."
    return f"Nothing needs attention in {of}." if cases else "No case was screened."


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"
