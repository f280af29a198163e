"""Measure drawing a sample, to reading the ids of the same cases.

python benchmarks/sample.py            100,000 cases, and fewer and more, in Parquet and CSV; some minutes
python benchmarks/sample.py --smoke    the same on very few: that it runs, and that the samples agree

The other side is reading the ids of the same files as casescreen reads them: every table is opened, its columns are
looked at, its rows are put to their cases, and ids that stand twice are found. Nothing else of a record is read. Whole
commands are measured as processes of their own, with the start of Python and of Polars in both; and so is each step,
in a process that has all that imported.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tabulate import tabulate

from casescreen import load_rulebook
from casescreen.cli import check_columnar
from casescreen.columnar.caseload_folder import scan_folder
from casescreen.columnar.eligibility import population_of_frames
from casescreen.columnar.frames import CaseFrames, normalised_id, of_examples, of_several, partition
from casescreen.columnar.io import collect
from casescreen.columnar.links import link_rows
from casescreen.model.case import ID
from casescreen.model.rulebook import Rulebook
from casescreen.review.sample_draw import draw
from casescreen.review.sample_record import sample_text
from casescreen.rulebook.sample_plan import read_sample_plan

ROOT = Path(__file__).resolve().parent.parent
SEED = "20260501-417"
SIZES, FORMS = (60_000, 100_000, 200_000), ("parquet", "csv")
PLAN = """\
title = "All"
as_of = 2016-05-09
size = 200
strata = "order.type"
reserves = 20

[eligible.started]
says = "The order started in the last two years"
reason = "The order started longer ago"
when = { field = "order.starts_on", after = 2014-05-09 }

[eligible.community]
says = "Not in custody"
reason = "In custody"
when = { fact = "in-the-community" }
"""


def parts_of(folder: Path, rulebook: Rulebook) -> Iterator[CaseFrames]:
    """The parts of a caseload, as every command that takes very many cases reads them."""
    return (part for frames in scan_folder(folder, rulebook.dictionary) for part in partition(frames))


def read_ids(folder: Path, rulebook: Rulebook) -> list[str]:
    """The ids of all cases, with the rows of every table put to them, and none that stands twice."""
    every: list[str] = []
    for part in parts_of(folder, rulebook):
        linked = link_rows(part).frames
        ids = normalised_id(collect(linked.cases.select(ID))[ID])
        assert not of_several(ids).any()
        assert not of_examples(ids).any()
        every += ids.to_list()
    return every


def seconds(work: Callable[[], object], times: int) -> float:
    """The least CPU time of some runs, all threads together: what else the machine does can only add to it."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def seconds_of(command: list[str], times: int) -> float:
    """The same of a process."""
    best = float("inf")
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def made_up(folder: Path, cases: int, form: str) -> Path:
    """Made-up cases; those that are there already are taken."""
    target = folder / f"{cases}-{form}"
    if not target.exists():
        options = ["--cases", str(cases), "--seed", "3", "--as-of", "2016-05-09", "--form", form]
        subprocess.run(
            [sys.executable, "-m", "casescreen", "generate", target, *options], check=True, capture_output=True
        )
    return target


def measured(folder: Path, cases: int, form: str, times: int) -> tuple[list[str], str]:
    """A row of figures, and the sample that was drawn."""
    source, rulebook, plan = made_up(folder, cases, form), load_rulebook("sqs-2016"), folder / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    read = read_sample_plan(plan, rulebook)
    population = population_of_frames(read, parts_of(source, rulebook))
    record = draw(read, population, SEED)
    ids = seconds(lambda: read_ids(source, rulebook), times)
    steps = [
        seconds(lambda: population_of_frames(read, parts_of(source, rulebook)), times),
        seconds(lambda: draw(read, population, SEED), times),
        seconds(lambda: sample_text(record), times),
    ]
    options = ["--seed", SEED, "--output", str(folder / "sample.json"), "--force"]
    drawing = [sys.executable, "-m", "casescreen", "sample", "draw", str(plan), str(source), *options]
    reading = [sys.executable, str(Path(__file__)), "--ids", str(source)]
    whole, other = seconds_of(drawing, times), seconds_of(reading, times)
    inside = sum(steps)
    figures = [f"{cases:,}", form, f"{ids:.2f}", *(f"{one:.2f}" for one in steps), f"{inside / ids:.1f}"]
    return [*figures, f"{other:.2f}", f"{whole:.2f}", f"{whole / other:.1f}"], sample_text(record)


TITLES = (
    *("cases", "form", "reading ids", "eligible", "tickets", "the file", "ratio"),
    *("ids, whole", "draw, whole", "ratio"),
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--ids", type=Path)
    parser.add_argument("--cases", type=Path, help="a folder that the made-up cases are kept in")
    asked = parser.parse_args()
    if asked.ids is not None:
        print(len(read_ids(asked.ids, load_rulebook("sqs-2016"))))
        return
    sizes = (300,) if asked.smoke else SIZES
    with tempfile.TemporaryDirectory() as scratch:
        folder, rows = asked.cases or Path(scratch), []
        for cases in sizes:
            samples = []
            for form in FORMS:
                row, sample = measured(folder, cases, form, 1 if asked.smoke else asked.times)
                rows.append(row)
                samples.append(sample)
            assert samples[0] == samples[1], "both forms are of the same cases, and come to the same sample"
    print(f"CPU seconds; more than {check_columnar.MOST_LISTED:,} cases are read in columns")
    print(tabulate(rows, TITLES, disable_numparse=True, stralign="right"))


if __name__ == "__main__":
    main()
