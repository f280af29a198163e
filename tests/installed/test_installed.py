"""What is shipped: the wheel and the source archive, used away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECK = ["check", str(ROOT / "cases" / "somerset-2016"), "--as-of", "2016-05-09", "--format", "csv"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed and nothing else; its dependencies come from the tests' environment."""
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = built.glob("*.whl")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    return folder


def run(folder: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )


def test_wheel_has_the_rules_and_the_types_and_no_tests(built: Path) -> None:
    """The wheel holds the package, the shipped rules and the marker for types, and nothing else of the repository."""
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "casescreen/rules/sqs-2016/rulebook.toml" in names
    assert "casescreen/rules/calendars/england-and-wales.toml" in names
    assert "casescreen/rules/sqs-2016.json" in names
    assert "casescreen/py.typed" in names
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"casescreen"}


def test_source_archive_has_what_is_needed_to_build_and_test(built: Path) -> None:
    """The source archive holds the rules, cases and tests as well."""
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"pyproject.toml", "rules/sqs-2016/dictionary.toml", "tests/all.py", "cases/README.md", "LICENSE"} <= names


def test_installed_command_finds_its_own_rules(installed: Path, tmp_path: Path) -> None:
    """Away from the checkout, the installed package uses the rules it was shipped with."""
    locator = "import casescreen; from casescreen.resources import shipped_rulebooks as shipped"
    where = f"{locator}; print(casescreen.__file__, *shipped().values())"
    ran = run(installed, "-c", where, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert all(part.startswith(str(installed)) for part in ran.stdout.split())


def test_installed_command_screens_as_the_checkout_does(installed: Path, tmp_path: Path) -> None:
    """The installed command gives the same bytes as the checkout."""
    shipped = run(installed, "-m", "casescreen", *CHECK, cwd=tmp_path)
    checkout = run(ROOT / "engine", "-m", "casescreen", *CHECK, cwd=tmp_path)
    assert shipped.returncode == checkout.returncode == 1, shipped.stderr
    assert shipped.stdout == checkout.stdout


def test_installed_command_writes_a_page(installed: Path, tmp_path: Path) -> None:
    """The parts that the page is made of, its style and its script, are shipped."""
    ran = run(installed, "-m", "casescreen", *CHECK[:-2], "--output", "report.html", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (1, "Written to report.html.\n")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<style" in page
    assert "<script" in page


def test_first_finding_of_ones_own(installed: Path, tmp_path: Path) -> None:
    """A new user makes a starter folder and screens it, with nothing but the installed package."""
    assert run(installed, "-m", "casescreen", "new", "mine", cwd=tmp_path).returncode == 0
    ran = run(installed, "-m", "casescreen", "check", "mine", "--as-of", "2016-05-09", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "CASE-001" in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX locale names")
@pytest.mark.parametrize("locale", ["C", "POSIX", "tr_TR.UTF-8"])
def test_no_locale_changes_the_output(installed: Path, tmp_path: Path, locale: str) -> None:
    """The same bytes come out in any locale, and with the clock in any zone."""
    env = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "LC_ALL": locale,
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
    }
    command = [sys.executable, "-m", "casescreen", *CHECK]
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
    assert ran.stdout == run(installed, "-m", "casescreen", *CHECK, cwd=tmp_path).stdout


def test_installed_rulebook_is_ready_and_the_same(installed: Path, tmp_path: Path) -> None:
    """The wheel carries its rulebook read and checked, the same as its files say, and nothing reads those again."""
    program = """
import sys
from casescreen.rulebook.load import load_rulebook
from casescreen.resources import shipped_rulebooks
ready = load_rulebook()
assert "casescreen.rulebook.folder_reader" not in sys.modules
from attrs import evolve
from casescreen.rulebook.folder_reader import read_rulebook
(folder,) = shipped_rulebooks().values()
read = read_rulebook(folder)
assert evolve(ready, calendar=read.calendar) == read
assert ready.calendar.holidays == read.calendar.holidays
print(ready.hash == read.hash)
"""
    ran = run(installed, "-c", program, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "True\n"), ran.stderr
