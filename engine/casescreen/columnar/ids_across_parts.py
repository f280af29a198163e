"""That no case stands in two parts of a caseload: each part is screened without the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl
from attrs import frozen

from casescreen.columnar.frames import SIZE, CaseFrames
from casescreen.columnar.io import collect
from casescreen.columnar.normalise import normalised_id, without_blanks
from casescreen.model.case import ID
from casescreen.model.problem import CasescreenError
from casescreen.text import in_words

_AT_ONCE = 10_000_000  # ids that are compared at a time, each as a number of eight bytes
_SHOWN = 1_000
_PART = "part"


@frozen
class _Span:
    """The first and the last id of a part, and how many there are."""

    first: str
    last: str
    part: str
    cases: int


def check_apart(parts: Mapping[str, CaseFrames]) -> None:
    """Refuse parts that share an id. Where their ids are of different ranges, each id is read once.

    Args:
        parts: by name.

    Raises:
        CasescreenError: an id stands in two parts, or a part cannot be read.
    """
    together = _overlapping(span for name, frames in parts.items() for span in _span(name, frames))
    times = 1 + sum(span.cases for span in together) // _AT_ONCE
    for turn in range(times):
        _check({span.part: parts[span.part] for span in together}, turn, times)


def _span(name: str, frames: CaseFrames) -> Iterator[_Span]:
    ids = _ids(frames)
    if len(ids) > SIZE:
        _check_spaces(name, frames, ids)
    if ids.count():
        yield _Span(str(ids.min()), str(ids.max()), name, len(ids))


def _check_spaces(name: str, frames: CaseFrames, ids: pl.Series) -> None:
    """What is divided is so by ids as they stand: two that differ only by spaces could come apart."""
    stand = collect(frames.cases.select(pl.col(ID).cast(pl.String)))[ID]
    changed = ids.filter((ids != stand).fill_null(value=False))
    if len(changed) and len(several := changed.filter(changed.is_in(stand.implode()) | changed.is_duplicated())):
        raise _shared(several.sort()[0], name, name)


def _overlapping(spans: Iterable[_Span]) -> Sequence[_Span]:
    """Those that begin before another has ended, and those others."""
    found: dict[str, _Span] = {}
    furthest: _Span | None = None
    for span in sorted(spans, key=lambda span: span.first):
        if furthest is not None and span.first <= furthest.last:
            found |= {furthest.part: furthest, span.part: span}
        if furthest is None or span.last > furthest.last:
            furthest = span
    return list(found.values())


def _check(parts: Mapping[str, CaseFrames], turn: int, times: int) -> None:
    """Compare all ids, or those that it is the turn of, first by numbers that stand for them."""
    numbers = [_numbers(_ids(frames), turn, times) for frames in parts.values()]
    every = pl.concat([pl.Series(dtype=pl.UInt64), *numbers])
    likely = every.filter(every.is_duplicated()).unique().sort().head(_SHOWN)
    if len(likely):
        each = [_with_numbers(_ids(frames), likely, name) for name, frames in parts.items()]
        shared = pl.concat(each).filter(pl.col(ID).is_duplicated()).sort(ID, _PART)
        if len(shared):
            raise _shared(shared[ID][0], shared[_PART][0], shared[_PART][1])


def _ids(frames: CaseFrames) -> pl.Series:
    return without_blanks(normalised_id(collect(frames.cases.select(ID))[ID]))


def _numbers(ids: pl.Series, turn: int, times: int) -> pl.Series:
    numbers = ids.drop_nulls().unique().hash()
    return numbers if times == 1 else numbers.filter(numbers % times == turn)


def _with_numbers(ids: pl.Series, likely: pl.Series, part: str) -> pl.DataFrame:
    found = ids.drop_nulls().unique()
    return found.filter(found.hash().is_in(likely.implode())).to_frame().with_columns(pl.lit(part).alias(_PART))


def _shared(id_: str, part: str, other: str) -> CasescreenError:
    where = f"in {in_words(part)} and in {in_words(other)}" if part != other else f"twice in {in_words(part)}"
    return CasescreenError(
        f'The case "{in_words(id_)}" is {where}.',
        why="which of two records is right cannot be known, and both would be counted.",
        advice="give each case an id of its own, or take one record away.",
    )
