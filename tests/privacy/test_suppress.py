"""What may be shared of a screening."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from casescreen.model.dictionary import Dictionary, Field, Kind
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import (
    Concluded,
    ConclusionKind,
    ConclusionRule,
    OutcomeIs,
    RateIn,
    Rulebook,
    Scope,
    Severity,
)
from casescreen.model.screening import CaseState, Conclusion, Finding, Screening, Suppressed
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
    """Two of forty are few, and with the total known what is left of it cannot stay; rows without small counts do."""
    shared = suppressed(_many(find, screen, 2), 5, None)
    by_criterion = {one.criterion: one for one in shared.rates}
    assert list(by_criterion["plan-timely"].counts.values()) == [Suppressed.WITHHELD, Suppressed.FEW, 0, 0, 0, 0]
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
    # In each team each manager has ten cases or so, and of these few are met; nothing is said of the other criteria.
    silent = {"concerns-in-plan", "report-quality", "victim-safety-addressed"}
    assert told == (silent if by is Scope.MANAGER else {"oversight", *silent})
    ungrouped = suppressed(_many(find, screen, 2), 5, None)
    assert (ungrouped.by_manager, ungrouped.by_team) == ({}, {})


def test_what_a_team_s_figures_leave_of_a_manager_s_is_not_small(find: Find, screen: Screen) -> None:
    """No count is small by manager, nor by team; but of what the second manager has in East, one is met."""
    # In East all cases of the first manager and as many of the second, who has the others in West.
    cases = [("A", "East", 9, 6), ("B", "East", 1, 14), ("B", "West", 9, 6)]
    findings, managers, teams = list[Finding](), dict[str, str](), dict[str, str]()
    for manager, team, met, not_met in cases:
        for number in range(met + not_met):
            case = f"{manager}-{team}-{number:02}"
            findings.append(find(case, "plan-timely", Outcome.MET if number < met else Outcome.NOT_MET))
            managers[case], teams[case] = manager, team
    made = screen(findings, managers=managers, teams=teams)
    by_team, by_manager = suppressed(made, 5, Scope.TEAM), suppressed(made, 5, Scope.MANAGER)
    assert by_team.by_team["East"][0].shown == (10, 30)
    assert "plan-timely" not in {rate.criterion for rate in by_manager.by_manager["A"]}
    assert by_manager.manager_sizes == {"A": 15, "B": 30}


def test_a_small_group_is_told_with_another(find: Find, screen: Screen) -> None:
    """One case of a third manager is told with those of the first by name, or his count would be what is left."""
    findings = [find(f"AN-{number:02}", "plan-timely", Outcome.MET) for number in range(60)]
    managers = {finding.case: f"Worker {'ABB'[number % 3]}" for number, finding in enumerate(findings)}
    made = screen(findings, managers=managers | {"AN-01": "Worker C"}, teams=dict.fromkeys(managers, "East"))
    shared = suppressed(made, 5, Scope.MANAGER)
    assert shared.manager_sizes == {"Other managers": 21, "Worker B": 39}
    named = evolve(made, managers={case: name.replace("Worker B", "Other managers") for case, name in managers.items()})
    named = evolve(named, managers={**named.managers, "AN-01": "Worker C"})
    # "Other managers" is the first by name, and goes with the small one; so they are called something else.
    assert suppressed(named, 5, Scope.MANAGER).manager_sizes == {"Other managers together": 40, "Worker A": 20}


def test_nine_reports_of_one_case_are_one_case(find: Find, screen: Screen) -> None:
    """Nineteen cases without reports and one with nine: how many have any is withheld."""
    findings = [find(f"AN-{number:02}", "report-quality", Outcome.NOT_APPLICABLE) for number in range(19)]
    findings += [find("AN-19", "report-quality", Outcome.NOT_EVIDENCED, item=f"R{number}") for number in range(9)]
    shared = suppressed(screen(findings), 5, None)
    by_criterion = {one.criterion: one for one in shared.rates}
    assert list(by_criterion["report-quality"].counts.values()) == [0, 0, *[Suppressed.ROW] * 4]


def test_a_case_counts_with_the_worst_of_its_rows(find: Find, screen: Screen) -> None:
    """Once, whatever the order of the rows."""
    outcomes = (Outcome.MET, Outcome.NOT_MET, Outcome.NEEDS_JUDGEMENT, Outcome.NOT_APPLICABLE)
    findings = [
        find(f"AN-{number:02}", "report-quality", outcomes[(number + row) % 4], item=f"R{row}")
        for number in range(20)
        for row in range(4)
    ]
    shared = suppressed(screen(findings), 5, None)
    assert {one.criterion: one for one in shared.rates}["report-quality"].counts[Outcome.NOT_MET] == 20


def test_how_cases_stand_is_withheld_where_it_narrows_a_row(find: Find, screen: Screen) -> None:
    """Six of forty cases are not met, and one or more of them are met or not: that none of those 34 is, is too much."""
    findings = [find(f"AN-{number:02}", "plan-timely", Outcome.NOT_YET_DUE) for number in range(30)]
    findings += [find(f"AN-{number:02}", "plan-timely", Outcome.NOT_MET) for number in range(30, 38)]
    findings += [find(f"AN-{number:02}", "plan-timely", Outcome.MET) for number in range(38, 40)]
    shared = suppressed(screen(findings), 5, None)
    by_criterion = {one.criterion: one for one in shared.rates}
    assert by_criterion["plan-timely"].counts[Outcome.NOT_MET] is Suppressed.WITHHELD
    assert shared.states == {}


def test_how_cases_stand_is_told_where_it_narrows_nothing(find: Find, screen: Screen) -> None:
    """With what needs action now apart only where all that it rests on is shown in full."""
    made = _many(find, screen, 20)
    assert suppressed(made, 5, None).states == {
        CaseState.ACT_NOW: 0, CaseState.ATTENTION: 30, CaseState.NOTHING: 10,
    }  # fmt: skip
    action = ConclusionRule(
        "act", Scope.CASE, ConclusionKind.ACTION, "Act.", every=True, premises=(OutcomeIs("report-quality", ()),)
    )
    rulebook = evolve(made.rulebook, conclusions=(action,))
    few = [*made.findings, *(find(f"AN-{number:02}", "report-quality", Outcome.MET) for number in range(3))]
    assert suppressed(evolve(made, rulebook=rulebook, findings=tuple(few)), 5, None).states == {
        CaseState.ACT_OR_ATTENTION: 30, CaseState.NOTHING: 10,
    }  # fmt: skip


@pytest.mark.parametrize("apart", ["managers", "teams", "characteristics"])
def test_how_cases_stand_is_withheld_where_it_narrows_a_row_with_groups(
    find: Find, screen: Screen, rulebook: Rulebook, apart: str
) -> None:
    """All ten of a group are not met of two criteria; so of eighteen that need attention, eight are not met of a third.

    Then one or two are met of it, and not one to four. In all, what is not met of the two comes to twenty.
    """
    cases, findings = [f"AN-{number:02}" for number in range(40)], list[Finding]()
    for number, case in enumerate(cases):
        of_first = Outcome.NOT_MET if number < 10 else Outcome.MET
        findings += [find(case, "plan-timely", of_first), find(case, "oversight", of_first)]
        of_third = Outcome.NOT_MET if number < 18 else Outcome.MET if number < 20 else Outcome.NOT_APPLICABLE
        findings.append(find(case, "concerns-in-plan", Outcome.NOT_APPLICABLE if number < 10 else of_third))
    groups = {case: "red" if number < 10 else "blue" for number, case in enumerate(cases)}
    dictionary = Dictionary({**rulebook.dictionary.fields, COLOUR.name: COLOUR}, rulebook.dictionary.tables)
    book, whole = evolve(rulebook, dictionary=dictionary), dict.fromkeys(cases, "")
    of = {"managers": whole, "teams": whole, "characteristics": {COLOUR.name: whole}}
    told = {"characteristics": {COLOUR.name: groups}}.get(apart, groups)
    assert suppressed(screen(findings, rulebook=book, **{**of, apart: told}), 5, None).states == {}
    assert suppressed(screen(findings, rulebook=book, **of), 5, None).states == {
        CaseState.ACT_NOW: 0, CaseState.ATTENTION: 18, CaseState.NOTHING: 22,
    }  # fmt: skip


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


def test_a_band_that_rests_on_what_is_not_known_does_not_give_it_away(find: Find, screen: Screen) -> None:
    """Where a band asks how many cases are known, a rule that reads it tells of the rest too: that must be shown."""
    outcomes = [*[Outcome.MET] * 20, *[Outcome.NOT_MET] * 10, *[Outcome.NOT_EVIDENCED] * 2, *[Outcome.NOT_YET_DUE] * 8]
    made = screen([find(f"AN-{number:02}", "plan-timely", one) for number, one in enumerate(outcomes)])
    rules = (_rule("mixed", RateIn("plan-timely", ("mixed",))),)
    made = evolve(made, rulebook=evolve(made.rulebook, conclusions=rules), conclusions=(_conclusion("mixed"),))
    assert [one.id for one in suppressed(made, 5, None).conclusions] == ["mixed"]
    strict = evolve(made.rulebook, bands=evolve(made.rulebook.bands, known=50))
    assert suppressed(evolve(made, rulebook=strict), 5, None).conclusions == ()
    enough = [*outcomes, *[Outcome.NOT_EVIDENCED] * 4]
    more = screen([find(f"AN-{number:02}", "plan-timely", one) for number, one in enumerate(enough)])
    shared = suppressed(evolve(more, rulebook=strict, conclusions=made.conclusions), 5, None)
    assert [one.id for one in shared.conclusions] == ["mixed"]


COLOUR = Field("case.colour", "colour", Kind.CHOICE, "Its colour.", ("red", "blue", "green"), characteristic=True)
SHAPE = Field("case.shape", "shape", Kind.CHOICE, "Its shape.", ("round", "square"), characteristic=True)


def _of_colours(
    find: Find, screen: Screen, rulebook: Rulebook, colours: str, shapes: str = "", met: str = ""
) -> Screening:
    """Cases of one manager and team, each of a colour and a shape by its letter, with a plan that is met or not."""
    words = {"r": "red", "b": "blue", "g": "green", "-": "", "o": "round", "s": "square"}
    cases = [f"AN-{number:03}" for number in range(len(colours))]
    outcomes = [Outcome.MET if letter == "+" else Outcome.NOT_MET for letter in met or "+" * len(cases)]
    findings = [find(case, "plan-timely", outcome) for case, outcome in zip(cases, outcomes, strict=True)]
    fields = {**rulebook.dictionary.fields, COLOUR.name: COLOUR, SHAPE.name: SHAPE}
    groups = {
        field.name: {case: words[letter] for case, letter in zip(cases, letters, strict=True)}
        for field, letters in ((COLOUR, colours), (SHAPE, shapes or "o" * len(cases)))
    }
    one = dict.fromkeys(cases, "")
    book = evolve(rulebook, dictionary=Dictionary(fields, rulebook.dictionary.tables))
    return screen(findings, rulebook=book, managers=one, teams=one, characteristics=groups)


def _told(screening: Screening, field: Field, under: int = 5) -> dict[str, tuple[int, list[tuple[int, int]]]]:
    split = suppressed(screening, under, None, field).split
    assert split is not None
    return {
        group.name: (
            group.size,
            [(one.met.count, one.met.of) for one in group.figures if one.criterion == "plan-timely"],
        )
        for group in split.groups
    }


def test_groups_are_told_where_no_count_of_them_is_small(find: Find, screen: Screen, rulebook: Rulebook) -> None:
    """Five of ten red ones are met, and all blue ones; with four of ten, of no colour anything is told."""
    safe = _of_colours(find, screen, rulebook, "r" * 10 + "b" * 10, met="+" * 5 + "-" * 5 + "+" * 10)
    assert _told(safe, COLOUR) == {"red": (10, [(5, 10)]), "blue": (10, [(10, 10)])}
    small = _of_colours(find, screen, rulebook, "r" * 10 + "b" * 10, met="+" * 4 + "-" * 6 + "+" * 10)
    assert _told(small, COLOUR) == {"red": (10, []), "blue": (10, [])}
    split = suppressed(small, 5, None, COLOUR).split
    assert split is not None
    assert "plan-timely" in split.withheld


def test_not_evidenced_is_not_told_by_group(find: Find, screen: Screen, rulebook: Rulebook) -> None:
    """It is a part of what is neither met nor not met, of which a copy to share tells only how much there is."""
    split = suppressed(_of_colours(find, screen, rulebook, "r" * 10 + "b" * 10), 5, None, COLOUR).split
    assert split is not None
    assert {one.not_evidenced for group in split.groups for one in group.figures} == {None}


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        ("r" * 10 + "b" * 10 + "g" * 2, {"red": 10, "blue or green": 12}),
        ("r" * 10 + "b" * 10 + "-" * 2, {"red": 10, "blue or not recorded": 12}),
        ("r" * 10 + "g" * 2 + "-" * 10, {"red": 10, "green or not recorded": 12}),
        ("r" * 10 + "g" * 2 + "b" * 2, {}),  # all but one are small: together with it they are everyone
    ],
)
def test_a_small_group_is_told_with_others(
    find: Find, screen: Screen, rulebook: Rulebook, colours: str, told: dict[str, int]
) -> None:
    """By the words of all: first what is not recorded goes with it, then the last of the dictionary."""
    assert {
        name: size for name, (size, _) in _told(_of_colours(find, screen, rulebook, colours), COLOUR).items()
    } == told


def test_what_is_told_by_one_characteristic_limits_the_next(find: Find, screen: Screen, rulebook: Rulebook) -> None:
    """No count is small by colour nor by shape; but of the red and round ones one is met.

    By colour it is told, being first in the dictionary. So by shape it is not; but is, where by colour it is not.
    """
    colours, shapes = "r" * 20 + "b" * 20, ("o" * 10 + "s" * 10) * 2
    met = "+" + "-" * 9 + "+" * 9 + "-" + "+" * 9 + "-" + "+" + "-" * 9
    made = _of_colours(find, screen, rulebook, colours, shapes, met)
    assert _told(made, COLOUR) == {"red": (20, [(10, 20)]), "blue": (20, [(10, 20)])}
    assert _told(made, SHAPE) == {"round": (20, []), "square": (20, [])}
    few_red = "+" + "-" * 19 + "+" * 9 + "-" + "+" * 10
    assert _told(_of_colours(find, screen, rulebook, colours, "o" * 20 + "s" * 20, few_red), SHAPE)["round"][1] == []
    alone = "+" * 4 + "-" * 6 + "+" * 4 + "-" * 6 + "+" * 10 + "-" * 10
    made = _of_colours(find, screen, rulebook, "r" * 4 + "b" * 36, "o" * 20 + "s" * 20, alone)
    assert _told(made, COLOUR) == {}
    assert _told(made, SHAPE) == {"round": (20, [(8, 20)]), "square": (20, [(10, 20)])}


def test_a_split_changes_nothing_else_of_a_copy(find: Find, screen: Screen, rulebook: Rulebook) -> None:
    """What is withheld beside it is the same, whatever is asked for; and of few cases there are no groups."""
    made = _of_colours(find, screen, rulebook, "r" * 10 + "b" * 10)
    for by in (None, Scope.MANAGER, Scope.TEAM):
        assert evolve(suppressed(made, 5, by, COLOUR), split=None) == suppressed(made, 5, by)
    assert suppressed(made, 30, None, COLOUR).split is None
