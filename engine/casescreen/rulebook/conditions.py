"""Reading conditions: every form of the rule language, typed against the dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Raw

from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Not,
    Operator,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.text import counted, did_you_mean, listed
from casescreen.rulebook.files import Spot
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.names import quoted
from casescreen.rulebook.operands import OPERATORS, read_limit, read_operand
from casescreen.rulebook.rows import ROW_FORMS, read_rows
from casescreen.rulebook.structuring import unknown_key

# Deep enough for any question; far less than the reader of TOML allows.
_DEEPEST = 12
_TESTS = (*(operator.value for operator in Operator), "recorded", "within")
_COMBINATIONS = ("all", "any", "not")
_FORMS = (*_COMBINATIONS, *ROW_FORMS, "field")


def read_condition(raw: object, ground: Ground, spot: Spot, depth: int = 1) -> Condition | None:
    """The condition that is written there, or None after telling everything that is wrong with it.

    Args:
        raw: what the file says.
        ground: what names in it can mean.
        spot: where it stands.
        depth: how many conditions it stands in, itself included.
    """
    if not isinstance(raw, dict):
        spot.tell("this is not a condition", 'Write a condition in braces, as in { field = "...", is = ... }.')
        return None
    if depth > _DEEPEST:
        advice = "Say it with fewer, or move a part into a field of its own."
        spot.tell(f"conditions stand inside one another more than {_DEEPEST} deep", advice)
        return None
    form = _form(raw, spot)
    if form is None:
        return None
    if form in _COMBINATIONS:
        return _combination(form, raw, ground, spot, depth)
    if form in ROW_FORMS:
        return read_rows(
            form, raw, ground, spot, lambda inner, rows, place: read_condition(inner, rows, place, depth + 1)
        )
    return _field_test(raw, ground, spot)


def _form(raw: dict[str, Raw], spot: Spot) -> str | None:
    """The key that says what sort of condition this is; ``field`` is a part of coverage too, so it counts last."""
    forms = [form for form in _FORMS if form in raw]
    heads = [form for form in forms if form != "field"] or forms
    if len(heads) > 1:
        advice = 'Put each in braces of its own, and join them with "all" or "any".'
        spot.tell(f"{quoted(heads)} stand in one condition", advice)
        return None
    if not heads:
        key = next(iter(raw), "")
        advice = (did_you_mean(key, (*_FORMS, *_TESTS)) if key else "") or f"It begins with {listed(_FORMS)}."
        spot.tell("nothing says what sort of condition this is", advice)
        return None
    return heads[0]


def _combination(form: str, raw: dict[str, Raw], ground: Ground, spot: Spot, depth: int) -> Condition | None:
    for key in raw:
        if key != form:
            unknown_key(key, (form,), spot)
    if form == "not":
        part = read_condition(raw[form], ground, spot.at(form), depth + 1)
        return None if part is None else Not(part)
    listed_parts = raw[form]
    if not isinstance(listed_parts, list) or not listed_parts:
        advice = f"Write {form} = [ {{ ... }}, {{ ... }} ] with at least one condition."
        spot.at(form).tell(f'"{form}" has no list of conditions', advice)
        return None
    read = [read_condition(part, ground, spot.at(form, number), depth + 1) for number, part in enumerate(listed_parts)]
    parts = tuple(part for part in read if part is not None)
    if len(parts) < len(read):
        return None
    return All(parts) if form == "all" else Any(parts)


def _field_test(raw: dict[str, Raw], ground: Ground, spot: Spot) -> Condition | None:
    tests = [key for key in raw if key in _TESTS]
    known = ("field", *_TESTS, "of") if "within" in raw or not tests else ("field", *_TESTS)
    strange = [key for key in raw if key not in known]
    for key in strange:
        unknown_key(key, known, spot)
    field = ground.field(raw["field"], spot.at("field"))
    if len(tests) != 1:
        if tests or not strange:
            _tell_number_of_tests(tests, field, spot)
        return None
    return None if field is None else _READERS.get(tests[0], _compare)(raw, field, ground, spot)


def _tell_number_of_tests(tests: list[str], field: Field | None, spot: Spot) -> None:
    if tests:
        what = f"{counted(len(tests), 'test')} of one field: {listed(tests, 'and')}"
        spot.tell(what, 'Put each in braces of its own, and join them with "all" or "any".')
        return
    spot.tell(
        "the field is not tested", f"Add one of {_tests_of(field)}." if field else f"Add one of {listed(_TESTS)}."
    )


def _tests_of(field: Field) -> str:
    elapsed = ("within",) if field.kind is Kind.DATE else ()
    return listed((*(operator.value for operator in OPERATORS[field.kind]), "recorded", *elapsed))


def _compare(raw: dict[str, Raw], field: Field, ground: Ground, spot: Spot) -> Compare | None:
    operator = next(operator for operator in Operator if operator.value in raw)
    if operator not in OPERATORS[field.kind]:
        what = f'"{operator.value}" cannot test {field.name}, which is a {field.kind.value}'
        spot.at(operator.value).tell(what, f"It can be tested with {_tests_of(field)}.")
        return None
    operand = read_operand(raw[operator.value], field, operator, ground, spot.at(operator.value))
    return None if operand is None else Compare(field, operator, operand)


def _recorded(raw: dict[str, Raw], field: Field, _: Ground, spot: Spot) -> Recorded | None:
    expected = raw["recorded"]
    if isinstance(expected, bool):
        return Recorded(field, expected)
    spot.at("recorded").tell('"recorded" is true or false', "Write recorded = true or recorded = false.")
    return None


def _within(raw: dict[str, Raw], field: Field, ground: Ground, spot: Spot) -> Within | None:
    if field.kind is not Kind.DATE:
        what = f'"within" cannot test {field.name}, which is a {field.kind.value}'
        spot.at("within").tell(what, f"It can be tested with {_tests_of(field)}.")
        return None
    limit = read_limit(raw["within"], ground, spot.at("within"))
    if "of" not in raw:
        spot.tell('"of" is missing', 'Name the date that the time runs from: of = "section.field".')
        return None
    start = read_start(raw["of"], ground, spot.at("of"))
    if start is not None and start == field:
        spot.at("of").tell(f"{field.name} is compared with itself", "Name another date.")
        return None
    return None if limit is None or start is None else Within(field, limit, start)


def read_start(raw: object, ground: Ground, spot: Spot) -> Field | None:
    """The date that a length of time runs from; None after telling what is wrong with it."""
    start = ground.field(raw, spot)
    if start is not None and start.kind is not Kind.DATE:
        spot.tell(
            f"{start.name} is a {start.kind.value}, not a date", "Name a date.", "A length of time runs from a date."
        )
        return None
    return start


_READERS: dict[str, Callable[[dict[str, Raw], Field, Ground, Spot], Condition | None]] = {
    "recorded": _recorded,
    "within": _within,
}
