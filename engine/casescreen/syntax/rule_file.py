"""TOML files that hold rules or a mapping, and places in them that a problem can be pinned to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from casescreen.model.problem import Advice, Fault, Place, ProblemCollector, untyped
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.syntax.toml_lines import KeyPath

LARGEST_FILE = 1024 * 1024
_LONGEST = 1000


@frozen(eq=False)
class RuleFile:
    """One TOML file.

    Attributes:
        name: how messages name it; of a rulebook's, relative to the folder above it, with forward slashes.
        data: what it says.
    """

    name: str
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        # Finding lines costs as much as reading, and is needed only to tell a problem.
        from casescreen.syntax.toml_lines import lines_of  # noqa: PLC0415 - the same

        return lines_of(self.text)

    def _line(self, path: KeyPath) -> int:
        from casescreen.syntax.toml_lines import line_of  # noqa: PLC0415 - the same

        return line_of(path, self._lines)

    def row_lines(self, name: str, count: int) -> tuple[int, ...]:
        """The line of each row of a list, without the cost of finding every line, where its headers are plain."""
        headers = re.finditer(rf"(?m)^[ \t]*\[\[[ \t]*{name}[ \t]*\]\]", self.text)
        lines = tuple([self.text.count("\n", 0, header.start()) + 1 for header in headers])
        return lines if len(lines) == count else tuple(self._line((name, n)) for n in range(count))

    def place(self, path: KeyPath, part: str = "") -> Place:
        """Where the key at the path stands, or the nearest group around it."""
        return Place(self.name, self._line(path), part)


@frozen(eq=False)
class Location:
    """A place in a file, and where problems found there are collected.

    Attributes:
        problems: every problem of the rulebook or mapping so far; the one collection that reading adds to.
        path: the keys and positions that lead there.
        part: the criterion, or the entry, that the place belongs to.
    """

    file: RuleFile
    problems: ProblemCollector = field(repr=False)
    path: KeyPath = ()
    part: str = ""

    def at(self, *keys: str | int) -> Location:
        """The place further in."""
        return Location(self.file, self.problems, self.path + keys, self.part)

    def named(self, part: str) -> Location:
        """The same place, as belonging to a part."""
        return evolve(self, part=part)

    def report(self, what: str, advice: str = "", why: str = "") -> None:
        """Add a problem here. The words may quote the file: they are made safe to print."""
        place = self.file.place(self.path, self.part)
        shown = visible(advice, _LONGEST)
        if isinstance(advice, Advice):
            shown = Advice(shown, visible(untyped(advice), _LONGEST))
        self.problems.add(place, visible(what, _LONGEST), shown, why)


def read_rule_file(path: Path, name: str, collector: ProblemCollector) -> RuleFile | None:
    """The file's content, or None and a problem if it cannot be read."""
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):
            fault = Fault("this is not an ordinary file", "Put a TOML file here, or rename it.")
        elif state.st_size > LARGEST_FILE:
            what = f"the file has {state.st_size:,} bytes, and a rule file may have {LARGEST_FILE:,}"
            fault = Fault(what, "Split it, or check that it is a rule file at all.")
        else:
            text = path.read_bytes().decode("utf-8-sig")
            data = read_toml(text)
            if not isinstance(data, Fault):
                return RuleFile(name, text, data)
            fault = data
    except OSError as error:
        what = f"the file cannot be read: {(error.strerror or 'it cannot be opened').lower()}"
        fault = Fault(what, "Look whether it is there, and whether you may read it.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = Fault("the file is not UTF-8 text", "Save it again with the encoding UTF-8.", line)
    collector.extend([fault.in_file(name)])
    return None
