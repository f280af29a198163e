"""What is written in parts screens as what it was written from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.frames import CaseFrames, frames_of, partition
from casescreen.columnar.io import sink
from casescreen.columnar.screening import bulk_outcomes, screen_frames
from casescreen.columnar.writer import write_parquet
from casescreen.model.case import Case, Rejected
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook

AS_OF = date(2024, 6, 1)


@pytest.mark.parametrize("suffix", ["", ".parquet", ".csv"])
def test_written_cases_screen_the_same(
    bikes: Rulebook, repairs: tuple[Case, ...], put: Callable[..., Path], tmp_path: Path, suffix: str
) -> None:
    """From frames, Parquet or CSV in any order: the same outcomes in the same order, and no file left over."""
    frames = frames_of(reversed(repairs), bikes.dictionary)
    source = scan_folder(put(frames, suffix), bikes.dictionary) if suffix else (frames,)
    assert write_parquet(source, bikes.dictionary, tmp_path / "out", size=60) == 200
    parts = scan_folder(tmp_path / "out", bikes.dictionary)
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [f"part-{n:05}" for n in range(len(parts))]
    assert len(parts) == 4
    whole = pl.concat(bulk_outcomes(bikes, [frames], as_of=AS_OF))
    assert pl.concat(bulk_outcomes(bikes, parts, as_of=AS_OF)).equals(whole)
    assert screen_frames(bikes, parts, as_of=AS_OF) == screen_frames(bikes, [frames], as_of=AS_OF)


def test_nothing_is_lost_in_writing(bikes: Rulebook, repairs: tuple[Case, ...], tmp_path: Path) -> None:
    """Every field, row and answer is there again, of its type; words of answers are numbered in the file."""
    frames = frames_of(repairs, bikes.dictionary)
    write_parquet([frames], bikes.dictionary, tmp_path / "out")
    (again,) = scan_folder(tmp_path / "out", bikes.dictionary)
    assert again.answers is not None
    assert frames.answers is not None
    assert again.answers.collect_schema()["criterion"] == pl.Enum(["estimate-quality"])
    answers = again.answers.cast({"criterion": pl.String, "answer": pl.String})
    pairs = [(frames.cases, again.cases), (frames.answers, answers)]
    pairs += [(frames.tables[name], again.tables[name]) for name in bikes.dictionary.tables]
    for one, other in pairs:
        columns = one.collect_schema().names()
        assert other.select(columns).collect().equals(one.collect())
        assert other.select(columns).collect_schema() == one.collect_schema()


def test_a_folder_that_is_not_empty_is_let_be(bikes: Rulebook, frames: CaseFrames, tmp_path: Path) -> None:
    """Nothing is mixed with what stands there."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(CasescreenError, match="is not empty"):
        write_parquet([frames], bikes.dictionary, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("size", [1, 7, 60, 199, 200])
def test_dividing_keeps_every_case_once_with_its_rows(frames: CaseFrames, size: int) -> None:
    """In order of id, about as many cases a part as asked for, and each row with its case."""
    parts = list(partition(frames, size))
    cases = [part.cases.select("case.id").collect().to_series() for part in parts]
    assert pl.concat(cases).to_list() == frames.cases.collect()["case.id"].to_list()
    assert max(len(one) for one in cases) <= 2 * size
    for part, ids in zip(parts, cases, strict=True):
        assert part.tables["faults"].collect()["case.id"].is_in(ids.implode()).all()
    assert sum(len(part.tables["faults"].collect()) for part in parts) == len(frames.tables["faults"].collect())


@pytest.mark.parametrize(
    ("file", "column", "cell"),
    [
        ("cases", "bike.wheels", "two"),
        ("jobs", "part", "wheel"),
        ("cases", "has.jobs", "x"),
        ("answers", "answered_on", "1/2"),
    ],
)
def test_what_cannot_be_kept_is_told(bikes: Rulebook, tmp_path: Path, file: str, column: str, cell: str) -> None:
    """In which case and column it stands."""
    (tmp_path / "cases.csv").write_text("case.id\nA\nB\n", "utf-8")
    (tmp_path / f"{file}.csv").write_text(f"case.id,{column}\nA,\nB,{cell}\n", "utf-8")
    with pytest.raises(CasescreenError, match=rf'The {column} of case "B" in {file} cannot be kept: "{cell}"'):
        write_parquet(scan_folder(tmp_path, bikes.dictionary), bikes.dictionary, tmp_path / "out")


def test_what_was_staged_is_gone_when_a_refusal_is_told(bikes: Rulebook, tmp_path: Path) -> None:
    """Nothing is cleaned up after it, when the folder may be gone."""
    cases = CaseFrames(pl.LazyFrame({"case.id": ["A"], "bike.kind": ["cargo bikes"]}))
    with pytest.raises(CasescreenError, match="cannot be kept") as told:
        write_parquet([cases], bikes.dictionary, tmp_path / "out")
    assert told.tb is not None  # what was suspended when it was raised is held by it
    assert not list((tmp_path / "out").glob(".*"))


def test_cases_without_an_id_are_not_lost_in_dividing(bikes: Rulebook, tmp_path: Path) -> None:
    """They are told, in whatever part they are; and where all are to be kept, nothing is."""
    cases = CaseFrames(pl.LazyFrame({"case.id": ["A", "B", None, "C"], "bike.wheels": 2}))
    found = screen_frames(bikes, partition(cases, 1), as_of=AS_OF)
    assert (found.cases, found.rejected) == (3, (Rejected("", "it has no case.id"),))
    with pytest.raises(CasescreenError, match=r"1 case has no case\.id"):
        write_parquet([cases], bikes.dictionary, tmp_path / "out")


def test_what_cannot_be_written_is_told_by_the_place_that_was_asked_for(tmp_path: Path) -> None:
    """Not by the hidden file that is made on the way, which is gone when it is looked for."""
    unfinished = tmp_path / "out" / ".making" / ".staged" / "0.parquet"
    with pytest.raises(CasescreenError) as told:
        sink(pl.LazyFrame({"a": [1]}), unfinished)
    assert str(told.value).startswith(f"{tmp_path / 'out'} cannot be written: No such file or directory.")


def test_a_source_that_is_at_fault_is_told_as_such(tmp_path: Path) -> None:
    """It, and not the place to write, which is left as it was."""
    there = tmp_path / "there.parquet"
    there.write_bytes(b"mine")
    with pytest.raises(CasescreenError, match="cannot be read: No such file or directory"):
        sink(pl.scan_parquet(tmp_path / "gone.parquet"), there)
    assert there.read_bytes() == b"mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_told_as_such() -> None:
    """Not as a fault of the cases that were read."""
    with pytest.raises(CasescreenError, match="/dev/full cannot be written") as told:
        sink(pl.LazyFrame({"a": range(1_000_000)}), Path("/dev/full"))
    assert "make room" in str(told.value)


@pytest.mark.skipif(sys.platform == "win32", reason="this system does not limit the size of files")
def test_a_file_that_can_only_grow_a_little_is_told_as_such(tmp_path: Path) -> None:
    """Room for some of what is written is not room enough; and what is there of it is not made longer."""
    import resource  # noqa: PLC0415 - it is not there on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(CasescreenError, match=r"numbers\.parquet cannot be written: File too large"):
            sink(pl.LazyFrame({"a": range(1_000_000)}), tmp_path / "numbers.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
