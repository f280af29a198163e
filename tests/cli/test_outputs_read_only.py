"""Folders and files in which one may not write, and files that one may not read: told, with what to do, and left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from bicycle_repairs import BIKES

Bare = Callable[..., subprocess.CompletedProcess[str]]
_AS_OF = ("--as-of", "2024-06-01")
_WAIVED = (
    *("--case", "B-1", "--criterion", "repair-in-time", "--accepts", "not met", "--on", "2024-06-01"),
    *("--until", "2024-06-30", "--reason", "Parts are late.", "--by", "Worker A", "--role", "head"),
)


@pytest.fixture(scope="module")
def without_power() -> tuple[str, ...]:
    """What a command begins with, so that permissions stop it, whoever runs these tests."""
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    dropped = (str(setpriv), "--bounding-set=-dac_override,-dac_read_search", "--")
    if setpriv is None or subprocess.run([*dropped, "true"], check=False, capture_output=True).returncode:
        pytest.skip("permissions do not stop the administrator, who runs this")
    return dropped


@pytest.fixture
def bare(without_power: tuple[str, ...], tmp_path: Path) -> Bare:
    """A run by somebody whom permissions stop."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [*without_power, sys.executable, "-m", "casescreen", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder in which one may not write."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    yield folder
    folder.chmod(0o755)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "{late}", *_AS_OF, "--output", "{closed}/report.html"),
        ("check", "{late}", *_AS_OF, "--history", "{closed}/north.db"),
        ("actions", "write", "{late}", *_AS_OF, "--output", "{closed}/actions.xlsx"),
        ("waivers", "add", "{closed}/waivers.toml", *_WAIVED),
        ("profile", "new", "{closed}/north.toml"),
        ("due", "{late}", *_AS_OF, "--output", "{closed}/due.ics", "--key", "{tmp}/new.key"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_folder_in_which_one_may_not_write_is_told_before_anything_is_done(
    bare: Bare, late: Path, closed: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Nothing is screened, shown or made for a file that cannot be put there."""
    places = {"late": late, "closed": closed, "tmp": tmp_path}
    ran = bare(*(part.format(**places) for part in command), "--rules", BIKES)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "you may not write in its folder" in ran.stderr or "or its folder, is read-only" in ran.stderr
    assert "What to do: " in ran.stderr
    assert not [*closed.iterdir()]
    assert not (tmp_path / "new.key").exists()


def test_a_file_that_is_read_only_is_not_replaced(bare: Bare, late: Path, tmp_path: Path) -> None:
    """Somebody can have protected it: a report in spite of --force, and waivers that one more is added to."""
    report, waivers = tmp_path / "report.html", tmp_path / "waivers.toml"
    for file in (report, waivers):
        file.write_text("", encoding="utf-8")
        file.chmod(0o444)
    for ran in (
        bare("check", late, *_AS_OF, "--rules", BIKES, "--output", report, "--force"),
        bare("waivers", "add", waivers, *_WAIVED, "--rules", BIKES),
    ):
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "is marked read-only, and was left as it is." in ran.stderr
    assert report.read_bytes() == waivers.read_bytes() == b""


def test_a_history_that_is_read_only_can_be_read(bare: Bare, late: Path, tmp_path: Path) -> None:
    """Nothing is added to it or taken out of it, which is told in plain words."""
    history = tmp_path / "north.db"
    asked = ("check", late, *_AS_OF, "--rules", BIKES, "--history", history)
    assert bare(*asked).returncode == 1
    before = history.read_bytes()
    history.chmod(0o444)
    for command in (asked, ("history", "forget", history, "--as-of", "2024-06-01", "--yes")):
        ran = bare(*command)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "cannot be written to: the file, or its folder, is read-only." in ran.stderr
    shown = bare("history", "list", history)
    assert (shown.returncode, "1 June 2024" in shown.stdout, history.read_bytes()) == (0, True, before)


_SETTINGS = """\
scope = "north"
history = "north.db"
rules = '{rules}'
[exports]
folder = "exports"
pattern = "export-*.toml"
[reports]
folder = "reports"
write = ["page"]
"""


@pytest.mark.parametrize(
    ("closed_to", "mode", "told"),
    [
        ("reports", 0o555, "you may not write in its folder"),
        ("north.db", 0o444, "the file, or its folder, is read-only"),
        ("exports", 0o000, "permission denied"),
        ("exports/export-2024-06-08.toml", 0o000, "there is no permission to read it"),
        ("north.toml", 0o000, "permission denied"),
    ],
)
def test_a_weekly_run_that_may_not_leaves_its_page_and_adds_nothing(
    bare: Bare, late: Path, tmp_path: Path, closed_to: str, mode: int, told: str
) -> None:
    """What it may not read or write stands on the page, with what to do; no run is added that nobody has seen."""
    (tmp_path / "exports").mkdir()
    settings = tmp_path / "north.toml"
    settings.write_text(_SETTINGS.format(rules=BIKES), encoding="utf-8")
    for day in (1, 8):
        shutil.copy(late, tmp_path / "exports" / f"export-2024-06-{day:02}.toml")
        os.utime(tmp_path / "exports" / f"export-2024-06-{day:02}.toml", (0, 0))
    assert bare("weekly", settings, *_AS_OF).returncode == 1
    place = tmp_path / closed_to
    usual = place.stat().st_mode
    place.chmod(mode)
    ran = bare("weekly", settings, "--as-of", "2024-06-08")
    place.chmod(usual)
    page = (tmp_path / "north-last-run.html").read_text(encoding="utf-8")
    assert (ran.returncode, "FAILED" in page, told in page, "What to do" in page) == (2, True, True, True)
    runs = bare("history", "list", tmp_path / "north.db").stdout
    assert "1 June 2024" in runs
    assert "8 June 2024" not in runs or "failed" in runs
    assert [one.name for one in (tmp_path / "reports").iterdir()] == [f"north-{date(2024, 6, 1)}.html"]
