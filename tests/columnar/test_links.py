"""Rows find their cases by id, and nothing belongs to nothing."""

from __future__ import annotations

import polars as pl
import pytest
from attrs import evolve

from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.issues import MOST_NAMED
from casescreen.columnar.links import check_ids, link_rows, refuse_orphans
from casescreen.model.problem import CasescreenError


def _frames(cases: list[str | None], rows: list[str | None]) -> CaseFrames:
    return CaseFrames(
        pl.LazyFrame({"case.id": cases, "wheels": 2}, schema={"case.id": pl.String, "wheels": pl.Int64}),
        {"jobs": pl.LazyFrame({"case.id": rows}, schema={"case.id": pl.String})},
    )


@pytest.mark.parametrize("cases", [["10", "9", "é"], ["é", "10", "9"]])
@pytest.mark.parametrize("rows", [["10", "10", "é"], ["é", "10", "9", "10"], []])
def test_rows_have_the_numbers_of_their_cases(cases: list[str | None], rows: list[str | None]) -> None:
    """Sorted or not, each row has the place of its case."""
    found = link_rows(_frames(cases, rows)).frames
    assert found.cases.drop("wheels").collect().rows() == [(id_, number) for number, id_ in enumerate(cases)]
    assert found.tables["jobs"].collect().rows() == [(id_, cases.index(id_)) for id_ in rows]


@pytest.mark.parametrize("rows", [["A", "AB"], ["B", "AB", "A"], ["", "A"], ["A", None], ["C"]])
def test_rows_of_no_case_are_told(rows: list[str | None]) -> None:
    """Sorted or not, before, between or after the cases: a row that belongs to none counts for none, and is told."""
    frames = _frames(["A", "B"], rows)
    frames = evolve(frames, tables={"jobs": frames.tables["jobs"].with_columns(part=pl.lit("brake"))})
    found = link_rows(frames)
    lost = [row or "" for row in rows if row not in ("A", "B")]
    assert found.frames.tables["jobs"].collect()["case.id"].to_list() == [row for row in rows if row in ("A", "B")]
    assert (found.orphans, [(one.case, one.records) for one in found.rejected]) == (1, [(lost[0], 1)])
    assert found.rejected[0].why == "there is no such case beside its rows of jobs"
    with pytest.raises(CasescreenError, match=r'1 row belongs to no case; one of them gives (nothing|"AB"|"C"): there'):
        refuse_orphans(found)


def test_rows_of_no_case_are_counted_and_the_first_named() -> None:
    """However many there are: one line for each id, in order of it, with all tables."""
    rows: list[str | None] = [f"{number:02}" for number in range(30, 0, -1)]
    frames = _frames(["A"], [*rows, *rows, "A"])
    faults = pl.LazyFrame({"case.id": ["02", "A", "03"]})
    found = link_rows(evolve(frames, tables={"jobs": frames.tables["jobs"], "faults": faults}))
    assert (found.orphans, len(found.rejected)) == (62, MOST_NAMED)
    assert [(one.case, one.records) for one in found.rejected[:3]] == [("01", 2), ("02", 3), ("03", 3)]
    assert found.rejected[1].why == "there is no such case beside its rows of faults and jobs"


def test_rows_that_hold_nothing_are_passed_over() -> None:
    """Among cases and among rows, as where records are read; and so are rows that show how one is filled in."""
    frames = _frames(["A", None, "B"], ["B", None, " Example", "A"])
    found = link_rows(evolve(frames, cases=frames.cases.drop("wheels")))
    assert found.frames.cases.collect().rows() == [("A", 0), ("B", 1)]
    assert found.frames.tables["jobs"].collect().rows() == [("B", 1), ("A", 0)]
    assert (found.orphans, found.rejected) == (0, ())


def test_a_row_with_nothing_but_a_number_holds_nothing() -> None:
    """Where some frames are numbered and others not, all are numbered anew."""
    frames = _frames(["A"], ["A", None])
    some = evolve(frames, tables={"jobs": frames.tables["jobs"].with_row_index(ROW)})
    assert (link_rows(some).orphans, link_rows(some).frames.tables["jobs"].collect().height) == (0, 1)


def test_all_rows_can_be_kept() -> None:
    """Where each belongs to a case, the frames are given back as they are."""
    found = link_rows(_frames(["A"], ["A"]))
    assert refuse_orphans(found) is found.frames


@pytest.mark.parametrize(
    "cases", [["A", "B", "A"], ["A", "A", "B"], [None, "A", "B", None], ["A  B", "A B "], ["", " "]]
)
def test_two_cases_with_one_id_are_told(cases: list[str | None]) -> None:
    """Nor is a case without an id dropped where all are to be kept."""
    with pytest.raises(CasescreenError, match=r"2 cases have no case\.id of their own"):
        check_ids(_frames(cases, []).cases)


@pytest.mark.parametrize("cases", [["A", "B", "A"], ["A", "A", "B"], [None, "A", "B", None]])
def test_every_row_is_kept_once_where_ids_stand_twice(cases: list[str | None]) -> None:
    """What one of two cases gets the other does not, and no row is made two."""
    found = link_rows(_frames(cases, ["A", "A", "B"])).frames.tables["jobs"].collect()
    assert [cases[number] for number in found[ROW]] == ["A", "A", "B"]


@pytest.mark.parametrize("cases", [[None, "A", "B"], [None, None, "A", "B"], ["A", None, "B"]])
def test_cases_without_an_id_get_no_rows(cases: list[str | None]) -> None:
    """They do not stand in the way of those that have one."""
    found = link_rows(_frames(cases, ["A", "B"])).frames.tables["jobs"].collect()
    assert [cases[number] for number in found[ROW]] == ["A", "B"]


def test_numbers_that_are_there_are_kept() -> None:
    """Where all frames have them, nothing is looked up."""
    frames = _frames(["A", "B"], [])
    there = CaseFrames(frames.cases.with_row_index(ROW), {"jobs": pl.LazyFrame({ROW: [1]}, schema={ROW: pl.UInt32})})
    assert link_rows(there).frames is there


@pytest.mark.parametrize("row", ["A ", "\u200bA", "A\x1a", "\u00a0A"])
def test_what_cannot_be_seen_makes_no_other_id(row: str) -> None:
    """A row finds its case, and a case that looks like another is another of its id."""
    found = link_rows(_frames(["A", "B"], [row]))
    assert found.orphans == 0
    assert found.frames.tables["jobs"].collect()[ROW].to_list() == [0]
    with pytest.raises(CasescreenError, match=r"2 cases have no case\.id of their own"):
        check_ids(_frames(["A", row], []).cases)
