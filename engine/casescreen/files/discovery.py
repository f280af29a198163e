"""The case files that a person means by naming files, folders and patterns."""

# ruff: noqa: PTH112, PTH116, PTH118, PTH207, PTH208 - a path is told as the user wrote it, and a Path would tidy it

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator

from attrs import Factory, define, evolve

from casescreen.files.content import STANDARD_INPUT, place_of, why_not
from casescreen.model.problem import Fault, Place, Problem
from casescreen.text import listed, nearest, visible

TEXTS = (".toml", ".json", ".jsonl", ".ndjson")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TABLES = (".csv", ".tsv", ".parquet")
SUFFIXES = (*TEXTS, *WORKBOOKS, *TABLES)
MOST_ENTRIES = 200_000
_MOST_SIBLINGS = 1_000

_ENDINGS = listed(SUFFIXES)
_PASSED_OVER = f"Case files end in {_ENDINGS}. Those whose name begins with a dot or ~ are passed over."
_NOT_A_CASE = Fault(
    "its name ends as no case file's does",
    f"Let it end in {_ENDINGS}; text can come in by standard input, as -.",
)
_TOO_MANY = Fault(
    f"more than {MOST_ENTRIES:,} files and folders stand in it",
    "Name the folder of the cases itself, and look for links to other places in it.",
)


@define
class Search:
    """What was found under the names given.

    Attributes:
        files: the paths to read, each once, in order of the names given and then of the alphabet.
        problems: what is wrong with the names themselves.
        seen: the real paths of the files, so that none is read twice.
    """

    files: list[str] = Factory(list)
    problems: list[Problem] = Factory(list)
    seen: set[str] = Factory(set)

    def add(self, path: str, real: str) -> None:
        """Note a file, unless it was found under another name."""
        if real not in self.seen:
            self.seen.add(real)
            self.files.append(path)

    def refuse(self, name: str, fault: Fault) -> None:
        """Tell what is wrong with a name."""
        self.problems.append(fault.at(place_of(name)))


def find_files(names: Iterable[str]) -> Search:
    """Every case file under the names: files, folders with all below them, patterns, or "-" for standard input.

    In a folder, whatever ends in one of ``SUFFIXES`` counts, and nothing whose name begins with a dot, or with the ~
    of a file that an office program has open. Links are followed, no folder is entered twice, and no more than
    ``MOST_ENTRIES`` are looked at.
    """
    search = Search()
    given = list(names)
    for name in given:
        if name == STANDARD_INPUT:
            search.add(name, name)
        else:
            _find(search, name)
    if not given:
        search.problems.append(Problem(Place("cases"), "no file or folder is named", "Name at least one."))
    return search


def _find(search: Search, name: str) -> None:
    try:
        is_folder = stat.S_ISDIR(os.stat(name).st_mode)
    except (OSError, ValueError) as error:
        if not os.path.lexists(name):
            if glob.has_magic(name) and not isinstance(error, ValueError):
                _find_matching(search, name)
            else:
                fault = why_not(name, error)
                search.refuse(name, evolve(fault, advice=_similar(name) or fault.advice))
            return
        is_folder = False  # a link that is broken
    if is_folder:
        _find_below(search, name)
    elif name.lower().endswith(SUFFIXES):
        search.add(name, os.path.realpath(name))
    else:
        search.refuse(name, _NOT_A_CASE)


def _find_matching(search: Search, pattern: str) -> None:
    # Two asterisks mean the same as one: they would follow links for ever, and folders are read to the bottom anyhow.
    matching = sorted(glob.glob(pattern))
    wanted = [path for path in matching if os.path.isdir(path) or path.lower().endswith(SUFFIXES)]
    for path in wanted:
        _find(search, path)
    if not wanted:
        search.refuse(pattern, Fault("no case file fits the pattern", _PASSED_OVER))


def _find_below(search: Search, folder: str) -> None:
    before = len(search.problems)
    paths = list(_walk(search, folder))
    for path, real in paths:
        search.add(path, real)
    if not paths and len(search.problems) == before:
        search.refuse(folder, Fault("there is no case file in the folder", _PASSED_OVER))


def _walk(search: Search, folder: str) -> Iterator[tuple[str, str]]:
    """The case files below a folder, each with its real path."""
    waiting = [(folder, os.path.realpath(folder))]
    entered: set[str] = set()
    looked_at = 0
    while waiting:
        path, real = waiting.pop()
        if os.path.isdir(path):
            if real in entered:
                continue
            entered.add(real)
            inside = _inside(search, path, real)
            looked_at += len(inside)
            if looked_at > MOST_ENTRIES:
                search.refuse(folder, _TOO_MANY)
                return
            waiting.extend(reversed(inside))
        elif path.lower().endswith(SUFFIXES):
            yield path, real


def _inside(search: Search, folder: str, real: str) -> list[tuple[str, str]]:
    """What stands in a folder in alphabetical order, each with its real path."""
    try:
        with os.scandir(folder) as entries:
            shown = sorted((entry for entry in entries if not entry.name.startswith((".", "~"))), key=lambda e: e.name)
    except OSError as error:
        search.refuse(folder, why_not(folder, error))
        return []
    return [
        (entry.path, os.path.realpath(entry.path) if entry.is_symlink() else os.path.join(real, entry.name))
        for entry in shown
    ]


def _similar(name: str) -> str:
    folder, last = os.path.split(name)
    try:
        siblings = sorted(os.listdir(folder or "."))[:_MOST_SIBLINGS]
    except (OSError, ValueError):
        return ""
    close = nearest(last, siblings)
    return "" if close is None else f'Did you mean "{visible(os.path.join(folder, close))}"?'
