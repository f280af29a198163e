"""Each row linked to its case by number, so that nothing has to be looked up by text."""

from __future__ import annotations

import polars as pl
from attrs import evolve

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.frames import ANSWERS, ID, ROW, CaseFrames
from casescreen.evaluate.bulk.identity import evened, of_several
from casescreen.evaluate.bulk.wording import without_blanks
from casescreen.model.problem import CasescreenError
from casescreen.model.text import counted, in_words


def numbered(frames: CaseFrames) -> CaseFrames:
    """The same cases, with their numbers in all frames. Where they are there already, nothing is read.

    Of several cases with one id, any may get the rows: none of them can be screened.

    Raises:
        CasescreenError: a row belongs to no case.
    """
    if all(ROW in frame.collect_schema() for frame in _all(frames)):
        return frames
    ids = _ids(frames.cases)
    tables = {name: _numbered(frame, name, ids) for name, frame in frames.tables.items()}
    answers = None if frames.answers is None else _numbered(frames.answers, ANSWERS, ids)
    cases = _beside(frames.cases, _from_nought(len(ids)))
    return evolve(frames, cases=cases, tables=tables, answers=answers)


def check_ids(cases: pl.LazyFrame) -> None:
    """Refuse cases that cannot be told apart, where all of them are to be kept.

    Raises:
        CasescreenError: a case has no id, or that of another.
    """
    ids = without_blanks(_ids(cases))
    wrong = ids.filter(ids.is_null() | of_several(evened(ids)))
    if len(wrong):
        raise CasescreenError(
            f"{counted(len(wrong), 'case has', 'cases have')} no {ID} of their own; one of them is "
            f"{_shown(wrong.sort()[0])}.\n"
            "  Why it matters: which of two records is right cannot be known.\n"
            "  What to do: give each case an id, and no two the same. Spaces make no other id of one."
        )


def _ids(frame: pl.LazyFrame) -> pl.Series:
    return collected(frame.select(pl.col(ID).cast(pl.String)))[ID]


def _all(frames: CaseFrames) -> list[pl.LazyFrame]:
    return [frames.cases, *frames.tables.values(), *([] if frames.answers is None else [frames.answers])]


def _numbered(frame: pl.LazyFrame, table: str, ids: pl.Series) -> pl.LazyFrame:
    of = _ids(frame)
    numbers = _numbers(of, ids)
    lost = of.filter(numbers.is_null())
    if len(lost):
        raise CasescreenError(
            f"{counted(len(lost), 'row')} of {table} belong to no case; the first says {_shown(lost[0])}.\n"
            "  Why it matters: what belongs to nothing would be lost.\n"
            f"  What to do: give each row the {ID} of a case, or take it out."
        )
    return _beside(frame, numbers)


def _numbers(of: pl.Series, ids: pl.Series) -> pl.Series:
    """The number of each row's case. Where both are sorted they are gone through side by side, ten times as fast."""
    known = pl.DataFrame([ids, ids.alias("found"), _from_nought(len(ids))])
    if ids.is_sorted() and of.is_sorted() and not (ids.null_count() or of.null_count()):
        nearest = of.set_sorted().to_frame().join_asof(known.with_columns(pl.col(ID).set_sorted()), on=ID)
        return nearest.select(pl.when(pl.col(ID) == pl.col("found")).then(ROW)).to_series()
    return of.to_frame().join(known.unique(ID, keep="first"), on=ID, how="left", maintain_order="left")[ROW]


def _from_nought(length: int) -> pl.Series:
    return pl.int_range(length, dtype=pl.UInt32, eager=True).alias(ROW)


def _beside(frame: pl.LazyFrame, numbers: pl.Series) -> pl.LazyFrame:
    return pl.concat([frame.drop(ROW, strict=False), numbers.to_frame().lazy()], how="horizontal")


def _shown(id_: str | None) -> str:
    return "nothing" if id_ is None else f'"{in_words(id_)}"'
