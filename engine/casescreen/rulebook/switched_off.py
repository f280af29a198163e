"""What a profile switches off, and on again, and which conclusions rest on what is off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from attrs import Factory, define, evolve

from casescreen.model.in_force import OnAgain, SaidBy, SwitchedOff
from casescreen.model.rulebook import Concluded, ConclusionRule, Criterion, FactIs, Premise
from casescreen.rulebook.file_schema import OffSpec, OnSpec
from casescreen.rulebook.local_criteria import LocalCriteria
from casescreen.rulebook.names import find
from casescreen.rulebook.profile_layer import Layer, ProfileBase, settings_by_name
from casescreen.syntax.rule_file import Location
from casescreen.text import counted, did_you_mean


@define(eq=False)
class OffSoFar:
    """What is switched off so far, the last that switched it off counting.

    Attributes:
        criteria: those that can be switched off.
        off: criteria and conclusions, by id.
        on_again: those that are on again, by id.
    """

    base: ProfileBase
    criteria: LocalCriteria
    off: dict[str, SwitchedOff] = Factory(dict)
    on_again: dict[str, OnAgain] = Factory(dict)
    _places: dict[str, Location] = Factory(dict)
    _off_with: dict[str, str] = Factory(dict)

    def take(self, layer: Layer) -> None:
        """Take what a file switches off, and on again."""
        before = dict(self.off)
        for id_, spec, place in settings_by_name(layer.spec.off, "off", OffSpec, layer.location):
            self._switch_off(id_, spec, layer, place)
        for id_, on, place in settings_by_name(layer.spec.on, "on", OnSpec, layer.location):
            source = self.base.source(on.source, on.reason, place.at("source"))
            if source is not None and self._may_be_on(id_, before, place):
                self.on_again[id_] = OnAgain(before[id_], source, on.reason, layer.said(place))
        self._switch_on({id_ for id_ in self.off if id_ in self.on_again})

    def _may_be_on(self, id_: str, before: Mapping[str, SwitchedOff], place: Location) -> bool:
        """Whether it was off before this file, and this file does not switch it off itself; told if not."""
        if id_ not in before and id_ not in (*self.criteria.ids, *self.base.rulebook.conclusion):
            advice = did_you_mean(id_, before) or "Name what a profile beneath this one switches off."
            place.report(f'there is no criterion or conclusion "{id_}"', advice)
        elif id_ not in before:
            what = f"{id_} is on: no profile that this one extends switches it off"
            place.report(what, "Take the entry out.")
        elif self.off[id_] is not before[id_]:
            place.report(f"{id_} is switched off in this file, too", "Keep one of the two.")
        else:
            return True
        return False

    def _switch_off(self, id_: str, spec: OffSpec, layer: Layer, place: Location) -> None:
        conclusions = self.base.rulebook.conclusion
        for number, name in enumerate(spec.conclusions):
            at = place.at("conclusions", number)
            if find(conclusions, name, "conclusion", at) is not None:
                self._put(name, spec.reason, layer.said(at), at)
                self._off_with[name] = id_
        if id_ in self.criteria.ids or id_ in conclusions:
            self._put(id_, spec.reason, layer.said(place), place)
        else:
            self.criteria.report_unknown(id_, [*self.criteria.ids, *conclusions], "or conclusion ", place)

    def _put(self, id_: str, reason: str, said: SaidBy, place: Location) -> None:
        base = self.base.rulebook
        criterion, conclusion = base.criterion.get(id_), base.conclusion.get(id_)
        self.off[id_] = SwitchedOff(reason, said, criterion, None if criterion else conclusion)
        self._places[id_] = place
        self._off_with.pop(id_, None)
        self.on_again.pop(id_, None)

    def _switch_on(self, named: AbstractSet[str]) -> None:
        """Switch on what is named, and with it the conclusions that went off with it and can be drawn again."""
        went_with = {one for one, entry in self._off_with.items() if entry in named and one in self.off} - named
        still_off = self.off.keys() - named - went_with
        lost = {one for id_ in still_off for one in resting_on(still_off, id_, self.base.rulebook.conclusions)}
        for one in went_with - lost:
            self.on_again[one] = evolve(self.on_again[self._off_with[one]], was_off=self.off[one])
        for one in named | (went_with - lost):
            del self.off[one], self._places[one]

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
        return tuple(_with_own(self.off[one], own.get(one)) for one in self._order if one in self.off)

    def settled_on(self, own: Mapping[str, Criterion]) -> tuple[OnAgain, ...]:
        """What is on again, in the rulebook's order."""
        again = ((self.on_again[one], own.get(one)) for one in self._order if one in self.on_again)
        return tuple(evolve(one, was_off=_with_own(one.was_off, criterion)) for one, criterion in again)

    @property
    def _order(self) -> tuple[str, ...]:
        return (*self.criteria.ids, *self.base.rulebook.conclusion)

    def _report_lost(self) -> None:
        """Report the conclusions that could never be drawn, and are still on."""
        for id_, place in self._places.items():
            if needed := resting_on(self.off, id_, self.base.rulebook.conclusions):
                what = f"{counted(len(needed), 'conclusion')} could never be drawn without {id_}"
                names = ", ".join(f'"{one}"' for one in needed)
                advice = f"Add conclusions = [{names}] to the entry, so that they are off with it."
                place.report(what, advice, "A reader would take it that what they say is not so.")


def _with_own(off: SwitchedOff, criterion: Criterion | None) -> SwitchedOff:
    """With the criterion, where it is one of a profile's own, which is read when all else is known."""
    return off if criterion is None else evolve(off, criterion=criterion)


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
