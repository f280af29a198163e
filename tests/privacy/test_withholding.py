"""How much of a row is shown, and which groups are told together; held by trying every row that there can be."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from casescreen.model.outcome import Outcome
from casescreen.model.screening import Count, Suppressed
from casescreen.privacy.withholding import decided_by_group, shown_row, with_small_groups_joined

FEW, OTHER, ROW = Suppressed.FEW, Suppressed.WITHHELD, Suppressed.ROW


def _shown(counts: tuple[int, ...], under: int) -> tuple[Count, ...]:
    return tuple(shown_row(dict(zip(Outcome, counts, strict=True)), under).values())


@pytest.mark.parametrize(("under", "whole"), [(3, 12), (4, 11)])
def test_of_no_count_that_is_withheld_more_is_told_than_that(under: int, whole: int) -> None:
    """Of all rows that look the same and come to the same, a small count is any from 1 to one less than the threshold.

    Whoever reads a row is taken to know how rows are treated: only rows that are shown in this very way can be meant.
    What is not said to be few may be none, too, or reach the threshold.
    """
    for total in range(under, whole + 1):
        alike: dict[tuple[Count, ...], list[tuple[int, ...]]] = {}
        for head in product(range(total + 1), repeat=5):
            if sum(head) <= total:
                counts = (*head, total - sum(head))
                alike.setdefault(_shown(counts, under), []).append(counts)
        for shown, rows in alike.items():
            for place, one in enumerate(shown):
                values = {row[place] for row in rows}
                if one is FEW:
                    assert values == set(range(1, under)), (shown, values)
                elif one is OTHER:
                    assert min(values) >= under
                    assert max(values) - min(values) == under - 2, (shown, values)
                elif one is ROW:
                    assert values > set(range(1, under)), (shown, values)
                else:
                    assert values == {one}
                    assert one not in range(1, under)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((10, 6, 0, 0, 0, 0), (10, 6, 0, 0, 0, 0)),
        ((10, 6, 8, 1, 7, 0), (10, 6, 8, ROW, ROW, ROW)),
        ((10, 6, 2, 2, 9, 0), (10, 6, ROW, ROW, ROW, ROW)),
        ((17, 3, 0, 0, 6, 0), (OTHER, FEW, 0, 0, 6, 0)),
        ((3, 6, 0, 0, 6, 0), (FEW, OTHER, 0, 0, 6, 0)),
        ((4, 4, 20, 0, 0, 0), (ROW,) * 6),
        ((17, 3, 2, 0, 0, 0), (ROW,) * 6),
        ((10, 6, 2, 2, 1, 0), (ROW,) * 6),
    ],
)
def test_what_is_shown_of_a_row(counts: tuple[int, ...], shown: tuple[Count, ...]) -> None:
    """As much as can be, in a fixed order; what is met and not met before what is beside it."""
    assert _shown(counts, 5) == shown


def test_large_rows_are_quick() -> None:
    """A row of hundreds of thousands is told as one of ten is."""
    assert _shown((400_000, 300_000, 2, 0, 0, 9), 5)[:2] == (400_000, 300_000)


def _together(sizes: dict[tuple[str, str], int]) -> dict[str, int] | None:
    """How many cases are told of each group, of so many cases of each group in each part."""
    places = [place for place, size in sizes.items() for _ in range(size)]
    groups = {str(number): group for number, (group, _) in enumerate(places)}
    within = {str(number): part for number, (_, part) in enumerate(places)}
    told = with_small_groups_joined(groups, within, 5, "Others")
    return None if told is None else dict(Counter(told.values()))


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({("A", ""): 12, ("B", ""): 5}, {"A": 12, "B": 5}),
        ({("A", ""): 12, ("B", ""): 9, ("C", ""): 3}, {"Others": 15, "B": 9}),
        ({("", ""): 12, ("B", ""): 9, ("C", ""): 3}, {"": 12, "Others": 12}),
        ({("A", ""): 5, ("B", ""): 9, ("C", ""): 3}, None),  # 5 and 3: C would have 1 to 3
        ({("A", ""): 12, ("B", ""): 3}, None),  # none is left
        ({("A", "E"): 12, ("B", "E"): 2, ("B", "W"): 13, ("C", "W"): 9}, {"Others": 27, "C": 9}),
        ({("A", "E"): 12, ("B", "E"): 2, ("B", "W"): 3, ("C", "W"): 9, ("D", "E"): 8}, {"Others": 26, "D": 8}),
    ],
)
def test_which_groups_are_told_together(sizes: dict[tuple[str, str], int], told: dict[str, int] | None) -> None:
    """Those with few cases, in all or in a part, and in each such part the first of the others by name."""
    assert _together(sizes) == told


@pytest.mark.parametrize(
    ("met", "not_met", "told"), [(12, 0, True), (7, 5, True), (5, 7, True), (9, 3, False), (7, 0, True), (9, 0, False)]
)
def test_what_can_be_told_by_group(met: int, not_met: int, told: bool) -> None:
    """What is met and not met, where neither is small in any group, nor what is left of it."""
    said = [*[Outcome.MET] * met, *[Outcome.NOT_MET] * not_met, *[Outcome.NOT_YET_DUE] * (12 - met - not_met)]
    outcomes = {str(number): outcome for number, outcome in enumerate(said)}
    groups = dict.fromkeys(outcomes, "A") | {f"other {number}": "B" for number in range(5)}
    expected = {"A": {Outcome.MET: met, Outcome.NOT_MET: not_met}, "B": {Outcome.MET: 0, Outcome.NOT_MET: 0}}
    assert decided_by_group(outcomes, groups, 5) == (expected if told else None)
