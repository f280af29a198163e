"""Cases as frames, one row a case and a frame for each table, and parts of them by ranges of case id.

What other programs wrote into a frame is put into the dictionary's own form here: texts, ids, choices and days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from attrs import Factory, evolve, frozen

from casescreen.cases.mapping.cell_reading import choice_in
from casescreen.cases.tables.cells import ZONE
from casescreen.columnar.expressions import has_zone, is_text, type_of
from casescreen.columnar.io import collect
from casescreen.model.case import (
    ANSWER,
    ANSWERED_ON,
    ANSWERS,
    CRITERION,
    EXAMPLE,
    HAS,
    ID,
    ITEM,
    READER,
    REASON,
    SOURCE,
    Case,
)
from casescreen.model.dictionary import YES_NO, Dictionary, Field, Kind
from casescreen.text import evened, evened_lines, folded

ROW = "case.row"
"""The column, of every frame, that numbers the cases from 0. With it nothing has to be looked up by text."""

_UNKNOWN = " unknown"

SIZE = 250_000
"""How many cases stand in a part, about."""

_SAMPLED = 200  # ids a part that are looked at to find where the parts begin

_FIRST = 200  # texts of a column that are looked at to see whether many are the same

SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))  # Polars' own list is not Python's
_FIRST_SHOWN, _LAST_SHOWN = "!", "\x7f"
_FIGURES = "-?[0-9]{1,20}"
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?"  # of day, which is passed over
_DAY = f"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_TIME}"
_FIRST_DAY, _LAST_DAY = ((day - date(1970, 1, 1)).days for day in (date.min, date.max))
# What may not be all that is seen: what is not in ASCII or is a control, and a space too many.
_NOT_PLAIN = "[^ -~]|^ |  | $"


def unknown_column(name: str) -> str:
    """The column beside a field's that says where something stands in the record that is not known."""
    return f"{name}{_UNKNOWN}"


def known_part(name: str) -> str:
    """The name of the field that a column belongs to."""
    return name.removesuffix(_UNKNOWN)


@frozen(eq=False)
class CaseFrames:
    """A caseload, or a part of one, as frames.

    A field or column that a frame lacks is not recorded for any case, and a table without a frame has no rows. Where
    a frame has a column that ``unknown_column`` names, that says where something stands that is not known.

    Attributes:
        cases: a row for each case: ``case.id``, the fields by name, and ``has.<table>``, whether the table is in the
            record. Where that is not said, a table is taken to be there if it has rows.
        tables: the rows of each table: ``case.id`` and the columns.
        answers: what readers answered: ``case.id``, ``criterion``, ``answer``, and ``item``, null where it is about
            the whole case.
        sound: the records were read one by one or made by us, so the faults that it finds are not looked for.

    Where ``case.row`` stands beside ``case.id`` in all frames, the first case has 0, the next 1, and so on.
    """

    cases: pl.LazyFrame
    tables: Mapping[str, pl.LazyFrame] = Factory(dict)
    answers: pl.LazyFrame | None = None
    sound: bool = False

    @property
    def by_table(self) -> dict[str, pl.LazyFrame]:
        """All frames, those of the cases as "", and the answers as a table like others."""
        return {"": self.cases, **self.tables, **({} if self.answers is None else {ANSWERS: self.answers})}


def each_frame(frames: CaseFrames, change: Callable[[pl.LazyFrame], pl.LazyFrame]) -> CaseFrames:
    """The same frames after a change to each."""
    changed = {name: change(frame) for name, frame in frames.by_table.items()}
    return evolve(frames, cases=changed.pop(""), answers=changed.pop(ANSWERS, None), tables=changed)


def columns_of(dictionary: Dictionary, table: str) -> Mapping[str, Field]:
    """The fields of the cases where ``table`` is "", else the columns of the table."""
    return dictionary.tables[table].columns if table else dictionary.fields


def presence_fields(dictionary: Dictionary) -> Mapping[str, Field]:
    """The columns of the cases that say whether tables are in the record, by name."""
    fields = (Field(f"{HAS}{name}", name, Kind.YES_NO, "Whether it is in the record.") for name in dictionary.tables)
    return {field.name: field for field in fields}


