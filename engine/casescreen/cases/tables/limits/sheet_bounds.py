"""What a sheet of an .xlsx workbook holds: bounds by patterns, which are fast, and cell by cell, which is exact."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from xml.parsers import expat

from attrs import Factory, define

from casescreen.cases.tables.limits.budget import MOST_CELLS, MOST_FILLED, TEXT_TIMES, TOO_MUCH, Budget, Extent
from casescreen.files.archive import DAMAGED, STRANGE, Archive
from casescreen.model.problem import FaultError

_PREFIX = rb"<(?:[^\s<>/:]+:)?"
_ROW_OR_CELL = re.compile(_PREFIX + rb"(row|c)[\s/>]")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_SHARED_INDEX = re.compile(rb"""\st="s"[^<>]*>\s*<v>(\d{1,9})</v>""")
_MERGED = re.compile(_PREFIX + rb"mergeCell[\s/>]")
_ITEM = re.compile(_PREFIX + rb"si[\s/>]")
_COUNT = re.compile(rb"""\suniqueCount\s*=\s*["']\s*(\d+)""")
_ATTRIBUTE = rb"""[^\s=<>"']+\s*=\s*(?:"[^"<>]*"|'[^'<>]*')"""
# As programs write it; a cell that writes its place otherwise counts as one without.
_PLACED = re.compile(
    _PREFIX + rb"c\s+(?:" + _ATTRIBUTE + rb"\s+)*?r\s*=\s*" + rb'"([A-Za-z]{1,3})(\d{1,7})"',
)
_ANY_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d+)""")
_ROW_PLACE = re.compile(_PREFIX + rb"""row\s(?:[^<]*?\s)?r\s*=\s*["'][A-Za-z]*(\d+)""")
_CELL = re.compile(rb"<c[\s/>]")
_PREFIXED = re.compile(rb"<[^\s<>/:]+:(?:row|c)[\s/>]")
_PLAIN_PLACE = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_LETTERS, _FIGURES = bytes(range(65, 91)), bytes(range(48, 58))
# No cell of Excel has more than 32,767 characters.
_LONGEST_TAG = 8 * 1024 * 1024
_LONGEST_PLACE = 9
_ITEM_BYTES = 64
_OVERLAP = 4_096


@define
class SkimmedSheet:
    """What patterns say of a sheet.

    Attributes:
        size: its bytes.
        cells: how many elements may be cells.
        shared: how many attributes may say that a cell has a shared text.
        merged: how many elements may be merged ranges.
    """

    size: int = 0
    cells: int = 0
    shared: int = 0
    merged: int = 0
    _rows: int = 0
    _columns: int = 0
    _are_placed: bool = True
    _elements: int = 0
    _last_row: int = 0
    _longest_run: int = 0
    _run: int = 0

    def extent(self, shared_text: int) -> Extent:
        """A sheet that holds no less, where its shared texts take so much memory."""
        rows, columns = self._rows, self._columns
        if not self._are_placed:
            # Those without a place of their own follow one another, each row below the last and each cell beside it.
            rows, columns = max(rows, self._last_row) + self._elements, columns + self._longest_run
        return Extent(rows, columns, self.cells, self.size * TEXT_TIMES + shared_text)

    def take(self, tags: bytes) -> None:
        """Count what stands in some of its tags."""
        self.size += len(tags)
        self.shared += len(_SHARED.findall(tags))
        self.merged += len(_MERGED.findall(tags))
        kinds = b"".join(_ROW_OR_CELL.findall(tags))
        runs = kinds.split(b"row")
        cells = sum(map(len, runs))
        self.cells += cells
        self._elements += len(runs) - 1
        self._longest_run = max(self._longest_run, self._run + len(runs[0]), *map(len, runs[1:]))
        self._run = len(runs[-1]) + (self._run if len(runs) == 1 else 0)
        self._last_row = max(self._last_row, *(int(row[:_LONGEST_PLACE]) for row in _ROW_PLACE.findall(tags)), 0)
        places = _PLACED.findall(tags)
        if len(places) < cells:
            self._are_placed = False
            places = _ANY_PLACE.findall(tags)
        if places:
            self._rows = max(self._rows, *(int(row[:_LONGEST_PLACE]) for _, row in places))
            self._columns = max(self._columns, *(column_number(letters) for letters in {one for one, _ in places}))

    def reach(self, places: bytes) -> None:
        """Let it reach to all of these places of cells, each as A1."""
        self._rows = max(self._rows, *map(int, {*places.translate(None, _LETTERS).split()}), 0)
        columns = {*places.translate(None, _FIGURES).split()}
        self._columns = max(self._columns, *map(column_number, columns), 0)


