"""A case as the plain tables and values that a file of it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from attrs import asdict

from casescreen.model.case import ANSWERS, Answer, Case

Group = dict[str, object]
PlainCase = dict[str, Group | list[Group]]


def plain_case(case: Case) -> PlainCase:
    """The sections, tables and answers of a case, in the record's order, the case's id first."""
    sections: dict[str, Group] = {"case": {"id": case.id}}
    for name, value in case.fields.items():
        section, _, key = name.partition(".")
        sections.setdefault(section, {})[key] = value
    tables: dict[str, list[Group]] = {name: [dict(row) for row in rows] for name, rows in case.tables.items()}
    answers = {ANSWERS: [_plain_answer(answer) for answer in case.answers]} if case.answers else {}
    return {**sections, **tables, **answers}


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
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=date.isoformat)


def _plain_answer(answer: Answer) -> Group:
    written = {**asdict(answer), "answer": answer.answer.value}
    return {name: value for name, value in written.items() if value not in ("", None)}
