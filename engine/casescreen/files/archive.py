"""Files that hold files: zip archives, and the compound files of older programs, each unpacked within bounds."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from attrs import define

from casescreen.model.problem import Fault, FaultError

MOST_BYTES = 768 * 1024 * 1024
_MOST_MEMBERS = 10_000
_CHUNK = 1024 * 1024
_OVERLAP = 64
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

_TOO_LARGE = Fault(
    f"unpacked it is larger than {MOST_BYTES // (1024 * 1024)} MiB",
    "Divide it into several workbooks; a folder of them is read as one.",
)
DAMAGED = Fault(
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
STRANGE = Fault("a part of it is written in a way that is not read", _ENTITIES.advice)


@define(eq=False)
class Archive:
    """The parts of an archive.

    Attributes:
        members: each part by its path, in small letters.
        left: how many bytes may still be unpacked.
    """

    _zip: ZipFile
    members: Mapping[str, ZipInfo]
    left: int = MOST_BYTES

    def pieces(self, path: str) -> Iterator[bytes]:
        """A part, a piece at a time; nothing if it is not there.

        Raises:
            FaultError: it is damaged or locked, or too much has been unpacked.
        """
        if path not in self.members:
            return
        try:
            with self._zip.open(self.members[path]) as file:
                while piece := file.read(_CHUNK):
                    self.unpack(len(piece))
                    yield piece
        except FaultError:
            raise
        except RuntimeError as error:
            # What zipfile says of a member that is encrypted; of one that it cannot unpack it says a kind of the same.
            raise FaultError(DAMAGED if isinstance(error, NotImplementedError) else LOCKED) from error
        except Exception as error:  # zipfile raises whatever its arithmetic comes to
            raise FaultError(DAMAGED) from error

    def xml(self, path: str) -> Iterator[bytes]:
        """A part that is XML, a piece at a time, as any reader of XML takes it.

        Raises:
            FaultError: as for ``pieces``, or it is written so that it could be taken in two ways.
        """
        before = b""
        for piece in self.pieces(path):
            # UTF-16 has it in every letter of a tag, so what is looked for in tags would not be found.
            if b"\0" in piece:
                raise FaultError(STRANGE)
            if _ENTITY.search(before + piece):
                raise FaultError(_ENTITIES)
            before = piece[-_OVERLAP:]
            yield piece

    def whole(self, path: str, most: int) -> bytes:
        """A small part that is XML, whole; empty if it is not there.

        Raises:
            FaultError: as for ``xml``, or it is larger than ``most``.
        """
        whole = b""
        for piece in self.xml(path):
            whole += piece
            if len(whole) > most:
                raise FaultError(STRANGE)
        return whole

    def unpack(self, number: int) -> None:
        """Count bytes that are unpacked, by this or by what reads the archive later.

        Raises:
            FaultError: they are too many.
        """
        self.left -= number
        if self.left < 0:
            raise FaultError(_TOO_LARGE)


def archive_of(data: bytes) -> Archive:
    """The archive that bytes are.

    Raises:
        FaultError: it is damaged, or has very many parts or two of one name.
    """
    try:
        opened = ZipFile(BytesIO(data))
    except Exception as error:  # zipfile raises whatever its arithmetic comes to
        raise FaultError(DAMAGED) from error
    entries = [entry for entry in opened.infolist() if not entry.filename.endswith("/")]
    if len(entries) > _MOST_MEMBERS:
        raise FaultError(_TOO_LARGE)
    members = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
    if len(members) < len(entries):  # which of two a reader takes cannot be known
        raise FaultError(STRANGE)
    return Archive(opened, members)


_BEGINNING = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def packed(package: bytes) -> bytes:
    """The same members in the same order, without the time and the system on which they were zipped."""
    with ZipFile(io.BytesIO(package)) as source:
        return zipped((member.filename, source.read(member)) for member in source.infolist())


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of the members in their order, in which nothing tells when and where it was made."""
    to = io.BytesIO()
    with ZipFile(to, "w") as target:
        for name, content in members:
            still = ZipInfo(name, _BEGINNING)
            still.compress_type, still.create_system = ZIP_DEFLATED, _UNIX
            target.writestr(still, content)
    return to.getvalue()


_SECTOR_SIZES = {9: 512, 12: 4_096}
_MINI, _SMALL = 64, 4_096
_END, _LAST_SECTOR = 0xFFFFFFFE, 0xFFFFFFFA
_HEADER, _ENTRY = 512, 128
# The reader makes room for as many numbers as it takes a header to say.
_MOST_ROOM = 64 * 1024 * 1024


def stream_of(data: bytes, names: Sequence[str]) -> bytes:
    """The stream of the first of the names that the file has; empty if it has none.

    Raises:
        FaultError: a chain of its sectors leads nowhere or back into itself, which the reader would follow for ever.
    """
    try:
        return _CompoundFile(data).stream(names)
    except (struct.error, IndexError, KeyError) as error:
        raise FaultError(DAMAGED) from error


class _CompoundFile:
    def __init__(self, data: bytes) -> None:
        header = data[:_HEADER]
        self._data = data
        self._size = _SECTOR_SIZES[struct.unpack_from("<H", header, 30)[0]]
        fats, directory = struct.unpack_from("<II", header, 44)
        first_mini, minis, first_more = struct.unpack_from("<III", header, 60)
        (room,) = struct.unpack_from("<I", header, 62)  # read so by the reader
        most = len(data) // self._size
        if max(fats, minis) > most or room > _MOST_ROOM:
            raise FaultError(DAMAGED)
        tables = [*struct.unpack_from("<109I", header, 76)]
        seen: set[int] = set()
        while first_more < _LAST_SECTOR:
            if first_more in seen:
                raise FaultError(DAMAGED)
            seen.add(first_more)
            *more, first_more = self._numbers(self._sector(first_more))
            tables += more
        self._next = self._numbers(b"".join(self._sector(one) for one in tables if one < _LAST_SECTOR))
        self._entries = self._chain(directory)
        first, length = struct.unpack_from("<II", self._entries, 116)
        self._mini = self._chain(first, length) if minis else b""
        self._mini_next = self._numbers(self._chain(first_mini, minis * self._size)) if minis else ()

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data) + self._size:
            raise FaultError(DAMAGED)
        return self._data[start : start + self._size]

    def _chain(self, first: int, length: int | None = None) -> bytes:
        """The bytes of a chain of sectors, as many as are asked for; all, if None."""
        most = len(self._data) if length is None else -(-length // self._size)
        return b"".join(self._sector(number) for number in _followed(first, self._next, most))[:length]

    def stream(self, names: Sequence[str]) -> bytes:
        places: dict[str, tuple[int, int]] = {}
        for at in range(0, len(self._entries) - _ENTRY + 1, _ENTRY):
            name = self._entries[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            places.setdefault(name, struct.unpack_from("<II", self._entries, at + 116))
        found = next((name for name in names if name in places), None)
        if found is None:
            return b""
        first, length = places[found]
        if length >= _SMALL:
            return self._chain(first, length)
        sectors = _followed(first, self._mini_next, -(-length // _MINI))
        return b"".join(self._mini[number * _MINI : (number + 1) * _MINI] for number in sectors)[:length]


def _followed(first: int, following: Sequence[int], most: int) -> Sequence[int]:
    """The numbers of a chain, up to so many; it must not come back to where it has been."""
    chain: dict[int, None] = {}
    number = first
    while number != _END and len(chain) < most:
        if number in chain or number >= len(following):
            raise FaultError(DAMAGED)
        chain[number] = None
        number = following[number]
    return [*chain]
