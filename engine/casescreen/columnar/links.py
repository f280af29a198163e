"""Rows linked to their cases by number, and the check that no two cases, nor two parts of a caseload, share an id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl
from attrs import evolve, frozen

from casescreen.columnar.frames import (
    ROW,
    SIZE,
    SPACES,
    CaseFrames,
    each_frame,
    normalised_id,
    of_examples,
    of_several,
)
from casescreen.columnar.io import collect
from casescreen.columnar.issues import MOST_NAMED
from casescreen.model.case import ANSWERS, EXAMPLE, ID, Rejected
from casescreen.model.problem import CasescreenError
from casescreen.text import counted, in_words, listed

_AT_ONCE = 10_000_000  # ids that are compared at a time, each as a number of eight bytes
_SHOWN = 1_000
_PART = "part"


@frozen(eq=False)
class LinkedFrames:
    """A part of a caseload in which each row has the number of its case.

    Attributes:
        frames: the part, but for rows that hold nothing, or belong to no case.
        orphans: how many rows belong to no case.
        rejected: the first of those, by the id that they give.
    """

    frames: CaseFrames
    orphans: int = 0
    rejected: tuple[Rejected, ...] = ()


def link_rows(frames: CaseFrames) -> LinkedFrames:
    """The same cases, with their numbers in all frames. Where they are there already, nothing is read.

    Of several cases with one id, any may get the rows: none of them can be screened.

    Raises:
        CasescreenError: a file cannot be read.
    """
    sources = frames.by_table
    if all(ROW in frame.collect_schema() for frame in sources.values()):
        return LinkedFrames(frames)
    cases, given = _without_hollow(sources.pop(""))
    ids = normalised_id(given)
    linked, orphans = {}, {}
    for name, source in sources.items():
        rows, given = _without_hollow(source)
        given = normalised_id(given)
        numbers = _numbers(given, ids)
        linked[name] = _with_numbers(rows, numbers)
        lost = given.filter(numbers.is_null())
        orphans[name] = lost.filter(~of_examples(lost).fill_null(value=False))
    answers = linked.pop(ANSWERS, None)
    numbered = evolve(frames, cases=_with_numbers(cases, _from_zero(len(ids))), tables=linked, answers=answers)
    return LinkedFrames(numbered, sum(map(len, orphans.values())), tuple(_first_orphans(orphans)))


def without_examples(frames: CaseFrames) -> CaseFrames:
    """The same cases but for the records, and rows of them, that show how one is written; they are numbered anew."""
    id_ = pl.col(ID).cast(pl.String).str.strip_chars(SPACES).str.to_uppercase()
    kept = (id_ != EXAMPLE).fill_null(True)
    return each_frame(frames, lambda frame: frame.filter(kept).drop(ROW, strict=False))


def refuse_orphans(linked: LinkedFrames) -> CaseFrames:
    """The cases with their numbers, where all rows are to be kept.

    Raises:
        CasescreenError: a row belongs to no case.
    """
    if linked.orphans:
        raise CasescreenError(
            f"{counted(linked.orphans, 'row belongs', 'rows belong')} to no case; one of them gives "
            f"{_shown(linked.rejected[0].case)}: {linked.rejected[0].why}.",
            why="what belongs to nothing would be lost.",
            advice=f"give each row the {ID} of a case, or take it out.",
        )
    return linked.frames


def check_ids(cases: pl.LazyFrame) -> None:
    """Refuse cases that cannot be told apart, where all of them are to be kept.

    Raises:
        CasescreenError: a case has no id, or that of another.
    """
    ids = normalised_id(_ids(cases))
    wrong = ids.filter(ids.is_null() | of_several(ids))
    if len(wrong):
        raise CasescreenError(
            f"{counted(len(wrong), 'case has', 'cases have')} no {ID} of their own; one of them is "
            f"{_shown(wrong.fill_null('').sort()[0])}.",
            why="which of two records is right cannot be known.",
            advice="give each case an id, and no two the same. What cannot be seen makes no other id of one.",
        )


def _shown(id_: str) -> str:
    return f'"{in_words(id_)}"' if id_ else "nothing"


def _ids(frame: pl.LazyFrame) -> pl.Series:
    return collect(frame.select(pl.col(ID).cast(pl.String)))[ID]


def _without_hollow(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.Series]:
    """The rows, but for those that hold nothing, as below some spreadsheets; and the id that each gives."""
    ids = _ids(frame)
    hollow = pl.all_horizontal(pl.exclude(ROW).is_null())
    if ids.null_count() and collect(frame.select(hollow.any())).item():
        frame = frame.filter(~hollow)
        ids = _ids(frame)
    return frame, ids


def _numbers(of: pl.Series, ids: pl.Series) -> pl.Series:
    """The number of each row's case. Where both are sorted they are gone through side by side, ten times as fast."""
    known = pl.DataFrame([ids, ids.alias("nearest"), _from_zero(len(ids))])
    if ids.is_sorted() and of.is_sorted() and not (ids.null_count() or of.null_count()):
        nearest = of.set_sorted().to_frame().join_asof(known.with_columns(pl.col(ID).set_sorted()), on=ID)
        return nearest.select(pl.when(pl.col(ID) == pl.col("nearest")).then(ROW)).to_series()
    return of.to_frame().join(known.unique(ID, keep="first"), on=ID, how="left", maintain_order="left")[ROW]


