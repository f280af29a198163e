"""Run every check of the project, in a virtual environment of its own that is removed afterwards.

    python3 tests/all.py

Needs Python 3.11 or later and a package index; nothing else has to be installed. With --here, the checks run in the
environment of the Python that runs this file, which must have the project and its `dev` dependency group.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


Step = tuple[str, list[str]]
"""A check, by name, as the command that runs it."""


def rounds(python: str, scratch: Path) -> list[list[Step]]:
    """Every check, round by round: those of one round run two at a time, and each takes about one core.

    The tests are rounds of their own, as their workers take every core; what they measured is put together after them.
    """
    pytest = [python, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    spread = ["-n", "auto", "--maxprocesses", "4", "--durations", "25"]
    measured = [python, "-m", "coverage", "run", "-m", *pytest[2:], *spread]
    casescreen = [python, "-m", "casescreen"]
    elsewhere = ("tests/soak", "tests/installed")
    unmeasured = (
        *("tests/property", "tests/privacy/test_suppress_attacked.py", "tests/rules", "tests/browser"),
        *("tests/cases/tables/test_limits.py", "tests/cases/tables/test_readers.py"),
        *("tests/cases/tables/test_workbook_file_details.py", "tests/cases/mapping/test_suggest.py"),
        *("tests/cases/test_one_case_form.py", "tests/golden"),
        *("tests/cases/mapping/test_suggest_other_trackers.py", "tests/cli/test_check_inputs.py"),
        *("tests/evaluate/inference/test_inferrer_hashes.py",),
        *("tests/evaluate/test_criteria_not_asked.py", "tests/evaluate/test_reasons.py"),
        *("tests/history/test_store.py", "tests/model/test_calendar.py"),
        *("tests/office/test_sheet_rows.py", "tests/page/test_downloads.py"),
        *("tests/page/test_open_questions.py", "tests/report/formats/test_changes_by_form.py"),
        *("tests/report/formats/test_json_schema.py", "tests/report/formats/test_plain_text.py"),
        *("tests/report/formats/test_registry_office.py", "tests/report/sections/test_changes_screen.py"),
        *("tests/report/sections/test_first_screen.py", "tests/report/test_due_files_calendar.py"),
        *("tests/report/test_wording.py", "tests/rulebook/test_conditions.py"),
        *("tests/rulebook/test_load_packaged.py", "tests/synth/test_made_up.py"),
        *("tests/synth/test_made_up_files.py",),
    )
    return [
        [
            ("lint", [python, "-m", "ruff", "check", "."]),
            ("format", [python, "-m", "ruff", "format", "--check", "."]),
            ("imports", [str(Path(python).parent / "lint-imports"), "--no-cache"]),
            ("rules", [*casescreen, "rules", "check"]),
            # The longest first, so that the two lanes end together.
            ("soak", [*pytest, "tests/soak"]),
            ("benchmarks against peers, smoke run", [python, "benchmarks/peers.py", "--smoke"]),
            ("types", [python, "-m", "mypy"]),
            ("installed wheel", [*pytest, "tests/installed", "--basetemp", str(scratch / "installed")]),
            ("benchmarks, smoke run", [python, "benchmarks/run.py", "--smoke"]),
            ("benchmarks of documents, smoke run", [python, "benchmarks/documents.py", "--smoke"]),
            ("benchmarks of samples, smoke run", [python, "benchmarks/sample.py", "--smoke"]),
            ("benchmarks of what is seen, smoke run", [python, "benchmarks/seen.py", "--smoke", "--only", "start"]),
        ],
        [("tests and doctests", [*measured, *(f"--ignore={one}" for one in (*elsewhere, *unmeasured))])],
        # To be measured would take these twice as long, and they reach little that no other test does.
        # One worker more than cores, as whoever drives a browser mostly waits for it.
        [("tests that are not measured", [*pytest, "-n", "3", "--durations", "25", *unmeasured])],
        [("coverage data", [python, "-m", "coverage", "combine", "-q"])],
        [("coverage", [python, "-m", "coverage", "report"])],
    ]


def quiet(scratch: Path) -> dict[str, str]:
    """The environment of the checks: every cache in the scratch folder, so that nothing is left in the checkout."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {
        **inherited,
        "PYTHONDONTWRITEBYTECODE": "1",
        "RUFF_CACHE_DIR": str(scratch / "ruff"),
        "MYPY_CACHE_DIR": str(scratch / "mypy"),
        "COVERAGE_FILE": str(scratch / "coverage"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch / "hypothesis"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "TMPDIR": str(scratch),
    }


def environment(scratch: Path) -> str:
    """A new virtual environment with the project and all that its checks need; the path of its Python."""
    home = scratch / "venv"
    venv.create(home, with_pip=True)
    python = str(home / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    pip = [python, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--upgrade", "pip>=25.1"], check=True, cwd=ROOT)
    subprocess.run([*pip, "--editable", ".", "--group", "dev"], check=True, cwd=ROOT)
    return python


def run(step: Step, env: dict[str, str]) -> bool:
    """Run one check, print what it said when it has ended, and say how it went."""
    name, command = step
    print(f"... {name}", flush=True)
    start = time.monotonic()
    ran = subprocess.run(
        command, cwd=ROOT, env=env, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        errors="replace",
    )  # fmt: skip
    passed = ran.returncode == 0
    verdict = f"=== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s"
    print(f"\n=== {name}\n{ran.stdout}{verdict}\n", end="", flush=True)  # in one piece, as two checks may end at once
    return passed


def run_all(every: list[list[Step]], env: dict[str, str]) -> dict[str, bool]:
    """Run the rounds one after another, whatever has failed; how each check went, by name."""
    results: dict[str, bool] = {}
    with ThreadPoolExecutor(2) as lanes:
        for steps in every:
            passed = lanes.map(partial(run, env=env), steps)
            results |= {name: result for (name, _), result in zip(steps, passed, strict=True)}
    return results


def main() -> int:
    """Run all checks, also after one has failed; 0 if all passed."""
    parser = argparse.ArgumentParser(description="Run every check of the project.")
    parser.add_argument("--here", action="store_true", help="use the environment that runs this file")
    here = parser.parse_args().here
    if sys.version_info < OLDEST:
        print(f"Python {'.'.join(map(str, OLDEST))} or later is needed; this is {sys.version.split()[0]}.")
        return 2
    scratch = Path(tempfile.mkdtemp(prefix="casescreen-checks-"))
    try:
        python = sys.executable if here else environment(scratch)
        results = run_all(rounds(python, scratch), quiet(scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    failed = [name for name, passed in results.items() if not passed]
    print(f"\n{len(results) - len(failed)} passed, {len(failed)} failed" + (f": {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
