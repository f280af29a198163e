"""Mappings suggested from what stands in the tables of a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casescreen.cases.mapping.headings import has_own_headings
from casescreen.cases.mapping.load import mapping_in
from casescreen.cases.mapping.model import Suggestion
from casescreen.cases.mapping.suggest import suggest
from casescreen.cases.mapping.suggestion_text import mapping_text, suggestion_lines
from casescreen.cases.mapping.vocabulary import Vocabulary, read_vocabulary
from casescreen.cases.tables.cells import Cell
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.problem import Problem
from casescreen.resources import rules_folder
from casescreen.rulebook.load import load_rulebook

_TAKEN_ON = date(2026, 11, 28)
_RULEBOOK = load_rulebook()
_WORDS = read_vocabulary(rules_folder() / "sqs-2016", _RULEBOOK.dictionary)
Rows = Sequence[Sequence[Cell]]


def _of(**sheets: Rows) -> Suggestion:
    made = _tried(sheets)
    assert isinstance(made, Suggestion), made
    return made


def _tried(sheets: Mapping[str, Rows], words: Vocabulary = _WORDS) -> Suggestion | tuple[Problem, ...]:
    return suggest([Sheet("t.xlsx", name, name, rows) for name, rows in sheets.items()], _RULEBOOK, words, _TAKEN_ON)


def _read(suggestion: Suggestion) -> dict[str, str]:
    return {one.field.full_name: one.heading for one in suggestion.fields}


def _unused(suggestion: Suggestion) -> dict[str, str]:
    return {one.heading: one.why for one in suggestion.unused}


_DAY = date(2026, 8, 17)


def test_titles_and_headings_of_groups_are_passed_over() -> None:
    """Two rows of headings are joined, and the lower one alone counts where both together say nothing."""
    rows: Rows = [
        ["Caseload of the team, printed 9 May 2016"],
        [],
        ["Child", None, "Order", None, "Staff"],
        ["Ref", "Initials", "Start", "End", "Case manager"],
        ["A1", "XX", _DAY, "16/8/27", "Worker A"],
    ]
    suggestion = _of(Cases=rows)
    assert suggestion.header_rows == [3, 4]
    assert suggestion.mapping.id == "Child / Ref"
    assert _read(suggestion) == {
        "order.starts_on": "Order / Start",
        "order.ends_on": "Order / End",
        "case.manager": "Staff / Case manager",
    }


def test_a_heading_that_stands_over_both_rows_is_its_own() -> None:
    """As Excel writes a cell that is merged over two rows."""
    rows: Rows = [["Ref", "Order", None, "Team"], [None, "Start", "End", None], ["A1", _DAY, _DAY, "East"]]
    merged = Sheet("t.xlsx", "C", "C", rows, merged=(((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3))))
    suggestion = suggest([merged], _RULEBOOK, _WORDS, _TAKEN_ON)
    assert isinstance(suggestion, Suggestion)
    assert suggestion.mapping.id == "Ref"
    assert _read(suggestion)["case.team"] == "Team"


def test_merged_headings_of_groups_stand_over_what_they_are_merged_over() -> None:
    """And not over the column beside them."""
    rows: Rows = [["", "Order", "", ""], ["Ref", "Start", "End", "Team"], ["A1", _DAY, _DAY, "East"]]
    merged = Sheet("t.xlsx", "Cases", "Cases", rows, merged=(((0, 1), (0, 2)),))
    suggestion = suggest([merged], _RULEBOOK, _WORDS, _TAKEN_ON)
    assert isinstance(suggestion, Suggestion)
    assert _read(suggestion) == {
        "order.starts_on": "Order / Start",
        "order.ends_on": "Order / End",
        "case.team": "Team",
    }


@pytest.mark.parametrize("heading", ["Plan completed", "IP completed", "Date IP completed", "Intervention plan done"])
def test_words_of_the_trade_name_a_field(heading: str) -> None:
    """IP completed is the plan, whatever the order of the words."""
    suggestion = _of(Cases=[["Ref", heading], ["A1", _DAY]])
    assert _read(suggestion) == {"plan.completed_on": heading}
    assert suggestion.fields[0].sure


def test_two_headings_for_one_field_are_both_left_out_and_named() -> None:
    """Which of them counts cannot be known."""
    suggestion = _of(Cases=[["Ref", "Plan completed", "IP completed", "Order start"], ["A1", _DAY, _DAY, _DAY]])
    assert _read(suggestion) == {"order.starts_on": "Order start"}
    unused = _unused(suggestion)
    assert unused["Plan completed"] == 'it can mean "plan completed", and so can "IP completed"'
    assert unused["IP completed"] == 'it can mean "plan completed", and so can "Plan completed"'


def test_one_heading_for_two_fields_is_left_out_and_named() -> None:
    """A review may be due on a day, or done."""
    suggestion = _of(Cases=[["Ref", "IP review", "Order start"], ["A1", _DAY, _DAY]])
    assert "due on" in _unused(suggestion)["IP review"]
    assert "done on" in _unused(suggestion)["IP review"]


def test_what_stands_below_tells_a_day_from_yes_and_no() -> None:
    """The same heading is the date of a thing, or whether it was done."""
    dated = _of(Cases=[["Ref", "CSE tool"], ["A1", _DAY], ["A2", "none"]])
    answered = _of(Cases=[["Ref", "CSE tool"], ["A1", "Y"], ["A2", "none"]])
    assert _read(dated) == {"cse.tool_completed_on": "CSE tool"}
    assert _read(answered) == {"cse.tool_completed": "CSE tool"}


def test_a_column_in_which_little_can_be_read_is_not_taken() -> None:
    """It is named, with how little can be read."""
    suggestion = _of(Cases=[["Ref", "Order start", "Team"], ["A1", "Community", "East"], ["A2", "Custody", "East"]])
    assert _read(suggestion) == {"case.team": "Team"}
    assert _unused(suggestion)["Order start"] == 'it can mean "order started", and 0 of 2 cells can be read so'


def test_an_abbreviation_with_two_meanings_is_left_out_and_named() -> None:
    """In a heading; in a column of orders, RO is one of them."""
    suggestion = _of(Cases=[["Ref", "RO", "CE risk", "Order"], ["A1", "W1", "Y", "RO"]])
    assert _read(suggestion) == {"order.type": "Order"}
    assert _unused(suggestion)["RO"].startswith('"RO" can mean referral order, responsible officer or')
    assert "criminal exploitation" in _unused(suggestion)["CE risk"]


def test_a_heading_that_stands_twice_is_left_out_and_named() -> None:
    """Which column counts cannot be known."""
    suggestion = _of(Cases=[["Ref", "Plan completed", "Plan completed", "Team"], ["A1", _DAY, _DAY, "East"]])
    assert _read(suggestion) == {"case.team": "Team"}
    assert "stands twice" in _unused(suggestion)["Plan completed"]


def test_marks_are_asked_about() -> None:
    """An x may mean yes or no: the column is matched, and the cell is not read."""
    suggestion = _of(Cases=[["Ref", "RoSH done"], ["A1", "x"], ["A2", "Y"], ["A3", "\N{CHECK MARK}"]])
    [field] = suggestion.fields
    assert (field.read, field.cells) == (1, 3)
    [asked] = suggestion.asked
    assert asked.startswith('what does "x" and "\N{CHECK MARK}" mean in 2 cells of "RoSH done"?')


def test_only_a_unique_manager_is_the_case_manager() -> None:
    """Beside a case manager, a manager is somebody else; alone, nobody can tell who it is."""
    beside = _of(Cases=[["Ref", "Case manager", "Manager"], ["A1", "W", "M"]])
    alone = _of(Cases=[["Ref", "Manager", "Team"], ["A1", "W", "East"]])
    assert _read(beside) == {"case.manager": "Case manager", "case.supervisor": "Manager"}
    assert [one.sure for one in beside.fields] == [True, False]
    assert "case manager" in _unused(alone)["Manager"]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([["Ref", "Colour"], ["A1", "red"]], "nothing could be matched but an id"),
        ([["Colour", "Start date"], ["red", _DAY], ["red", _DAY]], "no heading looks like that of the id"),
        ([[], [None]], "there are no headings in it"),
    ],
)
def test_a_mapping_that_fills_nothing_is_a_mistake(rows: Rows, what: str) -> None:
    """Nothing would be read, and so nothing would be found."""
    [problem] = _problems(_tried({"Cases": rows}))
    assert what in problem.what
    assert problem.advice


def _problems(made: Suggestion | tuple[Problem, ...]) -> tuple[Problem, ...]:
    assert isinstance(made, tuple)
    return made


def test_no_name_is_taken_for_an_id() -> None:
    """The first other column in which no two cells are alike is, and that is told."""
    suggestion = _of(Cases=[["Name", "Worker code", "Start date"], ["X Y", "17", _DAY], ["Z Y", "18", _DAY]])
    assert suggestion.mapping.id == "Worker code"
    assert any(line.startswith('"Worker code" is taken for the id') for line in suggestion.chosen)


def test_a_column_that_only_numbers_the_rows_is_no_id_beside_another() -> None:
    """Both are called so; which one was taken is told."""
    suggestion = _of(Cases=[["No", "YOT ref", "Start date"], ["1", "A17", _DAY], ["2", "A18", _DAY]])
    assert suggestion.mapping.id == "YOT ref"
    assert '"YOT ref" is taken for the id of a case; "No" could be it too' in suggestion.chosen


def test_an_id_that_stands_twice_is_asked_about() -> None:
    """Two records of one id are left out, so another column may be the id."""
    suggestion = _of(Cases=[["No", "Start date", "Team"], ["1", _DAY, "E"], ["2", _DAY, "E"], ["1", _DAY, "E"]])
    assert suggestion.asked[0].startswith('1 id of "No" stands more than once: is another column the id of a case?')


def test_headings_that_are_repeated_tell_nothing_about_their_column() -> None:
    """Nor does it matter whether a name in capitals and small letters is one word or two."""
    head = ["Childview ID", "OrderStart", "Last IP review"]
    suggestion = _of(Cases=[head, ["A1", _DAY, "overdue"], head, ["A2", _DAY, "n/a"]])
    assert suggestion.mapping.id == "Childview ID"
    assert _read(suggestion) == {"order.starts_on": "OrderStart", "reviews.done_on": "Last IP review"}


def test_a_column_without_a_heading_is_named() -> None:
    """What stands in it is not read."""
    suggestion = _of(Cases=[["Ref", "Start date"], ["A1", _DAY, "high"]])
    assert _unused(suggestion) == {"column C": "it has no heading"}


def test_days_in_figures_are_read_as_other_columns_make_plain() -> None:
    """And what made it plain is told."""
    suggestion = _of(Cases=[["Ref", "Order start", "Order end"], ["A1", "3/4/26", "17/12/2026"]])
    assert suggestion.fields[0].example == date(2026, 4, 3)
    assert 'days in figures are read day first, as "Order end" can be read in no other way' in suggestion.chosen
    assert suggestion.assumed == ['Cases, "Order start" (column B): a year of two figures is taken for 20yy (row 2)']


def test_what_is_taken_for_granted_is_told_by_sheet_and_column() -> None:
    """A line for each, with every word in it: the first of its cells is the first in the sheet, not of the cases."""
    suggestion = _of(
        Cases=[["Ref", "RoSH", "S&W", "Plan"], ["A1", "VH", "tbc", _DAY], ["A2", "M", "M", "overdue"]],
        Reviews=[["Ref", "Due", "Done"], ["A2", "3/9/26", "overdue"], ["A1", "13/9/26", _DAY], ["A1", _DAY, _DAY]],
    )
    assert suggestion.assumed == [
        'Cases, "RoSH" (column B): "m" is taken for medium (row 3); "vh" is taken for very high (row 2)',
        'Cases, "S&W" (column C): "tbc" counts as not known (row 2); "m" is taken for medium (row 3)',
        'Cases, "Plan" (column D): "overdue" says that it was not done, and counts as no (row 3)',
        'Reviews, "Due" (column B): a year of two figures is taken for 20yy (2 cells, the first in row 2)',
        'Reviews, "Done" (column C): "overdue" says that it was not done, and counts as no (row 2)',
    ]


def test_days_in_figures_that_nothing_makes_plain_are_not_read() -> None:
    """Nor are those of a column that goes both ways, or in which a program may have swapped day and month."""
    unclear = _of(Cases=[["Ref", "Order start"], ["A1", "3/4/26"], ["A2", "5/6/26"]])
    swapped = _of(Cases=[["Ref", "Order start", "Order end"], ["A1", "13/4/26", _DAY], ["A2", date(2026, 6, 5), _DAY]])
    assert (unclear.fields[0].read, unclear.fields[0].cells) == (0, 2)
    assert any(line.startswith("do days in figures begin with the day") for line in unclear.asked)
    assert swapped.fields[0].read == 1
    assert any("swapped" in line for line in swapped.chosen)


def test_headings_that_mean_nothing_are_told_once() -> None:
    """With what to do about them, after those that are not read for a reason of their own."""
    head = ["Ref", "Order start", "Initials", "RO", "Parking"]
    suggestion = _of(Cases=[head, ["A1", _DAY, "X", "Y", "n/a"]], Reviews=[["Ref", "Due", "Chair"], ["A1", _DAY, "Z"]])
    lines = [*suggestion_lines(suggestion, _RULEBOOK.dictionary.tables, 400)]
    at = lines.index("Headings that are not read:")
    assert lines[at + 1].startswith('  Cases, "RO": "RO" can mean')
    assert lines[at + 2].startswith(
        '  Cases, "Initials", "Parking"; Reviews, "Chair": casescreen reads nothing like these'
    )
    assert not lines[at + 3]
    remark = " ".join(mapping_text(suggestion, "t").replace("#", "").split())
    assert 'Cases, "Initials", "Parking"; Reviews, "Chair": casescreen reads nothing like these columns' in remark


@pytest.mark.parametrize(
    ("day", "asked"), [("2026-08-17", False), ("17 Aug 2026", False), (_DAY, False), ("3/4/26", True)]
)
def test_the_order_of_days_in_figures_is_asked_only_where_there_are_any(day: Cell, asked: bool) -> None:
    """A day that is written year first, or with the month's name, can be read in one way."""
    suggestion = _of(Cases=[["Ref", "Order start"], ["A1", day]])
    assert ("how days in figures are read" in mapping_text(suggestion, "t")) is asked
    assert any("do days in figures begin" in line for line in suggestion.asked) is asked


