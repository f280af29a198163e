"""A copy to share as a workbook: its words on the cover, and a sheet for each of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casescreen.report.blocks import Block, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.sharing.figures import Shared
from casescreen.report.sharing.shared_copy import shared_copy, title
from casescreen.report.workbook.cover import Line
from casescreen.report.workbook.sheet import Cell, Column, Sheet
from casescreen.report.workbook.writing import Book

_WORDS, _FIGURES = 40, 14


def workbook(shared: Shared) -> bytes:
    """The copy as the bytes of a workbook."""
    copy = tuple(shared_copy(shared))
    book = Book(title(shared), shared.as_of)
    book.write_cover(_lines(copy))
    for sheet in _sheets(copy):
        book.write_table(sheet)
    return book.to_bytes()


def _lines(copy: Iterable[Block]) -> Iterator[Line]:
    heading = ""
    for block in copy:
        match block:
            case Heading(text, 1):
                yield Line(text)
            case Heading(text):
                heading = text
            case Paragraph(text):
                yield Line(heading or "About this copy", text)
            case Outline(items):
                yield from (Line(heading, " ".join(_said(item))) for item in items)
            case Grid():
                pass


def _said(item: Item) -> Iterator[str]:
    yield item.text if item.text.endswith((".", ")")) else f"{item.text}."
    for part in item.parts:
        yield from _said(part)


def _sheets(copy: Iterable[Block]) -> Iterator[Sheet]:
    heading = ""
    for block in copy:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Grid):
            columns = (Column(one.title, _FIGURES if one.figures else _WORDS) for one in block.columns)
            yield Sheet(heading, tuple(columns), (tuple(_cell(text) for text in row) for row in block.rows))


def _cell(text: str) -> Cell:
    """A count as a number, so that it can be sorted and added up."""
    figures = text.replace(",", "")
    return int(figures) if figures.isascii() and figures.isdigit() else text
