"""The command line, run as a user runs it, on a small rulebook about bicycle repairs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen
from bicycle_repairs import BIKES
from signed_desk import SignedDesk, signed_desk

from casescreen.cli import main

LATE = """\
[case]
id = "B-1"
manager = "Worker A"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
done = false
"""


@frozen
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), out, err)

    return call


@pytest.fixture
def check(run: Run) -> Run:
    def call(*arguments: object) -> Ran:
        return run("check", "--rules", BIKES, "--as-of", "2024-06-01", *arguments)

    return call


@pytest.fixture
def bikes() -> Path:
    return BIKES


@pytest.fixture
def late(tmp_path: Path) -> Path:
    path = tmp_path / "late.toml"
    path.write_text(LATE, encoding="utf-8")
    return path


@pytest.fixture
def desk(tmp_path: Path, run: Run) -> SignedDesk:
    return signed_desk(tmp_path, run)
