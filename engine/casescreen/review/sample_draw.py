"""A sample drawn by its plan and a seed, one case replaced by the next, and all of it repeated to be checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

from attrs import evolve

from casescreen.conditions.compiler import NO_ROW, compile_condition, context_of
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.evaluate.screening import check_calendar
from casescreen.model.case import Case, Caseload
from casescreen.model.condition import Truth
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.sample import (
    NOT_RECORDED,
    DrawnAs,
    Exclusion,
    Population,
    SamplePlan,
    SampleRecord,
    SampleReplacement,
    SampleStratum,
)
from casescreen.review.sample_record import CommittedList, with_hash
from casescreen.rulebook.sample_plan import BEGUN, ReadPlan
from casescreen.text import counted, did_you_mean, evened, in_words, listed, visible

SHORTEST_SEED = 8
"""A seed of fewer characters could have been chosen after looking at what it draws."""

OTHER_LIST = "The list of the sample is not the one whose code it names as committed to."

_LONGEST_SEED, _LONGEST = 200, 1_000
_MOST_NAMED = 5


def population_of_cases(read: ReadPlan, caseload: Caseload) -> Population:
    """Who of the cases is eligible.

    Raises:
        CasescreenError: the calendar does not cover the day of the plan.
        ProblemsError: a record cannot be used, so that its case would have no chance of being drawn.
    """
    if caseload.problems:
        raise ProblemsError(caseload.problems)
    check_calendar(read.rulebook, read.plan.as_of)
    ask = _Asker(read)
    eligible: dict[str, list[str]] = {}
    excluded: list[Exclusion] = []
    admitted: list[Exclusion] = []
    for case in caseload.cases:
        stratum, exclusion = ask(case)
        if exclusion is None or (exclusion.unknown and read.plan.includes_unknown):
            eligible.setdefault(stratum, []).append(case.id)
        if exclusion is not None:
            (admitted if exclusion.unknown and read.plan.includes_unknown else excluded).append(exclusion)
    return Population.of(eligible, excluded, admitted, caseload.hash)


class _Asker:
    """Asks one case after another whether it is eligible."""

    def __init__(self, read: ReadPlan) -> None:
        context = context_of(read.rulebook, read.plan.as_of)
        self._read, self._preparer = read, RecordPreparer(read.rulebook, read.plan.as_of)
        self._tests = {id_: compile_condition(when, context) for id_, when in read.conditions.items()}

    def __call__(self, record: Case) -> tuple[str, Exclusion | None]:
        """The stratum of the case, and why it is not eligible, or cannot be told to be."""
        prepared = self._preparer.prepare(record)
        case = prepared.case
        if not prepared.begun:
            return "", Exclusion(case.id, (BEGUN,))
        truths = {id_: test(case, NO_ROW) for id_, test in self._tests.items()}
        exclusion = None
        if no := tuple(id_ for id_, truth in truths.items() if truth is Truth.FALSE):
            exclusion = Exclusion(case.id, no)
        elif unknown := tuple(id_ for id_, truth in truths.items() if truth is Truth.UNKNOWN):
            missing = self._read.missing(unknown, case.fields)
            exclusion = Exclusion(case.id, unknown, unknown=True, missing=missing)
        return self._stratum(case), exclusion

    def _stratum(self, case: Case) -> str:
        if not self._read.plan.strata:
            return ""
        value = case.fields.get(self._read.plan.strata)
        return NOT_RECORDED if value is None else evened(value if isinstance(value, str) else in_words(value))


def draw(read: ReadPlan, population: Population, seed: str, committed: str = "") -> SampleRecord:
    """The sample that the seed makes of the eligible cases.

    Args:
        read: the plan.
        population: who is eligible.
        seed: what the tickets are made with; "" where only the list is wanted, of which none is drawn.
        committed: the digest of the list that was committed to; "" where none was.

    Raises:
        CasescreenError: nobody is eligible, or the plan names a case that is not there; with what to do.
    """
    plan, rules = read.plan, read.rulebook
    if not population.size:
        raise CasescreenError(
            "No case is eligible.",
            why=_why_nobody(population, {one.id: one.reason for one in plan.rules}),
            advice="look at the days and numbers of the plan, and at the day that it is as at.",
        )
    _check_named(read, population)
    sizes = {name: len(cases) for name, cases in population.eligible.items()}
    numbers = _numbers(plan, sizes)
    strata = tuple(
        SampleStratum(name, *numbers[name], tickets_of(seed, name, cases))
        for name, cases in population.eligible.items()
    )
    return SampleRecord(
        plan=plan,
        rulebook=(rules.id, rules.version, rules.hash),
        cases_hash=population.cases_hash,
        seed=seed,
        committed=committed,
        strata=strata,
        excluded=population.excluded,
        admitted=population.admitted,
    )


def _numbers(plan: SamplePlan, sizes: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """How many of each stratum are drawn, and how many stand in reserve."""
    drawn = apportion(plan.size.of(sum(sizes.values())), sizes)
    left = {name: size - drawn[name] for name, size in sizes.items()}
    reserves = apportion(min(plan.reserves, sum(left.values())), left)
    return {name: (drawn[name], reserves[name]) for name in sizes}


def tickets_of(seed: str, stratum: str, cases: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The ticket and the id of each case, the smallest ticket first; see ``model.sample.ticket_of``."""
    begun = unicodedata.normalize("NFC", f"{seed}\n{stratum}\n").encode("utf-8", "surrogatepass")
    composed = ((case if case.isascii() else unicodedata.normalize("NFC", case), case) for case in cases)
    return tuple(
        sorted((sha256(begun + text.encode("utf-8", "surrogatepass")).hexdigest(), case) for text, case in composed)
    )


