"""Days written as text, and which of day and month comes first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.cases.tables.cells import DateOrder, day_in, has_short_year, order_of
from casescreen.model.problem import Fault

_NINTH = date(2016, 5, 9)


@pytest.mark.parametrize(
    "text",
    [
        "2016-05-09",
        " 2016-05-09 ",
        "2016-05-09 14:03",
        "2016-05-09T14:03:59.123Z",
        "9 May 2016",
        "09-may-2016",
        "9-MAY-2016",
        "9th May 2016",
        "9 May. 2016",
    ],
)
def test_a_day_that_can_be_read_in_one_way_is_read(text: str) -> None:
    """The order of the column makes no difference to it."""
    assert {day_in(text, order) for order in DateOrder} == {_NINTH}


@pytest.mark.parametrize("text", ["09/05/2016", "9.5.2016", "09-05-2016", "9/5/2016 00:00"])
def test_a_day_in_figures_is_read_in_the_order_given(text: str) -> None:
    """Day first and month first are two different days, and without an order it is neither."""
    assert day_in(text, DateOrder.DAY_FIRST) == _NINTH
    assert day_in(text, DateOrder.MONTH_FIRST) == date(2016, 9, 5)
    unclear, mixed = day_in(text, DateOrder.UNCLEAR), day_in(text, DateOrder.MIXED)
    assert isinstance(unclear, Fault)
    assert unclear.what.startswith(f"{text} can be read day first or month first")
    assert isinstance(mixed, Fault)
    assert mixed.what.startswith(f"{text} stands in a column")
    assert "mapping" in mixed.advice


@pytest.mark.parametrize("order", DateOrder)
def test_a_day_that_there_never_was_is_told_as_such(order: DateOrder) -> None:
    """Whatever the column, 31 February is no day, and it says nothing about the others."""
    found = day_in("31/02/2016", order)
    assert isinstance(found, Fault)
    assert found.what == "31/02/2016 is not a day in the calendar"


def test_the_same_day_in_both_orders_needs_none() -> None:
    """5 May is 05/05 whichever comes first, but not in a column that fits neither order."""
    assert day_in("05/05/2016", DateOrder.UNCLEAR) == date(2016, 5, 5)
    assert isinstance(day_in("05/05/2016", DateOrder.MIXED), Fault)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("09/05/16", "two figures"),
        ("9-5-16", "two figures"),
        ("9 May 16", "two figures"),
        ("2026/16/9", "is not a date"),
        ("30/02/2016", "not a day in the calendar"),
        ("2016-02-30", "not a day in the calendar"),
        ("31 June 2016", "not a day in the calendar"),
        ("42499", "is not a date"),
        ("9 Mai 2016", "is not a date"),
        ("05-2016", "is not a date"),
        ("9/5.2016", "is not a date"),
        ("\u0660\u0669/\u0660\u0665/\u0662\u0660\u0661\u0666", "is not a date"),
        ("9/5/2016 and later", "is not a date"),
    ],
)
def test_what_is_no_day_is_told(text: str, told: str) -> None:
    """Nothing is guessed, and no part of a text is passed over."""
    found = day_in(text, DateOrder.DAY_FIRST)
    assert isinstance(found, Fault)
    assert told in found.what


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["13/05/2016", "01/02/2016"], DateOrder.DAY_FIRST),
        (["01/02/2016", "05/13/2016"], DateOrder.MONTH_FIRST),
        (["01/02/2016", "03/04/2016"], DateOrder.UNCLEAR),
        (["13/05/2016", "05/13/2016"], DateOrder.MIXED),
        (["32/01/2016", "13/02/2016"], DateOrder.DAY_FIRST),
        (["31/02/2016"], DateOrder.UNCLEAR),
        (["2016-05-13", "", "no date"], DateOrder.UNCLEAR),
        ([], DateOrder.UNCLEAR),
    ],
)
def test_the_whole_column_tells_the_order(texts: list[str], order: DateOrder) -> None:
    """One day above 12 makes the order plain; two that disagree make it no order at all."""
    assert order_of(texts, beside_dates=False) is order


def test_days_in_figures_beside_real_dates_are_never_clear() -> None:
    """A program that took month-first days for day-first ones leaves such a column, with the dates wrong."""
    assert order_of(["13/05/2016"], beside_dates=True) is DateOrder.BESIDE_DATES
    assert order_of(["2016-05-13"], beside_dates=True) is DateOrder.UNCLEAR


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1))
def test_a_column_is_read_as_it_was_written_or_not_at_all(days: list[date]) -> None:
    """Whatever days are written day first, none comes out as another day."""
    texts = [day.strftime("%d/%m/") + f"{day.year:04}" for day in days]
    order = order_of(texts, beside_dates=False)
    read = [day_in(text, order) for text in texts]
    assert order in {DateOrder.DAY_FIRST, DateOrder.UNCLEAR}
    assert all(found == day or isinstance(found, Fault) for found, day in zip(read, days, strict=True))
    assert order is DateOrder.UNCLEAR or read == days


_TAKEN_ON = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("18/9/26", date(2026, 9, 18)),
        ("4.9.26", date(2026, 9, 4)),
        ("3-Jun-26", date(2026, 6, 3)),
        ("20 Sept 26", date(2026, 9, 20)),
        ("1st Dec 26", date(2026, 12, 1)),
        ("28/11/27", date(2027, 11, 28)),
        ("4.9.26 09:30", date(2026, 9, 4)),
    ],
)
def test_a_year_of_two_figures_is_of_this_century(text: str, day: date) -> None:
    """Up to a year after the records were taken, and in the order of the column."""
    assert day_in(text, DateOrder.DAY_FIRST, _TAKEN_ON) == day
    assert has_short_year(text)


@pytest.mark.parametrize("text", ["29/11/27", "4.9.85", "3 Jun 31"])
def test_a_year_of_two_figures_far_ahead_is_not_read(text: str) -> None:
    """It may be of the last century as well."""
    found = day_in(text, DateOrder.DAY_FIRST, _TAKEN_ON)
    assert isinstance(found, Fault)
    assert "more than a year ahead" in found.what
    assert found.unquoted.startswith("its year has two figures, and ")


def test_a_year_of_two_figures_needs_an_order_and_tells_it() -> None:
    """As one of four figures does; with dashes it can be the year first, and is never read."""
    assert order_of(["18/9/26", "4.9.26"], beside_dates=False) is DateOrder.DAY_FIRST
    assert isinstance(day_in("4.9.26", DateOrder.UNCLEAR, _TAKEN_ON), Fault)
    assert isinstance(day_in("26-09-18", DateOrder.DAY_FIRST, _TAKEN_ON), Fault)
    assert order_of(["26-09-18"], beside_dates=False) is DateOrder.UNCLEAR


def test_september_has_two_short_names() -> None:
    """Three letters, and four."""
    assert day_in("20 Sept 2026", DateOrder.UNCLEAR) == day_in("20-sep-2026", DateOrder.UNCLEAR) == date(2026, 9, 20)
    assert not has_short_year("20 Sept 2026")
    assert not has_short_year("soon")
