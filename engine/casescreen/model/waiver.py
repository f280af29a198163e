"""Waivers: who accepts what of the findings, why and until when; and how each stands beside what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum

from attrs import frozen

from casescreen.model.change import FindingKey
from casescreen.model.outcome import Outcome

ACCEPTABLE = (Outcome.NOT_MET, Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)
"""The outcomes that somebody can accept: with any other, nothing is to be done."""

SETTLED = (Outcome.MET, Outcome.NOT_APPLICABLE)
"""The outcomes of what nobody has to accept any more."""

DAYS_BEFORE_END = 14
"""So many days before its last one, it is said that a waiver ends."""

USUAL_MONTHS = 6
"""So many months after the day on which it was given, a waiver ends at the latest, unless a profile says otherwise."""


@frozen
class Waiver:
    """A named person's reason why a finding is accepted until a day. It changes no outcome, no rate and no conclusion.

    Attributes:
        case: the case's id.
        criterion: the id that the criterion has now.
        item: the key of the row; "" where the criterion is asked of the case.
        accepts: the outcome that is accepted; with another one, the waiver is void.
        reason: why, in words.
        by: who accepts it.
        role: as what.
        on: the day on which it was given.
        begins: the first day on which it counts.
        until: the last.
        evidence: where what it rests on can be seen; "" where nobody says.
        rule: the hash of the criterion when it was given; "" where that is not known.
        file: the file that it stands in.
        line: the line of that file at which it begins.
    """

    case: str
    criterion: str
    item: str
    accepts: Outcome
    reason: str
    by: str
    role: str
    on: date
    begins: date
    until: date
    evidence: str = ""
    rule: str = ""
    file: str = ""
    line: int = 0

    @property
    def finding(self) -> FindingKey:
        """What it is about."""
        return self.case, self.criterion, self.item


class WaiverState(Enum):
    """How a waiver stands, in the order in which it is told. The last two count, and no other."""

    EXPIRED = "expired"
    VOID = "void"
    NOT_NEEDED = "no longer needed"
    CASE_NOT_THERE = "case not there"
    ROW_NOT_THERE = "row not there"
    NOT_ASKED = "criterion not asked"
    NOT_STARTED = "not started"
    ENDING = "ends soon"
    ACTIVE = "active"


IN_FORCE = (WaiverState.ENDING, WaiverState.ACTIVE)
"""The states in which a waiver counts."""

TO_MEND = (WaiverState.EXPIRED, WaiverState.VOID, WaiverState.NOT_NEEDED)
"""The states of waivers that somebody has to renew, to look at again, or to take out."""


@frozen
class WaiverStanding:
    """A waiver, and how it stands.

    Attributes:
        why: what there is to know of that, as a clause; "" where the state says it all.
        rule_changed: of one that counts, whether the criterion is decided otherwise than when it was given.
    """

    waiver: Waiver
    state: WaiverState
    why: str = ""
    rule_changed: bool = False

    @property
    def in_force(self) -> bool:
        """Whether it counts."""
        return self.state in IN_FORCE


@frozen
class Accepted:
    """What of the findings is accepted, and how every waiver stands.

    Attributes:
        waivers: in the order in which they are told.
        until: the last day of each finding that is accepted.
        shows_text: whether reasons and names stand as they were written; they do not in a copy with pseudonyms.
    """

    waivers: tuple[WaiverStanding, ...]
    until: Mapping[FindingKey, date]
    shows_text: bool = True

    @property
    def counts(self) -> Mapping[tuple[str, Outcome], int]:
        """How many findings of each criterion and outcome are accepted."""
        return Counter((one.waiver.criterion, one.waiver.accepts) for one in self.waivers if one.in_force)

    def until_of_all(self, findings: Iterable[FindingKey]) -> date | None:
        """The first day on which one of them stops being accepted, less one; None unless every one of them is."""
        days = [self.until.get(one) for one in findings]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None

    def of(self, *states: WaiverState) -> tuple[WaiverStanding, ...]:
        """The waivers that stand so."""
        return tuple(one for one in self.waivers if one.state in states)
