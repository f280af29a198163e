"""What people wrote in a workbook stands in the next one, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from casescreen.model.problem import InternalFaultError
from casescreen.model.screening import Summary
from casescreen.report.formats.excel import workbook
from casescreen.report.formats.registry import Options

Run = Callable[..., Any]


def _write(path: Path, progress: str, notes: str) -> str:
    """Write beside the first Ref, and give it."""
    book = load_workbook(path)
    book["Actions"]["I2"], book["Actions"]["L2"] = progress, notes
    book.save(path)
    return str(book["Actions"]["A2"].value)


def _beside(path: Path, sheet: str = "Actions") -> dict[str, tuple[str, str]]:
    titles, *rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    at = [titles.index(one) for one in ("Ref", "Progress", "Notes")]
    return {str(row[at[0]]): (row[at[1]], row[at[2]]) for row in rows}


@pytest.fixture
def actions(check: Run, late: Path, tmp_path: Path) -> Path:
    path = tmp_path / "actions.xlsx"
    assert check(late, "--output", path).code == 1
    return path


def test_a_workbook_in_which_nobody_wrote_is_the_same_again(check: Run, late: Path, actions: Path) -> None:
    """Byte by byte, and nothing is said of it."""
    before = actions.read_bytes()
    ran = check(late, "--output", actions, "--force")
    assert (ran.code, "carried" in ran.err) == (1, False)
    assert actions.read_bytes() == before


def test_what_people_wrote_survives_the_next_run(check: Run, late: Path, actions: Path) -> None:
    """With --force, from the file that is replaced; and the run after it."""
    ref = _write(actions, "doing", "Parts are on order")
    for _ in range(2):
        ran = check(late, "--output", actions, "--force")
        assert ran.code == 1
        assert "What people had written in 1 row was carried over, by its Ref." in ran.err
        assert _beside(actions)[ref] == ("doing", "Parts are on order")


def test_an_old_workbook_is_carried_into_a_new_one(check: Run, late: Path, actions: Path, tmp_path: Path) -> None:
    """And is left as it was."""
    ref, new = _write(actions, "doing", "Parts are on order"), tmp_path / "week-2.xlsx"
    before = actions.read_bytes()
    assert check(late, "--output", new, "--carry-over", actions).code == 1
    assert _beside(new)[ref] == ("doing", "Parts are on order")
    assert actions.read_bytes() == before
    again = check(late, "--output", new, "--carry-over", actions, "--carry-over", new, "--force")
    assert (again.code, _beside(new)[ref]) == (1, ("doing", "Parts are on order"))


def test_what_is_done_keeps_what_was_written(check: Run, late: Path, actions: Path) -> None:
    """On a sheet of its own; and comes back if there is something to do again."""
    ref, text = _write(actions, "done", "Repaired"), late.read_text(encoding="utf-8")
    late.write_text(text.replace("done = false", "done = true\nfinished_on = 2024-04-03"), encoding="utf-8")
    check(late, "--output", actions, "--force")
    assert ref not in _beside(actions)
    assert _beside(actions, "No longer open")[ref] == ("done", "Repaired")
    late.write_text(text, encoding="utf-8")
    check(late, "--output", actions, "--force")
    assert _beside(actions)[ref] == ("done", "Repaired")
    assert "No longer open" not in load_workbook(actions).sheetnames


@pytest.mark.parametrize("share", [("--suppress-under", "5"), ("--pseudonyms", "key")])
def test_a_copy_to_share_takes_nothing_and_replaces_nothing(
    check: Run, late: Path, actions: Path, tmp_path: Path, share: tuple[str, str]
) -> None:
    """A workbook in which nobody wrote is replaced, as before."""
    option = (share[0], tmp_path / share[1] if share[1] == "key" else share[1])
    _write(actions, "doing", "Parts are on order")
    before = actions.read_bytes()
    ran = check(late, "--output", actions, "--force", *option)
    assert (ran.code, "People wrote in" in ran.err) == (2, True)
    assert actions.read_bytes() == before
    ran = check(late, "--output", tmp_path / "new.xlsx", "--carry-over", actions, *option)
    assert (ran.code, "--carry-over needs --output" in " ".join(ran.err.split())) == (2, True)
    assert check(late, "--output", tmp_path / "new.xlsx", *option).code == 1
    assert check(late, "--output", tmp_path / "new.xlsx", "--force", *option).code == 1


def test_a_file_that_is_not_ours_is_left_as_it_is(check: Run, late: Path, tmp_path: Path) -> None:
    """Where it cannot be read; a workbook without actions is replaced, as --force says."""
    path = tmp_path / "actions.xlsx"
    path.write_bytes(b"mine")
    ran = check(late, "--output", path, "--force")
    assert (ran.code, path.read_bytes()) == (2, b"mine")
    assert "cannot be read as a workbook of actions" in ran.err
    Workbook().save(path)
    assert check(late, "--output", path, "--force").code == 1
    assert "Actions" in load_workbook(path).sheetnames


def test_nothing_is_lost_where_the_new_one_fails(
    check: Run, late: Path, actions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file is there until the new one is whole."""
    _write(actions, "doing", "Parts are on order")
    before = actions.read_bytes()

    def fails(*_: object) -> bytes:
        raise InternalFaultError("no")

    monkeypatch.setattr(workbook, "render", fails)
    assert check(late, "--output", actions, "--force").code == 3
    assert actions.read_bytes() == before


def test_carrying_over_needs_somewhere_to_carry_it(check: Run, late: Path, actions: Path, tmp_path: Path) -> None:
    """And something to carry."""
    ran = check(late, "--carry-over", actions)
    assert (ran.code, "--carry-over needs --output with a workbook" in " ".join(ran.err.split())) == (2, True)
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    ran = check(late, "--output", tmp_path / "new.xlsx", "--carry-over", other)
    assert (ran.code, "holds no actions that could be carried over" in ran.err) == (2, True)


def test_what_is_written_while_cases_are_screened_is_not_lost(
    check: Run, late: Path, actions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was saved since it was read is left as it is."""
    render = workbook.render

    def saved_meanwhile(result: Summary, options: Options) -> bytes:
        _write(actions, "done", "Just now")
        return render(result, options)

    monkeypatch.setattr(workbook, "render", saved_meanwhile)
    ran = check(late, "--output", actions, "--force")
    assert (ran.code, "was changed while the cases were screened" in ran.err) == (2, True)
    assert ("done", "Just now") in _beside(actions).values()
