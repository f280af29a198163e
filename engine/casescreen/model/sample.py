"""A sample: the plan it was drawn by, every ticket, who was not eligible and why, and what was replaced since."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from hashlib import sha256

from attrs import field, frozen

from casescreen.model.rulebook import Status

SAMPLE_FORMAT = "casescreen-sample/1"
"""What the file of a sample says of its shape."""

LIST_FORMAT = "casescreen-sample-list/1"
"""The same of a list that is committed to before the seed is known."""

NOT_RECORDED = "not recorded"
"""The stratum of the cases whose record does not say which they are of."""

CANNOT_TELL = "The record does not tell"
"""What is said of cases that are not known to be eligible, nor not to be."""

MOST_REPLACED = 10
"""Of how many drawn cases in a hundred others may take the place before a warning is due."""

MOST_DRAWN = 100_000
"""How many cases a plan can ask for."""

_SHORT, _GROUP = 32, 4
_WHOLE, _FIGURES = 100, 7
_SHARE = re.compile(r"([0-9]{1,3}) ?%(?:, at least ([0-9]{1,6}))?", re.ASCII)


def ticket_of(seed: str, stratum: str, case: str) -> str:
    """The ticket of a case: SHA-256 of seed, stratum and id, a line feed between them. The smallest is drawn first.

    Each is taken as Unicode has it composed (NFC), as UTF-8. Nothing else enters, so another case changes none.

    Example:
        >>> ticket_of("20260501-417", "referral order", "case-001")[:16]
        'a57fc75089e10462'
    """
    text = unicodedata.normalize("NFC", f"{seed}\n{stratum}\n{case}")
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def short_code(digest: str) -> str:
    """A digest as it is written into minutes: half of it, four characters at a time."""
    return " ".join(digest[at : at + _GROUP] for at in range(0, min(len(digest), _SHORT), _GROUP))


@frozen
class SampleSize:
    """How many cases are drawn.

    Attributes:
        number: so many; 0 where the size is a share.
        percent: so many in a hundred of the eligible cases, rounded up; 0 where it is a number.
        at_least: of a share, no fewer than these.
    """

    number: int = 0
    percent: int = 0
    at_least: int = 0

    def of(self, eligible: int) -> int:
        """How many that is, never more than there are."""
        wanted = self.number or max(-(-eligible * self.percent // 100), self.at_least)
        return min(wanted, eligible)

    @classmethod
    def read(cls, raw: object) -> SampleSize | None:
        """The size that is written as 20, or as "20 %, at least 20"; None where it is neither."""
        if isinstance(raw, str) and raw.isdecimal() and len(raw) < _FIGURES:
            raw = int(raw)
        if isinstance(raw, int) and not isinstance(raw, bool):
            return cls(raw) if 1 <= raw <= MOST_DRAWN else None
        share = _SHARE.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if share is None or not 1 <= int(share[1]) <= _WHOLE or int(share[2] or 0) > MOST_DRAWN:
            return None
        return cls(percent=int(share[1]), at_least=int(share[2] or 0))

    def __str__(self) -> str:
        if self.number:
            return str(self.number)
        return f"{self.percent} %" + (f", at least {self.at_least}" if self.at_least else "")


@frozen
class PlanParameter:
    """A number or a day that the plan names, as it stood when the sample was drawn.

    Attributes:
        value: in words, as reports print it.
        source: whose it is.
    """

    name: str
    label: str
    value: str
    status: Status
    source: str


@frozen
class EligibilityRule:
    """What a case has to be to be eligible.

    Attributes:
        id: what exclusions name it by.
        says: what is so of an eligible case.
        reason: what is said of a case of which it is not so.
    """

    id: str
    says: str
    reason: str


@frozen
class MustInclude:
    """A case that is read whatever the lot says, and why. It enters no rate, unless the lot falls on it too."""

    case: str
    reason: str


@frozen
class SamplePlan:
    """Who is eligible, how many are drawn, and how.

    Attributes:
        title: what the sample is called.
        as_of: the day as at which it is decided who is eligible.
        size: how many are drawn.
        strata: the full name of the field whose values are the strata; "" where there is one stratum of all.
        reserves: how many stand ready beside them.
        includes_unknown: whether a case is eligible of which the record does not tell.
        rules: what an eligible case is.
        parameters: the numbers and days that those name.
        must_include: cases that are read in any case.
        hash: SHA-256 of all that the plan says, in hexadecimal.
        taken_on: the day on which the records were taken, after which nothing can have happened; None for any.
    """

    title: str
    as_of: date
    size: SampleSize
    strata: str
    reserves: int
    includes_unknown: bool
    rules: tuple[EligibilityRule, ...]
    parameters: tuple[PlanParameter, ...]
    must_include: tuple[MustInclude, ...]
    hash: str
    taken_on: date | None = None


@frozen
class Exclusion:
    """A case that is not eligible.

    Attributes:
        rules: the ids of the rules that are not so of it, or of which it cannot be told.
        unknown: whether none is known not to be so, and of those named it cannot be told.
        missing: where it cannot be told, the full names of what the record does not say.
    """

    case: str
    rules: tuple[str, ...]
    unknown: bool = False
    missing: tuple[str, ...] = ()


def _by_id(each: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    return tuple(sorted(each, key=lambda one: one.case))


@frozen
class Population:
    """Who can be drawn, and who cannot.

    Attributes:
        eligible: the ids of the eligible cases of each stratum, in order; the strata too.
        excluded: who is not eligible, in order of id.
        admitted: those of the eligible of which the record does not tell that they are, in order of id.
        cases_hash: that of the cases; "" where they were too many to be read one by one.
    """

    eligible: Mapping[str, tuple[str, ...]]
    excluded: tuple[Exclusion, ...]
    admitted: tuple[Exclusion, ...] = ()
    cases_hash: str = ""

    @classmethod
    def of(
        cls,
        eligible: Mapping[str, Iterable[str]],
        excluded: Iterable[Exclusion],
        admitted: Iterable[Exclusion],
        cases_hash: str = "",
    ) -> Population:
        """The same, put in order."""
        in_order = {name: tuple(sorted(cases)) for name, cases in sorted(eligible.items())}
        return cls(in_order, _by_id(excluded), _by_id(admitted), cases_hash)

    @property
    def size(self) -> int:
        """How many are eligible."""
        return sum(map(len, self.eligible.values()))


@frozen
class SampleStratum:
    """The eligible cases of one value, in order of ticket.

    Attributes:
        name: the value; "" where there is one stratum of all.
        drawn: how many of the first were drawn.
        reserves: how many after those stand ready.
        tickets: the ticket and the id of every case.
    """

    name: str
    drawn: int
    reserves: int
    tickets: tuple[tuple[str, str], ...] = field(repr=False)


@frozen
class SampleReplacement:
    """That another case is read in the place of one that was drawn.

    Attributes:
        case: the one that is not read.
        by_case: the one that is.
        reason: why.
        by: who decided.
        on: when.
    """

    case: str
    by_case: str
    reason: str
    by: str
    on: date


class DrawnAs(Enum):
    """How a case came into a sample."""

    LOT = "drawn"
    REPLACEMENT = "replacement"
    MUST_INCLUDE = "must include"


@frozen
class DrawnCase:
    """A case that is to be read.

    Attributes:
        id: the case's id.
        stratum: the stratum it was drawn from; "" where there is but one, or it was not drawn.
        ticket: its ticket; "" where it was not drawn.
        drawn_as: how it came into the sample.
        replaces: the case in whose place it is read; "" for none.
        reason: why it is a replacement, or must be included; else "".
    """

    id: str
    stratum: str
    ticket: str
    drawn_as: DrawnAs
    replaces: str = ""
    reason: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counts in rates."""
        return self.drawn_as is not DrawnAs.MUST_INCLUDE


