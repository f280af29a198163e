"""The same cases in every form, in a folder that held nothing else."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.cases.load import read_cases
from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.screening import screen_frames
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.synth import made_up as sampling
from casescreen.synth.made_up import FORMS, NOTE, cases_of, made_up, write_cases
from casescreen.synth.spec import SyntheticSpec

AS_OF = date(2016, 5, 9)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, rulebook: Rulebook, recipe: SyntheticSpec, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes sixty cases, in blocks of twenty-five."""
    monkeypatch.setattr(sampling, "BLOCK", 25)

    def written(form: str, *, folder: str = "out", force: bool = False, seed: int = 1) -> Path:
        parts = made_up(rulebook, recipe, cases=60, seed=seed, as_of=AS_OF)
        write_cases(parts, rulebook.dictionary, tmp_path / folder, form, note="Made up.", force=force)
        return tmp_path / folder

    return written


@pytest.fixture
def cases(rulebook: Rulebook, recipe: SyntheticSpec, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    monkeypatch.setattr(sampling, "BLOCK", 25)
    parts = made_up(rulebook, recipe, cases=60, seed=1, as_of=AS_OF)
    return [case for part in parts for case in cases_of(part, rulebook.dictionary)]


def test_toml_is_read_without_a_problem(write: Write, cases: list[Case], rulebook: Rulebook) -> None:
    """The intake reads the very cases that were drawn, and finds nothing wrong with them."""
    read = read_cases([write("toml")], rulebook.dictionary, criteria=rulebook.criterion.keys(), taken_on=AS_OF)
    assert read.problems == ()
    assert list(read.cases) == cases


def test_json_lines_are_read_without_a_problem(
    write: Write, cases: list[Case], rulebook: Rulebook, tmp_path: Path
) -> None:
    """Each line is a case that the intake reads as it was drawn."""
    lines = (write("json-lines") / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "all.json").write_text(f"[{','.join(lines)}]", encoding="utf-8")
    read = read_cases([tmp_path / "all.json"], rulebook.dictionary, criteria=rulebook.criterion.keys(), taken_on=AS_OF)
    assert read.problems == ()
    assert list(read.cases) == cases
    assert [json.loads(line)["case"]["id"] for line in lines] == [case.id for case in cases]


def test_parquet_holds_the_same_cases_in_parts(write: Write, cases: list[Case], rulebook: Rulebook) -> None:
    """A part a block, which bulk reads, and which says what was drawn."""
    folder = write("parquet")
    parts = scan_folder(folder, rulebook.dictionary)
    assert len(parts) == 3
    assert [case for part in parts for case in cases_of(part, rulebook.dictionary)] == cases
    found = screen_frames(rulebook, parts, as_of=AS_OF)
    assert (found.cases, found.left_out) == (60, 0)


def test_csv_holds_the_same_cases(write: Write, cases: list[Case], rulebook: Rulebook) -> None:
    """A file for the cases and one for each table: dates as year-month-day, yes and no in words."""
    folder = write("csv")

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def shown(value: object) -> str:
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    names = rulebook.dictionary.tables
    assert {file.stem for file in folder.glob("*.csv")} == {"cases", *names, "answers"}
    read = rows("cases")
    assert next(iter(read[0])) == "case.id"
    for row, case in zip(read, cases, strict=True):
        said = {name: value for name, value in row.items() if value and not name.startswith("has.")}
        assert said == {name: shown(value) for name, value in case.fields.items()}
        assert {name: row[f"has.{name}"] for name in names} == {name: shown(name in case.tables) for name in names}
    for name in names:
        expected = [
            {"case.id": case.id, **{column: shown(value) for column, value in one.items()}}
            for case in cases
            for one in case.tables.get(name, ())
        ]
        assert [{column: value for column, value in row.items() if value} for row in rows(name)] == expected
    assert len(rows("answers")) == sum(len(case.answers) for case in cases)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "'a"])
