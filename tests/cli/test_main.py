"""What every command has in common, and what becomes of a run that is asked to end."""

from __future__ import annotations

import importlib
import signal
from collections.abc import Callable
from typing import Protocol

import click
import pytest

from casescreen.cli import main


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_taken_as_ctrl_c_is(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is half written goes, and what was to be done with such a request before is so again."""
    if (asked_by := getattr(signal, name, None)) is None:
        pytest.skip(f"this system has no {name}")
    inherited = signal.signal(asked_by, signal.SIG_DFL)  # who runs the tests may have it ignored
    request.addfinalizer(lambda: signal.signal(asked_by, inherited))
    before, cleaned = signal.getsignal(asked_by), []

    def asked(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(asked_by)
        except KeyboardInterrupt:
            cleaned.append("half a file")
            raise click.Abort from None

    module = importlib.import_module("casescreen.cli.main")
    monkeypatch.setattr(module._casescreen, "main", asked)  # noqa: SLF001 - in place of a long run
    with pytest.raises(SystemExit) as end:
        main([])
    assert (end.value.code, cleaned) == (130, ["half a file"])
    assert capsys.readouterr().err == "Stopped. Nothing is half written.\n"
    assert signal.getsignal(asked_by) is before


class _Panic(BaseException):
    """As compiled libraries raise it."""


def test_what_is_no_exception_is_told_as_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A panic that nobody caught ends with exit code 3 and in few lines."""

    def panic(*_: object, **__: object) -> None:
        raise _Panic("out of range")

    module = importlib.import_module("casescreen.cli.main")
    monkeypatch.setattr(module._casescreen, "main", panic)  # noqa: SLF001 - the same
    with pytest.raises(SystemExit) as end:
        main([])
    told = capsys.readouterr().err
    assert (end.value.code, len(told.splitlines())) == (3, 4)
    assert told.startswith("casescreen itself has a fault (_Panic: out of range).")


def test_a_request_that_is_to_be_ignored_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """As nohup has it: the run goes on when its terminal is closed."""
    module = importlib.import_module("casescreen.cli.main")
    monkeypatch.setattr(module._casescreen, "main", lambda *_, **__: signal.raise_signal(signal.SIGTERM))  # noqa: SLF001 - the same
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with pytest.raises(SystemExit) as end:
            main([])
    finally:
        signal.signal(signal.SIGTERM, before)
    assert end.value.code == 0


@pytest.mark.parametrize(
    "command", [(), ("check",), ("explain",), ("rules",), ("rules", "show"), ("new",), ("convert",)]
)
def test_help_has_examples(run: Run, command: tuple[str, ...]) -> None:
    """Every command has help, and those that take arguments show examples."""
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "casescreen" in ran.out


def test_version(run: Run) -> None:
    """The version is told."""
    assert run("--version").out.startswith("casescreen, version ")


def test_unknown_command(run: Run) -> None:
    """A command that is not there exits 2."""
    assert run("chek").code == 2


@pytest.mark.parametrize("command", [(), ("rules",)])
def test_a_command_alone_shows_its_help(run: Run, command: tuple[str, ...]) -> None:
    """As help: on standard output, and nothing is wrong."""
    ran = run(*command)
    assert (ran.code, ran.err, ran.out) == (0, "", run(*command, "--help").out)


def test_commands_are_in_groups(run: Run) -> None:
    """By what they are for."""
    out = run("--help").out
    assert out.index("Screen:") < out.index("check") < out.index("Prepare:") < out.index("new ") < out.index("Rules:")
