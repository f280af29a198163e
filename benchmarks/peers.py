"""Measure casescreen against what a user would pick instead, on the same made-up cases, in one run.

python benchmarks/peers.py                    the table of benchmarks/README.md, in some minutes
python benchmarks/peers.py --smoke            the same on very little: that it runs and that the results agree
python benchmarks/peers.py --sizes            what a case costs at 10^4, 10^5, 10^6 and 10^7, and the memory

Each engine runs in a process of its own, so that its peak memory is its own. Nothing is told of an engine before its
counts of every outcome are those of all the others. An engine that is not installed is passed over, with the reason:
pip install --group peers
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import peer_columns
import peer_expressions
import peer_productions
import peer_records
import peer_spark
import polars as pl
import processes
from attrs import asdict, frozen
from tabulate import tabulate

from casescreen.columnar.screening import bulk_rates
from casescreen.model.case import ID
from casescreen.model.rulebook import Rulebook
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up
from casescreen.synth.spec import SyntheticSpec

ROOT = Path(__file__).resolve().parent.parent
SEED = 2016
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
Counts = dict[str, dict[str, int]]

COLUMNS = {
    "scan": "the limit: Polars reads the columns",
    "bulk": "casescreen, bulk: rates",
    "bulk_findings": "casescreen, bulk: each not met to Parquet",
    "duckdb": "DuckDB SQL",
    "pandas": "pandas",
    "spark": f"casescreen, Spark local[{peer_spark.CORES}]: rates",
    "spark_findings": f"casescreen, Spark local[{peer_spark.CORES}]: each not met to Parquet",
}
SLOW_TO_START = {"spark", "spark_findings"}
"""What a smoke run leaves out: each starts a Java machine, and tests/columnar/spark hold that they agree."""

RECORDS = {
    "ordinary": ("casescreen, ordinary: outcomes", 20_000, peer_records.ordinary),
    "whole": ("casescreen, ordinary: with reasons", 2_000, peer_records.whole),
    "by_hand": ("Python by hand", 20_000, peer_records.by_hand),
    "datalogic": ("datalogic-py", 20_000, peer_expressions.datalogic),
    "zen": ("zen-engine", 20_000, peer_expressions.zen),
    "cel": ("cel-expr-python", 10_000, peer_expressions.cel),
    "durable": ("durable-rules deciding alone", 5_000, peer_productions.durable),
    "clips": ("clipspy", 5_000, peer_productions.clips),
}


@frozen
class Measured:
    """What one engine took, and what it found.

    Attributes:
        ready: how long it took before it could begin, in seconds: reading records, or starting Java.
        cpu: the least of some runs, in seconds, of all threads together, and of the processes that it started.
        memory: the most that the process, and each of those that it started, ever had, in MB.
    """

    cases: int
    ready: float
    cpu: float
    wall: float
    memory: float
    counts: Counts


def rules() -> tuple[Rulebook, SyntheticSpec]:
    """What is measured: the shipped rulebook, and its recipe for cases."""
    rulebook = load_rulebook(ROOT / "rules" / "sqs-2016")
    return rulebook, load_spec(ROOT / "rules" / "sqs-2016", rulebook)


def work(engine: str, cases: int, folder: Path) -> Callable[[], Counts]:
    """What is timed, with everything made ready."""
    rulebook, recipe = rules()
    assert recipe.as_of is not None
    if engine in RECORDS:
        parts = made_up(rulebook, recipe, cases=cases, seed=SEED, as_of=recipe.as_of)
        few = [case for part in parts for case in cases_of(part, rulebook.dictionary)]
        if engine != "whole":  # which prepares them itself
            few = peer_records.prepared(rulebook, few, recipe.as_of)
        return RECORDS[engine][2](rulebook, few, recipe.as_of)
    if engine.startswith("spark"):
        return cast("Callable[[], Counts]", getattr(peer_spark, engine)(rulebook, folder, recipe.as_of))
    if engine == "scan":
        used = json.loads((folder / "columns-used.txt").read_text(encoding="utf-8"))
        return partial(peer_columns.scan, used, folder)
    if engine == "bulk_findings":
        out = folder / ".findings"  # hidden, so that it is no part of the cases
        out.mkdir(exist_ok=True)
        return partial(peer_columns.bulk_findings, rulebook, folder, recipe.as_of, out)
    return partial(getattr(peer_columns, engine), rulebook, folder, recipe.as_of)


def measure(engine: str, cases: int, folder: Path, repeats: int) -> Measured:
    """Run one engine in this process."""
    began = time.perf_counter()
    run, cpu, wall = work(engine, cases, folder), float("inf"), float("inf")
    ready = time.perf_counter() - began
    for _ in range(repeats):
        before, began = processes.cpu(), time.perf_counter()
        counts = run()
        cpu, wall = min(cpu, processes.cpu() - before), min(wall, time.perf_counter() - began)
    return Measured(cases, ready, cpu, wall, processes.peak(), counts)


def measured(engine: str, cases: int, folder: Path, repeats: int) -> Measured | str:
    """Run one engine in a process of its own; the reason if it could not be run."""
    arguments = ["--run", engine, "--cases", str(cases), "--folder", str(folder), "--repeats", str(repeats)]
    command = [sys.executable, str(Path(__file__)), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        if why.startswith(("ModuleNotFoundError", "ImportError")):
            return why.partition(": ")[2]
        raise SystemExit(f"{engine} stopped, so nothing is told: {why}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def expected(cases: int, folder: Path | None = None) -> Counts:
    """The counts that every engine has to come to, over the first so many cases, or over all in a folder."""
    rulebook, recipe = rules()
    assert recipe.as_of is not None
    if folder is not None:
        return peer_columns.bulk(rulebook, folder, recipe.as_of)
    parts = made_up(rulebook, recipe, cases=cases, seed=SEED, as_of=recipe.as_of)
    (rates,) = bulk_rates(rulebook, parts, as_of=recipe.as_of).values()
    return {rate.criterion: {one.value: count for one in rate.counts if (count := rate.count(one))} for rate in rates}


def check(engine: str, found: Counts, right: Counts) -> None:
    """Stop unless the counts are the same, of all that the engine counted."""
    for id_, counts in found.items():
        if any(
            right[id_].get(word, 0) != counts.get(word, 0)
            for word in (counts if engine == "bulk_findings" else right[id_])
        ):
            raise SystemExit(f"{engine} and casescreen do not agree on {id_}: {counts}, {right[id_]}. Nothing is told.")


def make(folder: Path, cases: int) -> None:
    """Write the caseload, unless a former run left it there, and which columns of it are used."""
    command = [
        "generate",
        str(folder),
        "--cases",
        str(cases),
        "--seed",
        str(SEED),
        "--rules",
        str(ROOT / "rules" / "sqs-2016"),
    ]
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "casescreen", *command], check=True)
    rulebook, recipe = rules()
    assert recipe.as_of is not None
    used = peer_columns.columns_used(rulebook, recipe.as_of)
    (folder / "columns-used.txt").write_text(json.dumps(used), encoding="utf-8")


def table(folder: Path, cases: int, only: list[str], repeats: int, *, smoke: bool) -> list[list[str]]:
    """A row for each engine; ratios are to ours in bulk, of the CPU time for one question of one case."""
    sizes = {**dict.fromkeys(COLUMNS, cases), **{name: most for name, (_, most, _) in RECORDS.items()}}
    names = {**COLUMNS, **{name: title for name, (title, _, _) in RECORDS.items()}}
    results: dict[str, Measured | str] = {}
    right = {name: expected(0, folder) for name in ["bulk"] if set(only) & set(COLUMNS)}
    for name in only:
        size = min(sizes[name], 200) if smoke and name in RECORDS else sizes[name]
        results[name] = one = measured(name, size, folder, repeats)
        if isinstance(one, Measured):
            check(name, one.counts, right["bulk"] if name in COLUMNS else expected(size))
        print("\t".join(row(names[name], one, results.get("scan"), results.get("bulk"))), file=sys.stderr)
    return [row(names[name], results[name], results.get("scan"), results.get("bulk")) for name in only]


def row(name: str, one: Measured | str, scan: Measured | str | None, bulk: Measured | str | None) -> list[str]:
    """What is told of one engine."""
    if isinstance(one, str):
        return [name, "not measured", one[:60]]
    questions = len(one.counts)
    against_scan = one.cpu / scan.cpu if isinstance(scan, Measured) and one.cases == scan.cases else None
    each = one.cpu / one.cases / questions if questions else None
    ours = bulk.cpu / bulk.cases / len(bulk.counts) if isinstance(bulk, Measured) else None
    return [
        name,
        str(questions or ""),
        f"{one.cases:,}",
        f"{one.ready:.1f}",
        f"{one.wall:.2f}",
        f"{one.cpu:.2f}",
        f"{float(f'{one.cases / one.cpu:.2g}'):,.0f}",
        "" if against_scan is None else f"{against_scan:.1f}",
        "" if each is None or ours is None else f"{each / ours:.1f}",
        f"{one.memory:,.0f}",
    ]


HEAD = (
    "what",
    "criteria",
    "cases",
    "ready s",
    "wall s",
    "CPU s",
    "cases/CPU s",
    "CPU to the scan",
    "CPU a question to bulk",
    "peak MB",
)


def sizes(place: Path, engines: tuple[str, ...], repeats: int) -> list[list[str]]:
    """A row for each number of cases: what one of them costs, and the most memory.

    The largest caseload is the one before it ten times over.
    """
    rows = []
    for cases in SIZES:
        folder = place / f"{cases}"
        if cases == SIZES[-1]:
            tenfold(place / f"{SIZES[-2]}", folder)
        make(folder, cases)
        for engine in engines:
            one = measured(engine, cases, folder, repeats)
            assert isinstance(one, Measured), one
            each = one.cpu / cases * 1e6
            rows.append(
                [
                    COLUMNS[engine],
                    f"{cases:,}",
                    f"{one.wall:.2f}",
                    f"{one.cpu:.2f}",
                    f"{each:.2f}",
                    f"{one.memory:,.0f}",
                ]
            )
            print("\t".join(rows[-1]), file=sys.stderr)
    return rows


def tenfold(one: Path, ten: Path) -> None:
    """A caseload of the cases of another ten times, each time under other ids."""
    for copy in range(10):
        for file in sorted(one.glob("part-*/*.parquet")):
            part = ten / f"part-{copy}-{file.parent.name}"
            part.mkdir(parents=True, exist_ok=True)
            anew = pl.lit(f"{copy}-").alias(ID) + pl.col(ID)
            pl.read_parquet(file).with_columns(anew).write_parquet(part / file.name)


def main() -> None:
    """Print one table of all that was measured, or run one engine for it."""
    parser = argparse.ArgumentParser(description="Measure casescreen against its peers.")
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases engines over columns get")
    parser.add_argument("--only", default=",".join([*COLUMNS, *RECORDS]), help="engines, with commas between")
    parser.add_argument("--folder", type=Path, help="where to keep the cases for a further run")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", action="store_true", help="what a case costs in small and large caseloads")
    parser.add_argument("--smoke", action="store_true", help="measure on very little")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    given: Any = parser.parse_args()
    if given.run:
        print(json.dumps(asdict(measure(given.run, given.cases, given.folder, given.repeats))))
        return
    if given.sizes:
        with tempfile.TemporaryDirectory() as place:
            rows = sizes(Path(place), ("scan", "bulk"), given.repeats)
        print(
            tabulate(
                rows,
                ("what", "cases", "wall s", "CPU s", "microseconds of CPU a case", "peak MB"),
                disable_numparse=True,
            )
        )
        return
    cases, repeats = (2_000, 1) if given.smoke else (given.cases, given.repeats)
    with tempfile.TemporaryDirectory() as place:
        folder = given.folder or Path(place) / "cases"
        make(folder, cases)
        only = [name for name in given.only.split(",") if not (given.smoke and name in SLOW_TO_START)]
        rows = table(folder, cases, only, repeats, smoke=given.smoke)
    print(f"Python {sys.version.split()[0]}. Least of {repeats} runs. CPU time is that of all threads.\n")
    print(tabulate(rows, HEAD, disable_numparse=True))


if __name__ == "__main__":
    main()
