"""Conditions as columns: what the compiler works out for one case after another, for all cases at once."""

from __future__ import annotations

from datetime import date
from typing import assert_never

import polars as pl
from attrs import Factory, frozen

from casescreen.columnar.expressions import (
    TRUE,
    Bool,
    Kleene,
    and_,
    as_expression,
    comparable_column,
    compare,
    compare_with_constant,
    conjunction,
    deadline,
    disjunction,
    last_start,
    literal,
    negation,
    not_,
    or_,
    parameter_column,
)
from casescreen.columnar.graph import ColumnGraph, Graphs
from casescreen.conditions.compiler import Context
from casescreen.model.calendar import Duration, Unit
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
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Field, Value
from casescreen.model.rulebook import Due


def over_rows(book: Graphs, condition: OverRows, where: Kleene, satisfies: Kleene) -> Kleene:
    """``every`` or ``some``, from what each row's ``where`` and ``satisfies`` come to."""
    some = condition.quantifier is Quantifier.SOME
    return _some(book, condition.table, where, satisfies if some else negation(satisfies), negated=not some)


def _some(book: Graphs, table: str, where: Kleene, satisfies: Kleene, *, negated: bool = False) -> Kleene:
    """Some chosen row satisfies; negated, none does. Every row satisfies where none fails to."""
    row = conjunction((where, satisfies))
    return _among(
        book,
        table,
        true=book.some(table, row.true),
        unknown=book.some(table, row.unknown),
        fault=or_(where.fault, satisfies.fault),  # both are worked out for every row
        negated=negated,
    )


def _among(book: Graphs, table: str, *, true: Bool, unknown: Bool, fault: Bool, negated: bool) -> Kleene:
    there = book.present(table)
    found = Kleene(and_(there, true), and_(there, not_(true), not_(unknown)), book.some(table, fault))
    return negation(found) if negated else found


def count(book: Graphs, condition: Count, where: Kleene) -> Kleene:
    """Whether the number of chosen rows is within bounds however the unknown rows fall."""
    low, high = condition.at_least or 0, condition.at_most
    if low == 1 and high is None:
        return _some(book, condition.table, where, TRUE)
    if low == 0 and high == 0:
        return _some(book, condition.table, where, TRUE, negated=True)
    sure, possible = book.number(condition.table, where.true), book.number(condition.table, where.not_false)
    there = book.present(condition.table)
    return Kleene(
        and_(there, sure >= low, high is None or possible <= high),
        and_(there, or_(possible < low, high is not None and sure > high)),
        book.some(condition.table, where.fault),
    )


def covered(book: Graphs, condition: Covered, where: Kleene) -> Kleene:
    """Whether the value of every chosen row stands in a column of another table."""
    table, by = condition.table, condition.by
    missing, may_be_missing = _missing(book, condition, where.true), _missing(book, condition, where.unknown)
    unsure = or_(not_(book.present(by.table)), book.some(by.table, pl.col(by.name).is_null()))
    unsaid = book.some(table, and_(where.not_false, pl.col(condition.field.name).is_null()))
    return _among(
        book,
        table,
        true=and_(missing, not_(unsure)),
        unknown=or_(unsaid, may_be_missing, and_(missing, unsure)),
        fault=where.fault,
        negated=True,
    )


def _missing(book: Graphs, condition: Covered, meant: Bool) -> Bool:
    """The value of some row that is meant does not stand in the other column."""
    recorded = pl.col(condition.field.name).is_not_null()
    return book.some(condition.table, and_(meant, recorded, not_(book.found(condition.field, condition.by))))


Starts = tuple[tuple[Field, date | None, date], ...]
"""Dates from which deadlines are worked out, each with the first and last day whose deadline is known."""


@frozen(eq=False)
class DueDate:
    """A deadline of every case or row.

    Attributes:
        day: the last day; null where it is not known.
        fault: it is beyond what the calendar covers.
    """

    day: pl.Expr
    fault: Bool


