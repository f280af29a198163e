"""Measure a history: a year of weekly runs of 500 cases, and comparing its last two.

python benchmarks/history.py                      50 weeks of 500 cases, five times in turn
python benchmarks/history.py --weeks 10 --cases 50 --times 1

The runs are one screening of made-up cases, of which each week some findings come to something else, some become later
than they were, and some cases are away: so that cases come, leave and return.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from attrs import evolve
from tabulate import tabulate

from casescreen import load_rulebook
from casescreen.api import screen
from casescreen.history.comparison import compare
from casescreen.history.findings_file import run_of
from casescreen.history.run_rows import Identity, RunState
from casescreen.history.store import History
from casescreen.model.case import Caseload
from casescreen.model.change import ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up

FIRST = date(2016, 5, 9)
SEED = 2016
CHANGE, LATER, AWAY = 0.02, 0.1, 0.03
"""How much of all changes in a week: the outcomes, how late things are, and the cases that are there."""


def weekly_runs(cases: int, weeks: int) -> Iterator[ScreeningRun]:
    """A run a week of the same cases, some of which are away."""
    rulebook = load_rulebook("sqs-2016")
    parts = made_up(rulebook, load_spec("sqs-2016", rulebook), cases=cases, seed=SEED, as_of=FIRST)
    every = tuple(case for part in parts for case in cases_of(part, rulebook.dictionary))
    run = run_of(screen(rulebook, Caseload(every, "0" * 64), as_of=FIRST))
    random, standing = Random(SEED), dict(run.findings)
    keys, ids = list(standing), list(run.cases)
    for week in range(weeks):
        for key in random.sample(keys, int(len(keys) * CHANGE)):
            standing[key] = evolve(standing[key], outcome=random.choice(list(Outcome)))
        for key in random.sample(keys, int(len(keys) * LATER)):
            if standing[key].outcome is Outcome.NOT_MET:
                standing[key] = evolve(standing[key], days_late=standing[key].days_late + 7)
        there = set(ids) - set(random.sample(ids, int(len(ids) * AWAY)))
        yield evolve(
            run,
            as_of=FIRST + timedelta(weeks=week),
            cases={case: manager for case, manager in run.cases.items() if case in there},
            findings={key: one for key, one in standing.items() if key[0] in there},
            numbered={key: tally for key, tally in run.numbered.items() if key[0] in there},
        )


def seconds(what: Callable[[], object]) -> float:
    """How long it takes, once."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def measure(file: Path, times: int) -> tuple[list[float], list[float]]:
    """How long it takes to read the last two runs, and to read and compare them with all that came before, in turn."""
    reading, comparing = [], []
    with History(file) as history:
        *before, old, new = [run for run in history.runs() if run.counts_in_time]

        def compared() -> None:
            now = history.run(new)
            compare(history.run(old), now, history.past(before, now))

        for _ in range(times):
            reading.append(seconds(lambda: (history.run(old), history.run(new))))
            comparing.append(seconds(compared))
    return reading, comparing


def main() -> int:
    """Make the history, measure it, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=50)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, adding, findings = Path(folder) / "year.db", [], []
        with History(file, Identity("sqs-2016")) as history:
            for run in weekly_runs(asked.cases, asked.weeks):
                findings.append(len(run.findings))
                start = time.perf_counter()
                history.add(run, RunState.COMPLETED)
                adding.append(time.perf_counter() - start)
        size = file.stat().st_size / 1e6
        reading, comparing = measure(file, asked.times)
    ratio = min(comparing) / min(reading)
    rows = [
        ("findings a run", f"{statistics.mean(findings):,.0f}"),
        ("size of the file", f"{size:.1f} MB"),
        ("adding a run, median", f"{statistics.median(adding):.2f} s"),
        ("reading the last two runs, least", f"{min(reading):.2f} s"),
        ("comparing them, with all before, least", f"{min(comparing):.2f} s"),
        ("that is, in times reading them", f"{ratio:.2f}"),
    ]
    sys.stdout.write(tabulate(rows, tablefmt="github", headers=("what", "")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
