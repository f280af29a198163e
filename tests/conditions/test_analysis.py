"""What a condition reads, and what it is made of."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from bicycle_repairs import BIKES

from casescreen.conditions.analysis import all_reads, can_lack_evidence, fields_read, reads_key
from casescreen.conditions.operators import AFTER, AT_LEAST, BEFORE, IN, IS
from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Case
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
from casescreen.model.outcome import Basis
from casescreen.model.rulebook import (
    Criterion,
    DerivedField,
    DerivedSource,
    Document,
    Due,
    Parameter,
    Severity,
    Source,
    Status,
    Variation,
)
from casescreen.rulebook.load import load_rulebook

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


def derived(name: str, *sources: DerivedSource, table: str = "") -> DerivedField:
    return DerivedField(Field(name, name, Kind.DATE, "Made up.", table=table), sources)


def there(*fields: Field) -> Condition:
    return All(tuple(Recorded(field, expected=True) for field in fields))


IS_REPAIR = Compare(SORT, IS, Literal("repair"))
WEEK = Literal(Duration(1, Unit.WEEK))
START = derived("clock.start", DerivedSource(IS_REPAIR, BOOKED), DerivedSource(None, READY))
CHECK = derived("clock.check", DerivedSource(None, START.field, plus=FromParameter("dear")))
SEEN = derived("seen_on", DerivedSource(there(FOUND), FOUND), DerivedSource(None, CHECK.field), table="faults")
DERIVED = (START, CHECK, SEEN)
OF_START = {START.field, SORT, BOOKED, READY}


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        (Recorded(READY, expected=True), {("", READY)}),
        (Recorded(START.field, expected=True), {("", one) for one in OF_START}),
        (Recorded(CHECK.field, expected=True), {("", one) for one in (*OF_START, CHECK.field)}),
        (Compare(SEEN.field, BEFORE, AsOf()), {("", one) for one in (*OF_START, CHECK.field, SEEN.field, FOUND)}),
        (
            OverRows(Quantifier.SOME, "faults", None, Compare(SEEN.field, BEFORE, AsOf())),
            {("faults", one) for one in (*OF_START, CHECK.field, SEEN.field, FOUND, None)},
        ),
    ],
)
def test_a_derived_field_reads_what_it_comes_from(condition: Condition, read: set[tuple[str, Field | None]]) -> None:
    """Its sources, their conditions and parameters, and what other derived fields among them come from."""
    assert set(all_reads(condition, {"dear": DEAR}, DERIVED)) == read


def test_however_derived_fields_name_one_another_it_is_quick() -> None:
    """Each is gone through once, though there are more ways through them than can be counted."""
    chain = [derived("clock.d0", DerivedSource(None, BOOKED))]
    for number in range(1, 60):
        last, when = chain[-1].field, Recorded(chain[-1].field, expected=True)
        chain.append(derived(f"clock.d{number}", DerivedSource(when, last), DerivedSource(None, last)))
    asked = Compare(chain[-1].field, BEFORE, AsOf())
    assert len(all_reads(asked, {}, chain)) == 61
    assert can_lack_evidence(evolve(ASKED, met=asked), {}, chain)


ASKED = Criterion(
    "c", "t", "C", "C?", Basis.EVIDENCE, Severity.LOW, Source(Document("d", "A document")), "", "case.manager"
)
PAID = Field("job.paid_on", "paid", Kind.DATE, "Made up.")
FROM_START = Within(PAID, WEEK, START.field)
IF_BOOKED = derived("clock.start", DerivedSource(there(BOOKED), BOOKED), DerivedSource(None, READY))
ALWAYS = derived("clock.start", DerivedSource(IS_REPAIR, None, date(2020, 1, 1)), DerivedSource(None, BOOKED))
VARIES = derived("clock.start", DerivedSource(None, BOOKED, plus=FromParameter("dear")))


@pytest.mark.parametrize(
    ("start", "recorded", "lacks"),
    [
        (START, (START.field,), True),  # the type may not be recorded
        (START, (SORT, START.field), False),
        (START, (SORT, READY), True),
        (IF_BOOKED, (START.field,), False),
        (IF_BOOKED, (BOOKED,), False),
        (IF_BOOKED, (READY,), False),
        (IF_BOOKED, (), True),
        (ALWAYS, (SORT, BOOKED), False),
        (evolve(ALWAYS, sources=ALWAYS.sources[:1]), (SORT,), True),
        (VARIES, (BOOKED,), True),
        (VARIES, (BOOKED, SORT), False),
    ],
)
def test_whether_evidence_can_be_lacking_follows_derived_fields(
    start: DerivedField, recorded: tuple[Field, ...], lacks: bool
) -> None:
    """A derived field is not independent of what it comes from: what is asked first may always settle it."""
    criterion = evolve(ASKED, applies=there(PAID, *recorded), met=FROM_START)
    assert can_lack_evidence(criterion, {"dear": DEAR}, (start,)) is lacks


def test_what_is_not_known_has_another_key_than_what_is_not_recorded() -> None:
    """Records of which one has a value that cannot be used, and the other has none, have no proof in common."""
    bikes = load_rulebook(BIKES)
    wheels = bikes.dictionary.fields["bike.wheels"]
    key = reads_key(Recorded(wheels, expected=True), bikes)
    assert key(Case("A", {}, {}), {}) != key(Case("A", {"bike.wheels": None}, {}), {})
