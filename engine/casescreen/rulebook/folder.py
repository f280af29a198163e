"""The files of a rulebook's folder, each read once, and the hash that says which rulebook they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from casescreen.model.problem import Place, Problem
from casescreen.resources import ROOT_FILE
from casescreen.syntax.rule_file import RuleFile, read_rule_file
from casescreen.text import nearest

# Groups of named entries, whose order reports keep, by how many levels of names they have.
_ORDERED = {
    "columns": 1,
    "conclusions": 1,
    "documents": 1,
    "facts": 1,
    "fields": 2,
    "flags": 1,
    "parameters": 1,
    "tables": 1,
    "themes": 1,
}


def content_hash(contents: Mapping[str, Mapping[str, Any]]) -> str:
    """SHA-256, in hexadecimal, over the parsed content of files by their names.

    Comments, layout, line endings and the order of keys do not enter it; the order of named entries does,
    because reports keep it.
    """
    canonical = {name: _canonical(content) for name, content in contents.items()}
    written = json.dumps(canonical, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_typed)
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def _canonical(value: Any, named_levels: int = 0) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if not isinstance(value, dict):
        return value
    if named_levels:
        return [[name, _canonical(entry, named_levels - 1)] for name, entry in value.items()]
    return {key: _canonical(entry, _ORDERED.get(key, 0)) for key, entry in value.items()}


def _typed(value: object) -> dict[str, str]:
    assert isinstance(value, date), "TOML has no other type that JSON lacks in a sound rulebook"
    return {"date": value.isoformat()}


DICTIONARY_FILE = "dictionary.toml"
CONCLUSIONS_FILE = "conclusions.toml"
SYNTHETIC_SPEC_FILE = "generate.toml"
CALENDARS = "calendars"
_AT_ROOT = (ROOT_FILE, DICTIONARY_FILE, CONCLUSIONS_FILE)
_KNOWN = (*_AT_ROOT, SYNTHETIC_SPEC_FILE)  # the last is no rule: it changes no finding, so no screening reads it
_REQUIRED = (ROOT_FILE, DICTIONARY_FILE)


@frozen(eq=False)
class Folder:
    """What was found in a rulebook's folder.

    Attributes:
        name: the folder's own name, the rulebook's id.
        path: where it is, with symbolic links resolved.
        root: the files beside the themes, by name; those that could be read.
        themes: the criteria's files by folder and stem; None for one that could not be read.
        unread: whether something that is there could not be read.
    """

    name: str
    path: Path
    root: Mapping[str, RuleFile]
    themes: Mapping[str, Mapping[str, RuleFile | None]]
    unread: bool

    @property
    def criteria(self) -> tuple[RuleFile, ...]:
        """The criteria's files that could be read."""
        return tuple(file for files in self.themes.values() for file in files.values() if file is not None)

    def contents(self, calendar: RuleFile) -> dict[str, dict[str, Any]]:
        """What every file says, and the calendar, by name; the name of the folder itself is no part of it."""
        files = (*self.root.values(), *self.criteria)
        within = {file.name.partition("/")[2]: file.data for file in files}
        return {**within, calendar.name: calendar.data}


def read_folder(folder: Path, told: list[Problem]) -> Folder:
    """Every rule file of the folder, sorted by name; what cannot be read, or is out of place, is told."""
    path = folder.resolve()
    before = len(told)
    listing = _list(path, path.name, told)
    if ROOT_FILE not in listing.files:
        # Then it is hardly a rulebook, and what else is in it is no business of ours.
        told.append(_missing(f"{path.name}/{ROOT_FILE}"))
        return Folder(path.name, path, {}, {}, unread=True)
    root = {
        name: read_rule_file(path / name, f"{path.name}/{name}", told) for name in _AT_ROOT if name in listing.files
    }
    themes = {theme: _criteria(path / theme, f"{path.name}/{theme}", told) for theme in listing.folders}
    unread = len(told) > before
    told.extend(_missing(f"{path.name}/{name}") for name in _REQUIRED if name not in root)
    told.extend(_misplaced(f"{path.name}/{name}", name) for name in listing.files if name not in _KNOWN)
    return Folder(path.name, path, {name: file for name, file in root.items() if file is not None}, themes, unread)


def read_calendar_file(folder: Folder, calendar: str, told: list[Problem]) -> RuleFile | None:
    """The calendar that the rulebook names, from the folder beside it; None after telling why it cannot be read."""
    file = f"{calendar}.toml"
    return read_rule_file(folder.path.parent / CALENDARS / file, f"{CALENDARS}/{file}", told)


def calendars_beside(folder: Folder) -> tuple[str, ...]:
    """The names of the calendars that there are."""
    return tuple(sorted(file.stem for file in (folder.path.parent / CALENDARS).glob("*.toml")))


@frozen
class _Listing:
    """The names in a folder that matter here, sorted: folders, and other things called ``.toml``."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def _list(folder: Path, name: str, told: list[Problem]) -> _Listing:
    try:
        entries = {entry.name: entry.is_dir() for entry in sorted(folder.iterdir()) if not entry.name.startswith(".")}
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        told.append(Problem(Place(name), f"the folder cannot be read: {reason}"))
        return _Listing()
    files = tuple(entry for entry, is_folder in entries.items() if not is_folder and entry.endswith(".toml"))
    return _Listing(tuple(entry for entry, is_folder in entries.items() if is_folder), files)


def _criteria(folder: Path, name: str, told: list[Problem]) -> dict[str, RuleFile | None]:
    listing = _list(folder, name, told)
    told.extend(_inside(f"{name}/{inner}") for inner in listing.folders)
    return {file.removesuffix(".toml"): read_rule_file(folder / file, f"{name}/{file}", told) for file in listing.files}


def _missing(name: str) -> Problem:
    return Problem(Place(name), "the file is missing", "Add it: docs/rule-language.md says what stands in it.")


def _inside(name: str) -> Problem:
    return Problem(Place(name), "a folder inside a theme is not read", "Move its files up into the theme.")


def _misplaced(name: str, file: str) -> Problem:
    meant = nearest(file.removesuffix(".toml"), [known.removesuffix(".toml") for known in _KNOWN])
    advice = f'Did you mean "{meant}.toml"?' if meant else "A criterion belongs in the folder of its theme."
    return Problem(Place(name), "this file means nothing here", advice)
