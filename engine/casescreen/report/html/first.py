"""What to look at first: each case with something to act on in one line, and what was concluded on all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening
from casescreen.report.blocks import Column
from casescreen.report.digest import closing_words
from casescreen.report.drawn import drawn
from casescreen.report.figures import worst_of
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Content, Html, tag
from casescreen.report.html.parts import section, table
from casescreen.report.html.rendering import blocks
from casescreen.report.naming import and_more, figure, first
from casescreen.report.standing import CaseStanding

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
    ids: Ids, rulebook: Rulebook, cases: Sequence[CaseStanding], places: Mapping[str, str], most: int
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


def _first_row(case: CaseStanding, rulebook: Rulebook, places: Mapping[str, str]) -> Iterator[Content]:
    place = places.get(case.id)
    yield tag("a", case.id, href=f"#{place}") if place else case.id
    yield case.manager or "not recorded"
    yield worst_of(case, rulebook)
    for things in (case.actions, case.failed, case.doubted, case.undecided):
        yield figure(len(things))


def stands_out(ids: Ids, screening: Screening, most: int) -> Html:
    """Actions, strengths, areas and patterns across the cases."""
    made = tuple(drawn(screening, most))
    told = blocks(ids, made) if made else tag("p", "Nothing was concluded on the cases together.")
    return section("together", "Strengths, areas and patterns", told)
