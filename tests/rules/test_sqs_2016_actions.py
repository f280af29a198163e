"""What the shipped rulebook sqs-2016 concludes on a case: what needs action now, and what is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from casescreen.evaluate.screening import screen
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.dictionary import Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import ConclusionKind, Rulebook
from casescreen.rulebook.load import load_rulebook

AS_OF = date(2016, 5, 9)

Record = Mapping[str, Value | list[Mapping[str, Value]]]

# The smallest record that brings each alarm.
ALARMS: Mapping[str, Record] = {
    "act-now-victim-safety": {
        "harm.level": "high",
        "plan.victim_safety_stated": False,
        "victims": [{"to_be_protected": True}],
    },
    "act-now-exploitation": {"cse.at_risk": True, "cse.action_taken": False},
    "act-now-no-plan": {
        "order.type": "referral order",
        "order.starts_on": date(2016, 2, 1),
        "plan.exists": False,
    },
    "act-now-criminal-exploitation": {"exploitation.criminal_risk": True, "exploitation.referred": False},
    "act-now-signed-off-without-harm-actions": {
        "oversight.decision": "agreed",
        "harm.level": "medium",
        "harm_actions": [],
    },
    "act-now-signed-off-without-victim-safety": {
        "plan.countersigned": True,
        "plan.victim_safety_stated": False,
        "victims": [{"to_be_protected": True}],
    },
    "act-now-signed-off-with-an-unmet-need": {
        "plan.countersigned": True,
        "vulnerability_factors": [{"action_planned": False}],
    },
    "act-now-signed-off-with-a-step-missing": {
        "plan.countersigned": True,
        "vulnerability.specialist_assessment_needed": True,
        "vulnerability.specialist_assessment_requested": False,
    },
    "act-now-harm-high-and-nothing-to-manage": {"harm.level": "very high", "harm.factors_to_manage": False},
    "act-now-vulnerability-high-and-no-plan-needed": {
        "vulnerability.level": "very high",
        "vulnerability.needs_plan": False,
    },
    "act-now-high-risk-not-discussed": {"vulnerability.level": "very high", "oversight.discussed_at_meeting": False},
    "act-now-decision-not-acted-on": {"harm.level": "high", "decisions": [{"acted_on": False}]},
    "act-now-full-harm-assessment": {"harm.full_assessment_required": True, "harm.full_assessment_done": False},
    "act-now-specialist-assessment": {
        "vulnerability.level": "high",
        "vulnerability.specialist_assessment_needed": True,
        "vulnerability.specialist_assessment_requested": False,
    },
    "act-now-harm-review": {
        "harm.level": "high",
        "reviews": [{"of": "risk of harm plan", "due_on": date(2016, 5, 2), "done": False}],
    },
    "act-now-vulnerability-review": {
        "vulnerability.level": "high",
        "reviews": [{"of": "vulnerability plan", "due_on": date(2016, 5, 2), "done": False}],
    },
    "act-now-non-compliance": {"non_compliance": [{"occurred_on": date(2016, 5, 2), "responded": False}]},
    "act-now-exploitation-tool-with-indicators": {
        "order.starts_on": date(2016, 2, 1),
        "cse.tool_completed": False,
        "exploitation.indicators": True,
    },
}

# What is unusual about some of these records, and about no other: it is told, and the record is believed.
CONTRADICTIONS = {
    "harm-level-and-nothing-to-manage",
    "vulnerability-level-and-no-plan-needed",
    "victim-to-protect-and-nothing-to-manage",
}

# Plans that a reader did not find good enough, where the risk is high.
JUDGED = {"act-now-harm-plan", "act-now-vulnerability-plan"}


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook("sqs-2016")


def _concluded(sqs: Rulebook, record: Record, kind: ConclusionKind, **answers: ReadersAnswer) -> set[str]:
    fields = {name: value for name, value in record.items() if not isinstance(value, list)}
    tables = {name: tuple(rows) for name, rows in record.items() if isinstance(rows, list)}
    said = tuple(Answer(name.replace("_", "-"), answer, reason="Said.") for name, answer in answers.items())
    case = Case("1", {"case.id": "1", **fields}, tables, said)
    done = screen(sqs, Caseload((case,), "hash"), as_of=AS_OF, engine="plain")
    assert {one.check for one in done.issues} <= CONTRADICTIONS
    return {one.id for one in done.conclusions if one.kind is kind and one.subject == "1"}


@pytest.mark.parametrize("alarm", ALARMS)
def test_a_record_that_calls_for_action_brings_it(sqs: Rulebook, alarm: str) -> None:
    """What is known to be wrong and urgent is called for, and nothing else with it."""
    assert _concluded(sqs, ALARMS[alarm], ConclusionKind.ACTION) == {alarm}


@pytest.mark.parametrize("alarm", ALARMS)
def test_no_action_is_called_for_on_half_a_record(sqs: Rulebook, alarm: str) -> None:
    """With any one line of that record missing, nothing is called for: what is not recorded is no alarm."""
    lessened = list(_with_one_line_less(ALARMS[alarm]))
    assert len(lessened) > 1
    assert [record for record in lessened if _concluded(sqs, record, ConclusionKind.ACTION)] == []


def _with_one_line_less(record: Record) -> Iterator[Record]:
    for name, value in record.items():
        yield {other: kept for other, kept in record.items() if other != name}
        if isinstance(value, list) and value:
            for column in value[0]:
                yield {**record, name: [{other: kept for other, kept in value[0].items() if other != column}]}


@pytest.mark.parametrize(
    "instead",
    [
        {"plan.exists": False},
        {"plan.countersigned": False, "oversight.decision": "read"},
        {"plan.completed_on": date(2016, 1, 20), "transfer.received_on": date(2016, 3, 14)},
    ],
    ids=["there is no plan", "it was only read", "another team signed it off"],
)
def test_nobody_signed_off_a_plan_that_this_team_did_not_let_stand(sqs: Rulebook, instead: Record) -> None:
    """A manager is told of a gap only where there is a plan of this team, and somebody agreed to it."""
    record = {**ALARMS["act-now-signed-off-with-an-unmet-need"], **instead}
    assert _concluded(sqs, record, ConclusionKind.ACTION) == set()


@pytest.mark.parametrize("section", ["harm", "vulnerability"])
def test_a_change_that_nobody_reviewed_is_urgent_where_the_level_is_high(sqs: Rulebook, section: str) -> None:
    """A significant change makes a review overdue, and at a high level somebody is to act."""
    change: Record = {
        "order.starts_on": date(2016, 3, 1),
        "change.happened_on": date(2016, 3, 21),
        "change.reviewed": False,
        "reviews": [],
    }
    for level, expected in (("very high", {f"act-now-{section}-review"}), ("medium", set())):
        assert _concluded(sqs, {f"{section}.level": level, **change}, ConclusionKind.ACTION) == expected
    later = {f"{section}.level": "high", **change, "change.happened_on": date(2016, 4, 25)}
    assert _concluded(sqs, later, ConclusionKind.ACTION) == set()


def test_every_action_is_tried_here(sqs: Rulebook) -> None:
    """No action of the rulebook is without a record that brings it."""
    assert {rule.id for rule in sqs.conclusions if rule.kind is ConclusionKind.ACTION} == {*ALARMS, *JUDGED}


@pytest.mark.parametrize(
    ("plan", "section", "applies"),
    [
        ("risk_of_harm_plan", "harm", "harm.factors_to_manage"),
        ("vulnerability_plan", "vulnerability", "vulnerability.needs_plan"),
    ],
)
def test_a_plan_judged_poor_calls_for_action_where_risk_is_high(
    sqs: Rulebook, plan: str, section: str, applies: str
) -> None:
    """A reader's no to a plan is urgent at a high level, and not at a medium one."""
    for level, expected in (("high", {f"act-now-{section}-plan"}), ("medium", set())):
        record: Record = {f"{section}.level": level, applies: True}
        assert _concluded(sqs, record, ConclusionKind.ACTION, **{plan: ReadersAnswer.NO}) == expected
        without = {**record, "plan.exists": False}  # then that is what is told, and not that it is poor
        assert _concluded(sqs, without, ConclusionKind.ACTION, **{plan: ReadersAnswer.NO}) == set()


