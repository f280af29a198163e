"""What one run found, and the proof of it: findings, rates and conclusions, with all that is needed to do it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Self

from attrs import Factory, frozen

from casescreen.model.calendar import Duration
from casescreen.model.case import Rejected, Unreadable
from casescreen.model.condition import Condition, Truth
from casescreen.model.dictionary import Field, Value
from casescreen.model.outcome import Outcome, Standing
from casescreen.model.problem import Problem
from casescreen.model.rulebook import ConclusionKind, ConclusionRule, Parameter, Rulebook, Scope, Severity

if TYPE_CHECKING:
    from casescreen.model.answer_set import AnswersUsed
    from casescreen.model.change import Comparison
    from casescreen.model.sample_figures import ScreenedSample
    from casescreen.model.sign_off import SignedRun
    from casescreen.model.split import Split
    from casescreen.model.waiver import Accepted

FINDINGS_FORMAT = "casescreen/1"
"""What a screening in full that is written as JSON says of its shape: who writes it and who reads it go by it."""


class IssueKind(Enum):
    """What sort of issue it is, in the order in which reports tell them.

    UNREADABLE: something stands there that cannot be read, and is not known.
    IMPOSSIBLE: it cannot be, so it is not believed, and is not known.
    UNUSUAL: it is believed, and is to be looked at.
    LEFT_ASIDE: it was read, and counts for nothing.
    """

    UNREADABLE = "cannot be read"
    IMPOSSIBLE = "not believed"
    UNUSUAL = "unusual"
    LEFT_ASIDE = "left aside"


@frozen
class DataIssue:
    """One issue of one case.

    Attributes:
        case: the case's id.
        severity: the highest of a criterion that reads what is not known for it, low if none does; None where the
            issue leaves nothing unknown.
        problem: what it is, where, why it matters and what to do.
        check: the id of the check that holds; "" where none was needed to see it.
    """

    case: str
    kind: IssueKind
    severity: Severity | None
    problem: Problem
    check: str = ""


@frozen
class IssueCount:
    """How often an issue occurs, where no case is listed.

    Attributes:
        where: the full name of a field or table, or the id of a check.
        what: what it is, in words.
        severity: as of a ``DataIssue``.
    """

    kind: IssueKind
    where: str
    what: str
    severity: Severity | None
    number: int


@frozen
class Reading:
    """A value that a condition read from the record.

    Attributes:
        field: what was read.
        value: what it said, or None if the record does not say.
        unreadable: what stands there, where it cannot be read or is not believed.
    """

    field: Field
    value: Value | None
    unreadable: Unreadable | None = None


@frozen(slots=False)  # the quicker to make, and one is made for every test of a record
class Proof:
    """One condition, what it came to, and the proofs of its parts.

    Attributes:
        condition: what was asked.
        truth: what it came to.
        readings: the values that this condition itself read; those of its parts are theirs.
        expected: the value, values or limit on the other side, once parameters are filled in; None if not known.
        parameter: the parameter that supplied it, or None.
        parts: the proofs of its parts. Over rows: one proof a row.
        row: the name of the row that this is about, or "".
        where: for a row, the proof that it was chosen, or None.
        absent: over rows, that the table is not in the record at all; for the coverage of a row, the other table.
        unreadable: what stands in place of the table, where it cannot be read.
        early: of elapsed time, how long before its start counts as well, as ``expected`` is; None if any time does.
        early_parameter: the parameter that supplied it, or None.
    """

    condition: Condition
    truth: Truth
    readings: tuple[Reading, ...] = ()
    expected: Value | tuple[Value, ...] | Duration | None = None
    parameter: Parameter | None = None
    parts: tuple[Proof, ...] = ()
    row: str = ""
    where: Proof | None = None
    absent: bool = False
    unreadable: Unreadable | None = None
    early: Value | tuple[Value, ...] | Duration | None = None
    early_parameter: Parameter | None = None


class Quoting(Enum):
    """How much of the text of a record a screening quotes. Dates, numbers and words of a list are no text.

    NOTHING: none at all, so rows are called by their number.
    REFERENCES: what names a case, whoever owns findings, a team, or a row by its key.
    EVERYTHING: notes, readers' reasons and descriptions too.
    """

    NOTHING = "nothing"
    REFERENCES = "references"
    EVERYTHING = "everything"


@frozen
class RaisedFlag:
    """A flag that was raised on a case.

    Attributes:
        challenges: whether it speaks against the reader's yes, rather than only informing.
    """

    id: str
    says: str
    challenges: bool


class _MadeWhenRead:
    """A value of which some attributes can be made when one of them is first read, and are kept from then on.

    Nobody can tell: to read, compare, print, copy or evolve it makes them first. Few findings are ever read in full.
    """

    __slots__ = ("_make",)
    _LATER: ClassVar[tuple[str, ...]]

    def made_by(self, make: Callable[[Self], tuple[object, ...]]) -> Self:
        """The same, with what it leaves for later made by ``make``, in the order in which the class lists it."""
        for name in self._LATER:
            object.__delattr__(self, name)
        object.__setattr__(self, "_make", make)
        return self

    if not TYPE_CHECKING:  # else every name would be taken for an attribute

        def __getattr__(self, name: str) -> object:
            if name not in self._LATER:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            for one, value in zip(self._LATER, self._make(self), strict=True):
                object.__setattr__(self, one, value)
            object.__delattr__(self, "_make")  # what it was made of is no longer needed
            return object.__getattribute__(self, name)


@frozen
class Finding(_MadeWhenRead):
    """What one criterion came to for one case, or for one row of it.

    Attributes:
        case: the case's id.
        criterion: the criterion's id.
        item: the key of the row that it is about, or "".
        standing: all that the outcome was decided on.
        reason: why, in words.
        values: what was read to decide it.
        flags: facts beside a judgement.
        reader: what a reader said that the facts contradict, in words; else "".
        due: the deadline, if there is one and it could be worked out.
        owner: who owns it, as the record names them; else "".
        severity: the criterion's.
        remedy: what would put it right; empty where there is nothing to do.
        days_late: of what is not met, how many days the latest date that decided it lies after its last day; else 0.
        shortfall: what the rulebook says of what is not met; "" where it says nothing, or it is not so.
        answer_source: where a reader's answer is known from; "" where there is none, or it does not say.
        missing: of what is not evidenced, the full names of the fields, columns and tables that it waits for.
        numbered: whether the row has no key of its own, so that ``item`` counts it among the rows of its record.
    """

    _LATER: ClassVar[tuple[str, ...]] = ("reason", "values", "days_late", "shortfall", "missing")

    case: str
    criterion: str
    item: str
    outcome: Outcome
    standing: Standing
    reason: str
    values: tuple[Reading, ...]
    flags: tuple[RaisedFlag, ...]
    reader: str
    due: date | None
    owner: str
    severity: Severity
    remedy: str
    days_late: int = 0
    shortfall: str = ""
    answer_source: str = ""
    missing: tuple[str, ...] = ()
    numbered: bool = False


class Suppressed(Enum):
    """Why a count is not shown.

    FEW: it is from 1 to one less than the threshold.
    WITHHELD: it reaches the threshold, and would give away one that is few.
    ROW: it goes with others that are withheld too; any of them can be few, or none, or reach the threshold.
    """

    FEW = "few"
    WITHHELD = "withheld"
    ROW = "row"


Count = int | Suppressed


def number(count: Count) -> int:
    """A count that is not suppressed, as a number."""
    assert isinstance(count, int)
    return count


@frozen
class Rate:
    """k of n for one criterion over a group of cases, with every other outcome beside it.

    Attributes:
        counts: how many have each outcome; in a suppressed copy of cases, and some are not shown: those of a group are
            of what is met and not met only.
        band: the band that the rate falls in; "" in a suppressed copy.
        cases_known: how many cases are behind what is met and not met: where rows are asked, a case counts once.
            0 in a suppressed copy.
        cases_asked: the same, with those of which that is not evidenced, or needs judgement. 0 in a suppressed copy.
    """

    criterion: str
    counts: Mapping[Outcome, Count]
    band: str
    cases_known: int = 0
    cases_asked: int = 0

    @property
    def shown(self) -> tuple[int, int] | None:
        """K of n, where both can be shown."""
        met, not_met = self.counts[Outcome.MET], self.counts[Outcome.NOT_MET]
        return (met, met + not_met) if isinstance(met, int) and isinstance(not_met, int) else None

    @property
    def findings(self) -> int:
        """How many findings it counts. Only of what is not suppressed."""
        return sum(self.count(outcome) for outcome in self.counts)

    def count(self, outcome: Outcome) -> int:
        """How many have the outcome. Only of what is not suppressed."""
        return number(self.counts[outcome])

    @property
    def met(self) -> int:
        """k: how many were met. Only of what is not suppressed."""
        return self.count(Outcome.MET)

    @property
    def of(self) -> int:
        """n: how many were met or not met. Only of what is not suppressed."""
        return self.count(Outcome.MET) + self.count(Outcome.NOT_MET)


@frozen
class Conclusion(_MadeWhenRead):
    """A statement that holds, and what it rests on.

    Attributes:
        id: the rule's id.
        on: what it is about.
        subject: the case's id, the manager or the team; "" for the sample.
        because: each premise that held, in words, with its figures.
        findings: the findings it rests on, as (case, criterion, item).
        rates: the criteria whose rates it rests on.
    """

    _LATER: ClassVar[tuple[str, ...]] = ("because", "findings", "rates")

    id: str
    on: Scope
    subject: str
    kind: ConclusionKind
    says: str
    severity: Severity
    remedy: str
    note: str
    because: tuple[str, ...]
    findings: tuple[tuple[str, str, str], ...] = ()
    rates: tuple[str, ...] = ()


@frozen
class ConclusionCount:
    """Of how many cases a conclusion on a single case holds.

    Attributes:
        rule: the conclusion.
        cases: of how many in all.
        by_manager: of how many of the cases of each manager, by name; "" where none is named.
        by_team: the same for teams.
    """

    rule: ConclusionRule
    cases: int
    by_manager: Mapping[str, int]
    by_team: Mapping[str, int]


class CaseState(Enum):
    """How a case stands, whatever the criterion. In a suppressed copy the first two can be told together only."""

    ACT_NOW = "act now"
    ATTENTION = "needs attention"
    ACT_OR_ATTENTION = "act now, or needs attention"
    NOTHING = "no failure shown"


@frozen(kw_only=True)
class Summary:
    """What one run found, without the single findings: whether cases are listed, are too many, or are not to be named.

    Attributes:
        engine: what drew the inferences, in words.
        cases: how many were screened.
        left_out: how many records were left out, because they could not be read or screened.
        rates: over all cases, in the rulebook's order.
        by_manager: the same over the cases of each manager, by name; "" where none is named. There is nothing here if
            the dictionary does not have the field.
        by_team: the same for teams.
        manager_sizes: how many cases each manager has, by name.
        team_sizes: the same for teams.
        conclusions: on the sample, then managers, teams and cases.
        cases_hash: over all that the records say; "" where they were not held all at once, or it would give them away.
        quoting: how much of the text of the records the reasons and values quote.
        on_cases: how often each conclusion on a single case holds, in the rulebook's order; where no case is listed.
        orphans: how many rows belong to no case, and count for none; where no case is listed.
        rejected: the first of what was left out, and why.
        not_begun: how many cases had not begun by the as-of date, and were set apart.
        later: how many dates, rows and answers in the records are of days after the as-of date, and do not count.
        issue_counts: what is wrong or unusual in the data; where no case is listed.
        assumed: what was taken for granted where the tables were read, in words.
        examples: how many records were passed over because they only show how one is written.
        suppressed_under: no count from 1 up to one less is in it; 0 where every count is shown.
        states: how many cases stand how; in a suppressed copy, where that can be told.
        closed: how many of the cases are closed: they count in rates, and nothing is to be done in them. None in a
            suppressed copy.
        changes: what changed since an earlier run, where one was named; None in a copy of which that is not known.
        drawn: the sample that it is of; None where all cases were screened that there were.
        answers_used: whose answers took the place of those in the records; None where they stand as they are.
        split: the figures of each group of one characteristic beside those of everyone else, where that was asked for.
    """

    as_of: date
    rulebook: Rulebook
    engine: str
    cases: Count
    left_out: Count = 0
    rates: tuple[Rate, ...]
    by_manager: Mapping[str, tuple[Rate, ...]]
    by_team: Mapping[str, tuple[Rate, ...]]
    manager_sizes: Mapping[str, Count]
    team_sizes: Mapping[str, Count]
    conclusions: tuple[Conclusion, ...]
    cases_hash: str = ""
    quoting: Quoting = Quoting.REFERENCES
    on_cases: tuple[ConclusionCount, ...] = ()
    orphans: int = 0
    not_begun: Count = 0
    later: int = 0
    issue_counts: tuple[IssueCount, ...] = ()
    assumed: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    examples: int = 0
    suppressed_under: int = 0
    states: Mapping[CaseState, Count] = Factory(dict)
    closed: int = 0
    changes: Comparison | None = None
    drawn: ScreenedSample | None = None
    answers_used: AnswersUsed | None = None
    split: Split | None = None


@frozen(kw_only=True)
class Screening(Summary):
    """One run with all that it found.

    Attributes:
        case_ids: the cases that were screened.
        managers: who manages each case, by its id; "" where the record does not say.
        teams: the same for teams.
        findings: in order of case, then of the rulebook's criteria, then of the record's rows.
        issues: what is wrong or unusual in the data of the cases.
        cases_not_begun: the ids of the cases that had not begun by the as-of date.
        began: when each case began, by its id; of those whose record says so.
        closed_cases: the ids of the cases that are closed.
        sample: how many cases have each value of the fields by which a letter describes them, by field; "" is none.
        characteristics: of each field that is a characteristic, the group of each case by its id; "" is not recorded.
        pseudonyms: the fingerprint of the key by which names were replaced; "" where they stand as they are.
        accepted: what of it somebody accepts, by the waivers that were named; None where none were.
        signed: who signed what, and whether this run is that; None where no file of statements was named.
    """

    cases: int
    left_out: int = 0
    case_ids: tuple[str, ...]
    managers: Mapping[str, str]
    teams: Mapping[str, str]
    findings: tuple[Finding, ...]
    issues: tuple[DataIssue, ...] = ()
    cases_not_begun: tuple[str, ...] = ()
    began: Mapping[str, date] = Factory(dict)
    closed_cases: tuple[str, ...] = ()
    sample: Mapping[str, Mapping[str, int]] = Factory(dict)
    characteristics: Mapping[str, Mapping[str, str]] = Factory(dict)
    pseudonyms: str = ""
    accepted: Accepted | None = None
    signed: SignedRun | None = None

    def accepted_until(self, about: Finding | Conclusion) -> date | None:
        """Until when a finding is accepted, or every finding that a conclusion rests on; None where one is not."""
        if self.accepted is None:
            return None
        keys = about.findings if isinstance(about, Conclusion) else [(about.case, about.criterion, about.item)]
        return self.accepted.until_of_all(keys)

    @property
    def lost(self) -> list[Problem]:
        """What is not known in the records, or counts for nothing in them."""
        return sorted(issue.problem for issue in self.issues if issue.kind is not IssueKind.UNUSUAL)
