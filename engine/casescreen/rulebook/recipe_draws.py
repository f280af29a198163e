"""Reading how one field or column is drawn: what its kind can be drawn by, and what is usual where nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve, frozen

from casescreen.model.dictionary import Field, Kind
from casescreen.model.recipe import (
    Day,
    Draw,
    Follows,
    Hidden,
    InTurns,
    Maker,
    Numbered,
    SameAs,
    Share,
    Spread,
    WhetherThere,
    Words,
)
from casescreen.rulebook.file_schema import structure
from casescreen.rulebook.names import MANAGER_FIELD, TEAM_FIELD, find
from casescreen.rulebook.recipe_specs import DrawSpec
from casescreen.rulebook.recipe_values import (
    read_days,
    read_follows,
    read_only_if,
    read_share,
    read_spread,
    read_words,
)
from casescreen.syntax.rule_file import Spot
from casescreen.text import listed

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
_HELD_BY = {MANAGER_FIELD: InTurns("Manager {number}", 12, 1200), TEAM_FIELD: InTurns("Team {number}", 120, 120)}


@frozen(eq=False)
class Around:
    """What a draw may refer to.

    Attributes:
        fields: by the names that may stand here: of the case, and of the row at hand.
        like: the columns of the table that the rows are like.
        hidden: the hidden factors.
        missing: the share of values that are missing where nothing is said.
    """

    fields: Mapping[str, Field]
    like: Mapping[str, Field]
    hidden: Mapping[str, Hidden | None]
    missing: float


def usual(field: Field, missing: float, key: str = "") -> Draw:
    """How a field is drawn of which nothing is said but its kind."""
    if field.name == key:
        return Draw(field, Numbered("{number}"))
    if field.kind is Kind.CHOICE:
        return Draw(field, Words(field.allowed, (1.0,) * len(field.allowed)), missing=missing)
    return Draw(field, _HELD_BY.get(field.full_name, _USUAL[field.kind]), missing=missing)


def read_draw(raw: object, field: Field, around: Around, spot: Spot, key: str = "") -> Draw:
    """How the field is drawn; what nothing is said of is drawn as is usual."""
    standing = usual(field, around.missing, key)
    spec = structure(raw, DrawSpec, spot)
    if spec is None:
        return standing
    assert isinstance(raw, dict)
    _check_keys(raw, field, spot)
    follows: Follows = read_follows(spec.follows, around.hidden, spot.at("follows"))
    missing = read_share(spec.missing, standing.missing, spot.at("missing"))
    if field.name == key and missing:
        spot.at("missing").tell("the key of a row cannot be missing", "Leave the line out.")
    only_if = read_only_if(spec.only_if, around.fields, spot.at("only_if"))
    return Draw(field, _MAKERS[field.kind](spec, field, around, spot) or standing.maker, follows, missing, only_if)


def _check_keys(raw: Mapping[str, object], field: Field, spot: Spot) -> None:
    fit = (*_KEYS[field.kind], *_EVERY)
    for name in raw:
        kinds = [kind.value for kind, keys in _KEYS.items() if name in keys]
        if kinds and name not in fit:
            what = f'"{name}" is for a {listed(kinds)}, and this is a {field.kind.value}'
            spot.at(name).tell(what, f"What can stand here: {listed(fit)}.")


def _yes_no(spec: DrawSpec, _: Field, around: Around, spot: Spot) -> Maker | None:
    if spec.recorded is not None:
        of = find(around.fields, spec.recorded, "field", spot.at("recorded"))
        return None if of is None else WhetherThere(of)
    return None if spec.yes is None else Share(read_share(spec.yes, 0.5, spot.at("yes")))


def _choice(spec: DrawSpec, field: Field, around: Around, spot: Spot) -> Maker | None:
    words = Words(field.allowed, read_words(spec.words, field, spot.at("words")), spec.distinct)
    if spec.same_as is None:
        return words
    column = find(around.like, spec.same_as, "column", spot.at("same_as"), "in the table that the rows are like")
    if column is None:
        return None
    if column.allowed != field.allowed:
        spot.at("same_as").tell(f"{column.full_name} has other words than {field.full_name}", "Name another column.")
    return SameAs(column, read_share(spec.same, 1.0, spot.at("same")), words)


def _text(spec: DrawSpec, _: Field, __: Around, spot: Spot) -> Maker | None:
    if spec.texts is not None:
        texts = spec.texts
        if not isinstance(texts, list) or not texts or not all(isinstance(one, str) and one.strip() for one in texts):
            spot.at("texts").tell("this is not a list of texts", 'Write a list, as in ["one", "another"].')
            return None
        return Words(tuple(texts), (1.0,) * len(texts))
    if not spec.numbered:
        return None
    if "{number}" not in spec.numbered:
        spot.at("numbered").tell("the text does not say where its number stands", 'Write it as "Worker {number}".')
    if bool(spec.cases) is not bool(spec.of) or spec.cases < 0 or spec.of < 0:
        advice = "Write cases = 12 and of = 100 for a hundred numbers that stand for twelve cases in turn each."
        spot.tell('"cases" and "of" belong together, and both count something', advice)
    return InTurns(spec.numbered, spec.cases, spec.of) if spec.cases and spec.of else Numbered(spec.numbered)


def _number(spec: DrawSpec, _: Field, __: Around, spot: Spot) -> Maker | None:
    return None if spec.spread is None else read_spread(spec.spread, spot.at("spread"))


def _date(spec: DrawSpec, field: Field, around: Around, spot: Spot) -> Maker | None:
    given = [name for name in ("after", "before") if getattr(spec, name) is not None]
    units = [name for name in ("days", "working_days") if getattr(spec, name) is not None]
    if not given and not units:
        return None
    if len(given) != 1 or len(units) != 1:
        advice = 'Write after = "...", or before = "...", and days = [...], or working_days = [...].'
        spot.tell("it is not said how far the date is from which other", advice)
        return None
    (side,), (unit,) = given, units
    days = read_days(getattr(spec, unit), spot.at(unit))
    never = read_share(spec.never, 0.0, spot.at("never"))
    day = Day(None, days, side == "before", unit == "working_days", spec.in_turn, never)
    other = getattr(spec, side)
    if spec.in_turn and not field.table:
        spot.at("in_turn").tell("only rows come in turn, and this is a field of the case", "Leave the line out.")
    if other == AS_OF:
        return day
    of = find(around.fields, other, "date", spot.at(side))
    if of is not None and of.kind is not Kind.DATE:
        spot.at(side).tell(f"{of.name} is a {of.kind.value} and not a date", f'Name a date, or "{AS_OF}".')
        return None
    return evolve(day, of=of)


_MAKERS: dict[Kind, Callable[[DrawSpec, Field, Around, Spot], Maker | None]] = {
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
}
