"""Whatever is asked and dropped is answered: a mistake with what to do, and never a traceback."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hostile_files import hostile_file
from page_session import Page

from casescreen import __version__
from casescreen.model.problem import CasescreenError
from casescreen.page import session
from casescreen.page.page_json import Arguments

_DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "page-calls.md"
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


def _rows(heading: str) -> dict[str, list[list[str]]]:
    """The rows of the table under a heading of the documentation, by the method that they are of."""
    rows: dict[str, list[list[str]]] = {}
    for line in (
        _DOCUMENTED.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines()
    ):
        if line.startswith("| `"):
            method, *others = (cell.strip() for cell in line.strip("|").split("|"))
            rows.setdefault(method.strip("`"), []).append(others)
    return rows


def _names(text: str) -> set[str]:
    """The names in what is written as code."""
    return {name for code in re.findall(r"`([^`]+)`", text) for name in re.findall(r"\w+", code)}


def _all_words(value: object) -> set[str]:
    """Every key and text of an answer."""
    if isinstance(value, dict):
        return {*value}.union(*map(_all_words, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(_all_words, value))
    return {value} if isinstance(value, str) else set()


class _Noted(dict[str, object]):
    """Arguments that note which of them are asked for."""

    asked: set[str]

    def get(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - as of a dict
        self.asked.add(name)
        return super().get(name, default)


def _note_arguments(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    asked: set[str] = set()

    def noting(given: dict[str, object]) -> Arguments:
        noted = _Noted(given)
        noted.asked = asked
        return Arguments(noted)

    monkeypatch.setattr(session, "Arguments", noting)
    return asked


def _with_findings_of_before(page: Page) -> str:
    """The id of findings that were dropped beside the made-up cases."""
    page.give("use_sample")
    page.give("read", as_of="2016-05-09", taken_on="2016-05-09")
    return page.session.add_file("before.json", page.download("report", form="json"))


def test_what_is_documented_is_what_can_be_called(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of calls names every method, with all that each asks for and gives, and nothing else."""
    before, rows = _with_findings_of_before(page), _rows("Calls")
    key = page.session.add_file("a.key", page.download("key"))
    case = page.give("questions")["cases"][0]["case"]
    question = page.give("questions", case=case)["questions"][0]["criterion"]
    given: dict[str, list[dict[str, object]]] = {
        "read": [{"as_of": "2016-05-09", "taken_on": "2016-05-09"}],
        "explain": [{"case": case, "criterion": question}],
        "questions": [{}, {"case": case}],
        "answer": [{"case": case, "criterion": question, "answer": "yes"}],
        "compare": [{"id": before}],
        "remove_file": [{"id": key}],
    }
    assert {*rows} == {*page.session._methods}  # noqa: SLF001 - the documentation is of these
    asked = _note_arguments(monkeypatch)
    for method in sorted(rows, key=lambda one: one in {"use_sample", "clear"}):
        asked.clear()
        answers = [page.give(method, **arguments) for arguments in given.get(method, [{}])]
        assert asked == _names(re.sub(r"\(.*?\)", "", " ".join(row[0] for row in rows[method]))), method
        text = (
            _DOCUMENTED.read_text(encoding="utf-8").partition("## Calls")[2]
            if method == "read"
            else " ".join(row[1] for row in rows[method])
        )
        assert {name for one in answers for name in one if not name.startswith("more_")} <= _names(text), method
        if method not in {"read", "files", "about"}:  # what is optional in these is not among the made-up cases
            assert _names(text) <= set[str]().union(*map(_all_words, answers)), method


def test_what_is_documented_is_what_can_be_downloaded(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of downloads names every one, with all that each asks for, and nothing else."""
    before, rows = _with_findings_of_before(page), _rows("Downloads")
    key = page.session.add_file("a.key", page.download("key"))
    given: dict[str, dict[str, object]] = {
        "report": {"form": "html", "pseudonyms": True, "key": key},
        "comparison": {"id": before},
    }
    assert {*rows} == {*page.session._downloads}  # noqa: SLF001 - the documentation is of these
    asked = _note_arguments(monkeypatch)
    for method in rows:
        asked.clear()
        with suppress(CasescreenError):  # nothing of the made-up cases has to be marked or mapped
            page.download(method, **given.get(method, {}))
        written = re.sub(r"\(.*?\)|of one of the `mappings` that `read` gave", "", rows[method][0][0])
        assert asked == _names(written), method
