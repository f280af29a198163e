"""Stand-ins, so that what counts characters counts the columns of a terminal.

tabulate measures text by its number of characters (or by a package that may be installed or not). A wide character
takes two columns, a combining mark none. While tabulate lays out a table, private-use characters stand for these.
"""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.report.columns import width_of

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
