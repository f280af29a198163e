"""Enquiry sheets on the page: what is shown and saved, and what comes of those that are filled in."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from page_session import COMMANDS, Findings, Page, body

from casescreen import load_rulebook
from casescreen.model.problem import CasescreenError
from casescreen.review.answer_files import write_answer_set
from casescreen.review.enquiry import SHEET_FORMAT, sheet_anchor, sheet_name
from casescreen.review.returned_sheets import read_filled_sheets

_SOMERSET = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
_DAY = "2016-05-09"
_DAYS = ("--as-of", _DAY, "--taken-on", _DAY)
_CASES = ("SOM-01", "SOM-02", "SOM-03")


@pytest.fixture
def folder(page: Page, tmp_path: Path) -> Path:
    """Three cases, on the page too."""
    made = tmp_path / "made"
    made.mkdir()
    for case in _CASES:
        (made / f"{case}.toml").write_bytes((_SOMERSET / f"{case}.toml").read_bytes())
    page.add(*sorted(made.glob("*.toml")))
    page.give("read", as_of=_DAY, taken_on=_DAY)
    return made


def _sheets(page: Page, form: str, **more: str) -> dict[str, bytes]:
    """What is in the archive of all sheets."""
    with zipfile.ZipFile(io.BytesIO(page.download("sheets", form=form, **more))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _filled_document(data: bytes, word: str) -> bytes:
    """A document in which the first question is answered, and nothing else is."""
    document = Document(io.BytesIO(data))
    for table in document.tables:
        titles = [cell.text.strip() for cell in table.rows[0].cells]
        if "Answer" in titles and "Reason" in titles:
            cell = table.rows[2].cells[titles.index("Answer")]
            for control in cell._tc.xpath(".//w:sdt"):  # noqa: SLF001 - python-docx has no controls
                control.getparent().remove(control)
            cell.paragraphs[0].text = word
            break
    to = io.BytesIO()
    document.save(to)
    return to.getvalue()


def _answered(data: bytes, word: str) -> bytes:
    """A workbook in which every question has the same answer, with a reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has no pictures of this form, and drops them
        book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        titles: dict[str, int] = {}
        for cells in sheet.iter_rows():
            named = {str(cell.value): cell.column for cell in cells if cell.value}
            if titles and cells[titles["Ref"] - 1].value:
                cells[titles["Answer"] - 1].value = word
                cells[titles["Reason"] - 1].value = "because of it" if word else ""
            titles = named if {"Answer", "Reason", "Ref"} <= set(named) else titles
    to = io.BytesIO()
    book.save(to)
    return to.getvalue()


@pytest.mark.usefixtures("folder")
def test_each_case_is_shown_by_itself(page: Page) -> None:
    """The first case unless one is named: a page without script and commands, of that case only."""
    shown = page.give("sheet")
    assert (shown["case"], shown["cases"]) == ("SOM-01", list(_CASES))
    other = page.give("sheet", case="SOM-03", reader="Worker  X")
    assert f'id="{sheet_anchor("SOM-03")}"' in other["html"]
    assert "Worker X" in other["html"]
    assert "SOM-01" not in other["html"]
    assert "<script" not in other["html"]
    assert not COMMANDS.search(body(other["html"]))
    assert page.call("sheet", case="SOM-99")["error"]["what"] == 'There is no case "SOM-99" among those that were read.'


@pytest.mark.usefixtures("folder")
def test_no_earlier_answer_is_in_a_sheet(page: Page) -> None:
    """What the records and the page have as answers makes no difference to any sheet, in any form."""
    before = page.give("sheet", case="SOM-01")["html"], _sheets(page, "docx"), _sheets(page, "xlsx")
    question = page.give("questions", case="SOM-01")["questions"][0]
    about = {"criterion": question["criterion"], "item": question["item"]}
    page.give("answer", case="SOM-01", answer="no", reason="Quincey says so", by="Mina", on=_DAY, **about)
    assert (page.give("sheet", case="SOM-01")["html"], _sheets(page, "docx"), _sheets(page, "xlsx")) == before


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_all_are_saved_as_one_file(page: Page, form: str) -> None:
    """An archive has a file for each case, called as the command calls it; one case alone is no archive."""
    saved = _sheets(page, form)
    assert list(saved) == [sheet_name(case, form) for case in _CASES]
    assert page.download("sheets", form=form, case="SOM-02") == saved[sheet_name("SOM-02", form)]
    name, kind, _ = page.session.download("sheets", json.dumps({"form": form}))
    assert (name, kind) == (f"enquiry-sheets-{form}.zip", "application/zip")


@pytest.mark.usefixtures("folder")
def test_all_are_saved_as_one_page(page: Page) -> None:
    """The page has each case once."""
    html = page.download("sheets", form="html").decode()
    assert [html.count(f'id="{sheet_anchor(case)}"') for case in _CASES] == [1, 1, 1]
    with pytest.raises(Exception, match="documents, workbooks, or one page"):
        page.download("sheets", form="pdf")


def _returned(page: Page, folder: Path, word: str = "no", reader: str = "Mina Harker") -> dict[str, bytes]:
    """The sheets of two cases as they came back, put beside the cases and on the page."""
    sheets = _sheets(page, "xlsx", reader=reader)
    back = {name: _answered(sheets[name], word) for name in (sheet_name(case, "xlsx") for case in _CASES[:2])}
    for name, data in back.items():
        (folder / name).write_bytes(data)
        page.session.add_file(f"back/{name}", data)
    return back


