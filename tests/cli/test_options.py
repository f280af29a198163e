"""Options that commands have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

import pytest

from casescreen.cli import options


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
_LONDON = timezone(timedelta(0), "GMT")
_LAST_SECOND = datetime(2024, 6, 29, 23, 59, 59, tzinfo=_LONDON)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "{cases}"),
        ("explain", "{cases}"),
        ("due", "{cases}"),
        ("profile", "effect", "{cases}", "--set", "repair_due=3 days"),
        ("waivers", "check", "{waivers}", "{cases}"),
        ("actions", "list", "{cases}"),
        ("actions", "write", "{cases}", "--output", "{new}"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_run_across_midnight_is_of_one_day(
    run: Run, late: Path, bikes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """The day on which cases are judged and that on which records were taken are one, though midnight passes."""
    ticks: list[datetime] = []

    def tick() -> datetime:
        ticks.append(_LAST_SECOND + timedelta(seconds=len(ticks)))
        return ticks[-1]

    monkeypatch.setattr(options, "now", tick)
    waivers = tmp_path / "waivers.toml"
    waivers.write_text("waiver = []\n", encoding="utf-8")
    places = {"cases": late, "waivers": waivers, "new": tmp_path / "new.xlsx"}
    ran = run(*(part.format(**places) for part in command), "--rules", bikes)
    assert ran.code in {0, 1}, ran.err
    assert len(ticks) == 1


def test_another_run_has_a_day_of_its_own(run: Run, late: Path, bikes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one run read of the clock is not kept for the next one in the same process."""
    for day, words in ((0, "29 June 2024"), (1, "30 June 2024")):
        monkeypatch.setattr(options, "now", lambda day=day: _LAST_SECOND + timedelta(days=day))
        assert words in run("check", late, "--rules", bikes, "--full").out
