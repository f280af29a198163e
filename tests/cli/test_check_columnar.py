"""Screening a folder of Parquet with more cases than can be listed."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from casescreen.cli import check_columnar
from casescreen.report.formats.json import json_schema

Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four repairs: two late ones of a cargo bike, one in time, and one that has not begun."""
    path = tmp_path / "many"
    path.mkdir()
    brought = [date(2024, 4, 2), date(2024, 4, 2), date(2024, 4, 2), date(2024, 7, 2)]
    done_on = [None, None, date(2024, 4, 3), None]
    columns = {
        "case.id": ["B-1", "B-2", "B-3", "B-4"],
        "bike.kind": "cargo bike",
        "bike.wheels": 3,
        "repair.brought_on": brought,
        "repair.done": [False, False, True, False],
        "repair.done_on": done_on,
        "has.faults": True,
    }
    pl.DataFrame(columns).write_parquet(path / "cases.parquet")
    return path


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than three cases are too many to list."""
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 3)


def _figures(table: str) -> list[str]:
    return [" ".join(line.split()) for line in table.splitlines() if " of " in line]


@pytest.mark.usefixtures("few")
def test_an_example_is_told_as_in_a_list(check: Run, folder: Path) -> None:
    """It is no mistake, and the same line says that it was passed over."""
    frame = pl.read_parquet(file := folder / "cases.parquet")
    example = frame[:1].with_columns(pl.lit("Example").alias("case.id"))
    pl.concat([frame, example]).write_parquet(file)
    found = check("--full", folder)
    assert "1 record was not read: the id is EXAMPLE, which only shows how a record is written." in found.err
    assert "left out" not in found.out + found.err


def test_figures_are_those_of_a_list(check: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same k of n as where every case is read by itself; that no case is listed is said."""
    listed = check("--full", folder)
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 3)
    found = check("--full", folder)
    assert "3 cases screened. 1 case had not begun by then." in found.out
    assert "So many cases are not listed one by one" in found.out
    assert "the bulk engine gives figures and conclusions, and no list of cases" in found.err
    assert "left out" not in found.err
    assert found.code == listed.code == 1
    rate = next(line for line in _figures(found.out) if "1 of 3" in line)
    assert rate in _figures(listed.out)
    assert "B-1" in listed.out
    assert "B-1" not in found.out


@pytest.mark.usefixtures("few")
def test_a_file_that_cannot_be_put_there_is_told_before_the_work(check: Run, folder: Path, tmp_path: Path) -> None:
    """A long run does not end with nothing because of a name."""
    there = tmp_path / "there.parquet"
    there.write_bytes(b"mine")
    for file, why in ((there, "is there already"), (tmp_path / "nowhere" / "a.txt", "No such file or directory")):
        found = check(folder, "--output", str(file))
        assert found.code == 2
        assert why in found.err
        assert "the bulk engine gives figures" not in found.err
    assert there.read_bytes() == b"mine"


@pytest.mark.parametrize("named", ["", "cases.parquet", "*.parquet"])
def test_what_is_screened_is_never_replaced(check: Run, folder: Path, named: str) -> None:
    """With --force neither, whether the file was named, its folder, or a pattern."""
    file = folder / "cases.parquet"
    before = file.read_bytes()
    found = check(folder / named, "--output", str(file), "--force")
    assert found.code == 2
    assert "cases.parquet is one of the files to be read, and was left as it is." in found.err
    assert file.read_bytes() == before


