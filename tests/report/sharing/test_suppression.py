"""Counts kept back, held by trying every row that a reader could think of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.report.sharing.suppression import FEWEST, Kept, Shown, kept_back


def _could_be(shown: Shown, whole: int, under: int) -> Iterator[int]:
    """Every count that one who reads it may think of."""
    if isinstance(shown, int):
        yield shown
    elif shown is Kept.FEW:
        yield from range(1, under)
    elif shown is Kept.WITHHELD:
        yield from (count for count in range(whole + 1) if count == 0 or count >= under)
    else:
        yield from range(whole + 1)


def _rows(shown: Sequence[Shown], whole: int, under: int) -> list[tuple[int, ...]]:
    """Every row that looks like this and comes to the same sum."""
    each = (tuple(_could_be(one, whole, under)) for one in shown)
    return [row for row in product(*each) if sum(row) == whole]


def _check(counts: Sequence[int], under: int) -> tuple[Shown, ...]:
    shown = kept_back(counts, under)
    rows = _rows(shown, sum(counts), under)
    assert tuple(counts) in rows
    for place, one in enumerate(shown):
        if isinstance(one, Kept):
            assert len({row[place] for row in rows}) > 1, (counts, under, shown)
        else:
            assert one == counts[place]
            assert not 0 < one < under
    return shown


@pytest.mark.parametrize("under", [3, 4, 5])
def test_no_count_that_is_kept_back_can_be_worked_out(under: int) -> None:
    """Of every row of up to four counts from 0 to 7, each count kept back can be at least two numbers."""
    rows = 0
    for length in range(2, 5):
        for counts in product(range(8), repeat=length):
            _check(counts, under)
            rows += 1
    assert rows == 8**2 + 8**3 + 8**4


@given(st.lists(st.integers(0, 9), min_size=2, max_size=6), st.integers(FEWEST, 6))
def test_nor_in_longer_rows(counts: list[int], under: int) -> None:
    """The same holds of rows as long as there are outcomes."""
    if sum(counts) <= 14:  # more takes too long to try
        _check(counts, under)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((10, 6, 0), (10, 6, 0)),
        ((17, 3, 0), (Kept.WITHHELD, Kept.FEW, 0)),
        ((10, 6, 2, 2), (10, 6, Kept.FEW, Kept.FEW)),
        ((10, 7, 3), (10, Kept.WITHHELD, Kept.FEW)),
        ((10, 8, 1, 1), (10, Kept.WITHHELD, Kept.FEW, Kept.FEW)),
        ((3, 0), (Kept.ROW, Kept.ROW)),
    ],
)
def test_what_is_kept_back(counts: tuple[int, ...], shown: tuple[Shown, ...]) -> None:
    """A row without small counts stays; one small count takes the smallest large one with it; two hide each other."""
    assert kept_back(counts, 5) == shown


def test_large_rows_are_quick() -> None:
    """A row of hundreds of thousands is told as one of ten is."""
    assert kept_back((400_000, 300_000, 2, 0, 0, 9), 5) == (400_000, 300_000, Kept.FEW, 0, 0, Kept.WITHHELD)
