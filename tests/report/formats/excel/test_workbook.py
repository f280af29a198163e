"""The workbook, read back."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from attrs import evolve
from openpyxl import Workbook

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Quoting, Screening
from casescreen.office import excel
from casescreen.office.styles import LONGEST_TEXT, SheetColumn, SheetContent, fitting
from casescreen.report.actions import actions_of
from casescreen.report.carried_over import CarriedOver, WrittenBeside
from casescreen.report.formats.excel import sheets
from casescreen.report.formats.excel.workbook import render
from casescreen.report.formats.registry import Options

Reading = Callable[[bytes], Workbook]
_SHEETS = ["Cover", "Actions", "Cases", "Themes", "Criteria", "Findings", "Notes"]
_PLACE = re.compile(r"'(Findings|Criteria)'!A(\d+)")
_HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=cmd|'/c calc'!A1",
    "{=1+1}",
    "https://example.org/",
    "mailto:a@example.org",
    "internal:Cover!A1",
    "007",
    "1e5",
    "</t><f>1+1</f>",
    "&amp;<![CDATA[",
    "_x0041_",
    "a\x00b\x0bc\x1b[31m",
    "\ud800 \ufffe \u202e",
)


def _rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    titles, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def _leads_elsewhere(cell: Any) -> bool:  # noqa: ANN401 - a cell of openpyxl
    """Whether a cell has a link that is not one of ours to a cell of the workbook."""
    link = cell.hyperlink
    return link is not None and (link.target is not None or not _PLACE.fullmatch(link.location))


def _told(book: Workbook) -> str:
    lines = []
    for sheet in book.worksheets:
        lines.append(f"## {sheet.title}")
        rows = sheet.iter_rows(values_only=True)
        lines.extend(" | ".join("" if cell is None else str(cell) for cell in row).rstrip(" |") for row in rows)
    return "\n".join(lines) + "\n"


def test_the_workbook_says_what_it_did(screening: Screening, read: Reading, golden: Callable[[str, str], None]) -> None:
    """Every cell of every sheet says what was read and kept."""
    golden("workbook.txt", _told(read(render(screening, Options()))))


def test_every_finding_is_a_row(screening: Screening, read: Reading) -> None:
    """The sheet of findings has each finding of the screening, in its order."""
    rows = _rows(read(render(screening, Options())), "Findings")
    told = [(row["Case"], row["Criterion id"], row["About"] or "", row["Outcome"]) for row in rows]
    assert told == [(f.case, f.criterion, f.item, f.outcome.value) for f in screening.findings]


def test_the_same_screening_is_the_same_bytes(screening: Screening) -> None:
    """Nothing of the time or place of writing is in the file."""
    assert render(screening, Options()) == render(screening, Options())
    made = render(screening, Options(per_owner=True))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {member.date_time[0] for member in package.infolist()} == {1980}


def test_sheets_can_be_filtered_read_and_printed(screening: Screening, read: Reading) -> None:
    """Each sheet but the cover is one table with filters and frozen titles, on A4 across, with titles on every page."""
    book = read(render(screening, Options()))
    assert book.sheetnames == _SHEETS
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert table.ref == sheet.dimensions
        assert table.autoFilter.ref == table.ref
        assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[1]]
        assert sheet.freeze_panes == "B2"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$1"


def test_dates_are_dates(screening: Screening, read: Reading) -> None:
    """A deadline can be sorted and counted with; the file's own date is that of the screening."""
    book = read(render(screening, Options()))
    due = [row["Due"] for row in _rows(book, "Findings") if row["Due"]]
    assert due == [datetime.combine(f.due, datetime.min.time()) for f in screening.findings if f.due]
    assert book.properties.created == datetime.combine(screening.as_of, datetime.min.time())


def test_a_date_before_excels_first_is_told_in_words(screening: Screening, read: Reading) -> None:
    """A date that Excel cannot hold is not lost."""
    early = evolve(screening.findings[0], due=date(1899, 5, 1))
    book = read(render(evolve(screening, findings=(early,)), Options()))
    assert _rows(book, "Findings")[0]["Due"] == "1 May 1899"


def test_colour_stands_beside_a_word(screening: Screening, read: Reading) -> None:
    """Only cells that hold one of the known words are coloured, each by a rule that compares the word."""
    sheet = read(render(screening, Options()))["Findings"]
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert {rule.formula[0] for rule in rules} >= {f'"{outcome.value}"' for outcome in Outcome}
    assert {(rule.type, rule.operator) for rule in rules} == {("cellIs", "equal")}


