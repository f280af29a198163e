"""Sheets as a page."""

from __future__ import annotations

import re

from attrs import evolve
from somerset_sheets import sheet_of, somerset

from casescreen.review.enquiry import sheet_anchor
from casescreen.review.sheet_page import sheets_page


def test_each_case_is_an_element_that_is_linked() -> None:
    """By the anchor that others link to; each id stands there once."""
    page = sheets_page(somerset().sheets)
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    for sheet in somerset().sheets:
        anchor = sheet_anchor(sheet.origin.case)
        assert f'<article class="sheet" id="{anchor}"' in page
        assert f'<a href="#{anchor}">' in page


def test_one_sheet_alone_has_no_list_of_cases() -> None:
    """It would lead to itself."""
    assert "<nav" in sheets_page(somerset().sheets[:2])
    assert "<nav" not in sheets_page(somerset().sheets[:1])


def test_it_needs_no_script_and_lets_nothing_in() -> None:
    """It says so itself."""
    page = sheets_page(somerset().sheets[:1])
    assert "<script" not in page
    assert "script-src &#39;none&#39;" in page or "script-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_text_of_a_record_is_text() -> None:
    """Whatever it holds."""
    sheet = sheet_of("SOM-07")
    group = evolve(sheet.facts[0], title="<b>", says=("<script>alert(1)</script>\u202e",))
    element = sheets_page([evolve(sheet, facts=(group,))])
    assert "<script" not in element
    assert "&lt;script&gt;" in element
    assert "\u202e" not in element


def test_every_question_has_room_for_an_answer() -> None:
    """And so has each line of enquiry that is about one."""
    sheet = sheet_of("SOM-13")
    element = sheets_page([sheet])
    asked = len(sheet.questions) + sum(bool(line.criterion) for line in sheet.lines)
    assert element.count('<dl class="blanks">') == asked
