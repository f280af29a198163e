"""The outcome table, against the table of the design written out by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from casescreen.model.condition import Truth
from casescreen.model.outcome import (
    EVERY_STANDING,
    OUTCOME_TABLE,
    Basis,
    Deadline,
    Outcome,
    ReadersAnswer,
    Standing,
    decide,
)


def by_hand(standing: Standing) -> Outcome:
    """The design's table, read from the top as a person would."""
    if standing.applies is Truth.FALSE:
        return Outcome.NOT_APPLICABLE
    if standing.applies is Truth.UNKNOWN:
        return Outcome.NOT_EVIDENCED
    if standing.basis is Basis.JUDGEMENT:
        answered = {
            ReadersAnswer.YES: Outcome.MET,
            ReadersAnswer.NO: Outcome.NOT_MET,
            ReadersAnswer.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
        }
        unanswered = Outcome.NOT_YET_DUE if standing.deadline is Deadline.AHEAD else Outcome.NEEDS_JUDGEMENT
        return answered.get(standing.answer, unanswered)
    if standing.met is Truth.TRUE:
        return Outcome.MET
    if standing.deadline is Deadline.AHEAD:
        return Outcome.NOT_YET_DUE
    if standing.deadline is Deadline.UNKNOWN or standing.met is Truth.UNKNOWN:
        return Outcome.NOT_EVIDENCED
    return Outcome.NOT_MET


@pytest.mark.parametrize("standing", EVERY_STANDING, ids=str)
def test_table_says_what_the_design_says(standing: Standing) -> None:
    """Every standing has the outcome that the design gives it."""
    assert decide(standing) is by_hand(standing)


def test_each_standing_has_exactly_one_line() -> None:
    """The lines of the table do not overlap and leave no gap, so their order carries no meaning."""
    covered = Counter(standing for row in OUTCOME_TABLE for standing in row.standings())
    assert set(covered) == set(EVERY_STANDING)
    assert set(covered.values()) == {1}


def test_missing_data_is_never_failure() -> None:
    """No standing in which everything that could be recorded is unknown is `not met`."""
    outcomes = {
        decide(standing)
        for standing in EVERY_STANDING
        if standing.met is Truth.UNKNOWN and standing.answer is ReadersAnswer.NONE
    }
    assert Outcome.NOT_MET not in outcomes


def test_a_reader_never_overrules_facts() -> None:
    """For a criterion that facts decide, the outcome is the same whatever a reader answered."""
    for standing in EVERY_STANDING:
        if standing.basis is Basis.EVIDENCE:
            others = {
                decide(Standing(standing.basis, standing.applies, answer, standing.met, standing.deadline))
                for answer in ReadersAnswer
            }
            assert others == {decide(standing)}
