"""Reading vocabulary.toml, which stands beside a rulebook and says what headings and cells are likely to mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import Factory, frozen

from casescreen.cases.mapping.load import MappingGroup
from casescreen.model.dictionary import Dictionary, Field, Kind, Value
from casescreen.model.problem import Fault, ProblemCollector, ProblemsError
from casescreen.syntax.rule_file import Location, read_rule_file
from casescreen.text import did_you_mean, folded, visible

FILE = "vocabulary.toml"
_LISTS = ("not_known", "not_applicable", "not_done", "done", "asked_about", "to_be_done", "personal")
_GROUPS = ("words", "abbreviations", "same", "headings", "perhaps", "tables", "rows")


@frozen(eq=False)
class RowHeadings:
    """Columns in the row of a case that make a row of a table.

    Attributes:
        table: the table.
        constants: what such a row always says.
        headings: the likely headings of its columns, by column.
    """

    table: str
    constants: Mapping[str, Value]
    headings: Mapping[str, Sequence[str]]


@frozen(eq=False)
class Vocabulary:
    """The words of the trade.

    Attributes:
        not_known: words, folded, that mean that nothing is known.
        not_applicable: words, folded, that mean that there is nothing to record.
        not_done: words, folded, that mean of a thing to be done that it was not.
        done: words, folded, that mean of a thing to be done that it was.
        asked_about: marks, folded, that may mean yes or no.
        to_be_done: the yes-no fields of things to be done that no date of the dictionary dates.
        personal: words of headings of columns that tell who somebody is.
        words: what words of cells, folded, stand for, by the full name of the field.
        abbreviations: what those in headings, folded, stand for; several meanings are never one of them.
        same: what texts in headings, folded, stand for.
        headings: the likely headings of fields and columns, by full name.
        perhaps: headings that are taken only where nothing else has them.
        tables: what sheets with the rows of a table are likely to be called, beside its own names.
        rows: columns in the row of a case that make rows of tables.
    """

    not_known: frozenset[str] = frozenset()
    not_applicable: frozenset[str] = frozenset()
    not_done: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    asked_about: frozenset[str] = frozenset()
    to_be_done: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    words: Mapping[str, Mapping[str, Value]] = Factory(dict)
    abbreviations: Mapping[str, Sequence[str]] = Factory(dict)
    same: Mapping[str, str] = Factory(dict)
    headings: Mapping[str, Sequence[str]] = Factory(dict)
    perhaps: Mapping[str, Sequence[str]] = Factory(dict)
    tables: Mapping[str, Sequence[str]] = Factory(dict)
    rows: Sequence[RowHeadings] = ()


def read_vocabulary(folder: Path, dictionary: Dictionary) -> Vocabulary:
    """The words that stand beside a rulebook, checked against its dictionary; none if it has no such file.

    Raises:
        ProblemsError: everything that is wrong with the file.
    """
    path = folder / FILE
    if not path.is_file():
        return Vocabulary()
    collector = ProblemCollector()
    file = read_rule_file(path, f"{folder.name}/{FILE}", collector)
    vocabulary = None
    if file is not None:
        whole = MappingGroup(Location(file, collector), file.data, "a vocabulary")
        vocabulary = _Reading(dictionary, _names(dictionary), whole).vocabulary()
    if vocabulary is None or collector.problems:
        raise ProblemsError(collector.problems)
    return vocabulary


def _names(dictionary: Dictionary) -> Mapping[str, Field]:
    """Every field of the case and column of a table by its full name."""
    columns = {c.full_name: c for table in dictionary.tables.values() for c in table.columns.values()}
    return {**columns, **dictionary.fields}


@frozen(eq=False)
class _Reading:
    dictionary: Dictionary
    names: Mapping[str, Field]
    whole: MappingGroup

    def vocabulary(self) -> Vocabulary:
        self.whole.expect(*_LISTS, *_GROUPS)
        lists = {key: frozenset(map(folded, self.whole.texts(key))) for key in _LISTS}
        self._check_words(lists)
        same = self.whole.group("same")
        return Vocabulary(
            **lists,
            words=dict(self._words()),
            abbreviations=dict(self._abbreviations()),
            same={folded(text): folded(meant) for meant in same.content for text in same.texts(meant)},
            headings=dict(self._headings(self.whole.group("headings"), self.names)),
            perhaps=dict(self._headings(self.whole.group("perhaps"), self.names)),
            tables=dict(self._tables(self.whole.group("tables"))),
            rows=[rows for group in self.whole.groups("rows") for rows in self._rows(group)],
        )

    def _check_words(self, lists: Mapping[str, frozenset[str]]) -> None:
        """Note each word that would mean two things in one column, and what is no yes-no to be done."""
        cells = ("not_known", "not_applicable", "not_done", "done", "asked_about")
        for number, key in enumerate(cells):
            for other in cells[number + 1 :]:
                for word in sorted(lists[key] & lists[other]):
                    self.whole.note(other, f'"{visible(word)}" stands under {key} too', "Keep it in one of them.")
        for name in sorted(lists["to_be_done"]):
            field = self._named(self.whole, "to_be_done", name, self.names)
            if field is not None and field.kind is not Kind.YES_NO:
                self.whole.note(
                    "to_be_done", f"{name} is not a yes-no", "Name the yes-no that says whether it is done."
                )

    def _named(self, group: MappingGroup, key: str, name: str, known: Mapping[str, Field]) -> Field | None:
        if name not in known:
            group.note(key, f'"{visible(name)}" is not in the dictionary', did_you_mean(name, known))
        return known.get(name)

    def _words(self) -> Iterator[tuple[str, Mapping[str, Value]]]:
        groups = self.whole.group("words")
        for name in groups.content:
            if (field := self._named(groups, name, name, self.names)) is not None:
                group = groups.group(name)
                read = {word: self._value(group, word, field, raw) for word, raw in group.content.items()}
                yield name, {folded(word): value for word, value in read.items() if value is not None}

    def _value(self, group: MappingGroup, key: str, field: Field, raw: object) -> Value | None:
        value = field.read(raw)
        if not isinstance(value, Fault):
            return value
        group.note(key, value.what, value.advice)
        return None

    def _abbreviations(self) -> Iterator[tuple[str, Sequence[str]]]:
        group = self.whole.group("abbreviations")
        for name, raw in group.content.items():
            yield folded(name), (raw,) if isinstance(raw, str) else group.texts(name)

    def _headings(self, group: MappingGroup, known: Mapping[str, Field]) -> Iterator[tuple[str, Sequence[str]]]:
        for name in group.content:
            if self._named(group, name, name, known) is not None:
                yield name, group.texts(name)

    def _tables(self, group: MappingGroup) -> Iterator[tuple[str, Sequence[str]]]:
        for name in group.content:
            if name in self.dictionary.tables:
                yield name, group.texts(name)
            else:
                group.note(name, f'"{visible(name)}" is not a table', did_you_mean(name, self.dictionary.tables))

    def _rows(self, group: MappingGroup) -> Iterator[RowHeadings]:
        group.expect("table", "constants", "headings")
        name = group.text("table")
        table = self.dictionary.tables.get(name)
        if table is None:
            if name:
                group.note("table", f'"{visible(name)}" is not a table', did_you_mean(name, self.dictionary.tables))
            return
        said = group.group("constants")
        constants = {
            key: value
            for key, raw in said.content.items()
            if (field := self._named(said, key, key, table.columns)) is not None
            and (value := self._value(said, key, field, raw)) is not None
        }
        yield RowHeadings(name, constants, dict(self._headings(group.group("headings"), table.columns)))
