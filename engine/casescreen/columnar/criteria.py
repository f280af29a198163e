"""Each criterion asked of every case, or of every row, the outcome table over columns, and what conclusions rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TypeVar

import polars as pl
from attrs import frozen

from casescreen.columnar.conditions import Conditions
from casescreen.columnar.expressions import UNKNOWN, Bool, Kleene, and_, literal, not_, or_
from casescreen.columnar.graph import Graphs
from casescreen.evaluate.criteria import applies_condition
from casescreen.model.case import ANSWER, ANSWERS, CRITERION, ITEM
from casescreen.model.condition import Truth
from casescreen.model.outcome import (
    ASKED,
    KNOWN,
    OUTCOME_TABLE,
    Basis,
    Deadline,
    Outcome,
    ReadersAnswer,
    Standing,
    decide,
)
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    ConclusionRule,
    Criterion,
    FactIs,
    FlagIs,
    OutcomeIs,
    Rulebook,
    Scope,
)

T = TypeVar("T")

Ways = Mapping[T, Bool]
"""Of everything that a value can be, whether it is that: true of exactly one."""


def outcomes(
    basis: Basis, applies: Kleene, answer: Ways[ReadersAnswer], met: Kleene, deadline: Ways[Deadline]
) -> dict[Outcome, Bool]:
    """For each outcome, which cases or rows have it, as the outcome table says; without those that none can have."""
    holds: dict[Outcome, list[Bool]] = {outcome: [] for outcome in Outcome}
    for row in OUTCOME_TABLE:
        if basis in row.basis:
            standing = among(row.applies, ways(applies)), among(row.answer, answer), among(row.met, ways(met))
            holds[row.outcome].append(and_(*standing, among(row.deadline, deadline)))
    return {outcome: where for outcome, rows in holds.items() if (where := or_(*rows)) is not False}


def ways(truths: Kleene) -> Ways[Truth]:
    """Whether a condition comes to each truth value."""
    return {Truth.TRUE: truths.true, Truth.FALSE: truths.false, Truth.UNKNOWN: truths.unknown}


def among(wanted: Collection[T], ways: Ways[T]) -> Bool:
    """Whether a value is one of those wanted, by those that are fewer: the wanted, or the rest."""
    rest = [value for value in ways if value not in wanted]
    if len(rest) < len(wanted):
        return not_(or_(*(ways[value] for value in rest)))
    return or_(*(ways[value] for value in wanted))


Columns = Mapping[Outcome, str]
"""For each outcome that there can be, the column that says who has it."""


@frozen
class EvaluatedCriterion:
    """A criterion, asked of every case or of the rows of a table.

    Attributes:
        table: the table whose rows it is asked of, or "".
        outcomes: columns of the rows, or of the cases where it is asked of those.
        of_nothing: columns of the cases, for those that have no row to ask it of.
        chosen: the column of the rows that says which it is asked of, or "".
        of_rows: where it is asked of rows, the columns of the cases that say of which one is known at least, and of
            which one is asked by now.
    """

    criterion: Criterion
    table: str
    outcomes: Columns
    of_nothing: Columns
    chosen: str
    of_rows: tuple[str, ...] = ()


def evaluate_criterion(conditions: Conditions, criterion: Criterion) -> EvaluatedCriterion:
    """The columns of one criterion, added to the graphs."""
    graphs, table = conditions.graphs, "" if criterion.per is None else criterion.per.table
    applies = conditions.optional(applies_condition(criterion), table)
    met = UNKNOWN if criterion.met is None else conditions.evaluate(criterion.met, table)
    due = None if criterion.due is None else conditions.due(criterion.due.of, criterion.due.within, table)
    deadline = _deadline(due, conditions.context.as_of)
    _note_gaps(conditions, criterion, applies, met, deadline)
    of_all = outcomes(criterion.basis, applies, _answer(graphs, criterion, table), met, deadline)
    rows, cases = graphs.of(table), graphs.of("")
    if criterion.per is None:
        columns = {outcome: cases.name(where) for outcome, where in of_all.items()}
        return EvaluatedCriterion(criterion, "", columns, {}, "")
    chosen = conditions.optional(criterion.per.where, table).not_false
    columns = {outcome: rows.name(and_(chosen, where)) for outcome, where in of_all.items()}
    denied = (conditions.evaluate(one.when).true for one in criterion.not_asked if one.everywhere)
    none_chosen, not_asked, of_nothing = not_(graphs.some(table, chosen)), or_(graphs.present(table), *denied), {}
    for truth, where in ((Truth.UNKNOWN, not_(not_asked)), (Truth.FALSE, not_asked)):
        when = Deadline.NONE if due is None else Deadline.UNKNOWN
        outcome = decide(Standing(criterion.basis, truth, ReadersAnswer.NONE, Truth.UNKNOWN, when))
        of_nothing[outcome] = cases.name(and_(none_chosen, where))
    of_rows = tuple(cases.name(_in_one(graphs, table, columns, of_nothing, wanted)) for wanted in (KNOWN, ASKED))
    return EvaluatedCriterion(criterion, table, columns, of_nothing, rows.name(chosen), of_rows)


def _in_one(graphs: Graphs, table: str, rows: Columns, of_nothing: Columns, wanted: Collection[Outcome]) -> Bool:
    """Which cases have one of these outcomes: in one row at least, or for want of rows."""
    there = or_(*(pl.col(name) for outcome, name in rows.items() if outcome in wanted))
    return or_(graphs.some(table, there), *(pl.col(name) for one, name in of_nothing.items() if one in wanted))


def _note_gaps(
    conditions: Conditions, criterion: Criterion, applies: Kleene, met: Kleene, deadline: Ways[Deadline]
) -> None:
    """Note where the criterion is not evidenced since the calendar does not cover a day."""
    table = "" if criterion.per is None else criterion.per.table
    if (condition := applies_condition(criterion)) is not None:
        conditions.note_gaps(condition, table, True, True)
    if criterion.met is None:
        return
    if criterion.due is not None:
        open_ = and_(applies.true, not_(met.true), deadline[Deadline.UNKNOWN])
        conditions.note_gaps(criterion.due.known, table, open_, True)
    conditions.note_gaps(criterion.met, table, and_(applies.true, not_(deadline[Deadline.AHEAD])), True)


def _answer(graphs: Graphs, criterion: Criterion, table: str) -> Ways[ReadersAnswer]:
    if criterion.basis is Basis.EVIDENCE:
        return {answer: answer is ReadersAnswer.NONE for answer in ReadersAnswer}
    given: dict[ReadersAnswer, Bool] = {}
    for answer in (ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE):
        if table:
            given[answer] = (graphs.answer(criterion.id) == answer.value).fill_null(False)
        else:
            said = (pl.col(CRITERION) == literal(criterion.id)) & (pl.col(ANSWER) == literal(answer.value))
            given[answer] = graphs.some(ANSWERS, said.fill_null(False) & pl.col(ITEM).is_null())
    return {**given, ReadersAnswer.NONE: not_(or_(*given.values()))}


def _deadline(day: pl.Expr | None, as_of: date) -> Ways[Deadline]:
    if day is None:
        return {deadline: deadline is Deadline.NONE for deadline in Deadline}
    return {
        Deadline.NONE: False,
        Deadline.AHEAD: (pl.lit(as_of) <= day).fill_null(False),
        Deadline.PASSED: (pl.lit(as_of) > day).fill_null(False),
        Deadline.UNKNOWN: day.is_null(),
    }


@frozen
class CaseIsOpen:
    """The case is not closed."""


Ground = tuple[str, Outcome] | FlagIs | FactIs | CaseIsOpen
"""One thing that can be so of a case: a criterion has an outcome, a flag is raised, a fact is true, it is open."""


def on_cases(rulebook: Rulebook) -> tuple[ConclusionRule, ...]:
    """The conclusions on single cases that reports print, in the rulebook's order."""
    rules = (rule for rule in rulebook.conclusions if rule.kind is not ConclusionKind.PREMISE)
    return tuple(rule for rule in rules if rule.on is Scope.CASE)


