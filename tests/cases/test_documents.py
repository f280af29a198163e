"""The records in the text of one source."""

from __future__ import annotations

import pytest

from casescreen.cases.documents import Record, records_of
from casescreen.model.problem import Problem


def _records(source: str, text: str) -> tuple[Record, ...]:
    found = records_of(source, text)
    assert not isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("text", "is_toml"),
    [
        ('\n {"case": {}}', False),
        ('[{"case": {}}]', False),
        ('[\n  {"case": {}}]', False),
        ("[case]\nid = 1", True),
        ("[[cases]]\nid = 1", True),
        ('["case"]\nid = 1', True),
        ("# remark\n[case]", True),
        ("[ case ]", True),
    ],
)
def test_standard_input_is_told_apart_by_how_it_begins(text: str, *, is_toml: bool) -> None:
    """A brace, or a bracket with a brace next, is JSON; all else is TOML."""
    assert _records("-", text)[0].document.dates_as_text is not is_toml


def test_an_empty_list_on_standard_input_is_json() -> None:
    """No heading of TOML is empty."""
    found = records_of("-", " [ ]")
    assert isinstance(found, Problem)
    assert found.what == "there is no case in it"


def test_a_file_is_what_its_name_says() -> None:
    """A file's name decides, whatever stands in it."""
    assert isinstance(records_of("a.TOML", '{"case": {}}'), Problem)
    assert _records("a.JSON", '{"case": {}}')[0].content == {"case": {}}


@pytest.mark.parametrize("source", ["a.toml", "a.json"])
def test_records_are_numbered_where_there_are_several(source: str) -> None:
    """A record that is alone needs no number; in a list each has one."""
    text = "[case]\nid = 1" if source.endswith("toml") else '{"case": {"id": 1}}'
    several = "[[cases]]\nx = 1\n[[cases]]\nx = 2\n" if source.endswith("toml") else '{"cases": [{"x": 1}, {"x": 2}]}'
    assert [record.whole.part for record in _records(source, text)] == [""]
    assert [record.whole.part for record in _records(source, several)] == ["record 1", "record 2"]
    assert [record.content for record in _records(source, several)] == [{"x": 1}, {"x": 2}]


def test_a_place_has_the_line_of_the_nearest_key_that_is_written() -> None:
    """What is missing is told where it should stand."""
    record = _records("a.toml", "[[cases]]\n[cases.case]\nid = 1\n[[cases]]\n\n[cases.case]\nid = 2\n")[1]
    assert str(record.place("case", "id")) == "a.toml, line 7 (record 2)"
    assert str(record.place("case", "manager")) == "a.toml, line 6 (record 2)"
    assert str(record.place("order", part="case 2")) == "a.toml, line 4 (case 2)"
