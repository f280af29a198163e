"""A small rulebook and screenings of it, built by hand: six cases in two themes, with every outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import cast

import pytest
from attrs import evolve

from casescreen.evaluate.context import context_of
from casescreen.evaluate.explaining import Explanation
from casescreen.evaluate.proof import Prover
from casescreen.model.calendar import WorkingCalendar
from casescreen.model.case import Case, Row
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Count,
    Covered,
    FromParameter,
    Literal,
    Not,
    Operator,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Dictionary, Field, Kind, Table, Value
from casescreen.model.duration import Duration, Unit
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.proof import Reading
from casescreen.model.rulebook import (
    Band,
    Bands,
    ConclusionKind,
    Criterion,
    Document,
    Due,
    Example,
    Flag,
    Parameter,
    PerRow,
    Rulebook,
    Scope,
    Severity,
    Source,
    Status,
    Theme,
    Variation,
)
from casescreen.model.screening import Conclusion, Finding, Quoting, RaisedFlag, Rate, Screening
from casescreen.model.truth import Truth

_AS_OF = date(2016, 5, 9)
_LETTER = Document("letter", "Letter on youth offending work in Anyshire, 2016")
_LOCAL = Document("local", "Anyshire YOT, local standards, 2012")


def _field(name: str, label: str, kind: Kind, table: str = "", allowed: tuple[str, ...] = ()) -> Field:
    return Field(name, label, kind, f"What the record says of {label}.", allowed, past=kind is Kind.DATE, table=table)


_ID = _field("case.id", "case", Kind.TEXT)
_MANAGER = _field("case.manager", "case manager", Kind.TEXT)
_TEAM = _field("case.team", "team", Kind.TEXT)
_TYPE = _field("order.type", "type of order", Kind.CHOICE, allowed=("referral order", "youth rehabilitation order"))
_STARTED = _field("order.starts_on", "order started", Kind.DATE)
_PLANNED = _field("plan.completed_on", "plan completed", Kind.DATE)
_SAFE = _field("plan.victim_safety", "the plan says how victims are kept safe", Kind.YES_NO)
_HARM = _field("harm.level", "risk of harm to others", Kind.CHOICE, allowed=("low", "medium", "high", "very high"))
_AREA = _field("area", "area", Kind.TEXT, table="concerns")
_LINKED = _field("linked", "linked to the offending", Kind.YES_NO, table="concerns")
_ADDRESSES = _field("addresses", "addresses", Kind.TEXT, table="objectives")
_REPORT = _field("id", "report", Kind.TEXT, table="reports")
_ANALYSED = _field("analysed", "says why the offence happened", Kind.YES_NO, table="reports")

_DICTIONARY = Dictionary(
    fields={f.name: f for f in (_ID, _MANAGER, _TEAM, _TYPE, _STARTED, _PLANNED, _SAFE, _HARM)},
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
_HAS_PLAN = Recorded(_PLANNED, expected=True)
_LINKED_ROWS = Compare(_LINKED, Operator.IS, Literal(value=True))


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
    return Example(given, outcome, _AS_OF, ReadersAnswer.NONE, "", None, note)


_CRITERIA = (
    _criterion(
        "plan-timely",
        "1-reducing",
        "The plan was completed in reasonable time",
        applies=Recorded(_STARTED, expected=True),
        met=Within(_PLANNED, FromParameter("plan_due"), _STARTED),
        due=Due(FromParameter("plan_due"), _STARTED),
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
                Compare(_ANALYSED, Operator.IS, Literal(value=False)),
            ),
        ),
        remedy="Talk the report through with its writer.",
    ),
    _criterion(
        "victim-safety-addressed",
        "2-protecting",
        "The plan says how victims are kept safe",
        severity=Severity.HIGH,
        applies=All((_HAS_PLAN, Compare(_HARM, Operator.IN, Literal(("high", "very high"))))),
        met=Compare(_SAFE, Operator.IS, Literal(value=True)),
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


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
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


Find = Callable[..., Finding]

_STANDINGS = {
    Outcome.MET: (Truth.TRUE, ReadersAnswer.NONE, Truth.TRUE, Deadline.NONE),
    Outcome.NOT_MET: (Truth.TRUE, ReadersAnswer.NONE, Truth.FALSE, Deadline.NONE),
    Outcome.NOT_APPLICABLE: (Truth.FALSE, ReadersAnswer.NONE, Truth.UNKNOWN, Deadline.NONE),
    Outcome.NOT_YET_DUE: (Truth.TRUE, ReadersAnswer.NONE, Truth.UNKNOWN, Deadline.AHEAD),
    Outcome.NOT_EVIDENCED: (Truth.TRUE, ReadersAnswer.NONE, Truth.UNKNOWN, Deadline.NONE),
    Outcome.NEEDS_JUDGEMENT: (Truth.TRUE, ReadersAnswer.NONE, Truth.UNKNOWN, Deadline.NONE),
}


@pytest.fixture(scope="session")
def find(rulebook: Rulebook) -> Find:
    """A function that builds the finding of a criterion for a case."""

    def build(case: str, criterion: str, outcome: Outcome, reason: str = "", **more: object) -> Finding:
        rule = rulebook.criterion[criterion]
        usual: dict[str, object] = {
            "item": "",
            "standing": Standing(rule.basis, *_STANDINGS[outcome]),
            "flags": (),
            "reader": "",
            "due": None,
            "owner": "Worker A",
            "severity": rule.severity,
            "remedy": rule.remedy if outcome is Outcome.NOT_MET else "",
        }
        values = cast("tuple[Reading, ...]", more.pop("values", ()))
        said = {"reason": reason, "values": values}
        return Finding(case=case, criterion=criterion, outcome=outcome, **(usual | said | more))  # type: ignore[arg-type]

    return build


def _rates(rulebook: Rulebook, findings: list[Finding]) -> tuple[Rate, ...]:
    made = []
    for criterion in rulebook.criteria:
        counts = Counter(finding.outcome for finding in findings if finding.criterion == criterion.id)
        met, of = counts[Outcome.MET], counts[Outcome.MET] + counts[Outcome.NOT_MET]
        made.append(Rate(criterion.id, {o: counts[o] for o in Outcome}, rulebook.bands.of(met, of)))
    return tuple(made)


Screen = Callable[..., Screening]


@pytest.fixture(scope="session")
def screen(rulebook: Rulebook) -> Screen:
    """A function that makes a screening of findings; other values of it may be given."""

    def build(findings: list[Finding], **more: object) -> Screening:
        cases = tuple(sorted({finding.case for finding in findings}))
        managers = {case: f"Worker {'AB'[number % 2]}" for number, case in enumerate(cases)}
        teams = {case: ("East", "")[number // 3 % 2] for number, case in enumerate(cases)}

        def grouped(group_of: dict[str, str]) -> dict[str, tuple[Rate, ...]]:
            names = sorted(set(group_of.values()))
            return {n: _rates(rulebook, [f for f in findings if group_of[f.case] == n]) for n in names}

        made = Screening(
            as_of=_AS_OF,
            rulebook=rulebook,
            cases_hash="fedcba9876543210" * 4,
            case_ids=cases,
            managers=managers,
            teams=teams,
            findings=tuple(findings),
            rates=_rates(rulebook, findings),
            by_manager=grouped(managers),
            by_team=grouped(teams),
            conclusions=(),
            engine="durable-rules 2.0.28",
        )
        return evolve(made, **more)  # type: ignore[arg-type]

    return build


def _conclusion(identity: str, on: Scope, kind: ConclusionKind, says: str, **more: object) -> Conclusion:
    usual: dict[str, object] = {
        "subject": "", "severity": Severity.HIGH, "remedy": "", "note": "", "because": (),
    }  # fmt: skip
    return Conclusion(id=identity, on=on, kind=kind, says=says, **(usual | more))  # type: ignore[arg-type]


_CONCLUSIONS = (
    _conclusion(
        "reports-good",
        Scope.SAMPLE,
        ConclusionKind.STRENGTH,
        "Reports give good advice.",
        because=("The report is of good quality: 2 of 3",),
        rates=("report-quality",),
    ),
    _conclusion(
        "planning",
        Scope.SAMPLE,
        ConclusionKind.AREA,
        "Planning at the start of an order needs to be thorough.",
        because=(
            "The plan was completed in reasonable time: 3 of 5, mixed",
            "The plan addresses every concern that was linked to the offending: 1 of 3, too few",
        ),
        remedy="Read the next ten plans with their writers.",
        note="It says nothing about what the plans contain.",
        rates=("plan-timely", "concerns-in-plan"),
    ),
    _conclusion(
        "late-plans",
        Scope.MANAGER,
        ConclusionKind.PATTERN,
        "Plans tend to be late.",
        subject="Worker A",
        because=("The plan was completed in reasonable time: 1 of 3",),
        rates=("plan-timely",),
    ),
    _conclusion(
        "act-now-victim-safety",
        Scope.CASE,
        ConclusionKind.ACTION,
        "Victim safety is not addressed and the risk of harm is high.",
        subject="AN-03",
        remedy="Change the plan this week, with the manager.",
        because=(
            "The plan says how victims are kept safe: not met",
            "the risk of harm to others is high or very high",
        ),
        findings=(("AN-03", "victim-safety-addressed", ""),),
    ),
    _conclusion(
        "start-not-sound",
        Scope.CASE,
        ConclusionKind.SUMMARY,
        "Work at the start is not sound.",
        subject="AN-03",
        because=("The plan was completed in reasonable time: not met",),
    ),
)


_LATE = "plan completed: 15 March 2016, later than 29 February 2016, the last day within 20 working days of 1 February."


def _of_the_first_cases(find: Find) -> list[Finding]:
    return [
        find("AN-01", "plan-timely", Outcome.MET, "Plan completed: 9 February 2016."),
        find("AN-01", "concerns-in-plan", Outcome.NOT_MET, 'Not found among the objectives: "substance misuse".'),
        find("AN-01", "victim-safety-addressed", Outcome.NOT_APPLICABLE, 'Risk of harm to others: "low".'),
        find("AN-01", "oversight", Outcome.NEEDS_JUDGEMENT, "No reader has answered yet."),
        find("AN-02", "plan-timely", Outcome.MET, "Plan completed: 9 February 2016.", owner="Worker B"),
        find(
            "AN-02", "concerns-in-plan", Outcome.NOT_EVIDENCED, "The record does not show it. Not recorded: concerns."
        ),
        find(
            "AN-02",
            "report-quality",
            Outcome.MET,
            "The reader answered yes.",
            item="R1",
            owner="Worker C",
            flags=(RaisedFlag("no-analysis", "the report does not say why the offence happened", challenges=True),),
        ),
        find("AN-02", "victim-safety-addressed", Outcome.MET, "The plan says how victims are kept safe: yes."),
        find("AN-02", "oversight", Outcome.NEEDS_JUDGEMENT, "No reader has answered yet."),
    ]


def _of_the_last_cases(find: Find) -> list[Finding]:
    return [
        find(
            "AN-03",
            "plan-timely",
            Outcome.NOT_MET,
            _LATE,
            due=date(2016, 2, 29),
            reader="The reader answered yes. The facts show that it is not met.",
            values=(Reading(_PLANNED, date(2016, 3, 15)), Reading(_STARTED, date(2016, 2, 1))),
        ),
        find("AN-03", "concerns-in-plan", Outcome.MET, "1 concern, each found among the objectives."),
        find("AN-03", "report-quality", Outcome.MET, "The reader answered yes.", item="R2"),
        find(
            "AN-03",
            "victim-safety-addressed",
            Outcome.NOT_MET,
            "The plan says how victims are kept safe: no.",
            values=(Reading(_SAFE, value=False),),
        ),
        find(
            "AN-03",
            "oversight",
            Outcome.NOT_MET,
            "The reader answered no. Decisions were not carried into the plan.",
            owner="Manager Z",
            flags=(RaisedFlag("nothing-linked", "no concern was linked to the offending", challenges=False),),
        ),
        find("AN-04", "plan-timely", Outcome.NOT_YET_DUE, "It is due by 20 May 2016.", due=date(2016, 5, 20)),
        find("AN-04", "report-quality", Outcome.NOT_MET, "The reader answered no.", item="=R3", owner=""),
        find("AN-04", "concerns-in-plan", Outcome.NOT_APPLICABLE, "It does not apply. Plan completed: not recorded."),
        find("AN-05", "plan-timely", Outcome.MET, "Plan completed: 2 March 2016."),
        find("AN-05", "oversight", Outcome.MET, "The reader answered yes."),
        find("AN-06", "plan-timely", Outcome.NOT_MET, _LATE, owner="Worker B"),
        find("AN-06", "concerns-in-plan", Outcome.NOT_MET, 'Not found among the objectives: "education".'),
    ]


@pytest.fixture(scope="session")
def screening(find: Find, screen: Screen) -> Screening:
    """Six cases, with every outcome, flags that challenge, answers that facts contradict, and conclusions."""
    findings = [*_of_the_first_cases(find), *_of_the_last_cases(find)]
    return screen(findings, conclusions=_CONCLUSIONS, left_out=1)


@pytest.fixture(scope="session")
def prover(rulebook: Rulebook) -> Prover:
    """What proves the rulebook's conditions as at the date of the screening."""
    return Prover(rulebook, context_of(rulebook, _AS_OF, Quoting.EVERYTHING))


