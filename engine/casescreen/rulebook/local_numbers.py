"""The numbers that a profile or the command line sets, those that move with them, and the bands of rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from attrs import Factory, define, evolve, frozen

from casescreen.model.calendar import Duration, read_duration
from casescreen.model.condition import Compare, Condition, FromParameter, walk
from casescreen.model.dictionary import Field, Value
from casescreen.model.in_force import ON_COMMAND_LINE, LocalBands, LocalParameter, SaidBy
from casescreen.model.problem import Fault
from casescreen.model.rulebook import (
    LETTER_MINIMUM_KNOWN,
    Bands,
    Document,
    Follows,
    Parameter,
    Rulebook,
    Source,
    Status,
)
from casescreen.rulebook.file_schema import LocalBandsSpec, LocalParameterSpec, structure
from casescreen.rulebook.names import entries, find
from casescreen.rulebook.parameters import (
    check_share,
    followed_values,
    kind_of,
    misfit,
    read_bands,
    read_value,
    read_variations,
)
from casescreen.rulebook.profile_layer import LOCAL, Layer, ProfileBase, check_local_status
from casescreen.syntax.rule_file import Location, RuleFile
from casescreen.text import in_words, listed, visible

_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
_FOR_THIS_RUN = Document(ON_COMMAND_LINE, f"set for this run only, with {ON_COMMAND_LINE}")


@frozen
class Setting:
    """A number that the command line sets for one run: the name of a parameter, and its value as it was typed."""

    name: str
    value: str


@define(eq=False)
class LocalNumbers:
    """What is set so far, the last that set it counting.

    Attributes:
        set_here: what is set, by name.
        places: where in a file the last value of each stands.
    """

    base: ProfileBase
    set_here: dict[str, LocalParameter] = Factory(dict)
    places: dict[str, Location] = Factory(dict)

    def take(self, layer: Layer) -> None:
        """Take the numbers of a file over those that were set before."""
        place = layer.location.at("parameters")
        for name, raw in entries(layer.spec.parameters, "parameter", place).items():
            self._take(name, raw, layer, place.at(name).named(f"parameter {name}"))

    def _take(self, name: str, raw: object, layer: Layer, place: Location) -> None:
        parameter = find(self.base.rulebook.parameters, name, "parameter", place)
        spec = structure(raw, LocalParameterSpec, place)
        if parameter is None or spec is None or not _may_be_set(parameter, place):
            return
        before = self.now(name)
        source = self.base.source(spec.source, spec.reason, place.at("source"))
        if spec.value is None and spec.for_ is None:
            place.report("it sets nothing", 'Add value = "..." with what it is here, or take the entry out.')
        value = before.value if spec.value is None else read_value(spec.value, place.at("value"))
        if value is not None and kind_of(value) != kind_of(parameter.value):
            place.at("value").report(*_other_kind(value, parameter))
            value = None
        variations = before.variations
        if spec.for_ is not None:
            variations = read_variations(spec.for_, value, self.base.rulebook.dictionary.fields, place.at("for"))
        check_local_status(spec.status, place.at("status"))
        if spec.rulebook_has is not None:
            had = read_value(spec.rulebook_has, place.at("rulebook_has"))
            self.base.compare(parameter.label, in_words(had), in_words(parameter.value))
        if source is None or value is None:
            return
        now = Parameter(name, parameter.label, value, spec.status, source, variations)
        self._put(now, spec.reason, layer.said(place), place)

    def set(self, setting: Setting) -> None:
        """Take what the command line sets, over all that was set before."""
        file = RuleFile(f"{ON_COMMAND_LINE} {visible(setting.name)}={visible(setting.value)}", "", {})
        place = Location(file, self.base.problems)
        parameter = find(self.base.rulebook.parameters, setting.name, "parameter", place)
        if parameter is None or not _may_be_set(parameter, place):
            return
        if setting.name in self.set_here and not self.set_here[setting.name].said.file:
            place.report(f"{setting.name} is set twice", "Keep one of them.")
            return
        value = _typed(setting.value, parameter.value)
        if value is None or kind_of(value) != kind_of(parameter.value):
            place.report(*_other_kind(setting.value if value is None else value, parameter))
            return
        variations = self.now(setting.name).variations
        now = Parameter(setting.name, parameter.label, value, Status.LOCAL, Source(_FOR_THIS_RUN), variations)
        self._put(now, "", SaidBy(), place)

    def _put(self, now: Parameter, reason: str, said: SaidBy, place: Location) -> None:
        if now.name == LETTER_MINIMUM_KNOWN:
            check_share(now.value, now.variations, place)
        earlier = self.set_here.get(now.name)
        overrode = () if earlier is None else (*earlier.overrode, (earlier.said, earlier.now))
        self.set_here[now.name] = LocalParameter(now, self.base.rulebook.parameters[now.name], reason, said, overrode)
        self.places[now.name] = place

    def now(self, name: str) -> Parameter:
        """A parameter as it is after what was set so far; one that follows another, as it follows that by now."""
        if name in self.set_here:
            return self.set_here[name].now
        parameter = self.base.rulebook.parameters[name]
        if parameter.follows is None:
            return parameter
        made = followed_values(parameter.follows, self.now(parameter.follows.parameter))
        if isinstance(made, Fault):
            return parameter  # told when all is known
        value, variations = made
        return evolve(parameter, value=value, variations=variations if parameter.follows.by else parameter.variations)

    @property
    def all_now(self) -> dict[str, Parameter]:
        """Every parameter of the rulebook as it is by now."""
        return {name: self.now(name) for name in self.base.rulebook.parameters}

    @property
    def local(self) -> tuple[LocalParameter, ...]:
        """What is set here, in the rulebook's order."""
        return tuple(self.set_here[name] for name in self.base.rulebook.parameters if name in self.set_here)

    def follow(self) -> None:
        """Move every parameter with the one that it follows, where that was moved."""
        for name, parameter in self.base.rulebook.parameters.items():
            follows = parameter.follows
            if name not in self.set_here and follows is not None and follows.parameter in self.set_here:
                self._move(parameter, follows)

    def _move(self, parameter: Parameter, follows: Follows) -> None:
        """Move a parameter with another one, which is set here."""
        other, place = self.set_here[follows.parameter], self.places[follows.parameter]
        made = followed_values(follows, other.now)
        if isinstance(made, Fault):
            place.at("value").report(*_cannot_follow(parameter, follows, made))
            return
        value, variations = made
        if follows.by is None:
            variations = parameter.variations
        if (value, variations) == (parameter.value, parameter.variations):
            return
        if parameter.status is Status.STATUTORY:
            what = f"{parameter.name} moves with {follows.parameter}, is statutory, and cannot be changed"
            place.at("value").report(what, "Take the entry out.", "The law sets it.")
        moved = evolve(parameter, value=value, variations=variations)
        now = evolve(moved, status=other.now.status, source=other.now.source)
        why = other.follows or follows.parameter
        self.set_here[parameter.name] = LocalParameter(now, parameter, other.reason, other.said, (), why)
        self.places[parameter.name] = place

    def check_uses(self) -> None:
        """Report values that cannot be compared with a field that a rule compares them with."""
        reported: set[str] = set()
        for condition in chain.from_iterable(map(walk, _conditions(self.base.rulebook))):
            if isinstance(condition, Compare) and isinstance(condition.operand, FromParameter):
                local = self.set_here.get(condition.operand.name)
                if local is not None and local.name not in reported and (why := misfit(condition.field, local.now)):
                    reported.add(local.name)
                    what = f"{local.name} cannot be compared with {condition.field.full_name}: {why}"
                    self.places[local.name].at("value").report(what, _allowed(condition.field))


