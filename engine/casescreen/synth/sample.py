"""A block of a made-up caseload: what is so in its cases, what their records say of it, and what readers answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import polars as pl
from attrs import evolve, frozen

from casescreen.columnar.execute import ExecutionPlan, plan
from casescreen.columnar.frames import ROW, CaseFrames
from casescreen.columnar.io import collect
from casescreen.columnar.outcomes import outcome_rows
from casescreen.evaluate.screening import check_calendar
from casescreen.model.case import ANSWER, ANSWERS, HAS, ID, ITEM
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.synth.distributions import (
    DrawnColumn,
    Flags,
    Numbers,
    RandomStream,
    Whole,
    WorkingDays,
    days_of,
    working_days,
)
from casescreen.synth.spec import Draw, Hidden, InTurns, Like, ReadersAnswers, RowsDraw, SyntheticSpec
from casescreen.synth.values import DrawContext, make, weighed

_WORDS = (ReadersAnswer.NO.value, ReadersAnswer.YES.value, ReadersAnswer.NOT_APPLICABLE.value)


def answered(plan: ExecutionPlan, frames: CaseFrames, answers: ReadersAnswers, cases: DrawContext) -> pl.LazyFrame:
    """Answers to a share of what readers have to answer, in order of case, criterion and row."""
    asked = _asked(plan, frames)
    of = asked[ROW].to_numpy().astype(np.int64)
    hidden = {name: numbers[of] for name, numbers in cases.hidden.items()}
    rows = evolve(cases, name=ANSWERS, of=of, turn=of, drawn={}, hidden=hidden)
    said = rows.uniform("answer", answers.follows) > 1.0 - answers.yes
    elsewhere = rows.chance.uniform(f"{ANSWERS}/not_applicable", len(rows)) < answers.not_applicable
    reason = weighed(rows.chance.uniform(f"{ANSWERS}/reason", len(rows)), (1.0,) * len(answers.reasons))
    given = pl.Series(ANSWER, _WORDS).gather(np.where(elsewhere, 2, said.astype(np.int64)))
    reasons = pl.Series("reason", answers.reasons, dtype=pl.String).gather(reason)
    was_answered = rows.chance.uniform(f"{ANSWERS}/share", len(rows)) < answers.share
    return asked.with_columns(given, reasons).filter(pl.Series(was_answered)).lazy()


def _asked(plan: ExecutionPlan, frames: CaseFrames) -> pl.DataFrame:
    """What needs a reader's answer: ``case.id``, ``case.row``, ``criterion``, ``item``."""
    names = pl.Series([criterion.id for criterion in plan.rulebook.criteria], dtype=pl.String)
    rows = outcome_rows(plan, frames, [Outcome.NEEDS_JUDGEMENT])
    known = collect(frames.cases.select(ID, ROW))
    numbered = rows.join(known, on=ID, how="left", maintain_order="left")
    return numbered.select(ID, ROW, names.gather(numbered["criterion"]).alias("criterion"), ITEM)


BLOCK = 100_000
"""How many cases are drawn at once. It decides what is drawn: another number makes other cases."""

_PREFIX, _FIGURES = "M-", 9


@frozen(eq=False)
class Maker:
    """Makes blocks of cases.

    Attributes:
        ready: what tells which questions a reader has to answer.
    """

    rulebook: Rulebook
    recipe: SyntheticSpec
    seed: int
    as_of: date
    working: WorkingDays
    ready: ExecutionPlan


def made_up(rulebook: Rulebook, recipe: SyntheticSpec, *, cases: int, seed: int, as_of: date) -> Iterator[CaseFrames]:
    """A caseload in blocks, each of which holds rows that are numbered from 0, in order of case id.

    The same seed gives the same cases, and more cases begin with the same ones.

    Raises:
        CasescreenError: the calendar does not cover the as-of date.
    """
    check_calendar(rulebook, as_of)
    maker = Maker(rulebook, recipe, seed, as_of, working_days(rulebook.calendar), plan(rulebook, as_of))
    return (_block(maker, start, min(BLOCK, cases - start)) for start in range(0, cases, BLOCK))


def _block(maker: Maker, start: int, cases: int) -> CaseFrames:
    number = np.arange(cases, dtype=np.int64)
    whole = _cases(maker, start, number)
    ids = _ids(number + start)
    of_cases = _recorded(maker.recipe, maker.recipe.fields, whole)
    columns = [of_cases[name] for name in maker.rulebook.dictionary.fields if name in of_cases]
    truth: dict[str, DrawContext] = {}
    frames: dict[str, pl.LazyFrame] = {}
    has: dict[str, pl.Series] = {}
    for rows in maker.recipe.tables:
        name, absent = rows.table.name, _absent(maker.recipe, rows, whole)
        truth[name] = _rows(rows, whole, truth)
        has[name] = pl.Series(f"{HAS}{name}", ~absent)
        frames[name] = _frame(maker.recipe, rows, truth[name], absent, ids)
    tables = maker.rulebook.dictionary.tables
    cases_frame = pl.LazyFrame([ids, pl.Series(ROW, number).cast(pl.UInt32), *columns, *(has[name] for name in tables)])
    made = CaseFrames(cases_frame, {name: frames[name] for name in tables})
    return evolve(made, answers=answered(maker.ready, made, maker.recipe.answers, whole))


