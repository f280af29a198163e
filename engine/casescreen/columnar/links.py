"""Each row linked to its case by number, so that nothing has to be looked up by text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl
from attrs import evolve, frozen

from casescreen.columnar.frames import ROW, CaseFrames, each_frame
from casescreen.columnar.io import collect
from casescreen.columnar.normalise import SPACES, normalised_id, of_examples, of_several, without_blanks
from casescreen.columnar.rejects import MOST_NAMED
from casescreen.model.case import ANSWERS, EXAMPLE, ID, Rejected
from casescreen.model.problem import CasescreenError
from casescreen.text import counted, in_words, listed


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
    cases, ids = _without_hollow(sources.pop(""))
    linked, orphans = {}, {}
    for name, source in sources.items():
        rows, given = _without_hollow(source)
        numbers = _numbers(given, ids)
        linked[name] = _with_numbers(rows, numbers)
        lost = given.filter(numbers.is_null())
        orphans[name] = lost.filter(~of_examples(normalised_id(lost)).fill_null(value=False))
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
    ids = without_blanks(_ids(cases))
    wrong = ids.filter(ids.is_null() | of_several(normalised_id(ids)))
    if len(wrong):
        raise CasescreenError(
            f"{counted(len(wrong), 'case has', 'cases have')} no {ID} of their own; one of them is "
            f"{_shown(wrong.fill_null('').sort()[0])}.",
            why="which of two records is right cannot be known.",
            advice="give each case an id, and no two the same. Spaces make no other id of one.",
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
