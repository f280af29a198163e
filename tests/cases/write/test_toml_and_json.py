"""Cases written as text, which is read back and compared."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date

import pytest

from casescreen.cases.write import toml_and_json
from casescreen.cases.write.toml_and_json import cases_to_json, cases_to_toml
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import CasescreenError, InternalFaultError

_CASE = Case(
    "EX-001",
    {"case.id": "EX-001", "order.starts_on": date(2016, 2, 15), "plan.shared": True},
    {"reviews": (), "reports": ({"id": "R1"}, {"id": "R2", "done_on": date(2016, 3, 1)})},
    (Answer("plan-timely", ReadersAnswer.YES, reader="Reader A", answered_on=date(2016, 5, 1)),),
)
_OTHER = Case("EX-002", {"case.id": "EX-002", "case.manager": "Worker A"}, {"reviews": ({"of": "plan"},)})


def test_one_case_is_a_record_of_its_own() -> None:
    """The text is one that a person could have written, in the record's order."""
    assert (
        cases_to_toml([_CASE])
        == """\
reviews = []

[case]
id = "EX-001"

[order]
starts_on = 2016-02-15

[plan]
shared = true

[[reports]]
id = "R1"

[[reports]]
id = "R2"
done_on = 2016-03-01

[[answers]]
criterion = "plan-timely"
answer = "yes"
reader = "Reader A"
answered_on = 2016-05-01
"""
    )


def test_several_cases_are_a_list() -> None:
    """Each begins under its own heading, and an empty table stays with its case."""
    assert (
        cases_to_toml([_CASE, _OTHER])
        .replace("\n\n", "\n")
        .startswith('[[cases]]\nreviews = []\n[cases.case]\nid = "EX-001"\n[cases.order]\n')
    )
    assert [case["case"]["id"] for case in json.loads(cases_to_json([_CASE, _OTHER]))["cases"]] == ["EX-001", "EX-002"]


def test_json_has_dates_as_text_and_letters_as_they_are() -> None:
    """A person can read it."""
    text = cases_to_json([Case("Zoë", {"order.starts_on": date(2016, 2, 15)}, {})])
    assert text == '{\n  "case": {\n    "id": "Zoë"\n  },\n  "order": {\n    "starts_on": "2016-02-15"\n  }\n}\n'


@pytest.mark.parametrize("form", [cases_to_toml, cases_to_json])
@pytest.mark.parametrize("cases", [[_CASE], [_OTHER, _CASE]])
def test_what_is_written_is_read_as_the_same_cases(
    form: Callable[[list[Case]], str], cases: list[Case], read_text: Callable[..., Caseload]
) -> None:
    """Dates stay dates, an empty table stays, and nothing is added."""
    name = "case.json" if form is cases_to_json else "case.toml"
    caseload = read_text(form(cases), name)
    assert caseload.cases == tuple(sorted(cases, key=lambda case: case.id))


def test_no_cases_are_an_empty_list() -> None:
    """Nothing is written as nothing."""
    assert tomllib.loads(cases_to_toml([])) == {"cases": []}
    assert json.loads(cases_to_json([])) == {"cases": []}


@pytest.mark.parametrize(
    "text", ["\\x41", "a\\xb", "\x7f", "\x01", "\x85", "\"'''\"", "\\", "a\r\nb\rc", "\u2028", "[a]"]
)
def test_text_that_the_toml_package_spoils_is_written_truly(text: str) -> None:
    """Backslashes and control characters come back as they were."""
    written = cases_to_toml([Case("A", {"case.manager": text}, {"reviews": ({"of": text},)})])
    assert tomllib.loads(written) == {"case": {"id": "A", "manager": text}, "reviews": [{"of": text}]}


@pytest.mark.parametrize("form", [cases_to_toml, cases_to_json])
def test_half_a_character_cannot_be_written(form: Callable[[list[Case]], str]) -> None:
    """No file can hold it, and the message says so."""
    with pytest.raises(CasescreenError, match="half of a character"):
        form([Case("\ud800", {}, {})])


@pytest.mark.parametrize(("written", "read_back"), [(1, True), (date(2016, 1, 1), "2016-01-01"), ("a", "b")])
def test_a_text_that_reads_back_otherwise_is_never_handed_out(written: object, read_back: object) -> None:
    """Neither a number for a yes, nor a text for a date, nor anything else that differs."""
    with pytest.raises(InternalFaultError):
        toml_and_json.read_back("", lambda _: {"a": read_back}, {"a": written})
