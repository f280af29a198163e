"""What every test may use: golden outputs, and the option that writes them anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from casescreen.model.calendar import WorkingCalendar
from casescreen.model.condition import All
from casescreen.model.dictionary import Dictionary
from casescreen.model.outcome import Basis
from casescreen.model.rulebook import (
    Band,
    Bands,
    CaseFact,
    ConclusionRule,
    Criterion,
    Document,
    Flag,
    Rulebook,
    Severity,
    Source,
    Status,
)
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook import folder_reader
from casescreen.rulebook.load import files_hash

# A worker of pytest-xdist is measured; what a test starts is not: some of it is killed, and some is held to a time.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

# The same examples on every machine and in every run, however slow or busy it is: a red run means a broken promise.
settings.register_profile(
    "checks",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
# For a search that goes on where the last one stopped: pytest --hypothesis-profile=search
settings.register_profile("search", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))
settings.load_profile("checks")


def _read_shipped_rules_once() -> None:
    """Have a process read each shipped rulebook once, unless its files change: measured, that takes a second."""
    read, known = folder_reader.read_rulebook, dict[str, Rulebook]()

    def read_rulebook(folder: Path) -> Rulebook:
        if folder not in shipped_rulebooks().values():
            return read(folder)
        files = files_hash(folder)
        if files not in known:
            known[files] = read(folder)
        return known[files]

    folder_reader.read_rulebook = read_rulebook


_read_shipped_rules_once()

# What stands in these starts what is slow to start, once for all tests of a process.
_TOGETHER = ("tests/columnar/spark/", "tests/browser/")
_GOLDEN = Path(__file__).parent / "golden"
_BROKEN = Path(__file__).parent / "broken" / "rulebook"

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write the golden outputs anew, to be read in the difference before they are kept."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew from what the code gives")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Hand workers one test at a time, but those that share a cluster or a browser all to one worker.

    Marks of groups and --dist=loadgroup are for that, and pytest 9.2 passes over them (pytest-xdist, issue 1386).
    """
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - pytest-xdist may not be installed

    class OneByOne(LoadScopeScheduling):  # type: ignore[misc] # it has no types
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid)

    return OneByOne(config, log)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """A function that holds a text against the file of that name in tests/golden/."""
    update: bool = request.config.getoption("--update-golden")

    def check(name: str, text: str) -> None:
        file = _GOLDEN / name
        if update:
            file.write_bytes(text.encode())
        kept = file.read_bytes().decode() if file.exists() else ""
        assert text == kept, f"{file} differs: read the difference, and if it is meant run pytest --update-golden"

    return check


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """A copy of the sound rulebook that tests/broken/rulebook holds mistakes of, with its calendar beside it."""
    shutil.copytree(_BROKEN / "base", tmp_path, dirs_exist_ok=True)
    return tmp_path / "workshop"


_SOURCE = Source(Document("made-up", "Made up"))
_ALWAYS = All(())


@pytest.fixture(scope="session")
def concluding() -> Callable[..., Rulebook]:
    """A rulebook to infer by, of so many criteria "c0", "c1" and on, each with a flag "raised", and these conclusions.

    It has facts "f0", "f1" and on, and the bands "high", "middle" and "low".
    """

    def build(*conclusions: ConclusionRule, criteria: int = 4, facts: int = 3) -> Rulebook:
        return Rulebook(
            id="made-up",
            title="Made up",
            version="1",
            about="",
            hash="",
            dictionary=Dictionary({}, {}),
            calendar=WorkingCalendar("none", "None", date(2024, 1, 1), date(2024, 12, 31), frozenset(), "made up"),
            documents={},
            themes=(),
            parameters={},
            bands=Bands(
                (Band("high", "high", 80), Band("middle", "middle", 40), Band("low", "low", 0)), 5, Status.OURS, _SOURCE
            ),
            criteria=tuple(_criterion(f"c{number}") for number in range(criteria)),
            facts=tuple(CaseFact(f"f{number}", "It is so.", _ALWAYS) for number in range(facts)),
            conclusions=conclusions,
        )

    return build


def _criterion(id_: str) -> Criterion:
    flags = (Flag("raised", "There is a doubt.", _ALWAYS),)
    return Criterion(id_, "theme", id_, f"{id_}?", Basis.EVIDENCE, Severity.LOW, _SOURCE, "", "", flags=flags)


@pytest.fixture(scope="session")
def office() -> str:
    """LibreOffice's command; where there is none the test is skipped, except where everything must be tried."""
    found = shutil.which("soffice")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("LibreOffice is not installed, and CI must try it")
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed, so nothing was opened in it")
    return found
