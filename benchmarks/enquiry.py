"""Measure enquiry sheets against the workbook of the same cases.

python benchmarks/enquiry.py                      50 made-up cases, seven times in turn
python benchmarks/enquiry.py --cases 5 --times 1

Each is a whole command: the cases are read and screened, and what comes of it is written. The goal is that the sheets
of all cases, a file each, take at most twice as long as check --output actions.xlsx.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tabulate import tabulate

AS_OF = "2016-05-09"
SEED = "2016"
WORKBOOK = "check --output actions.xlsx"
SHEETS = {f"enquiry write --form {form}": form for form in ("docx", "xlsx", "html")}


def run(*arguments: object) -> float:
    """Run a command, and give the CPU time that it took, in seconds."""
    before = os.times()
    ran = subprocess.run(
        [sys.executable, "-m", "casescreen", *map(str, arguments)], check=False, capture_output=True, text=True
    )
    after = os.times()
    if ran.returncode > 1:
        sys.exit(f"It failed: {ran.stderr}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure(folder: Path, cases: int, times: int) -> dict[str, float]:
    """The least time that each takes, of so many in turn."""
    made, least = folder / "cases", dict[str, float]()
    run("generate", made, "--cases", cases, "--seed", SEED, "--as-of", AS_OF, "--form", "toml")
    judged = (made, "--as-of", AS_OF, "--taken-on", AS_OF)
    for number in range(times):
        taken = {WORKBOOK: run("check", *judged, "--output", folder / f"actions-{number}.xlsx")}
        for what, form in SHEETS.items():
            taken[what] = run("enquiry", "write", *judged, "--form", form, "--output", folder / f"{form}-{number}")
        least = {what: min(seconds, least.get(what, seconds)) for what, seconds in taken.items()}
    return least


def main() -> int:
    """Make the cases, measure, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        least = measure(Path(folder), asked.cases, asked.times)
    rows = [(what, f"{seconds:.2f} s", f"{seconds / least[WORKBOOK]:.2f}") for what, seconds in least.items()]
    sys.stdout.write(tabulate(rows, tablefmt="github", headers=("what", "least", "times the workbook")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
