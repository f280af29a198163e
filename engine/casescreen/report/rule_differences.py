"""What is different between two rulebooks, and what a profile changes in given cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import evolve, frozen

from casescreen.conditions.analysis import all_reads
from casescreen.conditions.criterion_hash import criterion_hash
from casescreen.conditions.description import ConditionText, parameter_in_words, quote_label
from casescreen.model.condition import All, Any, Condition, Count, Not, OverRows, Quantifier
from casescreen.model.dictionary import Field
from casescreen.model.rulebook import (
    Concluded,
    ConclusionRule,
    Criterion,
    FactIs,
    FlagIs,
    OutcomeIs,
    Premise,
    RateIn,
    Rulebook,
)
from casescreen.model.screening import Finding, Screening
from casescreen.report.blocks import Block, Column, Grid, Heading, Paragraph
from casescreen.report.local_rules import bands_in_short
from casescreen.report.wording import conditions_of, parameters_of
from casescreen.text import counted, in_words, listed, visible

Difference = tuple[str, str, str]
"""What something is about, and how it is before and after."""

_Unlike = tuple[str, Condition | None, Condition | None]
_SHORT = 12
_NOT_THERE = "not there"


def difference_blocks(old: Rulebook, new: Rulebook) -> Iterator[Block]:
    """What is otherwise in another rulebook, or in this one under a profile."""
    names = f"{old.id} {old.version} ({old.hash[:_SHORT]}) and {new.id} {new.version} ({new.hash[:_SHORT]})"
    yield Heading("What is different", level=1)
    yield Paragraph(f"Between {names}.")
    rows = tuple(_differences(old, new))
    if rows:
        yield Grid(tuple(map(Column, ("About", "Before", "After"))), rows)
    else:
        yield Paragraph("No number, band, question, severity or conclusion is different.")


def _differences(old: Rulebook, new: Rulebook) -> Iterator[Difference]:
    yield from _changed(
        {f"number {n}": parameter_in_words(p) for n, p in old.parameters.items()},
        {f"number {n}": parameter_in_words(p) for n, p in new.parameters.items()},
    )
    yield from _changed({"bands of rates": bands_in_short(old.bands)}, {"bands of rates": bands_in_short(new.bands)})
    yield from _changed(_questions(old), _questions(new))
    yield from _decided_otherwise(old, new)
    yield from _changed(
        {f"severity of {c.id}": c.severity.value for c in old.criteria if c.id in new.criterion},
        {f"severity of {c.id}": c.severity.value for c in new.criteria if c.id in old.criterion},
    )
    yield from _changed(_conclusions(old), _conclusions(new))
    yield from _changed(_days(old), _days(new))


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for about in dict.fromkeys([*old, *new]):
        before, after = old.get(about, _NOT_THERE), new.get(about, _NOT_THERE)
        if before != after:
            yield about, before, after


def _questions(rulebook: Rulebook) -> dict[str, str]:
    return {f"question {one.id}": in_words(one.question) for one in rulebook.criteria}


def _days(rulebook: Rulebook) -> dict[str, str]:
    days = sorted(rulebook.calendar.local_holidays)
    return {"local holidays": ", ".join(map(str, days)) or "none"}


def _conclusions(rulebook: Rulebook) -> dict[str, str]:
    return {f"conclusion {one.id}": _rests_on(one) for one in rulebook.conclusions}


def _rests_on(rule: ConclusionRule) -> str:
    return f"rests on {listed(map(_premise_in_words, rule.premises), 'and' if rule.every else 'or')}"


def _premise_in_words(premise: Premise) -> str:
    match premise:
        case OutcomeIs(criterion, outcomes):
            return f"{criterion}: {listed(one.value for one in outcomes)}"
        case FactIs(fact):
            return fact
        case FlagIs(criterion, flag):
            return f"{criterion}, flag {flag}"
        case RateIn(criterion, bands, minimum):
            return f"rate of {criterion}: {listed(bands)}{f', of at least {minimum} cases' if minimum else ''}"
        case Concluded(conclusion):
            return conclusion


# How questions are decided


@frozen
class _Edition:
    """A criterion as one of the two rulebooks has it."""

    criterion: Criterion
    rulebook: Rulebook
    words: ConditionText

    @property
    def hash(self) -> str:
        """By what it is decided."""
        return criterion_hash(self.criterion, self.rulebook.parameters, self.rulebook.derived)

    @property
    def numbers(self) -> dict[str, str]:
        """The numbers of the rulebook by which it is decided."""
        deciding = evolve(self.criterion, flags=(), shortfalls=())
        return {f"by number {one.name}": parameter_in_words(one) for one in parameters_of(deciding, self.rulebook)}

    @property
    def tests(self) -> dict[str, Condition | None]:
        """The tests by which it is decided, by what they say of it."""
        criterion, denied = self.criterion, tuple(one.when for one in self.criterion.not_asked)
        return {
            "rows where": None if criterion.per is None else criterion.per.where,
            "not asked where": Any(denied) if denied else None,
            "asked where": criterion.applies,
            "met where": criterion.met,
        }

    @property
    def rest(self) -> dict[str, tuple[object, str]]:
        """What else it is decided by: what it is, to be compared, and how it is said."""
        criterion, due, per = self.criterion, self.criterion.due, self.criterion.per
        by_when = "" if due is None else f"within {self.words.operand(due.within)} of {quote_label(due.of)}"
        rest: dict[str, tuple[object, str]] = {
            "decided by": (criterion.basis, criterion.basis.value),
            "asked of": (per and per.table, "the case" if per is None else f"each row of {per.table}"),
            "by when": (due, by_when or "any day"),
        }
        read = {field for one in conditions_of(criterion) for _, field in self._reads(one)}
        behind = (one for one in self.rulebook.derived if one.field in read)
        return rest | {f"with {one.field.label}": (one.sources, self.words.sources(one)) for one in behind}

    def _reads(self, condition: Condition) -> Collection[tuple[str, Field | None]]:
        return all_reads(condition, self.rulebook.parameters, self.rulebook.derived)


def _decided_otherwise(old: Rulebook, new: Rulebook) -> Iterator[Difference]:
    """How questions are decided otherwise; those that are so by the same number or test are told together."""
    words = (ConditionText(old), ConditionText(new))
    together: dict[Difference, list[str]] = {}
    for id_, criterion in old.criterion.items():
        if id_ in new.criterion:
            before, after = _Edition(criterion, old, words[0]), _Edition(new.criterion[id_], new, words[1])
            for one in _ways_otherwise(before, after):
                together.setdefault(one, []).append(id_)
    for (part, was, is_now), ids in together.items():
        yield f"{'question' if len(ids) == 1 else 'questions'} {listed(ids, 'and')}: {part}", was, is_now


def _ways_otherwise(old: _Edition, new: _Edition) -> Iterator[Difference]:
    """By which number, which test, or which other part a question is decided otherwise.

    Nothing where it is decided alike. Where no words tell it, it is told by hashes.
    """
    if old.hash == new.hash:
        return
    differences = [*_changed(old.numbers, new.numbers), *_other_tests(old, new), *_other_rest(old, new)]
    yield from differences or [("decided as", old.hash[:_SHORT], new.hash[:_SHORT])]


def _other_rest(old: _Edition, new: _Edition) -> Iterator[Difference]:
    before, after = old.rest, new.rest
    for part in dict.fromkeys([*before, *after]):
        was, says = before.get(part, (None, _NOT_THERE))
        is_now, says_now = after.get(part, (None, _NOT_THERE))
        if was != is_now and says != says_now:
            yield part, says, says_now


def _other_tests(old: _Edition, new: _Edition) -> Iterator[Difference]:
    """The smallest tests that are others now, whatever the numbers are that they name."""
    for part, before in old.tests.items():
        for inside, was, is_now in _unlike(before, new.tests[part]):
            says = _NOT_THERE if was is None else f"{inside}{old.words.condition(was)}"
            says_now = _NOT_THERE if is_now is None else f"{inside}{new.words.condition(is_now)}"
            if says != says_now:
                yield part, says, says_now


def _unlike(old: Condition | None, new: Condition | None, inside: str = "") -> Iterator[_Unlike]:
    """The smallest conditions in which two differ, and in what they stand; None beside what only one of them has."""
    if old == new:
        return
    pairs: Iterable[_Unlike]
    match old, new:
        case (All(before), All(after)) | (Any(before), Any(after)):
            gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
            pairs = ((inside, *pair) for pair in _paired(gone, come))
        case Not(denied), Not(denied_now):
            pairs = [(f"{inside}not so: ", denied, denied_now)]
        case OverRows(), OverRows() if (old.quantifier, old.table) == (new.quantifier, new.table):
            rows = "each row" if old.quantifier is Quantifier.EVERY else "some row"
            where = (f"{inside}rows of {old.table} where: ", old.where, new.where)
            pairs = [where, (f"{inside}{rows} of {old.table}: ", old.satisfies, new.satisfies)]
        case Count(), Count() if evolve(old, where=new.where) == new:
            pairs = [(f"{inside}rows of {old.table} where: ", old.where, new.where)]
        case Count(), Count() if old.where is not None and old.where == new.where:  # its bounds alone are told
            pairs = [(inside, evolve(old, where=None), evolve(new, where=None))]
        case _:
            yield inside, old, new
            return
    for within, was, is_now in pairs:
        yield from _unlike(was, is_now, within)


def _paired(gone: list[Condition], come: list[Condition]) -> Iterable[tuple[Condition | None, Condition | None]]:
    """What is gone beside what came in its place; where these are not as many, each by itself."""
    if len(gone) == len(come):
        return zip(gone, come, strict=True)
    return [*((one, None) for one in gone), *((None, one) for one in come)]


Key = tuple[str, str, str]


@frozen
class LocalEffect:
    """What is otherwise under a profile.

    Attributes:
        changed: findings with another outcome, as they are without it and with it.
        moved: findings with the outcome that they had, which are due on another day.
        off: findings that are not made, as their question is switched off.
        added: findings on questions of the profile's own.
        all: how many findings there are without the profile.
    """

    changed: tuple[tuple[Finding, Finding], ...]
    moved: tuple[tuple[Finding, Finding], ...]
    off: tuple[Finding, ...]
    added: tuple[Finding, ...]
    all: int


def effect_of(without: Screening, with_it: Screening) -> LocalEffect:
    """What is otherwise in one screening than in another of the same cases as at the same day."""
    before, after = _by_key(without.findings), _by_key(with_it.findings)
    both = [(one, after[key]) for key, one in before.items() if key in after]
    return LocalEffect(
        changed=tuple((old, new) for old, new in both if old.outcome is not new.outcome),
        moved=tuple((old, new) for old, new in both if old.outcome is new.outcome and old.due != new.due),
        off=tuple(one for key, one in before.items() if key not in after),
        added=tuple(one for key, one in after.items() if key not in before),
        all=len(before),
    )


def _by_key(findings: Iterable[Finding]) -> Mapping[Key, Finding]:
    return {(one.case, one.criterion, one.item): one for one in findings}


def effect_blocks(without: Screening, with_it: Screening, name: str) -> Iterator[Block]:
    """What a profile changes, counted and listed.

    Args:
        without: the cases without it.
        with_it: the same with it.
        name: what the profile is called.
    """
    effect = effect_of(without, with_it)
    yield Heading(f"What {visible(name)} changes", level=1)
    cases = counted(len(with_it.case_ids), "case")
    if effect.changed:
        touched = len({new.case for _, new in effect.changed})
        findings = f"{counted(len(effect.changed), 'finding')} in {counted(touched, 'case')}"
        yield Paragraph(f"It changes {findings}, of {effect.all:,} in {cases}, as at {in_words(with_it.as_of)}.")
        titles = ("Case", "Question", "Row", "Without it", "With it", "Due then", "Due now")
        rows = tuple(_row(old, new, with_it) for old, new in effect.changed)
        yield _without_empty(titles, rows)
    else:
        yield Paragraph(
            f"It changes none of the {counted(effect.all, 'finding')} in {cases}, as at {in_words(with_it.as_of)}."
        )
    if effect.moved:
        yield Paragraph(f"{_findings(effect.moved)} due on another day, and the same otherwise.")
    if effect.off:
        yield Paragraph(f"{_findings(effect.off)} not made, as the question is switched off.")
    if effect.added:
        yield Paragraph(f"{_findings(effect.added)} new, on questions that it adds: {_outcomes(effect.added)}.")


def _row(old: Finding, new: Finding, screening: Screening) -> tuple[str, ...]:
    days = [in_words(one.due) if one.due is not None else "" for one in (old, new)]
    if days[0] == days[1]:
        days = ["", ""]
    title = screening.rulebook.criterion[new.criterion].short
    return (visible(new.case), title, visible(new.item), old.outcome.value, new.outcome.value, *days)


def _without_empty(titles: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Grid:
    """The table without columns that are empty in every row."""
    shown = [number for number in range(len(titles)) if any(row[number] for row in rows)]
    return Grid(
        tuple(Column(titles[number]) for number in shown), tuple(tuple(row[number] for number in shown) for row in rows)
    )


def _findings(of: tuple[object, ...]) -> str:
    return f"{len(of):,} {'finding is' if len(of) == 1 else 'findings are'}"


def _outcomes(findings: Iterable[Finding]) -> str:
    counts: dict[str, int] = {}
    for one in findings:
        counts[one.outcome.value] = counts.get(one.outcome.value, 0) + 1
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
