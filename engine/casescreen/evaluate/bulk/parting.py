"""Caseloads divided by ranges of case id, so that memory is that of a part, and written so."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.frames import ID, ROW, CaseFrames, each_frame

SIZE = 250_000
"""How many cases stand in a part, about."""

_SAMPLED = 200  # ids a part that are looked at to find where the parts begin


def divided(frames: CaseFrames, size: int = SIZE) -> Iterator[CaseFrames]:
    """Parts of about so many cases each, in order of id; files that are sorted by it are read little more than once."""
    cases = int(collected(frames.cases.select(pl.len())).item())
    if cases <= size:
        yield frames
        return
    every = max(1, size // _SAMPLED)
    ids = collected(frames.cases.select(pl.col(ID).gather_every(every)).drop_nulls())[ID].sort()
    starts = ids.gather_every(max(1, size // every))[1:].unique(maintain_order=True).to_list()
    for first, end in zip([None, *starts], [*starts, None], strict=True):
        yield _between(frames, first, end)


def _between(frames: CaseFrames, first: str | None, end: str | None) -> CaseFrames:
    """The cases from one id up to another; those without an id are in the first part, where they are told."""
    id_ = pl.col(ID)
    here = pl.lit(True) if end is None else (id_ < end)
    inside = (here | id_.is_null()) if first is None else (here & (id_ >= first))
    return each_frame(frames, lambda frame: frame.filter(inside).drop(ROW, strict=False))
