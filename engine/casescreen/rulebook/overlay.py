"""Laying a profile over a rulebook: its own numbers, what is off, severities, bands, and criteria of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from typing import TypeVar

from attrs import Factory, define, evolve, frozen

from casescreen.conditions.criterion_hash import canonical_text
from casescreen.model.calendar import Duration, read_duration
from casescreen.model.condition import Compare, Condition, FromParameter, walk
from casescreen.model.dictionary import Field, Value
from casescreen.model.in_force import (
    ON_COMMAND_LINE,
    BaseMoved,
    LocalBands,
    LocalCriterion,
    LocalParameter,
    LocalSeverity,
    ProfileInForce,
    SaidBy,
    SwitchedOff,
)
from casescreen.model.problem import Advice, CasescreenError, Fault, ProblemCollector
from casescreen.model.rulebook import (
    LETTER_MINIMUM_KNOWN,
    Bands,
    Concluded,
    ConclusionRule,
    Criterion,
    Document,
    FactIs,
    Parameter,
    Premise,
    Rulebook,
    Severity,
    Source,
    Status,
)
from casescreen.rulebook.criteria import CriterionScope, in_reading_order, read_criterion
from casescreen.rulebook.file_schema import (
    CriterionSpec,
    DocumentSpec,
    LocalBandsSpec,
    LocalParameterSpec,
    LocalSeveritySpec,
    LocalWaiversSpec,
    OffSpec,
    ProfileSpec,
    SourceSpec,
    structure,
)
from casescreen.rulebook.names import KnownNames, entries, find, read_entries
from casescreen.rulebook.parameters import (
    check_share,
    followed_values,
    kind_of,
    misfit,
    read_bands,
    read_source,
    read_value,
    read_variations,
    with_local_holidays,
)
from casescreen.syntax.rule_file import Location, RuleFile
from casescreen.text import counted, did_you_mean, in_words, listed, visible

LOCAL = "local-"
"""What the ids of criteria and documents begin with that the rulebook does not have."""

T = TypeVar("T")

_ALL_CRITERIA = Advice("casescreen rules list shows every criterion.", "The whole report names every one.")
_MOST_MONTHS = 120
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
_FOR_THIS_RUN = Document(ON_COMMAND_LINE, f"set for this run only, with {ON_COMMAND_LINE}")


@frozen(eq=False)
class Layer:
    """One file of a profile.

    Attributes:
        location: the whole file.
        spec: what it says.
    """

    location: Location
    spec: ProfileSpec

    def said(self, place: Location) -> SaidBy:
        """Who says what stands at a place of it."""
        return SaidBy(place.file.name, place.file.place(place.path).line)


@frozen
class Setting:
    """A number that the command line sets for one run: the name of a parameter, and its value as it was typed."""

    name: str
    value: str


def lay_over(
    rulebook: Rulebook, layers: Sequence[Layer], settings: Sequence[Setting], collector: ProblemCollector
) -> tuple[Rulebook, BaseMoved | None]:
    """The rulebook with what profiles say, that which the others extend first, and with what is set for this run.

    Where nothing is said, it is the rulebook itself. What is wrong is told, and then what is returned counts for
    nothing. Beside it, how the rulebook is another than the profile was written for.
    """
    overlay = _Overlay(rulebook, collector)
    for layer in layers:
        overlay.take(layer)
    for setting in settings:
        overlay.set(setting)
    return overlay.result(layers)


@define(eq=False)
class _Overlay:
    """What has been said so far, the last that said it counting.

    Attributes:
        parameters: what is set, by name.
        off: by id.
        sources: where in a file the last value of each parameter stands.
        written: criteria of the profile's own by id: where they stand, and the theme; read when all else is known.
        holidays: the last list, and where it stands.
        differences: what is known to be otherwise in the rulebook than when the profile was written.
    """

    base: Rulebook
    problems: ProblemCollector
    documents: dict[str, Document | None] = Factory(dict)
    parameters: dict[str, LocalParameter] = Factory(dict)
    places: dict[str, Location] = Factory(dict)
    off: dict[str, SwitchedOff] = Factory(dict)
    off_places: dict[str, Location] = Factory(dict)
    severities: dict[str, LocalSeverity] = Factory(dict)
    severity_places: dict[str, Location] = Factory(dict)
    bands: LocalBands | None = None
    written: dict[str, tuple[Layer, Location, object]] = Factory(dict)
    holidays: tuple[tuple[date, ...], Location] | None = None
    longest_waiver_months: int | None = None
    differences: list[str] = Factory(list)

    def take(self, layer: Layer) -> None:
        """Take what a file says over what was said before."""
        spec, top = layer.spec, layer.location
        self._documents(spec.documents, top.at("documents"))
        for id_, raw in entries(spec.criteria, "question", top.at("criteria")).items():
            self._criterion(id_, raw, layer, top.at("criteria", id_).named(f"criterion {id_}"))
        for name, raw in entries(spec.parameters, "parameter", top.at("parameters")).items():
            self._parameter(name, raw, layer, top.at("parameters", name).named(f"parameter {name}"))
        for id_, off, place in self._named(spec.off, "off", OffSpec, top):
            self._switch_off(id_, off, layer, place)
        for id_, severity, place in self._named(spec.severity, "severity", LocalSeveritySpec, top):
            self._severity(id_, severity, layer, place)
        if spec.bands is not None:
            self._bands(spec.bands, layer, top.at("bands"))
        if spec.holidays is not None:
            self._holidays(spec.holidays, top.at("holidays"))
        if spec.waivers is not None:
            self._waivers(spec.waivers, top.at("waivers"))

    # Numbers

    def _documents(self, raw: object, location: Location) -> None:
        for id_, spec, place in read_entries(raw, "document", DocumentSpec, location):
            if not id_.startswith(LOCAL):
                why = "So it cannot be taken for one of the rulebook."
                place.report(f'"{id_}" does not begin with "{LOCAL}"', f'Call it "{LOCAL}{id_}".', why)
            self.documents[id_] = None if spec is None else Document(id_, spec.title, spec.note)

    def _known_documents(self) -> Mapping[str, Document | None]:
        return {**self.base.documents, **self.documents}

    def _source(self, raw: object, reason: str, location: Location) -> Source | None:
        """The source of a number here: a text, or a document that is named as the rulebook names its own."""
        if isinstance(raw, str) and raw.strip():
            return Source(Document(f"{LOCAL}source", raw), note=reason)
        if isinstance(raw, dict):
            spec = structure(raw, SourceSpec, location)
            source = None if spec is None else read_source(spec, self._known_documents(), location)
            return None if source is None else evolve(source, note=" ".join(filter(None, (source.note, reason))))
        advice = 'Write source = "North team, standards of March 2026", say: whose number it is.'
        location.report("the source is not a text", advice, "Reports name it beside the number.")
        return None

    def _parameter(self, name: str, raw: object, layer: Layer, place: Location) -> None:
        parameter = find(self.base.parameters, name, "parameter", place)
        spec = structure(raw, LocalParameterSpec, place)
        if parameter is None or spec is None or not self._may_be_set(parameter, place):
            return
        before = self._now(name)
        source = self._source(spec.source, spec.reason, place.at("source"))
        if spec.value is None and spec.for_ is None:
            place.report("it sets nothing", 'Add value = "..." with what it is here, or take the entry out.')
        value = before.value if spec.value is None else read_value(spec.value, place.at("value"))
        if value is not None and kind_of(value) != kind_of(parameter.value):
            place.at("value").report(*_other_kind(value, parameter))
            value = None
        variations = before.variations
        if spec.for_ is not None:
            variations = read_variations(spec.for_, value, self.base.dictionary.fields, place.at("for"))
        self._check_status(spec.status, place.at("status"))
        if spec.rulebook_has is not None:
            had = read_value(spec.rulebook_has, place.at("rulebook_has"))
            self._compare(parameter.label, in_words(had), in_words(parameter.value))
        if source is None or value is None:
            return
        now = Parameter(name, parameter.label, value, spec.status, source, variations)
        self._put(now, spec.reason, layer.said(place), place)

    def set(self, setting: Setting) -> None:
        """Take what the command line sets, over all that was said before."""
        file = RuleFile(f"{ON_COMMAND_LINE} {visible(setting.name)}={visible(setting.value)}", "", {})
        place = Location(file, self.problems)
        parameter = find(self.base.parameters, setting.name, "parameter", place)
        if parameter is None or not self._may_be_set(parameter, place):
            return
        if setting.name in self.parameters and not self.parameters[setting.name].said.file:
            place.report(f"{setting.name} is set twice", "Keep one of them.")
            return
        value = _typed(setting.value, parameter.value)
        if value is None or kind_of(value) != kind_of(parameter.value):
            place.report(*_other_kind(setting.value if value is None else value, parameter))
            return
        variations = self._now(setting.name).variations
        now = Parameter(setting.name, parameter.label, value, Status.LOCAL, Source(_FOR_THIS_RUN), variations)
        self._put(now, "", SaidBy(), place)

    def _put(self, now: Parameter, reason: str, said: SaidBy, place: Location) -> None:
        if now.name == LETTER_MINIMUM_KNOWN:
            check_share(now.value, now.variations, place)
        earlier = self.parameters.get(now.name)
        overrode = () if earlier is None else (*earlier.overrode, (earlier.said, earlier.now))
        self.parameters[now.name] = LocalParameter(now, self.base.parameters[now.name], reason, said, overrode)
        self.places[now.name] = place

    def _now(self, name: str) -> Parameter:
        """A parameter as it is after what was said so far; one that follows another, as it follows that by now."""
        if name in self.parameters:
            return self.parameters[name].now
        parameter = self.base.parameters[name]
        if parameter.follows is None:
            return parameter
        made = followed_values(parameter.follows, self._now(parameter.follows.parameter))
        if isinstance(made, Fault):
            return parameter  # told when all is known
        value, variations = made
        return evolve(parameter, value=value, variations=variations if parameter.follows.by else parameter.variations)

    def _may_be_set(self, parameter: Parameter, place: Location) -> bool:
        if parameter.status is Status.STATUTORY:
            why = "The law sets it, and no local agreement can."
            place.report(f"{parameter.name} is statutory, and cannot be changed", "Take the entry out.", why)
            return False
        if parameter.follows is not None and parameter.follows.by is None:
            other = parameter.follows.parameter
            what = f"{parameter.name} is the longest of the values of {other}, and moves with it"
            place.report(what, f"Set {other}, and take this out.")
            return False
        return True

    @staticmethod
    def _check_status(status: Status, place: Location) -> None:
        if not status.is_local:
            what = f"what a profile sets is not {status.value}"
            advice = f'Leave the line out, which means "{Status.LOCAL.value}".'
            place.report(what, advice, "A local number would be taken for a rule that binds everybody.")

    def _compare(self, label: str, had: str, has: str) -> None:
        if had != has:
            self.differences.append(f"{label}: the rulebook had {had}, and has {has} now")

    # What is asked, and how much it matters

    @staticmethod
    def _named(raw: object, key: str, spec: type[T], top: Location) -> Iterator[tuple[str, T, Location]]:
        """Each sound entry under a heading by the name of what it is about."""
        for id_, entry in entries(raw, "setting", top.at(key)).items():
            place = top.at(key, id_).named(f"{key}.{id_}")
            read = structure(entry, spec, place)
            if read is not None:
                yield id_, read, place

    def _criterion(self, id_: str, raw: object, layer: Layer, place: Location) -> None:
        if not id_.startswith(LOCAL):
            why = "Then it can be told from those of the rulebook, today and in later versions."
            place.report(f'"{id_}" does not begin with "{LOCAL}"', f'Call it "{LOCAL}{id_}".', why)
        elif id_ in self.base.criterion or id_ in self.written:
            where = "the rulebook" if id_ in self.base.criterion else self.written[id_][0].location.file.name
            advice = "Give it an id of its own. Criteria are not edited: switch one off, and add another."
            place.report(f'there is a criterion "{id_}" already, in {where}', advice)
        else:
            self.written[id_] = (layer, place, raw)

    def _switch_off(self, id_: str, spec: OffSpec, layer: Layer, place: Location) -> None:
        for number, name in enumerate(spec.conclusions):
            at = place.at("conclusions", number)
            if find(self.base.conclusion, name, "conclusion", at) is not None:
                self._put_off(name, spec.reason, layer.said(at), at)
        if self._is_criterion(id_) or id_ in self.base.conclusion:
            self._put_off(id_, spec.reason, layer.said(place), place)
        else:
            self._unknown(id_, [*self.base.criterion, *self.written, *self.base.conclusion], "or conclusion ", place)

    def _put_off(self, id_: str, reason: str, said: SaidBy, place: Location) -> None:
        criterion, conclusion = self.base.criterion.get(id_), self.base.conclusion.get(id_)
        self.off[id_] = SwitchedOff(reason, said, criterion, None if criterion else conclusion)
        self.off_places[id_] = place

    def _severity(self, id_: str, spec: LocalSeveritySpec, layer: Layer, place: Location) -> None:
        if not self._is_criterion(id_):
            self._unknown(id_, [*self.base.criterion, *self.written], "", place)
            return
        if id_ in self.written:
            what = f"{id_} is a criterion of the profile's own"
            place.report(what, "Write its severity where it stands.")
            return
        criterion, earlier = self.base.criterion[id_], self.severities.get(id_)
        overrode = () if earlier is None else (*earlier.overrode, (earlier.said, earlier.now))
        if spec.rulebook_has is not None:
            about = f'the severity of "{criterion.title}"'
            self._compare(about, spec.rulebook_has.value, criterion.severity.value)
        self.severities[id_] = LocalSeverity(
            id_, criterion.title, spec.value, criterion.severity, spec.reason, layer.said(place), overrode
        )
        self.severity_places[id_] = place

    def _is_criterion(self, id_: str) -> bool:
        return id_ in self.base.criterion or id_ in self.written

    def _unknown(self, id_: str, known: Iterable[str], or_: str, place: Location) -> None:
        if id_ in self.base.renamed:
            advice = f"It is called {self.base.renamed[id_]} now."
        else:
            advice = did_you_mean(id_, known) or _ALL_CRITERIA
        place.report(f'there is no criterion {or_}"{id_}"', advice)

    # Bands, days off, and what is accepted

    def _bands(self, raw: object, layer: Layer, place: Location) -> None:
        spec = structure(raw, LocalBandsSpec, place)
        source = None if spec is None else self._source(spec.source, spec.reason, place.at("source"))
        if spec is None or source is None:
            return
        before = self.base.bands if self.bands is None else self.bands.now
        if self.base.bands.status is Status.STATUTORY:
            place.report("the bands are statutory, and cannot be changed", "Take them out.", "The law sets them.")
        self._check_status(spec.status, place.at("status"))
        bands = read_bands(_merged(spec, before), {LOCAL: source.document}, place)
        if bands is None:
            return
        if [band.id for band in bands.bands] != (usual := [band.id for band in before.bands]):
            what = f"the bands of the rulebook are {listed(usual, 'and')}"
            advice = "Give a limit for each of those, under the same id and in the same order."
            place.at("band").report(what, advice, "Conclusions name them.")
            return
        if unknown := [id_ for id_ in bands.sets if id_ not in before.sets]:
            find(before.sets, unknown[0], "band set", place.at("sets", unknown[0]))
            return
        overrode = () if self.bands is None else (*self.bands.overrode, (self.bands.said, self.bands.now))
        now = evolve(bands, source=source)
        self.bands = LocalBands(now, self.base.bands, spec.reason, layer.said(place), overrode)

    def _holidays(self, raw: object, place: Location) -> None:
        if not isinstance(raw, list):
            place.report('"holidays" is not a list', "Write the dates as holidays = [2026-12-24, ...].")
            return
        days: list[date] = []
        for number, day in enumerate(raw):
            if isinstance(day, date) and not isinstance(day, datetime):
                days.append(day)
            else:
                advice = "Write year-month-day without quotes, as in 2026-12-24."
                place.at(number).report(f'"{in_words(day)}" is not a date', advice)
        self.holidays = (tuple(days), place)

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
        self._follow()
        self._check_uses()
        own = self._own_criteria()
        self._check_severities()
        off = self._settled(own)
        added = tuple(one for id_, one in own.items() if id_ not in self.off)
        moved = self._moved(layers)
        if self.problems.problems:
            return self.base, moved
        if not (self.parameters or off or self.severities or self.bands or added or self.longest_waiver_months):
            return self._with_holidays(self.base), moved
        in_force = self._in_force(added, off)
        local = ProfileInForce(
            files=tuple(SaidBy(layer.location.file.name).name for layer in layers),
            rulebook_hash=self.base.hash,
            parameters=tuple(self.parameters[name] for name in self.base.parameters if name in self.parameters),
            off=off,
            severities=tuple(self.severities[one] for one in self.base.criterion if one in self.severities),
            bands=self.bands,
            criteria=tuple(LocalCriterion(one.id, one.title, self._said(one.id)) for one in added),
            longest_waiver_months=self.longest_waiver_months,
            moved=moved,
        )
        return self._with_holidays(evolve(in_force, profile=local, hash=self._hash(local, added))), moved

    def _follow(self) -> None:
        """Move every parameter with the one that it follows, where that was moved."""
        for name, parameter in self.base.parameters.items():
            follows = parameter.follows
            if name in self.parameters or follows is None or follows.parameter not in self.parameters:
                continue
            other = self.parameters[follows.parameter]
            place = self.places[follows.parameter]
            made = followed_values(follows, other.now)
            if isinstance(made, Fault):
                place.at("value").report(*_cannot_follow(parameter, made))
                continue
            value, variations = made
            if follows.by is None:
                variations = parameter.variations
            if (value, variations) == (parameter.value, parameter.variations):
                continue
            if parameter.status is Status.STATUTORY:
                what = f"{name} moves with {follows.parameter}, is statutory, and cannot be changed"
                place.at("value").report(what, "Take the entry out.", "The law sets it.")
            moved = evolve(parameter, value=value, variations=variations)
            now = evolve(moved, status=other.now.status, source=other.now.source)
            why = other.follows or follows.parameter
            self.parameters[name] = LocalParameter(now, parameter, other.reason, other.said, (), why)
            self.places[name] = place

    def _check_uses(self) -> None:
        """Report values that cannot be compared with a field that a rule compares them with."""
        told: set[str] = set()
        for condition in chain.from_iterable(map(walk, _conditions(self.base))):
            if isinstance(condition, Compare) and isinstance(condition.operand, FromParameter):
                local = self.parameters.get(condition.operand.name)
                if local is not None and local.name not in told and (why := misfit(condition.field, local.now)):
                    told.add(local.name)
                    what = f"{local.name} cannot be compared with {condition.field.full_name}: {why}"
                    self.places[local.name].at("value").report(what, _allowed(condition.field))

    def _own_criteria(self) -> dict[str, Criterion]:
        """The criteria of the profile's own that are sound, by id."""
        themes = {one.id: one for one in self.base.themes}
        own: dict[str, Criterion] = {}
        for id_, (layer, place, raw) in self.written.items():
            if not isinstance(raw, dict):
                structure(raw, CriterionSpec, place)
            elif "theme" not in raw:
                place.report('"theme" is missing', f"Add theme = ..., one of {listed(themes)}.")
            elif (theme := find(themes, raw["theme"], "theme", place.at("theme"))) is not None:
                rest = {key: value for key, value in raw.items() if key != "theme"}
                criterion = read_criterion(id_, theme.id, self._scope(layer), place, rest)
                self._check_days(criterion, layer)
                if criterion is not None:
                    own[id_] = criterion
        return own

    def _check_days(self, criterion: Criterion | None, layer: Layer) -> None:
        """Report examples of a day that is not said, or that the calendar does not cover."""
        calendar = self.base.calendar
        examples = () if criterion is None else criterion.examples
        wrong = [one for one in examples if not calendar.covers(one.as_of)]
        if criterion is not None and wrong:
            place = self.written[criterion.id][1].at("example")
            if layer.spec.examples_as_of is None and wrong[0].as_of == date.max:
                place.report("its examples are of no day", "Add examples_as_of = 2016-05-09, say, to the profile.")
            else:
                days = f"{in_words(calendar.covers_from)} to {in_words(calendar.covers_until)}"
                what = f"{in_words(wrong[0].as_of)} lies outside the calendar {calendar.id}"
                place.report(what, f"Choose a date from {days}.")

    def _scope(self, layer: Layer) -> CriterionScope:
        """What a criterion of the profile's own may refer to."""
        base, tables = self.base, self.base.dictionary.tables
        parameters = {name: self._now(name) for name in base.parameters}
        names = KnownNames(
            base.dictionary.fields,
            tables,
            {name: table.columns for name, table in tables.items()},
            parameters,
            base.roles,
            derived={one.field.full_name: one for one in base.derived},
            facts={fact.id: fact for fact in base.facts},
            language=base.language,
        )
        everywhere = dict.fromkeys(one for rule in base.criteria for one in rule.not_asked if one.everywhere)
        return CriterionScope(
            self._known_documents(),
            {one.id: one for one in base.themes},
            names,
            layer.spec.examples_as_of,
            tuple(everywhere),
            base.bands.sets,
            dict(zip(base.stages, base.stages, strict=True)),
        )

    def _said(self, criterion: str) -> SaidBy:
        layer, place, _ = self.written[criterion]
        return layer.said(place)

    def _check_severities(self) -> None:
        for id_ in self.severities:
            if id_ in self.off:
                what = f"{id_} is off, in {self.off[id_].said}"
                self.severity_places[id_].report(what, "Keep one of the two.", "What is not asked has no severity.")

    def _settled(self, own: Mapping[str, Criterion]) -> tuple[SwitchedOff, ...]:
        """What is off, in the rulebook's order, after telling which conclusions need it and are still on."""
        for id_, place in self.off_places.items():
            if id_ in self.written and self.written[id_][1].file is place.file:
                place.report(f"{id_} is a criterion of this profile", "Take the criterion out of the file.")
        if all(one in self.off for one in (*self.base.criterion, *self.written)):
            place = next(iter(self.off_places.values()))
            place.report("every criterion is off", "Leave at least one on.", "Nothing would be asked of anybody.")
        for id_, place in self.off_places.items():
            if needed := resting_on(self.off, id_, self.base.conclusions):
                what = f"{counted(len(needed), 'conclusion')} could never be drawn without {id_}"
                names = ", ".join(f'"{one}"' for one in needed)
                advice = f"Add conclusions = [{names}] to the entry, so that they are off with it."
                place.report(what, advice, "A reader would take it that what they say is not so.")
        order = (one for one in (*self.base.criterion, *self.written, *self.base.conclusion) if one in self.off)
        return tuple(evolve(self.off[one], criterion=own[one]) if one in own else self.off[one] for one in order)

    def _moved(self, layers: Sequence[Layer]) -> BaseMoved | None:
        if not layers:
            return None
        spec, base = layers[0].spec, self.base
        same = spec.version in ("", base.version) and base.hash.startswith(spec.hash)
        if same and not self.differences:
            return None
        if same and spec.hash:
            what = f"rulebook_has is not what the rulebook of this hash has: {'; '.join(self.differences)}"
            layers[0].location.at("hash").report(what, "Write what it has, or take rulebook_has out of the entry.")
            return None
        place = layers[0].location.at("version" if spec.version else "extends")
        hash_ = f" (hash {spec.hash[:12]})" if spec.hash else ""
        written_for = f"version {spec.version}{hash_}" if spec.version else f"another version{hash_}"
        now = f"version {base.version} (hash {base.hash[:12]})"
        return BaseMoved(layers[0].said(place), written_for, now, tuple(self.differences))

    def _in_force(self, added: Sequence[Criterion], off: Sequence[SwitchedOff]) -> Rulebook:
        base = self.base
        gone = {one.id for one in off}
        severities = {id_: one.now for id_, one in self.severities.items()}
        kept = [_with_severity(one, severities) for one in (*base.criteria, *added) if one.id not in gone]
        kept_conclusions = (one for one in base.conclusions if one.id not in gone)
        return evolve(
            base,
            parameters={name: self._now(name) for name in base.parameters},
            bands=base.bands if self.bands is None else self.bands.now,
            criteria=in_reading_order(kept, [theme.id for theme in base.themes]),
            conclusions=tuple(_without(one, gone) for one in kept_conclusions),
            documents={**base.documents, **{id_: one for id_, one in self.documents.items() if one is not None}},
        )

    def _with_holidays(self, rulebook: Rulebook) -> Rulebook:
        if self.holidays is None or not self.holidays[0]:
            return rulebook
        days, place = self.holidays
        said = SaidBy(place.file.name, place.file.place(place.path).line)
        local = ProfileInForce((said.name,), self.base.hash) if rulebook.profile is None else rulebook.profile
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
            tuple(map(_plainly, added)),
            local.longest_waiver_months,
        )
        parameters = {name: self._now(name) for name in self.base.parameters}
        return sha256(f"{self.base.hash}+{canonical_text(said, parameters)}".encode()).hexdigest()


