"""Faults of single records: the same cases are left out in bulk as by intake and an ordinary screening."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from casescreen.cases.load import read_cases
from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.screening import bulk_outcomes, bulk_rates, screen_frames
from casescreen.evaluate.screening import screen
from casescreen.model.dictionary import MOST_ROWS
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import IssueKind

AS_OF = date(2024, 6, 1)
Row = dict[str, object]
GOOD: Row = {"case.id": "good", "bike.kind": "city bike", "bike.wheels": 2}
REPORT: Row = {"case.id": "bad", "id": "R1", "kind": "estimate"}
ANSWER: Row = {"case.id": "bad", "criterion": "estimate-quality", "answer": "yes", "item": "R1"}


def _written(folder: Path, **tables: list[Row]) -> Path:
    bad: list[Row] = [{"case.id": "bad"}]
    for name, rows in {"cases": bad, **tables}.items():
        every = [GOOD, *rows] if name == "cases" else rows
        pl.DataFrame(every, infer_schema_length=None).write_parquet(folder / f"{name}.parquet")
    return folder


def _screened(bikes: Rulebook, folder: Path) -> set[str]:
    """The cases that intake and an ordinary screening get through."""
    caseload = read_cases([str(folder)], bikes.dictionary, criteria=bikes.criterion, taken_on=AS_OF)
    return set(screen(bikes, caseload, as_of=AS_OF).case_ids)


def _in_bulk(bikes: Rulebook, folder: Path) -> set[str]:
    (found,) = bulk_outcomes(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)
    return set(found["case.id"])


FAULTS: dict[str, dict[str, list[Row]]] = {
    "a key twice": {"reports": [REPORT, REPORT]},
    "no key": {"reports": [{**REPORT, "id": None}, {**REPORT, "id": "R2"}]},
    "a blank key": {"reports": [{**REPORT, "id": " "}]},
    "an answer twice": {"reports": [REPORT], "answers": [ANSWER, {**ANSWER, "answer": "no"}]},
    "no reason why not": {"reports": [REPORT], "answers": [{**ANSWER, "answer": "n/a", "reason": None}]},
    "no column for reasons": {"reports": [REPORT], "answers": [{**ANSWER, "answer": "n/a"}]},
    "a blank reason": {"reports": [REPORT], "answers": [{**ANSWER, "answer": "n/a", "reason": "\u00a0"}]},
    "a source that is none": {"reports": [REPORT], "answers": [{**ANSWER, "source": "by phone"}]},
    "answered tomorrow": {"reports": [REPORT], "answers": [{**ANSWER, "answered_on": date(2024, 6, 2)}]},
    "said not to be there": {
        "cases": [{"case.id": "bad", "has.jobs": False}],
        "jobs": [{"case.id": "bad", "part": "brake"}],
    },
    "a word that is not allowed": {"cases": [{"case.id": "bad", "bike.kind": "cargo bikes"}]},
    "too many rows": {"jobs": [{"case.id": "bad", "part": "brake"}] * (MOST_ROWS + 1)},
}
SOUND: dict[str, dict[str, list[Row]]] = {
    "two keys": {"reports": [REPORT, {**REPORT, "id": "R2"}]},
    "a reason why not": {"reports": [REPORT], "answers": [{**ANSWER, "answer": "n/a", "reason": "Lost."}]},
    "a source": {"reports": [REPORT], "answers": [{**ANSWER, "source": "Interview "}]},
    "answered today": {"reports": [REPORT], "answers": [{**ANSWER, "answered_on": AS_OF}]},
    "said to be there": {
        "cases": [{"case.id": "bad", "has.jobs": True}],
        "jobs": [{"case.id": "bad", "part": "brake"}],
    },
    "not said": {"cases": [{"case.id": "bad", "has.jobs": None}], "jobs": [{"case.id": "bad", "part": "brake"}]},
    "capitals": {"cases": [{"case.id": "bad", "bike.kind": "Cargo  BIKE"}]},
    "a blank word": {"cases": [{"case.id": "bad", "bike.kind": " ", "bike.wheels": 1}]},
    "as many rows as can be": {"jobs": [{"case.id": "bad", "part": "brake"}] * MOST_ROWS},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_no_case_in_bulk_as_in_an_ordinary_run(bikes: Rulebook, tmp_path: Path, fault: str) -> None:
    """It is not known, is told, and both come to the same."""
    folder = _written(tmp_path, **FAULTS[fault])
    caseload = read_cases([str(folder)], bikes.dictionary, criteria=bikes.criterion, taken_on=AS_OF)
    ordinary = screen(bikes, caseload, as_of=AS_OF)
    found = screen_frames(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF, taken_on=AS_OF)
    assert (set(ordinary.case_ids), found.cases) == ({"good", "bad"}, 2)
    assert (found.left_out, ordinary.left_out) == (0, 0)
    assert found.rates == ordinary.rates
    assert {one.kind for one in found.issue_counts} == {IssueKind.UNREADABLE} == {one.kind for one in ordinary.issues}


IDS: dict[str, tuple[str | None, str | None]] = {
    "the same": ("bad", "bad"),
    "the same but for spaces": (" bad  one\t", "bad one"),
    "none": (None, None),
    "blank": (" ", "\u00a0"),
}


@pytest.mark.parametrize("what", IDS)
@pytest.mark.parametrize("numbered", [False, True])
def test_cases_that_cannot_be_told_apart_are_left_out(
    bikes: Rulebook, tmp_path: Path, what: str, *, numbered: bool
) -> None:
    """In order of id or not, whether or not they are numbered: none of them is screened, and each is counted."""
    for place, ids in enumerate((IDS[what], IDS[what][::-1])):
        folder = tmp_path / str(place)
        folder.mkdir()
        cases = pl.DataFrame({"case.id": [ids[0], "good", ids[1]], "bike.wheels": 2})
        (cases.with_row_index("case.row") if numbered else cases).write_parquet(folder / "cases.parquet")
        assert _screened(bikes, folder) == _in_bulk(bikes, folder) == {"good"}
        found = screen_frames(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)
        assert (found.cases, found.left_out, sum(one.records for one in found.rejected)) == (1, 2, 2)
        assert {"case.id" in one.why for one in found.rejected} == {True}


def test_the_first_thing_that_is_wrong_is_told(bikes: Rulebook, tmp_path: Path) -> None:
    """An id that stands twice is seen past a case that has none; a word that is not allowed is an issue."""
    cases = {"case.id": ["A", None, "A", "good"], "bike.kind": ["cargo bikes", "city bike", "city bike", "city bike"]}
    pl.DataFrame(cases).write_parquet(tmp_path / "cases.parquet")
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert [(one.case, one.why.partition(" ")[0]) for one in found.rejected] == [("", "it"), ("A", "another")]
    assert [(one.where, one.number) for one in found.issue_counts] == [("bike.kind", 1)]
    assert found.cases == 1


@pytest.mark.parametrize("numbered", [False, True])
def test_an_example_is_passed_over(bikes: Rulebook, tmp_path: Path, *, numbered: bool) -> None:
    """Records that show how one is written are no cases, here or where records are read: nothing in them is told."""
    example: Row = {"case.id": " Example", "bike.kind": "one of the kinds"}
    cases: list[Row] = [example, {**example, "case.id": "EXAMPLE"}]
    folder = _written(tmp_path, cases=cases, reports=[{**REPORT, "case.id": one} for one in ("example", "good")])
    if numbered:
        for name, numbers in {"cases": [0, 1, 2], "reports": [1, 0]}.items():
            frame = pl.read_parquet(file := folder / f"{name}.parquet")
            frame.with_columns(pl.Series("case.row", numbers, dtype=pl.UInt32)).write_parquet(file)
    found = screen_frames(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)
    assert (found.cases, found.examples, found.left_out, found.orphans) == (1, 2, 0, 0)
    assert (found.rejected, found.issue_counts) == ((), ())
    assert _in_bulk(bikes, folder) == {"good"}
    if not numbered:
        caseload = read_cases([str(folder)], bikes.dictionary, criteria=bikes.criterion, taken_on=AS_OF)
        ordinary = screen(bikes, caseload, as_of=AS_OF)
        assert (ordinary.examples, ordinary.left_out, ordinary.issues) == (2, 0, ())
        assert found.rates == ordinary.rates


def test_every_part_may_have_an_example(bikes: Rulebook, tmp_path: Path) -> None:
    """It is no case that stands in two parts."""
    for part in "ab":
        (tmp_path / part).mkdir()
        frame = pl.DataFrame({"case.id": ["EXAMPLE", part], "bike.wheels": [2, 2]})
        frame.write_parquet(tmp_path / part / "cases.parquet")
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert (found.cases, found.examples, found.left_out) == (2, 2, 0)


def test_the_first_that_are_left_out_are_named(bikes: Rulebook, tmp_path: Path) -> None:
    """In order of id over all parts, whatever their order, each with what is wrong with it; issues are added up."""
    for part, numbers in {"a": range(30, 60), "b": range(30)}.items():
        ids = [f"{number // 2 * 2:02}" for number in numbers]
        (tmp_path / part).mkdir()
        frame = pl.DataFrame({"case.id": ids, "bike.kind": ["cargo bikes"] * 30, "bike.wheels": [2] * 30})
        frame.write_parquet(tmp_path / part / "cases.parquet")
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert (found.cases, found.left_out) == (0, 60)
    assert [one.case for one in found.rejected] == [f"{number:02}" for number in range(0, 40, 2)]
    assert {one.why for one in found.rejected} == {"another case has the same case.id"}
    assert [(one.where, one.number) for one in found.issue_counts] == [("bike.kind", 60)]


@pytest.mark.parametrize("what", SOUND)
def test_what_is_no_fault_is_screened_alike(bikes: Rulebook, tmp_path: Path, what: str) -> None:
    """The same rates as of an ordinary run, with nothing left out."""
    folder = _written(tmp_path, **SOUND[what])
    caseload = read_cases([str(folder)], bikes.dictionary, criteria=bikes.criterion, taken_on=AS_OF)
    ordinary = screen(bikes, caseload, as_of=AS_OF)
    assert set(ordinary.case_ids) == {"good", "bad"}
    assert bulk_rates(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)[""] == ordinary.rates


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_rows_of_no_case_leave_the_others_as_they_are(bikes: Rulebook, tmp_path: Path, suffix: str) -> None:
    """Each is told, as where records are read, and counts for no case. What holds nothing, or shows how, is neither."""
    cases: list[Row] = [GOOD, {"case.id": None}, {"case.id": "bad", "bike.wheels": 0}]
    reports: list[Row] = [{**REPORT, "case.id": one} for one in ("good", "nobody", None, "EXAMPLE", "nobody")]
    answers: list[Row] = [{**ANSWER, "case.id": "no one"}, {**ANSWER, "case.id": "good"}]
    tables: dict[str, list[Row]] = {"cases": cases, "reports": [*reports, {"case.id": None}], "answers": answers}
    for name, rows in tables.items():
        frame = pl.DataFrame(rows, infer_schema_length=None)
        file = tmp_path / f"{name}.{suffix}"
        frame.write_parquet(file) if suffix == "parquet" else frame.write_csv(file)
    caseload = read_cases([str(tmp_path)], bikes.dictionary, criteria=bikes.criterion, taken_on=AS_OF)
    ordinary = screen(bikes, caseload, as_of=AS_OF)
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert (found.cases, found.left_out) == (len(ordinary.case_ids), ordinary.left_out) == (2, 0)
    assert found.rates == ordinary.rates
    assert found.orphans == len(caseload.problems) == 4
    assert [(one.case, one.records) for one in found.rejected] == [("", 1), ("no one", 1), ("nobody", 2)]


@pytest.mark.parametrize("kept", [pl.Categorical, pl.Enum])
def test_blank_words_kept_as_numbers_are_not_recorded(bikes: Rulebook, tmp_path: Path, kept: type[pl.DataType]) -> None:
    """A key of spaces is none, and a kind that is blank is none, whatever the column's type."""
    _written(tmp_path, cases=[{"case.id": "bad", "bike.kind": " "}], reports=[{**REPORT, "id": " "}])
    for name, column in {"reports": "id", "cases": "bike.kind"}.items():
        frame = pl.read_parquet(file := tmp_path / f"{name}.parquet")
        words = pl.Enum(frame[column].drop_nulls().unique().sort())
        frame.with_columns(pl.col(column).cast(words if kept is pl.Enum else pl.Categorical())).write_parquet(file)
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert [(one.where, one.what) for one in found.issue_counts] == [("reports.id", "it is missing")]
    assert _screened(bikes, tmp_path) == _in_bulk(bikes, tmp_path) == {"good", "bad"}


