"""Where each key of a TOML text stands: the parser does not say, and an error must."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from attrs import Factory, define

KeyPath = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?x)
      (?P<skip>    [ \t\r]++ | \#[^\n]*+ )
    | (?P<newline> \n )
    | (?P<quoted>  \"{3} (?: [^"\\] | \\(?s:.) | "(?!"") )*+ \"{3,5}
                 | '{3} (?: [^'] | '(?!'') )*+ '{3,5}
                 | " (?: [^"\\\n] | \\. )*+ "
                 | ' [^'\n]*+ ' )
    | (?P<mark>    [\[\]{},=.] )
    | (?P<bare>    [^\s\[\]{},=.\#"']++ | . )
    """
)
_ENDS = ("\n", ",", "]", "}")


def lines_of(text: str) -> Mapping[KeyPath, int]:
    """The line, counted from 1, of every key, row and list item of a valid TOML text.

    A path holds keys and, inside lists, positions from 0: ``("reviews", 1, "due_on")``.
    A table that is only named as part of another's name has the line of the first such name.
    """
    locator = _Locator(_tokens(text))
    locator.read()
    return locator.lines


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Each piece that means something, the ends of lines among them, with its line."""
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield match[0], line
        line += match[0].count("\n")


def line_of(path: KeyPath, lines: Mapping[KeyPath, int], otherwise: int = 0) -> int:
    """The line of what stands at the path, or of the nearest thing around it that has a line."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, otherwise)


@define
class _Locator:
    """A reader that follows brackets and keys and passes over values.

    Attributes:
        tokens: what is still to be read.
        lines: what has been found.
        rows: the position of the last row of each array of tables so far.
    """

    tokens: Iterator[tuple[str, int]]
    lines: dict[KeyPath, int] = Factory(dict)
    rows: dict[KeyPath, int] = Factory(dict)

    def read(self) -> None:
        """Find the lines of all that the tokens say."""
        table: KeyPath = ()
        for piece, line in self.tokens:
            if piece == "[":
                table = self._header(line)
            elif piece != "\n":
                self._pair(table, piece, line)

    def _header(self, line: int) -> KeyPath:
        """Enter the table that a header names; below an array of tables, that of its last row."""
        key, brackets = [], 1
        for piece, _ in self.tokens:
            if piece == "\n":
                break
            if piece == "[":
                brackets += 1
            elif piece not in ("]", "."):
                key.append(_unquoted(piece))
        *parents, last = key
        path: KeyPath = ()
        for part in parents:
            path = self._last_row((*path, part))
            self.lines.setdefault(path, line)
        path = (*path, last)
        if brackets > 1:
            self.lines.setdefault(path, line)
            self.rows[path] = self.rows.get(path, -1) + 1
        table = self._last_row(path)
        self.lines[table] = line
        return table

    def _last_row(self, path: KeyPath) -> KeyPath:
        return (*path, self.rows[path]) if path in self.rows else path

    def _pair(self, path: KeyPath, piece: str, line: int) -> str:
        """Note a key, and what is in its value; what stands after them."""
        while piece != "=":
            if piece != ".":
                path = (*path, _unquoted(piece))
                self.lines.setdefault(path, line)
            piece, _ = next(self.tokens)
        return self._value(path, next(self.tokens)[0])

    def _value(self, path: KeyPath, opened: str) -> str:
        """Pass over a value, and note what is in it; the mark that stands after it."""
        items, end = 0, ""
        while opened in ("[", "{") and end not in ("]", "}"):
            piece, line = next(self.tokens)
            if piece in _ENDS:
                end = piece
            elif opened == "{":
                end = self._pair(path, piece, line)
            else:
                item = (*path, items)
                self.lines[item] = line
                items += 1
                end = self._value(item, piece)
        return next((piece for piece, _ in self.tokens if piece in _ENDS), "\n")


def _unquoted(piece: str) -> str:
    if piece[0] in "\"'":
        return str(tomllib.loads(f"key = {piece}")["key"])
    return piece
