"""What to look at first, and each theme with its criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening
from casescreen.report.blocks import Column, Paragraph
from casescreen.report.formats.html.markup import Content, Html, Ids, bar, blocks, join, table, tag
from casescreen.report.sections.conclusions import conclusion_blocks
from casescreen.report.sections.overview import closing_words, worst_of
from casescreen.report.wording import BESIDE, and_more, figure, first, k_of_n, legend, proportion_in_words

_CASE_COLUMNS = (
    Column("Case", whole=True),
    Column("Owner", whole=True),
    Column("The worst of it"),
    Column("Act now", figures=True),
    Column("Not met", figures=True),
    Column("Look again", figures=True),
    Column("Cannot be told", figures=True),
)
_THEME_COLUMNS = (
    Column("Criterion"),
    Column("Bar"),
    Column("Met", figures=True),
    Column("Proportion"),
    *(Column(title, figures=True) for title, _ in BESIDE.values()),
)


def needs_attention(
    ids: Ids, rulebook: Rulebook, cases: Sequence[CaseSummary], places: Mapping[str, str], most: int
) -> Html:
    """The cases with something to act on, the worst first; ``places`` are the ids of their sections."""
    shown, more = first((case for case in cases if case.needs_attention), most)
    parts = [tag("p", closing_words(cases), class_="inset")]
    if shown:
        rows = (
            (
                tag("a", case.id, href=f"#{places[case.id]}") if case.id in places else case.id,
                case.manager or "not recorded",
                worst_of(case, rulebook),
                *(figure(len(each)) for each in (case.actions, case.failed, case.doubted, case.undecided)),
            )
            for case in shown
        )
        parts.append(table(ids, "Cases that need attention, the worst first", _CASE_COLUMNS, rows))
        parts.append(tag("p", and_more(more, "case")) if more else Html(""))
    return join(parts, "\n")


def stands_out(ids: Ids, screening: Screening, most: int) -> Html:
    """Actions, strengths, areas and patterns across the cases."""
    conclusions = tuple(conclusion_blocks(screening, most))
    return blocks(ids, conclusions or (Paragraph("Nothing was concluded on the cases together."),))


def themes(ids: Ids, screening: Screening) -> Html:
    """The criteria by theme, in the rulebook's order."""
    about = (
        f"Each bar shows how many of the cases that were met or not met were met. In the columns, {legend()}. "
        "A dash means none."
    )
    criteria, parts = screening.rulebook.criterion, [tag("p", about)]
    for theme in screening.rulebook.themes:
        rows: list[tuple[Content, ...]] = [
            (
                criteria[rate.criterion].title,
                bar(rate.met, rate.of),
                k_of_n(rate.met, rate.of),
                proportion_in_words(rate.met, rate.of) if rate.of else "",
                *(figure(rate.counts[outcome]) for outcome in BESIDE),
            )
            for rate in screening.rates
            if criteria[rate.criterion].theme == theme.id
        ]
        heading, caption = tag("h3", theme.title), f"{theme.title}: criteria"
        parts.append(join((heading, table(ids, caption, _THEME_COLUMNS, rows)), "\n") if rows else Html(""))
    return join(parts, "\n")
