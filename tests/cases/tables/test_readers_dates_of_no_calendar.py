"""A date that no calendar has costs its cell, and neither case nor file; nothing of a panic of a library is seen."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
from small_workbooks import legacy, number, open_document, open_xml, record, styles, zipped

from casescreen.cases.load import read_cases
from casescreen.cases.mapping.model import CaseMapping
from casescreen.cases.tables.readers import read_sheets
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Fault, Place, ProblemsError

_STYLES = (
    '<styleSheet><numFmts count="1"><numFmt numFmtId="200" formatCode="[h]:mm:ss"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/></cellXfs></styleSheet>'
)
_HEAD = '<row r="1"><c r="A1" t="str"><v>case.id</v></c><c r="B1" t="str"><v>order.starts_on</v></c></row>'


def _book(rows: Mapping[int, str], style: int = 1) -> bytes:
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="str"><v>A-{row}</v></c><c r="B{row}" s="{style}"><v>{value}</v></c></row>'
        for row, value in rows.items()
    )
    return zipped({**_parts(open_xml(_HEAD + cells)), "xl/styles.xml": _STYLES})


def _parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("style", [1, 2])
@pytest.mark.parametrize("value", ["-1e15", "1e15", "1e300", "99999999999"])
def test_a_cell_of_a_workbook_is_named(
    dictionary: Dictionary, tmp_path: Path, capfd: pytest.CaptureFixture[str], value: str, style: int
) -> None:
    """It is the number that it is kept as; the cells beside it and the rows around it are read."""
    file = tmp_path / "book.xlsx"
    file.write_bytes(_book({2: "42415", 5: value, 6: "42416"}, style))
    caseload = read_cases([file], dictionary)
    assert [case.id for case in caseload.cases] == ["A-2", "A-5", "A-6"]
    [unreadable] = caseload.cases[1].unreadable
    assert unreadable.place == Place(str(file), 5, "case A-5", "cases", "B")
    assert "it is a number" in unreadable.what
    fails = value == "-1e15" or style == 2  # others it gives as numbers, without failing on them
    assert [(one.place, "damaged" in one.what) for one in caseload.problems] == (
        [(Place(str(file), 5, "", "cases"), True)] if fails else []
    )
    assert (caseload.left_out, caseload.rejected) == (0, ())
    assert not any(capfd.readouterr())


def test_a_long_number_with_a_format_stays_the_same_beside_it(dictionary: Dictionary, tmp_path: Path) -> None:
    """Only formats of what can be no date are taken off, and only in the rows that cannot be read."""
    file = tmp_path / "book.xlsx"
    file.write_bytes(_book({2: "42415", 3: "-1e15"}))
    first, _ = read_cases([file], dictionary).cases
    assert str(first.fields["order.starts_on"]) == "2016-02-15"


def test_a_row_of_an_older_workbook_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    """Where the cell cannot be made out, the file is refused, with the row."""
    found = read_sheets("a.xls", legacy(number(0, 0), number(6, 1, -1e15, style=1), texts=styles(0, 14)))
    assert isinstance(found, Fault)
    assert found.what == 'row 7 of the sheet "s0" cannot be read'
    assert not any(capfd.readouterr())


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pl.Date, 2_147_483_647),
        (pl.Date, -2_147_483_648),
        (pl.Datetime("us"), 2**63 - 1),
        (pl.Datetime("ms", "Europe/London"), -(2**62)),
    ],
)
def test_a_cell_of_parquet_is_named(
    dictionary: Dictionary, tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: pl.DataType, value: int
) -> None:
    """Whichever type of date the column has. A time with a zone is refused beside it."""
    days = pl.Series([None, value, 0], dtype=pl.Int64).cast(pl.Int32 if kind == pl.Date else pl.Int64).cast(kind)
    frame = pl.DataFrame({"case.id": ["A", "B", "C"], "order.starts_on": days, "case.team": ["North"] * 3})
    frame.write_parquet(tmp_path / "some.parquet")
    caseload = read_cases([tmp_path / "some.parquet"], dictionary)
    zoned = getattr(kind, "time_zone", None) is not None
    assert [len(case.unreadable) for case in caseload.cases] == [0, 1, zoned]
    assert caseload.cases[1].unreadable[0].place.line == 3
    assert caseload.cases[1].unreadable[0].place.column == "B"
    if not zoned:
        assert str(caseload.cases[2].fields["order.starts_on"]) == "1970-01-01"
    assert not any(capfd.readouterr())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", open_xml("", names=())),
        ("a.xls", legacy(sheets=0)),
        ("a.ods", zipped({**_parts(open_document("")), "content.xml": "<o/>"})),
    ],
)
def test_a_workbook_without_worksheets_is_told(name: str, data: bytes, dictionary: Dictionary, tmp_path: Path) -> None:
    """The file is blamed, also where a mapping would have been applied to its sheets."""
    (tmp_path / name).write_bytes(data)
    mapping = CaseMapping("", Place("a.toml"), "", "id")
    for one in (None, mapping):
        with pytest.raises(ProblemsError, match="no sheet of rows and columns") as told:
            read_cases([tmp_path / name], dictionary, mapping=one)
        assert [problem.place.file for problem in told.value.problems] == [str(tmp_path / name)]


@pytest.mark.parametrize("head", ['s="1"><v>42415', 's="1"><v>42415.5', "><v>0.5"])
def test_sheets_without_headings_are_told(dictionary: Dictionary, tmp_path: Path, head: str) -> None:
    """A run that read nothing says why."""
    sheet = "".join(f'<row r="{row}"><c r="A{row}" {head}</v></c></row>' for row in (1, 2))
    data = zipped({**_parts(open_xml(sheet)), "xl/styles.xml": _STYLES})
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(ProblemsError, match="no headings"):
        read_cases([tmp_path / "a.xlsx"], dictionary)


def test_a_sheet_of_errors_has_no_headings(dictionary: Dictionary, tmp_path: Path) -> None:
    """Error cells of .xls count as blank, and days are no headings."""
    error = record(0x0205, bytes([0, 0, 0, 0, 0, 0, 0x17, 1]))
    (tmp_path / "a.xls").write_bytes(legacy(error, number(1, 0, 42_415.0, style=1), texts=styles(0, 14)))
    with pytest.raises(ProblemsError, match="no headings"):
        read_cases([tmp_path / "a.xls"], dictionary)
