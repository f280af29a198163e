"""Whatever is asked and dropped is answered: a mistake with what to do, and never a traceback."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hostile_files import hostile_file
from page_session import Page

from casescreen import __version__
from casescreen.model.problem import CasescreenError

_BROKEN = Path(__file__).resolve().parents[1] / "broken" / "cases"
_FORMS = ("toml", "json", "jsonl", "csv", "xlsx", "xls", "ods", "xlsb")


def _all_is_answered(page: Page) -> None:
    for method in ("read", "screen", "questions"):
        answer = page.call(method)
        assert "fault" not in json.dumps(answer.get("error", "")), answer
    for method in ("marked", "answers", "mapping", "report"):
        with suppress(CasescreenError):
            page.download(method, form="json")


@pytest.mark.parametrize("form", _FORMS)
def test_a_hostile_file_is_read_or_refused(page: Page, form: str) -> None:
    for seed in range(4):
        page.give("clear")
        page.session.add_file(f"cases.{form}", hostile_file(form, seed))
        _all_is_answered(page)


def test_every_broken_case_file_is_told_with_its_place(page: Page) -> None:
    files = sorted(path for path in _BROKEN.rglob("*") if path.is_file() and path.suffix in {".toml", ".json"})
    assert files
    for file in files:
        page.give("clear")
        page.add(file)
        read = page.give("read", as_of="2016-05-09", taken_on="2016-05-09")
        told = [*read["rejected"], *read["issues"]]
        assert told or file.parent.name not in {"field", "syntax", "value"}, file
        assert all(one["where"].startswith(file.name) for one in told), told
        assert not [one for one in told if "--" in one["advice"]], told


def test_problems_are_bounded_in_number(page: Page) -> None:
    page.session.add_file("cases.csv", b"case.id,plan.signed\n" + b"".join(b"A-%d,maybe\n" % n for n in range(900)))
    read = page.give("read")
    assert len(read["issues"]) == 1, "those of one column are told once"
    page.give("clear")
    for number in range(300):
        page.session.add_file(f"{number}.toml", b"[case\n")
    read = page.give("read")
    assert (len(read["rejected"]), read["more_rejected"]) == (200, 100)


def test_what_nobody_can_ask_is_a_fault_of_ours_and_says_so(page: Page) -> None:
    for method, arguments in (("no such", "{}"), ("read", "[1]"), ("read", "{"), ("explain", "{}"), ("answer", "{}")):
        error = json.loads(page.session.call(method, arguments))["error"]
        assert error["what"]
    assert "KeyError" in page.call("no such")["error"]["what"]


def test_what_it_is_is_told(page: Page) -> None:
    about = page.give("about")
    assert about["version"] == __version__
    assert about["rulebooks"][0]["id"] == "sqs-2016"
    assert about["sample"]


def test_what_is_cleared_is_gone(page: Page) -> None:
    page.give("use_sample")
    page.give("read")
    page.give("clear")
    assert page.give("files") == {"files": []}
    assert page.call("screen")["error"]["what"] == "Nothing was read yet."


def test_a_file_can_be_taken_away(page: Page) -> None:
    files = page.give("use_sample")["files"]
    left = page.give("remove_file", id=files[0]["id"])["files"]
    assert [one["name"] for one in left] == [one["name"] for one in files[1:]]
    assert page.give("read", as_of="2016-05-09")["records"] == 19
    assert "no longer here" in page.call("remove_file", id="f99")["error"]["what"]
