"""A small rulebook and screenings of it, built by hand: six cases in two themes, with every outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import cast

import pytest
from attrs import evolve
from sample_rulebook import AS_OF, PLANNED, SAFE, STARTED, sample_rulebook

from casescreen.model.condition import Truth
from casescreen.model.outcome import Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.rulebook import (
    ConclusionKind,
    Rulebook,
    Scope,
    Severity,
)
from casescreen.model.screening import Conclusion, Finding, RaisedFlag, Rate, Reading, Screening


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """Five criteria in two themes."""
    return sample_rulebook()


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
            as_of=AS_OF,
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
            values=(Reading(PLANNED, date(2016, 3, 15)), Reading(STARTED, date(2016, 2, 1))),
        ),
        find("AN-03", "concerns-in-plan", Outcome.MET, "1 concern, each found among the objectives."),
        find("AN-03", "report-quality", Outcome.MET, "The reader answered yes.", item="R2"),
        find(
            "AN-03",
            "victim-safety-addressed",
            Outcome.NOT_MET,
            "The plan says how victims are kept safe: no.",
            values=(Reading(SAFE, value=False),),
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
