"""What the form of a record is: the schema that it is read against, its plain form, and the hash of what cases say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from itertools import islice

from attrs import Factory, frozen

from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    ANSWERS_TABLE,
    CRITERION,
    ITEM,
    READER,
    REASON,
    SOURCE,
    Answer,
    Case,
)
from casescreen.model.dictionary import Dictionary, Field, Table
from casescreen.model.rulebook import Criterion
from casescreen.text import folded

ASIDE = ("read me", "fields", "lists", "one case")
"""The sheets of a template that hold no cases, the form for a single case last."""

DAY_FIRST = "in figures the day first: 12/10/2026 is 12 October 2026"
"""What the first of them says where days that are written in figures are read so."""

Group = dict[str, object]
PlainCase = dict[str, Group | list[Group]]

_encoder = partial(json.JSONEncoder, sort_keys=True, check_circular=False, default=date.isoformat)
_encode, _encode_lines = (_encoder(separators=(between, ":")).encode for between in (",", ",\n"))


@frozen
class RecordSchema:
    """What records are read against.

    Attributes:
        sections: the fields of a case by section and then by name within it.
        tables: the child tables by name, that of answers among them.
        criteria: the ids that an answer may name; None if any may.
        questions: the criteria that an answer may name, by what it may call them: id, title or question, folded.
        taken_on: the day on which the records were taken, after which nothing can have happened; None if not known.
        quoted: whether what is told of a value that cannot be read quotes it.
        strict: whether a record is none as soon as anything in it cannot be read.
    """

    sections: Mapping[str, Mapping[str, Field]]
    tables: Mapping[str, Table]
    criteria: Collection[str] | None = None
    taken_on: date | None = None
    quoted: bool = False
    strict: bool = False
    questions: Mapping[str, Criterion] = Factory(dict)


def record_schema(
    dictionary: Dictionary,
    criteria: Collection[str] | Mapping[str, Criterion] | None = None,
    taken_on: date | None = None,
    *,
    quoted: bool = False,
    strict: bool = False,
) -> RecordSchema:
    """The schema that a dictionary sets."""
    sections: dict[str, dict[str, Field]] = {name: {} for name in dictionary.sections}
    for field in dictionary.fields.values():
        section, _, name = field.name.partition(".")
        sections[section][name] = field
    tables = {**dictionary.tables, ANSWERS: ANSWERS_TABLE}
    questions = _questions(criteria) if isinstance(criteria, Mapping) else {}
    return RecordSchema(sections, tables, criteria, taken_on, quoted, strict, questions)


def _questions(criteria: Mapping[str, Criterion]) -> Mapping[str, Criterion]:
    """The criteria by their ids, and by titles and questions that only one of them has."""
    each = {criterion.id: criterion for criterion in criteria.values()}.values()
    told = {one.id: {folded(one.title), folded(one.question)} for one in each}
    often = Counter(name for names in told.values() for name in names)
    named = {name: one for one in each for name in told[one.id] if name and often[name] == 1}
    return {**named, **{folded(name): one for name, one in criteria.items()}}


def has_label(table: Table) -> str:
    """What the column is called for people that says whether all rows of a table are listed."""
    return f"{table.label}: all listed"


@lru_cache(maxsize=1_024)
def section_and_key(name: str) -> tuple[str, str]:
    """The section of a field of a case, and its name in it."""
    section, _, key = name.partition(".")
    return section, key


def plain_case(case: Case) -> PlainCase:
    """The sections, tables and answers of a case, in the record's order, the case's id first."""
    sections: dict[str, Group] = {"case": {"id": case.id}}
    for name, value in case.fields.items():
        section, key = section_and_key(name)
        if section in sections:
            sections[section][key] = value
        else:
            sections[section] = {key: value}
    tables: dict[str, list[Group]] = {name: [dict(row) for row in rows] for name, rows in case.tables.items()}
    answers = {ANSWERS: [_plain_answer(answer) for answer in case.answers]} if case.answers else {}
    return {**sections, **tables, **answers}


def _plain_answer(answer: Answer) -> Group:
    written: Group = {
        CRITERION: answer.criterion,
        ANSWER: answer.answer.value,
        ITEM: answer.item,
        REASON: answer.reason,
        READER: answer.reader,
        ANSWERED_ON: answer.answered_on,
        SOURCE: answer.source,
    }
    return {name: value for name, value in written.items() if value}


def dates_as_text(value: object) -> object:
    """The same with every date as JSON writes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: dates_as_text(part) for key, part in value.items()}
    if isinstance(value, list):
        return [dates_as_text(part) for part in value]
    return value


def canonical(value: object) -> str:
    """The value as JSON in which only what it says makes a difference, in ASCII."""
    return _encode(value)


def hash_of(cases: Iterable[Case]) -> str:
    """SHA-256 over what the cases say, in hexadecimal; no order, file or form of writing enters it."""
    from hashlib import sha256  # noqa: PLC0415 - slow to import, and needed once

    digest = sha256()
    for case in sorted(cases, key=lambda case: case.id):
        parts = _unordered(plain_case(case))
        if case.unreadable:
            parts["unreadable"] = canonical(sorted(map(canonical, _unreadable(case))))
        content = ",".join([f"{_name(name)}:{parts[name]}" for name in sorted(parts)])
        digest.update(f"{{{content}}}\n".encode("ascii"))
    return digest.hexdigest()


@lru_cache(maxsize=1_024)
def _name(name: str) -> str:
    return canonical(name)


def _unordered(case: PlainCase) -> dict[str, str]:
    """Each section as JSON, and the rows of each table, in whose order nothing is said."""
    each = [group for part in case.values() for group in (part if isinstance(part, list) else (part,))]
    # All are written at once, as each call takes longer than a group. No text has an end of line there but as \n.
    texts = iter(_encode_lines(each)[1:-1].replace(',\n"', ',"').split(",\n"))
    return {
        name: f"[{','.join(sorted(islice(texts, len(part))))}]" if isinstance(part, list) else next(texts)
        for name, part in case.items()
    }


def _unreadable(case: Case) -> Iterator[list[object]]:
    """What cannot be read, with the row that it stands in rather than its number, which says nothing."""
    for one in case.unreadable:
        names = [key for key in one.path if isinstance(key, str)]
        rows = case.tables.get(names[0], ())
        row = next((rows[key] for key in one.path if isinstance(key, int) and key < len(rows)), None)
        yield [names, one.written, row]
