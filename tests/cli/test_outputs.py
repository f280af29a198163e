"""Where reports go: never in place of what is read, and each under a name of its own."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
AS_OF = ("--as-of", "2024-06-01")


@pytest.mark.parametrize("option", ["--template", "--mapping", "--pseudonyms"])
def test_what_is_read_beside_the_cases_is_never_replaced(check: Run, tmp_path: Path, option: str) -> None:
    """With --force neither."""
    file = tmp_path / "letterhead.docx"
    file.write_bytes(b"mine")
    ran = check(tmp_path / "cases", option, str(file), "--output", str(file), "--force")
    assert ran.code == 2
    assert "letterhead.docx is one of the files to be read, and was left as it is." in ran.err
    assert file.read_bytes() == b"mine"


@pytest.mark.parametrize("option", ["--output", "--marked"])
def test_a_workbook_that_is_read_is_never_replaced(check: Run, tmp_path: Path, option: str) -> None:
    """By a report as little as by a copy of it with marks."""
    file = tmp_path / "cases.xlsx"
    file.write_bytes(b"mine")
    ran = check(file, option, str(file), "--force")
    assert ran.code == 2
    assert "cases.xlsx is one of the files to be read, and was left as it is." in ran.err
    assert file.read_bytes() == b"mine"


def test_two_reports_need_two_names(check: Run, late: Path, tmp_path: Path) -> None:
    """Under whatever spelling of the name; nothing is written."""
    ran = check(late, "--output", str(tmp_path / "a.txt"), "--output", str(tmp_path / "." / "x" / ".." / "a.txt"))
    assert ran.code == 2
    assert "One file is named twice as an output." in ran.err
    assert not (tmp_path / "a.txt").exists()


def test_a_copy_with_marks_needs_a_name_of_its_own(check: Run, late: Path, tmp_path: Path) -> None:
    """The report would replace it."""
    both = str(tmp_path / "a.xlsx")
    ran = check(late, "--output", both, "--marked", both, "--force")
    assert (ran.code, "named twice" in ran.err) == (2, True)
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("beside", [(), ("findings.csv",)])
def test_a_letter_of_too_little_is_not_written(run: Run, tmp_path: Path, beside: tuple[str, ...]) -> None:
    """Alone it is an error; the reports beside it are written, the exit code is theirs, and it is told."""
    (tmp_path / "case.toml").write_text('[case]\nid = "A1"\n[order]\nstarts_on = 2016-03-14\n', encoding="utf-8")
    outputs = [part for name in ("letter.docx", *beside) for part in ("--output", tmp_path / name)]
    ran = run("check", tmp_path / "case.toml", "--as-of", "2016-05-09", *outputs)
    assert ran.code == (0 if beside else 2)
    assert "There is no letter yet: 60 per cent of the questions asked must be decided, and 0 of 47 are" in ran.err
    assert "fill in first" in ran.err
    assert [(tmp_path / name).exists() for name in ("letter.docx", *beside)] == [False, *(True for _ in beside)]


def test_a_note_that_nobody_reads_stops_nothing(bikes: Path, late: Path, tmp_path: Path) -> None:
    """Every report is written although the notes about them go nowhere, and the exit code says what it always says."""
    reading, writing = os.pipe()
    os.close(reading)
    one, other = tmp_path / "a.json", tmp_path / "b.csv"
    command: list[str | Path] = [sys.executable, "-m", "casescreen", "check", late, "--rules", bikes, *AS_OF]
    command += ["--output", one, "--output", other]
    ran = subprocess.run(command, stderr=writing, check=False)
    os.close(writing)
    assert ran.returncode == 1
    assert one.exists()
    assert other.exists()


_SPOILED = "case.id,bike.wheels\n007,2\n1-2,2\n123456789012345,2\n3E5,2\nB-1,2\n"


@pytest.mark.parametrize("form", ["--output", "--format"])
def test_it_is_said_which_ids_a_spreadsheet_changes_in_csv(check: Run, tmp_path: Path, form: str) -> None:
    """How many, the first of them, and what to do; of ids that stay nothing is said."""
    cases = tmp_path / "cases.csv"
    cases.write_text(_SPOILED, "utf-8")
    ran = check(cases, form, tmp_path / "findings.csv" if form == "--output" else "csv")
    assert 'Excel changes 4 case ids when it opens CSV: "007", "1-2", "123456789012345" and 1 more.' in ran.err
    assert "What to do: write .xlsx instead" in ran.err
    assert "Excel" not in check(cases, "--output", tmp_path / "findings.json").err
    cases.write_text("case.id,bike.wheels\nB-1,2\n", "utf-8")
    assert "Excel" not in check(cases, "--output", tmp_path / "other.csv").err


def test_a_link_that_leads_back_to_itself_is_told(check: Run, late: Path, tmp_path: Path) -> None:
    """Two links that name each other are no place for a file, and a folder is none."""
    one, other = tmp_path / "a.html", tmp_path / "b.html"
    one.symlink_to(other)
    other.symlink_to(one)
    for more in ((), ("--force",), ("--carry-over", late)):
        ran = check(late, "--output", one, *more)
        assert ran.code == 2
        assert "is a link that leads back to itself" in ran.err
    assert check(late, "--output", tmp_path, "--format", "html").code == 2


def test_a_file_that_goes_before_it_is_read_is_told(check: Run, late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was found, and is not there any more."""
    load = importlib.import_module("casescreen.cases.load")
    found = load.find_files

    def find_and_lose(names: list[str]) -> object:
        search = found(names)
        late.unlink()
        return search

    monkeypatch.setattr(load, "find_files", find_and_lose)
    ran = check(late)
    assert ran.code == 2
    assert "there is no such file or folder" in ran.err


def test_the_first_screen_stands_beside_every_file(check: Run, late: Path, tmp_path: Path) -> None:
    """Whole or one table where that is asked for; a form that is asked for without a file stands alone."""
    first = check(late)
    assert "ACT NOW        1 case, 1 thing" in first.out
    beside = check(late, "--output", tmp_path / "a.json", "--format", "json")
    assert (beside.out, f"Written to {tmp_path / 'a.json'}." in beside.err) == (first.out, True)
    assert "How this was made" in check(late, "--full").out
    table = check(late, "--by", "case").out
    assert "Case by case" in table
    assert "How this was made" not in table
    assert check(late, "--format", "json").out == (tmp_path / "a.json").read_text(encoding="utf-8")


def test_an_option_that_is_gone_says_what_to_use(check: Run, late: Path) -> None:
    """Also where it is given as it used to be."""
    ran = check(late, "--most", "0")
    assert (ran.code, "--most is gone" in ran.err, "--full" in ran.err, "--by case" in ran.err) == (2, True, True, True)


def test_the_next_step_can_be_typed(check: Run, late: Path, bikes: Path) -> None:
    """With the path, the options and the case as they are, on one line; nothing of a path that a shell could run."""
    command = f"casescreen explain {late} --rules {bikes} --as-of 2024-06-01 --case B-1"
    assert command in check(late, "--width", 400).out
    assert "casescreen explain" not in check(late, "--width", len(command) + 1).out
    odd = late.rename(late.parent / "$(x).toml")
    assert "casescreen explain CASES --rules" in check(odd, "--width", 400).out


def test_colours_are_for_terminals(check: Run, late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And never where NO_COLOR is set."""
    options = importlib.import_module("casescreen.cli.options")
    assert "\x1b" not in check(late).out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert options.is_coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not options.is_coloured()
