"""Two rulebooks to make cases up for: one whose file says what is plausible, and one without such a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl
import pytest
from bicycle_repairs import BIKES

from casescreen.columnar.frames import CaseFrames
from casescreen.model.rulebook import Rulebook
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import default_spec, load_spec
from casescreen.synth.made_up import made_up
from casescreen.synth.spec import SyntheticSpec

AS_OF = date(2016, 5, 9)

Drawn = Mapping[str, pl.DataFrame]


@pytest.fixture(scope="session")
def bikes() -> Rulebook:
    """A small rulebook about repairs of bicycles, without a file of what is plausible."""
    return load_rulebook(BIKES)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The rulebook that is shipped."""
    return load_rulebook()


@pytest.fixture(scope="session")
def recipe(rulebook: Rulebook) -> SyntheticSpec:
    return load_spec(None, rulebook)


def _collected(parts: list[CaseFrames]) -> Drawn:
    (part,) = parts
    assert part.answers is not None
    frames = {"cases": part.cases, **part.tables, "answers": part.answers}
    return {name: frame.collect() for name, frame in frames.items()}


@pytest.fixture(scope="session")
def draw(rulebook: Rulebook, recipe: SyntheticSpec) -> Callable[..., Drawn]:
    """Cases of the shipped rulebook, as frames by name."""

    def drawn(cases: int, seed: int = 1) -> Drawn:
        return _collected(list(made_up(rulebook, recipe, cases=cases, seed=seed, as_of=AS_OF)))

    return drawn


@pytest.fixture(scope="session")
def usual(bikes: Rulebook) -> list[CaseFrames]:
    """Three hundred repairs, made up from the kinds of their fields alone."""
    recipe = default_spec(bikes)
    return list(made_up(bikes, recipe, cases=300, seed=3, as_of=date(2024, 6, 3)))
