"""What somebody says counts where two readers differ, as it is filled in and read back."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from two_readers import ASKED, OF_ROWS, Said, answer, reading

from casescreen.model.agreement import ReaderAgreement
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.review.agreement_files import agreement_csv, agreement_xlsx
from casescreen.review.moderation import read_moderated, with_moderated
from casescreen.review.pairing import agreement_of

_TODAY = date(2024, 6, 1)
_FILLED = {"Moderated answer": "no", "By": "C. Lead", "On": date(2024, 5, 30), "Reason": "Page 3 says nothing."}

Filled = Callable[..., Path]


@pytest.fixture
def agreement(bikes: Rulebook) -> ReaderAgreement:
    """Three disagreements, one of them on a row, one on whether the question applies; and one case alike."""
    one, other = ((answer(said), answer(said, OF_ROWS, "R1")) for said in ("yes", "no"))
    first: Said = {"B-1": one, "B-2": "n/a", "B-3": "no", "B-4": "yes"}
    second: Said = {"B-1": other, "B-2": "no", "B-3": "no", "B-5": "yes"}
    return agreement_of(reading("A. Reader", first), reading("B. Reader", second), bikes, shows_text=True)


@pytest.fixture
def filled(tmp_path: Path, agreement: ReaderAgreement) -> Filled:
    """The workbook with rows filled in, by the number of the row in the sheet."""

    def fill(rows: Mapping[int, Mapping[str, object]]) -> Path:
        file = tmp_path / "agree.xlsx"
        file.write_bytes(agreement_xlsx(agreement))
        book = openpyxl.load_workbook(file)
        sheet = book["Moderate"]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row, values in rows.items():
            for heading, value in values.items():
                sheet.cell(row, columns[heading]).value = value
        book.save(file)
        return file

    return fill


def _said(file: Path, bikes: Rulebook) -> str:
    with pytest.raises(CasescreenError) as refused:
        read_moderated(file, bikes, _TODAY)
    return str(refused.value)


def test_a_sheet_that_nobody_filled_in_moderates_nothing(filled: Filled, bikes: Rulebook) -> None:
    """Every row waits."""
    assert read_moderated(filled({}), bikes, _TODAY) == ()


def test_what_was_filled_in_is_read_back(filled: Filled, bikes: Rulebook, agreement: ReaderAgreement) -> None:
    """With name, day and reason, as text; both originals stand beside it, and no figure changes."""
    read = read_moderated(filled({2: _FILLED, 3: {**_FILLED, "Moderated answer": "N/A "}}), bikes, _TODAY)
    said = [(one.key, one.answer.value, one.by, one.on, one.reason) for one in read]
    why = ("C. Lead", date(2024, 5, 30), "Page 3 says nothing.")
    assert said == [(("B-1", ASKED, ""), "no", *why), (("B-2", ASKED, ""), "n/a", *why)]
    assert [(one.first.reader, one.first.answer.value, one.second.reader) for one in read] == [
        ("A. Reader", "yes", "B. Reader"),
        ("A. Reader", "n/a", "B. Reader"),
    ]
    after = with_moderated(agreement, read)
    assert (after.moderated, after.questions, after.counts) == (2, agreement.questions, agreement.counts)
    assert [one.first for one in after.disagreements] == [one.first for one in agreement.disagreements]


def test_it_is_written_again_as_it_was_read(filled: Filled, bikes: Rulebook, agreement: ReaderAgreement) -> None:
    """Whoever moderates a week later has what was moderated already, in the workbook and in the CSV."""
    after = with_moderated(agreement, read_moderated(filled({2: _FILLED, 4: _FILLED}), bikes, _TODAY))
    file = filled({})
    file.write_bytes(agreement_xlsx(after))
    assert read_moderated(file, bikes, _TODAY) == tuple(filter(None, (one.moderated for one in after.disagreements)))
    table = file.with_suffix(".csv")
    table.write_text(agreement_csv(after), encoding="utf-8", newline="")
    assert read_moderated(table, bikes, _TODAY) == read_moderated(file, bikes, _TODAY)


def test_rows_may_be_sorted_moved_and_taken_out(filled: Filled, bikes: Rulebook) -> None:
    """It is known by case, question and row, and not by where it stands; other columns are passed over."""
    file = filled({2: _FILLED})
    book = openpyxl.load_workbook(file)
    sheet = book["Moderate"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    made = openpyxl.Workbook()
    other = made.active
    assert other is not None
    other.append(["Our meeting of 30 May"])
    for row in (rows[0], *reversed(rows[1:])):
        other.append([*reversed(row), "ours"])
    other["A2"].value, other.cell(2, len(rows[0]) + 1).value = "reason", "Whose"
    made.save(file)
    assert [one.key for one in read_moderated(file, bikes, _TODAY)] == [("B-1", ASKED, "")]


def test_all_that_is_wrong_is_told_at_once_with_its_cell(filled: Filled, bikes: Rulebook) -> None:
    """No name, no reason, a day to come, a word that is no answer: each with the cell that is to be mended."""
    said = _said(
        filled(
            {
                2: {**_FILLED, "By": None, "Reason": " "},
                3: {**_FILLED, "On": date(2024, 6, 2)},
                4: {**_FILLED, "Moderated answer": "perhaps", "On": None},
            }
        ),
        bikes,
    )
    for wanted in (
        'sheet "Moderate", row 2, column L: By: nobody is named',
        'sheet "Moderate", row 2, column N: Reason: no reason is given',
        "On: 2 June 2024 is yet to come",
        'Moderated answer: "perhaps" is not yes, no or n/a',
        "On: there is no day",
    ):
        assert wanted in said


def test_a_formula_that_nobody_worked_out_is_told(filled: Filled, bikes: Rulebook) -> None:
    """What it would come to is not known here."""
    said = _said(filled({2: {**_FILLED, "Reason": "=A1"}}), bikes)
    assert "row 2, column N: Reason: the cell holds a formula that was never worked out" in said


def test_days_are_not_guessed(filled: Filled, bikes: Rulebook) -> None:
    """A day in figures that can be read both ways is told; with the name of its month it is read."""
    assert "On: " in _said(filled({2: {**_FILLED, "On": "04/05/2024"}}), bikes)
    [one] = read_moderated(filled({2: {**_FILLED, "On": "30 May 2024"}}), bikes, _TODAY)
    assert one.on == date(2024, 5, 30)


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"Case": "B-77"}, "there is no case B-77 in either set of answers"),
        ({"Case": "B-4"}, "case B-4 is not one that both read"),
        ({"Case": "B-3"}, "the readers do not differ in case B-3 on repair-in-time"),
        ({"First answer": "n/a"}, "A. Reader had answered n/a when this was moderated, and now yes"),
        ({"Second reader": "D. Reader"}, "it names D. Reader as a reader, and here it is B. Reader"),
        ({"On": date(2024, 5, 19)}, "it was moderated on 19 May 2024, and a reader answered on 20 May 2024 only"),
    ],
)
def test_what_is_no_disagreement_is_told(
    filled: Filled, bikes: Rulebook, agreement: ReaderAgreement, changed: Mapping[str, object], wanted: str
) -> None:
    """Or is another one than it was, or was moderated before it was there."""
    moderated = read_moderated(filled({2: {**_FILLED, **changed}}), bikes, _TODAY)
    with pytest.raises(ProblemsError) as refused:
        with_moderated(agreement, moderated)
    assert wanted in str(refused.value)
    assert "row 2" in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"Criterion": "repair-in-tim"}, 'Did you mean "repair-in-time"?'),
        ({"Case": None}, "Case: there is no case"),
        ({"Second answer": "yes"}, "both readers answered yes, so there is nothing to moderate"),
        ({"Second answer": None}, "Second answer: there is no answer"),
    ],
)
def test_a_row_that_says_nothing_of_a_disagreement_is_told(
    filled: Filled, bikes: Rulebook, changed: Mapping[str, object], wanted: str
) -> None:
    """Before it is held against any answers."""
    assert wanted in _said(filled({2: {**_FILLED, **changed}}), bikes)


def test_one_disagreement_is_not_moderated_twice(filled: Filled, bikes: Rulebook) -> None:
    """Which of the two counts cannot be known."""
    same = {"Case": "B-1", "Criterion": ASKED, "Row": None, "First answer": "yes"}
    said = _said(filled({2: _FILLED, 3: {**_FILLED, **same}}), bikes)
    assert 'this disagreement is moderated already, sheet "Moderate", row 2' in said


def test_another_file_is_told(tmp_path: Path, bikes: Rulebook) -> None:
    """A sheet without the headings, a file that is none, and one of 300 megabytes."""
    file = tmp_path / "actions.csv"
    file.write_text("Ref,Progress\nA,done\n", encoding="utf-8")
    assert "has no sheet of disagreements" in _said(file, bikes)
    assert "there is no such file" in _said(tmp_path / "none.xlsx", bikes)
    with (tmp_path / "large.csv").open("wb") as opened:
        opened.truncate(300 * 1024 * 1024)
    assert "MiB" in _said(tmp_path / "large.csv", bikes)


def test_semicolons_and_windows_letters_are_read(filled: Filled, bikes: Rulebook, agreement: ReaderAgreement) -> None:
    """As Excel saves CSV in other countries."""
    file = filled({}).with_suffix(".csv")
    rows = [*csv.reader(io.StringIO(agreement_csv(agreement).lstrip("\ufeff")))]
    rows[1][-4:] = ["no", "Zoë Lead", "30.05.2024", "Größe"]
    to = io.StringIO(newline="")
    csv.writer(to, delimiter=";").writerows(rows)
    file.write_bytes(to.getvalue().encode("cp1252"))
    assert [(one.by, one.on, one.reason) for one in read_moderated(file, bikes, _TODAY)] == [
        ("Zoë Lead", date(2024, 5, 30), "Größe")
    ]


def test_a_workbook_saved_by_libreoffice_reads_the_same(
    tmp_path: Path, filled: Filled, bikes: Rulebook, office: str
) -> None:
    """Filled in and saved by another program."""
    file = filled({2: _FILLED, 4: _FILLED})
    (tmp_path / "out").mkdir()
    before = read_moderated(file, bikes, _TODAY)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert before == read_moderated(tmp_path / "out" / "agree.xlsx", bikes, _TODAY)
