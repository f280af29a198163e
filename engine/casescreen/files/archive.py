"""Archives: their parts unpacked in bounded time and memory, and one whose bytes depend on its content alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
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
    to = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as source, ZipFile(to, "w") as target:
        for member in source.infolist():
            still = ZipInfo(member.filename, _BEGINNING)
            still.compress_type, still.create_system = ZIP_DEFLATED, _UNIX
            target.writestr(still, source.read(member))
    return to.getvalue()
