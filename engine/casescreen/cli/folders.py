"""Writing folders whole: made beside under another name, and renamed when every file is in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from casescreen.cli.beside import folder_beside, usual_mode, write_through
from casescreen.model.problem import CasescreenError
from casescreen.model.text import visible


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder that is new or empty; at any moment all of them are there or none.

    Raises:
        CasescreenError: the folder holds something already, or cannot be written.
    """
    put_folder(path, lambda new: _fill(new, files))


def put_folder(path: Path, make: Callable[[Path], None]) -> None:
    """As ``write_folder``, with what ``make`` puts into the empty folder that it is given.

    Raises:
        CasescreenError: as for ``write_folder``.
    """
    path = path.resolve()
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise _in_use(path)
        _make(path, make)
    except OSError as error:
        raise CasescreenError(
            f"The folder {visible(str(path))} could not be written: {error.strerror or error}.\n"
            "  What to do: check that the folder around it is there and that you may write in it."
        ) from error


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        write_through(folder / name, content)


def _make(path: Path, make: Callable[[Path], None]) -> None:
    new = folder_beside(path)
    try:
        make(new)
        new.chmod(usual_mode(0o777))
        if path.exists():
            path.rmdir()  # fails where something has just been put into it
        new.rename(path)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _in_use(path: Path) -> CasescreenError:
    return CasescreenError(
        f"{visible(str(path))} is there already and not an empty folder, and was left as it is.\n"
        "  Why it matters: files of another caseload in it would be read as part of this one.\n"
        "  What to do: give the name of a new folder."
    )
