"""Where each key of a TOML text stands: the parser does not say, and an error must."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

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


def lines_of(text: str) -> Mapping[KeyPath, int]:
    """The line, counted from 1, of every key, row and list item of a valid TOML text.

    A path holds keys and, inside lists, positions from 0: ``("reviews", 1, "due_on")``.
    A table that is only named as part of another's name has the line of the first such name.
    """
    locator = _Locator()
    line = 1
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match[0]
        if kind == "newline":
            locator.end_of_line()
        elif kind != "skip":
            locator.take(piece, line)
        line += piece.count("\n")
    return locator.lines


def line_of(path: KeyPath, lines: Mapping[KeyPath, int], otherwise: int = 0) -> int:
    """The line of what stands at the path, or of the nearest thing around it that has a line."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, otherwise)


@define
class _Container:
    """A list or an inline table whose closing bracket has not been reached."""

    path: KeyPath
    is_list: bool
    items: int = 0


@define
class _Locator:
    """A reader that follows brackets and keys and passes over values.

    Attributes:
        lines: what has been found.
        table: the path of the header that the reader is under.
        rows: how many rows each array of tables has so far.
        open: the containers that the reader is inside, outermost first.
        expects: "key", "value" or "end".
        key: the parts of the key that is being read.
        at: the path of the value that comes next.
        header: how many brackets opened the header that is being read.
    """

    lines: dict[KeyPath, int] = Factory(dict)
    table: KeyPath = ()
    rows: dict[KeyPath, int] = Factory(dict)
    open: list[_Container] = Factory(list)
    expects: str = "key"
    key: list[str] = Factory(list)
    at: KeyPath = ()
    header: int = 0

    def end_of_line(self) -> None:
        """Begin a new statement, unless a list or an inline table goes on."""
        if not self.open:
            self.expects, self.header = "key", 0
            self.key.clear()

    def take(self, piece: str, line: int) -> None:
        """Go on by one piece."""
        if self.expects == "key":
            self._take_key(piece, line)
        elif self.expects == "value":
            self._take_value(piece, line)
        else:
            self._take_end(piece)

    def _take_key(self, piece: str, line: int) -> None:
        if piece == "=":
            self.at = self._name(self.open[-1].path if self.open else self.table, line)
            self.expects = "value"
        elif piece == "[":
            self.header += 1
        elif piece == "]":
            self._declare(line)
            self.expects = "end"
        elif piece == "}":
            self._close()
        elif piece not in (".", ","):
            self.key.append(_unquoted(piece))

    def _take_value(self, piece: str, line: int) -> None:
        if piece == "]":
            self._close()
            return
        if self.open and self.open[-1].is_list:
            self.at = (*self.open[-1].path, self.open[-1].items)
            self.open[-1].items += 1
            self.lines[self.at] = line
        if piece in ("[", "{"):
            self.open.append(_Container(self.at, is_list=piece == "["))
            self.expects = "value" if self.open[-1].is_list else "key"
        else:
            self.expects = "end"

    def _take_end(self, piece: str) -> None:
        if piece in ("]", "}"):
            self._close()
        elif piece == "," and self.open:
            self.expects = "value" if self.open[-1].is_list else "key"

    def _close(self) -> None:
        if self.open:
            self.open.pop()
        self.expects = "end"

    def _name(self, under: KeyPath, line: int) -> KeyPath:
        path = under
        for part in self.key:
            path = (*path, part)
            self.lines.setdefault(path, line)
        self.key.clear()
        return path

    def _declare(self, line: int) -> None:
        """Enter the table that a header names; below an array of tables, that of its last row."""
        *parents, last = self.key
        path: KeyPath = ()
        for part in parents:
            path = self._last_row((*path, part))
            self.lines.setdefault(path, line)
        path = (*path, last)
        if self.header > 1:
            self.lines.setdefault(path, line)
            self.rows[path] = self.rows.get(path, -1) + 1
        self.table = self._last_row(path)
        self.lines[self.table] = line
        self.key.clear()

    def _last_row(self, path: KeyPath) -> KeyPath:
        return (*path, self.rows[path]) if path in self.rows else path


def _unquoted(piece: str) -> str:
    if piece[0] in "\"'":
        return str(tomllib.loads(f"key = {piece}")["key"])
    return piece
