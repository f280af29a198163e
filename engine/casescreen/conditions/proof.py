"""Why a condition comes to what it does for a case: the meaning of the compiler as a tree, and what in it decided."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import assert_never

from attrs import evolve

from casescreen.conditions.analysis import fields_read
from casescreen.conditions.compiler import NO_ROW, Context, Derivation, column_of, field_value, recorded, supply
from casescreen.conditions.operators import counted, covered, for_row, over_rows, within, within_both_ends
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
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import Parameter, Rulebook
from casescreen.model.screening import Proof, Quoting, Reading
from casescreen.text import WITHHELD, Withheld, in_words

Column = AbstractSet[Value | None] | None
_TRUTH = attrgetter("truth")
_STEPS = 2  # more are seldom written, and a proof stays small whatever names what


class Prover:
    """Builds the proof of any condition of a rulebook, for one case at a time."""

    def __init__(self, rulebook: Rulebook, context: Context, *, steps: int = _STEPS) -> None:
        """Keep what names rows and supplies parameters.

        Args:
            rulebook: the rulebook of the conditions.
            context: what they are judged by.
            steps: how far it is followed back why a derived field is not known.
        """
        self._tables = rulebook.dictionary.tables
        self._context = context
        self._derived = {one.field: Derivation(one, context) for one in rulebook.derived} if steps else {}
        self._behind = Prover(rulebook, context, steps=steps - 1) if self._derived else None

    def prove(self, condition: Condition, case: Case, row: Row = NO_ROW) -> Proof:
        """What the condition comes to for the case, or for a row of it, and why."""
        match condition:
            case Compare():
                return self._followed(self._comparison(condition, case, row), case, row)
            case Within():
                return self._followed(self._elapsed(condition, case, row), case, row)
            case All(parts) | Any(parts):
                combine = all_of if isinstance(condition, All) else any_of
                proofs = tuple([self.prove(part, case, row) for part in parts])
                return Proof(condition, combine(map(_TRUTH, proofs)), parts=proofs)
            case OverRows() | Count() | Covered():
                return self._rows(condition, case)
            case Recorded(field, expected):
                result = recorded(field.name, row if field.table else case.fields, expected=expected)
                return self._followed(Proof(condition, result, (self._reading(field, case, row),)), case, row)
            case Not(part):
                inner = self.prove(part, case, row)
                return Proof(condition, negate(inner.truth), parts=(inner,))
            case _:
                assert_never(condition)

    def _comparison(self, condition: Compare, case: Case, row: Row) -> Proof:
        operand, result = condition.operand, Truth.UNKNOWN
        value, expected = field_value(condition.field, case, row), supply(operand, self._context)(case, row)
        if value is not None and expected is not None:
            result = truth(condition.operator.holds(value, expected))
        readings = (self._reading(condition.field, case, row), *self._supplying(operand, case, row))
        if isinstance(operand, FromField):
            expected = readings[-1].value
        return Proof(condition, result, readings, expected, self._parameter(operand))

    def _elapsed(self, condition: Within, case: Case, row: Row) -> Proof:
        limit, early, calendar = condition.limit, condition.early, self._context.calendar
        value, start = field_value(condition.field, case, row), field_value(condition.of, case, row)
        allowed = supply(limit, self._context)(case, row)
        readings = [self._reading(one, case, row) for one in (condition.field, condition.of)]
        readings += self._supplying(limit, case, row)
        if early is None:
            result = within(value, allowed, start, calendar)
            return Proof(condition, result, tuple(readings), allowed, self._parameter(limit))
        before = supply(early, self._context)(case, row)
        readings += self._supplying(early, case, row)
        return Proof(
            condition,
            within_both_ends(value, before, allowed, start, calendar),
            tuple(readings),
            allowed,
            self._parameter(limit),
            early=before,
            early_parameter=self._parameter(early),
        )

    def _parameter(self, operand: Operand) -> Parameter | None:
        return self._context.parameters[operand.name] if isinstance(operand, FromParameter) else None

    def _supplying(self, operand: Operand, case: Case, row: Row) -> tuple[Reading, ...]:
        """What was read for the other side of a test."""
        if isinstance(operand, FromField):
            return (self._reading(operand.field, case, row),)
        readings: list[Reading] = []
        parameter = self._parameter(operand)
        for variation in () if parameter is None else parameter.variations:
            varies_by = case.fields.get(variation.field.name)
            readings.append(self._reading(variation.field, case, row))
            if varies_by is None or varies_by == variation.value:
                break  # this one settles what it is
        return tuple(readings)

    def _followed(self, test: Proof, case: Case, row: Row) -> Proof:
        """The proof of a test, with why derived fields are not known that it reads, where they leave it open."""
        if test.truth is not Truth.UNKNOWN or self._behind is None:
            return test
        why: dict[Field, Proof] = {}
        for _, read in fields_read(test.condition, self._context.parameters):
            assert read is not None, "a test of a field counts no rows"
            field = self.origin(read, case, row)
            if field in self._derived and field_value(field, case, row) is None:
                source, reached = self._derived[field].source(case, row)
                if source is not None and (open_ := source.when if reached is Truth.UNKNOWN else source.known):
                    why[field] = self._behind.prove(open_, case, row)
        if not why:
            return test
        readings = tuple(one for one in test.readings if one.field not in why)
        return evolve(test, readings=readings, parts=tuple(why.values()))

    def origin(self, field: Field, case: Case, row: Row) -> Field:
        """The field of which a derived one has the value; itself, if it is not derived or is worked out."""
        while (one := self._derived.get(field)) is not None:
            source, reached = one.source(case, row)
            if source is None or source.field is None or reached is not Truth.TRUE:
                break
            if source.plus is not None and field_value(source.field, case, row) is not None:
                break
            field = source.field
        return field

    def _rows(self, condition: OverRows | Count | Covered, case: Case) -> Proof:
        rows = case.tables.get(condition.table)
        if rows is None:
            unreadable = case.unreadable_at((condition.table,))
            return Proof(condition, Truth.UNKNOWN, absent=True, unreadable=unreadable)
        column = column_of(case, condition.by) if isinstance(condition, Covered) else None
        parts = tuple([self._row(condition, case, row, number, column) for number, row in enumerate(rows, 1)])
        truths = map(_TRUTH, parts)
        if isinstance(condition, Count):
            return Proof(condition, counted(condition, truths), parts=parts)
        return Proof(condition, over_rows(condition.quantifier, truths), parts=parts)

    def _row(self, condition: OverRows | Count | Covered, case: Case, row: Row, number: int, column: Column) -> Proof:
        table = self._tables[condition.table]
        shown = self._shown(table.columns[table.named_by], row.get(table.named_by))
        name = f"{table.one} {number}" if shown is None or isinstance(shown, Withheld) else in_words(shown)
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

    def _reading(self, field: Field, case: Case, row: Row) -> Reading:
        """What is recorded, as it is shown; or what stands there, and cannot be read."""
        field = self.origin(field, case, row)
        value = field_value(field, case, row)
        unreadable = _unreadable(field, case, row) if value is None and case.unreadable else None
        return Reading(field, self._shown(field, value), unreadable)

    def _shown(self, field: Field, value: Value | None) -> Value | None:
        """A value, or that there is text which is not shown: all that is said in words of a record comes from here."""
        quoting = self._context.quoting
        if value is not None and field.kind is Kind.TEXT and quoting is not Quoting.EVERYTHING:
            named = quoting is Quoting.REFERENCES and field.full_name in self._context.references
            value = value if named else WITHHELD
        return value


def _unreadable(field: Field, case: Case, row: Row) -> Unreadable | None:
    """What stands in the record for the field, and cannot be read."""
    if not field.table:
        return case.unreadable_at(tuple(field.name.split(".", 1)))
    rows = case.tables.get(field.table, ())
    number = next((number for number, one in enumerate(rows) if one is row), None)
    return None if number is None else case.unreadable_at((field.table, number, field.name))


def deciding(proof: Proof) -> Iterator[Proof]:
    """The tests that made the proof come to what it did: those that, being otherwise, could have changed it."""
    match proof.condition:
        case All() | Any():
            for part in proof.parts:
                if part.truth is proof.truth:
                    yield from deciding(part)
        case Not():
            yield from deciding(proof.parts[0])
        case _:
            yield proof


def deciding_readings(proof: Proof) -> Iterator[Reading]:
    """The values that the deciding tests read, in the order they were read."""
    for test in deciding_in_rows(proof):
        yield from test.readings


def deciding_in_rows(proof: Proof, *, choosing: bool = True) -> Iterator[Proof]:
    """The tests that decided a proof, and after one over rows each row that decided it, and the tests of that.

    Where not ``choosing``, without the tests that only choose rows, and without the rows that are not chosen.
    """
    for test in deciding(proof):
        yield test
        if isinstance(test.condition, Compare | Within | Recorded):
            for why in test.parts:  # a derived field is not known
                yield from deciding_in_rows(why, choosing=choosing)
            continue
        decisive = test.truth
        if isinstance(test.condition, Count) and decisive is Truth.FALSE:
            most = test.condition.at_most
            decisive = Truth.TRUE if most is not None and rows_true(test) > most else Truth.FALSE
        for row in test.parts:
            is_chosen = row.where is None or row.where.truth is Truth.TRUE
            if row.truth is not decisive or not (choosing or is_chosen):
                continue
            yield row
            inner = () if isinstance(test.condition, Covered) else (row.where if choosing else None, *row.parts)
            for part in inner:
                yield from () if part is None else deciding_in_rows(part, choosing=choosing)


def rows_true(test: Proof) -> int:
    """Of how many rows the test is true."""
    return [row.truth for row in test.parts].count(Truth.TRUE)
