"""Whether a workbook can be opened in bounded time and memory, whatever kind it is."""

from __future__ import annotations

from casescreen.cases.tables.limits.binary import weigh_binary
from casescreen.cases.tables.limits.budget import Budget
from casescreen.cases.tables.limits.legacy import weigh_legacy
from casescreen.cases.tables.limits.open_document import weigh_open_document
from casescreen.cases.tables.limits.open_xml import weigh_open_xml
from casescreen.files.archive import archive_of
from casescreen.model.problem import Fault, FaultError

_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")


def workbook_fault(data: bytes) -> Fault | None:
    """Why a workbook must not be opened; None if it can be.

    What reads workbooks lays out every cell between the first and the last of a sheet, writes out each text as often
    as it stands in a cell, and follows whatever is there. So it is added up here what that would take. What a file is
    called does not matter: the reader tries each kind in turn.
    """
    budget = Budget()
    try:
        if data.startswith(_COMPOUND):
            weigh_legacy(data, budget)
            return None
        archive = archive_of(data)
        if "_rels/.rels" in archive.members:
            weigh_open_xml(archive, budget)
        if "xl/workbook.bin" in archive.members:
            weigh_binary(archive, budget)
        if "content.xml" in archive.members:
            weigh_open_document(archive, budget)
    except FaultError as error:
        return error.fault
    return None
