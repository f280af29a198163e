"""Reading JSON that anybody may have written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casescreen.model.problem import Fault
from casescreen.syntax.json_parser import read_json

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(_JSON)
def test_what_the_text_says_is_returned(value: object) -> None:
    """A text without anything odd in it comes back as it is; half a character is the one exception."""
    text = json.dumps(value)
    found = read_json(text)
    assert found == value or (isinstance(found, Fault) and "\\ud" in text)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_deep_texts_are_refused_at_once(opening: str) -> None:
    """A hundred thousand brackets are a fault, not a crash."""
    fault = read_json(opening * 100_000)
    assert isinstance(fault, Fault)
    assert fault.what == "more than 32 levels stand inside one another"


@pytest.mark.parametrize("text", [r'["%s"]', r'["\\", "%s"]', r'["\"%s", "\\"]', r'{"%s\"": 1}'])
def test_brackets_in_texts_are_no_levels(text: str) -> None:
    """A text may hold any number of brackets, and those after it count all the same."""
    written = text % ("[" * 100)
    assert read_json(written) == json.loads(written)
    assert isinstance(read_json(f"[{text % (']' * 100)}, {'[' * 100}"), Fault)


def test_the_parser_is_not_given_a_deep_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser its stack would end before Python says so."""
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("it is parsed"))
    assert isinstance(read_json("[" * 34 + "]" * 34), Fault)


def test_a_whole_character_written_as_two_halves_is_read() -> None:
    """That is how JSON escapes characters of other planes; and a backslash before ud is only text."""
    assert read_json(r'["\ud83d\ude00", "\\ud83d"]') == ["\U0001f600", "\\ud83d"]


@pytest.mark.parametrize(
    ("complaint", "message"),
    [
        ("Illegal trailing comma before end of object", "a name in double quotes is missing"),
        ("Illegal trailing comma before end of array", "a value is missing or is not one"),
        ("Something \x1bnew", "it is not JSON: Something \ufffdnew"),
    ],
)
def test_complaints_of_other_versions_of_python_are_told(
    monkeypatch: pytest.MonkeyPatch, complaint: str, message: str
) -> None:
    """A later Python words some complaints otherwise: the same mistake has the same message."""

    def complain(*_: object, **__: object) -> None:
        raise json.JSONDecodeError(complaint, "a\nb", 2)

    monkeypatch.setattr(json, "loads", complain)
    fault = read_json("")
    assert isinstance(fault, Fault)
    assert (fault.line, fault.what) == (2, message)