@frozen(slots=False)
class SampleRecord:
    """A sample that was drawn, with all that is needed to draw it again.

    Attributes:
        plan: the plan.
        rulebook: the id, version and hash of the rules whose words the plan is in.
        cases_hash: that of the cases; "" where they were too many to be read one by one.
        seed: what the tickets are made with.
        committed: the digest of the list that was committed to before the seed was known; "" where none was.
        strata: in order of name, with every ticket.
        excluded: who is not eligible, in order of id.
        admitted: the eligible cases of which the record does not tell that they are, where the plan includes those.
        replacements: in the order in which they were decided. None is ever taken out.
        hash: SHA-256 of the content of its file, in hexadecimal.
    """

    plan: SamplePlan
    rulebook: tuple[str, str, str]
    cases_hash: str
    seed: str
    committed: str
    strata: tuple[SampleStratum, ...]
    excluded: tuple[Exclusion, ...]
    admitted: tuple[Exclusion, ...] = ()
    replacements: tuple[SampleReplacement, ...] = ()
    hash: str = ""

    @property
    def eligible(self) -> int:
        """N: how many cases it was drawn from."""
        return sum(len(one.tickets) for one in self.strata)

    @property
    def size(self) -> int:
        """n: how many were drawn."""
        return sum(one.drawn for one in self.strata)

    @property
    def list_hash(self) -> str:
        """The digest of the plan and of the list that it was drawn from, as it is committed to."""
        return list_hash(self.plan.hash, ((one.name, (case for _, case in one.tickets)) for one in self.strata))

    @cached_property
    def drawn(self) -> tuple[DrawnCase, ...]:
        """The cases to read: by stratum and ticket, each replacement in its place; then those that must be included."""
        by_lot = tuple(
            DrawnCase(case, one.name, ticket, DrawnAs.LOT)
            for one in self.strata
            for ticket, case in one.tickets[: one.drawn]
        )
        tickets = self._tickets if self.replacements else {}
        places = {one.id: one for one in by_lot}
        first_of = {case: case for case in places}
        for change in self.replacements:
            at = first_of[change.by_case] = first_of.pop(change.case)
            stratum, ticket = tickets[change.by_case]
            places[at] = DrawnCase(
                change.by_case, stratum, ticket, DrawnAs.REPLACEMENT, replaces=change.case, reason=change.reason
            )
        drawn = tuple(places.values())
        already = {one.id for one in drawn}
        named = (one for one in self.plan.must_include if one.case not in already)
        return (*drawn, *(DrawnCase(one.case, "", "", DrawnAs.MUST_INCLUDE, reason=one.reason) for one in named))

    @cached_property
    def _tickets(self) -> Mapping[str, tuple[str, str]]:
        return {case: (one.name, ticket) for one in self.strata for ticket, case in one.tickets}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the cases to read, in that order."""
        return tuple(one.id for one in self.drawn)

    @property
    def counting(self) -> frozenset[str]:
        """The ids of those that count in rates."""
        return frozenset(one.id for one in self.drawn if one.counts)

    @property
    def too_many_replaced(self) -> bool:
        """Whether so many were replaced that the sample is no longer what the lot made of it."""
        return len(self.replacements) * 100 > self.size * MOST_REPLACED

    def waiting(self, stratum: str) -> tuple[str, ...]:
        """The cases of a stratum that can still take a place, the next first: the reserves, then the rest."""
        used = {one.by_case for one in self.replacements}
        of = next(one for one in self.strata if one.name == stratum)
        return tuple(case for _, case in of.tickets[of.drawn :] if case not in used)


def list_hash(plan_hash: str, strata: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The digest of a plan and of the eligible cases of each stratum, in whatever order they come."""
    digest = sha256(plan_hash.encode())
    for name, cases in sorted((name, sorted(cases)) for name, cases in strata):
        digest.update(f"\n\n{name}".encode("utf-8", "surrogatepass"))
        for case in cases:
            digest.update(f"\n{case}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
