"""Kleene's three truth values: what a condition can come to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """True, false, or not known from what the record shows."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    __hash__ = object.__hash__  # each is one of a kind; by name, in Python, it takes ten times as long


def truth(value: bool) -> Truth:
    """The truth value of a plain yes or no."""
    return Truth.TRUE if value else Truth.FALSE


def negate(value: Truth) -> Truth:
    """Swap true and false; what is unknown stays unknown."""
    if value is Truth.UNKNOWN:
        return value
    return Truth.FALSE if value is Truth.TRUE else Truth.TRUE


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown, else true."""
    result = Truth.TRUE
    for value in values:
        if value is Truth.FALSE:
            return value
        if value is Truth.UNKNOWN:
            result = value
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true, else unknown if any is unknown, else false."""
    result = Truth.FALSE
    for value in values:
        if value is Truth.TRUE:
            return value
        if value is Truth.UNKNOWN:
            result = value
    return result