def _may_be_set(parameter: Parameter, place: Location) -> bool:
    """Whether a profile may set the parameter; told if not."""
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


def _cannot_follow(parameter: Parameter, follows: Follows, fault: Fault) -> tuple[str, str, str]:
    """What is wrong where a parameter cannot move with another one, what to write, and why it matters."""
    what = f"{parameter.name} moves with {follows.parameter}, and cannot: {fault.what}"
    why = "Rules use both, and one of them would be wrong."
    if follows.by is None:
        return what, "Give every value of it in one unit, those under [[...for]] too.", why
    advice = f"Give every value of it in {follows.by.unit.value}s, or add [parameters.{parameter.name}] with its own."
    return what, advice, why


def _allowed(field: Field) -> str:
    return f"It can be: {listed(field.allowed)}." if field.allowed else f"Use a {field.kind.value}."


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


def read_local_bands(base: ProfileBase, earlier: LocalBands | None, layer: Layer) -> LocalBands | None:
    """The bands that a file of a profile sets; None after telling everything that is wrong with them.

    Args:
        base: the rulebook beneath it.
        earlier: what the files before it set; None where they set none.
        layer: the file.
    """
    place = layer.location.at("bands")
    spec = structure(layer.spec.bands, LocalBandsSpec, place)
    source = None if spec is None else base.source(spec.source, spec.reason, place.at("source"))
    if spec is None or source is None:
        return None
    if base.rulebook.bands.status is Status.STATUTORY:
        place.report("the bands are statutory, and cannot be changed", "Take them out.", "The law sets them.")
    check_local_status(spec.status, place.at("status"))
    before = base.rulebook.bands if earlier is None else earlier.now
    bands = read_bands(_merged(spec, before), {LOCAL: source.document}, place)
    if bands is None or not _have_ids_of(before, bands, place):
        return None
    overrode = () if earlier is None else (*earlier.overrode, (earlier.said, earlier.now))
    now = evolve(bands, source=source)
    return LocalBands(now, base.rulebook.bands, spec.reason, layer.said(place), overrode)


