"""What the page finds is what the command line finds, to the byte; and it speaks of no command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from made_up_cases import SQS, of_the_recipe, with_faults
from page_session import COMMANDS, Findings, Page, body

from casescreen.cases.write.toml_and_json import cases_to_json
from casescreen.model.case import Case
from casescreen.page.downloads import as_it_stood
from casescreen.page.session import Session

_SOMERSET = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
_DAY = "2016-05-09"
_CASELOADS = 15


def test_the_findings_of_the_letter_are_those_of_the_command_line(page: Page, typed: Findings) -> None:
    page.give("use_sample")
    page.give("read", as_of=_DAY, taken_on=_DAY)
    names = sorted(path.name for path in _SOMERSET.glob("*.toml"))
    assert page.download("report", form="json") == typed(_SOMERSET, *names, "--as-of", _DAY, "--taken-on", _DAY)


@pytest.mark.parametrize("seed", range(_CASELOADS))
def test_the_findings_of_made_up_cases_are_those_of_the_command_line(
    page: Page, typed: Findings, tmp_path: Path, seed: int
) -> None:
    """With values that cannot be read, impossible days, and answers of any day."""
    random = Random(seed)  # noqa: S311 - made-up cases need no secrets
    cases = random.sample(of_the_recipe(), 10)
    written = [as_it_stood(with_faults(random, case)) for case in cases]
    file = tmp_path / "cases.json"
    file.write_text(cases_to_json([_holdable(case) for case in written]), encoding="utf-8")
    page.add(file)
    page.give("read", as_of=_DAY, taken_on=_DAY)
    found = page.download("report", form="json")
    assert found == typed(tmp_path, "cases.json", "--as-of", _DAY, "--taken-on", _DAY)
    assert json.loads(found)["findings"]


def _holdable(case: Case) -> Case:
    """The case with a text that cannot be read where a value is not known."""
    fields = {name: "?!" if value is None else value for name, value in case.fields.items()}
    return evolve(case, fields=fields)


def test_the_first_screen_and_the_report_speak_of_no_command(page: Page) -> None:
    page.give("use_sample")
    read = page.give("read", as_of="2016-03-01", taken_on="2016-04-01")
    assert any("Correct the date" in one["advice"] for one in read["issues"])
    found = page.give("screen")
    assert found["first_screen"]["stands"][0]["label"] == "ACT NOW"
    assert {"label", "text", "tone"} == set(found["first_screen"]["notes"][0])
    assert found["first_screen"]["at_a_glance"]["act_now"]
    for text in (json.dumps([read, found["first_screen"]]), found["words"], body(found["report_html"])):
        assert not COMMANDS.search(text), COMMANDS.search(text)
    for form in ("md", "table", "csv"):
        text = page.download("report", form=form).decode()
        assert not COMMANDS.search(text), (form, COMMANDS.search(text))


def test_a_finding_is_explained_in_sentences_and_proved(page: Page) -> None:
    page.give("use_sample")
    page.give("read", as_of=_DAY, taken_on=_DAY)
    said = page.give("explain", case="SOM-07", criterion="plan-timely")
    (finding,) = said["findings"]
    assert finding["outcome"] in {"met", "not met"}
    assert len(finding["sentences"]) == 3
    assert "Does it apply?" in finding["proof"] or "Do the facts meet it?" in finding["proof"]
    assert not COMMANDS.search(finding["proof"])


def test_rows_of_a_case_are_explained_together(page: Page, tmp_path: Path) -> None:
    case = next(one for one in of_the_recipe() if len(one.tables.get("reports", ())) > 1)
    file = tmp_path / "case.json"
    file.write_text(cases_to_json([case]), encoding="utf-8")
    page.add(file)
    page.give("read", as_of=_DAY, taken_on=_DAY)
    asked = {one.id for one in SQS.criteria if one.per is not None and one.per.table == "reports"}
    several = [page.give("explain", case=case.id, criterion=one)["findings"] for one in sorted(asked)]
    assert max(map(len, several)) == len(case.tables["reports"])
    assert all(one["item_label"] for one in max(several, key=len))


def test_what_is_not_there_is_told(page: Page) -> None:
    page.give("use_sample")
    page.give("read", as_of=_DAY, taken_on=_DAY)
    assert "SOM-99" in page.call("explain", case="SOM-99", criterion="plan-timely")["error"]["what"]
    assert "no-such" in page.call("explain", case="SOM-06", criterion="no-such")["error"]["what"]
    assert page.call("read", as_of="2016-02-30")["error"]["what"] == '"2016-02-30" is not a day.'


def test_progress_is_told_of_every_step() -> None:

    told: list[tuple[str, int, int]] = []
    session = Session(str(date(2026, 11, 28)), lambda text, done, whole: told.append((text, done, whole)))
    session.call("use_sample", "{}")
    session.call("read", "{}")
    session.call("screen", "{}")
    session.close()
    assert {text for text, _, _ in told} == {"Reading the files", "Screening the cases", "Making the report"}
    assert ("Screening the cases", 20, 20) in told
    assert all(0 <= done <= whole for _, done, whole in told)


_CHANGED = ("SOM-01.toml", "SOM-06.toml")
_EARLIER, _LATER = "2016-02-01", "2016-05-09"


@pytest.fixture
def earlier(page: Page, typed: Findings, tmp_path: Path) -> Path:
    """A folder of two cases and of what was found in them some months before; on the page too."""
    made = tmp_path / "with-earlier"
    made.mkdir()
    somerset = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
    for name in _CHANGED:
        (made / name).write_bytes((somerset / name).read_bytes())
    days = ("--as-of", _EARLIER, "--taken-on", _LATER)
    (made / "earlier.json").write_bytes(typed(made, *_CHANGED, *days))
    page.add(*sorted(made.iterdir()))
    return made


def test_findings_that_came_with_the_cases_are_what_the_report_compares_with(
    page: Page, typed: Findings, earlier: Path
) -> None:
    """The report that is shown and each that is saved says what changed, as check --since does, to the byte in JSON."""
    page.give("read", as_of=_LATER, taken_on=_LATER)
    found = page.download("report", form="json")
    days = ("--as-of", _LATER, "--taken-on", _LATER)
    assert found == typed(earlier, *_CHANGED, *days, "--since", "earlier.json")
    assert json.loads(found)["changes"]
    assert 'id="changed"' in page.give("screen")["report_html"]
    assert 'id="changed"' in page.download("report", form="html").decode()
    [came] = [one["id"] for one in page.give("files")["files"] if one["kind"] == "findings"]
    assert page.give("compare", id=came)["differs"]


@pytest.mark.usefixtures("earlier")
def test_no_copy_to_share_says_what_changed(page: Page) -> None:
    """Neither ids nor small counts leave in it: a copy has nothing of the comparison."""
    page.give("read", as_of=_LATER, taken_on=_LATER)
    key = page.session.add_file("a.key", page.download("key"))
    for more in ({"pseudonyms": True, "key": key}, {"suppress_under": 5}):
        shared = page.download("report", form="html", **more).decode()
        assert 'id="changed"' not in shared
        assert "SOM-06" not in shared


@pytest.mark.parametrize("content", [b'{"format": "casescreen/1"}', b'{"format": "casescreen/1", "cases": [', None])
def test_findings_that_cannot_be_compared_with_stop_nothing(page: Page, earlier: Path, content: bytes | None) -> None:
    """Damaged ones, and those of a later day, are told of where somebody asks for them; the findings are the same."""
    [came] = [one["id"] for one in page.give("files")["files"] if one["kind"] == "findings"]
    as_of = _LATER
    if content is None:  # they are of a later day than this
        as_of = "2016-01-04"
    else:
        page.give("remove_file", id=came)
        came = page.session.add_file("earlier.json", content)
    page.give("read", as_of=as_of, taken_on=_LATER)
    assert "changes" not in json.loads(page.download("report", form="json"))
    assert (earlier / "earlier.json").exists()