def _typed(written: str, like: Value | Duration) -> Value | Duration | None:
    """What was typed, as a value of the same sort as another; None where it is none."""
    if isinstance(like, Duration):
        return read_duration(written.strip())
    if isinstance(like, bool):
        return _YES_NO.get(written.strip().lower())
    if isinstance(like, str):
        return written.strip() or None
    try:
        return int(written) if isinstance(like, int) else date.fromisoformat(written)
    except ValueError:
        return None


def _other_kind(value: Value | Duration | str, parameter: Parameter) -> tuple[str, str]:
    """What is wrong with a value of another sort than the rulebook's, and what to write."""
    what = f'"{in_words(value)}" is not {kind_of(parameter.value)}, and {parameter.name} is'
    return what, f'Write it as the rulebook does, where it is "{in_words(parameter.value)}".'


def _cannot_follow(parameter: Parameter, fault: Fault) -> tuple[str, str, str]:
    follows = parameter.follows
    assert follows is not None, "a parameter that does not follow one never fails to"
    what = f"{parameter.name} moves with {follows.parameter}, and cannot: {fault.what}"
    why = "Rules use both, and one of them would be wrong."
    if follows.by is None:
        return what, "Give every value of it in one unit, those under [[...for]] too.", why
    advice = f"Give every value of it in {follows.by.unit.value}s, or add [parameters.{parameter.name}] with its own."
    return what, advice, why


