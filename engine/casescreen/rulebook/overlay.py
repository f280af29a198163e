"""Laying a profile over a rulebook: its own numbers, what is off, severities, bands, and criteria of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from attrs import Factory, define, evolve, field

from casescreen.conditions.criterion_hash import canonical_text
from casescreen.model.in_force import BaseMoved, LocalBands, ProfileInForce, SaidBy, SwitchedOff
from casescreen.model.problem import CasescreenError, ProblemCollector
from casescreen.model.rulebook import Criterion, Rulebook, Severity
from casescreen.rulebook.criteria import in_reading_order
from casescreen.rulebook.file_schema import LocalWaiversSpec, structure
from casescreen.rulebook.local_criteria import LocalCriteria
from casescreen.rulebook.local_numbers import LocalNumbers, Setting, read_local_bands
from casescreen.rulebook.parameters import with_local_holidays
from casescreen.rulebook.profile_layer import Layer, ProfileBase
from casescreen.rulebook.switched_off import OffSoFar, without_premises
from casescreen.syntax.rule_file import Location
from casescreen.text import in_words

_MOST_MONTHS = 120


def lay_over(
    rulebook: Rulebook, layers: Sequence[Layer], settings: Sequence[Setting], collector: ProblemCollector
) -> tuple[Rulebook, BaseMoved | None]:
    """The rulebook with what profiles say, that which the others extend first, and with what is set for this run.

    Where nothing is said, it is the rulebook itself. What is wrong is told, and then what is returned counts for
    nothing. Beside it, how the rulebook is another than the profile was written for.
    """
    overlay = _Overlay(ProfileBase(rulebook, collector))
    for layer in layers:
        overlay.take(layer)
    for setting in settings:
        overlay.numbers.set(setting)
    return overlay.result(layers)


@define(eq=False)
class _Overlay:
    """What has been said so far, the last that said it counting.

    Attributes:
        holidays: the last list, and where it stands.
    """

    base: ProfileBase
    numbers: LocalNumbers = field(default=Factory(lambda self: LocalNumbers(self.base), takes_self=True))
    criteria: LocalCriteria = field(default=Factory(lambda self: LocalCriteria(self.base), takes_self=True))
    off: OffSoFar = field(default=Factory(lambda self: OffSoFar(self.base, self.criteria), takes_self=True))
    bands: LocalBands | None = None
    holidays: tuple[tuple[date, ...], Location] | None = None
    longest_waiver_months: int | None = None

    def take(self, layer: Layer) -> None:
        """Take what a file says over what was said before."""
        spec, top = layer.spec, layer.location
        self.base.add_documents(spec.documents, top.at("documents"))
        self.criteria.take(layer)
        self.numbers.take(layer)
        self.off.take(layer)
        self.criteria.take_severities(layer)
        if spec.bands is not None:
            self.bands = read_local_bands(self.base, self.bands, layer) or self.bands
        if spec.holidays is not None:
            self.holidays = (_days(spec.holidays, top.at("holidays")), top.at("holidays"))
        if spec.waivers is not None:
            self._waivers(spec.waivers, top.at("waivers"))

    def _waivers(self, raw: object, place: Location) -> None:
        spec = structure(raw, LocalWaiversSpec, place)
        if spec is None:
            return
        if not 1 <= spec.longest_months <= _MOST_MONTHS:
            what = f"{spec.longest_months} is no number of months that a finding may be accepted for"
            place.at("longest_months").report(what, f"Use a whole number from 1 to {_MOST_MONTHS}.")
        self.longest_waiver_months = spec.longest_months

    # All together

    def result(self, layers: Sequence[Layer]) -> tuple[Rulebook, BaseMoved | None]:
        """The rulebook in force, and how the one beneath it has moved on."""
        rulebook = self.base.rulebook
        self.numbers.follow()
        self.numbers.check_uses()
        own = self.criteria.read(self.numbers.all_now)
        self.criteria.check_severities(self.off.said)
        off = self.off.settled(own)
        added = tuple(one for id_, one in own.items() if id_ not in self.off.off)
        moved = self._moved(layers)
        if self.base.problems.problems:
            return rulebook, moved
        local = ProfileInForce(
            files=tuple(SaidBy(layer.location.file.name).name for layer in layers),
            rulebook_hash=rulebook.hash,
            parameters=self.numbers.local,
            off=off,
            on_again=self.off.settled_on(own),
            severities=self.criteria.local_severities,
            bands=self.bands,
            criteria=tuple(map(self.criteria.added, added)),
            longest_waiver_months=self.longest_waiver_months,
            moved=moved,
        )
        settled = (local.parameters, off, local.on_again, local.severities, local.bands, added)
        if not any(settled) and local.longest_waiver_months is None:
            return self._with_holidays(rulebook), moved
        in_force = evolve(self._in_force(added, off), profile=local, hash=self._hash(local, added))
        return self._with_holidays(in_force), moved

    def _moved(self, layers: Sequence[Layer]) -> BaseMoved | None:
        if not layers:
            return None
        spec, base, differences = layers[0].spec, self.base.rulebook, self.base.differences
        same = spec.version in ("", base.version) and base.hash.startswith(spec.hash)
        if same and not differences:
            return None
        if same and spec.hash:
            what = f"rulebook_has is not what the rulebook of this hash has: {'; '.join(differences)}"
            layers[0].location.at("hash").report(what, "Write what it has, or take rulebook_has out of the entry.")
            return None
        place = layers[0].location.at("version" if spec.version else "extends")
        hash_ = f" (hash {spec.hash[:12]})" if spec.hash else ""
        written_for = f"version {spec.version}{hash_}" if spec.version else f"another version{hash_}"
        now = f"version {base.version} (hash {base.hash[:12]})"
        return BaseMoved(layers[0].said(place), written_for, now, tuple(differences))

    def _in_force(self, added: Sequence[Criterion], off: Sequence[SwitchedOff]) -> Rulebook:
        base, gone, severities = self.base.rulebook, {one.id for one in off}, self.criteria.severities_now
        kept = [_with_severity(one, severities) for one in (*base.criteria, *added) if one.id not in gone]
        kept_conclusions = (one for one in base.conclusions if one.id not in gone)
        documents = {id_: one for id_, one in self.base.documents.items() if one is not None}
        return evolve(
            base,
            parameters=self.numbers.all_now,
            bands=base.bands if self.bands is None else self.bands.now,
            criteria=in_reading_order(kept, [theme.id for theme in base.themes]),
            conclusions=tuple(without_premises(one, gone) for one in kept_conclusions),
            documents={**base.documents, **documents},
        )

    def _with_holidays(self, rulebook: Rulebook) -> Rulebook:
        if self.holidays is None or not self.holidays[0]:
            return rulebook
        days, place = self.holidays
        said = SaidBy(place.file.name, place.file.place(place.path).line)
        local = rulebook.profile or ProfileInForce((said.name,), rulebook.hash)
        try:
            with_days = with_local_holidays(rulebook, days)
        except CasescreenError as error:
            place.report(error.what.rstrip("."), error.advice, error.why)
            return rulebook
        return evolve(with_days, profile=evolve(local, holidays_said=said))

    def _hash(self, local: ProfileInForce, added: Sequence[Criterion]) -> str:
        """The hash of what is in force: over what is local, whichever files say it, and on which lines."""
        bands = local.bands
        said = (
            tuple((one.now, one.reason) for one in local.parameters),
            tuple((one.id, one.reason) for one in local.off),
            tuple((one.criterion, one.now, one.reason) for one in local.severities),
            None if bands is None else (bands.now, bands.reason),
            tuple(map(_unplaced, added)),
            local.longest_waiver_months,
            *((one.was_off.id, one.reason) for one in local.on_again),
        )
        text = canonical_text(said, self.numbers.all_now)
        return sha256(f"{self.base.rulebook.hash}+{text}".encode()).hexdigest()


def _days(raw: object, place: Location) -> tuple[date, ...]:
    """The days of a list of holidays that are dates; all else in it is told."""
    if not isinstance(raw, list):
        place.report('"holidays" is not a list', "Write the dates as holidays = [2026-12-24, ...].")
        return ()
    days: list[date] = []
    for number, day in enumerate(raw):
        if isinstance(day, date) and not isinstance(day, datetime):
            days.append(day)
        else:
            advice = "Write year-month-day without quotes, as in 2026-12-24."
            place.at(number).report(f'"{in_words(day)}" is not a date', advice)
    return tuple(days)


def _with_severity(criterion: Criterion, severities: Mapping[str, Severity]) -> Criterion:
    return evolve(criterion, severity=severities[criterion.id]) if criterion.id in severities else criterion


def _unplaced(criterion: Criterion) -> Criterion:
    """The criterion without where it stands in a file."""
    examples = tuple(evolve(one, line=0) for one in criterion.examples)
    return evolve(criterion, file="", examples=examples)
