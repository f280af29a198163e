"""What a condition reads, and what it is made of."""

from __future__ import annotations

from datetime import date

import pytest

from casescreen.conditions.analysis import fields_read
from casescreen.conditions.operators import AFTER, AT_LEAST, BEFORE, IN, IS
from casescreen.model.calendar import Duration, Unit
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Literal,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Within,
    walk,
)
from casescreen.model.dictionary import Field, Kind
from casescreen.model.rulebook import Document, Due, Parameter, Source, Status, Variation

BOOKED = Field("job.booked_on", "booked", Kind.DATE, "Made up.")
READY = Field("job.ready_on", "ready", Kind.DATE, "Made up.")
PRICE = Field("job.price", "price", Kind.NUMBER, "Made up.")
SORT = Field("job.type", "type", Kind.TEXT, "Made up.")
PART = Field("part", "part", Kind.TEXT, "Made up.", table="faults")
FOUND = Field("found_on", "found", Kind.DATE, "Made up.", table="faults")
STOCK = Field("name", "name", Kind.TEXT, "Made up.", table="stock")
DEAR = Parameter("dear", "dear", 50, Status.OURS, Source(Document("d", "A document")), (Variation(SORT, "repair", 80),))
IS_PART = Compare(PART, IS, Literal("brake"))
SINCE = Compare(FOUND, AFTER, FromField(BOOKED))


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        (Compare(SORT, IN, Literal(("repair",))), {("", SORT)}),
        (Compare(READY, BEFORE, AsOf()), {("", READY)}),
        (Compare(READY, BEFORE, FromField(BOOKED)), {("", READY), ("", BOOKED)}),
        (Compare(PRICE, AT_LEAST, FromParameter("dear")), {("", PRICE), ("", SORT)}),
        (Recorded(PRICE, expected=False), {("", PRICE)}),
        (Within(READY, Literal(Duration(1, Unit.DAY)), BOOKED), {("", READY), ("", BOOKED)}),
        (
            Within(READY, Literal(Duration(1, Unit.DAY)), BOOKED, FromParameter("dear")),
            {("", READY), ("", BOOKED), ("", SORT)},
        ),
        (Not(All((Recorded(PRICE, expected=True), Any((IS_PART,))))), {("", PRICE), ("", PART)}),
        (Count("faults", None, 1, None), {("faults", None)}),
        (Count("faults", SINCE, 1, None), {("faults", None), ("faults", FOUND), ("faults", BOOKED)}),
        (OverRows(Quantifier.SOME, "faults", None, IS_PART), {("faults", None), ("faults", PART)}),
        (
            OverRows(Quantifier.EVERY, "faults", SINCE, IS_PART),
            {("faults", one) for one in (None, FOUND, BOOKED, PART)},
        ),
        (
            Covered("faults", SINCE, PART, STOCK),
            {*(("faults", one) for one in (PART, FOUND, BOOKED)), ("stock", STOCK)},
        ),
        (Due(FromParameter("dear"), READY).known, {("", READY), ("", SORT)}),
    ],
)
def test_all_that_a_condition_reads_is_known(condition: Condition, read: set[tuple[str, Field | None]]) -> None:
    """Both sides, what a parameter varies by, and what is asked of each row, with the table that is gone through."""
    assert set(fields_read(condition, {"dear": DEAR})) == read


def test_a_walk_comes_by_every_condition_once() -> None:
    """Outermost first, through combinations and through what is asked of rows."""
    rows = OverRows(Quantifier.EVERY, "faults", SINCE, Not(IS_PART))
    paid = Compare(BOOKED, IS, Literal(date(2020, 1, 1)))
    every = All((rows, Any((paid,)), Count("faults", SINCE, 1, None)))
    assert list(walk(every)) == [every, rows, SINCE, Not(IS_PART), IS_PART, Any((paid,)), paid, every.parts[2], SINCE]
