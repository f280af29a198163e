"""One finding: in full where there is something to do, in a row of a table where there is not."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.conditions.description import quoted
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding
from casescreen.report.attention import doubts
from casescreen.report.blocks import Column, Item
from casescreen.report.html.markup import Content, Html, join, tag
from casescreen.report.html.parts import outcome_label, severity_label, summary_list
from casescreen.report.html.rendering import outline
from casescreen.report.naming import title_of
from casescreen.text import in_words

COLUMNS = (Column("Criterion"), Column("Outcome", whole=True), Column("Why"), Column("Values read"))


def in_full(finding: Finding, rulebook: Rulebook, manager: str) -> Html:
    """Everything about a finding that somebody has to act on or to look at again; its owner if not the manager."""
    heading = tag("h4", title_of(finding, rulebook))
    tags = tag("p", outcome_label(finding.outcome), Html(" "), severity_label(finding.severity))
    return tag("div", heading, tags, summary_list(_told(finding, rulebook, manager)), class_="finding")


def _told(finding: Finding, rulebook: Rulebook, manager: str) -> Iterator[tuple[str, Content]]:
    yield "Why", _lines(finding)
    yield "Values read", _values(finding)
    yield "Due", "" if finding.due is None else f"by {in_words(finding.due)}"
    yield "To put it right", finding.remedy
    yield "Owner", "" if finding.owner == manager else finding.owner or "not recorded"
    yield "Source", str(rulebook.criterion[finding.criterion].source)


def in_a_row(finding: Finding, rulebook: Rulebook) -> tuple[Content, ...]:
    """The cells of a finding under ``COLUMNS``."""
    values = _values(finding)
    return (title_of(finding, rulebook), outcome_label(finding.outcome), _lines(finding), values)


def _lines(finding: Finding) -> Html:
    """The reason, what the facts say beside it, and when it is due."""
    return join((tag("p", line) for line in (finding.reason, *doubts(finding)) if line), "\n")


def _values(finding: Finding) -> Html:
    if not finding.values:
        return Html("")
    return outline(Item(f"{reading.field.label}: {quoted(reading.value)}") for reading in finding.values)
