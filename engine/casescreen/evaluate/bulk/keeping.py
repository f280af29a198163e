"""The outcomes of a caseload, and what follows for its cases, kept in one Parquet file in the memory of two parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from casescreen.evaluate.bulk.collecting import sunk
from casescreen.evaluate.bulk.concluding import Drawer, conclusion_column
from casescreen.evaluate.bulk.findings import named
from casescreen.evaluate.bulk.frames import ID, CaseFrames
from casescreen.evaluate.bulk.listing import columns_to_list, listed_of
from casescreen.evaluate.bulk.pacing import in_turn
from casescreen.evaluate.bulk.plan import plan
from casescreen.evaluate.bulk.premises import on_cases
from casescreen.evaluate.bulk.troubles import screened
from casescreen.evaluate.inference import Engine, inferrer
from casescreen.evaluate.screening import check_calendar
from casescreen.model.rulebook import Rulebook

_CONCLUSION = "conclusion"


def keep_outcomes(
    rulebook: Rulebook, parts: Iterable[CaseFrames], file: Path, *, as_of: date, engine: Engine = "auto"
) -> None:
    """Write a row for each outcome, and one for each conclusion on a single case.

    The columns are ``case``, ``criterion``, ``item`` (null for the whole case), ``outcome`` and ``conclusion``. A row
    has an outcome of a criterion, or a conclusion. Those of each part come in order of case, the outcomes first.

    Raises:
        CasescreenError: a part cannot be read, or the file cannot be written.
    """
    check_calendar(rulebook, as_of)
    drawer = Drawer(plan(rulebook, as_of), inferrer(rulebook, engine))
    with TemporaryDirectory(dir=file.parent, prefix=".casescreen-") as stage:
        staged = []
        for number, rows in enumerate(in_turn(partial(_rows, drawer), parts)):
            staged.append(Path(stage) / f"{number:06}.parquet")
            sunk(rows.lazy(), staged[-1])
        sunk(pl.scan_parquet(staged), file)


def _rows(drawer: Drawer, frames: CaseFrames) -> pl.DataFrame:
    ready = drawer.plan
    part = screened(ready, frames, columns_to_list(ready, drawer.rests_on)).part
    outcomes = named(listed_of(ready, part), ready.rulebook)
    return pl.concat([outcomes, *_held(drawer, part.cases)], how="diagonal")


def _held(drawer: Drawer, cases: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The cases that conclusions hold of; the first frame has none, and says what the column holds."""
    rules = [rule.id for rule in on_cases(drawer.plan.rulebook)]
    kind = pl.Enum(rules)
    yield pl.DataFrame(schema={"case": pl.String, _CONCLUSION: kind})
    drawn = drawer.add_to(cases)
    each = [
        drawn.filter(conclusion_column(rule)).select(case=ID, conclusion=pl.lit(rule, dtype=kind)) for rule in rules
    ]
    if each:
        yield pl.concat(each).sort("case", maintain_order=True)
