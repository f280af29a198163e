"""Tickets, sizes and digests of samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.model.sample import MOST_DRAWN, SampleSize, list_hash, short_code, ticket_of


@pytest.mark.parametrize(
    ("case", "begins"),
    [("case-001", "a57fc75089e10462"), ("case-002", "b6502537494f5fec"), ("case-003", "8ea866d263ed5034")],
)
def test_tickets_are_those_that_were_published(case: str, begins: str) -> None:
    """Whoever has seed, stratum and id works out the same ticket, with this or with anything else."""
    assert ticket_of("20260501-417", "referral order", case).startswith(begins)


def test_an_id_has_one_ticket_however_its_letters_are_composed() -> None:
    """Two ways of writing one letter are one id; capitals make another."""
    assert ticket_of("s", "", "Zo\u00eb") == ticket_of("s", "", "Zoe\u0308")
    assert ticket_of("s", "", "zo\u00eb") != ticket_of("s", "", "Zo\u00eb")


@pytest.mark.parametrize(
    ("written", "size", "of_16", "of_143"),
    [
        (20, SampleSize(20), 16, 20),
        ("20", SampleSize(20), 16, 20),
        ("20 %", SampleSize(percent=20), 4, 29),
        ("20%", SampleSize(percent=20), 4, 29),
        ("20 %, at least 20", SampleSize(percent=20, at_least=20), 16, 29),
        ("100 %", SampleSize(percent=100), 16, 143),
    ],
)
def test_a_size_is_a_number_or_a_share_that_is_rounded_up(
    written: object, size: SampleSize, of_16: int, of_143: int
) -> None:
    """A share is never less than it says, and no more are drawn than there are."""
    assert SampleSize.read(written) == size
    assert (size.of(16), size.of(143)) == (of_16, of_143)
    assert SampleSize.read(str(size)) == size


@pytest.mark.parametrize(
    "written",
    [0, -3, MOST_DRAWN + 1, True, 2.5, "", "0 %", "101 %", "twenty", "20 %, at most 20", "9" * 5_000, "00000020", None],
)
def test_what_is_no_size_is_none(written: object) -> None:
    """Nothing is guessed of what is written otherwise."""
    assert SampleSize.read(written) is None


@given(st.dictionaries(st.text(max_size=3), st.sets(st.text(min_size=1, max_size=4), max_size=5), max_size=3))
def test_a_list_has_one_digest_in_whatever_order_it_comes(strata: dict[str, set[str]]) -> None:
    """Neither the order of strata nor that of cases enters it; the plan does."""
    backwards = [(name, sorted(cases, reverse=True)) for name, cases in reversed(strata.items())]
    assert list_hash("p", strata.items()) == list_hash("p", backwards)
    assert list_hash("p", strata.items()) != list_hash("q", strata.items())


def test_a_case_that_moves_to_another_stratum_makes_another_digest() -> None:
    """What is committed to is who is in which stratum."""
    assert list_hash("p", [("a", ["1", "2"]), ("b", ["3"])]) != list_hash("p", [("a", ["1"]), ("b", ["2", "3"])])


def test_a_code_for_the_minutes_is_half_the_digest_in_groups_of_four() -> None:
    """It can be written down, and is long enough that nobody finds two lists with one code."""
    assert short_code("0123456789abcdef" * 4) == "0123 4567 89ab cdef 0123 4567 89ab cdef"
