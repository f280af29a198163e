"""What stands in people's files, in several forms, columns and spellings: the right outcome, and what is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import openpyxl
import polars as pl
import pytest
from attrs import frozen
from tables_in_files import FORMS, Rows, tables


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Any]


@frozen
class Screened:
    """What came of a file: its exit code, what was said, each outcome by case and criterion, and the whole report."""

    code: int
    err: str
    outcomes: Mapping[tuple[str, str], str]
    cases: Sequence[str]
    issues: Sequence[str]


Screen = Callable[..., Screened]
_HEAD = ["case.id", "order.type", "order.starts_on", "plan.completed_on"]


@pytest.fixture
def screened(run: Callable[..., Ran]) -> Screen:
    def call(path: Path, *options: object) -> Screened:
        ran = run("check", path, "--as-of", "2016-05-09", "--format", "json", *options)
        if not ran.out:
            return Screened(ran.code, ran.err, {}, (), ())
        report = json.loads(ran.out)
        outcomes = {(one["case"], one["criterion"]): one["outcome"] for one in report["findings"]}
        issues = [f"{one['kind']}: {one['what']}" for one in report["issues"]]
        return Screened(ran.code, ran.err, outcomes, [case["id"] for case in report["cases"]], issues)

    return call


def _record(folder: Path, form: str, text: Mapping[str, object]) -> Path:
    """A record of sections and rows, as TOML or JSON."""
    path = folder / f"record.{form}"
    if form == "json":
        path.write_text(json.dumps(text, default=str), encoding="utf-8")
        return path
    lines = []
    for name, part in text.items():
        for each in part if isinstance(part, list) else [part]:
            assert isinstance(each, dict)
            lines.append(f"[[{name}]]" if isinstance(part, list) else f"[{name}]")
            values = {
                key: json.dumps(value) if not isinstance(value, date) else str(value) for key, value in each.items()
            }
            lines += [f"{key} = {value}" for key, value in values.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


_LOOKUP = """\
title = "Plans stand in another sheet"
dates = "day-first"
[cases]
sheet = "Orders"
id = "Order No"
[fields]
"order.type" = { column = "Type", words = { RO = "referral order", YRO = "youth rehabilitation order" } }
"order.starts_on" = "Start"
"""
_PLANS = '[[lookups]]\nsheet = "Plans"\nof = "Order No"\nto = "Ref"\n[lookups.fields]\n"plan.completed_on" = "Plan"\n'


_LINKS = ["A1 ", "a1", "\u200bA1", "A1\u00a0", "A 1"]


@pytest.mark.parametrize(
    ("form", "link"), [*zip(FORMS, _LINKS, strict=False), *(("xlsx", link) for link in _LINKS[2:])]
)
def test_a_link_is_found_whatever_cannot_be_seen(screened: Screen, tmp_path: Path, form: str, link: str) -> None:
    """Spaces, capitals and what has no width make no other id; a link that is another id is told."""
    (tmp_path / "m.toml").write_text(_LOOKUP + _PLANS, encoding="utf-8")
    orders: Rows = [["Order No", "Type", "Start"], ["A1", "YRO", "2016-02-01"]]
    plans: Rows = [["Ref", "Plan"], [link, "2016-03-15"]]
    found = screened(tables(tmp_path, form, {"Orders": orders, "Plans": plans}), "--mapping", tmp_path / "m.toml")
    if link == "A 1":
        assert "A 1" in found.err
        assert found.outcomes["A1", "plan-timely"] == "not evidenced"
    else:
        assert found.outcomes["A1", "plan-timely"] == "not met"


@pytest.mark.parametrize(("form", "again"), [*zip(FORMS, ["Plan", "plan ", "PLAN"], strict=True)])
def test_a_heading_that_stands_twice_is_told_with_a_mapping(
    screened: Screen, tmp_path: Path, form: str, again: str
) -> None:
    """Neither column is read, of whichever case."""
    (tmp_path / "m.toml").write_text(f'{_LOOKUP}"plan.completed_on" = "Plan"\n', encoding="utf-8")
    rows: Rows = [["Order No", "Type", "Start", "Plan", again], ["A1", "RO", "2016-02-01", None, "2016-02-10"]]
    found = screened(tables(tmp_path, form, {"Orders": rows}), "--mapping", tmp_path / "m.toml")
    assert "stands here again, as in column D, and neither is read" in found.err
    assert found.outcomes["A1", "plan-timely"] == "not evidenced"
    assert found.code == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mapped", [True, False])
def test_what_stands_below_no_heading_is_told(screened: Screen, tmp_path: Path, form: str, mapped: bool) -> None:
    """With a mapping or without."""
    (tmp_path / "m.toml").write_text(f'{_LOOKUP}"plan.completed_on" = "Plan"\n', encoding="utf-8")
    head = ["Order No", "Type", "Start", "Plan"] if mapped else _HEAD
    rows: Rows = [[*head, None], ["A1", "RO" if mapped else "referral order", "2016-02-01", "2016-02-10", "2016-03-15"]]
    options = ["--mapping", tmp_path / "m.toml"] if mapped else []
    found = screened(tables(tmp_path, form, {"Orders": rows}), *options)
    assert "column E: something stands in a column that has no heading" in found.err
    assert found.outcomes["A1", "plan-at-start"] == "met"


_NO_DAYS = ["1900-01-01", "1899-12-30", "1970-01-01", "2006-02-28"]
_TIMELY = {"plan.completed_on": "plan-timely", "cse.tool_completed_on": "cse-tool-completed"}


@pytest.mark.parametrize(
    ("form", "day"), [("xlsx", _NO_DAYS[0]), ("ods", _NO_DAYS[1]), *(("csv", d) for d in _NO_DAYS)]
)
@pytest.mark.parametrize("field", _TIMELY)
def test_a_day_that_stands_for_none_is_not_believed(
    screened: Screen, tmp_path: Path, form: str, day: str, field: str
) -> None:
    """It is named, and what rests on it is not evidenced."""
    rows = [["case.id", "order.type", "order.starts_on", field], ["A1", "referral order", "2016-02-01", day]]
    found = screened(tables(tmp_path, form, {"cases": rows}))
    assert found.outcomes["A1", _TIMELY[field]] == "not evidenced"
    assert any(one.startswith("not believed") for one in found.issues), found.issues
    assert "A1" in found.err
    assert found.code == 1


@pytest.mark.parametrize(("form", "day"), [("xlsx", "2099-12-31"), ("ods", "9999-12-31"), ("csv", "2050-01-01")])
def test_a_day_that_stands_for_none_in_the_future_is_not_believed(
    screened: Screen, tmp_path: Path, form: str, day: str
) -> None:
    """Nor one by which something is due, or at which an order ends, decades from now."""
    cases = [[*_HEAD, "order.ends_on"], ["A1", "youth rehabilitation order", "2016-02-01", "2016-02-10", day]]
    reviews = [["case.id", "of", "due_on"], ["A1", "plan", day]]
    found = screened(tables(tmp_path, form, {"cases": cases, "reviews": reviews}))
    assert len([one for one in found.issues if one.startswith("not believed")]) == 2
    assert found.outcomes["A1", "plan-reviewed"] == "not evidenced"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"plan": {"exists": False, "completed_on": date(2016, 2, 10)}}, "there is no plan, and a day"),
        ({"reviews": [{"of": "plan", "done": False, "done_on": date(2016, 5, 1)}]}, "a review is not done, and a day"),
        ({"cse": {"tool_completed": False, "tool_completed_on": date(2016, 2, 9)}}, "is not completed, and a day"),
        ({"reviews": [{"of": "plan", "done": True, "done_on": date(2014, 5, 1)}]}, "over a year before the order"),
        ({"non_compliance": [{"responded": False, "responded_on": date(2016, 3, 1)}]}, "no response to a failure"),
        (
            {"engagement": {"struggled": False}, "non_compliance": [{"occurred_on": date(2016, 3, 1)}]},
            "did not struggle",
        ),
        ({"harm": {"level": "very high", "factors_to_manage": False}}, "there is nothing to manage"),
        ({"vulnerability": {"level": "high", "needs_plan": False}}, "needs no plan"),
        ({"child": {"age_at_start": -3}}, "under 10 or over 21"),
        ({"child": {"age_at_start": 150}}, "under 10 or over 21"),
        ({"order": {"starts_on": date(2016, 2, 1), "ends_on": date(2015, 2, 1)}}, "the order ends before it starts"),
        (
            {"order": {"starts_on": date(2016, 2, 1), "sentenced_on": date(2016, 3, 1)}},
            "the order starts before its sentence",
        ),
        (
            {"non_compliance": [{"occurred_on": date(2016, 3, 2), "responded_on": date(2016, 3, 1)}]},
            "the response lies before the failure",
        ),
    ],
)
def test_what_cannot_be_or_contradicts_itself_is_told(
    screened: Screen, tmp_path: Path, parts: Mapping[str, object], told: str
) -> None:
    """In the report, whatever file the record stands in."""
    form = "json" if "order" in parts or "cse" in parts else "toml"
    record = {"case": {"id": "A1"}, "order": {"type": "referral order", "starts_on": date(2016, 2, 1)}, **parts}
    found = screened(_record(tmp_path, form, record))
    assert any(told in one for one in found.issues), found.issues


_ZONES = ["2016-03-29T23:00:00Z", "2016-03-29T23:00:00+00:00", "2016-03-29 23:00:00+00:00"]


@pytest.mark.parametrize(
    ("form", "written"), [*zip(FORMS, _ZONES, strict=True), ("csv", _ZONES[0]), ("json", _ZONES[0])]
)
def test_a_time_with_a_zone_is_refused(screened: Screen, tmp_path: Path, form: str, written: str) -> None:
    """23:00 in Greenwich is the next day in the summer of the United Kingdom."""
    if form == "json":
        order = {"type": "youth rehabilitation order", "starts_on": "2016-03-04"}
        path = _record(tmp_path, form, {"case": {"id": "A1"}, "order": order, "plan": {"completed_on": written}})
    else:
        path = tables(tmp_path, form, {"cases": [_HEAD, ["A1", "youth rehabilitation order", "2016-03-04", written]]})
    found = screened(path)
    assert found.outcomes["A1", "plan-timely"] == "not evidenced"
    assert "plan.completed_on" in found.err


def test_a_time_with_a_zone_is_refused_in_parquet(screened: Screen, tmp_path: Path) -> None:
    """A column of such times is no column of days."""
    day = datetime(2016, 3, 29, 23, tzinfo=UTC)
    columns = {"case.id": ["A1"], "order.starts_on": [date(2016, 3, 4)], "plan.completed_on": [day]}
    pl.DataFrame(columns).write_parquet(tmp_path / "cases.parquet")
    found = screened(tmp_path / "cases.parquet")
    assert found.outcomes["A1", "plan-timely"] == "not evidenced"
    assert "plan.completed_on" in found.err


@pytest.mark.parametrize(
    ("form", "total"), [*zip(FORMS, ("Total", "GRAND TOTAL:", "Sum"), strict=True), ("csv", "12 cases")]
)
def test_a_row_with_an_id_and_nothing_else_is_no_case(screened: Screen, tmp_path: Path, form: str, total: str) -> None:
    """And that is said."""
    found = screened(tables(tmp_path, form, {"cases": [_HEAD, ["A1", None, "2016-02-01", "2016-02-29"], [total]]}))
    assert found.cases == ["A1"]
    assert "row 3" in found.err
    assert "nothing stands in the row but an id" in found.err


def test_a_row_that_may_be_a_case_is_not_lost_in_notes(run: Run, tmp_path: Path) -> None:
    """Who looks at the first screen alone sees that something was taken for granted; the whole report says what."""
    (tmp_path / "cases.csv").write_text("case.id,harm.level\nA1,low\nA2,\n", encoding="utf-8")
    assert "ASSUMED" in run("check", tmp_path / "cases.csv", "--as-of", "2016-05-09").out
    whole = run("check", tmp_path / "cases.csv", "--as-of", "2016-05-09", "--full").out
    assert "1 row with an id and nothing else is taken for no case" in whole


@pytest.mark.parametrize(("suffix", "separator"), [("csv", ","), ("csv", ";"), ("tsv", "\t")])
def test_a_line_that_ends_early_is_told(screened: Screen, tmp_path: Path, suffix: str, separator: str) -> None:
    """What it lacks is not known; in the lines before it a blank is a blank."""
    rows = [_HEAD, ["A1", "referral order", "2016-02-01", ""], ["A2", "referral order", "2016-02-01"]]
    (tmp_path / f"cases.{suffix}").write_text("\n".join(map(separator.join, rows)), encoding="utf-8")
    found = screened(tmp_path / f"cases.{suffix}")
    assert "column D (case A2): plan.completed_on: the row ends before this column" in found.err
    assert "A1" not in found.err


_NO_DATES = ["Feb 2016", "tbc", "31/02/2016", "2016-02-30", "yes", "12"]


@pytest.mark.parametrize(("form", "written"), [*zip([*FORMS, "json"] * 2, _NO_DATES, strict=False), ("json", "tbc")])
def test_a_cell_that_is_no_date_costs_no_case(screened: Screen, tmp_path: Path, form: str, written: str) -> None:
    """It counts as not known and is named, and the other findings of the case stand."""
    whole = {
        "case": {"id": "A1"},
        "order": {"type": "referral order", "starts_on": "2016-02-01"},
        "harm": {"level": "low"},
    }
    if form == "json":
        path = _record(tmp_path, form, {**whole, "plan": {"completed_on": written}})
        clean = _record(tmp_path, "toml", {**whole, "order": {"type": "referral order", "starts_on": date(2016, 2, 1)}})
    else:
        row = ["A1", "referral order", "2016-02-01", "low"]
        head = [*_HEAD[:3], "harm.level"]
        clean = tables(tmp_path, form, {"clean": [head, row]})
        found_clean = screened(clean)
        path = tables(tmp_path, form, {"cases": [[*head, "plan.completed_on"], [*row, written]]})
    found_clean = screened(clean) if form == "json" else found_clean
    found = screened(path)
    assert found.outcomes["A1", "plan-timely"] == "not evidenced"
    assert "plan.completed_on" in found.err
    assert written not in found.err.replace(str(tmp_path), "")  # a folder of tests can be numbered so
    reading = {
        criterion
        for _, criterion in found.outcomes
        if found.outcomes["A1", criterion] != found_clean.outcomes["A1", criterion]
    }
    assert all(found.outcomes["A1", criterion] == "not evidenced" for criterion in reading)
    assert found.code == 1


@pytest.mark.parametrize(("form", "link"), [*zip(FORMS, _LINKS, strict=False)])
def test_rows_of_tables_are_those_of_their_case(screened: Screen, tmp_path: Path, form: str, link: str) -> None:
    """Also without a mapping."""
    cases = [_HEAD, ["A1", "referral order", "2016-02-01", "2016-02-10"]]
    reviews = [["case.id", "of", "due_on", "done"], [link, "plan", "2016-04-01", "no"]]
    found = screened(tables(tmp_path, form, {"cases": cases, "reviews": reviews}))
    assert found.outcomes["A1", "reviews-held"] == "not met"
    assert found.cases == ["A1"]


@pytest.mark.parametrize(("form", "above"), [*zip(FORMS, [1, 2, 4], strict=True)])
def test_headings_below_titles_are_matched(screened: Screen, tmp_path: Path, form: str, above: int) -> None:
    """By suggestion, which is told."""
    titles = [[f"Title {number}"] for number in range(above - 1)] + [[]]
    rows = [*titles, ["Order No", "Type of order", "Order started", "Plan completed"],
            ["A1", "referral order", "2016-02-01", "2016-03-15"]]  # fmt: skip
    found = screened(tables(tmp_path, form, {"Sheet1": rows}))
    assert found.outcomes["A1", "plan-timely"] == "not met"
    assert f"headings in row {above + 1}" in " ".join(found.err.split())
    assert found.code == 1


@pytest.mark.parametrize(("written", "meant"), [("'007", "007"), ('="008"', "008"), ("007", "007"), ("A\u200b7", "A7")])
def test_marks_that_make_text_are_no_part_of_an_id(screened: Screen, tmp_path: Path, written: str, meant: str) -> None:
    """In text, where a spreadsheet program left them."""
    found = screened(tables(tmp_path, "csv", {"cases": [_HEAD, [written, None, "2016-02-01", "2016-02-29"]]}))
    assert found.cases == [meant]


def test_zeros_that_are_shown_are_part_of_an_id(screened: Screen, tmp_path: Path) -> None:
    """Seven shown as 000007."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(_HEAD)
    sheet.append([7, None, date(2016, 2, 1), date(2016, 2, 29)])
    sheet["A2"].number_format = "000000"
    book.save(tmp_path / "cases.xlsx")
    assert screened(tmp_path / "cases.xlsx").cases == ["000007"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "rows",
    [
        [[date(2016, 2, 1)], [date(2016, 2, 2)]],
        [[1, 2], [3, 4]],
        [["case.id"]],
        [["one", "two"], ["three", "four"]],
    ],
)
def test_a_file_of_no_case_is_no_screening(screened: Screen, tmp_path: Path, form: str, rows: Rows) -> None:
    """It never exits 0, and says why."""
    found = screened(tables(tmp_path, form, {"Sheet1": rows}))
    assert found.code == 2
    assert found.err.strip()
    assert not found.cases


