"""Derived fields: what they come to, what is said of them, and what is told where they are not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from casescreen.api import screen
from casescreen.columnar.frames import frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.findings import explain
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.model.case import Case, Caseload, Row, Unreadable
from casescreen.model.condition import Recorded
from casescreen.model.dictionary import Value
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook, Severity
from casescreen.model.screening import Finding, Screening
from casescreen.report.finding_explanation import explain_finding
from casescreen.report.rulebook_guide import dictionary_text, rule_text
from casescreen.rulebook.load import load_rulebook

AS_OF = date(2020, 6, 1)
MAY = [date(2020, 5, day) for day in range(1, 32)]
DERIVED = """
[derived.clock.start]
label = "day from which time counts"
type = "date"
meaning = "The day it was ready for a rebuild, the booking for other jobs to which the customer agreed."
[[derived.clock.start.from]]
when = { field = "job.type", is = "rebuild" }
field = "job.ready_on"
[[derived.clock.start.from]]
when = { field = "job.agreed", is = true }
field = "job.booked_on"
[[derived.clock.start.from]]
when = { field = "job.price", at_least = 1000 }
value = 2020-05-01
[derived.clock.check]
label = "day of the check"
type = "date"
meaning = "The last day for it."
[[derived.clock.check.from]]
field = "clock.start"
plus = "$ready_within"
[derived.clock.sort]
label = "sort of job"
type = "choice"
allowed = ["large", "service", "repair", "rebuild"]
meaning = "Its type, or large."
[[derived.clock.sort.from]]
when = { count = "faults", at_least = 2 }
value = "large"
[[derived.clock.sort.from]]
field = "job.type"

[derived.faults.seen_on]
label = "seen on"
type = "date"
meaning = "Its own day, or two days after the clock started."
[[derived.faults.seen_on.from]]
when = { field = "found_on", recorded = true }
field = "found_on"
[[derived.faults.seen_on.from]]
field = "clock.start"
plus = "2 working days"
"""
TIMELY = """
title = "The job was checked in time"
question = "Was the job checked in time?"
kind = "evidence"
severity = "high"
source = { document = "handbook", paragraph = "2" }
remedy = "Check it."
applies = { field = "clock.sort", is_not = "service" }
met = { field = "job.ready_on", on_or_before = { field = "clock.check" } }
due = { within = "3 days", of = "clock.start" }

[[example]]
given = { job.type = "repair", job.agreed = true, job.booked_on = 2020-05-01, job.ready_on = 2020-05-05, faults = [] }
outcome = "met"
[[example]]
given = { job.type = "repair", job.agreed = true, job.booked_on = 2020-05-01, job.ready_on = 2020-05-12, faults = [] }
outcome = "not met"
[[example]]
given = { job.type = "service", faults = [] }
outcome = "not applicable"
[[example]]
given = { job.type = "repair", job.agreed = true, job.booked_on = 2020-05-30, faults = [] }
outcome = "not yet due"
[[example]]
given = { job.type = "repair", faults = [] }
outcome = "not evidenced"
"""
SEEN = """
title = "The fault was seen early"
question = "Was the fault seen early?"
kind = "evidence"
severity = "medium"
source = { document = "handbook", paragraph = "9" }
remedy = "Look sooner."
per = { table = "faults" }
met = { field = "seen_on", within = "3 days", of = "clock.start" }

