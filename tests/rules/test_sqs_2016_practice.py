"""What a practitioner was told wrongly by version 1 of sqs-2016, and what version 2 says instead.

One test for each of the 24 corrections, the worst first, and for the seven that the letter asks for beside them. Each
tries a small made-up record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from attrs import frozen

from casescreen.evaluate.inference.inferrer import inferrer
from casescreen.evaluate.screening import screen
from casescreen.model.case import INTERVIEW, Answer, Case, Caseload
from casescreen.model.dictionary import Value
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope, Severity
from casescreen.model.screening import Finding, Screening
from casescreen.rulebook.load import load_rulebook

AS_OF = date(2016, 5, 9)
YES, NO = ReadersAnswer.YES, ReadersAnswer.NO
REVIEWS = {
    "assessment-reviewed",
    "plan-reviewed",
    "risk-of-harm-assessment-reviewed",
    "risk-of-harm-plan-reviewed",
    "safeguarding-reviewed",
}

Row = Mapping[str, Value]
Record = Mapping[str, Value | Sequence[Row]]

VICTIM: Sequence[Row] = [{"reference": "V1", "to_be_protected": True}]


def day(month: int, of_month: int, year: int = 2016) -> date:
    return date(year, month, of_month)


# Orders with the day from which their work counts; the as-of date is 9 May 2016.
SUPERVISED: Record = {"order.type": "youth rehabilitation order", "order.starts_on": day(2, 1)}
EIGHT_MONTHS: Record = {"order.type": "youth rehabilitation order", "order.starts_on": day(9, 7, 2015)}
RECEIVED: Record = {**EIGHT_MONTHS, "transfer.received_on": day(3, 1)}


@frozen
class Told:
    """What a screening says of one case."""

    screening: Screening

    @property
    def actions(self) -> set[str]:
        drawn = self.screening.conclusions
        return {one.id for one in drawn if one.kind is ConclusionKind.ACTION and one.subject == "1"}

    @property
    def checks(self) -> set[str]:
        return {one.check for one in self.screening.issues}

    def finding(self, criterion: str) -> Finding:
        (one,) = (one for one in self.screening.findings if one.criterion == criterion)
        return one

    def outcome(self, criterion: str) -> Outcome:
        return self.finding(criterion).outcome

    def flags(self, criterion: str) -> set[str]:
        return {one.id for one in self.finding(criterion).flags}

    def with_outcome(self, outcome: Outcome) -> set[str]:
        return {one.criterion for one in self.screening.findings if one.outcome is outcome}


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook("sqs-2016")


def told(sqs: Rulebook, *records: Record, **answers: ReadersAnswer) -> Told:
    """What is said of a case with these parts of a record, and these answers of a reader."""
    record = {name: value for part in records for name, value in part.items()}
    fields = {name: one for name, one in record.items() if isinstance(one, str) or not isinstance(one, Sequence)}
    tables = {
        name: tuple(rows) for name, rows in record.items() if isinstance(rows, Sequence) and not isinstance(rows, str)
    }
    said = tuple(Answer(name.replace("_", "-"), answer, reason="Read.") for name, answer in answers.items())
    case = Case("1", {"case.id": "1", **fields}, tables, said)
    return Told(screen(sqs, Caseload((case,), "hash"), as_of=AS_OF, engine="plain"))


def drawn(sqs: Rulebook, bands: Mapping[str, str]) -> set[str]:
    """What is concluded of a sample with these bands, and too few cases of all else."""
    every = {**dict.fromkeys(sqs.criterion, "too few"), **bands}
    return set(inferrer(sqs, "plain").on_group(Scope.SAMPLE, every, {}).conclusions)


# ---- The 24, worst first ---------------------------------------------------------------------------------------------


def test_01_a_high_level_is_never_passed_over(sqs: Rulebook) -> None:
    """A child at very high risk whose record said "nothing to manage" was told to need no plan at all, in silence."""
    nothing: Record = {"harm.factors_to_manage": False, "harm_actions": [], "plan.exists": True, "victims": VICTIM}
    found = told(sqs, {"harm.level": "very high"}, nothing)
    assert found.outcome("risk-of-harm-plan") is Outcome.NEEDS_JUDGEMENT
    assert found.flags("risk-of-harm-plan") == {"level-says-otherwise", "no-actions"}
    assert found.outcome("plan-states-roles") is Outcome.NOT_MET
    assert "harm-level-and-nothing-to-manage" in found.checks
    assert "act-now-harm-high-and-nothing-to-manage" in found.actions
    medium = told(sqs, {"harm.level": "medium"}, nothing)
    assert medium.outcome("risk-of-harm-plan") is Outcome.NEEDS_JUDGEMENT
    assert medium.actions == set()


def test_01_nor_is_a_child_who_is_not_safe(sqs: Rulebook) -> None:
    """A very vulnerable child whose record said "needs no plan" was told to need none, in silence."""
    found = told(sqs, {"vulnerability.level": "very high", "vulnerability.needs_plan": False})
    assert found.outcome("vulnerability-plan") is Outcome.NEEDS_JUDGEMENT
    assert found.flags("vulnerability-plan") == {"level-says-otherwise"}
    assert "vulnerability-level-and-no-plan-needed" in found.checks
    assert found.actions == {"act-now-vulnerability-high-and-no-plan-needed"}


def test_02_never_reviewed_is_not_in_order(sqs: Rulebook) -> None:
    """An order that ran for eight months without any review was told five times that none applied."""
    plan: Record = {"plan.exists": True, "harm.level": "medium"}
    found = told(sqs, EIGHT_MONTHS, plan, {"reviews": []})
    assert found.outcome("reviews-held") is Outcome.NOT_MET
    assert {found.outcome(one) for one in REVIEWS} == {Outcome.NEEDS_JUDGEMENT}
    assert [one for one in REVIEWS if "missing" not in found.flags(one)] == []
    silent = told(sqs, EIGHT_MONTHS, plan)
    assert silent.outcome("reviews-held") is Outcome.NOT_EVIDENCED
    assert {flag for one in REVIEWS for flag in silent.flags(one)} == set()


def test_03_nobody_is_to_act_on_a_closed_case(sqs: Rulebook) -> None:
    """A manager was told to make a plan this week for an order that had ended in March."""
    no_plan: Record = {
        "order.starts_on": day(11, 2, 2015),
        "order.type": "youth rehabilitation order",
        "plan.exists": False,
    }
    assert told(sqs, no_plan).actions == {"act-now-no-plan"}
    for end in ({"order.closed_on": day(3, 1)}, {"order.ends_on": day(3, 1)}):
        ended = told(sqs, no_plan, end)
        assert ended.outcome("plan-at-start") is Outcome.NOT_MET, "it counts in the rate"
        assert ended.actions == set()


def test_03_nothing_falls_due_after_the_end(sqs: Rulebook) -> None:
    """An order that was closed after two weeks was told that its plan was missing."""
    early: Record = {"order.starts_on": day(4, 18), "order.closed_on": day(5, 2), "plan.exists": False}
    found = told(sqs, SUPERVISED, early, {"cse.tool_completed": False, "reviews": []})
    for one in ("plan-at-start", "cse-tool-completed", "reviews-held"):
        assert found.outcome(one) is Outcome.NOT_APPLICABLE
        assert found.finding(one).reason.startswith("The order ended first")


def test_04_the_clock_of_a_referral_order_starts_at_sentence(sqs: Rulebook) -> None:
    """A contract that was agreed five months after sentence was told to be in time: it was counted from itself."""
    order: Record = {"order.type": "referral order", "order.sentenced_on": day(10, 1, 2015)}
    late = told(sqs, order, {"order.starts_on": day(3, 1), "plan.completed_on": day(3, 29)})
    assert late.outcome("plan-timely") is Outcome.NOT_MET
    contract = day(10, 26, 2015)
    in_time = told(sqs, order, {"order.starts_on": contract, "plan.completed_on": contract})
    assert (in_time.outcome("plan-timely"), in_time.flags("plan-timely")) == (Outcome.MET, set())


def test_05_a_team_answers_for_its_own_work_only(sqs: Rulebook) -> None:
    """A team that received a case in March was told that the plan was five months late, and by whom was not asked."""
    own = told(sqs, RECEIVED, {"plan.completed_on": day(3, 10)})
    assert own.outcome("plan-timely") is Outcome.MET
    theirs = told(sqs, RECEIVED, {"plan.completed_on": day(1, 20), "assessment.completed_on": day(1, 11)})
    for one in ("plan-timely", "initial-assessment", "risk-of-harm-assessment", "vulnerability-assessment"):
        assert theirs.outcome(one) is Outcome.NOT_APPLICABLE
        assert "another team made the" in theirs.finding(one).reason.lower()


def test_05_nor_for_what_was_missed_before_it_came(sqs: Rulebook) -> None:
    """Failures without a response, and reviews that were missed, were told of the team that had not had the case."""
    before: Record = {
        "non_compliance": [{"occurred_on": day(12, 8, 2015), "responded": False}],
        "reviews": [{"of": "assessment", "due_on": day(12, 7, 2015), "done": False}],
    }
    found = told(sqs, RECEIVED, before)
    assert (found.flags("non-compliance-response"), found.actions) == (set(), set())
    assert found.outcome("assessment-reviewed") is Outcome.NOT_APPLICABLE
    assert found.outcome("reviews-held") is Outcome.NOT_APPLICABLE


def test_06_a_review_is_judged_and_not_only_dated(sqs: Rulebook) -> None:
    """A good review that came a day late was told to be not met, with high severity, whatever a reader said."""
    order: Record = {"order.starts_on": day(1, 11)}
    a_day_late: Record = {"reviews": [{"of": "assessment", "due_on": day(4, 8), "done_on": day(4, 9)}]}
    found = told(sqs, order, a_day_late, assessment_reviewed=YES)
    assert (found.outcome("assessment-reviewed"), found.flags("assessment-reviewed")) == (Outcome.MET, {"late"})
    assert found.outcome("reviews-held") is Outcome.MET


def test_06_a_review_without_a_day_of_its_own_counts(sqs: Rulebook) -> None:
    """A review that was held was told to be not evidenced, because no system exports the day on which it was due."""
    held: Record = {"order.starts_on": day(1, 11), "reviews": [{"of": "assessment", "done_on": day(3, 30)}]}
    found = told(sqs, held)
    assert found.outcome("assessment-reviewed") is Outcome.NEEDS_JUDGEMENT
    assert found.flags("assessment-reviewed") == set()
    assert found.outcome("reviews-held") is Outcome.MET


def test_06_a_change_asks_for_a_review(sqs: Rulebook) -> None:
    """A child who moved to a foster home seven weeks ago was told to need no review, since nobody had set a day."""
    moved: Record = {"change.happened_on": day(3, 21), "change.reviewed": False, "reviews": []}
    found = told(sqs, {"order.starts_on": day(3, 1)}, moved)
    assert found.flags("assessment-reviewed") == {"change-not-reviewed"}
    assert found.outcome("reviews-held") is Outcome.NOT_MET
    adjusted: Record = {"reviews": [{"of": "assessment", "done_on": day(3, 30), "plan_adjusted": False}]}
    assert told(sqs, {"order.starts_on": day(1, 11)}, adjusted).flags("assessment-reviewed") == {"plan-not-adjusted"}


def test_07_the_right_response_after_two_days_is_a_response(sqs: Rulebook) -> None:
    """A home visit two working days after a missed appointment was told to be not met, with high severity."""
    visited: Row = {"occurred_on": day(3, 8), "responded_on": day(3, 10), "response": "home visit"}
    found = told(sqs, {"engagement.struggled": True, "non_compliance": [visited]}, non_compliance_response=YES)
    one = "non-compliance-response"
    assert (found.outcome(one), found.flags(one), found.actions) == (Outcome.MET, {"late"}, set())


def test_07_a_child_can_struggle_without_missing_anything(sqs: Rulebook) -> None:
    """A child who came each time and took part in nothing was told not to be one of those whom the letter counts."""
    found = told(sqs, {"engagement.struggled": True, "engagement.compliance_improved": True, "non_compliance": []})
    assert found.outcome("non-compliance-response") is Outcome.NEEDS_JUDGEMENT
    assert found.outcome("compliance-improved") is Outcome.MET


@pytest.mark.parametrize(
    "failure",
    [
        {"occurred_on": day(5, 6), "responded": False},
        {"occurred_on": day(3, 8), "responded": False, "reason_acceptable": True},
    ],
    ids=["there is time yet", "there was a good reason"],
)
def test_07_nobody_is_to_act_before_it_is_time(sqs: Rulebook, failure: Mapping[str, Value]) -> None:
    """A manager was told to act on a failure that had time for a response until today, or on a child in hospital."""
    found = told(sqs, {"engagement.struggled": True, "non_compliance": [failure]})
    assert (found.flags("non-compliance-response"), found.actions) == (set(), set())
    ignored = told(sqs, {"non_compliance": [{"occurred_on": day(3, 8), "responded": False}]})
    assert ignored.flags("non-compliance-response") == {"no-response"}
    assert ignored.actions == {"act-now-non-compliance"}


def test_08_oversight_is_about_harm_and_safeguarding(sqs: Rulebook) -> None:
    """A plan that protected no victim was told to be signed off well, and one without an objective to be a danger."""
    signed: Record = {"plan.countersigned": True, "plan.exists": True}
    gap = told(sqs, signed, {"harm.level": "medium", "victims": VICTIM, "plan.victim_safety_stated": False})
    assert gap.flags("management-oversight") == {"signed-off-with-a-harm-gap"}
    assert gap.actions == {"act-now-signed-off-without-victim-safety"}
    unsafe = told(sqs, signed, {"vulnerability_factors": [{"factor": "self-harm", "action_planned": False}]})
    assert unsafe.flags("management-oversight") == {"signed-off-with-a-safety-gap"}
    concern: Record = {"concerns": [{"area": "lifestyle", "linked_to_offending": True}], "objectives": []}
    reoffending = told(sqs, signed, concern)
    assert (reoffending.flags("management-oversight"), reoffending.actions) == (set(), set())
    assert reoffending.outcome("plan-addresses-assessed-issues") is Outcome.NOT_MET


def test_09_a_child_without_a_plan_is_no_strength(sqs: Rulebook) -> None:
    """A head of service was told that plans were strong where three children of twenty had none."""
    always = {"plan-at-start", "plan-timely", "cse-action-taken", "non-compliance-response", "victim-safety-addressed"}
    assert {one.id for one in sqs.criteria if one.bands == "always"} == always | {"reviews-held"}
    assert [sqs.bands.of(met, 20, 20, 20, "always") for met in (20, 19, 17, 14)] == ["strong", "sound", "mixed", "weak"]
    found = drawn(sqs, {"plan-at-start": sqs.bands.of(17, 20, 20, 20, "always"), "plan-timely": "mixed"})
    assert {"exception-no-plan", "exception-late-plan"} <= found
    assert [one for one in found if one.startswith("strength-")] == []


def test_10_the_letters_strongest_work_can_be_praised(sqs: Rulebook) -> None:
    """A team whose relationships and use of advice were outstanding was told nothing: no question asked about them."""
    assert told(sqs, SUPERVISED, relationship_built=YES).outcome("relationship-built") is Outcome.MET
    advised = told(sqs, {"advice.given": True, "advice.used": False}, specialist_advice_used=YES)
    assert advised.outcome("specialist-advice-used") is Outcome.MET
    assert advised.flags("specialist-advice-used") == {"not-used"}
    assert told(sqs, {"advice.needed": False}).outcome("specialist-advice-used") is Outcome.NOT_APPLICABLE
    found = drawn(sqs, {"relationship-built": "strong", "specialist-advice-used": "strong"})
    assert {"strength-engagement", "strength-specialist-advice"} <= found


def test_11_an_offence_without_a_victim_needs_no_objective(sqs: Rulebook) -> None:
    """A plan for a child who had a drug on them was told to lack an objective for awareness of victims."""
    plan: Record = {"plan.exists": True, "objectives": [{"addresses": "substance misuse"}]}
    concern: Record = {"concerns": [{"area": "substance misuse"}]}
    found = told(sqs, plan, concern, {"victims": [], "assessment.made_by_this_team": True})
    assert found.outcome("victim-awareness-objective") is Outcome.NOT_APPLICABLE
    assert found.flags("initial-assessment") == {"victims-not-in-view"}
    assert told(sqs, plan, concern, {"victims": VICTIM}).outcome("victim-awareness-objective") is Outcome.NOT_MET
    named: Record = {"victims": [], "concerns": [{"area": "awareness of victims"}]}
    assert told(sqs, plan, named).outcome("victim-awareness-objective") is Outcome.NOT_MET


def test_12_restorative_work_is_asked_where_the_victim_wants_it(sqs: Rulebook) -> None:
    """A team was told to have failed a victim who had said no, and a letter of apology for want of a meeting."""
    declined = told(sqs, {"plan.exists": True, "plan.restorative_work_planned": False}, _victim(wants=False))
    assert declined.outcome("restorative-justice-planned") is Outcome.NOT_APPLICABLE
    work: Record = {"plan.exists": True, "plan.restorative_work_planned": True, "plan.parties_prepared": False}
    letter = told(sqs, work, {"plan.restorative_work_kind": "indirect"}, _victim(wants=True))
    assert letter.outcome("restorative-justice-planned") is Outcome.MET
    assert letter.outcome("restorative-justice-prepared") is Outcome.NOT_APPLICABLE
    meeting = told(sqs, work, {"plan.restorative_work_kind": "direct"}, _victim(wants=True))
    assert meeting.outcome("restorative-justice-planned") is Outcome.MET
    assert meeting.outcome("restorative-justice-prepared") is Outcome.NOT_MET
    strong = {"restorative-justice-planned": "strong", "restorative-justice-prepared": "strong"}
    assert "strength-restorative-work" in drawn(sqs, {**strong, "victim-awareness-objective": "weak"})


def _victim(*, wants: bool) -> Record:
    return {"victims": [{"reference": "V1", "agreed_to_contact": True, "wants_restorative_work": wants}]}


def test_13_custody_is_another_matter(sqs: Rulebook) -> None:
    """A child in custody was told to lack a community plan, and a manager to act on it."""
    record: Record = {"plan.exists": False, "harm.level": "very high", "harm.factors_to_manage": False, "reviews": []}
    found = told(sqs, EIGHT_MONTHS, record, {"order.setting": "custody"})
    assert found.with_outcome(Outcome.NOT_APPLICABLE) == set(sqs.criterion)
    assert {one.reason.partition(":")[0] for one in found.screening.findings} == {"Community cases only"}
    assert found.actions == set()
    assert told(sqs, EIGHT_MONTHS, record, {"order.setting": "community"}).actions


def test_14_a_meeting_is_praised_for_what_comes_of_it(sqs: Rulebook) -> None:
    """A meeting that decided nothing was told to be good work, and one that left a plan as it was to have failed."""
    discussed: Record = {"harm.level": "high", "oversight.discussed_at_meeting": True}
    nothing = told(sqs, discussed, {"decisions": []})
    assert nothing.outcome("high-risk-case-discussed") is Outcome.MET
    assert nothing.flags("high-risk-case-discussed") == {"no-decision"}
    assert nothing.outcome("decisions-in-plan") is Outcome.NOT_APPLICABLE
    go_on: Record = {"decisions": [{"decision": "go on", "in_plan": False, "changes_plan": False, "acted_on": True}]}
    unchanged = told(sqs, discussed, go_on)
    assert unchanged.outcome("decisions-in-plan") is Outcome.NOT_APPLICABLE
    assert unchanged.outcome("decisions-acted-on") is Outcome.MET
    not_done: Record = {"decisions": [{"decision": "joint visits", "in_plan": True, "acted_on": False}]}
    undone = told(sqs, discussed, not_done)
    assert undone.outcome("high-risk-case-discussed") is Outcome.MET
    assert undone.outcome("decisions-in-plan") is Outcome.MET
    assert undone.outcome("decisions-acted-on") is Outcome.NOT_MET
    assert undone.actions == {"act-now-decision-not-acted-on"}


def test_15_late_is_not_unreasonably_late(sqs: Rulebook) -> None:
    """A plan that came two working days late was told to be unreasonably late, and by how much was not said."""
    found = told(sqs, SUPERVISED, {"plan.completed_on": day(2, 24)})
    assert (found.outcome("plan-timely"), found.flags("plan-timely")) == (Outcome.MET, {"late"})
    unreasonable = told(sqs, SUPERVISED, {"plan.completed_on": day(3, 15)}).finding("plan-timely")
    assert (unreasonable.outcome, unreasonable.days_late) == (Outcome.NOT_MET, 8)


def test_15_the_assessment_has_a_limit_of_its_own(sqs: Rulebook) -> None:
    """The limit that one team had for its assessments was told of plans, and no assessment was told to be late."""
    done: Record = {"assessment.made_by_this_team": True, "assessment.completed_on": day(3, 4)}
    found = told(sqs, SUPERVISED, {"order.sentenced_on": day(2, 1)}, done, {"plan.completed_on": day(2, 19)})
    late = found.finding("assessment-in-time")
    assert (late.outcome, late.days_late) == (Outcome.NOT_MET, 11)
    assert found.outcome("plan-after-assessment") is Outcome.NOT_MET, "a plan that rests on no assessment"


def test_16_nobody_harmed_is_a_proper_result(sqs: Rulebook) -> None:
    """An assessment that had looked, and found that nobody was harmed, was told not to have identified victims."""
    assessed: Record = {"assessment.made_by_this_team": True, "harm.victims_identified": True}
    assert told(sqs, assessed, {"victims": []}).outcome("victims-identified") is Outcome.MET
    assert "considers" in sqs.dictionary.fields["harm.victims_identified"].label
    named: Record = {"victims": [{"reference": "V1", "risk_analysed": False}]}
    assert told(sqs, assessed, named).outcome("victims-identified") is Outcome.NOT_MET


def test_17_a_missing_plan_is_counted_once(sqs: Rulebook) -> None:
    """A case without a plan was told to have failed three times: for the plan, for health and for barriers."""
    barriers: Record = {
        "engagement.barriers_assessed": True,
        "engagement.barriers_found": True,
        "engagement.barriers_planned_for": False,
    }
    concern: Record = {"concerns": [{"area": "substance misuse", "linked_to_offending": True}], "objectives": []}
    found = told(sqs, SUPERVISED, {"plan.exists": False}, barriers, concern)
    assert found.with_outcome(Outcome.NOT_MET) == {"plan-at-start"}
    assert found.outcome("health-needs-in-plan") is Outcome.NOT_APPLICABLE
    assert found.outcome("barriers-assessed") is Outcome.MET


def test_18_nothing_is_said_that_figures_do_not_show(sqs: Rulebook) -> None:
    """A manager was told that weak assessment led to weak plans, and that work improves, from figures side by side."""
    causes = re.compile(r"\b(led to|leads to|because|improves|caused?)\b")
    assert [one.id for one in sqs.conclusions if causes.search(one.says)] == []
    weak = drawn(sqs, {"risk-of-harm-assessment": "weak", "risk-of-harm-plan": "weak"})
    assert "pattern-harm-assessment-and-plan" in weak
    assert "goes with" in sqs.conclusion["pattern-harm-assessment-and-plan"].says


def test_18_few_that_are_known_are_not_all(sqs: Rulebook) -> None:
    """A service was told of a strength where five cases of sixty had been read."""
    assert sqs.bands.of(5, 5, 5, 60) == "too few"
    assert sqs.bands.of(36, 36, 36, 60) == "strong"


def test_18_rows_are_not_cases(sqs: Rulebook) -> None:
    """Five reports on one child were told to be five cases, and so enough to judge a service by."""
    reports = [{"id": str(number), "kind": "pre-sentence report"} for number in range(5)]
    said = tuple(Answer("pre-sentence-report-quality", YES, item=str(number)) for number in range(5))
    case = Case("1", {"case.id": "1"}, {"reports": tuple(reports)}, said)
    done = screen(sqs, Caseload((case,), "hash"), as_of=AS_OF, engine="plain")
    (rate,) = (one for one in done.rates if one.criterion == "pre-sentence-report-quality")
    assert (rate.met, rate.cases_known, rate.band) == (5, 1, "too few")


def test_19_severity_is_that_of_the_work(sqs: Rulebook) -> None:
    """An unexplained offence was told to be a medium matter, and a tool that nobody had reason to use a high one."""
    severity = {one.id: one.severity for one in sqs.criteria}
    assert severity["initial-assessment"] is Severity.HIGH
    assert severity["child-and-carers-involved"] is Severity.HIGH
    assert severity["reviews-held"] is Severity.HIGH, "missing"
    assert severity["assessment-reviewed"] is Severity.MEDIUM, "late is a flag of it, and no failure by itself"
    assert severity["cse-tool-completed"] is Severity.MEDIUM
    missing: Record = {**SUPERVISED, "cse.tool_completed": False, "plan.completed_on": day(2, 12)}
    assert told(sqs, missing).actions == set()
    assert told(sqs, missing, {"exploitation.indicators": True}).actions == {
        "act-now-exploitation-tool-with-indicators"
    }


def test_20_assetplus_has_no_full_assessment_of_harm(sqs: Rulebook) -> None:
    """A worker was told that a full assessment was missing which the framework that they use does not have."""
    missing: Record = {
        "assessment.made_by_this_team": True,
        "harm.full_assessment_required": True,
        "harm.full_assessment_done": False,
    }
    new, old = (told(sqs, missing, {"assessment.tool": tool}) for tool in ("AssetPlus", "ASSET"))
    assert (new.flags("risk-of-harm-assessment"), new.actions) == (set(), set())
    assert old.flags("risk-of-harm-assessment") == {"full-assessment-missing"}
    assert old.actions == {"act-now-full-harm-assessment"}


@pytest.mark.parametrize(
    ("check", "record"),
    [
        ("no-plan-beside-its-day", {"plan.exists": False, "plan.completed_on": day(2, 12)}),
        ("no-tool-beside-its-day", {"cse.tool_completed": False, "cse.tool_completed_on": day(2, 12)}),
        (
            "not-discussed-beside-its-day",
            {"oversight.discussed_at_meeting": False, "oversight.discussed_on": day(2, 12)},
        ),
        ("review-not-done-beside-its-day", {"reviews": [{"of": "plan", "done": False, "done_on": day(4, 12)}]}),
        (
            "no-response-beside-its-day",
            {"non_compliance": [{"occurred_on": day(3, 8), "responded": False, "responded_on": day(3, 9)}]},
        ),
        (
            "no-struggle-beside-unanswered-failures",
            {"engagement.struggled": False, "non_compliance": [{"occurred_on": day(3, 8), "responded": False}]},
        ),
        ("plan-long-before-order", {"plan.completed_on": day(2, 1, 2012)}),
        ("assessment-long-before-order", {"assessment.completed_on": day(2, 1, 2012)}),
        (
            "response-before-its-failure",
            {"non_compliance": [{"occurred_on": day(3, 8), "responded_on": day(3, 7)}]},
        ),
    ],
)
def test_21_a_record_that_contradicts_itself_is_told(sqs: Rulebook, check: str, record: Record) -> None:
    """A record that said no beside the day on which it was done, or was years too early, was believed in silence."""
    assert check in told(sqs, SUPERVISED, record).checks


def test_21_work_of_years_ago_is_not_in_time(sqs: Rulebook) -> None:
    """A plan of 2012 for an order of 2016 was told to be in time, and so was one of eight months before."""
    for completed in (day(2, 1, 2012), day(6, 15, 2015)):
        found = told(sqs, SUPERVISED, {"plan.completed_on": completed})
        assert found.outcome("plan-timely") is not Outcome.MET
    early: Record = {"non_compliance": [{"occurred_on": day(3, 8), "responded_on": day(3, 7)}]}
    assert told(sqs, early).outcome("non-compliance-response") is Outcome.NEEDS_JUDGEMENT


def test_22_an_order_type_that_is_missing_hides_nothing(sqs: Rulebook) -> None:
    """A plan that was five months late was told not to be evidenced, because nobody had written down the order."""
    order: Record = {"order.starts_on": day(10, 5, 2015)}
    assert told(sqs, order, {"plan.completed_on": day(3, 10)}).outcome("plan-timely") is Outcome.NOT_MET
    missing = told(sqs, order, {"order.requires_plan": True, "plan.exists": False})
    assert missing.outcome("plan-at-start") is Outcome.NOT_MET
    assert missing.actions == {"act-now-no-plan"}


def test_22_nothing_is_sound_of_which_nothing_was_met(sqs: Rulebook) -> None:
    """A case of which no question on harm applied was told to have had a sound start."""
    elsewhere: Record = {"assessment.made_by_this_team": False, "harm.level": "low", "vulnerability.level": "low"}
    found = told(sqs, elsewhere, {"cse.tool_completed": True, "cse.at_risk": False})
    assert [one.id for one in found.screening.conclusions if one.id.startswith("sound-start")] == []


def test_22_reasons_are_possible(sqs: Rulebook) -> None:
    """A reader was told of "1 February 2012, within 20 working days of 1 February 2016"."""
    found = told(sqs, SUPERVISED, {"plan.completed_on": day(6, 15, 2015)})
    reason = found.finding("plan-timely").reason
    assert found.outcome("plan-timely") is Outcome.NOT_MET
    assert "15 June 2015, within" not in reason
    assert "15 June 2015" in reason


def test_22_nothing_is_due_by_a_day_after_the_end(sqs: Rulebook) -> None:
    """An order that ended on 1 May was told that work was due by 24 May."""
    order: Record = {"order.starts_on": day(4, 25), "order.ends_on": day(5, 1), "plan.exists": False}
    found = told(sqs, SUPERVISED, order, {"cse.tool_completed": False})
    assert found.with_outcome(Outcome.NOT_YET_DUE) == set()
    assert found.outcome("plan-at-start") is Outcome.NOT_APPLICABLE


def test_23_planning_as_a_whole_is_for_this_child(sqs: Rulebook) -> None:
    """A service was told that planning fell short, and that plans have to reflect individual needs was left out."""
    planning = dict.fromkeys(("plan-addresses-assessed-issues", "risk-of-harm-plan", "vulnerability-plan"), "weak")
    for individual in ("barriers-assessed", "plan-meets-individual-need", "child-and-carers-involved"):
        found = drawn(sqs, {**planning, individual: "weak"})
        assert "area-planning-at-start" in found
        assert "area-planning-content" not in found
    content_only = drawn(sqs, planning)
    assert "area-planning-content" in content_only
    assert "area-planning-at-start" not in content_only
    assert "on file" in sqs.conclusion["area-management-oversight"].remedy, (
        "the letter's third area is on recording too"
    )


def test_23_what_a_worker_knows_is_told_as_such(sqs: Rulebook) -> None:
    """What a worker knew and the file did not show was told as if the file showed it, or as if nobody had known it."""
    known = Answer("initial-assessment", YES, source=INTERVIEW)
    case = Case("1", {"case.id": "1", "assessment.made_by_this_team": True}, {}, (known,))
    found = Told(screen(sqs, Caseload((case,), "hash"), as_of=AS_OF, engine="plain")).finding("initial-assessment")
    assert found.outcome is Outcome.MET
    assert "from an interview: the file does not show it" in found.reason


def test_24_planning_is_told_apart_by_subject(sqs: Rulebook) -> None:
    """A service that planned well for harm and badly for reoffending was told one thing about planning, or none."""
    apart = drawn(
        sqs,
        {"plan-addresses-assessed-issues": "weak", "risk-of-harm-plan": "strong", "vulnerability-plan": "sound"},
    )
    assert {one for one in apart if one.startswith(("area-", "strength-"))} == {
        "area-planning-reoffending",
        "strength-planning-harm",
    }
    together = drawn(
        sqs, dict.fromkeys(("initial-assessment", "risk-of-harm-assessment", "vulnerability-assessment"), "weak")
    )
    assert {one for one in together if one.startswith("area-")} == {"area-assessment-at-start"}


# ---- Also, from the letter, and in no rule before --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_start", "now", "outcome"),
    [
        ("high", "medium", Outcome.MET),
        ("medium", "high", Outcome.NOT_MET),
        ("low", "low", Outcome.NOT_APPLICABLE),
    ],
)
def test_a_whether_children_offend_less_is_asked(sqs: Rulebook, at_start: str, now: str, outcome: Outcome) -> None:
    """What the letter counts as success, that children were less likely to offend by now, was told of nobody."""
    found = told(sqs, {"likelihood.at_start": at_start, "likelihood.now": now})
    assert found.outcome("likelihood-reduced") is outcome


def test_b_a_plan_that_nobody_can_follow_is_flagged(sqs: Rulebook) -> None:
    """In a quarter of the cases it was hard to tell what the plan was, and a reader's yes was not challenged for it."""
    managed: Record = {"harm.level": "medium", "vulnerability.level": "medium", "plan.easy_to_follow": False}
    found = told(sqs, managed, risk_of_harm_plan=YES, vulnerability_plan=YES)
    for one in ("risk-of-harm-plan", "vulnerability-plan"):
        assert (found.outcome(one), found.flags(one)) == (Outcome.MET, {"hard-to-follow"})


