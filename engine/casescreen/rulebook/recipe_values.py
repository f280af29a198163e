"""Reading the figures of generate.toml: shares, spreads, weights, and what goes with what."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from casescreen.model.dictionary import Field, Mismatch, Value
from casescreen.model.recipe import Follows, Hidden, OnlyIf, Spread
from casescreen.rulebook.file_schema import unknown_key
from casescreen.rulebook.names import entries, find
from casescreen.syntax.rule_file import Spot

_MOST_DAYS = 40_000  # a hundred years
_FURTHEST = 2**53


def read_share(raw: object, otherwise: float, spot: Spot) -> float:
    """A share from 0 to 1, or the usual one where none is given."""
    if raw is None:
        return otherwise
    if _is_number(raw) and 0 <= float(raw) <= 1:  # type: ignore[arg-type]  # a number, as was just asked
        return float(raw)  # type: ignore[arg-type]
    spot.tell(f'"{spot.path[-1]}" is not a share', "Write a number from 0 to 1, as in 0.05 for one in twenty.")
    return otherwise


def read_spread(raw: object, spot: Spot, furthest: int = _FURTHEST) -> Spread:
    """Whole numbers in rising order, at least two."""
    advice = "Write whole numbers in rising order, the least, the middle and the most, as in [0, 3, 20]."
    sound = isinstance(raw, list) and len(raw) > 1 and all(isinstance(n, int) and not isinstance(n, bool) for n in raw)
    if not sound:
        spot.tell("this is not a spread of numbers", advice)
        return Spread((0, 1))
    assert isinstance(raw, list)
    if any(one > other for one, other in pairwise(raw)):
        spot.tell("the numbers of the spread do not rise", advice)
    if any(abs(number) > furthest for number in raw):
        spot.tell("a number of the spread is too large", f"Keep it under {furthest:,}.")
    return Spread(tuple(raw))


def read_days(raw: object, spot: Spot) -> Spread:
    """A spread of days."""
    return read_spread(raw, spot, _MOST_DAYS)


def read_weights(raw: object, spot: Spot) -> tuple[float, ...]:
    """How likely each of some things is, in any unit."""
    sound = isinstance(raw, list) and all(_is_number(weight) and weight >= 0 for weight in raw)
    if not sound or not sum(raw):  # type: ignore[call-overload]  # a list of numbers, as was just asked
        spot.tell(
            "this does not say how likely each is", "Write numbers from 0 up, not all of them 0, as in [1, 2, 1]."
        )
        return (1.0,)
    assert isinstance(raw, list)
    return tuple(float(weight) for weight in raw)


def read_words(raw: object, field: Field, spot: Spot) -> tuple[float, ...]:
    """How likely each allowed word is, in the dictionary's order; a word that is not named never occurs."""
    if raw is None:
        return (1.0,) * len(field.allowed)
    named = entries(raw, "word", spot)
    for word in named:
        if word not in field.allowed:
            unknown_key(word, field.allowed, spot)
    return read_weights([named.get(word, 0) for word in field.allowed], spot)


def read_follows(raw: object, hidden: Mapping[str, Hidden | None], spot: Spot) -> Follows:
    """The correlation with each hidden factor; together they cannot explain more than everything."""
    found: dict[str, float] = {}
    for name, with_ in entries({} if raw is None else raw, "hidden factor", spot).items():
        place = spot.at(name)
        find(hidden, name, "hidden factor", place)
        if not _is_number(with_) or not -1 <= with_ <= 1:
            place.tell(f'"{name}" is not a correlation', "Write a number from -1 to 1, as in -0.4.")
            continue
        found[name] = float(with_)
    if sum(with_**2 for with_ in found.values()) > 1:
        why = "The squares of the correlations add up to more than 1."
        spot.tell("it follows hidden factors more than it can", "Take smaller numbers.", why)
        return {}
    return {name: with_ for name, with_ in found.items() if name in hidden}


def read_only_if(raw: object, known: Mapping[str, Field], spot: Spot) -> tuple[OnlyIf, ...]:
    """Fields with the values that they must have, each one value or a list of them."""
    found: list[OnlyIf] = []
    for name, given in entries({} if raw is None else raw, "field", spot).items():
        place = spot.at(name)
        field = find(known, name, "field", place)
        if field is None:
            continue
        read = [field.read(value) for value in (given if isinstance(given, list) else [given])]
        for one in read:
            if isinstance(one, Mismatch):
                place.tell(f"{name}: {one.what}", one.advice)
        values: tuple[Value, ...] = tuple(one for one in read if not isinstance(one, Mismatch))
        found.append(OnlyIf(field, values))
    return tuple(found)


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)