def frames_of(cases: Iterable[Case], dictionary: Dictionary) -> CaseFrames:
    """The cases as frames, in the order in which they come."""
    listed = tuple(cases)
    types = {name: type_of(field) for name, field in dictionary.fields.items() if name != ID}
    has = [
        pl.Series(f"{HAS}{name}", [name in case.tables for case in listed], pl.Boolean) for name in dictionary.tables
    ]
    fields = _frame(listed, [(number, case.fields) for number, case in enumerate(listed)], types)
    tables = {}
    for name, table in dictionary.tables.items():
        rows = [(number, row) for number, case in enumerate(listed) for row in case.tables.get(name, ())]
        tables[name] = _frame(listed, rows, {column: type_of(field) for column, field in table.columns.items()})
    return CaseFrames(fields.with_columns(has), tables, _answers(listed), sound=True)


def _answers(cases: Sequence[Case]) -> pl.LazyFrame:
    texts = (CRITERION, ITEM, ANSWER, REASON, READER, SOURCE)
    types = {**dict.fromkeys(texts, pl.String()), ANSWERED_ON: pl.Date()}
    rows = []
    for number, case in enumerate(cases):
        last = {(answer.criterion, answer.item): answer for answer in case.answers}
        for answer in last.values():
            row = {name: value for name in types if (value := getattr(answer, name))}
            rows.append((number, {**row, ANSWER: answer.answer.value}))
    return _frame(cases, rows, types)


def _frame(
    cases: Sequence[Case], rows: Sequence[tuple[int, Mapping[str, Any]]], types: Mapping[str, pl.DataType]
) -> pl.LazyFrame:
    """Rows with the numbers of their cases."""
    ids = pl.Series(ID, [cases[number].id for number, _ in rows], dtype=pl.String)
    numbers = pl.Series(ROW, [number for number, _ in rows], dtype=pl.UInt32)
    columns = [pl.Series(name, [row.get(name) for _, row in rows], dtype=kind) for name, kind in types.items()]
    unknown = {name for _, row in rows for name, value in row.items() if value is None and name in types}
    columns += [
        pl.Series(unknown_column(name), [row.get(name, "") is None for _, row in rows], dtype=pl.Boolean)
        for name in sorted(unknown)
    ]
    return pl.LazyFrame([ids, numbers, *columns])


