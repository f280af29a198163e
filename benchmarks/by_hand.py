"""Ten criteria of sqs-2016 as a programmer would write them by hand: the yardstick for evidence.

Each function gives the outcome of one criterion for a case, with None for what is not known. `run.py` checks that they
agree with the rules on every case before it measures anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.case import Case
from casescreen.model.outcome import Outcome

ByHand = Callable[[Case, date, WorkingCalendar], Outcome]

FIFTEEN, TWENTY, ONE = (Duration(count, Unit.WORKING_DAY) for count in (15, 20, 1))


def _every(values: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _some(values: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for value in values:
        if value:
            return True
        if value is None:
            result = None
    return result


def _outcome(applies: bool | None, met: bool | None) -> Outcome:
    if applies is None:
        return Outcome.NOT_EVIDENCED
    if not applies:
        return Outcome.NOT_APPLICABLE
    if met is None:
        return Outcome.NOT_EVIDENCED
    return Outcome.MET if met else Outcome.NOT_MET


def _by(met: bool | None, deadline: date | None, as_of: date) -> Outcome:
    if met:
        return Outcome.MET
    if deadline is None:
        return Outcome.NOT_EVIDENCED
    if as_of <= deadline:
        return Outcome.NOT_YET_DUE
    return Outcome.NOT_EVIDENCED if met is None else Outcome.NOT_MET


def _done(said: Any, day: Any) -> bool | None:
    if said or day is not None:
        return True
    return False if said is False else None


def _plan_exists(case: Case) -> bool | None:
    return _done(case.fields.get("plan.exists"), case.fields.get("plan.completed_on"))


def _deadline(case: Case, calendar: WorkingCalendar) -> date | None:
    start, order = case.fields.get("order.starts_on"), case.fields.get("order.type")
    if not isinstance(start, date) or order is None:
        return None
    return calendar.deadline(start, TWENTY if order == "referral order" else FIFTEEN)


def plan_at_start(case: Case, as_of: date, calendar: WorkingCalendar) -> Outcome:
    """A plan exists, due some working days from the start."""
    required = case.fields.get("order.requires_plan")
    if not required:
        return Outcome.NOT_APPLICABLE if required is False else Outcome.NOT_EVIDENCED
    return _by(_plan_exists(case), _deadline(case, calendar), as_of)


def plan_timely(case: Case, _as_of: date, calendar: WorkingCalendar) -> Outcome:
    """The plan was completed within some working days of the start."""
    completed, last = case.fields.get("plan.completed_on"), _deadline(case, calendar)
    met = completed <= last if isinstance(completed, date) and last is not None else None
    return _outcome(_plan_exists(case), met)


def plan_addresses_assessed_issues(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Every concern linked to the offending is covered by an objective."""
    concerns, objectives = case.tables.get("concerns"), case.tables.get("objectives")
    linked = None if concerns is None else _some(row.get("linked_to_offending") for row in concerns)  # type: ignore[misc]
    applies = _every((_plan_exists(case), linked))
    if not applies or concerns is None:
        return _outcome(applies, met=None)
    addressed = None if objectives is None else {row.get("addresses") for row in objectives}
    return _outcome(applies, _every(_covered(row, addressed) for row in concerns))


def _covered(row: Any, addressed: set[Any] | None) -> bool | None:
    linked, area = row.get("linked_to_offending"), row.get("area")
    if linked is False:
        return True
    if area is None or addressed is None:
        return None
    if area in addressed:
        return True
    return None if None in addressed or linked is None else False


def victim_awareness_objective(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Some objective is for awareness of victims."""
    rows = case.tables.get("objectives")
    met = None
    if rows is not None:
        areas = [row.get("addresses") for row in rows]
        met = _some(None if area is None else area == "awareness of victims" for area in areas)
    return _outcome(_plan_exists(case), met)


def education_provision(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Action is recorded where education is not suitable."""
    suitable = case.fields.get("education.suitable")
    applies = None if suitable is None else not suitable
    return _outcome(applies, case.fields.get("education.action_recorded"))  # type: ignore[arg-type]


def plan_reviewed(case: Case, as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Every review of the plan that was due was done by its date."""
    rows = case.tables.get("reviews")
    if rows is None:
        return Outcome.NOT_EVIDENCED
    due = [_every((_is(row.get("of"), "plan"), _before(row.get("due_on"), as_of))) for row in rows]
    met = _every(
        True if chosen is False else _met_or_unknown(chosen, _in_time(row))
        for chosen, row in zip(due, rows, strict=True)
    )
    return _outcome(_some(due), met)


def _is(value: Any, wanted: str) -> bool | None:
    return None if value is None else value == wanted


def _before(day: Any, other: date) -> bool | None:
    return None if day is None else day < other


def _in_time(row: Any) -> bool | None:
    done_on, due_on = row.get("done_on"), row.get("due_on")
    in_time = None if done_on is None or due_on is None else done_on <= due_on
    return _every((_done(row.get("done"), done_on), in_time))


def _met_or_unknown(chosen: bool | None, met: bool | None) -> bool | None:
    return met if chosen or met else None


def victim_safety_addressed(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """The plan says how victims are kept safe, where there is someone to protect."""
    rows = case.tables.get("victims")
    protect = None if rows is None else _some(row.get("to_be_protected") for row in rows)  # type: ignore[misc]
    applies = _every((case.fields.get("harm.factors_to_manage"), protect))  # type: ignore[arg-type]
    return _outcome(applies, case.fields.get("plan.victim_safety_stated"))  # type: ignore[arg-type]


def information_sharing_stated(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """It is stated how information is shared, where others are involved."""
    fields = case.fields
    return _outcome(fields.get("plan.other_workers_involved"), fields.get("plan.information_sharing_stated"))  # type: ignore[arg-type]


def cse_tool_completed(case: Case, as_of: date, calendar: WorkingCalendar) -> Outcome:
    """The tool was completed, due some working days from the start."""
    done = _done(case.fields.get("cse.tool_completed"), case.fields.get("cse.tool_completed_on"))
    return _by(done, _deadline(case, calendar), as_of)


def non_compliance_response(case: Case, _as_of: date, calendar: WorkingCalendar) -> Outcome:
    """Every failure to comply has a response in time."""
    rows = case.tables.get("non_compliance")
    applies = _every((case.fields.get("engagement.struggled"), None if rows is None else bool(rows)))  # type: ignore[arg-type]
    met = None if rows is None else _every(_answered_in_time(row, calendar) for row in rows)
    return _outcome(applies, met)


def _answered_in_time(row: Any, calendar: WorkingCalendar) -> bool | None:
    occurred, responded = row.get("occurred_on"), row.get("responded_on")
    in_time = None if occurred is None or responded is None else responded <= calendar.deadline(occurred, ONE)
    return _every((_done(row.get("responded"), responded), in_time))


TEN: dict[str, ByHand] = {
    "plan-at-start": plan_at_start,
    "plan-timely": plan_timely,
    "plan-addresses-assessed-issues": plan_addresses_assessed_issues,
    "victim-awareness-objective": victim_awareness_objective,
    "education-provision": education_provision,
    "plan-reviewed": plan_reviewed,
    "victim-safety-addressed": victim_safety_addressed,
    "information-sharing-stated": information_sharing_stated,
    "cse-tool-completed": cse_tool_completed,
    "non-compliance-response": non_compliance_response,
}
