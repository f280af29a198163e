"""Records in text with delimiters: lines of other lengths, errors, times with a zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casescreen.model.case import Caseload

Read = Callable[..., Caseload]


def _read(read: Read, folder: Path, text: str) -> Caseload:
    (folder / "cases.csv").write_text(text, encoding="utf-8")
    return read(folder / "cases.csv", strict=False)


@pytest.mark.parametrize(
    "text",
    [
        "case.id,case.manager,order.starts_on\nA,M\n",
        "case.id,case.manager,order.starts_on\nB,N,2016-02-01\nA,M\n",
        "sep=;\ncase.id;case.manager;order.starts_on\nB;N;2016-02-01\nC;O;2016-02-01\nA;M",
    ],
)
def test_a_line_that_is_cut_short_is_told(read: Read, tmp_path: Path, text: str) -> None:
    """What it lacks is not known, and no blank."""
    [case] = [case for case in _read(read, tmp_path, text).cases if case.id == "A"]
    assert (case.fields["case.manager"], case.fields["order.starts_on"]) == ("M", None)
    [one] = case.unreadable
    assert (one.place.column, one.what) == ("C", "the row ends before this column, so it may have been cut short")


def test_blanks_that_a_program_leaves_off_are_blanks(read: Read, tmp_path: Path) -> None:
    """Where most rows are shorter than the headings, none of them was cut."""
    text = (
        "case.id,case.manager,order.starts_on\n" + "".join(f"{number},M\n" for number in range(4)) + "9,M,2016-02-01\n"
    )
    assert all(not case.unreadable for case in _read(read, tmp_path, text).cases)


def test_a_row_with_too_many_cells_is_not_believed(read: Read, tmp_path: Path) -> None:
    """A delimiter without quotes moved its cells, by how many nobody can tell; the other rows are read."""
    text = "case.id,case.manager,order.starts_on,order.ends_on\nA,M, N,2016-02-01,2016-05-01\nB,M,2016-02-01,\n"
    caseload = _read(read, tmp_path, text)
    first, second = caseload.cases
    assert {one.path[-1] for one in first.unreadable} == {"manager", "starts_on", "ends_on"}
    assert second.fields["order.starts_on"] == date(2016, 2, 1)
    assert [(one.place.line, one.place.column) for one in caseload.notices] == [(2, "E")]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "Err:502", "#####", " #n/a "])
def test_errors_are_no_values(read: Read, tmp_path: Path, error: str) -> None:
    """Neither text nor days; as an id, none."""
    text = f"case.id,case.manager,order.starts_on\nA,{error},{error}\n{error},M,\n"
    caseload = _read(read, tmp_path, text)
    [case] = caseload.cases
    assert case.fields == {"case.id": "A", "case.manager": None, "order.starts_on": None}
    assert all("the cell holds" in told for told in (*(one.what for one in case.unreadable), caseload.problems[0].what))


@pytest.mark.parametrize(
    "written",
    ["2016-03-29T23:00:00Z", "2016-03-29 23:00+00:00", "2016-03-29T23:00:00.000+0100", "29/03/2016 23:00 GMT"],
)
def test_a_time_with_a_zone_is_refused(read: Read, tmp_path: Path, written: str) -> None:
    """In summer, eleven at night in Greenwich is the next day; a time without a zone is one of here."""
    text = f"case.id,order.starts_on,order.ends_on\nA,{written},2016-03-29T23:00:00\n"
    [case] = _read(read, tmp_path, text).cases
    assert (case.fields["order.starts_on"], case.fields["order.ends_on"]) == (None, date(2016, 3, 29))
    assert "time with a zone" in case.unreadable[0].what


def test_the_mark_of_the_end_is_no_row(read: Read, tmp_path: Path) -> None:
    """Old programs end a file with Ctrl-Z, and some begin one with a mark that is not seen."""
    caseload = _read(read, tmp_path, "\u200bcase.id,case.manager\nA,M\n\x1a")
    assert ([case.id for case in caseload.cases], caseload.problems, caseload.notices) == (["A"], (), ())


def test_a_text_that_is_a_table_is_read_where_it_is_named(read: Read, tmp_path: Path) -> None:
    """In a folder, most texts are no tables."""
    (tmp_path / "export.txt").write_text("case.id\tcase.manager\nA\tM\n", encoding="utf-8")
    (tmp_path / "case.toml").write_text('[case]\nid = "B"\n', encoding="utf-8")
    assert [case.id for case in read(tmp_path / "export.txt").cases] == ["A"]
    assert [case.id for case in read(tmp_path).cases] == ["B"]
    assert [case.id for case in read(tmp_path / "*.txt").cases] == ["A"]
