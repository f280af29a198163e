"""Text and ids as they count: what is blank is not recorded, capitals and spaces do not tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from casescreen.cases.tables.cells import ZONE
from casescreen.columnar.expressions import has_zone, type_of
from casescreen.model.case import EXAMPLE
from casescreen.model.dictionary import YES_NO, Field, Kind
from casescreen.text import folded

SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))  # Polars' own list is not Python's
_FIRST_SHOWN, _LAST_SHOWN = "!", "\x7f"
_FIGURES = "-?[0-9]{1,20}"
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?"  # of day, which is passed over
_DAY = f"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_TIME}"


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


def _choices(text: pl.Series, field: Field) -> pl.Series:
    values = text.cast(type_of(field), strict=False)
    if values.null_count() == text.null_count():
        return values
    plain = {folded(word): word for word in reversed(field.allowed)}
    meanings = {word: word if word in field.allowed else plain.get(folded(word)) for word in _different(text)}
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
    return column.cast(pl.String).str.contains(f"(?i){ZONE}").fill_null(value=False)


_SOME_SPACES = "[" + "".join(f"\\x{{{ord(space):x}}}" for space in SPACES) + "]+"


def normalised_id(ids: pl.Series) -> pl.Series:
    """The ids as text, with spaces evened out. Text without any is given back as it is."""
    text = ids.cast(pl.String)
    if not text.str.contains_any(list(SPACES)).any():
        return text
    return text.str.replace_all(_SOME_SPACES, " ").str.strip_chars(" ")


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
