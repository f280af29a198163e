"""Kill what writes to a history at random moments, and see that nothing is lost.

    python tests/history/kills.py 500
    python tests/history/kills.py 500 --weekly

A process adds runs and takes out old ones, and says each that it has done. It is killed at a random moment. Then the
history must be readable, hold every run that was said to be added and not to be taken out, each whole, and at most what
was being done at that moment beside them.

With --weekly it is runs of casescreen weekly that are killed, of new days and of days that were screened before. Then
the history must be readable, every run that it had must be in it, the reports of other days must be as they were, every
report must be whole, and the page must not say of a run that it ended if it did not. The last run is not killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "engine"))

from casescreen.cli import main as casescreen
from casescreen.history.run_rows import Identity, RunState
from casescreen.history.store import History
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Severity
from casescreen.text import in_words

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


_WEEKLY = """\
history = "north.db"
rules = '{rules}'
[exports]
folder = "exports"
pattern = "export-*.json"
[reports]
folder = "reports"
write = ["page", "workbook", "findings"]
"""
_DAYS = 12
_BIKES = Path(__file__).resolve().parents[1] / "fixtures" / "workshop" / "bikes"


class WeeklyKills:
    """A folder in which weekly runs are killed.

    Each is a copy of this process, which has imported all that a run takes: so it is mostly killed while it works.
    """

    def __init__(self, home: Path, chance: random.Random) -> None:
        """Make settings, and an export for each day."""
        self.home, self._chance, self.settings = home, chance, home / "north.toml"
        self.settings.write_text(_WEEKLY.format(rules=_BIKES), encoding="utf-8")
        (home / "exports").mkdir()
        self.days = [date(2024, 5, 1) + timedelta(days=7 * number) for number in range(_DAYS)]
        for number, day in enumerate(self.days):
            cases = [
                {"case": {"id": f"B-{one}"}, "repair": {"brought_on": "2024-04-02", "done": one < number}}
                for one in range(8)
            ]
            (home / "exports" / f"export-{day}.json").write_text(json.dumps(cases), encoding="utf-8")
        self.longest = 2.0

    def run(self, day: date, most: float) -> int | None:
        """The exit code of a run; None if it was killed when that time had passed."""
        child = os.fork()
        if not child:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            try:
                casescreen(["weekly", str(self.settings), "--as-of", str(day)])
            except SystemExit as exit_:
                os._exit(int(exit_.code or 0))
        until = time.monotonic() + most
        while time.monotonic() < until:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.0005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None

    def kill(self) -> Iterator[str]:
        """Kill a run at a random moment; what is wrong after it."""
        day = self._chance.choice(self.days)
        days, reports = self._days(), self._reports()
        code = self.run(day, self._chance.random() * self.longest)
        if lost := days - self._days():
            yield f"lost in the history: {sorted(map(str, lost))}"
        others = {path: content for path, content in reports.items() if str(day) not in path.name}
        now = self._reports()
        yield from (f"{path.name} is another" for path, content in others.items() if now.get(path) != content)
        yield from self._halves()
        yield from self._untrue(day, code)

    def whole(self) -> Iterator[str]:
        """What is wrong with a run that is not killed; its time is the longest."""
        began = time.monotonic()
        code = self.run(self.days[-1], 60)
        self.longest = 1.1 * (time.monotonic() - began)
        if code not in (0, 1):
            yield f"a run after them ended with {code}"
        yield from self._untrue(self.days[-1], code)

    def _days(self) -> set[date]:
        path = self.home / "north.db"
        if not path.exists():
            return set()
        try:
            with History(path) as history:
                records = [one for one in history.runs() if one.counts_in_time]
                assert all(len(history.run(one).cases) == one.cases for one in records), "a run is not whole"
                return {one.as_of for one in records}
        except CasescreenError as error:
            if path.stat().st_size and "is not a history" not in error.what:
                raise
            return set()  # it was killed before the history was begun

    def _reports(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.home.glob("reports/north-*")}

    def _halves(self) -> Iterator[str]:
        for path in (*self.home.glob("reports/north-*"), *self.home.glob("north-last-run.*")):
            content = path.read_bytes()
            try:
                if path.suffix == ".json":
                    json.loads(content)
                elif path.suffix == ".xlsx":
                    assert zipfile.ZipFile(path).testzip() is None
                elif path.suffix == ".html":
                    assert content.endswith(b"</html>")
            except (ValueError, AssertionError, zipfile.BadZipFile):
                yield f"{path.name} is not whole"

    def _untrue(self, day: date, code: int | None) -> Iterator[str]:
        page = self.home / "north-last-run.html"
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        if code is not None and "Last run: Needs attention" not in text:
            yield f"the page does not say that the run ended: {text[text.find('<h1>') :][:200]}"
        if "Last run: Needs attention" in text and (
            code is not None or f"Cases as at</dt><dd>{in_words(day)}<" in text
        ):
            reports = [f"north-{day}{ending}" for ending in (".html", ".xlsx", ".json")]
            if day not in self._days() or not all((self.home / "reports" / name).exists() for name in reports):
                yield "the page says that a run ended, and it did not"


def kill_weekly(home: Path, kills: int, seed: int) -> int:
    """Kill so many weekly runs; 0 if nothing was lost."""
    weekly, killed = WeeklyKills(home, random.Random(seed)), 0
    wrong = list(weekly.whole())
    for kill in range(kills):
        wrong += list(weekly.kill())
        if wrong:
            print(f"kill {kill}, seed {seed}: {'; '.join(wrong)}")
            return 1
        killed += 1
    if wrong := list(weekly.whole()):
        print(f"after {killed} kills, seed {seed}: {'; '.join(wrong)}")
        return 1
    print(f"{killed} kills of weekly runs, and a whole run after them: nothing lost.")
    return 0


def main() -> int:
    """Kill so many writers; 0 if nothing was lost."""
    parser = argparse.ArgumentParser(description="Kill what writes to a history, and see that nothing is lost.")
    parser.add_argument("kills", type=int, nargs="?", default=500)
    parser.add_argument("--weekly", action="store_true", help="kill runs of casescreen weekly")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in", dest="folder", type=Path)
    parser.add_argument("--add", nargs=3, metavar=("FILE", "FIRST", "MOST"), help="write, and be killed")
    asked = parser.parse_args()
    if asked.add:
        write(Path(asked.add[0]), int(asked.add[1]), int(asked.add[2]))
        return 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        if asked.weekly:
            return kill_weekly(Path(folder), asked.kills, asked.seed)
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
