"""Folders of Parquet and CSV files, and what is told of those that cannot be cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.cases.load import read_cases
from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.frames import CaseFrames, each_frame, frames_of
from casescreen.columnar.screening import bulk_rates, screen_frames
from casescreen.columnar.writer import write_parquet
from casescreen.evaluate.screening import screen
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import IssueKind, Summary, number

AS_OF = date(2024, 6, 1)
Put = Callable[..., Path]


@pytest.fixture
def whole(bikes: Rulebook, frames: CaseFrames) -> Summary:
    return screen_frames(bikes, [frames], as_of=AS_OF)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_files_of_others_are_read(bikes: Rulebook, frames: CaseFrames, whole: Summary, put: Put, suffix: str) -> None:
    """Without numbers, with words as text, as Parquet or CSV: the same screening."""
    folder = put(frames, suffix)
    assert screen_frames(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF) == whole


def test_parts_are_read_together(bikes: Rulebook, frames: CaseFrames, whole: Summary, put: Put, tmp_path: Path) -> None:
    """Each folder that has cases is a part, in order of name; other folders and hidden ones are let be."""
    for name in ("b", "a", ".hidden"):
        put(_called(frames, name), folder=f"all/{name}")
    (tmp_path / "all" / "notes").mkdir()
    parts = scan_folder(tmp_path / "all", bikes.dictionary)
    assert len(parts) == 2
    found = screen_frames(bikes, parts, as_of=AS_OF)
    assert (found.cases, found.left_out) == (2 * number(whole.cases), 2 * number(whole.left_out))


def _called(frames: CaseFrames, name: str) -> CaseFrames:
    """The same cases under other ids."""
    return each_frame(frames, lambda frame: frame.with_columns(pl.lit(name).alias("case.id") + pl.col("case.id")))


def test_a_case_in_two_parts_is_told(bikes: Rulebook, frames: CaseFrames, put: Put, tmp_path: Path) -> None:
    """It would be counted twice, whichever of its records is right."""
    for name in ("a", "b"):
        put(frames, folder=f"all/{name}")
    with pytest.raises(CasescreenError, match=r'The case "B-0000" is in .*a and in .*b\.'):
        scan_folder(tmp_path / "all", bikes.dictionary)


def test_text_that_looks_like_something_else_is_text(bikes: Rulebook, tmp_path: Path) -> None:
    """In CSV, a team called 007, 1e5 or true keeps its name, and an empty one is not recorded."""
    (tmp_path / "cases.csv").write_text(
        "case.id,case.team,bike.wheels\n01,007,1\n1,1e5,1\n1.0,true,1\n1e0,,1\n", "utf-8"
    )
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert (found.cases, list(found.by_team)) == (4, ["", "007", "1e5", "true"])


def test_a_table_is_taken_to_be_there_where_it_has_rows(bikes: Rulebook, tmp_path: Path) -> None:
    """Where the cases do not say which tables are in the record, one without rows is unknown, and not empty."""
    (tmp_path / "cases.csv").write_text("case.id\nA\nB\n", "utf-8")
    (tmp_path / "faults.csv").write_text("case.id,part,serious\nA,brake,false\n", "utf-8")
    rates = bulk_rates(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)[""]
    counts = next(rate.counts for rate in rates if rate.criterion == "faults-have-jobs")
    assert {outcome.value: number for outcome, number in counts.items() if number} == {"met": 1, "not evidenced": 1}


def test_no_cases_are_told(bikes: Rulebook, tmp_path: Path) -> None:
    """A folder without cases says what to put there."""
    with pytest.raises(CasescreenError, match=r"put cases\.parquet or cases\.csv there"):
        scan_folder(tmp_path, bikes.dictionary)


def test_everything_that_is_wrong_is_told_at_once(bikes: Rulebook, tmp_path: Path) -> None:
    """Files, columns and types, with the nearest that there is."""
    cases = {"case.id": ["A"], "bike.kinds": ["city bike"], "bike.wheels": ["2"], "repair.done_on": ["2024-05-01"]}
    pl.DataFrame(cases).write_parquet(tmp_path / "cases.parquet")
    pl.DataFrame({"part": ["brake"]}).write_parquet(tmp_path / "jobs.parquet")
    (tmp_path / "jobs.csv").write_text("case.id\n", "utf-8")
    (tmp_path / "fault.csv").write_text("case.id\n", "utf-8")
    (tmp_path / "reports.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(ProblemsError) as told:
        scan_folder(tmp_path, bikes.dictionary)
    told_of = {(Path(one.place.file).name, one.place.part, one.what, one.advice) for one in told.value.problems}
    assert ("cases.parquet", "bike.kinds", "there is no such column", 'Did you mean "bike.kind"?') in told_of
    assert ("cases.parquet", "bike.wheels", "it holds String", "It should hold whole numbers.") in told_of
    assert ("cases.parquet", "repair.done_on", "it holds String", "It should hold dates.") in told_of
    assert ("fault.csv", "", "it is neither the cases nor a table of theirs", 'Did you mean "faults"?') in told_of
    assert ("jobs.parquet", "", "jobs.csv holds the same", "Keep one of them.") in told_of
    assert any(file == "reports.parquet" and what.startswith("it cannot be read") for file, _, what, _ in told_of)
    assert len(told_of) == 6


def test_a_file_must_say_which_case(bikes: Rulebook, tmp_path: Path) -> None:
    """A table without ids is a mistake."""
    (tmp_path / "cases.csv").write_text("case.id\nA\n", "utf-8")
    (tmp_path / "jobs.csv").write_text("part\nbrake\n", "utf-8")
    with pytest.raises(ProblemsError, match=r"jobs\.csv: it has no column case\.id"):
        scan_folder(tmp_path, bikes.dictionary)


CELLS = {
    "bike.wheels": [
        "2",
        " 2 ",
        "-0",
        "007",
        "two",
        "2.0",
        "1e3",
        "+2",
        "1,000",
        "9" * 19,
        "9" * 21,
        "\u0662",
        "\u2212 1",
    ],
    "repair.done": ["yes", "No", "TRUE", "false", "1", "0", "y", " n ", "perhaps", "01", "ja"],
    "repair.done_on": ["2024-02-29", " 2024-03-01\t", "2024-02-30", "2024-13-01", "24-01-01", "tomorrow", "0000-01-01"],
    "bike.kind": ["cargo bike", "Cargo  Bike", "cargo", "cargo bike.", "Cargo bike - 6 mth", "6m"],
    "has.jobs": ["yes", "no", "0", "never"],
}


@pytest.mark.parametrize(("column", "cell"), [(column, cell) for column, cells in CELLS.items() for cell in cells])
def test_what_cells_of_csv_say_is_what_they_say_to_intake(
    bikes: Rulebook, tmp_path: Path, column: str, cell: str
) -> None:
    """The same rates; and where a cell says nothing that its field allows, it is not known to both, and told."""
    (tmp_path / "cases.csv").write_text(f'case.id,{column},case.team\nA,"{cell}",x\nB,,x\n', "utf-8")
    read = read_cases([str(tmp_path)], bikes.dictionary, criteria=bikes.criterion, taken_on=AS_OF)
    ordinary = screen(bikes, read, as_of=AS_OF)
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF, taken_on=AS_OF)
    assert found.rates == ordinary.rates
    assert (found.cases, found.left_out) == (len(ordinary.case_ids), ordinary.left_out) == (2, 0)
    assert [(one.kind, one.where) for one in found.issue_counts] == [
        (issue.kind, column) for issue in ordinary.issues if issue.kind is not IssueKind.LEFT_ASIDE
    ]


def test_days_of_csv_are_not_guessed(bikes: Rulebook, tmp_path: Path) -> None:
    """A day that intake reads by looking at its whole column is not read here, and said so."""
    (tmp_path / "cases.csv").write_text("case.id,repair.done_on\nA,31/01/2024\n", "utf-8")
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    [one] = found.issue_counts
    assert (one.where, one.what) == ("repair.done_on", "it holds what is not a day such as 2016-05-09")


def test_a_word_that_is_not_allowed_is_not_known(bikes: Rulebook, tmp_path: Path) -> None:
    """In a field of the case or in a row: it is told, as where records are read, and every case is screened."""
    (tmp_path / "cases.csv").write_text(
        "case.id,bike.kind\nA,cargo bikes\nB,cargo bike\nC,cargo bike\nD,cargo bike\n", "utf-8"
    )
    (tmp_path / "jobs.csv").write_text("case.id,part\nC,brakes\nD,brake\n", "utf-8")
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert [(one.where, one.number) for one in found.issue_counts] == [("bike.kind", 1), ("jobs.part", 1)]
    assert found.cases == 4


def test_a_part_is_scanned_anew_each_time(bikes: Rulebook, repairs: tuple[Case, ...], tmp_path: Path) -> None:
    """What was read of a part's files is let go with it, so that memory does not grow with the number of parts."""
    write_parquet([frames_of(repairs, bikes.dictionary)], bikes.dictionary, tmp_path / "out", size=60)
    parts = scan_folder(tmp_path / "out", bikes.dictionary)
    assert len(parts) == 4
    assert parts[1].cases is not parts[1].cases
    assert parts[1:3][1].cases.collect().equals(parts[2].cases.collect())
