"""How a waiver stands beside what was found, in every state; and that nothing that was found is another for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from attrs import evolve

from casescreen.evaluate.acceptance import state_by_days, with_waivers
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Screening
from casescreen.model.waiver import ACCEPTABLE, IN_FORCE, Waiver, WaiverState
from casescreen.rulebook.waiver_file import rule_hash

_DAY = timedelta(days=1)
_BEGINS, _UNTIL = date(2016, 5, 1), date(2016, 6, 30)
_IN = date(2016, 5, 9)

Find = Callable[..., Finding]
Screen = Callable[..., Screening]


def _waiver(**changed: object) -> Waiver:
    values: dict[str, object] = {
        "case": "A-1",
        "criterion": "plan-on-time",
        "item": "",
        "accepts": Outcome.NOT_MET,
        "reason": "why",
        "by": "A. Head",
        "role": "head",
        "on": _BEGINS,
        "begins": _BEGINS,
        "until": _UNTIL,
    }
    return Waiver(**{**values, **changed})  # type: ignore[arg-type]


@pytest.fixture
def criterion(rulebook: Rulebook) -> str:
    return rulebook.criteria[0].id


@pytest.fixture
def stands(find: Find, screen: Screen, criterion: str) -> Callable[..., WaiverState]:
    """How a waiver of a finding with this outcome stands."""

    def call(outcome: Outcome, waiver: Waiver, as_of: date = _IN, **more: object) -> WaiverState:
        screening = evolve(screen([find("A-1", criterion, outcome, **more)]), as_of=as_of)
        accepted = with_waivers(screening, [evolve(waiver, criterion=criterion)]).accepted
        assert accepted is not None
        [one] = accepted.waivers
        assert one.in_force == bool(accepted.until) == bool(accepted.counts) == (one.state in IN_FORCE)
        return one.state

    return call


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (_BEGINS - _DAY, WaiverState.NOT_STARTED),
        (_BEGINS, WaiverState.ACTIVE),
        (_UNTIL - 15 * _DAY, WaiverState.ACTIVE),
        (_UNTIL - 14 * _DAY, WaiverState.ENDING),
        (_UNTIL, WaiverState.ENDING),
        (_UNTIL + _DAY, WaiverState.EXPIRED),
    ],
)
def test_the_first_day_and_the_last_day_count(
    stands: Callable[..., WaiverState], day: date, state: WaiverState
) -> None:
    """The day before and the day after do not."""
    assert state_by_days(_waiver(), day) is state
    assert stands(Outcome.NOT_MET, _waiver(), day) is state


def test_it_begins_when_it_says(stands: Callable[..., WaiverState]) -> None:
    """That it was given before is not enough; and one day can be all."""
    later = _waiver(begins=_IN + _DAY)
    assert stands(Outcome.NOT_MET, later) is WaiverState.NOT_STARTED
    assert stands(Outcome.NOT_MET, later, _IN + _DAY) is WaiverState.ACTIVE
    assert stands(Outcome.NOT_MET, _waiver(begins=_IN, until=_IN)) is WaiverState.ENDING


@pytest.mark.parametrize("accepts", ACCEPTABLE)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_with_every_day(stands: Callable[..., WaiverState], outcome: Outcome, accepts: Outcome) -> None:
    """Only the accepted outcome is accepted. What is met, or does not apply, needs no waiver, expired or not."""
    waiver = _waiver(accepts=accepts)
    settled = outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
    during = WaiverState.ACTIVE if outcome is accepts else WaiverState.VOID
    assert stands(outcome, waiver, _BEGINS - _DAY) is WaiverState.NOT_STARTED
    assert stands(outcome, waiver) is (WaiverState.NOT_NEEDED if settled else during)
    after = stands(outcome, waiver, _UNTIL + _DAY)
    assert after is (WaiverState.NOT_NEEDED if settled else WaiverState.EXPIRED)


def test_what_is_not_there_is_told(
    stands: Callable[..., WaiverState], find: Find, screen: Screen, criterion: str
) -> None:
    """A case, a row, and a criterion that a profile switches off."""
    assert stands(Outcome.NOT_MET, _waiver(case="A-2")) is WaiverState.CASE_NOT_THERE
    assert stands(Outcome.NOT_MET, _waiver(item="R2"), item="R1") is WaiverState.ROW_NOT_THERE
    assert stands(Outcome.NOT_MET, _waiver(), item="R1") is WaiverState.ROW_NOT_THERE
    assert stands(Outcome.NOT_MET, _waiver(item="R1"), item="R1") is WaiverState.ACTIVE
    assert stands(Outcome.NOT_MET, _waiver(item="1"), item="1", numbered=True) is WaiverState.ROW_NOT_THERE
    off = with_waivers(screen([find("A-1", criterion, Outcome.MET)]), [_waiver(criterion="local-x")]).accepted
    assert off is not None
    assert off.waivers[0].state is WaiverState.NOT_ASKED


def test_two_rows_of_one_key_are_not_told_apart(find: Find, screen: Screen, criterion: str) -> None:
    """So neither is accepted."""
    twice = [find("A-1", criterion, Outcome.NOT_MET, item="R1")] * 2
    accepted = with_waivers(screen(twice), [_waiver(criterion=criterion, item="R1")]).accepted
    assert accepted is not None
    assert accepted.waivers[0].state is WaiverState.ROW_NOT_THERE
    assert not accepted.until


def test_a_rule_that_changed_is_told_and_the_waiver_counts(
    find: Find, screen: Screen, rulebook: Rulebook, criterion: str
) -> None:
    """Of one that counts; and what the rulebook says of waivers is no part of the rule."""
    same = rule_hash(rulebook.criterion[criterion], rulebook)
    assert rule_hash(evolve(rulebook.criterion[criterion], waivable=False), rulebook) == same
    for rule, changed in ((same, False), ("0" * 64, True), ("", False)):
        found = with_waivers(
            screen([find("A-1", criterion, Outcome.NOT_MET)]), [_waiver(criterion=criterion, rule=rule)]
        ).accepted
        assert found is not None
        assert [(one.state, one.rule_changed) for one in found.waivers] == [(WaiverState.ACTIVE, changed)]


def test_nothing_that_was_found_is_another(screening: Screening) -> None:
    """Whatever is accepted: every attribute but one is the same."""
    some = [
        _waiver(case=one.case, criterion=one.criterion, item=one.item, accepts=one.outcome)
        for one in screening.findings
        if one.outcome in ACCEPTABLE
    ]
    accepted = with_waivers(screening, some)
    assert accepted.accepted is not None
    assert len(accepted.accepted.until) == len(some) > 1
    assert evolve(accepted, accepted=None) == screening


def test_those_to_look_at_come_first(find: Find, screen: Screen, criterion: str) -> None:
    """What has expired, and of one state what ends first."""
    findings = [find(f"A-{number}", criterion, Outcome.NOT_MET) for number in range(4)]
    days = (_UNTIL, _IN - 2 * _DAY, _UNTIL - _DAY, _IN - _DAY)
    waivers = [_waiver(case=f"A-{number}", criterion=criterion, until=day) for number, day in enumerate(days)]
    accepted = with_waivers(screen(findings), waivers).accepted
    assert accepted is not None
    assert [one.waiver.case for one in accepted.waivers] == ["A-1", "A-3", "A-2", "A-0"]


def test_a_conclusion_is_accepted_where_all_is_that_it_rests_on(screening: Screening) -> None:
    """By the first of their days; one that rests on no finding never is."""
    conclusion = next(one for one in screening.conclusions if one.findings)
    keys = list(conclusion.findings)
    outcome = {(one.case, one.criterion, one.item): one.outcome for one in screening.findings}
    waivers = [
        _waiver(case=case, criterion=criterion, item=item, accepts=outcome[case, criterion, item])
        for case, criterion, item in keys
    ]
    assert with_waivers(screening, waivers).accepted_until(conclusion) == _UNTIL
    assert with_waivers(screening, waivers[1:]).accepted_until(conclusion) is None
    assert with_waivers(screening, waivers).accepted_until(evolve(conclusion, findings=())) is None
    assert screening.accepted_until(conclusion) is None