@pytest.fixture(scope="session")
def record() -> Case:
    """The record of AN-03: a late plan, high risk of harm, two concerns of which one is linked, a report."""
    fields: dict[str, Value] = {
        "case.id": "AN-03",
        "order.type": "referral order",
        "order.starts_on": date(2016, 2, 1),
        "plan.completed_on": date(2016, 3, 15),
        "plan.victim_safety": False,
        "harm.level": "high",
    }
    tables: dict[str, tuple[Row, ...]] = {
        "concerns": ({"area": "substance misuse", "linked": True}, {"area": "education"}, {"linked": False}),
        "objectives": (),
        "reports": ({"id": "R2", "analysed": True},),
    }
    return Case("AN-03", fields, tables)


Explain = Callable[[str], Explanation]


@pytest.fixture(scope="session")
def explain(rulebook: Rulebook, screening: Screening, prover: Prover, record: Case) -> Explain:
    """A function that explains what a criterion came to for AN-03."""

    def build(criterion: str) -> Explanation:
        rule = rulebook.criterion[criterion]
        row: Row = record.tables[rule.per.table][0] if rule.per else {}
        finding = next(f for f in screening.findings if (f.case, f.criterion) == ("AN-03", criterion))
        return Explanation(
            finding,
            None if rule.applies is None else prover.prove(rule.applies, record, row),
            None if rule.met is None else prover.prove(rule.met, record, row),
            tuple((flag.says, prover.prove(flag.when, record, row)) for flag in rule.flags),
        )

    return build
