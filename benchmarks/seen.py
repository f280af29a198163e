"""Measure how soon a person sees what was found, as ratios of CPU time from one run, each beside its goal.

python benchmarks/seen.py                       what needs nothing but this code
python benchmarks/seen.py --before CHECKOUT     the rest as well, with the code before, which is checked out there
python benchmarks/seen.py --only start          some of it
python benchmarks/seen.py --smoke               the same on very little: that it runs
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
from attrs import frozen
from documents import AS_OF, timed
from tabulate import tabulate
from words import asked_and_decided

from casescreen import load_rulebook, read_cases, screen
from casescreen.cli import OBJECTS_BETWEEN_COLLECTIONS
from casescreen.model.case import Caseload
from casescreen.model.rulebook import Rulebook
from casescreen.report.sections.first_screen import Commands, first_screen
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook.load import packaged, packaged_file

ROOT = Path(__file__).resolve().parent.parent
_DAY = AS_OF.isoformat()
_TWENTY = str(ROOT / "cases" / "somerset-2016")
_COMMANDS = Commands("casescreen explain CASES --case", "casescreen rules show --parameters")


@frozen
class Ratio:
    """One figure: what was measured against what, how much it came to, and how much it is to be at most."""

    what: str
    came_to: str
    goal: str


@frozen
class Sizes:
    """How much is measured.

    Attributes:
        few: as many cases as somebody has in files.
        many: as many as a service has.
        columns: as many as are worked out in columns.
        repeats: how often; the least counts.
    """

    few: int
    many: int
    columns: int
    repeats: int


def spent(command: list[str], home: Path) -> tuple[float, int]:
    """The CPU seconds, and the most memory in MB, of a Python program that imports casescreen from a folder."""
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": ""}
    started = subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(started.pid, 0)
    started.returncode = 0  # it has been waited for
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def in_turn(commands: dict[str, tuple[list[str], Path]], repeats: int) -> dict[str, float]:
    """The least CPU seconds of each, run in turn, after a run that lets Python keep what it compiled."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(repeats + 1):
        for name, (command, home) in commands.items():
            took, _ = spent(command, home)
            if number:
                times[name].append(took)
    return {name: min(each) for name, each in times.items()}


def check(cases: Path | str, *options: str) -> list[str]:
    """A command that screens."""
    return ["-m", "casescreen", "check", str(cases), "--as-of", _DAY, *options]


def made_up(home: Path, folder: Path, count: int, form: str = "parquet") -> Path:
    """Made-up cases of the rules of that code."""
    command = ["-m", "casescreen", "generate", str(folder), "--cases", str(count), "--seed", "7", "--form", form]
    spent(command, home)
    assert folder.is_dir(), "the cases were made"
    return folder


def installed(folder: Path) -> Path:
    """A folder with the package as a wheel has it: the rules in it, and the rulebook read and checked."""
    home = folder / "installed"
    shutil.copytree(ROOT / "engine" / "casescreen", home / "casescreen", ignore=shutil.ignore_patterns("__pycache__"))
    rules = home / "casescreen" / "rules"
    shutil.copytree(ROOT / "rules", rules)
    for name in shipped_rulebooks():
        text = packaged(load_rulebook(rules / name), rules / name)
        packaged_file(rules / name).write_text(text, encoding="ascii")
    return home


def of_start(sizes: Sizes, folder: Path, _before: Path | None) -> Iterator[Ratio]:
    """The whole command on twenty cases, to importing the two packages that every command needs."""
    wheel, engine = installed(folder), ROOT / "engine"
    took = in_turn(
        {
            "imports": (["-c", "import click, attrs"], engine),
            "wheel": (check(_TWENTY), wheel),
            "checkout": (check(_TWENTY), engine),
        },
        sizes.repeats,
    )
    for where, name in (("from a wheel", "wheel"), ("from a checkout, which reads the rules", "checkout")):
        yield Ratio(f"20 cases, {where}, to importing click and attrs", f"{took[name] / took['imports']:.1f}", "4.5")


