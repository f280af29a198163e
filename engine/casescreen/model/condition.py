"""Conditions, typed tests over the fields of a case, and the three truth values that they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any as Anything
from typing import ClassVar

from attrs import Factory, field, frozen

from casescreen.model.calendar import Duration
from casescreen.model.dictionary import Field, Kind, Value


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


@frozen
class Operator:
    """How a field test compares; ``conditions.operators`` has the table of them.

    Attributes:
        name: the key that a rule writes.
        kinds: the kinds of field that it tests.
        holds: whether it holds of two values, or of a value and the values of a list. A function of a module, so that
            it can be sent to other machines.
        words: what stands before the other side in a text; empty, or with a space after it.
        denies: the operator that it is the denial of.
        for_one: of an operator that takes a list, the one that takes one value instead.
        over_columns: the same as ``holds`` of two columns, or of a column and the constants of a list: null where
            either is. Unless given it is ``holds`` itself, for Python's comparisons compare columns too. A choice may
            be held as a number that stands for its word: cast a column to ``str`` before asking more than equality.
    """

    name: str
    kinds: tuple[Kind, ...] = field(eq=False, repr=False)
    holds: Callable[[Anything, Anything], bool] = field(eq=False, repr=False)
    words: str = field(default="", eq=False, repr=False)
    denies: Operator | None = field(default=None, eq=False, repr=False)
    for_one: Operator | None = field(default=None, eq=False, repr=False)
    over_columns: Callable[[Anything, Anything], Anything] = field(
        default=Factory(lambda self: self.holds, takes_self=True), eq=False, repr=False
    )


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


@frozen(cache_hash=True)
class Compare:
    """A field against a value: unknown if either is not recorded."""

    field: Field
    operator: Operator
    operand: Operand


@frozen(cache_hash=True)
class Recorded:
    """Whether the record has a value for the field at all; unknown only where what stands there is not known."""

    field: Field
    expected: bool


@frozen(cache_hash=True)
class Within:
    """A date on or before the last day that is within a length of time of another date.

    Unknown if either date, or a length of time, is not known.

    Attributes:
        early: how long before ``of`` counts as well; None where any time before it does, as in language 1.
    """

    field: Field
    limit: Literal | FromParameter
    of: Field
    early: Literal | FromParameter | None = None

    @property
    def ends(self) -> tuple[tuple[Literal | FromParameter, bool], ...]:
        """The lengths of time that bound it, each with whether it is counted back from ``of``."""
        last = (self.limit, False)
        return (last,) if self.early is None else (last, (self.early, True))


@frozen(cache_hash=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@frozen(cache_hash=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@frozen(cache_hash=True)
class Not:
    """The part does not hold."""

    part: Condition


class Quantifier(Enum):
    """How many of the chosen rows must satisfy a test."""

    EVERY = "every"
    SOME = "some"


@frozen(cache_hash=True)
class OverRows:
    """``every`` or ``some`` of a table's rows that pass ``where`` satisfies a test.

    A row whose ``where`` is unknown may or may not be meant. An absent table is unknown; an empty one is empty.
    """

    quantifier: Quantifier
    table: str
    where: Condition | None
    satisfies: Condition


@frozen(cache_hash=True)
class Count:
    """The number of rows that pass ``where`` lies between two bounds, both included; None is no bound."""

    table: str
    where: Condition | None
    at_least: int | None
    at_most: int | None


@frozen(cache_hash=True)
class Covered:
    """Every chosen row's value in one column is found in a column of another table."""

    quantifier: ClassVar[Quantifier] = Quantifier.EVERY
    table: str
    where: Condition | None
    field: Field
    by: Field


Condition = Compare | Recorded | Within | All | Any | Not | OverRows | Count | Covered


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that it is made of; of a test over rows, those that are asked of each row."""
    match condition:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case OverRows(where=where, satisfies=satisfies):
            return (satisfies,) if where is None else (where, satisfies)
        case Count(where=where) | Covered(where=where):
            return () if where is None else (where,)
        case _:
            return ()


def operands_of(condition: Condition) -> tuple[Operand, ...]:
    """The other side of a field test, of elapsed time each of its ends; nothing for any other condition."""
    match condition:
        case Compare(operand=operand):
            return (operand,)
        case Within():
            return tuple(length for length, _ in condition.ends)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition, and all that it is made of however deep, each before its parts."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def tests_rows(condition: Condition) -> bool:
    """Whether the rows of a table are gone through in it."""
    return any(isinstance(one, OverRows | Count | Covered) for one in walk(condition))


def depth_of(condition: Condition) -> int:
    """How many conditions stand inside one another in it, itself included."""
    return 1 + max(map(depth_of, parts_of(condition)), default=0)
