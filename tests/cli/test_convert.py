"""casescreen convert, to every form and back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
AS_OF = ("--as-of", "2024-06-01")


@pytest.mark.parametrize("ending", ["toml", "json", "jsonl", "xlsx", "csv"])
def test_a_case_goes_to_a_file_and_back(run: Run, bikes: Path, late: Path, tmp_path: Path, ending: str) -> None:
    """The case that comes back is the one that went."""
    out, first, back = tmp_path / f"out.{ending}", tmp_path / "first.json", tmp_path / "back.json"
    for source, target in ((late, out), (late, first), (out, back)):
        ran = run("convert", source, target, "--rules", bikes)
        assert ran.code == 0, ran.err
    assert "1 case written to" in ran.err
    assert json.loads(back.read_bytes()) == json.loads(first.read_bytes())


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_case_goes_to_a_folder_and_back(run: Run, bikes: Path, late: Path, tmp_path: Path, form: str) -> None:
    """The folder may be empty; one that holds anything is left alone, whatever is forced."""
    out, back = tmp_path / "out", tmp_path / "back.json"
    out.mkdir()
    arguments = ("convert", late, out, "--form", form, "--rules", bikes)
    assert run(*arguments).code == 0
    assert [path.name for path in out.iterdir()] == [f"cases.{form}"]
    assert run("convert", out, back, "--rules", bikes).code == 0
    assert json.loads(back.read_bytes())["case"] == {"id": "B-1", "manager": "Worker A"}
    again = run(*arguments, "--force")
    assert again.code == 2
    assert "not an empty folder" in again.err
    assert not list(tmp_path.glob(".casescreen-*"))


def test_tables_do_not_fit_one_csv(run: Run, bikes: Path, tmp_path: Path) -> None:
    """Nothing is written, and the way to write them is told."""
    case = tmp_path / "case.toml"
    case.write_text('jobs = []\n[case]\nid = "B-1"\n', encoding="utf-8")
    ran = run("convert", case, tmp_path / "out.csv", "--rules", bikes)
    assert ran.code == 2
    assert "--form csv" in ran.err
    assert not (tmp_path / "out.csv").exists()


def test_a_caseload_is_divided_into_parts(run: Run, check: Run, late: Path, bikes: Path, tmp_path: Path) -> None:
    """Parts of Parquet, from any source, give the findings of the source; a folder in use is left as it is."""
    tables, parts, again = tmp_path / "tables", tmp_path / "parts", tmp_path / "again"
    assert run("convert", late, tables, "--form", "parquet", "--rules", bikes).code == 0
    assert "1 case written" in run("convert", tables, parts, "--form", "parts", "--rules", bikes).err
    assert run("convert", late, again, "--form", "parts", "--rules", bikes).code == 0
    assert {file.name for file in (parts / "part-00000").iterdir()} >= {"cases.parquet"}
    assert check("--full", parts).out == check("--full", again).out == check("--full", tables).out
    assert run("convert", late, parts, "--form", "parts", "--rules", bikes).code == 2


def test_nothing_is_divided_where_a_case_cannot_be_read(run: Run, late: Path, bikes: Path, tmp_path: Path) -> None:
    """No record is lost by being left out."""
    late.write_text(late.read_text(encoding="utf-8").replace("wheels = 3", 'wheels = "3"'), encoding="utf-8")
    assert run("convert", late, tmp_path / "parts", "--form", "parts", "--rules", bikes).code == 2
    assert not (tmp_path / "parts").exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_a_folder_can_be_read_by_those_who_may_read_any_new_one(
    run: Run, bikes: Path, late: Path, tmp_path: Path
) -> None:
    """It is made under another name first, which nobody else may look into."""
    (tmp_path / "usual").mkdir()
    assert run("convert", late, tmp_path / "tables", "--form", "csv", "--rules", bikes).code == 0
    assert (tmp_path / "tables").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_parts_are_made_by_a_mapping(run: Run, bikes: Path, tmp_path: Path) -> None:
    """A folder of Parquet with headings of its own is read by what the mapping says."""
    (tmp_path / "in").mkdir()
    pl.DataFrame({"Job": ["B-1"], "Who": ["Worker A"]}).write_parquet(tmp_path / "in" / "cases.parquet")
    mapping = tmp_path / "map.toml"
    mapping.write_text('title = "Jobs"\n[cases]\nid = "Job"\n[fields]\n"case.manager" = "Who"\n', encoding="utf-8")
    ran = run("convert", tmp_path / "in", tmp_path / "parts", "--form", "parts", "--rules", bikes, "--mapping", mapping)
    assert ran.code == 0, ran.err
    assert pl.read_parquet(tmp_path / "parts" / "part-00000" / "cases.parquet")["case.manager"].to_list() == [
        "Worker A"
    ]


def test_no_name_is_not_the_folder_that_one_is_in(
    run: Run, bikes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is converted that was not named."""
    pl.DataFrame({"case.id": ["A"]}).write_parquet(tmp_path / "cases.parquet")
    monkeypatch.chdir(tmp_path)
    ran = run("convert", "", tmp_path / "parts", "--form", "parts", "--rules", bikes)
    assert (ran.code, "there is no such file or folder" in ran.err) == (2, True)
    assert not (tmp_path / "parts").exists()


