"""What one case file holds, whatever the file turns out to be."""

# ruff: noqa: PTH114, PTH116, PTH123 - a descriptor is opened with flags that Path.open cannot pass

from __future__ import annotations

import errno
import os
import stat
import sys
from codecs import BOM_UTF8
from hashlib import sha256
from typing import IO

from casescreen.model.problem import Fault, FaultError, Place, Problem

STANDARD_INPUT = "-"
MOST_BYTES = 32 * 1024 * 1024
MOST_HASHED = 1024 * 1024 * 1024
_PIECE = 1024 * 1024

# Where the system has them: do not wait for the other end of a pipe, do not become a device's terminal, change no byte.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_AS_UTF_8 = (
    "Save it as UTF-8. In Notepad: File, Save As, Encoding UTF-8. In Excel: File, Save As, a type whose name has UTF-8."
)
_OTHER = "Name a file of cases: TOML, JSON, a workbook, CSV or Parquet."


def place_of(source: str) -> Place:
    """The place of a whole file, as it is called in problems."""
    return Place("standard input" if source == STANDARD_INPUT else source)


def read_text(source: str) -> str | Problem:
    """The text of a file, or of standard input for "-"; or why there is none.

    At most ``MOST_BYTES`` are read, and only from a regular file: a pipe or a device is not opened, or at once closed.
    """
    data = read_bytes(source, MOST_BYTES)
    text = data if isinstance(data, Problem) else decoded(data)
    return text.at(place_of(source)) if isinstance(text, Fault) else text


def read_bytes(source: str, most: int) -> bytes | Problem:
    """What a file holds, or standard input for "-"; or why it cannot be read, or must not be."""
    try:
        if source == STANDARD_INPUT:
            data = _standard_input().read(most + 1)
        else:
            _check(os.stat(source), most)
            descriptor = os.open(source, _FLAGS)
            with open(descriptor, "rb") as file:
                _check(os.fstat(descriptor), most)  # another file may have taken the name since
                data = file.read(most + 1)
        if len(data) > most:
            raise _too_large(most)
    except FaultError as error:
        return error.fault.at(place_of(source))
    except (OSError, ValueError) as error:
        return why_not(source, error).at(place_of(source))
    return data


def hash_of_file(source: str) -> str | Problem:
    """SHA-256, in hexadecimal, of the bytes of a regular file; or why they cannot be read.

    They are read a piece at a time, so that a file that no report reads, such as a letter, can be large.
    """
    hashed, left = sha256(), MOST_HASHED
    try:
        _check(os.stat(source), MOST_HASHED)
        with open(os.open(source, _FLAGS), "rb") as file:
            _check(os.fstat(file.fileno()), MOST_HASHED)
            while piece := file.read(_PIECE):
                hashed.update(piece)
                left -= len(piece)
                if left < 0:
                    raise _too_large(MOST_HASHED)
    except FaultError as error:
        return error.fault.at(place_of(source))
    except (OSError, ValueError) as error:
        return why_not(source, error).at(place_of(source))
    return hashed.hexdigest()


def read_start(source: str, most: int) -> bytes:
    """How a file begins; nothing of what is no regular file, or cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(source).st_mode):
            return b""
        with open(os.open(source, _FLAGS), "rb") as file:
            return file.read(most)
    except (OSError, ValueError):
        return b""


def why_not(path: str, error: OSError | ValueError) -> Fault:
    """What is wrong with a path that the system refuses, and what to do."""
    if isinstance(error, ValueError):
        return Fault("its name has a character that no name can have", "Look at the spelling.")
    match error.errno:
        case errno.ENOENT if os.path.islink(path):
            return Fault("it is a link to something that is not there", "Remove the link, or name the file itself.")
        case errno.ENOENT | errno.ENOTDIR:
            return Fault("there is no such file or folder", "Look at the spelling, and at the folder that you are in.")
        case errno.EACCES | errno.EPERM:
            return Fault(
                "there is no permission to read it", "Ask its owner for access, or copy it to a folder of yours."
            )
        case errno.ELOOP:
            return Fault("it is a link that leads back to itself", "Remove the link, and name the file itself.")
        case errno.ENXIO:
            return Fault("it is not a regular file", _OTHER)
        case _:
            return Fault(
                f"it cannot be read: {error.strerror or error}", "Copy it to a local folder, and name the copy."
            )


def _standard_input() -> IO[bytes]:
    stream: IO[bytes] | None = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise FaultError(Fault("there is no standard input here", "Name a file or a folder."))
    return stream


def _check(status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((words for is_kind, words in _KINDS if is_kind(status.st_mode)), "not a regular file")
        raise FaultError(Fault(f"it is {kind}, not a file of text", _OTHER))
    if status.st_size > most:
        raise _too_large(most)


def _too_large(most: int) -> FaultError:
    what = f"it is larger than {most // (1024 * 1024)} MiB"
    return FaultError(Fault(what, "Divide it into several files; a folder of them is read as one."))


def decoded(data: bytes) -> str | Fault:
    """The text that a file holds, or why it is none that can be read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault('it is written as UTF-16, which Notepad calls "Unicode"', _AS_UTF_8)
    if data.startswith(b"PK\x03\x04"):
        return Fault(
            "it is a workbook or an archive, not text", "If it is a workbook, let its name end in .xlsx or .ods."
        )
    if (nul := data.find(b"\0")) >= 0:
        return Fault(f"it is not text: line {_line_at(data, nul)} has a character that no text has", _OTHER)
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = _line_at(error.object, error.start)
        return Fault(f"it is not written as UTF-8: the first letter that is not is on line {line}", _AS_UTF_8)
    return text if text.strip() else Fault("it is empty", "Fill it in, or take it away.")


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
