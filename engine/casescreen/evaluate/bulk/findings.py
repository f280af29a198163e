"""Findings as Parquet files, for what will be asked of them later."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import polars as pl

from casescreen.evaluate.bulk.collecting import sunk
from casescreen.evaluate.bulk.frames import ID
from casescreen.evaluate.bulk.listing import OUTCOMES
from casescreen.model.rulebook import Rulebook


def write_findings(rows: pl.DataFrame, rulebook: Rulebook, file: Path) -> None:
    """Write outcomes, as they were listed, as the columns ``case``, ``criterion``, ``item`` and ``outcome``.

    The file appears whole, in place of one that was there, so that it does not matter how often a part is written, nor
    where a run is cut off. What a run leaves that was cut off has a name with a dot before it.

    Raises:
        CasescreenError: the file cannot be written.
    """
    unfinished = file.with_name(f".{file.name}.{uuid4().hex}")
    try:
        sunk(named(rows, rulebook).lazy(), unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def named(rows: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Outcomes, as they were listed, with words for their numbers; ``item`` is null where a case is meant."""
    criteria = [criterion.id for criterion in rulebook.criteria]
    outcomes = [outcome.value for outcome in OUTCOMES]
    words = rows.with_columns(_words("criterion", criteria), _words("outcome", outcomes))
    return words.rename({ID: "case"})


def _words(column: str, words: list[str]) -> pl.Expr:
    """Words in place of their positions."""
    return pl.lit(pl.Series(words, dtype=pl.Enum(words))).gather(pl.col(column)).alias(column)
