"""casescreen mapping, and cases read by a mapping."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import openpyxl
import pytest

from casescreen.cases import sheet_records
from casescreen.cases.load import read_cases
from casescreen.cases.mapping.model import CaseMapping
from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.cli.options import suggested
from casescreen.model.problem import Fault
from casescreen.rulebook.load import load_rulebook


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_EXPORT = "Job,Who,Bicycle kind,Brought in\nB-1,Worker A,cargo,02/04/2024\nB-2,Worker B,cargo,13/04/2024\n"
_MAPPING = """
title = "Workshop"
[cases]
id = "Job"
[fields]
"case.manager"      = "Who"
"repair.brought_on" = "Brought in"
"repair.done"       = { constant = false }
"bike.kind"         = { column = "Bicycle kind", words = { cargo = "cargo bike" } }
"""


def _files(folder: Path) -> tuple[Path, Path]:
    export, mapping = folder / "export.csv", folder / "map.toml"
    export.write_text(_EXPORT, encoding="utf-8")
    mapping.write_text(_MAPPING, encoding="utf-8")
    return export, mapping


def test_cases_are_screened_by_a_mapping(check: Run, run: Run, bikes: Path, tmp_path: Path) -> None:
    """Both check and explain read the export of another system."""
    export, mapping = _files(tmp_path)
    assert "2 cases screened" in check("--full", export, "--mapping", mapping).out
    explained = run(
        "explain",
        export,
        "--case",
        "B-1",
        "--rules",
        bikes,
        "--mapping",
        mapping,
        "--as-of",
        "2024-06-01",
        "repair-in-time",
        "--proof",
    )
    assert "brought in: 2 April 2024" in explained.out


def test_a_mistake_in_a_whole_column_is_told_once(check: Run, tmp_path: Path) -> None:
    """Not once a cell."""
    export, mapping = _files(tmp_path)
    rows = "".join(f"B-{n},Worker A,cargo,soon\n" for n in range(3, 500))
    export.write_text(_EXPORT + rows, encoding="utf-8")
    ran = check("--full", export, "--mapping", mapping)
    assert ran.err.count("is not a date") == 1
    assert "and so in 496 more cells of the column, down to row 500" in ran.err
    assert "499 cases screened" in ran.out


def test_who_holds_a_case_is_asked_about_where_nothing_says_so(check: Run, tmp_path: Path) -> None:
    """Rows between the cases may, where there is no column for it; with one, the cases that name nobody are counted."""
    text = 'title = "T"\n[cases]\nid = "Ref"\nonly_cases = true\n[fields]\n"bike.wheels" = "Wheels"\n'
    mapping, file = tmp_path / "m.toml", tmp_path / "t.csv"
    file.write_text("Ref,Wheels,Who\nDAWN K,,\nB-1,2,\nB-2,2,M\nB-3,2,M\n", encoding="utf-8")
    mapping.write_text(text, encoding="utf-8")
    told = " ".join(check("--full", file, "--mapping", mapping).out.split())
    assert "t: 1 row between the cases is a heading, as in row 2: where that names the mechanic of" in told
    assert "no mechanic" not in told, "of which none says anything"
    mapping.write_text(f'{text}"case.manager" = "Who"\n', encoding="utf-8")
    told = " ".join(check("--full", file, "--mapping", mapping).out.split())
    assert "between the cases" not in told
    assert told.count("1 case names no mechanic.") == 1


def test_a_draft_is_written_and_checked(run: Run, bikes: Path, tmp_path: Path) -> None:
    """What suggest writes, check accepts; an existing file is kept unless it may be replaced."""
    export, mapping = _files(tmp_path)
    draft = tmp_path / "draft.toml"
    assert run("mapping", "suggest", export, "--rules", bikes, "--output", draft).code == 0
    assert "Brought in" in draft.read_text(encoding="utf-8")
    assert "in order" in run("mapping", "check", draft, "--rules", bikes).out
    assert run("mapping", "check", mapping, "--rules", bikes).out.startswith("Workshop: in order. 4 fields")
    assert run("mapping", "suggest", export, "--rules", bikes, "--output", draft).code == 2
    assert run("mapping", "suggest", export, "--rules", bikes, "--output", draft, "--force").code == 0
    shown = run("mapping", "suggest", export, "--rules", bikes)
    assert shown.out == draft.read_text(encoding="utf-8")
    assert shown.err.startswith("Columns matched by suggestion, not confirmed.")
    assert '"Brought in" -> brought in: 2 of 2 read as dates, e.g. 2 April 2024' in shown.err


def test_a_suggestion_holds_no_value_of_a_record(run: Run, bikes: Path, tmp_path: Path) -> None:
    """What is shown has dates and choices as examples; text of records is in neither."""
    export, _ = _files(tmp_path)
    ran = run("mapping", "suggest", export, "--rules", bikes)
    assert "B-1" not in ran.out + ran.err
    assert "Worker" not in ran.out + ran.err
    assert "2024" not in ran.out


def test_tables_that_nothing_is_known_of_are_told(run: Run, bikes: Path, tmp_path: Path) -> None:
    """A mapping that fills nothing is a mistake, and none is written."""
    (tmp_path / "soups.csv").write_text("Ref,Soup\n1,leek\n", encoding="utf-8")
    ran = run("mapping", "suggest", tmp_path / "soups.csv", "--rules", bikes, "--output", tmp_path / "m.toml")
    assert ran.code == 2
    assert "nothing could be matched but an id" in ran.err
    assert not (tmp_path / "m.toml").exists()


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (["tracker.csv"], True),
        (["own.csv"], False),
        (["own.csv", "tracker.csv"], False),
        (["case.toml", "tracker.csv"], True),
        (["case.toml"], False),
        (["gone.csv", "own.csv"], False),
    ],
)
def test_only_tables_of_other_headings_need_a_suggestion(names: list[str], asked: bool, tmp_path: Path) -> None:
    """Tables whose headings are the dictionary's need none, nor does text; it is asked for once."""
    rulebook, today, sheets = load_rulebook(), date(2026, 11, 28), list[Sequence[Sheet]]()
    _trackers(tmp_path)

    def suggest(found: Sequence[Sheet]) -> CaseMapping:
        sheets.append(found)
        return suggested(found, rulebook, None, today).mapping

    caseload = read_cases([tmp_path / name for name in names], rulebook.dictionary, suggest=suggest)
    assert len(sheets) == asked
    assert ("Columns matched by suggestion, not confirmed." in caseload.assumed) is asked
    assert len(caseload.cases) == len({*names} - {"gone.csv"}) - (names == ["own.csv", "tracker.csv"])


