"""A screening in bulk is the ordinary one, without its findings."""

from __future__ import annotations

import typing
from collections import Counter
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from attrs import evolve

from casescreen import api
from casescreen.columnar.frames import CaseFrames, frames_of
from casescreen.columnar.outcomes import OUTCOMES
from casescreen.columnar.screening import bulk_outcomes, bulk_rates, screen_frames
from casescreen.conditions.operators import IS
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.evaluate.screening import screen
from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Covered,
    Literal,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import CaseFact, ConclusionKind, ConclusionRule, FactIs, Rulebook, Scope
from casescreen.model.screening import IssueKind, Screening
from casescreen.rulebook.parameters import with_local_holidays

AS_OF = date(2024, 6, 1)


@pytest.fixture
def ordinary(screened: Callable[..., Screening], repairs: tuple[Case, ...]) -> Screening:
    return screened(*repairs, as_of=AS_OF)


def test_rates_and_conclusions_are_the_ordinary_ones(bikes: Rulebook, frames: CaseFrames, ordinary: Screening) -> None:
    """Over the sample, managers and teams: the same counts, bands, conclusions and reasons."""
    found = screen_frames(bikes, [frames], as_of=AS_OF)
    assert (found.rates, found.by_manager, found.by_team) == (ordinary.rates, ordinary.by_manager, ordinary.by_team)
    assert found.conclusions == tuple(one for one in ordinary.conclusions if one.on is not Scope.CASE)
    assert {one.on for one in found.conclusions} == {Scope.SAMPLE, Scope.MANAGER}
    assert (found.cases, found.not_begun, found.later) == (len(ordinary.case_ids), ordinary.not_begun, ordinary.later)
    assert found.engine == f"Polars, for all cases at once; conclusions by {ordinary.engine}"
    assert ordinary.later > 10


def test_conclusions_on_cases_are_counted(
    bikes: Rulebook, repairs: tuple[Case, ...], case: Callable[..., Case], screened: Callable[..., Screening]
) -> None:
    """Of as many cases as an ordinary screening draws each of, in all, by manager and by team; no other case counts."""
    late = {"bike.kind": "cargo bike", "repair.brought_on": date(2024, 4, 2), "repair.done": False}
    whose: tuple[dict[str, object], ...] = (
        {},
        {"case.manager": "Mechanic 1"},
        {"case.manager": "Mechanic 1", "case.team": "south"},
    )
    cases = (*repairs, *(case(f"C-{n}", {**late, "bike.wheels": 2, **one}) for n, one in enumerate(whose)))
    ordinary = screened(*cases, as_of=AS_OF)
    found = screen_frames(bikes, [frames_of(cases, bikes.dictionary)], as_of=AS_OF).on_cases
    assert [one.rule.id for one in found] == ["act-now", "unsafe"]
    for one in found:
        of = [conclusion.subject for conclusion in ordinary.conclusions if conclusion.id == one.rule.id]
        assert one.cases == len(of) >= 3
        for groups, by in ((ordinary.managers, one.by_manager), (ordinary.teams, one.by_team)):
            number = Counter(groups[subject] for subject in of)
            assert list(by.items()) == [(name, number[name]) for name in sorted(set(groups.values()))]
    assert found[0].cases < found[1].cases < len(ordinary.case_ids)


def test_conclusions_of_no_case_are_counted_as_such(bikes: Rulebook, case: Callable[..., Case]) -> None:
    """With or without cases, a conclusion that holds of none is there, with none."""
    for cases in ([], [case("B-1", {"bike.kind": "city bike", "case.team": "north"})]):
        found = screen_frames(bikes, [frames_of(cases, bikes.dictionary)], as_of=AS_OF).on_cases
        assert [(one.rule.id, one.cases) for one in found] == [("act-now", 0), ("unsafe", 0)]
        assert [one.by_team for one in found] == [{"north": 0} if cases else {}] * 2


def test_what_rests_on_very_much_is_drawn(bikes: Rulebook, repairs: tuple[Case, ...], frames: CaseFrames) -> None:
    """Of more than a number has bits for, each thing counts: the last and the first."""
    wheels = bikes.dictionary.fields["bike.wheels"]
    facts = tuple(CaseFact(f"f{n}", "So.", Compare(wheels, IS, Literal(n))) for n in range(130))
    onwards = tuple(FactIs(one.id) for one in facts[1:])
    rules = [
        ConclusionRule(name, Scope.CASE, ConclusionKind.PATTERN, "So.", every=False, premises=premises)
        for name, premises in (("onwards", onwards), ("back", onwards[::-1]))
    ]
    many = evolve(bikes, facts=facts, conclusions=tuple(rules))
    drawn = screen(many, Caseload(repairs, ""), as_of=AS_OF).conclusions
    found = screen_frames(many, [frames], as_of=AS_OF).on_cases
    assert [one.cases for one in found] == [sum(one.id == rule.id for one in drawn) for rule in rules]
    assert all(0 < one.cases < len(repairs) for one in found)


