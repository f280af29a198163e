"""Everything that is named, read as one caseload: the files that are read together, and the records in them."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from casescreen.cases.documents import Record, records_in_lines, records_of
from casescreen.cases.record_reader import ReadRecord, read_record
from casescreen.cases.schema import RecordSchema, hash_of, record_schema
from casescreen.files.content import place_of, read_bytes, read_text
from casescreen.files.discovery import TABLES, WORKBOOKS, find_files
from casescreen.model.case import CASES, NOT_CONFIRMED, Caseload, Rejected, is_example
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Fault, Problem, ProblemsError
from casescreen.model.screening import Quoting
from casescreen.text import counted, in_words

if TYPE_CHECKING:
    from casescreen.cases.mapping.model import BoundMapping, CaseMapping
    from casescreen.cases.tables.sheet import Sheet

_MOST_TOLD = 1_000
_MOST_TABLE_BYTES = 256 * 1024 * 1024
# Far more than the cases of any one service, and few enough to be read and told about in a short time.
_MOST_RECORDS = 50_000
# A mapping can leave rows out, and a case can have several rows in another table.
_MOST_ROWS = 4 * _MOST_RECORDS

SheetsRead = tuple[Sequence["Sheet"], Sequence[Problem]]
"""Sheets, and why files have none."""

_Read = Callable[[str], SheetsRead]

Batch = tuple[str, ...]
"""Files that are read together: their tables belong to the same cases."""

Suggest = Callable[[Sequence["Sheet"]], "CaseMapping"]
"""Makes a mapping for sheets of which no heading is the dictionary's."""


@frozen(eq=False)
class BatchRecords:
    """What a batch of files holds.

    Attributes:
        records: its records.
        problems: what is wrong with it beside them.
        unread: how many records could not be made out; a file that cannot be used counts as one.
        examples: how many rows only show how a sheet is filled in.
        notices: what is not read of it, or is to be looked at, though no record is left out for it.
        assumed: what was taken for granted, and which rows were passed over, in words.
        damage: where a file is damaged in a cell, though the rest of it was read.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    unread: int = 0
    examples: int = 0
    notices: tuple[Problem, ...] = ()
    assumed: tuple[str, ...] = ()
    damage: tuple[Problem, ...] = ()


def batches(files: Sequence[str], schema: RecordSchema, *, mapped: bool) -> list[Batch]:
    """The files in their order, with the tables of a folder that holds ``cases`` of the same form put together.

    Where a mapping says which table is what, all tables in one folder belong together.
    """
    together: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    whole = set()
    for file in files:
        stem, suffix = _stem_and_suffix(file)
        if suffix in TABLES and (mapped or stem == CASES or stem in schema.tables):
            group = os.path.dirname(file), "" if mapped else suffix  # noqa: PTH120 - a path is told as it was written
            together[group].append(file)
            if mapped or stem == CASES:
                whole.add(group)
    batch_of = {file: tuple(together[group]) for group in whole for file in together[group]}
    return list(dict.fromkeys(batch_of.get(file, (file,)) for file in files))


def read_batch(batch: Batch, schema: RecordSchema, mapping: CaseMapping | None, read: _Read) -> BatchRecords:
    """The records of files that are read together, or what is wrong with them."""
    if _has_sheets(batch):
        sheets, problems = sheets_of(batch, read)
        records = _unusable(*problems) if problems else _records_of_sheets(sheets, schema, mapping)
        records = evolve(records, damage=tuple(islice(_damage(sheets), _MOST_TOLD)))
    else:
        records = _records_of_text(batch[0])
    if len(records.records) <= _MOST_RECORDS:
        return records
    what = f"it holds {counted(len(records.records), 'record')}"
    return _unusable(Problem(place_of(batch[0]), what, f"Split it: a file can hold up to {_MOST_RECORDS:,} records."))


def _damage(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    for sheet in sheets:
        for row in sorted(sheet.damaged_rows):
            what = "a date or time stands here that no calendar has, so the file is damaged"
            why = "What stands there counts as not known. The rest was read."
            yield Problem(sheet.place(row), what, "Correct it, and save the file.", why)


def sheets_of(files: Iterable[str], read: _Read | None = None) -> SheetsRead:
    """The sheets of workbooks, CSV and Parquet files, each read by a function if one is given."""
    found = [(read or sheets_in)(file) for file in files]
    return [sheet for sheets, _ in found for sheet in sheets], [one for _, problems in found for one in problems]


def sheets_in(file: str) -> SheetsRead:
    """The sheets of a workbook, a CSV or a Parquet file, or why it has none."""
    from casescreen.cases.tables.readers import read_sheets  # noqa: PLC0415 - files of text are read without it

    data = read_bytes(file, _MOST_TABLE_BYTES)
    match data if isinstance(data, Problem) else read_sheets(file, data):
        case Problem() as problem:
            return (), (problem,)
        case Fault() as fault:
            return (), (fault.at(place_of(file)),)
        case sheets:
            return sheets, ()


def _read_batches(
    files: Sequence[str], schema: RecordSchema, dictionary: Dictionary, suggest: Suggest, read: _Read
) -> Iterator[BatchRecords]:
    """The records of all files, by suggested mappings where no heading of tables is the dictionary's.

    A suggestion is used for the tables after it too, as long as they have its headings.
    """
    made: CaseMapping | None = None
    for batch in batches(files, schema, mapped=True):
        if not _needs_mapping(batch, dictionary, read):
            yield from (read_batch(part, schema, None, read) for part in batches(batch, schema, mapped=False))
            continue
        sheets, _ = sheets_of(batch, read)
        try:
            made = made if made is not None and _fits(made, sheets) else suggest(sheets)
        except ProblemsError as error:
            yield _unusable(*error.problems)
        else:
            yield read_batch(batch, schema, made, read)


def _needs_mapping(batch: Batch, dictionary: Dictionary, read: _Read) -> bool:
    """Whether tables can be read, and none of their headings is the dictionary's."""
    if not _has_sheets(batch):
        return False
    from casescreen.cases.mapping.headings import has_own_headings  # noqa: PLC0415 - not needed for files of text

    sheets, problems = sheets_of(batch, read)
    return not problems and not has_own_headings(sheets, dictionary)


