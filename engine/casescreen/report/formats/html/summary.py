"""What to look at first, and each theme with its criteria."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.rulebook import Rulebook, Theme
from casescreen.model.screening import Rate, Screening
from casescreen.report.blocks import Column
from casescreen.report.formats.html.markup import Content, Html, Ids, bar, blocks, join, section, table, tag
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.conclusions import conclusion_blocks
from casescreen.report.sections.overview import closing_words, grouped, worst_of
from casescreen.report.wording import BESIDE, and_more, figure, first, k_of_n, legend, proportion_in_words

_FIRST_COLUMNS = (
    Column("Case", whole=True),
    Column("Owner", whole=True),
    Column("The worst of it"),
    Column("Act now", figures=True),
    Column("Not met", figures=True),
    Column("Look again", figures=True),
    Column("Cannot be told", figures=True),
)


def needs_attention(
    ids: Ids, rulebook: Rulebook, cases: Sequence[CaseSummary], places: Mapping[str, str], most: int
) -> Html:
    """The cases with something to act on, the worst first; ``places`` are the ids of their sections."""
    shown, more = first((case for case in cases if case.needs_attention), most)
    said = tag("p", closing_words(cases), class_="inset")
    if not shown:
        return section("attention", "What needs attention first", said)
    rows = (tuple(_first_row(case, rulebook, places)) for case in shown)
    made = table(ids, "Cases that need attention, the worst first", _FIRST_COLUMNS, rows)
    rest = tag("p", and_more(more, "case")) if more else Html("")
    return section("attention", "What needs attention first", said, made, rest)


def _first_row(case: CaseSummary, rulebook: Rulebook, places: Mapping[str, str]) -> Iterator[Content]:
    place = places.get(case.id)
    yield tag("a", case.id, href=f"#{place}") if place else case.id
    yield case.manager or "not recorded"
    yield worst_of(case, rulebook)
    for things in (case.actions, case.failed, case.doubted, case.undecided):
        yield figure(len(things))


def stands_out(ids: Ids, screening: Screening, most: int) -> Html:
    """Actions, strengths, areas and patterns across the cases."""
    made = tuple(conclusion_blocks(screening, most))
    told = blocks(ids, made) if made else tag("p", "Nothing was concluded on the cases together.")
    return section("together", "Strengths, areas and patterns", told)


GROUPS = "How the figures are shared out"
_THEME_COLUMNS = (
    Column("Criterion"),
    Column("Bar"),
    Column("Met", figures=True),
    Column("Proportion"),
    *(Column(title, figures=True) for title, _ in BESIDE.values()),
)


def themes(ids: Ids, screening: Screening) -> Html:
    """The criteria by theme, in the rulebook's order."""
    about = (
        f"Each bar shows how many of the cases that were met or not met were met. In the columns, {legend()}. "
        "A dash means none."
    )
    parts = (_theme(ids, screening.rulebook, theme, screening.rates) for theme in screening.rulebook.themes)
    return section("themes", "How each theme came out", tag("p", about), *parts)


def groups(ids: Ids, screening: Screening, cases: Sequence[CaseSummary], options: Options) -> Html:
    """The figures by case, manager or team, in the words of the other formats; nothing where they are by theme."""
    if options.by is By.THEME:
        return Html("")
    return section("groups", GROUPS, blocks(ids, grouped(screening, cases, options)))


def _theme(ids: Ids, rulebook: Rulebook, theme: Theme, rates: tuple[Rate, ...]) -> Html:
    members = [rate for rate in rates if rulebook.criterion[rate.criterion].theme == theme.id]
    if not members:
        return Html("")
    rows = (tuple(_theme_row(rulebook, rate)) for rate in members)
    return join((tag("h3", theme.title), table(ids, f"{theme.title}: criteria", _THEME_COLUMNS, rows)), "\n")


def _theme_row(rulebook: Rulebook, rate: Rate) -> Iterator[Content]:
    yield rulebook.criterion[rate.criterion].title
    yield bar(rate.met, rate.of)
    yield k_of_n(rate.met, rate.of)
    yield proportion_in_words(rate.met, rate.of) if rate.of else ""
    yield from (figure(rate.counts[outcome]) for outcome in BESIDE)
