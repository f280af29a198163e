"""What changed since an earlier run, as each form of report has it: JSON, the page, and a sheet of the workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator

from attrs import frozen

from casescreen.model.change import Change, ChangeKind, Comparison, NumberedRows, ScreeningRun, State, Tally
from casescreen.model.outcome import Outcome
from casescreen.office.styles import Line, Row, SheetColumn, SheetContent, Tone
from casescreen.report.carried_over import CHANGES
from casescreen.report.formats.excel.sheets import OUTCOMES, SEVERITIES
from casescreen.report.sections.change_groups import ChangeGroup, ChangeLine, change_groups, failing_by_case
from casescreen.report.sections.changes import OPEN_MEANS, balance, headline, notes, since
from casescreen.report.wording import first
from casescreen.text import counted

COMPARISON_FORMAT = "casescreen-comparison/1"


def changes_json(comparison: Comparison) -> str:
    """The whole of it. Plain ASCII: every other character, and every control character, is escaped."""
    return json.dumps(changes_as_json(comparison), indent=2, ensure_ascii=True) + "\n"


def changes_as_json(comparison: Comparison) -> dict[str, object]:
    """The whole of it as plain values: what stands in a file of its own, and in that of a screening."""
    rules = {**comparison.old.rules, **comparison.new.rules}
    return {
        "format": COMPARISON_FORMAT,
        "rulebook": comparison.new.rulebook,
        "differs": comparison.differs,
        "knows_past": comparison.knows_past,
        "old": _run(comparison.old, comparison.before),
        "new": _run(comparison.new, comparison.after),
        "kinds": {kind.value: len(comparison.of(kind)) for kind in ChangeKind},
        "changes": [_change(one, rules[one.criterion].short) for one in comparison.changes],
        "numbered": [_numbered(one) for one in comparison.numbered],
        "nothing_to_tell": {"old": _tally(comparison.quiet_before), "new": _tally(comparison.quiet_after)},
        "new_cases": comparison.new_cases,
        "left_cases": comparison.left_cases,
        "rejected_cases": comparison.rejected_cases,
        "rules": [{"id": one.id, "how": one.how, "renamed_from": one.renamed_from} for one in comparison.rules],
        "notes": notes(comparison),
    }


def _run(run: ScreeningRun, outcomes: Tally) -> dict[str, object]:
    return {
        "as_of": run.as_of.isoformat(),
        "version": run.version,
        "rulebook_hash": run.rulebook_hash,
        "cases_hash": run.cases_hash,
        "cases": len(run.cases),
        "rejected": run.records_rejected,
        "outcomes": _tally(outcomes),
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {outcome.value: tally.get(outcome, 0) for outcome in Outcome}


def _change(change: Change, short: str) -> dict[str, object]:
    return {
        "case": change.case,
        "criterion": change.criterion,
        "short": short,
        "item": change.item,
        "kind": change.kind.value,
        "before": change.before.value,
        "after": change.after.value,
        "newly_failing": change.is_failing,
        "differs": change.is_difference,
        "severity": change.severity.value,
        "owner": change.owner,
        "due": None if change.due is None else change.due.isoformat(),
        "trend": None if change.trend is None else change.trend.value,
        "since": None if change.since is None else change.since.isoformat(),
        "rule_changed": change.rule_changed,
        "closed": change.closed,
    }


def _numbered(rows: NumberedRows) -> dict[str, object]:
    return {
        "case": rows.case,
        "criterion": rows.criterion,
        "old": _tally(rows.before),
        "new": _tally(rows.after),
    }


_AT_FIRST = 6
"""How many lines of a group are seen before it is opened."""

_BEHIND = (ChangeKind.ANSWER_AWAITED, ChangeKind.MET_NOW, ChangeKind.NOT_YET_DUE, ChangeKind.STILL_OPEN)
"""The classes of which nothing is seen before they are opened: most of what they hold was so before, or is well."""


@frozen
class LineOnPage:
    """A case, whose it is, and what became of the findings in it."""

    case: str
    owner: str
    says: str


@frozen
class GroupOnPage:
    """The findings of which the same became.

    Attributes:
        first: the lines that are seen; none where all of them are behind the title.
        rest: the lines behind them.
    """

    title: str
    meaning: str
    number: int
    first: tuple[LineOnPage, ...]
    rest: tuple[LineOnPage, ...]


@frozen
class ChangesOnPage:
    """All of it: in a line, in groups, in figures that balance, and what has to be known to read it."""

    title: str
    says: str
    groups: tuple[GroupOnPage, ...]
    balance: tuple[str, ...]
    cases: tuple[tuple[str, tuple[str, ...]], ...]


def changes_on_page(comparison: Comparison) -> ChangesOnPage:
    """What changed, what is new first, and last what is still open; in each class a line a case."""
    return ChangesOnPage(
        title=since(comparison),
        says=f"{headline(comparison)}.",
        groups=tuple(map(_group, change_groups(comparison))),
        balance=(*balance(comparison), OPEN_MEANS, *notes(comparison)),
        cases=tuple(
            (title, tuple(ids))
            for title, ids in (
                ("Cases that are new", comparison.new_cases),
                ("Cases that left", comparison.left_cases),
                ("Records that cannot be used now", comparison.rejected_cases),
            )
            if ids
        ),
    )


def _group(group: ChangeGroup) -> GroupOnPage:
    lines, is_worse = tuple(_by_case(group)), group.lines[0].change.is_worse
    shown = 0 if group.kind in _BEHIND and not is_worse else _AT_FIRST
    return GroupOnPage(group.title, group.meaning, len(group.lines), lines[:shown], lines[shown:])


def _by_case(group: ChangeGroup) -> Iterator[LineOnPage]:
    """A line for each case, in which what the same became of is told together; the gravest case comes first."""
    cases: dict[str, list[ChangeLine]] = {}
    for line in group.lines:
        cases.setdefault(line.case, []).append(line)
    for case, lines in cases.items():
        alike: dict[str, list[str]] = {}
        for line in lines:
            alike.setdefault(line.became, []).append(line.short)
        says = "; ".join(f"{', '.join(shorts)}: {became}" for became, shorts in alike.items())
        owners = ", ".join(dict.fromkeys(line.owner for line in lines if line.owner))
        yield LineOnPage(case, owners, says)


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
