"""What readers answered to the questions of made-up cases."""

from __future__ import annotations

import numpy as np
import polars as pl
from attrs import evolve

from casescreen.columnar.execute import Plan
from casescreen.columnar.frames import ANSWERS, GIVEN, ID, ITEM, ROW, CaseFrames
from casescreen.columnar.io import collected
from casescreen.columnar.outcomes import listed
from casescreen.generate.making import Standing, weighed
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.recipe import ReadersAnswers

_WORDS = (ReadersAnswer.NO.value, ReadersAnswer.YES.value, ReadersAnswer.NOT_APPLICABLE.value)


def answered(plan: Plan, frames: CaseFrames, answers: ReadersAnswers, cases: Standing) -> pl.LazyFrame:
    """Answers to a share of what readers have to answer, in order of case, criterion and row."""
    asked = _asked(plan, frames)
    of = asked[ROW].to_numpy().astype(np.int64)
    hidden = {name: numbers[of] for name, numbers in cases.hidden.items()}
    rows = evolve(cases, name=ANSWERS, of=of, turn=of, drawn={}, hidden=hidden)
    said = rows.uniform("answer", answers.follows) > 1.0 - answers.yes
    elsewhere = rows.chance.uniform(f"{ANSWERS}/not_applicable", len(rows)) < answers.not_applicable
    reason = weighed(rows.chance.uniform(f"{ANSWERS}/reason", len(rows)), (1.0,) * len(answers.reasons))
    given = pl.Series(GIVEN.name, _WORDS).gather(np.where(elsewhere, 2, said.astype(np.int64)))
    reasons = pl.Series("reason", answers.reasons, dtype=pl.String).gather(reason)
    was_answered = rows.chance.uniform(f"{ANSWERS}/share", len(rows)) < answers.share
    return asked.with_columns(given, reasons).filter(pl.Series(was_answered)).lazy()


def _asked(plan: Plan, frames: CaseFrames) -> pl.DataFrame:
    """What needs a reader's answer: ``case.id``, ``case.row``, ``criterion``, ``item``."""
    names = pl.Series([criterion.id for criterion in plan.rulebook.criteria], dtype=pl.String)
    rows = listed(plan, frames, [Outcome.NEEDS_JUDGEMENT])
    known = collected(frames.cases.select(ID, ROW))
    numbered = rows.join(known, on=ID, how="left", maintain_order="left")
    return numbered.select(ID, ROW, names.gather(numbered["criterion"]).alias("criterion"), ITEM.name)