SOUND: Record = {
    "order.type": "youth rehabilitation order",
    "order.starts_on": date(2016, 2, 1),
    "order.requires_plan": True,
    "assessment.made_by_this_team": True,
    "plan.exists": True,
    "plan.completed_on": date(2016, 2, 12),
    "plan.victim_safety_stated": True,
    "harm.factors_to_manage": True,
    "vulnerability.needs_plan": True,
    "cse.tool_completed": True,
    "cse.tool_completed_on": date(2016, 2, 5),
    "cse.at_risk": False,
    "engagement.barriers_assessed": True,
    "engagement.barriers_found": False,
    "concerns": [{"area": "substance misuse", "linked_to_offending": True}],
    "objectives": [{"addresses": "substance misuse"}],
    "victims": [{"reference": "V1", "to_be_protected": True}],
    "individual_needs": [],
}
THEME_OF = {
    "initial_assessment": "reoffending",
    "risk_of_harm_assessment": "public",
    "risk_of_harm_plan": "public",
    "vulnerability_assessment": "child",
    "vulnerability_plan": "child",
    "child_and_carers_involved": "engagement",
    "plan_meets_individual_need": "engagement",
}
THEMES = set(THEME_OF.values())
YES = dict.fromkeys(THEME_OF, ReadersAnswer.YES)


