"""What operators mean, for any two values."""

from __future__ import annotations

from casescreen.conditions.operators import HOLDS
from casescreen.model.condition import Operator
from casescreen.rulebook.field_tests import OPERATORS


def test_every_operator_has_a_meaning_and_a_kind_that_takes_it() -> None:
    """So the property tests, which draw the operators of each kind, compare the ways of deciding on all of them."""
    assert {operator for each in OPERATORS.values() for operator in each} == set(Operator) == set(HOLDS)
