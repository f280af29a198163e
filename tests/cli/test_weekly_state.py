"""What a weekly run keeps beside its settings, and what it warns of."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from casescreen.cli import weekly_state
from casescreen.cli.weekly_settings import WarnLimits
from casescreen.cli.weekly_state import BesideSettings, KeptRun, known_fields, last_before, warnings
from casescreen.model.case import Case, Caseload, Row
from casescreen.model.problem import CasescreenError
from casescreen.rulebook.load import load_rulebook

_RUN = KeptRun(
    as_of=date(2024, 6, 1),
    reports=("north-2024-06-01.html",),
    export="export.xlsx",
    hashes=("a", "b"),
    cases=10,
    known={"bike.kind": 10, "repair.done": 5, "repair.paid": 4},
)
_NOW = evolve(_RUN, as_of=date(2024, 6, 8), hashes=("c", "d"))


@pytest.fixture
def beside(tmp_path: Path) -> BesideSettings:
    return BesideSettings(tmp_path / "north team.toml")


@pytest.fixture
def told(bikes: Path) -> Callable[..., list[str]]:
    rulebook = load_rulebook(bikes)

    def tell(now: KeptRun, last: KeptRun | None = _RUN, **limits: object) -> list[str]:
        return list(warnings(now, last, WarnLimits(**{"holidays": False, **limits}), rulebook))  # type: ignore[arg-type]

    return tell


def test_what_is_kept_is_read_back(beside: BesideSettings) -> None:
    """One run a day, the latest in place of others, in order of their days."""
    assert beside.kept() == ()
    runs = beside.keep(beside.keep((), _NOW), _RUN)
    again = evolve(_RUN, cases=11)
    assert beside.keep(runs, again) == (again, _NOW)
    assert beside.kept() == (again, _NOW)
    for number in range(70):
        runs = beside.keep(runs, evolve(_RUN, as_of=date.fromordinal(738_000 + number)))
    assert len(beside.kept()) == 60


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        '{"format": "other/1", "runs": []}',
        '{"format": "casescreen-weekly/1", "runs": [7]}',
        "[" * 9999,
    ],
)
def test_what_is_damaged_is_told(beside: BesideSettings, content: str) -> None:
    """As what it is, with what to do."""
    beside.memory.write_text(content, encoding="utf-8")
    with pytest.raises(CasescreenError, match=r"north team-last-run\.json cannot be read"):
        beside.kept()


def test_the_last_run_is_that_of_an_earlier_day_that_read_something() -> None:
    """A run that was killed while it wrote is none, nor is that of the same day."""
    killed = evolve(_RUN, as_of=date(2024, 6, 5), export="")
    assert last_before((_RUN, killed, _NOW), _NOW.as_of) == _RUN
    assert last_before((_RUN,), _RUN.as_of) is None


def test_a_column_is_known_where_a_row_has_it() -> None:
    """Once for a case, however many rows there are; what cannot be read is not known."""
    rows: tuple[Row, ...] = ({"name": "brake", "price": 3}, {"name": "bell", "price": None})
    cases = (
        Case("1", {"bike.kind": "cargo bike", "repair.done": None}, {"parts": rows}),
        Case("2", {"bike.kind": "racer"}, {}),
    )
    assert known_fields(Caseload(cases, "hash")) == {"bike.kind": 2, "parts.name": 1, "parts.price": 1}


def test_nothing_is_told_where_nothing_is_odd(told: Callable[..., list[str]]) -> None:
    """Nor the first time."""
    assert told(_NOW) == []
    assert told(evolve(_NOW, cases=1), None) == []


@pytest.mark.parametrize(("cases", "expected"), [(8, 0), (7, 1), (1, 1), (0, 1), (12, 0)])
def test_fewer_cases_are_told_from_the_limit_on(told: Callable[..., list[str]], cases: int, expected: int) -> None:
    """30 per cent fewer are; more cases are not."""
    assert len(told(evolve(_NOW, cases=cases), empty_fields=0)) == expected
    assert not told(evolve(_NOW, cases=cases), empty_fields=0, fewer_cases=0)


def test_a_field_is_told_if_it_was_known_in_most_cases(told: Callable[..., list[str]]) -> None:
    """And is known in none: by its label, with how many had it."""
    [said] = told(evolve(_NOW, known={"bike.kind": 1}))
    assert "(5 cases)" in said
    assert "(4 cases)" not in said
    assert not told(evolve(_NOW, known={"bike.kind": 1}), empty_fields=51)
    assert not told(evolve(_NOW, known={}), empty_fields=0)


def test_the_same_file_or_the_same_records_are_told(told: Callable[..., list[str]]) -> None:
    """A file that was saved again has another hash, and its records the same."""
    assert len(told(evolve(_NOW, hashes=("a", "x")))) == 1
    assert len(told(evolve(_NOW, hashes=("x", "b")))) == 1
    assert not told(evolve(_NOW, hashes=("a", "b")), unchanged=False)


def test_holidays_that_end_this_year_are_told(told: Callable[..., list[str]]) -> None:
    """Not a year before."""
    assert "end on 31 December 2024" in told(_NOW, holidays=True)[0]
    assert not told(evolve(_NOW, as_of=date(2023, 12, 31)), None, holidays=True)


def test_the_lock_of_a_run_that_was_killed_is_gone(beside: BesideSettings) -> None:
    """The system lets go of it, and nobody has to take a file away."""
    program = (
        "import sys, pathlib\nfrom casescreen.cli.weekly_state import BesideSettings\n"
        "with BesideSettings(pathlib.Path(sys.argv[1])).only_run(lambda: None, lambda: None):\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    told: list[str] = []
    command = [sys.executable, "-c", program, str(beside.settings)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    with beside.only_run(lambda: told.append("waiting"), lambda: told.append("unsure")):
        assert beside.lock.exists()
    assert not told


def test_only_one_run_has_the_lock(beside: BesideSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another waits, is told that it does, and gives up in the end; after the first, it begins."""
    monkeypatch.setattr(weekly_state, "WAIT_SECONDS", 0.0)
    told: list[str] = []
    with (
        beside.only_run(lambda: None, lambda: None),
        pytest.raises(CasescreenError, match="has not ended"),
        beside.only_run(lambda: told.append("waiting"), lambda: None),
    ):
        told.append("both")
    assert told == ["waiting"]
    with beside.only_run(lambda: told.append("waiting"), lambda: None):
        assert told == ["waiting"]
