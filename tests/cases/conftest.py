"""A small dictionary that has a field of every kind, and the ways in which tests read cases against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casescreen.cases.load import read_cases
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Dictionary, Field, Kind, Table
from casescreen.model.problem import Problem, ProblemsError

Read = Callable[..., Caseload]
ReadText = Callable[..., Caseload]
Problems = Callable[..., tuple[Problem, ...]]

_FIELDS = (
    Field("case.id", "id", Kind.TEXT, "Its number."),
    Field("case.manager", "case manager", Kind.TEXT, "Who holds it."),
    Field("order.type", "type of order", Kind.CHOICE, "Which.", ("referral order", "reparation order")),
    Field("order.starts_on", "order started", Kind.DATE, "When.", past=True),
    Field("order.ends_on", "order ends", Kind.DATE, "When."),
    Field("plan.shared", "the plan was shared", Kind.YES_NO, "Whether."),
    Field("plan.objectives", "objectives in the plan", Kind.NUMBER, "How many."),
)
_REPORTS = Table(
    "reports",
    "reports",
    "report",
    "Reports written.",
    "kind",
    {
        "id": Field("id", "id", Kind.TEXT, "Its number.", table="reports"),
        "kind": Field("kind", "kind", Kind.TEXT, "Which.", table="reports"),
        "done_on": Field("done_on", "done on", Kind.DATE, "When.", past=True, table="reports"),
    },
    key="id",
)
_REVIEWS = Table(
    "reviews",
    "reviews",
    "review",
    "Reviews held.",
    "of",
    {
        "of": Field("of", "of", Kind.TEXT, "What.", table="reviews"),
        "due_on": Field("due_on", "due on", Kind.DATE, "When.", table="reviews"),
    },
)


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    """A dictionary of three sections and two tables."""
    return Dictionary({field.name: field for field in _FIELDS}, {"reports": _REPORTS, "reviews": _REVIEWS})


@pytest.fixture(scope="session")
def read(dictionary: Dictionary) -> Read:
    """A function that reads sources as at 9 May 2016, against two criteria."""

    def reading(*sources: str | Path) -> Caseload:
        return read_cases(sources, dictionary, criteria=("plan-timely", "plan-shared"), as_of=date(2016, 5, 9))

    return reading


@pytest.fixture
def read_text(read: Read, tmp_path: Path) -> ReadText:
    """A function that reads a text or bytes as a file of the name given."""

    def reading(content: str | bytes, name: str = "case.toml") -> Caseload:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(file)

    return reading


@pytest.fixture(scope="session")
def problems(read: Read) -> Problems:
    """A function that gives the problems of sources, whether they are raised or handed back."""

    def finding(*sources: str | Path) -> tuple[Problem, ...]:
        try:
            return read(*sources).problems
        except ProblemsError as error:
            return error.problems

    return finding
