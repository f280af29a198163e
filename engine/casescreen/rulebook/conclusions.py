"""Reading conclusions.toml: named facts, and what follows from outcomes, rates and other conclusions."""

from __future__ import annotations

from collections.abc import Mapping

from casescreen.model.rulebook import CaseFact, Concluded, ConclusionRule, Criterion, Premise, Scope
from casescreen.rulebook.conditions import read_condition
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.names import entries, is_id
from casescreen.rulebook.premises import Known, read_premise
from casescreen.rulebook.specs import ConclusionSpec, ConclusionsSpec, StatementSpec
from casescreen.rulebook.structuring import structure
from casescreen.rulebook.vocabulary import MANAGER_FIELD, TEAM_FIELD, Vocabulary
from casescreen.syntax.rule_file import Spot
from casescreen.text import listed

_GROUPED_BY = {Scope.MANAGER: MANAGER_FIELD, Scope.TEAM: TEAM_FIELD}


def read_conclusions(
    criteria: Mapping[str, Criterion | None], bands: tuple[str, ...] | None, vocabulary: Vocabulary, spot: Spot
) -> tuple[tuple[CaseFact, ...], tuple[ConclusionRule, ...]]:
    """The facts and conclusions that are sound, in the file's order.

    Args:
        criteria: by id; None for those that are broken.
        bands: the ids of the bands; None if they are broken.
        vocabulary: what the conditions of facts may name.
        spot: the file.
    """
    spec = structure(spot.file.data, ConclusionsSpec, spot)
    if spec is None:
        return (), ()
    facts = _facts(spec, Ground(vocabulary), spot.at("facts"))
    raw = entries({} if spec.conclusions is None else spec.conclusions, "conclusion", spot.at("conclusions"))
    scopes = {id_: _scope(entry) for id_, entry in raw.items()}
    known = Known(criteria, facts, scopes, bands, vocabulary.fields)
    rules = {
        id_: _rule(id_, entry, known, spot.at("conclusions", id_).named(f"conclusion {id_}"))
        for id_, entry in raw.items()
    }
    sound = {id_: rule for id_, rule in rules.items() if rule is not None}
    _tell_cycles(sound, spot.at("conclusions"))
    return tuple(fact for fact in facts.values() if fact is not None), tuple(sound.values())


def _scope(raw: object) -> Scope | None:
    written = raw.get("on") if isinstance(raw, dict) else None
    return next((scope for scope in Scope if scope.value == written), None)


def _facts(spec: ConclusionsSpec, ground: Ground, spot: Spot) -> dict[str, CaseFact | None]:
    raw = entries({} if spec.facts is None else spec.facts, "fact", spot)
    return {id_: _fact(id_, entry, ground, spot.at(id_).named(f"fact {id_}")) for id_, entry in raw.items()}


def _fact(id_: str, raw: object, ground: Ground, spot: Spot) -> CaseFact | None:
    is_id(id_, "fact", spot)
    spec = structure(raw, StatementSpec, spot)
    when = None if spec is None else read_condition(spec.when, ground, spot.at("when"))
    return None if spec is None or when is None else CaseFact(id_, spec.says, when)


def _rule(id_: str, raw: object, known: Known, spot: Spot) -> ConclusionRule | None:
    is_id(id_, "conclusion", spot)
    spec = structure(raw, ConclusionSpec, spot)
    if spec is None:
        return None
    _check_group(spec.on, known, spot.at("on"))
    premises = _premises(spec, known, spot)
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


def _check_group(scope: Scope, known: Known, spot: Spot) -> None:
    field = _GROUPED_BY.get(scope)
    if field is not None and field not in known.fields:
        what = f"nothing groups cases by {scope.value}"
        spot.tell(what, f"Add [fields.{field}] to the dictionary.", "The conclusion could never be drawn.")


def _premises(spec: ConclusionSpec, known: Known, spot: Spot) -> tuple[Premise, ...]:
    if (spec.all is None) == (spec.any is None):
        both = '"all" and "any" stand in one conclusion' if spec.all is not None else "the conclusion has no premises"
        spot.tell(both, "Write either all = [ ... ] or any = [ ... ].")
        return ()
    key, raw = ("all", spec.all) if spec.all is not None else ("any", spec.any)
    if not isinstance(raw, list) or not raw:
        spot.at(key).tell(
            f'"{key}" has no list of premises', f"Write {key} = [ {{ ... }}, {{ ... }} ] with at least one."
        )
        return ()
    read = [read_premise(premise, spec.on, known, spot.at(key, number)) for number, premise in enumerate(raw)]
    return tuple(premise for premise in read if premise is not None)


def _tell_cycles(rules: Mapping[str, ConclusionRule], spot: Spot) -> None:
    """Tell each circle once, at the first of its conclusions in the file."""
    rests_on = {id_: _rests_on(rule, rules) for id_, rule in rules.items()}
    done: set[str] = set()
    for id_ in rules:
        circle = _circle(id_, rests_on)
        if circle and done.isdisjoint(circle):
            what = (
                f"the conclusion rests on itself: {listed(circle, 'and')}" if len(circle) > 1 else "it rests on itself"
            )
            spot.at(id_).named(f"conclusion {id_}").tell(
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
