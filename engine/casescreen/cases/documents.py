"""The records in the text of one source, each knowing its place there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from attrs import define, evolve, frozen

from casescreen.files.content import STANDARD_INPUT, place_of
from casescreen.model.problem import Fault, Place, Problem
from casescreen.syntax.json_parser import read_json
from casescreen.syntax.toml_parser import read_toml_with_faults
from casescreen.text import visible

if TYPE_CHECKING:
    from casescreen.syntax.toml_lines import KeyPath

MANY = "cases"

MOST_RECORDS = 50_000
"""Far more than the cases of any one service, and few enough to be read and told about in a short time."""


class RecordSource(Protocol):
    """Where records stand, and in which form."""

    @property
    def dates_as_text(self) -> bool:
        """Whether the form has no dates of its own, so that year-month-day in quotes is one."""

    def place(self, path: KeyPath, part: str) -> Place:
        """The place of a key of the source, as part of what is named."""

    def whole(self, part: str) -> Place:
        """The place of the source as a whole, which takes no work to find."""


@define(eq=False)
class ParsedDocument:
    """A text in TOML or JSON.

    Attributes:
        file: what its file is called in problems.
        text: what it says, as it was read.
        dates_as_text: whether it is JSON, which has no dates.
        first: the number of its first line in the file.
    """

    file: str
    text: str
    dates_as_text: bool
    first: int = 0
    _lines: Mapping[KeyPath, int] | None = None

    def place(self, path: KeyPath, part: str) -> Place:
        """The place of a key, or of the nearest group around it, as part of what is named; of JSON its first line."""
        # Finding lines costs as much as reading, and is needed only to tell a problem.
        from casescreen.syntax.toml_lines import line_of, lines_of  # noqa: PLC0415 - the same

        if self._lines is None:
            self._lines = {} if self.dates_as_text else lines_of(self.text)
        return Place(self.file, line_of(path, self._lines, self.first), part)

    def whole(self, part: str) -> Place:
        """The place of the document without a line."""
        return Place(self.file, self.first, part)


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
        """Advice for the form that the record is written in; rows of tables need none."""
        return json if self.document.dates_as_text else toml

    @property
    def numbered(self) -> str:
        """What the record is called where its case is not known; empty if it is the only one."""
        return f"record {self.number}" if self.number else ""


@frozen(eq=False)
class BatchRecords:
    """What files that are read together hold.

    Attributes:
        records: its records.
        problems: what is wrong with it beside them.
        unread: how many records could not be made out; a file that cannot be used counts as one.
        examples: how many rows only show how a sheet is filled in.
        notices: what is not read of it, or is to be looked at, though no record is left out for it.
        assumed: what was taken for granted, and which rows were passed over, in words.
        damage: where a file is damaged in a cell, though the rest of it was read.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    unread: int = 0
    examples: int = 0
    notices: tuple[Problem, ...] = ()
    assumed: tuple[str, ...] = ()
    damage: tuple[Problem, ...] = ()


def unusable(*problems: Problem) -> BatchRecords:
    """What files hold that cannot be used."""
    return BatchRecords((), problems, 1)


def records_of(source: str, text: str) -> tuple[Record, ...] | Problem:
    """The records of a source, at least one; or why it has none that can be used.

    A file is TOML or JSON as its name ends. Standard input is JSON if its first character that is not blank is ``{``,
    or is ``[`` with ``{`` or ``]`` next; else it is TOML.
    """
    is_json = source.lower().endswith(".json")
    if source == STANDARD_INPUT:
        start = text.lstrip()
        is_json = start.startswith("{") or (start.startswith("[") and start[1:].lstrip().startswith(("{", "]")))
    file = place_of(source).file
    content, read = (read_json(text), text) if is_json else read_toml_with_faults(text)
    if isinstance(content, Fault):
        return _unquoted(content).in_file(file)
    return _records(ParsedDocument(file, read, is_json), content)


def records_in_lines(source: str, text: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The records of a text that has one in JSON on each line that is not blank, and what is wrong with other lines."""
    records: list[Record] = []
    problems: list[Problem] = []
    file = place_of(source).file
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        content = read_json(line)
        if isinstance(content, Fault):
            problems.append(_unquoted(content).at(Place(file, number)))
        else:
            document = ParsedDocument(file, line, dates_as_text=True, first=number)
            records.append(Record(document, (), number, content))
    return tuple(records), tuple(problems)


def _unquoted(fault: Fault) -> Fault:
    """The fault without text of the record: its line says where to look."""
    return evolve(fault, what=fault.said(quoted=False))


def _records(document: ParsedDocument, content: object) -> tuple[Record, ...] | Problem:
    path: KeyPath = ()
    cases = content
    if isinstance(content, dict) and MANY in content:
        path, cases = (MANY,), content[MANY]
        as_written = Record(document, (), 0, content).as_written
        if not isinstance(cases, list):
            advice = as_written(f"Begin each case with [[{MANY}]].", f'Write "{MANY}": [ ... ].')
            return Problem(document.place(path, ""), f'"{MANY}" is not a list of cases', advice)
        if len(content) > 1:
            beside = str(next(name for name in content if name != MANY))
            what = f'"{visible(beside)}" stands beside the list of cases, in none of them'
            in_toml = f"Put it in one of the cases: [{MANY}.{visible(beside)}]."
            advice = as_written(in_toml, "Move it into the case that it belongs to.")
            return Problem(document.place((beside,), ""), what, advice)
    if isinstance(cases, list):
        if cases:
            return tuple(Record(document, (*path, index), index + 1, case) for index, case in enumerate(cases))
        advice = "Put a case into the list, or take the file away."
    elif cases and isinstance(cases, dict):
        return (Record(document, (), 0, cases),)
    else:
        advice = 'A case is a group of sections, of which one is called "case" and has an id.'
    return Problem(document.place(path, ""), "there is no case in it", advice)
