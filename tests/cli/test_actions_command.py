"""casescreen actions."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

Run = Callable[..., Any]
_ROOT = Path(__file__).parents[2]
_SOMERSET = ("cases/somerset-2016", "--as-of", "2016-05-09")


@pytest.fixture
def actions(run: Run, bikes: Path, late: Path) -> Run:
    def call(command: str, *arguments: object, as_of: str = "2024-06-03") -> Any:  # noqa: ANN401 - what a run was
        return run("actions", command, late, "--rules", bikes, "--as-of", as_of, *arguments)

    return call


@pytest.fixture
def sheet(actions: Run, tmp_path: Path) -> Path:
    path = tmp_path / "actions.xlsx"
    assert actions("write", "--output", path).code == 0
    return path


def _fill(path: Path, row: int = 2, **cells: object) -> str:
    """Write below the headings of a row, and give its Ref."""
    book = load_workbook(path)
    sheet = book["Actions"]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row, columns[name.replace("_", " ")]).value = value
    book.save(path)
    return str(sheet.cell(row, 1).value)


def _rows(path: Path, sheet: str = "Actions") -> list[dict[str, object]]:
    titles, *rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def _mend(late: Path) -> None:
    text = late.read_text(encoding="utf-8")
    late.write_text(text.replace("done = false", "done = true\ndone_on = 2024-04-03"), encoding="utf-8")


def test_the_workbook_says_which_sheet_to_fill_in(sheet: Path) -> None:
    """There is one, and how it comes back is said on the cover."""
    book = load_workbook(sheet)
    assert book.sheetnames == ["Cover", "Actions"]
    cover = " ".join(str(cell) for row in book["Cover"].iter_rows(values_only=True) for cell in row if cell)
    assert "The sheet to fill in: Progress, Done on, Evidence and Notes" in cover
    (row,) = _rows(sheet)
    assert (row["Case"], row["Owner"], row["Progress"], row["Done on"]) == ("B-1", "Worker A", "to do", None)


def test_writing_never_replaces_a_file(actions: Run, sheet: Path, tmp_path: Path) -> None:
    """Nor the one that is carried over; and a new one is a workbook."""
    before = sheet.read_bytes()
    for more in ((), ("--from", sheet)):
        assert actions("write", "--output", sheet, *more).code == 2
    assert sheet.read_bytes() == before
    assert "let its name end in .xlsx" in actions("write", "--output", tmp_path / "new.csv").err


def test_what_is_to_be_typed_when_it_comes_back_names_the_same_rules(actions: Run, bikes: Path, tmp_path: Path) -> None:
    """A sheet written under a profile and read back without it would be held against other rules."""
    profile = tmp_path / "north.toml"
    profile.write_text(f'extends = "{bikes}"\n', encoding="utf-8")
    ran = actions(
        "write", "--output", tmp_path / "new.xlsx", "--profile", profile, "--set", "repair_due=9 working days"
    )
    assert f'--profile {profile} --set "repair_due=9 working days"' in ran.err.replace("'", '"')


def test_what_was_written_is_carried_into_the_new_one(actions: Run, sheet: Path, tmp_path: Path) -> None:
    """With the day that stood there, so that it can be late; the old file is as it was."""
    ref = _fill(sheet, Progress="doing", Evidence="photo 3", Notes="Parts are on order", By_when=dt.date(2024, 6, 20))
    before, new = sheet.read_bytes(), tmp_path / "week-2.xlsx"
    ran = actions("write", "--output", new, "--from", sheet, as_of="2024-06-10")
    assert (ran.code, "carried over, by its Ref" in ran.err, sheet.read_bytes() == before) == (0, True, True)
    (row,) = _rows(new)
    assert (row["Ref"], row["Progress"], row["Evidence"], row["Notes"]) == (
        ref, "doing", "photo 3", "Parts are on order",
    )  # fmt: skip
    assert row["By when"] == dt.datetime(2024, 6, 20)  # noqa: DTZ001 - a cell


def test_done_is_a_claim(actions: Run, sheet: Path, late: Path) -> None:
    """Still open is returned, met is closed; the exit code says whether anything is returned or late."""
    ref = _fill(sheet, Progress="done", Done_on=dt.date(2024, 6, 2))
    ran = actions("read", "--sheet", sheet)
    assert ran.code == 1
    assert f'{ref}, Worker A: "done" on 2 June 2024' in ran.out
    assert "Returned: said to be done, and still open (1)" in ran.out
    _mend(late)
    ran = actions("read", "--sheet", sheet, "--full")
    assert (ran.code, "Closed: said to be done, and met (1)" in ran.out) == (0, True)


def test_what_is_returned_says_so_in_the_next_sheet(actions: Run, sheet: Path, tmp_path: Path) -> None:
    """First of what was found."""
    _fill(sheet, Progress="done", Done_on=dt.date(2024, 6, 2))
    actions("write", "--output", tmp_path / "new.xlsx", "--from", sheet)
    (row,) = _rows(tmp_path / "new.xlsx")
    assert str(row["What was found"]).startswith("Returned: said to be done on 2 June 2024, and still open.\n")
    assert row["Progress"] == "done"


def test_what_cannot_be_done_is_offered_a_waiver(actions: Run, sheet: Path, bikes: Path) -> None:
    """With one line to type, if it has a reason."""
    _fill(sheet, Progress="cannot")
    ran = actions("read", "--sheet", sheet)
    assert (ran.code, '"cannot" needs a reason' in ran.out) == (2, True)
    _fill(sheet, Notes="The maker is gone")
    out = " ".join(actions("read", "--sheet", sheet).out.split())
    typed = f"casescreen waivers add waivers.toml --rules {bikes} --case B-1 --criterion"
    assert (out.count("waivers add"), typed in out, '--accepts "not met"' in out) == (1, True, True)


def test_due_today_is_not_late(actions: Run, sheet: Path) -> None:
    """And nobody is told that there is time."""
    _fill(sheet, By_when=dt.date(2024, 6, 10))
    seen = []
    for day in ("2024-06-09", "2024-06-10", "2024-06-11"):
        ran, late = (actions("list", "--sheet", sheet, *more, as_of=day) for more in ((), ("--overdue",)))
        assert ran.code == late.code
        seen.append((ran.code, late.out.split("\n")[3], ran.out))
    early, today, past = seen
    assert (*early[:2], "in 1 day" in early[2]) == (0, "Nothing is late.", True)
    assert (*today[:2], "due today" in today[2], "in 0 days" in today[2]) == (0, "Nothing is late.", True, False)
    assert (*past[:2], "1 day late" in past[2]) == (1, "1 action in 1 case.", True)


def test_late_needs_the_sheet(actions: Run) -> None:
    """Without it every day is counted anew."""
    ran = actions("list", "--overdue")
    assert (ran.code, "--overdue needs --sheet" in ran.err) == (2, True)
    assert actions("list").code == 0


@pytest.mark.parametrize(("option", "value"), [("--suppress-under", "5"), ("--pseudonyms", "key")])
def test_copies_to_share_are_refused(actions: Run, tmp_path: Path, option: str, value: str) -> None:
    """In each of the commands, before any file is made."""
    for command in ("write", "read", "list"):
        ran = actions(command, option, value, "--output", tmp_path / "new.xlsx")
        assert (ran.code, f"{option} cannot go with" in ran.err) == (2, True)
    assert not (tmp_path / "new.xlsx").exists()


def test_the_list_as_a_file(actions: Run, sheet: Path, tmp_path: Path) -> None:
    """As a workbook and as CSV, inert; and it is no sheet to fill in."""
    _fill(sheet, Progress="doing", Notes="=1+1", By_when=dt.date(2024, 5, 31))
    book, table = tmp_path / "open.xlsx", tmp_path / "open.csv"
    for path in (book, table):
        assert actions("list", "--sheet", sheet, "--output", path).code == 1
    (row,) = csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())
    assert (row["Said"], row["Notes"], row["Days"], row["By when"]) == ("doing", "'=1+1", "-3", "2024-05-31")
    (same,) = _rows(book, "Open actions")
    assert (same["Ref"], same["Days"], same["Notes"]) == (row["Ref"], -3, "=1+1")
    ran = actions("read", "--sheet", book)
    assert (ran.code, "has no sheet of actions" in ran.err) == (2, True)
    assert actions("list", "--output", tmp_path / "open.txt").code == 2


@pytest.mark.parametrize("content", [b"", b"mine", b"PK\x03\x04damaged", b"a,b\n1,2\n", b"Ref,Case\nB-1-2RWU,B-1\n"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_no_sheet_of_actions_is_refused(actions: Run, tmp_path: Path, content: bytes, ending: str) -> None:
    """With what to do, and nothing told of it."""
    path = tmp_path / f"other.{ending}"
    path.write_bytes(content)
    ran = actions("read", "--sheet", path)
    assert (ran.code, ran.out, "nothing can be read back from it" in ran.err) == (2, "", True)
    assert "What to do:" in ran.err
    other = tmp_path / "other-book.xlsx"
    Workbook().save(other)
    assert actions("read", "--sheet", other).code == 2


def test_a_sheet_of_an_older_version_is_read(actions: Run, sheet: Path, late: Path, tmp_path: Path) -> None:
    """It has other words and fewer columns; what it is about cannot be told once there is nothing to do."""
    _fill(sheet, Progress="in hand", Notes="Parts are on order")
    book = load_workbook(sheet)
    book["Actions"].tables.clear()
    for column in (13, 11, 10):
        book["Actions"].delete_cols(column)
    book.save(sheet)
    assert [cell.value for cell in book["Actions"][1]][-2:] == ["Progress", "Notes"]
    assert "doing" in actions("list", "--sheet", sheet).out
    actions("write", "--output", tmp_path / "new.xlsx", "--from", sheet)
    assert _rows(tmp_path / "new.xlsx")[0]["Progress"] == "doing"
    _mend(late)
    assert "cannot be told" in actions("read", "--sheet", sheet).out


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls", "csv"])
def test_a_sheet_that_another_program_saved(actions: Run, sheet: Path, tmp_path: Path, form: str) -> None:
    """LibreOffice, in each of its forms; a CSV is of the sheet that was saved."""
    if (office := shutil.which("soffice")) is None:
        pytest.skip("LibreOffice is not installed")
    _fill(sheet, Progress="done", Done_on=dt.date(2024, 6, 2), Evidence="photo 3")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    wanted = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2" if form == "csv" else form
    out = tmp_path / form
    done = [office, profile, "--headless", "--convert-to", wanted, "--outdir", str(out), str(sheet)]
    subprocess.run(done, check=True, capture_output=True, timeout=300)
    (saved,) = out.glob(f"*.{form}")
    ran = actions("read", "--sheet", saved)
    assert (ran.code, '"done" on 2 June 2024' in ran.out, "Says: photo 3" in ran.out) == (1, True, True)
    assert actions("write", "--output", tmp_path / "new.xlsx", "--from", saved).code == 0
    assert _rows(tmp_path / "new.xlsx")[0]["Evidence"] == "photo 3"


@pytest.mark.parametrize("width", [80, 100])
def test_what_is_open_fits_a_screen(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int) -> None:
    """Of the shipped cases too; --full and --by owner have the rest."""
    monkeypatch.chdir(_ROOT)
    sheet = tmp_path / "actions.xlsx"
    assert run("actions", "write", *_SOMERSET, "--output", sheet).code == 0
    late = ("cases/somerset-2016", "--as-of", "2016-05-17", "--sheet", sheet, "--width", width)
    for command in (("list",), ("list", "--overdue"), ("list", "--by", "owner"), ("read",)):
        ran = run("actions", *command, *late)
        assert (ran.code, ran.out.count("\n") <= 45, max(map(len, ran.out.splitlines())) <= width) == (1, True, True)
    whole, owned = (run("actions", "list", *late, "--full", *more).out for more in ((), ("--by", "owner")))
    refs = {str(row["Ref"]) for row in _rows(sheet)}
    assert len([ref for ref in refs if ref in whole]) >= len(refs) - 3
    assert {line for line in whole.split() if line in refs} == {line for line in owned.split() if line in refs}


def test_the_same_sheet_twice_says_the_same(actions: Run, sheet: Path, tmp_path: Path) -> None:
    """Two copies that disagree are told with both values, and exit code 2 says that a row was not taken."""
    _fill(sheet, Progress="doing")
    copy = tmp_path / "copy.xlsx"
    shutil.copy(sheet, copy)
    once = actions("read", "--sheet", sheet)
    assert actions("read", "--sheet", sheet, "--sheet", copy, "--sheet", sheet).out == once.out
    _fill(copy, Progress="done")
    ran = actions("read", "--sheet", sheet, "--sheet", copy)
    said = " ".join(ran.out.split())
    assert (ran.code, 'two copies disagree: "doing"; ' in said, '"done"' in said) == (2, True, True)
