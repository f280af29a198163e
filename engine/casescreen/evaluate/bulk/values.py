"""Single tests as expressions: a field against a value. Null where either is not recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import or_

import polars as pl

from casescreen.conditions.operators import HOLDS
from casescreen.model.calendar import Duration
from casescreen.model.condition import Operator
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import Parameter

WORDS = (Kind.TEXT, Kind.CHOICE)
"""What is held in words, which may be kept as text or as numbers that stand for it."""

_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.YES_NO: pl.Boolean(),
    Kind.NUMBER: pl.Int64(),
    Kind.DATE: pl.Date(),
}
_PLAIN: dict[type, pl.DataType] = {str: pl.String(), bool: pl.Boolean(), int: pl.Int64(), date: pl.Date()}
_NEGATED = {Operator.IS_NOT: Operator.IS, Operator.NOT_IN: Operator.IN}


def type_of(field: Field) -> pl.DataType:
    """The type of the column that holds the field; a choice is one of its words, in the dictionary's order."""
    return pl.Enum(field.allowed) if field.kind is Kind.CHOICE else _TYPES[field.kind]


def is_text(stored: pl.DataType) -> bool:
    """Whether a column of the stored type holds text, or numbers that stand for it."""
    return isinstance(stored, pl.String | pl.Enum | pl.Categorical)


def is_foreign(field: Field, stored: pl.DataType) -> bool:
    """Whether a column holds text that must be read as something else, or numbers that may be too large for ours."""
    if field.kind is Kind.NUMBER and isinstance(stored, pl.UInt64 | pl.Int128 | pl.UInt128):
        return True
    return field.kind is not Kind.TEXT and is_text(stored) and stored != type_of(field)


def equals(field: Field, value: Value) -> pl.Expr:
    """The field has this value."""
    column = pl.col(field.name)
    if isinstance(value, bool):
        return column if value else column.not_()
    return column == given(value)


def compare_with_constant(field: Field, operator: Operator, constant: Value | tuple[Value, ...]) -> pl.Expr:
    """The field against a value, or the values of a list, that are the same for every case."""
    if operator in _NEGATED:
        return compare_with_constant(field, _NEGATED[operator], constant).not_()
    if isinstance(constant, tuple):
        return reduce(or_, (equals(field, value) for value in constant))
    if operator is Operator.IS:
        return equals(field, constant)
    return _holds(operator, pl.col(field.name), given(constant))


def compare(field: Field, operator: Operator, other: pl.Expr) -> pl.Expr:
    """The field against something that differs from case to case."""
    return _holds(operator, plain(field), other)


def plain(field: Field) -> pl.Expr:
    """The field as it can be compared with any other: words as text."""
    column = pl.col(field.name)
    return column.cast(pl.String) if field.kind in WORDS else column


def given(value: Value) -> pl.Expr:
    """A value that a rule gives."""
    return pl.lit(value, dtype=_PLAIN[type(value)])


def supplied(parameter: Parameter, give: Callable[[Value | Duration], pl.Expr]) -> pl.Expr:
    """What is made of the parameter's value for each case; null where a field that it varies by is not recorded."""
    result = give(parameter.value)
    for variation in reversed(parameter.variations):
        then = pl.when(equals(variation.field, variation.value)).then(give(variation.then)).otherwise(result)
        result = pl.when(pl.col(variation.field.name).is_not_null()).then(then)
    return result


def _holds(operator: Operator, one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """The operators that compare two values compare two columns."""
    compared: object = HOLDS[operator](one, other)
    assert isinstance(compared, pl.Expr)
    return compared
