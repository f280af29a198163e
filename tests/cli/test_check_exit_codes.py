"""What the exit code of casescreen check says, for every sort of issue, level and file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest

from casescreen.cli import check_columnar


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

# What could be asked of such a record is decided, and nothing is wrong with it.
_SOUND = """\
faults = []
reports = []
[case]
id = "B-1"
[bike]
wheels = 0
"""
_CHECKS = """\
[checks.many-wheels]
kind = "impossible"
says = "there are over ten wheels"
when = { field = "bike.wheels", more_than = 10 }
disbelieve = ["bike.wheels"]
[[checks.many-wheels.example]]
given = { bike.wheels = 11 }
holds = true
[[checks.many-wheels.example]]
given = { bike.wheels = 2 }
holds = false

[checks.note-of-nothing]
kind = "impossible"
says = "the note says nothing"
when = { field = "repair.note", is = "nothing" }
disbelieve = ["repair.note"]
[[checks.note-of-nothing.example]]
given = { repair.note = "nothing" }
holds = true
[[checks.note-of-nothing.example]]
given = { repair.note = "bell" }
holds = false

[checks.odd-note]
kind = "unusual"
says = "the note is odd"
when = { field = "repair.note", is = "odd" }
[[checks.odd-note.example]]
given = { repair.note = "odd" }
holds = true
[[checks.odd-note.example]]
given = { repair.note = "bell" }
holds = false
"""
_ANSWER = '[[answers]]\ncriterion = "{}"\nanswer = "yes"\n{}'

# Something that is wrong with the record, and how severe it is; "" where it does not count.
_ISSUES: dict[str, tuple[str, str]] = {
    "nothing": (_SOUND, ""),
    "unreadable, read by a criterion of high severity": (_SOUND.replace("= 0", '= "none"'), "high"),
    "unreadable, read by one of medium severity": (_SOUND.replace("faults = []", "faults = 3"), "medium"),
    "unreadable, read by one of low severity": (_SOUND.replace("reports = []", "reports = 3"), "low"),
    "unreadable, read by none": (f"{_SOUND}[repair]\nnote = 5\n", "low"),
    "impossible, read by one of high severity": (_SOUND.replace("= 0", "= 11"), "high"),
    "impossible, read by none": (f'{_SOUND}[repair]\nnote = "nothing"\n', "low"),
    "unusual": (f'{_SOUND}[repair]\nnote = "odd"\n', ""),
    "a name that is not known": (f"{_SOUND}[repair]\nnotes = 5\n", "low"),
    "an answer to nothing": (_SOUND + _ANSWER.format("no-such-question", ""), "low"),
    "an answer about a row that is not there": (_SOUND + _ANSWER.format("estimate-quality", 'item = "R9"\n'), ""),
}
_LEVELS = ("high", "medium", "low", "unclear")


@pytest.fixture
def checked(run: Run, bikes: Path, tmp_path: Path) -> Run:
    """Runs check with a rulebook that has checks too."""
    shutil.copytree(bikes.parent, tmp_path / "workshop")
    (tmp_path / "workshop" / "bikes" / "checks.toml").write_text(_CHECKS, encoding="utf-8")

    def call(*arguments: object) -> Ran:
        return run("check", "--rules", tmp_path / "workshop" / "bikes", "--as-of", "2024-06-01", *arguments)

    return call


@pytest.mark.parametrize("issue", _ISSUES)
def test_what_is_not_known_counts_as_what_reads_it(checked: Run, tmp_path: Path, issue: str) -> None:
    """At the highest severity of a criterion that reads it, else low; what is unusual or left aside does not count."""
    text, severity = _ISSUES[issue]
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    for level in _LEVELS:
        counts = bool(severity) and _LEVELS.index(severity) <= _LEVELS.index(level)
        assert checked(tmp_path / "case.toml", "--fail-on", level).code == counts, level
    assert checked(tmp_path / "case.toml", "--fail-on", "never").code == 0


@pytest.mark.parametrize("issue", _ISSUES)
def test_what_could_not_be_used_wins(checked: Run, tmp_path: Path, issue: str) -> None:
    """Beside a file that cannot be parsed, or records without an id or of one id, whatever is asked for."""
    (tmp_path / "case.toml").write_text(_ISSUES[issue][0], encoding="utf-8")
    (tmp_path / "other.toml").write_text("[case\n", encoding="utf-8")
    for level in (*_LEVELS, "never"):
        ran = checked("--full", tmp_path / "case.toml", tmp_path / "other.toml", "--fail-on", level)
        assert (ran.code, "1 case screened. 1 record was left out" in ran.out) == (2, True), level
    (tmp_path / "other.toml").write_text("[bike]\nwheels = 2\n", encoding="utf-8")
    assert checked(tmp_path / "case.toml", tmp_path / "other.toml", "--fail-on", "never").code == 2
    twice = '[case]\nid = "B-2"\n'
    for name in ("other.toml", "third.toml"):
        (tmp_path / name).write_text(twice, encoding="utf-8")
    assert checked(*tmp_path.glob("*.toml"), "--fail-on", "never").code == 2


_NOT_BEGUN = '[case]\nid = "B-1"\n[repair]\nbrought_on = 2024-06-02\n'


@pytest.mark.parametrize("text", ["", "[case\n", "[bike]\nwheels = 2\n", _NOT_BEGUN])
@pytest.mark.parametrize("level", ["high", "never"])
def test_where_nothing_was_screened(checked: Run, tmp_path: Path, text: str, level: str) -> None:
    """Nothing that exits 0 has looked at no case."""
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    ran = checked("--full", tmp_path / "case.toml", "--fail-on", level)
    assert ran.code == 2
    assert ran.err or "had not begun" in ran.out


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(("wheels", "severity"), [("none", "high"), ("0", "")])
def test_tables_end_alike(checked: Run, tmp_path: Path, suffix: str, wheels: str, severity: str) -> None:
    """The same cell, whatever the file."""
    rows = pl.DataFrame({"case.id": ["B-1"], "bike.wheels": [wheels], "has.faults": ["yes"], "has.reports": ["yes"]})
    path = tmp_path / f"cases.{suffix}"
    match suffix:
        case "csv":
            rows.write_csv(path)
        case "xlsx":
            rows.write_excel(path)
        case _:
            rows.write_parquet(path)
    for level in (*_LEVELS, "never"):
        assert checked(path, "--fail-on", level).code == (bool(severity) and level != "never"), level


@pytest.mark.parametrize(
    ("wheels", "note", "severity"),
    [("none", "", "high"), ("11", "", "high"), ("0", "nothing", "low"), ("0", "odd", ""), ("0", "", "")],
)
def test_caseloads_too_large_to_list_end_alike(
    checked: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wheels: str, note: str, severity: str
) -> None:
    """The same levels where cases are counted and not listed."""
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 1)
    folder = tmp_path / "many"
    folder.mkdir()
    columns = {"case.id": ["B-1", "B-2"], "bike.wheels": [wheels, "0"], "repair.note": [note, None]}
    pl.DataFrame({**columns, "has.faults": True, "has.reports": True}).write_csv(folder / "cases.csv")
    for level in _LEVELS:
        counts = bool(severity) and _LEVELS.index(severity) <= _LEVELS.index(level)
        ran = checked("--full", folder, "--fail-on", level)
        assert "not listed one by one" in ran.out
        assert ran.code == counts, level
    assert checked(folder, "--fail-on", "never").code == 0


def test_a_large_caseload_of_which_none_had_begun_is_no_screening(
    check: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends like any in which nothing was screened."""
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 1)
    folder = tmp_path / "many"
    folder.mkdir()
    columns = {"case.id": ["B-1", "B-2"], "repair.brought_on": ["2024-06-02", "2024-07-01"]}
    pl.DataFrame(columns).write_csv(folder / "cases.csv")
    ran = check("--full", folder, "--fail-on", "never")
    assert (ran.code, "0 cases screened" in ran.out) == (2, True)


@pytest.mark.parametrize("level", [*_LEVELS, "never"])
def test_columns_that_nobody_confirmed_are_no_clean_run(check: Run, tmp_path: Path, level: str) -> None:
    """Whatever is asked for: nobody has said yet that the columns mean what they were taken for."""
    rows = "Ref,Kind of bike,Number of wheels,Brought in\nB-1,city bike,0,2024-04-02\n"
    (tmp_path / "tracker.csv").write_text(rows, encoding="utf-8")
    assert check(tmp_path / "tracker.csv", "--fail-on", level).code == 1
