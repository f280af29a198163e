"""Caseloads written as co-partitioned Parquet: parts of the same ranges of cases in all files, with their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.folder import CASES
from casescreen.evaluate.bulk.frames import ANSWERS, ID, ROW, CaseFrames, each_frame
from casescreen.evaluate.bulk.numbering import numbered
from casescreen.evaluate.bulk.parting import SIZE, divided
from casescreen.evaluate.bulk.values import type_of
from casescreen.model.dictionary import Dictionary, Field
from casescreen.model.problem import CasescreenError
from casescreen.model.text import in_words


def write_parquet(parts: Iterable[CaseFrames], dictionary: Dictionary, folder: Path, *, size: int = SIZE) -> int:
    """Write a caseload into a new or empty folder, about ``size`` cases a part, in order of case id within each.

    Choices are written as the dictionary's words with their numbers, which are the quickest to read.

    Returns:
        How many cases were written.

    Raises:
        CasescreenError: the folder is not empty, or a part cannot be read.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CasescreenError(
            f"{in_words(str(folder))} is not empty.\n"
            "  Why it matters: what stands there would be mixed with what is written.\n"
            "  What to do: name a new folder."
        )
    smaller = (one for part in parts for one in divided(part, size))
    return sum(_write(part, dictionary, folder / f"part-{number:05}") for number, part in enumerate(smaller))


def _write(part: CaseFrames, dictionary: Dictionary, folder: Path) -> int:
    folder.mkdir(parents=True)
    sorted_ = numbered(each_frame(part, _by_id))
    cases = _typed(sorted_.cases, dictionary.fields)
    cases.write_parquet(folder / f"{CASES}.parquet")
    for name, frame in sorted_.tables.items():
        _typed(frame, dictionary.tables[name].columns).write_parquet(folder / f"{name}.parquet")
    if sorted_.answers is not None:
        collected(sorted_.answers).write_parquet(folder / f"{ANSWERS}.parquet")
    return len(cases)


def _by_id(frame: pl.LazyFrame) -> pl.LazyFrame:
    """In order of case, the rows of a case as they come, and with numbers only if those are of this order."""
    return frame.drop(ROW, strict=False).sort(ID, maintain_order=True)


def _typed(frame: pl.LazyFrame, fields: Mapping[str, Field]) -> pl.DataFrame:
    there = frame.collect_schema()
    others = [name for name in there if name not in fields and name not in (ID, ROW)]
    known = [pl.col(name).cast(type_of(field)) for name, field in fields.items() if name in there and name != ID]
    return collected(frame.select(ID, ROW, *known, *others))
