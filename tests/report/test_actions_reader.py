"""What people made of a workbook of actions, read back."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from casescreen.cases.tables.readers import sheets_in_workbook
from casescreen.model.problem import CasescreenError, Fault
from casescreen.model.screening import Screening
from casescreen.report import actions_reader
from casescreen.report.actions_reader import read_carried_over
from casescreen.report.formats.excel.workbook import render
from casescreen.report.formats.registry import Options

Edit = Callable[[Worksheet], None]


@pytest.fixture
def book(screening: Screening, tmp_path: Path) -> Path:
    """A workbook as it is written."""
    path = tmp_path / "actions.xlsx"
    path.write_bytes(render(screening, Options(per_owner=True)))
    return path


def _edited(path: Path, edit: Edit, sheet: str = "Actions") -> Path:
    book = load_workbook(path)
    edit(book[sheet])
    book.save(path)
    return path


def _cell(sheet: Worksheet, ref: str, heading: str) -> str:
    (titles,) = (row for row in sheet.iter_rows() if "Ref" in [cell.value for cell in row])
    at = {str(cell.value): cell.column_letter for cell in titles}
    (row,) = (cell.row for cell in sheet[at["Ref"]] if cell.value == ref)
    return f"{at[heading]}{row}"


def _write(sheet: Worksheet) -> None:
    sheet[_cell(sheet, "AN-03-MDEF", "Progress")] = "doing"
    sheet[_cell(sheet, "AN-03-MDEF", "Notes")] = "Police told\nWaiting for an answer"
    sheet[_cell(sheet, "AN-02-PNNJ", "Progress")] = "Done"


_WRITTEN = {
    ("AN-03-MDEF", "doing", ("Police told", "Waiting for an answer")),
    ("AN-02-PNNJ", "done", ()),
}


def _read(path: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    carried = read_carried_over(path, replaced=True)
    assert carried is not None
    return {(row.ref, row.progress, row.notes) for row in carried.rows}


def test_a_workbook_as_it_was_written_has_nothing_written_in_it(book: Path) -> None:
    """Nor has one that was only opened and saved."""
    assert _read(book) == set()
    assert _read(_edited(book, lambda _: None)) == set()


def _sort(sheet: Worksheet) -> None:
    rows = sorted(([cell.value for cell in row] for row in sheet.iter_rows(min_row=2)), key=lambda row: str(row[5:7]))
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value


def _filter(sheet: Worksheet) -> None:
    for row in range(2, 9):
        sheet.row_dimensions[row].hidden = True


def _add(sheet: Worksheet) -> None:
    sheet.tables.clear()
    sheet.insert_cols(1)
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Worked on by the East team"


def _move(sheet: Worksheet) -> None:
    """Put the columns into the opposite order."""
    for row in sheet.iter_rows():
        values = [cell.value for cell in row]
        for cell, value in zip(row, reversed(values), strict=True):
            cell.value = value


@pytest.mark.parametrize("then", [_sort, _filter, _add, _move], ids=lambda edit: str(edit.__name__).strip("_"))
def test_what_is_written_is_found_whatever_was_done_to_the_sheet(book: Path, then: Edit) -> None:
    """By its Ref, below its heading."""
    assert _read(_edited(_edited(book, _write), then)) == _WRITTEN


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_what_is_written_survives_another_program(book: Path, tmp_path: Path, form: str) -> None:
    """LibreOffice saves it, in each of its forms."""
    if (office := shutil.which("soffice")) is None:
        pytest.skip("LibreOffice is not installed")
    _edited(_edited(book, _write), _sort)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / form
    done = [office, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(book)]
    subprocess.run(done, check=True, capture_output=True, timeout=300)
    assert _read(out / f"actions.{form}") == _WRITTEN


def test_what_an_owner_wrote_on_a_sheet_of_their_own_counts(book: Path) -> None:
    """As what stands on that of all."""
    carried = read_carried_over(_edited(book, _own, "Worker A"), replaced=True)
    assert carried is not None
    assert [(row.ref, row.progress) for row in carried.rows] == [("AN-03-MDEF", "done")]


def _own(sheet: Worksheet) -> None:
    sheet[_cell(sheet, "AN-03-MDEF", "Progress")] = "done"


def test_columns_and_rows_of_somebody_else_are_kept(book: Path) -> None:
    """What stands in a column of theirs goes into the notes, a row of theirs stays one, and both are told."""

    def edit(sheet: Worksheet) -> None:
        sheet["N1"] = "Team meeting"
        sheet[f"N{_cell(sheet, 'AN-03-MDEF', 'Ref')[1:]}"] = dt.datetime(2016, 5, 12)  # noqa: DTZ001 - a cell
        sheet["O3"] = 2.5
        sheet["F20"], sheet["H20"] = "AN-99", "Ring the school"

    carried = read_carried_over(_edited(book, edit), replaced=True)
    assert carried is not None
    told = {(row.ref, row.case): row.notes for row in carried.rows}
    assert told["AN-03-MDEF", "AN-03"] == ("Team meeting: 12 May 2016",)
    assert told["", "AN-99"] == ("What to do: Ring the school",)
    assert ("Column O: 2.5",) in told.values()
    problems = "\n".join(map(str, carried.problems))
    assert "row 20, column A: the row has no Ref" in problems
    assert '"Team meeting" is not one of our columns, so what stands in it goes into Notes' in problems


def test_a_ref_that_is_broken_or_stands_twice_is_told(book: Path) -> None:
    """With its row; what is written there is kept."""

    def edit(sheet: Worksheet) -> None:
        _write(sheet)
        for number, ref in ((20, "AN-03-MDEE"), (21, "AN-03-MDEF"), (22, "AN-03-MDEF")):
            sheet[f"A{number}"], sheet[f"I{number}"] = ref, "doing"
        sheet["L21"] = "Something else"

    carried = read_carried_over(_edited(book, edit), replaced=True)
    assert carried is not None
    assert len(carried.rows) == 5
    assert [(problem.place.line, problem.what[:24]) for problem in carried.problems] == [
        (20, "a letter or figure of it"),
        (21, "its Ref stands in severa"),
    ]


def test_formulas_errors_and_markup_are_text(book: Path) -> None:
    """As they are shown, and nothing else."""

    def edit(sheet: Worksheet) -> None:
        sheet[_cell(sheet, "AN-03-MDEF", "Notes")] = "<b>&amp;</b> =1+1"
        sheet[_cell(sheet, "AN-02-PNNJ", "Notes")] = '=HYPERLINK("http://example.org")'

    assert _read(_edited(book, edit)) == {
        ("AN-03-MDEF", "to do", ("<b>&amp;</b> =1+1",)),
        ("AN-02-PNNJ", "to do", ('=HYPERLINK("http://example.org")',)),
    }


def _renamed(sheet: Worksheet) -> None:
    sheet["I1"] = "How far"


def _other_sheet(sheet: Worksheet) -> None:
    sheet.parent.create_sheet("My list")["A1"] = "mine"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (_renamed, 'has a sheet "Actions" without the columns Progress and Notes'),
        (_other_sheet, 'has a sheet "My list" that is not one of ours'),
    ],
)
def test_what_would_be_lost_is_refused(book: Path, edit: Edit, told: str) -> None:
    """With what to do."""
    with pytest.raises(CasescreenError, match=told) as error:
        read_carried_over(_edited(book, edit), replaced=True)
    assert "write to a file of another name" in error.value.advice


def test_a_file_that_is_only_read_loses_nothing(book: Path) -> None:
    """Sheets of somebody else stay in it; what cannot be read is refused in words of its own."""
    read = read_carried_over(_edited(_edited(book, _write), _other_sheet), replaced=False)
    assert read is not None
    assert read.rows
    with pytest.raises(CasescreenError, match="without the columns Progress and Notes, so nothing can") as error:
        read_carried_over(_edited(book, _renamed), replaced=False)
    damaged = book.with_name("damaged.xlsx")
    damaged.write_bytes(b"mine")
    with pytest.raises(CasescreenError, match="so nothing can be carried over from it") as other:
        read_carried_over(damaged, replaced=False)
    for told in map(str, (error.value, other.value)):
        assert "leave out --carry-over for this file" in told
        assert not any(word in told for word in ("left as it", "lost", "another name", "away"))


@pytest.mark.parametrize("content", [b"mine", b"PK\x03\x04damaged", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0\1\2"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    """It may be what somebody needs."""
    path = tmp_path / "actions.xlsx"
    path.write_bytes(content)
    with pytest.raises(CasescreenError, match="cannot be read as a workbook of actions"):
        read_carried_over(path, replaced=True)


def test_a_bomb_is_refused(book: Path) -> None:
    """Within the bounds of any workbook."""
    cells = (f'<row r="{row}"><c r="{at}{row}"><v>1</v></c></row>' for row, at in ((1, "A"), (1_048_576, "XFD")))
    large = f"<worksheet><sheetData>{''.join(cells)}</sheetData></worksheet>".encode()
    made = book.with_name("bomb.xlsx")
    with ZipFile(book) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, large if name.endswith("sheet2.xml") else source.read(name))
    with pytest.raises(CasescreenError, match="cannot be read as a workbook of actions"):
        read_carried_over(made, replaced=True)


def test_very_many_rows_are_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wrote them."""
    monkeypatch.setattr(actions_reader, "_MOST_ROWS", 1)
    with pytest.raises(CasescreenError, match="has more than 1 rows in which something is written"):
        read_carried_over(_edited(book, _write), replaced=True)


def test_another_workbook_has_no_actions(tmp_path: Path) -> None:
    """Nor has a file with nothing in it."""
    other, empty = tmp_path / "other.xlsx", tmp_path / "empty.xlsx"
    book = Workbook()
    book.active["A1"] = "mine"
    book.save(other)
    empty.write_bytes(b"")
    assert read_carried_over(other, replaced=True) is None
    assert read_carried_over(empty, replaced=True) is None


def test_the_large_sheets_are_not_read(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings of very many cases are more than a workbook may have that is read row by row."""

    def reading(file: str, data: bytes) -> object:
        sheets = sheets_in_workbook(file, data)
        assert not isinstance(sheets, Fault)
        assert {sheet.called for sheet in sheets if sheet.is_filled} == {
            "Actions", "Worker A", "Worker B", "Worker C", "No owner recorded"
        }  # fmt: skip
        return sheets

    monkeypatch.setattr(actions_reader, "sheets_in_workbook", reading)
    assert _read(_edited(book, _write)) == _WRITTEN