def test_a_number_too_large_for_any_field_is_not_known(bikes: Rulebook, tmp_path: Path) -> None:
    """And stops nothing else, whatever whole numbers the column can hold."""
    wheels = pl.Series("bike.wheels", [2, 2**64 - 1], dtype=pl.UInt64)
    pl.DataFrame({"case.id": ["good", "bad"], "bike.wheels": wheels}).write_parquet(tmp_path / "cases.parquet")
    assert _in_bulk(bikes, tmp_path) == {"good", "bad"}
    found = screen_frames(bikes, scan_folder(tmp_path, bikes.dictionary), as_of=AS_OF)
    assert [(one.where, one.number) for one in found.issue_counts] == [("bike.wheels", 1)]


def test_a_time_with_a_zone_is_not_known(bikes: Rulebook, tmp_path: Path) -> None:
    """As where records are read, in the same words; the time of day of one without a zone is passed over."""
    zoned = ["2024-04-02T23:30:00Z", "2024-04-02 23:30+01:00", "2024-04-02 10:00 utc"]
    times = [*zoned, "2024-04-02T23:30", "2024-04-02 23:30:01.5", "2024-04-02", "2024-04-32"]
    ids = [f"B-{number}" for number in range(len(times))]
    frame = pl.DataFrame({"case.id": ids, "repair.brought_on": times, "bike.wheels": 2})
    frame.write_csv(tmp_path / "cases.csv")
    _agree(bikes, tmp_path, zoned=3, others=1)


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "+05:00", None])
@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_column_of_times_with_a_zone_is_not_known(
    bikes: Rulebook, tmp_path: Path, zone: str | None, unit: Literal["ms", "us", "ns"]
) -> None:
    """Whatever its zone; a column of times without one is a column of days."""
    day = pl.Series("repair.brought_on", [datetime(2024, 4, 2, 23, 30), None], dtype=pl.Datetime(unit))  # noqa: DTZ001
    column = day if zone is None else day.dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    pl.DataFrame({"case.id": ["B-1", "B-2"], "bike.wheels": [2, 2]}).with_columns(column).write_parquet(
        tmp_path / "cases.parquet"
    )
    _agree(bikes, tmp_path, zoned=int(zone is not None), others=0)


def _agree(bikes: Rulebook, folder: Path, *, zoned: int, others: int) -> None:
    """That the folder is read alike in both ways, with so many times that have a zone, and so many other faults."""
    caseload = read_cases([str(folder)], bikes.dictionary, criteria=bikes.criterion)
    found = screen_frames(bikes, scan_folder(folder, bikes.dictionary), as_of=AS_OF)
    told = [one.what for case in caseload.cases for one in case.unreadable]
    what = "is a time with a zone, and can be another day here"
    assert [sum(what in one for one in told), len(told)] == [zoned, zoned + others]
    counts = {one.what: one.number for one in found.issue_counts}
    assert (counts.pop(f"it {what}", 0), sum(counts.values())) == (zoned, others)
    assert found.rates == screen(bikes, caseload, as_of=AS_OF).rates
