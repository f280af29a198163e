"""Numbers that are not those of the cases stop the run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.reader import Part
from casescreen.columnar.screening import bulk_rates, screen_frames
from casescreen.columnar.writer import write_parquet
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook

AS_OF = date(2024, 6, 1)


def _numbered(cases: list[int], rows: list[int | None]) -> CaseFrames:
    ids = [f"B-{number}" for number in range(len(cases))]
    return CaseFrames(
        pl.LazyFrame({"case.id": ids, "case.row": cases}),
        {"faults": pl.LazyFrame({"case.row": rows, "part": "brake", "serious": True}, strict=False)},
    )


@pytest.mark.parametrize("cases", [[1, 0], [1, 2], [0, 0]])
def test_cases_that_were_moved_are_told(bikes: Rulebook, cases: list[int]) -> None:
    """Cases that were sorted or filtered after they were numbered are not screened with the rows of others."""
    with pytest.raises(CasescreenError, match="the cases are not numbered from 0 in the order in which they stand"):
        bulk_rates(bikes, [_numbered(cases, [0])], as_of=AS_OF)


@pytest.mark.parametrize("rows", [[0, 2], [None, 1]])
def test_rows_of_no_number_are_told(bikes: Rulebook, rows: list[int | None]) -> None:
    """A row with a number beyond the cases, or with none, is never dropped."""
    with pytest.raises(CasescreenError, match="a row of faults has the number of no case"):
        bulk_rates(bikes, [_numbered([0, 1], rows)], as_of=AS_OF)


def test_cases_left_out_take_their_rows_along() -> None:
    """The rest are numbered from nought without a gap, and their rows with them."""
    number = pl.UInt32
    cases = pl.DataFrame({"case.id": list("ABCD"), "case.row": pl.Series([0, 1, 2, 3], dtype=number)})
    jobs = pl.DataFrame({"job": list("abcde"), "case.row": pl.Series([0, 1, 2, 3, 3], dtype=number)})
    rest = Part(cases, {"jobs": jobs}).without(pl.Series([0, 2], dtype=number))
    assert rest.cases.rows() == [("B", 0), ("D", 1)]
    assert rest.tables["jobs"].rows() == [("b", 0), ("d", 1), ("e", 1)]


@pytest.mark.parametrize("days", [2**31 - 1, -(2**31), 2_932_897])
def test_a_day_that_no_calendar_has_is_not_known(bikes: Rulebook, tmp_path: Path, days: int) -> None:
    """Nothing can be reckoned from it: it is counted and told, and is never written again as if it were one."""
    brought = pl.Series("repair.brought_on", [19_800, days], dtype=pl.Int32).cast(pl.Date)
    pl.DataFrame([pl.Series("case.id", ["A", "B"]), brought]).write_parquet(tmp_path / "cases.parquet")
    parts = scan_folder(tmp_path, bikes.dictionary)
    (issue,) = screen_frames(bikes, parts, as_of=AS_OF).issue_counts
    told = "repair.brought_on", "it holds what is not a day such as 2016-05-09", 1
    assert (issue.where, issue.what, issue.number) == told
    with pytest.raises(CasescreenError, match=rf'brought_on of case "B" in cases cannot be kept: "{days}"'):
        write_parquet(parts, bikes.dictionary, tmp_path / "parts")


_ALIKE = ("Zo\u00eb A", "Zoe\u0308 A", " Zo\u00eb\u00a0A", "Zo\u00eb\u200b  A", "Zo\u00eb A\x1a")


@pytest.mark.parametrize("stored", [pl.String(), pl.Categorical(), pl.Enum(_ALIKE)])
def test_names_that_look_the_same_are_one(bikes: Rulebook, stored: pl.DataType) -> None:
    """However a file keeps them: spaces, Unicode forms and what cannot be seen make no second mechanic."""
    names = pl.Series("case.manager", _ALIKE, dtype=stored)
    cases = pl.DataFrame([pl.Series("case.id", list("ABCDE")), names, pl.Series("bike.wheels", [2] * 5)])
    summary = screen_frames(bikes, [CaseFrames(cases.lazy())], as_of=AS_OF)
    assert [*summary.by_manager] == ["Zo\u00eb A"]


def test_a_word_for_why_there_is_no_value_is_no_mistake(bikes: Rulebook) -> None:
    """As where records are read one by one: it is not known, and only what else cannot be read is counted."""
    words = ["Refused", "n/a", "not known", "soon"]
    cases = pl.LazyFrame({"case.id": list("ABCD"), "repair.brought_on": words, "bike.kind": ["declined", *words[:3]]})
    (issue,) = screen_frames(bikes, [CaseFrames(cases)], as_of=AS_OF).issue_counts
    assert (issue.where, issue.number) == ("repair.brought_on", 1)
