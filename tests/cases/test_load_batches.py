"""Files that are read together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.model.case import Caseload
from casescreen.model.problem import Place

Read = Callable[..., Caseload]


def _write(folder: Path, **tables: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_tables_of_a_folder_belong_together(read: Read, tmp_path: Path) -> None:
    """A folder with cases.csv is one caseload, also where each file is named; another folder is another."""
    one = _write(tmp_path / "one", cases="case.id\nA\n", reports="case.id,id\nA,R1\n")
    two = _write(tmp_path / "two", cases="case.id\nB\n", reports="case.id,id\nB,R2\n")
    caseload = read(tmp_path)
    assert [(case.id, case.tables["reports"][0]["id"]) for case in caseload.cases] == [("A", "R1"), ("B", "R2")]
    assert read(one / "reports.csv", one / "cases.csv", two).cases == caseload.cases


def test_a_table_without_its_cases_is_told(read: Read, tmp_path: Path) -> None:
    """It cannot be read alone, and the rest is."""
    folder = _write(tmp_path / "one", reports="case.id,id\nA,R1\n", flat="case.id\nB\n")
    caseload = read(folder)
    assert [case.id for case in caseload.cases] == ["B"]
    assert [problem.what for problem in caseload.problems] == ["there is no sheet of cases"]
    assert caseload.left_out == 1


def test_files_that_an_office_program_has_open_are_passed_over(read: Read, tmp_path: Path) -> None:
    """Excel's ~$ files hold no cases."""
    folder = _write(tmp_path / "one", cases="case.id\nA\n")
    (folder / "~$cases.xlsx").write_bytes(b"\x00")
    assert not read(folder).problems


def test_json_lines_are_a_record_each(read: Read, tmp_path: Path) -> None:
    """A line that cannot be read is told by its number, and the others are read."""
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"case": {"id": "A"}}\n\n{"case": {"id": }\n{"case": {"id": "B"}, "plan": {"shared": 3}}\n', encoding="utf-8"
    )
    caseload = read(file)
    assert [case.id for case in caseload.cases] == ["A"]
    assert [problem.place for problem in caseload.problems] == [Place(str(file), 3), Place(str(file), 4, "case B")]
    assert caseload.left_out == 2


def test_parquet_is_read_like_any_table(read: Read, tmp_path: Path) -> None:
    """Its types are kept; the column that numbers cases for bulk work says nothing about them."""
    frame = {
        "case.id": ["A", "B"],
        "case.row": [0, 1],
        "order.starts_on": [date(2016, 2, 15), None],
        "plan.shared": [True, None],
    }
    pl.DataFrame(frame).write_parquet(tmp_path / "cases.parquet")
    first, second = read(tmp_path).cases
    assert first.fields["order.starts_on"] == date(2016, 2, 15)
    assert first.fields["plan.shared"] is True
    assert "plan.shared" not in second.fields


@pytest.mark.parametrize("content", [b"PAR1 and no more", b""])
def test_a_damaged_parquet_file_is_told(read: Read, tmp_path: Path, content: bytes) -> None:
    """As a problem of the file."""
    (tmp_path / "cases.parquet").write_bytes(content)
    (tmp_path / "a.toml").write_text('[case]\nid = "A"\n', encoding="utf-8")
    assert [problem.what for problem in read(tmp_path).problems] == ["it cannot be read as Parquet"]


def test_parquet_that_holds_lists_is_told(read: Read, tmp_path: Path) -> None:
    """A list in a cell is no value."""
    pl.DataFrame({"case.id": ["A"], "notes": [["a"]]}).write_parquet(tmp_path / "cases.parquet")
    (tmp_path / "a.toml").write_text('[case]\nid = "A"\n', encoding="utf-8")
    assert "neither text, numbers, dates" in read(tmp_path).problems[0].what


@pytest.mark.parametrize("day", [4_000_000, -800_000])
def test_a_day_of_parquet_that_is_in_no_calendar_is_told_at_its_cell(read: Read, tmp_path: Path, day: int) -> None:
    """Parquet holds days that Python has no date for; one in no cell at all is fine."""
    days = pl.Series([day, None], dtype=pl.Int32).cast(pl.Date)
    frame = pl.DataFrame({"case.id": ["A", "B"], "order.starts_on": days, "case.team": ["North"] * 2})
    frame.write_parquet(tmp_path / "cases.parquet")
    (tmp_path / "a.toml").write_text('[case]\nid = "C"\n', encoding="utf-8")
    caseload = read(tmp_path, strict=False)
    assert [case.id for case in caseload.cases] == ["A", "B", "C"]
    [unreadable] = caseload.cases[0].unreadable
    assert unreadable.what == f"it is a number ({day}), and a date belongs here"
    assert (unreadable.place.line, unreadable.place.column) == (2, "B")
    assert [(problem.place.line, "damaged" in problem.what) for problem in caseload.problems] == [(2, True)]
