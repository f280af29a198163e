"""The outcome table over whole columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from casescreen.evaluate.bulk.truths import Bool, Truths, both, either, opposite
from casescreen.model.condition import Truth
from casescreen.model.outcome import OUTCOME_TABLE, Basis, Deadline, Outcome, OutcomeRow, ReadersAnswer

T = TypeVar("T")

Ways = Mapping[T, Bool]
"""Of everything that a value can be, whether it is that: true of exactly one."""


def outcomes(
    basis: Basis, applies: Truths, answer: Ways[ReadersAnswer], met: Truths, deadline: Ways[Deadline]
) -> dict[Outcome, Bool]:
    """For each outcome, which cases or rows have it, as the outcome table says; without those that none can have."""
    found = {outcome: _outcome(outcome, basis, applies, answer, met, deadline) for outcome in Outcome}
    return {outcome: where for outcome, where in found.items() if where is not False}


def _outcome(
    outcome: Outcome, basis: Basis, applies: Truths, answer: Ways[ReadersAnswer], met: Truths, deadline: Ways[Deadline]
) -> Bool:
    def holds(row: OutcomeRow) -> Bool:
        return both(
            among(row.applies, ways(applies)),
            among(row.answer, answer),
            among(row.met, ways(met)),
            among(row.deadline, deadline),
        )

    return either(*(holds(row) for row in OUTCOME_TABLE if row.outcome is outcome and basis in row.basis))


def ways(truths: Truths) -> Ways[Truth]:
    """Whether a condition comes to each truth value."""
    return {Truth.TRUE: truths.true, Truth.FALSE: truths.false, Truth.UNKNOWN: truths.unknown}


def among(wanted: Collection[T], ways: Ways[T]) -> Bool:
    """Whether a value is one of those wanted, by those that are fewer: the wanted, or the rest."""
    rest = [value for value in ways if value not in wanted]
    if len(rest) < len(wanted):
        return opposite(either(*(ways[value] for value in rest)))
    return either(*(ways[value] for value in wanted))