def _fits(mapping: CaseMapping, sheets: Sequence[Sheet]) -> bool:
    from casescreen.cases.mapping.bind import apply_mapping  # noqa: PLC0415 - not needed for files of text

    return not isinstance(apply_mapping(sheets, mapping), tuple)


def _has_sheets(batch: Batch) -> bool:
    return _stem_and_suffix(batch[0])[1] in {*TABLES, *WORKBOOKS}


def _stem_and_suffix(file: str) -> tuple[str, str]:
    return os.path.splitext(os.path.basename(file).lower())  # noqa: PTH119, PTH122 - a Path would tidy it


def _unusable(*problems: Problem) -> BatchRecords:
    return BatchRecords((), problems, 1)


def _records_of_text(file: str) -> BatchRecords:
    text = read_text(file)
    if isinstance(text, Problem):
        return _unusable(text)
    if file.lower().endswith((".jsonl", ".ndjson")):
        records, problems = records_in_lines(file, text)
        return BatchRecords(records, problems, len(problems))
    records_or_problem = records_of(file, text)
    return (
        _unusable(records_or_problem) if isinstance(records_or_problem, Problem) else BatchRecords(records_or_problem)
    )


def _records_of_sheets(sheets: Sequence[Sheet], schema: RecordSchema, mapping: CaseMapping | None) -> BatchRecords:
    # Imported when used: files of text are read without them.
    from casescreen.cases.mapping.bind import apply_mapping  # noqa: PLC0415
    from casescreen.cases.mapping.build import build_records  # noqa: PLC0415
    from casescreen.cases.mapping.cell_reading import How  # noqa: PLC0415
    from casescreen.cases.mapping.layout import layout_mapping  # noqa: PLC0415
    from casescreen.cases.mapping.row_reader import ALWAYS, assumptions  # noqa: PLC0415
    from casescreen.cases.mapping.rows_aside import passed_over  # noqa: PLC0415

    bound = layout_mapping(sheets, schema) if mapping is None else apply_mapping(sheets, mapping)
    if isinstance(bound, tuple):
        return _unusable(*bound)
    if schema.strict and bound.left_aside:
        return _unusable(*bound.left_aside)
    if (problem := _too_many_rows(bound)) is not None:
        return _unusable(problem)
    built = build_records(bound, schema.taken_on, bare=schema.strict)
    notices = (*bound.left_aside, *bound.noticed, *built.noticed)
    cases = bound.sheets[bound.mapping.sheet]
    if not built.records and not built.problems and not built.examples:
        advice = "Fill in a row for each case."
        return _unusable(Problem(cases.place(cases.header), "there is no case in it", advice), *notices)
    told = ALWAYS if bound.mapping.confirmed else frozenset(How)
    aside = (f"{line}, passed over" for line in passed_over(built.aside))
    assumed = tuple(
        f"{in_words(cases.sheet.called)}: {line}" for line in (*assumptions(built.counts, told=told), *aside)
    )
    if not bound.mapping.confirmed:
        assumed = (NOT_CONFIRMED, *assumed)
    if mapping is None:  # of a suggestion it is told why not, too
        assumed += tuple(_not_read(sheets, bound))
    return BatchRecords(built.records, built.problems, built.strays, built.examples, notices, assumed)


def _not_read(sheets: Sequence[Sheet], bound: BoundMapping) -> Iterator[str]:
    """The sheets in which something stands that is not read, as each report tells it."""
    from casescreen.cases.mapping.layout import is_aside  # noqa: PLC0415 - files of text are read without it

    read = [headed.sheet for headed in bound.sheets.values()]
    for sheet in sheets:
        if sheet.name and sheet.is_filled and not any(sheet is one for one in read) and not is_aside(sheet):
            yield f'the sheet "{in_words(sheet.called)}" is not read'


