"""Whatever works out the outcomes, reports are the same bytes, but for the name of what drew the inferences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from casescreen import load_rulebook, read_cases, screen
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.screening import Screening
from casescreen.report.formats.registry import FORMATS, By, Options

_CASES = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
_AS_OF = date(2016, 5, 9)


def _screened(engine: Engine) -> Screening:
    rulebook = load_rulebook()
    caseload = read_cases([_CASES], rulebook.dictionary, criteria=rulebook.criterion, taken_on=_AS_OF)
    assert caseload.cases
    return evolve(screen(rulebook, caseload, as_of=_AS_OF, engine=engine), engine="it")


@pytest.fixture(scope="module")
def plain() -> Screening:
    return _screened("plain")


@pytest.fixture(scope="module", params=["auto", "bulk"])
def other(request: pytest.FixtureRequest) -> Screening:
    engine: Engine = request.param
    return _screened(engine)


@pytest.mark.parametrize("by", [None, *By])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_tables_are_the_same_from_every_engine(plain: Screening, other: Screening, by: By | None, width: int) -> None:
    """At every width, by everything that they can be ordered by."""
    options = Options(width=width) if by is None else Options(by=by, width=width)
    assert FORMATS["table"].render(plain, options) == FORMATS["table"].render(other, options)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_form_is_the_same_from_every_engine(plain: Screening, other: Screening, form: str) -> None:
    """Texts, pages, workbooks and letters, byte for byte."""
    first = FORMATS[form].render(plain, Options())
    assert first
    assert first == FORMATS[form].render(other, Options())
