"""A screening of a sample: exact intervals, and who counts in rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import comb

import pytest
from attrs import evolve
from sample_plans import Plan, bikes, plan, repairs

from casescreen.api import screen
from casescreen.model.case import Caseload, Row
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sample import SampleRecord
from casescreen.model.sample_figures import CountInterval
from casescreen.model.screening import Screening
from casescreen.report.letter.statements import Statements
from casescreen.review.sample_draw import draw, population_of_cases, replaced
from casescreen.review.sample_screening import check_drawn, interval, screened_sample

__all__ = ["bikes", "plan"]

IDS = [f"B-{number}" for number in range(12)]
LATE: Row = {
    "bike.wheels": 3,
    "repair.brought_on": date(2024, 4, 2),
    "repair.done": True,
    "repair.done_on": date(2024, 5, 30),
}
IN_TIME: Row = {
    "bike.wheels": 3,
    "repair.brought_on": date(2024, 4, 2),
    "repair.done": True,
    "repair.done_on": date(2024, 4, 3),
}
FIELDS = {one: LATE if number % 3 == 0 else IN_TIME for number, one in enumerate(IDS)}
NAMED = '[[must_include]]\ncase = "{}"\nreason = "Asked for."'


@pytest.fixture
def screens(bikes: Rulebook) -> Callable[[Caseload], Screening]:
    return lambda caseload: screen(bikes, caseload, as_of=date(2024, 6, 1))


def sample(plan: Plan, rules: str = "", **head: str) -> SampleRecord:
    read = plan(rules, **head)
    return draw(read, population_of_cases(read, repairs(IDS, FIELDS)), "20260501-417")


def met_of(screening: Screening) -> tuple[int, int]:
    rate = next(one for one in screening.rates if one.criterion == "repair-in-time")
    return rate.met, rate.of


@pytest.mark.parametrize("whole", range(1, 61))
def test_the_interval_is_that_of_going_through_every_draw(whole: int) -> None:
    """Of every caseload up to sixty, every draw from it and everything that can be seen in it, without a shortcut."""
    ways = [[comb(number, one) for one in range(whole + 1)] for number in range(whole + 1)]
    for drawn in range(1, whole + 1):
        every, likely = comb(whole, drawn), dict[int, list[int]]()
        for number in range(whole + 1):
            seen = [ways[number][one] * ways[whole - number][drawn - one] for one in range(drawn + 1)]
            fewer = 0
            for one, times in enumerate(seen):
                more = every - fewer
                fewer += times
                if more * 40 > every and fewer * 40 > every:
                    likely.setdefault(one, []).append(number)
        for one, numbers in likely.items():
            assert numbers == [*range(numbers[0], numbers[-1] + 1)]
            assert interval(one, drawn, whole) == (numbers[0], numbers[-1])


def test_of_every_draw_at_least_nineteen_in_twenty_tell_the_truth() -> None:
    """Whatever is so of how many of thirty cases, the interval holds it with a chance of 95 per cent or more."""
    whole, drawn = 30, 9
    for number in range(whole + 1):
        right = sum(
            comb(number, one) * comb(whole - number, drawn - one)
            for one in range(max(0, drawn - whole + number), min(drawn, number) + 1)
            if interval(one, drawn, whole)[0] <= number <= interval(one, drawn, whole)[1]
        )
        assert right * 100 >= 95 * comb(whole, drawn)


def test_very_many_cases_take_a_moment() -> None:
    """Two hundred of a hundred thousand: exact too, and symmetric."""
    low, high = interval(100, 200, 100_000)
    assert (low, high) == (42_873, 57_127)
    assert interval(0, 200, 100_000)[0] == 0
    assert interval(200, 200, 200) == (200, 200)


def test_a_simple_draw_says_in_how_many_of_all_it_can_be_so(plan: Plan, screens: Callable[..., Screening]) -> None:
    """How many are met, and how many are not, each out of all that it was drawn from."""
    record = sample(plan, size="6")
    screening = screened_sample(repairs(IDS, FIELDS), record, screens)
    assert screening.drawn is not None
    assert screening.case_ids == tuple(sorted(record.ids))
    met, of = met_of(screening)
    assert screening.drawn.met["repair-in-time"] == CountInterval(met, *interval(met, 6, 12))
    assert screening.drawn.not_met["repair-in-time"] == CountInterval(of - met, *interval(of - met, 6, 12))
    assert screening.drawn.no_interval == ""


def test_rows_count_as_cases_by_the_worst(plan: Plan, bikes: Rulebook) -> None:
    """A case with a good row and a bad one is one case, in which it is not met."""
    rows: dict[str, tuple[Row, ...]] = {
        "reports": ({"id": "1", "kind": "estimate", "signed": True}, {"id": "2", "kind": "estimate"})
    }
    caseload = repairs(IDS, FIELDS)
    caseload = evolve(caseload, cases=tuple(evolve(one, tables=rows) for one in caseload.cases))
    record = sample(plan, size="6")
    screening = screened_sample(caseload, record, lambda them: screen(bikes, them, as_of=date(2024, 6, 1)))
    assert screening.drawn is not None
    of_rows = [one.id for one in bikes.criteria if one.per is not None]
    assert of_rows
    for criterion in of_rows:
        sampled = screening.drawn.met[criterion].sampled + screening.drawn.not_met[criterion].sampled
        assert sampled <= len(record.ids)


@pytest.mark.parametrize("why", ["stratum", "replaced", "not screened"])
def test_any_other_draw_says_why_it_has_none(plan: Plan, screens: Callable[..., Screening], why: str) -> None:
    """Strata, replacements and cases that were not read: each is named, and no number is given."""
    caseload = repairs(IDS, {**FIELDS, "B-0": {**LATE, "repair.done": None, "repair.done_on": None}})
    read = plan("", size="6", **({"strata": '"repair.done"'} if why == "stratum" else {}))
    record = draw(read, population_of_cases(read, caseload), "20260501-417")
    if why == "replaced":
        record, _ = replaced(record, record.ids[0], "Ill.", "J. Okafor", date(2024, 6, 3))
    if why == "not screened":
        caseload = evolve(caseload, cases=tuple(one for one in caseload.cases if one.id != record.ids[0]))
    screening = screened_sample(caseload, record, screens)
    assert screening.drawn is not None
    assert why in screening.drawn.no_interval
    assert not screening.drawn.met
    assert screening.drawn.missing == ((record.ids[0],) if why == "not screened" else ())


def test_what_must_be_included_is_among_the_findings_and_in_no_rate(
    plan: Plan, screens: Callable[..., Screening]
) -> None:
    """Its findings are there; rates, and what rests on them, are as if it were not."""
    plain = sample(plan, size="4")
    outside = next(case for case in IDS[::3] if case not in plain.ids)  # one in which something is not met
    record = sample(plan, NAMED.format(outside), size="4")
    without, with_it = (screened_sample(repairs(IDS, FIELDS), one, screens) for one in (plain, record))
    assert with_it.drawn is not None
    assert with_it.drawn.must_include == (outside,)
    assert {*with_it.case_ids} == {*plain.ids, outside}
    assert any(one.case == outside for one in with_it.findings)
    assert list(with_it.case_ids) == sorted(with_it.case_ids)
    assert [one.case for one in with_it.findings] == sorted(one.case for one in with_it.findings)
    assert with_it.rates == without.rates
    assert with_it.drawn.met == without.drawn.met if without.drawn else False
    assert with_it.cases == without.cases + 1
    # A letter names the cases in which something is not met beside "k of n", of which this is none.
    assert all(one.case != outside for each in Statements(with_it).not_met.values() for one in each)


def test_no_outcome_is_another_for_the_sample(plan: Plan, screens: Callable[..., Screening]) -> None:
    """Every finding on a drawn case is the one that it has among all cases."""
    record = sample(plan, NAMED.format("B-0"), size="4")
    caseload = repairs(IDS, FIELDS)
    among_all = {(one.case, one.criterion, one.item): one.outcome for one in screens(caseload).findings}
    for one in screened_sample(caseload, record, screens).findings:
        assert among_all[one.case, one.criterion, one.item] is one.outcome
    assert {*among_all.values()} >= {Outcome.MET, Outcome.NOT_MET}


def test_a_sample_that_was_changed_by_hand_is_refused(plan: Plan) -> None:
    """Its seed does not give the tickets that it has."""
    record = sample(plan)
    check_drawn(record, "s.json")
    with pytest.raises(CasescreenError, match="changed after it was drawn"):
        check_drawn(evolve(record, seed="another"), "s.json")


def test_a_sample_that_does_not_hold_together_is_refused(plan: Plan) -> None:
    """Who is read cannot be chosen by another number, by a replacement out of turn, or by a list of other cases."""
    record = sample(plan, reserves="2")
    (stratum,) = record.strata
    out_of_turn, _ = replaced(record, record.ids[0], "Ill.", "J. Okafor", date(2024, 6, 3))
    (change,) = out_of_turn.replacements
    for wrong, words in (
        (evolve(record, strata=(evolve(stratum, drawn=stratum.drawn - 1),)), "are drawn and 2 in reserve"),
        (evolve(record, strata=(evolve(stratum, reserves=0),)), "and 0 in reserve"),
        (evolve(record, replacements=(evolve(change, by_case=record.waiting("")[1]),)), "the next ticket is that of"),
        (evolve(record, committed="0" * 64), "as committed to"),
    ):
        with pytest.raises(CasescreenError, match=words):
            check_drawn(wrong, "s.json")
    check_drawn(out_of_turn, "s.json")
    check_drawn(evolve(record, committed=record.list_hash), "s.json")


def test_the_interval_of_a_large_sample_is_the_same_and_does_not_take_minutes() -> None:
    """As adding up every term of it gave, which took two seconds for each."""
    assert interval(1_000, 5_000, 100_000) == (18_927, 21_107)
    assert interval(20_000, 50_000, 100_000) == (39_696, 40_305)
