"""What a worker does: one part of a caseload is screened and counted, and its findings are written."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from attrs import frozen

from casescreen import __version__
from casescreen.evaluate.bulk.concluding import Drawer
from casescreen.evaluate.bulk.findings import write_findings
from casescreen.evaluate.bulk.folder import scan_parts
from casescreen.evaluate.bulk.listing import OUTCOMES, columns_to_list, listed_of
from casescreen.evaluate.bulk.plan import plan
from casescreen.evaluate.bulk.spark.rows import problem_row, tally_rows
from casescreen.evaluate.bulk.tallying import Tally, outcome_columns, tallied
from casescreen.evaluate.bulk.troubles import screened
from casescreen.evaluate.inference import Engine, inferrer
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.text import visible


@frozen
class Findings:
    """That workers write outcomes as rows, a file a part.

    Attributes:
        folder: where; the driver and all workers see it under this path.
        only: which outcomes.
    """

    folder: Path
    only: frozenset[Outcome] = frozenset(OUTCOMES)


@frozen
class Task:
    """Screens parts of a caseload, each by its number, wherever it is sent.

    Attributes:
        rulebook: pickled; a worker makes one drawer of it for all the parts that it is given.
        parts: the folders of all parts, which every worker sees under the same paths.
        by: the fields that name groups of cases.
        names: the columns of what is sent back.
        engine: what draws the conclusions on cases.
        version: which casescreen sends it.
    """

    rulebook: bytes
    as_of: date
    parts: tuple[Path, ...]
    by: tuple[str, ...]
    names: tuple[str, ...]
    findings: Findings | None = None
    engine: Engine = "auto"
    version: str = __version__

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """What was counted in the parts with these numbers, or what is wrong with them."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from self._rows(number).to_batches()

    def _rows(self, number: int) -> pa.Table:
        if self.version != __version__:
            return problem_row(_other_version(self.version), self.names)
        try:
            return tally_rows(self._screen(_drawer(self.rulebook, self.as_of, self.engine), number), self.names)
        except ProblemsError as error:
            return problem_row(str(error), self.names)
        except CasescreenError as error:
            return problem_row(f"{visible(str(self.parts[number]))}: {error}", self.names)

    def _screen(self, drawer: Drawer, number: int) -> Tally:
        ready = drawer.plan
        (frames,) = scan_parts([self.parts[number]], ready.rulebook.dictionary)
        of_cases = (*self.by, *drawer.rests_on)
        wanted = outcome_columns(ready, of_cases) if self.findings is None else columns_to_list(ready, of_cases)
        found = screened(ready, frames, wanted)
        if self.findings is not None:
            file = self.findings.folder / f"part-{number:05}.parquet"
            write_findings(listed_of(ready, found.part, self.findings.only), ready.rulebook, file)
        return tallied(ready, found, self.by, drawer)


@lru_cache(maxsize=1)
def _drawer(pickled: bytes, as_of: date, engine: Engine) -> Drawer:
    rulebook = pickle.loads(pickled)  # noqa: S301 - it comes from our own driver, as this code does
    return Drawer(plan(rulebook, as_of), inferrer(rulebook, engine))


def _other_version(theirs: str) -> str:
    return (
        f"A worker has casescreen {__version__}, and the driver {theirs}.\n"
        "  Why it matters: the same rule could come to different outcomes.\n"
        "  What to do: send the workers the environment of the driver; see docs/how-to/scale.md."
    )
