"""Everything that is named, read as one caseload: the files that are read together, and the cases in them."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, evolve

from casescreen.cases.documents import MOST_RECORDS, BatchRecords, records_in_lines, records_of, unusable
from casescreen.cases.record_reader import ReadRecord, read_record
from casescreen.cases.schema import RecordSchema, hash_of, record_schema
from casescreen.files.content import place_of, read_text
from casescreen.files.discovery import TABLES, WORKBOOKS, find_files
from casescreen.model.case import CASES, Caseload, Rejected, is_example
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Problem, ProblemsError
from casescreen.model.rulebook import Criterion
from casescreen.model.screening import Quoting
from casescreen.text import counted

if TYPE_CHECKING:
    from casescreen.cases.mapping.model import CaseMapping
    from casescreen.cases.sheet_records import TableReader
    from casescreen.cases.tables.sheet import Sheet

SAME_ID = "another record has the same id"
"""What is wrong with a record of which there are several."""

Batch = tuple[str, ...]
"""Files that are read together: their tables belong to the same cases."""

Suggest = Callable[[Sequence["Sheet"]], "CaseMapping"]
"""Makes a mapping for sheets of which no heading is the dictionary's."""


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


@define(eq=False)
class _BatchReader:
    """Reads files that belong together; each table by a mapping, its own headings, or what is suggested.

    Attributes:
        schema: what records are read against.
        dictionary: whose headings tables may have.
        suggest: makes a mapping where they have none of them; None where nothing is to be suggested.
        made: what it made last.
    """

    schema: RecordSchema
    dictionary: Dictionary
    suggest: Suggest | None
    made: CaseMapping | None = None

    @cached_property
    def tables(self) -> TableReader:
        from casescreen.cases.sheet_records import TableReader  # noqa: PLC0415 - files of text are read without it

        return TableReader(self.schema)

    def read_all(self, files: Sequence[str], mapping: CaseMapping | None) -> Iterator[BatchRecords]:
        """The records of all files."""
        if mapping is not None or self.suggest is None:
            together = batches(files, self.schema, mapped=mapping is not None)
            yield from (self._read(batch, mapping) for batch in together)
            return
        for batch in batches(files, self.schema, mapped=True):
            if _has_sheets(batch) and self.tables.need_mapping(batch, self.dictionary):
                yield self._read_suggested(batch, self.suggest)
            else:
                yield from (self._read(part, None) for part in batches(batch, self.schema, mapped=False))

    def _read_suggested(self, batch: Batch, suggest: Suggest) -> BatchRecords:
        """The records by what was suggested last, if the tables have its headings, or by a suggestion of their own."""
        try:
            if self.made is None or not self.tables.fit(batch, self.made):
                self.made = suggest(self.tables.sheets(batch)[0])
        except ProblemsError as error:
            return unusable(*error.problems)
        return self._read(batch, self.made)

    def _read(self, batch: Batch, mapping: CaseMapping | None) -> BatchRecords:
        records = self.tables.records(batch, mapping) if _has_sheets(batch) else _records_of_text(batch[0])
        if len(records.records) <= MOST_RECORDS:
            return records
        what = f"it holds {counted(len(records.records), 'record')}"
        advice = f"Split it: a file can hold up to {MOST_RECORDS:,} records."
        return unusable(Problem(place_of(batch[0]), what, advice))


def _has_sheets(batch: Batch) -> bool:
    return _stem_and_suffix(batch[0])[1] in {*TABLES, *WORKBOOKS}


def _stem_and_suffix(file: str) -> tuple[str, str]:
    return os.path.splitext(os.path.basename(file).lower())  # noqa: PTH119, PTH122 - a Path would tidy it


def _records_of_text(file: str) -> BatchRecords:
    text = read_text(file)
    if isinstance(text, Problem):
        return unusable(text)
    if file.lower().endswith((".jsonl", ".ndjson")):
        records, problems = records_in_lines(file, text)
        return BatchRecords(records, problems, len(problems))
    records_or_problem = records_of(file, text)
    return unusable(records_or_problem) if isinstance(records_or_problem, Problem) else BatchRecords(records_or_problem)


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
    criteria: Collection[str] | Mapping[str, Criterion] | None = None,
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
        criteria: the ids that a reader's answer may name, with the criteria if it may name these by title or question
            too, as ``Rulebook.answerable`` has them; any, if None.
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
    read = [*_BatchReader(schema, dictionary, suggest).read_all(search.files, mapping)]
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
    rejected += [Rejected(several[0].id, SAME_ID, len(several)) for several in same_id]
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
            f"{SAME_ID}: {second if place is first else first}{more}",
            "Give each case an id of its own, or take one record away.",
            "Which of them is right cannot be known, so all of them are left out.",
        )
