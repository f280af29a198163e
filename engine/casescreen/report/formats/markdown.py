"""The report as Markdown, in which nothing that came from a record is anything but text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from casescreen.model.screening import Summary
from casescreen.report.blocks import Block, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.registry import Options
from casescreen.report.sections.overview import overview
from casescreen.text import single_line

_MEANS_SOMETHING = re.compile(r"[\\`*_{}\[\]<>|#~$&!]")
# An address becomes a link by itself: "https:", "www." and "@" need breaking up.
_ADDRESS = re.compile(r":(?=\S)|(?<=www)\.", re.IGNORECASE)
_AT = re.compile(r"@(?=\S)")
_STARTS_A_LIST = re.compile(r"^(\d*)([-+.)])")


def render(result: Summary, options: Options) -> str:
    """The report with headings, lists and pipe tables."""
    return to_markdown(overview(result, options))


def to_markdown(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown, an empty line between them."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def inert(text: str) -> str:
    r"""The text so that Markdown shows it and does nothing else with it.

    >>> print(inert("![x](http://a) | <b>"))
    \!\[x\](http\://a) \| \<b\>
    """
    escaped = _MEANS_SOMETHING.sub(r"\\\g<0>", single_line(text))
    return _AT.sub("@&#8203;", _ADDRESS.sub(r"\\\g<0>", escaped))


def _line(text: str) -> str:
    return _STARTS_A_LIST.sub(r"\1\\\2", inert(text))


def _lines(block: Block) -> Iterable[str]:
    match block:
        case Heading(text, level):
            return (f"{'#' * level} {inert(text)}",)
        case Paragraph(text):
            return (_line(text),)
        case Outline(items):
            return _items(items, "")
        case Grid():
            return _grid(block)
        case _:
            assert_never(block)


def _items(items: Iterable[Item], indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_line(item.text)}"
        yield from _items(item.parts, indent + "  ")


def _grid(grid: Grid) -> Iterator[str]:
    yield _row(column.title for column in grid.columns)
    yield f"|{'|'.join(' ---: ' if column.figures else ' --- ' for column in grid.columns)}|"
    yield from (_row(row) for row in grid.rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(inert(cell) for cell in cells)} |"
