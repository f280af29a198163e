"""The files that are read together, and the records in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from casescreen.files.discovery import TABLES, WORKBOOKS
from casescreen.files.input import place_of, read_bytes, read_text
from casescreen.intake.documents import Record, records_in_lines, records_of
from casescreen.intake.tables.headings import CASES
from casescreen.intake.terms import Terms
from casescreen.model.dictionary import Mismatch
from casescreen.model.problem import Problem
from casescreen.text import counted

if TYPE_CHECKING:
    from casescreen.intake.mapping.model import CaseMapping
    from casescreen.intake.tables.sheet import Sheet

_MOST_TABLE_BYTES = 256 * 1024 * 1024
# Far more than the cases of any one service, and few enough to be read and told about in a short time.
_MOST_RECORDS = 50_000

Batch = tuple[str, ...]
"""Files that are read together: their tables belong to the same cases."""


@frozen(eq=False)
class Found:
    """What a batch of files holds.

    Attributes:
        records: its records.
        problems: what is wrong with it beside them.
        unread: how many records could not be made out; a file that cannot be used counts as one.
        examples: how many rows only show how a sheet is filled in.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    unread: int = 0
    examples: int = 0


def batches(files: Sequence[str], terms: Terms, *, mapped: bool) -> list[Batch]:
    """The files in their order, with the tables of a folder that holds ``cases`` of the same form put together.

    Where a mapping says which table is what, all tables in one folder belong together.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for file in files:
        folder, stem, suffix = _parts(file)
        if suffix in TABLES and (mapped or stem == CASES or stem in terms.tables):
            together.setdefault((folder, "" if mapped else suffix), []).append(file)
    batch_of = {
        file: tuple(several) for several in together.values() if mapped or _has_cases(several) for file in several
    }
    return list(dict.fromkeys(batch_of.get(file, (file,)) for file in files))


def read_batch(batch: Batch, terms: Terms, mapping: CaseMapping | None) -> Found:
    """The records of files that are read together, or what is wrong with them."""
    if _parts(batch[0])[2] not in {*TABLES, *WORKBOOKS}:
        return _bounded(batch[0], _texts(batch[0]))
    sheets, problems = sheets_of(batch)
    return _unusable(problems) if problems else _bounded(batch[0], _tables(sheets, terms, mapping))


def sheets_of(files: Iterable[str]) -> tuple[Sequence[Sheet], Sequence[Problem]]:
    """The sheets of workbooks, CSV and Parquet files, and why others have none."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for file in files:
        found = _sheets(file)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            sheets.extend(found)
    return sheets, problems


def _parts(file: str) -> tuple[str, str, str]:
    folder, name = os.path.split(file)
    stem, suffix = os.path.splitext(name.lower())  # noqa: PTH122 - the same
    return folder, stem, suffix


def _has_cases(files: Iterable[str]) -> bool:
    return any(_parts(file)[1] == CASES for file in files)


def _unusable(problems: Sequence[Problem]) -> Found:
    return Found((), tuple(problems), 1)


def _bounded(file: str, found: Found) -> Found:
    if len(found.records) <= _MOST_RECORDS:
        return found
    what = f"it holds {counted(len(found.records), 'record')}"
    return _unusable([Problem(place_of(file), what, f"Split it: a file can hold up to {_MOST_RECORDS:,} records.")])


def _texts(file: str) -> Found:
    text = read_text(file)
    if isinstance(text, Problem):
        return _unusable([text])
    if file.lower().endswith((".jsonl", ".ndjson")):
        records, problems = records_in_lines(file, text)
        return Found(records, problems, len(problems))
    found = records_of(file, text)
    return _unusable([found]) if isinstance(found, Problem) else Found(found)


def _sheets(file: str) -> Sequence[Sheet] | Problem:
    data = read_bytes(file, _MOST_TABLE_BYTES)
    if isinstance(data, Problem):
        return data
    found = _reader(file)(file, data)
    if isinstance(found, Mismatch):
        return Problem(place_of(file), found.what, found.advice)
    return found if isinstance(found, tuple) else (found,)


def _reader(file: str) -> Callable[[str, bytes], Sheet | tuple[Sheet, ...] | Mismatch]:
    # Imported when used: files of text are read without them.
    suffix = _parts(file)[2]
    if suffix in WORKBOOKS:
        from casescreen.intake.tables.workbook import sheets_in  # noqa: PLC0415

        return sheets_in
    if suffix == ".parquet":
        from casescreen.intake.tables.parquet import parquet_sheet  # noqa: PLC0415

        return parquet_sheet
    from casescreen.intake.tables.delimited import sheet_in  # noqa: PLC0415

    return sheet_in


def _tables(sheets: Sequence[Sheet], terms: Terms, mapping: CaseMapping | None) -> Found:
    from casescreen.intake.tables.assembling import assembled  # noqa: PLC0415
    from casescreen.intake.tables.layout import planned  # noqa: PLC0415

    if mapping is None:
        plan = planned(sheets, terms)
    else:
        from casescreen.intake.mapping.applying import mapped  # noqa: PLC0415

        plan = mapped(sheets, terms, mapping)
    if isinstance(plan, tuple):
        return _unusable(plan)
    found = assembled(plan)
    if not found.records and not found.problems:
        advice = "Fill in a row for each case. A row whose id is EXAMPLE only shows how, and is never read."
        return _unusable([Problem(plan.cases.sheet.place(plan.cases.header), "there is no case in it", advice)])
    return Found(found.records, found.problems, found.strays, found.examples)