def test_an_example_alone_is_nothing_to_convert(run: Run, bikes: Path, tmp_path: Path) -> None:
    """It only shows how a case is written, so nothing would be written."""
    source = tmp_path / "case.toml"
    source.write_text('[case]\nid = "Example"\n', encoding="utf-8")
    ran = run("convert", source, tmp_path / "parts", "--form", "parts", "--rules", bikes)
    assert (ran.code, "There is no case to convert." in ran.err) == (2, True)
    assert not (tmp_path / "parts").exists()


def test_convert_and_back(run: Run, bikes: Path, late: Path, tmp_path: Path) -> None:
    """A case converted to JSON and back is screened the same, and never overwrites a file unasked."""
    there, back = tmp_path / "out" / "a.json", tmp_path / "out" / "b.toml"
    there.parent.mkdir()
    assert run("convert", late, there, "--rules", bikes).code == 0
    assert run("convert", there, back, "--rules", bikes).code == 0
    reports = [run("check", path, "--rules", bikes, *AS_OF, "--format", "csv").out for path in (late, there, back)]
    assert reports[0] == reports[1] == reports[2]
    assert run("convert", late, there, "--rules", bikes).code == 2


def test_convert_never_loses_a_record(run: Run, bikes: Path, tmp_path: Path) -> None:
    """Where a record has a mistake nothing is written, also not over the file itself."""
    path = tmp_path / "two.toml"
    text = '[[cases]]\n[cases.case]\nid = "G"\n[[cases]]\n[cases.case]\nid = "B"\nfoo = 1\n'
    path.write_text(text, encoding="utf-8")
    ran = run("convert", path, path, "--force", "--rules", bikes)
    assert ran.code == 2
    assert "Nothing was written" in ran.err
    assert path.read_text(encoding="utf-8") == text


def test_convert_to_an_unknown_form(run: Run, bikes: Path, late: Path, tmp_path: Path) -> None:
    """A target whose form is not known is refused with what can be written."""
    ran = run("convert", late, tmp_path / "a.docx", "--rules", bikes)
    assert ran.code == 2
    assert ".toml, .json, .jsonl, .xlsx or .csv" in ran.err


@pytest.mark.parametrize("name", ["a.ods", "A.ODS"])
def test_convert_to_ods(run: Run, bikes: Path, late: Path, tmp_path: Path, name: str) -> None:
    """It is refused before anything is read or written, and the form is named that the same programs open."""
    ran = run("convert", late, tmp_path / name, "--rules", bikes)
    assert ran.code == 2
    assert f"{name} cannot be written" in ran.err
    assert "end in .xlsx, which LibreOffice opens" in ran.err
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("more", [(), ("--form", "csv")])
def test_it_is_said_which_ids_a_spreadsheet_changes(
    run: Run, bikes: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """They are written as they are, and who opens the file in Excel is warned."""
    source = tmp_path / "one.json"
    source.write_text('{"case": {"id": "007"}, "bike": {"wheels": 2}}', "utf-8")
    ran = run("convert", source, tmp_path / ("out" if more else "out.csv"), *more, "--rules", bikes)
    assert ran.code == 0
    assert 'Excel changes 1 case id when it opens CSV: "007".' in ran.err
