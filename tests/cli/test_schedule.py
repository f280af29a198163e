"""What a scheduler is given, and what one is told to do with it."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree as ET

import pytest

from casescreen.cli.schedule import WeeklyTime, weekly_time
from casescreen.cli.weekly_settings import starter
from casescreen.model.problem import CasescreenError

_NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_ODD = 'Größe & <team> 100% $HOME "q" o\'c'


class Ran(Protocol):
    code: int
    out: str
    err: str


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / _ODD / "north team.toml"
    path.parent.mkdir()
    path.write_text(starter("north"), encoding="utf-8")
    return path


def test_a_task_of_windows_can_be_imported(run: Callable[..., Ran], settings: Path, tmp_path: Path) -> None:
    """UTF-16 as it says, begun when the computer is on again, in the folder of the settings, every name escaped."""
    out = tmp_path / "north task.xml"
    ran = run("weekly", settings, "--schedule", "windows", "--at", "tuesday 6:05", "--output", out)
    assert ran.code == 0, ran.err
    data = out.read_bytes()
    assert data.startswith(b"\xff\xfe")
    text = data.decode("utf-16")
    assert text.startswith('<?xml version="1.0" encoding="UTF-16"?>\r\n')
    root = ET.fromstring(text.partition("\n")[2])  # noqa: S314 - ours
    said = {one.tag.removeprefix(_NAMESPACE): (one.text or "").strip() for one in root.iter()}
    assert said["StartWhenAvailable"] == "true"
    assert said["WorkingDirectory"] == str(settings.parent)
    assert said["Command"] == sys.executable
    assert said["Arguments"] == subprocess.list2cmdline(["-P", "-m", "casescreen", "weekly", str(settings)])
    assert "Tuesday" in said
    assert said["StartBoundary"].endswith("T06:05:00")
    assert date.fromisoformat(said["StartBoundary"][:10]).strftime("%A") == "Tuesday"
    assert "schtasks /Create" in ran.err
    assert f'/XML "{out}"' in ran.err


def test_the_units_of_systemd_say_each_name_as_it_is(run: Callable[..., Ran], settings: Path, tmp_path: Path) -> None:
    """Two files, of which systemd reads the same words again."""
    ran = run("weekly", settings, "--schedule", "systemd", "--output", tmp_path / "north.service")
    assert ran.code == 0, ran.err
    service, timer = configparser.ConfigParser(interpolation=None), configparser.ConfigParser(interpolation=None)
    service.read(tmp_path / "north.service", encoding="utf-8")
    timer.read(tmp_path / "north.timer", encoding="utf-8")
    assert timer["Timer"]["OnCalendar"] == "Mon *-*-* 07:00:00"
    assert timer["Timer"]["Persistent"] == "true"
    assert service["Service"]["WorkingDirectory"] == str(settings.parent).replace("%", "%%")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', service["Service"]["ExecStart"])
    for written, mark in (('\\"', '"'), ("%%", "%"), ("$$", "$"), ("\\\\", "\\")):
        words = [word.replace(written, mark) for word in words]
    assert words == [sys.executable, "-P", "-m", "casescreen", "weekly", str(settings)]
    assert "enable --now north.timer" in ran.err
    assert "enable-linger" in ran.err


def test_a_line_of_cron_does_what_it_says(run: Callable[..., Ran], settings: Path) -> None:
    """Run as cron runs it, it screens: here it says that there is no folder of exports."""
    ran = run("weekly", settings, "--schedule", "cron", "--at", "Sunday 23:59")
    assert ran.code == 0, ran.err
    [line] = [line for line in ran.out.splitlines() if not line.startswith("#")]
    when, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    assert when == ["59", "23", "*", "*", "0"]
    as_cron = re.sub(r"(?<!\\)%", "\n", command).replace("\\%", "%")
    assert shlex.split(as_cron)[1] == str(settings.parent)
    done = subprocess.run(as_cron, shell=True, capture_output=True, text=True, check=False)
    assert "the folder of exports" in done.stderr
    assert "crontab -e" in ran.err


def test_times_that_are_none_are_told(run: Callable[..., Ran], settings: Path) -> None:
    """With what was meant."""
    for written in ("Mnday 07:00", "Monday", "07:00", "Monday 24:00", "Monday 7", ""):
        if written:
            with pytest.raises(CasescreenError, match="is not a day of the week and a time"):
                weekly_time(written)
    assert 'Did you mean "Monday"?' in run("weekly", settings, "--schedule", "cron", "--at", "mnday 07:00").err


def test_the_first_time_is_after_today() -> None:
    """Never today, when the hour may be past."""
    monday = date(2026, 11, 30)
    firsts = [WeeklyTime(day, 7, 0).first_from(monday) for day in range(7)]
    assert firsts == [date(2026, 12, day) for day in (7, 1, 2, 3, 4, 5, 6)]


def test_what_cannot_be_written_is_told(run: Callable[..., Ran], settings: Path, tmp_path: Path) -> None:
    """A task needs a file, its name an ending, and what is there is left."""
    assert "--output TASK.xml" in run("weekly", settings, "--schedule", "windows").err
    wrong = run("weekly", settings, "--schedule", "systemd", "--output", tmp_path / "north.xml")
    assert "let it end in .service" in wrong.err
    (tmp_path / "north.timer").write_text("mine", encoding="utf-8")
    assert run("weekly", settings, "--schedule", "systemd", "--output", tmp_path / "north.service").code == 2
    assert not (tmp_path / "north.service").exists()
    folder = tmp_path / "a\nb"
    folder.mkdir()
    (folder / "n.toml").write_text(starter("n"), encoding="utf-8")
    assert "rename the file or folder" in run("weekly", folder / "n.toml", "--schedule", "cron").err


def test_settings_that_cannot_be_used_are_not_scheduled(run: Callable[..., Ran], settings: Path) -> None:
    """A mistake is told now, and not on Monday at seven."""
    settings.write_text("scoop = 1", encoding="utf-8")
    assert run("weekly", settings, "--schedule", "cron").code == 2
