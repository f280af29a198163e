"""Chance that can be had again, and columns of dates."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from casescreen.model.calendar import Duration, Unit
from casescreen.model.rulebook import Rulebook
from casescreen.synth.draws import RandomStream, days_since_1970, to_calendar, to_normal, to_uniform


def test_the_numbers_are_those_of_all_versions() -> None:
    """The first numbers of a stream are these, on any machine: a change here changes every made-up caseload."""
    assert RandomStream(1, 0).uniform("a", 3).tolist() == [0.8818834797158476, 0.3547985766812892, 0.26653378666444116]


def test_streams_do_not_depend_on_one_another() -> None:
    """Another name, block or seed gives numbers that have nothing to do with these."""
    these = RandomStream(1, 0).uniform("a", 20_000)
    for others in (
        RandomStream(1, 0).uniform("b", 20_000),
        RandomStream(1, 1).uniform("a", 20_000),
        RandomStream(2, 0).uniform("a", 20_000),
    ):
        assert abs(np.corrcoef(these, others)[0, 1]) < 0.03


def test_normal_numbers_are_normal_and_lead_back() -> None:
    """Their mean is 0, their variance 1, and they stand where the uniform numbers stood."""
    uniform = RandomStream(1, 0).uniform("a", 50_000)
    normal = to_normal(uniform)
    assert abs(normal.mean()) < 0.02
    assert abs(normal.std() - 1) < 0.02
    assert np.allclose(to_uniform(normal), uniform, atol=1e-9)


@pytest.mark.parametrize("count", [0, 1, 5, 23])
def test_working_days_of_a_column_are_those_of_the_calendar(rulebook: Rulebook, count: int) -> None:
    """From any day of a year, columns count working days as deadlines do, and back again."""
    days = [date(2015, 7, 1) + timedelta(days=number) for number in range(366)]
    start = np.array([days_since_1970(day) for day in days])
    after = to_calendar(rulebook.calendar).add_working_days(start, np.full(len(days), count))
    allowed = Duration(count, Unit.WORKING_DAY)
    assert after.tolist() == [days_since_1970(rulebook.calendar.deadline(day, allowed)) for day in days]
    working = start[[day.weekday() < 5 and day not in rulebook.calendar.holidays for day in days]]
    there = to_calendar(rulebook.calendar).add_working_days(working, np.full(len(working), count))
    back = to_calendar(rulebook.calendar).add_working_days(there, np.full(len(working), -count))
    assert back.tolist() == working.tolist()
