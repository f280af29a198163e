"""What waivers accept, as values."""

from __future__ import annotations

from datetime import date

from casescreen.model.waiver import Accepted

_FIRST, _LAST = date(2024, 5, 1), date(2024, 6, 1)


def test_all_is_accepted_until_the_first_of_its_days() -> None:
    """And only where every part of it is; what has no parts is not."""
    accepted = Accepted((), {("B-1", "a", ""): _LAST, ("B-1", "b", "R1"): _FIRST})
    assert accepted.until_of_all([("B-1", "a", ""), ("B-1", "b", "R1")]) == _FIRST
    assert accepted.until_of_all([("B-1", "a", "")]) == _LAST
    assert accepted.until_of_all([("B-1", "a", ""), ("B-1", "b", "")]) is None
    assert accepted.until_of_all([("B-2", "a", "")]) is None
    assert accepted.until_of_all([]) is None
