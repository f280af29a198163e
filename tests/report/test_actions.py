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
from casescreen.report.actions import Action, ActionKind, actions_of, groups_of
from casescreen.report.refs import ref_of

Find = Callable[..., Finding]
Screen = Callable[..., Screening]


def _actions(screening: Screening) -> tuple[Action, ...]:
    return actions_of(screening, case_summaries(screening))


def test_the_groups_of_a_rulebook_have_refs_of_their_own() -> None:
    """No two groups of the shipped rulebook are called alike; themes that are put right together are one."""
    groups = groups_of(load_rulebook())
    assert len({ref_of("A-1", group) for group in groups}) == len(groups) == 3 + 2 * 2
    assert {theme for theme, _ in groups[:3]} == {
        "1-reducing-reoffending",
        "2-protecting-the-public",
        "5-operational-management",
    }


def test_findings_of_a_theme_are_one_thing_to_do(screening: Screening) -> None:
    """With what calls for action now; what that rests on is not told again beside it."""
    acting = next(action for action in _actions(screening) if action.is_urgent)
    assert (acting.case, [step.is_urgent for step in acting.steps].count(True)) == ("AN-03", 1)
    urgent, *others = acting.steps
    assert urgent.says == "Act now: Victim safety is not addressed and the risk of harm is high."
    assert urgent.remedy == "Change the plan this week, with the manager."
    title = screening.rulebook.criterion["victim-safety-addressed"].title
    assert not [step for step in others if title in step.says]


def test_a_ref_stays_where_some_of_it_is_done(find: Find, screen: Screen) -> None:
    """It hangs on what the group is, and not on what is not met in it."""
    both = [find("A-1", one, Outcome.NOT_MET) for one in ("plan-timely", "concerns-in-plan")]
    two, one = (_actions(screen(findings, conclusions=())) for findings in (both, both[:1]))
    assert [len(action.steps) for action in (*two, *one)] == [2, 1]
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
    """The next working day; the rest follows by its day, of each kind."""
    days = [action.by_when for action in _actions(screening) if action.kind is ActionKind.ACT]
    assert days[0] == date(2016, 5, 10)
    assert days == sorted(filter(None, days))


def test_a_shortfall_is_said_and_never_the_title_alone(find: Find, screen: Screen) -> None:
    """Where a rulebook gives none, "Not met" stands before the title; a row is named."""
    given = find("A-1", "report-quality", Outcome.NOT_MET, item="R1", shortfall="The report is not good enough.")
    (action,) = _actions(screen([given, evolve(given, item="R2", shortfall="")], conclusions=()))
    assert tuple(step.says for step in action.steps) == (
        "The report is not good enough (report R1).",
        "Not met: The report is of good quality (report R2)",
    )


def test_a_lesser_step_keeps_its_own_day(find: Find, screen: Screen) -> None:
    """What is due tomorrow makes nothing else due tomorrow; what is due first stands first."""
    severities = (Severity.LOW, Severity.HIGH, Severity.MEDIUM)
    findings = [
        find("A-1", "report-quality", Outcome.NOT_MET, item=f"R{number}", severity=severity)
        for number, severity in enumerate(severities)
    ]
    (action,) = _actions(screen(findings, conclusions=()))
    assert [step.by_when for step in action.steps] == [date(2016, 5, 16), date(2016, 6, 6), date(2016, 7, 4)]
    assert action.by_when == date(2016, 5, 16)


def test_themes_that_are_put_right_together_are_one_thing_to_do(find: Find, screen: Screen) -> None:
    """Where the rulebook says so; each step still says its theme, and the Ref is that of the theme that is named."""
    findings = [find("A-1", one, Outcome.NOT_MET) for one in ("plan-timely", "victim-safety-addressed")]
    apart = screen(findings, conclusions=())
    first, second = apart.rulebook.themes
    together = evolve(apart.rulebook, themes=(first, evolve(second, put_right_with=first.id)))
    (action,) = _actions(evolve(apart, rulebook=together))
    assert {step.theme for step in action.steps} == {first.title, second.title}
    refs = {one.steps[0].theme: one.ref for one in _actions(apart)}
    assert len(refs) == 2
    assert action.ref == refs[first.title]
    assert action.formerly == (refs[second.title],)


def test_what_would_be_serious_and_is_not_known_is_to_be_checked(find: Find, screen: Screen) -> None:
    """After all that is to act on, with a Ref of its own, and closed when it is known; one row for a file."""
    criterion = "victim-safety-addressed"
    failed = find("A-2", "plan-timely", Outcome.NOT_MET, severity=Severity.LOW)
    unknown = [find("A-1", criterion, one) for one in (Outcome.NEEDS_JUDGEMENT, Outcome.NOT_EVIDENCED)]
    unknown = [evolve(one, severity=Severity.HIGH) for one in unknown]
    act, check = _actions(screen([*unknown, failed], conclusions=()))
    assert (act.kind, act.case) == (ActionKind.ACT, "A-2")
    assert (check.kind, check.case, check.by_when) == (ActionKind.CHECK, "A-1", date(2016, 5, 16))
    assert check.ref == ref_of("A-1", ("check the file", "case.manager"))
    title = screen([]).rulebook.criterion[criterion].title
    assert [step.says for step in check.steps] == [f"Not judged yet: {title}.", f"Not recorded: {title}."]
    met = [evolve(one, outcome=Outcome.MET) for one in unknown]
    assert [one.kind for one in _actions(screen([*met, failed], conclusions=()))] == [ActionKind.ACT]


def test_what_falls_due_soon_comes_last(find: Find, screen: Screen) -> None:
    """By its day; what falls due in more than forty working days is no thing to do yet."""
    days = (date(2016, 7, 4), date(2016, 5, 13), date(2016, 7, 5))
    ahead = [find(f"A-{number}", "plan-timely", Outcome.NOT_YET_DUE, due=day) for number, day in enumerate(days)]
    actions = _actions(screen([*ahead, find("A-9", "plan-timely", Outcome.NOT_MET)], conclusions=()))
    assert [(one.kind, one.case, one.by_when) for one in actions[1:]] == [
        (ActionKind.DUE, "A-1", date(2016, 5, 13)),
        (ActionKind.DUE, "A-0", date(2016, 7, 4)),
    ]
    assert actions[1].steps[0].says.startswith("Due 13 May 2016: ")
    assert len({one.ref for one in actions}) == 3
