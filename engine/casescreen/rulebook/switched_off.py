"""What a profile switches off, and which conclusions rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from attrs import Factory, define, evolve

from casescreen.model.in_force import SaidBy, SwitchedOff
from casescreen.model.rulebook import Concluded, ConclusionRule, Criterion, FactIs, Premise
from casescreen.rulebook.file_schema import OffSpec
from casescreen.rulebook.local_criteria import LocalCriteria
from casescreen.rulebook.names import find
from casescreen.rulebook.profile_layer import Layer, ProfileBase, settings_by_name
from casescreen.syntax.rule_file import Location
from casescreen.text import counted


@define(eq=False)
class OffSoFar:
    """What is switched off so far, the last that switched it off counting.

    Attributes:
        criteria: those that can be switched off.
        off: criteria and conclusions, by id.
    """

    base: ProfileBase
    criteria: LocalCriteria
    off: dict[str, SwitchedOff] = Factory(dict)
    _places: dict[str, Location] = Factory(dict)

    def take(self, layer: Layer) -> None:
        """Take what a file switches off."""
        for id_, spec, place in settings_by_name(layer.spec.off, "off", OffSpec, layer.location):
            self._switch_off(id_, spec, layer, place)

    def _switch_off(self, id_: str, spec: OffSpec, layer: Layer, place: Location) -> None:
        conclusions = self.base.rulebook.conclusion
        for number, name in enumerate(spec.conclusions):
            at = place.at("conclusions", number)
            if find(conclusions, name, "conclusion", at) is not None:
                self._put(name, spec.reason, layer.said(at), at)
        if id_ in self.criteria.ids or id_ in conclusions:
            self._put(id_, spec.reason, layer.said(place), place)
        else:
            self.criteria.report_unknown(id_, [*self.criteria.ids, *conclusions], "or conclusion ", place)

    def _put(self, id_: str, reason: str, said: SaidBy, place: Location) -> None:
        base = self.base.rulebook
        criterion, conclusion = base.criterion.get(id_), base.conclusion.get(id_)
        self.off[id_] = SwitchedOff(reason, said, criterion, None if criterion else conclusion)
        self._places[id_] = place

    @property
    def said(self) -> Mapping[str, SaidBy]:
        """Who switched off what, by id."""
        return {id_: one.said for id_, one in self.off.items()}

    def settled(self, own: Mapping[str, Criterion]) -> tuple[SwitchedOff, ...]:
        """What is off, in the rulebook's order, after reporting which conclusions need it and are still on.

        Args:
            own: the criteria of the profile's own that are sound, by id.
        """
        for id_, place in self._places.items():
            written = self.criteria.written.get(id_)
            if written is not None and written[1].file is place.file:
                place.report(f"{id_} is a criterion of this profile", "Take the criterion out of the file.")
        if all(one in self.off for one in self.criteria.ids):
            place = next(iter(self._places.values()))
            place.report("every criterion is off", "Leave at least one on.", "Nothing would be asked of anybody.")
        self._report_lost()
        order = (one for one in (*self.criteria.ids, *self.base.rulebook.conclusion) if one in self.off)
        return tuple(evolve(self.off[one], criterion=own[one]) if one in own else self.off[one] for one in order)

    def _report_lost(self) -> None:
        """Report the conclusions that could never be drawn, and are still on."""
        for id_, place in self._places.items():
            if needed := resting_on(self.off, id_, self.base.rulebook.conclusions):
                what = f"{counted(len(needed), 'conclusion')} could never be drawn without {id_}"
                names = ", ".join(f'"{one}"' for one in needed)
                advice = f"Add conclusions = [{names}] to the entry, so that they are off with it."
                place.report(what, advice, "A reader would take it that what they say is not so.")


def resting_on(off: Iterable[str], start: str, conclusions: Sequence[ConclusionRule]) -> list[str]:
    """The conclusions that could never be drawn without what is off, and are not off, by way of one that is.

    Those that say "any" can still be drawn by their other premises.
    """
    reached, lost = {start}, {*off}
    resting: list[str] = []
    before = -1
    while len(resting) > before:
        before = len(resting)
        for rule in conclusions:
            names = [*map(_named_by, rule.premises)]
            missing = any(one in lost for one in names) if rule.every else all(one in lost for one in names)
            if rule.id not in lost and missing and not reached.isdisjoint(names):
                resting.append(rule.id)
                reached.add(rule.id)
                lost.add(rule.id)
    return resting


def _named_by(premise: Premise) -> str:
    """The id of the criterion or the conclusion that a premise rests on; "" where it rests on a fact."""
    if isinstance(premise, FactIs):
        return ""
    return premise.conclusion if isinstance(premise, Concluded) else premise.criterion


def without_premises(rule: ConclusionRule, off: AbstractSet[str]) -> ConclusionRule:
    """The conclusion without premises on what is off: one of several, any of which is enough, can never be so."""
    if not any(_named_by(one) in off for one in rule.premises):
        return rule
    return evolve(rule, premises=tuple(one for one in rule.premises if _named_by(one) not in off))
