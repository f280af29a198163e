"""Each criterion asked of each case: what its outcome is decided on, and why a case cannot be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import date
from functools import cache

from attrs import evolve, frozen

from casescreen.conditions.compiler import (
    NO_ROW,
    Context,
    SharedConditions,
    Supply,
    Test,
    compile_condition,
    field_value,
    supply,
)
from casescreen.model.calendar import Duration, OutsideCalendarError
from casescreen.model.case import Answer, Case, Row
from casescreen.model.condition import All, Condition, Not, OverRows, Quantifier, Recorded, Truth
from casescreen.model.dictionary import Table
from casescreen.model.outcome import Deadline, ReadersAnswer, Standing
from casescreen.model.problem import Problem
from casescreen.model.rulebook import Criterion, FactIs, Flag, Rulebook
from casescreen.text import did_you_mean, in_words, listed

_MOST_ITEMS = 12  # more than a dozen is a list nobody reads
_LOST = "An answer that belongs to nothing would be lost."


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
    allowed: Supply | None
    flags: list[tuple[Flag, Test]]
    of_no_row: Test


_standing = cache(Standing)  # the same one for the same parts, so that each is made and hashed once


def applies_condition(criterion: Criterion) -> Condition | None:
    """When the criterion is asked of a case or a row: the rows it chooses, and when it applies."""
    where = None if criterion.per is None else criterion.per.where
    parts = (*criterion.asked_where,) if where is None else (where, *criterion.asked_where)
    return None if not parts else parts[0] if len(parts) == 1 else All(parts)


def any_row_condition(criterion: Criterion, rulebook: Rulebook) -> Condition:
    """That there is a row to ask the criterion of at all, and nothing of the case for which it is not asked."""
    assert criterion.per is not None
    table = rulebook.dictionary.tables[criterion.per.table]
    there = Recorded(table.columns[table.key], expected=True)
    some = OverRows(Quantifier.SOME, table.name, criterion.per.where, there)
    denials = tuple(Not(one.when) for one in criterion.not_asked if one.everywhere)
    return All((*denials, some)) if denials else some


class CriteriaEvaluator:
    """Asks the criteria of a rulebook, compiled once, of one case after another."""

    def __init__(self, rulebook: Rulebook, context: Context, only: Criterion | None = None) -> None:
        """Compile every condition, or those of one criterion."""
        criteria = (only,) if only else rulebook.criteria
        context = evolve(context, shared=SharedConditions(_conditions(criteria, rulebook)))
        self._context, self._tables = context, rulebook.dictionary.tables
        self._criteria = [_compile(criterion, rulebook, context) for criterion in criteria]
        named = {one.fact for rule in rulebook.conclusions for one in rule.premises if isinstance(one, FactIs)}
        self._facts = [(one.id, compile_condition(one.when, context)) for one in rulebook.facts if one.id in named]
        self._is_open = compile_condition(rulebook.is_open, context)

    def ask(self, case: Case) -> tuple[Evaluation, ...]:
        """Every criterion asked of the case, in the rulebook's order."""
        answers = {(answer.criterion, answer.item): answer for answer in case.answers}
        evaluations: list[Evaluation] = []
        for compiled in self._criteria:
            per, chosen = compiled.criterion.per, [("", NO_ROW)]
            if per is not None:
                rows = _named_rows(case.tables.get(per.table, ()), self._tables[per.table])
                chosen = [(item, row) for item, row in rows if compiled.chosen(case, row) is not Truth.FALSE]
            for item, row in chosen:
                answer, applies = answers.get((compiled.criterion.id, item)), compiled.applies(case, row)
                evaluations.append(self._evaluate(compiled, case, item, row, applies, answer))
            if per is not None and not chosen:
                applies = compiled.of_no_row(case, NO_ROW)
                evaluations.append(self._evaluate(compiled, case, "", NO_ROW, applies, None))
        return tuple(evaluations)

    def facts(self, case: Case) -> tuple[str, ...]:
        """The ids of the named facts that are true of the case; of those that no conclusion rests on, none is asked."""
        return tuple([id_ for id_, test in self._facts if test(case, NO_ROW) is Truth.TRUE])

    def is_closed(self, case: Case) -> bool:
        """Whether the case is closed: it is known that it is not open."""
        return self._is_open(case, NO_ROW) is Truth.FALSE

    def _evaluate(
        self, compiled: _Compiled, case: Case, item: str, row: Row, applies: Truth, answer: Answer | None
    ) -> Evaluation:
        """What the criterion comes to; where it does not apply, or may not, what would meet it is not asked."""
        criterion = compiled.criterion
        due, met = criterion.due, Truth.UNKNOWN
        flags: tuple[Flag, ...] = ()
        deadline, where = None, Deadline.NONE if due is None else Deadline.UNKNOWN
        if applies is Truth.TRUE:
            if due is not None and compiled.allowed is not None:
                start, allowed = field_value(due.of, case, row), compiled.allowed(case, row)
                if isinstance(start, date) and isinstance(allowed, Duration):
                    with suppress(OutsideCalendarError):  # then it is not known
                        deadline = self._context.calendar.deadline(start, allowed)
                        where = Deadline.AHEAD if self._context.as_of <= deadline else Deadline.PASSED
            met = compiled.met(case, row)
            if compiled.flags:
                flags = tuple([flag for flag, test in compiled.flags if test(case, row) is Truth.TRUE])
        answered = ReadersAnswer.NONE if answer is None else answer.answer
        standing = _standing(criterion.basis, applies, answered, met, where)
        return Evaluation(criterion, item, row, standing, deadline, answer, flags)