def grounds_of(rule: ConclusionRule, rulebook: Rulebook) -> tuple[Ground, ...]:
    """All that a conclusion on a case rests on, directly or through other conclusions."""
    rules = {one.id: one for one in rulebook.conclusions}
    reached, waiting = {rule.id}, [rule]
    grounds: dict[Ground, None] = {}
    while waiting:
        one = waiting.pop()
        if rulebook.concludes_on_open_cases_only(one):
            grounds[CaseIsOpen()] = None
        for premise in one.premises:
            match premise:
                case OutcomeIs(criterion, outcomes):
                    grounds |= dict.fromkeys((criterion, outcome) for outcome in outcomes)
                case FlagIs() | FactIs():
                    grounds[premise] = None
                case Concluded(other) if other not in reached:
                    reached.add(other)
                    waiting.append(rules[other])
    return tuple(grounds)


def premises(rulebook: Rulebook, conditions: Conditions, asked: Iterable[EvaluatedCriterion]) -> Mapping[Ground, str]:
    """The column of the cases for each thing that a conclusion rests on, without what can be so of none."""
    of_criterion = {one.criterion.id: one for one in asked}
    every = dict.fromkeys(ground for rule in on_cases(rulebook) for ground in grounds_of(rule, rulebook))
    return {
        ground: conditions.graphs.of("").name(column)
        for ground in every
        if (column := _column(ground, rulebook, conditions, of_criterion)) is not False
    }


def _column(
    ground: Ground, rulebook: Rulebook, conditions: Conditions, criteria: Mapping[str, EvaluatedCriterion]
) -> Bool:
    match ground:
        case CaseIsOpen():
            return conditions.optional(rulebook.is_open).not_false
        case FactIs(fact):
            return conditions.evaluate(next(one.when for one in rulebook.facts if one.id == fact)).true
        case FlagIs(criterion, flag):  # raised only where the criterion applies
            asked = criteria[criterion]
            applies = conditions.optional(applies_condition(asked.criterion), asked.table)
            when = next(one.when for one in asked.criterion.flags if one.id == flag)
            row, of_nothing = and_(applies.true, conditions.evaluate(when, asked.table).true), None
        case (criterion, outcome):
            asked = criteria[criterion]
            row = pl.col(asked.outcomes[outcome]) if outcome in asked.outcomes else False
            of_nothing = asked.of_nothing.get(outcome)
    of_rows = conditions.graphs.some(asked.table, row) if asked.table else row
    return or_(of_rows, pl.col(of_nothing) if of_nothing else False)
