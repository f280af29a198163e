"""What is open, and what came back, in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve

from casescreen.model.screening import Screening
from casescreen.report.action_claims import STILL_OPEN, ActionState
from casescreen.report.action_lists import day_in_words, in_lines, open_blocks, table_rows, urgent_first
from casescreen.report.action_settling import settle

_TODAY = date(2016, 5, 9)


@pytest.mark.parametrize(
    ("days", "said"), [(-2, "2 days late"), (-1, "1 day late"), (0, "due today"), (1, "in 1 day"), (8, "in 8 days")]
)
def test_how_far_off_a_day_is(days: int, said: str) -> None:
    """The day itself is neither late nor ahead."""
    assert day_in_words(_TODAY + timedelta(days=days), _TODAY) == said
    assert day_in_words(None, _TODAY) == "no day"


def test_however_much_is_open_it_fits_one_screen(screening: Screening) -> None:
    """With how many more there are; in full nothing is left out."""
    one = settle((), screening).of(*STILL_OPEN)[0]
    many = [evolve(one, ref=f"AN-{n:03}", owner=f"Worker {n}", state=ActionState.OPEN) for n in range(300)]

    def text(*, full: bool, by_owner: bool = False) -> str:
        shown = urgent_first(many)
        return in_lines(
            lambda most: open_blocks(shown, _TODAY, screening.rulebook, overdue=False, by_owner=by_owner, most=most),
            100,
            full=full,
        )

    short = text(full=False)
    assert short.count("\n") <= 45
    assert "300 actions in 1 case. 0 late, 0 due today." in short
    assert " more: --full" in short
    assert " more: --by owner" in short
    for whole in (text(full=True), text(full=True, by_owner=True)):
        assert all(one.ref in whole for one in many)


def test_a_table_has_every_row(screening: Screening) -> None:
    """Days are a number, below nought where it is late."""
    standings = settle((), screening).standings
    rows = list(table_rows(standings, date(2016, 5, 23), screening.rulebook))
    assert [row[0] for row in rows] == [one.ref for one in standings]
    assert {row[3] for row in rows} == {-13, 14, -3}
