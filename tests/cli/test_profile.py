"""casescreen profile, and what a profile changes in every command that takes one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Protocol

import pytest

from casescreen.rulebook.profile_files import WHOSE, WHY, WHY_OFF

_CASES = Path(__file__).parents[2] / "cases" / "somerset-2016"
_AS_OF = ("--as-of", "2016-05-09")
_DUE = """\
[parameters.plan_due]
value  = "3 working days"
source = "North team, standards of 2026"
reason = "Agreed by the board."
"""
_OWN = """\
[criteria.local-own]
theme    = "1-reducing-reoffending"
title    = "It is so with us"
question = "Is it so with us?"
kind     = "judgement"
severity = "low"
source   = { document = "letter-somerset-2016" }
remedy   = "Make it so."
"""
_EXAMPLES = """\
[[criteria.local-own.example]]
given   = {}
answer  = "yes"
outcome = "met"
[[criteria.local-own.example]]
given   = {}
answer  = "no"
outcome = "not met"
[[criteria.local-own.example]]
given   = {}
outcome = "needs judgement"
[[criteria.local-own.example]]
given   = {}
answer  = "n/a"
reason  = "We have none."
outcome = "not applicable"
"""


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def north(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "north.toml") -> Path:
        path = tmp_path / name
        path.write_text(f'extends = "sqs-2016"\n{text}', encoding="utf-8")
        return path

    return write


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _without_marks(text: str) -> str:
    return re.sub(r"^# ", "", text, flags=re.MULTILINE)


def test_a_new_profile_is_sound_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    """It says how to check it, and that is so."""
    file = tmp_path / "new.toml"
    made = run("profile", "new", file)
    assert (made.code, made.out) == (0, "")
    assert "Check it with: casescreen rules check --profile" in made.err
    checked = run("rules", "check", "--profile", file)
    assert (checked.code, checked.out) == (0, f"{file} is sound. It changes nothing in sqs-2016.\n")
    assert "changes none of the" in run("profile", "effect", _CASES / "SOM-04.toml", "--profile", file, *_AS_OF).out


def test_a_new_profile_replaces_nothing_unless_it_is_told_to(run: Run, tmp_path: Path) -> None:
    """And is a TOML file."""
    file = tmp_path / "new.toml"
    file.write_text("mine", encoding="utf-8")
    refused = run("profile", "new", file)
    assert (refused.code, file.read_text(encoding="utf-8")) == (2, "mine")
    assert "add --force to replace it" in refused.err
    assert run("profile", "new", file, "--force").code == 0
    assert file.read_text(encoding="utf-8").startswith("## A profile")
    assert "let its name end in .toml" in run("profile", "new", tmp_path / "new.txt").err
    assert not (tmp_path / "new.txt").exists()


def test_a_new_profile_in_a_folder_that_is_missing_says_what_to_do(run: Run, tmp_path: Path) -> None:
    """Which folder there is not, and that it is to be made: none is made that may be a slip of the pen."""
    ran = run("profile", "new", tmp_path / "north-team" / "profile.toml")
    assert ran.code == 2
    assert f"there is no folder {tmp_path / 'north-team'}." in ran.err
    assert "What to do: make that folder, or look at the spelling." in ran.err
    assert not (tmp_path / "north-team").exists()


def test_every_line_of_a_new_profile_can_be_used(run: Run, tmp_path: Path) -> None:
    """With the marks taken away as it says, all of it together is sound, and each entry is as the rulebook has it."""
    file = tmp_path / "new.toml"
    run("profile", "new", file)
    text = _without_marks(file.read_text(encoding="utf-8"))
    assert not re.search(r"^# ", text, re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    refused = run("rules", "check", "--profile", file)
    assert refused.code == 2
    assert "the source has not been filled in" in refused.err
    assert "the reason has not been filled in" in refused.err
    file.write_text(_filled_in(text), encoding="utf-8")
    ran = run("rules", "check", "--profile", file)
    assert (ran.code, ran.err) == (0, "")
    assert "4 examples of its own criteria come out as they say." in ran.out
    assert "local-example" in run("rules", "list", "--profile", file).out


def _filled_in(text: str) -> str:
    """With sources and reasons in place of what says that they are missing."""
    for missing in (WHOSE, WHY, WHY_OFF):
        text = text.replace(missing, f"{missing} Agreed in March.")
    return text


def test_what_the_rulebook_has_is_not_another_thing_under_its_own_hash(run: Run, tmp_path: Path) -> None:
    """A number that was written over it by mistake is told as that, and not as a rulebook that has moved on."""
    file = tmp_path / "new.toml"
    run("profile", "new", file)
    text = _filled_in(_without_marks(file.read_text(encoding="utf-8")))
    file.write_text(text.replace('rulebook_has = "15 working days"', 'rulebook_has = "9 working days"'), "utf-8")
    ran = run("rules", "check", "--profile", file)
    assert ran.code == 2
    assert "rulebook_has is not what the rulebook of this hash has" in ran.err
    assert "was written for" not in ran.err


def test_a_new_profile_for_a_rulebook_elsewhere_finds_it(run: Run, bikes: Path, tmp_path: Path) -> None:
    """From its own folder; every line of it can be used too."""
    file = tmp_path / "new.toml"
    run("profile", "new", file, "--rules", bikes)
    assert "It changes nothing in bikes." in run("rules", "check", "--profile", file).out
    file.write_text(_filled_in(_without_marks(file.read_text(encoding="utf-8"))), encoding="utf-8")
    assert (run("rules", "check", "--profile", file).code, run("rules", "list", "--profile", file).code) == (0, 0)


def test_effect_names_each_finding_that_is_another(run: Run, north: Callable[..., Path]) -> None:
    """Before and after; what a question of its own finds is counted apart from them."""
    ran = run("profile", "effect", _CASES, "--profile", north(_DUE), *_AS_OF)
    assert (ran.code, ran.err) == (1, "")
    assert "It changes 2 findings in 2 cases, of 960 in 20 cases, as at 9 May 2016." in ran.out
    assert re.findall(r"^(SOM-\d+) +plan in time +met +not met$", ran.out, re.MULTILINE) == ["SOM-04", "SOM-05"]
    assert "are new" not in ran.out
    both = f"examples_as_of = 2016-05-09\n{_DUE}{_OWN}{_EXAMPLES}"
    ran = run("profile", "effect", _CASES, "--profile", north(both), *_AS_OF)
    assert "It changes 2 findings in 2 cases, of 960" in ran.out
    assert "20 findings are new, on questions that it adds: 20 needs judgement." in ran.out


def test_effect_of_what_changes_no_finding(run: Run, north: Callable[..., Path]) -> None:
    """Is told, with what is due on another day; the exit code is 0. It needs something to compare."""
    some = _DUE.replace("3 working", "14 working")
    ran = run("profile", "effect", _CASES, "--profile", north(some), *_AS_OF)
    assert (ran.code, "It changes none of the 960 findings in 20 cases" in ran.out) == (0, True)
    assert "12 findings are due on another day, and the same otherwise." in ran.out
    nothing = run("profile", "effect", _CASES)
    assert (nothing.code, "Name a profile with --profile, or set a number with --set." in nothing.err) == (2, True)


def test_what_is_set_on_the_command_line_has_its_effect_too(run: Run) -> None:
    """As the same number in a profile has."""
    ran = run("profile", "effect", _CASES, "--set", "plan_due=3 working days", *_AS_OF)
    assert (ran.code, "What --set changes" in ran.out) == (1, True)
    assert re.findall(r"^(SOM-\d+) ", ran.out, re.MULTILINE) == ["SOM-04", "SOM-05"]


def test_a_question_of_its_own_is_held_to_its_examples(run: Run, north: Callable[..., Path]) -> None:
    """As one of the rulebook is; each outcome needs one, and all need a day."""
    day = "examples_as_of = 2016-05-09\n"
    wrong = _EXAMPLES.replace('"yes"', '"?"').replace('"no"', '"yes"').replace('"?"', '"no"')
    ran = run("rules", "check", "--profile", north(f"{day}{_OWN}{wrong}"))
    assert (ran.code, ran.out) == (2, "")
    assert 'the outcome is "met", and the example says "not met"' in ran.err
    assert "north.toml, line 11" in ran.err
    assert "Add examples_as_of" in run("rules", "check", "--profile", north(_OWN + _EXAMPLES)).err
    assert run("rules", "check", "--profile", north(day + _OWN)).code == 2


def test_what_the_law_sets_stays(run: Run, bikes: Path, tmp_path: Path) -> None:
    """Neither a profile nor the command line moves it."""
    copytree(bikes.parent, tmp_path / "workshop")
    rules = tmp_path / "workshop" / "bikes"
    for file in rules.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('status = "local"', 'status = "statutory"'), encoding="utf-8")
    profile = tmp_path / "law.toml"
    entry = _DUE.replace("plan_due", "repair_due").replace("3 working days", "2 months")
    profile.write_text(f'extends = "workshop/bikes"\n{entry}', encoding="utf-8")
    ran = run("rules", "check", "--profile", profile)
    assert (ran.code, "repair_due is statutory, and cannot be changed" in ran.err) == (2, True)
    assert "law.toml, line 2" in ran.err
    ran = run("rules", "check", rules, "--set", "repair_due=2 months")
    assert (ran.code, "repair_due is statutory, and cannot be changed" in ran.err) == (2, True)
