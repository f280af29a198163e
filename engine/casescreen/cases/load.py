"""Everything that is named, read as one caseload: the files that are read together, and the records in them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from casescreen.cases.documents import Record, records_in_lines, records_of
from casescreen.cases.records import ReadRecord, read_record
from casescreen.cases.schema import RecordSchema, record_schema
from casescreen.cases.serialise import canonical, plain_case
from casescreen.files.content import place_of, read_bytes, read_text
from casescreen.files.discovery import TABLES, WORKBOOKS, find_files
from casescreen.model.case import CASES, Case, Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Fault, Problem, ProblemsError
from casescreen.text import counted

if TYPE_CHECKING:
    from casescreen.cases.mapping.model import CaseMapping
    from casescreen.cases.tables.sheet import Sheet

_MOST_TABLE_BYTES = 256 * 1024 * 1024
# Far more than the cases of any one service, and few enough to be read and told about in a short time.
_MOST_RECORDS = 50_000

Batch = tuple[str, ...]
"""Files that are read together: their tables belong to the same cases."""


@frozen(eq=False)
class BatchRecords:
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


def batches(files: Sequence[str], terms: RecordSchema, *, mapped: bool) -> list[Batch]:
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


def read_batch(batch: Batch, terms: RecordSchema, mapping: CaseMapping | None) -> BatchRecords:
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


def _unusable(problems: Sequence[Problem]) -> BatchRecords:
    return BatchRecords((), tuple(problems), 1)


def _bounded(file: str, found: BatchRecords) -> BatchRecords:
    if len(found.records) <= _MOST_RECORDS:
        return found
    what = f"it holds {counted(len(found.records), 'record')}"
    return _unusable([Problem(place_of(file), what, f"Split it: a file can hold up to {_MOST_RECORDS:,} records.")])


def _texts(file: str) -> BatchRecords:
    text = read_text(file)
    if isinstance(text, Problem):
        return _unusable([text])
    if file.lower().endswith((".jsonl", ".ndjson")):
        records, problems = records_in_lines(file, text)
        return BatchRecords(records, problems, len(problems))
    found = records_of(file, text)
    return _unusable([found]) if isinstance(found, Problem) else BatchRecords(found)


def _sheets(file: str) -> Sequence[Sheet] | Problem:
    data = read_bytes(file, _MOST_TABLE_BYTES)
    if isinstance(data, Problem):
        return data
    found = _reader(file)(file, data)
    if isinstance(found, Fault):
        return found.at(place_of(file))
    return found if isinstance(found, tuple) else (found,)


def _reader(file: str) -> Callable[[str, bytes], Sheet | tuple[Sheet, ...] | Fault]:
    # Imported when used: files of text are read without them.
    suffix = _parts(file)[2]
    if suffix in WORKBOOKS:
        from casescreen.cases.tables.readers import sheets_in  # noqa: PLC0415

        return sheets_in
    if suffix == ".parquet":
        from casescreen.cases.tables.readers import parquet_sheet  # noqa: PLC0415

        return parquet_sheet
    from casescreen.cases.tables.readers import sheet_in  # noqa: PLC0415

    return sheet_in


def _tables(sheets: Sequence[Sheet], terms: RecordSchema, mapping: CaseMapping | None) -> BatchRecords:
    from casescreen.cases.tables.build import build_records  # noqa: PLC0415
    from casescreen.cases.tables.layout import plan_layout  # noqa: PLC0415

    if mapping is None:
        plan = plan_layout(sheets, terms)
    else:
        from casescreen.cases.mapping.apply import apply_mapping  # noqa: PLC0415

        plan = apply_mapping(sheets, terms, mapping)
    if isinstance(plan, tuple):
        return _unusable(plan)
    found = build_records(plan)
    if not found.records and not found.problems:
        advice = "Fill in a row for each case. A row whose id is EXAMPLE only shows how, and is never read."
        return _unusable([Problem(plan.cases.sheet.place(plan.cases.header), "there is no case in it", advice)])
    return BatchRecords(found.records, found.problems, found.strays, found.examples)


def read_cases(
    sources: Iterable[str | Path],
    dictionary: Dictionary,
    *,
    criteria: Collection[str] | None = None,
    as_of: date | None = None,
    mapping: CaseMapping | None = None,
) -> Caseload:
    """Every case in the sources that is a case of the dictionary, and everything that is wrong with the rest.

    Args:
        sources: files of TOML, JSON, JSON lines, workbooks, CSV and Parquet, folders of such files, patterns with
            ``*``, or ``-`` for TOML or JSON on standard input.
        dictionary: what a case may say.
        criteria: the ids that a reader's answer may name; any, if None.
        as_of: the date after which nothing can have happened; no such date, if None.
        mapping: what the sheets and columns of workbooks, CSV and Parquet mean; if None, they are called as in the
            dictionary.

    Returns:
        The cases in order of id. A record with a problem is left out and counted, a file that cannot be read is
        counted as one record, and two records with one id are both left out, for which is right cannot be known.

    Raises:
        ProblemsError: a source could not be used, and there is no case left to screen.

    Example:
        >>> from casescreen import load_rulebook
        >>> caseload = read_cases(["cases"], load_rulebook().dictionary)
        >>> len(caseload.cases), caseload.problems, caseload.cases[0].id
        (20, (), 'SOM-01')
    """
    search = find_files(os.fspath(source) for source in sources)
    terms = record_schema(dictionary, criteria, as_of)
    found = [read_batch(batch, terms, mapping) for batch in batches(search.files, terms, mapped=mapping is not None)]
    readings = [read_record(record, terms) for batch in found for record in batch.records]
    twice = _twice(readings)
    cases = tuple(sorted((r.case for r in readings if r.case and r.id not in twice), key=lambda case: case.id))
    problems = [*search.problems, *(problem for batch in found for problem in batch.problems)]
    faulty = bool(problems)
    for reading in readings:
        problems.extend(reading.problems)
    for several in {id(several): several for several in twice.values()}.values():
        problems.extend(_same_id(several))
    if faulty and not cases:
        raise ProblemsError(problems)
    left_out = sum(batch.unread for batch in found) + len(readings) - len(cases)
    examples = sum(batch.examples for batch in found)
    return Caseload(cases, hash_of(cases), tuple(sorted(problems)), left_out, examples)


def hash_of(cases: Iterable[Case]) -> str:
    """SHA-256 over what the cases say, in hexadecimal; no order, file or form of writing enters it."""
    from hashlib import sha256  # noqa: PLC0415 - slow to import, and needed once

    digest = sha256()
    for case in sorted(cases, key=lambda case: case.id):
        digest.update(canonical(_unordered(plain_case(case))).encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()


def _unordered(record: Mapping[str, object]) -> dict[str, object]:
    return {name: sorted(part, key=canonical) if isinstance(part, list) else part for name, part in record.items()}


def _twice(readings: Iterable[ReadRecord]) -> Mapping[str, Sequence[ReadRecord]]:
    """The readings of each id that more than one record has, whether sound or not. Spaces make no other id of it."""
    by_id: defaultdict[str, list[ReadRecord]] = defaultdict(list)
    for reading in readings:
        if reading.id:
            by_id[" ".join(reading.id.split())].append(reading)
    return {reading.id: several for several in by_id.values() if len(several) > 1 for reading in several}


def _same_id(readings: Sequence[ReadRecord]) -> Iterator[Problem]:
    first, second, *rest = sorted(reading.record.place("case", "id") for reading in readings)
    more = f" and {counted(len(rest), 'other place')}" if rest else ""
    for place in (first, second, *rest):
        yield Problem(
            evolve(place, part=f"case {readings[0].id}"),
            f"another record has the same id: {second if place is first else first}{more}",
            "Give each case an id of its own, or take one record away.",
            "Which of them is right cannot be known, so all of them are left out.",
        )