def column_number(letters: bytes) -> int:
    """The number of a column by its letters, A being 1."""
    number = 0
    for letter in letters[:_LONGEST_PLACE]:
        number = number * 26 + (letter & 31)
    return number


def skimmed_sheet(archive: Archive, path: str) -> SkimmedSheet:
    """What patterns say of a sheet.

    Raises:
        FaultError: it is damaged or too large.
    """
    plain = _PlainSheet()
    for tags in _whole_tags(archive.xml(path), b"<"):
        plain.take(tags)
        if plain.sheet.cells > MOST_FILLED:
            raise FaultError(TOO_MUCH)  # so much faster than the patterns that a bomb is not worth their time
    if plain.is_plain:
        return plain.sheet
    sheet = SkimmedSheet()
    for tags in _whole_tags(archive.xml(path), b"<"):
        sheet.take(tags)
        if sheet.cells > MOST_FILLED:
            raise FaultError(TOO_MUCH)
    return sheet


@define
class _PlainSheet:
    """A sheet as most programs write it: every cell begins with its place, and no tag has a prefix.

    Attributes:
        sheet: what is said of it; no more than its size and its cells, where it is not as most write it.
        is_plain: whether it is, as far as it was gone through.
    """

    sheet: SkimmedSheet = Factory(SkimmedSheet)
    is_plain: bool = True

    def take(self, tags: bytes) -> None:
        """Count what stands in some of its tags."""
        places = _PLAIN_PLACE.findall(tags) if self.is_plain else ()
        # Only at the end of a sheet do other tags begin so.
        cells = len(places) if tags.count(b"<c") == len(places) else len(_CELL.findall(tags))
        has_prefixes = b":" in tags and (b":c" in tags or b":row" in tags) and _PREFIXED.search(tags)
        self.is_plain = self.is_plain and cells == len(places) and not has_prefixes
        self.sheet.size += len(tags)
        self.sheet.cells += cells
        if self.is_plain:
            self.sheet.shared += tags.count(b'"s"') + (tags.count(b"'s'") if b"'" in tags else 0)
            self.sheet.merged += len(_MERGED.findall(tags)) if b"mergeCell" in tags else 0
            self.sheet.reach(b" ".join(places))


def _whole_tags(pieces: Iterable[bytes], mark: bytes) -> Iterator[bytes]:
    """The same bytes in pieces that each end before a tag that begins with the mark."""
    before = b""
    for piece in pieces:
        joined = before + piece
        end = max(joined.rfind(mark), 0)
        before = joined[end:]
        if len(before) > _LONGEST_TAG:
            raise FaultError(STRANGE)
        yield joined[:end]
    yield before


def shared_text(pieces: Iterable[bytes], number: int, strings: SharedStrings) -> int:
    """How many bytes of memory the shared texts of a sheet take, each as often as it stands there.

    Args:
        pieces: the sheet.
        number: how many cells of it may have one.
        strings: the texts.
    """
    indexes: Counter[bytes] = Counter()
    for tags in _whole_tags(pieces, b"<c"):
        indexes.update(_SHARED_INDEX.findall(tags))
    lengths = strings.lengths()
    written = sum(times * lengths[int(index)] for index, times in indexes.items() if int(index) < len(lengths))
    return written + max(0, number - indexes.total()) * strings.longest


