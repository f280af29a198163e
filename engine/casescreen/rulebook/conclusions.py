"""Reading conclusions.toml: named facts, and what follows from outcomes, rates and other conclusions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import (
    CaseFact,
    Concluded,
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
from casescreen.rulebook.file_schema import ConclusionSpec, ConclusionsSpec, StatementSpec, structure, unknown_key
from casescreen.rulebook.names import KnownNames, NameScope, entries, find, is_id, quoted
from casescreen.rulebook.possible_outcomes import outcomes_by_shape
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


_ON_CASE = (("criterion", "outcome"), ("criterion", "flag"), ("fact",), ("conclusion",))
_ON_GROUP = (("rate", "band"), ("conclusion",))


def read_premise(raw: object, on: Scope, known: KnownPremises, location: Location) -> Premise | None:
    """The premise, or None after telling everything that is wrong with it."""
    forms = _ON_CASE if on is Scope.CASE else _ON_GROUP
    if not isinstance(raw, dict) or not raw:
        location.report("this is not a premise", f"Write {_forms_in_words(forms)}.")
        return None
    keys = tuple(sorted(raw))
    form = next((form for form in forms if keys == tuple(sorted(form))), None)
    if form is None:
        _tell_form(raw, on, forms, location)
        return None
    return _READERS[form](raw, on, known, location)


def _tell_form(raw: dict[str, Any], on: Scope, forms: tuple[tuple[str, ...], ...], location: Location) -> None:
    meant = {key for form in forms for key in form}
    elsewhere = {key for form in (*_ON_CASE, *_ON_GROUP) for key in form} - meant
    strange = [key for key in raw if key not in meant]
    misplaced = [key for key in strange if key in elsewhere]
    advice = f"Write {_forms_in_words(forms)}."
    for key in strange:
        if key not in elsewhere:
            unknown_key(key, tuple(sorted(meant)), location)
    if misplaced:
        what = f"{quoted(misplaced)} cannot stand in a conclusion on {_scope_in_words(on)}"
        location.at(misplaced[0]).report(what, advice)
    elif not strange:
        one = len(raw) == 1
        location.report(f"{quoted(raw)} {'alone is no premise' if one else 'do not make one premise'}", advice)


def _scope_in_words(on: Scope) -> str:
    return f"a {on.value}" if on is not Scope.SAMPLE else "the sample"


def _forms_in_words(forms: tuple[tuple[str, ...], ...]) -> str:
    return listed(f"{{ {', '.join(f'{key} = ...' for key in form)} }}" for form in forms)


def _outcome(raw: dict[str, Any], _: Scope, known: KnownPremises, location: Location) -> Premise | None:
    criterion = find(known.criteria, raw["criterion"], "criterion", location.at("criterion"))
    room = tuple(Outcome) if criterion is None else outcomes_by_shape(criterion)
    words = _words(raw["outcome"], tuple(outcome.value for outcome in Outcome), "outcome", location.at("outcome"))
    never = [word for word in words if Outcome(word) not in room]
    for word in never:
        advice = f"It can come to {listed(outcome.value for outcome in room)}."
        location.at("outcome").report(f'the criterion {raw["criterion"]} never comes to "{word}"', advice)
    return None if criterion is None or not words else OutcomeIs(criterion.id, tuple(Outcome(word) for word in words))


def _flag(raw: dict[str, Any], _: Scope, known: KnownPremises, location: Location) -> Premise | None:
    criterion = find(known.criteria, raw["criterion"], "criterion", location.at("criterion"))
    if criterion is None:
        return None
    flag = find(
        {flag.id: flag for flag in criterion.flags}, raw["flag"], "flag", location.at("flag"), f"in {criterion.id}"
    )
    return None if flag is None else FlagIs(criterion.id, flag.id)


def _fact_premise(raw: dict[str, Any], _: Scope, known: KnownPremises, location: Location) -> Premise | None:
    fact = find(known.facts, raw["fact"], "fact", location.at("fact"))
    return None if fact is None else FactIs(fact.id)


def _rate(raw: dict[str, Any], _: Scope, known: KnownPremises, location: Location) -> Premise | None:
    criterion = find(known.criteria, raw["rate"], "criterion", location.at("rate"))
    bands = () if known.bands is None else _words(raw["band"], known.bands, "band", location.at("band"))
    return None if criterion is None or not bands else RateIn(criterion.id, bands)


def _conclusion(raw: dict[str, Any], on: Scope, known: KnownPremises, location: Location) -> Premise | None:
    scope = find(known.scopes, raw["conclusion"], "conclusion", location.at("conclusion"))
    if scope is None:
        return None
    if scope is not on:
        what = f'"{raw["conclusion"]}" is on {_scope_in_words(scope)}, and this conclusion on {_scope_in_words(on)}'
        location.at("conclusion").report(what, "Name a conclusion of the same sort.")
        return None
    return Concluded(raw["conclusion"])


def _words(raw: object, known: tuple[str, ...], noun: str, location: Location) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        location.report(f'"{noun}" is not a list', f'Write {noun} = ["{known[0]}"], with one {noun} or more.')
        return ()
    for number, word in enumerate(raw):
        if word not in known:
            location.at(number).report(f'there is no {noun} "{word!s}"', did_you_mean(str(word), known))
        elif word in raw[:number]:
            location.at(number).report(f'"{word}" is named twice', "Keep it once.")
    return tuple(word for word in raw if word in known)


_READERS: dict[tuple[str, ...], Callable[[dict[str, Any], Scope, KnownPremises, Location], Premise | None]] = {
    ("criterion", "outcome"): _outcome,
    ("criterion", "flag"): _flag,
    ("fact",): _fact_premise,
    ("rate", "band"): _rate,
    ("conclusion",): _conclusion,
}


def read_conclusions(
    criteria: Mapping[str, Criterion | None], bands: tuple[str, ...] | None, vocabulary: KnownNames, location: Location
) -> tuple[tuple[CaseFact, ...], tuple[ConclusionRule, ...]]:
    """The facts and conclusions that are sound, in the file's order.

    Args:
        criteria: by id; None for those that are broken.
        bands: the ids of the bands; None if they are broken.
        vocabulary: what the conditions of facts may name.
        location: the file.
    """
    spec = structure(location.file.data, ConclusionsSpec, location)
    if spec is None:
        return (), ()
    facts = _facts(spec, NameScope(vocabulary), location.at("facts"))
    raw = entries({} if spec.conclusions is None else spec.conclusions, "conclusion", location.at("conclusions"))
    scopes = {id_: _scope(entry) for id_, entry in raw.items()}
    known = KnownPremises(criteria, facts, scopes, bands, vocabulary.roles)
    rules = {
        id_: _rule(id_, entry, known, location.at("conclusions", id_).named(f"conclusion {id_}"))
        for id_, entry in raw.items()
    }
    sound = {id_: rule for id_, rule in rules.items() if rule is not None}
    _tell_cycles(sound, location.at("conclusions"))
    return tuple(fact for fact in facts.values() if fact is not None), tuple(sound.values())


def _scope(raw: object) -> Scope | None:
    written = raw.get("on") if isinstance(raw, dict) else None
    return next((scope for scope in Scope if scope.value == written), None)


def _facts(spec: ConclusionsSpec, names_in_scope: NameScope, location: Location) -> dict[str, CaseFact | None]:
    raw = entries({} if spec.facts is None else spec.facts, "fact", location)
    return {id_: _fact(id_, entry, names_in_scope, location.at(id_).named(f"fact {id_}")) for id_, entry in raw.items()}


def _fact(id_: str, raw: object, names_in_scope: NameScope, location: Location) -> CaseFact | None:
    is_id(id_, "fact", location)
    spec = structure(raw, StatementSpec, location)
    when = None if spec is None else read_condition(spec.when, names_in_scope, location.at("when"))
    return None if spec is None or when is None else CaseFact(id_, spec.says, when)


def _rule(id_: str, raw: object, known: KnownPremises, location: Location) -> ConclusionRule | None:
    is_id(id_, "conclusion", location)
    spec = structure(raw, ConclusionSpec, location)
    if spec is None:
        return None
    _check_group(spec.on, known, location.at("on"))
    premises = _premises(spec, known, location)
    return ConclusionRule(
        id=id_,
        on=spec.on,
        kind=spec.kind,
        says=spec.says,
        every=spec.all is not None,
        premises=premises,
        remedy=spec.remedy,
        note=spec.note,
        severity=spec.severity,
    )


def _check_group(scope: Scope, known: KnownPremises, location: Location) -> None:
    roles = {Scope.MANAGER: known.roles.manager, Scope.TEAM: known.roles.team}
    if not roles.get(scope, scope.value):
        what = f"nothing groups cases by {scope.value}"
        advice = f'Name the field that holds it under [roles] in {ROOT_FILE}: {scope.value} = "section.field".'
        location.report(what, advice, "The conclusion could never be drawn.")


def _premises(spec: ConclusionSpec, known: KnownPremises, location: Location) -> tuple[Premise, ...]:
    if (spec.all is None) == (spec.any is None):
        both = '"all" and "any" stand in one conclusion' if spec.all is not None else "the conclusion has no premises"
        location.report(both, "Write either all = [ ... ] or any = [ ... ].")
        return ()
    key, raw = ("all", spec.all) if spec.all is not None else ("any", spec.any)
    if not isinstance(raw, list) or not raw:
        location.at(key).report(
            f'"{key}" has no list of premises', f"Write {key} = [ {{ ... }}, {{ ... }} ] with at least one."
        )
        return ()
    read = [read_premise(premise, spec.on, known, location.at(key, number)) for number, premise in enumerate(raw)]
    return tuple(premise for premise in read if premise is not None)


def _tell_cycles(rules: Mapping[str, ConclusionRule], location: Location) -> None:
    """Tell each circle once, at the first of its conclusions in the file."""
    rests_on = {id_: _rests_on(rule, rules) for id_, rule in rules.items()}
    done: set[str] = set()
    for id_ in rules:
        circle = _circle(id_, rests_on)
        if circle and done.isdisjoint(circle):
            what = (
                f"the conclusion rests on itself: {listed(circle, 'and')}" if len(circle) > 1 else "it rests on itself"
            )
            location.at(id_).named(f"conclusion {id_}").report(
                what, "Take one of the premises out.", "It could never be drawn."
            )
            done.update(circle)


def _rests_on(rule: ConclusionRule, rules: Mapping[str, ConclusionRule]) -> tuple[str, ...]:
    named = (premise.conclusion for premise in rule.premises if isinstance(premise, Concluded))
    return tuple(id_ for id_ in named if id_ in rules)


def _circle(start: str, rests_on: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest way from a conclusion back to itself; empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for id_ in rests_on[way[-1]]:
            if id_ == start:
                return way
            if id_ not in seen:
                seen.add(id_)
                ways.append((*way, id_))
    return ()
