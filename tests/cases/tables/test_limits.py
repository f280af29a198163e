"""Small files that ask for very much memory or time are refused before they are opened; what is only odd is read."""

from __future__ import annotations

import json
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from small_workbooks import (
    binary,
    compound,
    legacy,
    number,
    open_document,
    open_xml,
    real,
    record,
    shared,
    short,
    zipped,
)

from casescreen.cases.tables.readers import read_sheets
from casescreen.cases.tables.sheet import Sheet
from casescreen.model.problem import Fault

MOST_MEMORY, MOST_SECONDS = 1_000_000_000, 10


def parquet(column: str, **options: object) -> bytes:
    """A file that a process of its own writes, as it takes much memory to."""
    code = (
        f"import polars, sys; polars.DataFrame({{'case.id': {column}}}).write_parquet(sys.stdout.buffer, **{options})"
    )
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


def long_texts_in_parquet() -> bytes:
    """One text of a megabyte, in so many rows that it is written once."""
    return parquet("['x' * 1_000_000] * 300")


def counted_texts() -> bytes:
    data = zipfile.ZipFile(BytesIO(open_xml("<row><c><v>1</v></c></row>")))
    parts = {name: data.read(name) for name in data.namelist()}
    return zipped({**parts, "xl/sharedStrings.xml": '<sst uniqueCount="100000000000000"></sst>'})


def merged_ranges() -> bytes:
    data = zipfile.ZipFile(BytesIO(open_xml("<row><c><v>1</v></c></row>")))
    parts = {name: data.read(name) for name in data.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("</worksheet>", "<mergeCells>")
    sheet += '<mergeCell ref="A1:B1"/>' * 3_000_000 + "</mergeCells></worksheet>"
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet})


def unended_table() -> bytes:
    data = zipfile.ZipFile(BytesIO(open_document("<table:table-row/>")))
    parts = {name: data.read(name) for name in data.namelist()}
    return zipped({**parts, "content.xml": parts["content.xml"].replace(b"</table:table></o>", b"")})


def huge_page() -> bytes:
    """One text of 450 million bytes that are all the same."""
    return parquet("['x' * 450_000_000]", compression="zstd", statistics=False)


_TEXT_CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
BOMBS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "far cell of xls": ("a.xls", lambda: legacy(number(65_535, 65_535))),
    "tall and wide xls": ("a.xls", lambda: legacy(number(65_535, 255))),
    "dimensions of xls": ("a.xls", lambda: legacy(record(0x0200, struct.pack("<IIHHH", 0, 2**31, 0, 60_000, 0)))),
    "sheets of xls that are one": ("a.xls", lambda: legacy(number(60_000, 100), sheets=300)),
    "one text of xls": (
        "a.xls",
        lambda: legacy(
            *(shared(row) for row in range(4_000)),
            texts=record(0x00FC, struct.pack("<IIHB", 1, 1, 65_535, 0) + b"x" * 8_000)
            + b"".join(record(0x003C, b"\0" + b"x" * 8_000) for _ in range(8)),
        ),
    ),
    "directory that leads to itself": ("a.xls", lambda: compound(b"\0" * 4_096, directory_leads_to=1)),
    "one text of xlsx": (
        "a.xlsx",
        lambda: open_xml('<row><c t="s"><v>0</v></c></row>' * 2_000, texts=f"<si><t>{'x' * 1_000_000}</t></si>"),
    ),
    "one text of xlsx with prefixes": (
        "a.xlsx",
        lambda: open_xml("<c t='s'><v >0</v></c>" * 2_000, texts=f"<si><t>{'x' * 1_000_000}</t></si>"),
    ),
    "far cell outside the folder": (
        "a.xlsx",
        lambda: open_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><c r="A1"><v>1</v></c>', path="a/b.xml"),
    ),
    "cells without places": ("a.xlsx", lambda: open_xml("<row>" + "<c><v>1</v></c>" * 6_000_000 + "</row>")),
    "rows without places": (
        "a.xlsx",
        lambda: open_xml('<row r="1000000"/>' + "<row><c><v>1</v></c></row>" * 3_500_000),
    ),
    "sheets of xlsx that are one": (
        "a.xlsx",
        lambda: open_xml("<row><c><v>1</v></c></row>" * 100_000, names=tuple(f"s{n}" for n in range(900))),
    ),
    "a million cases": (
        "a.xlsx",
        lambda: open_xml('<row><c t="str"><v>case.id</v></c></row>' + '<row><c t="str"><v>a</v></c></row>' * 1_000_000),
    ),
    "place hidden in a value": (
        "a.xlsx",
        lambda: open_xml("""<row><c r='A1'><v>1</v></c><c x=" r='A1'" r="XFD1048576"><v>1</v></c></row>"""),
    ),
    "room for texts": ("a.xlsx", counted_texts),
    "merged ranges": ("a.xlsx", merged_ranges),
    "far cell of xlsb": ("a.xlsx", lambda: binary(real(0, 0), real(1_000_000, 16_000))),
    "sheets of xlsb that are one": ("a.xlsx", lambda: binary(*(real(r, 50) for r in range(20_000)), sheets=900)),
    "repeated text of ods": (
        "a.ods",
        lambda: open_document(
            '<table:table-row table:number-rows-repeated="1000">'
            + _TEXT_CELL.format(' table:number-columns-repeated="10"', "x" * 100_000)
            + "</table:table-row>"
        ),
    ),
    "repeated spaces of ods": (
        "a.ods",
        lambda: open_document(
            "<table:table-row>" + _TEXT_CELL.format("", '<text:s text:c="900000000"/>') + "</table:table-row>"
        ),
    ),
    "repeated formula of ods": (
        "a.ods",
        lambda: open_document(
            '<table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:formula="x" table:number-columns-repeated="16384"/></table:table-row>'
        ),
    ),
    "tables of ods": (
        "a.ods",
        lambda: open_document(
            '</table:table><table:table table:name="x">'.join(
                [f'<table:table-row table:number-rows-repeated="500000">{_TEXT_CELL.format("", "x")}</table:table-row>']
                * 20
            )
        ),
    ),
    "ods without an end": ("a.ods", unended_table),
    "one text of parquet": ("a.parquet", long_texts_in_parquet),
    "pages of parquet": ("a.parquet", huge_page),
}


