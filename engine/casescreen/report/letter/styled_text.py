"""Parts of the letter as word processors have them: paragraphs of runs in named styles, and tables under titles.

What stands in a document, and how it looks, is settled here once, whatever writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import assert_never

from attrs import evolve, frozen

from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.letter.statements import Blank, LinkedGrid, LinkedRow, NewPage, Notice, Part, Said
from casescreen.text import single_line

NORMAL, TITLE, SECTION, SUBSECTION = "Normal", "Title", "Heading 1", "Heading 2"
BULLET, TABLE = "List Bullet", "Table Grid"
LANGUAGE = "en-GB"
MARK = "DRAFT: a self-assessment, not checked and without authority"
PAGE, PAGE_MARGIN = (210, 297), 22
"""A4, and what is left free at each edge of it, in millimetres."""

FONT = "Arial"
SIZES = {NORMAL: 11, TITLE: 20, SECTION: 15, SUBSECTION: 12.5}
"""The size of the letters of each style, in points; those of cells of tables, and the room below them, are apart."""

CELL_SIZE, BELOW_CELL = 8.5, 2
INK, FRAME, LINK = "1F3A4D", "7D1007", "1A5F8F"
"""The colours of headings, of a line around a paragraph, and of what leads elsewhere."""

_HEADINGS = {1: TITLE, 2: SECTION, 3: SUBSECTION}
# Shares of the page for columns of figures that are a number, of other figures, and of words.
_NARROW, _FIGURES, _WIDE = 2, 4, 10


@frozen
class TextRun:
    """Text of one look.

    Attributes:
        leads: the place of the document that it leads to; "" where it leads to none.
        file: the file that it leads to, as a relative address; "" where it leads to none.
        place: the name by which links lead to it; "" where none do.
    """

    text: str
    bold: bool = False
    raised: bool = False
    leads: str = ""
    file: str = ""
    place: str = ""


@frozen
class StyledParagraph:
    """A paragraph in a style that is known by its name.

    Attributes:
        new_page: whether it begins on a page of its own.
        framed: whether there is a line around it.
    """

    runs: tuple[TextRun, ...]
    style: str = NORMAL
    new_page: bool = False
    framed: bool = False


StyledCell = tuple[TextRun, ...]


@frozen
class StyledTable:
    """Rows of cells, the first of them the titles, and how the width of the page is shared among the columns."""

    rows: tuple[tuple[StyledCell, ...], ...]
    shares: tuple[int, ...]

    def widths(self, room: int) -> list[int]:
        """The width of each column where all of them have so much room."""
        return [room * share // sum(self.shares) for share in self.shares]


StyledPart = StyledParagraph | StyledTable


def styled(parts: Iterable[Part]) -> Iterator[StyledPart]:
    """The parts, each in its style."""
    for part in parts:
        yield from _styled(part)


def _styled(part: Part) -> Iterator[StyledPart]:
    match part:
        case Heading(text, level):
            yield _line(text, _HEADINGS[level])
        case NewPage(text):
            yield StyledParagraph((TextRun(single_line(text)),), SECTION, new_page=True)
        case Paragraph(text):
            yield _line(text)
        case Outline(items):
            yield from (_line(text, BULLET) for item in items for text in _texts(item))
        case Said():
            yield StyledParagraph(tuple(_said(part)), BULLET if part.bullet else NORMAL)
        case Notice(title, text):
            yield StyledParagraph((_strong(f"{title} "), TextRun(text)), framed=True)
        case Blank(label, hint):
            yield StyledParagraph((_strong(f"{label}: "), TextRun(hint)))
        case Grid():
            cells = (tuple((TextRun(single_line(text)),) for text in row) for row in part.rows)
            yield _table(part.columns, cells)
        case LinkedGrid():
            yield _table(part.columns, (tuple(_linked_cells(row)) for row in part.rows))
        case _:
            assert_never(part)


def _line(text: str, style: str = NORMAL) -> StyledParagraph:
    return StyledParagraph((TextRun(single_line(text)),), style)


def _strong(text: str) -> TextRun:
    return TextRun(text, bold=True)


def _said(said: Said) -> Iterator[TextRun]:
    if said.lead:
        yield _strong(f"{said.lead}  ")
    for position, statement in enumerate(said.statements):
        yield TextRun(f"{' ' if position else ''}{single_line(statement.text)}")
        yield TextRun(f"[{statement.number}]", raised=True, leads=statement.leads, place=statement.place)


def _table(columns: Sequence[Column], rows: Iterable[tuple[StyledCell, ...]]) -> StyledTable:
    titles = tuple((TextRun(column.title, bold=True),) for column in columns)
    return StyledTable((titles, *rows), tuple(map(_share, columns)))


def _linked_cells(row: LinkedRow) -> Iterator[StyledCell]:
    """The cells of a row, of which the first text of the first bears its name."""
    place = row.place
    for cell in row.cells:
        runs = [
            TextRun("".join(_inside(one.text) for one in together), leads=leads, file=file)
            for (leads, file), together in groupby(cell, key=lambda one: (one.leads, one.file))
        ]
        yield tuple(evolve(run, place="" if number else place) for number, run in enumerate(runs))
        place = ""


def _inside(text: str) -> str:
    """Text of a cell beside others, so that a space at either end of it stays."""
    return " " * text.startswith(" ") + single_line(text) + " " * text.endswith(" ")


def _share(column: Column) -> int:
    return (_FIGURES if column.whole else _NARROW) if column.figures else _WIDE


def parts_of_report(blocks: Iterable[Block]) -> Iterator[Part]:
    """Blocks of a report as parts: what stands under a line of an outline stands under a heading."""
    for block in blocks:
        if not isinstance(block, Outline):
            yield block
            continue
        for item in block.items:
            yield Heading(item.text, level=3)
            yield from (Paragraph(text) for part in item.parts for text in _texts(part))


def _texts(item: Item) -> Iterator[str]:
    yield item.text
    for part in item.parts:
        yield from _texts(part)
