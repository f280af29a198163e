"""Ten criteria of sqs-2016 as a programmer would write them by hand: the yardstick for evidence.

Each function gives the outcome of one criterion for a case, with None for what is not known. The case is a prepared
one: the derived fields are there, for both. `run.py` checks that they agree with the rules on every case before it
measures anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.case import Case
from casescreen.model.outcome import Outcome

ByHand = Callable[[Case, date, WorkingCalendar], Outcome]

FIFTEEN, TWENTY, TWENTY_FIVE, THIRTY = (Duration(count, Unit.WORKING_DAY) for count in (15, 20, 25, 30))
THREE_MONTHS_BEFORE = Duration(-3, Unit.MONTH)
SUPERVISED = (
    "referral order",
    "youth rehabilitation order",
    "detention and training order",
    "section 250 or extended sentence",
    "licence",
)
NO_COURT_ORDERS = ("youth conditional caution", "youth caution", "community resolution", "outcome 22")


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


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _recorded(row: Any, name: str) -> bool | None:
    """None where it stands there and is not known."""
    return None if name in row and row[name] is None else name in row


def _is(value: Any, *wanted: str) -> bool | None:
    return None if value is None else value in wanted


def _before(day: Any, other: Any) -> bool | None:
    return None if day is None or other is None else day < other


def _by(day: Any, other: Any) -> bool | None:
    return None if day is None or other is None else day <= other


def _outcome(applies: bool | None, met: bool | None) -> Outcome:
    if applies is None:
        return Outcome.NOT_EVIDENCED
    if not applies:
        return Outcome.NOT_APPLICABLE
    if met is None:
        return Outcome.NOT_EVIDENCED
    return Outcome.MET if met else Outcome.NOT_MET


def _due(applies: bool | None, met: bool | None, deadline: Any, as_of: date) -> Outcome:
    if not applies or met:
        return _outcome(applies, met)
    if deadline is None:
        return Outcome.NOT_EVIDENCED
    return Outcome.NOT_YET_DUE if as_of <= deadline else _outcome(applies, met)


def _community(case: Case) -> bool | None:
    """Nothing is asked of children in custody."""
    setting = _recorded(case.fields, "order.setting")
    return _not(_every((setting, _is(case.fields.get("order.setting"), "custody"))))


def _done(row: Any, said: str, day: str) -> bool | None:
    return _some((row.get(said), _recorded(row, day)))


def _plan_there(case: Case) -> bool | None:
    return _done(case.fields, "plan.exists", "plan.completed_on")


def _ended_before(case: Case, due: str) -> bool | None:
    """The order ended before something fell due."""
    fields = case.fields
    return _every((_recorded(fields, "order.ended"), _before(fields.get("order.ended"), fields.get(due))))


def _before_receipt(case: Case, day: str) -> bool | None:
    """It is of a day before another team's case was received."""
    fields, received = case.fields, "transfer.received_on"
    there = _recorded(fields, day), _recorded(fields, received)
    return _every((*there, _before(fields.get(day), fields.get(received))))


def _in_time(case: Case, day: Any, clock: str, limits: tuple[Duration, Duration], calendar: WorkingCalendar) -> Any:
    """Within a time of the clock, which is the second for a referral order, and no more than three months before it."""
    start, order = case.fields.get(clock), case.fields.get("order.type")
    if day is None or order is None or not isinstance(start, date):
        return None
    last = calendar.deadline(start, limits[order == "referral order"])
    return calendar.deadline(start, THREE_MONTHS_BEFORE) <= day <= last


