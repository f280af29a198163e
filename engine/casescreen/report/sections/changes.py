"""What changed between two runs, in words: in groups, in figures that balance, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from casescreen.model.change import Absence, Change, ChangeKind, Comparison, State, Trend, open_in
from casescreen.model.outcome import Outcome
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.text import counted, in_words, listed, visible

_MOST_NAMED = 5
_KINDS: dict[ChangeKind, tuple[str, str]] = {
    ChangeKind.NEW: ("New", "open now, and not open before"),
    ChangeKind.REOPENED: ("Reopened", "open now, not open in the run before, and open in an earlier one"),
    ChangeKind.NEW_CASE: ("Came with a new case", "open, in a case that was not screened before"),
    ChangeKind.RULE_CHANGED: ("Rule changed", "the rule is another one, so nobody can say that the case changed"),
    ChangeKind.STILL_OPEN: ("Still open", "open before, and open now"),
    ChangeKind.ANSWER_AWAITED: ("Answer awaited", "a reader has to answer"),
    ChangeKind.FIXED: ("Fixed", "open before, and met now"),
    ChangeKind.MET_NOW: ("Met now", "not open before, and met now"),
    ChangeKind.NO_LONGER_APPLIES: ("No longer applies", "it does not apply now, or its row is gone"),
    ChangeKind.NOT_YET_DUE: ("Not yet due", "not yet due now, and not so before"),
    ChangeKind.CASE_LEFT: ("Case left", "open before, in a case that is not screened any more"),
    ChangeKind.REJECTED: ("Record rejected", "open before, in a case whose record cannot be used now"),
}
_ONLY_OPEN = (ChangeKind.NEW_CASE, ChangeKind.CASE_LEFT, ChangeKind.REJECTED)
"""The kinds of which only what is or was open is told, as every finding of the case is of that kind."""

OPEN_MEANS = "Open is what is not met, or not evidenced."


@frozen
class ChangeLine:
    """What became of one finding, in words."""

    case: str
    owner: str
    says: str
    is_failing: bool = False


@frozen
class ChangeGroup:
    """The findings of which the same became.

    Attributes:
        meaning: what that is, in a clause.
    """

    kind: ChangeKind
    title: str
    meaning: str
    lines: tuple[ChangeLine, ...]


def change_groups(comparison: Comparison) -> tuple[ChangeGroup, ...]:
    """The groups that there are, in their order; in each, what is newly not met comes first."""
    groups = []
    for kind, (title, meaning) in _KINDS.items():
        changes = [one for one in comparison.of(kind) if kind not in _ONLY_OPEN or one.was_open or one.is_open]
        if changes:
            lines = tuple(_line(one, comparison) for one in changes)
            groups.append(ChangeGroup(kind, title, meaning, lines))
    return tuple(groups)


def newly_failing(comparison: Comparison) -> tuple[ChangeLine, ...]:
    """What is not met now and was not so before, gravest first in each group."""
    return tuple(line for group in change_groups(comparison) for line in group.lines if line.is_failing)


def _line(change: Change, comparison: Comparison) -> ChangeLine:
    rule = comparison.new.rules.get(change.criterion) or comparison.old.rules.get(change.criterion)
    assert rule is not None
    item = f" ({visible(change.item)})" if change.item else ""
    closed = "; the case is closed" if change.closed else ""
    says = f"{rule.short}{item}: {_became(change, comparison)}{closed}"
    return ChangeLine(change.case, change.owner, says, change.is_failing)


def _became(change: Change, comparison: Comparison) -> str:
    if isinstance(change.after, Absence):
        return f"was {change.before.value}"
    now = change.after.value
    if change.kind is ChangeKind.STILL_OPEN:
        or_before = "" if comparison.knows_past else " or before"
        since = f"{now}, open since {in_words(change.since)}{or_before}"
        moved = "" if change.trend in (None, Trend.SAME) else f"; {change.trend.value}"
        ruled = "; the rule is another one" if change.rule_changed else ""
        return f"{since}{moved}{ruled}"
    if change.kind is ChangeKind.NEW_CASE:
        return now
    return now if change.before is change.after else f"{now}, {_was(change.before)}"


def _was(state: State) -> str:
    return "not asked before" if state is Absence.NO_FINDING else f"was {state.value}"


def balance(comparison: Comparison) -> list[str]:
    """How many findings were open and are, and what went and came between, so that it adds up."""
    before, after = open_in(comparison.before), open_in(comparison.after)
    came = listed(_moved(comparison, came=True), "and") or "none"
    went = listed(_moved(comparison, came=False), "and") or "none"
    said = [f"{before:,} open then, {after:,} now. Came: {came}. Went: {went}.", _failing(comparison)]
    awaited = Outcome.NEEDS_JUDGEMENT
    if comparison.before[awaited] or comparison.after[awaited]:
        said.append(f"Answers awaited: {comparison.before[awaited]:,} then, {comparison.after[awaited]:,} now.")
    cases = [
        f"{len(ids):,} {words}"
        for ids, words in (
            (comparison.new_cases, "new"),
            (comparison.left_cases, "left"),
            (comparison.rejected_cases, "with a record that cannot be used now"),
        )
        if ids
    ]
    numbers = f"Cases: {len(comparison.old.cases):,} then, {len(comparison.new.cases):,} now"
    said.append(f"{numbers}: {listed(cases, 'and')}." if cases else f"{numbers}.")
    rejected = [run.records_rejected for run in (comparison.old, comparison.new)]
    if any(rejected):
        said.append(f"Records that could not be used: {rejected[0]:,} then, {rejected[1]:,} now.")
    return said


def _failing(comparison: Comparison) -> str:
    counts = [f"{tally[Outcome.NOT_MET]:,}" for tally in (comparison.before, comparison.after)]
    return f"Not met: {counts[0]} then, {counts[1]} now."


def _moved(comparison: Comparison, *, came: bool) -> list[str]:
    """How many became open, or were and are not, by kind; and what rows without a key add."""
    said = []
    for kind, (title, _) in _KINDS.items():
        changes = comparison.of(kind)
        number = sum(one.is_open and not one.was_open if came else one.was_open and not one.is_open for one in changes)
        if number:
            said.append(f"{number:,} {title[:1].lower()}{title[1:]}")
    rows = sum(open_in(one.after) - open_in(one.before) for one in comparison.numbered)
    if rows and (rows > 0) is came:
        said.append(f"{abs(rows):,} in rows without a key")
    return said


def notes(comparison: Comparison) -> list[str]:
    """What has to be known to read it, and what cannot be told."""
    return list(_notes(comparison))


def _notes(comparison: Comparison) -> Iterator[str]:
    old, new = comparison.old, comparison.new
    if old.cases and new.cases and not old.cases.keys() & new.cases.keys():
        yield "No case is in both: look whether they are of the same caseload."
    if comparison.rules:
        named = [f"{visible(one.id)} ({one.how})" for one in comparison.rules]
        shown = [*named[:_MOST_NAMED], *([f"{len(named) - _MOST_NAMED:,} more"] if len(named) > _MOST_NAMED else [])]
        yield f"The rules are not the same: {listed(shown, 'and')}."
    elif old.rulebook_hash != new.rulebook_hash:
        yield (
            f"The rulebook is not the same (version {visible(old.version)} then, {visible(new.version)} now), though "
            "each criterion is decided alike: checks of the records, words or days off may differ."
        )
    if old.cases_hash and old.cases_hash == new.cases_hash and old.as_of < new.as_of:
        yield "The records say the same in both: what changed is the day, and perhaps the rules."
    if unnamed := new.rejected_unnamed:
        records = counted(unnamed, "record could", "records could")
        yield f"{records} not be used now, and which is not known: a case that seems to have left can be among them."
    if old.rejected_unnamed:
        records = counted(old.rejected_unnamed, "record could", "records could")
        yield f"{records} not be used then, and which is not known: a case that seems new can be among them."
    if comparison.numbered:
        rows = sum(max(sum(one.before.values()), sum(one.after.values())) for one in comparison.numbered)
        yield (
            f"{counted(rows, 'row has', 'rows have')} no key of {'its' if rows == 1 else 'their'} own, only a place "
            "among the others. Rows can change places, so only their numbers are compared."
        )
    if not comparison.knows_past:
        yield "Whether what is new was open once before cannot be told: that takes more than two runs."


def changes_in_full(comparison: Comparison) -> Iterator[Block]:
    """Every change, with the cases that came and left."""
    yield Heading(title_of(comparison), level=1)
    yield from map(Paragraph, (*balance(comparison), OPEN_MEANS, *notes(comparison)))
    failing = newly_failing(comparison)
    if failing:
        yield Heading(f"Newly not met ({len(failing):,})")
        yield _grid(failing)
    for group in change_groups(comparison):
        others = tuple(line for line in group.lines if not line.is_failing)
        if others:
            beside = f", beside {len(group.lines) - len(others):,} above" if len(others) < len(group.lines) else ""
            yield Heading(f"{group.title} ({len(others):,}{beside}): {group.meaning}")
            yield _grid(others)
    for title, ids in (
        ("Cases that are new", comparison.new_cases),
        ("Cases that left", comparison.left_cases),
        ("Records that could not be used", comparison.rejected_cases),
    ):
        if ids:
            yield Heading(f"{title} ({len(ids):,})")
            yield Outline(tuple(map(Item, ids)))


def title_of(comparison: Comparison) -> str:
    """Which runs they are."""
    then, now = comparison.old.as_of, comparison.new.as_of
    return f"What changed from {in_words(then)} to {in_words(now)}: {visible(comparison.new.rulebook)}"


def _grid(lines: tuple[ChangeLine, ...]) -> Grid:
    columns = (Column("Case", whole=True), Column("Owner"), Column("What became of it"))
    return Grid(columns, tuple((line.case, line.owner, line.says) for line in lines))
