"""Text measured and wrapped in the columns of a terminal, where some characters take two and some none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from casescreen.text import visible

# Long enough for any statement of a rulebook with the values it quotes, each of which was cut already.
_LONGEST = 4_000
_WIDE = frozenset({"W", "F"})
_MARKS = frozenset({"Mn", "Me"})
# Asks for the picture form of the character before it, which is wide.
_PICTURE = "\N{VARIATION SELECTOR-16}"


def plain(text: str) -> str:
    """The text safe to print, with single spaces between its words."""
    return " ".join(visible(text, _LONGEST).split())


def width_of(text: str) -> int:
    """How many columns the text takes."""
    return len(text) if text.isascii() else sum(_width(character) for character in text)


def _width(character: str) -> int:
    if character == _PICTURE:
        return 1
    if unicodedata.category(character) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The text in lines no wider than ``width``: the first begins with ``first``, the others with ``rest``.

    A word that is too long for a line is cut. No text is one empty line.
    """
    lines, line, empty = [], first, True
    for word in plain(text).split():
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
    piece, taken, room = "", 0, first
    for character in word:
        if piece and taken + _width(character) > room:
            yield piece
            piece, taken, room = "", 0, rest
        piece += character
        taken += _width(character)
    yield piece


def longest_word(text: str) -> int:
    """The columns that the widest word of the text takes."""
    return max((width_of(word) for word in plain(text).split()), default=0)