def _too_many_rows(bound: BoundMapping) -> Problem | None:
    """The problem that a sheet has more rows than can be made records of, before it is tried."""
    for name, sheet in bound.sheets.items():
        holds_cases = name == bound.mapping.sheet
        number = len(sheet.rows())
        if number > (_MOST_RECORDS if holds_cases and not bound.mapping.only else _MOST_ROWS):
            what = f"it holds {counted(number, 'record' if holds_cases else 'row')}"
            advice = f"Split it: a file can hold up to {_MOST_RECORDS:,} records, and {_MOST_ROWS:,} rows in a table."
            return Problem(sheet.place(sheet.header), what, advice)
    return None


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no cycles of objects meanwhile: all that is read is kept, and looking took a quarter of the time."""
    enable = gc.enable if gc.isenabled() else gc.disable
    gc.disable()
    try:
        yield
    finally:
        enable()


@_without_collecting()
def read_cases(
    sources: Iterable[str | Path],
    dictionary: Dictionary,
    *,
    criteria: Collection[str] | None = None,
    taken_on: date | None = None,
    mapping: CaseMapping | None = None,
    suggest: Suggest | None = None,
    quoting: Quoting = Quoting.REFERENCES,
    strict: bool = False,
) -> Caseload:
    """Every case in the sources that is a case of the dictionary, and everything that is wrong with the rest.

    Args:
        sources: files of TOML, JSON, JSON lines, workbooks, CSV and Parquet, folders of such files, patterns with
            ``*``, or ``-`` for TOML or JSON on standard input.
        dictionary: what a case may say.
        criteria: the ids that a reader's answer may name; any, if None.
        taken_on: the day on which the records were taken, after which nothing can have happened; not known, if None.
        mapping: what the sheets and columns of workbooks, CSV and Parquet mean; if None, they are called as in the
            dictionary.
        suggest: makes a mapping from sheets, where none is given; asked for workbooks and tables of which no heading is
            the dictionary's, and which do not have the headings of the last that it made.
        quoting: how much of the text of the records is quoted where it cannot be read.
        strict: leave a record out as soon as anything in it cannot be read.

    Returns:
        The cases in order of id, each with what cannot be read in it, which counts as not recorded. A record without
        an id is left out and counted, a file that cannot be read is counted as one record, and two records with one
        id are both left out, for which is right cannot be known. A record whose id is EXAMPLE only shows how one is
        written: it is passed over.

    Raises:
        ProblemsError: a source could not be used, and there is no case left to screen.

    Example:
        >>> from casescreen import load_rulebook
        >>> caseload = read_cases(["cases"], load_rulebook().dictionary)
        >>> len(caseload.cases), caseload.problems, caseload.cases[0].id
        (20, (), 'SOM-01')
    """
    search = find_files([os.fspath(source) for source in sources])
    schema = record_schema(dictionary, criteria, taken_on, quoted=quoting is Quoting.EVERYTHING, strict=strict)
    read_once = cache(sheets_in)
    if mapping is None and suggest is not None:
        read = [*_read_batches(search.files, schema, dictionary, suggest, read_once)]
    else:
        together = batches(search.files, schema, mapped=mapping is not None)
        read = [read_batch(batch, schema, mapping, read_once) for batch in together]
    return _caseload(search.problems, read, schema)


def _caseload(not_found: Sequence[Problem], read: Sequence[BatchRecords], schema: RecordSchema) -> Caseload:
    """What was read as one caseload; of records with one id there is none.

    Args:
        not_found: why some sources hold nothing.
        read: what the files hold.
        schema: what their records are read against.
    """
    each = [read_record(record, schema) for batch in read for record in batch.records]
    readings = [reading for reading in each if not is_example(reading.id)]
    by_id: defaultdict[str, list[ReadRecord]] = defaultdict(list)
    for reading in readings:
        by_id[reading.id].append(reading)
    same_id = [several for case_id, several in by_id.items() if case_id and len(several) > 1]
    twice = {reading.id for several in same_id for reading in several}
    cases = tuple(sorted((r.case for r in readings if r.case and r.id not in twice), key=lambda case: case.id))
    batch_problems = [problem for batch in read for problem in batch.problems]
    problems = [*not_found, *batch_problems]
    faulty = bool(problems)
    problems += [problem for reading in readings for problem in reading.problems]
    problems += [problem for several in same_id for problem in _same_id(several)]
    problems += [problem for batch in read for problem in batch.damage]
    if faulty and not cases:
        raise ProblemsError(problems)
    left_out = sum(batch.unread for batch in read) + len(readings) - len(cases)
    examples = sum(batch.examples for batch in read) + len(each) - len(readings)
    rejected = [Rejected("", f"{one.place}: {one.what}") for one in (*not_found, *batch_problems)]
    rejected += [Rejected(reading.id, reading.problems[0].what) for reading in readings if reading.problems]
    rejected += [Rejected(several[0].id, "another record has the same id", len(several)) for several in same_id]
    notices = tuple(sorted(notice for batch in read for notice in batch.notices))
    assumed = tuple(dict.fromkeys(line for batch in read for line in batch.assumed))
    return Caseload(
        cases, hash_of(cases), tuple(sorted(problems)), left_out, examples, tuple(rejected), notices, assumed
    )


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
