"""Columns as the bytes of a Parquet file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

_TYPES: dict[type, pl.DataType] = {str: pl.String(), date: pl.Date()}


def parquet(columns: Mapping[str, tuple[type, Sequence[str | date | None]]]) -> bytes:
    """The columns, each of texts or of dates, as one file: the same columns, the same bytes."""
    frame = pl.DataFrame([pl.Series(name, values, dtype=_TYPES[kind]) for name, (kind, values) in columns.items()])
    to = io.BytesIO()
    frame.write_parquet(to)
    return to.getvalue()