@pytest.mark.usefixtures("few")
def test_a_mapping_is_never_done_without(check: Run, folder: Path) -> None:
    """However many cases there are: figures are read by our own names, and a mapping gives others."""
    found = check(folder, "--mapping", "no-such-mapping.toml")
    assert found.code == 2
    assert "no-such-mapping.toml" in found.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_only_files_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To look how much is in a pipe that is called as the file of cases would be to wait for ever."""
    counted: list[Path] = []

    def sizes(files: list[Path]) -> list[int]:
        counted.extend(files)
        return []

    monkeypatch.setattr(check_columnar, "_sizes", sizes)
    os.mkfifo(folder / "cases.csv")
    assert check_columnar.too_large((str(folder),)) is None
    assert counted == [folder / "cases.parquet"]


@pytest.mark.usefixtures("few")
def test_what_only_a_list_has_is_refused(check: Run, folder: Path, tmp_path: Path) -> None:
    """Not done without in silence: each option is named."""
    key = tmp_path / "names.key"
    options = ("--marked", str(tmp_path / "marked.xlsx"), "--per-owner", "--with-text", "--pseudonyms", str(key))
    found = check(folder, *options)
    assert found.code == 2
    assert "--marked, --per-owner, --with-text and --pseudonyms cannot be had with them" in found.err
    assert not key.exists()
    refused = check(folder, "--waivers", tmp_path / "waivers.toml")
    assert refused.code == 2
    assert "So many cases give figures only, and --waivers cannot be had with them" in refused.err
    refused = check(folder, "--answers", tmp_path / "first.xlsx")
    assert "So many cases give figures only, and --answers cannot be had with them" in refused.err
    disregarded = check(folder, "--waivers", tmp_path / "waivers.toml", "--no-waivers")
    assert "cannot be had" not in disregarded.err


@pytest.mark.usefixtures("few")
def test_rows_of_no_case_are_told(check: Run, folder: Path) -> None:
    """They stop nothing, and nor are they passed over: the exit code is that of a problem."""
    cases = folder / "cases.parquet"
    frame = pl.read_parquet(cases)
    pl.concat([frame.head(3), frame.head(1).with_columns(pl.lit("B-0").alias("case.id"))]).write_parquet(cases)
    pl.DataFrame({"case.id": ["B-1", "B-9", "B-9"], "part": "brake"}).write_parquet(folder / "jobs.parquet")
    found = check("--full", folder)
    assert "4 cases screened. 2 rows belong to no case." in found.out
    told = "case B-9 (2 records): there is no such case beside its rows of jobs\n\n2 records were left out. "
    assert told in found.err
    assert found.code == 2


@pytest.mark.usefixtures("few")
def test_outcomes_are_kept_as_parquet(check: Run, folder: Path, tmp_path: Path) -> None:
    """Each outcome of each case that was screened is a row; the same cases, the same bytes."""
    first, second, text = tmp_path / "a.parquet", tmp_path / "b.parquet", tmp_path / "a.md"
    assert "NEED WORK" in check(folder, "--output", first, "--output", text).out
    check(folder, "--output", second)
    assert first.read_bytes() == second.read_bytes()
    rows = pl.read_parquet(first)
    assert rows.columns == ["case", "criterion", "item", "outcome", "conclusion"]
    assert rows.filter(conclusion="act-now")["case"].to_list() == ["B-1", "B-2"]
    late = rows.filter(criterion="repair-in-time")
    assert late.select("case", "outcome").rows() == [("B-1", "not met"), ("B-2", "not met"), ("B-3", "met")]
    assert text.read_text("utf-8").startswith("# Bicycle repairs")
    assert "is there already" in check(folder, "--output", first).err


@pytest.mark.usefixtures("few")
def test_csv_gives_the_same_figures(check: Run, folder: Path, tmp_path: Path) -> None:
    """Yes and no as words, in whatever files; and a file that many lines are in, but few cases, is listed."""
    path = tmp_path / "csv"
    path.mkdir()
    words = pl.col(pl.Boolean).cast(pl.String).replace({"true": "yes", "false": "no"})
    cases = pl.read_parquet(folder / "cases.parquet").with_columns(words)
    cases.write_csv(path / "cases.csv")
    first, second = check("--full", folder), check("--full", path)
    assert (first.out, first.code) == (second.out, second.code)
    assert "So many cases are not listed" in second.out
    cases.head(3).with_columns(pl.lit("a\n\nb").alias("repair.note")).write_csv(path / "cases.csv")
    assert "B-1" in check("--full", path).out


@pytest.mark.usefixtures("few")
def test_what_lists_cases_is_refused(check: Run, folder: Path, tmp_path: Path) -> None:
    """A form that would hold every case is refused before anything is screened, with what can be given."""
    found = check(folder, "--output", tmp_path / "findings.csv")
    assert (found.code, found.out) == (2, "")
    assert "So many cases cannot be listed in csv" in found.err
    assert "--output a name that ends in .txt, .md, .json, .html, .xlsx, " in found.err
    assert ".parquet" in found.err
    assert "the bulk engine gives figures" not in found.err
    assert not (tmp_path / "findings.csv").exists()


@pytest.mark.usefixtures("few")
def test_figures_are_written_as_json(check: Run, folder: Path, tmp_path: Path) -> None:
    """Valid by the schema "figures": k of n, what was left out and why, and what follows for single cases."""
    assert "cases" in check(folder, "--output", tmp_path / "figures.json", "--by", "manager").out
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    Draft202012Validator(json.loads(json_schema("figures"))).validate(figures)
    assert (figures["format"], figures["cases"], figures["left_out"]) == ("casescreen-figures/1", 3, 0)
    assert (figures["first_left_out"], figures["not_begun"]) == ([], 1)
    rate = next(one for one in figures["rates"] if one["criterion"] == "repair-in-time")
    assert (rate["met"], rate["of"], rate["counts"]["not met"]) == (1, 3, 2)
    assert [(one["id"], one["cases"]) for one in figures["conclusions_on_cases"]] == [("act-now", 2), ("unsafe", 2)]
    figures["findings"] = []
    assert not Draft202012Validator(json.loads(json_schema("figures"))).is_valid(figures)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("ending", ["html", "xlsx", "docx"])
def test_figures_are_written_as_documents(check: Run, folder: Path, tmp_path: Path, ending: str) -> None:
    """The figures and what follows are in it, no case is, and the same figures give the same bytes."""
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    ran = check(folder, "--output", first, "--output", second)
    assert (ran.code, "NEED WORK" in ran.out) == (1, True)
    data = first.read_bytes()
    assert data == second.read_bytes()
    if ending == "html":
        text = data.decode("utf-8")
    else:
        with zipfile.ZipFile(first) as parts:
            text = "".join(parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml"))
    assert "A cargo bike is overdue." in text
    assert "1 of 3" in text
    assert not [case for case in ("B-1", "B-2", "B-3") if case in text]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("level", "code"), [("low", 1), ("never", 0)])
def test_the_exit_code_is_that_of_a_list(check: Run, folder: Path, level: str, code: int) -> None:
    """Without a problem: 1 where something is not met at the level that is asked for, else 0."""
    file = folder / "cases.parquet"
    sound = pl.read_parquet(file).filter(pl.col("case.id") != "B-4")
    pl.concat([sound, sound.with_columns(pl.col("case.id") + "x")]).write_parquet(file)
    assert check(folder, "--fail-on", level).code == code


@pytest.fixture
def cargo_rules(bikes: Path, tmp_path: Path) -> Callable[[str], Path]:
    """The rules with something to conclude on every cargo bike, whether or not anything is not met."""

    def write(kind: str) -> Path:
        rules = tmp_path / "rules"
        shutil.copytree(bikes.parent, rules)
        file = rules / bikes.name / "conclusions.toml"
        text = file.read_text("utf-8").replace('{ criterion = "repair-in-time", outcome = ["not met"] }, ', "")
        new = f'kind = "{kind}"\nseverity = "medium"\n'
        file.write_text(text.replace('kind = "action"\n', new), "utf-8")
        return rules / bikes.name

    return write


@pytest.mark.parametrize(
    ("kind", "level", "code"),
    [("action", "low", 1), ("action", "medium", 1), ("action", "high", 0), ("action", "never", 0), ("area", "low", 0)],
)
def test_what_single_cases_need_now_enters_the_exit_code(
    run: Run,
    folder: Path,
    cargo_rules: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    level: str,
    code: int,
) -> None:
    """Where nothing is not met: 1 where some case has an action at the level that is asked for, as in a list."""
    file = folder / "cases.parquet"
    sound = pl.read_parquet(file).filter(pl.col("case.id") == "B-3")
    pl.concat([sound.with_columns(pl.lit(f"B-{n}").alias("case.id")) for n in range(4)]).write_parquet(file)
    arguments = ("check", "--full", "--rules", cargo_rules(kind), "--as-of", "2024-06-01", folder, "--fail-on", level)
    listed = run(*arguments)
    monkeypatch.setattr(check_columnar, "MOST_LISTED", 3)
    found = run(*arguments)
    assert (listed.code, found.code) == (code, code)
    assert "It is not safe to ride. 4 of 4 cases." in " ".join(found.out.split())


@pytest.mark.usefixtures("few")
def test_what_holds_of_no_case_changes_nothing(check: Run, folder: Path) -> None:
    """Where no case needs anything the exit code is 0, and that there is nothing is said."""
    file = folder / "cases.parquet"
    sound = pl.read_parquet(file).filter(pl.col("case.id") == "B-3")
    pl.concat([sound.with_columns(pl.lit(f"B-{n}").alias("case.id")) for n in range(4)]).write_parquet(file)
    found = check("--full", folder)
    assert found.code == 0
    assert "What follows for single cases Nothing from what the records say." in " ".join(
        found.out.replace("-", "").split()
    )


@pytest.mark.usefixtures("few")
def test_what_follows_for_single_cases_is_said(check: Run, folder: Path) -> None:
    """Actions first, each with how many cases; with whose they are where that is asked for."""
    file = folder / "cases.parquet"
    named = pl.read_parquet(file).with_columns(pl.Series("case.manager", [None, "Worker A", "Worker B", None]))
    named.write_parquet(file)
    said = " ".join(check("--full", folder).out.split())
    _, _, follows = said.partition("What follows for single cases")
    action, pattern = (
        "Act now: A cargo bike is overdue. 2 of 3 cases.",
        "Pattern: It is not safe to ride. 2 of 3 cases.",
    )
    assert 0 <= follows.index(action) < follows.index(pattern)
    assert "Worker A" not in said
    _, _, follows = " ".join(check("--full", folder, "--by", "manager").out.split()).partition(
        "What follows for single cases"
    )
    act = follows[follows.index(action) : follows.index(pattern)]
    assert act.index("Worker A: 1 case") < act.index("No manager recorded: 1 case")
    assert "Worker B" not in act


@pytest.mark.usefixtures("few")
def test_figures_can_be_those_of_each_manager(check: Run, folder: Path) -> None:
    """With how many cases each has; only a list of cases is refused."""
    file = folder / "cases.parquet"
    named = pl.read_parquet(file).with_columns(pl.Series("case.manager", ["Worker A", "Worker A", "Worker B", None]))
    named.write_parquet(file)
    found = check(folder, "--full", "--by", "manager")
    assert "Worker A      2    2  2 of 4" in check(folder, "--by", "manager").out
    assert "Worker A: 2 cases" in found.out
    assert "Worker B: 1 case" in found.out
    assert "0 of 2" in " ".join(found.out.split())
    assert "leave --by case out" in check(folder, "--by", "case").err


@pytest.mark.usefixtures("few")
def test_no_name_is_not_the_folder_that_one_is_in(check: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is not set in somebody's script screens nothing, however many cases lie where it runs."""
    monkeypatch.chdir(folder)
    ran = check("")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no such file or folder" in ran.err
