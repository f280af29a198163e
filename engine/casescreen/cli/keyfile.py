"""The file that holds the key of pseudonyms: read, or made once and never replaced."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

import click

from casescreen.files.atomic import file_beside, write_through
from casescreen.model.problem import CasescreenError
from casescreen.report.sharing.pseudonyms import KEY_BYTES
from casescreen.text import visible

_HEX = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES},}}")
# No key file is longer; what is longer is another file, and is not read to its end.
_LONGEST = 4_096
_OWNER_ONLY = 0o600


def key_from(path: Path) -> bytes:
    """The key in the file. Where there is no file, one is made with a new key, and the user is told so.

    Raises:
        CasescreenError: the file does not hold a key, or cannot be read or made.
    """
    try:
        if not path.exists():
            _make(path)
        with path.open("rb") as file:
            text = file.read(_LONGEST + 1)
    except OSError as error:
        raise CasescreenError(
            f"The key file {visible(str(path))} could not be read or made: {error.strerror or error}.\n"
            "  What to do: check that its folder is there and that you may write in it."
        ) from error
    return _key(path, text)


def _key(path: Path, text: bytes) -> bytes:
    digits = text.decode("ascii", errors="replace").strip()
    if len(text) > _LONGEST or len(digits) % 2 or not _HEX.fullmatch(digits):
        raise CasescreenError(
            f"{visible(str(path))} does not hold a key: a line of {2 * KEY_BYTES} or more figures and letters a to f.\n"
            "  Why it matters: with a weak or damaged key, pseudonyms could be turned back, or would be other ones.\n"
            "  What to do: put back a copy of the key file. Without one, name a file that is not there yet: a new key "
            "is made, and its pseudonyms do not go together with those made before."
        )
    return bytes.fromhex(digits)


def _make(path: Path) -> None:
    """Write a new key beside the file and link it into place: whole or not at all, and never over another."""
    path = path.resolve()
    with file_beside(path) as new:
        write_through(new, f"{secrets.token_hex(KEY_BYTES)}\n".encode("ascii"))
        new.chmod(_OWNER_ONLY)
        _put(new, path)


def _put(new: Path, path: Path) -> None:
    try:
        os.link(new, path)
    except FileExistsError:
        return  # another run has just made one: that is the key
    except OSError:  # a file system without links
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(new.read_text(encoding="ascii"))
    click.echo(
        f"A new key was made: {visible(str(path))}. Keep it apart from the reports, and keep a copy: "
        "who has it can tell whom a pseudonym means, and without it the next report has other pseudonyms.",
        err=True,
    )


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, _OWNER_ONLY)
