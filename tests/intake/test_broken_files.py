"""A folder of broken case files, one mistake each, with the expected message beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casescreen.model.problem import Problem

_BROKEN = Path(__file__).parent / "broken"
_NAMES = sorted(path.name for path in _BROKEN.iterdir() if path.suffix != ".txt")


@pytest.mark.parametrize("name", _NAMES)
def test_the_mistake_is_told_as_the_file_beside_it_says(
    name: str, problems: Callable[..., tuple[Problem, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong, where, and what to do; nothing more, nothing less."""
    monkeypatch.chdir(_BROKEN)
    told = "".join(f"{problem}\n" for problem in problems(name))
    assert told == Path(f"{name}.txt").read_text(encoding="utf-8")


def test_every_expected_message_has_its_file() -> None:
    """No message is left behind when a broken file goes."""
    expected = {path.name.removesuffix(".txt") for path in _BROKEN.glob("*.txt")}
    assert expected == set(_NAMES)
    assert len(expected) > 70
