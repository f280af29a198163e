"""The tables of a text document, DOCX or ODT, as texts: read within bounds, whatever program has saved it.

What stands in a drop-down or a field is its text, as a person sees it. What was taken out while changes were tracked is
not read. Pictures and styles are not unpacked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from attrs import Factory, define

from casescreen.files.archive import DAMAGED, archive_of
from casescreen.model.problem import Fault, FaultError

WordTable = tuple[tuple[str, ...], ...]
"""Rows of cells, each with its paragraphs below each other; a cell that is as wide as several comes with blank ones."""

_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_SMALL = 4 * 1024 * 1024
_MOST_CELLS, _MOST_TEXT, _MOST_DEEP, _WIDEST = 200_000, 8_000_000, 2_000, 63
_TOO_LARGE = Fault(
    "it holds far more than any sheet does", "Look whether it is the file that you mean.", "A sheet has a few pages."
)
_NO_TEXT = Fault(
    "it is no text document that can be read",
    "Open it in Word or LibreOffice, save it as a Word document (.docx), and name that.",
)
_RELATIONS = "_rels/.rels"
_WORD, _OPEN = "wordprocessingml", "urn:oasis:names:tc:opendocument:xmlns:"
_DOCUMENT = "/officeDocument"


def tables_in(data: bytes) -> tuple[WordTable, ...]:
    """The tables of a document, in their order; a table inside a cell is text of that cell.

    Raises:
        FaultError: it is damaged, locked or no document, or holds more than may be unpacked.
    """
    archive = archive_of(data)
    archive.left = _MOST_UNPACKED
    main = next((name for name in (_main_part(archive.whole(_RELATIONS, _MOST_SMALL)), "content.xml") if name), "")
    part = main if main in archive.members else "content.xml"
    if part not in archive.members:
        raise FaultError(_NO_TEXT)
    reader = _TableReader()
    reader.read(archive.xml(part))
    return tuple(reader.tables)


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
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes it so
        parser.Parse(b"", True)  # noqa: FBT003 - the same
    except expat.ExpatError as error:
        raise FaultError(DAMAGED) from error


# What an element is, by its kind of document and its name there.
_ROLES: Mapping[tuple[str, str], str] = {
    (_WORD, "tbl"): "table", (_WORD, "tr"): "row", (_WORD, "tc"): "cell", (_WORD, "p"): "paragraph",
    (_WORD, "t"): "text", (_WORD, "br"): "break", (_WORD, "cr"): "break", (_WORD, "tab"): "space",
    (_WORD, "gridSpan"): "span", (_WORD, "moveFrom"): "gone", (_WORD, "txbxContent"): "gone",
    (_OPEN, "table"): "table", (_OPEN, "table-row"): "row", (_OPEN, "table-cell"): "cell",
    (_OPEN, "covered-table-cell"): "covered", (_OPEN, "p"): "paragraph", (_OPEN, "h"): "paragraph",
    (_OPEN, "line-break"): "break", (_OPEN, "tab"): "space", (_OPEN, "s"): "space",
    (_OPEN, "tracked-changes"): "gone", (_OPEN, "annotation"): "gone",
}  # fmt: skip
_FALLBACK = "Fallback"  # says again, for older programs, what stands before it


@define(eq=False)
class _TableReader:
    """Takes the text of cells from one element after another.

    Attributes:
        tables: those that are complete.
        cells: how many cells there are in all.
        letters: how much text.
        deep: how deep the element is in which it is.
        inside: how many tables it is inside of.
        gone: how many elements it is inside of whose text is not read.
    """

    tables: list[WordTable] = Factory(list)
    cells: int = 0
    letters: int = 0
    deep: int = 0
    inside: int = 0
    gone: int = 0
    _texts: int = 0
    _rows: list[tuple[str, ...]] = Factory(list)
    _row: list[str] = Factory(list)
    _cell: list[str] = Factory(list)
    _span: int = 1
    _is_open: bool = False

    def read(self, pieces: Iterator[bytes]) -> None:
        """Take in all of a part.

        Raises:
            FaultError: it is damaged, or holds too much.
        """
        _parse(pieces, self._start, self._end, self._text)

    def _role(self, name: str) -> str:
        space, _, local = name.rpartition(" ")
        if local == _FALLBACK:
            return "gone"
        kind = _WORD if _WORD in space else _OPEN if space.startswith(_OPEN) else ""
        return _ROLES.get((kind, local), "")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.deep += 1
        if self.deep > _MOST_DEEP:
            raise FaultError(_TOO_LARGE)
        role = self._role(name)
        self._is_open = self._is_open or name.startswith(_OPEN)
        self.gone += role == "gone"
        match role:
            case "table":
                self.inside += 1
                if self.inside == 1:
                    self._rows = []
            case "row" if self.inside == 1:
                self._row = []
            case "cell" if self.inside == 1:
                self._cell, self._span = [], 1
            case "covered" if self.inside == 1:
                self._add_cells("", 1)
            case "span" if self.inside == 1:
                self._span = _number(next(iter(attributes.values()), ""))
            case "paragraph" if self.inside:
                self._cell.append("")
            case "text":
                self._texts += 1
            case "break" | "space" if self.inside and not self.gone:
                self._add("\n" if role == "break" else " ")

    def _end(self, name: str) -> None:
        self.deep -= 1
        role = self._role(name)
        self.gone -= role == "gone"
        match role:
            case "text":
                self._texts -= 1
            case "cell" if self.inside == 1:
                self._add_cells("\n".join(self._cell).strip(), self._span)
            case "row" if self.inside == 1:
                self._rows.append(tuple(self._row))
            case "table":
                self.inside -= 1
                if not self.inside:
                    self.tables.append(tuple(self._rows))

    def _text(self, text: str) -> None:
        """Of Word, what stands in an element of text; of an open document, all that stands in a paragraph."""
        if self.inside and not self.gone and (self._texts or (self._is_open and self._cell)):
            self._add(text)

    def _add(self, text: str) -> None:
        self.letters += len(text)
        if self.letters > _MOST_TEXT:
            raise FaultError(_TOO_LARGE)
        if not self._cell:
            self._cell.append("")
        self._cell[-1] += text

    def _add_cells(self, text: str, number: int) -> None:
        self.cells += number
        if self.cells > _MOST_CELLS:
            raise FaultError(_TOO_LARGE)
        self._row += [text, *[""] * (number - 1)]


def _number(text: str) -> int:
    """How many columns a cell is as wide as; a text that is no such number is one."""
    return min(max(int(text), 1), _WIDEST) if text.isascii() and text.isdecimal() and len(text) < 4 else 1  # noqa: PLR2004 - figures
