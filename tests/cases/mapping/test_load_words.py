"""Mappings that say which words mean that something is not known, not done or not applicable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.load import mapping_in
from casescreen.model.case import Caseload
from casescreen.model.problem import ProblemsError
from casescreen.rulebook.load import load_rulebook

_DICTIONARY = load_rulebook().dictionary
_MAPPING = """
title          = "Tracker"
dates          = "day-first"
none           = ["tbc"]
not_applicable = ["n/a"]
not_done       = ["overdue", "none"]
[cases]
id         = "Ref"
only_cases = true
[fields]
"order.starts_on"         = "Start"
"contacts.first_on"       = "Seen"
"plan.exists"             = { column = "Plan?", words = { none = false } }
"plan.completed_on"       = "IP"
[[tables.reviews]]
[tables.reviews.columns]
of      = { constant = "plan" }
due_on  = "Due"
done_on = { column = "Done", not_done = ["missed"] }
"""
_HEAD = "Ref,Start,Seen,Plan?,IP,Due,Done"


def _read(folder: Path, *rows: str, mapping: str = _MAPPING, head: Sequence[str] = (_HEAD,)) -> Caseload:
    file = folder / "t.csv"
    file.write_text("\n".join([*head, *rows]), encoding="utf-8")
    return read_cases(
        [file], _DICTIONARY, taken_on=date(2026, 11, 28), mapping=mapping_in("m.toml", mapping, _DICTIONARY)
    )


def test_a_day_that_is_said_not_to_be_says_no(tmp_path: Path) -> None:
    """For the yes-no that it dates, in the case and in a row of it, and that is told."""
    caseload = _read(tmp_path, "A1,1/2/26,overdue,,overdue,1/5/26,missed")
    [case] = caseload.cases
    assert case.fields["plan.exists"] is False
    assert "plan.completed_on" not in case.fields
    assert "contacts.first_on" not in case.fields, "no yes-no of the dictionary says that it was not done"
    assert case.tables["reviews"] == ({"of": "plan", "due_on": date(2026, 5, 1), "done": False},)
    assert [(one.path, one.what, one.is_mistake) for one in case.unreadable] == [
        (("contacts", "first_on"), "the record says: overdue", False)
    ]
    assert 't, "IP" (column E): "overdue" says that it was not done, and counts as no (row 2)' in caseload.assumed
    assert 't, "Due" (column F): a year of two figures is taken for 20yy (row 2)' in caseload.assumed


def test_two_columns_that_contradict_each_other_are_neither_believed(tmp_path: Path) -> None:
    """A plan that is there and was not done is named; a no beside a no is a no."""
    says_yes, says_no = _read(tmp_path, "A1,1/2/26,,yes,overdue,,", "A2,1/2/26,,no,overdue,,").cases
    assert says_yes.fields.get("plan.exists") is None
    [one] = says_yes.unreadable
    assert (one.path, one.place.line, one.place.column) == (("plan", "exists"), 2, "D")
    assert "that it was not done" in one.what
    assert says_no.fields["plan.exists"] is False


def test_what_is_not_known_or_not_applicable_counts_as_not_recorded(tmp_path: Path) -> None:
    """A row of which nothing is recorded is none."""
    caseload = _read(tmp_path, "A1,1/2/26,tbc,,n/a,tbc,")
    [case] = caseload.cases
    assert {*case.fields} == {"case.id", "order.starts_on"}
    assert "reviews" not in case.tables
    assert [(one.what, one.place.line, one.place.column, one.is_mistake) for one in case.unreadable] == [
        ("the record says: tbc", 2, "C", False),
        ("the record says: not applicable", 2, "E", False),
    ]
    assert any('"n/a" says not applicable' in line for line in caseload.assumed)
    assert not any("tbc" in line for line in caseload.assumed), "the mapping says so"


def test_rows_that_are_no_cases_are_passed_over_if_the_mapping_says_so(tmp_path: Path) -> None:
    """And are told; otherwise each row that has an id is a case."""
    rows = ("A1,1/2/26,,,,,", "Total,1 case,,,,,")
    assert any("row 3: a row of totals, passed over" in line for line in _read(tmp_path, *rows).assumed)
    every = _read(tmp_path, *rows, mapping=_MAPPING.replace("only_cases = true", ""))
    assert [case.id for case in every.cases] == ["A1", "Total"]


def test_headings_of_two_rows_are_joined(tmp_path: Path) -> None:
    """What stands in the upper row is over all columns up to the next."""
    head = ("Caseload,,,,,,", ",Order,Work,,,Review,", "Ref,Start,Seen,Plan?,IP,Due,Done")
    mapping = _MAPPING.replace("[fields]", "[header_rows]\nt = [2, 3]\n[fields]")
    for heading in ("Seen", "Plan?", "IP"):
        mapping = mapping.replace(f'"{heading}"', f'"Work / {heading}"')
    mapping = mapping.replace('"Start"', '"Order / Start"')
    mapping = mapping.replace('"Due"', '"Review / Due"').replace('"Done"', '"Review / Done"')
    [case] = _read(tmp_path, "A1,1/2/26,,,2/3/26,1/5/26,", mapping=mapping, head=head).cases
    assert case.fields["plan.completed_on"] == date(2026, 3, 2)
    assert case.tables["reviews"][0]["due_on"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('"Start"', '{ column = "Start", not_done = ["none"] }'),
            "order.starts_on is no date of something that can be",
        ),
        (("only_cases = true", "only_cases = 1"), "it is not true or false"),
        (("[fields]", "[header_rows]\nt = [2, 4]\n[fields]"), "it is not a list of two rows, one below the other"),
        (('["overdue", "none"]', '"overdue"'), "not_done: it is not a list of texts"),
    ],
)
def test_a_mistake_about_words_is_told(change: tuple[str, str], told: str) -> None:
    """As every other mistake in a mapping."""
    with pytest.raises(ProblemsError) as refused:
        mapping_in("m.toml", _MAPPING.replace(*change, 1), _DICTIONARY)
    assert told in str(refused.value)


@pytest.mark.parametrize("other", ["", ", other = true"])
def test_an_error_of_a_spreadsheet_is_no_word(tmp_path: Path, other: str) -> None:
    """Neither the word that it is like, N/A, nor one of all other words: it counts as not known, and is told."""
    mapping = _MAPPING.replace("words = { none = false }", f"words = {{ none = false }}{other}")
    [case] = _read(tmp_path, "A1,1/2/26,,#N/A,#REF!,,", mapping=mapping).cases
    assert [one.path for one in case.unreadable] == [("plan", "exists"), ("plan", "completed_on")]
    assert case.fields["plan.exists"] is case.fields["plan.completed_on"] is None


def test_a_column_under_two_headings_alike_in_two_rows_is_not_read(tmp_path: Path) -> None:
    """Two rows of headings are joined before two that are the same are told."""
    mapping = _MAPPING.replace('"Start"', '"Order / Start"').replace("[cases]", "header_rows = { t = [1, 2] }\n[cases]")
    head = (",,,,,Order,", "Ref,Plan?,IP,Due,Done,Start,Start")
    mapping = mapping.replace('"contacts.first_on"       = "Seen"\n', "")
    caseload = _read(tmp_path, "A1,yes,,,,1/2/26,2/2/26", mapping=mapping, head=head)
    [case] = caseload.cases
    assert [one.path for one in case.unreadable] == [("order", "starts_on")]
    assert ["stands here again" in notice.what for notice in caseload.notices] == [True]


def test_a_word_for_no_value_takes_the_place_of_none(tmp_path: Path) -> None:
    """A no that another column says stands, though the column of the yes-no itself says that it does not apply."""
    [case] = _read(tmp_path, "A1,1/2/26,,n/a,overdue,,").cases
    assert case.fields["plan.exists"] is False


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("No", False), ("y", True)])
def test_a_constant_may_be_yes_or_no(tmp_path: Path, word: str, value: bool) -> None:
    """As well as true and false."""
    mapping = _MAPPING.replace('{ column = "Plan?", words = { none = false } }', f'{{ constant = "{word}" }}')
    [case] = _read(tmp_path, "A1,1/2/26,,,,,", mapping=mapping).cases
    assert case.fields["plan.exists"] is value
