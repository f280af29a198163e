"""Text and words as intake takes them: what is blank is not recorded, and words may be written in capitals."""

from __future__ import annotations

import polars as pl

from casescreen.evaluate.bulk.values import type_of
from casescreen.model.dictionary import Field, Kind
from casescreen.model.text import folded

SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))  # Polars' own list is not Python's
_FIRST_SHOWN, _LAST_SHOWN = "!", "\x7f"


def without_blanks(column: pl.Series) -> pl.Series:
    """The same text, not recorded where it is nothing but spaces."""
    if column.dtype != pl.String or not ((column < _FIRST_SHOWN) | (column >= _LAST_SHOWN)).any():
        return column  # what is blank begins with a space, and all but one of those stand before the other characters
    blank = column.str.strip_chars(SPACES) == ""
    return column.to_frame().select(pl.when(~blank.fill_null(value=False)).then(pl.col(column.name))).to_series()


def as_ours(column: pl.Series, field: Field) -> pl.Series:
    """The words of a choice as the dictionary's own; others are not recorded."""
    assert field.kind is Kind.CHOICE
    ours = type_of(field)
    if isinstance(column.dtype, pl.Enum):
        # Each word of the list is looked up once, and not that of every row.
        words = _each_as_ours(column.dtype.categories, field)
        return words.gather(column.to_physical()).alias(column.name)
    text = column.cast(pl.String)
    found = text.cast(ours, strict=False)
    return found if found.null_count() == text.null_count() else _each_as_ours(text, field)


def _each_as_ours(text: pl.Series, field: Field) -> pl.Series:
    plain = {folded(word): word for word in reversed(field.allowed)}
    written = text.unique().drop_nulls().to_list()
    meant = [word if word in field.allowed else plain.get(folded(word)) for word in written]
    ours = type_of(field)
    return text.replace_strict(written, pl.Series(meant, dtype=ours), default=None, return_dtype=ours)
