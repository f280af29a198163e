"""Which column of a sheet is read for which field: one that its heading names, where what stands below fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from types import MappingProxyType

from attrs import Factory, define, frozen

from casescreen.cases.mapping.cell_reading import How, as_written, by_word, plain
from casescreen.cases.mapping.headings import HeadingWords, Target, repeated_headings, stems
from casescreen.cases.mapping.model import MappedColumn, with_words
from casescreen.cases.mapping.vocabulary import Vocabulary
from casescreen.cases.tables.cells import Cell, DateOrder, error_in, is_blank
from casescreen.cases.tables.sheet import HeadedSheet
from casescreen.model.dictionary import YES_NO, Dictionary, Field, Kind
from casescreen.text import folded, in_words, listed

NOTHING_LIKE_IT = (
    "casescreen reads nothing like these columns; leave them, or add one to the mapping if it says the same as a line "
    "of what is not matched"
)
"""Why a heading is not read that means nothing: what most headings of a tracker have in common."""

NOT_WANTED = "it was chosen that it is not read"
NONE_CHOSEN: Mapping[str, str | None] = MappingProxyType({})

_MOST_ROWS = 2_000
_MOST_TRIED, _MOST_LIKELY = 20, 8
_ORDERS = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)


@frozen(eq=False)
class Match:
    """A column that is read for a field.

    Attributes:
        target: what it is read for.
        column: how its cells are read.
        sure: whether its heading is a name of the field, and not only like one.
    """

    target: Target
    column: MappedColumn
    sure: bool


@frozen(eq=False)
class UnmatchedHeading:
    """A heading that no field was matched with.

    Attributes:
        heading: the heading.
        why: why not, as a clause.
    """

    heading: str
    why: str


@frozen(eq=False)
class Matches:
    """What the headings of a sheet were matched with."""

    matched: Sequence[Match]
    unmatched: Sequence[UnmatchedHeading]


@frozen
class ColumnFit:
    """How the cells of a column that are not blank can be read.

    Attributes:
        read: how many say a value.
        said: how many say by a word that there is none.
        unread: how many cannot be read.
        marks: how many hold a mark, as x, that may mean yes or no.
    """

    read: int
    said: int
    unread: int
    marks: int

    @property
    def cells(self) -> int:
        """How many there are."""
        return self.read + self.said + self.unread + self.marks

    @property
    def fits(self) -> bool:
        """Whether the column can be one of the field: most of it can be read, or nothing speaks against it."""
        return self.unread <= self.read + self.said if self.read else not self.unread


def column_for(
    field: Field, heading: str, of: HeadedSheet, vocabulary: Vocabulary, dictionary: Dictionary
) -> MappedColumn:
    """A column as it is read by the words of the trade."""
    words = dict(vocabulary.words.get(field.full_name, {}))
    if field.kind is Kind.YES_NO and _is_to_be_done(field, vocabulary, dictionary):
        said = {**dict.fromkeys(vocabulary.not_done, False), **dict.fromkeys(vocabulary.done, True)}
        words |= {word: value for word, value in said.items() if word not in YES_NO}
    column = MappedColumn(field, heading, words, None, vocabulary.not_known, None, of.place(of.header, heading))
    return with_words(column, vocabulary.not_applicable, vocabulary.not_done)


def _is_to_be_done(field: Field, vocabulary: Vocabulary, dictionary: Dictionary) -> bool:
    columns = dictionary.tables[field.table].columns if field.table else dictionary.fields
    return field.full_name in vocabulary.to_be_done or any(one.dates == field.name for one in columns.values())


@define(eq=False)
class HeadingMatcher:
    """Matches the headings of one sheet with what its columns can be read for.

    Attributes:
        sheet: the sheet.
        words: the words of headings.
        dictionary: what a case may say.
        taken_on: the day on which the records were taken.
    """

    sheet: HeadedSheet
    words: HeadingWords
    dictionary: Dictionary
    taken_on: date | None
    tallies: dict[tuple[str, str], ColumnFit] = Factory(dict)

    def match(self, targets: Sequence[Target], link: str, chosen: Mapping[str, str | None] = NONE_CHOSEN) -> Matches:
        """The columns that can be read for the targets; ``link`` is the heading of the id.

        Of two headings for one target, and of two targets for one heading, neither is matched. What a person has chosen
        for a heading, by the id of the target, goes before what is likely.
        """
        unmatched: dict[str, str] = {}
        open_: list[str] = []
        repeated = repeated_headings(self.sheet)
        wanted = self._wanted(targets, link, chosen, repeated)
        taken = frozenset(target for several in wanted.values() for target in several)
        for heading in self.sheet.columns:
            if heading != link:
                why = "" if wanted.get(heading) else self._never(heading, repeated)
                why = NOT_WANTED if wanted.get(heading) == () else why
                open_ += [] if why else [heading]
                unmatched |= {heading: why} if why else {}
        free = [target for target in targets if target not in taken]
        strong = {heading: wanted.get(heading) or self._named(heading, free, unmatched) for heading in open_}
        matched, settled = self._settle(strong, unmatched, sure=True)
        left = [target for target in targets if target not in settled]
        weak = {h: self._like(h, left) for h in open_ if not strong[h] and h not in unmatched}
        more, _ = self._settle(weak, unmatched, sure=False)
        done = {match.column.heading for match in (*matched, *more)}
        for heading in open_:
            if heading not in done:
                unmatched.setdefault(heading, NOTHING_LIKE_IT)
        order = [heading for heading in self.sheet.columns if heading in unmatched]
        return Matches((*matched, *more), [UnmatchedHeading(heading, unmatched[heading]) for heading in order])

    @staticmethod
    def _wanted(
        targets: Sequence[Target], link: str, chosen: Mapping[str, str | None], repeated: frozenset[str]
    ) -> Mapping[str, Sequence[Target]]:
        """What was chosen for headings, of what can be; nothing where they are not to be read."""
        by_id = {target.id: target for target in targets}
        wanted: dict[str, Sequence[Target]] = {}
        for heading, target in chosen.items():
            if target is None:
                wanted[heading] = ()
            elif target in by_id and heading != link and folded(heading) not in repeated:
                wanted[heading] = (by_id[target],)
        return wanted

    def likely(self, heading: str, targets: Sequence[Target]) -> Sequence[Target]:
        """The targets that a heading has words of and whose values stand below it, the likest first."""
        if folded(heading) in repeated_headings(self.sheet):
            return ()
        own = frozenset(word for bag in self.words.bags(heading) for word in stems(bag))
        alike = {target: _likeness(own, target) for target in targets}
        ordered = sorted((target for target, like in alike.items() if like), key=lambda target: -alike[target])
        return [target for target in ordered[:_MOST_TRIED] if self.tally(heading, target).fits][:_MOST_LIKELY]

    def _never(self, heading: str, repeated: frozenset[str]) -> str:
        """Why a heading is not matched whatever it is like; "" if it may be."""
        if folded(heading) in repeated:
            return "the heading stands twice, and which one counts cannot be known"
        several = self.words.several_meanings(heading)
        return "; ".join(f'"{word.upper()}" can mean {listed(meant)}' for word, meant in several.items())

    def _named(self, heading: str, targets: Sequence[Target], unmatched: dict[str, str]) -> Sequence[Target]:
        """The targets that the heading names and whose values stand below it."""
        for bag in self.words.bags(heading):
            named = [target for target in targets if bag in target.names]
            dated = [other for target in named for other in self._dated_by(target, targets) if other not in named]
            fitting = [target for target in named if self.tally(heading, target).fits]
            if not any(self.tally(heading, target).read for target in fitting):
                fitting += [
                    target for target in dated if self.tally(heading, target).read and self._fits(heading, target)
                ]
            if fitting:
                return self._plainest(heading, fitting)
            if named:
                tally = self.tally(heading, named[0])
                can = f"{tally.read + tally.said} of {tally.cells} cells can be read so"
                unmatched[heading] = f'it can mean "{named[0].label}", and {can}'
        return ()

    def _fits(self, heading: str, target: Target) -> bool:
        return self.tally(heading, target).fits

    def _plainest(self, heading: str, fitting: Sequence[Target]) -> Sequence[Target]:
        """Of a date and the yes-no that it dates, the one whose values stand there; of others, all."""
        if not any(self.tally(heading, target).read for target in fitting):
            dates = {(target.field.dates, target.field.table) for target in fitting if target.field.dates}
            return [target for target in fitting if (target.field.name, target.field.table) not in dates]
        return [target for target in fitting if self.tally(heading, target).read]

    @staticmethod
    def _dated_by(target: Target, targets: Sequence[Target]) -> Iterator[Target]:
        for other in targets:
            same = other.field.table == target.field.table and other.rows is target.rows
            if target.field.dates and same and other.field.name == target.field.dates:
                yield other

    def _like(self, heading: str, targets: Sequence[Target]) -> Sequence[Target]:
        """The targets that the heading is like: by a last word, or but for the endings of words."""
        for bag in self.words.bags(heading):
            own = stems(bag)
            like = [t for t in targets if bag in t.perhaps or any(stems(name) == own for name in t.names)]
            if fitting := [target for target in like if self.tally(heading, target).fits]:
                return fitting
        return ()

    def _settle(
        self, meant: Mapping[str, Sequence[Target]], unmatched: dict[str, str], *, sure: bool
    ) -> tuple[Sequence[Match], frozenset[Target]]:
        """The headings that mean one target which no other one means; and all targets that were meant."""
        by_target: defaultdict[Target, list[str]] = defaultdict(list)
        for heading, targets in meant.items():
            for target in targets:
                by_target[target].append(heading)
        matched = []
        for heading, targets in meant.items():
            if not targets:
                continue
            rivals = [other for target in targets for other in by_target[target] if other != heading]
            if len(targets) > 1:
                unmatched[heading] = f"it can mean {listed(f'{target.label!r}' for target in targets)}".replace(
                    "'", '"'
                )
            elif rivals:
                also = listed((f'"{in_words(other)}"' for other in rivals), "and")
                unmatched[heading] = f'it can mean "{targets[0].label}", and so can {also}'
            else:
                unmatched.pop(heading, None)
                column = self._column(heading, targets[0])
                matched.append(Match(targets[0], column, sure))
        return matched, frozenset(by_target)

    def _column(self, heading: str, target: Target) -> MappedColumn:
        return column_for(target.field, heading, self.sheet, self.words.vocabulary, self.dictionary)

    def tally(self, heading: str, target: Target) -> ColumnFit:
        """How many cells below a heading can be read for a target."""
        key = heading, target.field.full_name
        if key not in self.tallies:
            column = self._column(heading, target)
            hows = [self._how(cell, column) for cell in self.cells(heading)]
            read = sum(how in {How.AS_WRITTEN, How.SHORT_YEAR, How.WORD} for how in hows)
            unread, marks = hows.count(How.UNREAD), hows.count(None)
            self.tallies[key] = ColumnFit(read, len(hows) - read - unread - marks, unread, marks)
        return self.tallies[key]

    def _how(self, cell: Cell, column: MappedColumn) -> How | None:
        """How a cell is read, days in either order; None for a mark that may mean yes or no."""
        if (said := by_word(cell, column.field, column.meanings)) is not None:
            return said.how
        hows = [as_written(cell, column.field, order, self.taken_on).how for order in _ORDERS]
        how = next((how for how in hows if how is not How.UNREAD), How.UNREAD)
        return None if how is How.UNREAD and self.is_mark(cell) else how

    def is_mark(self, cell: Cell) -> bool:
        """Whether a cell holds a mark that may mean yes or no."""
        marks = self.words.vocabulary.asked_about
        return isinstance(cell, str) and (folded(cell) in marks or plain(cell) in marks)

    def cells(self, heading: str) -> Sequence[Cell]:
        """What stands below a heading and is no error, in the first rows; nor does the heading, repeated, count."""
        again = {folded(heading), folded(heading.rpartition(" / ")[2])}
        cells = [self.sheet.cell(row, heading) for row in islice(self.sheet.rows(), _MOST_ROWS)]
        legible = (cell for cell in cells if not is_blank(cell) and error_in(cell) is None)
        return [cell for cell in legible if not (isinstance(cell, str) and folded(cell) in again)]


def _likeness(own: frozenset[str], target: Target) -> float:
    """How many of its words a heading shares with a target, as a share of all that either has; 0 for none."""
    names = [stems(name) for name in (*target.names, *target.perhaps)]
    return max((len(own & name) / len(own | name) for name in names if own & name), default=0)
