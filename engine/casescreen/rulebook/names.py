"""Finding what a rule names, or telling that there is no such thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from casescreen.syntax.rule_file import Spot
from casescreen.text import did_you_mean, listed

T = TypeVar("T")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def find(known: Mapping[str, T | None], name: object, noun: str, spot: Spot, where: str = "") -> T | None:
    """What goes by the name.

    None if nothing does, which is told, or if what does is itself broken, which was told where it stands.
    """
    if not isinstance(name, str):
        spot.tell(f"the {noun} is not named in quotes", f'Write the name of the {noun} in quotes, as in "name".')
        return None
    if name not in known:
        spot.tell(f'there is no {noun} "{name}"{where and f" {where}"}', did_you_mean(name, known))
        return None
    return known[name]


def is_id(name: str, noun: str, spot: Spot) -> bool:
    """Whether the name is fit for a criterion, theme and the like; told if not."""
    if _ID.fullmatch(name):
        return True
    spot.tell(f'"{name}" is no id for a {noun}', "Use lower-case letters, digits and single hyphens.")
    return False


def is_word(name: str, noun: str, spot: Spot) -> bool:
    """Whether the name is fit for a field, a table or a parameter; told if not."""
    if _WORD.fullmatch(name):
        return True
    advice = "Use lower-case letters, digits and single underscores, and begin with a letter."
    spot.tell(f'"{name}" is no name for a {noun}', advice)
    return False


def entries(raw: object, noun: str, spot: Spot) -> dict[str, Any]:
    """The named entries of a group, which must be a TOML table; told, and empty, if it is not one."""
    if isinstance(raw, dict):
        return raw
    spot.tell(f"this is not a group of {noun}s", f"Write one table for each {noun}, under its name.")
    return {}


def sound(known: Mapping[str, T | None]) -> tuple[T, ...]:
    """What is not broken, in order."""
    return tuple(entry for entry in known.values() if entry is not None)


def quoted(words: Iterable[str]) -> str:
    """Words of ours in quotes, as a phrase: "one", "another" and "a third"."""
    return listed((f'"{word}"' for word in words), "and")
