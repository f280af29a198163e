"""Parts are worked on two at a time, and come out as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Lock

import pytest

from casescreen.columnar.io import map_ordered


def test_results_come_in_the_order_of_the_items() -> None:
    """Whichever is ready first, the first item's result comes first."""
    second_began = Barrier(2)

    def work(item: int) -> int:
        if item < 2:
            second_began.wait(timeout=60)  # neither of the first two ends before both have begun
        return item * item

    assert list(map_ordered(work, range(6))) == [0, 1, 4, 9, 16, 25]


def test_no_more_than_two_are_worked_on_or_asked_for_ahead() -> None:
    """Memory is that of two parts, however many there are."""
    lock, working, most, asked = Lock(), 0, 0, 0

    def items() -> Iterator[int]:
        nonlocal asked
        for number in range(20):
            asked += 1
            yield number

    def work(item: int) -> int:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        with lock:
            working -= 1
        return item

    for number, _ in enumerate(map_ordered(work, items())):
        assert asked <= number + 3
    assert most <= 2
    assert asked == 20


def test_what_goes_wrong_is_raised_where_its_result_would_come() -> None:
    """The parts before it are not lost, and nothing after it is begun for nothing."""
    began = []

    def work(item: int) -> int:
        began.append(item)
        if item == 2:
            raise ValueError("part 2")
        return item

    results = map_ordered(work, range(100))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="part 2"):
        next(results)
    assert max(began) <= 4


def test_nothing_comes_of_nothing() -> None:
    """No part, no result."""
    assert list(map_ordered(lambda item: item, [])) == []
