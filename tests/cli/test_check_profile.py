"""casescreen check and explain under a profile: what is local is named wherever it counts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Protocol
from zipfile import ZipFile

import openpyxl
import pytest

_CASES = Path(__file__).parents[2] / "cases" / "somerset-2016"
_FOUR = _CASES / "SOM-04.toml"
_AS_OF = ("--as-of", "2016-05-09")
_DUE = """\
extends = "sqs-2016"
[parameters.plan_due]
value  = "3 working days"
source = "North team, standards of 2026"
reason = "Agreed by the board."
"""
_OFF = """\
[off.plan-timely]
reason = "Asked in supervision."
conclusions = ["sound-start-reoffending", "area-late-plans", "exception-late-plan", "pattern-plans-without-substance"]
"""
_LOCAL = ("time allowed for the first plan", "time after which a plan is unreasonably late")


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def north(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "north.toml"
    path.write_text(_DUE, encoding="utf-8")
    return path


def _parts(file: Path) -> str:
    with ZipFile(file) as parts:
        return "".join(parts.read(name).decode() for name in sorted(parts.namelist()) if name.endswith(".xml"))


def test_the_first_screen_and_json_say_what_is_local(run: Run, north: Path) -> None:
    """With whose number it is; the hash is that of what is in force, and the rulebook's own stands beside it."""
    assert (
        "LOCAL RULES    by north.toml: 2 numbers changed" in run("check", _FOUR, "--profile", north.name, *_AS_OF).out
    )
    json_of = ("check", _FOUR, *_AS_OF, "--format", "json")
    plain, local = (json.loads(run(*json_of, *more).out) for more in ((), ("--profile", north.name)))
    assert "profile" not in plain
    assert local["profile"]["files"] == ["north.toml"]
    assert local["profile"]["rulebook_hash"] == plain["rulebook"]["hash"] != local["rulebook"]["hash"]
    said = {one["name"]: one for one in local["profile"]["parameters"]}
    assert (said["plan_due"]["value"], said["plan_due"]["rulebook_value"]) == ("3 working days", "15 working days")
    assert (said["plan_due"]["file"], said["plan_due"]["line"]) == ("north.toml", 2)
    assert (said["plan_late_after"]["value"], said["plan_late_after"]["follows"]) == ("13 working days", "plan_due")
    assert {one["source"]["document"] for one in said.values()} == {"North team, standards of 2026"}


def test_reports_name_the_profiles_source_and_no_other_areas(run: Run, north: Path) -> None:
    """Page, workbook and letter; for what stays as it was, the rulebook's source."""
    files = [north.with_suffix(ending) for ending in (".html", ".xlsx", ".docx")]
    outputs = [part for file in files for part in ("--output", file)]
    assert run("check", _CASES, "--profile", north.name, *_AS_OF, *outputs).code == 1
    page, letter = files[0].read_text(encoding="utf-8"), _parts(files[2])
    tables = [_rows(page, "tr"), _rows(letter, "w:tr"), _rows_of_workbook(files[1])]
    for rows in tables:
        local = [one for one in rows if any(label in one for label in _LOCAL) and "3 working days" in one]
        assert len(local) >= 2
        assert all("North team, standards of 2026" in one and "Rotherham" not in one for one in local)
        assert not [one for one in rows if "Rotherham" in one and any(f"{label} " in one for label in _LOCAL)]
    assert all(any("north.toml" in row for row in rows) for rows in tables)
    assert "Rotherham" in page


def _rows(text: str, tag: str) -> list[str]:
    rows = re.findall(rf"<{tag}[ >].*?</{tag}>", text, re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>", " ", one)) for one in rows]


def _rows_of_workbook(file: Path) -> list[str]:
    sheets = openpyxl.load_workbook(file).worksheets
    return [" ".join(str(cell) for cell in row if cell) for one in sheets for row in one.iter_rows(values_only=True)]


def test_a_profile_that_says_nothing_gives_the_same_bytes(run: Run, north: Path) -> None:
    """In every report, and on the screen."""
    north.write_text('extends = "sqs-2016"\n', encoding="utf-8")
    seen = []
    for name, more in (("without", ()), ("with", ("--profile", north.name))):
        folder = north.parent / name
        files = [folder / f"report.{ending}" for ending in ("json", "html", "xlsx", "csv", "md")]
        folder.mkdir()
        outputs = [part for file in files for part in ("--output", file)]
        assert run("check", _FOUR, *more, *_AS_OF, *outputs).code == 1
        full = run("check", _FOUR, *more, *_AS_OF, "--format", "table").out
        seen.append(([file.read_bytes() for file in files], full.replace(" --profile north.toml", "")))
    assert seen[0] == seen[1]


def test_what_is_set_for_one_run_is_marked_and_not_kept(run: Run, north: Path) -> None:
    """On the first screen and in JSON; with a history it is refused, and none is made."""
    tried = ("--set", "plan_due=3 working days", *_AS_OF)
    assert "LOCAL RULES    2 numbers set for this run only" in run("check", _FOUR, *tried).out
    profile = json.loads(run("check", _FOUR, *tried, "--format", "json").out)["profile"]
    assert [one["this_run_only"] for one in profile["parameters"]] == [True, True]
    history = north.with_suffix(".db")
    ran = run("check", _FOUR, *tried, "--history", history)
    assert (ran.code, ran.out, history.exists()) == (2, "", False)
    assert "--set tries a number for this run only" in ran.err
    assert 'Did you mean "plan_due"?' in run("check", _FOUR, "--set", "plan_du=3 working days").err
    assert "is set twice" in run("check", _FOUR, *tried, *tried).err


def test_a_question_that_is_off_is_in_nothing_and_explained_by_who_said_so(run: Run, north: Path) -> None:
    """Its reason is told, and where it stands."""
    north.write_text(_DUE + _OFF, encoding="utf-8")
    ran = run("explain", _FOUR, "plan-timely", "--profile", north.name, *_AS_OF)
    assert (ran.code, ran.out) == (2, "")
    told = " ".join(ran.err.split())
    assert "(plan-timely) is switched off here, by north.toml, line 6. Why: Asked in supervision." in told
    found = json.loads(run("check", _FOUR, "--profile", north.name, *_AS_OF, "--format", "json").out)
    assert "plan-timely" not in {one["criterion"] for one in found["findings"]}
    assert "plan-timely" in {one["id"] for one in found["profile"]["off"]}


def test_how_long_a_finding_is_accepted_is_the_profiles_to_say(run: Run, north: Path) -> None:
    """A waiver for longer than that is told as a problem."""
    waivers = north.with_name("waivers.toml")
    waivers.write_text(_WAIVER, encoding="utf-8")
    asked = ("check", _FOUR, *_AS_OF, "--waivers", waivers)
    assert run(*asked).code == 1
    north.write_text('extends = "sqs-2016"\n[waivers]\nlongest_months = 2\n', encoding="utf-8")
    ran = run(*asked, "--profile", north.name)
    assert (ran.code, "2 months" in ran.err) == (2, True)


_WAIVER = """\
[[waiver]]
case = "SOM-04"
criterion = "plan-states-roles"
accepts = "not met"
reason = "No victim can be reached."
by = "Xandra Wright"
role = "manager"
on = 2016-05-01
until = 2016-09-30
"""
