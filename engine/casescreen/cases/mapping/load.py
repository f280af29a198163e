"""Reading a mapping: all that is wrong with it at once, before any sheet is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from casescreen.cases.mapping.model import (
    CaseMapping,
    Keep,
    MappedColumn,
    MappedLookup,
    MappedRows,
    Only,
    Step,
    with_words,
)
from casescreen.cases.schema import record_schema
from casescreen.cases.tables.cells import DateOrder
from casescreen.files.content import read_text
from casescreen.model.case import ID
from casescreen.model.dictionary import YES_NO, Dictionary, Field, Kind, Table, Value
from casescreen.model.problem import CasescreenError, Fault, Place, Problem, ProblemCollector, ProblemsError
from casescreen.resources import rules_folder
from casescreen.syntax.rule_file import Location, RuleFile
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import did_you_mean, folded, listed, visible

_ORDERS = {order.value: order for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)}
_KEEPS = {keep.value: keep for keep in Keep}
_COLUMN_KEYS = ("column", "constant", "words", "other", "none", "not_done", "dates")
_WORD_LISTS = ("none", "not_applicable", "not_done")
_PARTS = ("cases", "fields", "lookups", "tables", "complete", "optional", "header_rows")
_KEYS = ("title", "note", "dates", *_WORD_LISTS, *_PARTS)
_FINDS_NOTHING = "Nothing would be read, and so nothing would be found."
_TWO = 2
_LIKE_A_MAPPING = re.compile(rb"^[ \t]*\[\[?(cases\](?!\])|fields\]|header_rows\]|lookups\]|tables\.)", re.MULTILINE)
_LIKE_A_CASE = re.compile(rb"^[ \t]*\[(\[cases\]|case\])", re.MULTILINE)
_PATH_KEYS = ("sheet", "of", "to", "through", "when")


@frozen(eq=False)
class MappingGroup:
    """A group of the file: its keys are taken one by one, and what is left over is not known.

    Attributes:
        location: where it stands.
        content: what stands in it.
        whole: what the file is, with its article.
    """

    location: Location
    content: Mapping[str, object]
    whole: str = "a mapping"

    def expect(self, *known: str) -> None:
        """Note every key that is none of these."""
        for key in self.content:
            if key not in known:
                advice = did_you_mean(key, known) or f"It can be: {listed(known)}."
                self.note(key, f"it is not a part of {self.whole}", advice)

    def has(self, key: str) -> bool:
        """Whether the key stands in it."""
        return key in self.content

    def place(self, *keys: str) -> Place:
        """Where it stands, or a key of it."""
        return self.location.file.place((*self.location.path, *keys))

    def note(self, key: str, what: str, advice: str) -> None:
        """Report a problem at one of its keys, or, without a key, of the group itself."""
        _report(self.location.at(key) if key else self.location, what, advice)

    def text(self, key: str, default: str | None = None) -> str:
        """The text at a key; without a default it must be there."""
        text = self.content.get(key, default)
        if isinstance(text, str) and (text.strip() or text == default):
            return text
        what = "it is missing" if text is None else "it is not text"
        self.note(key, what, f'Write {key} = "..." with the name as it stands in the file.')
        return ""

    def number(self, key: str) -> int:
        """The whole number from 1 at a key, or 0 if there is none."""
        number = self.content.get(key, 0)
        if isinstance(number, int) and not isinstance(number, bool) and (number > 0 or key not in self.content):
            return number
        self.note(key, "it is not a whole number from 1", f"Write it as in {key} = 3.")
        return 0

    def numbers(self, key: str) -> Sequence[int]:
        """The whole number from 1 at a key, or a list of two that follow each other."""
        numbers = self.content.get(key)
        if not isinstance(numbers, list):
            return (self.number(key),)
        whole = all(isinstance(number, int) and not isinstance(number, bool) and number > 0 for number in numbers)
        if whole and len(numbers) == _TWO and numbers[1] == numbers[0] + 1:
            return tuple(numbers)
        self.note(key, "it is not a list of two rows, one below the other", f"Write it as in {key} = [3, 4].")
        return (0,)

    def truth(self, key: str) -> bool:
        """The true or false at a key; false if there is none."""
        truth = self.content.get(key, False)
        if isinstance(truth, bool):
            return truth
        self.note(key, "it is not true or false", f"Write {key} = true, or leave the line out.")
        return False

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts at a key; empty if there is none."""
        texts = self.content.get(key, [])
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            return tuple(texts)
        self.note(key, "it is not a list of texts", f'Write it as in {key} = ["...", "..."].')
        return ()

    def choice(self, key: str, words: Mapping[str, object]) -> str:
        """The word at a key that must be one of these, or "" if there is none."""
        word = self.content.get(key, "")
        if word == "" or (isinstance(word, str) and word in words):
            return word
        self.note(key, f'"{visible(str(word))}" is not known', f"It can be: {listed(words)}.")
        return ""

    def group(self, key: str) -> MappingGroup:
        """The group at a key; an empty one if there is none."""
        return self._group(self.location.at(key), self.content.get(key, {}), f"Begin it with [{key}].")

    def groups(self, key: str) -> Iterator[MappingGroup]:
        """The list of groups at a key; none if there is none."""
        groups = self.content.get(key, [])
        location = self.location.at(key)
        if not isinstance(groups, list):
            _report(location, "it is not a list of groups", f"Begin each with [[{'.'.join(map(str, location.path))}]].")
            return
        for index, content in enumerate(groups):
            yield self._group(location.at(index), content, "Write each as { ... }.")

    def _group(self, location: Location, content: object, advice: str) -> MappingGroup:
        if isinstance(content, dict):
            return MappingGroup(location, content, self.whole)
        _report(location, "it is not a group", advice)
        return MappingGroup(location, {}, self.whole)