def test_outcomes_are_the_ordinary_ones_in_their_order(
    bikes: Rulebook, frames: CaseFrames, ordinary: Screening
) -> None:
    """Each finding's case, criterion, item and outcome, by case, criterion and the record's rows."""
    (rows,) = bulk_outcomes(bikes, [frames], as_of=AS_OF)
    found = [
        (case, bikes.criteria[criterion].id, item or "", OUTCOMES[outcome])
        for case, criterion, item, outcome in rows.iter_rows()
    ]
    assert found == [(one.case, one.criterion, one.item, one.outcome) for one in ordinary.findings]


def test_outcomes_come_by_id_whatever_the_order_of_the_cases(
    bikes: Rulebook, repairs: tuple[Case, ...], frames: CaseFrames
) -> None:
    """Cases that stand in another order give the same rows in the same order."""
    backwards = frames_of(reversed(repairs), bikes.dictionary)
    (first,), (second,) = (bulk_outcomes(bikes, [one], as_of=AS_OF) for one in (frames, backwards))
    assert first.equals(second)


def test_only_the_outcomes_asked_for_are_listed(bikes: Rulebook, frames: CaseFrames) -> None:
    """What is not met is exactly those rows of all that are not met."""
    (every,) = bulk_outcomes(bikes, [frames], as_of=AS_OF)
    (some,) = bulk_outcomes(bikes, [frames], as_of=AS_OF, only={Outcome.NOT_MET})
    assert some.equals(every.filter(pl.col("outcome") == OUTCOMES.index(Outcome.NOT_MET)))
    assert len(some) > 10


def test_rates_by_any_field(bikes: Rulebook, repairs: tuple[Case, ...], screened: Callable[..., Screening]) -> None:
    """The rates of the cases with each value of a field are those of a screening of just these."""
    found = bulk_rates(bikes, [frames_of(repairs, bikes.dictionary)], as_of=AS_OF, by="bike.kind")
    assert list(found) == ["", "cargo bike", "city bike"]
    for kind, rates in found.items():
        of_kind = [case for case in repairs if case.fields.get("bike.kind", "") == kind]
        assert rates == screened(*of_kind, as_of=AS_OF).rates


def test_parts_add_up(bikes: Rulebook, repairs: tuple[Case, ...], frames: CaseFrames) -> None:
    """A caseload in parts, one of them empty, screens as a whole."""
    parts = [frames_of(some, bikes.dictionary) for some in (repairs[:70], (), repairs[70:71], repairs[71:])]
    assert screen_frames(bikes, parts, as_of=AS_OF) == screen_frames(bikes, [frames], as_of=AS_OF)


def test_no_cases_have_rates_of_nothing(bikes: Rulebook, screened: Callable[..., Screening]) -> None:
    """Without a case, or without a part, every rate is of none, as in an ordinary screening."""
    for parts in ([], [frames_of((), bikes.dictionary)]):
        found = screen_frames(bikes, parts, as_of=AS_OF)
        assert (found.rates, found.by_team, found.cases) == (screened().rates, {}, 0)


def test_a_start_beyond_the_calendar_leaves_its_question_open(bikes: Rulebook, case: Callable[..., Case]) -> None:
    """As in an ordinary screening; where the question does not apply, nothing rests on it."""
    late = {"bike.kind": "city bike", "bike.wheels": 2, "repair.brought_on": date(2023, 12, 29)}
    cases = [case("B-1", late), case("B-2", {**late, "bike.wheels": 0})]
    (found,) = bulk_outcomes(bikes, [frames_of(cases, bikes.dictionary)], as_of=AS_OF)
    first = found.filter(pl.col("criterion") == 0).sort("case.id")["outcome"].to_list()
    assert [OUTCOMES[one] for one in first] == [Outcome.NOT_EVIDENCED, Outcome.NOT_APPLICABLE]


@pytest.mark.parametrize("day", [date(2024, 6, 1), date(2024, 6, 2)])
def test_what_is_done_after_the_as_of_date_had_not_happened(
    bikes: Rulebook, case: Callable[..., Case], day: date
) -> None:
    """A day after it is no day yet, and the day itself is; a case that begins after it is set apart."""
    fields = {"bike.wheels": 2, "bike.kind": "city bike", "repair.brought_on": date(2024, 5, 31)}
    cases = [
        case("B-1", {**fields, "repair.done_on": day}),
        case("B-2", {**fields, "repair.brought_on": date(2024, 6, 3), "repair.done_on": date(2024, 6, 4)}),
    ]
    found = screen_frames(bikes, [frames_of(cases, bikes.dictionary)], as_of=AS_OF)
    assert (found.cases, found.left_out, found.not_begun) == (1, 0, 1)
    ordinary = screen(bikes, Caseload(tuple(cases), ""), as_of=AS_OF)
    assert (found.rates, found.later) == (ordinary.rates, ordinary.later)
    assert found.rates[0].count(Outcome.MET) == (0 if day > AS_OF else 1)


