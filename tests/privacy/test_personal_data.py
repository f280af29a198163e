"""Warnings where records look as if they told who somebody is."""

from __future__ import annotations

from datetime import date

import pytest

from casescreen.model.case import Answer, Case
from casescreen.model.outcome import ReadersAnswer
from casescreen.privacy.personal_data import read_patterns, seen_in, warning
from casescreen.rulebook.load import load_rulebook

_AS_OF = date(2016, 5, 9)
_NAMES = "Jayden Oakley"


def _told(*cases: Case, by_number: bool = False) -> str:
    return warning(tuple(seen_in(cases, load_rulebook(), read_patterns(), _AS_OF)), by_number=by_number)


def _case(id_: str, note: str = "", **more: str) -> Case:
    fields = {"case.id": id_, **more} | ({"plan.note": note} if note else {})
    return Case(id_, fields, {})


def test_it_is_grouped_and_counted_with_the_first_places() -> None:
    """Each likeness is one line: how many records, the first three places, and how many more."""
    told = _told(*(_case(f"A-{number}", "lives at TA1 1AA") for number in range(1, 6)))
    line = (
        "a postcode, in 5 records: A-1 (note on the plan); A-2 (note on the plan); A-3 (note on the plan); and 2 more"
    )
    assert told.splitlines()[1].strip() == line
    assert "What to do" in told


def test_what_was_seen_is_not_said_again() -> None:
    """Neither a text nor an id that looks like a name is in the warning: the record is called by its number."""
    told = _told(_case("A-1"), _case("jayden-01", f"{_NAMES} of TA1 1AA"))
    assert "record 2 in order of id (case id)" in told
    for said in ("jayden", "Jayden", "Oakley", "TA1"):
        assert said not in told


def test_under_pseudonyms_no_id_is_said() -> None:
    """Where ids are replaced in the report, a warning does not print them either."""
    told = _told(_case("A-1", _NAMES), by_number=True)
    assert "record 1 in order of id (note on the plan)" in told
    assert "A-1" not in told


@pytest.mark.parametrize("name", ["case.manager", "case.supervisor", "case.team"])
def test_names_of_workers_are_no_concern(name: str) -> None:
    """Who owns a case may be named."""
    assert _told(_case("A-1", **{name: _NAMES})) == ""


def test_keys_rows_and_readers_reasons_are_looked_at() -> None:
    """A name in the key of a row, in its text, or in what a reader wrote is seen."""
    tables = {"reports": ({"id": "jayden"},), "other_behaviours": ({"behaviour": _NAMES},)}
    told = _told(Case("A-1", {"case.id": "A-1"}, tables, (Answer("x", ReadersAnswer.YES, reason=_NAMES),)))
    assert "A-1 (report: report); A-1 (harmful behaviour: behaviour); A-1 (reader's reason)" in told


def test_nothing_seen_is_nothing_said() -> None:
    """Records that call people by references are passed over in silence."""
    assert _told(_case("SOM-01", "seen by the worker")) == ""
