"""The sheet of cases: how each stands, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.report.figures import worst_of
from casescreen.report.standing import CaseStanding
from casescreen.report.workbook.sheet import Column, Row, Sheet, Tone

_STANDS = {"act now": Tone.BAD, "look at it": Tone.DOUBT, "nothing found": Tone.QUIET}
_CASE_COLUMNS = (
    Column("Rank", 8),
    Column("Case", 14),
    Column("Stands", 15, _STANDS),
    Column("Act now", 10),
    *(Column(outcome.value.capitalize(), 12) for outcome in Outcome),
    Column("The worst of it", 60),
    Column("Manager", 18),
    Column("Team", 14),
)


def cases_sheet(rulebook: Rulebook, cases: Sequence[CaseStanding]) -> Sheet:
    """Every case, in the order given: the worst first."""
    return Sheet("Cases", _CASE_COLUMNS, _case_rows(rulebook, cases))


def _case_rows(rulebook: Rulebook, cases: Sequence[CaseStanding]) -> Iterator[Row]:
    for rank, case in enumerate(cases, 1):
        yield (
            rank,
            case.id,
            _stands(case),
            len(case.actions),
            *(case.counts[outcome] for outcome in Outcome),
            worst_of(case, rulebook),
            case.manager,
            case.team,
        )


def _stands(case: CaseStanding) -> str:
    if case.actions:
        return "act now"
    return "look at it" if case.needs_attention else "nothing found"
