"""Rule files as they were read, and places in them that a problem can be pinned to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from casescreen.model.problem import Fault, Place, Problem
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.syntax.toml_lines import KeyPath

LARGEST_FILE = 1024 * 1024
_LONGEST = 1000


@frozen(eq=False)
class RuleFile:
    """One TOML file of a rulebook.

    Attributes:
        name: how messages name it: relative to the folder above the rulebook's, with forward slashes.
        data: what it says.
    """

    name: str
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        # Finding lines costs as much as reading, and is needed only to tell a problem.
        from casescreen.syntax.toml_lines import lines_of  # noqa: PLC0415

        return lines_of(self.text)

    def row_lines(self, name: str, count: int) -> tuple[int, ...]:
        """The line of each row of a list, without the cost of finding every line, where its headers are plain."""
        starts = [match.start() for match in re.finditer(rf"(?m)^[ \t]*\[\[[ \t]*{name}[ \t]*\]\]", self.text)]
        if len(starts) == count:
            return tuple(self.text.count("\n", 0, start) + 1 for start in starts)
        return tuple(self.line((name, number)) for number in range(count))

    def line(self, path: KeyPath) -> int:
        """The line of what stands at the path, or of the nearest thing around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)


@frozen(eq=False)
class Location:
    """A place in a rule file, and the list that problems found there are told to.

    Attributes:
        told: every problem of the rulebook so far; the one list that reading adds to.
        path: the keys and positions that lead there.
        part: the criterion, or the entry, that the place belongs to.
    """

    file: RuleFile
    told: list[Problem] = field(repr=False)
    path: KeyPath = ()
    part: str = ""

    def at(self, *keys: str | int) -> Location:
        """The place further in."""
        return Location(self.file, self.told, self.path + keys, self.part)

    def named(self, part: str) -> Location:
        """The same place, as belonging to a part."""
        return evolve(self, part=part)

    def report(self, what: str, advice: str = "", why: str = "") -> None:
        """Add a problem here. The words may quote the file: they are made safe to print."""
        place = Place(self.file.name, self.file.line(self.path), self.part)
        self.told.append(Problem(place, visible(what, _LONGEST), visible(advice, _LONGEST), why))


def read_rule_file(path: Path, name: str, told: list[Problem]) -> RuleFile | None:
    """The file's content, or None and a problem told if it cannot be read."""
    text = _read_text(path, name, told)
    if text is None:
        return None
    data = read_toml(text)
    if isinstance(data, Fault):
        told.append(data.in_file(name))
        return None
    return RuleFile(name, text, data)


def _read_text(path: Path, name: str, told: list[Problem]) -> str | None:
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):
            told.append(Problem(Place(name), "this is not an ordinary file", "Put a TOML file here, or rename it."))
            return None
        if state.st_size > LARGEST_FILE:
            told.append(_too_large(name, state.st_size))
            return None
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        told.append(Problem(Place(name), f"the file cannot be read: {reason.lower()}"))
    except UnicodeDecodeError as error:
        told.append(_not_utf8(name, error))
    return None


def _too_large(name: str, size: int) -> Problem:
    what = f"the file has {size:,} bytes, and a rule file may have {LARGEST_FILE:,}"
    return Problem(Place(name), what, "Split it, or check that it is a rule file at all.")


def _not_utf8(name: str, error: UnicodeDecodeError) -> Problem:
    line = error.object[: error.start].count(b"\n") + 1
    return Problem(Place(name, line), "the file is not UTF-8 text", "Save it again with the encoding UTF-8.")
