"""The enquiry sheets in a folder, and how a report leads from a case to its sheet: by a relative address."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

import click
from attrs import frozen

from casescreen.cli.options import say
from casescreen.cli.outputs import Reports
from casescreen.cli.sharing import suppression_refused
from casescreen.files.content import read_start
from casescreen.model.problem import CasescreenError, message
from casescreen.report.formats.registry import FORMATS
from casescreen.review.enquiry import ALL_SHEETS, DOCX, XLSX, sheet_anchor, sheet_name
from casescreen.text import counted, listed, visible

_LEADING = ("html", "xlsx", "docx")
_MOST_BYTES = 256 * 2**20
_MOST_NAMED = 5


def refuse_sheets(reports: Reports, *, pseudonyms: bool, suppressed: bool) -> None:
    """Refuse what cannot go together with a folder of enquiry sheets.

    Raises:
        click.UsageError: it was asked for.
    """
    if suppressed:
        raise suppression_refused("--suppress-under", "--sheets, which leads to single cases")
    if pseudonyms:
        raise click.UsageError(
            "--sheets cannot go with --pseudonyms: the files are named after the ids of the cases. Leave one out."
        )
    if not any(path is not None and form in map(FORMATS.__getitem__, _LEADING) for path, form in reports):
        raise click.UsageError(
            "--sheets is for reports that lead to files: add --output report.html, an .xlsx or a .docx."
        )


@frozen
class EnquiryFiles:
    """What is in a folder of enquiry sheets.

    Attributes:
        names: the names of the files.
        anchors: the places in the file that has all sheets.
    """

    folder: Path
    names: frozenset[str]
    anchors: frozenset[str]

    def links_from(self, report: Path, cases: Iterable[str]) -> Mapping[str, str]:
        """The address of the sheet of each case that has one, as seen from where a report is written."""
        start = _address(self.folder, report)
        return {case: f"{start}{name}" for case in cases if (name := self._of(case))}

    def tell(self, cases: Iterable[str]) -> None:
        """Say on standard error which cases have no sheet, and what to do."""
        every = tuple(cases)
        missing = [visible(case) for case in every if not self._of(case)]
        shown, more = missing[:_MOST_NAMED], len(missing) - _MOST_NAMED
        named = listed([*shown, *([f"{more:,} more"] if more > 0 else [])], "and")
        if missing:
            which = "any case" if len(missing) == len(every) else f"{counted(len(missing), 'case')}: {named}"
            say(
                message(
                    f"{visible(str(self.folder))} has no enquiry sheet of {which}.",
                    "write them with  casescreen enquiry write  into this folder. Reports lead to those there are.",
                )
            )

    def _of(self, case: str) -> str:
        """The name of the file that has the sheet of a case, with its place in it; "" where there is none."""
        for form in (DOCX, XLSX):
            if (name := sheet_name(case, form)) in self.names:
                return name
        anchor = sheet_anchor(case)
        return f"{ALL_SHEETS}#{anchor}" if anchor in self.anchors else ""


def enquiry_files(folder: Path) -> EnquiryFiles:
    """What is in a folder of enquiry sheets, whatever form they have.

    Raises:
        CasescreenError: it cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            names = frozenset(entry.name for entry in entries if entry.is_file())
    except OSError as error:
        raise CasescreenError(
            f"The folder {visible(str(folder))} could not be read: {error.strerror or error}.",
            advice="name the folder that the enquiry sheets were written to.",
        ) from error
    whole = read_start(str(folder / ALL_SHEETS), _MOST_BYTES) if ALL_SHEETS in names else b""
    anchors = re.findall(rb' id="(sheet-[A-Za-z0-9._-]+)"', whole)
    return EnquiryFiles(folder, names, frozenset(anchor.decode() for anchor in anchors))


def _address(folder: Path, report: Path) -> str:
    """Where a folder is as seen from a report, with a stroke at its end; from another drive, its whole address."""
    start, there = os.path.realpath(report.parent), os.path.realpath(folder)
    try:
        steps = Path(os.path.relpath(there, start)).parts
    except ValueError:
        return f"{Path(there).as_uri()}/"
    return "".join(f"{quote(step.encode(errors='surrogateescape'))}/" for step in steps)
