"""The sheets of what is to be done, of all and of each owner, and of what was written about what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from casescreen.model.rulebook import Severity
from casescreen.office.excel import MOST_LINES, lines_needed
from casescreen.office.styles import Lines, Row, SheetColumn, SheetContent, Tone
from casescreen.report.actions import Action, ActionStep
from casescreen.report.carried_over import (
    BY_WHEN,
    CASE,
    FOUND,
    HOW_BAD,
    KIND,
    NO_LONGER_OPEN,
    NOTES,
    NOTHING,
    OWNER,
    PROGRESS,
    REF,
    STATES,
    WHAT_TO_DO,
    WHY,
    WrittenBeside,
)
from casescreen.text import in_words

NO_OWNER = "No owner recorded"
_WIDE = 64
_URGENT = "act now"
_SEVERITIES = tuple(severity.value for severity in Severity)
_HOW_BAD = {_URGENT: Tone.BAD, **dict.fromkeys(_SEVERITIES, Tone.QUIET), _SEVERITIES[0]: Tone.DOUBT}
_STATES = dict(zip(STATES, (Tone.DOUBT, Tone.QUIET, Tone.GOOD), strict=True))
_PROGRESS_COLUMN = SheetColumn(PROGRESS, 11, _STATES, choices=STATES)
_REF_COLUMN = SheetColumn(REF, 15)
_COLUMNS = (
    SheetColumn(KIND, 11),
    SheetColumn(BY_WHEN, 13),
    SheetColumn(HOW_BAD, 10, _HOW_BAD),
    SheetColumn(OWNER, 13),
    SheetColumn(CASE, 11),
    SheetColumn(FOUND, _WIDE),
    SheetColumn(WHAT_TO_DO, _WIDE),
    _PROGRESS_COLUMN,
    SheetColumn(NOTES, 26),
)
_COLUMNS_APART = (
    _REF_COLUMN,
    SheetColumn(CASE, 11),
    SheetColumn(OWNER, 13),
    SheetColumn(FOUND, _WIDE),
    _PROGRESS_COLUMN,
    SheetColumn(NOTES, 46),
    SheetColumn(WHY, 30),
)


def actions_sheet(
    name: str, actions: Iterable[Action], beside: Mapping[str, WrittenBeside], *, shared: bool = False
) -> SheetContent:
    """A sheet of these actions, each with what was written beside its Ref; in a copy to be shared without Refs."""
    rows = (_action_row(action, beside.get(action.ref, _UNTOUCHED)) for action in actions)
    if shared:
        return SheetContent(name, _COLUMNS, (row[1:] for row in rows), NOTHING)
    return SheetContent(name, (_REF_COLUMN, *_COLUMNS), rows, NOTHING)


_UNTOUCHED = WrittenBeside("")


def _action_row(action: Action, written: WrittenBeside) -> Row:
    how_bad = _URGENT if action.is_urgent else action.severity.value
    owner = action.owner or NO_OWNER
    told = _shown([*_by_theme(action.steps)]), _shown([*_by_day(action.steps)])
    about = (action.ref, action.kind.value, action.by_when, how_bad, owner, action.case, *told)
    return (*about, written.progress, written.notes or "")


def no_longer_open_sheet(rows: Iterable[WrittenBeside]) -> SheetContent:
    """A sheet of what was written beside Refs of which nothing is left to do, or beside none."""
    return SheetContent(NO_LONGER_OPEN, _COLUMNS_APART, map(_row_apart, rows))


def _row_apart(one: WrittenBeside) -> Row:
    why = f"{one.why[:1].upper()}{one.why[1:]}."
    return (one.ref, one.case, one.owner, one.found or "", one.progress, one.notes or "", why)


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


def _shown(lines: Sequence[str]) -> Lines:
    """The lines; where they are more than Excel shows in a row, with how many points follow where it shows no more."""
    number = len(lines)
    while number and lines_needed(lines[:number], _WIDE) + (number < len(lines)) > MOST_LINES:
        number -= 1
    left = sum(line.startswith(_POINT) for line in lines[number:])
    more = (f"and {left:,} more, below: make the column wider, or see the sheet Findings",) if left else ()
    return (*lines[:number], *more, *lines[number:])


def by_owner(actions: Iterable[Action]) -> Mapping[str, list[Action]]:
    """The actions of each owner, by name; what nobody owns comes last."""
    owned: dict[str, list[Action]] = {}
    for action in actions:
        owned.setdefault(action.owner, []).append(action)
    return {owner: owned[owner] for owner in sorted(owned, key=lambda name: (not name, name))}
