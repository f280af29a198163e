"""What is claimed, against what the record says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.model.screening import Finding, Screening
from casescreen.report.action_claims import (
    NO_ROW,
    STATE_OF,
    STILL_OPEN,
    ActionState,
    InRecord,
    PresentRecord,
    kept_day,
    question_line,
    questions_in,
    row_beside,
    why_apart,
)
from casescreen.report.actions import Action, ActionKind, ActionStep, actions_of
from casescreen.report.carried_over import GONE, STATES, WrittenBeside
from casescreen.report.refs import ref_of

Find = Callable[..., Finding]
Screen = Callable[..., Screening]

_TABLE = """\
             open          met                   left   unknown
no row       not returned  -                     -      -
to do        open          closed by the record  ended  cannot be told
doing        open          closed by the record  ended  cannot be told
done         returned      closed                ended  cannot be told
cannot       cannot        closed by the record  ended  cannot be told
"""


def test_the_truth_table() -> None:
    """Every claim, against everything that the record can say of it."""
    rows = [["", *(one.value for one in InRecord)]]
    for claim in (NO_ROW, *STATES):
        cells = (STATE_OF.get((claim, one)) for one in InRecord)
        rows.append([claim or "no row", *("-" if cell is None else cell.value for cell in cells)])
    widths = (12, 13, 21, 6, 0)
    drawn = [" ".join(f"{cell:<{wide}}" for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]
    assert [line.split() for line in drawn] == [line.split() for line in _TABLE.splitlines()]
    assert {one for (_, now), one in STATE_OF.items() if now is InRecord.OPEN} == set(STILL_OPEN)
    assert {*STATE_OF.values()} == set(ActionState)


def _record(screening: Screening) -> PresentRecord:
    return PresentRecord(screening, actions_of(screening, case_summaries(screening)))


@pytest.mark.parametrize("outcome", Outcome)
def test_nothing_but_met_and_not_applicable_counts_as_met(find: Find, screen: Screen, outcome: Outcome) -> None:
    """Not even that nobody knows, or that it is due later."""
    made = screen([find("A-1", "plan-timely", outcome)])
    met = outcome in {Outcome.MET, Outcome.NOT_APPLICABLE}
    now = _record(made).of("A-1", (("plan-timely", ""),), has_action=False)
    assert now is (InRecord.MET if met else InRecord.OPEN)


def test_what_facts_challenge_is_open(screening: Screening) -> None:
    """Although it is met: it is to be looked at again."""
    assert _record(screening).of("AN-02", (("report-quality", "R1"),), has_action=False) is InRecord.OPEN
    assert _record(screening).of("AN-03", (("report-quality", "R2"),), has_action=False) is InRecord.MET


def test_a_row_of_a_record_is_met_by_itself(find: Find, screen: Screen) -> None:
    """By its key; one that has none, or is gone, is met when all rows are."""
    rows = [
        find("A-1", "report-quality", Outcome.MET, item="R1"),
        find("A-1", "report-quality", Outcome.NOT_MET, item="R2"),
    ]
    record = _record(screen(rows))
    said = {item: record.of("A-1", (("report-quality", item),), has_action=False) for item in ("R1", "R2", "R3", "")}
    assert said == {"R1": InRecord.MET, "R2": InRecord.OPEN, "R3": InRecord.OPEN, "": InRecord.OPEN}


def test_a_call_to_act_is_met_when_it_no_longer_holds(screening: Screening) -> None:
    """And what it rests on is met."""
    questions = (("act-now-victim-safety", ""),)
    assert _record(screening).of("AN-03", questions, has_action=True) is InRecord.OPEN
    calm = _record(evolve(screening, conclusions=()))
    assert calm.of("AN-03", questions, has_action=False) is InRecord.MET
    assert calm.of("AN-03", (*questions, ("victim-safety-addressed", "")), has_action=False) is InRecord.OPEN


def test_a_case_that_is_closed_or_gone_has_left(screening: Screening) -> None:
    """Unless its record could not be read, or has not begun."""
    questions = (("plan-timely", ""),)
    closed = evolve(screening, closed_cases=("AN-03",), cases_not_begun=("AN-08",))
    record = _record(closed)
    assert [record.of(case, questions, has_action=False) for case in ("AN-03", "AN-99", "AN-08")] == [
        InRecord.LEFT,
        InRecord.LEFT,
        InRecord.UNKNOWN,
    ]


def test_a_row_that_does_not_say_what_it_is_about_is_never_closed(screening: Screening) -> None:
    """A sheet of an older version, or one whose column was taken away: it is open if there is something to do."""
    record = _record(screening)
    assert record.of("AN-05", (), has_action=False) is InRecord.UNKNOWN
    assert record.of("AN-03", (), has_action=True) is InRecord.OPEN
    assert record.of("AN-05", (("no-such-question", ""),), has_action=False) is InRecord.UNKNOWN


def test_questions_come_back_from_their_lines() -> None:
    """With the key of a row, whatever is in it."""
    questions = (("plan-timely", ""), ("report-quality", "R1: x"))
    assert questions_in(map(question_line, questions)) == questions


def _action(day: date | None, severity: Severity = Severity.MEDIUM, *, kind: ActionKind = ActionKind.ACT) -> Action:
    step = ActionStep("", "Something", "", severity, day, questions=(("plan-timely", ""),))
    return Action("A-1-XXXX", kind, "A-1", "", "", (step,))


_OLD, _NEW = date(2016, 5, 2), date(2016, 5, 30)


@pytest.mark.parametrize(
    ("how_bad", "severity", "kind", "old", "stands"),
    [
        ("medium", Severity.MEDIUM, ActionKind.ACT, _OLD, _OLD),
        ("medium", Severity.MEDIUM, ActionKind.ACT, date(2016, 9, 1), date(2016, 9, 1)),
        ("high", Severity.MEDIUM, ActionKind.ACT, date(2016, 9, 1), date(2016, 9, 1)),
        ("medium", Severity.HIGH, ActionKind.ACT, date(2016, 9, 1), _NEW),
        ("medium", Severity.HIGH, ActionKind.CHECK, _OLD, _OLD),
        ("", Severity.HIGH, ActionKind.ACT, _OLD, _OLD),
        ("medium", Severity.MEDIUM, ActionKind.DUE, _OLD, _NEW),
        ("medium", Severity.MEDIUM, ActionKind.ACT, None, _NEW),
    ],
)
def test_the_day_of_the_sheet_stands(
    how_bad: str, severity: Severity, kind: ActionKind, old: date | None, stands: date
) -> None:
    """Else nothing would ever be late; only what has become worse can be due sooner."""
    written = WrittenBeside("A-1-XXXX", by_when=old, how_bad=how_bad)
    assert kept_day(_action(_NEW, severity, kind=kind), written) == stands


def test_something_else_under_a_ref_begins_anew(find: Find, screen: Screen) -> None:
    """With a day of its own; what was said of the other thing is kept in the notes."""
    made = screen([find("A-1", "plan-timely", Outcome.MET), find("A-1", "concerns-in-plan", Outcome.NOT_MET)])
    (action,) = actions_of(made, case_summaries(made))
    written = WrittenBeside(
        action.ref,
        progress="done",
        done_on=date(2016, 5, 4),
        evidence=("letter 5",),
        notes=("Posted",),
        by_when=_OLD,
        questions=("plan-timely",),
    )
    row, said = row_beside(action, written, _record(made), made.as_of)
    assert (row.progress, row.done_on, row.evidence, kept_day(action, row), said) == (
        "to do", "", (), action.by_when, "",
    )  # fmt: skip
    assert row.notes == (
        "Posted",
        'Until 9 May 2016: "done" on 4 May 2016. That is met; what stands here now is new.',
        "Evidence: letter 5",
    )


def test_what_is_returned_says_so(find: Find, screen: Screen) -> None:
    """And keeps all that was written."""
    made = screen([find("A-1", "plan-timely", Outcome.NOT_MET)])
    (action,) = actions_of(made, case_summaries(made))
    written = WrittenBeside(action.ref, progress="done", by_when=_OLD, questions=("plan-timely",))
    row, said = row_beside(action, written, _record(made), made.as_of)
    assert (row, said) == (written, "Returned: said to be done, and still open.")
    assert kept_day(action, row) == _OLD


def test_what_stands_apart_says_what_became_of_it(find: Find, screen: Screen) -> None:
    """It may be open, under another Ref; or its case has left."""
    made = screen([find("A-1", "plan-timely", Outcome.NOT_MET), find("A-1", "oversight", Outcome.MET)])
    record = _record(made)
    (action,) = actions_of(made, case_summaries(made))
    ref = ref_of("A-1", (ActionKind.DUE.value, "case.manager"))
    said = {
        why_apart(WrittenBeside(one, why=GONE, questions=questions), record).why
        for one, questions in (
            (ref.lower(), ("plan-timely",)),
            (ref, ("oversight",)),
            (ref, ()),
            (ref_of("A-9", ("due", "case.manager")), ("plan-timely",)),
        )
    }
    assert said == {
        f"it is still open, now under {action.ref}",
        GONE,
        "the case is closed, or no longer among the cases",
    }
    assert why_apart(WrittenBeside("", why="no Ref"), record).why == "no Ref"