def _trackers(folder: Path) -> None:
    files = {
        "own.csv": "case.id,order.starts_on\nA1,2026-02-01\n",
        "tracker.csv": "Ref,Order start\nA1,2026-02-01\n",
        "soups.csv": "Soup,Price\nleek,3\n",
        "case.toml": '[case]\nid = "T1"\n',
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_tables_of_which_nothing_is_known_cannot_be_used(check: Run, tmp_path: Path) -> None:
    """Where nothing can be suggested, it is told, and no case is screened."""
    _trackers(tmp_path)
    ran = check(tmp_path / "soups.csv")
    assert ran.code == 2
    assert "nothing could be matched" in ran.err


def test_sheets_are_read_once(check: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To see whether a mapping is needed and to read the cases, each file is opened once."""
    _trackers(tmp_path)
    opened: list[str] = []

    def counting(file: str, data: bytes) -> Sequence[Sheet] | Fault:
        opened.append(Path(file).name)
        return read_sheets(file, data)

    monkeypatch.setattr(sheet_records, "read_sheets", counting)
    for name in ("own.csv", "tracker.csv"):
        check(tmp_path / name)
    assert opened == ["own.csv", "tracker.csv"]


@pytest.mark.parametrize("more", [["--unattended"], ["-"]])
def test_a_run_that_nobody_looks_at_uses_no_suggestion(check: Run, tmp_path: Path, more: list[str]) -> None:
    """A scheduled task says so, and standard input is no place of anybody; tables of known headings are read there."""
    _trackers(tmp_path)
    refused = check("--full", tmp_path / "tracker.csv", *more)
    assert refused.code == 2
    assert "nobody has confirmed what their columns mean" in refused.err
    assert "--mapping" in refused.err
    if more == ["--unattended"]:
        assert check("--full", tmp_path / "own.csv", *more).out.count("1 case screened") == 1


def test_each_table_is_read_by_its_own_headings(check: Run, tmp_path: Path) -> None:
    """Trackers of two teams, a table of known headings, and a file that is damaged: no case of the others is lost."""
    for name, text in {
        "east.csv": "Ref,Team\nA1,East\n",
        "north.csv": "Team,Case number\nNorth,B1\n",
        "again.csv": "Ref,Team\nC1,East\n",
        "own.csv": "case.id,case.team\nD1,South\n",
        "damaged.xlsx": "no workbook",
        "soups.csv": "Soup,Price\nleek,3\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(text, encoding="utf-8")
    kept = tmp_path / "kept.toml"
    ran = check(tmp_path, "--as-of", "2024-03-01", "--mapping-out", kept, "--by", "case")
    assert ran.code == 2
    assert "4 cases screened. 2 records were left out" in " ".join(ran.out.split())
    assert sorted(set(re.findall(r"(?m)^([ABCD]1) ", ran.out))) == ["A1", "B1", "C1", "D1"]
    assert ran.err.count("Columns matched by suggestion, not confirmed.") == 2
    assert "is not kept in" in ran.err
    assert [name in kept.read_text("utf-8") for name in ("Ref", "Case number")] == [True, False]
    assert all(name in ran.err for name in ("damaged.xlsx", "soups.csv"))


def test_a_case_of_a_tracker_is_explained(run: Run, tmp_path: Path) -> None:
    """The columns are matched as for check, and that is said."""
    _trackers(tmp_path)
    ran = run("explain", tmp_path / "tracker.csv", "--as-of", "2026-03-01", "--taken-on", "2026-03-01")
    assert ran.code == 0
    assert ran.err.startswith("Columns matched by suggestion, not confirmed.")
    assert "A1" in ran.out


def test_where_no_mapping_is_suggested_none_is_written(check: Run, tmp_path: Path) -> None:
    """And that is said."""
    (tmp_path / "own.csv").write_text("case.id,bike.wheels\nB-1,0\n", encoding="utf-8")
    ran = check(tmp_path / "own.csv", "--mapping-out", tmp_path / "m.toml")
    assert (ran.code, "was not written: none is needed" in ran.err) == (0, True)
    assert not (tmp_path / "m.toml").exists()


def test_shipped_mappings_are_listed_and_shown(run: Run) -> None:
    """By the names that --mapping takes."""
    names = run("mapping", "list").out.split()
    assert "plain-workbook" in names
    assert 'id    = "Case ID"' in run("mapping", "show", "plain-workbook").out


def test_a_mapping_that_is_not_there_is_told(run: Run, check: Run, tmp_path: Path) -> None:
    """With the names that there are."""
    export, _ = _files(tmp_path)
    for ran in (run("mapping", "show", "plain"), check(export, "--mapping", "plain-workbok")):
        assert ran.code == 2
        assert "plain-workbook" in ran.err
    assert "there is no such file" in run("mapping", "suggest", tmp_path / "gone.xlsx").err


def test_a_copy_with_the_problems_marked_is_written(check: Run, tmp_path: Path) -> None:
    """Also where nothing is left to screen; an existing file is kept, and without problems there is no copy."""
    export, mapping = _files(tmp_path)
    marked = tmp_path / "marked.xlsx"
    assert "nothing to mark" in check(export, "--mapping", mapping, "--marked", marked).err
    assert not marked.exists()
    export.write_text(_EXPORT.replace("02/04/2024", "soon"), encoding="utf-8")
    assert check(export, "--mapping", mapping, "--marked", marked).code == 1
    book = openpyxl.load_workbook(marked)
    assert "it is not a date" in book["export"]["D2"].comment.text
    assert "there already" in check(export, "--mapping", mapping, "--marked", marked).err
    (tmp_path / "other.csv").write_text("Job\nB-1\n", encoding="utf-8")
    assert check(tmp_path / "other.csv", "--marked", marked, "--force").code == 2
    assert "other" in openpyxl.load_workbook(marked).sheetnames


def test_only_tables_can_be_marked(check: Run, late: Path, tmp_path: Path) -> None:
    """Anything else is told, with what to do."""
    late.write_text(late.read_text(encoding="utf-8").replace("wheels = 3", 'wheels = "3"'), encoding="utf-8")
    assert "no table that could be marked" in check(late, "--marked", tmp_path / "marked.xlsx").err
    assert "end in .xlsx" in check(late, "--marked", tmp_path / "marked.csv").err


def test_a_template_that_nobody_filled_in_has_no_case(check: Run, run: Run, bikes: Path, tmp_path: Path) -> None:
    """The example rows are no cases, and that is said."""
    template = tmp_path / "cases.xlsx"
    assert run("template", template, "--rules", bikes).code == 0
    ran = check("--full", template)
    assert ran.code == 2
    assert "No case was screened" in ran.out
    assert "the id is EXAMPLE" in ran.err


def test_rows_that_only_show_how_are_counted(check: Run, tmp_path: Path) -> None:
    """Whoever writes over the example and forgets its id is told that the row was not read."""
    table = tmp_path / "cases.csv"
    table.write_text("case.id\nEXAMPLE\nB-1\n", encoding="utf-8")
    assert "1 record was not read: the id is EXAMPLE" in check(table).err


def test_no_file_that_is_read_is_replaced(run: Run, bikes: Path, tmp_path: Path) -> None:
    """A draft never takes the place of the tables it is made from, nor cases that of their mapping, also if forced."""
    export, mapping = _files(tmp_path)
    before = export.read_bytes(), mapping.read_bytes()
    drafted = run("mapping", "suggest", export, "--rules", bikes, "--output", export, "--force")
    converted = run("convert", export, mapping, "--rules", bikes, "--mapping", mapping, "--force")
    for ran in (drafted, converted):
        assert ran.code == 2
        assert "one of the files to be read, and was left as it is" in ran.err
    assert (export.read_bytes(), mapping.read_bytes()) == before
