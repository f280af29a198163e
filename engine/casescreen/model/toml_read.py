"""Reading TOML that anybody may have written: bounded work, and a fault in plain English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

from casescreen.model.toml_fault import TomlFault, fault_of

DEEPEST = 32

_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?m)(?:^|[,{{])[ \t]*+\[{{0,2}}[ \t]*+(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
_FIGURES = re.compile(r"[0-9][0-9a-fA-F_]{1000,}+")
_MOST_FIGURES = 30_000
_TOO_LONG, _SHORTEN = "a number in it is far too long", "Write it with fewer figures, or in quotes as text."
_TOO_DEEP = f"more than {DEEPEST} levels stand inside one another"
_FLATTEN = "Look for brackets that are never closed, or for a name with very many dots in it."


def read_toml(text: str) -> dict[str, object] | TomlFault:
    """The tables and values of a TOML text, or the first thing in it that stops it being read.

    Whatever the text is, this returns, without deep recursion and in time that grows with its length.
    """
    if (line := _line_of_long_key(text)) is not None:
        return TomlFault(line, _TOO_DEEP, _FLATTEN)
    if (line := _line_of_long_number(text)) is not None:
        return TomlFault(line, _TOO_LONG, _SHORTEN)
    try:
        # The parser names a line only where the text goes on; the line end makes the last line like the others.
        found = tomllib.loads(f"{text}\n")
    except tomllib.TOMLDecodeError as error:
        return fault_of(text, str(error))
    except RecursionError:
        return TomlFault(0, _TOO_DEEP, _FLATTEN)
    except ValueError:  # Python converts no more than some thousands of figures to a number
        return TomlFault(0, _TOO_LONG, _SHORTEN)
    return TomlFault(0, _TOO_DEEP, _FLATTEN) if too_deep(found) else found


def too_deep(value: object) -> bool:
    """Whether groups and lists stand in one another more than ``DEEPEST`` levels deep."""
    level: list[object] = [value]
    for _ in range(DEEPEST + 1):
        level = [part for group in level for part in _parts(group) if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def _parts(group: object) -> Iterable[object]:
    if isinstance(group, dict):
        return group.values()
    return group if isinstance(group, list) else ()


def _line_of_long_number(text: str) -> int | None:
    """The line of a run of very many figures, on which the parser spends a hundred times its length in memory."""
    for match in _FIGURES.finditer(text):
        if match.end() - match.start() > _MOST_FIGURES:
            return text.count("\n", 0, match.start()) + 1
    return None


def _line_of_long_key(text: str) -> int | None:
    """The line of a dotted key of very many parts, on which the parser's work grows with their square."""
    if not any(line.count(".") >= DEEPEST for line in text.split("\n")):
        return None
    match = _LONG_KEY.search(text)
    return None if match is None else text.count("\n", 0, match.start()) + 1
