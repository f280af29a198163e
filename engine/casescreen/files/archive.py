"""Archives: whether one can be opened in bounded time and memory, and one whose bytes depend on its content alone."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from attrs import define

from casescreen.model.problem import Fault, FaultError

MOST_BYTES = 768 * 1024 * 1024
MOST_CELLS = 12_000_000
_MOST_MEMBERS = 10_000
_CHUNK = 1024 * 1024
_OVERLAP = 4_096
_PATCH = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,9})(\d{1,9})""")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

_TOO_LARGE = Fault(
    f"unpacked it is larger than {MOST_BYTES // (1024 * 1024)} MiB",
    "Divide it into several workbooks; a folder of them is read as one.",
)
_TOO_WIDE = Fault(
    f"a sheet in it reaches over more than {MOST_CELLS:,} cells, counted from its first cell to its last",
    "Look for something far below or far to the right of the rows, delete those rows and columns, and save it.",
)
_DAMAGED = Fault(
    "it is a damaged workbook", "Get the file again from where it came from, or open it, and save it under a new name."
)
LOCKED = Fault(
    "it is protected by a password",
    "Open it, take the password off (in Excel: File, Info, Protect Workbook), and save.",
)
_ENTITIES = Fault(
    "a part of it defines abbreviations, which no spreadsheet program writes",
    "Open it in a spreadsheet program, and save it under a new name.",
)
_STRANGE = Fault("a part of it is written in a way that is not read", _ENTITIES.advice)


def archive_fault(data: bytes) -> Fault | None:
    """Why a workbook must not be opened; None if it can be.

    What reads workbooks lays out every cell between the first and the last of a sheet, and unpacks whatever is there.
    So the parts are unpacked here first, a piece at a time, and the cells are counted.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check(archive)
    except FaultError as error:
        return error.fault
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, expat.ExpatError):
        return _DAMAGED
    except RuntimeError:  # what zipfile says of a member that is encrypted
        return LOCKED
    return None


def _check(archive: ZipFile) -> None:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise FaultError(_TOO_LARGE)
    if any(
        b"encryption-data" in part
        for m in members
        if m.filename == "META-INF/manifest.xml"
        for part in _pieces(archive, m)
    ):
        raise FaultError(LOCKED)
    left = MOST_BYTES
    for member in members:
        left = _check_member(archive, member, left)


def _check_member(archive: ZipFile, member: ZipInfo, left: int) -> int:
    """Unpack a member piece by piece; how much may still be unpacked after it."""
    is_sheet = member.filename.lower().startswith("xl/worksheets/")
    is_content = member.filename == "content.xml"
    extent, counter, before = _Extent(), _OdsCells(), b""
    for piece in _pieces(archive, member):
        left -= len(piece)
        if left < 0:
            raise FaultError(_TOO_LARGE)
        # UTF-16 has it in every letter of a tag, so what is looked for below would not be found.
        if member.filename.endswith(".xml") and b"\0" in piece:
            raise FaultError(_STRANGE)
        joined = before + piece
        if member.filename.endswith((".xml", ".rels")) and _ENTITY.search(joined):
            raise FaultError(_ENTITIES)
        if is_sheet:
            extent.take(joined)
        elif is_content:
            counter.take(piece)
        before = joined[-_OVERLAP:]
    return left


def _pieces(archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as file:
        while piece := file.read(_CHUNK):
            yield piece


@define
class _Extent:
    """How far the cells of a sheet reach, by what is written as the reference of each."""

    rows: int = 0
    columns: int = 0

    def take(self, piece: bytes) -> None:
        found = _PATCH.findall(piece)
        self.rows = max(self.rows, max((int(row) for _, row in found), default=0))
        longest = max((letters.upper().rjust(9, b"@") for letters, _ in set(found)), default=b"@")
        self.columns = max(self.columns, sum((letter - 64) * 26**place for place, letter in enumerate(longest[::-1])))
        if self.rows * max(1, self.columns) > MOST_CELLS:
            raise FaultError(_TOO_WIDE)


class _OdsCells:
    """How far the cells of the sheets of an OpenDocument spreadsheet reach, repeated rows and columns counted."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._row = self._repeat = self._column = self._widest = 0

    def take(self, piece: bytes) -> None:
        self._parser.Parse(piece)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._row = self._repeat = self._widest = 0
        elif name == "table:table-row":
            self._row += self._repeat
            self._repeat = _number(attributes.get("table:number-rows-repeated"))
            self._column = 0
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._column += _number(attributes.get("table:number-columns-repeated"))
            if any(key.startswith("office:") for key in attributes):
                self._widest = max(self._widest, self._column)
                if (self._row + self._repeat) * self._widest > MOST_CELLS:
                    raise FaultError(_TOO_WIDE)


def _number(text: str | None) -> int:
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):  # noqa: PLR2004 - far more than any sheet has
        raise FaultError(_STRANGE)
    return int(text)


_BEGINNING = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def packed(package: bytes) -> bytes:
    """The same members in the same order, without the time and the system on which they were zipped."""
    to = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as source, ZipFile(to, "w") as target:
        for member in source.infolist():
            still = ZipInfo(member.filename, _BEGINNING)
            still.compress_type, still.create_system = ZIP_DEFLATED, _UNIX
            target.writestr(still, source.read(member))
    return to.getvalue()
