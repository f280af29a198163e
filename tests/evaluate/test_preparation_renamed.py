"""Answers to ids that criteria had before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve
from bicycle_repairs import AS_OF

from casescreen.api import screen
from casescreen.columnar.frames import CaseFrames, each_frame, frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.findings import explain
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import IssueKind, Screening

Build = Callable[..., Case]
ESTIMATES = [{"id": "R1", "kind": "estimate"}, {"id": "R2", "kind": "estimate"}]
NEW, OLD, OLDER = "estimate-quality", "estimate-clear", "estimate-good"


@pytest.fixture
def renamed(bikes: Rulebook) -> Rulebook:
    return evolve(bikes, renamed={OLD: NEW, OLDER: NEW})


def said(criterion: str, answer: ReadersAnswer = ReadersAnswer.YES, item: str = "R1") -> Answer:
    return Answer(criterion, answer, item, "So it is.")


def outcomes(screening: Screening) -> dict[str, Outcome]:
    return {one.item: one.outcome for one in screening.findings if one.criterion == NEW}


@pytest.mark.parametrize(
    ("answers", "outcome", "told"),
    [
        ((said(OLD),), Outcome.MET, 0),
        ((said(OLD, ReadersAnswer.NO),), Outcome.NOT_MET, 0),
        ((said(OLD), said(NEW, item="R2")), Outcome.MET, 0),
        ((said(OLD), said(NEW)), Outcome.NEEDS_JUDGEMENT, 2),
        ((said(OLD), said(OLDER, ReadersAnswer.NO)), Outcome.NEEDS_JUDGEMENT, 2),
        ((said(OLD), said(OLDER), said(NEW)), Outcome.NEEDS_JUDGEMENT, 3),
    ],
)
def test_an_answer_to_an_old_id_counts(
    renamed: Rulebook, case: Build, engine: Engine, answers: tuple[Answer, ...], outcome: Outcome, told: int
) -> None:
    """It counts for the criterion that is called otherwise now; two to one question count for nothing, and are told."""
    answered = case(answers=answers, reports=ESTIMATES)
    screening = screen(renamed, Caseload((answered,), ""), as_of=AS_OF, engine=engine)
    assert outcomes(screening)["R1"] is outcome
    assert [issue.kind for issue in screening.issues] == [IssueKind.UNREADABLE] * told
    assert all("are one question" in issue.problem.what for issue in screening.issues)
    finding = next(one for one in screening.findings if one.item == "R1")
    assert explain(renamed, answered, finding, AS_OF).finding == finding


@pytest.mark.parametrize("sound", [True, False])
def test_it_counts_in_columns(renamed: Rulebook, case: Build, sound: bool) -> None:
    """In columns of ours, and in those of others: the same rates, and as many issues."""
    cases = (
        case("B-1", answers=(said(OLD),), reports=ESTIMATES),
        case("B-2", answers=(said(OLD), said(NEW, ReadersAnswer.NO), said(OLD, item="R2")), reports=ESTIMATES),
        case("B-3", answers=(said(OLDER, ReadersAnswer.NO, "R2"),), reports=ESTIMATES),
    )
    frames = frames_of(cases, renamed.dictionary)
    if not sound:
        plain = each_frame(frames, lambda frame: frame.drop("case.row"))
        frames = CaseFrames(plain.cases, plain.tables, plain.answers)
    counted = screen_frames(renamed, [frames], as_of=AS_OF)
    ordinary = screen(renamed, Caseload(cases, ""), as_of=AS_OF, engine="plain")
    assert counted.rates == ordinary.rates
    assert counted.rates[-1].counts[Outcome.MET] == 2
    assert [(one.kind, one.number) for one in counted.issue_counts] == [(IssueKind.UNREADABLE, len(ordinary.issues))]
    assert len(ordinary.issues) == 2


def test_an_answer_of_a_later_day_is_no_second_one(renamed: Rulebook, case: Build, engine: Engine) -> None:
    """As at a day on which only one had been given, that one counts."""
    later = evolve(said(NEW, ReadersAnswer.NO), answered_on=date(2024, 7, 1))
    answered = case(answers=(said(OLD), later), reports=ESTIMATES)
    screening = screen(renamed, Caseload((answered,), ""), as_of=AS_OF, engine=engine)
    assert (outcomes(screening)["R1"], screening.issues) == (Outcome.MET, ())


def test_an_id_that_nothing_renames_is_told(renamed: Rulebook, case: Build, engine: Engine) -> None:
    """Other ids are no criterion's, as before."""
    answered = case(answers=(said("estimate"),), reports=ESTIMATES)
    screening = screen(renamed, Caseload((answered,), ""), as_of=AS_OF, engine=engine)
    assert [issue.kind for issue in screening.issues] == [IssueKind.LEFT_ASIDE]
