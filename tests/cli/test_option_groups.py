"""Options that go together reach a command as one value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest
from attrs import frozen
from click.testing import CliRunner

from casescreen.cli.option_groups import RecordOptions, option_group, record_options
from casescreen.cli.options import unattended_option


@frozen
class _Size:
    """How large something is."""

    wide: int
    high: int


def _printed(command: click.Command, *arguments: str) -> str:
    ran = CliRunner().invoke(command, list(arguments))
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_a_group_is_one_value_and_its_options_stand_in_their_order() -> None:
    """The command has the value and no option by itself; click still has each by its name, for what is typed again."""

    @click.command()
    @click.option("--before", default="")
    @option_group("size", _Size, click.option("--wide", default=1), click.option("--high", default=2))
    @click.option("--after", default="")
    def command(before: str, size: _Size, after: str) -> None:
        click.echo(f"{before} {size} {after} {sorted(click.get_current_context().params)}")

    said = _printed(command, "--wide", "3", "--before", "a", "--after", "b")
    assert said == "a _Size(wide=3, high=2) b ['after', 'before', 'high', 'wide']\n"
    shown = _printed(command, "--help")
    assert sorted(("--before", "--wide", "--high", "--after"), key=shown.index) == [
        *("--before", "--wide", "--high", "--after")
    ]


_KEPT = click.option("--mapping-out", type=click.Path(path_type=Path))


@pytest.mark.parametrize("is_scheduled", [False, True])
def test_records_are_read_as_at_one_day(monkeypatch: pytest.MonkeyPatch, is_scheduled: bool) -> None:
    """Days that nobody names are today; what only some commands offer is as if it had not been asked for."""
    day, read = date(2024, 6, 1), list[RecordOptions]()
    monkeypatch.setattr("casescreen.cli.option_groups.today", lambda: day)

    @click.command()
    @record_options(*((_KEPT, unattended_option) if is_scheduled else ()))
    def command(records: RecordOptions) -> None:
        read.append(records)

    typed = ("--unattended", "--mapping-out", "m.toml") if is_scheduled else ()
    _printed(command, *typed)
    _printed(command, *typed, "--as-of", "2024-05-01", "--taken-on", "2024-05-02", "--strict")
    file = Path("m.toml") if is_scheduled else None
    assert read[0] == RecordOptions(None, day, (), False, day, is_scheduled, file)
    assert read[0].days == (day, day)
    assert read[1] == RecordOptions(None, date(2024, 5, 1), (), True, date(2024, 5, 2), is_scheduled, file)
