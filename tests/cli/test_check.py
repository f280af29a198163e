"""casescreen check."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest

from casescreen.evaluate import screening as evaluation
from casescreen.model.outcome import Outcome
from casescreen.report.formats.registry import FORMATS
from casescreen.text import listed


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
MET = '[case]\nid = "B-2"\n[bike]\nwheels = 0\n'


def test_findings_make_the_exit_code_1(check: Run, late: Path) -> None:
    """A case with something not met is told about on standard output, with nothing on standard error, and exits 1."""
    ran = check("--full", late)
    assert (ran.code, ran.err) == (1, "")
    assert "The repair is done in time" in ran.out
    assert "To put it right: Repair it now." in ran.out
    assert ran.out.rstrip().endswith("1 of 1 case needs action now; start with B-1.")


@pytest.mark.parametrize(("level", "code"), [("high", 1), ("medium", 1), ("low", 1), ("unclear", 1), ("never", 0)])
def test_fail_level(check: Run, late: Path, level: str, code: int) -> None:
    """A finding of high severity counts at every level, and at none if none is wanted."""
    assert check(late, "--fail-on", level).code == code


def test_only_unclear_findings(check: Run, tmp_path: Path) -> None:
    """What cannot be told is nothing to fail on, unless that is asked for."""
    (tmp_path / "case.toml").write_text(MET, encoding="utf-8")
    assert check(tmp_path).code == 0
    assert check(tmp_path, "--fail-on", "unclear").code == 1


def test_a_value_that_cannot_be_read_costs_no_case(check: Run, late: Path) -> None:
    """It is not known, is named without its text, and counts like the criteria that read it; strictly, it is a loss."""
    (late.parent / "bad.toml").write_text('[case]\nid = "B-9"\n[bike]\nwheels = "15"\n', encoding="utf-8")
    ran = check("--full", late.parent)
    assert ran.code == 1
    assert "2 cases screened" in ran.out
    assert "bad.toml, line 4 (case B-9): bike.wheels: it is not a whole number" in ran.err
    assert "15" not in ran.err.replace(str(late.parent), "")
    shown = check("--full", late.parent, "--with-text")
    assert '"15" in quotes is not a whole number' in shown.err
    strict = check("--full", late.parent, "--strict")
    assert (strict.code, "1 case screened. 1 record was left out" in strict.out) == (2, True)
    assert "case B-9: bike.wheels: it is not a whole number" in strict.out
    assert "1 problem. 1 record was left out." in strict.err


def test_no_report_where_every_record_has_a_problem(check: Run, tmp_path: Path) -> None:
    """Where nothing could be screened there is no report that might be taken for a clean one."""
    (tmp_path / "bad.toml").write_text("[case]\nid = 1\n", encoding="utf-8")
    ran = check(tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "bad.toml, line 2" in ran.err


def test_output_goes_to_a_file_once(check: Run, late: Path, tmp_path: Path) -> None:
    """A report is written whole to a file, and a file that is there is replaced only when that is asked for."""
    target = tmp_path / "report.csv"
    first = check(late, "--format", "csv", "--output", target)
    assert (first.code, "ACT NOW" in first.out) == (1, True)
    written = target.read_bytes()
    again = check(late, "--format", "csv", "--output", target)
    assert again.code == 2
    assert "add --force to replace it" in again.err
    assert check(late, "--format", "csv", "--output", target, "--force").code == 1
    assert target.read_bytes() == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["late.toml", "report.csv"]


def test_several_outputs_in_one_run(check: Run, late: Path, tmp_path: Path) -> None:
    """Each file gets the form that its name ends in, and all come of one screening."""
    names = ["a.txt", "a.md", "a.csv", "a.json", "a.html"]
    arguments = [part for name in names for part in ("--output", tmp_path / name)]
    ran = check(late, *arguments)
    assert (ran.code, "ACT NOW" in ran.out) == (1, True)
    assert all("The repair is done in time" in (tmp_path / name).read_text(encoding="utf-8") for name in names)


def test_documents_are_files(check: Run, late: Path, tmp_path: Path) -> None:
    """A workbook and a letter are written as the files that they are, and never shown on the screen."""
    ran = check(late, "--output", tmp_path / "a.xlsx", "--output", tmp_path / "a.docx", "--per-owner")
    assert ran.code == 1
    assert all((tmp_path / name).read_bytes().startswith(b"PK") for name in ("a.xlsx", "a.docx"))
    screen = check(late, "--format", "xlsx")
    assert screen.code == 2
    assert "add --output FILE" in screen.err


def test_a_form_that_cannot_be_told(check: Run, late: Path, tmp_path: Path) -> None:
    """A file whose name does not tell its form is refused before anything is screened."""
    ran = check(late, "--output", tmp_path / "report")
    assert ran.code == 2
    assert f"end in {listed(one.ending for one in FORMATS.values())}, or add --format" in ran.err


def test_output_into_a_missing_folder(check: Run, late: Path, tmp_path: Path) -> None:
    """A report that cannot be written says why, and exits 2."""
    ran = check(late, "--output", tmp_path / "none" / "report.txt")
    assert ran.code == 2
    assert "could not be written" in ran.err


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
def test_same_input_same_bytes(check: Run, late: Path, form: str) -> None:
    """The same cases, rules and as-of date give the same report, in every form."""
    assert check(late, "--format", form).out == check(late, "--format", form).out


def test_json_carries_what_identifies_the_run(check: Run, late: Path) -> None:
    """The JSON report has the as-of date and the hashes of the rulebook and the cases."""
    report = json.loads(check(late, "--format", "json").out)
    assert report["format"] == "casescreen/1"
    assert report["as_of"] == "2024-06-01"
    assert len(report["rulebook"]["hash"]) == len(report["cases_hash"]) == 64


@pytest.mark.parametrize("by", ["theme", "case", "manager", "team"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_wider_than_asked(check: Run, late: Path, by: str, width: int) -> None:
    """No line of the table is wider than the width."""
    ran = check(late, "--by", by, "--width", width)
    assert max(len(line) for line in ran.out.splitlines()) <= width


def test_a_control_character_never_reaches_the_terminal(check: Run, tmp_path: Path) -> None:
    """An escape sequence in a record comes out inert in the report and in problems."""
    hostile = '[case]\nid = "B-\\u001b[31m1"\nmanager = "\\u001b]0;x\\u0007"\n[bike]\nwheels = 1\ncolor\\u001b = 1\n'
    (tmp_path / "a.toml").write_text(hostile.replace("color\\u001b = 1\n", ""), encoding="utf-8")
    (tmp_path / "b.toml").write_text(hostile.replace("color\\u001b", '"col\\u001b"'), encoding="utf-8")
    for form in ("table", "markdown", "csv", "json"):
        ran = check(tmp_path, "--format", form)
        assert "\x1b" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)


def _text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(content, encoding=encoding)

    return write


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def _nested(path: Path) -> None:
    path.write_text("a = " + "[" * 100_000, encoding="utf-8")


CASE = '[case]\nid = "B-1"\n'
BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty": (_text(""), "empty"),
    "binary": (_binary, ""),
    "latin-1": (_text('[case]\nid = "Caf\xe9"\n', "latin-1"), "UTF-8"),
    "large": (_large, "MiB"),
    "deep": (_nested, ""),
    "impossible date in a list": (_text(CASE + "[repair]\nbrought_on = [2024-02-31]\n"), "line 4"),
    "fifo": (_fifo, ""),
    "socket": (_socket, ""),
    "symlink loop": (_loop, ""),
}


@pytest.mark.skipif(sys.platform == "win32", reason="needs sockets, FIFOs and symbolic links in the file system")
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_plainly(check: Run, tmp_path: Path, name: str) -> None:
    """Each kind of bad file exits 2 with a message that names it, and without a traceback."""
    make, said = BAD[name]
    path = tmp_path / "bad.toml"
    make(path)
    ran = check(path)
    assert ran.code == 2
    assert "bad.toml" in ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_folder_with_no_cases(check: Run, tmp_path: Path) -> None:
    """A folder with no case files is told about, not passed over as nothing to do."""
    ran = check(tmp_path)
    assert ran.code == 2
    assert ran.out == ""


def test_the_same_id_twice(check: Run, late: Path) -> None:
    """Two records with one id are both left out, for which is right cannot be known."""
    (late.parent / "copy.toml").write_text(late.read_text(encoding="utf-8"), encoding="utf-8")
    ran = check(late.parent)
    assert ran.code == 2
    assert "late.toml" in ran.err
    assert "copy.toml" in ran.err


def test_a_byte_order_mark_is_read(check: Run, late: Path) -> None:
    """A file saved by Notepad with a byte-order mark is read like any other."""
    late.write_text(late.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert check(late).code == 1


def test_as_of_date_beyond_the_calendar(run: Run, bikes: Path, late: Path) -> None:
    """An as-of date that the calendar does not cover stops the run, and says what it does cover."""
    ran = run("check", late, "--rules", bikes, "--as-of", "2031-01-01")
    assert ran.code == 2
    assert "1 January 2024 to 31 December 2024" in ran.err


def test_an_action_makes_the_exit_code_1(tmp_path: Path, bikes: Path, run: Run) -> None:
    """A case that needs action now is never exit code 0, also where no single criterion is not met."""
    folder = tmp_path / "rules"
    shutil.copytree(bikes.parent, folder)
    conclusions = folder / bikes.name / "conclusions.toml"
    text = conclusions.read_text(encoding="utf-8")
    rests_on_a_fact = (
        '[conclusions.fact-alone]\non = "case"\nkind = "action"\nsays = "Look."\nall = [ { fact = "cargo" } ]\n'
    )
    conclusions.write_text(f"{text}\n{rests_on_a_fact}", encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text('[case]\nid = "B-1"\n[bike]\nkind = "cargo bike"\nwheels = 0\n', encoding="utf-8")
    ran = run("check", "--full", path, "--rules", folder / bikes.name, "--as-of", "2024-06-01")
    assert "Act now: Look." in ran.out
    assert ran.code == 1
    assert (
        run("check", "--full", path, "--rules", folder / bikes.name, "--as-of", "2024-06-01", "--fail-on", "never").code
        == 0
    )


@pytest.mark.parametrize("written", ["2016-W19-1", "09/05/2016", "2016-5-9", "today", "20160509", "2016-02-31"])
def test_as_of_date_is_not_guessed(run: Run, late: Path, written: str) -> None:
    """A date that is not written year-month-day is refused."""
    ran = run("check", late, "--as-of", written)
    assert ran.code == 2
    assert "year-month-day" in ran.err


def test_unknown_rulebook(run: Run, late: Path) -> None:
    """A rulebook that is not there is named, with those that are."""
    ran = run("check", late, "--rules", "sqs-2061")
    assert ran.code == 2
    assert "sqs-2016" in ran.err


def test_rulebook_with_a_mistake(run: Run, late: Path, tmp_path: Path) -> None:
    """A rulebook with a mistake is told about before any case is read."""
    (tmp_path / "rules").mkdir()
    ran = run("check", late, "--rules", tmp_path / "rules")
    assert (ran.code, ran.out) == (2, "")


def test_internal_fault(check: Run, late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours exits 3, gives no findings, and says what to do."""
    monkeypatch.setattr(evaluation, "decide", lambda _standing: Outcome.MET)
    ran = check(late)
    assert (ran.code, ran.out) == (3, "")
    assert "CASESCREEN_TRACEBACK" in ran.err
    assert "Traceback (most" not in ran.err


