"""Reading how one field or column is drawn: what its kind can be drawn by, and what is usual where nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.problem import Fault
from casescreen.model.rulebook import Roles, Status
from casescreen.rulebook.file_schema import structure, unknown_key
from casescreen.rulebook.names import entries, find
from casescreen.syntax.rule_file import Location
from casescreen.synth.spec import (
    Day,
    Draw,
    Follows,
    Hidden,
    InTurns,
    Maker,
    Numbered,
    OnlyIf,
    SameAs,
    Share,
    Spread,
    WhetherThere,
    Words,
)
from casescreen.text import listed


@frozen(eq=False, repr=False, slots=False)
class SpecFile:
    """The head of generate.toml."""

    status: Status
    about: str
    as_of: date
    hidden: Any = None
    missing: Any = None
    fields: Any = None
    tables: Any = None
    answers: Any = None


@frozen(eq=False, repr=False, slots=False)
class HiddenSpec:
    """A hidden factor."""

    about: str
    group: str = ""
    shared: Any = 0.0


@frozen(eq=False, repr=False, slots=False)
class MissingSpec:
    """What is not recorded where nothing else is said."""

    share: Any
    tables: Any = 0.0
    follows: Any = None


@frozen(eq=False, repr=False, slots=False)
class DrawSpec:
    """A field or a column."""

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
    follows: Any = None
    missing: Any = None
    only_if: Any = None


@frozen(eq=False, repr=False, slots=False)
class RowsSpec:
    """A table."""

    rows: Any = None
    like: Any = None
    share: Any = None
    follows: Any = None
    absent: Any = None
    only_if: Any = None
    dated_by: Any = None
    until: Any = None
    columns: Any = None


@frozen(eq=False, repr=False, slots=False)
class AnswersSpec:
    """What readers answered."""

    share: Any
    yes: Any
    not_applicable: Any = 0.0
    reasons: tuple[str, ...] = ()
    follows: Any = None


_MOST_DAYS = 40_000  # a hundred years
_FURTHEST = 2**53


def read_share(raw: object, otherwise: float, location: Location) -> float:
    """A share from 0 to 1, or the usual one where none is given."""
    if raw is None:
        return otherwise
    if _is_number(raw) and 0 <= float(raw) <= 1:  # type: ignore[arg-type]  # a number, as was just asked
        return float(raw)  # type: ignore[arg-type]
    location.report(
        f'"{location.path[-1]}" is not a share', "Write a number from 0 to 1, as in 0.05 for one in twenty."
    )
    return otherwise


def read_spread(raw: object, location: Location, furthest: int = _FURTHEST) -> Spread:
    """Whole numbers in rising order, at least two."""
    advice = "Write whole numbers in rising order, the least, the middle and the most, as in [0, 3, 20]."
    sound = isinstance(raw, list) and len(raw) > 1 and all(isinstance(n, int) and not isinstance(n, bool) for n in raw)
    if not sound:
        location.report("this is not a spread of numbers", advice)
        return Spread((0, 1))
    assert isinstance(raw, list)
    if any(one > other for one, other in pairwise(raw)):
        location.report("the numbers of the spread do not rise", advice)
    if any(abs(number) > furthest for number in raw):
        location.report("a number of the spread is too large", f"Keep it under {furthest:,}.")
    return Spread(tuple(raw))


def read_days(raw: object, location: Location) -> Spread:
    """A spread of days."""
    return read_spread(raw, location, _MOST_DAYS)


def read_weights(raw: object, location: Location) -> tuple[float, ...]:
    """How likely each of some things is, in any unit."""
    sound = isinstance(raw, list) and all(_is_number(weight) and weight >= 0 for weight in raw)
    if not sound or not sum(raw):  # type: ignore[call-overload]  # a list of numbers, as was just asked
        location.report(
            "this does not say how likely each is", "Write numbers from 0 up, not all of them 0, as in [1, 2, 1]."
        )
        return (1.0,)
    assert isinstance(raw, list)
    return tuple(float(weight) for weight in raw)


def read_words(raw: object, field: Field, location: Location) -> tuple[float, ...]:
    """How likely each allowed word is, in the dictionary's order; a word that is not named never occurs."""
    if raw is None:
        return (1.0,) * len(field.allowed)
    named = entries(raw, "word", location)
    for word in named:
        if word not in field.allowed:
            unknown_key(word, field.allowed, location)
    return read_weights([named.get(word, 0) for word in field.allowed], location)


