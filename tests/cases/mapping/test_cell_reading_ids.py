"""Ids in cells, and which of two columns mean the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.cases.mapping.cell_reading import id_in, is_changed_by_spreadsheets, lost_figures, same_ids
from casescreen.cases.tables.cells import Cell, PaddedNumber
from casescreen.model.problem import Fault


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("A1 ", "A1"),
        ("\ufeffA\u00a01\u200b", "A 1"),
        ("'007", "007"),
        ('="008"', "008"),
        (" ='7'", "='7'"),
        ("'tis", "'tis"),
        (7.0, "7"),
        (PaddedNumber(7.0, "000007"), "000007"),
        (123456789012.0, "123456789012"),
        ("\x1a", ""),
        (None, ""),
    ],
)
def test_an_id_is_as_it_is_seen(cell: Cell, written: str) -> None:
    """Without what marks it as text, and with the zeros that are shown."""
    assert id_in(cell) == written


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "####", 1.5, Fault("it cannot be read")])
def test_an_error_is_no_id(cell: Cell) -> None:
    """Nor is a number with a point, which a reference was made into."""
    assert isinstance(id_in(cell), Fault)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1.23457E+11", "its last figures are lost"),
        ("1.23457e+11", "its last figures are lost"),
        ("5E+14", "its last figures are lost"),
        (1234567890123450.0, "more than 15 figures"),
        ("5E12", ""),
        (123456789012.0, ""),
        ("A1", ""),
        (7, ""),
    ],
)
def test_lost_figures_are_told(cell: Cell, told: str) -> None:
    """Nobody can give them back."""
    lost = lost_figures(cell)
    assert (lost is not None) is bool(told)
    assert lost is None or told in lost.what


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (["A1"], ["A1"], {"A1": "A1"}),
        (["A1"], ["a1"], {"A1": "a1"}),
        (["007"], ["7"], {"007": "7"}),
        (["7"], ["000007"], {"7": "000007"}),
        (["7"], ["7.0"], {"7": "7.0"}),
        (["0"], ["000"], {"0": "000"}),
        (["123456789012"], ["1.23457E+11"], {"123456789012": "1.23457E+11"}),
        (["1.2E+11"], ["120000000000", "130000000000"], {"1.2E+11": "120000000000"}),
        (["A1", "a1"], ["A1", "a1"], {"A1": "A1", "a1": "a1"}),
        (["A1", ""], ["B1", ""], {}),
    ],
)
def test_the_one_id_that_is_meant_is_found(first: list[str], second: list[str], found: Mapping[str, str]) -> None:
    """By capitals, lost zeros and figures that were left out."""
    same = same_ids(first, second)
    assert same.found == found
    assert not same.unclear


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (["A1", "a1"], ["A1"], {"A1": "A1"}),
        (["A1"], ["A1", "a1"], {"A1": "A1"}),
        (["7", "007"], ["07"], {}),
        (["123456789012", "123457000001"], ["1.23457E+11"], {}),
    ],
)
def test_where_several_can_be_meant_none_is_taken(
    first: list[str], second: list[str], found: Mapping[str, str]
) -> None:
    """The one that is written the same is; all others are unclear."""
    same = same_ids(first, second)
    assert same.found == found
    assert set(same.unclear) == {*first, *second} - {*found}


_IDS = st.lists(
    st.sampled_from(["7", "07", "007", "7.0", "A", "a", "1E+11", "100000000000", "100000000001"]), max_size=6
)


@given(_IDS, _IDS)
def test_no_id_is_taken_for_two(first: list[str], second: list[str]) -> None:
    """Two ids of one column never lead to one of the other, and one that is written the same leads to itself."""
    found = same_ids(first, second).found
    assert len(set(found.values())) == len(found)
    assert all(found[key] == key for key in {*first} & {*second})


@pytest.mark.parametrize(
    ("case_id", "changed"),
    [
        *(
            (one, True)
            for one in ("007", "123456789012", "1E5", "12e-3", "1.10", "1-2", "3/4/16", "MAR1", "2-Sept", "=A", "TRUE")
        ),
        *((one, False) for one in ("7", "A1", "EX-001", "12345678901", "1.5", "SOM-01", "MARK1", "1A", "2016", "E5")),
    ],
)
def test_ids_that_a_spreadsheet_program_changes_are_known(case_id: str, *, changed: bool) -> None:
    """When it opens a text with delimiters, it takes some for numbers, days or formulas."""
    assert is_changed_by_spreadsheets(case_id) is changed
