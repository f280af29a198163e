"""Frames read into memory or files; what Polars cannot read is told to the person whose file it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from casescreen.model.problem import CasescreenError
from casescreen.model.text import visible

_TRIAL = 1024 * 1024
_SCANNED = re.compile(r"SCAN \[([^\]]*)\]")  # as Polars shows what it is to do


def collected(frame: pl.LazyFrame) -> pl.DataFrame:
    """What the frame holds.

    Raises:
        CasescreenError: a file is missing or damaged, or holds values that are not what they should be.
    """
    with _told([frame]):
        return frame.collect(engine="streaming")


def collected_all(frames: Iterable[pl.LazyFrame]) -> list[pl.DataFrame]:
    """What each of the frames holds; they are read side by side.

    Raises:
        CasescreenError: as for ``collected``.
    """
    every = list(frames)
    with _told(every):
        return pl.collect_all(every, engine="streaming")


def sunk(frame: pl.LazyFrame, file: Path) -> None:
    """Write what the frame holds into a Parquet file, without all of it in memory.

    Raises:
        CasescreenError: as for ``collected``, or the file cannot be written.
    """
    try:
        with _told([frame]):
            frame.sink_parquet(file)
    except CasescreenError as error:
        # Polars does not say which side failed; whether the file can be written does.
        if (why := _why_not_written(file)) is None:
            raise
        raise CasescreenError(
            f"{visible(str(file))} cannot be written: {why}.\n"
            "  Why it matters: what is there of it is not whole, and must not be used.\n"
            "  What to do: make room on the disk, or name a place where you may write."
        ) from error


def _why_not_written(file: Path) -> str | None:
    try:
        with file.open("wb") as trial:
            trial.write(bytes(_TRIAL))
            trial.flush()
    except OSError as error:
        return error.strerror or str(error)
    return None


@contextmanager
def _told(frames: Iterable[pl.LazyFrame]) -> Iterator[None]:
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CasescreenError(
            f"{_which(frames) or 'The cases'} cannot be read: {_in_short(error)}.\n"
            "  Why it matters: nothing can be said about what cannot be read, so nothing was screened.\n"
            "  What to do: write the file anew, from where its records come from."
        ) from error


def _which(frames: Iterable[pl.LazyFrame]) -> str | None:
    """The file that cannot be read. Polars does not say which it was, so each is tried by itself."""
    for frame in frames:
        try:
            frame.collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError):
            found = _SCANNED.search(frame.explain(optimized=False))
            return visible(found[1]) if found else None
    return None


def _in_short(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or visible(str(error))
    return "it is damaged, or holds values that are not what they should be"