def test_csv_has_no_formulas(start: str, tmp_path: Path, bikes: Rulebook) -> None:
    """A text that a spreadsheet would act on is marked as text; one with such a sign further in is left alone."""
    frame = pl.LazyFrame({"case.id": ["A"], "case.row": [0], "repair.note": [start], "case.manager": [f"x{start}"]})
    write_cases([CaseFrames(frame)], bikes.dictionary, tmp_path / "out", "csv", note="", force=False)
    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["repair.note"] == f"'{start}"
    assert row["case.manager"] == f"x{start}"


@pytest.mark.parametrize("form", FORMS)
def test_the_note_stands_beside_the_cases(form: str, write: Write) -> None:
    """Whoever finds the folder is told that nobody is meant."""
    assert (write(form) / NOTE).read_text(encoding="utf-8") == "Made up."


def test_nothing_is_overwritten(write: Write, tmp_path: Path) -> None:
    """A folder that holds anything is left as it is, also with force unless its cases are made up."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    for force in (False, True):
        with pytest.raises(CasescreenError, match="is not empty"):
            write("toml", force=force)
    assert [file.name for file in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_made_up_cases_are_replaced_if_that_is_asked_for(write: Write) -> None:
    """With force the new cases are there, and nothing is left of the old ones."""
    folder = write("json-lines")
    with pytest.raises(CasescreenError, match="--force"):
        write("csv")
    write("toml", force=True, seed=2)
    assert sorted(file.name for file in folder.iterdir()) == [NOTE, "cases-00000.toml"]
    assert list(folder.parent.iterdir()) == [folder]


def test_what_is_put_there_meanwhile_stays(tmp_path: Path, rulebook: Rulebook) -> None:
    """An empty folder may have got somebody's files while cases were made up."""
    (tmp_path / "out").mkdir()

    def made() -> Iterator[CaseFrames]:
        yield CaseFrames(pl.LazyFrame({"case.id": ["A"], "case.row": [0]}))
        (tmp_path / "out" / "mine.txt").write_text("mine", "utf-8")

    with pytest.raises(CasescreenError, match="not empty"):
        write_cases(made(), rulebook.dictionary, tmp_path / "out", "csv", note="", force=False)
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "mine.txt").read_text("utf-8") == "mine"


def test_what_is_put_there_at_the_last_moment_stays(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the change of names too."""
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(
        "casescreen.synth.made_up._check", lambda folder, **_: (folder / "mine.txt").write_text("mine", "utf-8")
    )
    made = [CaseFrames(pl.LazyFrame({"case.id": ["A"], "case.row": [0]}))]
    with pytest.raises(OSError, match="not empty"):
        write_cases(made, rulebook.dictionary, tmp_path / "out", "csv", note="", force=False)
    assert (tmp_path / "out" / "mine.txt").read_text("utf-8") == "mine"


def test_a_run_that_fails_leaves_nothing(tmp_path: Path, rulebook: Rulebook) -> None:
    """Half a caseload is never there."""

    def broken() -> Iterator[CaseFrames]:
        yield CaseFrames(pl.LazyFrame({"case.id": ["A"], "case.row": [0]}))
        raise CasescreenError("it went wrong")

    with pytest.raises(CasescreenError, match="it went wrong"):
        write_cases(broken(), rulebook.dictionary, tmp_path / "out", "csv", note="", force=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_same_bytes_in_any_process(form: str, tmp_path: Path) -> None:
    """The same seed writes the same bytes, whatever order a process keeps its sets in."""
    written = []
    for hash_seed in ("0", "1"):
        out = tmp_path / hash_seed
        arguments = ["generate", str(out), "--cases", "30", "--seed", "5", "--form", form]
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-m", "casescreen", *arguments], env=env, check=True, capture_output=True)
        files = sorted(path for path in out.rglob("*") if path.is_file())
        written.append({path.relative_to(out).as_posix(): path.read_bytes() for path in files})
    assert written[0] == written[1]
    assert len(written[0]) > 1