def test_no_order_of_days_is_asked_where_there_is_no_day() -> None:
    """Nothing would be read by it."""
    assert "days in figures" not in mapping_text(_of(Cases=[["Ref", "Team"], ["A1", "East"]]), "t")


def test_what_decides_most_and_is_not_read_comes_first() -> None:
    """Before what was matched."""
    suggestion = _of(Cases=[["Ref", "Order start"], ["A1", _DAY]])
    shown = "\n".join(suggestion_lines(suggestion, _RULEBOOK.dictionary.tables, 100))
    assert shown.index("questions of high severity") < shown.index("Matched:")
    missing = [one.field.full_name for one in suggestion.missing]
    assert "order.starts_on" not in missing
    assert {*missing[:4]} >= {"order.type", "plan.completed_on", "assessment.completed_on"}
    assert '"Order start" -> order started: 1 of 1 read as dates, e.g. 17 August 2026' in shown


def test_the_start_of_the_order_is_asked_for_first() -> None:
    """Every deadline hangs on it; columns of tables that no team keeps come last, however many questions read them."""
    missing = [one.field.full_name for one in _of(Cases=[["Ref", "Team"], ["A1", "East"]]).missing]
    assert missing[0] == "order.starts_on"
    last = missing.index("concerns.area")
    assert {"plan.exists", "reviews.of", "harm.level", "vulnerability.level"} <= {*missing[:last]}
    seldom = ("concerns.", "victims.", "objectives.", "decisions.")
    assert all(name.startswith(seldom) for name in missing[last:])


