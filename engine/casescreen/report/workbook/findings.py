"""The sheet of findings: everything that was found, one row each."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.cases.write.tables import MOST_ROWS
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.workbook.actions import doubts_in_a_line
from casescreen.report.workbook.sheet import Column, Row, Sheet
from casescreen.report.workbook.tones import OUTCOMES, SEVERITIES

_FINDING_COLUMNS = (
    Column("Case", 11),
    Column("Manager", 13),
    Column("Team", 11),
    Column("Theme", 18),
    Column("Criterion", 30),
    Column("About", 10),
    Column("Outcome", 15, OUTCOMES),
    Column("Severity", 10, SEVERITIES),
    Column("Why", 44),
    Column("Facts and answers", 30),
    Column("Due", 13),
    Column("Owner", 13),
    Column("To put it right", 36),
    Column("Criterion id", 24),
)


# Where nothing is left to do, nobody has it to do.
_SETTLED = frozenset({Outcome.MET, Outcome.NOT_APPLICABLE})


def findings_sheet(screening: Screening) -> Sheet:
    """Every finding, in the screening's order.

    Raises:
        CasescreenError: there are more than a sheet can hold.
    """
    count = len(screening.findings)
    if count >= MOST_ROWS:
        raise CasescreenError(
            f"The workbook cannot hold {count:,} findings: a sheet has {MOST_ROWS:,} rows, and one is for the titles.\n"
            "  Why it matters: a sheet that ends too soon looks complete.\n"
            "  What to do: screen fewer cases at a time, or write the findings as csv, which has no such limit."
        )
    return Sheet("Findings", _FINDING_COLUMNS, _finding_rows(screening))


def _finding_rows(screening: Screening) -> Iterator[Row]:
    themes = {theme.id: theme.title for theme in screening.rulebook.themes}
    for finding in screening.findings:
        criterion = screening.rulebook.criterion[finding.criterion]
        settled = finding.outcome in _SETTLED
        yield (
            finding.case,
            screening.managers.get(finding.case, ""),
            screening.teams.get(finding.case, ""),
            themes[criterion.theme],
            criterion.title,
            finding.item,
            finding.outcome.value,
            "" if settled else finding.severity.value,
            finding.reason,
            doubts_in_a_line(finding),
            finding.due,
            "" if settled else finding.owner,
            "" if settled else finding.remedy,
            finding.criterion,
        )
