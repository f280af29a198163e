"""casescreen compare, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

REPAIRED = """\
[case]
id = "B-1"
manager = "Worker A"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
done = true
done_on = 2024-04-10
"""


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def last_week(check: Run, late: Path, tmp_path: Path) -> Path:
    """The findings of a case that is late."""
    return _findings(check, late, tmp_path / "last-week.json")


@pytest.fixture
def this_week(check: Run, tmp_path: Path) -> Path:
    """The findings of the same case, repaired."""
    case = tmp_path / "repaired.toml"
    case.write_text(REPAIRED, encoding="utf-8")
    return _findings(check, case, tmp_path / "this-week.json")


def _findings(check: Run, case: Path, to: Path, *more: object) -> Path:
    check(case, "--output", to, *more)
    return to


def test_what_changed_is_shown_and_is_exit_code_1(run: Run, last_week: Path, this_week: Path) -> None:
    """What is fixed is; and what was open is told in full where that is asked for."""
    ran = run("compare", last_week, this_week)
    assert (ran.code, ran.err) == (1, "")
    assert "Went: 1 fixed" in ran.out
    in_full = run("compare", last_week, this_week, "--full")
    assert in_full.code == 1
    assert "Fixed (1): open before, and met now" in in_full.out
    assert "B-1" in in_full.out


def test_the_same_is_exit_code_0(run: Run, last_week: Path) -> None:
    """And nothing differs in JSON either."""
    ran = run("compare", last_week, last_week)
    assert (ran.code, "NOTHING CHANGED" in ran.out) == (0, True)
    made = json.loads(run("compare", last_week, last_week, "--format", "json").out)
    assert not made["differs"]
    assert not any(change["differs"] for change in made["changes"])


def test_the_whole_can_be_kept(run: Run, last_week: Path, this_week: Path, tmp_path: Path) -> None:
    """As JSON or text, by the file's name; what is there already stays unless it is to be replaced."""
    to = tmp_path / "changes.json"
    ran = run("compare", last_week, this_week, "--output", to)
    assert (ran.code, ran.err) == (1, f"Written to {to}.\n")
    assert ran.out == run("compare", last_week, this_week).out
    assert json.loads(to.read_text(encoding="utf-8"))["kinds"]["fixed"] == 1
    assert run("compare", last_week, this_week, "--output", to).code == 2
    assert run("compare", last_week, this_week, "--output", to, "--force").code == 1
    text = tmp_path / "changes.txt"
    run("compare", last_week, this_week, "--output", text)
    assert text.read_text(encoding="utf-8") == run("compare", last_week, this_week, "--full").out


def test_what_is_read_is_never_replaced(run: Run, last_week: Path, this_week: Path) -> None:
    """Not even where files may be."""
    before = this_week.read_bytes()
    ran = run("compare", last_week, this_week, "--output", this_week, "--force")
    assert (ran.code, this_week.read_bytes()) == (2, before)
    assert "is one of the files to be read" in ran.err


@pytest.mark.parametrize("which", ["old", "new"])
def test_what_cannot_be_compared_is_exit_code_2(
    run: Run, check: Run, late: Path, last_week: Path, tmp_path: Path, which: str
) -> None:
    """A case file, a copy to share, a file that was cut off, or one that is not there; nothing is printed."""
    shared, cut = tmp_path / "shared.json", tmp_path / "cut.json"
    _findings(check, late, shared, "--suppress-under", "3")
    cut.write_bytes(last_week.read_bytes()[:-100])
    for path, says in (
        (late, "is not a findings file"),
        (shared, "is a copy to share"),
        (cut, "damaged, or was cut off"),
        (tmp_path / "none.json", "there is no such file"),
        (tmp_path, "it is a folder"),
    ):
        files = (path, last_week) if which == "old" else (last_week, path)
        ran = run("compare", *files)
        assert (ran.code, ran.out) == (2, "")
        assert says in ran.err
        assert "What to do" in ran.err


def test_pseudonyms_of_one_key_can_be_compared(
    run: Run, check: Run, late: Path, last_week: Path, tmp_path: Path
) -> None:
    """With those of the same key only, and not with names."""
    one, two = tmp_path / "one.key", tmp_path / "two.key"
    made = [
        _findings(check, late, tmp_path / f"{n}.json", "--pseudonyms", key) for n, key in enumerate((one, one, two))
    ]
    assert run("compare", made[0], made[1]).code == 0
    assert "different keys" in run("compare", made[0], made[2]).err
    assert "Only one of them has pseudonyms" in run("compare", last_week, made[0]).err


def test_the_help_has_it_where_cases_are_screened(run: Run) -> None:
    """Beside check and explain."""
    ran = run("--help")
    screen = ran.out[ran.out.index("Screen") : ran.out.index("Prepare")]
    assert "compare" in screen
    assert "Exit codes" in run("compare", "--help").out
