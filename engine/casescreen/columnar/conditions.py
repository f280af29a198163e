"""Conditions as columns: what the compiler works out for one case after another, for all cases at once."""

from __future__ import annotations

from collections.abc import Iterator
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
    conjunction,
    deadline,
    disjunction,
    first_start,
    last_start,
    literal,
    negation,
    not_,
    or_,
    parameter_column,
    type_of,
)
from casescreen.columnar.frames import unknown_column
from casescreen.columnar.graph import Graphs
from casescreen.conditions.analysis import asks_calendar, in_working_days
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
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import DerivedField, DerivedSource


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


Start = tuple[Field, date, date]
"""A date from which working days are counted, with the first and last day whose deadline is known."""


@frozen
class CalendarGap:
    """Where an outcome is open since a deadline from a date lies beyond the calendar.

    Attributes:
        of: the date.
        table: the table of whose rows it is asked; "" where it is asked of the cases.
        column: the column that says of which.
        of_case: a column of the cases that must hold of the row's case too; "" if none must.
    """

    of: Field
    table: str
    column: str
    of_case: str


@frozen(eq=False)
class DerivedColumns:
    """The columns of a derived field: what it is, and where it is not known.

    Attributes:
        step: after how many others it can be worked out, one after another.
    """

    field: Field
    value: str
    unknown: str
    step: int