def _report(location: Location, what: str, advice: str) -> None:
    name = ".".join(visible(str(key), 60) for key in location.path if isinstance(key, str))
    location.report(f"{name}: {what}" if name else what, advice)


def shipped_mappings() -> Mapping[str, Path]:
    """The file of each mapping that comes with casescreen, by its name, in order of name."""
    return {file.stem: file for file in sorted((rules_folder() / "mappings").glob("*.toml"))}


def is_mapping(content: bytes) -> bool:
    """Whether a file of TOML is meant as a mapping and not as cases, by its headings; it may be wrong in any way."""
    return _LIKE_A_MAPPING.search(content) is not None and _LIKE_A_CASE.search(content) is None


def read_mapping(where: str | Path, dictionary: Dictionary) -> CaseMapping:
    """The mapping in a file, or the shipped one of that name, checked against the dictionary.

    Raises:
        ProblemsError: everything that is wrong with it.
        CasescreenError: there is no such mapping.
    """
    shipped = shipped_mappings()
    named = shipped.get(str(where), Path(where))
    if str(where) not in shipped and not named.exists():
        known = f"The mappings that come with casescreen: {listed(shipped, 'and')}."
        close = did_you_mean(str(where), shipped) if len(shipped) > 1 else ""
        advice = " ".join(filter(None, (close, known)))
        raise CasescreenError(f'There is no mapping "{visible(str(where))}".', advice=f"name a file. {advice}")
    text = read_text(str(named))
    if isinstance(text, Problem):
        raise ProblemsError([text])
    return mapping_in(str(named), text, dictionary)


def mapping_in(file: str, text: str, dictionary: Dictionary) -> CaseMapping:
    """The mapping that a text is.

    Raises:
        ProblemsError: everything that is wrong with it.
    """
    data = read_toml(text)
    if isinstance(data, Fault):
        raise ProblemsError([data.in_file(file)])
    location = Location(RuleFile(file, text, data), ProblemCollector())
    mapping = _Reading(dictionary, MappingGroup(location, data)).mapping()
    if not location.problems.problems and not (mapping.columns or mapping.constants or mapping.lookups or mapping.rows):
        advice = 'Say in [fields] which column each field is in, as in "case.manager" = "Worker".'
        location.problems.add(mapping.place, "it fills no field but the id of a case", advice, _FINDS_NOTHING)
    if location.problems.problems:
        raise ProblemsError(location.problems.problems)
    return mapping


@frozen(eq=False)
class _Usual:
    """What holds for every column that says nothing else."""

    none: frozenset[str]
    order: DateOrder | None
    not_applicable: frozenset[str] = frozenset()
    not_done: frozenset[str] = frozenset()

    def column(self, field: Field, heading: str, place: Place) -> MappedColumn:
        """A column that says nothing else."""
        column = MappedColumn(field, heading, {}, None, self.none, self.order, place)
        return with_words(column, self.not_applicable, self.not_done)


