"""Counts kept back, held by trying every row that a reader could think of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest

from casescreen.model.screening import Count, Suppressed
from casescreen.privacy.suppress import kept_back

Seen = tuple[tuple[Count, ...], int]


def _check(rows: Iterable[tuple[int, ...]], under: int) -> None:
    """Of all rows that look the same and come to the same, no count that is kept back is one number in each.

    Whoever reads a row is taken to know how rows are treated: only rows that are shown in this very way can be meant.
    """
    alike: dict[Seen, list[tuple[int, ...]]] = {}
    for counts in rows:
        alike.setdefault((kept_back(counts, under), sum(counts)), []).append(counts)
    for (shown, _), several in alike.items():
        for place, one in enumerate(shown):
            if isinstance(one, Suppressed):
                assert len({counts[place] for counts in several}) > 1, (under, shown, several)
            else:
                assert all(counts[place] == one for counts in several)
                assert not 0 < one < under


@pytest.mark.parametrize("under", [3, 4, 5])
@pytest.mark.parametrize(("length", "whole"), [(2, 24), (3, 24), (4, 20), (5, 14), (6, 12)])
def test_no_count_that_is_kept_back_can_be_worked_out(under: int, length: int, whole: int) -> None:
    """Tried on every row of every length that there is, up to a sum."""
    for total in range(whole + 1):
        rows = (row for row in product(range(total + 1), repeat=length - 1) if sum(row) <= total)
        _check(((*row, total - sum(row)) for row in rows), under)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((10, 6, 0), (10, 6, 0)),
        ((17, 3, 0), (Suppressed.ROW,) * 3),
        ((10, 6, 2, 2), (Suppressed.WITHHELD, 6, Suppressed.FEW, Suppressed.FEW)),
        ((10, 7, 3), (Suppressed.WITHHELD, 7, Suppressed.FEW)),
        ((5, 8, 1, 1), (Suppressed.ROW,) * 4),
        ((3, 0), (Suppressed.ROW,) * 2),
    ],
)
def test_what_is_kept_back(counts: tuple[int, ...], shown: tuple[Count, ...]) -> None:
    """A row without small counts stays; else the first large one goes with them, or all of the row."""
    assert kept_back(counts, 5) == shown


def test_large_rows_are_quick() -> None:
    """A row of hundreds of thousands is told as one of ten is."""
    assert kept_back((400_000, 300_000, 2, 0, 0, 9), 5) == (Suppressed.WITHHELD, 300_000, Suppressed.FEW, 0, 0, 9)
