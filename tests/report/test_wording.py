"""Proportions in words: each phrase has one exact interval."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.report.wording import FEWEST_FOR_A_PHRASE, PHRASES, k_of_n, proportion_in_words

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
        (11, 20, "just over half"),
        (9, 16, "almost three-fifths"),
        (3, 5, "three-fifths"),
        (9, 19, "almost half"),
        (9, 20, "almost half"),
        (4, 9, "just over two-fifths"),
        (4, 16, "one-quarter"),
        (2, 8, "one-quarter"),
        (8, 10, "four-fifths"),
        (8, 11, "almost three-quarters"),
        (11, 15, "almost three-quarters"),
        (14, 19, "almost three-quarters"),
        (14, 20, "just over two-thirds"),
        (18, 20, "the large majority"),
        (4_750, 5_000, "almost all"),
        (4_999, 5_000, "all but one"),
        (2_499, 5_000, "almost half"),
        (249, 5_000, "almost none"),
        (1, 20, "only one"),
        (0, 20, "none"),
    ],
)
def test_says_it_as_a_letter_would(met: int, of: int, words: str) -> None:
    """A fraction that is exact is said bare, and what lies beside one within five in a hundred by what it is near."""
    assert proportion_in_words(met, of) == words


@pytest.mark.parametrize(
    ("met", "of", "words"),
    [(0, 0, "none counted"), (0, 3, "0 of 3"), (2, 3, "2 of 3"), (1, 4, "1 of 4"), (4, 4, "4 of 4"), (1, 1, "1 of 1")],
)
def test_says_small_numbers_plainly(met: int, of: int, words: str) -> None:
    """Of fewer than five cases the figures stand alone: a fraction would say more than is known."""
    assert proportion_in_words(met, of) == words


def test_every_proportion_of_up_to_sixty_is_as_it_was_read(golden: Callable[[str, str], None]) -> None:
    """Each was looked through by hand, with its share in per cent beside it."""
    lines = [
        f"{k_of_n(met, of):>8}  {met / of:7.2%}  {proportion_in_words(met, of)}\n"
        for of in range(1, 61)
        for met in range(of + 1)
    ]
    golden("proportions.txt", "".join(lines))


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


_FRACTIONS = {
    "one-tenth": Fraction(1, 10),
    "one-fifth": Fraction(1, 5),
    "one-quarter": Fraction(1, 4),
    "one-third": Fraction(1, 3),
    "two-fifths": Fraction(2, 5),
    "half": Fraction(1, 2),
    "three-fifths": Fraction(3, 5),
    "two-thirds": Fraction(2, 3),
    "three-quarters": Fraction(3, 4),
    "four-fifths": Fraction(4, 5),
    "none": Fraction(0),
    "all": Fraction(1),
}
_NEAR = Fraction(1, 20)


@given(_counts(least=FEWEST_FOR_A_PHRASE))
def test_a_phrase_is_true(counts: tuple[int, int]) -> None:
    """A bare fraction is exact; what is said to be beside one lies on that side, and within a twentieth of it."""
    met, of = counts
    share, words = Fraction(met, of), proportion_in_words(met, of)
    if words in _FRACTIONS:
        assert share == _FRACTIONS[words]
    elif words.startswith("just over "):
        assert 0 < share - _FRACTIONS[words.removeprefix("just over ")] <= _NEAR
    elif words == "almost none":
        assert 0 < share < _NEAR
    elif words.startswith("almost "):
        assert 0 < _FRACTIONS[words.removeprefix("almost ")] - share <= _NEAR
    elif words.startswith("less than "):
        assert share < _FRACTIONS[words.removeprefix("less than ")]
    elif words == "the large majority":
        assert Fraction(17, 20) < share < Fraction(19, 20)
    else:
        assert met == {"only one": 1, "all but one": of - 1}[words]


@given(_counts(least=FEWEST_FOR_A_PHRASE))
def test_an_exact_fraction_is_said_bare(counts: tuple[int, int]) -> None:
    """It is never said to be only almost so, or just over it."""
    met, of = counts
    exact = [words for words, fraction in _FRACTIONS.items() if fraction == Fraction(met, of)]
    assert proportion_in_words(met, of) in [*exact, "only one", "all but one"] if exact else True


def test_intervals_follow_one_another_up_to_all() -> None:
    """The intervals leave no gap and do not overlap: each ends above the one before it, and the last at all."""
    ends = [(phrase.up_to, phrase.included) for phrase in PHRASES]
    assert ends == sorted(set(ends))
    assert ends[-1] == (Fraction(1), False)


def test_figures_stand_beside_the_words() -> None:
    """The figures are k of n, with thousands marked; where nothing was counted there is a dash."""
    assert [k_of_n(9, 16), k_of_n(4_321, 5_000), k_of_n(0, 0)] == ["9 of 16", "4,321 of 5,000", "-"]
