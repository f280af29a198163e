"""The outcomes of a caseload kept in one Parquet file, however large, in the memory of two parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from casescreen.evaluate.bulk.collecting import sunk
from casescreen.evaluate.bulk.findings import named
from casescreen.evaluate.bulk.frames import CaseFrames
from casescreen.evaluate.bulk.screening import bulk_outcomes
from casescreen.model.rulebook import Rulebook


def keep_outcomes(rulebook: Rulebook, parts: Iterable[CaseFrames], file: Path, *, as_of: date) -> None:
    """Write a row for each outcome: ``case``, ``criterion``, ``item`` (null for the whole case) and ``outcome``.

    Raises:
        CasescreenError: a part cannot be read, or the file cannot be written.
    """
    with TemporaryDirectory(dir=file.parent, prefix=".casescreen-") as stage:
        staged = []
        for number, rows in enumerate(bulk_outcomes(rulebook, parts, as_of=as_of)):
            staged.append(Path(stage) / f"{number:06}.parquet")
            sunk(named(rows, rulebook).lazy(), staged[-1])
        sunk(pl.scan_parquet(staged), file)
