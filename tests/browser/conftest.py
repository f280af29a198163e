"""What is driven in browsers: the report on the Somerset cases, and the one file with the engine inside.

axe-core is read from the file that AXE_CORE
names, else it is fetched by npm into a temporary folder. Where either is missing, the tests that need it are skipped
and say why; where CI is set, they fail.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from attrs import evolve
from browsers import Browser, Chromium, Firefox
from page_visitor import faults

from casescreen.cases.load import read_cases
from casescreen.evaluate.screening import screen
from casescreen.evaluate.split_counts import split_of
from casescreen.model.screening import Summary
from casescreen.privacy.suppress import suppressed
from casescreen.report.formats.registry import FORMATS, Options
from casescreen.rulebook.load import load_rulebook

__all__ = ["faults"]
_ROOT = Path(__file__).resolve().parents[2]
_AS_OF = date(2016, 5, 9)


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the twenty Somerset cases."""
    rulebook = load_rulebook()
    caseload = read_cases([str(_ROOT / "cases" / "somerset-2016")], rulebook.dictionary, taken_on=_AS_OF)
    file = tmp_path_factory.mktemp("report") / "somerset.html"
    file.write_text(str(FORMATS["html"].render(screen(rulebook, caseload, as_of=_AS_OF), Options())), encoding="utf-8")
    return file


@pytest.fixture(scope="session", params=[None, 3])
def page_of_groups(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on three times those cases by sex: as it is, and as a copy to share."""
    rulebook = load_rulebook()
    read = read_cases([str(_ROOT / "cases" / "somerset-2016")], rulebook.dictionary, taken_on=_AS_OF)
    cases = [evolve(case, id=f"{case.id}-{turn}") for turn in range(3) for case in read.cases]
    screening = screen(rulebook, evolve(read, cases=tuple(cases)), as_of=_AS_OF)
    field = rulebook.dictionary.fields["child.sex"]
    made: Summary = evolve(screening, split=split_of(screening, field))
    if request.param is not None:
        made = suppressed(screening, request.param, None, field)
    file = tmp_path_factory.mktemp("groups") / "groups.html"
    file.write_text(str(FORMATS["html"].render(made, Options())), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with one page."""
    yield from _started(Chromium, "chromium", tmp_path_factory.mktemp("chromium"))


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Firefox with one page."""
    yield from _started(Firefox, "firefox-esr", tmp_path_factory.mktemp("firefox"))


@pytest.fixture(params=["browser", "firefox"])
def either(request: pytest.FixtureRequest) -> Browser:
    """Chromium, and then Firefox."""
    started: Browser = request.getfixturevalue(request.param)
    return started


def _started(kind: type[Chromium | Firefox], package: str, profile: Path) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, kind.PROGRAMS)), None)
    if program is None:
        _missing(f"no {kind.name} is installed (apt install {package})")
    made = kind(program, profile)
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def page_parts(shared: Path) -> Path:
    """Where the parts of the page are kept: in the folder that CASESCREEN_PAGE_PARTS names, if it does."""
    return Path(os.environ.get("CASESCREEN_PAGE_PARTS", shared / "page-parts"))


@pytest.fixture(scope="session")
def one_file(shared: Path, page_parts: Path) -> Path:
    """casescreen.html, built once for all workers of a run."""
    file = shared / "casescreen.html"
    with (shared / "casescreen.html.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            command = [sys.executable, "-m", "casescreen.page", str(file), "--parts", str(page_parts)]
            built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
            if built.returncode:
                _missing(f"casescreen.html could not be built: {built.stderr.strip()[-500:]}")
    return file


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core."""
    if named := os.environ.get("AXE_CORE"):
        return Path(named).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        _missing("neither AXE_CORE nor npm is there to get axe-core by")
    folder = tmp_path_factory.mktemp("axe")
    got = subprocess.run(
        [npm, "install", "--no-save", "--ignore-scripts", "--prefix", str(folder), "axe-core@4"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    file = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not file.exists():
        _missing(f"npm could not fetch axe-core: {got.stderr.strip()[-300:]}")
    return file.read_text(encoding="utf-8")


Check = Callable[[], list[str]]


@pytest.fixture
def accessible(browser: Browser, axe: str) -> Check:
    """A function that gives what axe-core finds wrong with the page that is open."""

    def check() -> list[str]:
        browser.run(axe)
        found = browser.run(
            "axe.run(document, {resultTypes: ['violations']}).then(told => told.violations.flatMap("
            "one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary}`)))"
        )
        assert isinstance(found, list)
        return found

    return check
