"""Each theme with its criteria: a bar, and the same figures beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.model.rulebook import Rulebook, Theme
from casescreen.model.screening import Rate, Screening
from casescreen.report.blocks import Column
from casescreen.report.figures import grouped
from casescreen.report.html.bars import bar
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Content, Html, join, tag
from casescreen.report.html.parts import section, table
from casescreen.report.html.rendering import blocks
from casescreen.report.naming import BESIDE, figure, legend
from casescreen.report.options import By, Options
from casescreen.report.proportion import k_of_n, proportion_in_words
from casescreen.report.standing import CaseStanding

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


def groups(ids: Ids, screening: Screening, cases: Sequence[CaseStanding], options: Options) -> Html:
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
