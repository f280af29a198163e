"""Text measured and wrapped in the columns of a terminal, where some characters take two and some none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from casescreen.text import single_line

_WIDE = frozenset({"W", "F"})
_MARKS = frozenset({"Mn", "Me"})
# Asks for the picture form of the character before it, which is wide.
_PICTURE = "\N{VARIATION SELECTOR-16}"


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
    return max((width_of(word) for word in single_line(text).split()), default=0)


# `columns.plain` leaves no private-use character in a text, so a stand-in is never mistaken for one.
_NOTHING = 0xF0000
_LAST = 0x10FFFD
_TOO_MANY = "\N{REPLACEMENT CHARACTER}"


class StandIns:
    """Puts one character for each column that a text takes, and takes them back."""

    def __init__(self) -> None:
        """Begin with none."""
        self._stand_in: dict[str, str] = {}
        self._meaning: dict[str, str] = {chr(_NOTHING): ""}

    def put(self, line: str) -> str:
        """The line with as many characters as it takes columns. A space at its start is not stripped."""
        if line.isascii() and not line.startswith(" "):
            return line
        return "".join(self._put(cluster, number) for number, cluster in enumerate(_clusters(line)))

    def take_back(self, line: str) -> str:
        """The line as it was."""
        return line if line.isascii() else "".join(self._meaning.get(character, character) for character in line)

    def _put(self, cluster: str, number: int) -> str:
        width = width_of(cluster)
        if width == len(cluster) and (number or cluster != " "):
            return cluster
        return self._for(cluster) + chr(_NOTHING) * (width - 1)

    def _for(self, cluster: str) -> str:
        known = self._stand_in.get(cluster)
        if known is not None:
            return known
        if _NOTHING + len(self._meaning) > _LAST:
            return _TOO_MANY
        stand_in = chr(_NOTHING + len(self._meaning))
        self._stand_in[cluster] = stand_in
        self._meaning[stand_in] = cluster
        return stand_in


def _clusters(line: str) -> Iterator[str]:
    """Each character with the marks that stand on it."""
    cluster = ""
    for character in line:
        if cluster and width_of(character):
            yield cluster
            cluster = ""
        cluster += character
    yield cluster
