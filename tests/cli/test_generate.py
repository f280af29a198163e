"""casescreen generate, as a user runs it."""

from __future__ import annotations

import builtins
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bicycle_repairs import BIKES

Run = Callable[..., Any]


def test_cases_can_be_made_up_and_screened(run: Run, tmp_path: Path) -> None:
    """What is written is what check reads, as at the same date."""
    made = run("generate", str(tmp_path / "out"), "--cases", "12", "--seed", "1", "--form", "toml")
    assert (made.code, made.err) == (0, f"12 made-up cases written to {tmp_path / 'out'}.\n")
    note = (tmp_path / "out" / "MADE-UP.txt").read_text(encoding="utf-8")
    assert "12 cases with the seed 1, as they stood on 9 May 2016" in note
    assert "sqs-2016" in note
    checked = run("check", str(tmp_path / "out"), "--as-of", "2016-05-09", "--fail-on", "never")
    assert checked.code == 0
    assert "M-000000011" in checked.out


def test_a_rulebook_without_a_stated_date_needs_one(run: Run, tmp_path: Path) -> None:
    """Today is never guessed: without a stated date the command says how to give one, and with one it works."""
    arguments = ["generate", str(tmp_path / "out"), "--cases", "3", "--seed", "1", "--rules", str(BIKES)]
    refused = run(*arguments)
    assert refused.code == 2
    assert "--as-of 2016-05-09" in refused.err
    assert run(*arguments, "--as-of", "2024-06-03").code == 0


def test_what_is_there_is_left(run: Run, tmp_path: Path) -> None:
    """A folder with anything in it is not written to."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    refused = run("generate", str(tmp_path), "--cases", "3", "--seed", "1", "--force")
    assert refused.code == 2
    assert "is not empty" in refused.err


def test_a_package_that_is_missing_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the command says what to install."""
    for name in [one for one in sys.modules if one.startswith("casescreen.synth")]:
        monkeypatch.delitem(sys.modules, name)
    found = builtins.__import__

    def without(name: str, *rest: Any) -> object:  # noqa: ANN401 - the interpreter's own arguments
        if name == "numpy":
            raise ModuleNotFoundError(name=name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    refused = run("generate", str(tmp_path / "out"), "--cases", "3", "--seed", "1")
    assert refused.code == 2
    assert "numpy is not installed" in refused.err
    assert 'pip install "casescreen[bulk]"' in refused.err


def test_rules_check_reads_what_cases_are_made_from(run: Run, tmp_path: Path) -> None:
    """A mistake in generate.toml is found where rules are checked."""
    shutil.copytree(BIKES.parent, tmp_path / "rules")
    (tmp_path / "rules" / "bikes" / "generate.toml").write_text('status = "unsure"\n', encoding="utf-8")
    refused = run("rules", "check", str(tmp_path / "rules" / "bikes"))
    assert refused.code == 2
    assert '"unsure" is not one of the words allowed here' in refused.err