def test_other_sheets_are_read_by_the_id() -> None:
    """A table of the dictionary, fields of the case, and another sheet of cases, which is told."""
    suggestion = _of(
        Cases=[["Ref", "Order start", "Team"], ["A1", _DAY, "East"], ["A2", _DAY, "East"]],
        Reviews=[["Ref", "Review of", "Due"], ["A1", "IP", _DAY]],
        Levels=[["Case ref", "RoSH level"], ["A1", "VH"], ["A2", "tbc"]],
        Menu=[["Soup", "Price"], ["Leek", 3]],
        Closed=[["Ref", "Order start", "Team", "Order end"][:3], ["B1", _DAY, "East"]],
    )
    assert _read(suggestion) == {
        "order.starts_on": "Order start",
        "case.team": "Team",
        "reviews.of": "Review of",
        "reviews.due_on": "Due",
        "harm.level": "RoSH level",
    }
    assert [line.partition(":")[0] for line in suggestion.not_read] == ['"Menu"', '"Closed"']


_LIVE: Rows = [["YJ no.", "Order start"], ["A1", _DAY], ["A2", _DAY]]


@pytest.mark.parametrize(
    ("name", "rows", "read"),
    [
        (
            "Reviews 2026",
            [
                ["REVIEWS LOG"],
                ["YJ no.", "Inits", "Sort of review", "Should be by", "Happened"],
                ["A1", "X", "3 mth", _DAY, _DAY],
            ],
            {"reviews.due_on": "Should be by", "reviews.done_on": "Happened"},
        ),
        ("ReviewLog", [["YJ no.", "Held"], ["A1", _DAY]], {"reviews.done_on": "Held"}),
        ("Missed appointments", [["YJ no.", "Day missed"], ["A1", _DAY]], {"non_compliance.occurred_on": "Day missed"}),
        ("DNAs", [["YJ no.", "Day missed"], ["A1", _DAY]], {"non_compliance.occurred_on": "Day missed"}),
        ("Failures to comply (old)", [["YJ no.", "Missed"], ["A1", _DAY]], {"non_compliance.occurred_on": "Missed"}),
    ],
)
def test_a_sheet_is_the_table_that_its_name_has_in_it(name: str, rows: Rows, read: Mapping[str, str]) -> None:
    """In its own words or in those of the trade, if its columns fit."""
    suggestion = _of(**{"Live cases": _LIVE, name: rows})
    assert _read(suggestion) == {"order.starts_on": "Order start", **read}
    assert not suggestion.not_read


