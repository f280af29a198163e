"""The findings as CSV, one row each, for a spreadsheet.

Rows end with a carriage return and a line feed, as RFC 4180 has it. No cell can be taken for a formula: one that
begins with ``=``, ``+``, ``-`` or ``@``, or began with a tab or a carriage return, gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from casescreen.model.screening import Finding, Screening
from casescreen.report.formats.registry import Options
from casescreen.text import visible

COLUMNS = (
    "case", "criterion", "title", "theme", "item", "outcome", "severity", "reason",
    "owner", "remedy", "due", "flags", "reader", "days_late",
)  # fmt: skip
ACCEPTED_UNTIL = "accepted_until"
"""One column more, where waivers were named: the last day on which a finding is accepted."""

MODERATED = "moderated"
"""One column more, where answers of a file were used: yes where the reader's answer is a moderated one."""

_STARTS_A_FORMULA = ("=", "+", "-", "@")
_STARTS_A_FIELD = ("\t", "\r")
# A spreadsheet's cell holds 32,767 characters.
_LONGEST = 32_000
_AT_ONCE = 1_000
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def render(screening: Screening, options: Options) -> str:
    """Every finding in the screening's order, under a line of column names."""
    return "".join(pieces(screening, options))


def pieces(screening: Screening, options: Options) -> Iterator[str]:
    """The same a piece at a time: so that they are never all in memory at once."""
    columns = COLUMNS if screening.accepted is None else (*COLUMNS, ACCEPTED_UNTIL)
    columns = columns if screening.answers_used is None else (*columns, MODERATED)
    yield (_BYTE_ORDER_MARK if options.bom else "") + csv_lines([columns])
    findings = iter(screening.findings)
    while some := tuple(islice(findings, _AT_ONCE)):
        yield csv_lines([harmless(cell) for cell in cells(finding, screening)] for finding in some)


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV, each ended as RFC 4180 has it."""
    to = io.StringIO(newline="")
    csv.writer(to, lineterminator="\r\n").writerows(rows)
    return to.getvalue()


def table_as_csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table for a spreadsheet, under its titles: days as year-month-day, lines of a cell one after another."""
    made = ([_as_text(cell) for cell in row] for row in rows)
    return f"{_BYTE_ORDER_MARK}{csv_lines([titles])}{csv_lines(made)}"


def _as_text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case int():
            return str(cell)
        case date():
            return cell.isoformat()
        case tuple():
            return harmless(" / ".join(cell))
    return harmless(str(cell))


def harmless(text: str) -> str:
    """The text as one line that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("met")
    ("'=1+1", 'met')
    """
    shown = visible(text, _LONGEST)
    formula = text.startswith(_STARTS_A_FIELD) or shown.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{shown}" if formula else shown


def cells(finding: Finding, screening: Screening) -> Iterator[str]:
    """What stands in the columns of a finding, as text."""
    criterion = screening.rulebook.criterion[finding.criterion]
    yield from (finding.case, finding.criterion, criterion.title, criterion.theme, finding.item)
    yield from (finding.outcome.value, finding.severity.value, finding.reason, finding.owner, finding.remedy)
    yield "" if finding.due is None else finding.due.isoformat()
    yield flags_in_words(finding)
    yield finding.reader
    yield str(finding.days_late or "")
    if screening.accepted is not None:
        until = screening.accepted_until(finding)
        yield "" if until is None else until.isoformat()
    if screening.answers_used is not None:
        yield "yes" if (finding.case, finding.criterion, finding.item) in screening.answers_used.moderated else ""


def flags_in_words(finding: Finding) -> str:
    """What the flags of a finding say, in a line; "" where there is none."""
    challenge = " (challenges the reader's yes)"
    return "; ".join(f"{flag.says}{challenge if flag.challenges else ''}" for flag in finding.flags)
