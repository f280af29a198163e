"""Kill what writes to a history at random moments, and see that nothing is lost.

    python tests/history/kills.py 500

A process adds runs and takes out old ones, and says each that it has done. It is killed at a random moment. Then the
history must be readable, hold every run that was said to be added and not to be taken out, each whole, and at most what
was being done at that moment beside them.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "engine"))

from casescreen.history.run_rows import Identity, RunState
from casescreen.history.store import History
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity

_IDENTITY = Identity("made-up")
_FIRST = date(2000, 1, 1)
_KEPT = 3
_LONGEST = 0.08


def made_up(number: int) -> ScreeningRun:
    """The run of that number: some 2,000 findings."""
    cases = [f"case {number} {place}" for place in range(100)]
    outcomes = tuple(Outcome)
    return ScreeningRun(
        as_of=_FIRST + timedelta(days=number),
        rulebook="made-up",
        rules={f"criterion-{one}": RunRule(f"{one:064}") for one in range(20)},
        cases=dict.fromkeys(cases, f"manager {number % 7}"),
        findings={
            (case, f"criterion-{one}", ""): RunFinding(outcomes[(number + one) % 6], Severity.LOW, f"owner {one}")
            for case in cases
            for one in range(20)
        },
    )


def write(path: Path, first: int, most: int) -> None:
    """Add runs from a number on and take out old ones, and print each when it is done."""
    with History(path, _IDENTITY) as history:
        print("open", flush=True)
        for number in range(first, first + most):
            history.add(made_up(number), RunState.COMPLETED)
            print(f"added {number}", flush=True)
            if most > 2 * _KEPT * _KEPT and number - first >= _KEPT:
                history.forget_days([_FIRST + timedelta(days=number - _KEPT)])
                print(f"forgot {number - _KEPT}", flush=True)


def killed_once(path: Path, first: int, chance: random.Random) -> list[str]:
    """What a writer said it had done before it was killed."""
    command = [sys.executable, __file__, "--add", str(path), str(first), "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(chance.randint(0, 6))]
        with suppress(subprocess.TimeoutExpired):
            writer.wait(chance.random() * _LONGEST)
        assert writer.poll() is None, "the writer ended by itself"
        writer.kill()
        said += [line.strip() for line in writer.stdout if line.endswith("\n")]
    return [line for line in said if line not in ("", "open")]


def faults(path: Path, said: list[str], before: set[int], first: int) -> Iterator[str]:
    """What is wrong with a history after a kill."""
    expected = set(before)
    for line in said:
        what, which = line.split()
        (expected.add if what == "added" else expected.discard)(int(which))
    if not path.exists():
        if expected:
            yield "the file is gone"
        return
    with History(path, _IDENTITY) as history:
        records = history.runs()
        there = {(one.as_of - _FIRST).days for one in records}
        last = max([first - 1, *(int(line.split()[1]) for line in said if line.startswith("added"))])
        if extra := there - expected - {last + 1}:
            yield f"more is there than was said: {sorted(extra)}"
        if lost := expected - there - {last - _KEPT}:
            yield f"lost: {sorted(lost)}"
        for record in records:
            number = (record.as_of - _FIRST).days
            if history.run(record) != made_up(number):
                yield f"run {number} is not whole"


def main() -> int:
    """Kill so many writers; 0 if nothing was lost."""
    parser = argparse.ArgumentParser(description="Kill what writes to a history, and see that nothing is lost.")
    parser.add_argument("kills", type=int, nargs="?", default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in", dest="folder", type=Path)
    parser.add_argument("--add", nargs=3, metavar=("FILE", "FIRST", "MOST"), help="write, and be killed")
    asked = parser.parse_args()
    if asked.add:
        write(Path(asked.add[0]), int(asked.add[1]), int(asked.add[2]))
        return 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path, chance, first, done, inside = Path(folder) / "history.db", random.Random(asked.seed), 0, 0, 0
        for kill in range(asked.kills):
            before: set[int] = set()
            if path.exists():
                with History(path, _IDENTITY) as history:
                    before = {(one.as_of - _FIRST).days for one in history.runs()}
            said = killed_once(path, first, chance)
            done += len(said)
            inside += path.with_name("history.db-journal").exists()
            if wrong := list(faults(path, said, before, first)):
                print(f"kill {kill}, seed {asked.seed}: {'; '.join(wrong)}\n  said: {said}")
                return 1
            first += 1_000
        print(f"{asked.kills} kills, {inside} of them inside a change, {done} changes done before them: nothing lost.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
