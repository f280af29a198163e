"""Why a condition comes to what it does for a case: the same meaning as the compiler, kept as a tree of values."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import assert_never

from casescreen.conditions.compiler import NO_ROW, Context, column_of, recorded, supply
from casescreen.conditions.operators import counted, covered, for_row, over_rows, within
from casescreen.model.case import Case, Row, Unreadable
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
    Recorded,
    Truth,
    Within,
    all_of,
    any_of,
    negate,
    truth,
)
from casescreen.model.dictionary import Field, Table, Value
from casescreen.model.rulebook import Parameter, Rulebook
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
            case All(parts) | Any(parts):
                combine = all_of if isinstance(condition, All) else any_of
                proofs = tuple([self.prove(part, case, row) for part in parts])
                return Proof(condition, combine([part.truth for part in proofs]), parts=proofs)
            case OverRows() | Count() | Covered():
                return self._rows(condition, case)
            case Recorded(field, expected):
                result = recorded(field.name, row if field.table else case.fields, expected=expected)
                return Proof(condition, result, (self._reading(field, case, row),))
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
        reading = self._reading(condition.field, case, row)
        if isinstance(operand, Literal):  # the commonest test by far: nothing else is read
            return Proof(condition, result, (reading,), against)
        other = self._other_side(operand, case, row)
        expected = other[0].value if isinstance(operand, FromField) else against
        return Proof(condition, result, (reading, *other), expected, self._parameter(operand))

    def _within(self, condition: Within, case: Case, row: Row) -> Proof:
        value, start = _value(condition.field, case, row), _value(condition.of, case, row)
        limit = supply(condition.limit, self._context)(case, row)
        result = within(value, limit, start, self._context.calendar)
        own = (self._reading(condition.field, case, row), self._reading(condition.of, case, row))
        readings = (*own, *self._other_side(condition.limit, case, row))
        return Proof(condition, result, readings, limit, self._parameter(condition.limit))

    def _rows(self, condition: OverRows | Count | Covered, case: Case) -> Proof:
        rows = case.tables.get(condition.table)
        if rows is None:
            unreadable = case.unreadable_at((condition.table,))
            return Proof(condition, Truth.UNKNOWN, absent=True, unreadable=unreadable)
        column = column_of(case, condition.by) if isinstance(condition, Covered) else None
        parts = tuple([self._row(condition, case, row, number, column) for number, row in enumerate(rows, 1)])
        truths = [part.truth for part in parts]
        together = (
            counted(condition, truths) if isinstance(condition, Count) else over_rows(condition.quantifier, truths)
        )
        return Proof(condition, together, parts=parts)

    def _row(self, condition: OverRows | Count | Covered, case: Case, row: Row, number: int, column: Column) -> Proof:
        name = self._row_name(self._tables[condition.table], row, number)
        where = None if condition.where is None else self.prove(condition.where, case, row)
        chosen = Truth.TRUE if where is None else where.truth
        readings: tuple[Reading, ...] = ()
        match condition:
            case Count():
                return Proof(condition, chosen, parts=(Proof(condition, Truth.TRUE),), row=name, where=where)
            case OverRows():
                inner = self.prove(condition.satisfies, case, row)
            case Covered(field=field):
                readings = (self._reading(field, case, row),)
                inner = Proof(condition, covered(row.get(field.name), column), readings, absent=column is None)
        result = for_row(condition.quantifier, chosen, inner.truth)
        return Proof(condition, result, readings, parts=(inner,), row=name, where=where)

    def _other_side(self, operand: Operand, case: Case, row: Row) -> tuple[Reading, ...]:
        """The fields that were read for the other side; of a parameter, up to the first that settles what it is."""
        if isinstance(operand, FromField):
            return (self._reading(operand.field, case, row),)
        readings: list[Reading] = []
        parameter = self._parameter(operand)
        for variation in () if parameter is None else parameter.variations:
            value = case.fields.get(variation.field.name)
            readings.append(self._reading(variation.field, case, row))
            if value is None or value == variation.value:
                break
        return tuple(readings)

    def _parameter(self, operand: Operand) -> Parameter | None:
        return self._context.parameters[operand.name] if isinstance(operand, FromParameter) else None

    def _reading(self, field: Field, case: Case, row: Row) -> Reading:
        """What is shown of a value: all that is said in words of a record comes from here."""
        value = _value(field, case, row)
        unreadable = _unreadable(field, case, row) if value is None and case.unreadable else None
        return Reading(field, self._context.shown(field, value), unreadable)

    def _row_name(self, table: Table, row: Row, number: int) -> str:
        """What to call a row: the value in the column that names rows if it may be told, else its number."""
        value = self._context.shown(table.columns[table.named_by], row.get(table.named_by))
        return f"{table.one} {number}" if value is None or isinstance(value, Withheld) else in_words(value)


def _value(field: Field, case: Case, row: Row) -> Value | None:
    return row.get(field.name) if field.table else case.fields.get(field.name)


def _unreadable(field: Field, case: Case, row: Row) -> Unreadable | None:
    """What stands in the record for the field, and cannot be read."""
    if not field.table:
        return case.unreadable_at(tuple(field.name.split(".", 1)))
    rows = case.tables.get(field.table, ())
    number = next((number for number, one in enumerate(rows) if one is row), None)
    return None if number is None else case.unreadable_at((field.table, number, field.name))
