"""What a report rests on: parameters with whose number each is, what drew the inferences, and hashes."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.rulebook import Rulebook, Status
from casescreen.model.screening import Screening
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.parameters import parameters_grid
from casescreen.text import counted

SHORT_HASH = 12


def provenance(screening: Screening) -> Iterator[Block]:
    """The parameters, then what it takes to do the screening again."""
    rulebook = screening.rulebook
    if rulebook.parameters:
        yield Heading("Parameters used")
        yield parameters_grid(rulebook.parameters.values())
        yield from _unverified(rulebook)
    yield Heading("How this was made")
    yield Outline(
        (
            Item(f"Rulebook: {rulebook.id}, version {rulebook.version}, hash {rulebook.hash[:SHORT_HASH]}"),
            Item(f"Cases: {counted(len(screening.case_ids), 'case')}, hash {screening.cases_hash[:SHORT_HASH]}"),
            Item(f"Inferences drawn by: {screening.engine}"),
        )
    )


def _unverified(rulebook: Rulebook) -> Iterator[Block]:
    count = sum(parameter.status is Status.UNVERIFIED for parameter in rulebook.parameters.values())
    if count:
        are = "is" if count == 1 else "are"
        yield Paragraph(f"{count:,} of these {are} unverified: check before you rely on what was measured by it.")
