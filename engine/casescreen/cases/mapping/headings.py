"""What headings are likely to mean, by their words and by the words of the trade, and in which row they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice

from attrs import frozen

from casescreen.cases.mapping.cell_reading import id_in
from casescreen.cases.mapping.vocabulary import RowHeadings, Vocabulary
from casescreen.cases.tables.cells import Cell, is_blank
from casescreen.cases.tables.sheet import HeadedSheet, Sheet, headings_in, with_headings
from casescreen.model.case import HAS, ID
from casescreen.model.dictionary import Dictionary, Field, Table
from casescreen.text import folded, in_words

Bag = frozenset[str]
"""The words of a heading that tell it from others, in no order."""

_FILLERS = frozenset(
    {"a", "an", "and", "at", "date", "dates", "dd", "is", "mm", "n", "of", "on", "the", "was", "y", "yy", "yyyy", "&"}
)
_TOKEN = re.compile(r"[^\W_]+(?:[&+][^\W_]*)*|&")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE = re.compile(r"\S*\d\S*|\d+[/. -]\d.*")
_JOINT = " / "
_ENDINGS = ("ing", "ed", "es", "s", "e")
_SHORTEST_STEM = 3
_MOST_ROWS = 30
_MOST_COLUMNS = 500
_LONGEST = 200
_IDS = ("case id", "case ref", "case reference", "case number", "case no", "id", "ref", "reference", "case")


@frozen(eq=False)
class Target:
    """What a column can be read for.

    Attributes:
        field: a field of the case, or a column of a table.
        names: the words of what its headings may be.
        perhaps: the words of what they may be where nothing else has them.
        rows: the rows of a table that it stands in the row of the case for; None if it does not.
    """

    field: Field
    names: frozenset[Bag]
    perhaps: frozenset[Bag]
    rows: RowHeadings | None = None

    @property
    def id(self) -> str:
        """What tells it from all others."""
        said = "" if self.rows is None else f" ({', '.join(map(str, self.rows.constants.values()))})"
        return f"{self.field.full_name}{said}"

    @property
    def label(self) -> str:
        """What it is called for people."""
        if self.rows is None:
            return self.field.label
        return f"{self.field.label} ({self.rows.table}: {', '.join(map(in_words, self.rows.constants.values()))})"


@frozen(eq=False)
class HeadingWords:
    """The words of headings, made alike by the words of the trade."""

    vocabulary: Vocabulary

    @cached_property
    def _phrases(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        one = {text: meant[0] for text, meant in self.vocabulary.abbreviations.items() if len(meant) == 1}
        phrases = {**one, **self.vocabulary.same}
        return {tuple(_tokens(text)): tuple(_tokens(meant)) for text, meant in phrases.items() if _tokens(text)}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._phrases), default=0)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(word for phrase in self._phrases for word in phrase) | {*self.vocabulary.abbreviations}

    def bag(self, heading: str, *, humps: bool = False) -> Bag:
        """The words of a heading that tell it from others; ``humps`` takes OrderStart for two of them."""
        tokens = _tokens(heading, self._known, humps=humps)
        words: list[str] = []
        at = 0
        while at < len(tokens):
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                if (meant := self._phrases.get(tuple(tokens[at : at + length]))) is not None:
                    words += meant
                    at += length
                    break
            else:
                words.append(tokens[at])
                at += 1
        return frozenset(words)

    def bags(self, heading: str) -> Sequence[Bag]:
        """The words of a heading, in each way that it can be taken apart; of one in two rows, of the lower one last."""
        lower = heading.rpartition(_JOINT)[2]
        return [*dict.fromkeys(self.bag(text, humps=humps) for text in (heading, lower) for humps in (False, True))]

    def several_meanings(self, heading: str) -> Mapping[str, Sequence[str]]:
        """The abbreviations in a heading that have several meanings."""
        known = self.vocabulary.abbreviations
        return {word: known[word] for word in _tokens(heading, self._known) if len(known.get(word, ())) > 1}

    def is_personal(self, heading: str) -> bool:
        """Whether a column of that heading tells who somebody is."""
        return bool(self.vocabulary.personal & {*_tokens(heading, self._known)})

    @cached_property
    def ids(self) -> frozenset[Bag]:
        """The words of what the heading of the id may be."""
        return frozenset(self.bag(name) for name in (*_IDS, ID, *self.vocabulary.headings.get(ID, ())))

    def is_id(self, heading: str) -> bool:
        """Whether the heading is likely to be that of the id."""
        return any(bag in self.ids for bag in self.bags(heading))

    def target(self, field: Field, rows: RowHeadings | None = None) -> Target:
        """The field or column as what a column can be read for."""
        if rows is not None:
            return Target(field, self._bags(rows.headings[field.name]), frozenset(), rows)
        names = (field.label, field.name, field.full_name, *self.vocabulary.headings.get(field.full_name, ()))
        tail = field.name.rpartition(".")[2]
        return Target(field, self._bags(names), self._bags((tail, *self.vocabulary.perhaps.get(field.full_name, ()))))

    def _bags(self, names: Iterable[str]) -> frozenset[Bag]:
        return frozenset(bag for name in names if (bag := self.bag(name)))

    def case_targets(self, dictionary: Dictionary) -> Sequence[Target]:
        """All that a column of the sheet of the cases can be read for."""
        fields = [self.target(field) for name, field in dictionary.fields.items() if name != ID]
        return [*fields, *(target for rows in self.vocabulary.rows for target in self._row_targets(rows, dictionary))]

    def _row_targets(self, rows: RowHeadings, dictionary: Dictionary) -> Iterator[Target]:
        columns = dictionary.tables[rows.table].columns
        yield from (self.target(columns[name], rows) for name in rows.headings)

    def table_targets(self, table: Table) -> Sequence[Target]:
        """All that a column of the sheet of a table can be read for."""
        return [self.target(column) for column in table.columns.values()]

    def tables_named(self, called: str, dictionary: Dictionary) -> Sequence[Table]:
        """The tables that a sheet may hold by its name: one that is called just so, or all whose names are in it."""
        own = [stems(bag) for bag in self.bags(called)]
        names = {table.name: self._names_of(table) for table in dictionary.tables.values()}
        exact = [table for name, table in dictionary.tables.items() if names[name] & {*own}]
        within = [t for name, t in dictionary.tables.items() if any(one <= bag for one in names[name] for bag in own)]
        return exact if len(exact) == 1 else within

    def tables_like(self, headings: Collection[str], dictionary: Dictionary) -> Sequence[Table]:
        """The tables that most headings of a sheet have names of, or of their columns; none if nothing tells."""
        alike = {
            name: sum(self._is_of(heading, table) for heading in headings) for name, table in dictionary.tables.items()
        }
        most = max(alike.values(), default=0)
        return [dictionary.tables[name] for name, number in alike.items() if most and number == most]

    def _is_of(self, heading: str, table: Table) -> bool:
        bags, names = self.bags(heading), self._names_of(table)
        columns = frozenset(bag for target in self.table_targets(table) for bag in target.names)
        return any(bag in columns or any(name <= stems(bag) for name in names) for bag in bags)

    def _names_of(self, table: Table) -> frozenset[Bag]:
        names = (table.label, table.name, table.one, *self.vocabulary.tables.get(table.name, ()))
        return frozenset(stems(bag) for bag in self._bags(names))


@lru_cache(maxsize=4_096)
def stems(bag: Bag) -> Bag:
    """The words without their endings."""
    return frozenset(
        next(
            (word.removesuffix(e) for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST_STEM), word
        )
        for word in bag
    )


def _tokens(text: str, known: frozenset[str] = frozenset(), *, humps: bool = False) -> list[str]:
    """The words of a text in small letters without fillers."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(text[:_LONGEST]):
        word = match[0]
        tokens += _HUMP.sub(" ", word).split() if humps and word.casefold() not in known else [word]
    lowered = [token.casefold() for token in tokens]
    return [token for token in lowered if token not in _FILLERS] or lowered


