"""The files of a rulebook's folder, each read once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from casescreen.model.problem import Place, Problem
from casescreen.model.text import nearest
from casescreen.rulebook.files import RuleFile, read_rule_file
from casescreen.rulebook.locator import ROOT_FILE

DICTIONARY_FILE = "dictionary.toml"
CONCLUSIONS_FILE = "conclusions.toml"
CALENDARS = "calendars"
_AT_ROOT = (ROOT_FILE, DICTIONARY_FILE, CONCLUSIONS_FILE)


@frozen(eq=False)
class Folder:
    """What was found in a rulebook's folder.

    Attributes:
        name: the folder's own name, the rulebook's id.
        path: where it is.
        root: the files beside the themes, by name; those that could be read.
        themes: the criteria's files by folder and stem; None for one that could not be read.
        unread: whether a file that is there could not be read.
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
        """What every file says, and the calendar, by name."""
        files = (*self.root.values(), *self.criteria)
        within = {file.name.partition("/")[2]: file.data for file in files}
        return {**within, calendar.name: calendar.data}


def read_folder(path: Path, told: list[Problem]) -> Folder:
    """Every rule file of the folder, sorted by name; what cannot be read, or is out of place, is told."""
    name = path.resolve().name
    before = len(told)
    root = {file: read_rule_file(path / file, f"{name}/{file}", told) for file in _AT_ROOT if _is_there(path / file)}
    themes = {
        folder.name: _criteria(folder, f"{name}/{folder.name}", told) for folder in _entries(path) if folder.is_dir()
    }
    unread = len(told) > before
    told.extend(_missing(f"{name}/{file}") for file in (ROOT_FILE, DICTIONARY_FILE) if file not in root)
    told.extend(_misplaced(f"{name}/{file.name}", file.name) for file in _toml_files(path) if file.name not in _AT_ROOT)
    return Folder(name, path, {file: read for file, read in root.items() if read is not None}, themes, unread)


def read_calendar_file(folder: Folder, calendar: str, told: list[Problem]) -> RuleFile | None:
    """The calendar that the rulebook names, from the folder beside it; None if it cannot be read."""
    return read_rule_file(
        folder.path.resolve().parent / CALENDARS / f"{calendar}.toml", f"{CALENDARS}/{calendar}.toml", told
    )


def calendars_beside(folder: Folder) -> tuple[str, ...]:
    """The calendars that there are."""
    return tuple(sorted(file.stem for file in (folder.path.resolve().parent / CALENDARS).glob("*.toml")))


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _toml_files(folder: Path) -> list[Path]:
    return [entry for entry in _entries(folder) if entry.suffix == ".toml" and not entry.is_dir()]


def _criteria(folder: Path, name: str, told: list[Problem]) -> dict[str, RuleFile | None]:
    told.extend(_inside(f"{name}/{entry.name}") for entry in _entries(folder) if entry.is_dir())
    return {file.stem: read_rule_file(file, f"{name}/{file.name}", told) for file in _toml_files(folder)}


def _missing(name: str) -> Problem:
    return Problem(Place(name), "the file is missing", "Add it: docs/rule-language.md says what stands in it.")


def _inside(name: str) -> Problem:
    return Problem(Place(name), "a folder inside a theme is not read", "Move its files up into the theme.")


def _misplaced(name: str, file: str) -> Problem:
    meant = nearest(file, _AT_ROOT)
    advice = f'Did you mean "{meant}"?' if meant else "A criterion belongs in the folder of its theme."
    return Problem(Place(name), "this file means nothing here", advice)
