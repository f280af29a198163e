"""The workbook from its parts."""

from __future__ import annotations

from casescreen.model.screening import Screening
from casescreen.report.options import Options
from casescreen.report.standing import standings
from casescreen.report.workbook.actions import NO_OWNER, actions_of, actions_sheet, by_owner
from casescreen.report.workbook.cases import cases_sheet
from casescreen.report.workbook.cover import actions_cover, cover
from casescreen.report.workbook.criteria import criteria_sheet
from casescreen.report.workbook.findings import findings_sheet
from casescreen.report.workbook.notes import notes_sheet
from casescreen.report.workbook.writing import Book


def render(screening: Screening, options: Options) -> bytes:
    """The whole screening as a workbook; with ``options.per_owner``, a sheet of actions for each owner too.

    Raises:
        CasescreenError: there are more findings than a sheet can hold.
    """
    findings = findings_sheet(screening)
    cases = standings(screening)
    actions = actions_of(screening.rulebook, cases)
    book = Book(screening.rulebook.title, screening.as_of, rows=len(screening.findings))
    book.write_cover(cover(screening, cases))
    book.write_table(actions_sheet("Actions", actions))
    book.write_table(cases_sheet(screening.rulebook, cases))
    book.write_table(criteria_sheet(screening))
    book.write_table(findings)
    book.write_table(notes_sheet(screening))
    if options.per_owner:
        for owner, owned in by_owner(actions).items():
            book.write_table(actions_sheet(owner or NO_OWNER, owned))
    return book.to_bytes()


def actions_for(screening: Screening, owner: str) -> bytes:
    """A workbook of one owner's actions and nobody else's; "" is what nobody owns."""
    actions = actions_of(screening.rulebook, standings(screening))
    book = Book(screening.rulebook.title, screening.as_of)
    book.write_cover(actions_cover(screening, owner or NO_OWNER))
    book.write_table(actions_sheet("Actions", [action for action in actions if action.owner == owner]))
    return book.to_bytes()
