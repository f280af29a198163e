"""What falls due next, and what is said beside the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from attrs import evolve
from sample_rulebook import AS_OF, STARTED

from casescreen.model.condition import FromParameter, Truth
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer, Standing
from casescreen.model.rulebook import Due
from casescreen.model.screening import Finding, Screening
from casescreen.report.due_files import due_workbook
from casescreen.report.falling_due import beside_the_list, by_owner, due_blocks, due_list
from casescreen.report.formats.plain_text import to_plain, width_of

Find = Callable[..., Finding]
Screen = Callable[..., Screening]

_WHERE = "casescreen check my-cases --full"


def _ahead(find: Find, case: str, days: int, **more: object) -> Finding:
    return find(case, "plan-timely", Outcome.NOT_YET_DUE, due=AS_OF + timedelta(days=days), **more)


def _standing(deadline: Deadline) -> Standing:
    return Standing(Basis.EVIDENCE, Truth.TRUE, ReadersAnswer.NONE, Truth.UNKNOWN, deadline)


def test_both_ends_are_in_the_list(find: Find, screen: Screen) -> None:
    """The as-of date itself and the last of the days after it; what comes later is counted, and its first day said."""
    screening = screen([_ahead(find, f"A-{days}", days) for days in (0, 28, 29, 40)])
    due = due_list(screening, 28)
    assert [(item.case, item.due - AS_OF) for item in due.items] == [("A-0", timedelta()), ("A-28", timedelta(28))]
    assert (due.later, due.next_later) == (2, AS_OF + timedelta(29))
    assert [item.case for item in due_list(screening, 0).items] == ["A-0"]


def test_each_owner_has_what_is_theirs(find: Find, screen: Screen) -> None:
    """By name, the first day first; what nobody owns comes last, and is said so."""
    found = [_ahead(find, "A-1", 9, owner="Zoe"), _ahead(find, "A-2", 3, owner=""), _ahead(find, "A-3", 2, owner="Zoe")]
    due = due_list(screen([*found, _ahead(find, "A-4", 5, owner="Ada")]), 28)
    owned = {owner: [item.case for item in items] for owner, items in by_owner(due).items()}
    assert owned == {"Ada": ["A-4"], "Zoe": ["A-3", "A-1"], "": ["A-2"]}
    assert list(owned)[-1] == ""
    assert "No owner recorded: 1\n" in to_plain(due_blocks(due, _WHERE), 100)


def test_closed_cases_have_nothing_due(find: Find, screen: Screen) -> None:
    """Nothing is to be done in them, so they are in no list and in no count beside it."""
    standing = _standing(Deadline.PASSED)
    found = [_ahead(find, "A-1", 1), find("A-1", "concerns-in-plan", Outcome.NOT_MET, standing=standing)]
    due = due_list(evolve(screen(found), closed_cases=("A-1",)), 28)
    assert (due.items, due.later, due.overdue) == ((), 0, 0)


@pytest.mark.parametrize(
    ("outcome", "deadline", "said"),
    [
        (Outcome.NOT_MET, Deadline.PASSED, "Not met, and the day has passed: 1 question in 1 case"),
        (Outcome.NOT_EVIDENCED, Deadline.PASSED, "or nobody has judged it: 1 question."),
        (Outcome.NEEDS_JUDGEMENT, Deadline.PASSED, "or nobody has judged it: 1 question."),
        (Outcome.NOT_EVIDENCED, Deadline.UNKNOWN, "whether, or when, they are due: 1 question."),
        (Outcome.MET, Deadline.PASSED, None),
        (Outcome.NOT_MET, Deadline.NONE, None),
        (Outcome.NOT_EVIDENCED, Deadline.NONE, None),
        (Outcome.MET, Deadline.UNKNOWN, None),
    ],
)
def test_what_is_not_listed_is_counted(
    find: Find, screen: Screen, outcome: Outcome, deadline: Deadline, said: str | None
) -> None:
    """An empty list is no clean bill: what was due before is said, with where it is told, and what is not known."""
    found = [find("A-1", "concerns-in-plan", outcome, standing=_standing(deadline))]
    lines = "\n".join(beside_the_list(due_list(screen(found), 28), _WHERE))
    assert (said in lines) if said else not lines
    assert (_WHERE in lines) is (deadline is Deadline.PASSED and said is not None)


def test_numbers_that_nobody_verified_are_named(find: Find, screen: Screen, screening: Screening) -> None:
    """Only those that a day in the list was measured by; and where nobody confirmed the columns, that is said."""
    due = due_list(screen([_ahead(find, "A-1", 1)]), 28)
    assert due.unverified == ()  # plan_due is local
    rulebook = screening.rulebook
    [plan, *_] = rulebook.criteria
    review = evolve(plan, due=Due(FromParameter("review_interval"), STARTED))
    changed = evolve(screen([_ahead(find, "A-1", 1)]), rulebook=evolve(rulebook, criteria=(review,)))
    assert due_list(changed, 28).unverified == ("time between reviews",)
    assert due_list(changed, 0).unverified == ()
    assert "Columns matched by suggestion, not confirmed." in [
        *beside_the_list(due_list(changed, 28, confirmed=False), _WHERE)
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_the_table_fits(find: Find, screen: Screen, width: int) -> None:
    """No line is wider than asked, whatever an owner is called."""
    found = [_ahead(find, f"A-{number}", number, owner="Xandrabeth of the Northern Team " * 3) for number in range(9)]
    due = due_list(screen(found), 28, {f"A-{number}": f"case-0123456789{number}" for number in range(9)})
    text = to_plain(due_blocks(due, _WHERE), width)
    assert max(map(width_of, text.splitlines())) <= width
    assert "In the calendar" in " ".join(text.split())


def test_the_workbook_is_the_same_each_time(find: Find, screen: Screen) -> None:
    """The same list, the same bytes; with a sheet for each owner only where that is asked for."""
    due = due_list(screen([_ahead(find, "A-1", 1), _ahead(find, "A-2", 1, owner="")]), 28)
    whole = due_workbook(due, _WHERE, per_owner=False)
    assert whole == due_workbook(due, _WHERE, per_owner=False)
    assert len(due_workbook(due, _WHERE, per_owner=True)) > len(whole)
    assert due.as_of == date(2016, 5, 9)