@pytest.mark.parametrize("text", _HOSTILE)
def test_text_from_a_record_stays_text(screening: Screening, read: Reading, text: str) -> None:
    """Whatever a record says, no cell is a formula, a link or a number, and no part of the file is broken."""
    finding = evolve(screening.findings[1], reason=text, owner=text, item=text, case=text)
    hostile = evolve(screening, findings=(finding,), case_ids=(text,), managers={text: text}, conclusions=())
    made = render(hostile, Options(per_owner=True))
    book = read(made)
    texts = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in texts if cell.data_type == "f" or _leads_elsewhere(cell)]
    shown = book["Findings"]["I2"]
    assert (shown.data_type, shown.value) == ("s", fitting(text))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert not [name for name in package.namelist() if "externalLink" in name]
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited(screening: Screening, read: Reading) -> None:
    """Excel is told to take the cell as text, also after somebody has changed it."""
    finding = evolve(screening.findings[1], reason="=1+1", owner="plain")
    book = read(render(evolve(screening, findings=(finding,)), Options()))
    assert (book["Findings"]["I2"].quotePrefix, book["Findings"]["L2"].quotePrefix) == (True, False)


@pytest.mark.parametrize("text", ["a" * 40_000, "\N{SEEDLING}" * 40_000, "\u00e9\N{SEEDLING}" * 20_000])
def test_a_text_is_cut_to_what_a_cell_holds(text: str) -> None:
    """The longest text fills the cell as Excel counts, and says that it was cut."""
    length = len(fitting(text).encode("utf-16-le")) // 2
    assert LONGEST_TEXT - 2 <= length <= LONGEST_TEXT
    assert fitting(text).endswith("…")


