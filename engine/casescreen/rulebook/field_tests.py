"""Reading tests of one field: comparisons, ``recorded`` and ``within``."""

from __future__ import annotations

from typing import Any as Raw

from casescreen.model.condition import Compare, Condition, Operator, Recorded, Within
from casescreen.model.dictionary import Field, Kind
from casescreen.rulebook.elapsed import read_limit, read_start
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.names import quoted
from casescreen.rulebook.operands import OPERATORS, read_operand
from casescreen.rulebook.structuring import unknown_key
from casescreen.syntax.rule_file import Spot
from casescreen.text import listed

TESTS = (*(operator.value for operator in Operator), "recorded", "within")
_KEYS = ("field", *TESTS)


def read_field_test(raw: dict[str, Raw], ground: Ground, spot: Spot) -> Condition | None:
    """The test that is written there, or None after telling everything that is wrong with it."""
    tests = [key for key in raw if key in TESTS]
    strange = [key for key in raw if key not in _KEYS and not (key == "of" and "within" in raw)]
    for key in strange:
        _tell_strange(key, spot)
    field = ground.field(raw["field"], spot.at("field"))
    if len(tests) > 1:
        advice = 'Put each in braces of its own, and join them with "all" or "any".'
        spot.tell(f"{quoted(tests)} stand in one condition", advice)
        return None
    if not tests:
        if not strange:
            spot.tell("the field is not tested", f"Add one of {_tests_of(field)}.")
        return None
    if tests == ["within"]:
        return _within(raw, field, ground, spot)
    if field is None:
        return None
    return _recorded(raw, field, spot) if tests == ["recorded"] else _compare(raw, field, ground, spot)


def _tell_strange(key: str, spot: Spot) -> None:
    if key == "of":
        spot.at(key).tell('"of" stands without "within"', 'Say how long: within = "15 working days".')
    else:
        unknown_key(key, _KEYS, spot)


def _tests_of(field: Field | None) -> str:
    """What the field can be tested with; everything, if it is not known what the field is."""
    if field is None:
        return listed(TESTS)
    elapsed = ("within",) if field.kind is Kind.DATE else ()
    return listed((*(operator.value for operator in OPERATORS[field.kind]), "recorded", *elapsed))


def _tell_wrong_test(test: str, field: Field, spot: Spot) -> None:
    what = f'"{test}" cannot test {field.name}, which is a {field.kind.value}'
    spot.at(test).tell(what, f"It can be tested with {_tests_of(field)}.")


def _compare(raw: dict[str, Raw], field: Field, ground: Ground, spot: Spot) -> Compare | None:
    operator = next(operator for operator in Operator if operator.value in raw)
    if operator not in OPERATORS[field.kind]:
        _tell_wrong_test(operator.value, field, spot)
        return None
    operand = read_operand(raw[operator.value], field, operator, ground, spot.at(operator.value))
    return None if operand is None else Compare(field, operator, operand)


def _recorded(raw: dict[str, Raw], field: Field, spot: Spot) -> Recorded | None:
    expected = raw["recorded"]
    if isinstance(expected, bool):
        return Recorded(field, expected)
    spot.at("recorded").tell('"recorded" is true or false', "Write recorded = true or recorded = false.")
    return None


def _within(raw: dict[str, Raw], field: Field | None, ground: Ground, spot: Spot) -> Within | None:
    if field is not None and field.kind is not Kind.DATE:
        _tell_wrong_test("within", field, spot)
        return None
    limit = read_limit(raw["within"], ground, spot.at("within"))
    if "of" not in raw:
        spot.tell('"of" is missing', 'Name the date that the time runs from: of = "section.field".')
        return None
    start = read_start(raw["of"], ground, spot.at("of"))
    if field is None or limit is None or start is None:
        return None
    if start == field:
        spot.at("of").tell(f"{field.name} is compared with itself", "Name another date.")
        return None
    return Within(field, limit, start)