@pytest.mark.parametrize(
    ("name", "head", "told"),
    [
        (
            "Reviews 2026",
            ["YJ no.", "Sort", "Outcome"],
            'is it "reviews"?): say so in the mapping, under [[tables.reviews]]: ',
        ),
        (
            "Log",
            ["YJ no.", "Kind of review", "Notes"],
            'is it "reviews"?): say so in the mapping, under [[tables.reviews]]: ',
        ),
        (
            "Reviews and victims",
            ["YJ no.", "Soup"],
            'is it "reviews" or "victims"?): say so in the mapping, under [[tables.NAME]] (',
        ),
        (
            "Log",
            ["YJ no.", "Soup"],
            "it could not be told what its columns are: say so in the mapping, under [[tables.NAME]] (",
        ),
    ],
)
def test_a_sheet_with_ids_of_cases_that_nothing_tells_is_asked_about(name: str, head: Sequence[str], told: str) -> None:
    """By what its name or its headings are like, and with what to write."""
    suggestion = _of(
        **{"Live cases": _LIVE, name: [head, ["A1", "x", "y"][: len(head)], ["A1", "x", "y"][: len(head)]]}
    )
    [line] = suggestion.not_read
    assert line.startswith(f'"{name}": the ids of cases stand in it, but')
    assert told in line
    assert f'sheet = "{name}", of = "YJ no.", and a heading for each column' in line


