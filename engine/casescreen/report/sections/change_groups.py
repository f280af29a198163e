"""What became of findings from one run to a later one, in classes, each in words that follow a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from casescreen.model.change import Absence, Change, ChangeKind, Comparison, State, Trend
from casescreen.model.rulebook import Severity
from casescreen.text import in_words, visible


@frozen
class ChangeClass:
    """What can become of a finding, in words.

    Attributes:
        title: what stands over those of which it became that.
        meaning: what that is, in a clause.
        one: what stands after the number one.
        many: what stands after any other number.
    """

    title: str
    meaning: str
    one: str
    many: str = ""

    def after(self, number: int) -> str:
        """The number, and what follows it."""
        return f"{number:,} {self.one if number == 1 else self.many or self.one}"


_WORSE = ChangeClass("Worse", "open before, and now known not to be met, or later than it was", "worse")
CLASSES: dict[ChangeKind, ChangeClass] = {
    ChangeKind.NEW: ChangeClass("New", "open now, and not open before", "new"),
    ChangeKind.REOPENED: ChangeClass(
        "Reopened", "open now, not open in the run before, and open in an earlier one", "reopened"
    ),
    ChangeKind.NEW_CASE: ChangeClass(
        "In new cases", "open, in a case that was not screened before", "in a new case", "in new cases"
    ),
    ChangeKind.RULE_CHANGED: ChangeClass(
        "Where a rule changed",
        "the rule is another one, so nobody can say that the case changed",
        "where a rule changed",
    ),
    ChangeKind.ANSWER_AWAITED: ChangeClass(
        "Waiting for an answer",
        "somebody has to read the file and answer",
        "that waits for an answer",
        "that wait for an answer",
    ),
    ChangeKind.FIXED: ChangeClass("Fixed", "open before, and met now", "fixed"),
    ChangeKind.MET_NOW: ChangeClass("Met now", "not open before, and met now", "met now and not open before"),
    ChangeKind.NO_LONGER_APPLIES: ChangeClass(
        "No longer apply",
        "the question does not apply now, or its row is gone",
        "that no longer applies",
        "that no longer apply",
    ),
    ChangeKind.NOT_YET_DUE: ChangeClass("Not due yet", "not due yet now, and not so before", "not due yet"),
    ChangeKind.CASE_LEFT: ChangeClass(
        "In cases that left",
        "open before, in a case that is not screened any more",
        "in a case that left",
        "in cases that left",
    ),
    ChangeKind.REJECTED: ChangeClass(
        "In records that cannot be used",
        "open before, in a case whose record cannot be used now",
        "in a record that cannot be used",
        "in records that cannot be used",
    ),
    ChangeKind.STILL_OPEN: ChangeClass("Still open", "open before, and open now", "still open"),
}
_SEVERITIES = tuple(Severity)
_ONLY_OPEN = (ChangeKind.NEW_CASE, ChangeKind.CASE_LEFT, ChangeKind.REJECTED)
"""The kinds of which only what is or was open is told, as every finding of the case is of that kind."""


@frozen
class ChangeLine:
    """What became of one finding, in words.

    Attributes:
        change: what became of it.
        short: what the finding is about: its criterion in a few words, and its row.
        became: what it came to, and what it was.
    """

    change: Change
    short: str
    became: str

    @property
    def case(self) -> str:
        """The case's id."""
        return self.change.case

    @property
    def owner(self) -> str:
        """Whose it is, or was."""
        return self.change.owner

    @property
    def says(self) -> str:
        """All of it but whose it is."""
        return f"{self.short}: {self.became}"


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
    """The groups that there are: what is new first, and last what is still open; what is worse is apart from it.

    In each, what is newly not met comes first.
    """
    return tuple(
        ChangeGroup(kind, said.title, said.meaning, _lines(changes, comparison))
        for kind, said, changes in classes(comparison)
        if changes
    )


def newly_failing(comparison: Comparison) -> tuple[ChangeLine, ...]:
    """What is not met now and was not so before, gravest first in each group."""
    return tuple(line for group in change_groups(comparison) for line in group.lines if line.change.is_failing)


@frozen
class CaseFailing:
    """What is newly not met in a case, the gravest first."""

    case: str
    owner: str
    lines: tuple[ChangeLine, ...]


def failing_by_case(comparison: Comparison) -> tuple[CaseFailing, ...]:
    """What is newly not met, case by case: the case with most that is grave comes first."""
    by_case: dict[str, list[ChangeLine]] = {}
    for line in sorted(newly_failing(comparison), key=lambda line: _SEVERITIES.index(line.change.severity)):
        by_case.setdefault(line.case, []).append(line)

    def grave(lines: list[ChangeLine]) -> list[int]:
        return [-sum(line.change.severity is severity for line in lines) for severity in _SEVERITIES]

    managers = comparison.new.cases
    ordered = sorted(by_case.items(), key=lambda each: (grave(each[1]), each[0]))
    return tuple(CaseFailing(case, managers[case], tuple(lines)) for case, lines in ordered)


def classes(comparison: Comparison) -> Iterator[tuple[ChangeKind, ChangeClass, list[Change]]]:
    """What can become of a finding, and of which ones it did, in the order in which it is told."""
    worse = [one for one in comparison.changes if one.is_worse]
    for kind, said in CLASSES.items():
        if kind is ChangeKind.ANSWER_AWAITED:
            yield ChangeKind.STILL_OPEN, _WORSE, worse
        told = [one for one in comparison.of(kind) if kind not in _ONLY_OPEN or one.was_open or one.is_open]
        yield kind, said, [one for one in told if not one.is_worse]


def _lines(changes: Iterable[Change], comparison: Comparison) -> tuple[ChangeLine, ...]:
    return tuple(ChangeLine(one, _short(one, comparison), _became(one, comparison)) for one in changes)


def _short(change: Change, comparison: Comparison) -> str:
    rule = comparison.new.rules.get(change.criterion) or comparison.old.rules.get(change.criterion)
    assert rule is not None
    return f"{rule.short} ({visible(change.item)})" if change.item else rule.short


def _became(change: Change, comparison: Comparison) -> str:
    closed = "; the case is closed" if change.closed else ""
    if isinstance(change.after, Absence):
        return f"was {change.before.value}{closed}"
    now = change.after.value
    if change.kind is ChangeKind.STILL_OPEN:
        or_before = "" if comparison.knows_past else " or before"
        moved = "" if change.trend in (None, Trend.SAME) else f"; {change.trend.value}"
        ruled = "; the rule is another one" if change.rule_changed else ""
        return f"{now}, open since {in_words(change.since)}{or_before}{moved}{ruled}{closed}"
    if change.kind is ChangeKind.NEW_CASE or change.before is change.after:
        return f"{now}{closed}"
    return f"{now}, {_was(change.before)}{closed}"


def _was(state: State) -> str:
    return "not asked before" if state is Absence.NO_FINDING else f"was {state.value}"
