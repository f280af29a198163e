"""What is dropped is read as the command line reads it, whatever it is."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from page_session import Findings, Page
from tables_in_files import Rows, tables

from casescreen.model.problem import CasescreenError
from casescreen.page import files_read

_DAY = "2026-11-28"
# fmt: off
_TRACKER: Rows = [
    ["Caseload tracker"],
    [],
    ["Ref", "Order type", "Order start", "IP completed", "RoSH level", "VMP", "Case manager", "Seen on", "Comments"],
    [1401, "YRO", date(2026, 8, 17), "18/9/26", "High", "Y", "Worker A", "02/03/2026", "mum not engaging"],
    [1402, "RO", date(2026, 9, 14), date(2026, 9, 30), "Med", "N/A", "Worker A", "20/03/2026", None],
    [1403, "RO 6 mth", date(2026, 11, 20), "tbc", "Low", "N", "Worker B", None, "contract signed 20/11"],
]
# fmt: on


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    return tables(tmp_path, "xlsx", {"Caseload": _TRACKER, "Notes": [["red = overdue"]]})


def _column(read: dict[str, object], heading: str) -> dict[str, object]:
    columns = read["columns"]
    assert isinstance(columns, list)
    return next(one for one in columns if one["heading"] == heading)


def test_files_of_every_form_are_read_together(page: Page, tmp_path: Path) -> None:
    """Each by its own headings; of two records of one id none counts."""
    rows: Rows = [["case.id", "order.starts_on"], ["A-1", date(2026, 3, 1)]]
    for name, form in (("one", "xlsx"), ("two", "ods"), ("three", "csv")):
        folder = tmp_path / name
        folder.mkdir()
        named = [[rows[0][0], rows[0][1]], [f"{name}-1", date(2026, 3, 1)]]
        page.add(tables(folder, form, {"cases": named}))
    page.session.add_file("four.toml", b'[case]\nid = "four-1"\n')
    page.session.add_file("five.json", json.dumps([{"case": {"id": "five-1"}}, {"case": {"id": "one-1"}}]).encode())
    read = page.give("read")
    assert (read["records"], read["left_out"], read["columns"]) == (4, 2, [])
    assert read["words"] == "4 cases were read from 5 files; 2 records were left out."
    assert read["rejected"][0]["where"].startswith("five.json")
    assert not read["needs_confirmation"]


def test_files_and_records_that_are_left_out_are_counted_apart(page: Page) -> None:
    """A file that holds no case is not one that was read, and records of one id are told once."""
    page.session.add_file("none.json", b'{"name": "x", "version": 1}')
    assert page.give("read")["words"] == "0 cases were read; 1 file could not be read."
    assert page.call("screen")["error"]["what"] == "There is no case to screen."
    page.session.add_file("deep.json", b"[" * 200_000)
    page.session.add_file("book.csv", b"PK\x03\x04 and more")
    page.session.add_file("cases.csv", b"case.id,order.type\nA-1,referral order\nA-2,x\nA-2,x\n,x\n")
    read = page.give("read")
    assert read["words"] == "1 case was read from 1 file; 3 files could not be read; 3 records were left out."
    told = {one["where"].partition(":")[0].partition(",")[0]: one["what"] for one in read["rejected"]}
    assert "no case records" in told["none.json"]
    assert "32 levels" in told["deep.json"]
    assert "it is a workbook" in told["book.csv"]
    assert sum("the same id" in one["what"] for one in read["rejected"]) == 1


def test_columns_are_matched_and_wait_to_be_confirmed(page: Page, tracker: Path) -> None:
    page.add(tracker)
    read = page.give("read")
    assert (read["records"], read["needs_confirmation"], read["can_screen"]) == (3, True, True)
    assert _column(read, "Ref")["field"] == "case.id"
    assert _column(read, "IP completed") == {
        "id": "caseload > IP completed",
        "sheet": "Caseload",
        "heading": "IP completed",
        "field": "plan.completed_on",
        "label": "plan completed",
        "how": "2 of 3 read as dates, e.g. 18 September 2026, 1 says not known or not done",
        "sure": True,
        "alternatives": _column(read, "IP completed")["alternatives"],
    }
    comments = _column(read, "Comments")
    assert (comments["field"], comments["how"]) == (None, "nothing that casescreen reads is called like it")
    offered = {one["field"] for one in comments["alternatives"]}  # type: ignore[attr-defined]
    assert {"case.id", "order.starts_on", "reviews.done_on (plan)"} <= offered
    assert read["missing"][0]["questions"] > 0
    assert "mum not engaging" not in json.dumps(read)


def test_what_a_person_chooses_is_read(page: Page, tracker: Path) -> None:
    """A column that means nothing is read, one that was matched is not, and the file of it says the same."""
    page.add(tracker)
    choices = {
        "caseload > Seen on": "assessment.completed_on",
        "caseload > RoSH level": None,
        "caseload > VMP": "no such",
    }
    read = page.give("read", choices=choices)
    assert _column(read, "Seen on")["field"] == "assessment.completed_on"
    assert (_column(read, "RoSH level")["field"], _column(read, "VMP")["field"]) == (None, None)
    assert _column(read, "IP completed")["field"] == "plan.completed_on"
    text = page.download("mapping").decode()
    assert '"assessment.completed_on" = "Seen on"' in text
    assert "harm.level" not in text


def test_the_id_can_be_chosen(page: Page, tmp_path: Path) -> None:
    rows: Rows = [["Ref", "YJMS no", "Order start"], ["x", "77", date(2026, 3, 1)], ["x", "78", date(2026, 4, 1)]]
    page.add(tables(tmp_path, "xlsx", {"Caseload": rows}))
    read = page.give("read", choices={"caseload > YJMS no": "case.id"})
    assert _column(read, "YJMS no")["field"] == "case.id"
    assert read["records"] == 2


def test_a_mapping_that_is_saved_reads_the_same_here_and_by_the_command_line(
    page: Page, typed: Findings, tracker: Path
) -> None:
    """Confirmed, it gives the findings that its file gives, dropped or named, to the byte."""
    (tracker_id,) = page.add(tracker)
    choices = {"caseload > Seen on": "assessment.completed_on"}
    confirmed = page.give("read", choices=choices, confirmed=True)
    assert not confirmed["needs_confirmation"]
    found = page.download("report", form="json")
    mapping = page.download("mapping")
    (tracker.parent / "mapping.toml").write_bytes(mapping)
    named = (tracker.name, "--mapping", "mapping.toml")
    assert found == typed(tracker.parent, *named, "--as-of", _DAY, "--taken-on", _DAY)
    page.give("clear")
    page.add(tracker)
    page.session.add_file("mine.toml", mapping)
    read = page.give("read")
    assert (read["mapping"], read["needs_confirmation"]) == ("Mapping of tables.xlsx", False)
    assert [one["kind"] for one in read["files"]] == ["cases", "mapping"]
    assert page.download("report", form="json") == found
    assert tracker_id == "f1"


def test_what_nobody_confirmed_says_so(page: Page, typed: Findings, tracker: Path) -> None:
    page.add(tracker)
    page.give("read")
    found = page.download("report", form="json")
    assert found == typed(tracker.parent, tracker.name, "--as-of", _DAY, "--taken-on", _DAY)
    assert json.loads(found)["assumed"][0] == "Columns matched by suggestion, not confirmed."
    assert page.give("screen")["first_screen"]["notes"][0]["label"] == "NOT CONFIRMED"


def test_the_order_of_day_and_month_is_asked_where_nothing_tells(page: Page, tmp_path: Path) -> None:
    rows: Rows = [["Ref", "Order start"], ["A-1", "02/03/2026"], ["A-2", "04/05/2026"]]
    page.add(tables(tmp_path, "csv", {"Caseload": rows}))
    read = page.give("read")
    assert [one["id"] for one in read["questions"]] == ["date_order"]
    assert [one["value"] for one in read["questions"][0]["options"]] == ["day-first", "month-first"]
    for order, month in (("day-first", "March"), ("month-first", "February")):
        read = page.give("read", date_order=order, confirmed=True)
        assert [one["id"] for one in read["questions"]] == ["date_order"], "it can be said otherwise"
        assert month in str(_column(read, "Order start")["how"])
        assert not read["issues"]
        assert f'dates = "{order}"' in page.download("mapping").decode()


def test_several_mappings_are_not_guessed_between(page: Page, tracker: Path) -> None:
    page.add(tracker)
    for name in ("a.toml", "b.toml"):
        page.session.add_file(name, b'title = "x"\n[cases]\nid = "Ref"\n[fields]\n"order.type" = "Order type"\n')
    assert "several mappings" in page.call("read")["error"]["what"]


def test_a_mapping_that_is_wrong_is_told_with_its_lines(page: Page, tracker: Path) -> None:
    page.add(tracker)
    page.session.add_file("a.toml", b'title = "x"\n[cases]\nid = "Ref"\n[fields]\n"order.tipe" = "Order type"\n')
    (problem,) = page.call("read")["error"]["problems"]
    assert problem["where"] == "a.toml, line 5"
    assert "order.type" in problem["advice"]


def test_what_cannot_be_read_is_told_by_its_cell_and_marked(page: Page, tmp_path: Path) -> None:
    rows: Rows = [["case.id", "order.starts_on", "plan.signed"], ["A-1", "soon", "yes"]]
    rows = [*rows, ["A-2", date(2026, 3, 1), "maybe"]]
    page.add(tables(tmp_path, "xlsx", {"cases": rows}))
    read = page.give("read")
    first, second = read["issues"]
    assert first["where"].startswith('tables.xlsx, sheet "cases", row 2, column B')
    assert first["what"].startswith("order started: ")
    assert second["where"].startswith('tables.xlsx, sheet "cases", row 3, column C')
    assert read["can_mark"]
    book = openpyxl.load_workbook(io.BytesIO(page.download("marked")))
    assert book["cases"]["B2"].comment is not None
    assert book["problems"]["A2"].value == "tables.xlsx"


def test_nothing_but_a_broken_file_is_no_error_and_nothing_to_screen(page: Page) -> None:
    page.session.add_file("cases.xlsx", b"PK\x03\x04 not a workbook")
    read = page.give("read")
    assert (read["records"], read["can_screen"]) == (0, False)
    assert read["rejected"]
    assert page.call("screen")["error"]["problems"] == read["rejected"]


def test_more_cases_than_a_browser_holds_are_refused(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_read, "MOST_CASES", 19)
    page.give("use_sample")
    error = page.call("read", as_of="2016-05-09")["error"]
    assert error["what"].startswith("There are 20 cases")
    assert "divide them" in error["advice"]
    monkeypatch.setattr(files_read, "MOST_CASES", 20)
    page.give("read", as_of="2016-05-09")


def test_without_files_it_is_said_what_to_do(page: Page) -> None:
    assert "drop a workbook" in page.call("read")["error"]["advice"]
    assert page.call("screen")["error"]["what"] == "Nothing was read yet."


def test_each_mapping_that_was_suggested_can_be_saved(page: Page) -> None:
    """Files with other columns have a mapping of their own, under a name of its own."""
    for name, start in (("north", "Order start"), ("south", "Start of order")):
        page.session.add_file(f"{name}/cases.csv", f"Case ID,{start}\n{name},2026-03-01\n".encode())
    read = page.give("read")
    assert [one["of"] for one in read["mappings"]] == ["north/cases.csv", "south/cases.csv"]
    saved = [page.session.download("mapping", json.dumps({"number": number})) for number in range(2)]
    assert [name for name, _, _ in saved] == ["mapping-1.toml", "mapping-2.toml"]
    assert b'"Order start"' in saved[0][2]
    assert b'"Start of order"' in saved[1][2]
    for number in (2, -1):
        with pytest.raises(CasescreenError, match="no such mapping"):
            page.download("mapping", number=number)
    for name, _, data in saved:
        page.session.add_file(name, data)
    assert "remove the others" in page.call("read")["error"]["advice"]


def test_files_of_one_name_in_two_folders_are_both_read(page: Page) -> None:
    """What is told of each names its folder."""
    for folder in ("north", "south"):
        page.session.add_file(f"{folder}/cases.csv", f"case.id,plan.signed\n{folder},maybe\n".encode())
    read = page.give("read")
    assert read["records"] == 2
    assert [one["name"] for one in read["files"]] == ["north/cases.csv", "south/cases.csv"]
    assert {one["where"].partition(":")[0].partition(",")[0] for one in read["issues"]} == {
        "north/cases.csv",
        "south/cases.csv",
    }