def test_a_sheet_that_is_two_tables_alike_is_neither() -> None:
    """Both have a column of days that is called so."""
    rows: Rows = [["YJ no.", "Done on", "Responded on"], ["A1", _DAY, _DAY]]
    suggestion = _of(**{"Live cases": _LIVE, "Reviews and missed appointments": rows})
    assert 'is it "reviews" or "failures to comply"?' in suggestion.not_read[0]


def test_why_other_sheets_are_not_read_is_so() -> None:
    """No id of a case stands in it, or it has no headings; an id below another heading is told with it."""
    menu: Rows = [["Soup", "Price"], ["Leek", 3]]
    suggestion = _of(
        **{"Live cases": _LIVE, "Menu": menu, "Days": [[_DAY]], "Log": [["Child ref", "Soup"], ["A1", "Leek"]]}
    )
    lines = {line.partition(": ")[0]: line.partition(": ")[2] for line in suggestion.not_read}
    assert lines['"Menu"'] == "no id of a case stands in it"
    assert lines['"Days"'] == "there are no headings in it"
    assert 'of = "YJ no.", to = "Child ref"' in lines['"Log"']


def test_a_second_sheet_of_cases_is_told_first() -> None:
    """Only one is read."""
    head = ["Ref", "Order start", "Team", "RoSH level"]
    suggestion = _of(
        North=[head, ["A1", _DAY, "N", "H"], ["A2", _DAY, "N", "H"]],
        Menu=[["Soup", "Price"], ["Leek", 3]],
        South=[head, ["B1", _DAY, "S", "H"]],
    )
    assert "another sheet of cases" in suggestion.not_read[0]
    assert suggestion.not_read[0].startswith('"South"')


