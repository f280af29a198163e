"""What conclusions on single cases rest on, as columns of the cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from casescreen.evaluate.asking import applies_condition
from casescreen.evaluate.bulk.conditions import Conditions
from casescreen.evaluate.bulk.criteria import AskedOfAll
from casescreen.evaluate.bulk.truths import Bool, both, either, expression
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Concluded, ConclusionRule, FactIs, FlagIs, OutcomeIs, RateIn, Rulebook, Scope

Ground = tuple[str, Outcome] | FlagIs | FactIs
"""One thing that can be so of a case: a criterion has an outcome, a flag is raised, or a fact is true."""


def on_cases(rulebook: Rulebook) -> tuple[ConclusionRule, ...]:
    """The conclusions on single cases, in the rulebook's order."""
    return tuple(rule for rule in rulebook.conclusions if rule.on is Scope.CASE)


def grounds_of(rule: ConclusionRule, rulebook: Rulebook) -> tuple[Ground, ...]:
    """All that a conclusion on a case rests on, directly or through other conclusions."""
    rules = {one.id: one for one in rulebook.conclusions}
    reached, waiting = {rule.id}, [rule]
    found: dict[Ground, None] = {}
    while waiting:
        for premise in waiting.pop().premises:
            match premise:
                case OutcomeIs(criterion, outcomes):
                    found |= dict.fromkeys((criterion, outcome) for outcome in outcomes)
                case FlagIs() | FactIs():
                    found[premise] = None
                case Concluded(other) if other not in reached:
                    reached.add(other)
                    waiting.append(rules[other])
                case Concluded() | RateIn():  # been there already; and no case has a rate
                    pass
    return tuple(found)


def premises(rulebook: Rulebook, conditions: Conditions, asked: Iterable[AskedOfAll]) -> Mapping[Ground, str]:
    """The column of the cases for each thing that a conclusion rests on, without what can be so of none."""
    of_criterion = {one.criterion.id: one for one in asked}
    every = dict.fromkeys(ground for rule in on_cases(rulebook) for ground in grounds_of(rule, rulebook))
    columns = ((ground, _column(ground, rulebook, conditions, of_criterion)) for ground in every)
    return {
        ground: conditions.book.cases.put(expression(column)).meta.output_name()
        for ground, column in columns
        if column is not False
    }


def _column(ground: Ground, rulebook: Rulebook, conditions: Conditions, asked: Mapping[str, AskedOfAll]) -> Bool:
    match ground:
        case FactIs(fact):
            return conditions.truths(next(one.when for one in rulebook.facts if one.id == fact)).true
        case FlagIs(criterion, flag):
            return _raised(asked[criterion], flag, conditions)
        case (criterion, outcome):
            return either(*_has(asked[criterion], outcome, conditions))


def _raised(asked: AskedOfAll, flag: str, conditions: Conditions) -> Bool:
    """Flags are raised only where the criterion applies."""
    applies = conditions.optional(applies_condition(asked.criterion), asked.table)
    when = next(one.when for one in asked.criterion.flags if one.id == flag)
    return _of_case(asked.table, both(applies.true, conditions.truths(when, asked.table).true), conditions)


def _has(asked: AskedOfAll, outcome: Outcome, conditions: Conditions) -> Iterator[Bool]:
    if outcome in asked.outcomes:
        yield _of_case(asked.table, pl.col(asked.outcomes[outcome]), conditions)
    if outcome in asked.of_nothing:
        yield pl.col(asked.of_nothing[outcome])


def _of_case(table: str, row: Bool, conditions: Conditions) -> Bool:
    return conditions.book.some(table, row) if table else row
