"""Checks of the record, and what is done about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.conditions.operators import OPERATORS
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.evaluate.screening import screen
from casescreen.model.case import Case, Caseload
from casescreen.model.condition import All, Compare, FromField, Literal, Recorded
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Check, CheckKind, Rulebook, Severity
from casescreen.model.screening import IssueKind

Build = Callable[..., Case]
AS_OF = date(2024, 6, 1)


@pytest.fixture
def checked(bikes: Rulebook) -> Rulebook:
    """The rulebook with a check that is impossible, one that reads what it disbelieves, and one over rows."""
    fields, columns = bikes.dictionary.fields, bikes.dictionary.tables["reports"].columns
    done_on, brought_on = fields["repair.done_on"], fields["repair.brought_on"]
    early = Compare(done_on, OPERATORS["before"], FromField(brought_on))
    beside = All(
        (Compare(fields["repair.done"], OPERATORS["is"], Literal(value=False)), Recorded(done_on, expected=True))
    )
    bill = Compare(columns["kind"], OPERATORS["is"], Literal("bill"))
    return evolve(
        bikes,
        checks=(
            Check(
                "done-early",
                CheckKind.IMPOSSIBLE,
                "it was done before it was brought in",
                early,
                "Mend it.",
                "",
                (done_on,),
            ),
            Check("not-done", CheckKind.UNUSUAL, "it is not done, and a day on which it was", beside),
            Check("bill", CheckKind.IMPOSSIBLE, "a bill is signed", bill, "", "reports", (columns["signed"],)),
        ),
    )


def test_what_cannot_be_is_not_known(checked: Rulebook, case: Build) -> None:
    """The day that cannot be is not believed, every check reads the record as it came, and the rest stands."""
    fields = {"repair.brought_on": date(2024, 5, 2), "repair.done_on": date(2024, 5, 1), "repair.done": False}
    prepared = RecordPreparer(checked, AS_OF).prepare(case("B-1", fields))
    assert [result.check.id for result in prepared.results] == ["done-early", "not-done"]
    assert prepared.case.fields["repair.done_on"] is None
    assert prepared.case.fields["repair.brought_on"] == date(2024, 5, 2)
    [one] = prepared.case.unreadable
    assert (one.path, one.what) == (
        ("repair", "done_on"),
        "it is not believed: it was done before it was brought in",
    )


def test_a_check_of_rows_is_of_the_row_alone(checked: Rulebook, case: Build) -> None:
    """A column is disbelieved of the row that the check holds of."""
    rows = [{"id": "1", "kind": "estimate", "signed": True}, {"id": "2", "kind": "bill", "signed": True}]
    prepared = RecordPreparer(checked, AS_OF).prepare(case("B-1", reports=rows))
    assert [row["signed"] for row in prepared.case.tables["reports"]] == [True, None]
    assert [(result.check.id, result.row) for result in prepared.results] == [("bill", 1)]


def test_what_is_not_believed_is_told_and_never_meets_anything(checked: Rulebook, case: Build) -> None:
    """The finding is open and says why, and the issue is as severe as what reads the value."""
    fields = {
        "bike.wheels": 2,
        "bike.kind": "city bike",
        "repair.brought_on": date(2024, 5, 2),
        "repair.done_on": date(2024, 5, 1),
    }
    screening = screen(checked, Caseload((case("B-1", fields),), ""), as_of=AS_OF, engine="plain")
    assert screening.findings[0].outcome is Outcome.NOT_EVIDENCED
    assert "it is not believed: it was done before it was brought in" in screening.findings[0].reason
    [issue] = screening.issues
    assert (issue.kind, issue.severity, issue.check) == (IssueKind.IMPOSSIBLE, Severity.HIGH, "done-early")
    assert issue.problem.advice == "Mend it."


def test_what_is_unusual_is_believed(checked: Rulebook, case: Build) -> None:
    """It changes no finding, and matters for no exit code."""
    fields = {
        "bike.wheels": 2,
        "repair.brought_on": date(2024, 5, 2),
        "repair.done_on": date(2024, 5, 3),
        "repair.done": False,
    }
    with_checks = screen(checked, Caseload((case("B-1", fields),), ""), as_of=AS_OF, engine="plain")
    without = screen(evolve(checked, checks=()), Caseload((case("B-1", fields),), ""), as_of=AS_OF, engine="plain")
    assert with_checks.findings == without.findings
    assert [(issue.kind, issue.severity) for issue in with_checks.issues] == [(IssueKind.UNUSUAL, None)]
