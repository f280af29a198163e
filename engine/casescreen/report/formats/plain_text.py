"""Blocks as plain text that fits a terminal or a printer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from casescreen.model.screening import Summary
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.registry import Options
from casescreen.text import single_line

NARROWEST = 60
_BETWEEN = 2
_STEP = "  "
_HANGING = "    "
_UNDERLINES = {1: "=", 2: "-"}
# A column of words is not pressed below this while another can still give way.
_LEAST = 8
_ROOMY = 20
# Stands for a space at the start of a line, which tabulate would take off; `single_line` leaves none in a text.
_SPACE = "\U000f0000"
_FIRST_OF_ANOTHER_WIDTH = "\u0300"  # every printable character before it takes one column


def width_of(text: str) -> int:
    """How many columns of a terminal the text takes: some characters take two, and some none."""
    if text.isascii() or (text.isprintable() and max(text) < _FIRST_OF_ANOTHER_WIDTH):
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - most texts do not need its tables, which take long to import

    return wcswidth(text)


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The text in lines no wider than ``width``: the first begins with ``first``, the others with ``rest``.

    A word that is too long for a line is cut. No text is one empty line.
    """
    lines, line, empty = [], first, True
    for word in single_line(text).split():
        if not empty and width_of(line) + 1 + width_of(word) <= width:
            line += f" {word}"
            continue
        if not empty:
            lines.append(line)
            line = rest
        *full, tail = _cut(word, width - width_of(line), width - width_of(rest))
        for piece in full:
            lines.append(line + piece)
            line = rest
        line, empty = line + tail, False
    return [*lines, line.rstrip() if empty else line]


def _cut(word: str, first: int, rest: int) -> Iterator[str]:
    """The word in pieces: one that fits the first line, the others the lines after it."""
    if width_of(word) <= first:
        yield word
        return
    piece, room = "", first
    for character in word:
        if piece and width_of(piece + character) > room:
            yield piece
            piece, room = "", rest
        piece += character
    yield piece


def clipped(text: str, width: int) -> str:
    """The text on one line no wider than ``width``, which ends in "…" where it was cut."""
    line = single_line(text)
    return line if width_of(line) <= width else f"{next(_cut(line, width - 1, width - 1)).rstrip()}…"


Widths = Mapping[tuple[Column, ...], Sequence[int]]


def to_plain(blocks: Iterable[Block], width: int) -> str:
    """The blocks as text, an empty line between them, no line wider than ``width`` (or 60, if that is less).

    Grids of the same columns are drawn equally wide, so that figures stand under figures all down the page.
    """
    room, page = max(width, NARROWEST), tuple(blocks)
    rows: dict[tuple[Column, ...], list[tuple[str, ...]]] = {}
    for block in page:
        if isinstance(block, Grid):
            rows.setdefault(block.columns, []).extend(block.rows)
    widths = {columns: _widths(columns, rows[columns], room) for columns in rows}
    return "\n\n".join(["\n".join(_lines(block, room, widths)) for block in page]) + "\n"


def _lines(block: Block, width: int, widths: Widths) -> list[str]:
    match block:
        case Heading(text, level):
            lines = wrap(text, width)
            if level in _UNDERLINES:
                lines.append(_UNDERLINES[level] * max(map(width_of, lines)))
            return lines
        case Paragraph(text):
            return wrap(text, width)
        case Outline(items, spaced):
            return _outline(items, width, spaced=spaced)
        case Grid():
            return _grid(block, widths[block.columns])
        case _:
            assert_never(block)


def _outline(items: Iterable[Item], width: int, indent: str = "", *, spaced: bool = False) -> list[str]:
    # Deep trees stop moving to the right while there is still room for words.
    deeper = indent + _STEP if len(indent) < width // 3 else indent
    lines: list[str] = []
    for item in items:
        if spaced and lines:
            lines.append("")
        lines += wrap(item.text, width, indent, indent + _HANGING)
        lines += _outline(item.parts, width, deeper)
    return lines


def _grid(grid: Grid, widths: Sequence[int]) -> list[str]:
    from tabulate import tabulate  # noqa: PLC0415 - only who prints a table waits for it

    # The titles go in as rows: tabulate makes a column two wider than the title it is given.
    rows = [_cells([column.title for column in grid.columns], widths), ["-" * wide for wide in widths]]
    rows += [_cells(row, widths) for row in grid.rows]
    sides = ["right" if column.figures else "left" for column in grid.columns]
    drawn = tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=sides)
    return [line.replace(_SPACE, " ").rstrip() for line in drawn.splitlines()]


def _cells(texts: Iterable[str], widths: Iterable[int]) -> list[str]:
    """The texts wrapped, their other lines set in where there is room for that."""
    each = zip(texts, widths, strict=True)
    return ["\n".join(wrap(text, wide, rest=_SPACE * 2 if wide > _ROOMY else "")) for text, wide in each]


def _widths(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int) -> list[int]:
    """How wide each column is: as wide as it needs, the widest giving way first until all fit."""
    widths, yielding = [], []
    for number, (column, *cells) in enumerate(zip(columns, *rows, strict=True)):
        # A title of figures stands on two lines where it can; any other on one.
        titles = single_line(column.title).split() if column.figures else [column.title]
        widths.append(max(1, *map(width_of, titles), *map(width_of, map(single_line, cells))))
        if not (column.figures or column.whole):
            yielding.append(number)
    room = width - _BETWEEN * (len(columns) - 1)
    while sum(widths) > room:
        words = [number for number in yielding if widths[number] > _LEAST]
        widths[max(words or range(len(widths)), key=widths.__getitem__)] -= 1
    return widths


def render(result: Summary, options: Options) -> str:
    """The report in lines no wider than the options say."""
    from casescreen.report.sections.overview import overview  # noqa: PLC0415 - only who prints all of it waits for it

    return to_plain(overview(result, options), options.width)
