"""Measure casescreen, as ratios from one run.

python benchmarks/run.py            the figures of benchmarks/README.md, in about a minute
python benchmarks/run.py --smoke    the same on very little: that it runs and that the results agree
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
from by_hand import TEN
from peer_records import prepared
from tabulate import tabulate

from casescreen import load_rulebook, read_cases
from casescreen.api import screen
from casescreen.columnar.frames import frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.inference.inferrer import Engine, inferrer
from casescreen.model.case import Case, Caseload
from casescreen.model.dictionary import Dictionary, Field, Kind, Value
from casescreen.model.outcome import Outcome, decide
from casescreen.model.rulebook import Rulebook

ROOT = Path(__file__).resolve().parent.parent
AS_OF = date(2016, 5, 9)
CASES = "cases/somerset-2016"
Row = tuple[str, str, str, str]


def generated(dictionary: Dictionary, count: int) -> list[Case]:
    """Cases with every field and table of the dictionary, some of it missing; the same ones every time."""
    rng = random.Random(2016)
    return [_case(dictionary, number, rng) for number in range(count)]


def _case(dictionary: Dictionary, number: int, rng: random.Random) -> Case:
    fields = {field.name: _value(field, rng) for field in dictionary.fields.values() if rng.random() < 0.9}
    tables = {
        table.name: tuple(
            {
                field.name: _value(field, rng)
                for field in table.columns.values()
                if field.name == table.key or rng.random() < 0.9
            }
            for _ in range(rng.randrange(4))
        )
        for table in dictionary.tables.values()
        if rng.random() < 0.95
    }
    return Case(f"G-{number:06}", {**fields, "case.id": f"G-{number:06}"}, tables)


def _value(field: Field, rng: random.Random) -> Value:
    if field.kind is Kind.CHOICE:
        return rng.choice(field.allowed)
    if field.kind is Kind.YES_NO:
        return rng.random() < 0.7
    if field.kind is Kind.DATE:
        return date(2015, 12, 1) + timedelta(days=rng.randrange(150))
    return rng.randrange(10, 18) if field.kind is Kind.NUMBER else f"text {rng.randrange(10**9)}"


def cpu(work: Callable[[], object], repeats: int) -> float:
    """The least CPU time of some runs, in seconds: what else the machine does can only add to it."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def evidence(rulebook: Rulebook, cases: Sequence[Case], repeats: int) -> list[Row]:
    """Ten criteria: closures against functions written by hand, once both give the same outcomes."""
    chosen = tuple(criterion for criterion in rulebook.criteria if criterion.id in TEN)
    ten = attrs.evolve(rulebook, criteria=chosen, conclusions=(), facts=())
    asker = CriteriaEvaluator(ten, context_of(ten, AS_OF))
    by_hand, ready = [TEN[criterion.id] for criterion in chosen], prepared(rulebook, cases, AS_OF)

    def ours() -> list[list[Outcome]]:
        return [[decide(asked.standing) for asked in asker.ask(case)] for case in ready]

    def theirs() -> list[list[Outcome]]:
        return [[function(case, AS_OF, rulebook.calendar) for function in by_hand] for case in ready]

    if ours() != theirs():
        raise SystemExit("the rules and the functions written by hand do not agree: nothing was measured")
    mine, hand = cpu(ours, repeats), cpu(theirs, repeats)
    return [
        ("ten criteria by hand", rate(len(cases), hand), "1.0", ""),
        ("the same as evidence", rate(len(cases), mine), f"{mine / hand:.1f}", "at most 4"),
    ]


def inference(rulebook: Rulebook, cases: Sequence[Case], repeats: int) -> list[Row]:
    """All criteria: evidence alone, inference alone with each engine, and a whole screening with reasons."""
    asker, ready = CriteriaEvaluator(rulebook, context_of(rulebook, AS_OF)), prepared(rulebook, cases, AS_OF)
    asked = [
        (
            [(one.criterion.id, one.standing) for one in asker.ask(case)],
            asker.facts(case),
            [(one.criterion.id, flag.id) for one in asker.ask(case) for flag in one.flags],
            not asker.is_closed(case),
        )
        for case in ready
    ]
    base = cpu(lambda: [asker.ask(case) for case in ready], repeats)
    rows = [(f"evidence, all {len(rulebook.criteria)} criteria", rate(len(cases), base), "1.0", "")]
    engines: tuple[Engine, ...] = ("durable-rules", "plain")
    for engine in engines:
        try:
            inferrer(rulebook, engine)
        except Exception as error:  # noqa: BLE001 - not installed here: say so and go on
            rows.append((f"inference, {engine}", "not measured", "", type(error).__name__))
            continue
        took = cpu(lambda engine=engine: _inferred(rulebook, engine, asked), repeats)  # type: ignore[misc]
        rows.append((f"inference, {engine}", rate(len(cases), took), f"{took / base:.1f}", ""))
    whole = cpu(lambda: screen(rulebook, Caseload(tuple(cases), ""), as_of=AS_OF), repeats)
    rows.append(("a whole screening, with reasons", rate(len(cases), whole), f"{whole / base:.1f}", ""))
    return [*rows, *bulk(rulebook, cases, repeats, base)]


