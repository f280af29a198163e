"""What one run found, and the proof of it: findings, rates and conclusions, with all that is needed to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from attrs import frozen

from casescreen.model.calendar import Duration
from casescreen.model.condition import Condition, Truth
from casescreen.model.dictionary import Field, Value
from casescreen.model.outcome import Outcome, Standing
from casescreen.model.problem import Problem
from casescreen.model.rulebook import ConclusionKind, Parameter, Rulebook, Scope, Severity


@frozen
class Reading:
    """A value that a condition read from the record.

    Attributes:
        field: what was read.
        value: what it said, or None if the record does not say.
    """

    field: Field
    value: Value | None


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


@frozen
class Finding:
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
    """

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


@frozen
class Rate:
    """k of n for one criterion over a group of cases, with every other outcome beside it."""

    criterion: str
    counts: Mapping[Outcome, int]
    band: str

    @property
    def met(self) -> int:
        """k: how many were met."""
        return self.counts[Outcome.MET]

    @property
    def of(self) -> int:
        """n: how many were met or not met."""
        return self.counts[Outcome.MET] + self.counts[Outcome.NOT_MET]


@frozen
class Conclusion:
    """A statement that holds, and what it rests on.

    Attributes:
        id: the rule's id.
        on: what it is about.
        subject: the case's id, the manager or the team; "" for the sample.
        because: each premise that held, in words, with its figures.
        findings: the findings it rests on, as (case, criterion, item).
        rates: the criteria whose rates it rests on.
    """

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
class Screening:
    """One run.

    Attributes:
        findings: in order of case, then of the rulebook's criteria, then of the record's rows.
        rates: over all cases, in the rulebook's order.
        by_manager: the same over the cases of each manager, by name; "" where none is named.
        by_team: the same for teams.
        conclusions: on the sample, then managers, teams and cases.
        engine: what drew the inferences, in words.
        left_out: how many records were left out, because they could not be read or screened.
        problems: what is wrong with those that could be read and not screened.
        quoting: how much of the text of the records its reasons and values quote.
    """

    as_of: date
    rulebook: Rulebook
    cases_hash: str
    case_ids: tuple[str, ...]
    managers: Mapping[str, str]
    teams: Mapping[str, str]
    findings: tuple[Finding, ...]
    rates: tuple[Rate, ...]
    by_manager: Mapping[str, tuple[Rate, ...]]
    by_team: Mapping[str, tuple[Rate, ...]]
    conclusions: tuple[Conclusion, ...]
    engine: str
    left_out: int = 0
    problems: tuple[Problem, ...] = ()
    quoting: Quoting = Quoting.REFERENCES
