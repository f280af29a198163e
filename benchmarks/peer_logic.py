"""The rulebook's conditions in the language of any engine that knows and, or, not, and whether some row is such.

A condition under three values is written as two expressions, certainly true and certainly false, so that nothing
depends on what an engine makes of a null. A dialect says how its engine writes the few things that those are made of.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Generic, TypeVar

from attrs import Factory, field, frozen

from casescreen.conditions.operators import (
    AFTER,
    AT_LEAST,
    AT_MOST,
    BEFORE,
    IN,
    IS,
    LESS_THAN,
    MORE_THAN,
    ON_OR_AFTER,
    ON_OR_BEFORE,
)
from casescreen.evaluate.criteria import applies_condition
from casescreen.model.calendar import Duration
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
    Operator,
    OverRows,
    Quantifier,
    Recorded,
    Truth,
    Within,
)
from casescreen.model.dictionary import Field, Value
from casescreen.model.outcome import OUTCOME_TABLE, Basis, Deadline, Outcome, ReadersAnswer, Standing, decide
from casescreen.model.rulebook import Criterion, DerivedField, DerivedSource, Rulebook

E = TypeVar("E")
OUTCOMES = tuple(Outcome)
ANSWERS = (ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE)
SIGNS = {
    AT_LEAST: ">=",
    AT_MOST: "<=",
    MORE_THAN: ">",
    LESS_THAN: "<",
    BEFORE: "<",
    ON_OR_BEFORE: "<=",
    AFTER: ">",
    ON_OR_AFTER: ">=",
}
"""Of the operators that languages write alike, which is all but the one for equal."""


class CannotSayError(Exception):
    """An engine's language has no words for a condition."""


class Dialect(ABC, Generic[E]):
    """How one engine writes what conditions are made of. A value that is not recorded is null.

    Attributes:
        table: the table of whose rows is being asked; "" where it is asked of the case.
    """

    table = ""

    @contextmanager
    def rows_of(self, table: str) -> Iterator[None]:
        """What is written meanwhile is asked of the rows of a table, or of the case."""
        before, self.table = self.table, table
        try:
            yield
        finally:
            self.table = before

    @abstractmethod
    def value(self, field: Field) -> E: ...

    @abstractmethod
    def known(self, field: Field) -> E: ...

    @abstractmethod
    def unknown(self, field: Field) -> E:
        """A derived field is not known, which is another thing than not recorded. Both are null."""

    @abstractmethod
    def compares(self, operator: Operator, field: Field, other: E) -> E: ...

    @abstractmethod
    def literal(self, value: Value) -> E: ...

    def nothing(self) -> E:
        """The null of a date. Only engines that work derived fields out need one."""
        raise CannotSayError("null")

    @abstractmethod
    def every(self, parts: list[E]) -> E: ...

    @abstractmethod
    def either(self, parts: list[E]) -> E: ...

    @abstractmethod
    def no(self, part: E) -> E: ...

    @abstractmethod
    def some(self, table: str, row: E | None) -> E:
        """Some row is such; None is any row."""

    @abstractmethod
    def present(self, table: str) -> E: ...

    @abstractmethod
    def answered(self, criterion: Criterion, answer: ReadersAnswer) -> E: ...

    @abstractmethod
    def deadline(self, of: Field, allowed: Duration) -> E:
        """The last day within a length of time, the first where it is counted back; null where the date is."""

    @abstractmethod
    def less(self, one: E, other: E) -> E: ...

    @abstractmethod
    def when(self, test: E, then: E, other: E) -> E: ...

    def found(self, field: Field, by: Field) -> E:
        """The row's value stands in a column of another table of its case."""
        raise CannotSayError(f"{field.full_name} covered by {by.full_name}")


@frozen(eq=False)
class Truths(Generic[E]):
    """Certainly true, and certainly false."""

    true: E | bool
    false: E | bool


