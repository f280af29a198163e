"""A small rulebook about bicycle repairs, and ways to screen a repair with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from casescreen.api import screen
from casescreen.evaluate.inference.engine import Engine
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Quoting, Screening
from casescreen.rulebook.load import load_rulebook

AS_OF = date(2024, 6, 1)


@pytest.fixture(scope="session")
def bikes() -> Rulebook:
    return load_rulebook(Path(__file__).parent / "workshop" / "bikes")


@pytest.fixture
def case() -> Callable[..., Case]:
    def build(
        id_: str = "B-1",
        fields: Mapping[str, object] | None = None,
        answers: tuple[Answer, ...] = (),
        **tables: list[Mapping[str, object]],
    ) -> Case:
        every = {"case.id": id_, **(fields or {})}
        return Case(id_, every, {name: tuple(rows) for name, rows in tables.items()}, answers)  # type: ignore[arg-type]

    return build


@pytest.fixture(params=["auto", "bulk"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """What is promised of a screening holds whichever engine works it out."""
    engine: Engine = request.param
    return engine


@pytest.fixture
def screened(bikes: Rulebook, engine: Engine) -> Callable[..., Screening]:
    def run(*cases: Case, as_of: date = AS_OF, quoting: Quoting = Quoting.EVERYTHING) -> Screening:
        return screen(bikes, Caseload(tuple(cases), "hash"), as_of=as_of, engine=engine, quoting=quoting)

    return run


@pytest.fixture
def found(screened: Callable[..., Screening]) -> Callable[..., Finding]:
    def run(criterion: str, case: Case, as_of: date = AS_OF, item: str = "") -> Finding:
        findings = screened(case, as_of=as_of).findings
        return next(one for one in findings if one.criterion == criterion and item in ("", one.item))

    return run
