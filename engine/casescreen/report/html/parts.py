"""The pieces that sections are made of: tags, tables that scroll on their own, lists of what is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.report.blocks import Column
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Content, Html, join, tag

_OUTCOMES = {
    Outcome.MET: "green",
    Outcome.NOT_MET: "red",
    Outcome.NOT_APPLICABLE: "grey",
    Outcome.NOT_YET_DUE: "blue",
    Outcome.NOT_EVIDENCED: "yellow",
    Outcome.NEEDS_JUDGEMENT: "purple",
}
_SEVERITIES = {Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "grey"}


def label(words: str, tone: str) -> Html:
    """A word on a coloured ground; the word alone says all."""
    return tag("strong", words, class_=f"tag {tone}")


def outcome_label(outcome: Outcome) -> Html:
    """An outcome as a tag."""
    return label(outcome.value, _OUTCOMES[outcome])


def severity_label(severity: Severity) -> Html:
    """A severity as a tag."""
    return label(f"{severity.value} severity", _SEVERITIES[severity])


def summary_list(rows: Iterable[tuple[str, Content]]) -> Html:
    """What is said about each thing: a term and its text, those without a text left out."""
    pairs = [tag("div", tag("dt", term), tag("dd", said)) for term, said in rows if said not in {"", Html("")}]
    return tag("dl", join(pairs, "\n"), class_="summary") if pairs else Html("")


def table(ids: Ids, caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Content]]) -> Html:
    """A captioned table whose first column names its rows, in a region that scrolls by keyboard if it is too wide."""
    body = join((_row(columns, row) for row in rows), "\n")
    head = tag("tr", *(tag("th", column.title, scope="col", **_width(column)) for column in columns))
    named = ids.new("caption")
    whole = tag("table", tag("caption", caption, id=named), tag("thead", head), tag("tbody", Html("\n"), body))
    return tag("div", whole, class_="scroll", role="region", aria_labelledby=named, tabindex=0)


def _row(columns: Sequence[Column], cells: Sequence[Content]) -> Html:
    first = tag("th", cells[0], scope="row", **_width(columns[0]))
    rest = (tag("td", cell, **_width(column)) for column, cell in zip(columns[1:], cells[1:], strict=True))
    return tag("tr", first, *rest)


def _width(column: Column) -> dict[str, str]:
    if column.figures:
        return {"class_": "figures"}
    return {"class_": "whole"} if column.whole else {}


def section(identity: str, title: str, *content: Content) -> Html:
    """A part of the page with a heading of the second level, to which the contents lead."""
    heading = tag("h2", title, id=identity)
    return tag("section", heading, Html("\n"), join(content, "\n"), aria_labelledby=identity)
