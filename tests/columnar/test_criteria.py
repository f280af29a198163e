"""The outcome table over columns is the outcome table."""

from __future__ import annotations

import pytest

from casescreen.columnar.criteria import outcomes
from casescreen.columnar.expressions import Kleene
from casescreen.model.condition import Truth
from casescreen.model.outcome import EVERY_STANDING, Deadline, ReadersAnswer, Standing, decide


def _truths(value: Truth) -> Kleene:
    return Kleene(value is Truth.TRUE, value is Truth.FALSE)


@pytest.mark.parametrize("standing", EVERY_STANDING, ids=str)
def test_every_standing_has_the_outcome_of_the_table(standing: Standing) -> None:
    """Of every standing, exactly the outcome that is decided for it holds."""
    found = outcomes(
        standing.basis,
        _truths(standing.applies),
        {answer: answer is standing.answer for answer in ReadersAnswer},
        _truths(standing.met),
        {deadline: deadline is standing.deadline for deadline in Deadline},
    )
    assert found == {decide(standing): True}