def _allowed(field: Field) -> str:
    return f"It can be: {listed(field.allowed)}." if field.allowed else f"Use a {field.kind.value}."


def _merged(spec: LocalBandsSpec, before: Bands) -> dict[str, object]:
    """The bands as a rulebook would write them: what is said, and else what was in force before."""
    labels = {band.id: band.label for band in before.bands}
    band: object = [{"id": one.id, "label": one.label, "at_least": one.at_least} for one in before.bands]
    if spec.band is not None:
        band = spec.band
        if isinstance(band, list):
            band = [
                {"label": labels.get(str(one.get("id")), "?"), **one} if isinstance(one, dict) else one for one in band
            ]
    sets: object = spec.sets
    if spec.sets is None or isinstance(spec.sets, dict):
        sets = {
            id_: {"label": one.label, "band": [{"id": b.id, "at_least": b.at_least} for b in one.bands]}
            for id_, one in before.sets.items()
        }
        for id_, one in (spec.sets or {}).items():
            label = {"label": before.sets[id_].label} if id_ in before.sets else {}
            sets[id_] = {**label, **one} if isinstance(one, dict) else one
    known = before.known if spec.known is None else spec.known
    return {
        "minimum": before.minimum if spec.minimum is None else spec.minimum,
        "status": spec.status.value,
        "source": {"document": LOCAL},
        "band": band,
        "sets": sets,
        **({"known": known} if known else {}),
    }


