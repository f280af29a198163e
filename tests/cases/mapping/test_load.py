"""Mappings: what they may say, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.load import mapping_in
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import ProblemsError

Rows = Sequence[Sequence[object]]

_MAPPING = """
title = "Export"
dates = "day-first"
none  = ["1900-01-01", "n/k"]
[cases]
sheet = "orders"
id    = "Order No"
when  = [{ column = "Live", is = ["Y"] }]
[fields]
"order.starts_on" = "Start"
"order.type"      = { column = "Type", words = { RO = "referral order" }, other = "reparation order" }
"case.manager"    = { constant = "Worker A" }
[[lookups]]
sheet = "people"
of    = "Person"
[lookups.fields]
"plan.shared" = { column = "Shared", words = { J = true, N = false } }
[[lookups]]
through = [{ sheet = "links", of = "Order No", to = "Order" }]
sheet   = "plans"
of      = "Plan"
keep    = "earliest"
by      = "Done"
[lookups.fields]
"plan.objectives" = "Objectives"
[[tables.reviews]]
sheet = "meetings"
of    = "Order No"
when  = [{ column = "Kind", is = ["review"] }]
[tables.reviews.columns]
of     = { constant = "plan" }
due_on = "Due"
"""
_FILES: Mapping[str, Rows] = {
    "orders": [
        ["Order No", "Person", "Start", "Type", "Live"],
        ["1", "P", "01/02/2016", "RO", "Y"],
        ["2", "Q", "1900-01-01", "X", "y"],
        ["3", "P", "bad", "RO", "N"],
    ],
    "people": [["Person", "Shared"], ["P", "J"], ["Q", "n/k"]],
    "links": [["Order", "Plan"], ["1", "11"], ["1", "12"], ["2", "13"]],
    "plans": [["Plan", "Done", "Objectives"], ["11", "03/04/2016", "5"], ["12", "04/03/2016", "6"], ["13", "", "7"]],
    "meetings": [["Order No", "Kind", "Due"], ["1", "Review", "2/3/2016"], ["1", "panel", "soon"], ["2", "panel", ""]],
}


def _written(folder: Path, files: Mapping[str, Rows]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        text = "\n".join(",".join(map(str, row)) for row in rows)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def _read(folder: Path, dictionary: Dictionary, mapping: str = _MAPPING) -> Caseload:
    return read_cases([folder], dictionary, mapping=mapping_in("map.toml", mapping, dictionary))


def _refused(mapping: str, dictionary: Dictionary) -> list[str]:
    with pytest.raises(ProblemsError) as refused:
        mapping_in("map.toml", mapping, dictionary)
    return [str(problem) for problem in refused.value.problems]


def test_tables_are_read_as_the_mapping_says(dictionary: Dictionary, tmp_path: Path) -> None:
    """Words, constants, nothing recorded, other sheets, the way through a third, the earliest, and only some rows."""
    caseload = _read(_written(tmp_path, _FILES), dictionary)
    assert not caseload.problems
    first, second = caseload.cases
    assert dict(first.fields) == {
        "case.id": "1",
        "case.manager": "Worker A",
        "order.starts_on": date(2016, 2, 1),
        "order.type": "referral order",
        "plan.shared": True,
        "plan.objectives": 6,
    }
    assert first.tables == {"reviews": ({"of": "plan", "due_on": date(2016, 3, 2)},)}
    assert dict(second.fields) == {
        "case.id": "2",
        "case.manager": "Worker A",
        "order.type": "reparation order",
        "plan.objectives": 7,
    }
    assert second.tables == {}


def test_a_complete_table_is_empty_where_a_case_has_no_rows(dictionary: Dictionary, tmp_path: Path) -> None:
    """Only where the mapping says so; else no rows are not known to be none."""
    mapping = 'complete = ["reviews"]\n' + _MAPPING
    assert _read(_written(tmp_path, _FILES), dictionary, mapping).cases[1].tables == {"reviews": ()}


def test_several_rows_where_one_is_needed_are_not_known(dictionary: Dictionary, tmp_path: Path) -> None:
    """None of them is taken at random; the second is pointed to."""
    people = [["Person", "Shared"], ["P", "J"], ["P", "N"], ["Q", "N"]]
    caseload = _read(_written(tmp_path, {**_FILES, "people": people}), dictionary)
    assert [case.id for case in caseload.cases] == ["1", "2"]
    [one] = caseload.cases[0].unreadable
    assert "2 rows of people belong to the case" in one.what
    assert (Path(one.place.file).name, one.place.line, one.place.column) == ("people.csv", 3, "B")
    assert caseload.cases[0].fields["plan.shared"] is None


def test_rows_that_have_no_day_to_choose_by_are_told(dictionary: Dictionary, tmp_path: Path) -> None:
    """The earliest of rows without days is none of them."""
    plans = [["Plan", "Done", "Objectives"], ["11", "", "5"], ["12", "", "6"]]
    caseload = _read(_written(tmp_path, {**_FILES, "plans": plans}), dictionary)
    assert "2 rows of plans" in caseload.cases[0].unreadable[0].what


def test_a_wrong_cell_is_told_in_its_own_file(dictionary: Dictionary, tmp_path: Path) -> None:
    """A value from another sheet is told there, as part of the case."""
    people = [["Person", "Shared"], ["P", "perhaps"], ["Q", "N"]]
    caseload = _read(_written(tmp_path, {**_FILES, "people": people}), dictionary)
    assert str(caseload.cases[0].unreadable[0].problem).startswith(
        str(tmp_path / "people.csv") + ", row 2, column B (case 1): plan.shared"
    )


def test_what_the_files_lack_is_told_at_once(dictionary: Dictionary, tmp_path: Path) -> None:
    """Sheets and headings, each with its line in the mapping."""
    files = {**_FILES, "orders": [["Order No", "Person", "Strat", "Type", "Live"], ["1", "P", "", "", "Y"]]}
    del files["links"]
    with pytest.raises(ProblemsError) as refused:
        _read(_written(tmp_path, files), dictionary)
    told = [(problem.place.line, problem.what) for problem in refused.value.problems]
    assert told[0][0] == 10
    assert 'has no heading "Start"' in told[0][1]
    assert told[1] == (19, 'there is no sheet or file called "links"')
    assert 'Did you mean "Strat"?' in refused.value.problems[0].advice


def test_an_optional_sheet_need_not_be_there(dictionary: Dictionary, tmp_path: Path) -> None:
    """The cases then have nothing from it."""
    files = {name: rows for name, rows in _FILES.items() if name != "meetings"}
    caseload = _read(_written(tmp_path, files), dictionary, 'optional = ["Meetings"]\n' + _MAPPING)
    assert (len(caseload.cases), caseload.problems) == (2, ())


def test_headings_may_stand_below_a_title(dictionary: Dictionary, tmp_path: Path) -> None:
    """header_rows says in which row."""
    files = {**_FILES, "people": [["Report of 9 May"], ["x"], *_FILES["people"]]}
    mapping = _MAPPING.replace("[cases]", "[header_rows]\npeople = 3\n[cases]", 1)
    assert _read(_written(tmp_path, files), dictionary, mapping).cases[0].fields["plan.shared"] is True


@pytest.mark.parametrize("row", [1, 99])
def test_headings_do_not_stand_outside_the_rows(row: int, dictionary: Dictionary, tmp_path: Path) -> None:
    """The line that names the delimiter counts as a row and is none; headings are not taken from another row for it."""
    folder = _written(tmp_path, _FILES)
    # By its last row, one of headings too, the sheet would be read as if no person were in it.
    (tmp_path / "people.csv").write_text("sep=;\nPerson;Shared\nP;J\nPerson;Shared\n", encoding="utf-8")
    mapping = _MAPPING.replace("[cases]", f"[header_rows]\npeople = {row}\n[cases]", 1)
    with pytest.raises(ProblemsError) as refused:
        _read(folder, dictionary, mapping)
    [problem] = refused.value.problems
    assert (Path(problem.place.file).name, problem.what) == ("people.csv", "there are no headings in it")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("title =", "titel ="),
            'map.toml, line 2: titel: it is not a part of a mapping\n  What to do: Did you mean "title"?',
        ),
        (('title = "Export"', ""), "map.toml: title: it is missing"),
        (
            ('"order.starts_on"', '"order.start_on"'),
            'fields.order.start_on: it is not a field\n  What to do: Did you mean "order.starts_on"?',
        ),
        (('RO = "referral order"', 'RO = "referal order"'), 'Did you mean "referral order"?'),
        (("J = true", 'J = "perhaps"'), "is not yes or no"),
        (('"day-first"', '"dayfirst"'), "It can be: day-first or month-first."),
        (('keep    = "earliest"', ""), "keep and by go together"),
        (("tables.reviews", "tables.review"), 'Did you mean "reviews"?'),
        (('{ constant = "Worker A" }', "{ }"), "it needs either a column or a constant"),
        (('{ constant = "Worker A" }', "3"), "it is not a group"),
        (('when  = [{ column = "Live", is = ["Y"] }]', "when = 3"), "it is not a list of groups"),
        (("[cases]", "complete = ['cases']\n[cases]"), '"cases" is not a table of a case'),
        (('of    = "Person"', ""), "of: it is missing"),
        (("[cases]", "[header_rows]\nx = 0\n[cases]"), "it is not a whole number from 1"),
        (("[cases]", "[cases"), "map.toml, line 5:"),
    ],
)
def test_a_mistake_in_a_mapping_is_told(dictionary: Dictionary, change: tuple[str, str], told: str) -> None:
    """With its line and what to do, before any file is read."""
    assert change[0] in _MAPPING
    assert any(told in problem for problem in _refused(_MAPPING.replace(*change), dictionary))


@pytest.mark.parametrize("fields", ["", "[fields]\n"])
def test_a_mapping_that_reads_nothing_but_ids_is_a_mistake(dictionary: Dictionary, fields: str) -> None:
    """Every case would be screened, and nothing be found in any of them."""
    [problem] = _refused(f'title = "Export"\n[cases]\nid = "Order No"\n{fields}', dictionary)
    assert problem.startswith("map.toml: it fills no field but the id of a case")


def test_all_mistakes_are_told_at_once(dictionary: Dictionary) -> None:
    """Nobody mends a file one message at a time."""
    mapping = _MAPPING.replace("title =", "titel =").replace("J = true", "J = 1").replace('"Person"', "3")
    assert len(_refused(mapping, dictionary)) == 4


def test_a_row_of_text_with_too_many_cells_is_told(dictionary: Dictionary, tmp_path: Path) -> None:
    """A delimiter that is not in quotes moves every later value by one."""
    files = {**_FILES, "people": [["Person", "Shared"], ["P", "J", "x"], ["Q", "N"]]}
    caseload = _read(_written(tmp_path, files), dictionary)
    [notice] = caseload.notices
    assert (Path(notice.place.file).name, notice.place.line, notice.place.column) == ("people.csv", 2, "C")
    assert notice.what.startswith("the row has more cells than there are headings")
    assert [one.place.column for one in caseload.cases[0].unreadable] == ["B"]
    assert caseload.cases[0].fields["order.starts_on"] == date(2016, 2, 1)
    assert caseload.cases[1].fields["plan.shared"] is False


def test_a_sheet_without_headings_is_told_unless_it_is_optional(dictionary: Dictionary, tmp_path: Path) -> None:
    """A blank sheet that need not be there is as good as none; another is a mistake."""
    book = openpyxl.Workbook()
    for name, rows in _FILES.items():
        sheet = book.create_sheet(name)
        for row in () if name == "meetings" else rows:
            sheet.append(list(row))
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(ProblemsError, match='sheet "meetings", row 1: there are no headings in it'):
        _read(tmp_path / "book.xlsx", dictionary)
    assert len(_read(tmp_path / "book.xlsx", dictionary, 'optional = ["meetings"]\n' + _MAPPING).cases) == 2


def test_only_rows_that_name_a_case_must_belong_to_one(dictionary: Dictionary, tmp_path: Path) -> None:
    """A meeting of no order is told; a person, a plan or a link that nothing leads to is no matter."""
    more = {
        "people": [*_FILES["people"], ["Z", "J"]],
        "links": [*_FILES["links"], ["9", "99"]],
        "meetings": [*_FILES["meetings"], ["9", "review", ""]],
    }
    problems = _read(_written(tmp_path, {**_FILES, **more}), dictionary).problems
    assert [(Path(problem.place.file).name, problem.what) for problem in problems] == [
        ("meetings.csv", 'there is no case "9"')
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('none  = ["1900-01-01", "n/k"]', 'none  = "n/k"'), "none: it is not a list of texts"),
        (('none  = ["1900-01-01", "n/k"]', "none  = [1900]"), "none: it is not a list of texts"),
        (('sheet = "meetings"\n', ""), "sheet: it is missing"),
    ],
)
def test_what_has_the_wrong_form_is_told(dictionary: Dictionary, change: tuple[str, str], told: str) -> None:
    """A list where a text stands, a number in a list, and a way to no sheet."""
    assert change[0] in _MAPPING
    assert any(told in problem for problem in _refused(_MAPPING.replace(*change), dictionary))


@pytest.mark.parametrize(("written", "value"), [('"yes"', True), ('"No"', False), ("true", True), ("false", False)])
def test_yes_and_no_are_written_as_people_write_them(
    dictionary: Dictionary, tmp_path: Path, written: str, value: bool
) -> None:
    """As a constant, as what a word means, and as what every other word means."""
    orders = [["Order No", "Shared"], ["1", "X"], ["2", "Q"]]
    for how in (
        f"constant = {written}",
        f'column = "Shared", words = {{ X = {written} }}, none = ["Q"]',
        f'column = "Shared", other = {written}',
    ):
        mapping = f'title = "Orders"\n[cases]\nid = "Order No"\n[fields]\n"plan.shared" = {{ {how} }}\n'
        case = _read(_written(tmp_path, {"orders": orders}), dictionary, mapping).cases[0]
        assert case.fields["plan.shared"] is value
