"""What a page of a report is made of, before any format: headings, paragraphs, outlines and grids.

Text in a block may come from a record: whoever renders a block makes it safe for where it goes.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class Heading:
    """The title of what follows; level 1 is the whole page's."""

    text: str
    level: int = 2


@frozen
class Paragraph:
    """Running text."""

    text: str


@frozen
class Item:
    """A line of an outline, and the lines that belong under it.

    Attributes:
        case: the id of a case, where the line begins with it; a page makes a link of it.
    """

    text: str
    parts: tuple[Item, ...] = ()
    case: str = ""


@frozen
class Outline:
    """Lines, some under others. Where ``spaced``, an empty line stands between the outermost."""

    items: tuple[Item, ...]
    spaced: bool = False


@frozen
class Column:
    """A column of a grid.

    Attributes:
        figures: it holds figures, which stand to the right.
        whole: it holds what should stay on one line, such as a name to be typed again. Figures always should.
    """

    title: str
    figures: bool = False
    whole: bool = False


@frozen
class Grid:
    """Rows of text under column titles."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Outline | Grid