def likeliest_headings(sheet: Sheet, words: HeadingWords, targets: Sequence[Target]) -> HeadedSheet | None:
    """The sheet below the row, or the two rows, of which most headings are known; None where none has any.

    Titles above them, and headings of groups, are passed over.
    """
    filled = [row for row, cells in enumerate(sheet.rows) if any(not is_blank(cell) for cell in cells)]
    known = frozenset(bag for target in targets for bag in target.names)
    weak = frozenset(bag for target in targets for bag in target.perhaps)

    def score(rows: Sequence[int]) -> int:
        headings = dict.fromkeys(filter(None, islice(headings_in(sheet, rows), _MOST_COLUMNS)))
        each = [words.bags(heading) for heading in headings]
        strong = [any(bag in known or bag in words.ids for bag in bags) for bags in each]
        together = len(rows) > 1 and any(len(bags) > 1 and bags[0] in known for bags in each)
        likely = sum(2 * one or any(bag in weak for bag in bags) for one, bags in zip(strong, each, strict=True))
        # A heading of a group that names a field together with what is below it is no title.
        return likely + together

    rows = filled[:_MOST_ROWS]
    pairs = [(row, row + 1) for row in rows if row + 1 in rows and _may_be_headings(sheet.rows[row + 1])]
    ways = [*((row,) for row in rows), *pairs]
    scores = {way: score(way) for way in ways}
    best = max(scores, key=lambda way: (scores[way], -len(way), -way[0]), default=())
    if best and scores[best]:
        return with_headings(sheet, best)
    several = next((row for row in rows if sum(not is_blank(cell) for cell in sheet.rows[row]) > 1), None)
    return None if several is None else with_headings(sheet, (several,))


