"""A sample: drawn by its seed alone, the same in any order, replaced by the next, and repeated by anyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from sample_plans import Plan, bikes, plan, repairs

from casescreen.model.case import Caseload
from casescreen.model.problem import CasescreenError, Place, Problem, ProblemsError
from casescreen.model.sample import DrawnAs, Exclusion, Population, SampleRecord, ticket_of
from casescreen.review.sample_draw import (
    apportion,
    changes_since,
    check_seed,
    difference_from_list,
    differences,
    draw,
    is_by_its_seed,
    population_of_cases,
    replaced,
    tickets_of,
)
from casescreen.review.sample_record import CommittedList

__all__ = ["bikes", "plan"]

SEED, DAY = "20260501-417", date(2024, 6, 3)
IDS = [f"B-{number}" for number in range(12)]


def drawn(plan: Plan, caseload: Caseload, seed: str = SEED, **head: str) -> SampleRecord:
    read = plan(**head)
    return draw(read, population_of_cases(read, caseload), seed)


def committed(record: SampleRecord) -> CommittedList:
    strata = {one.name: frozenset(case for _, case in one.tickets) for one in record.strata}
    return CommittedList(record.plan.title, record.plan.hash, strata, record.list_hash)


def test_the_cases_with_the_smallest_tickets_are_drawn(plan: Plan) -> None:
    """Anyone can tell who is drawn: sort by ticket, take the first."""
    record = drawn(plan, repairs(IDS))
    by_ticket = sorted(IDS, key=lambda case: ticket_of(SEED, "", case))
    assert record.ids == tuple(by_ticket[:4])
    assert [one.drawn_as for one in record.drawn] == [DrawnAs.LOT] * 4


def test_every_set_of_cases_is_drawn_as_often_as_any_other() -> None:
    """Over a hundred thousand seeds each of the 21 pairs of seven cases comes up alike: chi-squared, 20 degrees."""
    seeds, cases = 100_000, [f"C-{number}" for number in range(7)]
    pairs = Counter(frozenset(case for _, case in tickets_of(f"2026-{seed}", "s", cases)[:2]) for seed in range(seeds))
    expected = seeds / 21
    chi_squared = sum((count - expected) ** 2 / expected for count in pairs.values())
    assert len(pairs) == 21
    assert 5.9 < chi_squared < 45.3  # one in a thousand on either side


@given(st.sets(st.text(min_size=1, max_size=5), min_size=1, max_size=20), st.text(min_size=1, max_size=5), st.randoms())
def test_one_more_case_never_reorders_the_rest(cases: set[str], more: str, random: Random) -> None:
    """Nor does the order in which they stand: a new case only takes its own place among the tickets."""
    shuffled = sorted(cases)
    random.shuffle(shuffled)
    before = tickets_of(SEED, "s", sorted(cases))
    assert before == tickets_of(SEED, "s", shuffled)
    after = tickets_of(SEED, "s", {*cases, more})
    assert [one for one in after if one[1] in cases] == list(before)


def test_the_tickets_are_those_of_the_documented_function() -> None:
    """The quick way of making many is the same as that for one."""
    cases = ["case-001", "Zo\u00eb", "Zoe\u0308", "\u5f20", "a\nb"]
    assert tickets_of("s\u00e9ed", "stra\u0308tum", cases) == tuple(
        sorted((ticket_of("s\u00e9ed", "stra\u0308tum", case), case) for case in cases)
    )


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 50), min_size=1, max_size=8), st.data())
def test_strata_get_their_shares(sizes: dict[str, int], data: st.DataObject) -> None:
    """All are given out, none gets more than it has, and none is a whole case away from its share."""
    whole = sum(sizes.values())
    number = data.draw(st.integers(0, whole))
    shares = apportion(number, sizes)
    assert sum(shares.values()) == number
    for name, size in sizes.items():
        assert 0 <= shares[name] <= size
        assert not whole or abs(shares[name] - number * size / whole) < 1


@pytest.mark.parametrize(
    ("number", "sizes", "shares"),
    [
        (7, {"referral": 9, "youth": 7}, {"referral": 4, "youth": 3}),
        (1, {"b": 5, "a": 5}, {"b": 0, "a": 1}),  # alike in all: the name that comes first
        (3, {"a": 2, "b": 6, "c": 4}, {"a": 0, "b": 2, "c": 1}),  # remainders alike: the larger stratum
        (0, {}, {}),
    ],
)
def test_the_largest_remainders_get_one_more(number: int, sizes: Mapping[str, int], shares: Mapping[str, int]) -> None:
    """Ties go to the larger stratum, and then to the name that comes first: nobody chooses."""
    assert apportion(number, sizes) == shares


def test_who_is_not_eligible_is_listed_with_the_reasons_and_what_is_missing(plan: Plan) -> None:
    """A record that does not say is neither in nor out without a word, and a case that had not begun is out."""
    caseload = repairs(
        ["B-1", "B-2", "B-3", "B-4"],
        {
            "B-2": {"bike.kind": "city bike"},
            "B-3": {"bike.kind": None},
            "B-4": {"repair.brought_on": date(2024, 6, 2)},
        },
    )
    read = plan()
    population = population_of_cases(read, caseload)
    assert population.eligible == {"": ("B-1",)}
    assert population.excluded == (
        Exclusion("B-2", ("cargo",)),
        Exclusion("B-3", ("cargo",), unknown=True, missing=("bike.kind",)),
        Exclusion("B-4", ("begun",)),
    )
    included = population_of_cases(plan(unknown='"include"'), caseload)
    assert included.eligible == {"": ("B-1", "B-3")}
    assert [one.case for one in included.admitted] == ["B-3"]


def test_strata_are_the_values_and_one_for_those_not_recorded(plan: Plan) -> None:
    """Cases whose record does not say are a stratum of their own, and are drawn from like the others."""
    fields = {f"B-{number}": {"bike.wheels": 2, "repair.done": number % 2 == 0} for number in range(6)}
    record = drawn(plan, repairs([*fields, "B-8", "B-9"], fields), strata='"repair.done"')
    assert [(one.name, len(one.tickets), one.drawn) for one in record.strata] == [
        ("no", 3, 2), ("not recorded", 2, 1), ("yes", 3, 1),
    ]  # fmt: skip


def test_a_case_that_must_be_included_changes_nobody_elses_lot(plan: Plan) -> None:
    """It is added to what is drawn; where the lot falls on it anyway, it was drawn like the others."""
    named = '[[must_include]]\ncase = "{}"\nreason = "Asked for."'
    plain = drawn(plan, repairs(IDS))
    outside = next(case for case in IDS if case not in plain.ids)
    record = draw(plan(named.format(outside)), population_of_cases(plan(named.format(outside)), repairs(IDS)), SEED)
    assert record.ids == (*plain.ids, outside)
    assert record.drawn[-1].drawn_as is DrawnAs.MUST_INCLUDE
    assert record.counting == {*plain.ids}
    inside = plan(named.format(plain.ids[0]))
    assert draw(inside, population_of_cases(inside, repairs(IDS)), SEED).ids == plain.ids


def test_a_case_that_must_be_included_and_is_not_there_is_refused(plan: Plan) -> None:
    """A name that was misspelt is not left out without a word."""
    read = plan('[[must_include]]\ncase = "B-1l"\nreason = "Asked for."')
    with pytest.raises(CasescreenError, match="there is no such case") as refused:
        draw(read, population_of_cases(read, repairs(IDS)), SEED)
    assert 'Did you mean "B-1' in str(refused.value)


def test_more_than_there_are_is_all_of_them(plan: Plan) -> None:
    """The size and the reserves are never more than the cases."""
    record = drawn(plan, repairs(IDS), size="50", reserves="9")
    assert record.size == record.eligible == 12
    assert record.strata[0].reserves == 0


def test_nobody_eligible_is_told_with_the_reasons(plan: Plan) -> None:
    """Who finds nobody sees what keeps the cases out."""
    with pytest.raises(CasescreenError, match="It is another bike: 2 cases"):
        drawn(plan, repairs(["B-1", "B-2"], {one: {"bike.kind": "city bike"} for one in ("B-1", "B-2")}))


def test_a_record_that_cannot_be_used_stops_the_draw(plan: Plan) -> None:
    """A case that is not on the list would have no chance, and nobody would know."""
    problem = Problem(Place("b.toml"), "it cannot be read")
    with pytest.raises(ProblemsError):
        drawn(plan, evolve(repairs(IDS), problems=(problem,)))


@pytest.mark.parametrize(
    "seed", ["", "   ", "two\nlines", " at its ends ", "x" * 201, "in\u200bvisible", "bell\x07", "half\udcff"]
)
def test_a_seed_that_cannot_be_written_down_is_refused(seed: str) -> None:
    """What cannot be seen or typed again would make a sample that nobody can repeat."""
    with pytest.raises(CasescreenError):
        check_seed(seed)


def test_the_next_ticket_takes_the_place_of_a_case(plan: Plan) -> None:
    """First the reserves, then the rest; what was drawn stays in the record, and nobody comes twice."""
    record = drawn(plan, repairs(IDS), reserves="1")
    order = [case for _, case in record.strata[0].tickets]
    first, case = replaced(record, order[1], "Ill.", "J. Okafor", DAY)
    assert case == order[4]
    assert first.ids == (order[0], order[4], *order[2:4])
    assert first.strata == record.strata
    second, case = replaced(first, order[4], "With the court.", "J. Okafor", DAY)
    assert case == order[5]
    assert second.ids == (order[0], order[5], *order[2:4])
    assert [one.case for one in second.replacements] == [order[1], order[4]]


def test_a_warning_is_due_above_ten_in_a_hundred(plan: Plan) -> None:
    """One of ten is not more than ten per cent; two are."""
    record = drawn(plan, repairs(IDS), size="10")
    for warned in (False, True):
        record, _ = replaced(record, record.ids[0], "Ill.", "J. Okafor", DAY)
        assert record.too_many_replaced is warned


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"case": "B-99"}, "was not drawn"),
        ({"reason": " "}, "The reason is empty"),
        ({"by": ""}, "The name is empty"),
        ({"reason": "x" * 1_001}, "too long"),
    ],
)
def test_a_replacement_needs_a_drawn_case_a_reason_and_a_name(
    plan: Plan, changed: Mapping[str, str], words: str
) -> None:
    """Nothing is replaced that was not drawn, or without anybody answering for it."""
    record = drawn(plan, repairs(IDS))
    asked = {"case": record.ids[0], "reason": "Ill.", "by": "J. Okafor", **changed}
    with pytest.raises(CasescreenError, match=words):
        replaced(record, **asked, on=DAY)


def test_where_none_is_left_nothing_is_replaced(plan: Plan) -> None:
    """A sample of all has no reserve."""
    record = drawn(plan, repairs(IDS[:4]))
    with pytest.raises(CasescreenError, match="No eligible case is left"):
        replaced(record, record.ids[0], "Ill.", "J. Okafor", DAY)


@pytest.mark.parametrize("text", ["two\nlines", "\x1b[31m", "half\udcff", "\u202eback"])
def test_a_reason_or_name_that_nobody_can_read_is_refused(plan: Plan, text: str) -> None:
    """It could not be written, or would stand in the file and not be seen."""
    record = drawn(plan, repairs(IDS))
    for words in ((text, "J. Okafor"), ("Ill.", text)):
        with pytest.raises(CasescreenError, match="cannot be seen"):
            replaced(record, record.ids[0], *words, DAY)


def test_a_sample_that_is_drawn_again_is_the_same(plan: Plan) -> None:
    """With its replacements, and whatever order the records stand in."""
    record, _ = replaced(drawn(plan, repairs(IDS)), drawn(plan, repairs(IDS)).ids[2], "Ill.", "J. Okafor", DAY)
    again = drawn(plan, repairs(reversed(IDS)))
    assert differences(record, again) == ()
    assert is_by_its_seed(record)


def test_what_differs_is_named(plan: Plan) -> None:
    """Whoever repeats a draw and comes to another sample sees which cases, and in what way."""
    record = drawn(plan, repairs(IDS))
    said = " ".join(differences(record, drawn(plan, repairs([*IDS[1:], "B-77"]))))
    assert "On the list of the sample, and not eligible: B-0." in said
    assert "Eligible, and not on the list of the sample: B-77." in said
    assert "The plan is not the one" in " ".join(differences(record, drawn(plan, repairs(IDS), size="5")))
    assert "Another ticket or stratum" in " ".join(differences(record, drawn(plan, repairs(IDS), seed="another-seed")))
    other = repairs(IDS, {"B-0": {"bike.kind": "city bike"}, "B-1": {"repair.brought_on": date(2025, 1, 1)}})
    swapped = repairs(IDS, {"B-1": {"bike.kind": "city bike"}, "B-0": {"repair.brought_on": date(2025, 1, 1)}})
    assert "Kept out for other reasons" in " ".join(differences(drawn(plan, other), drawn(plan, swapped)))


def test_a_replacement_out_of_turn_is_named(plan: Plan) -> None:
    """Who takes another than the next is seen."""
    record = drawn(plan, repairs(IDS))
    change, _ = replaced(record, record.ids[0], "Ill.", "J. Okafor", DAY)
    wrong = evolve(change.replacements[0], by_case=record.waiting("")[3])
    assert "the next ticket is that of" in " ".join(differences(evolve(record, replacements=(wrong,)), record))


def test_tickets_that_the_seed_does_not_give_are_seen(plan: Plan) -> None:
    """A case that somebody put in the place of another has a ticket that is not its own."""
    record = drawn(plan, repairs(IDS))
    (stratum,) = record.strata
    (ticket, _), *others = stratum.tickets
    tampered = evolve(record, strata=(evolve(stratum, tickets=((ticket, "B-11x"), *others)),))
    assert not is_by_its_seed(tampered)


def test_a_list_that_was_committed_to_holds_the_draw(plan: Plan) -> None:
    """Another plan, or another list, is named for what it is; the same list is the same whatever the seed."""
    before = committed(drawn(plan, repairs(IDS), seed=""))
    assert difference_from_list(drawn(plan, repairs(IDS)), before) == ()
    said = " ".join(difference_from_list(drawn(plan, repairs(IDS[1:]), reserves="2"), before))
    assert "The plan is not the one that was committed to" in said
    assert "On the list, and not eligible now: B-0." in said


def test_records_and_rules_that_changed_are_told_and_make_no_difference(plan: Plan) -> None:
    """A note that was added to a file since makes no other sample."""
    record = drawn(plan, repairs(IDS))
    later = evolve(drawn(plan, evolve(repairs(IDS), hash="other")), rulebook=("bikes", "2", "h"))
    assert differences(record, later) == ()
    assert len(changes_since(record, later)) == 2


def test_a_population_is_in_order() -> None:
    """Whoever made it, the same people in another order are the same."""
    one = Population.of({"b": ["2", "1"], "a": ["3"]}, [Exclusion("y", ("r",)), Exclusion("x", ("r",))], [])
    assert one == Population({"a": ("3",), "b": ("1", "2")}, (Exclusion("x", ("r",)), Exclusion("y", ("r",))))