@frozen(eq=False)
class Rules(Generic[E]):
    """A rulebook as at a date, in a dialect."""

    dialect: Dialect[E]
    rulebook: Rulebook
    as_of: date
    _derived: frozenset[str] = field(
        init=False,
        default=Factory(lambda self: frozenset(one.field.full_name for one in self.rulebook.derived), takes_self=True),
    )
    _written: dict[tuple[str, Condition], Truths[E]] = field(init=False, default=Factory(dict))

    def outcomes(self, criterion: Criterion) -> dict[Outcome, E | bool]:
        """For each outcome that there can be, whether the case, or the row that it is asked of, has it."""
        with self.dialect.rows_of("" if criterion.per is None else criterion.per.table):
            applies = self._optional(applies_condition(criterion))
            met = Truths[E](False, False) if criterion.met is None else self.truths(criterion.met)
            answer, due = self._answers(criterion), self._due(criterion)
        found = {outcome: self._outcome(outcome, criterion, applies, met, answer, due) for outcome in Outcome}
        return {outcome: where for outcome, where in found.items() if where is not False}

    def code(self, outcomes: dict[Outcome, E | bool]) -> E:
        """The place of the outcome among ``OUTCOMES``, as one expression."""
        *first, (last, _) = outcomes.items()
        found = self.dialect.literal(OUTCOMES.index(last))
        for outcome, where in reversed(first):
            code = self.dialect.literal(OUTCOMES.index(outcome))
            found = self.dialect.when(self.expression(where), code, found)
        return found

    def of_nothing(self, criterion: Criterion) -> dict[Outcome, E | bool]:
        """For a criterion that is asked of rows: what it comes to for a case without one."""
        assert criterion.per is not None
        chosen = self.chosen(criterion)
        nothing = self.no(self.dialect.some(criterion.per.table, None if chosen is True else self.expression(chosen)))
        denied = (self.truths(one.when).true for one in criterion.not_asked if one.everywhere)
        not_asked = self.either(self.dialect.present(criterion.per.table), *denied)
        deadline = Deadline.NONE if criterion.due is None else Deadline.UNKNOWN

        def outcome(applies: Truth) -> Outcome:
            return decide(Standing(criterion.basis, applies, ReadersAnswer.NONE, Truth.UNKNOWN, deadline))

        return {
            outcome(Truth.UNKNOWN): self.every(nothing, self.no(not_asked)),
            outcome(Truth.FALSE): self.every(nothing, not_asked),
        }

    def chosen(self, criterion: Criterion) -> E | bool:
        """The rows that a criterion is asked of."""
        assert criterion.per is not None
        with self.dialect.rows_of(criterion.per.table):
            return self.no(self._optional(criterion.per.where).false)

    def derive(self, derived: DerivedField) -> tuple[E, E | bool]:
        """A derived field, null where there is none, and whether it is not known. Those that it names are there."""
        with self.dialect.rows_of(derived.field.table):
            value: E = self.dialect.nothing()
            unknown: E | bool = False
            for source in reversed(derived.sources):
                when, (given, lost) = self._optional(source.when), self._given(source)
                # Where it is reached and not known, the field is not known: nothing after it counts.
                later = self._when(when.false, value, self.dialect.nothing())
                value = self._when(when.true, given, later)
                open_ = self.every(self.no(when.true), self.no(when.false))
                unknown = self.either(self.every(when.true, lost), self.every(when.false, unknown), open_)
        return value, unknown

    def _given(self, source: DerivedSource) -> tuple[E, E | bool]:
        """What a source gives, and whether that stands there and is not known."""
        if source.field is None:
            raise CannotSayError(str(source))
        lost = self._unknown(source.field)
        if source.plus is None:
            return self.dialect.value(source.field), lost
        day, (there, *varying) = self._deadline(source.field, source.plus)
        unsure = self.no(self.every(*varying))
        given = self._when(self.every(*varying), day, self.dialect.nothing())
        return given, self.either(lost, self.every(there, unsure))

    def _unknown(self, field: Field) -> E | bool:
        """Only a derived field can stand there and not be known: the made-up cases have no faults."""
        return self.dialect.unknown(field) if field.full_name in self._derived else False

    def _when(self, test: E | bool, then: E, other: E) -> E:
        return (then if test else other) if isinstance(test, bool) else self.dialect.when(test, then, other)

    def _optional(self, condition: Condition | None) -> Truths[E]:
        """As ``truths``; no condition is always true."""
        return Truths[E](True, False) if condition is None else self.truths(condition)

    def truths(self, condition: Condition) -> Truths[E]:
        """The condition, written once: named facts stand in many criteria."""
        key = self.dialect.table, condition
        if (written := self._written.get(key)) is None:
            written = self._written[key] = self._truths(condition)
        return written

    def _truths(self, condition: Condition) -> Truths[E]:
        match condition:
            case All(parts):
                each = [self.truths(part) for part in parts]
                return Truths(self.every(*(one.true for one in each)), self.either(*(one.false for one in each)))
            case Any(parts):
                return self._not(self.truths(All(tuple(Not(part) for part in parts))))
            case Not(part):
                return self._not(self.truths(part))
            case Recorded(field, expected):
                known = self.dialect.known(field)
                found = Truths[E](known, self.every(self.no(known), self.no(self._unknown(field))))
                return found if expected else self._not(found)
            case Compare():
                return self._compare(condition)
            case Within(field, limit, of, early):
                last, decided_by = self._deadline(of, limit)
                tests = [self.dialect.compares(ON_OR_BEFORE, field, last)]
                if early is not None:
                    first, (_, *varying) = self._deadline(of, early, back=True)
                    tests.append(self.dialect.compares(ON_OR_AFTER, field, first))
                    decided_by = [*decided_by, *varying]
                return self._decided([self.dialect.known(field), *decided_by], self.expression(self.every(*tests)))
            case OverRows() | Count() | Covered():
                return self._over_rows(condition)

    def _not(self, part: Truths[E]) -> Truths[E]:
        return Truths(part.false, part.true)

    def _compare(self, condition: Compare) -> Truths[E]:
        field, operator = condition.field, condition.operator
        if operator.denies is not None:
            return self._not(self._compare(Compare(field, operator.denies, condition.operand)))
        if operator not in (IS, IN, *SIGNS):
            raise CannotSayError(str(condition))
        known = [self.dialect.known(field)]
        match condition.operand:
            case Literal(tuple() as values):
                tests = [self.dialect.compares(IS, field, self.dialect.literal(one)) for one in values]
                return self._decided(known, self.dialect.either(tests))
            case Literal(value) if not isinstance(value, Duration | tuple):
                return self._decided(known, self.dialect.compares(operator, field, self.dialect.literal(value)))
            case AsOf():
                return self._decided(known, self.dialect.compares(operator, field, self.dialect.literal(self.as_of)))
            case FromField(other):
                test = self.dialect.compares(operator, field, self.dialect.value(other))
                return self._decided([*known, self.dialect.known(other)], test)
        raise CannotSayError(str(condition))

    def _decided(self, known: list[E], test: E) -> Truths[E]:
        return Truths(self.every(*known, test), self.every(*known, self.no(test)))

    def _over_rows(self, condition: OverRows | Count | Covered) -> Truths[E]:
        with self.dialect.rows_of(condition.table):
            where = self._optional(condition.where)
            satisfies = self._optional(condition.satisfies if isinstance(condition, OverRows) else None)
        match condition:
            case OverRows(Quantifier.SOME):
                return self._some(condition.table, where, satisfies)
            case OverRows():
                return self._not(self._some(condition.table, where, self._not(satisfies)))
            case Count(at_least=1, at_most=None):
                return self._some(condition.table, where, Truths(True, False))
            case Count(at_least=None | 0, at_most=0):
                return self._not(self._some(condition.table, where, Truths(True, False)))
            case Covered():
                return self._covered(condition, where)
        raise CannotSayError(str(condition))

    def _some(self, table: str, where: Truths[E], row: Truths[E]) -> Truths[E]:
        """Some chosen row is such."""
        true = self._any_row(table, self.every(where.true, row.true))
        may_be = self._any_row(table, self.every(self.no(where.false), self.no(row.false)))
        there = self.dialect.present(table)
        return Truths(self.every(there, true), self.every(there, self.no(may_be)))

    def _any_row(self, table: str, row: E | bool) -> E | bool:
        return False if row is False else self.dialect.some(table, None if row is True else self.expression(row))

    def _covered(self, condition: Covered, where: Truths[E]) -> Truths[E]:
        field, by = condition.field, condition.by
        with self.dialect.rows_of(condition.table):
            missing = self.every(self.dialect.known(field), self.no(self.dialect.found(field, by)))
        unsure = self.either(
            self.no(self.dialect.present(by.table)), self._any_row(by.table, self.no(self.dialect.known(by)))
        )
        surely = self._any_row(condition.table, self.every(where.true, missing))
        perhaps = self._any_row(
            condition.table, self.every(self.no(where.false), self.either(missing, self.no(self.dialect.known(field))))
        )
        there = self.dialect.present(condition.table)
        # What may be missing is missing for certain only where the other table is fully known.
        return Truths(self.every(there, self.no(perhaps)), self.every(there, surely, self.no(unsure)))

    def _deadline(self, of: Field, limit: Literal | FromParameter, *, back: bool = False) -> tuple[E, list[E]]:
        """The last day, the first if counted back, and what must be known: the date, and what the limit varies by."""
        known = [self.dialect.known(of)]
        if isinstance(limit, Literal):
            return self._day(of, limit.value, back=back), known
        parameter = self.rulebook.parameters[limit.name]
        day = self._day(of, parameter.value, back=back)
        for variation in reversed(parameter.variations):
            so = self.dialect.compares(IS, variation.field, self.dialect.literal(variation.value))
            day = self.dialect.when(so, self._day(of, variation.then, back=back), day)
            known.append(self.dialect.known(variation.field))
        return day, known

    def _day(self, of: Field, limit: object, *, back: bool) -> E:
        if not isinstance(limit, Duration):
            raise CannotSayError(str(limit))
        if not limit.count:
            return self.dialect.value(of)
        return self.dialect.deadline(of, -limit if back else limit)

    def _answers(self, criterion: Criterion) -> dict[ReadersAnswer, E | bool]:
        if criterion.basis is Basis.EVIDENCE:
            return {answer: answer is ReadersAnswer.NONE for answer in ReadersAnswer}
        given: dict[ReadersAnswer, E | bool] = {one: self.dialect.answered(criterion, one) for one in ANSWERS}
        return {**given, ReadersAnswer.NONE: self.no(self.either(*given.values()))}

    def _due(self, criterion: Criterion) -> dict[Deadline, E | bool]:
        if criterion.due is None:
            return {deadline: deadline is Deadline.NONE for deadline in Deadline}
        day, there = self._deadline(criterion.due.of, criterion.due.within)
        known = self.every(*there)
        passed = self.dialect.less(day, self.dialect.literal(self.as_of))
        return {
            Deadline.NONE: False,
            Deadline.AHEAD: self.every(known, self.no(passed)),
            Deadline.PASSED: self.every(known, passed),
            Deadline.UNKNOWN: self.no(known),
        }

    def _outcome(
        self,
        outcome: Outcome,
        criterion: Criterion,
        applies: Truths[E],
        met: Truths[E],
        answer: dict[ReadersAnswer, E | bool],
        due: dict[Deadline, E | bool],
    ) -> E | bool:
        rows = [row for row in OUTCOME_TABLE if row.outcome is outcome and criterion.basis in row.basis]
        return self.either(
            *(
                self.every(
                    self._among(row.applies, self._ways(applies)),
                    self._among(row.answer, answer),
                    self._among(row.met, self._ways(met)),
                    self._among(row.deadline, due),
                )
                for row in rows
            )
        )

    def _ways(self, truths: Truths[E]) -> dict[Truth, E | bool]:
        unknown = self.every(self.no(truths.true), self.no(truths.false))
        return {Truth.TRUE: truths.true, Truth.FALSE: truths.false, Truth.UNKNOWN: unknown}

    def _among(self, wanted: Iterable[object], ways: dict[Truth, E | bool] | dict[ReadersAnswer, E | bool] | dict[Deadline, E | bool]) -> E | bool:  # fmt: skip  # noqa: E501
        chosen = set(wanted)
        rest = [where for one, where in ways.items() if one not in chosen]
        if len(rest) < len(chosen):
            return self.no(self.either(*rest))
        return self.either(*(where for one, where in ways.items() if one in chosen))

    def every(self, *parts: E | bool) -> E | bool:
        if any(part is False for part in parts):
            return False
        rest = [part for part in parts if part is not True]
        return self.dialect.every(rest) if len(rest) > 1 else rest[0] if rest else True  # type: ignore[arg-type]

    def either(self, *parts: E | bool) -> E | bool:
        if any(part is True for part in parts):
            return True
        rest = [part for part in parts if part is not False]
        return self.dialect.either(rest) if len(rest) > 1 else rest[0] if rest else False  # type: ignore[arg-type]

    def no(self, part: E | bool) -> E | bool:
        return not part if isinstance(part, bool) else self.dialect.no(part)

    def expression(self, part: E | bool) -> E:
        return self.dialect.literal(part) if isinstance(part, bool) else part
