"""Drafts of mappings, made from what stands in the tables."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.load import mapping_in
from casescreen.cases.mapping.suggest import suggest_mapping
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.dictionary import Dictionary, Field, Kind, Table

_ORDERS = [
    ["Case Ref", "Manager", "Order start date", "Type of order", "Plan was shared", "Hair colour"],
    ["A1", "Worker A", "13/02/2016", "Referral Order", "Y", "red"],
    ["A2", "Worker B", "01/03/2016", "ROO", "dunno", "blue"],
]
_REVIEWS = [["Case Ref", "Of", "Due"], ["A1", "plan", "01/05/2016"]]


def _sheets() -> list[Sheet]:
    return [
        Sheet("book.xlsx", "Reviews", "Reviews", _REVIEWS),
        Sheet("book.xlsx", "Orders", "Orders", _ORDERS),
        Sheet("book.xlsx", "Menus", "Menus", [["Soup"]]),
    ]


def test_a_draft_places_what_is_plain_and_says_what_is_not(dictionary: Dictionary) -> None:
    """It can be used at once, and every guess has a note beside it."""
    draft = suggest_mapping(_sheets(), dictionary, "book.xlsx")
    mapping = mapping_in("map.toml", draft, dictionary)
    assert (mapping.sheet, mapping.id) == ("Orders", "Case Ref")
    assert {column.field.name: column.heading for column in mapping.columns} == {
        "case.manager": "Manager",
        "order.type": "Type of order",
        "order.starts_on": "Order start date",
        "plan.shared": "Plan was shared",
    }
    assert 'dates = "day-first"' in draft
    assert '"order.starts_on" = "Order start date"  # guessed: is it this one?' in draft
    assert "Headings that were not placed: Hair colour" in draft
    assert 'Words that were not placed: "ROO"' in draft
    assert 'Words that were not placed: "dunno"' in draft
    assert "Sheets that were not placed: Menus" in draft
    [rows] = mapping.rows
    assert {column.field.name: column.heading for column in rows.columns} == {"of": "Of", "due_on": "Due"}


def test_a_draft_reads_the_tables_it_was_made_from(dictionary: Dictionary, tmp_path: Path) -> None:
    """Once the words that were not placed are mended."""
    for sheet in _sheets():
        text = "\n".join(",".join(map(str, row)) for row in sheet.rows).replace("ROO", "").replace("dunno", "")
        (tmp_path / f"{sheet.name}.csv").write_text(text, encoding="utf-8")
    mapping = mapping_in("map.toml", suggest_mapping(_sheets(), dictionary, "book.xlsx"), dictionary)
    caseload = read_cases([tmp_path], dictionary, mapping=mapping)
    assert not caseload.problems
    assert caseload.cases[0].fields["order.starts_on"] == date(2016, 2, 13)
    assert caseload.cases[0].tables["reviews"] == ({"of": "plan", "due_on": date(2016, 5, 1)},)


def test_a_column_of_words_is_never_taken_for_days(dictionary: Dictionary) -> None:
    """A heading like a field's is not enough where nothing below it can be read."""
    sheet = Sheet("a.csv", "", "a", [["case.id", "order started"], ["A", "Community"]])
    assert '"order.starts_on" =' not in suggest_mapping([sheet], dictionary, "a.csv")


_CELLS = (
    st.none()
    | st.booleans()
    | st.text(max_size=8)
    | st.floats()
    | st.integers()
    | st.dates()
    | st.datetimes()
    | st.times()
)
_FIELD = Field("order.type", "type of order", Kind.CHOICE, "", ("referral order",))
_SMALL = Dictionary(
    {
        "case.id": Field("case.id", "id", Kind.TEXT, ""),
        "order.type": _FIELD,
        "plan.on": Field("plan.on", "day", Kind.DATE, ""),
    },
    {
        "reviews": Table(
            "reviews", "reviews", "review", "", "of", {"of": Field("of", "of", Kind.YES_NO, "", table="reviews")}
        )
    },
)


@given(st.dictionaries(st.text(max_size=5), st.lists(st.lists(_CELLS, max_size=4), max_size=5), min_size=1, max_size=3))
def test_any_table_gives_a_draft_that_is_toml(tables: dict[str, list[list[Cell]]]) -> None:
    """Whatever stands in headings and cells, nothing of it becomes anything but text, and nothing fails."""
    sheets = [Sheet("a.xlsx", name, name, [["of", "type of order", "day"], *rows]) for name, rows in tables.items()]
    bare = [Sheet("a.xlsx", name, name, rows) for name, rows in tables.items()]
    for some in (sheets, bare):
        draft = suggest_mapping(some, _SMALL, "a\n.xlsx")
        assert set(tomllib.loads(draft)) <= {"title", "dates", "cases", "fields", "tables"}