def _inferred(rulebook: Rulebook, engine: Engine, asked: Sequence[tuple[Any, Any, Any, bool]]) -> None:
    """What follows for each case, by an engine that has not met any of them."""
    infer = inferrer(rulebook, engine)
    for standings, facts, flags, is_open in asked:
        infer.on_case(standings, facts, flags, is_open=is_open)


def bulk(rulebook: Rulebook, cases: Sequence[Case], repeats: int, base: float) -> list[Row]:
    """A whole screening with the outcomes of all cases worked out at once, and figures alone, from frames in memory."""
    caseload, frames = Caseload(tuple(cases), ""), frames_of(cases, rulebook.dictionary)
    usual, other = (screen(rulebook, caseload, as_of=AS_OF, engine=engine) for engine in ("auto", "bulk"))
    if attrs.evolve(usual, engine=other.engine) != other:
        raise SystemExit("the engines do not agree: nothing was measured")
    whole = cpu(lambda: screen(rulebook, caseload, as_of=AS_OF, engine="bulk"), repeats)
    figures = cpu(lambda: screen_frames(rulebook, [frames], as_of=AS_OF), repeats)
    return [
        ("the same with --engine bulk", rate(len(cases), whole), f"{whole / base:.1f}", ""),
        ("figures in bulk, without findings", rate(len(cases), figures), f"{figures / base:.1f}", ""),
    ]


def command(repeats: int) -> list[Row]:
    """The whole command on twenty cases, against Python doing nothing, in CPU seconds of the process."""
    if sys.platform == "win32":
        return [("casescreen check, 20 cases", "not measured", "", "")]
    nothing = process([sys.executable, "-c", "pass"], repeats)
    packages = process([sys.executable, "-c", "import attrs, cattrs, click, tabulate, tomllib"], repeats)
    ours = process([sys.executable, "-m", "casescreen", "check", CASES, "--as-of", AS_OF.isoformat()], repeats)
    return [
        ("python -c pass", f"{nothing:.3f} s", "1.0", ""),
        ("importing the packages it needs", f"{packages:.3f} s", f"{packages / nothing:.1f}", ""),
        ("casescreen check, 20 cases", f"{ours:.3f} s", f"{ours / nothing:.1f}", ""),
        ("on top of python -c pass", f"{ours - nothing:.3f} s", "", "under 0.35 s"),
    ]


def process(arguments: list[str], repeats: int) -> float:
    """The least CPU time of some runs of a command, user and system, in seconds."""
    best = float("inf")
    for _ in range(repeats):
        before = _spent_by_children()
        subprocess.run(arguments, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        best = min(best, _spent_by_children() - before)
    return best


def _spent_by_children() -> float:
    import resource  # noqa: PLC0415 - there is none on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rate(count: int, seconds: float) -> str:
    """Cases a second, to two figures."""
    return f"{float(f'{count / seconds:.2g}'):,.0f} cases/s"


def main() -> None:
    """Print one table of all that was measured."""
    parser = argparse.ArgumentParser(description="Measure casescreen.")
    parser.add_argument("--smoke", action="store_true", help="measure on very little")
    smoke = parser.parse_args().smoke
    count, repeats = (50, 1) if smoke else (2_000, 5)
    rulebook = load_rulebook(ROOT / "rules" / "sqs-2016")
    real = read_cases([ROOT / CASES], rulebook.dictionary).cases
    cases = [*real, *generated(rulebook.dictionary, count)]
    rows = [*evidence(rulebook, cases, repeats), *inference(rulebook, cases, repeats), *command(2 if smoke else 10)]
    print(f"{len(cases):,} cases, Python {sys.version.split()[0]}. CPU time, least of {repeats} runs.\n")
    print(tabulate(rows, headers=("what", "speed", "ratio", "goal"), disable_numparse=True))


if __name__ == "__main__":
    main()
