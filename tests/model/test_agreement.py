"""The figures of two readers, against published values and against other ways of working them out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from casescreen.model.agreement import PairCounts, QuestionAgreement, t_quantile

_LARGEST = 30


@pytest.mark.parametrize(
    ("counts", "agreement", "kappa", "ac1", "error"),
    [
        ((17, 1, 1, 1), 0.90, 0.4444, 0.8780, 0.0920),
        ((18, 1, 1, 0), 0.90, -0.0526, 0.8895, 0.0836),
        ((9, 1, 2, 8), 0.85, 0.700, 0.7007, 0.1637),
        ((3, 1, 0, 1), 0.80, 0.5455, 0.6552, 0.3799),
        ((20, 0, 0, 0), 1, None, 1, 0),
    ],
)
def test_known_figures(
    counts: tuple[int, int, int, int], agreement: float, kappa: float | None, ac1: float, error: float
) -> None:
    """Tables of which the figures are known, to the places that are known; irrCAC 0.4.4 gives the same."""
    pairs = PairCounts(*counts)
    assert float(pairs.agreement) == agreement
    assert (None if pairs.kappa is None else round(float(pairs.kappa), 4)) == kappa
    assert round(float(pairs.ac1), 4) == ac1
    assert round(pairs.ac1_error, 4) == error


def test_the_interval_is_by_t_and_is_cut() -> None:
    """As irrCAC 0.4.4 has it: (17, 1, 1, 1) from 0.68553 to 1, (3, 1, 0, 1) from -0.39971 to 1."""
    assert PairCounts(17, 1, 1, 1).ac1_interval == pytest.approx((0.68553349, 1), abs=1e-8)
    assert PairCounts(3, 1, 0, 1).ac1_interval == pytest.approx((-0.39971465, 1), abs=1e-8)
    assert PairCounts(0, 3, 3, 0).ac1_interval[0] == -1


def _tables(largest: int) -> Iterator[tuple[int, int, int, int]]:
    for a, b, c in product(range(largest + 1), repeat=3):
        yield from ((a, b, c, d) for d in range(max(0, 2 - a - b - c), largest + 1 - a - b - c))


def _gwet(tables: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - arrays
    """AC1, its standard error and kappa, by the formulas for any number of raters and of categories.

    A kind of pair is a row of ratings: how many of the two raters chose each category.
    """
    ratings = np.array([[2, 0], [1, 1], [1, 1], [0, 2]], dtype=float)
    raters, categories = ratings.sum(axis=1), ratings.shape[1]
    weights = tables / tables.sum(axis=1, keepdims=True)
    own = (ratings * (ratings - 1)).sum(axis=1) / (raters * (raters - 1))
    agreed = weights @ own
    share = weights @ (ratings / raters[:, None])
    chance = (share * (1 - share)).sum(axis=1) / (categories - 1)
    ac1 = (agreed - chance) / (1 - chance)
    own_chance = ((ratings / raters[:, None])[None] * (1 - share)[:, None]).sum(axis=2) / (categories - 1)
    gamma = (own[None] - chance[:, None]) / (1 - chance)[:, None]
    star = gamma - 2 * (1 - ac1)[:, None] * (own_chance - chance[:, None]) / (1 - chance)[:, None]
    n = tables.sum(axis=1)
    variance = (tables * (star - ac1[:, None]) ** 2).sum(axis=1) / (n * (n - 1))
    first, second = (tables[:, [0, 1]].sum(axis=1) / n, tables[:, [0, 2]].sum(axis=1) / n)
    expected = first * second + (1 - first) * (1 - second)
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = (agreed - expected) / (1 - expected)
    return ac1, np.sqrt(variance), np.where(np.isclose(expected, 1), np.nan, kappa)


def test_every_small_table_has_the_figures_of_another_computation() -> None:
    """All 46,371 tables of 2 to 30 pairs, against Gwet's general formulas in floating point."""
    tables = [*_tables(_LARGEST)]
    ac1, error, kappa = _gwet(np.array(tables, dtype=float))
    made = [PairCounts(*table) for table in tables]
    assert len(made) == 46_371
    assert np.allclose([float(one.ac1) for one in made], ac1, atol=1e-12)
    assert np.allclose([one.ac1_error for one in made], error, atol=1e-9)
    own = [np.nan if one.kappa is None else float(one.kappa) for one in made]
    assert np.allclose(own, kappa, atol=1e-12, equal_nan=True)


def test_kappa_is_undefined_where_both_gave_one_answer_to_all_and_nowhere_else() -> None:
    """All yes, or all no. Where all agree and both answers were given, it is 1."""
    assert [PairCounts(*one).kappa for one in ((7, 0, 0, 0), (0, 0, 0, 7))] == [None, None]
    assert PairCounts(3, 0, 0, 4).kappa == 1
    assert PairCounts(0, 7, 0, 0).kappa == 0


def test_the_quantile_of_t_is_that_of_scipy() -> None:
    """With 1 to 2,000 degrees of freedom, and with very many; the two ways of working it out meet at 200."""
    freedoms = [*range(1, 2_001), 10_000, 199_999]
    assert np.allclose([t_quantile(one) for one in freedoms], stats.t.ppf(0.975, freedoms), rtol=1e-9)


def test_mcnemar_is_the_exact_test_of_scipy() -> None:
    """Every split of up to 60 disagreements, both ways; of none there is no test."""
    for first, second in ((one, every - one) for every in range(61) for one in range(every + 1)):
        chance = PairCounts(3, first, second, 5).mcnemar
        if first + second:
            assert chance is not None
            assert float(chance) == pytest.approx(stats.binomtest(first, first + second).pvalue, abs=1e-12)
        else:
            assert chance is None


def test_mcnemar_is_exact_and_the_same_both_ways() -> None:
    """4 against 1 comes about in 12 of 32 tosses; an even split always does."""
    assert PairCounts(0, 4, 1, 0).mcnemar == PairCounts(0, 1, 4, 0).mcnemar == Fraction(12, 32)
    assert PairCounts(0, 3, 3, 0).mcnemar == 1
    assert PairCounts(0, 5_000, 5_200, 0).mcnemar == pytest.approx(stats.binomtest(5_000, 10_200).pvalue, abs=1e-12)


def test_counts_add_up() -> None:
    """Together they are the sums, and n/a are disagreements without being pairs."""
    assert PairCounts(1, 2, 3, 4) + PairCounts(10, 20, 30, 40) == PairCounts(11, 22, 33, 44)
    question = QuestionAgreement("c", PairCounts(9, 5, 3, 2), both_na=7, only_first_na=1, only_second_na=2)
    assert (question.counts.pairs, question.disagreements, question.has_figures) == (19, 11, False)