def test_filled_sheets_are_known_and_used(page: Page, folder: Path, typed: Findings, tmp_path: Path) -> None:
    """Dropped with the cases: whose answers they are and how many is said, and the findings are those of --answers."""
    before = page.download("report", form="json")
    back = _returned(page, folder)
    kinds = {one["name"]: one["kind"] for one in page.give("files")["files"]}
    assert {kinds[f"back/{name}"] for name in back} == {"sheet"}
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    [said] = read["local"]
    assert said.startswith("Answers on filled sheets: Mina Harker: ")
    assert " of 2 cases (filled sheets), in place of " in said
    assert read["records"] == 3
    found = page.download("report", form="json")
    assert found != before
    assert json.loads(found)["answers_used"]["reader"] == "Mina Harker"
    assert "Mina Harker" in page.give("screen")["report_html"]
    rulebook = load_rulebook()
    returned = read_filled_sheets([str(folder / name) for name in back], rulebook, "filled sheets").answers
    write_answer_set(tmp_path / "first.xlsx", returned, rulebook, force=False)
    by_command = typed(folder, *(f"{case}.toml" for case in _CASES), *_DAYS, "--answers", str(tmp_path / "first.xlsx"))
    assert json.loads(by_command)["findings"] == json.loads(found)["findings"]


def test_no_copy_without_small_counts_is_made_with_filled_sheets(page: Page, folder: Path) -> None:
    """Subtracted from the copy of what records say, it would tell what was answered in a case or two."""
    page.download("report", form="json", suppress_under=5)
    _returned(page, folder)
    page.give("read", as_of=_DAY, taken_on=_DAY)
    with pytest.raises(CasescreenError, match="No copy without small counts is made with the answers"):
        page.download("report", form="json", suppress_under=5)


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_in_a_sheet_is_said(page: Page) -> None:
    """A word that is no answer, and a document that is no sheet: each with its place; no case is lost."""
    sheet = _sheets(page, "docx", reader="Mina Harker")[sheet_name("SOM-01", "docx")]
    page.session.add_file("SOM-01.docx", _filled_document(sheet, "perhaps"))
    page.session.add_file("notes.docx", _document())
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    assert read["records"] == 3
    said = " ".join(f"{one['where']} {one['what']} {one['advice']}" for one in read["issues"])
    assert "perhaps" in said
    assert "notes.docx" in said
    assert "it is no enquiry sheet" in said
    assert not COMMANDS.search(said)


def _document() -> bytes:
    to = io.BytesIO()
    document = Document()
    document.add_paragraph("What we talked about.")
    document.save(to)
    return to.getvalue()


@pytest.mark.usefixtures("folder")
def test_only_documents_that_are_no_sheets_change_nothing(page: Page) -> None:
    """Where none of the files is a sheet, each is told, and the findings are those of the records."""
    before = page.download("report", form="json")
    page.session.add_file("notes.docx", _document())
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    assert read["local"] == []
    assert [one["where"] for one in read["issues"]] == ["notes.docx"]
    assert page.download("report", form="json") == before


def test_sheets_of_two_readers_are_not_mixed(page: Page, folder: Path) -> None:
    """It says whose they are and what to do, as who types nothing can do it; nothing is read until then."""
    _returned(page, folder, reader="Mina Harker")
    sheet = _sheets(page, "xlsx", reader="Lucy W.")[sheet_name("SOM-03", "xlsx")]
    page.session.add_file("SOM-03.xlsx", _answered(sheet, "yes"))
    error = page.call("read", as_of=_DAY, taken_on=_DAY)["error"]
    assert 'several readers: "Lucy W." and "Mina Harker"' in error["what"]
    assert error["advice"] == "take the sheets of one reader at a time."


def test_sheets_of_other_rules_are_not_taken(page: Page, folder: Path) -> None:
    """What was asked by other rules may mean something else: each such sheet is told, and counts for nothing."""
    _returned(page, folder)
    page.session.add_file("north.toml", b'extends = "sqs-2016"\n\n[off.plan-states-roles]\nreason = "Another team."\n')
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    assert not [one for one in read["local"] if one.startswith("Answers")]
    assert sum("made by other rules" in one["what"] for one in read["issues"]) == 2
    assert not COMMANDS.search(" ".join(one["advice"] for one in read["issues"]))


def test_sheets_of_cases_that_are_not_here_are_said(page: Page, folder: Path) -> None:
    """A sheet whose case did not come with it is used for nothing, and named."""
    _returned(page, folder)
    [own] = [one["id"] for one in page.give("files")["files"] if one["name"] == "SOM-02.toml"]
    page.give("remove_file", id=own)
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    assert read["local"][-1] == "Sheets of cases that are not here: SOM-02."


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, SHEET_FORMAT.encode()],
    ids=["none", "cut", "empty", "text"],
)
def test_a_workbook_that_is_none_is_no_sheet(page: Page, data: bytes) -> None:
    """What is damaged is told where it is read, as cases are; it is not taken for a sheet, and nothing fails."""
    page.session.add_file("SOM-01.xlsx", data)
    assert [one["kind"] for one in page.give("files")["files"]] == ["cases"]


def test_a_workbook_of_cases_is_no_sheet(page: Page) -> None:
    """The workbook to fill in, and the records with answers, are read as cases."""
    page.session.add_file("cases.xlsx", page.download("template"))
    assert [one["kind"] for one in page.give("files")["files"]] == ["cases"]


def test_a_reader_without_answers_is_no_failure(page: Page, folder: Path) -> None:
    """Blank sheets of a named reader say that nothing was answered: the questions wait, and none is not met for it."""
    _returned(page, folder, word="")
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    assert "Mina Harker: 0 answers of 2 cases" in read["local"][0]
    found = json.loads(page.download("report", form="json"))["findings"]
    judged = [one for one in found if one["case"] in _CASES[:2] and one["outcome"] == "needs judgement"]
    assert judged
