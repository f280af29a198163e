"""casescreen weekly: screen the newest export by a settings file, and leave a page on how it went."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from casescreen.cli.options import as_of_option, say
from casescreen.cli.weekly_page import RunAccount
from casescreen.cli.weekly_run import WeeklyRun
from casescreen.cli.weekly_settings import read_settings, starter
from casescreen.cli.weekly_state import BesideSettings
from casescreen.files.atomic import write_whole
from casescreen.model.problem import CasescreenError
from casescreen.text import as_argument, visible

_EPILOG = """\b
Examples:
  casescreen weekly north.toml --new                 make a settings file, and fill it in
  casescreen weekly north.toml                       run it: what a scheduled task runs
  casescreen weekly north.toml --as-of 2026-11-20    run it for an earlier day again
  casescreen weekly north.toml --schedule windows --at "Monday 07:00" --output north-task.xml
  casescreen weekly north.toml --schedule systemd --output north.service
  casescreen weekly north.toml --schedule cron

\b
What became of a run stands on a page beside the settings: north-last-run.html. It is written whatever happens.
Success is what that page says.

\b
Exit codes:
  0  nothing to act on, and no warning
  1  findings at or over the level of fail_on, or a warning
  2  wrong use, settings or an export that cannot be used, or records that were left out
  3  a fault in casescreen itself
"""


@click.command(epilog=_EPILOG)
# Settings that may not be read are told on the page, as all else that goes wrong.
@click.argument("file", metavar="SETTINGS", type=click.Path(path_type=Path, readable=False))
@as_of_option
@click.option("--new", is_flag=True, help="Make SETTINGS, a file to fill in, with every line explained.")
@click.option(
    "--schedule",
    type=click.Choice(["windows", "systemd", "cron"]),
    help="Write what lets Windows, systemd or cron run it every week, and say how to install it.",
)
@click.option(
    "--at",
    metavar="WHEN",
    help='With --schedule: the day of the week and the time. [default: "Monday 07:00"]',
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --schedule: the file to write.",
)
@click.option("--force", is_flag=True, help="With --schedule: replace the output file if it is there already.")
def command(
    file: Path,
    as_of: date | None,
    new: bool,
    schedule: str | None,
    at: str | None,
    output: Path | None,
    force: bool,
) -> int:
    """Screen the newest export by SETTINGS, as a scheduled task does every week.

    It writes reports named by the day, adds to the history, warns where the export looks wrong, and leaves a page on
    the last run beside SETTINGS.
    """
    if schedule is None and (at or output or force):
        raise click.UsageError("--at, --output and --force go with --schedule.")
    if sum((new, schedule is not None, as_of is not None)) > 1:
        raise click.UsageError("--new, --schedule and --as-of do not go together: each is a run of its own.")
    if new:
        return _make(file)
    if schedule is not None:
        from casescreen.cli.schedule import write_schedule  # noqa: PLC0415 - only who schedules it waits for it

        return write_schedule(read_settings(file).path, schedule, at, output, force=force)
    beside = BesideSettings(file.absolute())
    return WeeklyRun(beside, file, as_of, RunAccount(beside)).status()


def _make(file: Path) -> int:
    """Make a settings file to fill in."""
    if file.suffix.lower() != ".toml":
        raise CasescreenError(
            f'"{visible(str(file))}" is not the name of a settings file.', advice="let the name end in .toml."
        )
    if os.path.lexists(file):
        raise CasescreenError(
            f"{visible(str(file))} is there already, and was left as it is.", advice="give another name."
        )
    write_whole(file, starter(file.stem), force=False)
    name = visible(str(file))
    say(f"Made {name}. Fill it in with any text editor, and run: casescreen weekly {as_argument(str(file)) or name}")
    return 0
