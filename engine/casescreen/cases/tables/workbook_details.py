"""What a workbook says of its cells beside the values that are read from it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from casescreen.cases.tables.excel_details import excel_details
from casescreen.cases.tables.ods_details import ods_details
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.tables.sheet_details import detailed


def with_details(sheets: Sequence[Sheet], data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook with what it says of their cells beside the values; as they are where it says nothing.

    Args:
        sheets: the sheets as they were read.
        data: the workbook, which was found safe to be opened.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            is_ods = "content.xml" in archive.namelist()
            details = ods_details(archive) if is_ods else excel_details(archive)
    except (BadZipFile, ET.ParseError, expat.ExpatError, KeyError, ValueError, UnicodeDecodeError):
        return tuple(sheets)
    return tuple(detailed(sheet, details[sheet.called]) if sheet.called in details else sheet for sheet in sheets)