def read_follows(raw: object, hidden: Mapping[str, Hidden | None], location: Location) -> Follows:
    """The correlation with each hidden factor; together they cannot explain more than everything."""
    found: dict[str, float] = {}
    for name, with_ in entries(raw, "hidden factor", location).items():
        place = location.at(name)
        find(hidden, name, "hidden factor", place)
        if not _is_number(with_) or not -1 <= with_ <= 1:
            place.report(f'"{name}" is not a correlation', "Write a number from -1 to 1, as in -0.4.")
            continue
        found[name] = float(with_)
    if sum(with_**2 for with_ in found.values()) > 1:
        why = "The squares of the correlations add up to more than 1."
        location.report("it follows hidden factors more than it can", "Take smaller numbers.", why)
        return {}
    return {name: with_ for name, with_ in found.items() if name in hidden}


def read_only_if(raw: object, known: Mapping[str, Field], location: Location) -> tuple[OnlyIf, ...]:
    """Fields with the values that they must have, each one value or a list of them."""
    found: list[OnlyIf] = []
    for name, given in entries(raw, "field", location).items():
        place = location.at(name)
        field = find(known, name, "field", place)
        if field is None:
            continue
        read = [field.read(value) for value in (given if isinstance(given, list) else [given])]
        for one in read:
            if isinstance(one, Fault):
                place.report(f"{name}: {one.what}", one.advice)
        values: tuple[Value, ...] = tuple(one for one in read if not isinstance(one, Fault))
        found.append(OnlyIf(field, values))
    return tuple(found)


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


AS_OF = "$as_of"
_EVERY = ("follows", "missing", "only_if")
_KEYS: dict[Kind, tuple[str, ...]] = {
    Kind.YES_NO: ("yes", "recorded"),
    Kind.CHOICE: ("words", "distinct", "same_as", "same"),
    Kind.TEXT: ("texts", "numbered", "cases", "of"),
    Kind.NUMBER: ("spread",),
    Kind.DATE: ("after", "before", "days", "working_days", "in_turn", "never"),
}
_USUAL: dict[Kind, Maker] = {
    Kind.YES_NO: Share(0.7),
    Kind.TEXT: Words(("made up", "also made up", "made up too"), (1.0, 1.0, 1.0)),
    Kind.NUMBER: Spread((0, 5, 20)),
    Kind.DATE: Day(None, Spread((0, 90, 365)), back=True),
}
_MANAGERS, _TEAMS = InTurns("Manager {number}", 12, 1200), InTurns("Team {number}", 120, 120)


@frozen(eq=False)
class DrawScope:
    """What a draw may refer to.

    Attributes:
        fields: by the names that may stand here: of the case, and of the row at hand.
        like: the columns of the table that the rows are like.
        hidden: the hidden factors.
        missing: the share of values that are missing where nothing is said.
        roles: the fields that name who is responsible for the case.
    """

    fields: Mapping[str, Field]
    like: Mapping[str, Field]
    hidden: Mapping[str, Hidden | None]
    missing: float
    roles: Roles


def usual(field: Field, missing: float, roles: Roles, key: str = "") -> Draw:
    """How a field is drawn of which nothing is said but its kind."""
    if field.name == key:
        return Draw(field, Numbered("{number}"))
    if field.kind is Kind.CHOICE:
        return Draw(field, Words(field.allowed, (1.0,) * len(field.allowed)), missing=missing)
    held_by = {roles.team: _TEAMS, roles.manager: _MANAGERS}
    return Draw(field, held_by.get(field.full_name, _USUAL[field.kind]), missing=missing)


def read_draw(raw: object, field: Field, around: DrawScope, location: Location, key: str = "") -> Draw:
    """How the field is drawn; what nothing is said of is drawn as is usual."""
    standing = usual(field, around.missing, around.roles, key)
    spec = structure(raw, DrawSpec, location)
    if spec is None:
        return standing
    assert isinstance(raw, dict)
    _check_keys(raw, field, location)
    follows: Follows = read_follows(spec.follows, around.hidden, location.at("follows"))
    missing = read_share(spec.missing, standing.missing, location.at("missing"))
    if field.name == key and missing:
        location.at("missing").report("the key of a row cannot be missing", "Leave the line out.")
    only_if = read_only_if(spec.only_if, around.fields, location.at("only_if"))
    return Draw(field, _MAKERS[field.kind](spec, field, around, location) or standing.maker, follows, missing, only_if)


