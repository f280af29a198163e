"""What is made beside the place where it is wanted, so that it can be moved there whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = ".casescreen-"


@contextlib.contextmanager
def file_beside(path: Path) -> Iterator[Path]:
    """An empty file that nobody else can read, in the folder of ``path``. In the end it is gone, or was moved."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX, suffix=".tmp")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def folder_beside(path: Path) -> Path:
    """An empty folder that nobody else can read, in the folder of ``path``."""
    return Path(tempfile.mkdtemp(dir=path.parent, prefix=_PREFIX))


def write_through(file: Path, data: bytes) -> None:
    """Write the data, and wait until they are on the disk."""
    with file.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def usual_mode(everything: int) -> int:
    """What people may do with a new file or folder, of everything that they could."""
    mask = os.umask(0)
    os.umask(mask)
    return everything & ~mask
