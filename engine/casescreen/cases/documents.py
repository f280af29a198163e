"""The records in the text of one source, each knowing its place there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from attrs import define, frozen

from casescreen.files.content import STANDARD_INPUT, place_of
from casescreen.model.problem import Fault, Place, Problem
from casescreen.syntax.json_parser import read_json
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.syntax.toml_lines import KeyPath

MANY = "cases"

_BEGIN = 'A case is a group of sections, of which one is called "case" and has an id.'


class RecordSource(Protocol):
    """Where records stand, and in which form."""

    @property
    def dates_as_text(self) -> bool:
        """Whether the form has no dates of its own, so that year-month-day in quotes is one."""

    def place(self, path: KeyPath, part: str) -> Place:
        """The place of a key of the source, as part of what is named."""

    def whole(self, part: str) -> Place:
        """The place of the source as a whole, which takes no work to find."""

    def as_written(self, toml: str, json: str) -> str:
        """The advice that is right for the form."""


@define(eq=False)
class ParsedDocument:
    """A text in TOML or JSON.

    Attributes:
        source: its path, or "-".
        text: what it says.
        is_toml: which of the two it is.
        first: the number of its first line in the file.
    """

    source: str
    text: str
    is_toml: bool
    first: int = 0
    _lines: Mapping[KeyPath, int] | None = None

    @property
    def dates_as_text(self) -> bool:
        """Whether it is JSON, which has no dates."""
        return not self.is_toml

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest group around it; of JSON its first line, or 0."""
        if self._lines is None:
            # Finding lines costs as much as reading, and is needed only to tell a problem.
            from casescreen.syntax.toml_lines import lines_of  # noqa: PLC0415

            self._lines = lines_of(self.text) if self.is_toml else {}
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, self.first)

    def place(self, path: KeyPath, part: str) -> Place:
        """The place of a key, as part of what is named."""
        return Place(place_of(self.source).file, self.line(path), part)

    def whole(self, part: str) -> Place:
        """The place of the document without a line."""
        return Place(place_of(self.source).file, self.first, part)

    def as_written(self, toml: str, json: str) -> str:
        """Advice for the form that it is written in."""
        return toml if self.is_toml else json

    def problem(self, path: KeyPath, what: str, advice: str) -> Problem:
        """A problem of the document as a whole, at a key of it."""
        return Problem(self.place(path, ""), what, advice)


@frozen(eq=False)
class Record:
    """One case as it was written.

    Attributes:
        document: where it stands.
        path: the key path of it there.
        number: its number there from 1, or 0 if it is the only one.
        content: what was found, of whatever type. A Fault in it stands for what could not be read.
    """

    document: RecordSource
    path: KeyPath
    number: int
    content: object

    def place(self, *keys: str | int, part: str = "") -> Place:
        """The place of something in the record, as part of the case or of the record of that number."""
        return self.document.place((*self.path, *keys), part or self.numbered)

    @property
    def whole(self) -> Place:
        """The place of the record without its line, which takes work to find."""
        return self.document.whole(self.numbered)

    def as_written(self, toml: str, json: str) -> str:
        """Advice for the form that the record is written in."""
        return self.document.as_written(toml, json)

    @property
    def numbered(self) -> str:
        """What the record is called where its case is not known; empty if it is the only one."""
        return f"record {self.number}" if self.number else ""


def records_of(source: str, text: str) -> tuple[Record, ...] | Problem:
    """The records of a source, at least one; or why it has none that can be used.

    A file is TOML or JSON as its name ends. Standard input is JSON if its first character that is not blank is ``{``,
    or is ``[`` with ``{`` or ``]`` next; else it is TOML.
    """
    is_toml = not (_looks_like_json(text) if source == STANDARD_INPUT else source.lower().endswith(".json"))
    document = ParsedDocument(source, text, is_toml)
    found = read_toml(text) if is_toml else read_json(text)
    if isinstance(found, Fault):
        return found.in_file(place_of(source).file)
    return _divided(document, found)


def records_in_lines(source: str, text: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The records of a text that has one in JSON on each line that is not blank, and what is wrong with other lines."""
    records: list[Record] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        found = read_json(line)
        if isinstance(found, Fault):
            problems.append(found.at(Place(place_of(source).file, number)))
        else:
            records.append(Record(ParsedDocument(source, line, is_toml=False, first=number), (), number, found))
    return tuple(records), tuple(problems)


def _looks_like_json(text: str) -> bool:
    start = text.lstrip()
    return start.startswith("{") or (start.startswith("[") and start[1:].lstrip().startswith(("{", "]")))


def _divided(document: ParsedDocument, found: object) -> tuple[Record, ...] | Problem:
    if isinstance(found, list):
        return _several(document, (), found)
    if not found or not isinstance(found, dict):
        return document.problem((), "there is no case in it", _BEGIN)
    if MANY not in found:
        return (Record(document, (), 0, found),)
    cases = found[MANY]
    if not isinstance(cases, list):
        advice = f"Begin each case with [[{MANY}]]." if document.is_toml else f'Write "{MANY}": [ ... ].'
        return document.problem((MANY,), f'"{MANY}" is not a list of cases', advice)
    if len(found) > 1:
        beside = str(next(name for name in found if name != MANY))
        advice = (
            f"Put it in one of the cases: [{MANY}.{visible(beside)}]."
            if document.is_toml
            else "Move it into the case that it belongs to."
        )
        return document.problem(
            (beside,), f'"{visible(beside)}" stands beside the list of cases, in none of them', advice
        )
    return _several(document, (MANY,), cases)


def _several(document: ParsedDocument, path: KeyPath, cases: list[object]) -> tuple[Record, ...] | Problem:
    if not cases:
        return document.problem(path, "there is no case in it", "Put a case into the list, or take the file away.")
    return tuple(Record(document, (*path, index), index + 1, case) for index, case in enumerate(cases))
