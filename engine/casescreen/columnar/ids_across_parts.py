"""That no case stands in two parts of a caseload: each part is screened without the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl
from attrs import frozen

from casescreen.columnar.frames import SIZE, CaseFrames
from casescreen.columnar.io import collect
from casescreen.columnar.normalise import normalised_id, of_examples, without_blanks
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
    overlapping = _overlapping(span for name, frames in parts.items() for span in _span(name, frames))
    turns = 1 + sum(span.cases for span in overlapping) // _AT_ONCE
    several = {span.part: parts[span.part] for span in overlapping}
    for turn in range(turns):
        # Ids are compared by numbers that stand for them, all at once or those whose turn it is.
        numbers = [_numbers(_ids(frames), turn, turns) for frames in several.values()]
        every = pl.concat([pl.Series(dtype=pl.UInt64), *numbers])
        likely = every.filter(every.is_duplicated()).unique().sort().head(_SHOWN)
        if len(likely):
            _check_likely(several, likely)


def _span(name: str, frames: CaseFrames) -> Iterator[_Span]:
    ids = _ids(frames)
    if len(ids) > SIZE:
        # What is divided is so by ids as they stand: two that differ only by spaces could come apart.
        stand = collect(frames.cases.select(pl.col(ID).cast(pl.String)))[ID]
        changed = ids.filter((ids != stand).fill_null(value=False))
        if len(changed) and len(shared := changed.filter(changed.is_in(stand.implode()) | changed.is_duplicated())):
            raise _shared(shared.sort()[0], name, name)
    if ids.count():
        yield _Span(str(ids.min()), str(ids.max()), name, len(ids))


def _overlapping(spans: Iterable[_Span]) -> Sequence[_Span]:
    """Those that begin before another has ended, and those others."""
    overlapping: dict[str, _Span] = {}
    furthest: _Span | None = None
    for span in sorted(spans, key=lambda span: span.first):
        if furthest is not None and span.first <= furthest.last:
            overlapping |= {furthest.part: furthest, span.part: span}
        if furthest is None or span.last > furthest.last:
            furthest = span
    return list(overlapping.values())


def _check_likely(parts: Mapping[str, CaseFrames], likely: pl.Series) -> None:
    """Compare the ids that some numbers stand for."""
    each = [pl.DataFrame(schema={ID: pl.String, _PART: pl.String})]
    for name, frames in parts.items():
        ids = _ids(frames).drop_nulls().unique()
        each.append(ids.filter(ids.hash().is_in(likely.implode())).to_frame().with_columns(pl.lit(name).alias(_PART)))
    shared = pl.concat(each).filter(pl.col(ID).is_duplicated()).sort(ID, _PART)
    if len(shared):
        raise _shared(shared[ID][0], shared[_PART][0], shared[_PART][1])


def _ids(frames: CaseFrames) -> pl.Series:
    ids = without_blanks(normalised_id(collect(frames.cases.select(ID))[ID]))
    examples = of_examples(ids)  # no case has their id, so it may stand in every part
    return ids.set(examples.fill_null(value=False), None) if examples.any() else ids


def _numbers(ids: pl.Series, turn: int, turns: int) -> pl.Series:
    numbers = ids.drop_nulls().unique().hash()
    return numbers if turns == 1 else numbers.filter(numbers % turns == turn)


def _shared(id_: str, part: str, other: str) -> CasescreenError:
    where = f"in {in_words(part)} and in {in_words(other)}" if part != other else f"twice in {in_words(part)}"
    return CasescreenError(
        f'The case "{in_words(id_)}" is {where}.',
        why="which of two records is right cannot be known, and both would be counted.",
        advice="give each case an id of its own, or take one record away.",
    )
