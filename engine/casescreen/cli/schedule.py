"""What lets Windows, systemd or cron run a settings file every week, and how each is installed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from attrs import frozen

from casescreen.cli.options import say, show, today
from casescreen.cli.outputs import keep_apart, say_written
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.problem import CasescreenError
from casescreen.text import as_argument, did_you_mean, listed, visible

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USUAL = "Monday 07:00"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_ENDINGS = {"windows": ".xml", "systemd": ".service"}


@frozen
class WeeklyTime:
    """A day of the week and a time.

    Attributes:
        day: 0 is Monday.
    """

    day: int
    hour: int
    minute: int

    @property
    def name(self) -> str:
        """The day in words."""
        return _DAYS[self.day]

    @property
    def clock(self) -> str:
        """The time, as on a clock."""
        return f"{self.hour:02}:{self.minute:02}"

    def first_from(self, day: date) -> date:
        """The first such day after a day."""
        return day + timedelta(days=(self.day - day.weekday() - 1) % 7 + 1)


def weekly_time(written: str) -> WeeklyTime:
    """The day and time that a person wrote.

    Raises:
        CasescreenError: they are none.
    """
    day, _, clock = written.strip().partition(" ")
    known = {name.casefold(): number for number, name in enumerate(_DAYS)}
    time = _TIME.fullmatch(clock.strip())
    if day.casefold() in known and time:
        return WeeklyTime(known[day.casefold()], int(time[1]), int(time[2]))
    meant = "" if day.casefold() in known else did_you_mean(day.capitalize(), _DAYS) or f"Days are {listed(_DAYS)}."
    raise CasescreenError(
        f'"{visible(written)}" is not a day of the week and a time.',
        advice=f'write it as in --at "Monday 07:00". {meant}'.rstrip(),
    )


@frozen
class Entry:
    """What is written, and how it is installed.

    Attributes:
        files: what stands in each file, by its ending; "" where there is one, of any name.
        install: what to do with it, in lines.
    """

    files: dict[str, bytes]
    install: tuple[str, ...]


def write_schedule(settings: Path, system: str, at: str | None, output: Path | None, *, force: bool) -> int:
    """Write the entry of a settings file for a system, or print it, and say how it is installed.

    Raises:
        CasescreenError: the time is none, a name cannot stand in such an entry, or a file cannot be written.
    """
    when = weekly_time(at or _USUAL)
    for path in (str(settings), sys.executable):
        if _UNSAFE.search(path):
            raise CasescreenError(
                f"{visible(path)} has a character in its name that no entry of a scheduler can have.",
                advice="rename the file or folder.",
            )
    ending = _ENDINGS.get(system, "")
    if output is None:
        if system == "windows":
            raise CasescreenError("A task of Windows is imported from a file.", advice="add --output TASK.xml.")
    elif ending and output.suffix.lower() != ending:
        raise CasescreenError(
            f"{visible(str(output))} is no name for an entry of {system}.", advice=f"let it end in {ending}."
        )
    name = output.stem if output is not None else settings.stem
    entry = {"windows": _windows, "systemd": _systemd, "cron": _cron}[system](settings, when, name)
    if output is None:
        show("\n".join(content.decode() for content in entry.files.values()))
    else:
        paths = {output.with_suffix(ending) if ending else output: content for ending, content in entry.files.items()}
        keep_apart(read=(settings,), written=list(paths))
        for target in paths:
            check_place(target, force=force)
        for target, content in paths.items():
            write_whole(target, content, force=force)
            say_written(target)
    shown = as_argument(str(output)) or "FILE" if output is not None else "FILE"
    say("\n".join(line.replace("OUTPUT", shown) for line in entry.install))
    return 0


def _command(settings: Path) -> list[str]:
    # -P: a module that lies in the folder of the settings is none of ours.
    return [sys.executable, "-P", "-m", "casescreen", "weekly", str(settings)]


def _windows(settings: Path, when: WeeklyTime, name: str) -> Entry:
    program, *arguments = _command(settings)
    task = _TASK.format(
        about=escape(f"casescreen weekly, by {settings.name}"),
        start=f"{when.first_from(today()).isoformat()}T{when.clock}:00",
        day=when.name,
        program=escape(program),
        arguments=escape(subprocess.list2cmdline(arguments)),
        folder=escape(str(settings.parent)),
    )
    elsewhere = () if sys.platform == "win32" else ("The paths in it are of this computer, which is no Windows.",)
    return Entry(
        {".xml": b"\xff\xfe" + task.replace("\n", "\r\n").encode("utf-16-le")},  # as Task Scheduler itself exports
        (
            *elsewhere,
            f"To install it for every {when.name} at {when.clock}, type this in a command prompt:",
            f'  schtasks /Create /TN "{name.replace(chr(34), "")}" /XML OUTPUT',
            "or open Task Scheduler, choose Import Task..., and this file. It runs while you are signed in;",
            "in the task's properties you can let it run when nobody is.",
            "A computer that is off at that time runs it when it is on again. Try it: right-click the task, Run.",
        ),
    )


def _systemd(settings: Path, when: WeeklyTime, name: str) -> Entry:
    line = " ".join(map(_systemd_quoted, _command(settings)))
    about = settings.name.replace("%", "%%")
    service = _SERVICE.format(about=about, folder=str(settings.parent).replace("%", "%%"), line=line)
    timer = _TIMER.format(about=about, day=when.name[:3], clock=when.clock)
    unit = shlex.quote(f"{name}.timer")
    return Entry(
        {".service": service.encode(), ".timer": timer.encode()},
        (
            f"To install it for every {when.name} at {when.clock}, as yourself:",
            f"  1. Copy {visible(name)}.service and {visible(name)}.timer to the folder ~/.config/systemd/user",
            "  2. systemctl --user daemon-reload",
            f"  3. systemctl --user enable --now {unit}",
            "  4. loginctl enable-linger      so that it runs when you are not signed in, too",
            f"Try it: systemctl --user start {shlex.quote(f'{name}.service')}",
            "A computer that is off at that time runs it when it is on again.",
        ),
    )


def _systemd_quoted(word: str) -> str:
    for mark, instead in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(mark, instead)
    return f'"{word}"'


def _cron(settings: Path, when: WeeklyTime, _: str) -> Entry:
    # Where % stands bare, cron makes an end of line of it.
    line = f"cd {shlex.quote(str(settings.parent))} && {shlex.join(_command(settings))}".replace("%", "\\%")
    about, day = f"# casescreen weekly, by {visible(settings.name)}", (when.day + 1) % len(_DAYS)
    text = f"{about}\n{when.minute} {when.hour} * * {day} {line}\n"
    return Entry(
        {"": text.encode()},
        (
            f"To install it for every {when.name} at {when.clock}: type crontab -e, and put the two lines at the end.",
            "cron runs nothing that it has missed: if the computer is off at that time, there is no run that week.",
        ),
    )


_SERVICE = """\
[Unit]
Description=casescreen weekly, by {about}

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={line}
# 1 is no failure: there are findings, or something to look at. The page on the last run says what.
SuccessExitStatus=1
"""

_TIMER = """\
[Unit]
Description=casescreen weekly, by {about}, every week

[Timer]
OnCalendar={day} *-*-* {clock}:00
Persistent=true

[Install]
WantedBy=timers.target
"""

_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{about}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start}</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByWeek>
        <DaysOfWeek>
          <{day} />
        </DaysOfWeek>
        <WeeksInterval>1</WeeksInterval>
      </ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
