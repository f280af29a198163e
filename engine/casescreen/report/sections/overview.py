"""The whole report as blocks, and the figures at its head: by theme, case, manager or team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, assert_never

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Conclusion, Rate, Screening
from casescreen.report.blocks import Block, Column, Grid, Heading, Outline, Paragraph
from casescreen.report.case_summary import CaseSummary, case_summaries
from casescreen.report.options import By, Options
from casescreen.report.sections.cases import attention, undecided
from casescreen.report.sections.conclusions import conclusion_blocks, conclusion_item
from casescreen.report.wording import (
    BESIDE,
    and_more,
    figure,
    first,
    group_name,
    k_of_n,
    legend,
    proportion_in_words,
    provenance,
    title_of,
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


def figures(screening: Screening, cases: Sequence[CaseSummary], options: Options) -> Iterator[Block]:
    """The figures, grouped as the options say, with what their columns mean."""
    yield meaning()
    yield from grouped(screening, cases, options)


def grouped(screening: Screening, cases: Sequence[CaseSummary], options: Options) -> Iterator[Block]:
    """The figures, grouped as the options say."""
    match options.by:
        case By.THEME:
            yield from by_theme(screening.rulebook, screening.rates)
        case By.CASE:
            yield from _by_case(screening.rulebook, cases, options.most)
        case By.MANAGER:
            sizes = Counter(screening.managers.values())
            yield from by_group(screening, Scope.MANAGER, screening.by_manager, sizes, options.most)
        case By.TEAM:
            sizes = Counter(screening.teams.values())
            yield from by_group(screening, Scope.TEAM, screening.by_team, sizes, options.most)
        case _:
            assert_never(options.by)


def meaning() -> Paragraph:
    """What the columns of the figures mean."""
    return Paragraph(f"In the columns, {legend()}. A dash means none.")


def by_theme(rulebook: Rulebook, rates: Sequence[Rate]) -> Iterator[Block]:
    """A heading and a grid of rates for each theme."""
    for theme in rulebook.themes:
        members = [rate for rate in rates if rulebook.criterion[rate.criterion].theme == theme.id]
        if members:
            yield Heading(theme.title)
            yield _rates(rulebook, members)


def _rates(rulebook: Rulebook, rates: Iterable[Rate]) -> Grid:
    return Grid(_RATES, tuple(_rate(rulebook.criterion[rate.criterion].title, rate) for rate in rates))


def _rate(title: str, rate: Rate) -> tuple[str, ...]:
    beside = (figure(rate.counts[outcome]) for outcome in BESIDE)
    return (title, k_of_n(rate.met, rate.of), proportion_in_words(rate.met, rate.of) if rate.of else "", *beside)


def _by_case(rulebook: Rulebook, cases: Sequence[CaseSummary], most: int) -> Iterator[Block]:
    shown, more = first(cases, most)
    yield Heading("Case by case, the worst first")
    yield Grid(_CASES, tuple(_case(case, rulebook) for case in shown))
    if more:
        yield Paragraph(and_more(more, "case"))


def _case(case: CaseSummary, rulebook: Rulebook) -> tuple[str, ...]:
    counts = (figure(case.counts[outcome]) for outcome in (Outcome.MET, Outcome.NOT_MET, *BESIDE))
    return (case.id, *counts, worst_of(case, rulebook), case.manager)


def worst_of(case: CaseSummary, rulebook: Rulebook) -> str:
    """The most pressing thing in a case, in a line; "" where there is nothing."""
    if case.actions:
        return f"Act now: {case.actions[0].says}"
    if case.failed:
        return f"Not met: {title_of(case.failed[0], rulebook)}"
    return f"Look again: {title_of(case.doubted[0], rulebook)}" if case.doubted else ""


class Grouped(Protocol):
    """What was found over groups of cases, whether the cases are listed or not."""

    @property
    def rulebook(self) -> Rulebook:
        """Which rules."""

    @property
    def conclusions(self) -> tuple[Conclusion, ...]:
        """What follows from them."""


def by_group(
    found: Grouped, scope: Scope, groups: Mapping[str, tuple[Rate, ...]], sizes: Mapping[str, int], most: int
) -> Iterator[Block]:
    """For each group its rates and what is concluded on it; cases of which the record names no one come last."""
    shown, more = first(sorted(groups, key=lambda name: (not name, name)), most)
    for name in shown:
        yield Heading(f"{group_name(scope, name)}: {counted(sizes[name], 'case')}")
        yield _rates(found.rulebook, groups[name])
        about = [c for c in found.conclusions if c.on is scope and c.subject == name]
        if about:
            yield Outline(tuple(conclusion_item(conclusion, named=False) for conclusion in about))
    if more:
        yield Paragraph(and_more(more, scope.value))


def overview(screening: Screening, options: Options) -> Iterator[Block]:
    """The report from its title to its closing words."""
    cases = case_summaries(screening)
    yield Heading(f"{screening.rulebook.title} (version {screening.rulebook.version})", level=1)
    yield Paragraph(about(screening))
    yield from figures(screening, cases, options)
    yield from attention(screening, cases, options.most)
    yield from undecided(screening.rulebook, cases, options.most)
    yield from conclusion_blocks(screening, options.most)
    yield from provenance(screening)
    yield Paragraph(closing_words(cases))


def about(screening: Screening) -> str:
    """As at when, and how many cases were screened and left out."""
    said = f"As at {in_words(screening.as_of)}. {counted(len(screening.case_ids), 'case')} screened."
    if not screening.left_out:
        return said
    were, them = ("was", "it") if screening.left_out == 1 else ("were", "them")
    return f"{said} {counted(screening.left_out, 'record')} {were} left out, because of mistakes in {them}."


def closing_words(cases: Sequence[CaseSummary]) -> str:
    """What to do next, in one line; ``cases`` are the worst first."""
    of = counted(len(cases), "case")
    urgent = sum(bool(case.actions) for case in cases)
    if urgent:
        return f"{urgent:,} of {of} {_need(urgent)} action now; start with {cases[0].id}."
    wanting = sum(case.needs_attention for case in cases)
    if wanting:
        return (
            f"No case needs action now, but {wanting:,} of {of} {_need(wanting)} attention; start with {cases[0].id}."
        )
    open_questions = sum(len(case.undecided) for case in cases)
    if open_questions:
        return f"Nothing was found wrong in {of}, but {counted(open_questions, 'question')} cannot be told yet."
    return f"Nothing needs attention in {of}."


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"
