"""The line that says how far a long run is."""

from __future__ import annotations

import sys

import pytest

from casescreen.cli.screening_run import Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("casescreen.cli.screening_run.time.monotonic", lambda: now[0])
    return now


def test_nothing_where_there_is_no_terminal(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    """A run whose notes go to a file or a pipe never prints progress."""
    progress = Progress(10)
    clock[0] = 5.0
    progress(1)
    progress.finish()
    assert capsys.readouterr().err == ""


def test_on_a_terminal_after_a_second(
    clock: list[float], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal, progress is shown once a second has passed, and taken away at the end."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    progress = Progress(1_000)
    clock[0] = 0.9
    progress(1)
    assert capsys.readouterr().err == ""
    clock[0] = 1.1
    progress(500)
    progress(501)
    progress.finish()
    assert capsys.readouterr().err == "\r500 of 1,000 cases\r" + " " * 40 + "\r"