def _may_be_headings(cells: Sequence[Cell]) -> bool:
    """Whether a row below another can be of headings too: it holds words alone, and no day, number or reference."""
    filled = [cell for cell in cells if not is_blank(cell)]
    return all(isinstance(cell, str) and not _REFERENCE.fullmatch(cell.strip()) for cell in filled)


def repeated_headings(headed: HeadedSheet) -> frozenset[str]:
    """The headings that stand twice, folded."""
    often = Counter(folded(heading) for heading in headings_in(headed.sheet, headed.header_rows) if heading)
    return frozenset(heading for heading, times in often.items() if times > 1)


def likely_ids(sheet: HeadedSheet, words: HeadingWords, targets: Sequence[Target]) -> Sequence[str]:
    """The headings that are likely to be that of the id, the likeliest first.

    Where none is called so, it is the first column that means nothing else and in which no two cells are alike, unless
    it tells who somebody is.
    """
    named = [heading for heading in sheet.columns if words.is_id(heading) and texts_below(sheet, heading)]
    if named:
        return sorted(named, key=lambda heading: (not all_differ(sheet, heading), _is_numbering(sheet, heading)))
    known = frozenset(name for target in targets for name in target.names)
    free = [h for h in sheet.columns if not any(bag in known for bag in words.bags(h))]
    return [h for h in free if not words.is_personal(h) and all_differ(sheet, h)][:1]


def texts_below(sheet: HeadedSheet, heading: str, apart: Collection[int] = ()) -> Sequence[str]:
    """The ids that may stand below a heading, in rows that hold more than one cell; but for the lines ``apart``."""
    rows = (row for row in sheet.rows() if sheet.sheet.first + row not in apart)
    filled = [row for row in rows if sum(cell is not None for cell in sheet.sheet.rows[row]) > 1]
    ids = [id_in(sheet.cell(row, heading)) for row in filled]
    return [case_id for case_id in ids if case_id and isinstance(case_id, str)]


def all_differ(sheet: HeadedSheet, heading: str) -> bool:
    """Whether no two ids that stand below a heading are alike."""
    texts = texts_below(sheet, heading)
    return len(texts) == len(set(texts)) > 0


def _is_numbering(sheet: HeadedSheet, heading: str) -> bool:
    """Whether what stands below a heading only numbers the rows."""
    texts = texts_below(sheet, heading)
    return texts == [str(number) for number in range(1, len(texts) + 1)]


def has_own_headings(sheets: Sequence[Sheet], dictionary: Dictionary) -> bool:
    """Whether the headings of some sheet are the dictionary's, so that nothing has to be suggested.

    One that is a name, as order.starts_on is, tells; so does the label of the id where most others are labels too.
    """
    names = {folded(name) for name in dictionary.fields} | {f"{HAS}{name}" for name in dictionary.tables}
    labels = {folded(field.label) for field in dictionary.fields.values()}
    for headed in filter(None, map(with_headings, sheets)):
        headings = {folded(heading) for heading in headed.columns}
        known = headings & (labels | names)
        if headings & names or (folded(dictionary.fields[ID].label) in headings and 2 * len(known) > len(headings)):
            return True
    return False