def partition(frames: CaseFrames, size: int = SIZE) -> Iterator[CaseFrames]:
    """Parts of about so many cases each, in order of id; files that are sorted by it are read little more than once."""
    cases = int(collect(frames.cases.select(pl.len())).item())
    if cases <= size:
        yield frames
        return
    every = max(1, size // _SAMPLED)
    ids = collect(frames.cases.select(pl.col(ID).gather_every(every)).drop_nulls())[ID].sort()
    starts = ids.gather_every(max(1, size // every))[1:].unique(maintain_order=True).to_list()
    for first, end in zip([None, *starts], [*starts, None], strict=True):
        yield _between(frames, first, end)


def _between(frames: CaseFrames, first: str | None, end: str | None) -> CaseFrames:
    """The cases from one id up to another; those without an id are in the first part, where they are told."""
    id_ = pl.col(ID)
    here = pl.lit(True) if end is None else (id_ < end)
    inside = (here | id_.is_null()) if first is None else (here & (id_ >= first))
    return each_frame(frames, lambda frame: frame.filter(inside).drop(ROW, strict=False))


def without_blanks(column: pl.Series) -> pl.Series:
    """The same text, not recorded where it is nothing but spaces."""
    words = column.dtype
    # Words that are kept as numbers may have a blank one among them.
    if isinstance(words, pl.Categorical) or (
        isinstance(words, pl.Enum) and not all(word.strip(SPACES) for word in words.categories.to_list())
    ):
        column = column.cast(pl.String)
    if column.dtype != pl.String or not ((column < _FIRST_SHOWN) | (column >= _LAST_SHOWN)).any():
        return column  # what is blank begins with a space, and all but one of those stand before the other characters
    blank = column.str.strip_chars(SPACES) == ""
    return column.to_frame().select(pl.when(~blank.fill_null(value=False)).then(pl.col(column.name))).to_series()


def as_ours(column: pl.Series, field: Field) -> pl.Series:
    """What is kept as text or as other words, as the dictionary has the field; what cannot be is not recorded."""
    if field.kind is Kind.CHOICE and isinstance(column.dtype, pl.Enum):
        # Each word of the list is looked up once, and not that of every row.
        return _choices(column.dtype.categories, field).gather(column.to_physical()).alias(column.name)
    if has_zone(column.dtype):
        return pl.repeat(None, len(column), dtype=pl.Date, eager=True).alias(column.name)
    text = column.cast(pl.String)
    match field.kind:
        case Kind.CHOICE:
            values = _choices(text, field)
        case Kind.YES_NO:
            values = _replaced(text, {word: YES_NO.get(folded(word)) for word in _different(text)}, pl.Boolean())
        case Kind.NUMBER:
            values = _where(text, f"({_FIGURES})").cast(pl.Int64, strict=False)
        case _:
            days = _where(text, _DAY).str.to_date("%Y-%m-%d", strict=False)
            values = days.set((days < date.min).fill_null(value=False), None)
    return values.alias(column.name)


def within_calendar(days: pl.Series) -> pl.Series:
    """The days, but for those of no year from 1 to 9999, which cannot be told nor reckoned with."""
    numbers = days.to_physical()
    first, last = numbers.min(), numbers.max()
    if first is None or (first >= _FIRST_DAY and last <= _LAST_DAY):  # type: ignore[operator]
        return days
    return days.set(~numbers.is_between(_FIRST_DAY, _LAST_DAY).fill_null(value=True), None)


def _choices(text: pl.Series, field: Field) -> pl.Series:
    values = text.cast(type_of(field), strict=False)
    if values.null_count() == text.null_count():
        return values
    meanings = {word: word if word in field.allowed else choice_in(word, field) for word in _different(text)}
    return _replaced(text, meanings, type_of(field))


def _different(text: pl.Series) -> list[str]:
    return text.unique().drop_nulls().to_list()


def _replaced(text: pl.Series, meanings: Mapping[str, str | bool | None], kind: pl.DataType) -> pl.Series:
    values = pl.Series(meanings.values(), dtype=kind)
    return text.replace_strict(list(meanings), values, default=None, return_dtype=kind)


def _where(text: pl.Series, pattern: str) -> pl.Series:
    """What is in the first group of the pattern, where the text without spaces about it is of it."""
    return text.str.strip_chars(SPACES).str.extract(f"^{pattern}$")


def zoned(column: pl.Series) -> pl.Series:
    """Which of the values, text or not, are times with a zone."""
    if has_zone(column.dtype):
        return column.is_not_null()
    if not is_text(column.dtype):
        return pl.repeat(False, len(column), dtype=pl.Boolean, eager=True)
    return column.cast(pl.String).str.contains(f"(?i){ZONE}").fill_null(value=False)


def normalised_id(ids: pl.Series) -> pl.Series:
    """The ids as they are seen, as text; null where nothing is."""
    return _seen(ids.cast(pl.String), evened)


def normalised_text(column: pl.Series) -> pl.Series:
    """The text as it is seen, line by line; not recorded where nothing is."""
    words = column.dtype
    if isinstance(words, pl.Enum) and all(word and word == evened_lines(word) for word in words.categories.to_list()):
        return column
    return _seen(column.cast(pl.String), evened_lines)


def _seen(text: pl.Series, even: Callable[[str], str]) -> pl.Series:
    """Each different text that is not plain is evened once. Where many are the same, each is searched once, too."""
    words = text.drop_nulls()
    if words.head(_FIRST).n_unique() < _FIRST // 2:
        words = words.unique()
    words = words.filter(words.str.contains(_NOT_PLAIN) | (words == ""))
    if words.is_empty():
        return text
    different = _different(words)
    return text.replace(different, pl.Series([even(one) or None for one in different], dtype=pl.String))


def of_several(ids: pl.Series) -> pl.Series:
    """Of which ids, evened, there are several. Nothing is looked up if they are in order."""
    if (ids.slice(1) > ids.slice(0, max(0, len(ids) - 1))).all(ignore_nulls=False):
        return pl.repeat(False, len(ids), dtype=pl.Boolean, eager=True)
    return ids.is_duplicated() & ids.is_not_null()


def of_examples(ids: pl.Series) -> pl.Series:
    """Which ids, evened, are of records that show how one is written."""
    likely = ids.str.len_bytes() == len(EXAMPLE)
    if not likely.any():
        return likely
    return likely & (ids.str.to_uppercase() == EXAMPLE)
