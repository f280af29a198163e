"""The sheets of what is to be done, of all and of each owner, and of what was written about what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from casescreen.model.rulebook import Severity
from casescreen.office.excel import MOST_LINES, lines_needed
from casescreen.office.styles import Lines, Row, SheetColumn, SheetContent, Tone
from casescreen.report.action_claims import URGENT, PresentRecord, how_bad, kept_day, question_line, row_beside
from casescreen.report.actions import Action, ActionStep
from casescreen.report.carried_over import (
    BY_WHEN,
    CANNOT,
    CASE,
    DOING,
    DONE,
    DONE_ON,
    EVIDENCE,
    FOUND,
    HOW_BAD,
    KIND,
    NO_LONGER_OPEN,
    NOTES,
    NOTHING,
    OWNER,
    PROGRESS,
    QUESTIONS,
    REF,
    STATES,
    TO_DO,
    WHAT_TO_DO,
    WHY,
    WrittenBeside,
)
from casescreen.report.formats.excel.workbook_links import WorkbookLinks
from casescreen.text import in_words, listed

NO_OWNER = "No owner recorded"
_WIDE = 64
_SEVERITIES = tuple(severity.value for severity in Severity)
_HOW_BAD = {URGENT: Tone.BAD, **dict.fromkeys(_SEVERITIES, Tone.QUIET), _SEVERITIES[0]: Tone.DOUBT}
_TONES = {TO_DO: Tone.DOUBT, DOING: Tone.QUIET, DONE: Tone.GOOD, CANNOT: Tone.BAD}
_REF_COLUMN = SheetColumn(REF, 15)
_QUESTIONS_COLUMN = SheetColumn(QUESTIONS, 22)
_FILLED_IN = (
    SheetColumn(
        PROGRESS,
        11,
        _TONES,
        choices=STATES,
        hint=f'How far it has got: {listed(STATES)}. "{CANNOT}" needs a reason in {NOTES}.',
    ),
    SheetColumn(DONE_ON, 13, is_day=True, hint=f'If it is "{DONE}": on which day, as in 9 May 2016.'),
    SheetColumn(EVIDENCE, 22, hint="Where it can be seen that it is done. No details of the child."),
    SheetColumn(NOTES, 26, hint="Whatever helps.", wanted_with=(PROGRESS, CANNOT)),
)
FILLED_IN = tuple(column.title for column in _FILLED_IN)
"""The columns that people fill in."""

_COLUMNS = (
    SheetColumn(KIND, 11),
    SheetColumn(BY_WHEN, 13),
    SheetColumn(HOW_BAD, 10, _HOW_BAD),
    SheetColumn(OWNER, 13),
    SheetColumn(CASE, 11),
    SheetColumn(FOUND, _WIDE),
    SheetColumn(WHAT_TO_DO, _WIDE),
    *_FILLED_IN,
)
_COLUMNS_APART = (
    _REF_COLUMN,
    SheetColumn(CASE, 11),
    SheetColumn(OWNER, 13),
    SheetColumn(FOUND, _WIDE),
    *(evolve(column, hint="", wanted_with=None, is_day=False) for column in _FILLED_IN[:-1]),
    SheetColumn(NOTES, 46),
    SheetColumn(WHY, 30),
    _QUESTIONS_COLUMN,
)
_FINDINGS_TOO = ", or see the sheet Findings"


@frozen
class ActionSheets:
    """Makes the sheets of actions.

    Attributes:
        beside: what was written beside each Ref.
        record: what the record says now; None where nothing was written.
        as_of: the day of the screening.
        links: where a case leads.
        shared: whether they are for a copy to be shared: without Refs, and so without what is read back by them.
        has_findings: whether the workbook has the sheet of findings.
    """

    beside: Mapping[str, WrittenBeside]
    record: PresentRecord | None
    as_of: date
    links: WorkbookLinks
    shared: bool = False
    has_findings: bool = True

    def sheet(self, name: str, actions: Iterable[Action]) -> SheetContent:
        """A sheet of these actions, each with what was written beside its Ref."""
        rows = map(self._row, actions)
        if self.shared:
            return SheetContent(name, _COLUMNS, (row[1:-1] for row in rows), NOTHING)
        return SheetContent(name, (_REF_COLUMN, *_COLUMNS, _QUESTIONS_COLUMN), rows, NOTHING)

    def _row(self, action: Action) -> Row:
        written, returned = self.beside.get(action.ref), ""
        if written is None or self.record is None:
            written = _UNTOUCHED
        else:
            written, returned = row_beside(action, written, self.record, self.as_of)
        found = [*([returned] if returned else ()), *_by_theme(action.steps)]
        more = _FINDINGS_TOO if self.has_findings else ""
        told = _shown(found, more), _shown([*_by_day(action.steps)], more)
        by_when, owner = kept_day(action, written), action.owner or NO_OWNER
        about = (
            action.ref,
            action.kind.value,
            by_when,
            how_bad(action),
            owner,
            self.links.of_action(action.case),
            *told,
        )
        questions = tuple(map(question_line, action.questions))
        return (*about, *_filled_in(written), questions)


_UNTOUCHED = WrittenBeside("")


def _filled_in(written: WrittenBeside) -> Row:
    return (written.progress, written.done_on, written.evidence or "", written.notes or "")


def no_longer_open_sheet(rows: Iterable[WrittenBeside]) -> SheetContent:
    """A sheet of what was written beside Refs of which nothing is left to do, or beside none."""
    return SheetContent(NO_LONGER_OPEN, _COLUMNS_APART, map(_row_apart, rows))


def _row_apart(one: WrittenBeside) -> Row:
    why = f"{one.why[:1].upper()}{one.why[1:]}."
    return (one.ref, one.case, one.owner, one.found or "", *_filled_in(one), why, one.questions or "")


def _by_theme(steps: Sequence[ActionStep]) -> Iterator[str]:
    """What was found, below the theme that it is about."""
    for theme in dict.fromkeys(step.theme for step in steps):
        if theme:
            yield f"{theme}:"
        yield from dict.fromkeys(f"{_POINT}{step.says}" for step in steps if step.theme == theme)


def _by_day(steps: Sequence[ActionStep]) -> Iterator[str]:
    """What puts it right, where the days differ below its day; what puts several things right is said once."""
    days: dict[date | None, None] = dict.fromkeys(step.by_when for step in steps)
    said: set[str] = set()
    for day in days:
        remedies = dict.fromkeys(one.remedy for one in steps if one.by_when == day and one.remedy)
        new = [remedy for remedy in remedies if remedy not in said]
        said.update(new)
        if new and len(days) > 1:
            yield f"By {in_words(day)}:" if day else "By no day that could be worked out:"
        yield from (f"{_POINT}{remedy}" for remedy in new)


_POINT = "• "


def _shown(lines: Sequence[str], where: str) -> Lines:
    """The lines; where they are more than Excel shows in a row, with how many points follow where it shows no more.

    Args:
        lines: the lines.
        where: where else they can be seen, as it is said.
    """
    number = len(lines)
    while number and lines_needed(lines[:number], _WIDE) + (number < len(lines)) > MOST_LINES:
        number -= 1
    left = sum(line.startswith(_POINT) for line in lines[number:])
    more = (f"and {left:,} more, below: make the column wider{where}",) if left else ()
    return (*lines[:number], *more, *lines[number:])


def by_owner(actions: Iterable[Action]) -> Mapping[str, list[Action]]:
    """The actions of each owner, by name; what nobody owns comes last."""
    owned: dict[str, list[Action]] = {}
    for action in actions:
        owned.setdefault(action.owner, []).append(action)
    return {owner: owned[owner] for owner in sorted(owned, key=lambda name: (not name, name))}
