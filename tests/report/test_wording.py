"""Proportions in words: each phrase has one exact interval."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.report.wording import PHRASES, k_of_n, proportion_in_words

_EXACT = ("none", "only one", "all but one", "all")
_RANK = {
    words: rank for rank, words in enumerate(["none", "only one", *(p.words for p in PHRASES), "all but one", "all"])
}


@st.composite
def _counts(draw: st.DrawFn, least: int = 1) -> tuple[int, int]:
    of = draw(st.integers(least, 5_000))
    return draw(st.integers(0, of)), of


@pytest.mark.parametrize(
    ("met", "of", "words"),
    [
        (6, 7, "all but one"),
        (11, 11, "all"),
        (10, 20, "half"),
        (9, 16, "just over half"),
        (9, 19, "less than half"),
        (4, 16, "about one-quarter"),
        (8, 11, "almost three-quarters"),
        (11, 15, "almost three-quarters"),
        (14, 19, "almost three-quarters"),
        (14, 20, "just over two-thirds"),
        (18, 20, "the large majority"),
        (4_750, 5_000, "almost all"),
        (4_999, 5_000, "all but one"),
        (2_499, 5_000, "less than half"),
        (249, 5_000, "almost none"),
        (1, 20, "only one"),
        (0, 20, "none"),
    ],
)
def test_says_it_as_the_letter_does(met: int, of: int, words: str) -> None:
    """A proportion is said in the letter's own phrase, where the letter gives the figures."""
    assert proportion_in_words(met, of) == words


@pytest.mark.parametrize(
    ("met", "of", "words"),
    [(0, 0, "none counted"), (0, 3, "none"), (2, 3, "two of three"), (1, 4, "one of four"), (4, 4, "all")],
)
def test_says_small_numbers_plainly(met: int, of: int, words: str) -> None:
    """Of fewer than five cases the plain count is said: a fraction would say more than is known."""
    assert proportion_in_words(met, of) == words


@given(_counts(least=5))
def test_more_is_never_said_as_less(counts: tuple[int, int]) -> None:
    """One more of the same number is never said with a lower phrase."""
    met, of = counts
    if met < of:
        assert _RANK[proportion_in_words(met, of)] <= _RANK[proportion_in_words(met + 1, of)]


@given(_counts(least=5))
def test_a_phrase_is_said_only_within_its_interval(counts: tuple[int, int]) -> None:
    """A phrase is said of a share above the end of the phrase before it and up to its own end, and of no other."""
    met, of = counts
    words = proportion_in_words(met, of)
    if words in _EXACT:
        assert {"none": 0, "only one": 1, "all but one": of - 1, "all": of}[words] == met
        return
    share, at = Fraction(met, of), [phrase.words for phrase in PHRASES].index(words)
    assert PHRASES[at].reaches(share)
    assert at == 0 or not PHRASES[at - 1].reaches(share)


@given(_counts(least=5))
def test_a_phrase_with_half_in_it_is_true(counts: tuple[int, int]) -> None:
    """Half, less than half and more than half are never confused."""
    met, of = counts
    words = proportion_in_words(met, of)
    assert (words == "half") == (2 * met == of)
    if "half" in words:
        assert words.startswith("less") == (2 * met < of)
        assert words.startswith("just over") == (2 * met > of)


def test_intervals_follow_one_another_up_to_all() -> None:
    """The intervals leave no gap and do not overlap: each ends above the one before it, and the last at all."""
    ends = [(phrase.up_to, phrase.included) for phrase in PHRASES]
    assert ends == sorted(set(ends))
    assert ends[-1] == (Fraction(1), False)


def test_figures_stand_beside_the_words() -> None:
    """The figures are k of n, with thousands marked; where nothing was counted there is a dash."""
    assert [k_of_n(9, 16), k_of_n(4_321, 5_000), k_of_n(0, 0)] == ["9 of 16", "4,321 of 5,000", "-"]
