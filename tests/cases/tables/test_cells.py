"""What a cell says for a field."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from casescreen.cases.tables.cells import Cell, DateOrder, is_blank, value_in
from casescreen.model.dictionary import Field, Kind
from casescreen.model.problem import Fault

_OF = {
    kind: Field("f.f", "f", kind, "", ("referral order", "other order") if kind is Kind.CHOICE else ()) for kind in Kind
}


def _read(cell: Cell, kind: Kind) -> object:
    return value_in(cell, _OF[kind], DateOrder.DAY_FIRST)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.TEXT, " a\nb ", " a\nb "),
        (Kind.TEXT, 12.0, "12"),
        (Kind.TEXT, 2.0**53, "9007199254740992"),
        (Kind.TEXT, 12, "12"),
        (Kind.TEXT, True, "TRUE"),
        (Kind.CHOICE, "referral order", "referral order"),
        (Kind.CHOICE, "  Referral  ORDER ", "referral order"),
        (Kind.CHOICE, "parole", "parole"),
        (Kind.YES_NO, "Yes", True),
        (Kind.YES_NO, "N", False),
        (Kind.YES_NO, True, True),
        (Kind.YES_NO, 1.0, True),
        (Kind.YES_NO, "0", False),
        (Kind.NUMBER, 3.0, 3),
        (Kind.NUMBER, " -3 ", -3),
        (Kind.NUMBER, 2**60, 2**60),
        (Kind.NUMBER, str(2**63 - 1), 2**63 - 1),
        (Kind.DATE, date(2016, 5, 9), date(2016, 5, 9)),
        (Kind.DATE, datetime(2016, 5, 9, 23, 59), date(2016, 5, 9)),  # noqa: DTZ001 - cells have no time zone
        (Kind.DATE, "13/05/2016", date(2016, 5, 13)),
    ],
)
def test_what_can_be_read_in_one_way_is_read(kind: Kind, cell: Cell, value: object) -> None:
    """Spaces and capitals of fixed words make no difference; text stays as it is."""
    found = _read(cell, kind)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (Kind.TEXT, 1.1, "a number (1.1), and text belongs here"),
        (Kind.TEXT, date(2016, 2, 1), "a date (1 February 2016), and text belongs here"),
        (Kind.TEXT, 2.0**53 + 2, "a number"),
        (Kind.CHOICE, date(2016, 2, 1), "a date (1 February 2016), and text belongs here"),
        (Kind.YES_NO, "maybe", '"maybe" is not yes or no'),
        (Kind.YES_NO, 2.0, "a number (2) is not yes or no"),
        (Kind.NUMBER, 3.5, "a number (3.5) is not a whole number"),
        (Kind.NUMBER, "1,000", '"1,000" is not a whole number'),
        (Kind.NUMBER, "\u0663", "is not a whole number"),
        (Kind.NUMBER, True, "yes is not a whole number"),
        (Kind.NUMBER, "9" * 5000, "is not a whole number"),
        (Kind.DATE, 42499.0, "a number (42499), and a date belongs here"),
        (Kind.DATE, time(9, 30), "a time, and a date belongs here"),
        (Kind.DATE, "soon", '"soon" is not a date'),
    ],
)
def test_what_cannot_be_read_in_one_way_is_told(kind: Kind, cell: Cell, told: str) -> None:
    """A reference such as 1.10 that became a number, or 1-2 that became a date, is never taken for the reference."""
    found = _read(cell, kind)
    assert isinstance(found, Fault)
    assert told in found.what
    assert found.advice


@pytest.mark.parametrize(
    ("cell", "blank"), [(None, True), ("", True), (" \n", True), ("0", False), (0, False), (False, False)]
)
def test_a_cell_without_anything_is_blank(cell: Cell, *, blank: bool) -> None:
    """No and nought are something."""
    assert is_blank(cell) is blank
