"""Reading conclusions.toml: named facts, and what follows from outcomes, rates and other conclusions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from casescreen.conditions.analysis import outcomes_by_shape
from casescreen.model.condition import walk
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import (
    CaseFact,
    Concluded,
    ConclusionKind,
    ConclusionRule,
    Criterion,
    FactIs,
    FlagIs,
    OutcomeIs,
    Premise,
    RateIn,
    Roles,
    Scope,
)
from casescreen.resources import ROOT_FILE
from casescreen.rulebook.conditions import read_condition
from casescreen.rulebook.file_schema import (
    ConclusionSpec,
    ConclusionsSpec,
    FactsSpec,
    StatementSpec,
    structure,
    unknown_key,
)
from casescreen.rulebook.folder_files import FACTS_FILE
from casescreen.rulebook.names import KnownNames, NameScope, check_short, find, quoted, read_entries
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, listed


@frozen
class KnownPremises:
    """What premises may name.

    Attributes:
        criteria: by id; None for those that are broken; so too the facts.
        scopes: what each conclusion is on; None where that is broken.
        bands: the ids of the bands; None if they are broken.
    """

    criteria: Mapping[str, Criterion | None]
    facts: Mapping[str, CaseFact | None]
    scopes: Mapping[str, Scope | None]
    bands: tuple[str, ...] | None
    roles: Roles


_MOST_PARTS = 200  # of the condition of a fact, as facts that name facts could multiply without end
_ON_CASE = (("criterion", "outcome"), ("criterion", "flag"), ("fact",), ("conclusion",))
_ON_GROUP = (("rate", "band"), ("conclusion",))


def read_premise(raw: object, on: Scope, known: KnownPremises, location: Location) -> Premise | None:
    """The premise, or None after telling everything that is wrong with it."""
    forms = _ON_CASE if on is Scope.CASE else _ON_GROUP
    form = next((form for form in forms if isinstance(raw, dict) and raw.keys() == set(form)), None)
    if form is None or not isinstance(raw, dict):
        _report_form(raw, forms, on, location)
        return None
    match form:
        case ("criterion", "outcome"):
            return _outcome(raw, known, location)
        case ("criterion", "flag"):
            return _flag(raw, known, location)
        case ("conclusion",):
            return _conclusion(raw["conclusion"], on, known, location.at("conclusion"))
        case ("fact",):
            fact = find(known.facts, raw["fact"], "fact", location.at("fact"))
            return None if fact is None else FactIs(fact.id)
    criterion = find(known.criteria, raw["rate"], "criterion", location.at("rate"))
    bands = () if known.bands is None else _words(raw["band"], known.bands, "band", location.at("band"))
    return None if criterion is None or not bands else RateIn(criterion.id, bands)


def _report_form(raw: object, forms: tuple[tuple[str, ...], ...], on: Scope, location: Location) -> None:
    written = (", ".join(f"{key} = ..." for key in form) for form in forms)
    advice = f"Write {listed(f'{{ {keys} }}' for keys in written)}."
    if not isinstance(raw, dict) or not raw:
        location.report("this is not a premise", advice)
        return
    meant = {key for form in forms for key in form}
    elsewhere = {key for form in (*_ON_CASE, *_ON_GROUP) for key in form} - meant
    for key in raw:
        if key not in meant | elsewhere:
            unknown_key(key, tuple(sorted(meant)), location)
    misplaced = [key for key in raw if key in elsewhere]
    if misplaced:
        what = f"{quoted(misplaced)} cannot stand in a conclusion on {_scope_in_words(on)}"
        location.at(misplaced[0]).report(what, advice)
    elif meant.issuperset(raw):
        alone = "alone is no premise" if len(raw) == 1 else "do not make one premise"
        location.report(f"{quoted(raw)} {alone}", advice)


def _scope_in_words(on: Scope) -> str:
    return f"a {on.value}" if on is not Scope.SAMPLE else "the sample"


def _outcome(raw: dict[str, Any], known: KnownPremises, location: Location) -> Premise | None:
    criterion = find(known.criteria, raw["criterion"], "criterion", location.at("criterion"))
    possible = tuple(Outcome) if criterion is None else outcomes_by_shape(criterion)
    location = location.at("outcome")
    words = _words(raw["outcome"], tuple(outcome.value for outcome in Outcome), "outcome", location)
    outcomes = tuple(map(Outcome, words))
    for outcome in outcomes:
        if outcome not in possible:
            advice = f"It can come to {listed(outcome.value for outcome in possible)}."
            location.report(f'the criterion {raw["criterion"]} never comes to "{outcome.value}"', advice)
    return None if criterion is None or not outcomes else OutcomeIs(criterion.id, outcomes)


def _flag(raw: dict[str, Any], known: KnownPremises, location: Location) -> Premise | None:
    criterion = find(known.criteria, raw["criterion"], "criterion", location.at("criterion"))
    if criterion is None:
        return None
    flags = {flag.id: flag for flag in criterion.flags}
    flag = find(flags, raw["flag"], "flag", location.at("flag"), f"in {criterion.id}")
    return None if flag is None else FlagIs(criterion.id, flag.id)


def _conclusion(name: object, on: Scope, known: KnownPremises, location: Location) -> Premise | None:
    scope = find(known.scopes, name, "conclusion", location)
    if scope is on:
        return Concluded(str(name))
    if scope is not None:
        what = f'"{name}" is on {_scope_in_words(scope)}, and this conclusion on {_scope_in_words(on)}'
        location.report(what, "Name a conclusion of the same sort.")
    return None


def _words(raw: object, known: tuple[str, ...], noun: str, location: Location) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        location.report(f'"{noun}" is not a list', f'Write {noun} = ["{known[0]}"], with one {noun} or more.')
        return ()
    words: list[str] = []
    for number, word in enumerate(raw):
        if word not in known:
            location.at(number).report(f'there is no {noun} "{word!s}"', did_you_mean(str(word), known))
            continue
        if word in words:
            location.at(number).report(f'"{word}" is named twice', "Keep it once.")
        words.append(word)
    return tuple(words)


def read_facts(names: KnownNames, files: Iterable[Location], lost: Iterable[str]) -> dict[str, CaseFact | None]:
    """Every named fact by id, in the order of the files; None for those that are broken.

    Args:
        names: what their conditions may name, beside the facts that stand before them.
        files: those that have facts, in order.
        lost: what may stand in a file that could not be read.
    """
    facts: dict[str, CaseFact | None] = dict.fromkeys(lost)
    written: list[tuple[str, StatementSpec | None, Location]] = []
    for location in files:
        if location.file.name.endswith(FACTS_FILE):
            structure(location.file.data, FactsSpec, location)
        written += read_entries(location.file.data.get("facts"), "fact", StatementSpec, location.at("facts"))
    below = dict.fromkeys(id_ for id_, _, _ in written)
    known = evolve(names, facts=facts, facts_below=below)
    for id_, spec, place in written:
        if id_ not in below:
            advice, why = "Rename one of them.", "Conditions and conclusions name a fact by its id alone."
            place.report(f'there is another fact "{id_}", in {FACTS_FILE}', advice, why)
            continue
        fact = None if spec is None else _fact(id_, spec, known, place.at("when"))
        del below[id_]
        facts[id_] = fact
    return facts


def _fact(id_: str, spec: StatementSpec, names: KnownNames, location: Location) -> CaseFact | None:
    when = read_condition(spec.when, NameScope(names), location)
    if when is None:
        return None
    if any(True for _ in islice(walk(when), _MOST_PARTS, None)):
        what = f"with those that it names, the condition has more than {_MOST_PARTS} parts"
        location.report(what, "Say it with fewer, or move a part into a field of its own.")
        return None
    return CaseFact(id_, spec.says, when)


def read_conclusions(
    criteria: Mapping[str, Criterion | None], bands: tuple[str, ...] | None, names: KnownNames, location: Location
) -> tuple[ConclusionRule, ...]:
    """The conclusions that are sound, in the file's order.

    Args:
        criteria: by id; None for those that are broken.
        bands: the ids of the bands; None if they are broken.
        names: the facts and roles that they may name.
        location: the file.
    """
    spec = structure(location.file.data, ConclusionsSpec, location)
    if spec is None:
        return ()
    location = location.at("conclusions")
    written = list(read_entries(spec.conclusions, "conclusion", ConclusionSpec, location))
    scopes = {id_: _scope(spec.conclusions[id_]) for id_, _, _ in written}
    known = KnownPremises(criteria, names.facts, scopes, bands, names.roles)
    rules = {id_: _rule(id_, conclusion, known, place) for id_, conclusion, place in written if conclusion is not None}
    _report_circles(rules, location)
    return tuple(rules.values())


def _scope(raw: object) -> Scope | None:
    """What a conclusion says that it is on, whatever else is wrong with it."""
    with suppress(ValueError):
        return Scope(raw.get("on")) if isinstance(raw, dict) else None
    return None


def _rule(id_: str, spec: ConclusionSpec, known: KnownPremises, location: Location) -> ConclusionRule:
    roles = {Scope.MANAGER: known.roles.manager, Scope.TEAM: known.roles.team}
    scope = spec.on.value
    if not roles.get(spec.on, scope):
        advice = f'Name the field that holds it under [roles] in {ROOT_FILE}: {scope} = "section.field".'
        location.at("on").report(f"nothing groups cases by {scope}", advice, "The conclusion could never be drawn.")
    if spec.kind is ConclusionKind.EXCEPTION and spec.on is Scope.CASE:
        advice = 'Use kind = "action" here, or let a conclusion on the sample tell it.'
        why = "It tells in how many cases a step was not taken that must always be taken."
        location.at("kind").report("a conclusion on a case is no exception", advice, why)
    check_short(spec.short, location.at("short"))
    if spec.sentence and not spec.sentence.endswith("."):
        location.at("sentence").report("the sentence does not end", "End it with a full stop.")
    return ConclusionRule(
        id=id_,
        on=spec.on,
        kind=spec.kind,
        says=spec.says,
        every=spec.all is not None,
        premises=_premises(spec, known, location),
        remedy=spec.remedy,
        note=spec.note,
        severity=spec.severity,
        short=spec.short or spec.says,
        sentence=spec.sentence,
    )


def _premises(spec: ConclusionSpec, known: KnownPremises, location: Location) -> tuple[Premise, ...]:
    if (spec.all is None) == (spec.any is None):
        what = '"all" and "any" stand in one conclusion' if spec.all is not None else "the conclusion has no premises"
        location.report(what, "Write either all = [ ... ] or any = [ ... ].")
        return ()
    key, raw = ("all", spec.all) if spec.all is not None else ("any", spec.any)
    if not isinstance(raw, list) or not raw:
        advice = f"Write {key} = [ {{ ... }}, {{ ... }} ] with at least one."
        location.at(key).report(f'"{key}" has no list of premises', advice)
        return ()
    premises = [read_premise(premise, spec.on, known, location.at(key, number)) for number, premise in enumerate(raw)]
    sound: tuple[Premise, ...] = tuple(filter(None, premises))
    if spec.minimum is None:
        return sound
    _check_minimum(spec, raw, spec.minimum, location.at("minimum"))
    return tuple(evolve(one, minimum=spec.minimum) if isinstance(one, RateIn) else one for one in sound)


def _check_minimum(spec: ConclusionSpec, premises: list[object], minimum: int, location: Location) -> None:
    """That it is a number of cases, and that there is a rate to count the cases of."""
    if minimum < 1:
        location.report(f"the minimum is {minimum}", "Use 1 or more, or leave the line out.")
    if spec.on is Scope.CASE:
        what = "a conclusion on a case has no minimum"
        location.report(what, "Take it out.", "It counts the cases that a rate rests on.")
    elif not any(isinstance(premise, dict) and "rate" in premise for premise in premises):
        what = "there is a minimum, and no rate of which to count the cases"
        advice = "Take it out, or put it where the rates are: into the conclusions that this one names."
        location.report(what, advice)


def _report_circles(rules: Mapping[str, ConclusionRule], location: Location) -> None:
    """Report each circle once, at the first of its conclusions in the file."""
    done: set[str] = set()
    for id_ in rules:
        circle = _circle(id_, rules)
        if circle and done.isdisjoint(circle):
            several = len(circle) > 1
            what = f"the conclusion rests on itself: {listed(circle, 'and')}" if several else "it rests on itself"
            place = location.at(id_).named(f"conclusion {id_}")
            place.report(what, "Take one of the premises out.", "It could never be drawn.")
            done.update(circle)


def _circle(start: str, rules: Mapping[str, ConclusionRule]) -> tuple[str, ...]:
    """The shortest way from a conclusion back to itself; empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for premise in rules[way[-1]].premises:
            if not isinstance(premise, Concluded):
                continue
            if premise.conclusion == start:
                return way
            if premise.conclusion in rules and premise.conclusion not in seen:
                seen.add(premise.conclusion)
                ways.append((*way, premise.conclusion))
    return ()
