"""Everything that is named, read as one caseload."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from casescreen.files.discovery import find_files
from casescreen.intake.batches import batches, read_batch
from casescreen.intake.plain import canonical, plain
from casescreen.intake.records import Reading, read_record
from casescreen.intake.terms import terms_of
from casescreen.model.case import Case, Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Problem, ProblemsError
from casescreen.text import counted

if TYPE_CHECKING:
    from casescreen.intake.mapping.model import CaseMapping


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
    terms = terms_of(dictionary, criteria, as_of)
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
        digest.update(canonical(_unordered(plain(case))).encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()


def _unordered(record: Mapping[str, object]) -> dict[str, object]:
    return {name: sorted(part, key=canonical) if isinstance(part, list) else part for name, part in record.items()}


def _twice(readings: Iterable[Reading]) -> Mapping[str, Sequence[Reading]]:
    """The readings of each id that more than one record has, whether sound or not. Spaces make no other id of it."""
    by_id: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.id:
            by_id[" ".join(reading.id.split())].append(reading)
    return {reading.id: several for several in by_id.values() if len(several) > 1 for reading in several}


def _same_id(readings: Sequence[Reading]) -> Iterator[Problem]:
    first, second, *rest = sorted(reading.record.place("case", "id") for reading in readings)
    more = f" and {counted(len(rest), 'other place')}" if rest else ""
    for place in (first, second, *rest):
        yield Problem(
            evolve(place, part=f"case {readings[0].id}"),
            f"another record has the same id: {second if place is first else first}{more}",
            "Give each case an id of its own, or take one record away.",
            "Which of them is right cannot be known, so all of them are left out.",
        )
