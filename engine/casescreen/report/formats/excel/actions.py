"""The sheet of actions: what to do, in which case, and whose it is, with room to say how far it has got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.office.styles import Row, SheetColumn, SheetContent, Tone
from casescreen.report.formats.excel.sheets import SEVERITIES, doubts_in_a_line
from casescreen.report.wording import title_of

NO_OWNER = "No owner recorded"
NOTHING = "Nothing needs action."

_WHAT = {"act now": Tone.BAD, "not met": Tone.BAD, "look again": Tone.DOUBT}
_PROGRESS = {"to do": Tone.DOUBT, "in hand": Tone.QUIET, "done": Tone.GOOD}
_COLUMNS = (
    SheetColumn("Case", 11),
    SheetColumn("What", 12, _WHAT),
    SheetColumn("Severity", 10, SEVERITIES),
    SheetColumn("Found", 34),
    SheetColumn("Why", 46),
    SheetColumn("To put it right", 40),
    SheetColumn("Was due", 13),
    SheetColumn("Owner", 13),
    SheetColumn("Team", 10),
    SheetColumn("Progress", 11, _PROGRESS, choices=tuple(_PROGRESS)),
    SheetColumn("Notes", 24),
)


@frozen
class Action:
    """Something to do in a case, and whose it is; "" where the record names nobody."""

    owner: str
    row: Row


def actions_of(rulebook: Rulebook, cases: Iterable[CaseSummary]) -> tuple[Action, ...]:
    """What there is to do, in the order of the cases given, and in each the most urgent first."""
    actions = []
    for case in cases:
        for conclusion in case.actions:
            why, severity = "; ".join(conclusion.because), conclusion.severity.value
            about: Row = (case.id, "act now", severity, conclusion.says, why, conclusion.remedy, None)
            actions.append(Action(case.manager, (*about, case.manager or NO_OWNER, case.team, "to do", "")))
        for finding in (*case.failed, *case.doubted):
            what = "not met" if finding.outcome is Outcome.NOT_MET else "look again"
            why = f"{finding.reason} {doubts_in_a_line(finding)}".strip()
            again = f"Read the case again, and answer: {rulebook.criterion[finding.criterion].question}"
            title, severity = title_of(finding, rulebook), finding.severity.value
            about = (case.id, what, severity, title, why, finding.remedy or again, finding.due)
            actions.append(Action(finding.owner, (*about, finding.owner or NO_OWNER, case.team, "to do", "")))
    return tuple(actions)


def actions_sheet(name: str, actions: Sequence[Action]) -> SheetContent:
    """A sheet of these actions, each still to do."""
    return SheetContent(name, _COLUMNS, (action.row for action in actions), NOTHING)


def by_owner(actions: Iterable[Action]) -> Mapping[str, list[Action]]:
    """The actions of each owner, by name; what nobody owns comes last."""
    owned: dict[str, list[Action]] = {}
    for action in actions:
        owned.setdefault(action.owner, []).append(action)
    return {owner: owned[owner] for owner in sorted(owned, key=lambda name: (not name, name))}
