"""No file of records is passed over in silence, wherever it stands in the folder of a caseload."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.columnar.caseload_folder import part_folders, scan_folder, scan_parts
from casescreen.columnar.screening import bulk_rates
from casescreen.files import discovery
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.text import visible

AS_OF = date(2024, 6, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two parts of a case each."""
    for part in ("a", "b"):
        (tmp_path / part).mkdir()
        pl.DataFrame({"case.id": [part], "bike.wheels": [2]}).write_parquet(tmp_path / part / "cases.parquet")
        pl.DataFrame({"case.id": [part], "part": ["brake"]}).write_parquet(tmp_path / part / "jobs.parquet")
    return tmp_path


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("c/jobs.parquet", "there are no cases beside it"),
        ("a/more/cases.parquet", "there are no cases beside it"),
        ("jobs.CSV", "there are no cases beside it"),
        ("a/reviews.xlsx", "so many cases are read from Parquet and CSV"),
        ("more.toml", "so many cases are read from Parquet and CSV"),
    ],
)
def test_what_would_not_be_read_is_told(folder: Path, where: str, why: str) -> None:
    """A table without its cases, a part too deep, a file of another form: each by its name, with what to do."""
    (folder / where).parent.mkdir(exist_ok=True)
    (folder / where).write_bytes(b"")
    with pytest.raises(ProblemsError) as told:
        part_folders(folder)
    (problem,) = told.value.problems
    assert (problem.place.file, problem.what) == (str(folder / where), why)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_a_pipe_is_never_opened(folder: Path) -> None:
    """To read it would be to wait for ever."""
    os.mkfifo(folder / "a" / "reports.parquet")
    with pytest.raises(ProblemsError, match="it is not an ordinary file"):
        part_folders(folder)


@pytest.mark.parametrize(
    "where", ["MADE-UP.txt", "a/.jobs.parquet", ".old/jobs.parquet", "a/~$reviews.xlsx", "a/~$jobs.csv", "_SUCCESS"]
)
def test_what_holds_no_records_may_stand_there(folder: Path, where: str) -> None:
    """Notes, and what is hidden or locked, as where cases are listed."""
    (folder / where).parent.mkdir(exist_ok=True)
    (folder / where).write_bytes(b"")
    assert part_folders(folder) == [folder / "a", folder / "b"]


def test_a_folder_that_cannot_be_gone_through_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not looked at could hold records."""
    monkeypatch.setattr(discovery, "MOST_ENTRIES", 3)
    with pytest.raises(ProblemsError, match=r"more than [0-9,]+ files and folders stand in it"):
        part_folders(folder)


def test_endings_may_be_in_capitals(folder: Path, bikes: Rulebook) -> None:
    """The same rates come out: on Windows the files are the same."""
    before = bulk_rates(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)
    (folder / "a" / "jobs.parquet").rename(folder / "a" / "jobs.PARQUET")
    (folder / "b" / "cases.parquet").unlink()
    (folder / "b" / "cases.Csv").write_text("case.id,bike.wheels\nb,2\n", "utf-8")
    scanned = scan_folder(folder, bikes.dictionary)
    assert [sorted(part.tables) for part in scanned] == [["jobs"], ["jobs"]]
    assert bulk_rates(bikes, scanned, as_of=AS_OF) == before


def test_a_file_that_is_damaged_within_is_named(folder: Path, bikes: Rulebook) -> None:
    """Its head may be sound; and what is said is ours, not Polars' own, and safe to print."""
    (folder / "b").rename(folder / "b\u202e")
    file = folder / "b\u202e" / "jobs.parquet"
    held = bytearray(file.read_bytes())
    held[4:60] = bytes(56)
    file.write_bytes(held)
    with pytest.raises(CasescreenError) as told:
        bulk_rates(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)
    assert str(told.value).startswith(f"{visible(str(file))} cannot be read: it is damaged, or holds")
    assert "\u202e" not in str(told.value)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there that a test may not have")
def test_a_link_to_nothing_is_told_as_such(folder: Path, bikes: Rulebook) -> None:
    """Not as a file that is damaged, or that may not be read."""
    (folder / "a" / "reports.parquet").symlink_to(folder / "gone.parquet")
    with pytest.raises(ProblemsError, match=r"reports\.parquet: it is not an ordinary file"):
        scan_folder(folder, bikes.dictionary)
    with pytest.raises(ProblemsError, match="it is a link to something that is not there"):
        scan_parts([folder / "a"], bikes.dictionary)


def test_a_folder_that_is_not_there_has_no_cases(tmp_path: Path) -> None:
    """A slip in its name is told as such."""
    with pytest.raises(CasescreenError, match="There are no cases in"):
        part_folders(tmp_path / "nowhere")
