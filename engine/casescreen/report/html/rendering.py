"""Blocks as HTML: what the other formats print is said here in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from casescreen.report.blocks import Block, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Html, join, tag
from casescreen.report.html.parts import table


def blocks(ids: Ids, made: Iterable[Block], level: int = 3) -> Html:
    """The blocks one under another; a heading is of ``level``, and names the tables under it."""
    return join(_blocks(ids, made, level), "\n")


def _blocks(ids: Ids, made: Iterable[Block], level: int) -> Iterator[Html]:
    title = ""
    for block in made:
        match block:
            case Heading(text):
                title = text
                yield tag(f"h{level}", text)
            case Paragraph(text):
                yield tag("p", text)
            case Outline(items, spaced):
                yield outline(items, spaced=spaced)
            case Grid(columns, rows):
                yield table(ids, title, columns, rows)
            case _:
                assert_never(block)


def outline(items: Iterable[Item], *, spaced: bool = False) -> Html:
    """A list, with lists in it."""
    lines = join((tag("li", _item(item)) for item in items), "\n")
    return tag("ul", lines, class_="spaced" if spaced else "plain")


def _item(item: Item) -> Html:
    return join((item.text, outline(item.parts)) if item.parts else (item.text,))
