"""From a figure of the page to the cases that it counts, and from a finding back to the figure: places and links.

A place is the id of an element, made of a word and a number of ours: nothing of a record is in it. What leads from one
to another works without script.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen
from markupsafe import Markup, escape

from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.screening import Rate, Screening
from casescreen.report.wording import k_of_n, proportion_in_words
from casescreen.text import counted, single_line

LISTED = (Outcome.NOT_MET, *UNDECIDED, Outcome.NOT_YET_DUE, Outcome.MET)
"""Of which outcomes the cases are listed; all that are not named are those in which the question does not apply."""


@frozen
class PageLinks:
    """Where each thing stands on the page, and a link to it.

    Attributes:
        cases: the place of each case, by its id.
        criteria: the place of each criterion's figure, by its id.
        themes: the place of the figures of each theme, by its id.
        to_case: a link to each case, which says its id.
        to_criterion: a link to each criterion, which says its short name.
        short: the same name, as no link.
        heads: the links that stand at the head of a row of a table, by the title of their column and what they say.
    """

    cases: Mapping[str, str]
    criteria: Mapping[str, str]
    themes: Mapping[str, str]
    to_case: Mapping[str, Markup]
    to_criterion: Mapping[str, Markup]
    short: Mapping[str, Markup]
    heads: Mapping[str, Mapping[str, Markup]]

    def to_criteria(self, criteria: Iterable[str]) -> Markup:
        """A link to each of them, in one line, each once."""
        return Markup(", ").join(self.to_criterion[one] for one in dict.fromkeys(criteria))

    def to_cases(self, cases: Mapping[str, int]) -> Markup:
        """A link to each of the cases, in one line, with how often it is counted where that is not once."""
        return Markup(", ").join(
            self.to_case[case] if number == 1 else Markup("{} ({:,})").format(self.to_case[case], number)
            for case, number in cases.items()
        )


def link(place: str, text: str) -> Markup:
    """A link to a place of the page."""
    return Markup('<a href="#{}">{}</a>').format(place, single_line(text))


def page_links(screening: Screening, cases: Sequence[CaseSummary]) -> PageLinks:
    """The places of a page on which the cases stand in the order given."""
    rulebook = screening.rulebook
    of_cases = {case.id: f"case-{number}" for number, case in enumerate(cases, start=1)}
    of_criteria = {one.id: f"q{number}" for number, one in enumerate(rulebook.criteria, start=1)}
    to_case = {case: link(place, case) for case, place in of_cases.items()}
    titled = {one.title: link(of_criteria[one.id], one.title) for one in rulebook.criteria}
    return PageLinks(
        of_cases,
        of_criteria,
        {theme.id: f"theme-{number}" for number, theme in enumerate(rulebook.themes, start=1)},
        to_case,
        {one.id: link(of_criteria[one.id], one.short) for one in rulebook.criteria},
        {one.id: escape(single_line(one.short)) for one in rulebook.criteria},
        {"Case": to_case, "Criterion": titled},
    )


@frozen
class CaseGroup:
    """Cases that a figure counts.

    Attributes:
        title: what they have in common, with the figure.
        key: what the filters know it by.
        cases: links to them, the worst first.
    """

    title: str
    key: str
    cases: Markup


@frozen
class CriterionPart:
    """The figure of a criterion, and the cases behind it.

    Attributes:
        place: its id in the page.
        figure: k of n, or that nothing is decided.
        says: the question, with the proportion and the band.
        left: how many cases are in no group, as the question does not apply to them; "" where there are none.
    """

    place: str
    short: str
    figure: str
    says: str
    groups: tuple[CaseGroup, ...]
    left: str


@frozen
class ThemePart:
    """The criteria of a theme."""

    place: str
    title: str
    criteria: tuple[CriterionPart, ...]


def behind_criteria(screening: Screening, cases: Sequence[CaseSummary], links: PageLinks) -> tuple[ThemePart, ...]:
    """Each criterion, theme by theme, with the cases of each outcome; ``cases`` are the worst first."""
    rulebook, by_outcome = screening.rulebook, _cases_by_outcome(screening, cases)
    parts = defaultdict[str, list[CriterionPart]](list)
    for rate in screening.rates:
        parts[rulebook.criterion[rate.criterion].theme].append(
            _part(screening, rate, by_outcome[rate.criterion], links)
        )
    themes = ((theme, parts[theme.id]) for theme in rulebook.themes)
    return tuple(ThemePart(links.themes[theme.id], theme.title, tuple(every)) for theme, every in themes if every)


def _cases_by_outcome(
    screening: Screening, cases: Sequence[CaseSummary]
) -> Mapping[str, Mapping[Outcome, Counter[str]]]:
    """In how many findings of each case a criterion came to an outcome, the worst case first."""
    rank = {case.id: number for number, case in enumerate(cases)}
    counts = defaultdict[str, defaultdict[Outcome, Counter[str]]](lambda: defaultdict(Counter))
    for finding in sorted(screening.findings, key=lambda one: rank[one.case]):
        counts[finding.criterion][finding.outcome][finding.case] += 1
    return counts


def _part(
    screening: Screening, rate: Rate, by_outcome: Mapping[Outcome, Counter[str]], links: PageLinks
) -> CriterionPart:
    rulebook = screening.rulebook
    criterion, bands = rulebook.criterion[rate.criterion], {one.id: one.label for one in rulebook.bands.bands}
    says = [criterion.question]
    if rate.of:
        says.append(f"Met: {proportion_in_words(rate.met, rate.of)} of those decided")
        says[-1] += f"; {bands.get(rate.band, rate.band)}." if rate.band else "."
    left = set(screening.case_ids) - {case for one in LISTED for case in by_outcome.get(one, ())}
    return CriterionPart(
        links.criteria[criterion.id],
        criterion.short,
        f"{k_of_n(rate.met, rate.of)} met" if rate.of else "nothing decided",
        " ".join(says),
        tuple(_group(outcome, by_outcome[outcome], links) for outcome in LISTED if by_outcome.get(outcome)),
        f"{counted(len(left), 'case is', 'cases are')} not named: it does not apply there." if left else "",
    )


def _group(outcome: Outcome, cases: Counter[str], links: PageLinks) -> CaseGroup:
    title = f"{outcome.value.capitalize()} ({cases.total():,})"
    return CaseGroup(title, outcome.value.replace(" ", "-"), links.to_cases(cases))


def behind_states(cases: Iterable[CaseSummary], links: PageLinks) -> Iterator[CaseGroup]:
    """The cases behind the figures at the head of the page; those to act on now stand there themselves."""
    every = tuple(cases)
    groups = (
        ("need-work", "Need work", {one.id: 1 for one in every if one.needs_attention and not one.actions}),
        ("no-failure", "No failure shown", {one.id: 1 for one in every if not one.needs_attention and not one.closed}),
        ("not-known", "Not known", {one.id: len(one.undecided) for one in every if one.undecided}),
        ("serious", "Serious if not done, and not known", {one.id: len(one.serious) for one in every if one.serious}),
        ("look-again", "Look again", {one.id: len(one.doubted) for one in every if one.doubted and not one.closed}),
        ("closed", "Closed", {one.id: 1 for one in every if one.closed}),
    )
    for key, title, counts in groups:
        if counts:
            number, of = sum(counts.values()), len(counts)
            many = f"{number:,} in {counted(of, 'case')}" if number != of else f"{of:,}"
            yield CaseGroup(f"{title} ({many})", key, links.to_cases(counts))
