"""What a workbook says of its cells beside the values that are read from it."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from casescreen.cases.tables.excel_details import excel_details
from casescreen.cases.tables.ods_details import ods_details
from casescreen.cases.tables.sheet import Sheet
from casescreen.cases.tables.sheet_details import SheetDetails, detailed
from casescreen.cases.tables.xls_details import xls_details
from casescreen.model.problem import FaultError


def with_details(sheets: Sequence[Sheet], data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook with what it says of their cells beside the values; as they are where it says nothing.

    Args:
        sheets: the sheets as they were read.
        data: the workbook, which was found safe to be opened.
    """
    try:
        details = _details(data)
    except (BadZipFile, FaultError, ET.ParseError, expat.ExpatError, struct.error, IndexError, KeyError, ValueError):
        return tuple(sheets)
    return tuple(detailed(sheet, details[sheet.called]) if sheet.called in details else sheet for sheet in sheets)


def _details(data: bytes) -> Mapping[str, SheetDetails]:
    if not data.startswith(b"PK"):
        return xls_details(data)
    with ZipFile(BytesIO(data)) as archive:
        is_ods = "content.xml" in archive.namelist()
        return ods_details(archive) if is_ods else excel_details(archive)
