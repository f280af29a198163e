"""Each theme with its criteria: a bar, and the same figures beside it."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.rulebook import Rulebook, Theme
from casescreen.model.screening import Rate, Screening
from casescreen.report.blocks import Column
from casescreen.report.html.bars import bar
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Content, Html, join, tag
from casescreen.report.html.parts import section, table
from casescreen.report.naming import BESIDE, figure, legend
from casescreen.report.proportion import in_words, k_of_n

_COLUMNS = (
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


def _theme(ids: Ids, rulebook: Rulebook, theme: Theme, rates: tuple[Rate, ...]) -> Html:
    members = [rate for rate in rates if rulebook.criterion[rate.criterion].theme == theme.id]
    if not members:
        return Html("")
    rows = (tuple(_row(rulebook, rate)) for rate in members)
    return join((tag("h3", theme.title), table(ids, f"{theme.title}: criteria", _COLUMNS, rows)), "\n")


def _row(rulebook: Rulebook, rate: Rate) -> Iterator[Content]:
    yield rulebook.criterion[rate.criterion].title
    yield bar(rate.met, rate.of)
    yield k_of_n(rate.met, rate.of)
    yield in_words(rate.met, rate.of) if rate.of else ""
    yield from (figure(rate.counts[outcome]) for outcome in BESIDE)
