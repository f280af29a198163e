"""What becomes of a run that is asked to end."""

from __future__ import annotations

import importlib
import signal

import click
import pytest

from casescreen.cli import main


def test_a_request_to_end_is_taken_as_ctrl_c_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is half written goes, and what was to be done with such a request before is so again."""
    before, cleaned = signal.getsignal(signal.SIGTERM), []

    def asked(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            cleaned.append("half a file")
            raise click.Abort from None

    module = importlib.import_module("casescreen.cli.main")
    monkeypatch.setattr(module._casescreen, "main", asked)  # noqa: SLF001 - in place of a long run
    with pytest.raises(SystemExit) as end:
        main([])
    assert (end.value.code, cleaned) == (130, ["half a file"])
    assert capsys.readouterr().err == "Stopped. Nothing was written.\n"
    assert signal.getsignal(signal.SIGTERM) is before
