"""Rows of other sheets, and the cases that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.load import mapping_in
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Dictionary

Rows = Sequence[Sequence[object]]
Workbook = Callable[..., Path]
Delimited = Callable[..., Path]
Read = Callable[..., Caseload]

_MAPPING = """
title = "Plans stand in another sheet"
dates = "day-first"
[cases]
sheet = "Orders"
id    = "Order No"
[fields]
"order.type" = { column = "Type", words = { RO = "referral order" } }
"order.starts_on" = "Start"
[[lookups]]
sheet = "Plans"
of    = "Order No"
to    = "Ref"
[lookups.fields]
"order.ends_on" = "End"
"""
_ORDERS: Rows = [["Order No", "Type", "Start"], ["A1", "RO", "01/02/2016"]]


def _read(file: Path, dictionary: Dictionary, mapping: str = _MAPPING) -> Caseload:
    return read_cases([file], dictionary, mapping=mapping_in("map.toml", mapping, dictionary))


@pytest.mark.parametrize("ref", ["A1 ", "a1", "\u200bA1", "A\u00ad1", "A1\u00a0", "'A1"[1:]])
def test_a_row_is_found_where_only_one_case_is_meant(dictionary: Dictionary, workbook: Workbook, ref: str) -> None:
    """Spaces, capitals and what cannot be seen make no other case of it."""
    caseload = _read(workbook({"Orders": _ORDERS, "Plans": [["Ref", "End"], [ref, "15/03/2016"]]}), dictionary)
    assert caseload.problems == ()
    assert caseload.cases[0].fields["order.ends_on"] == date(2016, 3, 15)


@pytest.mark.parametrize(
    ("case_id", "ref"), [("007", 7), ("7", "007"), ("123456789012", "1.23457E+11"), ('="007"', "7")]
)
def test_figures_that_a_spreadsheet_lost_are_no_other_case(
    dictionary: Dictionary, delimited: Delimited, tmp_path: Path, case_id: str, ref: object
) -> None:
    """Neither way round, in text with delimiters too."""
    delimited([_ORDERS[0], [case_id, *_ORDERS[1][1:]]], "Orders.csv")
    delimited([["Ref", "End"], [ref, "15/03/2016"]], "Plans.csv")
    caseload = _read(tmp_path, dictionary)
    assert caseload.problems == ()
    assert caseload.cases[0].fields["order.ends_on"] == date(2016, 3, 15)


def test_rows_that_belong_to_no_case_are_told(dictionary: Dictionary, workbook: Workbook) -> None:
    """As they are of tables; those of which several can be meant, too."""
    orders = [_ORDERS[0], *([id_, *_ORDERS[1][1:]] for id_ in ("7", "007"))]
    plans = [["Ref", "End"], ["Z", "15/03/2016"], ["0007", "15/03/2016"], ["7", "16/03/2016"], [None, "15/03/2016"]]
    caseload = _read(workbook({"Orders": orders, "Plans": plans}), dictionary)
    assert [(problem.place.line, problem.what) for problem in caseload.problems] == [
        (2, 'there is no case "Z"'),
        (3, 'more than one case can be meant by "0007"'),
        (5, "the row has no case id"),
    ]
    assert [case.fields.get("order.ends_on") for case in caseload.cases] == [None, date(2016, 3, 16)]


def test_rows_of_cases_that_the_mapping_leaves_out_are_no_matter(dictionary: Dictionary, workbook: Workbook) -> None:
    """They belong to a case, and it is not wanted; nor are rows told that do not count."""
    orders = [[*_ORDERS[0], "Live"], [*_ORDERS[1], "Y"], ["B1", "RO", "01/02/2016", "N"]]
    plans = [["Ref", "End", "Kind"], ["B1", "15/03/2016", "plan"], ["Z", "15/03/2016", "other"]]
    mapping = _MAPPING.replace("[fields]", 'when = [{ column = "Live", is = ["Y"] }]\n[fields]', 1)
    mapping = mapping.replace("[lookups.fields]", 'when = [{ column = "Kind", is = ["plan"] }]\n[lookups.fields]')
    caseload = _read(workbook({"Orders": orders, "Plans": plans}), dictionary, mapping)
    assert ([case.id for case in caseload.cases], caseload.problems) == (["A1"], ())


def test_a_link_that_leads_nowhere_is_told(dictionary: Dictionary, workbook: Workbook) -> None:
    """Where a case names a row by something other than its id; one that names none is no matter."""
    orders = [[*_ORDERS[0], "Plan"], [*_ORDERS[1], "P1"], ["B1", "RO", None, "P9"], ["C1", "RO", None, None]]
    mapping = _MAPPING.replace('of    = "Order No"', 'of    = "Plan"')
    caseload = _read(workbook({"Orders": orders, "Plans": [["Ref", "End"], ["p1", "15/03/2016"]]}), dictionary, mapping)
    assert [(problem.place.line, problem.place.column) for problem in caseload.problems] == [(3, "D")]
    assert 'there is no "P9" in Plans' in caseload.problems[0].what
    assert caseload.cases[0].fields["order.ends_on"] == date(2016, 3, 15)


@pytest.mark.parametrize("ref", ["A1 ", "a1", "\ufeffA1"])
def test_rows_of_tables_are_found_alike_without_a_mapping(read: Read, workbook: Workbook, ref: str) -> None:
    """The id of the case stands once with a space, or in other capitals."""
    reviews = [["case.id", "of", "due_on"], [ref, "plan", "2016-05-01"]]
    caseload = read(workbook({"cases": [["case.id", "case.manager"], ["A1", "M"]], "reviews": reviews}), strict=False)
    assert caseload.problems == ()
    assert caseload.cases[0].tables["reviews"] == ({"of": "plan", "due_on": date(2016, 5, 1)},)


_HEADED: Mapping[str, Rows] = {
    "twice": [
        [*_ORDERS[0], "End", "End"],
        [*_ORDERS[1], "19/02/2016", "15/03/2016"],
        ["A2", "RO", None, None, "1/3/2016"],
    ],
    "capitals": [[*_ORDERS[0], "End", "END "], [*_ORDERS[1], None, "15/03/2016"], ["A2", "RO", None, "1/3/2016"]],
}
_ONE_SHEET = _MAPPING[: _MAPPING.index("[[lookups]]")] + '"order.ends_on" = "End"\n'


@pytest.mark.parametrize("rows", _HEADED.values(), ids=_HEADED)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_heading_that_stands_twice_is_told(
    dictionary: Dictionary, workbook: Workbook, delimited: Delimited, rows: Rows, form: str
) -> None:
    """Neither of the columns is read, and what stands in them counts as not known."""
    width = max(map(len, rows))
    even = [[*row, *[None] * (width - len(row))] for row in rows]
    file = workbook({"Orders": rows}) if form == "xlsx" else delimited(even, "Orders.csv")
    caseload = _read(file, dictionary, _ONE_SHEET)
    [notice] = caseload.notices
    assert (notice.place.line, notice.place.column) == (1, "E")
    assert 'the heading "End" stands here again, as in column D' in notice.what
    for case in caseload.cases:
        assert case.fields["order.ends_on"] is None
        assert [one.path for one in case.unreadable] == [("order", "ends_on")]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_stands_below_no_heading_is_told(
    dictionary: Dictionary, workbook: Workbook, delimited: Delimited, form: str
) -> None:
    """The rest is read."""
    rows = [[*_ORDERS[0], "End", None], [*_ORDERS[1], "19/02/2016", "withdrawn"]]
    file = workbook({"Orders": rows}) if form == "xlsx" else delimited(rows, "Orders.csv")
    caseload = _read(file, dictionary, _ONE_SHEET)
    assert [(one.place.line, one.place.column, one.what) for one in caseload.notices] == [
        (2, "E", "something stands in a column that has no heading")
    ]
    assert caseload.cases[0].fields["order.ends_on"] == date(2016, 2, 19)
    assert caseload.cases[0].unreadable == ()


def test_a_link_that_is_headed_twice_leaves_its_fields_unknown(dictionary: Dictionary, workbook: Workbook) -> None:
    """Which rows are meant cannot be known; all else of the cases is read."""
    plans = [["Ref", "End", "Ref"], ["A1", "15/03/2016", "B1"]]
    caseload = _read(workbook({"Orders": _ORDERS, "Plans": plans}), dictionary)
    [case] = caseload.cases
    assert (case.fields["order.starts_on"], case.fields["order.ends_on"]) == (date(2016, 2, 1), None)
    assert "stands here again" in case.unreadable[0].what
    assert [notice.place.column for notice in caseload.notices] == ["C"]


def test_a_table_that_cannot_be_read_is_never_taken_for_an_empty_one(read: Read, workbook: Workbook) -> None:
    """Though the case says that all its rows are listed."""
    cases = [["case.id", "case.manager", "has.reviews"], ["A", "M", "yes"]]
    for reviews in (
        [["of", "due_on"], ["plan", None]],
        [["case.id", "of", "Case ID", "case.id"], ["A", "plan", "A", "B"]],
    ):
        [case] = read(workbook({"cases": cases, "reviews": reviews}), strict=False).cases
        assert "reviews" not in case.tables
        assert [one.path for one in case.unreadable] == [("reviews",)]


@pytest.mark.parametrize("last", [["Total", None], ["Total: 1 case"], ["6", "  "]])
def test_a_row_with_an_id_and_nothing_else_is_no_case(
    read: Read, workbook: Workbook, delimited: Delimited, last: Rows
) -> None:
    """It is told; where nothing may be lost, it is a case."""
    rows = [["case.id", "case.manager"], ["A", "M"], last]
    for file in (workbook({"cases": rows}), delimited(rows)):
        caseload = read(file, strict=False)
        assert ([case.id for case in caseload.cases], caseload.left_out, caseload.problems) == (["A"], 0, ())
        [notice] = caseload.notices
        assert (notice.place.line, notice.place.column) == (3, "A")
    assert len(read(workbook({"cases": rows})).cases) == 2


def test_a_row_with_rows_elsewhere_is_a_case(read: Read, workbook: Workbook) -> None:
    """Of it something is known."""
    book = workbook({"cases": [["case.id", "case.manager"], ["A"]], "reviews": [["case.id", "of"], ["A", "plan"]]})
    assert [case.id for case in read(book, strict=False).cases] == ["A"]


def test_a_row_that_is_passed_over_leads_nowhere(dictionary: Dictionary, workbook: Workbook) -> None:
    """A row of totals in the sheet of the cases names no row of another sheet that would have to be there."""
    mapping = _MAPPING.replace('id    = "Order No"', 'id    = "Case"\nonly_cases = true')
    rows = [["Case", *_ORDERS[0]], ["C1", *_ORDERS[1]], ["Total", "1 order", None, None]]
    caseload = _read(workbook({"Orders": rows, "Plans": [["Ref", "End"], ["A1", "15/03/2016"]]}), dictionary, mapping)
    assert caseload.problems == ()
    assert caseload.cases[0].fields["order.ends_on"] == date(2016, 3, 15)
    assert caseload.assumed == ("Orders: row 3: a row of totals, passed over",)
