"""What falls due month by month, and the rules of a run chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.history.run_chart import RunChart, run_chart
from casescreen.history.store import Duty
from casescreen.model.outcome import Outcome

_FIRST = date(2024, 1, 1)
_AT_50 = (Fraction(50), Fraction(50))


def _month(number: int) -> date:
    return date(2024 + number // 12, number % 12 + 1, 15)


def _duties(months: Sequence[tuple[int, int] | None]) -> Iterator[Duty]:
    for number, shown in enumerate(months):
        met, of = shown or (0, 0)
        for place in range(of):
            yield Duty("a", _month(number), Outcome.MET if place < met else Outcome.NOT_MET)


def _chart(months: Sequence[tuple[int, int] | None]) -> RunChart:
    return run_chart(_duties(months), _FIRST, _month(len(months)))


def test_each_month_counts_what_fell_due_in_it() -> None:
    """Met of what is decided; what is not known stands beside it, and what does not apply nowhere."""
    duties = [Duty("a", date(2024, 1, 31), outcome) for outcome in Outcome]
    duties += [Duty("a", date(2024, 2, 1), Outcome.MET), Duty("a", date(2024, 4, 2), Outcome.MET)]
    chart = run_chart(duties, date(2024, 1, 20), date(2024, 4, 30))
    said = [(point.month.month, point.met, point.of, point.unknown) for point in chart.points]
    assert said == [(1, 1, 2, 2), (2, 1, 1, 0), (3, 0, 0, 0)]
    assert [point.share for point in chart.points] == [50, 100, None]
    assert chart.median == 75


def test_a_month_that_is_not_over_has_no_point() -> None:
    """Nor has one after it; over the end of a year they go on."""
    months = [(1, 1)] * 14
    chart = run_chart(_duties(months), _FIRST, date(2025, 2, 28))
    assert [point.month for point in chart.points][-2:] == [date(2024, 12, 1), date(2025, 1, 1)]


def _shifted(months: Sequence[tuple[int, int] | None]) -> list[int]:
    return [number for number, point in enumerate(_chart(months).points) if point.shifted]


_LOW, _MIDDLE, _HIGH = (2, 10), (5, 10), (8, 10)


@pytest.mark.parametrize(
    ("months", "shifted"),
    [
        ([_LOW] * 7 + [_HIGH] * 7, list(range(14))),
        ([_LOW] * 6 + [_MIDDLE] * 2 + [_HIGH] * 6, []),
        ([_LOW] * 4 + [_MIDDLE] + [_LOW] * 3 + [_HIGH] * 7, [0, 1, 2, 3, 5, 6, 7, *range(8, 15)]),
        ([_LOW] * 4 + [None] + [_LOW] * 3 + [_HIGH] * 7, list(range(8, 15))),
        ([_LOW, _HIGH] * 7, []),
        ([_MIDDLE] * 20, []),
        ([], []),
    ],
)
def test_seven_on_one_side_are_a_shift(months: Sequence[tuple[int, int] | None], shifted: list[int]) -> None:
    """A point on the median neither counts nor ends the row; a gap ends it."""
    if len(months) == 15 and months[4] == _MIDDLE:
        assert _chart(months).median == Fraction(50)
    assert _shifted(months) == shifted


def test_limits_need_twelve_months_of_ten() -> None:
    """Eleven, or twelve of which one has nine, are too few."""
    assert _chart([(5, 10)] * 11).limits is None
    assert _chart([(5, 10)] * 11 + [(4, 9)]).limits is None
    assert _chart([(5, 10)] * 12).limits == _AT_50


def test_limits_are_those_of_the_xmr_chart() -> None:
    """Mean, more and less 2.66 times the mean moving range; what lies outside is said, but not of few duties."""
    months: list[tuple[int, int] | None] = [(50, 100), (52, 100)] * 10
    chart = _chart(months)
    assert chart.limits == (51 - Fraction(532, 100), 51 + Fraction(532, 100))
    assert not any(point.outside for point in chart.points)
    far = _chart([*months, (10, 100), (0, 3)])
    assert [point.outside for point in far.points][-2:] == [True, False]
    assert sum(point.outside for point in far.points) == 1


def test_no_difference_is_taken_over_a_gap() -> None:
    """The level before it and the one after it are no step from one month to the next."""
    with_gap = _chart([*[(20, 100)] * 6, None, *[(80, 100)] * 6])
    assert with_gap.limits == _AT_50
    without = _chart([*[(20, 100)] * 6, *[(80, 100)] * 6])
    assert without.limits is not None
    assert without.limits[0] < 50


@pytest.mark.parametrize(("met", "of", "interval"), [(0, 10, (0, 28)), (10, 10, (72, 100)), (5, 10, (23, 77))])
def test_the_interval_is_wilsons(met: int, of: int, interval: tuple[int, int]) -> None:
    """To whole per cent, outwards; 23.66 to 76.34 of 5 of 10."""
    [point] = _chart([(met, of)]).points
    assert point.interval == interval


@given(st.lists(st.none() | st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_the_chart_holds_whatever_falls_due(months: list[tuple[int, int] | None]) -> None:
    """Every duty is in its month once, limits lie within 0 and 100, and marks stand where there is a point."""
    there = [None if one is None else (min(one), max(one)) for one in months]
    chart = _chart(there)
    assert [(point.met, point.of) for point in chart.points] == [one or (0, 0) for one in there]
    if chart.limits is not None:
        assert 0 <= chart.limits[0] <= chart.limits[1] <= 100
    for point in chart.points:
        assert point.share is not None or not (point.shifted or point.outside)
        assert not point.of or 0 <= point.interval[0] <= 100 * point.met // point.of <= point.interval[1] <= 100
