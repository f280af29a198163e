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
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.synth.draws import (
    Calendar,
    DrawnRows,
    Floats,
    Integers,
    RandomStream,
    days_since_1970,
    to_calendar,
    to_normal,
    weighted,
)
from casescreen.synth.spec import Cycle, LatentVariable, PerParentRow, SyntheticField, SyntheticSpec, SyntheticTable

BLOCK = 100_000
"""How many cases are drawn at once. It decides what is drawn: another number makes other cases."""

_PREFIX, _FIGURES = "M-", 9
_GIVEN = (ReadersAnswer.NO.value, ReadersAnswer.YES.value, ReadersAnswer.NOT_APPLICABLE.value)


def made_up(rulebook: Rulebook, spec: SyntheticSpec, *, cases: int, seed: int, as_of: date) -> Iterator[CaseFrames]:
    """A caseload in blocks, each of which holds rows that are numbered from 0, in order of case id.

    The same seed gives the same cases, and more cases begin with the same ones.

    Raises:
        CasescreenError: the calendar does not cover the as-of date.
    """
    check_calendar(rulebook, as_of)
    calendar, day = to_calendar(rulebook.calendar), days_since_1970(as_of)
    sampler = _Sampler(rulebook.dictionary, spec, seed, day, calendar, plan(rulebook, as_of))
    return (sampler.block(start, min(BLOCK, cases - start)) for start in range(0, cases, BLOCK))


@frozen(eq=False)
class _Sampler:
    """Makes blocks of cases.

    Attributes:
        plan: what tells which questions a reader has to answer.
    """

    dictionary: Dictionary
    spec: SyntheticSpec
    seed: int
    as_of: int
    calendar: Calendar
    plan: ExecutionPlan

    def block(self, start: int, count: int) -> CaseFrames:
        """The cases from number ``start`` on."""
        number = np.arange(count, dtype=np.int64)
        ids = (_PREFIX + pl.Series(number + start).cast(pl.String).str.zfill(_FIGURES)).alias(ID)
        stream, position = RandomStream(self.seed, start // BLOCK), number + start
        latent = {variable.name: self._latent(variable, stream, position) for variable in self.spec.latent}
        cases = DrawnRows(
            stream, "", count, number, position, latent, self.calendar, self.as_of, columns={}, parent={}
        ).draw(self.spec.fields)
        recorded = self._recorded(self.spec.fields, cases)
        columns = [ids, pl.Series(ROW, number).cast(pl.UInt32)]
        columns += [recorded[name] for name in self.dictionary.fields if name in recorded]
        rows: dict[str, DrawnRows] = {}
        frames: dict[str, pl.LazyFrame] = {}
        has: dict[str, pl.Series] = {}
        for synthetic in self.spec.tables:
            name = synthetic.table.name
            rows[name] = _rows(synthetic, cases, rows)
            in_record = cases.uniform(f"{name}/absent", self.spec.missing_correlations) <= 1.0 - synthetic.absent
            has[name] = pl.Series(f"{HAS}{name}", in_record)
            row_columns = self._recorded(synthetic.columns, rows[name])
            case = pl.Series(ROW, rows[name].case).cast(pl.UInt32)
            every = pl.DataFrame([ids.gather(case), case, *(row_columns[column] for column in synthetic.table.columns)])
            frames[name] = every.filter(has[name].gather(case)).lazy()
        columns += [has[name] for name in self.dictionary.tables]
        made = CaseFrames(pl.LazyFrame(columns), {name: frames[name] for name in self.dictionary.tables})
        return evolve(made, answers=self._answers(made, cases))

    def _latent(self, variable: LatentVariable, stream: RandomStream, number: Integers) -> Floats:
        own = to_normal(stream.uniform(f"hidden/{variable.name}", len(number)))
        if not variable.group:
            return own
        cycle = next(field.distribution for field in self.spec.fields if field.field.name == variable.group)
        assert isinstance(cycle, Cycle)
        of_all = RandomStream(self.seed, 0).uniform(f"hidden/{variable.name}/{variable.group}", cycle.length)
        of_group = to_normal(of_all)[number // cycle.cases % cycle.length]
        together: Floats = np.sqrt(variable.shared) * of_group + np.sqrt(1.0 - variable.shared) * own
        return together

    def _recorded(self, fields: tuple[SyntheticField, ...], rows: DrawnRows) -> dict[str, pl.Series]:
        """The columns as the record has them: some of what is so is missing."""
        recorded = {}
        for synthetic in fields:
            name = synthetic.field.name
            kept = rows.uniform(f"{name}/missing", self.spec.missing_correlations) <= 1.0 - synthetic.missing
            column = rows.columns[name]
            recorded[name] = evolve(column, present=column.present & kept).series()
        return recorded

    def _answers(self, frames: CaseFrames, cases: DrawnRows) -> pl.LazyFrame:
        """Answers to a share of what readers have to answer, in order of case, criterion and row."""
        answers, criteria = self.spec.answers, self.plan.rulebook.criteria
        known = collect(frames.cases.select(ID, ROW))
        due = outcome_rows(self.plan, frames, [Outcome.NEEDS_JUDGEMENT]).join(
            known, on=ID, how="left", maintain_order="left"
        )
        criterion = pl.Series("criterion", [criterion.id for criterion in criteria], dtype=pl.String)
        rows = evolve(cases, table=ANSWERS, columns={}).take(due[ROW].to_numpy().astype(np.int64))
        yes = (rows.uniform("answer", answers.correlations) > 1.0 - answers.yes).astype(np.int64)
        not_applicable = rows.uniform("not_applicable") < answers.not_applicable
        reason = weighted(rows.uniform("reason"), (1.0,) * len(answers.reasons))
        given = pl.Series(ANSWER, _GIVEN).gather(np.where(not_applicable, 2, yes))
        reasons = pl.Series("reason", answers.reasons, dtype=pl.String).gather(reason)
        answered = due.select(ID, ROW, criterion.gather(due["criterion"]), ITEM, given, reasons)
        return answered.filter(pl.Series(rows.uniform("share") < answers.share)).lazy()


def _rows(synthetic: SyntheticTable, cases: DrawnRows, drawn: Mapping[str, DrawnRows]) -> DrawnRows:
    """The rows of a table that there are, whatever the record says."""
    table, needed = synthetic.table, synthetic.depends_on
    of_case = {name: column for name, column in cases.columns.items() if name in needed}
    rows = evolve(cases, table=table.name, columns=of_case)
    if isinstance(synthetic.size, PerParentRow):
        parent = drawn[synthetic.size.table]
        rows = evolve(rows.take(parent.case), parent=parent.columns)
        kept = rows.uniform("like", synthetic.correlations) > 1.0 - synthetic.size.share
        rows = rows.take(kept & rows.meet(synthetic.only_if))
    else:
        count = weighted(cases.uniform(f"{table.name}/rows", synthetic.correlations), synthetic.size)
        rows = rows.take(np.repeat(cases.case, count))
        rows = rows.take(rows.meet(synthetic.only_if))
    rows = rows.draw(synthetic.columns)
    if synthetic.dated_by is not None:
        day = rows.columns[synthetic.dated_by.name]
        exists = day.present & (day.values <= rows.as_of)
        if synthetic.until is not None:
            last = rows.columns[synthetic.until.name]
            exists = day.present & last.present & (day.values <= last.values)
        rows = rows.take(exists)
    return evolve(rows, columns={name: rows.columns[name] for name in table.columns}, parent={})
