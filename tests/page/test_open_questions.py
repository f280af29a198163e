"""Questions wait for a reader with what is recorded beside them, and answers are kept as records are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from page_session import Findings, Page

_DAY = "2016-05-09"
_SOMERSET = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"


@pytest.fixture
def read(page: Page) -> Page:
    """The cases of the letter without what readers answered."""
    for path in sorted(_SOMERSET.glob("*.toml")):
        page.session.add_file(path.name, path.read_bytes().partition(b"[[answers]]")[0])
    page.give("read", as_of=_DAY, taken_on=_DAY)
    return page


def _first(page: Page) -> tuple[str, dict[str, Any]]:
    case = page.give("questions")["cases"][0]["case"]
    return case, next(one for one in page.give("questions", case=case)["questions"] if one["waits"])


def test_cases_are_asked_about_the_worst_first_and_closed_ones_last(read: Page) -> None:
    asked = read.give("questions")
    assert asked["waiting"] == sum(one["waiting"] for one in asked["cases"]) > 100
    assert asked["words"].startswith(f"{asked['waiting']:,} questions wait for a reader, in ")
    acting = [one["case"] for one in read.give("screen")["first_screen"]["at_a_glance"]["act_now"]]
    assert [one["case"] for one in asked["cases"]][: len(acting)] == acting
    closed = [one["closed"] for one in asked["cases"]]
    assert closed == sorted(closed)


def test_a_question_stands_beside_what_is_recorded(read: Page) -> None:
    case, question = _first(read)
    assert question["question"].endswith("?")
    assert question["help"]
    assert question["allowed"] == ["yes", "no", "na"]
    assert question["answer"] is None
    assert {"label", "value"} == set(question["facts"][0])
    assert all({"says", "raised"} == set(flag) for flag in question["flags"])
    about = read.give("questions", case=case)
    assert any(fact["label"] == "case manager" for fact in about["facts"])


def test_an_answer_changes_what_is_found_and_can_be_taken_back(read: Page) -> None:
    case, question = _first(read)
    before = read.give("screen")["counts"]
    about = {"case": case, "criterion": question["criterion"], "item": question["item"]}
    kept = read.give("answer", **about, answer="no", reason=" seen in the file ", by="Kim", on="2016-05-01")
    said = {"answer": "no", "reason": "seen in the file", "by": "Kim", "on": "2016-05-01", "source": ""}
    assert kept["answer"] == said
    after = read.give("screen")["counts"]
    assert after["not met"] == before["not met"] + 1
    assert after["needs judgement"] == before["needs judgement"] - 1
    again = read.give("questions", case=case)["questions"]
    assert next(one for one in again if one["criterion"] == question["criterion"])["answer"] == said
    assert read.give("answer", **about, answer=None)["answer"] is None
    assert read.give("screen")["counts"] == before


def test_an_answer_is_refused_as_the_reader_of_records_refuses_it(read: Page) -> None:
    case, question = _first(read)
    about = {"case": case, "criterion": question["criterion"], "item": question["item"]}
    refused = {
        "no reason is given": {"answer": "na"},
        "It can be: n/a, no or yes": {"answer": "maybe"},
        "is later than the day": {"answer": "yes", "on": "2016-05-10"},
        "is not a day": {"answer": "yes", "on": "2016-02-30"},
        "It can be: file or interview": {"answer": "yes", "source": "hearsay"},
    }
    for words, given in refused.items():
        error = read.call("answer", **about, **given)
        assert words in json.dumps(error.get("error")), (words, error)
        assert "--" not in json.dumps(error)
    assert read.give("answer", **about, answer="na", reason="moved away")["answer"]["answer"] == "na"


def test_only_what_waits_for_a_reader_can_be_answered(read: Page) -> None:
    case, question = _first(read)
    for about in ({"criterion": "plan-timely"}, {"criterion": question["criterion"], "item": "9"}, {"criterion": "x"}):
        assert "No such question" in read.call("answer", case=case, **about, answer="yes")["error"]["what"]
    assert (
        "SOM-99" in read.call("answer", case="SOM-99", criterion=question["criterion"], answer="yes")["error"]["what"]
    )


@pytest.mark.parametrize("form", ["xlsx", "toml", "json"])
def test_what_is_kept_reads_back_to_the_same_findings(read: Page, typed: Findings, tmp_path: Path, form: str) -> None:
    """All questions of the first cases answered, each in another way, by several readers."""
    for number, case in enumerate(one["case"] for one in read.give("questions")["cases"][:3]):
        for index, one in enumerate(read.give("questions", case=case)["questions"]):
            given = ("yes", "no", "na")[(index + number) % 3]
            about = {"case": case, "criterion": one["criterion"], "item": one["item"]}
            reason = "a reason, \u201cquoted\u201d\n=1+1" if given == "na" or index % 2 else ""
            read.give("answer", **about, answer=given, reason=reason, by=f"Reader {index % 2}", on="2016-05-01")
    found = read.download("report", form="json")
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / f"cases.{form}").write_bytes(read.download("answers", form=form))
    again = typed(folder, f"cases.{form}", "--as-of", _DAY, "--taken-on", _DAY)
    assert json.loads(again)["findings"] == json.loads(found)["findings"]
    assert json.loads(again)["cases_hash"] == json.loads(found)["cases_hash"]


def test_what_cannot_be_drawn_is_shown_as_such(page: Page) -> None:
    """Of who holds a case and of what a reader wrote; marks of direction are gone once a record is read."""
    text = (_SOMERSET / "SOM-01.toml").read_text(encoding="utf-8").partition("[[answers]]")[0]
    page.session.add_file("SOM-01.toml", text.replace('"Worker A"', '"\\u202e\\ue000Worker A"').encode())
    page.give("read", as_of=_DAY, taken_on=_DAY)
    case, question = _first(page)
    about = {"case": case, "criterion": question["criterion"], "item": question["item"]}
    kept = page.give("answer", **about, answer="no", reason="a\u202eb\ue000\nc", by="\ue000Kim")
    assert (kept["answer"]["reason"], kept["answer"]["by"]) == ("ab\ufffd\nc", "\ufffdKim")
    assert page.give("questions")["cases"][0]["owner"] == "\ufffdWorker A"
    assert page.give("questions", case=case)["owner"] == "\ufffdWorker A"
