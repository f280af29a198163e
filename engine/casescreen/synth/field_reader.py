"""Reading how one field or column is drawn: what its kind can be drawn by, and the default where nothing is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeGuard

from attrs import Factory, frozen

from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import Fault
from casescreen.model.rulebook import Roles
from casescreen.rulebook.file_schema import structure, unknown_key
from casescreen.rulebook.names import entries, find
from casescreen.syntax.rule_file import Location
from casescreen.synth.spec import (
    Alternative,
    Bernoulli,
    Choice,
    Cycle,
    DateOffset,
    Distribution,
    IsRecorded,
    LatentVariable,
    ParentCopy,
    Precondition,
    Quantiles,
    SerialNumber,
    SyntheticField,
)
from casescreen.text import listed

AS_OF = "$as_of"
_MOST_DAYS = 40_000  # a hundred years
_LARGEST_NUMBER = 2**53
_KEYS_OF_ALL = ("follows", "missing", "only_if")
_RECORDED = "recorded"
_KEYS: dict[Kind, tuple[str, ...]] = {
    Kind.YES_NO: ("yes", "recorded", "instead"),
    Kind.CHOICE: ("words", "distinct", "same_as", "same", "instead"),
    Kind.TEXT: ("texts", "numbered", "cases", "of"),
    Kind.NUMBER: ("spread", "instead"),
    Kind.DATE: ("after", "before", "days", "working_days", "in_turn", "never", "instead"),
}
_DEFAULTS: dict[Kind, Distribution] = {
    Kind.YES_NO: Bernoulli(0.7),
    Kind.TEXT: Choice(("made up", "also made up", "made up too"), (1.0, 1.0, 1.0)),
    Kind.NUMBER: Quantiles((0, 5, 20)),
    Kind.DATE: DateOffset(None, Quantiles((0, 90, 365)), back=True),
}
_MANAGERS, _TEAMS = Cycle("Manager {number}", 12, 1200), Cycle("Team {number}", 120, 120)


@frozen(eq=False, repr=False, slots=False)
class FieldEntry:
    """A field or a column, as it is written."""

    yes: Any = None
    recorded: Any = None
    words: Any = None
    texts: Any = None
    distinct: bool = False
    numbered: str = ""
    cases: int = 0
    of: int = 0
    spread: Any = None
    after: Any = None
    before: Any = None
    days: Any = None
    working_days: Any = None
    in_turn: bool = False
    never: Any = None
    same_as: Any = None
    same: Any = None
    follows: Any = Factory(dict)
    missing: Any = None
    only_if: Any = Factory(dict)
    instead: Any = Factory(list)


@frozen(eq=False)
class References:
    """What an entry may refer to.

    Attributes:
        fields: by the names that may stand here: of the case, and of the row at hand.
        latent: the latent variables; None for one that is itself broken.
        missing: the share of values that are missing where nothing is said.
        absent: the share of cases without a table where nothing is said.
        roles: the fields that name who is responsible for the case.
        parent: the columns of the parent row.
    """

    fields: Mapping[str, Field]
    latent: Mapping[str, LatentVariable | None]
    missing: float
    absent: float
    roles: Roles
    parent: Mapping[str, Field] = Factory(dict)


def default_field(field: Field, missing: float, roles: Roles, key: str = "") -> SyntheticField:
    """How a field is drawn of which nothing is said but its kind."""
    if field.name == key:
        return SyntheticField(field, SerialNumber("{number}"))
    if field.kind is Kind.CHOICE:
        return SyntheticField(field, Choice(field.allowed, (1.0,) * len(field.allowed)), missing=missing)
    owners = {roles.team: _TEAMS, roles.manager: _MANAGERS}
    return SyntheticField(field, owners.get(field.full_name, _DEFAULTS[field.kind]), missing=missing)


def read_field(raw: object, field: Field, references: References, location: Location, key: str = "") -> SyntheticField:
    """How the field is drawn; what nothing is said of is drawn as by default."""
    default = default_field(field, references.missing, references.roles, key)
    entry = structure(raw, FieldEntry, location)
    if entry is None:
        return default
    _check_keys(raw, (*_KEYS[field.kind], *_KEYS_OF_ALL), field, location)
    correlations = read_correlations(entry.follows, references.latent, location.at("follows"))
    missing = read_share(entry.missing, default.missing, location.at("missing"))
    if field.name == key and missing:
        location.at("missing").report("the key of a row cannot be missing", "Leave the line out.")
    only_if = read_preconditions(entry.only_if, references.fields, location.at("only_if"))
    distribution = _distribution(entry, field, references, location) or default.distribution
    instead = tuple(_alternatives(entry.instead, field, references, location.at("instead")))
    return SyntheticField(field, distribution, correlations, missing, only_if, instead)


def _check_keys(raw: object, permitted: Sequence[str], field: Field, location: Location) -> None:
    """Report what cannot stand in a group of this kind of field."""
    assert isinstance(raw, dict)
    for name in raw:
        if name not in permitted:
            kinds = listed(kind.value for kind, keys in _KEYS.items() if name in keys)
            what = f'"{name}" is for a {kinds}, and this is a {field.kind.value}'
            if not kinds or name in _KEYS[field.kind]:
                what = f'"{name}" cannot stand here'
            location.at(name).report(what, f"What can stand here: {listed(permitted)}.")


def _alternatives(raw: object, field: Field, references: References, location: Location) -> Iterator[Alternative]:
    """What the field is drawn by instead, each with what must be so."""
    if not isinstance(raw, list):
        location.report("this is not a list of groups", "Begin each with two brackets, as in [[....instead]].")
        return
    for number, one in enumerate(raw):
        place = location.at(number)
        if (entry := structure(one, FieldEntry, place)) is None:
            continue
        _check_keys(one, (*(key for key in _KEYS[field.kind] if key != "instead"), "only_if"), field, place)
        if set(one) <= {"only_if"} or not entry.only_if:
            place.report(
                "it does not say when it counts, and what is drawn then", "Write only_if, and how it is drawn."
            )
            continue
        only_if = read_preconditions(entry.only_if, references.fields, place.at("only_if"))
        if (distribution := _distribution(entry, field, references, place)) is not None:
            yield Alternative(only_if, distribution)


def read_share(raw: object, default: float, location: Location) -> float:
    """A share from 0 to 1, or the default where none is given."""
    if raw is None:
        return default
    if _is_number(raw) and 0 <= raw <= 1:
        return float(raw)
    what = f'"{location.path[-1]}" is not a share'
    location.report(what, "Write a number from 0 to 1, as in 0.05 for one in twenty.")
    return default


def read_weights(raw: object, location: Location) -> tuple[float, ...]:
    """How likely each of some things is, in any unit."""
    if isinstance(raw, list) and all(_is_number(weight) and weight >= 0 for weight in raw) and sum(raw):
        return tuple(float(weight) for weight in raw)
    advice = "Write numbers from 0 up, not all of them 0, as in [1, 2, 1]."
    location.report("this does not say how likely each is", advice)
    return (1.0,)


def read_correlations(raw: object, latent: Mapping[str, LatentVariable | None], location: Location) -> dict[str, float]:
    """The correlation with each latent variable; together they cannot explain more than everything."""
    correlations: dict[str, float] = {}
    for name, correlation in entries(raw, "hidden factor", location).items():
        find(latent, name, "hidden factor", location.at(name))
        if _is_number(correlation) and -1 <= correlation <= 1:
            correlations[name] = float(correlation)
        else:
            what = f'"{name}" is not a correlation'
            location.at(name).report(what, "Write a number from -1 to 1, as in -0.4.")
    if sum(correlation**2 for correlation in correlations.values()) > 1:
        why = "The squares of the correlations add up to more than 1."
        location.report("it follows hidden factors more than it can", "Take smaller numbers.", why)
    return correlations


def read_preconditions(raw: object, known: Mapping[str, Field], location: Location) -> tuple[Precondition, ...]:
    """Fields with the values that they must have, each one value or a list; "recorded" is any value there is."""
    preconditions: list[Precondition] = []
    for name, allowed in entries(raw, "field", location).items():
        if (field := find(known, name, "field", location.at(name))) is None:
            continue
        values: list[Value] = []
        if allowed == _RECORDED and field.kind not in {Kind.TEXT, Kind.CHOICE}:
            preconditions.append(Precondition(field, ()))
            continue
        for raw_value in allowed if isinstance(allowed, list) else [allowed]:
            if isinstance(value := field.read(raw_value), Fault):
                location.at(name).report(f"{name}: {value.what}", value.advice)
            else:
                values.append(value)
        preconditions.append(Precondition(field, tuple(values)))
    return tuple(preconditions)


def read_date_field(
    name: object, known: Mapping[str, Field], location: Location, advice: str = "Name a date."
) -> Field | None:
    """The date that goes by the name; None after telling that there is none."""
    field = find(known, name, "date", location)
    if field is not None and field.kind is not Kind.DATE:
        location.report(f"{field.name} is a {field.kind.value} and not a date", advice)
        return None
    return field


def _distribution(entry: FieldEntry, field: Field, references: References, location: Location) -> Distribution | None:
    """None where nothing is said of it, or after telling what is wrong."""
    match field.kind:
        case Kind.YES_NO if entry.recorded is not None:
            other = find(references.fields, entry.recorded, "field", location.at("recorded"))
            return None if other is None else IsRecorded(other)
        case Kind.YES_NO:
            return None if entry.yes is None else Bernoulli(read_share(entry.yes, 0.5, location.at("yes")))
        case Kind.NUMBER:
            spread = entry.spread
            return None if spread is None else _quantiles(spread, location.at("spread"), _LARGEST_NUMBER)
        case Kind.CHOICE:
            return _choice(entry, field, references.parent, location)
        case Kind.TEXT:
            return _text(entry, location)
        case Kind.DATE:
            return _date(entry, field, references.fields, location)


def _quantiles(raw: object, location: Location, largest: int) -> Quantiles:
    """Whole numbers in rising order, at least two."""
    advice = "Write whole numbers in rising order, the least, the middle and the most, as in [0, 3, 20]."
    if not isinstance(raw, list) or len(raw) <= 1 or not all(type(number) is int for number in raw):
        location.report("this is not a spread of numbers", advice)
        return Quantiles((0, 1))
    if any(number > following for number, following in pairwise(raw)):
        location.report("the numbers of the spread do not rise", advice)
    if any(abs(number) > largest for number in raw):
        location.report("a number of the spread is too large", f"Keep it under {largest:,}.")
    return Quantiles(tuple(raw))


def _choice(
    entry: FieldEntry, field: Field, parent: Mapping[str, Field], location: Location
) -> Choice | ParentCopy | None:
    """One of the allowed words; a word that is not named never occurs."""
    weights: tuple[float, ...] = (1.0,) * len(field.allowed)
    if entry.words is not None:
        place = location.at("words")
        named = entries(entry.words, "word", place)
        for word in named:
            if word not in field.allowed:
                unknown_key(word, field.allowed, place)
        weights = read_weights([named.get(word, 0) for word in field.allowed], place)
    choice = Choice(field.allowed, weights, entry.distinct)
    if entry.same_as is None:
        return choice
    place = location.at("same_as")
    column = find(parent, entry.same_as, "column", place, "in the table that the rows are like")
    if column is None:
        return None
    if column.allowed != field.allowed:
        place.report(f"{column.full_name} has other words than {field.full_name}", "Name another column.")
    return ParentCopy(column, read_share(entry.same, 1.0, location.at("same")), choice)


def _text(entry: FieldEntry, location: Location) -> Choice | SerialNumber | Cycle | None:
    texts, text = entry.texts, entry.numbered
    if texts is not None:
        if not isinstance(texts, list) or not texts or not all(isinstance(one, str) and one.strip() for one in texts):
            location.at("texts").report("this is not a list of texts", 'Write a list, as in ["one", "another"].')
            return None
        return Choice(tuple(texts), (1.0,) * len(texts))
    if not text:
        return None
    if "{number}" not in text:
        what = "the text does not say where its number stands"
        location.at("numbered").report(what, 'Write it as "Worker {number}".')
    if bool(entry.cases) is not bool(entry.of) or entry.cases < 0 or entry.of < 0:
        advice = "Write cases = 12 and of = 100 for a hundred numbers that stand for twelve cases in turn each."
        location.report('"cases" and "of" belong together, and both count something', advice)
    return Cycle(text, entry.cases, entry.of) if entry.cases and entry.of else SerialNumber(text)


def _date(entry: FieldEntry, field: Field, known: Mapping[str, Field], location: Location) -> DateOffset | None:
    sides = [name for name in ("after", "before") if getattr(entry, name) is not None]
    units = [name for name in ("days", "working_days") if getattr(entry, name) is not None]
    if not sides and not units:
        return None
    if len(sides) != 1 or len(units) != 1:
        advice = 'Write after = "...", or before = "...", and days = [...], or working_days = [...].'
        location.report("it is not said how far the date is from which other", advice)
        return None
    (side,), (unit,) = sides, units
    if entry.in_turn and not field.table:
        location.at("in_turn").report("only rows come in turn, and this is a field of the case", "Leave the line out.")
    base, advice = getattr(entry, side), f'Name a date, or "{AS_OF}".'
    return DateOffset(
        None if base == AS_OF else read_date_field(base, known, location.at(side), advice),
        _quantiles(getattr(entry, unit), location.at(unit), _MOST_DAYS),
        side == "before",
        unit == "working_days",
        entry.in_turn,
        read_share(entry.never, 0.0, location.at("never")),
    )


def _is_number(raw: object) -> TypeGuard[float]:
    return isinstance(raw, int | float) and not isinstance(raw, bool)
