"""Rows find their cases by id, and nothing belongs to nothing."""

from __future__ import annotations

import polars as pl
import pytest

from casescreen.evaluate.bulk.frames import ROW, CaseFrames
from casescreen.evaluate.bulk.numbering import check_ids, numbered
from casescreen.model.problem import CasescreenError


def _frames(cases: list[str | None], rows: list[str | None]) -> CaseFrames:
    return CaseFrames(
        pl.LazyFrame({"case.id": cases}, schema={"case.id": pl.String}),
        {"jobs": pl.LazyFrame({"case.id": rows}, schema={"case.id": pl.String})},
    )


@pytest.mark.parametrize("cases", [["10", "9", "é"], ["é", "10", "9"]])
@pytest.mark.parametrize("rows", [["10", "10", "é"], ["é", "10", "9", "10"], []])
def test_rows_have_the_numbers_of_their_cases(cases: list[str | None], rows: list[str | None]) -> None:
    """Sorted or not, each row has the place of its case."""
    found = numbered(_frames(cases, rows))
    assert found.cases.collect().rows() == [(id_, number) for number, id_ in enumerate(cases)]
    assert found.tables["jobs"].collect().rows() == [(id_, cases.index(id_)) for id_ in rows]


@pytest.mark.parametrize("rows", [["A", "AB"], ["B", "AB", "A"], ["", "A"], ["A", None], ["C"]])
def test_rows_of_no_case_are_told(rows: list[str | None]) -> None:
    """Sorted or not, before, between or after the cases: a row that belongs to none is never dropped."""
    with pytest.raises(CasescreenError, match=r"1 row of jobs belong to no case; the first says (nothing|\"(AB|C|)\")"):
        numbered(_frames(["A", "B"], rows))


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
    found = numbered(_frames(cases, ["A", "A", "B"])).tables["jobs"].collect()
    assert [cases[number] for number in found[ROW]] == ["A", "A", "B"]


@pytest.mark.parametrize("cases", [[None, "A", "B"], [None, None, "A", "B"], ["A", None, "B"]])
def test_cases_without_an_id_get_no_rows(cases: list[str | None]) -> None:
    """They do not stand in the way of those that have one."""
    found = numbered(_frames(cases, ["A", "B"])).tables["jobs"].collect()
    assert [cases[number] for number in found[ROW]] == ["A", "B"]


def test_numbers_that_are_there_are_kept() -> None:
    """Where all frames have them, nothing is looked up."""
    frames = _frames(["A", "B"], [])
    there = CaseFrames(frames.cases.with_row_index(ROW), {"jobs": pl.LazyFrame({ROW: [1]}, schema={ROW: pl.UInt32})})
    assert numbered(there) is there
