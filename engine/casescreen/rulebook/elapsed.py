"""Reading lengths of time, and the dates that they run from."""

from __future__ import annotations

from casescreen.model.calendar import Duration, read_duration
from casescreen.model.condition import FromParameter, Literal
from casescreen.model.dictionary import Field, Kind
from casescreen.rulebook.ground import Ground
from casescreen.rulebook.parameters import kind_of
from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean, in_words


def read_limit(raw: object, ground: Ground, spot: Spot) -> Literal | FromParameter | None:
    """A length of time, or a parameter that is one; None after telling what is wrong with it."""
    if isinstance(raw, str) and raw.startswith("$"):
        return _parameter(raw[1:], ground, spot)
    limit = read_duration(raw) if isinstance(raw, str) else None
    if limit is None:
        advice = 'Write a number of working days, days, weeks or months, as in "15 working days", or a "$parameter".'
        spot.tell(f'"{in_words(raw)}" is not a length of time', advice)
        return None
    return Literal(limit)


def read_start(raw: object, ground: Ground, spot: Spot) -> Field | None:
    """The date that a length of time runs from; None after telling what is wrong with it."""
    start = ground.field(raw, spot)
    if start is not None and start.kind is not Kind.DATE:
        why = "A length of time runs from a date."
        spot.tell(f"{start.name} is a {start.kind.value}, not a date", "Name a date.", why)
        return None
    return start


def _parameter(name: str, ground: Ground, spot: Spot) -> FromParameter | None:
    parameter = ground.parameter(name, spot)
    if parameter is None:
        return None
    if not isinstance(parameter.value, Duration):
        lengths = [n for n, p in ground.vocabulary.parameters.items() if p and isinstance(p.value, Duration)]
        advice = did_you_mean(name, lengths) or 'Name another, or write a length as in "15 working days".'
        spot.tell(f"the parameter ${name} is {kind_of(parameter.value)}, not a length of time", advice)
        return None
    return FromParameter(parameter.name)
