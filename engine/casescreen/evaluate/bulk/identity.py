"""Ids that tell cases apart: two that differ only by spaces are the same, as where records are read."""

from __future__ import annotations

import polars as pl

from casescreen.evaluate.bulk.wording import SPACES
from casescreen.model.case import EXAMPLE

_SOME_SPACES = "[" + "".join(f"\\x{{{ord(space):x}}}" for space in SPACES) + "]+"


def evened(ids: pl.Series) -> pl.Series:
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
    """Which ids, evened, are of rows that show how a record is filled in."""
    likely = ids.str.len_bytes() == len(EXAMPLE)
    if not likely.any():
        return likely
    return likely & (ids.str.to_uppercase() == EXAMPLE)