# fmt: off
_TRACKER: Rows = [
    ["North & South YOT - live caseload tracker (updated weekly by admin)"],
    [],
    ["Ref", "Order type", "Order start", "Order end", "Asset done", "RoSH level", "Vuln level", "IP completed",
     "IP review due", "IP reviewed", "CSE tool date", "CSE risk?", "Case manager", "Comments"],
    ["1401", "YRO", date(2026, 8, 17), date(2027, 8, 16), "02/09/2026", "High", "V High", "18/9/26", "17/12/2026", None,
     "4.9.26", "Y", "Worker A", "mum not engaging"],
    ["1402", "RO", date(2026, 9, 14), None, "20 Sept 2026", "Med", "Medium", date(2026, 9, 30), "14/12/2026", None,
     "tbc", "N", "Worker A", None],
    ["1403", "RO 6 mth", date(2026, 11, 20), None, "tbc", "Low", "Low", "tbc", None, None, None, None, "Worker B",
     None],
    ["1404", "DTO", date(2026, 5, 1), date(2027, 4, 30), date(2026, 5, 10), "V. High", "High",
     "No plan - allocated late", "1/8/26", "not done", "overdue", "?", "Worker B", "chased x2"],
    ["1405", "YRO ISS", date(2026, 7, 3), date(2027, 7, 2), "in July", "Medium", "Low", "20/07/2026", "03/10/2026",
     "01/10/2026", "10/07/26", "No", "Worker C", None],
    ["1406", "referral order", date(2026, 10, 1), date(2027, 4, 1), *[None] * 8, "Worker C", "transfer in"],
    [],
    ["Total", "6 cases"],
]
# fmt: on


