"""Each criterion asked of each case: what its outcome is decided on, and why a case cannot be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache

from attrs import frozen

from casescreen.conditions.compiler import (
    NO_ROW,
    Context,
    Read,
    Supply,
    Test,
    compile_condition,
    compile_optional,
    read,
    supply,
)
from casescreen.model.calendar import Duration, OutsideCalendarError
from casescreen.model.case import Answer, Case, Row
from casescreen.model.condition import All, Condition, OverRows, Quantifier, Recorded, Truth
from casescreen.model.outcome import Deadline, ReadersAnswer, Standing
from casescreen.model.problem import Problem
from casescreen.model.rulebook import Criterion, Flag, PerRow, Rulebook
from casescreen.text import did_you_mean, in_words, listed


@frozen(slots=False)  # the quicker to make, and one is made for every finding
class Evaluation:
    """One criterion asked of one case, or of one row of it.

    Attributes:
        item: the key of the row, or "".
        row: the row itself, or no row.
        deadline: the last day on which it is due, if that can be worked out.
        flags: those whose condition is true; none where the criterion does not apply.
    """

    criterion: Criterion
    item: str
    row: Row
    standing: Standing
    deadline: date | None
    answer: Answer | None
    flags: tuple[Flag, ...]


@frozen(slots=False)
class _Compiled:
    """A criterion with its conditions compiled."""

    criterion: Criterion
    chosen: Test
    applies: Test
    met: Test
    due: tuple[Read, Supply] | None
    flags: tuple[tuple[Flag, Test], ...]


_standing = cache(Standing)  # the same one for the same parts, so that each is made and hashed once


def applies_condition(criterion: Criterion) -> Condition | None:
    """When the criterion is asked of a case or a row: the rows it chooses, and when it applies."""
    where = None if criterion.per is None else criterion.per.where
    if where is None or criterion.applies is None:
        return where or criterion.applies
    return All((where, criterion.applies))


def any_row_condition(criterion: Criterion, rulebook: Rulebook) -> Condition:
    """That there is a row to ask the criterion of at all."""
    assert criterion.per is not None
    table = rulebook.dictionary.tables[criterion.per.table]
    there = Recorded(table.columns[table.key], expected=True)
    return OverRows(Quantifier.SOME, table.name, criterion.per.where, there)


class CriteriaEvaluator:
    """Asks the criteria of a rulebook, compiled once, of one case after another."""

    def __init__(self, rulebook: Rulebook, context: Context, only: Criterion | None = None) -> None:
        """Compile every condition, or those of one criterion."""
        self._context = context
        self._tables = rulebook.dictionary.tables
        self._keys = {table.name: table.key for table in self._tables.values()}
        self._criteria = tuple(_compile(criterion, context) for criterion in ((only,) if only else rulebook.criteria))
        self._facts = tuple((fact.id, compile_condition(fact.when, context)) for fact in rulebook.facts)

    def ask(self, case: Case) -> tuple[Evaluation, ...]:
        """Every criterion asked of the case, in the rulebook's order."""
        answers = {(answer.criterion, answer.item): answer for answer in case.answers}
        asked: list[Evaluation] = []
        for compiled in self._criteria:
            criterion = compiled.criterion
            if criterion.per is None:
                asked.append(self._asked(compiled, case, NO_ROW, "", answers.get((criterion.id, ""))))
            else:
                asked.extend(self._asked_of_rows(compiled, criterion.per, case, answers))
        return tuple(asked)

    def facts(self, case: Case) -> tuple[str, ...]:
        """The ids of the named facts that are true of the case."""
        return tuple(id_ for id_, test in self._facts if test(case, NO_ROW) is Truth.TRUE)

    def _asked_of_rows(self, compiled: _Compiled, per: PerRow, case: Case, answers: _Answers) -> Iterator[Evaluation]:
        rows = case.tables.get(per.table)
        chosen = [row for row in rows or () if compiled.chosen(case, row) is not Truth.FALSE]
        key = self._keys[per.table]
        for row in chosen:
            named = row.get(key)
            item = self._item(per.table, row, rows or ()) if named is None else str(named)
            answer = None if named is None else answers.get((compiled.criterion.id, item))
            yield self._asked(compiled, case, row, item, answer)
        if not chosen:
            applies = Truth.UNKNOWN if rows is None else Truth.FALSE
            yield _unasked(compiled, "", NO_ROW, applies, None)

    def _item(self, table: str, row: Row, rows: Iterable[Row]) -> str:
        """What a row is called whose key is not known: its number, as no other row is called."""
        keys = {one.get(self._keys[table]) for one in rows}
        number = next(number for number, one in enumerate(rows, 1) if one is row)
        item = f"{self._tables[table].one} {number}"
        while item in keys:
            item += "*"
        return item

    def _asked(self, compiled: _Compiled, case: Case, row: Row, item: str, answer: Answer | None) -> Evaluation:
        applies = compiled.applies(case, row)
        if applies is not Truth.TRUE:
            return _unasked(compiled, item, row, applies, answer)
        deadline, where = None, Deadline.NONE
        if compiled.due is not None:
            where = Deadline.UNKNOWN
            start, allowed = (side(case, row) for side in compiled.due)
            if isinstance(start, date) and isinstance(allowed, Duration):
                with suppress(OutsideCalendarError):  # then it is not known
                    deadline = self._context.calendar.deadline(start, allowed)
                    where = Deadline.AHEAD if self._context.as_of <= deadline else Deadline.PASSED
        criterion, answered = compiled.criterion, ReadersAnswer.NONE if answer is None else answer.answer
        standing = _standing(criterion.basis, applies, answered, compiled.met(case, row), where)
        flags = [flag for flag, test in compiled.flags if test(case, row) is Truth.TRUE] if compiled.flags else ()
        return Evaluation(criterion, item, row, standing, deadline, answer, tuple(flags))


