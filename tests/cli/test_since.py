"""check --since and check --history: what changed, told by the run itself."""

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
id = "B-1"
manager = "Worker A"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
"""
_LATE, _DONE = "done = false\n", "done = true\ndone_on = 2024-04-03\n"
_REPORTS = ("report.json", "report.html", "report.xlsx", "report.md", "report.txt", "report.csv", "report.docx")


@pytest.fixture
def week(run: Run, bikes: Path, tmp_path: Path) -> Run:
    """Screens the case as it is in a week."""

    def screen(number: int, state: str, *more: object) -> Ran:
        case = tmp_path / "case.toml"
        case.write_text(_CASE + state, encoding="utf-8")
        return run("check", case, "--rules", bikes, "--as-of", f"2024-06-{7 * number + 1:02}", *more)

    return screen


@pytest.fixture
def old(week: Run, tmp_path: Path) -> Path:
    """The findings of the first week, in which the repair was done."""
    week(0, _DONE, "--output", tmp_path / "old.json")
    return tmp_path / "old.json"


def test_what_changed_is_on_the_first_screen(week: Run, old: Path) -> None:
    """What is newly not met first, and where."""
    ran = week(1, _LATE, "--since", old)
    assert ran.code == 1
    assert "\nSINCE 1 JUNE 2024: 1 newly not met. 1 new" in ran.out
    assert "  B-1  Worker A  1  " in ran.out
    assert "SINCE 1 JUNE 2024: nothing changed" in week(0, _DONE, "--since", old).out


def test_json_has_what_compare_says(run: Run, week: Run, old: Path, tmp_path: Path) -> None:
    """In the same form, beside what stands in it without; and a history says the same of two runs."""
    new, plain, by_history = (tmp_path / name for name in ("new.json", "plain.json", "history.json"))
    week(1, _LATE, "--since", old, "--output", new)
    week(1, _LATE, "--output", plain)
    week(0, _DONE, "--history", tmp_path / "north.db")
    week(1, _LATE, "--history", tmp_path / "north.db", "--output", by_history)
    compared = json.loads(run("compare", old, plain, "--format", "json").out)
    for file in (new, by_history):
        made = json.loads(file.read_text(encoding="utf-8"))
        assert made.pop("changes") == compared
        assert made == json.loads(plain.read_text(encoding="utf-8"))


def test_a_history_tells_of_the_last_run_as_at_an_earlier_day(week: Run, tmp_path: Path) -> None:
    """Not of one as at the same day, whose place is taken; and the runs before say what is reopened."""
    file = tmp_path / "north.db"
    assert "SINCE" not in week(0, _LATE, "--history", file).out
    week(1, _DONE, "--history", file)
    week(2, _DONE, "--history", file)
    ran = week(2, _LATE, "--history", file)
    assert "SINCE 8 JUNE 2024: 1 newly not met. 1 reopened" in ran.out
    assert "SINCE 15 JUNE 2024: nothing changed" in week(3, _LATE, "--history", file).out


def test_without_it_nothing_is_told_of_it(week: Run, old: Path, tmp_path: Path) -> None:
    """Each report is to the byte the same; with it, those of findings and the letter are too."""
    without, having = tmp_path / "without", tmp_path / "with"
    for folder, more in ((without, ()), (having, ("--since", old))):
        folder.mkdir()
        week(1, _LATE, *(word for name in _REPORTS for word in ("--output", folder / name)), *more)
    same = {name for name in _REPORTS if (without / name).read_bytes() == (having / name).read_bytes()}
    assert same == {"report.csv", "report.docx"}
    assert "What changed" not in (without / "report.html").read_text(encoding="utf-8")
    assert "Since 1 June 2024: what changed" in (having / "report.html").read_text(encoding="utf-8")
    assert "## Since 1 June 2024: what changed" in (having / "report.md").read_text(encoding="utf-8")


def test_under_pseudonyms_no_name_is_told(week: Run, tmp_path: Path) -> None:
    """Where the earlier run has pseudonyms of the same key."""
    key, old = tmp_path / "key", tmp_path / "old.json"
    week(0, _DONE, "--pseudonyms", key, "--output", old)
    ran = week(1, _LATE, "--pseudonyms", key, "--since", old)
    assert "SINCE 1 JUNE 2024: 1 newly not met" in ran.out
    assert "B-1" not in ran.out
    other = week(1, _LATE, "--pseudonyms", tmp_path / "other", "--since", old)
    assert (other.code, other.out) == (2, "")
    assert "has pseudonyms of another key" in other.err
    assert "has pseudonyms, and this run has none" in week(1, _LATE, "--since", old).err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--suppress-under", "5"), "cannot go with --since"),
        (("--history", "north.db"), "--since cannot go with --history"),
        (("--pseudonyms", "key"), "has ids as they are, and this run has pseudonyms"),
        (("--as-of", "2024-05-01"), "which is after the day of this run, 1 May 2024"),
        (("--rules", "sqs-2016"), "has findings by the rulebook"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    week: Run, old: Path, options: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is screened, with what to do."""
    monkeypatch.chdir(tmp_path)
    ran = week(1, _LATE, "--since", old, *options)
    assert (ran.code, ran.out) == (2, "")
    assert says in " ".join(ran.err.split())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"format": "casescreen/1"}', b"\xff\xfe", b'{"format": 1e999}']
)
def test_what_is_no_findings_file_is_told(week: Run, tmp_path: Path, content: bytes) -> None:
    """And so is one that is not there."""
    file = tmp_path / "old.json"
    assert week(1, _LATE, "--since", file).code == 2
    file.write_bytes(content)
    ran = week(1, _LATE, "--since", file)
    assert (ran.code, ran.out) == (2, "")
    assert "What to do" in ran.err


def test_the_earlier_findings_are_never_replaced(week: Run, old: Path) -> None:
    """Even where files may be."""
    before = old.read_bytes()
    ran = week(1, _LATE, "--since", old, "--output", old, "--force")
    assert (ran.code, old.read_bytes()) == (2, before)
