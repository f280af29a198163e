"""The entry point: which commands there are, and what becomes of errors."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from casescreen import __version__
from casescreen.cli.options import problems_in_words, say, show
from casescreen.model.problem import CasescreenError, ProblemsError, message
from casescreen.text import visible

# Exit codes. 0: nothing to act on. 1: findings at or over the fail level.
WRONG_USE = 2
INTERNAL_FAULT = 3
_LONGEST_MESSAGE = 2_000
# Raised where a command is needed and none is named; click before 8.2 shows the help by itself.
_NOTHING_ASKED: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())

_GROUPS = {
    "Screen": {
        "check": "Screen cases and print what was found.",
        "explain": "Show why a finding is what it is.",
        "compare": "Show what changed from one run to a later one.",
    },
    "Every week": {
        "weekly": "Screen the newest export by a settings file, as a scheduled task.",
        "due": "List what falls due next, by owner.",
        "actions": "Write the sheet of what is to be done, and read it back.",
        "history": "List, show, write out or forget what runs found.",
        "trend": "Show a history run by run and month by month.",
        "waivers": "Accept findings for a while, with a reason and a name.",
    },
    "Read and sign": {
        "enquiry": "Write a sheet a case for a reader, and read it back.",
        "agree": "Hold two readers' answers against each other.",
    },
    "Prepare": {
        "new": "Make a starter folder with a case to fill in.",
        "template": "Make a workbook to fill in.",
        "convert": "Convert case files from one form to another.",
        "mapping": "Draft, show or check what the tables of other systems mean.",
        "generate": "Make up cases to try things on.",
    },
    "Rules": {
        "rules": "Show or check the rules.",
        "profile": "Start a profile: limits and questions of your own.",
        "schema": "Print the JSON Schema of the JSON output.",
    },
}
_COMMANDS = tuple(name for commands in _GROUPS.values() for name in commands)
# Where a command is that does not stand as ``command`` in a module of its name.
_HOMES = {
    "actions": ("actions_command", "command"),
    "enquiry": ("enquiry_command", "command"),
    "schema": ("rules", "schema_command"),
    "template": ("new", "template_command"),
}


class _Commands(click.Group):
    """Imports a command's file only when the command is asked for: the others cost nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, name = _HOMES.get(cmd_name, (cmd_name, "command"))
        command = getattr(importlib.import_module(f"casescreen.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        longest = max(map(len, _COMMANDS))
        for title, commands in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{longest}}", about) for name, about in commands.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Each command has its own help with examples: casescreen check --help",
)
@click.version_option(__version__, prog_name="casescreen")
def _casescreen() -> None:
    """Screen case records against inspection criteria, and explain every finding.

    Nothing that you screen leaves this machine.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 nothing to act on, 1 findings, 2 wrong use or files, 3 an internal fault."""
    _make_streams_safe()
    try:
        with _asked_to_end():
            result = _casescreen.main(arguments, prog_name="casescreen", standalone_mode=False)
            sys.stdout.flush()  # what cannot be written is told, as any other failure is
            status = result if isinstance(result, int) else 0
    except click.Abort:
        say("Stopped. Nothing is half written.")
        status = 130
    except click.ClickException as error:
        status = _as_typed(error)
    except ProblemsError as error:
        say(problems_in_words(error.problems).rstrip("\n"))
        status = WRONG_USE
    except CasescreenError as error:
        say(str(error))
        status = WRONG_USE
    except BrokenPipeError:
        _give_no_more()  # who reads it has seen enough
        status = WRONG_USE
    except OSError as error:
        _give_no_more()
        where = f" {visible(str(error.filename))}" if error.filename else ""
        say(f"The computer refused to read or write{where}: {error.strerror or error}.")
        status = WRONG_USE
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - the last resort: a fault of ours, told without a traceback
        status = _fault(error)  # a panic of a compiled library is no Exception
    sys.exit(status)


def _as_typed(error: click.ClickException) -> int:
    """Say what is wrong with what was typed; where only a command is wanting, show which there are."""
    in_context = error.ctx if isinstance(error, click.UsageError) else None
    if in_context is not None and isinstance(error, _NOTHING_ASKED):
        show(in_context.get_help())
        return 0
    if in_context is not None:
        say(in_context.get_usage())
        say(f"Try '{in_context.command_path} --help' for help.\n")
    say(f"Error: {visible(error.format_message(), _LONGEST_MESSAGE)}")
    return WRONG_USE


@contextlib.contextmanager
def _asked_to_end() -> Iterator[None]:
    """Take a request to end as Ctrl+C is taken, so that what is half written goes."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is asked
        return
    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has one
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks for that
            before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _give_no_more() -> None:
    """Let what is still to be written go nowhere: Python would try again at the end, and say so in its own words."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _make_streams_safe() -> None:
    """Let output go nowhere if it was closed, be UTF-8 wherever it is kept, and never stop half way on a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8", errors="replace")  # noqa: SIM115 - open until the end
            setattr(sys, name, nowhere)
        elif isinstance(stream, TextIOWrapper) and stream.isatty():
            stream.reconfigure(errors="replace")
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="")


def _fault(error: BaseException) -> int:
    if os.environ.get("CASESCREEN_TRACEBACK"):
        raise error
    say(
        message(
            f"casescreen itself has a fault ({type(error).__name__}: {visible(str(error))}).",
            why="the findings cannot be relied on, so none are given.",
            advice="run it again with the environment variable CASESCREEN_TRACEBACK set to 1, and send what it\n"
            "  prints to whoever maintains casescreen. Take out anything from a record first.",
        )
    )
    return INTERNAL_FAULT
