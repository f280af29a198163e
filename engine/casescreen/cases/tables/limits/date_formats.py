"""A workbook whose cells that are dates of no calendar are plain numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from casescreen.cases.tables.limits.open_xml import sheet_paths
from casescreen.files.archive import archive_of

# The last day that a spreadsheet has, in the year 9999, is number 2,958,465.
_LAST_DAY = 3_000_000
_ROW = re.compile(rb"""<row\s(?:[^<>]*?\s)?r=["'](\d+)["'][^<>]*>.*?</row>""", re.DOTALL)
_CELL = re.compile(rb"""(<c\s[^<>]*?)\ss=["']\d+["']([^<>]*>(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?<v>)([^<]*)(?=</v>)""")


def without_formats(data: bytes, rows: Mapping[str, Collection[int]]) -> bytes | None:
    """The workbook with the formats taken off numbers in those rows that can be no date; None where that cannot be.

    Args:
        data: a workbook that can be unpacked in bounded memory.
        rows: the numbers of the rows by the name of their sheet.

    Raises:
        FaultError: it is damaged.
    """
    if not data.startswith(b"PK"):
        return None
    archive = archive_of(data)
    paths = sheet_paths(archive)
    wanted = {paths[name]: numbers for name, numbers in rows.items() if name in paths}
    if not wanted:
        return None
    to = BytesIO()
    with ZipFile(to, "w", ZIP_DEFLATED) as target:
        for path, member in archive.members.items():
            content = b"".join(archive.pieces(path))
            target.writestr(member.filename, _plain(content, wanted[path]) if path in wanted else content)
    return to.getvalue()


def _plain(sheet: bytes, rows: Collection[int]) -> bytes:
    def row(found: re.Match[bytes]) -> bytes:
        return _CELL.sub(_plain_cell, found[0]) if int(found[1]) in rows else found[0]

    return _ROW.sub(row, sheet)


def _plain_cell(cell: re.Match[bytes]) -> bytes:
    start, middle, written = cell.groups()
    try:
        is_day = abs(float(written)) < _LAST_DAY
    except ValueError:
        is_day = True
    return cell[0] if is_day else start + middle + written