def _check_keys(raw: Mapping[str, object], field: Field, location: Location) -> None:
    fit = (*_KEYS[field.kind], *_EVERY)
    for name in raw:
        kinds = [kind.value for kind, keys in _KEYS.items() if name in keys]
        if kinds and name not in fit:
            what = f'"{name}" is for a {listed(kinds)}, and this is a {field.kind.value}'
            location.at(name).report(what, f"What can stand here: {listed(fit)}.")


def _yes_no(spec: DrawSpec, _: Field, around: DrawScope, location: Location) -> Maker | None:
    if spec.recorded is not None:
        of = find(around.fields, spec.recorded, "field", location.at("recorded"))
        return None if of is None else WhetherThere(of)
    return None if spec.yes is None else Share(read_share(spec.yes, 0.5, location.at("yes")))


def _choice(spec: DrawSpec, field: Field, around: DrawScope, location: Location) -> Maker | None:
    words = Words(field.allowed, read_words(spec.words, field, location.at("words")), spec.distinct)
    if spec.same_as is None:
        return words
    column = find(around.like, spec.same_as, "column", location.at("same_as"), "in the table that the rows are like")
    if column is None:
        return None
    if column.allowed != field.allowed:
        location.at("same_as").report(
            f"{column.full_name} has other words than {field.full_name}", "Name another column."
        )
    return SameAs(column, read_share(spec.same, 1.0, location.at("same")), words)


def _text(spec: DrawSpec, _: Field, __: DrawScope, location: Location) -> Maker | None:
    if spec.texts is not None:
        texts = spec.texts
        if not isinstance(texts, list) or not texts or not all(isinstance(one, str) and one.strip() for one in texts):
            location.at("texts").report("this is not a list of texts", 'Write a list, as in ["one", "another"].')
            return None
        return Words(tuple(texts), (1.0,) * len(texts))
    if not spec.numbered:
        return None
    if "{number}" not in spec.numbered:
        location.at("numbered").report(
            "the text does not say where its number stands", 'Write it as "Worker {number}".'
        )
    if bool(spec.cases) is not bool(spec.of) or spec.cases < 0 or spec.of < 0:
        advice = "Write cases = 12 and of = 100 for a hundred numbers that stand for twelve cases in turn each."
        location.report('"cases" and "of" belong together, and both count something', advice)
    return InTurns(spec.numbered, spec.cases, spec.of) if spec.cases and spec.of else Numbered(spec.numbered)


def _number(spec: DrawSpec, _: Field, __: DrawScope, location: Location) -> Maker | None:
    return None if spec.spread is None else read_spread(spec.spread, location.at("spread"))


def _date(spec: DrawSpec, field: Field, around: DrawScope, location: Location) -> Maker | None:
    given = [name for name in ("after", "before") if getattr(spec, name) is not None]
    units = [name for name in ("days", "working_days") if getattr(spec, name) is not None]
    if not given and not units:
        return None
    if len(given) != 1 or len(units) != 1:
        advice = 'Write after = "...", or before = "...", and days = [...], or working_days = [...].'
        location.report("it is not said how far the date is from which other", advice)
        return None
    (side,), (unit,) = given, units
    days = read_days(getattr(spec, unit), location.at(unit))
    never = read_share(spec.never, 0.0, location.at("never"))
    day = Day(None, days, side == "before", unit == "working_days", spec.in_turn, never)
    other = getattr(spec, side)
    if spec.in_turn and not field.table:
        location.at("in_turn").report("only rows come in turn, and this is a field of the case", "Leave the line out.")
    if other == AS_OF:
        return day
    of = find(around.fields, other, "date", location.at(side))
    if of is not None and of.kind is not Kind.DATE:
        location.at(side).report(f"{of.name} is a {of.kind.value} and not a date", f'Name a date, or "{AS_OF}".')
        return None
    return evolve(day, of=of)


_MAKERS: dict[Kind, Callable[[DrawSpec, Field, DrawScope, Location], Maker | None]] = {
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
}