@pytest.mark.parametrize("form", FORMS)
def test_a_tracker_is_screened_as_it_is(run: Callable[..., Ran], tmp_path: Path, form: str) -> None:
    """Six cases in one command, the worst first, what cannot be read by its cell, and then by the mapping it gave."""
    rows = _TRACKER
    if form == "csv":  # in which a team has the days as its program shows them
        rows = [[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows]
    path = tables(tmp_path, form, {"Caseload tracker": rows})
    mapping, at = tmp_path / "m.toml", ("--as-of", "2026-11-28")
    first = run("check", "--full", path, *at, "--taken-on", "2026-11-28", "--mapping-out", mapping)
    assert first.code == 1
    assert "6 cases screened." in first.out
    assert first.out.rstrip().endswith("1 of 6 cases needs action now; start with 1404.")
    assert "Columns matched by suggestion, not confirmed." in first.out
    assert "row 8, column E (case 1405): assessment.completed_on: it is not a date" in first.err
    assert "in July" not in first.out + first.err
    second = run("check", "--full", path, *at, "--taken-on", "2026-11-28", "--mapping", mapping)
    assert "not confirmed" not in second.out
    assert [line for line in first.out.splitlines() if "1404" in line] == [
        line for line in second.out.splitlines() if "1404" in line
    ]
    assert run("check", "--full", path, *at, "--mapping-out", mapping).code == 2
    by_case = run("check", "--full", path, *at, "--mapping", mapping, "--by", "case").out
    grid = by_case[by_case.index("Case by case: act now") : by_case.index("What needs attention")]
    places = [grid.index(case) for case in ("1404", "1401", "1402", "1403", "1405", "1406")]
    assert places[0] == min(places)
