"""What may be shared of a screening."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    ConclusionRule,
    RateIn,
    Rulebook,
    Scope,
    Severity,
)
from casescreen.model.screening import Conclusion, Finding, Screening, Suppressed
from casescreen.privacy.suppress import suppressed

Find = Callable[..., Finding]
Screen = Callable[..., Screening]


def _many(find: Find, screen: Screen, not_met: int, **more: object) -> Screening:
    """Forty cases: of each, the plan is on time but in so many, and oversight is good in every second."""
    findings = []
    for number in range(40):
        case = f"AN-{number:02}"
        findings.append(find(case, "plan-timely", Outcome.NOT_MET if number < not_met else Outcome.MET))
        findings.append(find(case, "oversight", Outcome.MET if number // 2 % 2 else Outcome.NOT_MET))
    return screen(findings, **more)


def _rule(id_: str, *premises: RateIn | Concluded) -> ConclusionRule:
    return ConclusionRule(id_, Scope.SAMPLE, ConclusionKind.AREA, f"{id_}.", every=True, premises=premises)


def _conclusion(id_: str, on: Scope = Scope.SAMPLE) -> Conclusion:
    return Conclusion(id_, on, "", ConclusionKind.AREA, f"{id_}.", Severity.LOW, "", "", ("plan: 1 of 3",))


def test_counts_that_are_small_are_not_in_it(find: Find, screen: Screen) -> None:
    """Two of forty are few, and with the total known nothing else of the row can stay; rows without small counts do."""
    shared = suppressed(_many(find, screen, 2), 5, None)
    by_criterion = {one.criterion: one for one in shared.rates}
    assert set(by_criterion["plan-timely"].counts.values()) == {Suppressed.ROW}
    assert by_criterion["plan-timely"].shown is None
    assert by_criterion["oversight"].shown == (20, 40)
    assert (shared.cases, shared.left_out) == (40, 0)


def test_few_cases_have_no_figures(find: Find, screen: Screen) -> None:
    """Of fewer cases than the threshold nothing is told, not even how many."""
    made = screen([find("AN-01", "plan-timely", Outcome.MET)], left_out=2)
    shared = suppressed(made, 5, Scope.MANAGER)
    assert (shared.cases, shared.left_out) == (Suppressed.FEW, Suppressed.FEW)
    assert (shared.rates, shared.conclusions) == ((), ())
    assert (shared.by_manager, shared.manager_sizes, shared.by_team, shared.states) == ({}, {}, {}, {})


@pytest.mark.parametrize("by", [Scope.MANAGER, Scope.TEAM])
def test_groups_are_told_where_no_count_is_small(find: Find, screen: Screen, by: Scope) -> None:
    """A criterion is broken down where no group has a small count: then nothing is there to be worked out."""
    shared = suppressed(_many(find, screen, 2), 5, by)
    groups = shared.by_manager if by is Scope.MANAGER else shared.by_team
    sizes = shared.manager_sizes if by is Scope.MANAGER else shared.team_sizes
    assert list(sizes.values()) == ([20, 20] if by is Scope.MANAGER else [21, 19])
    told = {rate.criterion for rates in groups.values() for rate in rates}
    assert told == {"oversight", "concerns-in-plan", "report-quality", "victim-safety-addressed"}
    ungrouped = suppressed(_many(find, screen, 2), 5, None)
    assert (ungrouped.by_manager, ungrouped.by_team) == ({}, {})


def test_no_group_is_told_beside_a_small_one(find: Find, screen: Screen) -> None:
    """Where the size of a group is kept back, no criterion is broken down: its counts would add up to the size."""
    findings = [find(f"AN-{number:02}", "plan-timely", Outcome.MET) for number in range(40)]
    made = screen(findings)
    managers = {case: "Worker C" if case == "AN-00" else name for case, name in made.managers.items()}
    shared = suppressed(
        evolve(made, managers=managers, by_manager={**made.by_manager, "Worker C": made.rates}), 5, Scope.MANAGER
    )
    assert list(shared.manager_sizes.values()) == [Suppressed.WITHHELD, 20, Suppressed.FEW]
    assert set(shared.by_manager.values()) == {()}


def test_conclusions_that_read_what_is_kept_back_are_not_in_it(find: Find, screen: Screen, rulebook: Rulebook) -> None:
    """A rule's own rates, and those that its conclusions rest on, must all be shown; else it is left out."""
    rules = (
        _rule("shown", RateIn("oversight", ("weak",))),
        _rule("hidden", RateIn("plan-timely", ("strong",))),
        _rule("either", RateIn("oversight", ("weak",)), RateIn("plan-timely", ("strong",))),
        _rule("through", Concluded("hidden")),
    )
    concluded = (*(_conclusion(rule.id) for rule in rules), _conclusion("team", Scope.TEAM))
    made = _many(find, screen, 2, rulebook=evolve(rulebook, conclusions=rules), conclusions=concluded)
    assert [one.id for one in suppressed(made, 5, None).conclusions] == ["shown"]
    made = evolve(_many(find, screen, 20), rulebook=made.rulebook, conclusions=concluded)
    assert [one.id for one in suppressed(made, 5, None).conclusions] == ["shown", "hidden", "either", "through"]