@pytest.mark.parametrize("quantifier", Quantifier)
def test_a_deadline_beyond_the_calendar_is_not_known(
    bikes: Rulebook, case: Callable[..., Case], quantifier: Quantifier
) -> None:
    """It leaves open what rests on it, as in an ordinary screening, and is told; no case is left out."""
    fields, faults = bikes.dictionary.fields, bikes.dictionary.tables["faults"].columns
    serious = Compare(faults["serious"], IS, Literal(value=True))
    in_time = Within(fields["repair.done_on"], Literal(Duration(1, Unit.WORKING_DAY)), fields["repair.brought_on"])
    met = OverRows(quantifier, "faults", serious, in_time)
    criterion = evolve(bikes.criteria[0], applies=None, met=met, due=None)
    only = evolve(bikes, criteria=(criterion,), conclusions=())
    late = {"repair.brought_on": date(2023, 12, 29), "repair.done_on": date(2023, 12, 29)}
    each: tuple[list[dict[str, object]], ...] = ([{"serious": False}], [], [{"serious": True}])
    cases = [case(f"B-{number}", late, faults=rows) for number, rows in enumerate(each)]
    found = screen_frames(only, [frames_of(cases, bikes.dictionary)], as_of=AS_OF)
    assert (found.cases, found.left_out) == (3, 0)
    assert found.rates == screen(only, Caseload(tuple(cases), ""), as_of=AS_OF).rates
    assert found.rates[0].count(Outcome.NOT_EVIDENCED) == 1
    assert [one.where for one in found.issue_counts] == ["repair.brought_on"]


Written = typing.Any
GAP, TRUE, FALSE, UNKNOWN = "a deadline beyond the calendar", "true", "false", "unknown"


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ((Any, GAP, UNKNOWN), 1),
        ((All, GAP, UNKNOWN), 1),
        ((Any, UNKNOWN, (All, GAP, FALSE)), 0),
        ((All, UNKNOWN, (Any, GAP, TRUE)), 0),
        ((Any, UNKNOWN, (All, GAP, TRUE)), 1),
        ((Any, UNKNOWN, ("some", GAP, TRUE)), 1),
        ((Any, UNKNOWN, ("some", GAP, FALSE)), 0),
        ((All, UNKNOWN, ("every", GAP, TRUE)), 0),
        ((All, UNKNOWN, ("every", GAP, FALSE)), 1),
        ((All, UNKNOWN, ("every", FALSE, GAP)), 0),
        ((All, UNKNOWN, ("covered", GAP, "brake")), 0),
        ((All, UNKNOWN, ("covered", GAP, "chain")), 1),
        ((All, UNKNOWN, "days"), 0),
        (("every", (Any, GAP, "of the second"), "serious"), 0),
        (("every", "serious", (Any, GAP, "of the second")), 1),
        (("covered", (Any, GAP, "of the second"), "brake"), 0),
    ],
)
def test_a_day_is_told_only_where_the_outcome_hangs_on_it(
    bikes: Rulebook, case: Callable[..., Case], written: Written, told: int, *, reverse: bool
) -> None:
    """A part that decides wins, wherever it stands; and days that are no working days ask for no calendar."""
    only = evolve(
        bikes,
        criteria=(evolve(bikes.criteria[0], applies=None, met=_condition(bikes, written, reverse), due=None),),
        conclusions=(),
        facts=(),
    )
    late = {"repair.brought_on": date(2023, 12, 29), "repair.done_on": date(2023, 12, 29)}
    faults: list[dict[str, object]] = [{"part": "chain" if "chain" in str(written) else "brake", "serious": True}]
    faults += [{"part": "light"}] if "second" in str(written) else []
    cases = (case("B-1", late, faults=faults, jobs=[{"part": "brake"}, {}]),)
    in_columns = screen_frames(only, [frames_of(cases, bikes.dictionary)], as_of=AS_OF)
    ordinary = screen(only, Caseload(cases, ""), as_of=AS_OF)
    assert [one.number for one in in_columns.issue_counts] == [1] * told
    assert len(ordinary.issues) == told
    assert in_columns.rates == ordinary.rates
    assert ordinary.findings[0].outcome is Outcome.NOT_EVIDENCED


