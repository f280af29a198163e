"""What the letter is made of, before any Word document: parts in the order of reading."""

from __future__ import annotations

from attrs import frozen

from casescreen.report.blocks import Grid, Heading, Paragraph
from casescreen.report.letter.statement import Statement


@frozen
class Said:
    """A paragraph of statements, each followed by its number; a numbered paragraph has its own number before it."""

    statements: tuple[Statement, ...]
    lead: str = ""
    bullet: bool = False


@frozen
class Notice:
    """A paragraph set off from the rest: what the draft is, and is not."""

    title: str
    text: str


@frozen
class Blank:
    """A line for the sender to fill in."""

    label: str
    hint: str


Part = Heading | Paragraph | Grid | Said | Notice | Blank
