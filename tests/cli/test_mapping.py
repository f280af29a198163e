"""casescreen mapping, and cases read by a mapping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import openpyxl
import pytest

from casescreen.cli.mapping import suggestion_for
from casescreen.model.problem import ProblemsError
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
    assert "2 cases screened" in check(export, "--mapping", mapping).out
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
    )
    assert "brought in: 2 April 2024" in explained.out


def test_a_mistake_in_a_whole_column_is_told_once(check: Run, tmp_path: Path) -> None:
    """Not once a cell."""
    export, mapping = _files(tmp_path)
    rows = "".join(f"B-{n},Worker A,cargo,soon\n" for n in range(3, 500))
    export.write_text(_EXPORT + rows, encoding="utf-8")
    ran = check(export, "--mapping", mapping)
    assert ran.err.count("is not a date") == 1
    assert "and so in 496 more cells of the column, down to row 500" in ran.err
    assert "499 cases screened" in ran.out


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


def test_only_tables_of_other_headings_need_a_suggestion(tmp_path: Path) -> None:
    """Tables whose headings are the dictionary's need none."""
    rulebook, today = load_rulebook(), date(2026, 11, 28)
    files = {
        "own.csv": "case.id,order.starts_on\nA1,2026-02-01\n",
        "tracker.csv": "Ref,Order start\nA1,2026-02-01\n",
        "soups.csv": "Soup,Price\nleek,3\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    suggestion = suggestion_for([str(tmp_path / "tracker.csv")], rulebook, None, today)
    assert suggestion is not None
    assert suggestion.mapping.id == "Ref"
    assert not suggestion.mapping.confirmed
    for name in ("own.csv", "gone.csv"):
        assert suggestion_for([str(tmp_path / name)], rulebook, None, today) is None
    with pytest.raises(ProblemsError, match=r"nothing could be matched|no heading looks like"):
        suggestion_for([str(tmp_path / "soups.csv")], rulebook, None, today)


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
    ran = check(template)
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
