"""A small rulebook, built by hand: five criteria in two themes, of every kind that reports show apart."""

from __future__ import annotations

from datetime import date

from casescreen.conditions.operators import IN, IS
from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Count,
    Covered,
    FromParameter,
    Literal,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.rulebook import (
    Band,
    Bands,
    Criterion,
    Document,
    Due,
    Example,
    Flag,
    Parameter,
    PerRow,
    Rulebook,
    Severity,
    Source,
    Status,
    Theme,
    Variation,
)

AS_OF = date(2016, 5, 9)
_LETTER = Document("letter", "Letter on youth offending work in Anyshire, 2016")
_LOCAL = Document("local", "Anyshire YOT, local standards, 2012")


def _field(name: str, label: str, kind: Kind, table: str = "", allowed: tuple[str, ...] = ()) -> Field:
    return Field(name, label, kind, f"What the record says of {label}.", allowed, past=kind is Kind.DATE, table=table)


_ID = _field("case.id", "case", Kind.TEXT)
_MANAGER = _field("case.manager", "case manager", Kind.TEXT)
_TEAM = _field("case.team", "team", Kind.TEXT)
_TYPE = _field("order.type", "type of order", Kind.CHOICE, allowed=("referral order", "youth rehabilitation order"))
STARTED = _field("order.starts_on", "order started", Kind.DATE)
PLANNED = _field("plan.completed_on", "plan completed", Kind.DATE)
SAFE = _field("plan.victim_safety", "the plan says how victims are kept safe", Kind.YES_NO)
_HARM = _field("harm.level", "risk of harm to others", Kind.CHOICE, allowed=("low", "medium", "high", "very high"))
_AREA = _field("area", "area", Kind.TEXT, table="concerns")
_LINKED = _field("linked", "linked to the offending", Kind.YES_NO, table="concerns")
_ADDRESSES = _field("addresses", "addresses", Kind.TEXT, table="objectives")
_REPORT = _field("id", "report", Kind.TEXT, table="reports")
_ANALYSED = _field("analysed", "says why the offence happened", Kind.YES_NO, table="reports")

_DICTIONARY = Dictionary(
    fields={f.name: f for f in (_ID, _MANAGER, _TEAM, _TYPE, STARTED, PLANNED, SAFE, _HARM)},
    tables={
        "concerns": Table(
            "concerns", "concerns", "concern", "What was assessed.", "area", {"area": _AREA, "linked": _LINKED}
        ),
        "objectives": Table(
            "objectives", "objectives", "objective", "What the plan sets.", "addresses", {"addresses": _ADDRESSES}
        ),
        "reports": Table(
            "reports", "reports", "report", "Reports written.", "id", {"id": _REPORT, "analysed": _ANALYSED}, "id"
        ),
    },
)
_PLAN_DUE = Parameter(
    "plan_due",
    "time allowed for the first plan",
    Duration(15, Unit.WORKING_DAY),
    Status.LOCAL,
    Source(_LOCAL, "4.2", "The letter gives no number."),
    (Variation(_TYPE, "referral order", Duration(20, Unit.WORKING_DAY)),),
)
_REVIEW = Parameter(
    "review_interval", "time between reviews", Duration(3, Unit.MONTH), Status.UNVERIFIED, Source(_LETTER)
)
_HAS_PLAN = Recorded(PLANNED, expected=True)
_LINKED_ROWS = Compare(_LINKED, IS, Literal(value=True))


def _criterion(identity: str, theme: str, title: str, **more: object) -> Criterion:
    usual: dict[str, object] = {
        "question": f"{title}: is that so?",
        "basis": Basis.EVIDENCE,
        "severity": Severity.MEDIUM,
        "source": Source(_LETTER, "1.3"),
        "remedy": "Agree with the worker what will be done, and by when.",
        "owner": "case.manager",
    }
    return Criterion(id=identity, theme=theme, title=title, **(usual | more))  # type: ignore[arg-type]


def _example(planned: date, outcome: Outcome, note: str = "") -> Example:
    given = {"order": {"starts_on": date(2016, 2, 1)}, "plan": {"completed_on": planned}}
    return Example(given, outcome, AS_OF, ReadersAnswer.NONE, "", None, note)


_CRITERIA = (
    _criterion(
        "plan-timely",
        "1-reducing",
        "The plan was completed in reasonable time",
        applies=Recorded(STARTED, expected=True),
        met=Within(PLANNED, FromParameter("plan_due"), STARTED),
        due=Due(FromParameter("plan_due"), STARTED),
        remedy="Record why the plan was late, and agree with the worker how the next will be on time.",
        help="The letter says only that two plans were unreasonably late.",
        examples=(_example(date(2016, 3, 15), Outcome.NOT_MET, "Six weeks."), _example(date(2016, 2, 9), Outcome.MET)),
    ),
    _criterion(
        "concerns-in-plan",
        "1-reducing",
        "The plan addresses every concern that was linked to the offending",
        applies=_HAS_PLAN,
        met=Covered("concerns", _LINKED_ROWS, _AREA, _ADDRESSES),
        remedy="Add an objective for each concern that has none.",
    ),
    _criterion(
        "report-quality",
        "1-reducing",
        "The report is of good quality",
        basis=Basis.JUDGEMENT,
        per=PerRow("reports", None),
        flags=(
            Flag(
                "no-analysis",
                "the report does not say why the offence happened",
                Compare(_ANALYSED, IS, Literal(value=False)),
            ),
        ),
        remedy="Talk the report through with its writer.",
    ),
    _criterion(
        "victim-safety-addressed",
        "2-protecting",
        "The plan says how victims are kept safe",
        severity=Severity.HIGH,
        applies=All((_HAS_PLAN, Compare(_HARM, IN, Literal(("high", "very high"))))),
        met=Compare(SAFE, IS, Literal(value=True)),
        remedy="Write into the plan who keeps each victim safe, and how.",
    ),
    _criterion(
        "oversight",
        "2-protecting",
        "Management oversight made the work effective",
        basis=Basis.JUDGEMENT,
        severity=Severity.LOW,
        applies=Any((_HAS_PLAN, Not(Count("reports", None, None, 0)))),
        flags=(
            Flag(
                "nothing-linked",
                "no concern was linked to the offending",
                Not(OverRows(Quantifier.SOME, "concerns", None, _LINKED_ROWS)),
            ),
        ),
    ),
)


def sample_rulebook() -> Rulebook:
    """Five criteria in two themes."""
    return Rulebook(
        id="small-2016",
        title="Small Screening, 2016",
        version="1",
        about="For tests.",
        hash="0123456789abcdef" * 4,
        dictionary=_DICTIONARY,
        calendar=WorkingCalendar("small", "Small", date(2016, 1, 1), date(2016, 12, 31), frozenset(), "none"),
        documents={"letter": _LETTER, "local": _LOCAL},
        themes=(Theme("1-reducing", "Reducing reoffending"), Theme("2-protecting", "Protecting the public")),
        parameters={"plan_due": _PLAN_DUE, "review_interval": _REVIEW},
        bands=Bands(
            (Band("strong", "strong", 80), Band("mixed", "mixed", 60), Band("weak", "weak", 0)),
            5,
            Status.OURS,
            Source(_LETTER, note="The letter sets no pass mark."),
        ),
        criteria=_CRITERIA,
        facts=(),
        conclusions=(),
    )
