"""A screening of the cases of a sample: who counts in rates, and what can be said of all that it was drawn from.

The intervals are exact. Of N cases n were drawn, each n of them with the same chance, so the number of drawn cases of
which something is so is hypergeometric. A number of all of which it may be so belongs to the interval if as few, or as
many, as were seen would be seen with a chance of more than 2.5 per cent: that is Clopper and Pearson's way, for a draw
without replacement. All is reckoned in whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from math import comb
from typing import TypeVar

from attrs import evolve

from casescreen.cases.schema import hash_of
from casescreen.evaluate.split_counts import worst_of_each_case
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Scope, Status
from casescreen.model.sample import DrawnAs, SampleRecord
from casescreen.model.sample_figures import CountInterval, ScreenedSample
from casescreen.model.screening import Screening
from casescreen.review.sample_draw import own_faults

T = TypeVar("T")

_ONE_TAIL = 40
"""In each tail lies one part in forty: 2.5 per cent."""


def check_drawn(record: SampleRecord, file: str) -> None:
    """Hold that the sample is what its own seed, plan and replacements make of its list.

    Raises:
        CasescreenError: it is not.
    """
    if said := own_faults(record):
        raise CasescreenError(
            f"{file} was changed after it was drawn. {' '.join(said)}",
            why="somebody may have chosen who is read.",
            advice="casescreen sample check says what differs. Draw again with the same seed.",
        )


def of_sample(caseload: Caseload, record: SampleRecord) -> tuple[Caseload, Caseload]:
    """The cases that were drawn, and those that must be included and were not drawn."""
    lot = record.counting
    named = {one.id for one in record.drawn if one.drawn_as is DrawnAs.MUST_INCLUDE}
    drawn, beside = (tuple(case for case in caseload.cases if case.id in among) for among in (lot, named))
    return (
        evolve(caseload, cases=drawn, hash=hash_of((*drawn, *beside))),
        evolve(caseload, cases=beside, problems=(), left_out=0, examples=0, rejected=(), notices=(), assumed=()),
    )


def screened_sample(caseload: Caseload, record: SampleRecord, screen: Callable[[Caseload], Screening]) -> Screening:
    """What was found in the cases of a sample: all findings, and rates, and what rests on rates, of the drawn alone.

    Args:
        caseload: the cases, of which those are screened that are in the sample.
        record: the sample.
        screen: what screens cases.
    """
    drawn, beside = of_sample(caseload, record)
    counted = screen(drawn)
    if not beside.cases:
        return evolve(counted, drawn=_described(record, counted, ()))
    named = screen(beside)
    return evolve(_together(counted, named), drawn=_described(record, counted, named.case_ids))


def _described(record: SampleRecord, counted: Screening, named: tuple[str, ...]) -> ScreenedSample:
    """What is said of the sample.

    Args:
        record: the sample.
        counted: what was found in the drawn cases.
        named: the ids of those that were screened beside them.
    """
    screened = {*counted.case_ids}
    missing_of_lot = len(record.counting - screened)
    why = _why_none(record, whole=not missing_of_lot)
    met, not_met = ({}, {}) if why else _intervals(counted, record)
    return ScreenedSample(
        title=record.plan.title,
        hash=record.hash,
        as_of=record.plan.as_of,
        eligible=record.eligible,
        size=record.size,
        strata=len(record.strata),
        replaced=len(record.replacements),
        rules=tuple(one.says for one in record.plan.rules),
        unverified=tuple(one.label for one in record.plan.parameters if one.status is Status.UNVERIFIED),
        missing=tuple(sorted({*record.ids} - screened - {*named})),
        missing_of_lot=missing_of_lot,
        must_include=named,
        met=met,
        not_met=not_met,
        no_interval=why,
    )


def _why_none(record: SampleRecord, *, whole: bool) -> str:
    """Why nothing is said of all cases that a sample was drawn from; "" where it can be."""
    if len(record.strata) > 1:
        return "it was drawn from each stratum by itself, and the ranges are those of a draw from all alike"
    if record.replacements:
        return "drawn cases were replaced, and why a case cannot be read can go with what would be found in it"
    if not whole:
        return "some of the drawn cases were not screened, and what would be found in them is not known"
    return ""


def _intervals(counted: Screening, record: SampleRecord) -> tuple[dict[str, CountInterval], dict[str, CountInterval]]:
    """Of each criterion in how many of all eligible cases it can be met, and not met."""
    outcomes = worst_of_each_case(counted.findings)
    met: dict[str, CountInterval] = {}
    not_met: dict[str, CountInterval] = {}
    for criterion in counted.rulebook.criteria:
        tally = Counter(outcomes.get(criterion.id, {}).values())
        for of, outcome in ((met, Outcome.MET), (not_met, Outcome.NOT_MET)):
            sampled = tally[outcome]
            of[criterion.id] = CountInterval(sampled, *interval(sampled, record.size, record.eligible))
    return met, not_met


@cache
def interval(sampled: int, drawn: int, whole: int) -> tuple[int, int]:
    """Of no fewer, and of no more, of all something is so, where it is so of some that were drawn: 95 per cent.

    Args:
        sampled: of how many of the drawn it is so.
        drawn: how many were drawn.
        whole: of how many.

    Example:
        >>> interval(3, 20, 143)
        (6, 52)
    """
    # As many as the drawn show there are, and no more than leave room for the drawn of which it is not so.
    low, high = sampled, whole - drawn + sampled
    return (
        _first(low, high, lambda number: _is_likely(sampled, number, drawn, whole)),
        # As few as were seen of it are as many of the others.
        high - _first(0, high - low, lambda less: _is_likely(drawn - sampled, whole - high + less, drawn, whole)),
    )


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number of which something holds that holds of every larger one, and of the largest."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _is_likely(seen: int, number: int, drawn: int, whole: int) -> bool:
    """Whether as many as were seen, or more, are seen with a chance of more than 2.5 per cent, of so many there are."""
    if seen * whole <= number * drawn:
        return True  # no more than are to be expected: the chance is one in two at least, as the median is beside that
    term = total = comb(number, seen) * comb(whole - number, drawn - seen)
    enough = _ways(whole, drawn)
    for one in range(seen, min(drawn, number)):
        more, of = (number - one) * (drawn - one), (one + 1) * (whole - number - drawn + one + 1)
        # Each term is a smaller part of the one before it than that was of its own, so no more can follow than this.
        if total * _ONE_TAIL > enough or (total * (of - more) + term * more) * _ONE_TAIL <= enough * (of - more):
            break
        term = term * more // of
        total += term
    return total * _ONE_TAIL > enough


@cache
def _ways(whole: int, drawn: int) -> int:
    return comb(whole, drawn)


def _together(counted: Screening, named: Screening) -> Screening:
    """One screening with all cases and findings; rates, groups, and what is concluded on them, are of the first."""
    on_cases = [one for each in (counted, named) for one in each.conclusions if one.on is Scope.CASE]
    on_groups = [one for one in counted.conclusions if one.on is not Scope.CASE]
    return evolve(
        counted,
        cases=counted.cases + named.cases,
        case_ids=tuple(sorted((*counted.case_ids, *named.case_ids))),
        managers=_by_case(counted.managers, named.managers),
        teams=_by_case(counted.teams, named.teams),
        findings=tuple(sorted((*counted.findings, *named.findings), key=lambda one: one.case)),
        conclusions=(*on_groups, *sorted(on_cases, key=lambda one: one.subject)),
        issues=tuple(sorted((*counted.issues, *named.issues), key=lambda one: one.case)),
        cases_not_begun=tuple(sorted((*counted.cases_not_begun, *named.cases_not_begun))),
        not_begun=len(counted.cases_not_begun) + len(named.cases_not_begun),
        later=counted.later + named.later,
        began=_by_case(counted.began, named.began),
        closed=counted.closed + named.closed,
        closed_cases=tuple(sorted((*counted.closed_cases, *named.closed_cases))),
        sample={field: Counter(counts) + Counter(named.sample[field]) for field, counts in counted.sample.items()},
    )


def _by_case(one: Mapping[str, T], other: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted({**one, **other}.items()))
