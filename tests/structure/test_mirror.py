"""Tests stand where what they test stands."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]


def test_tests_mirror_the_engine(modules: Mapping[str, ast.Module], packages: frozenset[str]) -> None:
    """In a folder called like a package, each file of tests is called for a module, and perhaps for a part of it."""
    astray = []
    for file in sorted(_TESTS.rglob("test_*.py")):
        package = ".".join(("casescreen", *file.relative_to(_TESTS).parent.parts))
        words = file.stem.split("_")[1:]
        names = {f"{package}.{'_'.join(words[:number])}" for number in range(1, len(words) + 1)}
        if package in packages and not names & modules.keys():
            astray.append(file.relative_to(_TESTS).as_posix())
    assert not astray, "there is no module of these names"