def _sound(sqs: Rulebook, record: Record, **answers: ReadersAnswer) -> set[str]:
    return {one.removeprefix("sound-start-") for one in _concluded(sqs, record, ConclusionKind.SUMMARY, **answers)}


def test_sound_work_at_the_start_is_said_to_be_sound(sqs: Rulebook) -> None:
    """Where facts and reader agree that all is in order, each theme's work at the start is called sound.

    A reader has to say of every plan that the child can use it. In version 1 that was asked only where a need was
    recorded, and a record without needs had no say in it.
    """
    assert _sound(sqs, SOUND, **YES) == THEMES


@pytest.mark.parametrize(("judgement", "theme"), list(THEME_OF.items()))
def test_work_that_a_reader_has_not_found_good_is_not_called_sound(sqs: Rulebook, judgement: str, theme: str) -> None:
    """A reader's no, and an answer still to come, keep the theme from being called sound, and no other theme."""
    waiting = {name: answer for name, answer in YES.items() if name != judgement}
    assert _sound(sqs, SOUND, **waiting) == THEMES - {theme}
    assert _sound(sqs, SOUND, **waiting, **{judgement: ReadersAnswer.NO}) == THEMES - {theme}


def test_nothing_is_called_sound_where_nothing_was_asked(sqs: Rulebook) -> None:
    """Where another team assessed and there is nothing to manage, no work on harm or vulnerability is praised."""
    elsewhere = {
        "assessment.made_by_this_team": False,
        "harm.factors_to_manage": False,
        "vulnerability.needs_plan": False,
    }
    assert _sound(sqs, {**SOUND, **elsewhere}, **YES) & {"public", "child"} == set()


@pytest.mark.parametrize("section", ["harm", "vulnerability"])
def test_a_weak_assessment_with_a_weak_plan_is_told_as_a_pattern(sqs: Rulebook, section: str) -> None:
    """Where a reader says no to both the assessment and the plan, the two are told together, and not for one alone."""
    assessment, plan = (
        ("risk_of_harm_assessment", "risk_of_harm_plan")
        if section == "harm"
        else ("vulnerability_assessment", "vulnerability_plan")
    )
    expected = {f"case-weak-{section}-assessment-weak-plan"}
    poor = {**YES, assessment: ReadersAnswer.NO, plan: ReadersAnswer.NO}
    assert _concluded(sqs, SOUND, ConclusionKind.PATTERN, **poor) == expected
    assert _concluded(sqs, SOUND, ConclusionKind.PATTERN, **{**poor, plan: ReadersAnswer.YES}) == set()
