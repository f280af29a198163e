"""The tables of a text document, DOCX or ODT, as texts: read within bounds, whatever program has saved it.

What stands in a drop-down or a field is its text, as a person sees it. What was taken out while changes were tracked is
not read. Pictures and styles are not unpacked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from attrs import Factory, define

from casescreen.files.archive import DAMAGED, archive_of
from casescreen.model.problem import Fault, FaultError

WordTable = tuple[tuple[str, ...], ...]
"""Rows of cells, each with its paragraphs below each other; a cell that is as wide as several comes with blank ones."""

_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_SMALL = 4 * 1024 * 1024
_MOST, _MOST_DEEP, _WIDEST = 8_000_000, 2_000, 63
_TOO_LARGE = Fault(
    "it holds far more text than is read", "Look whether it is the file that you mean: a sheet has a few pages."
)
_NO_TEXT = Fault(
    "it is damaged, protected by a password, or no text document",
    "Open it in Word or LibreOffice, take a password off, save it under a new name as a Word document (.docx), and "
    "name that.",
)
_RELATIONS, _OPEN_CONTENT = "_rels/.rels", "content.xml"
_WORD, _OPEN = "wordprocessingml", "urn:oasis:names:tc:opendocument:xmlns:"
_DOCUMENT = "/officeDocument"


def tables_in(data: bytes) -> tuple[WordTable, ...]:
    """The tables of a document, in their order; a table inside a cell is text of that cell.

    Raises:
        FaultError: it is damaged, locked or no document, or holds more than may be unpacked.
    """
    try:
        return _tables(data)
    except FaultError as error:
        if error.fault is _TOO_LARGE:
            raise
        raise FaultError(_NO_TEXT) from error  # the words of archives are of workbooks


def _tables(data: bytes) -> tuple[WordTable, ...]:
    archive = archive_of(data)
    part = _main_part(archive.whole(_RELATIONS, _MOST_SMALL)) or _OPEN_CONTENT
    if part not in archive.members:
        raise FaultError(_NO_TEXT)
    reader = _TableReader()
    reader.read(_bounded(archive.xml(part)))
    return tuple(reader.tables)


def _bounded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, as long as they are no more than may be unpacked."""
    left = _MOST_UNPACKED
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise FaultError(_TOO_LARGE)
        yield piece


def _main_part(relations: bytes) -> str:
    """The path of the part that has the text of a Word document; "" if none is named."""
    targets: list[str] = []

    def start(_: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("Type", "").endswith(_DOCUMENT):
            targets.append(attributes.get("Target", ""))

    if relations:
        _parse(iter([relations]), start, lambda _: None, lambda _: None)
    return targets[0].removeprefix("/").lower() if targets else ""


def _parse(
    pieces: Iterator[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FaultError(DAMAGED) from error


# What an element is, by its kind of document and its name there.
_ROLES: Mapping[tuple[str, str], str] = {
    (_WORD, "tbl"): "table", (_WORD, "tr"): "row", (_WORD, "tc"): "cell", (_WORD, "p"): "paragraph",
    (_WORD, "t"): "text", (_WORD, "br"): "break", (_WORD, "cr"): "break", (_WORD, "tab"): "space",
    (_WORD, "gridSpan"): "span", (_WORD, "moveFrom"): "gone", (_WORD, "txbxContent"): "gone",
    # In an open document all that stands in a paragraph is text of it.
    (_OPEN, "table"): "table", (_OPEN, "table-row"): "row", (_OPEN, "table-cell"): "cell",
    (_OPEN, "covered-table-cell"): "covered", (_OPEN, "p"): "line", (_OPEN, "h"): "line",
    (_OPEN, "line-break"): "break", (_OPEN, "tab"): "space", (_OPEN, "s"): "space",
    (_OPEN, "tracked-changes"): "gone", (_OPEN, "annotation"): "gone",
}  # fmt: skip
_SIGNS = {"paragraph": "\n", "line": "\n", "break": "\n", "space": " "}
_FALLBACK = "Fallback"  # says again, for older programs, what stands before it


@define(eq=False)
class _TableReader:
    """Takes the text of cells from one element after another.

    Attributes:
        tables: those that are complete.
        left: how many letters and cells there may still be.
        deep: how deep the element is in which it is.
    """

    tables: list[WordTable] = Factory(list)
    left: int = _MOST
    deep: int = 0
    _inside: Counter[str] = Factory(Counter)
    _rows: list[tuple[str, ...]] = Factory(list)
    _row: list[str] = Factory(list)
    _cell: list[str] = Factory(list)
    _span: int = 1

    def read(self, pieces: Iterator[bytes]) -> None:
        """Take in all of a part.

        Raises:
            FaultError: it is damaged, or holds too much.
        """
        _parse(pieces, self._start, self._end, self._text)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.deep += 1
        if self.deep > _MOST_DEEP:
            raise FaultError(_TOO_LARGE)
        role = _role_of(name)
        self._inside[role] += bool(role)
        if self._inside["table"] == 1:
            self._begin(role, attributes)
        if self._inside["table"] and role in _SIGNS:
            self._add(_SIGNS[role])

    def _begin(self, role: str, attributes: Mapping[str, str]) -> None:
        match role:
            case "table":
                self._rows = []
            case "row":
                self._row = []
            case "cell":
                self._cell, self._span = [], 1
            case "covered":
                self._add_cells("", 1)
            case "span":
                self._span = _number(next(iter(attributes.values()), ""))

    def _end(self, name: str) -> None:
        self.deep -= 1
        role = _role_of(name)
        if self._inside["table"] == 1:
            self._finish(role)
        self._inside[role] -= bool(role)

    def _finish(self, role: str) -> None:
        match role:
            case "cell":
                self._add_cells("".join(self._cell).strip(), self._span)
                self._cell = []
            case "row":
                self._rows.append(tuple(self._row))
            case "table":
                self.tables.append(tuple(self._rows))

    def _text(self, text: str) -> None:
        if self._inside["table"] and (self._inside["text"] or self._inside["line"]):
            self._add(text)

    def _add(self, text: str) -> None:
        if not self._inside["gone"]:
            self._take(len(text))
            self._cell.append(text)

    def _add_cells(self, text: str, number: int) -> None:
        self._take(number)
        self._row += [text, *[""] * (number - 1)]

    def _take(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise FaultError(_TOO_LARGE)


def _role_of(name: str) -> str:
    """What an element is; "" where that does not matter."""
    space, _, local = name.rpartition(" ")
    if local == _FALLBACK:
        return "gone"
    kind = _WORD if _WORD in space else _OPEN if space.startswith(_OPEN) else ""
    return _ROLES.get((kind, local), "")


def _number(text: str) -> int:
    """How many columns a cell is as wide as; a text that is no such number is one."""
    return min(max(int(text), 1), _WIDEST) if text.isascii() and text.isdecimal() and len(text) < 4 else 1  # noqa: PLR2004 - figures
