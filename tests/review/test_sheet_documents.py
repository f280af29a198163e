"""Sheets as Word documents."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from attrs import evolve
from office_macros import FILL_DOCUMENT, filled_in_office, run_office
from somerset_sheets import document_text, rules, sheet_of, somerset

from casescreen.cases.tables.word_tables import tables_in
from casescreen.model.outcome import ReadersAnswer
from casescreen.review.enquiry import ref_of_question, sheet_name
from casescreen.review.sheet_documents import sheet_document
from casescreen.review.sheet_page import sheets_page
from casescreen.review.sheet_reader import FilledSheet, read_filled_sheet
from casescreen.review.sheet_workbook import sheet_workbook

_HOSTILE = "=1+1 <w:t>&amp; \x00\x07\u202eevil ]]> \ud800"


def test_every_part_is_sound() -> None:
    """XML that any program reads, and each part is one that is declared."""
    archive = ZipFile(BytesIO(sheet_document(sheet_of("SOM-10"))))
    for name in archive.namelist():
        if not name.endswith(".emf"):
            ET.fromstring(archive.read(name))  # noqa: S314 - our own
    assert {"word/document.xml", "word/styles.xml", "word/media/timeline.emf"} <= set(archive.namelist())
    assert archive.testzip() is None


def test_text_of_a_record_is_text() -> None:
    """Whatever it holds, it breaks no part and begins none; what is not to be printed is not there."""
    sheet = sheet_of("SOM-07")
    group = evolve(sheet.facts[0], title=_HOSTILE, says=(_HOSTILE,))
    hostile = evolve(sheet, facts=(group,), head=(("case manager", _HOSTILE),), beside=(_HOSTILE,))
    text = document_text(sheet_document(hostile))
    ET.fromstring(text)  # noqa: S314 - our own
    assert "\x00" not in text
    assert "\u202e" not in text
    assert "&lt;w:t&gt;&amp;amp;" in text


@pytest.mark.parametrize("case", ["=1+1", "a\nb", "<w:t>&", "half \ud800", "x" * 500])
def test_any_id_is_on_a_sheet_in_any_form(case: str, tmp_path: Path) -> None:
    """And is known again, but for half a character, which no file can hold."""
    sheet = sheet_of("SOM-07")
    named = evolve(sheet, origin=evolve(sheet.origin, case=case))
    assert sheets_page([named])
    for form, write in (("docx", sheet_document), ("xlsx", sheet_workbook)):
        path = tmp_path / sheet_name(case, form)
        path.write_bytes(write(named))
        read = read_filled_sheet(str(path), rules())
        assert isinstance(read, FilledSheet)
        assert read.case == case.replace("\ud800", "\ufffd")


def test_an_answer_is_chosen_from_a_list_that_is_named() -> None:
    """For whoever hears the document: which question, and what can be chosen; and it is blank."""
    text = document_text(sheet_document(sheet_of("SOM-07")))
    control = re.search(r'<w:sdt>.*?w:alias w:val="Answer to question 3".*?</w:sdt>', text)
    assert control is not None
    last = control[0][control[0].rfind("<w:sdt>") :]
    assert re.findall(r'w:listItem w:displayText="([^"]*)"', last) == ["yes", "no", "n/a"]
    assert "<w:showingPlcHdr/>" in last
    assert ">yes / no / n/a<" in last
    ids = re.findall(r'<w:id w:val="(\d+)"', text)
    assert len(ids) == len(set(ids))


def test_the_timeline_is_told_to_whoever_cannot_see_it() -> None:
    """In its description, and by the list under it."""
    sheet = sheet_of("SOM-07")
    text = document_text(sheet_document(sheet))
    assert text.count('descr="Timeline of 17 dates from 21 January 2016 to 10 November 2016') == 2
    assert "review: vulnerability assessment, vulnerability plan" in text


def test_the_same_sheet_is_the_same_bytes() -> None:
    """Whenever and wherever it is made."""
    assert sheet_document(sheet_of("SOM-07")) == sheet_document(sheet_of("SOM-07"))


def test_it_says_what_it_is_of_where_it_can_be_seen() -> None:
    """And nothing stands in it that nobody sees: no properties and no parts beside those of the text."""
    sheet = sheet_of("SOM-07")
    data = sheet_document(sheet)
    about = {label: said for label, said, *_ in tables_in(data)[-1]}
    assert about == {
        "Case": "SOM-07",
        "As at": "2016-05-09",
        "Rules": "sqs-2016",
        "Rules hash": rules().hash,
        "Sheet form": "casescreen-sheet/1",
    }
    assert not [name for name in ZipFile(BytesIO(data)).namelist() if "custom" in name.lower()]


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_a_sheet_filled_in_libreoffice_is_read_back(office: str, tmp_path: Path, ending: str) -> None:
    """Opened, typed over and saved there, in its own form too: every answer, its source, reason, reader and day."""
    sheet = sheet_of("SOM-13")
    source = tmp_path / "SOM-13.docx"
    source.write_bytes(sheet_document(sheet))
    read = read_filled_sheet(str(filled_in_office(office, tmp_path, FILL_DOCUMENT, source, ending)), rules())
    assert isinstance(read, FilledSheet)
    assert (read.case, read.reader, read.problems) == ("SOM-13", "Anna Reader", ())
    assert [(one.criterion, one.item) for one in read.answers] == [*sheet.answerable]
    words = (ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE)
    for number, one in enumerate(read.answers):
        assert (one.answer, one.source, one.reason) == (words[number % 3], "interview", f"Because of {number}")
        assert str(one.answered_on) == "2016-05-12"


def test_a_sheet_is_opened_in_libreoffice(office: str, tmp_path: Path) -> None:
    """Blank and saved as it is, every question is on it, and none is answered."""
    sheet = somerset().sheets[0]
    source = tmp_path / "one.docx"
    source.write_bytes(sheet_document(sheet))
    run_office(office, tmp_path / "profile", "--convert-to", "docx", "--outdir", str(tmp_path / "out"), str(source))
    read = read_filled_sheet(str(tmp_path / "out" / "one.docx"), rules())
    assert isinstance(read, FilledSheet)
    assert (read.questions, read.answered, read.problems) == (len(sheet.questions), 0, ())
    assert ref_of_question(sheet.questions[0].criterion, "") in str(tables_in((tmp_path / "out/one.docx").read_bytes()))
