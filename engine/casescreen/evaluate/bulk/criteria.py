"""Each criterion asked of every case, or of every row: what ``asking`` and ``deciding`` do, for all at once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from attrs import frozen

from casescreen.evaluate.asking import applies_condition
from casescreen.evaluate.bulk.conditions import Conditions
from casescreen.evaluate.bulk.frames import ANSWERS, GIVEN, ITEM
from casescreen.evaluate.bulk.outcomes import Ways, outcomes
from casescreen.evaluate.bulk.truths import UNKNOWN, Bool, both, either, expression, opposite
from casescreen.evaluate.bulk.values import equals
from casescreen.model.condition import Truth
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer, Standing, decide
from casescreen.model.rulebook import Criterion, Rulebook

_ANSWERS = (ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE)
_NO_ANSWER: Ways[ReadersAnswer] = {answer: answer is ReadersAnswer.NONE for answer in ReadersAnswer}

Columns = Mapping[Outcome, str]
"""For each outcome that there can be, the column that says who has it."""


@frozen
class AskedOfAll:
    """A criterion, asked of every case or of the rows of a table.

    Attributes:
        table: the table whose rows it is asked of, or "".
        outcomes: columns of the rows, or of the cases where it is asked of those.
        of_nothing: columns of the cases, for those that have no row to ask it of.
        chosen: the column of the rows that says which it is asked of, or "".
        fault: the column of the cases for those that it cannot be asked of: a date is beyond the calendar.
    """

    criterion: Criterion
    table: str
    outcomes: Columns
    of_nothing: Columns
    chosen: str
    fault: str


def criterion_field(rulebook: Rulebook) -> Field:
    """The column of the answers that says which criterion was answered."""
    ids = tuple(criterion.id for criterion in rulebook.criteria)
    return Field("criterion", "criterion", Kind.CHOICE, "The criterion's id.", ids, table=ANSWERS)


@frozen(eq=False)
class Criteria:
    """Puts the criteria of a rulebook on the sheets of a workbook."""

    conditions: Conditions
    rulebook: Rulebook

    def ask(self, criterion: Criterion) -> AskedOfAll:
        """The columns of one criterion."""
        book, table = self.conditions.book, "" if criterion.per is None else criterion.per.table
        chosen = self.conditions.optional(None if criterion.per is None else criterion.per.where, table)
        of_all = self._outcomes(criterion, table)
        fault = self._fault(criterion, table)
        if table:
            of_all = {outcome: both(chosen.not_false, where) for outcome, where in of_all.items()}
            fault = book.some(table, fault)
        return AskedOfAll(
            criterion,
            table,
            {outcome: self._name(where, table) for outcome, where in of_all.items()},
            {outcome: self._name(where) for outcome, where in self._of_nothing(criterion).items()} if table else {},
            self._name(chosen.not_false, table) if table else "",
            self._name(fault),
        )

    def _name(self, where: Bool, table: str = "") -> str:
        return self.conditions.sheet(table).put(expression(where)).meta.output_name()

    def _outcomes(self, criterion: Criterion, table: str) -> dict[Outcome, Bool]:
        applies = self.conditions.optional(applies_condition(criterion), table)
        met = UNKNOWN if criterion.met is None else self.conditions.truths(criterion.met, table)
        return outcomes(criterion.basis, applies, self._answer(criterion, table), met, self._deadline(criterion, table))

    def _answer(self, criterion: Criterion, table: str) -> Ways[ReadersAnswer]:
        if criterion.basis is Basis.EVIDENCE:
            return _NO_ANSWER
        given = {answer: self._given(criterion, table, answer) for answer in _ANSWERS}
        return {**given, ReadersAnswer.NONE: opposite(either(*given.values()))}

    def _given(self, criterion: Criterion, table: str, answer: ReadersAnswer) -> Bool:
        book = self.conditions.book
        if table:
            return (book.answer(criterion.id) == answer.value).fill_null(False)
        said = equals(criterion_field(self.rulebook), criterion.id) & equals(GIVEN, answer.value)
        return book.some(ANSWERS, said.fill_null(False) & pl.col(ITEM.name).is_null())

    def _deadline(self, criterion: Criterion, table: str) -> Ways[Deadline]:
        if criterion.due is None:
            return {deadline: deadline is Deadline.NONE for deadline in Deadline}
        day = self.conditions.due(criterion.due, table).day
        as_of = pl.lit(self.conditions.context.as_of)
        return {
            Deadline.NONE: False,
            Deadline.AHEAD: (as_of <= day).fill_null(False),
            Deadline.PASSED: (as_of > day).fill_null(False),
            Deadline.UNKNOWN: day.is_null(),
        }

    def _of_nothing(self, criterion: Criterion) -> dict[Outcome, Bool]:
        """What the criterion comes to for the cases that have no row to ask it of."""
        assert criterion.per is not None
        book, table = self.conditions.book, criterion.per.table
        chosen = self.conditions.optional(criterion.per.where, table).not_false
        nothing, there = opposite(book.some(table, chosen)), book.present(table)
        return {
            _asked_of_nothing(criterion, Truth.UNKNOWN): both(nothing, opposite(there)),
            _asked_of_nothing(criterion, Truth.FALSE): both(nothing, there),
        }

    def _fault(self, criterion: Criterion, table: str) -> Bool:
        """A date is beyond the calendar: when it is asked whether the criterion applies, or what follows if it does."""
        applies = self.conditions.optional(applies_condition(criterion), table)
        then = [criterion.met, *(flag.when for flag in criterion.flags)]
        faults = [self.conditions.truths(one, table).fault for one in then if one is not None]
        due = False if criterion.due is None else self.conditions.due(criterion.due, table).fault
        return either(applies.fault, both(applies.true, either(due, *faults)))


def _asked_of_nothing(criterion: Criterion, applies: Truth) -> Outcome:
    deadline = Deadline.NONE if criterion.due is None else Deadline.UNKNOWN
    return decide(Standing(criterion.basis, applies, ReadersAnswer.NONE, Truth.UNKNOWN, deadline))
