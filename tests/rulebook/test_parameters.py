"""Local holidays: which days they can be, for which limits they count, and that the hash covers them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from attrs import evolve
from bicycle_repairs import bikes

from casescreen.model.calendar import Duration, Unit
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook, Status
from casescreen.rulebook.parameters import with_local_holidays

__all__ = ["bikes"]

EVE = date(2024, 12, 24)


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ((date(2024, 12, 21),), "21 December 2024 is a Saturday"),
        ((date(2024, 12, 22),), "22 December 2024 is a Sunday"),
        ((EVE, date(2024, 12, 23), EVE), "24 December 2024 is given twice"),
        ((date(2024, 12, 25),), "25 December 2024 is a public holiday already"),
        ((date(2025, 12, 24),), "24 December 2025 lies outside the calendar"),
        ((datetime(2024, 12, 24, 9),), "is not a date"),  # noqa: DTZ001 - the fault is that it is none
        (("2024-12-24",), "is not a date"),
    ],
)
def test_a_day_that_says_nothing_is_told(bikes: Rulebook, days: tuple[date, ...], wrong: str) -> None:
    """With why, and all of them at once."""
    with pytest.raises(CasescreenError) as told:
        with_local_holidays(bikes, (*days, date(2024, 12, 28)))
    assert wrong in told.value.what
    assert "28 December 2024 is a Saturday" in told.value.what


def test_a_day_is_taken_once(bikes: Rulebook) -> None:
    """One that was added before is given twice as much as one that stands twice."""
    with pytest.raises(CasescreenError, match="given twice"):
        with_local_holidays(with_local_holidays(bikes, [EVE]), [EVE])


@pytest.mark.parametrize("status", Status)
def test_they_count_for_what_no_standard_sets(bikes: Rulebook, status: Status) -> None:
    """Limits of a law or a national standard stay as they are; other lengths of time do too."""
    parameters = {name: evolve(one, status=status) for name, one in bikes.parameters.items()}
    local = with_local_holidays(evolve(bikes, parameters=parameters), [EVE]).parameters["repair_due"]
    counts = status in (Status.LOCAL, Status.OURS, Status.UNVERIFIED)
    assert local.value == Duration(5, Unit.WORKING_DAY, local=counts)
    assert [one.then for one in local.variations] == [Duration(1, Unit.MONTH)]
    assert local.counts_local_holidays is counts


def test_the_hash_covers_them(bikes: Rulebook) -> None:
    """Whatever their order; without any it is that of the files."""
    days = [EVE, date(2024, 12, 23)]
    hashes = {with_local_holidays(bikes, some).hash for some in ([], days[:1], days[1:], days, days[::-1])}
    assert (len(hashes), bikes.hash in hashes) == (4, True)
    assert with_local_holidays(bikes, []) is bikes
