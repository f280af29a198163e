"""What is to be done, by when, and the Refs that are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.api import load_rulebook
from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.calendar import WorkingCalendar
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.model.screening import Finding, Quoting, Screening
from casescreen.report.actions import (
    Action,
    Group,
    actions_of,
    group_of,
    ref_of,
    what_is_wrong,
    what_to_do,
)

Find = Callable[..., Finding]
Screen = Callable[..., Screening]

# Kept for good: whoever wrote one of these down finds it again. A change here breaks that promise.
_KEPT = {
    ("SOM-05", ("3-protecting-the-child", "case.manager")): "SOM-05-K374",
    ("SOM-05", ("5-operational-management", "case.supervisor")): "SOM-05-EFZG",
    ("SOM-10", ("1-reducing-reoffending", "case.manager")): "SOM-10-G3C8",
    ("SOM-17", ("1-reducing-reoffending", "case.manager")): "SOM-17-G3C0",
    ("7", ("2-protecting-the-public", "case.manager")): "7-G5G4",
    ("YOT/2016 014", ("4-sentence-served", "case.manager")): "YOT/2016 014-EHDA",
    ("Zoë 1", ("", "")): "Zoë 1-TD0W",
}


def _actions(screening: Screening) -> tuple[Action, ...]:
    return actions_of(screening, case_summaries(screening))


@pytest.mark.parametrize(("case", "group"), _KEPT)
def test_a_ref_is_kept(case: str, group: Group) -> None:
    """The same case and group have the same Ref in every version."""
    assert ref_of(case, group) == _KEPT[case, group]


def test_the_groups_of_a_rulebook_have_refs_of_their_own() -> None:
    """No two groups of the shipped rulebook are called alike."""
    groups = {group_of(criterion) for criterion in load_rulebook().criteria}
    assert len({ref_of("A-1", group) for group in groups}) == len(groups) == 5


_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _fits(ref: str) -> bool:
    """Whether the last character checks the rest, read as ISO/IEC 7064 says of MOD 37,36."""
    every = "".join(one if one in _VALUES else str(ord(one)) if one.isalnum() else "" for one in ref.upper())
    product = 36
    for character in every[:-1]:
        product = ((product + _VALUES.index(character)) % 36 or 36) * 2 % 37
    return (product + _VALUES.index(every[-1])) % 36 == 1


@pytest.mark.parametrize("ref", _KEPT.values())
def test_a_mistyped_ref_is_noticed(ref: str) -> None:
    """With one letter or figure wrong it is none, in any capitals."""
    assert _fits(ref)
    assert _fits(ref.lower())
    for at, right in enumerate(ref):
        for wrong in _VALUES if right.isascii() and right.isalnum() else "":
            assert (wrong == right.upper()) == _fits(ref[:at] + wrong + ref[at + 1 :])


def test_letters_that_changed_places_are_noticed() -> None:
    """Two neighbours that are not the same."""
    ref = "SOM-10-G3C8"
    changed = {ref[:at] + ref[at + 1] + ref[at] + ref[at + 2 :] for at in (0, 1, 4, 7, 8, 9)}
    assert not [one for one in changed - {ref} if _fits(one)]


def test_findings_of_a_theme_are_one_thing_to_do(screening: Screening) -> None:
    """With what calls for action now; what that rests on is not told again beside it."""
    acting = next(action for action in _actions(screening) if action.is_urgent)
    assert (acting.case, [one.id for one in acting.conclusions]) == ("AN-03", ["act-now-victim-safety"])
    assert "victim-safety-addressed" not in {finding.criterion for finding in acting.findings}
    wrong = what_is_wrong(acting, screening.rulebook)
    assert wrong[0] == "Act now: Victim safety is not addressed and the risk of harm is high."
    assert what_to_do(acting, screening.rulebook)[0] == "Change the plan this week, with the manager."


def test_a_ref_stays_where_some_of_it_is_done(find: Find, screen: Screen) -> None:
    """It hangs on what the group is, and not on what is not met in it."""
    both = [find("A-1", one, Outcome.NOT_MET) for one in ("plan-timely", "concerns-in-plan")]
    two, one = (_actions(screen(findings, conclusions=())) for findings in (both, both[:1]))
    assert [action.things for action in (*two, *one)] == [2, 1]
    assert two[0].ref == one[0].ref
    assert not _actions(screen([evolve(one, outcome=Outcome.MET) for one in both], conclusions=()))


def test_a_copy_to_share_has_no_refs(screening: Screening) -> None:
    """They are made of the ids of cases."""
    assert all(action.ref for action in _actions(screening))
    assert {action.ref for action in _actions(evolve(screening, quoting=Quoting.NOTHING))} == {""}


@pytest.mark.parametrize(
    ("severity", "due", "by_when"),
    [
        (Severity.HIGH, None, date(2016, 5, 16)),
        (Severity.MEDIUM, None, date(2016, 6, 6)),
        (Severity.LOW, None, date(2016, 7, 4)),
        (Severity.LOW, date(2016, 5, 12), date(2016, 5, 12)),
        (Severity.HIGH, date(2016, 5, 9), date(2016, 5, 16)),
    ],
)
def test_by_when(find: Find, screen: Screen, severity: Severity, due: date | None, by_when: date) -> None:
    """Working days by severity after the as-of date; a deadline that is still to come goes before them."""
    finding = find("A-1", "plan-timely", Outcome.NOT_MET, severity=severity, due=due)
    (action,) = _actions(screen([finding], conclusions=()))
    assert (action.by_when, action.severity) == (by_when, severity)


def test_beyond_the_calendar_no_day_is_told(find: Find, screen: Screen) -> None:
    """A wrong day is worse than none."""
    screening = screen([find("A-1", "plan-timely", Outcome.NOT_MET)], conclusions=())
    short = WorkingCalendar("short", "Short", date(2016, 1, 1), screening.as_of, frozenset(), "none")
    (action,) = _actions(evolve(screening, rulebook=evolve(screening.rulebook, calendar=short)))
    assert action.by_when is None


def test_what_is_urgent_is_due_first(screening: Screening) -> None:
    """The next working day; the rest follows by its day."""
    days = [action.by_when for action in _actions(screening)]
    assert days[0] == date(2016, 5, 10)
    assert days == sorted(filter(None, days))


def test_a_shortfall_is_said_and_never_the_title_alone(find: Find, screen: Screen) -> None:
    """Where a rulebook gives none, "Not met" stands before the title; a row is named."""
    given = find("A-1", "report-quality", Outcome.NOT_MET, item="R1", shortfall="The report is not good enough.")
    (action,) = _actions(screening := screen([given, evolve(given, item="R2", shortfall="")], conclusions=()))
    assert what_is_wrong(action, screening.rulebook) == (
        "The report is not good enough (report R1).",
        "Not met: The report is of good quality (report R2)",
    )