def _conditions(criteria: Iterable[Criterion], rulebook: Rulebook) -> Iterator[Condition]:
    """All that is asked of a case for the criteria, and beside them."""
    for criterion in criteria:
        each = (applies_condition(criterion), criterion.met, *(flag.when for flag in criterion.flags))
        yield from (condition for condition in each if condition is not None)
    yield from (fact.when for fact in rulebook.facts)


def _named_rows(rows: Sequence[Row], table: Table) -> Iterator[tuple[str, Row]]:
    """Each row with its key; one whose key is not known is called by its number, as no other row is."""
    keys = {row.get(table.key) for row in rows}
    for number, row in enumerate(rows, 1):
        key = row.get(table.key)
        item = f"{table.one} {number}" if key is None else str(key)
        while key is None and item in keys:
            item += "*"
        yield item, row


def _keys(case: Case, table: Table) -> AbstractSet[str]:
    return {str(row[table.key]) for row in case.tables.get(table.name, ()) if row.get(table.key) is not None}


def _compile(criterion: Criterion, rulebook: Rulebook, context: Context) -> _Compiled:
    return _Compiled(
        criterion,
        compile_condition(None if criterion.per is None else criterion.per.where, context),
        compile_condition(applies_condition(criterion), context),
        compile_condition(criterion.met, context, Truth.UNKNOWN),
        None if criterion.due is None else supply(criterion.due.within, context),
        [(flag, compile_condition(flag.when, context)) for flag in criterion.flags],
        compile_condition(None if criterion.per is None else any_row_condition(criterion, rulebook), context),
    )


def answer_problems(
    case: Case, rulebook: Rulebook, evaluations: Iterable[Evaluation], whole: Case
) -> Iterator[Problem]:
    """What is wrong with the answers of a case: those to a question that there is not, or that was not asked.

    Args:
        case: the case as it was judged.
        rulebook: what was asked.
        evaluations: all that was asked of it.
        whole: the case as it was read, with rows that were not there yet by the as-of date.
    """
    items: dict[str, list[str]] = {}
    for one in evaluations:
        items.setdefault(one.criterion.id, []).append(one.item)
    for answer in case.answers:
        criterion, name = rulebook.criterion.get(answer.criterion), in_words(answer.criterion)
        if criterion is None and answer.criterion in rulebook.answerable:
            continue  # a profile has switched it off
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
            if criterion.per is not None and answer.item in _keys(
                whole, rulebook.dictionary.tables[criterion.per.table]
            ):
                what = f"the answer to {name} is {about}, which was not there yet on the as-of date"
                advice = "Nothing is to be done. It counts as at a later day."
            yield Problem(case.place, what, advice, _LOST)
