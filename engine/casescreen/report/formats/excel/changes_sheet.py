"""The sheet of what changed since an earlier run, and what the cover says of it."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.change import Comparison, State
from casescreen.model.outcome import Outcome
from casescreen.office.styles import Line, Row, SheetColumn, SheetContent, Tone
from casescreen.report.carried_over import CHANGES
from casescreen.report.formats.excel.sheets import OUTCOMES, SEVERITIES
from casescreen.report.sections.change_groups import ChangeLine, change_groups, failing_by_case
from casescreen.report.sections.changes import balance, headline, notes, since
from casescreen.report.wording import first
from casescreen.text import counted

CHANGES_HOLD = "What became of each finding since then: what is new first, and last what is still open."
_MOST_LISTED, _MOST_SAID = 5, 3
_COLUMNS = (
    SheetColumn("What became of it", 20),
    SheetColumn("Newly not met", 11, {"yes": Tone.BAD}),
    SheetColumn("Case", 11),
    SheetColumn("Owner", 13),
    SheetColumn("About", 34),
    SheetColumn("Now", 15, OUTCOMES),
    SheetColumn("Before", 15),
    SheetColumn("Open since", 13),
    SheetColumn("Moved", 13),
    SheetColumn("Severity", 10, SEVERITIES),
    SheetColumn("Due", 13),
    SheetColumn("Case is", 9),
    SheetColumn("Rule", 12),
    SheetColumn("Criterion id", 24),
)


def changes_sheet(comparison: Comparison) -> SheetContent:
    """What became of each finding, a row each, in groups."""
    rows = (_row(group.title, line) for group in change_groups(comparison) for line in group.lines)
    return SheetContent(CHANGES, _COLUMNS, rows, "Nothing became of any finding, and none was open.")


def _row(title: str, line: ChangeLine) -> Row:
    change = line.change
    return (
        title,
        "yes" if change.is_failing else "",
        change.case,
        change.owner,
        line.short,
        _stands(change.after),
        _stands(change.before),
        change.since,
        "" if change.trend is None else change.trend.value,
        change.severity.value,
        change.due,
        "closed" if change.closed else "",
        "changed" if change.rule_changed else "",
        change.criterion,
    )


def _stands(state: State) -> str:
    return state.value if isinstance(state, Outcome) else f"({state.value})"


def changes_lines(comparison: Comparison) -> Iterator[Line]:
    """The lines of the cover: how much of what, where it is newly not met, and what has to be known."""
    yield Line(since(comparison))
    yield Line("In all", f"{headline(comparison)}: see {CHANGES}")
    failing, more = first(failing_by_case(comparison), _MOST_LISTED)
    for one in failing:
        shorts, others = first((line.short for line in one.lines), _MOST_SAID)
        things = "; ".join([*shorts, *([f"and {others:,} more"] if others else [])])
        yield Line(one.case, f"{one.owner}: {things}" if one.owner else things)
    if more:
        yield Line("", f"and {counted(more, 'more case')} with something newly not met: see {CHANGES}")
    yield Line("How it adds up", " ".join((*balance(comparison), *notes(comparison))))