def _have_ids_of(before: Bands, bands: Bands, place: Location) -> bool:
    """Whether bands and sets go by the ids that conclusions name; told if not."""
    if [band.id for band in bands.bands] != (usual := [band.id for band in before.bands]):
        what = f"the bands of the rulebook are {listed(usual, 'and')}"
        advice = "Give a limit for each of those, under the same id and in the same order."
        place.at("band").report(what, advice, "Conclusions name them.")
        return False
    unknown = next((id_ for id_ in bands.sets if id_ not in before.sets), None)
    if unknown is not None:
        find(before.sets, unknown, "band set", place.at("sets", unknown))
    return unknown is None


def _merged(spec: LocalBandsSpec, before: Bands) -> dict[str, object]:
    """The bands as a rulebook would write them: what is said, and else what was in force before."""
    known = before.known if spec.known is None else spec.known
    return {
        "minimum": before.minimum if spec.minimum is None else spec.minimum,
        "status": spec.status.value,
        "source": {"document": LOCAL},
        "band": _merged_limits(spec.band, before),
        "sets": _merged_sets(spec.sets, before),
        **({"known": known} if known else {}),
    }


def _merged_limits(said: object, before: Bands) -> object:
    """The limits that are said, with the labels of the rulebook where they have none; or those of before."""
    if said is None:
        return [{"id": one.id, "label": one.label, "at_least": one.at_least} for one in before.bands]
    if not isinstance(said, list):
        return said
    labels = {band.id: band.label for band in before.bands}
    return [{"label": labels.get(str(one.get("id")), "?"), **one} if isinstance(one, dict) else one for one in said]


def _merged_sets(said: object, before: Bands) -> object:
    """The sets of limits of before, and over them those that are said."""
    if said is not None and not isinstance(said, dict):
        return said
    sets: dict[str, object] = {
        id_: {"label": one.label, "band": [{"id": limit.id, "at_least": limit.at_least} for limit in one.bands]}
        for id_, one in before.sets.items()
    }
    for id_, entry in (said or {}).items():
        label = {"label": before.sets[id_].label} if id_ in before.sets else {}
        sets[id_] = {**label, **entry} if isinstance(entry, dict) else entry
    return sets