@frozen(eq=False)
class Conditions:
    """Adds conditions to the graphs, each once.

    Where a table is asked for, "" is the cases, and a name is the rows of that table.

    Attributes:
        starts: the dates from which working days are counted in what has been added.
        gaps: where outcomes are open since a deadline lies beyond the calendar, each once.
    """

    graphs: Graphs
    context: Context
    starts: set[Start] = Factory(set)
    gaps: dict[CalendarGap, None] = Factory(dict)
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

    def note_gaps(self, condition: Condition, table: str, decides: Bool, of_case: Bool) -> None:
        """Note where the condition is unknown for want of days that the calendar does not cover.

        A test leaves a condition open where it is unknown itself, and all that it is a part of: a part that decides
        wins, wherever it stands.

        Args:
            condition: what is asked.
            table: the table of whose rows; "" where it is asked of the cases.
            decides: of which of them an outcome is open unless this is known.
            of_case: the same of the cases of rows.
        """
        if not asks_calendar(condition, self.context.parameters):
            return
        here = and_(decides, self.evaluate(condition, table).unknown)
        if here is False:
            return
        match condition:
            case Within():
                named = "" if of_case is True else self.graphs.of("").name(of_case)
                for gap in self._beyond_the_calendar(condition, table, here):
                    self.gaps[CalendarGap(condition.of, table, self.graphs.of(table).name(gap), named)] = None
            case All(parts) | Any(parts):
                for part in parts:
                    self.note_gaps(part, table, here, of_case)
            case Not(part):
                self.note_gaps(part, table, here, of_case)
            case OverRows() | Count() | Covered():
                for part, row in self._asked_of_rows(condition):
                    self.note_gaps(part, condition.table, row, here)
            case _:
                pass  # it asks for no calendar

    def note_gaps_of(self, derived: DerivedField) -> None:
        """Note where a derived field is not known for want of days that the calendar does not cover."""
        table = derived.field.table
        reached: Bool = True
        for source in derived.sources:
            when = self.optional(source.when, table)
            if source.when is not None:
                self.note_gaps(source.when, table, reached, True)
            if source.known is not None:
                self.note_gaps(source.known, table, and_(reached, when.true), True)
            reached = and_(reached, when.false)

    def derive(self, derived: DerivedField, step: int) -> DerivedColumns:
        """The columns of a derived field; those that it names are read like any other."""
        field, graph = derived.field, self.graphs.of(derived.field.table)
        value, unknown = pl.lit(None, dtype=type_of(field)), as_expression(False)
        for source in reversed(derived.sources):
            when, (given, lost) = self.optional(source.when, field.table), self._given(source, field)
            if when.true is not True:
                given = pl.when(as_expression(when.true)).then(given)
                given = given.when(as_expression(when.false)).then(value)
                lost = or_(and_(when.true, lost), when.unknown, and_(when.false, unknown))
            value, unknown = graph.put(given), graph.put(lost)
        return DerivedColumns(field, graph.name(value), graph.name(unknown), step)

    def _given(self, source: DerivedSource, derived: Field) -> tuple[pl.Expr, Bool]:
        """What a source gives, and whether that stands there and is not known."""
        if source.field is None:
            return pl.lit(source.value, dtype=type_of(derived)), False
        field, column = source.field, pl.col(source.field.name)
        lost = column.is_null() & pl.col(unknown_column(field.name))
        if source.plus is not None:
            last = self.due(field, source.plus, derived.table)
            return last, lost | (column.is_not_null() & last.is_null())
        if field.kind is Kind.TEXT or field.allowed != derived.allowed:
            column = column.cast(pl.String).cast(type_of(derived))
        return column, lost

    def _beyond_the_calendar(self, condition: Within, table: str, here: Bool) -> Iterator[Bool]:
        """Of which the calendar does not reach to an end of the time, for each end that is in working days."""
        for length, back in condition.ends:
            if in_working_days(length, self.context.parameters):
                beyond = self._beyond(condition.of, length, table, back=back)
                yield and_(here, pl.col(condition.field.name).is_not_null(), beyond)

    def _asked_of_rows(self, condition: OverRows | Count | Covered) -> Iterator[tuple[Condition, Bool]]:
        """What is asked of each row, and of which rows it is open what they contribute."""
        row: Bool = True
        if isinstance(condition, OverRows):
            satisfies = self.evaluate(condition.satisfies, condition.table)
            satisfies = satisfies if condition.quantifier is Quantifier.SOME else negation(satisfies)
            row = conjunction((self.optional(condition.where, condition.table), satisfies)).unknown
            yield condition.satisfies, row
        elif isinstance(condition, Covered):
            row = not_(self.graphs.lookup(condition.field, condition.by))
        if condition.where is not None:
            yield condition.where, row

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
        day, last = pl.col(condition.field.name), self.due(condition.of, condition.limit, table)
        if condition.early is None:
            return self._decided(day <= last, table)
        first = self.due(condition.of, condition.early, table, back=True)
        # Unknown unless both ends are known, though one of them alone may show that it is not within.
        not_late = pl.when(first.is_not_null()).then(day <= last)
        not_early = pl.when(last.is_not_null()).then(first <= day)
        return self._decided(not_late & not_early, table)

    def _decided(self, test: pl.Expr, table: str) -> Kleene:
        """A test that is null where it is unknown, as two booleans that never are."""
        test = self.graphs.of(table).put(test)
        return Kleene(test.fill_null(False), test.not_().fill_null(False))

    def due(self, of: Field, limit: Literal | FromParameter, table: str, *, back: bool = False) -> pl.Expr:
        """The last day of each case or row, the first where the limit is counted back; null where it is not known."""
        if isinstance(limit, Literal):
            last = self._last(of, limit.value, back=back)
        else:
            parameter = self.context.parameters[limit.name]
            last = parameter_column(parameter, lambda value: self._last(of, value, back=back))
        return self.graphs.of(table).put(last)

    def _beyond(self, of: Field, limit: Literal | FromParameter, table: str, *, back: bool) -> pl.Expr:
        """Whether the last day, or the first, is not known though the date and the limit are."""
        beyond = pl.col(of.name).is_not_null() & self.due(of, limit, table, back=back).is_null()
        if isinstance(limit, Literal):
            return beyond
        return beyond & parameter_column(self.context.parameters[limit.name], lambda _: pl.lit(True)).fill_null(False)

    def _last(self, of: Field, allowed: Value | tuple[Value, ...] | Duration, *, back: bool) -> pl.Expr:
        assert isinstance(allowed, Duration)
        calendar = self.context.calendar
        if allowed.unit is Unit.WORKING_DAY and back:
            self.starts.add((of, first_start(-allowed, calendar), calendar.covers_until))
        elif allowed.unit is Unit.WORKING_DAY:
            self.starts.add((of, calendar.covers_from, last_start(allowed, calendar)))
        return deadline(pl.col(of.name), -allowed if back else allowed, calendar)
