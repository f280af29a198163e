"""The whole report as blocks, and the figures at its head: by theme, case, manager or team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Count, Rate, Screening, Summary
from casescreen.report.blocks import Block, Column, Grid, Heading, Outline, Paragraph
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.cases import (
    assumed,
    at_an_earlier_day,
    attention,
    check_the_record,
    follows_for_cases,
    left_out,
    serious_and_not_shown,
    undecided,
)
from casescreen.report.sections.conclusions import conclusion_blocks, conclusion_item
from casescreen.report.wording import (
    BESIDE,
    and_more,
    figure,
    first,
    group_name,
    k_of_n,
    legend,
    number_of,
    proportion_in_words,
    provenance,
    title_of,
    title_of_report,
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


def grouped(result: Summary, cases: Sequence[CaseSummary], options: Options) -> Iterator[Block]:
    """The figures, grouped as the options say; ``cases`` are none where no case is listed."""
    if options.by is By.THEME or result.suppressed_under:
        for theme in result.rulebook.themes:
            members = [rate for rate in result.rates if result.rulebook.criterion[rate.criterion].theme == theme.id]
            if members:
                yield Heading(theme.title)
                yield _rates(result, members)
    if options.by is By.CASE:
        yield from _by_case(result.rulebook, cases, options.most)
    elif options.by is By.MANAGER:
        yield from _by_group(result, Scope.MANAGER, result.by_manager, result.manager_sizes, options.most)
    elif options.by is By.TEAM:
        yield from _by_group(result, Scope.TEAM, result.by_team, result.team_sizes, options.most)


def _rates(result: Summary, rates: Iterable[Rate]) -> Grid:
    """Each rate in a row; in a suppressed copy met and not met stand apart, since one can be shown alone."""
    under, rows = result.suppressed_under, []
    for rate in rates:
        if under:
            met = [figure(rate.counts[outcome], under) for outcome in (Outcome.MET, Outcome.NOT_MET)]
        else:
            met = [k_of_n(rate.met, rate.of)]
        share = proportion_in_words(*rate.shown) if rate.shown and rate.shown[1] else ""
        beside = [figure(rate.counts[outcome], under) for outcome in BESIDE]
        rows.append((result.rulebook.criterion[rate.criterion].title, *met, share, *beside))
    columns = _RATES
    if under:
        met_columns = [Column(title, figures=True, whole=True) for title in ("Met", "Not met")]
        beside_columns = [Column(title, figures=True, whole=True) for title, _ in BESIDE.values()]
        columns = (Column("Criterion"), *met_columns, Column("Proportion"), *beside_columns)
    return Grid(columns, tuple(rows))


def _by_case(rulebook: Rulebook, cases: Sequence[CaseSummary], most: int) -> Iterator[Block]:
    shown, more = first(sorted(cases, key=lambda case: (not case.actions, not case.serious)), most)
    rows = []
    for case in shown:
        counts = [figure(case.counts[outcome]) for outcome in (Outcome.MET, Outcome.NOT_MET, *BESIDE)]
        rows.append((case.id, *counts, worst_of(case, rulebook), case.manager))
    yield Heading("Case by case: act now, then what would be serious and is not shown, then the rest")
    yield Grid(_CASES, tuple(rows))
    if more:
        yield Paragraph(and_more(more, "case"))


def worst_of(case: CaseSummary, rulebook: Rulebook) -> str:
    """The most pressing thing in a case, in a line; "" where there is nothing."""
    if case.actions:
        return f"Act now: {case.actions[0].says}"
    if case.failed:
        return f"Not met: {title_of(case.failed[0], rulebook)}"
    if case.doubted:
        return f"Look again: {title_of(case.doubted[0], rulebook)}"
    return f"Not shown: {title_of(case.serious[0], rulebook)}" if case.serious else ""


def _by_group(
    result: Summary, scope: Scope, groups: Mapping[str, tuple[Rate, ...]], sizes: Mapping[str, Count], most: int
) -> Iterator[Block]:
    """For each group its rates and what is concluded on it; cases of which the record names no one come last."""
    names, more = first(sorted(groups, key=lambda name: (not name, name)), most)
    if result.suppressed_under and names:
        yield from _sizes(result, scope, {name: sizes[name] for name in names}, len(groups[names[0]]))
        names = tuple(name for name in names if groups[name])
    for name in names:
        size = sizes[name]
        yield Heading(group_name(scope, name) + (f": {counted(size, 'case')}" if isinstance(size, int) else ""))
        yield _rates(result, groups[name])
        about = [c for c in result.conclusions if c.on is scope and c.subject == name]
        if about:
            yield Outline(tuple(conclusion_item(conclusion, named=False) for conclusion in about))
    if more:
        yield Paragraph(and_more(more, scope.value))


def _sizes(result: Summary, scope: Scope, sizes: Mapping[str, Count], told: int) -> Iterator[Block]:
    """How many cases each group has, and how many criteria can be told group by group."""
    yield Heading(f"By {scope.value}")
    rows = ((group_name(scope, name), figure(size, result.suppressed_under)) for name, size in sizes.items())
    yield Grid((Column(scope.value.capitalize()), Column("Cases", figures=True)), tuple(rows))
    yield Paragraph(
        f"{told:,} of {counted(len(result.rates), 'criterion', 'criteria')} can be told {scope.value} by "
        f"{scope.value}: those of which no count is small."
    )


def overview(result: Summary, options: Options) -> Iterator[Block]:
    """The report from its title to its closing words; what is about single cases only where there are some."""
    cases, under = case_summaries(result) if isinstance(result, Screening) else (), result.suppressed_under
    yield Heading(title_of_report(result), level=1)
    yield Paragraph(about(result))
    if not isinstance(result, Screening):
        yield Paragraph(what_is_left_out(result))
    if not under:
        yield from left_out(result)
    yield from assumed(result, options.most)
    if isinstance(result.cases, int):
        if result.states:
            yield Heading("How the cases stand")
            states = ((one.value.capitalize(), figure(count, under)) for one, count in result.states.items())
            yield Grid((Column("Stands"), Column("Cases", figures=True)), tuple(states))
        yield Paragraph(f"In the columns, {legend()}. A dash means none.")
        yield from grouped(result, cases, options)
    if isinstance(result, Screening):
        yield from attention(result, cases, options.most)
        yield from serious_and_not_shown(result, cases, result.rulebook, options.most)
        yield from undecided(result.rulebook, cases, options.most)
    elif not under:
        yield from follows_for_cases(result, options)
    if not under:
        yield from check_the_record(result, options.most)
    yield from conclusion_blocks(result, options.most)
    yield from provenance(result)
    if isinstance(result, Screening):
        yield Paragraph(closing_words(cases))


def about(result: Summary) -> str:
    """As at when, and how many cases were screened and left out."""
    under = result.suppressed_under
    said = f"As at {in_words(result.as_of)}. {number_of(result.cases, under, 'case')} screened."
    if result.left_out != 0:
        were, them = ("was", "it") if result.left_out == 1 else ("were", "them")
        said += f" {number_of(result.left_out, under, 'record')} {were} left out, because of mistakes in {them}."
    if result.not_begun != 0:
        said += f" {number_of(result.not_begun, under, 'case')} had not begun by then."
    if not under and (later := at_an_earlier_day(result)):
        said += f" {later}"
    if result.orphans:
        said += f" {counted(result.orphans, 'row belongs', 'rows belong')} to no case."
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
        f'A copy to share. A count from 1 to {few - 1:,} is shown as "<{few:,}": fewer than {few:,}. Where it could be '
        'worked out from the others, more of them are withheld, shown as "[c]" for confidential. A proportion is shown '
        "only where both its counts are. Left out is all that is about single cases: findings, reasons, values, "
        "conclusions and actions on a case. So are conclusions on managers and teams, and those of rules that read a "
        "rate which is not shown here."
    )
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
            f"No case needs action now, but {wanting:,} of {of} {_need(wanting)} attention; start with {cases[0].id}."
        )
    if serious:
        start = max(cases, key=lambda case: (len(case.serious), len(case.undecided)))
        return (
            f"In {serious:,} of {of} nothing is recorded of what would be serious if it were not done; "
            f"start with {start.id}."
        )
    if open_questions:
        return f"What can be told of {of} needs no attention; {counted(open_questions, 'question')} cannot be told yet."
    return f"Nothing needs attention in {of}." if cases else "No case was screened."


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"