def _cases(maker: Maker, start: int, number: Whole) -> DrawContext:
    """What is so in the cases."""
    chance = RandomStream(maker.seed, start // BLOCK)
    hidden = {factor.name: _hidden(maker, factor, chance, number + start) for factor in maker.recipe.hidden}
    as_of = days_of(maker.as_of)
    none = DrawContext(chance, "", len(number), number, number + start, {}, {}, hidden, maker.working, as_of)
    return evolve(none, drawn=_drawn(maker.recipe.fields, none))


def _hidden(maker: Maker, factor: Hidden, chance: RandomStream, number: Whole) -> Numbers:
    own = chance.normal(f"hidden/{factor.name}", len(number))
    if not factor.group:
        return own
    turns = next(draw.maker for draw in maker.recipe.fields if draw.field.name == factor.group)
    assert isinstance(turns, InTurns)
    of_group = RandomStream(maker.seed, 0).normal(f"hidden/{factor.name}/{factor.group}", turns.of)
    of_case = of_group[number // turns.cases % turns.of]
    together: Numbers = np.sqrt(factor.shared) * of_case + np.sqrt(1.0 - factor.shared) * own
    return together


def _drawn(draws: tuple[Draw, ...], rows: DrawContext) -> dict[str, DrawnColumn]:
    """What is so, field by field, each from those before it."""
    drawn = dict(rows.drawn)
    for draw in draws:
        drawn[draw.field.name] = make(draw, evolve(rows, drawn=drawn))
    return drawn


def _rows(rows: RowsDraw, cases: DrawContext, truth: Mapping[str, DrawContext]) -> DrawContext:
    """The rows of a table that there are, whatever the record says."""
    if isinstance(rows.number, Like):
        parent = truth[rows.number.table]
        standing = _of_cases(cases, rows, parent.of, {name: parent.drawn[name] for name in parent.drawn})
        keep = standing.uniform("like", rows.follows) > 1.0 - rows.number.share
    else:
        number = weighed(cases.uniform(f"{rows.table.name}/rows", rows.follows), rows.number)
        standing = _of_cases(cases, rows, np.repeat(cases.of, number), {})
        keep = np.ones(len(standing), dtype=np.bool_)
    standing = _chosen(standing, keep & standing.meets(rows.only_if))
    standing = evolve(standing, drawn=_drawn(rows.columns, standing))
    standing = _chosen(standing, _exists(rows, standing))
    return evolve(standing, drawn={name: standing.drawn[name] for name in rows.table.columns}, like={})


def _of_cases(cases: DrawContext, rows: RowsDraw, of: Whole, like: Mapping[str, DrawnColumn]) -> DrawContext:
    """Rows of these cases, from which the fields of their cases that they rest on can be seen."""
    return evolve(
        cases,
        name=rows.table.name,
        of=of,
        turn=np.arange(len(of), dtype=np.int64) - np.searchsorted(of, of),
        drawn={name: _gathered(cases.drawn[name], of) for name in rows.rests_on if name in cases.drawn},
        like=like,
        hidden={name: numbers[of] for name, numbers in cases.hidden.items()},
    )


def _gathered(column: DrawnColumn, of: Whole) -> DrawnColumn:
    return DrawnColumn(column.field, column.values[of], column.there[of], column.texts)


def _chosen(rows: DrawContext, keep: Flags) -> DrawContext:
    """Some of the rows, numbered anew within their cases."""
    if keep.all():
        return rows
    of = rows.of[keep]
    return evolve(
        rows,
        of=of,
        turn=np.arange(len(of), dtype=np.int64) - np.searchsorted(of, of),
        drawn={name: column.chosen(keep) for name, column in rows.drawn.items()},
        like={name: column.chosen(keep) for name, column in rows.like.items()},
        hidden={name: numbers[keep] for name, numbers in rows.hidden.items()},
    )


def _exists(rows: RowsDraw, standing: DrawContext) -> Flags:
    """The rows whose day is no later than it can be."""
    if rows.dated_by is None:
        return np.ones(len(standing), dtype=np.bool_)
    day = standing.drawn[rows.dated_by.name]
    if rows.until is None:
        return day.there & (day.values <= standing.as_of)
    last = standing.drawn[rows.until.name]
    return day.there & last.there & (day.values <= last.values)


def _absent(recipe: SyntheticSpec, rows: RowsDraw, cases: DrawContext) -> Flags:
    """The cases whose record does not have the table."""
    absent: Flags = cases.uniform(f"{rows.table.name}/absent", recipe.missing_follows) > 1.0 - rows.absent
    return absent


def _recorded(recipe: SyntheticSpec, draws: tuple[Draw, ...], rows: DrawContext) -> dict[str, pl.Series]:
    """The columns as the record has them: some of what is so is missing."""
    found = {}
    for draw in draws:
        column = rows.drawn[draw.field.name]
        missing = rows.uniform(f"{draw.field.name}/missing", recipe.missing_follows) > 1.0 - draw.missing
        found[draw.field.name] = evolve(column, there=column.there & ~missing).series()
    return found


def _frame(recipe: SyntheticSpec, rows: RowsDraw, standing: DrawContext, absent: Flags, ids: pl.Series) -> pl.LazyFrame:
    in_record = pl.Series(~absent[standing.of])
    of = pl.Series(standing.of).cast(pl.UInt32)
    columns = _recorded(recipe, rows.columns, standing)
    in_order = [columns[name] for name in rows.table.columns]
    return pl.DataFrame([ids.gather(of), of.alias(ROW), *in_order]).filter(in_record).lazy()


def _ids(number: Whole) -> pl.Series:
    figures = pl.Series(number).cast(pl.String).str.zfill(_FIGURES)
    return (_PREFIX + figures).alias(ID)
