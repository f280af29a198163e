"""The files of a rulebook's folder, each read once, and the hash that says which rulebook they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from casescreen.model.problem import Place, ProblemCollector
from casescreen.resources import ROOT_FILE
from casescreen.syntax.rule_file import RuleFile, read_rule_file
from casescreen.text import nearest, visible

# Groups of named entries, whose order reports keep, by how many levels of names they have.
_ORDERED = {
    "checks": 1,
    "columns": 1,
    "conclusions": 1,
    "derived": 2,
    "documents": 1,
    "facts": 1,
    "fields": 2,
    "flags": 1,
    "parameters": 1,
    "sets": 1,
    "tables": 1,
    "themes": 1,
}


def content_hash(folder: Folder, calendar: RuleFile) -> str:
    """SHA-256, in hexadecimal, over the parsed content of a rulebook's files and its calendar.

    The name of the folder itself, comments, layout, line endings and the order of keys do not enter it; the order of
    named entries does, because reports keep it.
    """
    contents = {}
    for file in (*folder.root.values(), *folder.criteria):
        contents[file.name.partition("/")[2]] = _canonical(file.data)
    contents[calendar.name] = _canonical(calendar.data)
    written = json.dumps(contents, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_typed)
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def _canonical(value: Any, named_levels: int = 0) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(value, list):
        return [*map(_canonical, value)]
    if not isinstance(value, dict):
        return value
    content = {}
    for key, entry in value.items():
        content[key] = _canonical(entry, named_levels - 1 if named_levels else _ORDERED.get(key, 0))
    return [*content.items()] if named_levels else content


def _typed(value: object) -> dict[str, str]:
    assert isinstance(value, date), "TOML has no other type that JSON lacks in a sound rulebook"
    return {"date": value.isoformat()}


_ENDING = ".toml"
DICTIONARY_FILE = "dictionary.toml"
CONCLUSIONS_FILE = "conclusions.toml"
FACTS_FILE = "facts.toml"
CHECKS_FILE = "checks.toml"
SYNTHETIC_SPEC_FILE = "generate.toml"
_AT_ROOT = (ROOT_FILE, DICTIONARY_FILE, CONCLUSIONS_FILE, CHECKS_FILE, FACTS_FILE)
VOCABULARY_FILE = "vocabulary.toml"
SAMPLE_PLAN_FILE = "sample.toml"
# The last three are no rules: they change no finding, so no screening reads them.
_KNOWN = (*_AT_ROOT, SYNTHETIC_SPEC_FILE, VOCABULARY_FILE, SAMPLE_PLAN_FILE)
_MISSING = ("the file is missing", "Add it: docs/rule-language.md says what stands in it.")


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


def read_folder(folder: Path, collector: ProblemCollector) -> Folder:
    """Every rule file of the folder, sorted by name; what cannot be read, or is out of place, is a problem."""
    path = folder.resolve()
    before = len(collector.problems)
    folders, files = _list(path, path.name, collector)
    if ROOT_FILE not in files:
        # Then it is hardly a rulebook, and what else is in it is no business of ours.
        collector.add(Place(f"{path.name}/{ROOT_FILE}"), *_MISSING)
        return Folder(path.name, path, {}, {}, unread=True)
    root: dict[str, RuleFile] = {}
    for name in _AT_ROOT:
        file = read_rule_file(path / name, f"{path.name}/{name}", collector) if name in files else None
        if file is not None:
            root[name] = file
    themes = {theme: _criteria(path / theme, f"{path.name}/{theme}", collector) for theme in folders}
    unread = len(collector.problems) > before
    if DICTIONARY_FILE not in files:
        collector.add(Place(f"{path.name}/{DICTIONARY_FILE}"), *_MISSING)
    for name in files:
        if name not in _KNOWN:
            meant = nearest(name.removesuffix(".toml"), [known.removesuffix(".toml") for known in _KNOWN])
            advice = f'Did you mean "{meant}.toml"?' if meant else "A criterion belongs in the folder of its theme."
            collector.add(Place(f"{path.name}/{name}"), "this file means nothing here", advice)
    return Folder(path.name, path, root, themes, unread)


def _criteria(folder: Path, name: str, collector: ProblemCollector) -> dict[str, RuleFile | None]:
    folders, files = _list(folder, name, collector)
    for inner in folders:
        collector.add(
            Place(f"{name}/{inner}"), "a folder inside a theme is not read", "Move its files up into the theme."
        )
    return {file.removesuffix(".toml"): read_rule_file(folder / file, f"{name}/{file}", collector) for file in files}


def _meant_to_be_read(name: str) -> str:
    """The stem of a name that says that it is TOML and does not end so; "" of any other."""
    plain = name.strip().lower().removesuffix(".txt")
    return name[: plain.index(_ENDING)].strip() if plain.endswith(_ENDING) else ""


def _list(folder: Path, name: str, collector: ProblemCollector) -> tuple[list[str], list[str]]:
    """The names in a folder that matter here, sorted: folders, and other things called ``.toml``."""
    folders, files = [], []
    try:
        for entry in sorted(folder.iterdir()):
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                folders.append(entry.name)
            elif entry.name.endswith(_ENDING):
                files.append(entry.name)
            elif stem := _meant_to_be_read(entry.name):
                advice = f'Call it "{stem}{_ENDING}", or take it out of the folder.'
                why = "What it asks would be asked of nobody."
                place = Place(f"{name}/{visible(entry.name)}")
                collector.add(place, f"its name does not end in {_ENDING}", advice, why)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        collector.add(Place(name), f"the folder cannot be read: {reason}")
        return [], []
    return folders, files
