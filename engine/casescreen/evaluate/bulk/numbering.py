"""Each row linked to its case by number, so that nothing has to be looked up by text."""

from __future__ import annotations

import polars as pl

from casescreen.evaluate.bulk.collecting import collected
from casescreen.evaluate.bulk.frames import ANSWERS, ID, ROW, CaseFrames, each_frame
from casescreen.model.problem import CasescreenError
from casescreen.model.text import counted, in_words


def numbered(frames: CaseFrames) -> CaseFrames:
    """The same cases, with their numbers in all frames. Where they are there already, nothing is read.

    Raises:
        CasescreenError: an id stands twice among the cases, or a row belongs to none of them.
    """
    if all(ROW in frame.collect_schema() for frame in _all(frames)):
        return frames
    cases = _without_numbers(frames.cases).with_row_index(ROW)
    ids = collected(cases.select(ID, ROW))
    _check_ids(ids)
    tables = {name: _joined(frame, name, ids) for name, frame in frames.tables.items()}
    answers = None if frames.answers is None else _joined(frames.answers, ANSWERS, ids)
    return CaseFrames(cases, tables, answers)


def without(frames: CaseFrames, left_out: pl.Series) -> CaseFrames:
    """The same cases but those with these numbers, in ascending order; the rest are numbered anew."""
    if left_out.is_empty():
        return frames
    gone = left_out.cast(pl.UInt32)

    def rest(frame: pl.LazyFrame) -> pl.LazyFrame:
        number = pl.col(ROW)
        before = pl.lit(gone).search_sorted(number).cast(pl.UInt32)
        return frame.filter(number.is_in(gone.implode()).not_()).with_columns(number - before)

    return each_frame(frames, rest)


def _all(frames: CaseFrames) -> list[pl.LazyFrame]:
    return [frames.cases, *frames.tables.values(), *([] if frames.answers is None else [frames.answers])]


def _without_numbers(frame: pl.LazyFrame) -> pl.LazyFrame:
    return frame.drop(ROW, strict=False)


def _joined(frame: pl.LazyFrame, table: str, ids: pl.DataFrame) -> pl.LazyFrame:
    lost = collected(_without_numbers(frame).select(ID).join(ids.lazy(), on=ID, how="anti"))
    if len(lost):
        raise CasescreenError(
            f"{counted(len(lost), 'row')} of {table} belong to no case; the first says {_shown(lost[ID][0])}.\n"
            "  Why it matters: what belongs to nothing would be lost.\n"
            f"  What to do: give each row the {ID} of a case, or take it out."
        )
    return _without_numbers(frame).join(ids.lazy(), on=ID, how="left", maintain_order="left")


def _check_ids(ids: pl.DataFrame) -> None:
    twice = ids.filter(pl.col(ID).is_duplicated() | pl.col(ID).is_null())
    if len(twice):
        raise CasescreenError(
            f"{counted(len(twice), 'case has', 'cases have')} no {ID} of their own; one of them is "
            f"{_shown(twice[ID].sort()[0])}.\n"
            "  Why it matters: which of two records is right cannot be known.\n"
            "  What to do: give each case an id, and no two the same."
        )


def _shown(id_: str | None) -> str:
    return "nothing" if id_ is None else f'"{in_words(id_)}"'
