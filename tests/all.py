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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def steps(python: str, scratch: Path) -> list[tuple[str, list[str]]]:
    """Every check, by name, as the command that runs it."""
    pytest = [python, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    measured = [python, "-m", "coverage", "run", "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    casescreen = [python, "-m", "casescreen"]
    return [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("imports", [str(Path(python).parent / "lint-imports"), "--no-cache"]),
        ("rules", [*casescreen, "rules", "check"]),
        ("tests and doctests", [*measured, "--ignore=tests/soak", "--ignore=tests/installed"]),
        ("coverage data", [python, "-m", "coverage", "combine", "-q"]),
        ("coverage", [python, "-m", "coverage", "report"]),
        ("200,000 cases", [*pytest, "tests/soak"]),
        ("installed wheel", [*pytest, "tests/installed", "--basetemp", str(scratch / "installed")]),
        ("benchmarks, smoke run", [python, "benchmarks/run.py", "--smoke"]),
        ("benchmarks of documents, smoke run", [python, "benchmarks/documents.py", "--smoke"]),
        ("benchmarks against peers, smoke run", [python, "benchmarks/peers.py", "--smoke"]),
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


def run(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one check and say how it went."""
    print(f"\n=== {name}", flush=True)
    start = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0
    print(f"=== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
    return passed


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
        results = {name: run(name, command, quiet(scratch)) for name, command in steps(python, scratch)}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    failed = [name for name, passed in results.items() if not passed]
    print(f"\n{len(results) - len(failed)} passed, {len(failed)} failed" + (f": {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
