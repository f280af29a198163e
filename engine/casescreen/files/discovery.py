"""The case files that a person means by naming files, folders and patterns."""

# ruff: noqa: PTH112, PTH116, PTH118, PTH122, PTH207, PTH208 - a path is told as the user wrote it, and a Path would tidy it

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator

from attrs import Factory, define, evolve

from casescreen.files.content import STANDARD_INPUT, place_of, read_start, why_not
from casescreen.model.problem import Advice, Fault, Place, Problem
from casescreen.text import listed, nearest, visible

TEXTS = (".toml", ".json", ".jsonl", ".ndjson")
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots")
TABLES = (".csv", ".tsv", ".parquet", ".txt")
SUFFIXES = (*TEXTS, *WORKBOOKS, *TABLES)
IN_FOLDERS = tuple(suffix for suffix in SUFFIXES if suffix != ".txt")
"""Of the files in a folder, those that are read. Most texts are no tables: one that is has to be named."""
MOST_ENTRIES = 200_000
_MOST_SIBLINGS = 1_000

_ENDINGS = listed(IN_FOLDERS)
_PASSED_OVER = f"Case files end in {_ENDINGS}. Those whose name begins with a dot or ~ are passed over."
_NOT_A_CASE = Fault(
    "its name ends as no case file's does",
    Advice(
        f"Let it end in {_ENDINGS}; text can come in by standard input, as -.",
        "Save it as a workbook, CSV, JSON or TOML.",
    ),
)
_SAVE = "Open it in the program that it is of, and save or export it as a workbook (.xlsx)."
_OTHER_PROGRAMS = {
    ".numbers": Fault("it is a spreadsheet of Apple Numbers, which is not read", _SAVE),
    ".gsheet": Fault("it is a link to a spreadsheet of Google, and holds none of it", _SAVE),
    ".fods": Fault("it is a flat OpenDocument spreadsheet, which is not read", _SAVE),
    ".dif": Fault("it is a table in the Data Interchange Format, which is not read", _SAVE),
    ".slk": Fault("it is a table in the Symbolic Link format, which is not read", _SAVE),
    ".dbf": Fault("it is a table of dBase, which is not read", _SAVE),
    ".xml": Fault("it is XML, such as an XML Spreadsheet 2003, which is not read", _SAVE),
    ".pdf": Fault("it is a document to be printed, and holds no table that can be read", "Export the table itself."),
    ".docx": Fault("it is a document of Word, and holds no table that can be read", "Copy the table into a workbook."),
    ".zip": Fault("it is an archive", "Unpack it, and name the folder."),
    ".mdb": Fault("it is a database of Access, which is not read", "Export each table as a workbook."),
    ".accdb": Fault("it is a database of Access, which is not read", "Export each table as a workbook."),
}
"""What files of other kinds are, and what to do with them."""
_SPREADSHEETS = (".numbers", ".gsheet", ".fods", ".dif", ".slk")
"""What ends so is a table, and nothing else: of a folder, it is told that it is not read."""
_XML = ".xml"
_XML_SPREADSHEETS = (b"excel.sheet", b"office:spreadsheet", b"opendocument.spreadsheet")
_START = 4_096
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

    In a folder, whatever ends in one of ``IN_FOLDERS`` counts, and nothing whose name begins with a dot, or with the ~
    of a file that an office program has open. A spreadsheet of another kind is told, as cases may be in it. Links are
    followed, no folder is entered twice, and no more than ``MOST_ENTRIES`` are looked at.
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
    else:
        _find_file(search, name)


def _find_file(search: Search, path: str) -> None:
    if path.lower().endswith(SUFFIXES):
        search.add(path, os.path.realpath(path))
    else:
        search.refuse(path, _OTHER_PROGRAMS.get(os.path.splitext(path)[1].lower(), _NOT_A_CASE))


def _find_matching(search: Search, pattern: str) -> None:
    # Two asterisks mean the same as one: they would follow links for ever, and folders are read to the bottom anyhow.
    matching = sorted(glob.glob(pattern))
    named = SUFFIXES if pattern.lower().endswith(".txt") else IN_FOLDERS
    wanted = [path for path in matching if os.path.isdir(path) or path.lower().endswith(named)]
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
        elif path.lower().endswith(IN_FOLDERS):
            yield path, real
        elif _is_other_spreadsheet(path):
            _find_file(search, path)


def _is_other_spreadsheet(path: str) -> bool:
    """Whether it is a spreadsheet that is not read, by its name, or, of XML, by how it begins."""
    if not path.lower().endswith(_XML):
        return path.lower().endswith(_SPREADSHEETS)
    start = read_start(path, _START).lower()
    return any(one in start for one in _XML_SPREADSHEETS)


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