def test_a_traceback_can_be_asked_for(check: Run, late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the environment variable set, a fault of ours is shown whole to who maintains casescreen."""
    monkeypatch.setattr(evaluation, "decide", lambda _standing: Outcome.MET)
    monkeypatch.setenv("CASESCREEN_TRACEBACK", "1")
    with pytest.raises(Exception, match="repair-in-time"):
        check(late)


def test_too_many_rows_in_a_case(check: Run, tmp_path: Path) -> None:
    """A table with more rows than any case has is not known, rather than keeping everybody waiting."""
    rows = "[[faults]]\npart = 'brake'\n" * 5_001
    (tmp_path / "case.toml").write_text('[case]\nid = "B-1"\n' + rows, encoding="utf-8")
    ran = check(tmp_path)
    assert ran.code == 1
    assert "the table has 5,001 rows" in ran.err


def test_a_name_that_is_not_known_is_told_and_the_rest_read(check: Run, tmp_path: Path) -> None:
    """A misspelt field counts for nothing, with the name that was meant."""
    (tmp_path / "case.toml").write_text(CASE + "[bike]\nwheel = 2\nwheels = 0\n", encoding="utf-8")
    ran = check("--full", tmp_path)
    assert (ran.code, 'Did you mean "wheels"?' in ran.err, "1 case screened" in ran.out) == (1, True, True)
    assert check("--full", tmp_path, "--fail-on", "never").code == 0


def test_a_case_that_had_not_begun_is_no_screening(check: Run, tmp_path: Path) -> None:
    """Where nothing is left to screen, the exit code is that of wrong use."""
    (tmp_path / "case.toml").write_text(CASE + "[repair]\nbrought_on = 2024-06-02\n", encoding="utf-8")
    ran = check("--full", tmp_path)
    assert ran.code == 2
    assert "Not begun by 1 June 2024, and set apart: B-1." in ran.out


def test_a_day_after_the_records_were_taken_cannot_be_read(check: Run, tmp_path: Path) -> None:
    """Nothing can have been done after that day, whatever the as-of date."""
    text = CASE + "[repair]\nbrought_on = 2024-05-02\ndone_on = 2024-05-04\n"
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    assert "later" not in check(tmp_path, "--taken-on", "2024-05-04").err
    ran = check(tmp_path, "--taken-on", "2024-05-03")
    assert "repair.done_on: it is later than the day on which the records were taken, 3 May 2024" in ran.err


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_device_is_not_written_over(check: Run, late: Path) -> None:
    """A device is never replaced by a report, also with --force."""
    ran = check(late, "--format", "table", "--output", "/dev/full", "--force")
    assert ran.code == 2
    assert "not an ordinary file" in ran.err
    assert Path("/dev/full").is_char_device()


def test_a_link_is_followed_and_stays(check: Run, late: Path, tmp_path: Path) -> None:
    """A report written to a symbolic link goes to the file that it points to."""
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    assert check(late, "--output", link, "--force").code == 1
    assert link.is_symlink()
    assert "Bicycle repairs" in target.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="closes streams by the shell's >&-")
@pytest.mark.parametrize(
    ("streams", "code"), [(">&-", 1), ("2>&-", 1), (">&- 2>&-", 1), ("> /dev/full", 2), ("| head -c 1", 0)]
)
def test_output_that_is_closed_or_full(late: Path, bikes: Path, streams: str, code: int) -> None:
    """Output that is closed, full or no longer read is no fault of casescreen, and gives no traceback."""
    command = f"{sys.executable} -m casescreen check {late} --rules {bikes} --as-of 2024-06-01 {streams}"
    for unbuffered in ("", "1"):
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        ran = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", check=False, env=environment)
        assert ran.returncode == code
        assert not [word for word in ("Traceback", "fault", "Exception", "Broken pipe") if word in ran.stderr]


def _without_engine(report: str) -> list[str]:
    return [line for line in report.splitlines() if "Inferences drawn by" not in line]


@pytest.mark.parametrize(
    ("engine", "most", "bulk", "why"),
    [("auto", 0, True, "1 cases: Polars"), ("auto", 1, False, ""), ("bulk", 1, True, ""), ("plain", 0, False, "")],
)
def test_many_cases_are_worked_out_at_once(
    check: Run, late: Path, monkeypatch: pytest.MonkeyPatch, engine: str, most: int, bulk: bool, why: str
) -> None:
    """Above a size, unless an engine was asked for. Which it was and why is told; findings and code are the same."""
    few = check("--full", late)
    monkeypatch.setattr("casescreen.cli.screening_run.MANY", most)
    ran = check("--full", late, "--engine", engine)
    assert ("for all cases at once" in ran.out) is bulk
    assert why in ran.err
    assert ("Polars works out" in ran.err) is bool(why)
    assert (_without_engine(ran.out), ran.code) == (_without_engine(few.out), few.code)


def test_cases_in_parquet_are_worked_out_at_once(check: Run, tmp_path: Path) -> None:
    """Those beside files of another kind are not."""
    cases = {"case.id": ["B-1"], "bike.kind": ["city bike"], "repair.brought_on": [date(2024, 5, 1)]}
    pl.DataFrame(cases).write_parquet(tmp_path / "cases.parquet")
    ran = check("--full", tmp_path)
    assert "The cases are in Parquet: Polars works out" in ran.err
    assert "for all cases at once" in ran.out
    (tmp_path / "a.toml").write_text('[case]\nid = "B-2"\n', "utf-8")
    mixed = check("--full", tmp_path)
    assert "2 cases" in mixed.out
    assert "Polars" not in mixed.err + mixed.out


def test_without_polars_cases_are_worked_out_one_by_one(
    check: Run, late: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not installed is not chosen."""
    monkeypatch.setattr("casescreen.cli.screening_run.MANY", 0)
    monkeypatch.setattr("casescreen.cli.screening_run.find_spec", lambda _: None)
    ran = check(late)
    assert ran.code == 1
    assert "Polars" not in ran.err + ran.out
