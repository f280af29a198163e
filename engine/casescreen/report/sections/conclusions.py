"""What was concluded about the cases together, and about managers and teams: each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.rulebook import ConclusionKind, ConclusionRule, Scope
from casescreen.model.screening import Conclusion, Summary
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.wording import bands_in_words, group_name

TITLES = {
    ConclusionKind.ACTION: "Action across the cases",
    ConclusionKind.SUMMARY: "In short",
    ConclusionKind.STRENGTH: "Strengths",
    ConclusionKind.AREA: "Areas for improvement",
    ConclusionKind.EXCEPTION: "Steps that must always be taken, and were not",
    ConclusionKind.PATTERN: "Patterns",
}


def conclusion_blocks(result: Summary) -> Iterator[Block]:
    """Strengths, areas for improvement, exceptions and patterns, and what a band is."""
    together = [conclusion for conclusion in result.conclusions if conclusion.on is not Scope.CASE]
    for kind, title in TITLES.items():
        items = tuple(conclusion_item(conclusion) for conclusion in together if conclusion.kind is kind)
        if items:
            yield Heading(title)
            yield Outline(items, spaced=True)
    if together:
        yield Paragraph(bands_in_words(result.rulebook))


def conclusion_item(conclusion: Conclusion, *, named: bool = True) -> Item:
    """A conclusion with what it rests on, what to do and its limits; ``named`` says whom it is about."""
    about = f"{group_name(conclusion.on, conclusion.subject)}: " if named and conclusion.on is not Scope.SAMPLE else ""
    return Item(f"{about}{conclusion.says}", conclusion_parts(conclusion))


def conclusion_parts(conclusion: Conclusion) -> tuple[Item, ...]:
    """What stands under a conclusion."""
    because = [Item(reason) for reason in conclusion.because]
    if len(because) == 1:
        because = [Item(f"Rests on: {because[0].text}")]
    elif because:
        because = [Item("Rests on:", tuple(because))]
    return (*because, *advice(conclusion))


def advice(conclusion: Conclusion | ConclusionRule) -> Iterator[Item]:
    """What to do about a conclusion, and its limits."""
    if conclusion.remedy:
        yield Item(f"To put it right: {conclusion.remedy}")
    if conclusion.note:
        yield Item(f"Note: {conclusion.note}")
