"""What operators mean, of two values and of columns."""

from __future__ import annotations

import pickle
from datetime import date

import polars as pl
import pytest

from casescreen.conditions import operators
from casescreen.conditions.operators import OPERATORS, operators_of, within_both_ends
from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.condition import Operator, Truth
from casescreen.model.dictionary import Kind, Value

VALUES: dict[Kind, tuple[Value, ...]] = {
    Kind.TEXT: ("red", "reddish", "infrared", "green"),
    Kind.CHOICE: ("red", "reddish", "green"),
    Kind.YES_NO: (True, False),
    Kind.NUMBER: (-1, 0, 3),
    Kind.DATE: (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)),
}
OF_KINDS = [(operator, kind) for kind in Kind for operator in operators_of(kind)]


def test_the_table_has_every_operator_that_there_is() -> None:
    """An operator that is left out of the table, or that no kind of field takes, would never be drawn or read."""
    stated = {one for one in vars(operators).values() if isinstance(one, Operator)}
    assert stated == set(OPERATORS.values()) == {operator for operator, _ in OF_KINDS}
    assert [operator.name for operator in OPERATORS.values()] == list(OPERATORS)


@pytest.mark.parametrize(("operator", "kind"), OF_KINDS)
def test_an_operator_means_the_same_of_columns(operator: Operator, kind: Kind) -> None:
    """Of columns an operator holds where it does of the values, and is null where one is not recorded."""
    values = VALUES[kind]
    others: list[Value | tuple[Value, ...]] = list(values) if operator.for_one is None else [values[:1], values[:2]]
    for other in others:
        column = pl.Series("x", [*values, None], dtype=pl.Enum(map(str, values)) if kind is Kind.CHOICE else None)
        against = tuple(map(pl.lit, other)) if isinstance(other, tuple) else pl.lit(other)
        (found,) = pl.select(operator.over_columns(pl.lit(column), against)).to_dict(as_series=False).values()
        assert found == [*(operator.holds(value, other) for value in values), None]


@pytest.mark.parametrize("operator", [one for one in OPERATORS.values() if one.denies])
def test_a_denial_holds_where_what_it_denies_does_not(operator: Operator) -> None:
    """Of two values that are recorded, either an operator or its denial holds."""
    assert operator.denies is not None
    assert operator.kinds == operator.denies.kinds
    assert operator.words == f"not {operator.denies.words}"
    for values in (VALUES[kind] for kind in operator.kinds):
        others: list[Value | tuple[Value, ...]] = list(values) if operator.for_one is None else [values[:2]]
        assert all(
            operator.holds(one, other) is not operator.denies.holds(one, other) for one in values for other in others
        )


@pytest.mark.parametrize("operator", list(OPERATORS.values()))
def test_an_operator_can_be_sent_to_other_machines(operator: Operator) -> None:
    """A rulebook is sent whole to whatever screens a part, and its operators with it."""
    sent: Operator = pickle.loads(pickle.dumps(operator))  # noqa: S301 - of our own making
    assert (sent, sent.holds, sent.over_columns) == (operator, operator.holds, operator.over_columns)


CALENDAR = WorkingCalendar("c", "C", date(2024, 1, 1), date(2024, 12, 31), frozenset(), "made up")
DAY, MONTH, WORKING = Duration(1, Unit.DAY), Duration(1, Unit.MONTH), Duration(9, Unit.WORKING_DAY)
START = date(2024, 1, 9)


@pytest.mark.parametrize("day", [date(2023, 12, 8), date(2023, 12, 9), date(2024, 1, 10), date(2024, 1, 11)])
def test_elapsed_time_is_not_known_unless_all_of_it_is(day: date) -> None:
    """Both dates, both lengths and both ends: whatever one of them would show alone."""
    known = Truth.TRUE if date(2023, 12, 9) <= day <= date(2024, 1, 10) else Truth.FALSE
    assert within_both_ends(day, MONTH, DAY, START, CALENDAR) is known
    for value, early, limit, start in (
        (None, MONTH, DAY, START),
        (day, None, DAY, START),
        (day, MONTH, None, START),
        (day, MONTH, DAY, None),
        (day, WORKING, DAY, START),
        (day, MONTH, WORKING, date(2024, 12, 24)),
    ):
        assert within_both_ends(value, early, limit, start, CALENDAR) is Truth.UNKNOWN
