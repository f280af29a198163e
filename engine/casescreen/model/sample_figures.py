"""What is said of a sample: of the cases that were screened, of all that it was drawn from, and in a copy to share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import Factory, frozen

from casescreen.model.sample import DrawnAs, SamplePlan
from casescreen.model.screening import Count


@frozen
class CountInterval:
    """How many of all that a sample was drawn from something can be so of.

    Attributes:
        sampled: of how many of the sample it is so.
        low: of no fewer of all.
        high: of no more of all.
    """

    sampled: int
    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"


@frozen
class ScreenedSample:
    """What a screening says of the sample that it is of.

    Attributes:
        title: what the sample is called; "" in a copy with pseudonyms, as somebody wrote it.
        rules: what was so of every eligible case; nothing in such a copy.
        unverified: the numbers of the plan that nobody could verify, in words; nothing in such a copy.
        hash: that of the sample's file; "" in such a copy, as ids could be guessed from it.
        as_of: the day as at which it was decided who is eligible.
        eligible: N: how many cases it was drawn from.
        size: n: how many were drawn.
        strata: how many strata it was drawn from.
        replaced: how many of the drawn were replaced.
        missing: the cases of the sample that were not screened, by id.
        missing_of_lot: how many of them were drawn.
        must_include: those that were screened and enter no rate, by id.
        met: in how many of all eligible cases a criterion can be met, by criterion; nothing where that cannot be said.
        not_met: the same for not met.
        no_interval: why it cannot be said; "" where it can.
    """

    title: str
    hash: str
    as_of: date
    eligible: int
    size: int
    strata: int
    replaced: int
    rules: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    missing_of_lot: int = 0
    must_include: tuple[str, ...] = ()
    met: Mapping[str, CountInterval] = Factory(dict)
    not_met: Mapping[str, CountInterval] = Factory(dict)
    no_interval: str = ""

    def drawn_as(self, case: str) -> DrawnAs:
        """How a case that was screened came into the sample, as far as rates go: drawn, or named."""
        return DrawnAs.MUST_INCLUDE if case in self.must_include else DrawnAs.LOT


@frozen
class SampleCounts:
    """What may be shared of a sample: counts, none of which is small, and no case, ticket or seed.

    Attributes:
        size: how many are drawn, as the plan says.
        drawn: how many were drawn.
        eligible: of how many.
        strata: of each stratum, how many are eligible and how many were drawn; None where that is withheld.
        not_eligible: how many are not eligible.
        reasons: of each reason, how many it kept out, each case with its first one; None where that is withheld.
        replaced: how many were replaced.
        under: no count from 1 up to one less is shown.
    """

    plan: SamplePlan
    drawn: int
    eligible: Count
    strata: tuple[tuple[str, int, int], ...] | None
    not_eligible: Count
    reasons: tuple[tuple[str, int], ...] | None
    replaced: Count
    under: int