def _from_zero(length: int) -> pl.Series:
    return pl.int_range(length, dtype=pl.UInt32, eager=True).alias(ROW)


def _with_numbers(frame: pl.LazyFrame, numbers: pl.Series) -> pl.LazyFrame:
    beside = pl.concat([frame.drop(ROW, strict=False), numbers.to_frame().lazy()], how="horizontal")
    return beside.filter(pl.col(ROW).is_not_null()) if numbers.null_count() else beside


def _first_orphans(orphans: Mapping[str, pl.Series]) -> Iterator[Rejected]:
    """The first ids that rows give and no case has, of all tables."""
    ids = [ids.fill_null("").to_frame().with_columns(table=pl.lit(name)) for name, ids in orphans.items()]
    rows = pl.concat([pl.DataFrame(schema={ID: pl.String, "table": pl.String}), *ids])
    each = rows.group_by(ID).agg(pl.col("table").unique().sort(), pl.len().alias("rows")).sort(ID).head(MOST_NAMED)
    for id_, tables, number in each.iter_rows():
        yield Rejected(id_, f"there is no such case beside its rows of {listed(tables, 'and')}", number)


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
        numbers = [_numbers_in_turn(_ids_of_part(frames), turn, turns) for frames in several.values()]
        every = pl.concat([pl.Series(dtype=pl.UInt64), *numbers])
        likely = every.filter(every.is_duplicated()).unique().sort().head(_SHOWN)
        if len(likely):
            _check_likely(several, likely)


def _span(name: str, frames: CaseFrames) -> Iterator[_Span]:
    ids = _ids_of_part(frames)
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
        ids = _ids_of_part(frames).drop_nulls().unique()
        each.append(ids.filter(ids.hash().is_in(likely.implode())).to_frame().with_columns(pl.lit(name).alias(_PART)))
    shared = pl.concat(each).filter(pl.col(ID).is_duplicated()).sort(ID, _PART)
    if len(shared):
        raise _shared(shared[ID][0], shared[_PART][0], shared[_PART][1])


def _ids_of_part(frames: CaseFrames) -> pl.Series:
    ids = normalised_id(collect(frames.cases.select(ID))[ID])
    examples = of_examples(ids)  # no case has their id, so it may stand in every part
    return ids.set(examples.fill_null(value=False), None) if examples.any() else ids


def _numbers_in_turn(ids: pl.Series, turn: int, turns: int) -> pl.Series:
    numbers = ids.drop_nulls().unique().hash()
    return numbers if turns == 1 else numbers.filter(numbers % turns == turn)


def _shared(id_: str, part: str, other: str) -> CasescreenError:
    where = f"in {in_words(part)} and in {in_words(other)}" if part != other else f"twice in {in_words(part)}"
    return CasescreenError(
        f'The case "{in_words(id_)}" is {where}.',
        why="which of two records is right cannot be known, and both would be counted.",
        advice="give each case an id of its own, or take one record away.",
    )