@frozen(eq=False)
class Conditions:
    """Puts conditions on the sheets of a workbook, each once.

    Where a table is asked for, "" is the cases, and a name is the rows of that table.
    """

    book: Graphs
    context: Context
    _starts: dict[tuple[Field, date | None, date], None] = Factory(dict)
    _known: dict[tuple[str, Condition], Kleene] = Factory(dict)

    def truths(self, condition: Condition, table: str = "") -> Kleene:
        """What the condition comes to for each case, or for each row of a table."""
        key = table, condition
        if (known := self._known.get(key)) is None:
            found = self._truths(condition, table)
            true, false = self._put(found.true, table), self._put(found.false, table)
            known = self._known[key] = Kleene(true, false, found.fault)
        return known

    def optional(self, condition: Condition | None, table: str = "") -> Kleene:
        """As ``truths``; no condition is always true."""
        return TRUE if condition is None else self.truths(condition, table)

    def due(self, due: Due, table: str = "") -> DueDate:
        """The deadline of each case or row."""
        return self._deadline(due.of, due.within, table)

    @property
    def starts(self) -> Starts:
        """What deadlines have been put on the sheets."""
        return tuple(self._starts)

    def sheet(self, table: str) -> ColumnGraph:
        """The sheet of the cases, or of a table's rows."""
        return self.book.rows(table) if table else self.book.cases

    def _put(self, part: Bool, table: str) -> Bool:
        return part if isinstance(part, bool) else self.sheet(table).put(part)

    def _truths(self, condition: Condition, table: str) -> Kleene:
        match condition:
            case Compare():
                return self._compare(condition, table)
            case Recorded(field, expected):
                there = pl.col(field.name).is_not_null()
                found = Kleene(there, there.not_())
                return found if expected else negation(found)
            case Within():
                return self._within(condition, table)
            case All(parts):
                return conjunction(self.truths(part, table) for part in parts)
            case Any(parts):
                return disjunction(self.truths(part, table) for part in parts)
            case Not(part):
                return negation(self.truths(part, table))
            case OverRows() | Count() | Covered():
                return self._over_rows(condition)
            case _:
                assert_never(condition)

    def _over_rows(self, condition: OverRows | Count | Covered) -> Kleene:
        where = self.optional(condition.where, condition.table)
        match condition:
            case OverRows():
                satisfies = self.truths(condition.satisfies, condition.table)
                return over_rows(self.book, condition, where, satisfies)
            case Count():
                return count(self.book, condition, where)
            case Covered():
                return covered(self.book, condition, where)
            case _:
                assert_never(condition)

    def _compare(self, condition: Compare, table: str) -> Kleene:
        field, operator = condition.field, condition.operator
        match condition.operand:
            case Literal(constant):
                assert not isinstance(constant, Duration)
                return self._decided(compare_with_constant(field, operator, constant), table)
            case AsOf():
                return self._decided(compare_with_constant(field, operator, self.context.as_of), table)
            case FromField(other):
                return self._decided(compare(field, operator, comparable_column(other)), table)
            case FromParameter(name):
                value = parameter_column(self.context.parameters[name], _given)
                return self._decided(compare(field, operator, value), table)
            case _:
                assert_never(condition.operand)

    def _within(self, condition: Within, table: str) -> Kleene:
        due, value = self._deadline(condition.of, condition.limit, table), pl.col(condition.field.name)
        found = self._decided(value <= due.day, table)
        return Kleene(found.true, found.false, as_expression(due.fault) & value.is_not_null())

    def _decided(self, test: pl.Expr, table: str) -> Kleene:
        """A test that is null where it is unknown, as two booleans that never are."""
        test = self.sheet(table).put(test)
        return Kleene(test.fill_null(False), test.not_().fill_null(False))

    def _deadline(self, of: Field, limit: Literal | FromParameter, table: str) -> DueDate:
        if isinstance(limit, Literal):
            last, known = self._last(of, limit.value), pl.lit(True)
        else:
            parameter = self.context.parameters[limit.name]
            last = parameter_column(parameter, lambda value: self._last(of, value))
            known = parameter_column(parameter, lambda _: pl.lit(True)).fill_null(False)
        day = self.sheet(table).put(last)
        return DueDate(day, pl.col(of.name).is_not_null() & known & day.is_null())

    def _last(self, of: Field, allowed: Value | tuple[Value, ...] | Duration) -> pl.Expr:
        assert isinstance(allowed, Duration)
        calendar = self.context.calendar
        first = calendar.covers_from if allowed.unit is Unit.WORKING_DAY else None
        self._starts[of, first, last_start(allowed, calendar)] = None
        return deadline(pl.col(of.name), allowed, calendar)


def _given(value: Value | Duration) -> pl.Expr:
    assert not isinstance(value, Duration)
    return literal(value)
