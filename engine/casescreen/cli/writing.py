"""Writing files whole: the old one or the new one is there at any moment, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from casescreen.model.problem import CasescreenError
from casescreen.model.text import visible


def write_whole(path: Path, text: str, *, force: bool) -> None:
    """Write UTF-8 text to a file beside it and move that into place.

    Args:
        path: where to. Its folder must be there. A symbolic link is followed, and stays.
        text: what to write; line ends are written as they stand.
        force: whether a file that is already there may be replaced.

    Raises:
        CasescreenError: the file is there and ``force`` is not given, it is no ordinary file, or it cannot be written.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise CasescreenError(
            f"{visible(str(path))} is not an ordinary file, and was left as it is.\n"
            "  What to do: give the name of a file."
        )
    if path.exists() and not force:
        raise CasescreenError(
            f"{visible(str(path))} is there already, and was left as it is.\n"
            "  What to do: give another name, or add --force to replace it."
        )
    try:
        _replace(path, text)
    except OSError as error:
        raise CasescreenError(
            f"{visible(str(path))} could not be written: {error.strerror or error}.\n"
            "  What to do: check that the folder is there and that you may write in it."
        ) from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".casescreen-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
