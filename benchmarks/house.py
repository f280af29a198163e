"""How much of the house one run goes through, and how large the house is.

    python benchmarks/house.py

Screens one case, with plain chaining, and prints: modules and lines of the engine; modules whose code runs (their
bodies aside); functions that run, those with a name and with comprehensions and lambdas, without the bodies of modules
and classes; and pairs of modules that call each other both ways.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from types import CodeType, FrameType

import casescreen
from casescreen.cli import main

HOME = Path(casescreen.__file__).parent
RUN = ["check", "cases/somerset-2016/SOM-01.toml", "--as-of", "2016-05-09", "--engine", "plain"]

ran: set[CodeType] = set()
calls: set[tuple[str, str]] = set()


def note(frame: FrameType, event: str, _argument: object) -> None:
    """Keep what is called, and from which module of ours."""
    code = frame.f_code
    if event != "call" or not code.co_filename.startswith(str(HOME)):
        return
    ran.add(code)
    caller = frame.f_back
    while caller is not None and not caller.f_code.co_filename.startswith(str(HOME)):
        caller = caller.f_back
    if caller is not None and "<module>" not in (code.co_name, caller.f_code.co_name):
        calls.add((caller.f_code.co_filename, code.co_filename))


def is_class_body(code: CodeType) -> bool:
    """Whether it makes a class: its first names are those that every class body sets."""
    return "__qualname__" in code.co_names and "__module__" in code.co_names


def figures() -> None:
    """Run once, and print."""
    sys.setprofile(note)
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        sys.argv = ["casescreen", *RUN]
        main()
    sys.setprofile(None)
    sources = [path for path in HOME.rglob("*.py") if path.name not in ("__init__.py", "__main__.py")]
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in HOME.rglob("*.py"))
    functions = [code for code in ran if code.co_name != "<module>" and not is_class_body(code)]
    named = [code for code in functions if not code.co_name.startswith("<")]
    modules = {code.co_filename for code in ran if code.co_name != "<module>"}
    both_ways = {frozenset(pair) for pair in calls if pair[0] != pair[1] and pair[::-1] in calls}
    print(f"modules {len(sources)}, lines {lines:,}")
    print(f"modules that run {len(modules)}")
    print(f"functions that run: {len(named)} with a name, {len(functions)} with comprehensions and lambdas")
    print(f"pairs that call each other both ways {len(both_ways)}")
    for pair in both_ways:
        print("   ", *sorted(Path(name).relative_to(HOME).as_posix() for name in pair))


if __name__ == "__main__":
    figures()
