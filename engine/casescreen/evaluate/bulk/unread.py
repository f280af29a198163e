"""Files that a list of cases would be read from, and that stand where a caseload has no part."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from casescreen.intake.searching import SUFFIXES
from casescreen.model.problem import Place, Problem

TABLES = (".parquet", ".csv")
"""What the files of a part may end in, in any letters."""

_PASSED_OVER = (".", "~")


def unread(folder: Path, parts: Collection[Path]) -> Iterator[Problem]:
    """A problem for each file of records that is in no part: what it holds would be missing without a word."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(_PASSED_OVER))
        for file in (Path(here, name) for name in sorted(files) if not name.startswith(_PASSED_OVER)):
            ending = file.suffix.lower()
            if ending in TABLES and not file.is_file():
                yield _problem(file, "it is not an ordinary file", "Put one in its place, in the")
            elif ending in TABLES and file.parent not in parts:
                yield _problem(file, "there are no cases beside it", "Put cases.parquet or cases.csv there, in the")
            elif ending in SUFFIXES and ending not in TABLES:
                yield _problem(file, "so many cases are read from Parquet and CSV", "Convert it, put it in the")


def _problem(file: Path, what: str, advice: str) -> Problem:
    return Problem(
        Place(str(file)),
        what,
        f"{advice} folder of the caseload or one right below it; or take the file away.",
        "What it holds would not be counted.",
    )