def _conditions(rulebook: Rulebook) -> Iterator[Condition]:
    """Every condition of a rulebook in which a parameter can stand."""
    for criterion in rulebook.criteria:
        yield from criterion.asked_where
        yield from (flag.when for flag in criterion.flags)
        yield from (shortfall.when for shortfall in criterion.shortfalls)
        if criterion.met is not None:
            yield criterion.met
        if criterion.per is not None and criterion.per.where is not None:
            yield criterion.per.where
    yield from (fact.when for fact in rulebook.facts)
    yield from (check.when for check in rulebook.checks)
    for derived in rulebook.derived:
        yield from derived.conditions


def _named_by(premise: Premise) -> str:
    """The id of the criterion or the conclusion that a premise rests on; "" where it rests on a fact."""
    if isinstance(premise, FactIs):
        return ""
    return premise.conclusion if isinstance(premise, Concluded) else premise.criterion


def resting_on(off: Iterable[str], start: str, conclusions: Sequence[ConclusionRule]) -> list[str]:
    """The conclusions that could never be drawn without what is off, and are not off, by way of one that is.

    Those that say "any" can still be drawn by their other premises.
    """
    reached, lost = {start}, {*off}
    found: list[str] = []
    before = -1
    while len(found) > before:
        before = len(found)
        for rule in conclusions:
            names = [*map(_named_by, rule.premises)]
            missing = any(one in lost for one in names) if rule.every else all(one in lost for one in names)
            if rule.id not in lost and missing and not reached.isdisjoint(names):
                found.append(rule.id)
                reached.add(rule.id)
                lost.add(rule.id)
    return found


def _without(rule: ConclusionRule, gone: set[str]) -> ConclusionRule:
    """The conclusion without premises on what is off: one of several, any of which is enough, can never be so."""
    if not any(_named_by(one) in gone for one in rule.premises):
        return rule
    return evolve(rule, premises=tuple(one for one in rule.premises if _named_by(one) not in gone))


def _with_severity(criterion: Criterion, severities: Mapping[str, Severity]) -> Criterion:
    return evolve(criterion, severity=severities[criterion.id]) if criterion.id in severities else criterion


def _plainly(criterion: Criterion) -> Criterion:
    """The criterion without where it stands in a file."""
    examples = tuple(evolve(one, line=0) for one in criterion.examples)
    return evolve(criterion, file="", examples=examples)
