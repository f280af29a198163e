"""Frames read into memory or files; what Polars cannot read is reported to the person whose file it is."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

import polars as pl

from casescreen.extras import without_last_words
from casescreen.model.problem import CasescreenError
from casescreen.text import visible

_TRIAL = 1024 * 1024
REFUSED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What Polars raises where it cannot read or write. A panic, which it never saw coming, is no Exception in Python."""
_SCANNED = re.compile(r"SCAN \[([^\]]*)\]")  # as Polars shows what it is to do


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """What the frame holds.

    Raises:
        CasescreenError: a file is missing or damaged, or holds values that are not what they should be.
    """
    return collect_all([frame])[0]


def collect_all(frames: Iterable[pl.LazyFrame]) -> list[pl.DataFrame]:
    """What each of the frames holds; they are read side by side.

    Raises:
        CasescreenError: as for ``collect``.
    """
    every = list(frames)
    try:
        with without_last_words():
            return pl.collect_all(every, engine="streaming")
    except REFUSED as error:
        raise _not_read(every, error) from error


def sink(frame: pl.LazyFrame, file: Path) -> None:
    """Write what the frame holds into a Parquet file, without all of it in memory.

    Raises:
        CasescreenError: as for ``collect``, or the file cannot be written.
    """
    try:
        with without_last_words():
            frame.sink_parquet(file)
    except REFUSED as error:
        # Polars does not say which side failed; whether the file can be written does.
        if (why := _why_not_written(file)) is None:
            raise _not_read([frame], error) from error
        raise CasescreenError(
            f"{visible(str(_asked_for(file)))} cannot be written: {why}.",
            why="what is there of it is not whole, and must not be used.",
            advice="make room on the disk, or name a place where you may write.",
        ) from error


def _asked_for(file: Path) -> Path:
    """The file, or if it or its folder is hidden, as what is not finished is, the folder in which that is so."""
    while file.parent.name.startswith("."):
        file = file.parent
    return file.parent if file.name.startswith(".") else file


def _why_not_written(file: Path) -> str | None:
    """Why nothing can be added to the file; None if something can, and then it is as it was."""
    try:
        with file.open("ab", buffering=0) as trial:
            size, left = trial.tell(), bytes(_TRIAL)
            while left:
                left = left[trial.write(left) :]
            trial.truncate(size)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _not_read(frames: Iterable[pl.LazyFrame], error: BaseException) -> CasescreenError:
    what = "it is damaged, or holds values that are not what they should be"
    if isinstance(error, OSError):
        what = error.strerror or visible(str(error))
    return CasescreenError(
        f"{_unreadable_file(frames) or 'The cases'} cannot be read: {what}.",
        why="nothing can be said about what cannot be read, so nothing was screened.",
        advice="write the file anew, from where its records come from.",
    )


def _unreadable_file(frames: Iterable[pl.LazyFrame]) -> str | None:
    """The file that cannot be read. Polars does not say which it was, so each is gone through by itself."""
    for frame in frames:
        try:
            with without_last_words():
                frame.sink_batches(lambda _: None)
        except REFUSED:
            with suppress(*REFUSED):
                if scanned := _SCANNED.search(frame.explain(optimized=False)):
                    return visible(scanned[1])
            return None
    return None


_AT_ONCE = 2  # Polars has threads of its own for each part; more parts at once would only take more memory

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def map_ordered(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
    """The result for each item, in their order; no more than two are worked on at once.

    What goes wrong with an item is raised where its result would come.
    """
    coming = iter(items)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting: deque[Future[_Result]] = deque(pool.submit(work, item) for item in islice(coming, _AT_ONCE))
        try:
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(coming, 1))
                yield result
        finally:
            pool.shutdown(cancel_futures=True)
