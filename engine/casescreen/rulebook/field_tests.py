"""Reading tests of one field: what it is compared with, ``recorded``, and lengths of time."""

from __future__ import annotations

from typing import Any as Raw

from casescreen.conditions.operators import OPERATORS, operators_of
from casescreen.model.calendar import Duration, read_duration
from casescreen.model.condition import (
    AsOf,
    Compare,
    Condition,
    FromField,
    FromParameter,
    Literal,
    Operand,
    Operator,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Fault
from casescreen.rulebook.file_schema import unknown_key
from casescreen.rulebook.names import NameScope, quoted
from casescreen.rulebook.parameters import kind_of, misfit
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words, listed


def read_limit(raw: object, names_in_scope: NameScope, location: Location) -> Literal | FromParameter | None:
    """A length of time, or a parameter that is one; None after telling what is wrong with it."""
    if isinstance(raw, str) and raw.startswith("$"):
        return _parameter(raw[1:], names_in_scope, location)
    limit = read_duration(raw) if isinstance(raw, str) else None
    if limit is None:
        advice = 'Write a number of working days, days, weeks or months, as in "15 working days", or a "$parameter".'
        location.report(f'"{in_words(raw)}" is not a length of time', advice)
        return None
    return Literal(limit)


def read_start(raw: object, names_in_scope: NameScope, location: Location) -> Field | None:
    """The date that a length of time runs from; None after telling what is wrong with it."""
    start = names_in_scope.field(raw, location)
    if start is not None and start.kind is not Kind.DATE:
        why = "A length of time runs from a date."
        location.report(f"{start.name} is a {start.kind.value}, not a date", "Name a date.", why)
        return None
    return start


def _parameter(name: str, names_in_scope: NameScope, location: Location) -> FromParameter | None:
    parameter = names_in_scope.parameter(name, location)
    if parameter is None:
        return None
    if not isinstance(parameter.value, Duration):
        lengths = [n for n, p in names_in_scope.vocabulary.parameters.items() if p and isinstance(p.value, Duration)]
        advice = did_you_mean(name, lengths) or 'Name another, or write a length as in "15 working days".'
        location.report(f"the parameter ${name} is {kind_of(parameter.value)}, not a length of time", advice)
        return None
    return FromParameter(parameter.name)


AS_OF = "$as_of"
_TEXTS = (Kind.TEXT, Kind.CHOICE)


def comparable(one: Field, other: Field) -> bool:
    """Whether two fields can hold the same value."""
    return one.kind is other.kind or (one.kind in _TEXTS and other.kind in _TEXTS)


def read_operand(
    raw: object, field: Field, operator: Operator, names_in_scope: NameScope, location: Location
) -> Operand | None:
    """The other side of a field test; None after telling what is wrong with it."""
    if operator.for_one is not None:
        return _list(raw, field, operator, operator.for_one, location)
    if isinstance(raw, list):
        several = next((one.name for one in OPERATORS.values() if one.for_one == operator), None)
        advice = f'Use "{several}" for a list.' if several else "Write one value."
        location.report(f'"{operator.name}" takes one value, and this is a list', advice)
        return None
    if isinstance(raw, dict):
        return _other_field(raw, field, names_in_scope, location)
    if isinstance(raw, str) and raw.startswith("$"):
        return _named(raw, field, names_in_scope, location)
    return _literal(raw, field, location)


def _list(raw: object, field: Field, operator: Operator, for_one: Operator, location: Location) -> Literal | None:
    if not isinstance(raw, list):
        advice = f'Write [...], or use "{for_one.name}" for one value.'
        location.report(f'"{operator.name}" takes a list of values', advice)
        return None
    if not raw:
        location.report("the list is empty", "Name at least one value.", "Nothing can be in an empty list.")
        return None
    read = [_literal(item, field, location.at(number)) for number, item in enumerate(raw)]
    values = [literal.value for literal in read if literal is not None]
    if len(set(values)) < len(values):
        location.report("the list names a value more than once", "Keep each value once.")
        return None
    return Literal(tuple(values)) if len(values) == len(raw) else None  # type: ignore[arg-type]  # values of a field


def _literal(raw: object, field: Field, location: Location) -> Literal | None:
    if isinstance(raw, str) and raw.startswith("$"):
        location.report("a parameter cannot stand in a list", 'Use { any = [ ... ] } with one "is" for each.')
        return None
    value = field.read(raw)
    if isinstance(value, Fault):
        location.report(f"{field.name}: {value.what}", value.advice)
        return None
    return Literal(value)


def _other_field(
    raw: dict[str, object], field: Field, names_in_scope: NameScope, location: Location
) -> FromField | None:
    if set(raw) != {"field"}:
        location.report(
            'the other side is not { field = "..." }', "Name the other field so, and nothing else beside it."
        )
        return None
    other = names_in_scope.field(raw["field"], location.at("field"))
    if other is None:
        return None
    if other == field:
        location.report(f"{field.name} is compared with itself", "Name another field.")
        return None
    if not comparable(field, other):
        what = f"{field.name} ({field.kind.value}) cannot be compared with {other.name} ({other.kind.value})"
        location.report(what, "Compare fields of one type.")
        return None
    return FromField(other)


def _named(raw: str, field: Field, names_in_scope: NameScope, location: Location) -> AsOf | FromParameter | None:
    if raw == AS_OF:
        if field.kind is Kind.DATE:
            return AsOf()
        location.report(
            f"{field.name} ({field.kind.value}) cannot be compared with the as-of date", "Compare a date with it."
        )
        return None
    parameter = names_in_scope.parameter(raw[1:], location)
    if parameter is None:
        return None
    wrong = misfit(field, parameter)
    if wrong:
        what = f"the parameter {raw} cannot be compared with {field.name} ({field.kind.value}): {wrong}"
        location.report(what, _allowed(field) or f"Use a parameter of the type {field.kind.value}.")
        return None
    return FromParameter(parameter.name)


def _allowed(field: Field) -> str:
    return f"Its words are: {listed(field.allowed)}." if field.kind is Kind.CHOICE else ""


TESTS = (*OPERATORS, "recorded", "within")
_KEYS = ("field", *TESTS)


def read_field_test(raw: dict[str, Raw], names_in_scope: NameScope, location: Location) -> Condition | None:
    """The test that is written there, or None after telling everything that is wrong with it."""
    tests = [key for key in raw if key in TESTS]
    strange = [key for key in raw if key not in _KEYS and not (key == "of" and "within" in raw)]
    for key in strange:
        _tell_strange(key, location)
    field = names_in_scope.field(raw["field"], location.at("field"))
    if len(tests) > 1:
        advice = 'Put each in braces of its own, and join them with "all" or "any".'
        location.report(f"{quoted(tests)} stand in one condition", advice)
        return None
    if not tests:
        if not strange:
            location.report("the field is not tested", f"Add one of {_tests_of(field)}.")
        return None
    if tests == ["within"]:
        return _within(raw, field, names_in_scope, location)
    if field is None:
        return None
    return _recorded(raw, field, location) if tests == ["recorded"] else _compare(raw, field, names_in_scope, location)


def _tell_strange(key: str, location: Location) -> None:
    if key == "of":
        location.at(key).report('"of" stands without "within"', 'Say how long: within = "15 working days".')
    else:
        unknown_key(key, _KEYS, location)


def _tests_of(field: Field | None) -> str:
    """What the field can be tested with; everything, if it is not known what the field is."""
    if field is None:
        return listed(TESTS)
    elapsed = ("within",) if field.kind is Kind.DATE else ()
    return listed((*(operator.name for operator in operators_of(field.kind)), "recorded", *elapsed))


def _tell_wrong_test(test: str, field: Field, location: Location) -> None:
    what = f'"{test}" cannot test {field.name}, which is a {field.kind.value}'
    location.at(test).report(what, f"It can be tested with {_tests_of(field)}.")


def _compare(raw: dict[str, Raw], field: Field, names_in_scope: NameScope, location: Location) -> Compare | None:
    name, operator = next(item for item in OPERATORS.items() if item[0] in raw)
    if field.kind not in operator.kinds:
        _tell_wrong_test(name, field, location)
        return None
    operand = read_operand(raw[name], field, operator, names_in_scope, location.at(name))
    return None if operand is None else Compare(field, operator, operand)


def _recorded(raw: dict[str, Raw], field: Field, location: Location) -> Recorded | None:
    expected = raw["recorded"]
    if isinstance(expected, bool):
        return Recorded(field, expected)
    location.at("recorded").report('"recorded" is true or false', "Write recorded = true or recorded = false.")
    return None


def _within(raw: dict[str, Raw], field: Field | None, names_in_scope: NameScope, location: Location) -> Within | None:
    if field is not None and field.kind is not Kind.DATE:
        _tell_wrong_test("within", field, location)
        return None
    limit = read_limit(raw["within"], names_in_scope, location.at("within"))
    if "of" not in raw:
        location.report('"of" is missing', 'Name the date that the time runs from: of = "section.field".')
        return None
    start = read_start(raw["of"], names_in_scope, location.at("of"))
    if field is None or limit is None or start is None:
        return None
    if start == field:
        location.at("of").report(f"{field.name} is compared with itself", "Name another date.")
        return None
    return Within(field, limit, start)