@define
class SharedStrings:
    """The shared texts of a workbook.

    Attributes:
        longest: no text takes more bytes of memory.
        memory: how many bytes the reader keeps for them.
    """

    _archive: Archive
    _path: str
    longest: int = 0
    memory: int = 0
    _lengths: Sequence[int] | None = None

    def __attrs_post_init__(self) -> None:
        begun, number, at = 0, 0, 0
        for tags in _whole_tags(self._archive.xml(self._path), b"<"):
            if not at and (count := _COUNT.search(tags)) and int(count[1][:_LONGEST_PLACE]) > MOST_CELLS:
                raise FaultError(STRANGE)  # the reader makes room for as many
            starts = [at + item.start() for item in _ITEM.finditer(tags)]
            number += len(starts)
            gaps = (after - before for before, after in pairwise([begun, *starts, at + len(tags)]))
            self.longest = max(self.longest, *(gap * TEXT_TIMES for gap in gaps))
            begun = starts[-1] if starts else begun
            at += len(tags)
        self.memory = number * _ITEM_BYTES + at

    def lengths(self) -> Sequence[int]:
        """How many bytes of memory each of them takes."""
        if self._lengths is None:
            reader = _StringReader()
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler = reader.start
            parser.CharacterDataHandler = reader.characters
            parse(parser, self._archive.xml(self._path))
            self._lengths = reader.lengths
        return self._lengths


@define
class _StringReader:
    lengths: list[int] = Factory(list)

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def characters(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += text_memory(text)


def text_memory(text: str) -> int:
    """How many bytes the reader and Python take for a text together."""
    return len(text.encode()) + sys.getsizeof(text)


def parse(parser: expat.XMLParserType, pieces: Iterable[bytes]) -> None:
    """Parse a part to its end, if it is there.

    Raises:
        FaultError: it is no well-formed XML.
    """
    is_there = False
    try:
        for piece in pieces:
            parser.Parse(piece)
            is_there = True
        if is_there:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FaultError(DAMAGED) from error


_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ROW_REFERENCE = re.compile(r"[A-Za-z]{0,3}(\d{1,7})")
_OFTEN = 1_024


@define
class CellReader:
    """Goes through the cells of a sheet as the reader does: one without a place of its own follows the one before."""

    lengths: Sequence[int]
    budget: Budget
    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0
    _row: int = 0
    _column: int = 0
    _at: tuple[int, int] = (0, 0)
    _is_filled: bool = False
    _is_shared: bool = False
    _index: list[str] | None = None

    def extent(self, pieces: Iterable[bytes]) -> Extent:
        """What the sheet holds; more than the budget has room for as soon as that is plain."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse(parser, pieces)
        return self._extent()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            if "r" in attributes:
                reference = _REFERENCE.fullmatch(attributes["r"])
                if reference is None:
                    raise FaultError(STRANGE)
                self._at = int(reference[2]), column_number(reference[1].encode())
                self._column = self._at[1] - 1
            else:
                self._at = self._row + 1, self._column + 1
            self._is_filled, self._is_shared = False, attributes.get("t") == "s"
        elif name == "row" and "r" in attributes:
            place = _ROW_REFERENCE.fullmatch(attributes["r"])
            if place is None:
                raise FaultError(STRANGE)
            self._row = int(place[1]) - 1
        elif name in {"v", "is"}:
            self._is_filled = True
            self._index = []

    def _characters(self, text: str) -> None:
        if self._index is not None:
            self._index.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "is"}:
            self._count("".join(self._index or ()))
            self._index = None
        elif name == "c":
            self._column += 1
            if self._is_filled:
                self._fill()
        elif name == "row":
            self._row, self._column = self._row + 1, 0

    def _count(self, text: str) -> None:
        if not self._is_shared:
            self.text += text_memory(text)
        elif text.isascii() and text.isdecimal() and (index := int(text[:9])) < len(self.lengths):
            self.text += self.lengths[index]

    def _fill(self) -> None:
        self.filled += 1
        self.rows, self.columns = max(self.rows, self._at[0]), max(self.columns, self._at[1])
        if self.filled % _OFTEN == 0 and not self.budget.fits(extent := self._extent()):
            self.budget.take(extent)

    def _extent(self) -> Extent:
        return Extent(self.rows, self.columns, self.filled, self.text)
