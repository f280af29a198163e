"""Where in the workbook each thing stands, so that a figure leads to the findings behind it, and they lead back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import Factory, frozen

from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.screening import Finding, Screening
from casescreen.office.styles import LinkedCell
from casescreen.report.carried_over import CRITERIA, FINDINGS

_TO_WORK_ON = (Outcome.NOT_MET, *UNDECIDED)
_CRITERION_COLUMN = "E"


@frozen
class WorkbookLinks:
    """The cells that lead elsewhere.

    Attributes:
        criteria: the cell of each criterion on its sheet, by its id.
        first_in_case: the cell of the first finding of each case.
        first_of_criterion: the cell of the finding of each criterion to look at first.
        first_of_theme: the cell of the first criterion of each theme, by the theme's title.
        files: the enquiry sheet of each case, as an address relative to the workbook.
    """

    criteria: Mapping[str, str] = Factory(dict)
    first_in_case: Mapping[str, str] = Factory(dict)
    first_of_criterion: Mapping[str, str] = Factory(dict)
    first_of_theme: Mapping[str, str] = Factory(dict)
    files: Mapping[str, str] = Factory(dict)

    def to_findings(self, case: str) -> LinkedCell:
        """A case, which leads to its first finding."""
        return LinkedCell(case, self.first_in_case.get(case, ""))

    def to_sheet(self, case: str) -> LinkedCell:
        """A case, which leads to its enquiry sheet; where there is none, to its first finding."""
        return self.of_file(case, case) if case in self.files else self.to_findings(case)

    def of_file(self, case: str, text: str) -> LinkedCell:
        """A text that leads to the enquiry sheet of a case; nowhere, where it has none."""
        file = self.files.get(case, "")
        return LinkedCell(text, f"external:{file}" if file else "")

    def to_criterion(self, finding: Finding, title: str) -> str | LinkedCell:
        """The title of a finding's criterion, which leads to its figure where there is something to do."""
        return LinkedCell(title, self.criteria[finding.criterion]) if finding.outcome in _TO_WORK_ON else title


def workbook_links(screening: Screening, cases: Sequence[CaseSummary], files: Mapping[str, str]) -> WorkbookLinks:
    """The places of a workbook whose findings stand in the screening's order; ``cases`` are the worst first."""
    rank = {case.id: number for number, case in enumerate(cases)}
    first_in_case, best = dict[str, str](), dict[str, tuple[tuple[int, int], str]]()
    for number, one in enumerate(screening.findings, start=2):
        first_in_case.setdefault(one.case, _cell(FINDINGS, f"A{number}"))
        urgency = _TO_WORK_ON.index(one.outcome) if one.outcome in _TO_WORK_ON else len(_TO_WORK_ON)
        found = ((urgency, rank[one.case]), _cell(FINDINGS, f"{_CRITERION_COLUMN}{number}"))
        best[one.criterion] = min(best.get(one.criterion, found), found)
    criteria = {rate.criterion: _cell(CRITERIA, f"B{n}") for n, rate in enumerate(screening.rates, start=2)}
    titles = {theme.id: theme.title for theme in screening.rulebook.themes}
    of_theme = dict[str, str]()
    for rate in screening.rates:
        of_theme.setdefault(titles[screening.rulebook.criterion[rate.criterion].theme], criteria[rate.criterion])
    return WorkbookLinks(criteria, first_in_case, {one: cell for one, (_, cell) in best.items()}, of_theme, files)


def _cell(sheet: str, where: str) -> str:
    return f"internal:'{sheet}'!{where}"
