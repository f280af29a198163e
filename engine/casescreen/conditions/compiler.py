"""Conditions compiled to closures: what each comes to for a case, and what it needs to know beside the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import assert_never

from attrs import frozen

from casescreen.conditions.operators import counted, covered, for_row, over_rows, within
from casescreen.model.calendar import Duration, WorkingCalendar
from casescreen.model.case import Case, Row
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    Operand,
    OverRows,
    Quantifier,
    Recorded,
    Truth,
    Within,
    all_of,
    negate,
    truth,
)
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import Parameter, Rulebook
from casescreen.model.screening import Quoting
from casescreen.text import WITHHELD


@frozen
class Context:
    """The terms of one screening, the same for every case.

    Attributes:
        references: the full names of the texts that name something, and are quoted where others are not.
        quoting: how much of the text of a record is put into words.
    """

    as_of: date
    calendar: WorkingCalendar
    parameters: Mapping[str, Parameter]
    references: frozenset[str] = frozenset()
    quoting: Quoting = Quoting.EVERYTHING

    def shown(self, field: Field, value: Value | None) -> Value | None:
        """What is shown of a value: itself, or that there is text which is not shown."""
        if value is None or field.kind is not Kind.TEXT or self.quoting is Quoting.EVERYTHING:
            return value
        named = self.quoting is Quoting.REFERENCES and field.full_name in self.references
        return value if named else WITHHELD


def context_of(rulebook: Rulebook, as_of: date, quoting: Quoting = Quoting.REFERENCES) -> Context:
    """The terms on which a rulebook is applied as at a date, and how much of the records' text is quoted."""
    return Context(as_of, rulebook.calendar, rulebook.parameters, rulebook.references, quoting)


def value_of(parameter: Parameter, case: Case) -> Value | Duration | None:
    """What the parameter is for this case; None if a field that it varies by is not recorded."""
    for variation in parameter.variations:
        recorded = case.fields.get(variation.field.name)
        if recorded is None:
            return None
        if recorded == variation.value:
            return variation.then
    return parameter.value


Test = Callable[[Case, Row], Truth]
Supplied = Value | tuple[Value, ...] | Duration | None
Supply = Callable[[Case, Row], Supplied]
Read = Callable[[Case, Row], Value | None]

NO_ROW: Row = {}
_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def compile_condition(condition: Condition, context: Context) -> Test:
    """A function of a case (and a row of it) that says what the condition comes to."""
    match condition:
        case Compare():
            return _compare(condition, context)
        case Recorded(field, expected):
            name, column = field.name, bool(field.table)
            return lambda case, row: recorded(name, row if column else case.fields, expected=expected)
        case Within(field, limit, of):
            value, start, allowed = read(field), read(of), supply(limit, context)
            return lambda case, row: within(value(case, row), allowed(case, row), start(case, row), context.calendar)
        case All(parts):
            return _combination(tuple(compile_condition(part, context) for part in parts), _FALSE)
        case Any(parts):
            return _combination(tuple(compile_condition(part, context) for part in parts), _TRUE)
        case Not(part):
            denied = compile_condition(part, context)
            return lambda case, row: negate(denied(case, row))
        case OverRows():
            return _over_rows(condition, context)
        case Count():
            return _count(condition, context)
        case Covered():
            return _covered(condition, context)
        case _:
            assert_never(condition)


def recorded(name: str, among: Row, *, expected: bool) -> Truth:
    """Whether a value is recorded, or is not, as expected; unknown where what stands there is not known."""
    value = among.get(name)
    if value is None and name in among:
        return _UNKNOWN
    return truth((value is not None) is expected)


def compile_optional(condition: Condition | None, context: Context, otherwise: Truth = _TRUE) -> Test:
    """As ``compile_condition``; no condition always comes to ``otherwise``."""
    return (lambda _case, _row: otherwise) if condition is None else compile_condition(condition, context)


def read(field: Field) -> Read:
    """A function that reads the field: from the row if it is a column, else from the case; None if not recorded."""
    name = field.name
    if field.table:
        return lambda _case, row: row.get(name)
    return lambda case, _row: case.fields.get(name)


def supply(operand: Operand, context: Context) -> Supply:
    """A function that gives the other side of a test; None if it is not known."""
    match operand:
        case Literal(value):
            return lambda _case, _row: value
        case AsOf():
            return lambda _case, _row: context.as_of
        case FromField(field):
            return read(field)
        case FromParameter(name):
            parameter = context.parameters[name]
            return lambda case, _row: value_of(parameter, case)
        case _:
            assert_never(operand)


def _compare(condition: Compare, context: Context) -> Test:
    holds, this = condition.operator.holds, read(condition.field)
    if isinstance(condition.operand, Literal):
        return _compare_with_constant(condition, condition.operand.value)
    other = supply(condition.operand, context)

    def test(case: Case, row: Row) -> Truth:
        value, against = this(case, row), other(case, row)
        if value is None or against is None:
            return _UNKNOWN
        return _TRUE if holds(value, against) else _FALSE

    return test


def _compare_with_constant(condition: Compare, constant: object) -> Test:
    """The commonest test by far, without the calls that the general one makes."""
    holds, name = condition.operator.holds, condition.field.name

    def column(_case: Case, row: Row) -> Truth:
        value = row.get(name)
        if value is None:
            return _UNKNOWN
        return _TRUE if holds(value, constant) else _FALSE

    def field(case: Case, _row: Row) -> Truth:
        value = case.fields.get(name)
        if value is None:
            return _UNKNOWN
        return _TRUE if holds(value, constant) else _FALSE

    return column if condition.field.table else field


def _combination(parts: tuple[Test, ...], decisive: Truth) -> Test:
    """``all``, which one false part decides, or ``any``, which one true part does."""
    undecided = negate(decisive)

    def test(case: Case, row: Row) -> Truth:
        result = undecided
        for part in parts:
            value = part(case, row)
            if value is decisive:
                return value
            if value is _UNKNOWN:
                result = value
        return result

    return test


def _over_rows(condition: OverRows, context: Context) -> Test:
    where, satisfies = compile_optional(condition.where, context), compile_condition(condition.satisfies, context)
    quantifier, table = condition.quantifier, condition.table

    def test(case: Case, _row: Row) -> Truth:
        rows = case.tables.get(table)
        if rows is None:
            return _UNKNOWN
        return over_rows(quantifier, [for_row(quantifier, where(case, row), satisfies(case, row)) for row in rows])

    return test


def _count(condition: Count, context: Context) -> Test:
    where, table = compile_optional(condition.where, context), condition.table

    def test(case: Case, _row: Row) -> Truth:
        rows = case.tables.get(table)
        return _UNKNOWN if rows is None else counted(condition, [where(case, row) for row in rows])

    return test


def column_of(case: Case, field: Field) -> frozenset[Value | None] | None:
    """The values of a table's column, None among them if a row does not say; None for a table that is absent."""
    rows = case.tables.get(field.table)
    return None if rows is None else frozenset(row.get(field.name) for row in rows)


def _covered(condition: Covered, context: Context) -> Test:
    where, name, table = compile_optional(condition.where, context), condition.field.name, condition.table

    def test(case: Case, _row: Row) -> Truth:
        rows = case.tables.get(table)
        if rows is None:
            return _UNKNOWN
        column = column_of(case, condition.by)
        return all_of([for_row(Quantifier.EVERY, where(case, row), covered(row.get(name), column)) for row in rows])

    return test