def plan_at_start(case: Case, as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """A plan exists, due some working days from when its time counts."""
    fields, there = case.fields, _plan_there(case)
    ended_first = _every((_not(there), _ended_before(case, "clock.plan_falls_due")))
    applies = _every((_community(case), _not(ended_first), _plan_required(case)))
    return _due(applies, there, fields.get("clock.plan_falls_due"), as_of)


def _plan_required(case: Case) -> bool | None:
    """Where the record does not say, the type of order does, but for another order, of which nobody can tell."""
    fields, order = case.fields, case.fields.get("order.type")
    says, required = _recorded(fields, "order.requires_plan"), fields.get("order.requires_plan")
    usual = _every((_some((_not(says), required)), _is(order, *SUPERVISED)))  # type: ignore[arg-type]
    other = _every((_is(order, "other order"), required))  # type: ignore[arg-type]
    return _some((_every((says, required)), usual, other))  # type: ignore[arg-type]


def plan_timely(case: Case, _as_of: date, calendar: WorkingCalendar) -> Outcome:
    """The plan was completed before it was unreasonably late, and not long before the order."""
    applies = _every((_community(case), _not(_before_receipt(case, "plan.completed_on")), _plan_there(case)))
    if not applies:
        return _outcome(applies, met=None)
    completed = case.fields.get("plan.completed_on")
    in_time = _in_time(case, completed, "clock.first_plan", (TWENTY_FIVE, THIRTY), calendar)
    return _outcome(applies, _every((in_time, _by(completed, case.fields.get("clock.plan_late_anyway")))))


def assessment_in_time(case: Case, as_of: date, calendar: WorkingCalendar) -> Outcome:
    """The first assessment was completed within some working days, and not long before the order."""
    fields, completed = case.fields, case.fields.get("assessment.completed_on")
    dated = _recorded(fields, "assessment.completed_on")
    theirs = _every(
        (_not(_recorded(fields, "assessment.made_by_this_team")), _before_receipt(case, "assessment.completed_on"))
    )
    out_of_court = _every((_recorded(fields, "order.type"), _is(fields.get("order.type"), *NO_COURT_ORDERS)))
    ended_first = _every((_not(dated), _ended_before(case, "clock.assessment_falls_due")))
    applies = _every((_community(case), _not(theirs), _not(out_of_court), _not(ended_first), _assessed_here(case)))
    if not applies:
        return _outcome(applies, met=None)
    done = _some((fields.get("assessment.completed"), dated))  # type: ignore[arg-type]
    in_time = _in_time(case, completed, "clock.first_assessment", (FIFTEEN, TWENTY), calendar)
    met = _every((done, in_time, _by(completed, fields.get("clock.assessment_late_anyway"))))
    return _due(applies, met, fields.get("clock.assessment_falls_due"), as_of)


def _assessed_here(case: Case) -> bool | None:
    """A case of which no transfer is recorded was this team's from the start."""
    fields, ours = case.fields, "assessment.made_by_this_team"
    silent = (ours, "transfer.received_on", "transfer.from_service", "transfer.role")
    return _some((fields.get(ours), _every(_not(_recorded(fields, name)) for name in silent)))  # type: ignore[arg-type]


def plan_addresses_assessed_issues(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Every concern linked to the offending is covered by an objective."""
    concerns, objectives = case.tables.get("concerns"), case.tables.get("objectives")
    linked = None if concerns is None else _some(row.get("linked_to_offending") for row in concerns)  # type: ignore[misc]
    applies = _every((_community(case), _plan_there(case), linked))
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
    """Some objective is for awareness of victims, where there are victims, or it is a concern."""
    victims = None if (rows := case.tables.get("victims")) is None else bool(rows)
    concern = _some_is(case, "concerns", "area", "awareness of victims")
    applies = _every((_community(case), _plan_there(case), _some((victims, concern))))
    return _outcome(applies, _some_is(case, "objectives", "addresses", "awareness of victims"))


def _some_is(case: Case, table: str, column: str, wanted: str) -> bool | None:
    rows = case.tables.get(table)
    return None if rows is None else _some(_is(row.get(column), wanted) for row in rows)


def education_provision(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Action is recorded where education is not suitable."""
    applies = _every((_community(case), _not(case.fields.get("education.suitable"))))  # type: ignore[arg-type]
    return _outcome(applies, case.fields.get("education.action_recorded"))  # type: ignore[arg-type]


def reviews_held(case: Case, as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """Every review that fell due was held, and one at least where the order, or a change, called for it."""
    fields, rows = case.fields, case.tables.get("reviews")
    due = None if rows is None else [_fell_due(case, row, as_of) for row in rows]
    some_due = None if due is None else _some(due)
    first, ended = fields.get("clock.first_review_due"), fields.get("order.ended")
    running = _not(_recorded(fields, "order.ended"))
    interval = _every((_before(first, as_of), _some((running, _before(first, ended)))))
    change = _change_to_review(case, as_of)
    ended_first = _every((_not(running), _by(ended, first), _not(change), _not(some_due)))
    applies = _every((_community(case), _not(ended_first), _some((some_due, interval, change))))
    if not applies:
        return _outcome(applies, met=None)
    held = None if rows is None or due is None else _every(map(_held_if_due, due, rows))
    one = None if rows is None else _some(_held_here(case, row) for row in rows)
    changed = _some((_not(change), _change_reviewed(case)))
    return _outcome(applies, _every((held, _some((_not(interval), one)), changed)))


def _since_receipt(case: Case, day: Any) -> bool | None:
    received = case.fields.get("transfer.received_on")
    return _some((_not(_recorded(case.fields, "transfer.received_on")), _by(received, day)))


def _fell_due(case: Case, row: Any, as_of: date) -> bool | None:
    due, fields = row.get("falls_due"), case.fields
    in_order = _some((_not(_recorded(fields, "order.ended")), _by(due, fields.get("order.ended"))))
    return _every((_before(due, as_of), _since_receipt(case, due), in_order))


def _held_if_due(due: bool | None, row: Any) -> bool | None:
    return _some((_not(due), _done(row, "done", "done_on")))


def _held_here(case: Case, row: Any) -> bool | None:
    return _every((_done(row, "done", "done_on"), _since_receipt(case, row.get("done_on"))))


def _change_to_review(case: Case, as_of: date) -> bool | None:
    fields, due = case.fields, case.fields.get("change.review_falls_due")
    reviewed, running = _recorded(fields, "change.reviewed_on"), _not(_recorded(fields, "order.ended"))
    return _every(
        (
            _recorded(fields, "change.happened_on"),
            _since_receipt(case, fields.get("change.happened_on")),
            _some((reviewed, _before(due, as_of))),
            _some((reviewed, running, _by(due, fields.get("order.ended")))),
        )
    )


def _change_reviewed(case: Case) -> bool | None:
    """A review after the change is one of the change, unless the record says that nobody reviewed it."""
    fields, rows, happened = case.fields, case.tables.get("reviews"), "change.happened_on"
    after = None if rows is None else _some(_held_after(row, fields.get(happened)) for row in rows)
    implied = _every((_not(_recorded(fields, "change.reviewed")), _recorded(fields, happened), after))
    return _some((_done(fields, "change.reviewed", "change.reviewed_on"), implied))


def _held_after(row: Any, day: Any) -> bool | None:
    return _every((_done(row, "done", "done_on"), _by(day, row.get("done_on"))))


def victim_safety_addressed(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """The plan says how victims are kept safe, where someone is to be protected and harm may be to manage."""
    fields, rows = case.fields, case.tables.get("victims")
    protect = None if rows is None else _some(row.get("to_be_protected") for row in rows)  # type: ignore[misc]
    level = _is(fields.get("harm.level"), "medium", "high", "very high")
    high = _every((_recorded(fields, "harm.level"), level))
    not_said = _not(_recorded(fields, "harm.factors_to_manage"))
    manage = _some((high, fields.get("harm.factors_to_manage"), not_said))  # type: ignore[arg-type]
    no_plan = _every(
        (
            _recorded(fields, "plan.exists"),
            _not(fields.get("plan.exists")),  # type: ignore[arg-type]
            _not(_recorded(fields, "plan.completed_on")),
        )
    )
    met = _every((_not(no_plan), fields.get("plan.victim_safety_stated")))  # type: ignore[arg-type]
    return _outcome(_every((_community(case), manage, protect)), met)


def information_sharing_stated(case: Case, _as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """It is stated how information is shared, where others are involved."""
    fields = case.fields
    applies = _every((_community(case), fields.get("plan.other_workers_involved")))  # type: ignore[arg-type]
    return _outcome(applies, fields.get("plan.information_sharing_stated"))  # type: ignore[arg-type]


def cse_tool_completed(case: Case, as_of: date, _calendar: WorkingCalendar) -> Outcome:
    """The tool was completed, due some working days from when a first assessment is asked for."""
    fields, due = case.fields, "clock.tool_falls_due"
    completed, dated = fields.get("cse.tool_completed"), _recorded(fields, "cse.tool_completed_on")
    not_said = _some((_not(_recorded(fields, "cse.tool_completed")), _not(completed)))  # type: ignore[arg-type]
    ended_first = _every((_not(dated), not_said, _ended_before(case, due)))
    applies = _every((_community(case), _not(ended_first)))
    return _due(applies, _some((completed, dated)), fields.get(due), as_of)  # type: ignore[arg-type]


TEN: dict[str, ByHand] = {
    "plan-at-start": plan_at_start,
    "plan-timely": plan_timely,
    "assessment-in-time": assessment_in_time,
    "plan-addresses-assessed-issues": plan_addresses_assessed_issues,
    "victim-awareness-objective": victim_awareness_objective,
    "education-provision": education_provision,
    "reviews-held": reviews_held,
    "victim-safety-addressed": victim_safety_addressed,
    "information-sharing-stated": information_sharing_stated,
    "cse-tool-completed": cse_tool_completed,
}