@frozen(eq=False)
class _Reading:
    dictionary: Dictionary
    whole: MappingGroup

    def mapping(self) -> CaseMapping:
        self.whole.expect(*_KEYS)
        cases = self.whole.group("cases")
        cases.expect("sheet", "id", "when", "only_cases")
        self.whole.text("note", "")
        none, not_applicable, not_done = (_folded(self.whole.texts(key)) for key in _WORD_LISTS)
        usual = _Usual(none, _order(self.whole), not_applicable, not_done)
        columns, constants = self._columns(self.whole.group("fields"), self._fields(), usual)
        headers = self.whole.group("header_rows")
        return CaseMapping(
            self.whole.text("title"),
            self.whole.place(),
            cases.text("sheet", ""),
            cases.text("id"),
            {folded(sheet): headers.numbers(sheet) for sheet in headers.content},
            columns,
            constants,
            _only(cases),
            [self._lookup(group, usual) for group in self.whole.groups("lookups")],
            self._tables(usual),
            frozenset(self._complete()),
            _folded(self.whole.texts("optional")),
            only_cases=cases.truth("only_cases"),
        )

    def _fields(self) -> Mapping[str, Field]:
        return {name: field for name, field in self.dictionary.fields.items() if name != ID}

    def _complete(self) -> Iterable[str]:
        tables = record_schema(self.dictionary, None, None).tables
        for name in self.whole.texts("complete"):
            if name in tables:
                yield name
            else:
                advice = did_you_mean(name, tables)
                self.whole.note("complete", f'"{visible(name)}" is not a table of a case', advice)

    def _lookup(self, group: MappingGroup, usual: _Usual) -> MappedLookup:
        group.expect(*_PATH_KEYS, "keep", "by", "fields")
        columns, constants = self._columns(group.group("fields"), self._fields(), usual)
        for name in constants:
            group.note("fields", f"{name} is a constant", "Put it under [fields] of the whole mapping.")
        keep = _KEEPS[group.choice("keep", _KEEPS) or Keep.ONLY.value]
        by = None
        if group.has("by"):
            field = Field("by", "by", Kind.DATE, "")
            by = MappedColumn(field, group.text("by"), {}, None, usual.none, usual.order, group.place("by"))
        if (keep is Keep.ONLY) is not (by is None):
            group.note(
                "keep", "keep and by go together", 'Write both, as in keep = "latest" and by = "the column of days".'
            )
        return MappedLookup(_steps(group, needed=True), columns, keep, by, _only(group))

    def _tables(self, usual: _Usual) -> Sequence[MappedRows]:
        tables = record_schema(self.dictionary, None, None).tables
        mapped: list[MappedRows] = []
        groups = self.whole.group("tables")
        for name in groups.content:
            if (table := tables.get(name)) is None:
                advice = did_you_mean(name, tables) or f"Tables are called {listed(tables)}."
                groups.note(name, "it is not a table of a case", advice)
                continue
            mapped += [self._rows(table, group, usual) for group in groups.groups(name)]
        return mapped

    def _rows(self, table: Table, group: MappingGroup, usual: _Usual) -> MappedRows:
        group.expect(*_PATH_KEYS, "columns")
        columns, constants = self._columns(group.group("columns"), table.columns, usual)
        if not columns and not constants:
            group.note("columns", "it says nothing about any column", f"Columns are called {listed(table.columns)}.")
        return MappedRows(table.name, _steps(group, needed=False), columns, constants, _only(group))

    def _columns(
        self, group: MappingGroup, known: Mapping[str, Field], usual: _Usual
    ) -> tuple[Sequence[MappedColumn], Mapping[str, Value]]:
        columns: list[MappedColumn] = []
        constants: dict[str, Value] = {}
        for name, written in group.content.items():
            if (field := known.get(name)) is None:
                group.note(name, "it is not a field", did_you_mean(name, known))
            elif isinstance(written, str):
                columns.append(usual.column(field, written, group.place(name)))
            else:
                self._column(group.group(name), field, usual, columns, constants)
        return columns, constants

    def _column(
        self, group: MappingGroup, field: Field, usual: _Usual, columns: list[MappedColumn], constants: dict[str, Value]
    ) -> None:
        group.expect(*_COLUMN_KEYS)
        if group.has("constant") is group.has("column"):
            group.note("", "it needs either a column or a constant", 'Write it as in { column = "the heading" }.')
        elif group.has("constant"):
            if (value := _value(group, "constant", field, group.content["constant"])) is not None:
                constants[field.name] = value
        else:
            words = {
                folded(w): v
                for w, raw in group.group("words").content.items()
                if (v := _value(group, "words", field, raw)) is not None
            }
            other = _value(group, "other", field, group.content["other"]) if group.has("other") else None
            not_done = _folded(group.texts("not_done"))
            if not_done and not field.dates:
                what = f"{field.full_name} is no date of something that can be said not to be done"
                group.note("not_done", what, "For a yes-no, write words = { ... = false }; else use none = [...].")
            none = usual.none | _folded(group.texts("none"))
            order = _order(group) or usual.order
            column = MappedColumn(field, group.text("column"), words, other, none, order, group.place("column"))
            columns.append(with_words(column, usual.not_applicable, usual.not_done | not_done))


def _value(group: MappingGroup, key: str, field: Field, raw: object) -> Value | None:
    said = YES_NO.get(folded(raw)) if field.kind is Kind.YES_NO and isinstance(raw, str) else None
    value = field.read(raw if said is None else said)
    if not isinstance(value, Fault):
        return value
    group.note(key, value.what, value.advice)
    return None


def _order(group: MappingGroup) -> DateOrder | None:
    return _ORDERS.get(group.choice("dates", _ORDERS))


def _steps(group: MappingGroup, *, needed: bool) -> Sequence[Step]:
    """The way to the rows: through other sheets, and then to the sheet itself."""
    if not group.has("sheet"):
        if needed or group.has("of") or group.has("through"):
            group.text("sheet")
        return ()
    return [*(_step(step, "sheet", "of", "to") for step in group.groups("through")), _step(group)]


def _step(group: MappingGroup, *expected: str) -> Step:
    if expected:
        group.expect(*expected)
    of = group.text("of")
    return Step(group.text("sheet"), of, group.text("to", of), group.place("sheet"))


def _only(group: MappingGroup) -> Sequence[Only]:
    conditions = []
    for condition in group.groups("when"):
        condition.expect("column", "is")
        words = _folded(condition.texts("is"))
        conditions.append(Only(condition.text("column"), words, condition.place("column")))
    return conditions


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in words)
