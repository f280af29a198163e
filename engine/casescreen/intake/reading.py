"""Everything that is named, read as one caseload."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from casescreen.intake.documents import records_of
from casescreen.intake.opening import read_text
from casescreen.intake.plain import canonical, plain
from casescreen.intake.records import Reading, read_record
from casescreen.intake.searching import find_files
from casescreen.intake.terms import Terms, terms_of
from casescreen.model.case import Case, Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Place, Problem, ProblemsError
from casescreen.model.text import counted

# Far more than the cases of any one service, and few enough to be read and told about in a short time.
_MOST_RECORDS = 50_000


def read_cases(
    sources: Iterable[str | Path],
    dictionary: Dictionary,
    *,
    criteria: Collection[str] | None = None,
    as_of: date | None = None,
) -> Caseload:
    """Every case in the sources that is a case of the dictionary, and everything that is wrong with the rest.

    Args:
        sources: files, folders (every ``.toml`` and ``.json`` in them and below), patterns with ``*``, or ``-``
            for standard input.
        dictionary: what a case may say.
        criteria: the ids that a reader's answer may name; any, if None.
        as_of: the date after which nothing can have happened; no such date, if None.

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
    readings: list[Reading] = []
    unusable: list[Problem] = []
    for file in search.files:
        found = _read_file(file, terms)
        if isinstance(found, Problem):
            unusable.append(found)
        else:
            readings.extend(found)
    twice = _twice(readings)
    cases = tuple(sorted((r.case for r in readings if r.case and r.id not in twice), key=lambda case: case.id))
    problems = [*search.problems, *unusable]
    faulty = bool(problems)
    for reading in readings:
        problems.extend(reading.problems)
    for several in twice.values():
        problems.extend(_same_id(several))
    if faulty and not cases:
        raise ProblemsError(problems)
    left_out = len(unusable) + len(readings) - len(cases)
    return Caseload(cases, hash_of(cases), tuple(sorted(problems)), left_out)


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


def _read_file(file: str, terms: Terms) -> Sequence[Reading] | Problem:
    text = read_text(file)
    if isinstance(text, Problem):
        return text
    records = records_of(file, text)
    if isinstance(records, Problem):
        return records
    if len(records) > _MOST_RECORDS:
        advice = f"Split it: a file can hold up to {_MOST_RECORDS:,} records."
        return Problem(Place(file), f"it holds {len(records):,} records", advice)
    return [read_record(record, terms) for record in records]


def _twice(readings: Iterable[Reading]) -> Mapping[str, Sequence[Reading]]:
    """The readings of each id that more than one record has, whether they are sound or not."""
    by_id: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.id:
            by_id[reading.id].append(reading)
    return {case_id: several for case_id, several in by_id.items() if len(several) > 1}


def _same_id(readings: Sequence[Reading]) -> Iterator[Problem]:
    first, second, *rest = sorted(reading.record.place("case", "id") for reading in readings)
    more = f" and {counted(len(rest), 'other place')}" if rest else ""
    for place in (first, second, *rest):
        yield Problem(
            Place(place.file, place.line, f"case {readings[0].id}"),
            f"another record has the same id: {second if place is first else first}{more}",
            "Give each case an id of its own, or take one record away.",
            "Which of them is right cannot be known, so all of them are left out.",
        )
