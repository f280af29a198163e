"""Reading the other side of a test, and checking that it can be compared with the field."""

from __future__ import annotations

from casescreen.model.condition import AsOf, FromField, FromParameter, Literal, Operand, Operator
from casescreen.model.dictionary import Field, Kind, Mismatch
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.parameters import misfit
from casescreen.syntax.rule_file import Spot
from casescreen.text import listed

AS_OF = "$as_of"
_TAKES_LIST = (Operator.IN, Operator.NOT_IN)
_TEXTS = (Kind.TEXT, Kind.CHOICE)
_NUMBERS = (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN)
_DATES = (Operator.BEFORE, Operator.ON_OR_BEFORE, Operator.AFTER, Operator.ON_OR_AFTER)
_EVERY_KIND = (Operator.IS, Operator.IS_NOT)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: (*_EVERY_KIND, *_TAKES_LIST),
    Kind.CHOICE: (*_EVERY_KIND, *_TAKES_LIST),
    Kind.YES_NO: _EVERY_KIND,
    Kind.NUMBER: (*_EVERY_KIND, *_TAKES_LIST, *_NUMBERS),
    Kind.DATE: (*_EVERY_KIND, *_TAKES_LIST, *_DATES),
}


def comparable(one: Field, other: Field) -> bool:
    """Whether two fields can hold the same value."""
    return one.kind is other.kind or (one.kind in _TEXTS and other.kind in _TEXTS)


def read_operand(raw: object, field: Field, operator: Operator, ground: Ground, spot: Spot) -> Operand | None:
    """The other side of a field test; None after telling what is wrong with it."""
    if operator in _TAKES_LIST:
        return _list(raw, field, operator, spot)
    if isinstance(raw, list):
        other = {Operator.IS: Operator.IN, Operator.IS_NOT: Operator.NOT_IN}.get(operator)
        advice = f'Use "{other.value}" for a list.' if other else "Write one value."
        spot.tell(f'"{operator.value}" takes one value, and this is a list', advice)
        return None
    if isinstance(raw, dict):
        return _other_field(raw, field, ground, spot)
    if isinstance(raw, str) and raw.startswith("$"):
        return _named(raw, field, ground, spot)
    return _literal(raw, field, spot)


def _list(raw: object, field: Field, operator: Operator, spot: Spot) -> Literal | None:
    if not isinstance(raw, list):
        single = Operator.IS if operator is Operator.IN else Operator.IS_NOT
        spot.tell(f'"{operator.value}" takes a list of values', f'Write [...], or use "{single.value}" for one value.')
        return None
    if not raw:
        spot.tell("the list is empty", "Name at least one value.", "Nothing can be in an empty list.")
        return None
    read = [_literal(item, field, spot.at(number)) for number, item in enumerate(raw)]
    values = [literal.value for literal in read if literal is not None]
    if len(set(values)) < len(values):
        spot.tell("the list names a value more than once", "Keep each value once.")
        return None
    return Literal(tuple(values)) if len(values) == len(raw) else None  # type: ignore[arg-type]  # values of a field


def _literal(raw: object, field: Field, spot: Spot) -> Literal | None:
    if isinstance(raw, str) and raw.startswith("$"):
        spot.tell("a parameter cannot stand in a list", 'Use { any = [ ... ] } with one "is" for each.')
        return None
    value = field.read(raw)
    if isinstance(value, Mismatch):
        spot.tell(f"{field.name}: {value.what}", value.advice)
        return None
    return Literal(value)


def _other_field(raw: dict[str, object], field: Field, ground: Ground, spot: Spot) -> FromField | None:
    if set(raw) != {"field"}:
        spot.tell('the other side is not { field = "..." }', "Name the other field so, and nothing else beside it.")
        return None
    other = ground.field(raw["field"], spot.at("field"))
    if other is None:
        return None
    if other == field:
        spot.tell(f"{field.name} is compared with itself", "Name another field.")
        return None
    if not comparable(field, other):
        what = f"{field.name} ({field.kind.value}) cannot be compared with {other.name} ({other.kind.value})"
        spot.tell(what, "Compare fields of one type.")
        return None
    return FromField(other)


def _named(raw: str, field: Field, ground: Ground, spot: Spot) -> AsOf | FromParameter | None:
    if raw == AS_OF:
        if field.kind is Kind.DATE:
            return AsOf()
        spot.tell(
            f"{field.name} ({field.kind.value}) cannot be compared with the as-of date", "Compare a date with it."
        )
        return None
    parameter = ground.parameter(raw[1:], spot)
    if parameter is None:
        return None
    wrong = misfit(field, parameter)
    if wrong:
        what = f"the parameter {raw} cannot be compared with {field.name} ({field.kind.value}): {wrong}"
        spot.tell(what, _allowed(field) or f"Use a parameter of the type {field.kind.value}.")
        return None
    return FromParameter(parameter.name)


def _allowed(field: Field) -> str:
    return f"Its words are: {listed(field.allowed)}." if field.kind is Kind.CHOICE else ""
