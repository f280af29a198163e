"""Files that a list of cases would be read from, and that stand where a caseload has no part."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from casescreen.files.discovery import find_files
from casescreen.model.problem import Place, Problem

TABLES = (".parquet", ".csv")
"""What the files of a part may end in, in any letters."""


def unread(folder: Path, parts: Collection[Path]) -> Iterator[Problem]:
    """A problem for each file of records that is in no part: what it holds would be missing without a word."""
    found = find_files([str(folder)])
    yield from found.problems
    for file in map(Path, found.files):
        if file.suffix.lower() not in TABLES:
            yield _unread_problem(file, "so many cases are read from Parquet and CSV", "Convert it, put it in the")
        elif file.parent not in parts:
            yield _unread_problem(file, "there are no cases beside it", "Put cases.parquet or cases.csv there, in the")
        elif not file.is_file():
            yield _unread_problem(file, "it is not an ordinary file", "Put one in its place, in the")


def _unread_problem(file: Path, what: str, advice: str) -> Problem:
    return Problem(
        Place(str(file)),
        what,
        f"{advice} folder of the caseload or one right below it; or take the file away.",
        "What it holds would not be counted.",
    )
