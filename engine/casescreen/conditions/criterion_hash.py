"""The hash of a criterion: whether two rulebooks decide it alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from hashlib import sha256

from attrs import evolve, fields, has

from casescreen.conditions.analysis import all_reads
from casescreen.model.calendar import Duration
from casescreen.model.condition import FromParameter, Operator
from casescreen.model.dictionary import Field
from casescreen.model.rulebook import Criterion, DerivedField, Parameter


def criterion_hash(criterion: Criterion, parameters: Mapping[str, Parameter], derived: Iterable[DerivedField]) -> str:
    """SHA-256, in hexadecimal, over all that its outcome is decided by, and nothing else.

    That is who decides it, when and of what it is asked, what meets it, by when, and the parameters and derived fields
    that are read for it. Its id and its words do not enter it; nor do checks of the record, and the calendar.
    """
    due, per = criterion.due, criterion.per
    more = (criterion.met, None if due is None else due.known, None if per is None else per.where)
    conditions = (*criterion.asked_where, *(one for one in more if one is not None))
    every = tuple(derived)
    read = {field for one in conditions for _, field in all_reads(one, parameters, every)}
    behind = tuple(one for one in every if one.field in read)
    decided_by = (
        criterion.basis, [(one.when, one.everywhere) for one in criterion.not_asked], criterion.applies, criterion.met,
        due, per, behind,
    )  # fmt: skip
    return sha256(canonical_text(decided_by, parameters).encode()).hexdigest()


def canonical_text(value: object, parameters: Mapping[str, Parameter]) -> str:
    """A value of the model as text that is the same for the same, and for nothing else."""
    match value:
        case None | bool() | int() | str():
            return repr(value)
        case date():
            return value.isoformat()
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case Operator():
            return value.name
        case Field():
            return f"{value.full_name}:{value.kind.name}"
        case FromParameter(name):  # what it is called does not matter, but what it is
            return canonical_text((parameters[name].value, parameters[name].variations), parameters)
        case Duration(local=True):  # local holidays are of the calendar
            return canonical_text(evolve(value, local=False), parameters)
        case Mapping():
            pairs = (f"{key!r}: {canonical_text(one, parameters)}" for key, one in sorted(value.items()))
            return f"{{{', '.join(pairs)}}}"
        case Sequence():
            return f"({', '.join(canonical_text(one, parameters) for one in value)})"
        case _:
            kind = type(value)
            assert has(kind), f"no part of a rule: {value!r}"
            parts = (f"{one.name}={canonical_text(getattr(value, one.name), parameters)}" for one in fields(kind))
            return f"{kind.__name__}({', '.join(parts)})"
