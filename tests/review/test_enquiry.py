"""What a sheet is called, and what stands on it of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from somerset_sheets import sheet_of

from casescreen.review.enquiry import ALL_SHEETS, question_of_ref, ref_of_question, sheet_anchor, sheet_name


@pytest.mark.parametrize("case", ["SOM-07", "c_17.2", "417"])
def test_a_plain_id_is_the_name(case: str) -> None:
    """So that people find the sheet of a case in a folder."""
    assert sheet_name(case, "docx") == f"{case}.docx"
    assert sheet_anchor(case) == f"sheet-{case}"


@given(st.text(min_size=1, max_size=80))
def test_any_id_makes_a_name_that_every_system_takes(case: str) -> None:
    """No separator, no control character, no name of a device, no dot at an end, and not long."""
    stem = sheet_name(case, "xlsx").removesuffix(".xlsx")
    assert 0 < len(stem) <= 80
    assert stem.replace("-", "").replace(".", "").replace("_", "").isalnum()
    assert stem.isascii()
    assert stem[0] not in ".-" or stem == case
    assert stem.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9", "index"}


@given(st.sets(st.text(min_size=1, max_size=12), min_size=2, max_size=2))
def test_two_ids_have_two_names(cases: set[str]) -> None:
    """Whatever is taken out of them."""
    one, other = cases
    assert sheet_name(one, "docx") != sheet_name(other, "docx")


def test_the_page_is_one_file() -> None:
    """Of all cases."""
    assert sheet_name("SOM-07", "html") == ALL_SHEETS == "enquiry-sheets.html"


@given(st.from_regex(r"[a-z]+(-[a-z]+)*", fullmatch=True), st.text(max_size=20).map(str.strip))
def test_a_ref_names_a_question_again(criterion: str, item: str) -> None:
    """Whatever the key of its row is."""
    assert question_of_ref(ref_of_question(criterion, item)) == (criterion, item)


def test_questions_stand_under_their_themes() -> None:
    """In the rulebook's order, each once."""
    sheet = sheet_of("SOM-10")
    together = [one for _, each in sheet.by_theme for one in each]
    assert together == [*sheet.questions]
    assert [one.number for one in together] == [*range(1, len(together) + 1)]
    assert len({theme for theme, _ in sheet.by_theme}) == len(sheet.by_theme)