_Answers = Mapping[tuple[str, str], Answer]


def _unasked(compiled: _Compiled, item: str, row: Row, applies: Truth, answer: Answer | None) -> Evaluation:
    """What a criterion that does not apply, or may not, comes to: what would meet it is not asked."""
    deadline = Deadline.NONE if compiled.due is None else Deadline.UNKNOWN
    answered = ReadersAnswer.NONE if answer is None else answer.answer
    standing = _standing(compiled.criterion.basis, applies, answered, Truth.UNKNOWN, deadline)
    return Evaluation(compiled.criterion, item, row, standing, None, answer, ())


def _compile(criterion: Criterion, context: Context) -> _Compiled:
    due = criterion.due
    return _Compiled(
        criterion,
        compile_optional(None if criterion.per is None else criterion.per.where, context),
        compile_optional(applies_condition(criterion), context),
        compile_optional(criterion.met, context, Truth.UNKNOWN),
        None if due is None else (read(due.of), supply(due.within, context)),
        tuple((flag, compile_condition(flag.when, context)) for flag in criterion.flags),
    )


_MOST_ITEMS = 12  # more than a dozen is a list nobody reads
_LOST = "An answer that belongs to nothing would be lost."


def answer_problems(case: Case, rulebook: Rulebook, asked: Iterable[Evaluation]) -> Iterator[Problem]:
    """What is wrong with the answers of a case: those to a question that there is not, or that was not asked."""
    items: dict[str, list[str]] = {}
    for one in asked:
        items.setdefault(one.criterion.id, []).append(one.item)
    for answer in case.answers:
        criterion, name = rulebook.criterion.get(answer.criterion), in_words(answer.criterion)
        if criterion is None:
            advice = did_you_mean(answer.criterion, rulebook.criterion)
            yield Problem(case.place, f'there is no criterion "{name}" to answer', advice, _LOST)
        elif answer.item not in items[answer.criterion] or bool(answer.item) is not (criterion.per is not None):
            known = [in_words(item) for item in items[answer.criterion][:_MOST_ITEMS] if item]
            advice = f'Give one of these as "item": {listed(known)}.' if known else 'Take "item" out of the answer.'
            if criterion.per is not None and not known:
                advice = f"Add the row to {criterion.per.table}, or take the answer out."
            about = f'about "{in_words(answer.item)}"' if answer.item else 'without an "item"'
            what = f"the answer to {name} is {about}, and the question is not asked of that"
            yield Problem(case.place, what, advice, _LOST)
