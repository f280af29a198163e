"""Why a condition comes to what it does for a case: the meaning of the compiler as a tree, and what in it decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from operator import attrgetter
from typing import assert_never

from attrs import evolve

from casescreen.conditions.analysis import fields_read
from casescreen.conditions.compiler import (
    NO_ROW,
    Context,
    Derivation,
    column_of,
    field_value,
    is_of_case,
    once_a_case,
    recorded,
    supply,
)
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
    Quantifier,
    Recorded,
    Truth,
    Within,
    all_of,
    any_of,
    negate,
)
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.rulebook import Parameter, Rulebook
from casescreen.model.screening import Proof, Quoting, Reading
from casescreen.text import WITHHELD, Withheld, in_words

Column = AbstractSet[Value | None] | None
_TRUTH = attrgetter("truth")
_STEPS = 2  # more are seldom written, and a proof stays small whatever names what
_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

_Proving = Callable[[Case, Row], Proof]
_Reading = Callable[[Case, Row], Reading]


class Prover:
    """Builds the proof of any condition of a rulebook, for one case at a time.

    What a condition reads and is held against is worked out when it is first proved, and not for each case again.
    """

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
        self._made: dict[Condition, _Proving] = {}
        self._readings: dict[Field, _Reading] = {}
        self._origins: dict[Field, Callable[[Case, Row], Field]] = {}

    def prove(self, condition: Condition, case: Case, row: Row = NO_ROW) -> Proof:
        """What the condition comes to for the case, or for a row of it, and why."""
        return self._proving(condition)(case, row)

    def _proving(self, condition: Condition) -> _Proving:
        """What proves the condition; what is of the case alone is proved once for all criteria that name it."""
        made = self._made.get(condition)
        if made is None:
            made = self._making(condition)
            if not isinstance(condition, Compare | Recorded | Within) and is_of_case(condition):
                made = once_a_case(made)
            self._made[condition] = made
        return made

    def _making(self, condition: Condition) -> _Proving:
        match condition:
            case Compare():
                return self._followed(condition, self._comparison(condition))
            case Within():
                return self._followed(condition, self._elapsed(condition))
            case All() | Any():
                return self._combination(condition)
            case OverRows() | Count() | Covered():
                return self._rows(condition)
            case Recorded(field, expected):
                name, column, read = field.name, field.table, self._reading(field)
                return self._followed(
                    condition,
                    lambda case, row: Proof(
                        condition,
                        recorded(name, row if column else case.fields, expected=expected),
                        (read(case, row),),
                    ),
                )
            case Not(part):
                inner = self._proving(part)
                return lambda case, row: Proof(condition, negate((one := inner(case, row)).truth), parts=(one,))
            case _:
                assert_never(condition)

    def _combination(self, condition: All | Any) -> _Proving:
        combine = all_of if isinstance(condition, All) else any_of
        parts = [self._proving(part) for part in condition.parts]

        def proved(case: Case, row: Row) -> Proof:
            proofs = tuple([part(case, row) for part in parts])
            return Proof(condition, combine(map(_TRUTH, proofs)), parts=proofs)

        return proved

    def _comparison(self, condition: Compare) -> _Proving:
        operand, holds, name, column = condition.operand, condition.operator.holds, *_place(condition.field)
        against, read, supplying = supply(operand, self._context), self._reading(condition.field), self._supplying
        of_field, parameter = isinstance(operand, FromField), self._parameter(operand)
        alone = not of_field and (parameter is None or not parameter.variations)

        def proved(case: Case, row: Row) -> Proof:
            value, expected = row.get(name) if column else case.fields.get(name), against(case, row)
            result = _UNKNOWN
            if value is not None and expected is not None:
                result = _TRUE if holds(value, expected) else _FALSE
            readings: tuple[Reading, ...] = (read(case, row),)
            if not alone:
                readings += supplying(operand, case, row)
            return Proof(condition, result, readings, readings[-1].value if of_field else expected, parameter)

        return proved

    def _elapsed(self, condition: Within) -> _Proving:
        limit, early, calendar = condition.limit, condition.early, self._context.calendar
        length, parameter, supplying = supply(limit, self._context), self._parameter(limit), self._supplying
        read, read_start = self._reading(condition.field), self._reading(condition.of)
        back = None if early is None else supply(early, self._context)
        early_parameter = None if early is None else self._parameter(early)

        def proved(case: Case, row: Row) -> Proof:
            value, start = field_value(condition.field, case, row), field_value(condition.of, case, row)
            allowed = length(case, row)
            readings = (read(case, row), read_start(case, row), *supplying(limit, case, row))
            if early is None or back is None:
                return Proof(condition, within(value, allowed, start, calendar), readings, allowed, parameter)
            before = back(case, row)
            return Proof(
                condition,
                within_both_ends(value, before, allowed, start, calendar),
                (*readings, *supplying(early, case, row)),
                allowed,
                parameter,
                early=before,
                early_parameter=early_parameter,
            )

        return proved

    def _parameter(self, operand: Operand) -> Parameter | None:
        return self._context.parameters[operand.name] if isinstance(operand, FromParameter) else None

    def _supplying(self, operand: Operand, case: Case, row: Row) -> tuple[Reading, ...]:
        """What was read for the other side of a test."""
        if isinstance(operand, FromField):
            return (self._reading(operand.field)(case, row),)
        readings: list[Reading] = []
        parameter = self._parameter(operand)
        for variation in () if parameter is None else parameter.variations:
            varies_by = case.fields.get(variation.field.name)
            readings.append(self._reading(variation.field)(case, row))
            if varies_by is None or varies_by == variation.value:
                break  # this one settles what it is
        return tuple(readings)

    def _followed(self, condition: Condition, test: _Proving) -> _Proving:
        """The proof of a test, with why derived fields are not known that it reads, where they leave it open."""
        read = [field for _, field in fields_read(condition, self._context.parameters) if field in self._derived]
        if not read or self._behind is None:
            return test
        behind = self._behind

        def proved(case: Case, row: Row) -> Proof:
            proof = test(case, row)
            if proof.truth is not _UNKNOWN:
                return proof
            why: dict[Field, Proof] = {}
            for one in read:
                assert one is not None, "a test of a field counts no rows"
                field = self.origin(one, case, row)
                if field in self._derived and field_value(field, case, row) is None:
                    source, reached = self._derived[field].source(case, row)
                    if source is not None and (open_ := source.when if reached is _UNKNOWN else source.known):
                        why[field] = behind.prove(open_, case, row)
            if not why:
                return proof
            readings = tuple(one for one in proof.readings if one.field not in why)
            return evolve(proof, readings=readings, parts=tuple(why.values()))

        return proved

    def origin(self, field: Field, case: Case, row: Row) -> Field:
        """The field of which a derived one has the value; itself, if it is not derived or is worked out."""
        if field not in self._derived:
            return field
        found = self._origins.get(field)
        if found is None:
            found = partial(self._origin, field)
            found = self._origins[field] = found if field.table else once_a_case(found)
        return found(case, row)

    def _origin(self, field: Field, case: Case, row: Row) -> Field:
        while (one := self._derived.get(field)) is not None:
            source, reached = one.source(case, row)
            if source is None or source.field is None or reached is not Truth.TRUE:
                break
            if source.plus is not None and field_value(source.field, case, row) is not None:
                break
            field = source.field
        return field

    def _rows(self, condition: OverRows | Count | Covered) -> _Proving:
        name, of_row = condition.table, self._row(condition)
        by = condition.by if isinstance(condition, Covered) else None

        def proved(case: Case, _row: Row) -> Proof:
            rows = case.tables.get(name)
            if rows is None:
                return Proof(condition, _UNKNOWN, absent=True, unreadable=case.unreadable_at((name,)))
            column = None if by is None else column_of(case, by)
            parts = tuple([of_row(case, row, number, column) for number, row in enumerate(rows, 1)])
            truths = map(_TRUTH, parts)
            if isinstance(condition, Count):
                return Proof(condition, counted(condition, truths), parts=parts)
            return Proof(condition, over_rows(condition.quantifier, truths), parts=parts)

        return proved

    def _row(self, condition: OverRows | Count | Covered) -> Callable[[Case, Row, int, Column], Proof]:
        called = self._calling(condition.table)
        where = None if condition.where is None else self._proving(condition.where)
        satisfied = self._satisfied(condition)
        both = None if isinstance(condition, Count) else _both(condition.quantifier)
        shows = isinstance(condition, Covered)

        def proved(case: Case, row: Row, number: int, column: Column) -> Proof:
            chosen = None if where is None else where(case, row)
            inner = satisfied(case, row, column)
            result = _TRUE if chosen is None else chosen.truth
            if both is not None:
                result = both[result, inner.truth]
            readings = inner.readings if shows else ()
            return Proof(condition, result, readings, parts=(inner,), row=called(row, number), where=chosen)

        return proved

    def _calling(self, name: str) -> Callable[[Row, int], str]:
        """What a row of the table is called."""
        table = self._tables[name]
        named_by = table.columns[table.named_by]

        def called(row: Row, number: int) -> str:
            shown = self._shown(named_by, row.get(named_by.name))
            return f"{table.one} {number}" if shown is None or isinstance(shown, Withheld) else in_words(shown)

        return called

    def _satisfied(self, condition: OverRows | Count | Covered) -> Callable[[Case, Row, Column], Proof]:
        """What proves of a row that it is as asked."""
        match condition:
            case Count():
                always = Proof(condition, _TRUE)
                return lambda _case, _row, _column: always
            case OverRows():
                satisfies = self._proving(condition.satisfies)
                return lambda case, row, _column: satisfies(case, row)
            case Covered(field=field):
                read = self._reading(field)
                return lambda case, row, column: Proof(
                    condition, covered(row.get(field.name), column), (read(case, row),), absent=column is None
                )

    def _reading(self, field: Field) -> _Reading:
        """What is recorded, as it is shown; or what stands there, and cannot be read."""
        if field not in self._derived:
            return self._plain_reading(field)
        return lambda case, row: self._plain_reading(self.origin(field, case, row))(case, row)

    def _plain_reading(self, field: Field) -> _Reading:
        made = self._readings.get(field)
        if made is None:
            made = self._readings[field] = self._reading_of(field)
        return made

    def _reading_of(self, field: Field) -> _Reading:
        name, column = _place(field)
        shown = None if self._shown(field, "") == "" else WITHHELD
        nothing = Reading(field, None, None)

        def read(case: Case, row: Row) -> Reading:
            value = row.get(name) if column else case.fields.get(name)
            if value is None:
                return Reading(field, None, _unreadable(field, case, row)) if case.unreadable else nothing
            return Reading(field, value if shown is None else shown)

        return read

    def _shown(self, field: Field, value: Value | None) -> Value | None:
        """A value, or that there is text which is not shown: all that is said in words of a record comes from here."""
        quoting = self._context.quoting
        if value is not None and field.kind is Kind.TEXT and quoting is not Quoting.EVERYTHING:
            named = quoting is Quoting.REFERENCES and field.full_name in self._context.references
            value = value if named else WITHHELD
        return value


def _place(field: Field) -> tuple[str, bool]:
    """The name under which a value stands, and whether it stands in a row."""
    return field.name, bool(field.table)


def _both(quantifier: Quantifier) -> Mapping[tuple[Truth, Truth], Truth]:
    """What a row contributes, by whether it is chosen and whether it is as asked."""
    return {(chosen, inner): for_row(quantifier, chosen, inner) for chosen in Truth for inner in Truth}


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
