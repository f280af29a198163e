"""Conditions, typed tests over the fields of a case, and the three truth values that they come to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from attrs import frozen

from casescreen.model.calendar import Duration
from casescreen.model.dictionary import Field, Value


class Truth(Enum):
    """True, false, or not known from what the record shows."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    __hash__ = object.__hash__  # each is one of a kind; by name, in Python, it takes ten times as long


def truth(value: bool) -> Truth:
    """The truth value of a plain yes or no."""
    return Truth.TRUE if value else Truth.FALSE


def negate(value: Truth) -> Truth:
    """Swap true and false; what is unknown stays unknown."""
    if value is Truth.UNKNOWN:
        return value
    return Truth.FALSE if value is Truth.TRUE else Truth.TRUE


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown, else true."""
    result = Truth.TRUE
    for value in values:
        if value is Truth.FALSE:
            return value
        if value is Truth.UNKNOWN:
            result = value
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true, else unknown if any is unknown, else false."""
    result = Truth.FALSE
    for value in values:
        if value is Truth.TRUE:
            return value
        if value is Truth.UNKNOWN:
            result = value
    return result


class Operator(Enum):
    """How a field test compares, by the key that a rule writes."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BEFORE = "before"
    ON_OR_BEFORE = "on_or_before"
    AFTER = "after"
    ON_OR_AFTER = "on_or_after"


@frozen
class Literal:
    """A value, or the values of a list, or a length of time, written in the rule itself."""

    value: Value | tuple[Value, ...] | Duration


@frozen
class FromParameter:
    """The value of a parameter of the rulebook, named ``$name`` in a rule."""

    name: str


@frozen
class AsOf:
    """The as-of date of the screening, written ``$as_of`` in a rule."""


@frozen
class FromField:
    """The value of another field of the same case or row."""

    field: Field


Operand = Literal | FromParameter | AsOf | FromField


@frozen
class Compare:
    """A field against a value: unknown if either is not recorded."""

    field: Field
    operator: Operator
    operand: Operand


@frozen
class Recorded:
    """Whether the record has a value for the field at all: the one test that is never unknown."""

    field: Field
    expected: bool


@frozen
class Within:
    """A date on or before the last day that is within a length of time of another date.

    A date earlier than ``of`` is within it too. Unknown if either date, or the limit, is not known.
    """

    field: Field
    limit: Literal | FromParameter
    of: Field


@frozen
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@frozen
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@frozen
class Not:
    """The part does not hold."""

    part: Condition


class Quantifier(Enum):
    """How many of the chosen rows must satisfy a test."""

    EVERY = "every"
    SOME = "some"


@frozen
class OverRows:
    """``every`` or ``some`` of a table's rows that pass ``where`` satisfies a test.

    A row whose ``where`` is unknown may or may not be meant. An absent table is unknown; an empty one is empty.
    """

    quantifier: Quantifier
    table: str
    where: Condition | None
    satisfies: Condition


@frozen
class Count:
    """The number of rows that pass ``where`` lies between two bounds, both included; None is no bound."""

    table: str
    where: Condition | None
    at_least: int | None
    at_most: int | None


@frozen
class Covered:
    """Every chosen row's value in one column is found in a column of another table."""

    table: str
    where: Condition | None
    field: Field
    by: Field


Condition = Compare | Recorded | Within | All | Any | Not | OverRows | Count | Covered
