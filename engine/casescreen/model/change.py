"""What runs are compared by, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from attrs import Factory, frozen

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity

OPEN = (Outcome.NOT_MET, Outcome.NOT_EVIDENCED)
"""The outcomes of what somebody has to put right: it is not so, or the record does not show it."""

FindingKey = tuple[str, str, str]
"""What a finding is about: the case, the criterion, and the key of the row; "" where it is about the case."""

Tally = Mapping[Outcome, int]
"""How many findings have each outcome."""


class Absence(Enum):
    """Why a run has no finding where another one has.

    NO_FINDING: the case was screened, and the question was not asked, or there was no such row.
    NO_CASE: there was no such case among those that were screened.
    REJECTED: the case's record could not be used.
    """

    NO_FINDING = "no such finding"
    NO_CASE = "no such case"
    REJECTED = "record rejected"


State = Outcome | Absence
"""How a run stands on one question: an outcome, or why there is none."""


class ChangeKind(Enum):
    """What became of a finding, in the order in which it is told."""

    NEW = "new"
    REOPENED = "reopened"
    NEW_CASE = "came with a new case"
    RULE_CHANGED = "rule changed"
    ANSWER_AWAITED = "answer awaited"
    FIXED = "fixed"
    MET_NOW = "met, and not open before"
    NO_LONGER_APPLIES = "no longer applies"
    NOT_YET_DUE = "not yet due"
    CASE_LEFT = "case left"
    REJECTED = "record rejected"
    STILL_OPEN = "still open"


class Trend(Enum):
    """How what is still open has moved. That less is known of it is never better."""

    SAME = "same"
    WORSE = "worse"
    BETTER = "better"
    LESS_KNOWN = "less is known"


@frozen
class RunFinding:
    """As much of a finding as comparing takes.

    Attributes:
        accepted: the last day on which somebody accepts it; None where nobody does.
    """

    outcome: Outcome
    severity: Severity
    owner: str = ""
    due: date | None = None
    days_late: int = 0
    accepted: date | None = None


@frozen
class RunRule:
    """A criterion as a run asked it.

    Attributes:
        hash: the same as long as outcomes are decided alike.
        short: its title, in a few words where the rulebook has them.
        renamed_from: the ids that it had before.
    """

    hash: str
    short: str = ""
    renamed_from: tuple[str, ...] = ()


@frozen(kw_only=True)
class ScreeningRun:
    """One screening, as it is compared with others.

    Attributes:
        rulebook: the rulebook's id.
        version: its version.
        rulebook_hash: of all of it that counts.
        cases_hash: of all that the records say.
        rules: the criteria by id, in the rulebook's order.
        cases: who manages each case that was screened; "" where the record does not say.
        closed: the cases among them that are closed.
        rejected: the ids of the records that could not be used, where they are known.
        rejected_unnamed: how many more could not be used.
        findings: those that can be known again in another run.
        numbered: how often each outcome occurs for a case and a criterion, in rows that have no key of their own.
        pseudonyms: the fingerprint of the key by which names were replaced; "" where they stand as they are.
        sample: the hash of the sample that was screened, "" in a copy with pseudonyms; None where all cases were.
    """

    as_of: date
    rulebook: str
    version: str = ""
    rulebook_hash: str = ""
    cases_hash: str = ""
    rules: Mapping[str, RunRule]
    cases: Mapping[str, str]
    closed: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    rejected_unnamed: int = 0
    findings: Mapping[FindingKey, RunFinding]
    numbered: Mapping[tuple[str, str], Tally] = Factory(dict)
    pseudonyms: str = ""
    sample: str | None = None

    @property
    def records_rejected(self) -> int:
        """How many could not be used, as far as each is of another case."""
        return len(self.rejected) + self.rejected_unnamed


@frozen
class Past:
    """What was open in the runs before the two that are compared.

    Attributes:
        days: of the runs, the earliest first.
        open_in: of what was open in some of them, in which: 1 for the first, and twice as much for each after it.
    """

    days: tuple[date, ...] = ()
    open_in: Mapping[FindingKey, int] = Factory(dict)

    def since(self, key: FindingKey) -> date | None:
        """The day of the first of the last runs, one after another, in which it was open; None if not in the last."""
        open_in, first = self.open_in.get(key, 0), None
        for place in range(len(self.days) - 1, -1, -1):
            if not open_in >> place & 1:
                break
            first = self.days[place]
        return first


@frozen(kw_only=True)
class Change:
    """What became of one finding; also where it stayed as it was, as long as it is open or awaits an answer.

    Attributes:
        criterion: the id that it has now.
        trend: of what is still open; else None.
        since: of what is still open, the day of the first of the runs, one after another, in which it was.
        owner: whose it is, or was.
        rule_changed: whether the criterion is decided otherwise than before.
        closed: whether the case is closed.
    """

    case: str
    criterion: str
    item: str
    kind: ChangeKind
    before: State
    after: State
    severity: Severity
    owner: str = ""
    due: date | None = None
    trend: Trend | None = None
    since: date | None = None
    rule_changed: bool = False
    closed: bool = False

    @property
    def was_open(self) -> bool:
        """Whether somebody had something to put right."""
        return self.before in OPEN

    @property
    def is_open(self) -> bool:
        """Whether somebody has something to put right."""
        return self.after in OPEN

    @property
    def is_failing(self) -> bool:
        """Whether it is not met now, and was not so before."""
        return self.after is Outcome.NOT_MET and self.before is not Outcome.NOT_MET

    @property
    def is_worse(self) -> bool:
        """Whether it was open before, and is worse now."""
        return self.trend is Trend.WORSE

    @property
    def is_difference(self) -> bool:
        """Whether anything is otherwise than before."""
        return self.before is not self.after or self.trend not in (None, Trend.SAME)


@frozen
class RuleChange:
    """A criterion that is not as it was.

    Attributes:
        id: what it is called now, or was, if it is gone.
        renamed_from: what it was called in the earlier run; "" where it was called so then too, or is new.
        how: "added", "removed", "changed" or "renamed", in that order where several would do.
    """

    id: str
    how: str
    renamed_from: str = ""


@frozen
class NumberedRows:
    """The rows without a key of one case and criterion: nobody can tell which is which, but how many there are."""

    case: str
    criterion: str
    before: Tally
    after: Tally

    @property
    def is_difference(self) -> bool:
        """Whether the numbers are others."""
        return any(self.before.get(outcome, 0) != self.after.get(outcome, 0) for outcome in Outcome)


@frozen(kw_only=True)
class Comparison:
    """What changed from one run to a later one.

    Attributes:
        changes: newly failing ones first, then by kind, gravest first. Every finding is in it but those that count as
            quiet.
        quiet_before: how many findings of the earlier run there is nothing to tell of, by outcome.
        quiet_after: the same of the later one.
        numbered: rows without a key, of which only numbers can be compared.
        new_cases: those that were not screened before.
        left_cases: those that were screened before, and that there is no record of now.
        rejected_cases: those that were screened before, and whose records cannot be used now.
        rules: the criteria that are not as they were.
        knows_past: whether runs before the earlier one are known, without which nothing counts as reopened.
    """

    old: ScreeningRun
    new: ScreeningRun
    changes: tuple[Change, ...]
    quiet_before: Tally
    quiet_after: Tally
    numbered: tuple[NumberedRows, ...]
    new_cases: tuple[str, ...]
    left_cases: tuple[str, ...]
    rejected_cases: tuple[str, ...]
    rules: tuple[RuleChange, ...]
    knows_past: bool

    @property
    def differs(self) -> bool:
        """Whether anything changed: a finding, a case, or a rule."""
        return bool(
            any(change.is_difference for change in self.changes)
            or any(rows.is_difference for rows in self.numbered)
            or self.new_cases
            or self.left_cases
            or self.rejected_cases
            or (self.old.rejected, self.old.rejected_unnamed) != (self.new.rejected, self.new.rejected_unnamed)
            or self.rules
        )

    @property
    def in_both(self) -> bool:
        """Whether a case is in both, or one of them has none; else they may be of other cases altogether."""
        cases, before = self.new.cases.keys(), self.old.cases.keys()
        return not (cases and before) or not cases.isdisjoint(before)

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """The changes of a kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def before(self) -> Tally:
        """How many findings had each outcome."""
        rows = (one.before for one in self.numbered)
        return _together([change.before for change in self.changes], self.quiet_before, *rows)

    @property
    def after(self) -> Tally:
        """How many findings have each outcome."""
        rows = (one.after for one in self.numbered)
        return _together([change.after for change in self.changes], self.quiet_after, *rows)


def open_in(tally: Tally) -> int:
    """How many of them are open."""
    return sum(tally.get(outcome, 0) for outcome in OPEN)


def _together(states: list[State], *tallies: Tally) -> Tally:
    return {
        outcome: sum(state is outcome for state in states) + sum(tally.get(outcome, 0) for tally in tallies)
        for outcome in Outcome
    }