def _condition(bikes: Rulebook, written: Written, reverse: bool) -> Condition:
    fields, faults = bikes.dictionary.fields, bikes.dictionary.tables["faults"].columns
    clock = Within(fields["repair.done_on"], Literal(Duration(1, Unit.WORKING_DAY)), fields["repair.brought_on"])
    leaves: dict[str, Condition] = {
        GAP: clock,
        TRUE: Recorded(clock.field, expected=True),
        FALSE: Recorded(clock.field, expected=False),
        UNKNOWN: Compare(fields["bike.wheels"], IS, Literal(2)),
        "days": evolve(clock, limit=Literal(Duration(1, Unit.DAY))),
        "of the second": Compare(faults["part"], IS, Literal("light")),
        "serious": Compare(faults["serious"], IS, Literal(value=True)),
    }
    if isinstance(written, str):
        return leaves[written]
    form, *rest = written
    if form == "covered":
        by = bikes.dictionary.tables["jobs"].columns["part"]
        return Covered("faults", _condition(bikes, rest[0], reverse), faults["part"], by)
    parts = [_condition(bikes, part, reverse) for part in rest]
    if form in (All, Any):
        combination: All | Any = form(tuple(reversed(parts) if reverse else parts))
        return combination
    return OverRows(Quantifier(form), "faults", *parts)


@pytest.mark.parametrize(
    ("criterion", "item"),
    [
        ("repair-in-time", "R1"),
        ("estimate-quality", ""),
        ("estimate-quality", "R2"),
        ("estimate-quality", "R9"),
        ("repair-in-tune", ""),
    ],
)
def test_an_answer_to_what_is_not_asked_is_left_aside(
    bikes: Rulebook, case: Callable[..., Case], criterion: str, item: str
) -> None:
    """About a row where the case is asked, the case where a row is, a row not chosen or not there, or no criterion."""
    reports = [{"id": "R1", "kind": "estimate"}, {"id": "R2", "kind": "bill"}]
    good = case("B-1", answers=(Answer("estimate-quality", ReadersAnswer.YES, "R1"),), reports=reports)
    bad = case("B-2", answers=(Answer(criterion, ReadersAnswer.YES, item),), reports=reports)
    found = screen_frames(bikes, [frames_of([good, bad], bikes.dictionary)], as_of=AS_OF)
    assert (found.cases, found.left_out) == (2, 0)
    assert IssueKind.LEFT_ASIDE in {one.kind for one in found.issue_counts} or criterion == "repair-in-tune"


@pytest.mark.parametrize("engine", ["auto", "plain", "bulk"])
def test_local_holidays_count_in_every_way_of_running(
    bikes: Rulebook, case: Callable[..., Case], engine: Engine
) -> None:
    """The same outcomes and hash, given to the run or to the rulebook."""
    done = {"repair.done": True, "repair.brought_on": date(2024, 4, 2), "repair.done_on": date(2024, 4, 10)}
    cases = (case("B-1", {"bike.kind": "city bike", "bike.wheels": 2, **done}),)
    frames, holidays = [frames_of(cases, bikes.dictionary)], [date(2024, 4, 3)]
    before, after = (screen_frames(bikes, frames, as_of=AS_OF, holidays=some) for some in ([], holidays))
    ordinary = api.screen(bikes, Caseload(cases, ""), as_of=AS_OF, engine=engine, holidays=holidays)
    assert (before.rates[0].met, after.rates[0].met) == (0, 1)
    assert after.rates == ordinary.rates
    assert after.rulebook.hash == ordinary.rulebook.hash == with_local_holidays(bikes, holidays).hash
    assert after.rulebook.hash != bikes.hash == before.rulebook.hash


def test_the_as_of_date_lies_within_the_calendar(bikes: Rulebook, frames: CaseFrames) -> None:
    """Beyond it nothing is screened, and the advice says what dates can be."""
    for run in (screen_frames, bulk_rates, bulk_outcomes):
        with pytest.raises(CasescreenError, match="1 January 2024 to 31 December 2024"):
            run(bikes, [frames], as_of=date(2023, 12, 29))


def test_groups_larger_than_a_number_of_few_bits_are_counted(bikes: Rulebook, case: Callable[..., Case]) -> None:
    """Counts of a large group do not spill into one another."""
    cases = [case(f"{n:05}", {"bike.wheels": n % 2, "case.team": "all"}) for n in range(5000)]
    one = bulk_rates(bikes, [frames_of(cases, bikes.dictionary)], as_of=AS_OF, by="case.team")
    assert one == {"all": bulk_rates(bikes, [frames_of(cases, bikes.dictionary)], as_of=AS_OF)[""]}
    counts = next(rate.counts for rate in one["all"] if rate.criterion == "repair-in-time")
    assert counts[Outcome.NOT_APPLICABLE] == 2500
