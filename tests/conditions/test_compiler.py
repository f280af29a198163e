"""Conditions compiled: what stands in several is asked of a case once, and of each case and row for itself."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from casescreen.conditions.compiler import NO_ROW, Context, SharedConditions, compile_condition
from casescreen.model.calendar import WorkingCalendar
from casescreen.model.case import Case
from casescreen.model.condition import All, Any, Compare, Condition, Literal, Not, Operator, Truth
from casescreen.model.dictionary import Field, Kind

ASKED: list[object] = []
NEVER = WorkingCalendar("none", "None", date(2016, 1, 1), date(2016, 1, 2), frozenset(), "")
CONTEXT = Context(date(2016, 5, 9), NEVER, {})


def holds(value: object, other: object) -> bool:
    ASKED.append(value)
    return value == other


IS = Operator("is", (Kind.NUMBER,), holds)


def compared(name: str, number: int, table: str = "") -> Compare:
    return Compare(Field(name, name, Kind.NUMBER, "", table=table), IS, Literal(number))


OPEN = All((compared("job.open", 1), compared("job.started", 1)))
BOTH: tuple[Condition, Condition] = (Any((OPEN, compared("job.other", 1))), Not(OPEN))


def case(open_: int) -> Case:
    return Case("A", {"case.id": "A", "job.open": open_, "job.started": 1, "job.other": 0}, {})


def test_a_shared_condition_is_asked_once_of_a_case_and_of_each_case() -> None:
    """What two conditions have in common is worked out once for a case, and anew for the next."""
    context = evolve(CONTEXT, shared=SharedConditions(BOTH))
    either, denied = (compile_condition(one, context) for one in BOTH)
    for open_, expected in ((1, Truth.TRUE), (0, Truth.FALSE), (1, Truth.TRUE)):
        ASKED.clear()
        record = case(open_)
        found = either(record, NO_ROW), denied(record, NO_ROW)
        assert found == (expected, Truth.FALSE if expected is Truth.TRUE else Truth.TRUE)
        assert len(ASKED) == 2, "both parts of what they share; or the first, and what stands beside it"
    alone = [compile_condition(one, CONTEXT) for one in BOTH]
    ASKED.clear()
    assert [test(record, NO_ROW) for test in alone] == [Truth.TRUE, Truth.FALSE]
    assert len(ASKED) == 4, "without sharing it is asked twice"


def test_what_depends_on_a_row_is_asked_of_each() -> None:
    """What reads a column is no part of it: a case has many rows."""
    fits = All((compared("size", 1, "parts"), compared("job.open", 1)))
    both = (Any((fits, compared("job.other", 1))), Not(fits))
    context = evolve(CONTEXT, shared=SharedConditions(both))
    either, record = compile_condition(both[0], context), case(1)
    assert [either(record, {"size": size}) for size in (1, 2, 1)] == [Truth.TRUE, Truth.FALSE, Truth.TRUE]
