"""How much of the code one plain run of casescreen check goes through."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]

MOST_MODULES = 61

# Bodies of modules run when they are imported, whatever is then used of them. Classes are counted: they are used.
_PROGRAM = """
import contextlib, io, sys
import casescreen
home, ran = casescreen.__file__.removesuffix("__init__.py"), set()
def called(frame, event, argument):
    if event == "call" and frame.f_code.co_name != "<module>" and frame.f_code.co_filename.startswith(home):
        ran.add(frame.f_code.co_filename.removeprefix(home))
sys.setprofile(called)
from casescreen.cli import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[1:])
sys.setprofile(None)
print(*sorted(ran), sep="\\n")
"""


def test_checking_a_case_runs_few_modules() -> None:
    """Who follows a run from the command line to the report has few modules to read."""
    command = [sys.executable, "-c", _PROGRAM, "check", "cases/somerset-2016/SOM-01.toml", "--as-of", "2016-05-09"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    ran = done.stdout.split()
    assert {str(Path("cli", "check.py")), str(Path("evaluate", "screening.py"))} <= set(ran), done.stderr
    assert len(ran) <= MOST_MODULES, f"{len(ran)} modules run:\n{done.stdout}"
