"""Why a condition comes to what it does for a case: the same meaning as ``evidence``, kept as a tree of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import assert_never

from casescreen.conditions.compiler import NO_ROW, Context, column_of, consulted, supply
from casescreen.conditions.operators import counted, covered, for_row, over_rows, within
from casescreen.model.calendar import OutsideCalendarError
from casescreen.model.case import Case, Row
from casescreen.model.condition import (
    All,
    Any,
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
    any_of,
    negate,
    truth,
)
from casescreen.model.dictionary import Field, Table, Value
from casescreen.model.rulebook import Due, Parameter, Rulebook
from casescreen.model.screening import Proof, Reading
from casescreen.text import Withheld, in_words

Column = AbstractSet[Value | None] | None


class Prover:
    """Builds the proof of any condition of a rulebook, for one case at a time."""

    def __init__(self, rulebook: Rulebook, context: Context) -> None:
        """Keep what names rows and supplies parameters."""
        self._tables = rulebook.dictionary.tables
        self._context = context

    def prove(self, condition: Condition, case: Case, row: Row = NO_ROW) -> Proof:
        """What the condition comes to for the case, or for a row of it, and why."""
        match condition:
            case Compare():
                return self._compare(condition, case, row)
            case All(parts):
                return _combined(condition, all_of, [self.prove(part, case, row) for part in parts])
            case OverRows() | Count() | Covered():
                return self._rows(condition, case)
            case Any(parts):
                return _combined(condition, any_of, [self.prove(part, case, row) for part in parts])
            case Recorded(field, expected):
                there = _value(field, case, row)
                return Proof(condition, truth((there is not None) is expected), (self._reading(field, there),))
            case Within():
                return self._within(condition, case, row)
            case Not(part):
                inner = self.prove(part, case, row)
                return Proof(condition, negate(inner.truth), parts=(inner,))
            case _:
                assert_never(condition)

    def _compare(self, condition: Compare, case: Case, row: Row) -> Proof:
        operand, value = condition.operand, _value(condition.field, case, row)
        against = operand.value if isinstance(operand, Literal) else supply(operand, self._context)(case, row)
        result = Truth.UNKNOWN
        if value is not None and against is not None:
            result = truth(condition.operator.holds(value, against))
        reading = self._reading(condition.field, value)
        if isinstance(operand, Literal):  # the commonest test by far: nothing else is read
            return Proof(condition, result, (reading,), against)
        other = (*self._other_readings(operand, case, row), *self._consulted(operand, case))
        expected = other[0].value if isinstance(operand, FromField) else against
        return Proof(condition, result, (reading, *other), expected, self._parameter(operand))

    def _within(self, condition: Within, case: Case, row: Row) -> Proof:
        value, start = _value(condition.field, case, row), _value(condition.of, case, row)
        limit = supply(condition.limit, self._context)(case, row)
        try:
            result = within(value, limit, start, self._context.calendar)
        except OutsideCalendarError:
            # Evidence did not come so far, or the case would not be here: something else had decided.
            result = Truth.UNKNOWN
        own = (self._reading(condition.field, value), self._reading(condition.of, start))
        readings = (*own, *self._consulted(condition.limit, case))
        return Proof(condition, result, readings, limit, self._parameter(condition.limit))

    def _rows(self, condition: OverRows | Count | Covered, case: Case) -> Proof:
        rows = case.tables.get(condition.table)
        if rows is None:
            return Proof(condition, Truth.UNKNOWN, absent=True)
        table = self._tables[condition.table]
        column = column_of(case, condition.by) if isinstance(condition, Covered) else None
        parts = tuple(
            self._row(condition, case, self._row_name(table, row, n), row, column) for n, row in enumerate(rows, 1)
        )
        return Proof(condition, _together(condition, parts), parts=parts)

    def _row(self, condition: OverRows | Count | Covered, case: Case, name: str, row: Row, column: Column) -> Proof:
        where = None if condition.where is None else self.prove(condition.where, case, row)
        match condition:
            case OverRows():
                inner = self.prove(condition.satisfies, case, row)
            case Count():
                inner = Proof(condition, Truth.TRUE)
            case Covered():
                inner = self._coverage(condition, row, column)
        quantifier = condition.quantifier if isinstance(condition, OverRows) else Quantifier.EVERY
        chosen = Truth.TRUE if where is None else where.truth
        result = chosen if isinstance(condition, Count) else for_row(quantifier, chosen, inner.truth)
        readings = inner.readings if isinstance(condition, Covered) else ()
        return Proof(condition, result, readings, parts=(inner,), row=name, where=where)

    def due(self, due: Due, case: Case, row: Row) -> Proof:
        """That a deadline cannot be worked out, and what is missing for it."""
        readings = (self._reading(due.of, _value(due.of, case, row)), *self._consulted(due.within, case))
        return Proof(Within(due.of, due.within, due.of), Truth.UNKNOWN, readings)

    def _consulted(self, operand: Operand, case: Case) -> tuple[Reading, ...]:
        """The fields that were read to tell what a parameter is for this case."""
        parameter = self._parameter(operand)
        return () if parameter is None else tuple(self._reading(r.field, r.value) for r in consulted(parameter, case))

    def _parameter(self, operand: Operand) -> Parameter | None:
        return self._context.parameters[operand.name] if isinstance(operand, FromParameter) else None

    def _reading(self, field: Field, value: Value | None) -> Reading:
        """What is told of a value: all that is said in words of a record comes from here."""
        return Reading(field, self._context.told(field, value))

    def _row_name(self, table: Table, row: Row, number: int) -> str:
        """What to call a row: the value in the column that names rows if it may be told, else its number."""
        value = self._context.told(table.columns[table.named_by], row.get(table.named_by))
        return f"{table.one} {number}" if value is None or isinstance(value, Withheld) else in_words(value)

    def _other_readings(self, operand: Operand, case: Case, row: Row) -> tuple[Reading, ...]:
        if isinstance(operand, FromField):
            return (self._reading(operand.field, _value(operand.field, case, row)),)
        return ()

    def _coverage(self, condition: Covered, row: Row, column: Column) -> Proof:
        value = row.get(condition.field.name)
        reading = self._reading(condition.field, value)
        return Proof(condition, covered(value, column), (reading,), absent=column is None)


def _value(field: Field, case: Case, row: Row) -> Value | None:
    return row.get(field.name) if field.table else case.fields.get(field.name)


def _combined(condition: All | Any, combine: Callable[[Iterable[Truth]], Truth], parts: list[Proof]) -> Proof:
    return Proof(condition, combine(part.truth for part in parts), parts=tuple(parts))


def _together(condition: OverRows | Count | Covered, parts: Iterable[Proof]) -> Truth:
    truths = [part.truth for part in parts]
    if isinstance(condition, Count):
        return counted(condition, truths)
    return over_rows(condition.quantifier if isinstance(condition, OverRows) else Quantifier.EVERY, truths)
