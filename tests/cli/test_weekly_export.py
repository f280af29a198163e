"""Which export a weekly run takes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casescreen.cases.tables.cells import DateOrder
from casescreen.cli.weekly_export import Export, day_in_name, newest_export
from casescreen.cli.weekly_settings import read_settings
from casescreen.model.problem import CasescreenError

_NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
_TODAY = _NOW.date()
Chosen = Callable[..., tuple[Export, tuple[str, ...]]]


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    (tmp_path / "exports").mkdir()

    def write(name: str, changed: datetime = _NOW - timedelta(hours=1)) -> Path:
        path = tmp_path / "exports" / name
        path.write_bytes(b"PK")
        os.utime(path, (changed.timestamp(), changed.timestamp()))
        return path

    return write


@pytest.fixture
def chosen(tmp_path: Path) -> Chosen:
    def choose(pattern: str = "export*.xlsx", dates: str = "", as_of: date = _TODAY) -> object:
        file = tmp_path / "north.toml"
        order = f'dates = "{dates}"' if dates else ""
        file.write_text(
            f'history = "n.db"\n[exports]\nfolder = "exports"\npattern = "{pattern}"\n{order}\n'
            '[reports]\nfolder = "r"\n',
            encoding="utf-8",
        )
        return newest_export(read_settings(file), as_of, _NOW)

    return choose  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "order", "day"),
    [
        ("export-2026-11-27.xlsx", None, date(2026, 11, 27)),
        ("export 20261127.xlsx", None, date(2026, 11, 27)),
        ("2026_11_27 team.xlsx", None, date(2026, 11, 27)),
        ("export-2026-02-30.xlsx", None, None),
        ("export-2026-13-01.xlsx", None, None),
        ("export-27-11-2026.xlsx", None, "unclear"),
        ("export-27-11-2026.xlsx", DateOrder.DAY_FIRST, date(2026, 11, 27)),
        ("export-11.27.2026.xlsx", DateOrder.MONTH_FIRST, date(2026, 11, 27)),
        ("export-31-02-2026.xlsx", DateOrder.DAY_FIRST, None),
        ("export-27112026.xlsx", DateOrder.DAY_FIRST, date(2026, 11, 27)),
        ("export-2026-11.xlsx", None, ""),
        ("export-1234567890.xlsx", None, ""),
        ("export.xlsx", None, ""),
        ("team 0001-01-01.xlsx", None, ""),
    ],
)
def test_the_day_in_a_name_is_read_and_not_guessed(name: str, order: DateOrder | None, day: object) -> None:
    """The year first, or as the settings say; None where there is no such day."""
    assert day_in_name(name, order) == day


def test_the_newest_by_its_name_is_taken(put: Callable[..., Path], chosen: Chosen) -> None:
    """Whenever it was copied; capitals do not count."""
    put("export-2026-11-20.xlsx", _NOW - timedelta(minutes=2))
    put("Export-2026-11-27.XLSX", _NOW - timedelta(days=30))
    export, told = chosen()
    assert (export.path.name, export.taken_on, export.named) == ("Export-2026-11-27.XLSX", date(2026, 11, 27), True)
    assert not told


def test_without_a_day_in_its_name_it_is_the_day_of_the_change(put: Callable[..., Path], chosen: Chosen) -> None:
    """And only what has been left alone for a minute is taken."""
    put("export a.xlsx", _NOW - timedelta(days=3))
    put("export b.xlsx", _NOW - timedelta(days=2))
    put("export c.xlsx", _NOW - timedelta(seconds=59))
    export, told = chosen()
    assert (export.path.name, export.taken_on, export.named) == ("export b.xlsx", date(2026, 11, 27), False)
    assert ['"export c.xlsx" was changed less than a minute ago' in one for one in told] == [True]
    put("export c.xlsx", _NOW - timedelta(seconds=61))
    assert chosen()[0].path.name == "export c.xlsx"


def test_what_an_office_program_has_open_is_no_export(put: Callable[..., Path], chosen: Chosen) -> None:
    """Nor what is hidden, still being downloaded, of a form that is not read, or a folder."""
    for name in ("~$export-2026-11-28.xlsx", ".export-2026-11-28.xlsx", "export-2026-11-28.xlsx.part"):
        put(name)
    put("export-2026-11-28.xlsx~")
    (put("export-2026-11-20.xlsx").parent / "export-2026-11-28.xlsx").mkdir()
    assert chosen("*export*")[0].path.name == "export-2026-11-20.xlsx"


def test_days_that_cannot_be_are_told(put: Callable[..., Path], chosen: Chosen) -> None:
    """A day that there is not, or that is still to come, is no reason to read an old export in silence."""
    put("export-2026-11-31.xlsx")
    put("export-2026-12-04.xlsx")
    put("export-2026-11-20.xlsx")
    export, told = chosen()
    assert export.taken_on == date(2026, 11, 20)
    assert 'There is no such day as in the name of "export-2026-11-31.xlsx"' in told[0]
    assert 'The day of "export-2026-12-04.xlsx" is still to come' in told[1]


def test_a_day_with_the_year_last_is_told(put: Callable[..., Path], chosen: Chosen) -> None:
    """It is not guessed, and the setting by which it is read is named."""
    put("export-03-11-2026.xlsx", _NOW - timedelta(days=1))
    export, told = chosen()
    assert (export.taken_on, export.named) == (date(2026, 11, 28), False)
    assert 'dates = "day-first"' in told[0]
    assert chosen(dates="day-first")[0].taken_on == date(2026, 11, 3)


def test_of_two_of_one_day_the_later_change_counts(put: Callable[..., Path], chosen: Chosen) -> None:
    """And the other is named: a browser calls what is saved twice (1)."""
    put("export-2026-11-27.xlsx", _NOW - timedelta(hours=3))
    put("export-2026-11-27 (1).xlsx", _NOW - timedelta(hours=2))
    export, told = chosen()
    assert export.path.name == "export-2026-11-27 (1).xlsx"
    assert "Of the same day" in told[0]


def test_an_earlier_day_reads_no_later_export(put: Callable[..., Path], chosen: Chosen) -> None:
    """With --as-of, the export is the one that there was."""
    put("export-2026-11-20.xlsx")
    put("export-2026-11-27.xlsx")
    assert chosen(as_of=date(2026, 11, 24))[0].taken_on == date(2026, 11, 20)
    with pytest.raises(CasescreenError, match="2 files are of a day after 1 November 2026"):
        chosen(as_of=date(2026, 11, 1))


def test_no_export_says_where_and_what_was_looked_for(put: Callable[..., Path], chosen: Chosen, tmp_path: Path) -> None:
    """With the line of the setting; and what was passed over, and why."""
    with pytest.raises(CasescreenError, match=r'north.toml, line 4: no file in .*: none looks like "export\*.xlsx"'):
        chosen()
    put("export-2026-02-30.xlsx")
    with pytest.raises(CasescreenError, match=r"no export in .* can be taken\. There is no such day"):
        chosen()
    (tmp_path / "exports").rename(tmp_path / "gone")
    with pytest.raises(CasescreenError, match="line 3: the folder of exports"):
        chosen()


def test_links_lead_to_what_they_name(put: Callable[..., Path], chosen: Chosen) -> None:
    """A link to an export is one; a link to nothing is passed over."""
    real = put("elsewhere.xlsx")
    (real.parent / "export-2026-11-27.xlsx").symlink_to(real)
    (real.parent / "export-2026-11-28.xlsx").symlink_to(real.parent / "nothing")
    assert chosen()[0].path.name == "export-2026-11-27.xlsx"


def test_who_writes_to_it_is_noticed(put: Callable[..., Path], chosen: Chosen) -> None:
    """Between the choice and the end of reading."""
    path = put("export-2026-11-27.xlsx")
    export, _ = chosen()
    seen = [export.is_as_it_was]
    path.write_bytes(b"PK and more")
    seen.append(export.is_as_it_was)
    path.unlink()
    assert [*seen, export.is_as_it_was] == [True, False, False]
