"""Reading one premise of a conclusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from casescreen.model.dictionary import Field
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import CaseFact, Concluded, Criterion, FactIs, FlagIs, OutcomeIs, Premise, RateIn, Scope
from casescreen.rulebook.names import find, quoted
from casescreen.rulebook.outcomes import outcomes_by_shape
from casescreen.rulebook.structuring import unknown_key
from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean, listed


@frozen
class Known:
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
    fields: Mapping[str, Field | None]


_ON_CASE = (("criterion", "outcome"), ("criterion", "flag"), ("fact",), ("conclusion",))
_ON_GROUP = (("rate", "band"), ("conclusion",))


def read_premise(raw: object, on: Scope, known: Known, spot: Spot) -> Premise | None:
    """The premise, or None after telling everything that is wrong with it."""
    forms = _ON_CASE if on is Scope.CASE else _ON_GROUP
    if not isinstance(raw, dict) or not raw:
        spot.tell("this is not a premise", f"Write {_forms_in_words(forms)}.")
        return None
    keys = tuple(sorted(raw))
    form = next((form for form in forms if keys == tuple(sorted(form))), None)
    if form is None:
        _tell_form(raw, on, forms, spot)
        return None
    return _READERS[form](raw, on, known, spot)


def _tell_form(raw: dict[str, Any], on: Scope, forms: tuple[tuple[str, ...], ...], spot: Spot) -> None:
    meant = {key for form in forms for key in form}
    elsewhere = {key for form in (*_ON_CASE, *_ON_GROUP) for key in form} - meant
    strange = [key for key in raw if key not in meant]
    misplaced = [key for key in strange if key in elsewhere]
    advice = f"Write {_forms_in_words(forms)}."
    for key in strange:
        if key not in elsewhere:
            unknown_key(key, tuple(sorted(meant)), spot)
    if misplaced:
        what = f"{quoted(misplaced)} cannot stand in a conclusion on {_scope_in_words(on)}"
        spot.at(misplaced[0]).tell(what, advice)
    elif not strange:
        one = len(raw) == 1
        spot.tell(f"{quoted(raw)} {'alone is no premise' if one else 'do not make one premise'}", advice)


def _scope_in_words(on: Scope) -> str:
    return f"a {on.value}" if on is not Scope.SAMPLE else "the sample"


def _forms_in_words(forms: tuple[tuple[str, ...], ...]) -> str:
    return listed(f"{{ {', '.join(f'{key} = ...' for key in form)} }}" for form in forms)


def _outcome(raw: dict[str, Any], _: Scope, known: Known, spot: Spot) -> Premise | None:
    criterion = find(known.criteria, raw["criterion"], "criterion", spot.at("criterion"))
    room = tuple(Outcome) if criterion is None else outcomes_by_shape(criterion)
    words = _words(raw["outcome"], tuple(outcome.value for outcome in Outcome), "outcome", spot.at("outcome"))
    never = [word for word in words if Outcome(word) not in room]
    for word in never:
        advice = f"It can come to {listed(outcome.value for outcome in room)}."
        spot.at("outcome").tell(f'the criterion {raw["criterion"]} never comes to "{word}"', advice)
    return None if criterion is None or not words else OutcomeIs(criterion.id, tuple(Outcome(word) for word in words))


def _flag(raw: dict[str, Any], _: Scope, known: Known, spot: Spot) -> Premise | None:
    criterion = find(known.criteria, raw["criterion"], "criterion", spot.at("criterion"))
    if criterion is None:
        return None
    flag = find({flag.id: flag for flag in criterion.flags}, raw["flag"], "flag", spot.at("flag"), f"in {criterion.id}")
    return None if flag is None else FlagIs(criterion.id, flag.id)


def _fact_premise(raw: dict[str, Any], _: Scope, known: Known, spot: Spot) -> Premise | None:
    fact = find(known.facts, raw["fact"], "fact", spot.at("fact"))
    return None if fact is None else FactIs(fact.id)


def _rate(raw: dict[str, Any], _: Scope, known: Known, spot: Spot) -> Premise | None:
    criterion = find(known.criteria, raw["rate"], "criterion", spot.at("rate"))
    bands = () if known.bands is None else _words(raw["band"], known.bands, "band", spot.at("band"))
    return None if criterion is None or not bands else RateIn(criterion.id, bands)


def _conclusion(raw: dict[str, Any], on: Scope, known: Known, spot: Spot) -> Premise | None:
    scope = find(known.scopes, raw["conclusion"], "conclusion", spot.at("conclusion"))
    if scope is None:
        return None
    if scope is not on:
        what = f'"{raw["conclusion"]}" is on {_scope_in_words(scope)}, and this conclusion on {_scope_in_words(on)}'
        spot.at("conclusion").tell(what, "Name a conclusion of the same sort.")
        return None
    return Concluded(raw["conclusion"])


def _words(raw: object, known: tuple[str, ...], noun: str, spot: Spot) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        spot.tell(f'"{noun}" is not a list', f'Write {noun} = ["{known[0]}"], with one {noun} or more.')
        return ()
    for number, word in enumerate(raw):
        if word not in known:
            spot.at(number).tell(f'there is no {noun} "{word!s}"', did_you_mean(str(word), known))
        elif word in raw[:number]:
            spot.at(number).tell(f'"{word}" is named twice', "Keep it once.")
    return tuple(word for word in raw if word in known)


_READERS: dict[tuple[str, ...], Callable[[dict[str, Any], Scope, Known, Spot], Premise | None]] = {
    ("criterion", "outcome"): _outcome,
    ("criterion", "flag"): _flag,
    ("fact",): _fact_premise,
    ("rate", "band"): _rate,
    ("conclusion",): _conclusion,
}