_READ = """
import json, sys, time
from pathlib import Path
from casescreen.cases.load import read_cases
from casescreen.model.problem import ProblemsError
from casescreen.rulebook.load import load_rulebook
dictionary = load_rulebook().dictionary
begun = time.process_time()
try:
    said = [problem.what for problem in read_cases([sys.argv[1]], dictionary).problems]
except ProblemsError as error:
    said = [problem.what for problem in error.problems]
took = time.process_time() - begun
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("Vm"))
print(json.dumps([said, int(status["VmHWM"].split()[0]), took]))
"""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (4 * MOST_SECONDS, 4 * MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (6 * MOST_MEMORY, 6 * MOST_MEMORY))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say how much memory is used")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_file_takes_little_memory_and_time(bomb: str, tmp_path: Path) -> None:
    """Whatever it asks for, and the reason is told."""
    name, make = BOMBS[bomb]
    file = tmp_path / name
    file.write_bytes(make())
    ran = subprocess.run(
        [sys.executable, "-c", _READ, str(file)],
        check=False, capture_output=True, text=True, preexec_fn=limited,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    said, memory, seconds = json.loads(ran.stdout)
    assert said
    assert memory * 1024 < MOST_MEMORY
    assert seconds < MOST_SECONDS


def sheets(name: str, data: bytes) -> tuple[Sheet, ...]:
    found = read_sheets(name, data)
    assert not isinstance(found, Fault), found
    return tuple(found)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", open_xml('<row r="3"><c><v>1</v></c><c r="C3"><v>2</v></c></row>')),
        ("a.xlsx", open_xml("<row r='3'><c r='A3'><v>1</v></c><c s='1'></c><c><v>2</v></c></row>", path="a/b.xml")),
        ("a.xls", legacy(number(2, 0), number(2, 2, 2.0))),
        ("a.xlsx", binary(short(0, struct.pack("<I", 2)), real(2, 0), short(5, struct.pack("<IId", 2, 0, 2.0)))),
    ],
)
def test_what_is_only_odd_is_read(name: str, data: bytes) -> None:
    """Cells without a place of their own, sheets outside the usual folder, workbooks of every kind."""
    [sheet] = sheets(name, data)
    assert sheet.rows == [[], [], [1.0, None, 2.0]]


def test_blank_cells_with_a_format_cost_nothing() -> None:
    """A column that was formatted down to the last row of the sheet is as long as what stands in it."""
    blank = "".join(f'<row r="{row}"><c r="XFD{row}" s="1"/></row>' for row in range(1_000, 3_000))
    [sheet] = sheets("a.xlsx", open_xml(f'<row r="1"><c r="A1"><v>1</v></c></row>{blank}'))
    assert sheet.rows == [[1.0]]