def apportion(number: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """How many of a number each stratum gets: its share, rounded down, and one more for the largest remainders.

    Of two remainders that are the same, that of the larger stratum goes first; then that of the name that comes first.
    No stratum gets more than it has, as long as the number is no more than all of them have.
    """
    whole = sum(sizes.values())
    if not whole:
        return dict.fromkeys(sizes, 0)
    shares = {name: divmod(number * size, whole) for name, size in sizes.items()}
    left = number - sum(share for share, _ in shares.values())
    first = set(sorted(sizes, key=lambda name: (-shares[name][1], -sizes[name], name))[:left])
    return {name: share + (name in first) for name, (share, _) in shares.items()}


def _why_nobody(population: Population, reasons: Mapping[str, str]) -> str:
    """The reasons that keep most cases out."""
    counts: dict[str, int] = {}
    for one in population.excluded:
        for rule in one.rules:
            counts[rule] = counts.get(rule, 0) + 1
    most = sorted(counts, key=lambda rule: (-counts[rule], rule))[:_MOST_NAMED]
    said = "; ".join(f"{reasons[rule]}: {counted(counts[rule], 'case')}" for rule in most)
    return f"of {counted(len(population.excluded), 'case')}, none is left to draw from. {said}." if said else ""


def _check_named(read: ReadPlan, population: Population) -> None:
    """Hold that every case that must be included is there.

    Raises:
        CasescreenError: one is not, with the one that may have been meant.
    """
    there = {one.case for one in population.excluded}.union(*population.eligible.values())
    wrong = [one.case for one in read.plan.must_include if one.case not in there]
    if wrong:
        names = [f'"{visible(case)}"' for case in wrong[:_MOST_NAMED]]
        names += [f"{len(wrong) - _MOST_NAMED} more"] if len(wrong) > _MOST_NAMED else []
        raise CasescreenError(
            f"The plan says that {listed(names, 'and')} must be included, and there is no such case.",
            advice=did_you_mean(wrong[0], there) or "write its id as the records have it, or take it out of the plan.",
        )


def check_seed(seed: str) -> None:
    """Refuse a seed that cannot be written down, or that says nothing.

    Raises:
        CasescreenError: with what to do.
    """
    if not seed.strip() or len(seed) > _LONGEST_SEED or seed != evened(seed) or not seed.isprintable():
        raise CasescreenError(
            "This is no seed." if seed.strip() else "The seed is empty.",
            why="whoever repeats the draw has to write it in the same way.",
            advice=f"use one line of at most {_LONGEST_SEED} characters, with nothing at its ends, as in 20260501-417.",
        )


def difference_from_list(record: SampleRecord, committed: CommittedList) -> tuple[str, ...]:
    """What is otherwise in the list that a sample is drawn from than in the one that was committed to, in words."""
    said = []
    if record.plan.hash != committed.plan_hash:
        said.append("The plan is not the one that was committed to: its content has changed.")
    now = {case: one.name for one in record.strata for _, case in one.tickets}
    then = {case: name for name, cases in committed.strata.items() for case in cases}
    said += _named("Eligible now, and not on the list", now.keys() - then.keys())
    said += _named("On the list, and not eligible now", then.keys() - now.keys())
    said += _named("In another stratum than on the list", {one for one in now.keys() & then if now[one] != then[one]})
    return tuple(said)


def _named(what: str, cases: Iterable[str]) -> list[str]:
    """A sentence that names some cases, the first by id; none where there are none."""
    in_order = sorted(cases)
    if not in_order:
        return []
    names = [visible(case) for case in in_order[:_MOST_NAMED]]
    names += [f"{len(in_order) - _MOST_NAMED:,} more"] if len(in_order) > _MOST_NAMED else []
    return [f"{what}: {listed(names, 'and')}."]


def replaced(record: SampleRecord, case: str, reason: str, by: str, on: date) -> tuple[SampleRecord, str]:
    """The sample with another case read in the place of one, and the id of that.

    Raises:
        CasescreenError: the case is not one that was drawn, none is left, or nobody says why; with what to do.
    """
    case, drawn = evened(case), {one.id: one for one in record.drawn}
    for what, text in (("the reason", reason), ("the name", by)):
        if not text.strip() or len(text) > _LONGEST:
            advice = f"say it in a sentence or two, of at most {_LONGEST:,} characters."
            raise CasescreenError(f"{what.capitalize()} is empty or too long.", advice=advice)
        if not text.isprintable():
            advice = "type it anew, in one line."
            raise CasescreenError(
                f"{what.capitalize()} has a line break, or a character that cannot be seen.", advice=advice
            )
    if case not in drawn or drawn[case].drawn_as is DrawnAs.MUST_INCLUDE:
        raise CasescreenError(
            f'"{visible(case)}" was not drawn, so nothing takes its place.'
            if case not in drawn
            else f'"{visible(case)}" was named in the plan and not drawn, so nothing takes its place.',
            advice=did_you_mean(case, (one.id for one in drawn.values() if one.counts))
            or "casescreen sample show lists the cases that were drawn.",
        )
    waiting = record.waiting(drawn[case].stratum)
    if not waiting:
        stratum = f' of "{visible(drawn[case].stratum)}"' if drawn[case].stratum else ""
        raise CasescreenError(
            f"No eligible case{stratum} is left to take the place of {visible(case)}.",
            why="all of them have been drawn.",
            advice="read the others, and say in what you report that this one could not be read.",
        )
    change = SampleReplacement(case, waiting[0], reason, by, on)
    return with_hash(evolve(record, replacements=(*record.replacements, change))), waiting[0]


def differences(record: SampleRecord, again: SampleRecord) -> tuple[str, ...]:
    """What a sample says otherwise than drawing it again comes to, in words; nothing where it is the same."""
    said = [*_terms(record, again)]
    tickets, wrong = _tickets(again), _tickets(record)
    said += _named("On the list of the sample, and not eligible", wrong.keys() - tickets.keys())
    said += _named("Eligible, and not on the list of the sample", tickets.keys() - wrong.keys())
    both = wrong.keys() & tickets.keys()
    said += _named("Another ticket or stratum than the seed gives", (one for one in both if wrong[one] != tickets[one]))
    said += _other_sizes(record, {one.name: (one.drawn, one.reserves) for one in again.strata})
    said += _named("Kept out for other reasons than the plan has", _otherwise(record.excluded, again.excluded))
    said += _named("Told to be eligible otherwise than the record does", _otherwise(record.admitted, again.admitted))
    return tuple(said) or tuple(_replacements(record))


def _other_sizes(record: SampleRecord, sizes: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """The strata of which more or fewer are drawn, or in reserve, than should be, in words."""
    for one in record.strata:
        expected = sizes.get(one.name, (0, 0))
        if (one.drawn, one.reserves) != expected:
            name = f'Of "{visible(one.name)}"' if one.name else "Of all"
            what = f"{one.drawn} are drawn and {one.reserves} in reserve"
            yield f"{name} {what}, and the plan comes to {expected[0]} and {expected[1]}."


def _terms(record: SampleRecord, again: SampleRecord) -> Iterator[str]:
    if evolve(record.plan, parameters=()) != evolve(again.plan, parameters=()):
        yield "The plan is not the one that the sample was drawn by: its content has changed."
    elif record.plan != again.plan:
        yield "The numbers of the plan are not those that the sample names."


def _tickets(record: SampleRecord) -> dict[str, tuple[str, str]]:
    return {case: (one.name, ticket) for one in record.strata for ticket, case in one.tickets}


def _otherwise(each: Sequence[Exclusion], again: Sequence[Exclusion]) -> Iterator[str]:
    """The cases of which two lists say different things."""
    before, now = ({one.case: one for one in every} for every in (each, again))
    return (case for case in before.keys() | now.keys() if before.get(case) != now.get(case))


def _replacements(record: SampleRecord) -> Iterator[str]:
    """The first replacement that is not by the next ticket, in words."""
    of = {case: one.name for one in record.strata for _, case in one.tickets}
    waiting = {one.name: iter(one.tickets[one.drawn :]) for one in record.strata}
    for change in record.replacements:
        _, next_one = next(waiting[of[change.case]])
        if next_one != change.by_case:
            yield (
                f"{visible(change.case)} is replaced by {visible(change.by_case)}, and the next ticket is that of "
                f"{visible(next_one)}."
            )
            return


def is_by_its_seed(record: SampleRecord) -> bool:
    """Whether every ticket is the one that the seed gives."""
    each = ((one, (case for _, case in one.tickets)) for one in record.strata)
    return all(stratum.tickets == tickets_of(record.seed, stratum.name, cases) for stratum, cases in each)


def own_faults(record: SampleRecord) -> tuple[str, ...]:
    """What in a sample does not go with the rest of it, in words: what can be told without the cases."""
    if not is_by_its_seed(record):
        return ("It has tickets that its seed does not give.",)
    sizes = _numbers(record.plan, {one.name: len(one.tickets) for one in record.strata})
    said = [*_other_sizes(record, sizes), *_replacements(record)]
    if record.committed and record.committed != record.list_hash:
        said.append(OTHER_LIST)
    return tuple(said)


def changes_since(record: SampleRecord, again: SampleRecord) -> tuple[str, ...]:
    """What is otherwise now than when the sample was drawn, and is no difference by itself, in words."""
    said = []
    if record.rulebook != again.rulebook:
        (id_, version, _), (now, is_version, _) = record.rulebook, again.rulebook
        then = f"{visible(id_)}, version {visible(version)}"
        said.append(
            f"The rules have changed since it was drawn: they were {then}, and are {now}, version {is_version}."
        )
    if record.cases_hash and again.cases_hash and record.cases_hash != again.cases_hash:
        said.append("The records have changed since it was drawn.")
    elif again.cases_hash and not record.cases_hash:
        said.append("It does not say of which records it was drawn, so whether those have changed cannot be told.")
    return tuple(said)