def test_a_rulebook_without_words_of_the_trade_goes_by_its_own() -> None:
    """Labels, names and endings of words."""
    suggestion = _tried({"Cases": [["Case ref", "Order starting", "Team"], ["A1", _DAY, "East"]]}, Vocabulary())
    assert isinstance(suggestion, Suggestion)
    assert {one.field.name: one.sure for one in suggestion.fields} == {"order.starts_on": False, "case.team": True}


def test_own_headings_need_no_suggestion() -> None:
    """Names tell, and the label of the id among labels; a heading that is a label by chance does not."""
    for headings, own in (
        (["case.id", "Comments"], True),
        (["case", "order started", "Comments"], True),
        (["Ref", "Team", "Case manager"], False),
        (["Case", "Start", "End", "Worker"], False),
    ):
        assert has_own_headings([Sheet("t.csv", "", "t", [headings])], _RULEBOOK.dictionary) is own


_CELLS = (
    st.none()
    | st.booleans()
    | st.sampled_from(
        ["Ref", "Order start", "x", "tbc", "Total", "overdue - \N{PARTY POPPER}", "VH", "3/4/26", "A / B"]
    )
    | st.text(max_size=8)
    | st.floats()
    | st.integers()
    | st.dates()
    | st.datetimes(max_value=datetime(9999, 1, 1))  # noqa: DTZ001 - workbooks have no zones
    | st.times()
)


@settings(max_examples=60, deadline=None)
@example({"\N{NO-BREAK SPACE}": [[False, False]]})
@given(st.dictionaries(st.text(max_size=5), st.lists(st.lists(_CELLS, max_size=4), max_size=5), min_size=1, max_size=3))
def test_any_table_gives_a_mapping_that_is_read_back_or_a_problem(tables: dict[str, list[list[Cell]]]) -> None:
    """Whatever stands in headings and cells, nothing of it becomes anything but text, and nothing fails."""
    head: list[list[Cell]] = [["Ref", "Order type", "Order start"]]
    for above in (head, []):
        sheets = [Sheet("t.xlsx", name, name, [*above, *rows]) for name, rows in tables.items()]
        made = suggest(sheets, _RULEBOOK, _WORDS, _TAKEN_ON)
        if isinstance(made, Suggestion):
            assert mapping_in("m.toml", mapping_text(made, "t"), _RULEBOOK.dictionary).id == made.mapping.id
            assert all(line.isprintable() for line in suggestion_lines(made, _RULEBOOK.dictionary.tables, 80))
