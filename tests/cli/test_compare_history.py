"""casescreen history compare."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_CASE = """\
[case]
id = "Zq-1"
manager = "Xandrabeth Bell"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
"""
_OPEN, _DONE = "done = false\n", "done = true\ndone_on = 2024-04-03\n"


@pytest.fixture
def kept(run: Run, bikes: Path, tmp_path: Path) -> Callable[..., Path]:
    """Makes a history of a case whose repair is as is said, a run a week."""

    def make(*states: str, options: tuple[object, ...] = ()) -> Path:
        case, file = tmp_path / "Zq-1.toml", tmp_path / "north.db"
        for week, state in enumerate(states):
            case.write_text(_CASE + state, encoding="utf-8")
            day = f"2024-06-{week * 7 + 1:02}"
            assert run("check", case, "--rules", bikes, "--as-of", day, "--history", file, *options).code in (0, 1)
        return file

    return make


def _kinds(ran: Ran) -> dict[str, str]:
    return {one["criterion"]: one["kind"] for one in json.loads(ran.out)["changes"]}


def test_runs_before_the_two_say_what_is_open_again(run: Run, kept: Callable[..., Path]) -> None:
    """It is reopened; from the first two runs on, it was fixed, and of the last two nobody could say."""
    file = kept(_OPEN, _DONE, _OPEN)
    ran = run("history", "compare", file, "--format", "json")
    assert ran.code == 1
    assert "reopened" in _kinds(ran).values()
    fixed = run("history", "compare", file, "--to", "2024-06-08", "--format", "json")
    again = [id_ for id_, kind in _kinds(ran).items() if kind == "reopened"]
    assert [_kinds(fixed)[id_] for id_ in again] == ["fixed"] * len(again)
    assert "Reopened" in run("history", "compare", file).out


def test_runs_before_the_two_say_since_when(run: Run, kept: Callable[..., Path]) -> None:
    """The day of the first of the runs, one after another, in which it was open; nothing changed is 0."""
    file = kept(_DONE, _OPEN, _OPEN, _OPEN)
    ran = run("history", "compare", file, "--format", "json")
    found = json.loads(ran.out)
    assert found["knows_past"] is True
    assert "2024-06-08" in {one["since"] for one in found["changes"]}
    whole = run("history", "compare", file, "--from", "2024-06-01", "--to", "2024-06-22", "--format", "json")
    assert json.loads(whole.out)["knows_past"] is False


def test_no_name_comes_back_from_pseudonyms(run: Run, kept: Callable[..., Path], tmp_path: Path) -> None:
    """What is shown are the pseudonyms that the history holds."""
    file = kept(_DONE, _OPEN, options=("--pseudonyms", tmp_path / "key"))
    ran = run("history", "compare", file, "--full")
    assert ran.code == 1
    assert "case-" in ran.out
    assert not any(name in ran.out + ran.err for name in ("Zq", "Xandra"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "There is no earlier run to compare with."),
        (("--from", "2024-06-01"), "There is no earlier run to compare with."),
        (("--to", "2024-06-02"), "There is no run that found something as at 2 June 2024."),
        (("--from", "2024-06-08", "--to", "2024-06-01"), "--from must be a day before that of --to."),
    ],
)
def test_what_cannot_be_compared_is_said(
    run: Run, kept: Callable[..., Path], options: tuple[str, ...], said: str
) -> None:
    """With the days that there are."""
    ran = run("history", "compare", kept(_OPEN), *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())