def test_c_what_a_concern_has_to_do_with_behaviour_is_asked(sqs: Rulebook) -> None:
    """An assessment that named drugs, home and neighbourhood was told to be complete, with nothing said of why."""
    concern: Row = {"area": "living arrangements", "linked_to_offending": True}
    for explained, outcome in ((True, Outcome.MET), (False, Outcome.NOT_MET)):
        record: Record = {"concerns": [{**concern, "link_explained": explained}], "assessment.made_by_this_team": True}
        assert told(sqs, record).outcome("areas-linked-to-behaviour") is outcome


@pytest.mark.parametrize("became", ["refused", "closed"])
def test_d_what_was_refused_is_not_missing(sqs: Rulebook, became: str) -> None:
    """A plan was told to lack a service that had refused the child, or whose work was over."""
    plan: Record = {"plan.exists": True, "objectives": [{"addresses": "lifestyle", "service": "none"}]}
    referral = {"service": "substance misuse service"}
    assert told(sqs, plan, {"referrals": [referral]}).outcome("referrals-in-plan") is Outcome.NOT_MET
    over = told(sqs, plan, {"referrals": [{**referral, "outcome": became}]})
    assert over.outcome("referrals-in-plan") is Outcome.NOT_APPLICABLE


def test_e_every_plan_is_read_with_the_child_in_mind(sqs: Rulebook) -> None:
    """A plan was told to need no reader where nobody had looked whether the child had needs."""
    unscreened = told(sqs, {"plan.exists": True, "individual_needs": [], "engagement.speech_screened": False})
    assert unscreened.outcome("plan-meets-individual-need") is Outcome.NEEDS_JUDGEMENT
    assert unscreened.flags("plan-meets-individual-need") == {"speech-not-screened"}
    need: Record = {"individual_needs": [{"need": "learning", "plan_adapted": False}]}
    adapted = told(sqs, {"plan.exists": True}, need)
    assert adapted.flags("plan-meets-individual-need") == {"no-adaptation"}


def test_f_health_is_challenged_by_facts(sqs: Rulebook) -> None:
    """A reader's yes to health and welfare was told to stand, whatever concern nobody had been asked to help with."""
    concern: Record = {"concerns": [{"area": "emotional and mental health"}]}
    alone = told(sqs, concern, {"health.referred": False}, health_and_welfare=YES)
    assert alone.flags("health-and-welfare") == {"concern-without-referral"}
    missed = told(sqs, concern, {"health.referred": True, "health.attended": False}, health_and_welfare=YES)
    assert missed.flags("health-and-welfare") == {"health-contact-missed"}
    assert missed.outcome("health-and-welfare") is Outcome.MET


def test_g_roles_are_one_fact(sqs: Rulebook) -> None:
    """Two fields said whether roles are stated, and a record in which they differed was told both."""
    assert "harm.roles_stated" not in sqs.dictionary.fields
    unnamed: Record = {"harm_actions": [{"action": "curfew checks", "names_who": False}]}
    found = told(sqs, {"plan.exists": True, "harm.level": "medium"}, unnamed)
    assert found.outcome("plan-states-roles") is Outcome.NOT_MET
    assert found.flags("risk-of-harm-plan") == {"action-without-a-name"}