def test_too_many_findings_are_told_before_any_work(screening: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    """More findings than a sheet has rows is an error that says what to do, and not a sheet cut short."""
    monkeypatch.setattr(sheets, "MOST_ROWS", len(screening.findings))
    with pytest.raises(CasescreenError, match=r"(?s)cannot hold 21 findings.*What to do.*csv"):
        render(screening, Options())
    monkeypatch.setattr(sheets, "MOST_ROWS", len(screening.findings) + 1)
    assert render(screening, Options())


def _owners(screening: Screening) -> set[str]:
    return {action.owner for action in actions_of(screening, case_summaries(screening))}


def test_each_owner_has_a_sheet_on_request(screening: Screening, read: Reading) -> None:
    """The sheets of owners hold together what the sheet of actions holds, each only its owner's."""
    book = read(render(screening, Options(per_owner=True)))
    own = book.sheetnames[len(_SHEETS) :]
    assert {"Worker A", "No owner recorded"} <= set(own)
    assert own[-1] == "No owner recorded"
    assert set(own) - {"No owner recorded"} == _owners(screening) - {""}
    for name in own:
        assert {row["Owner"] for row in _rows(book, name)} == {name}
    every = [tuple(row.values()) for row in _rows(book, "Actions")]
    assert sorted(map(str, every)) == sorted(str(tuple(row.values())) for name in own for row in _rows(book, name))


def test_an_owners_sheet_holds_nobody_elses(screening: Screening, read: Reading) -> None:
    """It names no other owner, and has room to say how far each action has got."""
    book = read(render(screening, Options(per_owner=True)))
    rows = _rows(book, "Worker B")
    assert {row["Owner"] for row in rows} == {"Worker B"}
    assert {row["Progress"] for row in rows} == {"to do"}
    assert not [cell for row in book["Worker B"].iter_rows(values_only=True) for cell in row if cell == "Worker A"]
    choice, day, *others = book["Worker B"].data_validations.dataValidation
    assert (choice.formula1, day.type) == ('"to do,doing,done,cannot"', "date")
    assert [one.promptTitle for one in (choice, day, *others)] == ["Progress", "Done on", "Evidence", "Notes"]


def test_nothing_to_do_is_said(screening: Screening, read: Reading) -> None:
    """A sheet without actions says so, and is still a table that opens."""
    book = read(render(evolve(screening, findings=(), conclusions=()), Options()))
    assert [row["Ref"] for row in _rows(book, "Actions")] == ["Nothing needs action."]


def test_very_many_rows_are_not_kept_in_memory() -> None:
    """A very long sheet is written in a fraction of the memory that its text would take."""
    sheet = SheetContent("Long", (SheetColumn("Text", 20),), ((f"{number:09}" * 400,) for number in range(3_000)))
    book = excel.Book("Long", date(2016, 5, 9), rows=excel.MOST_AT_ONCE + 1)
    tracemalloc.start()
    book.write_table(sheet)
    assert book.to_bytes()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000 * 3_600 / 2


def test_many_rows_and_few_say_the_same(screening: Screening, read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether rows are kept until the end or let go makes no difference to any cell."""
    few = _told(read(render(screening, Options())))
    monkeypatch.setattr(excel, "MOST_AT_ONCE", 0)
    assert _told(read(render(screening, Options()))) == few


def test_an_action_is_told_whole_and_can_be_filled_in(screening: Screening, read: Reading) -> None:
    """With its Ref and its day, what is wrong below one another, and room for how far it has got."""
    first, *_ = _rows(read(render(screening, Options())), "Actions")
    assert list(first) == [
        "Ref", "Kind", "By when", "How bad", "Owner", "Case", "What was found", "What to do",
        "Progress", "Done on", "Evidence", "Notes", "Questions",
    ]  # fmt: skip
    assert (first["Ref"][:6], str(first["By when"])[:10], first["How bad"]) == ("AN-03-", "2016-05-10", "act now")
    assert first["What was found"].split("\n")[1].startswith("• Act now: Victim safety")
    assert (first["Progress"], first["Notes"]) == ("to do", None)


def test_a_copy_to_share_has_no_refs(screening: Screening, read: Reading) -> None:
    """Neither the column nor a Ref in any sheet."""
    refs = {row["Ref"] for row in _rows(read(render(screening, Options())), "Actions")}
    book = read(render(evolve(screening, quoting=Quoting.NOTHING), Options(per_owner=True)))
    cells = {cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row}
    assert not cells & (refs | {"Ref"})


def test_an_action_of_very_many_things_says_how_many_more_there_are(screening: Screening, read: Reading) -> None:
    """Where Excel shows no more of the row; the rest stands below it."""
    failed = next(f for f in screening.findings if f.outcome is Outcome.NOT_MET)
    many = tuple(evolve(failed, item=f"{n}", shortfall=f"{'Very long ' * 9}{n}.") for n in range(60))
    book = read(render(evolve(screening, findings=many, conclusions=()), Options()))
    found = _rows(book, "Actions")[0]["What was found"].split("\n")
    (at,) = (number for number, line in enumerate(found) if not line.startswith("•") and number)
    assert found[at] == f"and {61 - at} more, below: make the column wider, or see the sheet Findings"
    assert len(found) == 62
    assert book["Actions"].row_dimensions[2].height <= 409


def test_the_cover_has_a_chart_of_the_themes(screening: Screening, read: Reading) -> None:
    """Its bars are the rows of the sheet of themes, its figures stand beside them, and its words say the same."""
    made = render(screening, Options())
    (chart,) = read(made)["Cover"]._charts  # noqa: SLF001 - there is no other way to ask
    (series,) = chart.series
    themes = _rows(read(made), "Themes")
    assert series.val.numRef.f == f"Themes!$D$2:$D${len(themes) + 1}"
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        drawing = package.read("xl/drawings/drawing1.xml").decode()
        told = package.read("xl/charts/chart1.xml").decode()
    for theme in themes:
        assert f"{theme['Theme']}, {theme['Met']} of {theme['Of']}" in drawing
        assert f"{theme['Met']} of {theme['Of']}" in told


def test_without_anything_decided_there_is_no_chart(screening: Screening, read: Reading) -> None:
    """A chart of nothing is none."""
    book = read(render(evolve(screening, findings=(), conclusions=(), rates=()), Options()))
    assert not book["Cover"]._charts  # noqa: SLF001 - there is no other way to ask


def test_what_was_written_stands_beside_its_ref_as_text(screening: Screening, read: Reading) -> None:
    """On every sheet that has the Ref; what belongs to none stands apart; whatever it is, it is inert."""
    hostile = ("=1+1", "a\x00b", "https://example.org/")
    rows = (
        WrittenBeside("AN-03-MDEF", progress="=cmd|' /c calc'!A1", notes=hostile),
        WrittenBeside("", case="=2+2", found=("@SUM(A1)",), progress="done", notes=("-1",)),
    )
    book = read(render(screening, Options(per_owner=True, carried=CarriedOver(rows))))
    assert book.sheetnames[:3] == ["Cover", "Actions", "No longer open"]
    for name in ("Actions", "Worker A"):
        (row,) = (row for row in _rows(book, name) if row["Ref"] == "AN-03-MDEF")
        assert (row["Progress"], row["Notes"]) == ("=cmd|' /c calc'!A1", "\n".join(map(fitting, hostile)))
    (apart,) = _rows(book, "No longer open")
    assert (apart["Case"], apart["What was found"], apart["Notes"]) == ("=2+2", "@SUM(A1)", "-1")
    assert apart["Why it is here"].startswith("The row has no Ref")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or _leads_elsewhere(cell)]


def test_a_copy_to_share_has_nothing_that_anybody_wrote(screening: Screening, read: Reading) -> None:
    """Whoever asks for it."""
    carried = CarriedOver((WrittenBeside("AN-03-MDEF", notes=("private",)), WrittenBeside("", notes=("private",))))
    book = read(render(evolve(screening, quoting=Quoting.NOTHING), Options(carried=carried)))
    assert "private" not in _told(book)
    assert "No longer open" not in book.sheetnames


def _links(book: Workbook, sheet: str, column: str) -> dict[int, tuple[Any, str | None]]:
    """What each linked cell of a column says, and the cell that it leads to, by its row."""
    cells = [row[0] for row in book[sheet][f"{column}2:{column}{book[sheet].max_row}"]]
    return {cell.row: (cell.value, cell.hyperlink.location) for cell in cells if cell.hyperlink}


def _at(book: Workbook, place: str | None, column: str) -> Any:  # noqa: ANN401 - what a cell holds
    """What stands in the row that a link leads to, in a column."""
    found = _PLACE.fullmatch(place or "")
    assert found
    return book[found[1]][f"{column}{found[2]}"].value


def test_figures_lead_to_findings_and_findings_to_figures(screening: Screening, read: Reading) -> None:
    """A criterion leads to its finding to look at first, which leads back; a case to its first finding; a theme on."""
    book, worst = read(render(screening, Options())), [case.id for case in case_summaries(screening)]
    criteria, findings = _links(book, "Criteria", "B"), _links(book, "Findings", "E")
    rows = _rows(book, "Findings")
    assert [title for title, _ in criteria.values()] == [row["Criterion"] for row in _rows(book, "Criteria")]
    for row, (title, place) in criteria.items():
        assert _at(book, place, "E") == title
        of_it = [one for one in rows if one["Criterion"] == title]
        failed = [one["Case"] for one in of_it if one["Outcome"] == "not met"]
        if failed:
            assert (_at(book, place, "G"), _at(book, place, "A")) == ("not met", min(failed, key=worst.index))
            assert f"'Criteria'!A{row}" == findings[int(str(place).rpartition("A")[2])][1]
    for row, one in enumerate(rows, 2):
        to_do = one["Outcome"] in {"not met", "not evidenced", "needs judgement"}
        assert (row in findings) == to_do
        assert not to_do or _at(book, findings[row][1], "B") == one["Criterion"]
    for case, place in _links(book, "Cases", "B").values():
        assert _at(book, place, "A") == case
    themes = _links(book, "Themes", "A").values()
    assert themes
    assert all(_at(book, place, "A") == title for title, place in themes)
    assert all(_at(book, place, "A") == case for case, place in _links(book, "Actions", "F").values())


def test_a_case_leads_to_its_enquiry_sheet(screening: Screening, read: Reading) -> None:
    """Where there is a file for it, from its row and from each action; else an action leads to its findings."""
    case = case_summaries(screening)[0].id
    book = read(render(screening, Options(sheets={case: "to%20read/A%2BB.docx"}, per_owner=True)))
    [(row, column)] = [(cell.row, cell.column) for cell in book["Cases"]["N"] if cell.hyperlink]
    assert book["Cases"].cell(1, column).value == "Enquiry sheet"
    assert book["Cases"].cell(row, 2).value == case
    for name in ("Actions", "Worker A"):
        for cell in book[name]["F"][1:]:
            file = (cell.hyperlink.target or "").replace("\\", "/")
            assert file == ("to%20read/A%2BB.docx" if cell.value == case else "")
    assert [*_rows(read(render(screening, Options())), "Cases")[0]][-1] == "Team"


def test_a_sheet_has_no_more_links_than_excel_takes(
    screening: Screening, read: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is beyond is the same text without a link, on every sheet by itself."""
    monkeypatch.setattr(excel, "MOST_LINKS", 3)
    book = read(render(screening, Options()))
    for name in ("Cases", "Criteria", "Findings"):
        assert sum(cell.hyperlink is not None for row in book[name].iter_rows() for cell in row) == 3
    assert _told(book) == _told(read(render(screening, Options())))
