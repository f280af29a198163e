"""What the page gives: reports, copies to share as the command line makes them, and files to go on with."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from random import Random

import openpyxl
import pytest
from attrs import evolve
from made_up_cases import of_the_recipe, with_faults
from page_session import Findings, Page

from casescreen.cases.write.toml_and_json import cases_to_json
from casescreen.model.case import Case
from casescreen.model.problem import CasescreenError
from casescreen.page.downloads import as_it_stood
from casescreen.page.page_json import mistake

_DAY = "2016-05-09"
_SOMERSET = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
_NAMES = sorted(path.name for path in _SOMERSET.glob("*.toml"))
_DAYS = ("--as-of", _DAY, "--taken-on", _DAY)


@pytest.fixture
def screened(page: Page) -> Page:
    page.give("use_sample")
    page.give("read", as_of=_DAY, taken_on=_DAY)
    return page


def test_every_form_has_a_name_and_a_type(screened: Page) -> None:
    names = {}
    for form in ("html", "xlsx", "json", "csv", "md", "docx", "table"):
        name, media_type, data = screened.session.download("report", json.dumps({"form": form}))
        names[form] = name
        assert data
        assert "/" in media_type
    assert names["html"] == "report.html"
    assert names["docx"] == "letter.docx"
    rows = [*csv.reader(io.StringIO(screened.download("report", form="csv").decode("utf-8-sig")))]
    assert len(rows) == 1 + len(json.loads(screened.download("report", form="json"))["findings"])


def test_a_form_that_is_not_there_is_refused(screened: Page) -> None:
    for form in ("parquet", "pdf"):
        with pytest.raises(CasescreenError, match="no report of the form"):
            screened.download("report", form=form)


def test_pseudonyms_are_those_of_the_command_line_for_the_same_key(
    screened: Page, typed: Findings, tmp_path: Path
) -> None:
    """The key is a file that was dropped, or a new one that was saved."""
    name, _, key = screened.session.download("key", "{}")
    (tmp_path / name).write_bytes(key)
    key_id = screened.session.add_file(name, key)
    shared = screened.download("report", form="json", pseudonyms=True, key=key_id)
    assert shared == typed(_SOMERSET, *_NAMES, *_DAYS, "--pseudonyms", str(tmp_path / name))
    assert b"SOM-" not in shared
    assert b"Worker" not in shared
    with pytest.raises(CasescreenError, match="need a key"):
        screened.download("report", form="json", pseudonyms=True)
    with pytest.raises(CasescreenError, match="does not hold a key"):
        screened.download("report", form="json", pseudonyms=True, key=screened.session.add_file("x.key", b"abc"))


@pytest.mark.parametrize("by", ["theme", "manager", "team"])
def test_small_counts_are_left_out_as_the_command_line_does(screened: Page, typed: Findings, by: str) -> None:
    for form in ("html", "xlsx", "md", "table"):
        assert b"SOM-" not in screened.download("report", form=form, suppress_under=5, by=by)
    shared = screened.download("report", form="json", suppress_under=5, by=by)
    assert shared == typed(_SOMERSET, *_NAMES, *_DAYS, "--suppress-under", "5", "--by", by)


@pytest.mark.parametrize(
    "asked",
    [
        {"form": "csv", "suppress_under": 5},
        {"form": "json", "suppress_under": 5, "by": "case"},
        {"form": "json", "suppress_under": 1},
    ],
)
def test_what_does_not_go_together_is_refused_without_an_option(screened: Page, asked: dict[str, object]) -> None:
    with pytest.raises(CasescreenError) as refused:
        screened.download("report", **asked)
    assert "--" not in json.dumps(mistake(refused.value))


def test_the_workbook_to_fill_in_says_what_to_do_next(page: Page) -> None:
    book = openpyxl.load_workbook(io.BytesIO(page.download("template")))
    guide = " ".join(str(row[0].value) for row in book["read me"].iter_rows() if row[0].value)
    assert "drop it on the page" in guide
    assert "casescreen check" not in guide


@pytest.mark.parametrize("form", ["xlsx", "toml", "json"])
@pytest.mark.parametrize("seed", range(4))
def test_what_could_not_be_read_stays_as_it_stood(
    page: Page, typed: Findings, tmp_path: Path, seed: int, form: str
) -> None:
    """Values that cannot be read, impossible days and odd answers: the file that is kept gives the same outcomes."""
    random = Random(seed)  # noqa: S311 - made-up cases need no secrets
    cases = [_with_text(with_faults(random, case)) for case in random.sample(of_the_recipe(), 12)]
    page.session.add_file("cases.json", cases_to_json(cases).encode())
    assert page.give("read", as_of=_DAY, taken_on=_DAY)["issues"]
    found = json.loads(page.download("report", form="json"))
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / f"cases.{form}").write_bytes(page.download("answers", form=form))
    again = json.loads(typed(folder, f"cases.{form}", *_DAYS))
    kept = ("case", "criterion", "item", "outcome", "answer", "due", "flags")
    assert [[one[key] for key in kept] for one in again["findings"]] == [
        [one[key] for key in kept] for one in found["findings"]
    ]


def _with_text(case: Case) -> Case:
    """The case with a text where a value is not known."""
    case = as_it_stood(case)
    fields = {name: "?!" if value is None else value for name, value in case.fields.items()}
    tables = {
        table: tuple({name: "?!" if value is None else value for name, value in row.items()} for row in rows)
        for table, rows in case.tables.items()
    }
    return evolve(case, fields=fields, tables=tables)


def test_a_workbook_that_is_kept_is_of_the_form_of_the_template(screened: Page) -> None:
    kept = openpyxl.load_workbook(io.BytesIO(screened.download("answers", form="xlsx")))
    empty = openpyxl.load_workbook(io.BytesIO(screened.download("template")))
    assert kept.sheetnames == empty.sheetnames
    for name in ("cases", "reviews"):
        assert [cell.value for cell in kept[name][1]] == [cell.value for cell in empty[name][1]]
    answers = [cell.value for cell in kept["answers"][1]]
    assert {cell.value for cell in empty["answers"][1]} < {*answers}
    assert {"criterion", "answer"} <= {*answers}, "the letter's readers answered what facts decide, too"
    assert kept["cases"].max_row == 21
    assert kept["cases"]["A2"].value == "SOM-01"
    assert kept["cases"].data_validations.dataValidation


def test_the_file_that_came_in_is_untouched(page: Page) -> None:
    data = (_SOMERSET / "SOM-01.toml").read_bytes()
    file = page.session.add_file("SOM-01.toml", data)
    page.give("read", as_of=_DAY, taken_on=_DAY)
    one = page.give("questions", case="SOM-01")["questions"][0]
    page.give("answer", case="SOM-01", criterion=one["criterion"], item=one["item"], answer="no")
    page.download("answers", form="toml")
    assert page.session._dropped.data(file) == data  # noqa: SLF001 - what is promised is about what is kept inside


def test_what_changed_since_an_earlier_file_is_told(screened: Page) -> None:
    earlier = screened.session.add_file("findings.json", screened.download("report", form="json"))
    asked = next(one for one in screened.give("questions")["cases"] if one["waiting"])
    one = next(one for one in screened.give("questions", case=asked["case"])["questions"] if one["waits"])
    screened.give("answer", case=asked["case"], criterion=one["criterion"], item=one["item"], answer="no")
    changed = screened.give("compare", id=earlier)
    assert changed["classes"][0]["kind"] == "new"
    assert changed["classes"][0]["lines"][0]["case"] == asked["case"]
    assert json.loads(screened.download("comparison", id=earlier))
    error = screened.call("compare", id="f1")["error"]
    assert "is not a findings file" in error["what"]
    assert "casescreen check" not in json.dumps(error)
