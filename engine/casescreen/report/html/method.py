"""How the screening was made: method, limits, numbers, sources, and what each outcome means."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.outcome import Outcome
from casescreen.model.screening import Screening
from casescreen.report.blocks import Block, Column, Heading, Item, Outline, Paragraph
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Content, Html, tag
from casescreen.report.html.parts import outcome_label, section, table
from casescreen.report.html.rendering import blocks
from casescreen.report.naming import OUTCOMES_MEAN, text_not_shown
from casescreen.report.parameters import bands_in_words
from casescreen.report.provenance import provenance

_LIMITS = (
    "It sees only what the record says. What was done and not recorded is not counted as a failure, nor as done.",
    "Whether work was good enough is a reader's judgement. The rules hold facts against the answer; they do not judge.",
    "k of n counts only what was met or not met. Every other outcome is counted beside it.",
    "It is a screening to work from, not an inspection, and claims no authority.",
)


def method(ids: Ids, screening: Screening) -> Html:
    """The method and its limits, every parameter with its status and source, and the hashes."""
    return section("method", "Method, limits and parameters", blocks(ids, _told(screening)))


def _told(screening: Screening) -> Iterator[Block]:
    rulebook = screening.rulebook
    yield Paragraph(rulebook.about)
    yield Heading("Limits")
    yield Outline(tuple(Item(limit) for limit in _LIMITS))
    if screening.problems:
        yield Heading("Records that could be read and not screened")
        yield Outline(
            tuple(Item(f"{problem.place}: {problem.what}. {problem.advice}") for problem in screening.problems)
        )
    if hint := text_not_shown(screening.quoting):
        yield Paragraph(hint)
    yield from provenance(screening)
    yield Paragraph(bands_in_words(rulebook.bands))
    yield Heading("Sources")
    yield Outline(tuple(Item(". ".join(filter(None, (one.title, one.note)))) for one in rulebook.documents.values()))


def glossary(ids: Ids, screening: Screening) -> Html:
    """The six outcomes, with how many findings came to each."""
    about = tag("p", "Every finding comes to one of six outcomes.")
    columns = (Column("Outcome"), Column("What it means"), Column("Findings", figures=True))
    made = table(ids, "The six outcomes", columns, (_outcome(screening, outcome) for outcome in Outcome))
    return section("glossary", "What the outcomes mean", about, made)


def _outcome(screening: Screening, outcome: Outcome) -> tuple[Content, ...]:
    count = sum(finding.outcome is outcome for finding in screening.findings)
    return (outcome_label(outcome), OUTCOMES_MEAN[outcome], f"{count:,}")
