"""A small sound rulebook, about a bicycle workshop, that tests change in a copy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bicycle_repairs import bikes

from casescreen.model.problem import ProblemsError
from casescreen.rulebook.load import load_rulebook

__all__ = ["bikes", "change", "problems"]


@pytest.fixture
def change(workshop: Path) -> Callable[..., None]:
    """Replaces a text that stands in one of the rulebook's files."""

    def replace(file: str, old: str, new: str) -> None:
        path = workshop / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def problems(workshop: Path) -> Callable[[], list[str]]:
    """What reading the rulebook tells, one text a problem."""

    def told() -> list[str]:
        with pytest.raises(ProblemsError) as error:
            load_rulebook(workshop)
        return [str(problem) for problem in error.value.problems]

    return told