[[example]]
given = { job.agreed = true, job.booked_on = 2020-05-01, job.type = "repair", faults = [ { name = "F1" } ] }
outcome = "not met"
[[example]]
given = { job.agreed = true, job.booked_on = 2020-05-05, job.type = "repair", faults = [ { name = "F1" } ] }
outcome = "met"
[[example]]
given = { faults = [] }
outcome = "not applicable"
[[example]]
given = {}
outcome = "not evidenced"
"""
REPAIR: dict[str, Value | None] = {"job.type": "repair", "job.agreed": True, "job.booked_on": MAY[0]}


@pytest.fixture
def rulebook(workshop: Path) -> Rulebook:
    """A rulebook whose clock starts now here, now there."""
    with (workshop / "dictionary.toml").open("a", encoding="utf-8") as file:
        file.write(DERIVED)
    (workshop / "1-bookings" / "checked-in-time.toml").write_text(TIMELY, encoding="utf-8")
    (workshop / "2-repairs" / "seen-early.toml").write_text(SEEN, encoding="utf-8")
    return load_rulebook(workshop)


def record(fields: Mapping[str, Value | None], **tables: list[Row]) -> Case:
    return Case("J-1", {"case.id": "J-1", **fields}, {name: tuple(rows) for name, rows in tables.items()})


def screened(rulebook: Rulebook, case: Case, as_of: date = AS_OF) -> Screening:
    """Its screening, which is the same in columns."""
    ordinary = screen(rulebook, Caseload((case,), ""), as_of=as_of)
    bulk = screen(rulebook, Caseload((case,), ""), as_of=as_of, engine="bulk")
    assert (bulk.findings, bulk.issues, bulk.conclusions) == (ordinary.findings, ordinary.issues, ordinary.conclusions)
    return ordinary


def found(rulebook: Rulebook, criterion: str, case: Case) -> Finding:
    return next(one for one in screened(rulebook, case).findings if one.criterion == criterion)


NOTHING = object()


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({**REPAIR}, "clock.start", MAY[0]),
        ({**REPAIR, "job.type": "rebuild", "job.ready_on": MAY[4]}, "clock.start", MAY[4]),
        ({**REPAIR, "job.type": "rebuild"}, "clock.start", NOTHING),
        ({**REPAIR, "job.agreed": False, "job.price": 1}, "clock.start", NOTHING),
        ({**REPAIR, "job.agreed": False, "job.price": 1000}, "clock.start", MAY[0]),
        ({"job.agreed": True, "job.booked_on": MAY[0]}, "clock.start", None),
        ({**REPAIR, "job.booked_on": None}, "clock.start", None),
        ({**REPAIR, "job.agreed": None}, "clock.start", None),
        ({**REPAIR}, "clock.check", date(2020, 5, 8)),
        ({**REPAIR, "job.type": "rebuild"}, "clock.check", NOTHING),
        ({**REPAIR, "job.type": None}, "clock.check", None),
        ({**REPAIR, "job.booked_on": date(1999, 1, 1)}, "clock.check", None),
        ({**REPAIR}, "clock.sort", None),
    ],
)
def test_the_first_source_that_holds_gives_it(
    rulebook: Rulebook, fields: dict[str, Value | None], name: str, value: object
) -> None:
    """Its value, or a day after it; None where a condition or what it names is not known; nothing if nothing gives it.

    A calendar that does not reach leaves it unknown, and so does a parameter that varies by what is not recorded.
    """
    case = RecordPreparer(rulebook, AS_OF).prepare(record(fields)).case
    assert case.fields.get(name, NOTHING) == value


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        (REPAIR, Outcome.MET),
        ({**REPAIR, "job.type": "rebuild"}, Outcome.NOT_MET),
        ({**REPAIR, "job.agreed": False, "job.price": 1}, Outcome.NOT_MET),
        ({**REPAIR, "job.agreed": None}, Outcome.NOT_EVIDENCED),
        ({**REPAIR, "job.booked_on": None}, Outcome.NOT_EVIDENCED),
        ({**REPAIR, "job.booked_on": date(1999, 1, 1)}, Outcome.NOT_EVIDENCED),
        ({"job.price": 1000, "job.type": None}, Outcome.NOT_EVIDENCED),
        ({"job.agreed": True, "job.booked_on": MAY[0]}, Outcome.NOT_EVIDENCED),
        ({}, Outcome.NOT_EVIDENCED),
    ],
)
def test_whether_it_is_recorded(rulebook: Rulebook, fields: dict[str, Value | None], outcome: Outcome) -> None:
    """Case by case and in columns: it is where it is known, and is not where nothing gives it, if that is known."""
    (asked,) = asking(rulebook, "checked-in-time").criteria
    day = next(one.field for one in rulebook.derived if one.field.name == "clock.check")
    asked = evolve(asked, applies=None, due=None, met=Recorded(day, expected=True))
    only = evolve(rulebook, criteria=(asked,), conclusions=())
    assert found(only, asked.id, record(fields)).outcome is outcome


def test_rows_have_theirs_after_the_case(rulebook: Rulebook) -> None:
    """Each row from its own column or from the case; and conditions on the case may count rows."""
    rows: list[Row] = [{"name": "F1", "found_on": MAY[9]}, {"name": "F2"}, {"name": "F3", "found_on": None}]
    case = RecordPreparer(rulebook, AS_OF).prepare(record(REPAIR, faults=rows)).case
    assert [row.get("seen_on", NOTHING) for row in case.tables["faults"]] == [MAY[9], MAY[4], None]
    assert case.fields["clock.sort"] == "large"
    assert RecordPreparer(rulebook, AS_OF).prepare(record(REPAIR, faults=[])).case.fields["clock.sort"] == "repair"


def test_it_is_worked_out_as_at_the_day(rulebook: Rulebook) -> None:
    """What was recorded later had not happened."""
    case = record({**REPAIR, "job.type": "rebuild", "job.ready_on": MAY[4]})
    assert "clock.start" not in RecordPreparer(rulebook, MAY[3]).prepare(case).case.fields
    assert RecordPreparer(rulebook, MAY[4]).prepare(case).case.fields["clock.start"] == MAY[4]


def test_examples_are_worked_out_too(rulebook: Rulebook) -> None:
    """Those of criteria that read derived fields come out."""
    assert check_examples(rulebook) == ()


@pytest.mark.parametrize(
    ("fields", "outcome", "reason"),
    [
        (
            {**REPAIR, "job.ready_on": MAY[11]},
            Outcome.NOT_MET,
            "Ready on: 12 May 2020, after 8 May 2020 (day of the check). It was due by 4 May 2020.",
        ),
        (
            {**REPAIR, "job.booked_on": None},
            Outcome.NOT_EVIDENCED,
            (
                "It cannot be told when it was due. "
                "The record holds something for booked on that cannot be used: it is no day."
            ),
        ),
        (
            {"job.type": "repair", "job.agreed": True},
            Outcome.NOT_EVIDENCED,
            "It cannot be told when it was due. Not recorded: booked on.",
        ),
        (
            {"job.type": "repair", "job.booked_on": MAY[0]},
            Outcome.NOT_EVIDENCED,
            "It cannot be told when it was due. Not recorded: the customer agreed to the price.",
        ),
        ({}, Outcome.NOT_EVIDENCED, "It cannot be told whether it applies. Not recorded: type of job."),
        (
            {"job.type": "service"},
            Outcome.NOT_APPLICABLE,
            'It does not apply. Type of job: "service".',
        ),
    ],
)
def test_a_reason_names_what_it_came_from(
    rulebook: Rulebook, fields: dict[str, Value | None], outcome: Outcome, reason: str
) -> None:
    """The field of the record, or itself where days were added; and what is missing where it is not known."""
    unreadable = tuple(
        Unreadable(tuple(name.split(".")), "?", "it is no day") for name, value in fields.items() if value is None
    )
    case = Case("J-1", {"case.id": "J-1", **fields}, {"faults": ()}, unreadable=unreadable)
    finding = found(rulebook, "checked-in-time", case)
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_what_is_the_same_is_said_of_no_other_case(rulebook: Rulebook) -> None:
    """Two cases whose derived days are the same, and come from elsewhere, have reasons of their own."""
    faults: dict[str, tuple[Row, ...]] = {"faults": ({"name": "F1", "found_on": MAY[20]},)}
    rebuild: dict[str, Value | None] = {**REPAIR, "job.type": "rebuild", "job.ready_on": MAY[0]}
    cases = Case("1", {"case.id": "1", **REPAIR}, faults), Case("2", {"case.id": "2", **rebuild}, faults)
    findings = screen(rulebook, Caseload(cases, ""), as_of=AS_OF).findings
    reasons = [one.reason for one in findings if one.criterion == "seen-early"]
    assert ["booked on)" in reason for reason in reasons] == [True, False]
    assert ["ready on)" in reason for reason in reasons] == [False, True]


def test_an_explanation_says_why_it_is_not_known(rulebook: Rulebook) -> None:
    """The condition that is open stands under the test, and what was worked out is not said to be recorded."""
    case = record({"job.type": "repair", "job.ready_on": MAY[11]}, faults=[])
    text = _explained(rulebook, case)
    assert "[not known] the customer agreed to the price: yes" in text
    text = _explained(rulebook, record({**REPAIR, "job.ready_on": MAY[11]}, faults=[]))
    assert "Worked out: day of the check: 8 May 2020" in text
    assert "The record says: ready on: 12 May 2020" in text


def _explained(rulebook: Rulebook, case: Case) -> str:
    screening = screened(rulebook, case)
    finding = next(one for one in screening.findings if one.criterion == "checked-in-time")
    return explain_finding(screening, explain(rulebook, case, finding, AS_OF), 100, proof=True)


def test_a_day_beyond_the_calendar_is_told_where_outcomes_rest_on_it(rulebook: Rulebook) -> None:
    """Of the day that was counted from, with how severe the criteria are: case by case, and as so many in columns."""
    case = record({**REPAIR, "job.booked_on": date(1999, 1, 1)}, faults=[{"name": "F1"}])
    only = asking(rulebook, "checked-in-time", "seen-early")
    (issue,) = screened(only, case).issues
    needs = "a deadline needs 1 January 1999, which the calendar of public holidays does not cover"
    assert (issue.problem.what, issue.severity) == (f"clock.start: {needs}", Severity.HIGH)
    assert issue.problem.advice.startswith("Check job.booked_on, from which it comes. ")
    counted = screen_frames(only, [frames_of([case], only.dictionary)], as_of=AS_OF).issue_counts
    assert [(one.where, one.number, one.severity) for one in counted] == [("clock.start", 1, Severity.HIGH)]
    assert screened(asking(rulebook, "price-agreed"), case).issues == ()
    # Though it does not apply to this one.
    case = record({**REPAIR, "job.type": "service", "job.booked_on": date(1999, 1, 1)}, faults=[])
    (issue,) = screened(asking(rulebook, "checked-in-time"), case).issues
    assert issue.problem.what == f"clock.start: {needs}"


def asking(rulebook: Rulebook, *criteria: str) -> Rulebook:
    """The rulebook with these criteria alone, and no conclusions."""
    return evolve(rulebook, criteria=tuple(map(rulebook.criterion.__getitem__, criteria)), conclusions=())


def test_what_is_not_known_is_as_severe_as_what_is_worked_out_from_it(rulebook: Rulebook) -> None:
    """A criterion reads the fields that its derived fields come from."""
    lost = Unreadable(("job", "booked_on"), "?", "it is no day")
    case = Case("J-1", {"case.id": "J-1", **REPAIR, "job.booked_on": None}, {"faults": ()}, unreadable=(lost,))
    (issue,) = screened(asking(rulebook, "seen-early"), case).issues
    assert issue.severity is Severity.MEDIUM
    (issue,) = screened(asking(rulebook, "price-agreed"), case).issues
    assert issue.severity is Severity.LOW


def test_people_are_shown_where_it_comes_from(rulebook: Rulebook) -> None:
    """In the dictionary, and the parameters of a criterion."""
    text = " ".join(dictionary_text(rulebook, 1000).split())
    assert 'ready on, where type of job: "rebuild"; else booked on, where the customer agreed to the price: yes' in text
    assert '5 working days (20 working days where type of job is "rebuild") after day from which time counts.' in text
    assert "time allowed for a job" in rule_text(rulebook, rulebook.criterion["checked-in-time"], 120)
