"""Folders of broken case files, by what is wrong: one mistake each, with the expected message beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casescreen.model.problem import Problem

_BROKEN = Path(__file__).parents[1] / "broken" / "cases"
_NAMES = sorted(path.relative_to(_BROKEN).as_posix() for path in _BROKEN.glob("*/*") if path.suffix != ".txt")


@pytest.mark.parametrize("name", _NAMES)
def test_the_mistake_is_told_as_the_file_beside_it_says(
    name: str, problems: Callable[..., tuple[Problem, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong, where, and what to do; nothing more, nothing less."""
    file = _BROKEN / name
    monkeypatch.chdir(file.parent)
    told = "".join(f"{problem}\n" for problem in problems(file.name))
    assert told == Path(f"{file.name}.txt").read_text(encoding="utf-8")


def test_every_expected_message_has_its_file() -> None:
    """No message is left behind when a broken file goes."""
    expected = {path.relative_to(_BROKEN).as_posix().removesuffix(".txt") for path in _BROKEN.glob("*/*.txt")}
    assert expected == set(_NAMES)
    assert len(expected) > 70
