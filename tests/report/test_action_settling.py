"""Sheets of actions that came back, whatever was made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sample_screening import Find, Screen

from casescreen.model.case import Rejected
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.action_claims import STATE_OF, STILL_OPEN, ActionState, InRecord
from casescreen.report.action_settling import Settled, settle
from casescreen.report.actions_reader import read_returned
from casescreen.report.carried_over import STATES, WrittenBeside
from casescreen.report.formats.excel.workbook import render_actions
from casescreen.report.refs import is_ref, ref_of

Table = list[list[object]]
Change = Callable[[Table, int], Table]
_ROWS = 7


@pytest.fixture(scope="session")
def sheet(screening: Screening, tmp_path_factory: pytest.TempPathFactory) -> Table:
    """The sheet as it is handed out: its headings, and its rows."""
    path = tmp_path_factory.mktemp("actions") / "actions.xlsx"
    path.write_bytes(render_actions(screening, None))
    return [list(row) for row in load_workbook(path)["Actions"].iter_rows(values_only=True)]


def _settled(screening: Screening, *rows: WrittenBeside) -> Settled:
    return settle(rows, screening)


def _row(ref: str, progress: str = "to do", **more: object) -> WrittenBeside:
    return WrittenBeside(ref, progress=progress, **more)  # type: ignore[arg-type]


_AN_03, _AN_01 = "AN-03-MDEF", "AN-01-PNNZ"


def _states(settled: Settled, ref: str) -> list[ActionState]:
    return [one.state for one in settled.standings if one.ref == ref]


def test_what_is_said_to_be_done_is_held_against_the_record(find: Find, screen: Screen) -> None:
    """Met is closed, still open is returned; what nobody claimed is closed by the record."""
    ref = ref_of("A-1", ("1-reducing", "case.manager"))
    for outcome, said, state in (
        (Outcome.MET, "done", ActionState.CLOSED),
        (Outcome.MET, "to do", ActionState.CLOSED_BY_RECORD),
        (Outcome.NOT_MET, "done", ActionState.RETURNED),
        (Outcome.NOT_EVIDENCED, "done", ActionState.RETURNED),
    ):
        made = screen([find("A-1", "plan-timely", outcome)])
        (theme,) = {one.theme for one in made.rulebook.criteria if one.id == "plan-timely"}
        ref = ref_of("A-1", (theme, "case.manager"))
        assert _states(_settled(made, _row(ref, said, questions=("plan-timely",))), ref)[:1] == [state]


def test_something_new_under_a_closed_ref_is_open_too(find: Find, screen: Screen) -> None:
    """What was done is closed, and what has come is told as not in the sheet."""
    made = screen([find("A-1", "plan-timely", Outcome.MET), find("A-1", "concerns-in-plan", Outcome.NOT_MET)])
    (ref,) = {one.ref for one in _settled(made).standings}
    settled = _settled(made, _row(ref, "done", questions=("plan-timely",)))
    assert _states(settled, ref) == [ActionState.NOT_RETURNED, ActionState.CLOSED]


def test_what_has_moved_says_where_to(find: Find, screen: Screen) -> None:
    """What fell due and was not done is open, under the Ref of what is to be acted on."""
    due = screen([find("A-1", "plan-timely", Outcome.NOT_YET_DUE, due=date(2016, 5, 12))])
    (before,) = _settled(due).standings
    after = screen([find("A-1", "plan-timely", Outcome.NOT_MET, due=date(2016, 5, 12))])
    row = _row(before.ref, "done", questions=("plan-timely",), by_when=date(2016, 5, 12))
    settled = settle([row], evolve(after, as_of=date(2016, 5, 16)))
    (returned,) = settled.of(ActionState.RETURNED)
    (action,) = settled.actions
    assert (returned.moved_to, returned.is_late(date(2016, 5, 16))) == ((action.ref,), False)


def test_a_case_that_left_ends_its_rows(screening: Screening) -> None:
    """A Ref of a case that is not there is no mistake, if rules make such a Ref; else it is unknown."""
    theirs = next(one.ref for one in _settled(screening).standings if one.case == "AN-03")
    group = theirs[-4:-1]
    refs = [f"AN-77-{group}{letter}" for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    (ref,) = (one for one in refs if is_ref(one))
    row = _row(ref, "done", questions=("plan-timely",))
    assert _states(_settled(screening, row), ref) == [ActionState.ENDED]
    rejected = evolve(screening, rejected=(Rejected("AN-77", "it cannot be read"),))
    assert _states(_settled(rejected, row), ref) == [ActionState.UNKNOWN]
    other = ref_of("AN-77", ("no such theme", "nobody"))
    settled = _settled(screening, _row(other, "done"))
    assert "no rule makes such a Ref" in settled.not_taken[0].what
    assert not _states(settled, other)


def test_a_sheet_of_other_cases_is_refused(screening: Screening) -> None:
    """It would look as if all had left."""
    group = _AN_03[-4:-1]
    rows = [
        _row(ref)
        for case in ("Z-1", "Z-2", "Z-3")
        for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        if is_ref(ref := f"{case}-{group}{letter}")
    ]
    with pytest.raises(CasescreenError, match="None of the 3 cases in the sheet of actions"):
        settle(rows, screening)
    assert settle(rows[:2], screening).of(ActionState.ENDED)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (_row(_AN_03, "finished"), '"finished" is no word of Progress'),
        (_row(_AN_03, "cannot"), '"cannot" needs a reason'),
        (_row(_AN_03, "doing", done_on=date(2016, 5, 2)), 'Done on has 2 May 2016, and Progress is "doing"'),
        (_row(_AN_03, "done", done_on=date(2016, 5, 10)), "which is after 9 May 2016"),
        (_row(_AN_03, "done", case="AN-01"), "its Ref is of case AN-03, and beside it stands case AN-01"),
    ],
)
def test_what_contradicts_itself_is_not_taken(screening: Screening, row: WrittenBeside, told: str) -> None:
    """It is told, and nothing is made of it."""
    settled = _settled(screening, row)
    assert told in settled.not_taken[0].what
    assert settled.refs_not_taken == frozenset({_AN_03})
    assert not _states(settled, _AN_03)


def test_two_copies_that_disagree_are_both_told_and_neither_is_taken(screening: Screening) -> None:
    """The same twice, or a copy in which nobody wrote, is no disagreement."""
    one, other = _row(_AN_03, "done", notes=("Called",)), _row(_AN_03.lower(), "doing")
    (told,) = _settled(screening, one, other).not_taken
    assert 'two copies disagree: "done", "Called"; ' in told.what
    assert '"doing"' in told.what
    for copy in (one, _row(_AN_03), _row(_AN_03, "done")):
        assert _states(_settled(screening, one, copy), _AN_03) == [ActionState.RETURNED]


# What people and programs do to a sheet. Each takes the table, and a number to choose by.


def _sort(table: Table, n: int) -> Table:
    head, *rows = table
    return [head, *sorted(rows, key=lambda row: str(row[n % len(head)]))]


def _blank(width: int, number: int) -> Table:
    return [[None for _ in range(width)] for _ in range(number)]


def _blank_rows(table: Table, n: int) -> Table:
    at = n % len(table) + 1
    return [*table[:at], *_blank(len(table[0]), n % 3 + 1), *table[at:]]


def _rows_above(table: Table, n: int) -> Table:
    return [["Worked on by the East team"], *[[]] * (n % 3), *table]


def _columns(table: Table, n: int) -> Table:
    order = [*range(len(table[0]))]
    order = [*order[n % len(order) :], *order[: n % len(order)]]
    return [[row[at] if at < len(row) else None for at in order] for row in table]


def _column_added(table: Table, n: int) -> Table:
    at = n % len(table[0])
    return [[*row[:at], "Team meeting" if not number else n, *row[at:]] for number, row in enumerate(table)]


def _headings(table: Table, n: int) -> Table:
    change = (str.upper, str.lower, lambda text: f"  {text} ", str.swapcase)[n % 4]
    return [[change(str(cell)) for cell in table[0]], *table[1:]]


_KEEP = st.lists(
    st.tuples(st.sampled_from([_sort, _blank_rows, _columns, _column_added, _headings]), st.integers(0, 1_000)),
    max_size=4,
)
_CLAIM = st.tuples(
    st.sampled_from([*STATES, "Done", "DOING", "in hand"]),
    st.sampled_from(["", "3 May 2016", "2016-05-03", "03/05/2016"]),
    st.sampled_from(["", "Rang the school", "=1+1", "a\nb"]),
)
_DAMAGE = st.sampled_from(["", "", "", "drop", "mistype", "copy", "disagree", "lower"])


def _csv(table: Table) -> bytes:
    to = io.StringIO(newline="")
    rows = [[cell.date().isoformat() if isinstance(cell, date) else cell for cell in row] for row in table]  # type: ignore[attr-defined]
    csv.writer(to).writerows(rows)
    return to.getvalue().encode()


@pytest.fixture(scope="session")
def handed_out(sheet: Table) -> Callable[[], Table]:
    return lambda: [[*row] for row in sheet]


@pytest.fixture(scope="session")
def returned(screening: Screening, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Table], Settled]:
    path = tmp_path_factory.mktemp("mangled") / "actions.csv"

    def read(table: Table) -> Settled:
        path.write_bytes(_csv(table))
        sheet = read_returned(path)
        assert not sheet.problems
        return settle(sheet.rows, screening)

    return read


def _damaged(row: list[object], at: dict[str, int], damage: str) -> Table:
    """The rows that are made of one row, as people leave it."""
    ref, word = str(row[at["Ref"]]), row[at["Progress"]]
    match damage:
        case "drop":
            return []
        case "mistype":
            return [[f"{ref[:-2]}{'R' if ref[-2] == 'Q' else 'Q'}{ref[-1]}", *row[1:]]]
        case "lower":
            return [[ref.lower(), *row[1:]]]
        case "copy":
            return [row, [*row]]
        case "disagree":
            other = [*row]
            other[at["Progress"]] = "to do" if str(word).casefold() == "cannot" else "cannot"
            other[at["Done on"]], other[at["Notes"]] = "", "Something else"
            return [row, other]
    return [row]


def _expected(progress: str, note: str, damage: str) -> str | None:
    """What is claimed by the rows made of one row; None where they are not to be taken."""
    if damage in {"drop", "mistype"}:
        return ""
    if progress == "cannot" and not note:
        return None
    if damage == "disagree":
        return "cannot" if progress == "to do" and not note else None
    return progress


@settings(max_examples=250)
@given(claims=st.lists(st.tuples(_CLAIM, _DAMAGE), min_size=_ROWS, max_size=_ROWS), changes=_KEEP, above=st.booleans())
def test_a_mangled_sheet_says_what_was_written_in_it(
    claims: list[tuple[tuple[str, str, str], str]],
    changes: list[tuple[Change, int]],
    above: bool,
    handed_out: Callable[[], Table],
    returned: Callable[[Table], Settled],
) -> None:
    """Or says that it cannot be taken: nothing is taken for what it is not, and every open Ref is told once."""
    head, *rows = handed_out()
    at = {str(title): number for number, title in enumerate(head)}
    expected: dict[str, str | None] = {}
    table: Table = [head]
    for row, ((said, day, note), damage) in zip(rows, claims, strict=True):
        progress = {"Done": "done", "DOING": "doing", "in hand": "doing"}.get(said, said)
        expected[str(row[at["Ref"]])] = _expected(progress, note, damage)
        row[at["Progress"]], row[at["Notes"]] = said, note
        row[at["Done on"]] = day if progress == "done" else ""
        table += _damaged(row, at, damage)
    for change, number in changes:
        table = change(table, number)
    settled = returned(_rows_above(table, len(table)) if above else table)
    for ref, claim in expected.items():
        if claim is None:
            assert ref in settled.refs_not_taken
        else:
            assert _states(settled, ref) == [STATE_OF[claim, InRecord.OPEN]]
    told = [one.ref for one in settled.standings if one.state in STILL_OPEN]
    assert sorted([*told, *settled.refs_not_taken]) == sorted(expected)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["03/05/2016", "04/05/2016"], []),
        (["03/05/2016", "05/13/2016"], ["03/05/2016", "05/13/2016"]),
        (["13/05/2016", "05/13/2016"], ["13/05/2016", "05/13/2016"]),
        (["3 May 2016", "yesterday"], ["yesterday"]),
        (["31/02/2016", "3/5/16"], ["31/02/2016", "3/5/16"]),
    ],
)
def test_days_as_text_are_read_day_first_unless_something_speaks_against_it(
    sheet: Table, tmp_path: Path, days: list[str], told: list[str]
) -> None:
    """What cannot be read is told, with what to do to the sheet and to nothing else."""
    head, *rows = [[*row] for row in sheet]
    for row, day in zip(rows, days, strict=False):
        row[head.index("Progress")], row[head.index("Done on")] = "done", day
    path = tmp_path / "actions.csv"
    path.write_bytes(_csv([head, *rows]))
    read = read_returned(path)
    assert [day for day in told if not any(day in str(one) for one in read.problems)] == []
    assert len(read.problems) == len(told)
    assert not any("mapping" in str(one) for one in read.problems)
    kept = {one.done_on for one in read.rows if one.done_on}
    assert kept == ({date(2016, 5, 3), date(2016, 5, 4)} if not told else {*kept})


def test_the_core_knows_no_file(screening: Screening) -> None:
    """Without rows, everything that is open is not returned."""
    settled = settle((), screening)
    assert {one.state for one in settled.standings} == {ActionState.NOT_RETURNED}
    assert [one.ref for one in settled.standings if one.action is None] == []


def test_a_row_of_ours_that_lost_its_ref_is_told(screening: Screening) -> None:
    """As where cells were merged; a row of somebody else is left alone."""
    settled = _settled(screening, _row("", "done", questions=("plan-timely",)), _row("", "done", case="AN-01"))
    (told,) = settled.not_taken
    assert ("its Ref is gone" in told.what, settled.own_rows) == (True, 1)


def test_headings_that_stand_again_are_no_row(
    handed_out: Callable[[], Table], returned: Callable[[Table], Settled]
) -> None:
    """As where sheets were put below one another."""
    head, *rows = handed_out()
    settled = returned([head, *rows[:3], head, *rows[3:]])
    assert (len(settled.of(ActionState.OPEN)), settled.own_rows, settled.not_taken) == (_ROWS, 0, ())
