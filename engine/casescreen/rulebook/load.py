"""Where a rulebook comes from: its files, or its package.

A wheel carries the shipped rulebooks as they were read and checked when it was built: as JSON beside the files. Such a
package is bound to the files that it was made of. Where one of them has changed, the files are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from attrs import fields, has

from casescreen import __version__
from casescreen.conditions.operators import OPERATORS
from casescreen.model import calendar, condition, dictionary, outcome
from casescreen.model import rulebook as rulebooks
from casescreen.model.condition import Operator
from casescreen.model.rulebook import Rulebook
from casescreen.resources import CALENDARS, rulebook_folder, shipped_rulebooks


def load_rulebook(where: str | Path | None = None) -> Rulebook:
    """The rulebook, checked as a whole: now, or when it was packaged.

    Args:
        where: a folder, or the name of a shipped rulebook; nothing for the only one that is shipped.

    Raises:
        CasescreenError: there is no such rulebook.
        ProblemsError: everything that is wrong with it, with file, line and advice.
    """
    shipped = shipped_rulebooks()
    folder = rulebook_folder(where, shipped)
    if folder in shipped.values() and (ready := read_packaged(folder)) is not None:
        return ready
    from casescreen.rulebook.folder_reader import read_rulebook  # noqa: PLC0415 - imported when used: start-up time

    return read_rulebook(folder)


def packaged_file(folder: Path) -> Path:
    """Where the package of a rulebook stands: beside its folder."""
    return folder.with_name(f"{folder.name}.json")


def packaged(rulebook: Rulebook, folder: Path) -> str:
    """The package of a rulebook that was read from the folder, as text: the same for the same files and version."""
    writer = _Writer()
    writer.number(rulebook)
    content = {"version": __version__, "files": files_hash(folder), "values": writer.values}
    return json.dumps(content, separators=(",", ":"))


def read_packaged(folder: Path) -> Rulebook | None:
    """The rulebook of a folder from its package.

    None where there is no package of these files and this version, or one that makes no rulebook.
    """
    try:
        content = json.loads(packaged_file(folder).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    if (content.get("version"), content.get("files")) != (__version__, files_hash(folder)):
        return None
    try:
        made = _last_made(content["values"])
    except (LookupError, TypeError, ValueError, AttributeError):  # what makers raise of parts of others
        return None
    return made if isinstance(made, Rulebook) else None


def _last_made(written: Iterable[Any]) -> object:
    """The value of which all that are written before it are parts."""
    values: list[Any] = []
    for one in written:
        values.append(_MAKERS[one[0]](*map(values.__getitem__, one[1:])) if type(one) is list else one)
    return values[-1]


def files_hash(folder: Path) -> str:
    """SHA-256, in hexadecimal, over the names and bytes of a rulebook's files, and of the calendars beside it."""
    hashed = sha256()
    for part in (folder, folder.with_name(CALENDARS)):
        # Not all below it, which leaves out a folder that is a link; deeper than in a theme no rule is read.
        for file in sorted((*part.glob("*.toml"), *part.glob("*/*.toml"))):
            content = file.read_bytes()
            hashed.update(f"{file.relative_to(folder.parent).as_posix()} {len(content)}\n".encode())
            hashed.update(content)
    return hashed.hexdigest()


class _Writer:
    """Numbers the values that a rulebook is made of, so that what stands in many places is written once.

    Attributes:
        values: by number: a text, a number, yes or no, or nothing, as it is; all else as a list of what makes it and
            the numbers of its parts, which come before it.
    """

    def __init__(self) -> None:
        self.values: list[object] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, value: object) -> int:
        """The number of a value, after those of its parts."""
        if value is None or isinstance(value, str | bool | int):
            return self._numbered((type(value), value), value)
        name, parts = _taken_apart(value)
        made = [name, *map(self.number, parts)]
        return self._numbered(tuple(made), made)

    def _numbered(self, key: tuple[object, ...], written: object) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(written)
        return self._numbers[key]


def _taken_apart(value: object) -> tuple[str, Iterable[object]]:
    """What makes a value, and of what."""
    match value:
        case tuple():
            return "tuple", value
        case list():
            return "list", value
        case frozenset():
            return "frozenset", sorted(value)
        case Mapping():
            return "mapping", chain.from_iterable(value.items())
        case date():
            return "date", [value.isoformat()]
        case Enum():
            return type(value).__name__, [value.value]
        case Operator():
            return "Operator", [value.name]
        case _:
            kind = type(value)
            assert has(kind), "a part of a rulebook is of a class of the model"
            return kind.__name__, [getattr(value, one.name) for one in fields(kind) if one.init]


_MAKERS: Mapping[str, Callable[..., object]] = {
    "tuple": lambda *parts: parts,
    "list": lambda *parts: [*parts],
    "frozenset": lambda *parts: frozenset(parts),
    "mapping": lambda *parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    "date": date.fromisoformat,
    **{
        one.__name__: one
        for module in (calendar, condition, dictionary, outcome, rulebooks)
        for one in vars(module).values()
        if isinstance(one, type) and (has(one) or issubclass(one, Enum))
    },
    "Operator": OPERATORS.__getitem__,
}
