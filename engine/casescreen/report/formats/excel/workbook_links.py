"""Where in the workbook each thing stands, so that a figure leads to the findings behind it, and they lead back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import Factory, frozen

from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Criterion
from casescreen.model.screening import Finding, Screening
from casescreen.office.styles import Cell, FileLink, SheetLink
from casescreen.report.carried_over import CRITERIA, FINDINGS

_TO_WORK_ON = (Outcome.NOT_MET, *UNDECIDED)


@frozen
class WorkbookLinks:
    """The rows that things stand in, and cells that lead there.

    Attributes:
        criteria: the row of each criterion on its sheet, by its id.
        first_in_case: the row of the first finding of each case.
        first_of_criterion: the row of the finding of each criterion to look at first.
        first_of_theme: the row of the first criterion of each theme, by the theme's title.
        files: the enquiry sheet of each case, as an address relative to the workbook.
    """

    criteria: Mapping[str, int] = Factory(dict)
    first_in_case: Mapping[str, int] = Factory(dict)
    first_of_criterion: Mapping[str, int] = Factory(dict)
    first_of_theme: Mapping[str, int] = Factory(dict)
    files: Mapping[str, str] = Factory(dict)

    def of_case(self, case: str) -> Cell:
        """A case, which leads to its first finding."""
        return _to(FINDINGS, self.first_in_case.get(case), case)

    def of_action(self, case: str) -> Cell:
        """A case, which leads to its enquiry sheet; where there is none, to its first finding."""
        return FileLink(case, self.files[case]) if case in self.files else self.of_case(case)

    def of_sheet(self, case: str) -> Cell:
        """What opens the enquiry sheet of a case; nothing where there is none."""
        return FileLink("open", self.files[case]) if case in self.files else ""

    def of_theme(self, title: str) -> Cell:
        """A theme, which leads to its criteria."""
        return _to(CRITERIA, self.first_of_theme.get(title), title)

    def of_criterion(self, criterion: Criterion) -> Cell:
        """A criterion, which leads to its finding to look at first."""
        return _to(FINDINGS, self.first_of_criterion.get(criterion.id), criterion.title)

    def of_finding(self, finding: Finding, title: str) -> Cell:
        """The title of a finding's criterion, which leads to its figure where there is something to do."""
        return SheetLink(title, CRITERIA, self.criteria[finding.criterion]) if finding.outcome in _TO_WORK_ON else title


def _to(sheet: str, row: int | None, says: str) -> Cell:
    return says if row is None or not says else SheetLink(says, sheet, row)


def workbook_links(screening: Screening, cases: Sequence[CaseSummary], files: Mapping[str, str]) -> WorkbookLinks:
    """The places of a workbook whose findings stand in the screening's order; ``cases`` are the worst first."""
    rank = {case.id: number for number, case in enumerate(cases)}
    first_in_case, best = dict[str, int](), dict[str, tuple[int, int, int]]()
    for row, one in enumerate(screening.findings, start=2):
        first_in_case.setdefault(one.case, row)
        urgency = _TO_WORK_ON.index(one.outcome) if one.outcome in _TO_WORK_ON else len(_TO_WORK_ON)
        candidate = urgency, rank[one.case], row
        best[one.criterion] = min(best.get(one.criterion, candidate), candidate)
    criteria = {rate.criterion: row for row, rate in enumerate(screening.rates, start=2)}
    titles = {theme.id: theme.title for theme in screening.rulebook.themes}
    of_theme = dict[str, int]()
    for rate in screening.rates:
        of_theme.setdefault(titles[screening.rulebook.criterion[rate.criterion].theme], criteria[rate.criterion])
    return WorkbookLinks(criteria, first_in_case, {one: row for one, (*_, row) in best.items()}, of_theme, files)
