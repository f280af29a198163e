"""Conditions as columns: what the compiler works out for one case after another, for all cases at once."""

from __future__ import annotations

from datetime import date
from typing import assert_never

import polars as pl
from attrs import Factory, frozen

from casescreen.columnar.expressions import (
    TRUE,
    Kleene,
    and_,
    comparable_column,
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
from casescreen.columnar.frames import unknown_column
from casescreen.columnar.graph import Graphs
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


def some_row(graphs: Graphs, table: str, where: Kleene, satisfies: Kleene) -> Kleene:
    """Some chosen row satisfies, from what each row's ``where`` and ``satisfies`` come to."""
    row, there = conjunction((where, satisfies)), graphs.present(table)
    true, unknown = graphs.some(table, row.true), graphs.some(table, row.unknown)
    return Kleene(and_(there, true), and_(there, not_(true), not_(unknown)))


def count(graphs: Graphs, condition: Count, where: Kleene) -> Kleene:
    """Whether the number of chosen rows is within bounds however the unknown rows fall."""
    low, high = condition.at_least or 0, condition.at_most
    if low == 1 and high is None:
        return some_row(graphs, condition.table, where, TRUE)
    if low == 0 and high == 0:
        return negation(some_row(graphs, condition.table, where, TRUE))
    sure, possible = graphs.number(condition.table, where.true), graphs.number(condition.table, where.not_false)
    there = graphs.present(condition.table)
    return Kleene(
        and_(there, sure >= low, high is None or possible <= high),
        and_(there, or_(possible < low, high is not None and sure > high)),
    )


def covered(graphs: Graphs, condition: Covered, where: Kleene) -> Kleene:
    """Whether the value of every chosen row stands in a column of another table."""
    table, by, value = condition.table, condition.by, pl.col(condition.field.name)
    orphan = and_(value.is_not_null(), not_(graphs.lookup(condition.field, by)))
    missing, may_be_missing = (graphs.some(table, and_(rows, orphan)) for rows in (where.true, where.unknown))
    unsure = or_(not_(graphs.present(by.table)), graphs.some(by.table, pl.col(by.name).is_null()))
    unsaid = graphs.some(table, and_(where.not_false, value.is_null()))
    there, uncovered = graphs.present(table), and_(missing, not_(unsure))
    unknown = or_(unsaid, may_be_missing, and_(missing, unsure))
    return Kleene(and_(there, not_(uncovered), not_(unknown)), and_(there, uncovered))


Start = tuple[Field, date | None, date]
"""A date from which deadlines are computed, with the first and last day whose deadline is known."""


@frozen(eq=False)
class Conditions:
    """Adds conditions to the graphs, each once.

    Where a table is asked for, "" is the cases, and a name is the rows of that table.

    Attributes:
        starts: the dates from which the deadlines that have been added are computed.
        beyond: the columns that say where a deadline from a date lies beyond the calendar, by table and date.
    """

    graphs: Graphs
    context: Context
    starts: set[Start] = Factory(set)
    beyond: dict[tuple[str, str], Field] = Factory(dict)
    _known: dict[tuple[str, Condition], Kleene] = Factory(dict)

    def evaluate(self, condition: Condition, table: str = "") -> Kleene:
        """What the condition comes to for each case, or for each row of a table."""
        key = table, condition
        if (known := self._known.get(key)) is None:
            result, graph = self._evaluate(condition, table), self.graphs.of(table)
            true, false = (part if isinstance(part, bool) else graph.put(part) for part in (result.true, result.false))
            known = self._known[key] = Kleene(true, false)
        return known

    def optional(self, condition: Condition | None, table: str = "") -> Kleene:
        """As ``evaluate``; no condition is always true."""
        return TRUE if condition is None else self.evaluate(condition, table)

    def _evaluate(self, condition: Condition, table: str) -> Kleene:
        match condition:
            case Compare():
                return self._compare(condition, table)
            case Recorded(field, expected):
                value = pl.col(field.name)
                there, not_there = value.is_not_null(), value.is_null() & pl.col(unknown_column(field.name)).not_()
                return Kleene(there, not_there) if expected else Kleene(not_there, there)
            case Within():
                return self._within(condition, table)
            case All(parts):
                return conjunction(self.evaluate(part, table) for part in parts)
            case Any(parts):
                return disjunction(self.evaluate(part, table) for part in parts)
            case Not(part):
                return negation(self.evaluate(part, table))
            case OverRows():
                return self._over_rows(condition)
            case Count():
                return count(self.graphs, condition, self.optional(condition.where, condition.table))
            case Covered():
                return covered(self.graphs, condition, self.optional(condition.where, condition.table))
            case _:
                assert_never(condition)

    def _over_rows(self, condition: OverRows) -> Kleene:
        where = self.optional(condition.where, condition.table)
        satisfies = self.evaluate(condition.satisfies, condition.table)
        if condition.quantifier is Quantifier.SOME:
            return some_row(self.graphs, condition.table, where, satisfies)
        # Every row satisfies where none fails to.
        return negation(some_row(self.graphs, condition.table, where, negation(satisfies)))

    def _compare(self, condition: Compare, table: str) -> Kleene:
        field, column = condition.field, pl.col(condition.field.name)
        other: pl.Expr | tuple[pl.Expr, ...]
        match condition.operand:
            case Literal(constant):
                other = tuple(map(literal, constant)) if isinstance(constant, tuple) else literal(constant)
            case AsOf():
                other = literal(self.context.as_of)
            case FromField(other_field):
                column, other = comparable_column(field), comparable_column(other_field)
            case FromParameter(name):
                column, other = comparable_column(field), parameter_column(self.context.parameters[name], literal)
            case _:
                assert_never(condition.operand)
        return self._decided(condition.operator.over_columns(column, other), table)

    def _within(self, condition: Within, table: str) -> Kleene:
        return self._decided(pl.col(condition.field.name) <= self.due(condition.of, condition.limit, table), table)

    def _decided(self, test: pl.Expr, table: str) -> Kleene:
        """A test that is null where it is unknown, as two booleans that never are."""
        test = self.graphs.of(table).put(test)
        return Kleene(test.fill_null(False), test.not_().fill_null(False))

    def due(self, of: Field, limit: Literal | FromParameter, table: str) -> pl.Expr:
        """The last day of each case or row; null where it is not known."""
        if isinstance(limit, Literal):
            last, known = self._last(of, limit.value), pl.lit(True)
        else:
            parameter = self.context.parameters[limit.name]
            last = parameter_column(parameter, lambda value: self._last(of, value))
            known = parameter_column(parameter, lambda _: pl.lit(True)).fill_null(False)
        day = self.graphs.of(table).put(last)
        beyond = pl.col(of.name).is_not_null() & known & day.is_null()
        self.beyond[table, self.graphs.of(table).name(beyond)] = of
        return day

    def _last(self, of: Field, allowed: Value | tuple[Value, ...] | Duration) -> pl.Expr:
        assert isinstance(allowed, Duration)
        calendar = self.context.calendar
        first = calendar.covers_from if allowed.unit is Unit.WORKING_DAY else None
        self.starts.add((of, first, last_start(allowed, calendar)))
        return deadline(pl.col(of.name), allowed, calendar)
