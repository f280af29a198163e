"""What every report says about the records: what was left out and why, what to check, and no text unless asked for."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Protocol

import openpyxl
import polars as pl
import pytest
from tables_in_files import FORMS, Rows, tables

from casescreen.report.formats.registry import FORMATS as REPORT_FORMS


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

# Words that stand for nothing, in each place of a record that can be told of.
_CELL, _NOTE, _REASON, _CRITERION, _LOOSE, _NAME, _LOST = (
    "zqcell", "zqnote", "zqreason", "zqcriterion", "zqloose", "zqname", "zqlost",
)  # fmt: skip
_IN_CELLS = (_CELL, _NOTE, _REASON, _CRITERION, _LOOSE, _LOST)
_ABOUT = ("zqsheet", "zqfile", "zqheading", _NAME)
_REPORTS = [form for form in REPORT_FORMS if form not in ("csv", "parquet")]
"""The forms that are read by people; the others are the findings, a row each, and nothing else."""

LATE = """\
[case]
id = "B-1"
[bike]
kind = "cargo bike"
wheels = 3
[repair]
brought_on = 2024-04-02
done = false
"""


def _workbook(path: Path) -> Path:
    """A workbook in which everything is wrong that costs no case, and two records of one id."""
    book = openpyxl.Workbook()
    cases = book.worksheets[0]
    cases.title = "cases"
    cases.append(["case.id", "case.manager", "bike.wheels", "repair.brought_on", "repair.note", "zqheading"])
    cases.append(["B-1", "Kim", f"{_CELL} 3", f"{_CELL} April", _NOTE, "x"])
    cases.append(["B-2", "Kim", 3, "2024-04-02", _NOTE, "x", _LOOSE])
    cases.append(["B-3", "Kim", 3, "2024-04-02", f"{_LOST} a", "x"])
    cases.append(["B-3", "Kim", 3, "2024-04-02", f"{_LOST} b", "x"])
    answers = book.create_sheet("answers")
    answers.append(["case.id", "criterion", "answer", "reason", "item"])
    answers.append(["B-1", _CRITERION, "yes", _REASON])
    answers.append(["B-2", "estimate-quality", _CELL, _REASON, "R1"])
    reports = book.create_sheet("reports")
    reports.append(["case.id", "id", "kind", "signed"])
    reports.append(["B-2", "R1", _CELL, _CELL])
    book.create_sheet("zqsheet").append(["something", "else"])
    book.save(path)
    return path


def _text_of(data: bytes) -> str:
    """All that a report says, whatever it is packed in, with the names of its parts."""
    if data[:4] == b"PAR1":
        return json.dumps(pl.read_parquet(BytesIO(data)).to_dicts(), default=str)
    if data[:2] != b"PK":
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())


def _given(check: Run, path: Path, form: str, *options: object) -> tuple[Ran, str]:
    """What was run, and the report that it wrote."""
    output = path.parent / f"report-{len(list(path.parent.glob('report-*')))}.{form}"
    ran = check(path, "--format", form, "--output", output, *options)
    return ran, _text_of(output.read_bytes()) if output.exists() else ""


@pytest.mark.parametrize("form", REPORT_FORMS)
def test_text_of_records_is_shown_only_where_it_is_asked_for(check: Run, tmp_path: Path, form: str) -> None:
    """Nothing of a cell that could not be read, of a note, a reason or a record that was left out."""
    ran, report = _given(check, _workbook(tmp_path / "zqfile.xlsx"), form)
    assert ran.code == 2
    assert "B-2" in report
    for marker in _IN_CELLS:
        assert marker not in report.lower(), marker
        assert marker not in ran.err.lower(), marker
    ran, report = _given(check, tmp_path / "zqfile.xlsx", form, "--with-text")
    assert _CELL in ran.err


@pytest.mark.parametrize("form", REPORT_FORMS)
def test_a_pseudonymised_copy_names_nothing(check: Run, tmp_path: Path, form: str) -> None:
    """Neither text, nor headings, sheets, files or cases; nor does what is said beside it quote a record."""
    path = _workbook(tmp_path / "zqfile.xlsx")
    ran, report = _given(check, path, form, "--pseudonyms", tmp_path / "key")
    assert report
    for marker in (*_IN_CELLS, *_ABOUT, "kim", "b-1", "b-2", "b-3"):
        assert marker not in report.lower(), marker
    told = ran.err.replace(str(tmp_path), "").lower()
    for marker in (*_IN_CELLS, "zqsheet", "zqheading", "kim", "b-1", "b-2", "b-3"):
        assert marker not in told, marker


@pytest.mark.parametrize("form", _REPORTS)
def test_a_suppressed_copy_names_nothing(check: Run, tmp_path: Path, form: str) -> None:
    """Nor any case, or what is wrong with one."""
    ran, report = _given(check, _workbook(tmp_path / "zqfile.xlsx"), form, "--suppress-under", 5)
    if ran.code == 2 and not report:
        pytest.skip("there is no such copy in this form")
    for marker in (*_IN_CELLS, *_ABOUT, "kim", "b-1", "b-2", "b-3", "check the record"):
        assert marker not in report.lower(), marker


@pytest.mark.parametrize("form", _REPORTS)
def test_what_was_left_out_is_named_with_why(check: Run, tmp_path: Path, form: str) -> None:
    """In every report, not only how many."""
    _, report = _given(check, _workbook(tmp_path / "cases.xlsx"), form)
    assert "B-3" in report.replace("\\-", "-")
    assert "another record has the same id" in report


@pytest.mark.parametrize("form", _REPORTS)
def test_what_is_to_be_checked_is_in_every_report(check: Run, tmp_path: Path, form: str) -> None:
    """By the cell that it stands in."""
    _, report = _given(check, _workbook(tmp_path / "cases.xlsx"), form)
    plain = report.replace("\\", "")
    assert "repair.brought_on" in plain
    if form == "json":
        issues = json.loads(report)["issues"]
        assert {one["kind"] for one in issues} == {"cannot be read"}
        assert "D" in {one["column"] for one in issues}
        return
    if form != "xlsx":  # there they are rows of the sheet of notes
        assert "Check the record" in plain
    assert "column D" in " ".join(plain.split())


@pytest.mark.parametrize("form", REPORT_FORMS)
@pytest.mark.parametrize("record", ['[case]\nid = "B-1"\n', '[case]\nid = "B-1"\n[repair]\nbrought_on = 2024-05-30\n'])
def test_no_report_says_that_a_record_that_says_nothing_is_fine(
    check: Run, tmp_path: Path, form: str, record: str
) -> None:
    """What is not recorded is not known to be well."""
    path = tmp_path / "case.toml"
    path.write_text(record, encoding="utf-8")
    for options in ([], ["--by", "case"], ["--suppress-under", 3]):
        if options[:1] == ["--suppress-under"] and form in ("csv", "parquet"):
            continue
        _, report = _given(check, path, form, *options)
        # The name of a format that cells would have is in a workbook, whether one has it or not.
        said = " ".join(re.sub("<formula>.*?</formula>", "", report).split()).lower()
        for fine in ("nothing was found", "nothing found", "nothing needs attention", "nothing to act on", "no problem",
                     ">nothing.<", " nothing. ", "needs no attention", "needs action now"):  # fmt: skip
            assert fine not in said, (options, fine)


@pytest.mark.parametrize("form", REPORT_FORMS)
def test_a_suggestion_is_said_in_every_report(run: Run, bikes: Path, tmp_path: Path, form: str) -> None:
    """Also in those that are shared: nobody confirmed what the columns mean."""
    path = tmp_path / "tracker.csv"
    path.write_text(
        "Ref,Kind of bike,Brought in\nB-1,city bike,2024-04-02\nB-2,cargo bike,2024-04-03\n", encoding="utf-8"
    )

    def check(*arguments: object) -> Ran:
        return run("check", "--rules", bikes, "--as-of", "2024-06-01", *arguments)

    for options in ([], ["--pseudonyms", tmp_path / "key"], ["--suppress-under", 3]):
        if "--suppress-under" in options and form in ("csv", "parquet"):
            continue
        ran, report = _given(check, path, form, *options)
        assert "matched by suggestion, not confirmed" in " ".join(ran.err.split()), options
        if form not in ("csv", "parquet"):
            assert "matched by suggestion, not confirmed" in report, options


@pytest.mark.parametrize("form", _REPORTS)
def test_how_days_are_read_is_told_in_every_report(run: Run, bikes: Path, tmp_path: Path, form: str) -> None:
    """Whoever sees the report alone could not know that 3/4 was taken for the fourth of March."""
    path = tmp_path / "tracker.csv"
    path.write_text("Ref,Kind of bike,Brought in\nB-1,city bike,04/13/2024\nB-2,city bike,3/4/2024\n", encoding="utf-8")

    def check(*arguments: object) -> Ran:
        return run("check", "--rules", bikes, "--as-of", "2024-06-01", *arguments)

    assert "days in figures are read month first" in " ".join(_given(check, path, form)[1].split())
    shared = _given(check, path, form, "--pseudonyms", tmp_path / "key")[1]
    assert "Brought in" not in shared


@pytest.mark.parametrize("form", _REPORTS)
def test_another_sheet_of_cases_is_told_in_every_report(run: Run, bikes: Path, tmp_path: Path, form: str) -> None:
    """Cases of a sheet that is not read are lost to whoever sees the report alone."""
    head = ["Ref", "Kind of bike", "Number of wheels", "Brought in"]
    here: Rows = [head, ["B-1", "city bike", 2, "2024-04-02"], ["B-3", "city bike", 2, "2024-04-02"]]
    there: Rows = [head, ["B-2", "cargo bike", 3, "2024-04-02"]]
    path = tables(tmp_path, "xlsx", {"Here": here, "zqthere": there})
    output = tmp_path / f"report.{form}"
    ran = run("check", path, "--rules", bikes, "--as-of", "2024-06-01", "--format", form, "--output", output)
    assert ran.code == 1
    report = _text_of(output.read_bytes()).replace("\\", "")
    assert "it looks like another sheet of cases" in report
    for options in (["--pseudonyms", tmp_path / "key"], ["--suppress-under", 3]):
        shared = ("--format", form, "--output", output, "--force", *options)
        run("check", path, "--rules", bikes, "--as-of", "2024-06-01", *shared)
        assert "zqthere" not in _text_of(output.read_bytes())


def test_explain_says_why_a_case_was_left_out(run: Run, bikes: Path, tmp_path: Path) -> None:
    """By its id, whether it was named or not."""
    path = _workbook(tmp_path / "cases.xlsx")
    ran = run("explain", path, "--case", "B-3", "--rules", bikes, "--as-of", "2024-06-01")
    assert ran.code == 2
    assert "Case B-3 was left out: another record has the same id" in ran.err
    assert "There is no case" not in ran.err


def test_marked_copies_mark_what_cannot_be_read_or_believed(check: Run, tmp_path: Path) -> None:
    """At the cells themselves."""
    path = _workbook(tmp_path / "cases.xlsx")
    check(path, "--marked", tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marked = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book
        for row in sheet
        for cell in row
        if cell.comment is not None
    }
    assert {"cases!C2", "cases!D2", "reports!C2", "reports!D2", "answers!C3"} <= marked, marked


@pytest.mark.parametrize("form", ["table", "json", "html", "csv", "markdown", "xlsx", "docx"])
def test_nothing_internal_is_printed_for_a_cell_that_cannot_be_read(check: Run, tmp_path: Path, form: str) -> None:
    """Formulas that were never worked out stand in columns of every kind, and below one heading that stands twice."""
    head = ["case.id", "bike.kind", "bike.wheels", "repair.brought_on", "repair.done", "case.manager", "case.manager"]
    formulas = [f"=A{number}" for number in range(1, len(head))]
    path = tables(tmp_path, "xlsx", {"cases": [head, ["B-1", *formulas], ["=A2", *[None] * 5, "M"]]})
    output, marked = tmp_path / f"report.{form}", tmp_path / "marked.xlsx"
    ran = check(path, "--format", form, "--output", output, "--with-text", "--marked", marked)
    for text in (ran.err, _text_of(output.read_bytes()), _text_of(marked.read_bytes())):
        assert not re.search(r"(Fault|Unreadable|NoValue|Problem)\(", text)
    assert openpyxl.load_workbook(marked)["cases"]["B2"].value == "=A1"


@pytest.mark.parametrize("form", FORMS)
def test_a_day_that_cannot_be_read_is_no_day_that_is_not_there(check: Run, tmp_path: Path, form: str) -> None:
    """With a blank the repair is not done; something that cannot be read may be the day on which it was."""
    head = ["case.id", "bike.wheels", "bike.kind", "repair.brought_on", "repair.done", "repair.done_on"]
    row = ["B-1", "2", "city bike", "2024-04-02", "no"]
    for day, outcome in ((None, "not met"), ("soon", "not evidenced")):
        ran = check(tables(tmp_path, form, {"cases": [head, [*row, day]]}), "--format", "json")
        assert json.loads(ran.out)["findings"][0]["outcome"] == outcome


@pytest.mark.parametrize("form", ["table", "markdown", "html", "docx"])
def test_a_record_that_says_little_is_told(run: Run, tmp_path: Path, form: str) -> None:
    """Of how much of what may be asked it says nothing, and since when the case runs; a full one is not."""
    (tmp_path / "case.toml").write_text('[case]\nid = "A1"\n[order]\nstarts_on = 2016-03-14\n', encoding="utf-8")
    shipped = Path(__file__).parents[2] / "cases" / "somerset-2016"
    full = [shipped / f"SOM-0{number}.toml" for number in (1, 2, 3)]  # or too little is known for a letter
    output = tmp_path / f"report.{form}"
    run("check", tmp_path / "case.toml", *full, "--as-of", "2016-05-09", "--format", form, "--output", output)
    report = _text_of(output.read_bytes())
    assert "Records that say little" in report
    said = " ".join(report[report.index("Records that say little") :].replace("\\", "").split())
    assert "A1: 47 of 48 not shown, begun 8 weeks ago" in re.sub("</?a[^>]*>", "", said)  # a page leads to the case
    assert "SOM-01:" not in said


def test_a_case_that_is_known_to_need_something_comes_before_one_that_says_less(run: Run, tmp_path: Path) -> None:
    """However many more questions are open about the other."""
    low = '[harm]\nlevel = "low"\n'
    high = '[harm]\nlevel = "very high"\nfactors_to_manage = true\n'
    for name, levels in (("A-low", low), ("B-high", high), ("C-silent", "")):
        order = '[order]\ntype = "referral order"\nstarts_on = 2016-02-01\n'
        (tmp_path / f"{name}.toml").write_text(f'[case]\nid = "{name}"\n{order}{levels}', encoding="utf-8")
    out = run("check", "--full", tmp_path, "--as-of", "2016-05-09").out
    listed = out[out.index("Serious if not done") : out.index("Records that say little")]
    assert listed.index("B-high:") < min(listed.index("A-low:"), listed.index("C-silent:"))
    asked = {line.split(":")[0]: line for line in listed.splitlines() if ": " in line}
    assert int(asked["B-high"].split()[1]) <= int(asked["C-silent"].split()[1])
    assert out.rstrip().endswith("start with B-high.")


def test_case_by_case_what_is_serious_and_not_shown_stands_after_what_needs_action(check: Run, tmp_path: Path) -> None:
    """And before the rest, though something of lower severity is not met there."""
    (tmp_path / "a.toml").write_text(
        '[[faults]]\npart = "brake"\nserious = true\n[case]\nid = "A-rest"\n[bike]\nwheels = 0\n', encoding="utf-8"
    )
    (tmp_path / "b.toml").write_text('[case]\nid = "B-not-shown"\n[bike]\nwheels = 2\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text(LATE.replace("B-1", "C-act-now"), encoding="utf-8")
    text = (tmp_path / "a.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(f"jobs = []\n{text}", encoding="utf-8")
    out = check("--full", tmp_path, "--by", "case").out
    grid = out[out.index("Case by case") : out.index("What needs attention")]
    assert grid.index("C-act-now") < grid.index("B-not-shown") < grid.index("A-rest")


def test_a_case_of_which_nothing_is_known_is_not_called_fine(check: Run, tmp_path: Path) -> None:
    """However few questions are asked of it."""
    (tmp_path / "case.toml").write_text('[case]\nid = "B-1"\n[bike]\nkind = "cargo bike"\n', encoding="utf-8")
    out = check(tmp_path).out
    assert "NOTHING FOUND  0 cases" in out
    assert "B-1" in out


def test_cases_that_nobody_holds_are_told(check: Run, tmp_path: Path) -> None:
    """Also where no case at all names anybody: then nobody is there to act."""
    (tmp_path / "case.toml").write_text(LATE, encoding="utf-8")
    assert "NO OWNER       no case says who holds it" in check(tmp_path).out


def test_where_every_case_is_closed_there_is_nothing_to_do(run: Run, tmp_path: Path) -> None:
    """And that is said, not that nothing can be told."""
    record = '[case]\nid = "A-1"\n[order]\nstarts_on = 2015-02-01\nclosed_on = 2016-02-01\n[plan]\nexists = false\n'
    (tmp_path / "case.toml").write_text(record, encoding="utf-8")
    assert "every case is closed, so nothing is to be done" in run("check", tmp_path, "--as-of", "2016-05-09").out
