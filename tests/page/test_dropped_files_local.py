"""A profile and waivers that are dropped: known by what they hold, used as the command line does, and told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from page_session import COMMANDS, Findings, Page, body

_SOMERSET = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
_DAY = "2016-05-09"
_DAYS = ("--as-of", _DAY, "--taken-on", _DAY)
_NORTH = """\
extends = "sqs-2016"

[parameters.plan_due]
value = "10 working days"
source = "North team"
reason = "Agreed by the board."

[off.plan-states-roles]
reason = "Another team asks it."
"""
_HEAD = '[[waiver]]\ncase = "{}"\ncriterion = "{}"\naccepts = "{}"\nreason = "Quincey was abroad."\n'
_WAIVER = _HEAD + 'by = "J. Okafor"\nrole = "head"\non = 2016-05-01\nuntil = 2016-06-01\n'


@pytest.fixture
def folder(page: Page, typed: Findings, tmp_path: Path) -> Path:
    """The cases, a profile, and waivers of two findings, also of a rule that the profile changes; on the page too."""
    made = tmp_path / "made"
    made.mkdir()
    for path in sorted(_SOMERSET.glob("*.toml"))[:8]:
        (made / path.name).write_bytes(path.read_bytes())
    (made / "north.toml").write_text(_NORTH, encoding="utf-8")
    found = json.loads(typed(made, *_names(made), *_DAYS, "--profile", "north.toml"))["findings"]
    open_ = [one for one in found if one["outcome"] in {"not met", "not evidenced"} and not one["item"]][:2]
    blocks = (_WAIVER.format(one["case"], one["criterion"], one["outcome"]) for one in open_)
    (made / "waivers.toml").write_text("\n".join(blocks), encoding="utf-8")
    page.add(*sorted(made.glob("*.toml")))
    return made


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("SOM-*.toml"))


def _read(page: Page) -> list[str]:
    read = page.give("read", as_of=_DAY, taken_on=_DAY)
    assert read["records"] == 8
    local: list[str] = read["local"]
    return local


def test_both_are_told_and_give_what_the_command_line_gives(page: Page, typed: Findings, folder: Path) -> None:
    kinds = {one["name"]: one["kind"] for one in page.give("files")["files"]}
    assert (kinds["north.toml"], kinds["waivers.toml"], kinds["SOM-01.toml"]) == ("profile", "waivers", "cases")
    rules, accepted = _read(page)
    assert rules == "Local rules by north.toml: 2 numbers changed and 1 question off."
    assert accepted.startswith("Accepted findings: waivers.toml, 2.")
    asked = (*_names(folder), *_DAYS, "--profile", "north.toml", "--waivers", "waivers.toml")
    found = page.download("report", form="json")
    assert found == typed(folder, *asked)
    assert len(json.loads(found)["waivers"]) == 2
    screened = page.give("screen")
    for text in (json.dumps(screened["first_screen"]), body(screened["report_html"])):
        assert "accepted" in text.lower()
        assert not COMMANDS.search(text), COMMANDS.search(text)


def test_copies_to_share_hold_what_those_of_the_command_line_do(page: Page, typed: Findings, folder: Path) -> None:
    _read(page)
    key = page.download("key")
    (folder / "a.key").write_bytes(key)
    asked = (*_names(folder), *_DAYS, "--profile", "north.toml")
    kept = page.download("report", form="json", pseudonyms=True, key=page.session.add_file("a.key", key))
    assert kept == typed(folder, *asked, "--waivers", "waivers.toml", "--pseudonyms", "a.key")
    assert b"accepted" in kept
    assert b"Quincey" not in kept
    assert b"Okafor" not in kept
    figures = page.download("report", form="json", suppress_under=5)
    assert figures == typed(folder, *asked, "--suppress-under", "5"), "waivers are of single findings"


def test_a_profile_extends_another_that_is_dropped_too(page: Page, typed: Findings, folder: Path) -> None:
    (folder / "west.toml").write_text(
        'extends = "north.toml"\n[off.referrals-in-plan]\nreason = "Not here."\n', encoding="utf-8"
    )
    page.add(folder / "west.toml")
    assert _read(page)[0] == "Local rules by west.toml: 2 numbers changed and 2 questions off."
    asked = ("--profile", "west.toml", "--waivers", "waivers.toml")
    assert page.download("report", form="json") == typed(folder, *_names(folder), *_DAYS, *asked)


@pytest.mark.parametrize(
    ("name", "text", "told", "where"),
    [
        ("x.toml", 'extends = "sqs-2016"\n[off.plan-timley]\nreason = "No."\n', "plan-timley", "x.toml, line 2"),
        ("x.toml", 'extends = "away.toml"\n', "away.toml", "x.toml, line 1"),
        ("x.toml", "[off.plan-timely]\n", "extends", "x.toml"),
        ("x.toml", 'extends = "sqs-2016\n', "", "x.toml, line 1"),
        ("w.toml", '[[waiver]]\ncase = "SOM-01"\ncriterion = "plan-timley"\n', "", "w.toml, line 1"),
        ("w.toml", _WAIVER.format("SOM-01", "plan-timley", "not met"), "plan-timley", "w.toml, line 3"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(page: Page, name: str, text: str, told: str, where: str) -> None:
    page.add(_SOMERSET / "SOM-01.toml")
    page.session.add_file(name, text.encode())
    problems = page.call("read", as_of=_DAY, taken_on=_DAY)["error"]["problems"]
    assert [one for one in problems if told in one["what"] and one["where"].startswith(where)], problems
    assert not COMMANDS.search(json.dumps(problems))


def test_of_two_of_a_kind_it_is_asked_which_counts(page: Page, folder: Path) -> None:
    other = page.session.add_file("other.toml", _NORTH.encode())
    assert "several profiles here: north.toml, other.toml" in page.call("read")["error"]["what"]
    page.give("remove_file", id=other)
    page.add(folder / "waivers.toml")
    assert "waivers.toml, waivers (2).toml" in page.call("read")["error"]["what"]


def test_profiles_that_go_round_are_told(page: Page) -> None:
    page.add(_SOMERSET / "SOM-01.toml")
    page.session.add_file("a.toml", b'extends = "b.toml"\n')
    page.session.add_file("b.toml", b'extends = "a.toml"\n')
    assert "circle" in page.call("read")["error"]["problems"][0]["what"]