def of_screen(sizes: Sizes, folder: Path, _before: Path | None) -> Iterator[Ratio]:
    """From cases to the first screen, to asking and deciding alone."""
    rulebook = load_rulebook()
    for count in (sizes.few, sizes.many):
        cases = made_up(ROOT / "engine", folder / f"to-screen-{count}", count)
        caseload = read_cases([cases], rulebook.dictionary, criteria=rulebook.criterion)
        asked, shown = [], []
        for _number in range(sizes.repeats):
            asked.append(timed(asked_and_decided(rulebook, caseload))[0])
            shown.append(timed(lambda caseload=caseload: _shown(rulebook, caseload))[0])  # type: ignore[misc]
        yield Ratio(f"{count:,} cases to the first screen, to asking", f"{min(shown) / min(asked):.1f}", "4")


def _shown(rulebook: Rulebook, caseload: Caseload) -> str:
    return first_screen(screen(rulebook, caseload, as_of=AS_OF), 100, _COMMANDS)


def of_files(sizes: Sizes, folder: Path, _before: Path | None) -> Iterator[Ratio]:
    """From files in TOML to the first screen, to what Python takes to parse them."""
    rulebook = load_rulebook()
    cases = made_up(ROOT / "engine", folder / "in-toml", sizes.few, "toml")
    texts = [file.read_text(encoding="utf-8") for file in sorted(cases.rglob("*.toml"))]
    parsed, shown = [], []
    for _number in range(sizes.repeats):
        parsed.append(timed(lambda: [*map(tomllib.loads, texts)])[0])
        shown.append(
            timed(lambda: _shown(rulebook, read_cases([cases], rulebook.dictionary, criteria=rulebook.criterion)))[0]
        )
    yield Ratio(f"{sizes.few:,} TOML cases to the first screen, to tomllib", f"{min(shown) / min(parsed):.1f}", "3")


def of_documents(sizes: Sizes, _folder: Path, _before: Path | None) -> Iterator[Ratio]:
    """From a workbook to findings and three documents, to reading it."""
    _, _, ratio = documents.measured(sizes.many)[-1]
    yield Ratio(f"a workbook of {sizes.many:,} cases to findings and three documents, to reading it", ratio, "3")


def of_json(sizes: Sizes, folder: Path, _before: Path | None) -> Iterator[Ratio]:
    """The most memory of a JSON file of every finding."""
    cases = made_up(ROOT / "engine", folder / "to-json", sizes.many)
    _, memory = spent(check(cases, "--output", str(folder / "all.json")), ROOT / "engine")
    yield Ratio(f"{sizes.many:,} cases to JSON, most memory", f"{memory:,} MB", "400 MB")


def of_before(sizes: Sizes, folder: Path, before: Path | None) -> Iterator[Ratio]:
    """A workbook of findings, and rates in columns, to the code before, each of its own rules' made-up cases."""
    if before is None:
        return
    homes = {"before": before / "engine", "now": ROOT / "engine"}
    for what, count, options, goal in (
        ("cases to a workbook of findings", sizes.many, ("--output", str(folder / "all.xlsx"), "--force"), "0.35"),
        ("cases in columns", sizes.columns, (), "1.25"),
    ):
        commands = {
            name: (check(made_up(home, folder / f"{name}-{count}", count), *options), home)
            for name, home in homes.items()
        }
        took = in_turn(commands, sizes.repeats)
        yield Ratio(f"{count:,} {what}, to the code before", f"{took['now'] / took['before']:.2f}", goal)


PARTS: dict[str, Callable[[Sizes, Path, Path | None], Iterator[Ratio]]] = {
    "start": of_start,
    "screen": of_screen,
    "files": of_files,
    "documents": of_documents,
    "json": of_json,
    "before": of_before,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure how soon a person sees what was found.")
    parser.add_argument("--before", type=Path, help="a checkout of the code before")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; can be given several times")
    parser.add_argument("--smoke", action="store_true", help="measure on very little")
    given = parser.parse_args()
    sizes = Sizes(20, 30, 60, 1) if given.smoke else Sizes(500, 5_000, 200_000, 3)
    rows = []
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the command line works
    with tempfile.TemporaryDirectory() as folder:
        for name in given.only or PARTS:
            rows += [(one.what, one.came_to, one.goal) for one in PARTS[name](sizes, Path(folder), given.before)]
    print(tabulate(rows, headers=("what", "came to", "goal"), disable_numparse=True))


if __name__ == "__main__":
    main()
