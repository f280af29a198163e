"""A profile laid over a rulebook: who said a value last counts, and nothing that is off is asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casescreen import load_rulebook, read_cases, screen
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.in_force import ProfileInForce
from casescreen.model.problem import ProblemsError
from casescreen.report.local_rules import local_as_json, local_in_short, local_lines
from casescreen.rulebook.local_numbers import Setting
from casescreen.rulebook.profile_files import load_profile
from casescreen.rulebook.switched_off import resting_on

_CASES = str(Path(__file__).parents[2] / "cases" / "somerset-2016")
_DUE = '[parameters.plan_due]\nvalue = "{}"\nsource = "North team, 2026"\nreason = "Our own."\n'
_OFF = """[off.plan-timely]
reason = "Asked in supervision."
conclusions = ["sound-start-reoffending", "area-late-plans", "exception-late-plan", "pattern-plans-without-substance"]
"""


def _profile(folder: Path, text: str, name: str = "north.toml", extends: str = "sqs-2016") -> Path:
    path = folder / name
    path.write_text(f'extends = "{extends}"\n{text}', encoding="utf-8")
    return path


def _problems(profile: Path, *settings_: Setting) -> str:
    with pytest.raises(ProblemsError) as error:
        load_profile(profile, settings_)
    return str(error.value)


def test_a_profile_that_says_nothing_is_the_rulebook_itself(tmp_path: Path) -> None:
    laid = load_profile(_profile(tmp_path, ""))
    assert laid.rulebook is laid.base
    assert laid.rulebook == load_rulebook()


def test_one_entry_moves_what_belongs_together_and_is_credited_to_the_profile(tmp_path: Path) -> None:
    rulebook = load_profile(_profile(tmp_path, _DUE.format("10 working days"))).rulebook
    late = rulebook.parameters["plan_late_after"]
    assert [str(value) for value in late.values] == ["20 working days", "30 working days"]
    assert str(late.source) == "North team, 2026"
    assert rulebook.hash != load_rulebook().hash


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.none() | st.integers(1, 60), min_size=1, max_size=5), last=st.none() | st.integers(1, 60))
def test_the_origin_of_a_value_is_the_last_that_set_it(
    tmp_path_factory: pytest.TempPathFactory, values: list[int | None], last: int | None
) -> None:
    folder, extends = tmp_path_factory.mktemp("chain"), "sqs-2016"
    for number, value in enumerate(values):
        text = "" if value is None else _DUE.format(f"{value} working days")
        path = _profile(folder, text, f"p{number}.toml", extends)
        extends = path.name
    rulebook = load_profile(path, () if last is None else (Setting("plan_due", f"{last} working days"),)).rulebook
    said = [("--set", last)] if last is not None else []
    said += [(f"p{n}.toml", v) for n, v in reversed([*enumerate(values)]) if v is not None]
    if not said:
        assert rulebook.profile is None
        return
    assert rulebook.profile is not None
    local = next(one for one in rulebook.profile.parameters if one.name == "plan_due")
    assert (local.said.name, str(local.now.value).split()[0]) == (said[0][0], str(said[0][1]))
    assert [one.name for one, _ in local.overrode] == [name for name, _ in reversed(said[1:])]


def test_engines_agree_and_what_is_off_is_not_asked(tmp_path: Path) -> None:
    rulebook = load_profile(_profile(tmp_path, _DUE.format("10 working days") + _OFF)).rulebook
    caseload = read_cases([_CASES], rulebook.dictionary, criteria=rulebook.answerable)
    engines: tuple[Engine, ...] = ("plain", "bulk", "durable-rules")
    plain, bulk, durable = (screen(rulebook, caseload, as_of=date(2016, 5, 9), engine=engine) for engine in engines)
    assert plain.findings == bulk.findings == durable.findings
    assert plain.conclusions == bulk.conclusions == durable.conclusions
    assert "plan-timely" not in {one.criterion for one in plain.findings} | {one.criterion for one in plain.rates}
    assert not plain.lost


def test_a_conclusion_that_needs_what_is_off_is_an_error_until_it_is_settled(tmp_path: Path) -> None:
    told = _problems(_profile(tmp_path, '[off.plan-timely]\nreason = "No."\n'))
    assert "4 conclusions could never be drawn without plan-timely" in told
    assert "north.toml, line 2" in told
    assert '"area-late-plans"' in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_DUE.replace("plan_due", "plan_du").format("5 days"), 'Did you mean "plan_due"?'),
        (_DUE.format("soon"), '"soon" is not a length of time'),
        (_DUE.format("5 days"), "plan_late_after moves with plan_due, and cannot"),
        (_DUE.replace("plan_due", "plan_due_longest").format("5 working days"), "moves with it"),
        (_DUE.format("5 working days") + 'status = "national"\n', "what a profile sets is not national"),
        ('[off.plan-timly]\nreason = "No."\n', 'Did you mean "plan-timely"?'),
        ('[severity.reviews-held]\nvalue = "lw"\nreason = "x"\n', 'Did you mean "low"?'),
        ("[criteria.plan-timely]\n", 'does not begin with "local-"'),
        ("[waivers]\nlongest_months = 10000\n", "no number of months"),
        ("holidays = [2026-12-25]\n", "is a public holiday already"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    assert told in _problems(_profile(tmp_path, text))


def test_circles_missing_files_and_unknown_settings_are_told(tmp_path: Path) -> None:
    _profile(tmp_path, "", "a.toml", "b.toml")
    assert "circle" in _problems(_profile(tmp_path, "", "b.toml", "a.toml"))
    assert 'there is no file "c.toml"' in _problems(_profile(tmp_path, "", "d.toml", "c.toml"))
    assert 'Did you mean "plan_due"' in _problems(_profile(tmp_path, ""), Setting("plan_du", "5 days"))
    assert "no rulebook or folder" in _problems(_profile(tmp_path, "", "e.toml", "sqs-1999"))


def test_a_rulebook_that_moved_on_is_told_and_used(tmp_path: Path) -> None:
    text = 'version = "1"\n' + _DUE.format("10 working days") + 'rulebook_has = "14 working days"\n'
    laid = load_profile(_profile(tmp_path, text))
    assert laid.moved is not None
    assert laid.moved.differences == (
        "time allowed for the first plan: the rulebook had 14 working days, and has 15 working days now",
    )
    assert str(laid.rulebook.parameters["plan_due"].value) == "10 working days"


_ON = '[on.plan-timely]\nsource = "Hill team, May 2026"\nreason = "We ask it again."\n'


def test_a_profile_switches_on_again_what_one_beneath_it_switched_off(tmp_path: Path) -> None:
    """With the conclusions that went off with it; the rules are the rulebook's then, and it is told who says so."""
    _profile(tmp_path, _OFF)
    laid = load_profile(_profile(tmp_path, _ON, "hill.toml", "north.toml"))
    assert (laid.rulebook.criteria, laid.rulebook.conclusions) == (laid.base.criteria, laid.base.conclusions)
    assert laid.rulebook.hash != laid.base.hash
    profile = laid.rulebook.profile
    assert profile is not None
    assert not profile.off
    ids = {"plan-timely", "sound-start-reoffending", "area-late-plans", "exception-late-plan"}
    assert {one.was_off.id for one in profile.on_again} == ids | {"pattern-plans-without-substance"}
    for one in profile.on_again:
        assert (one.said.name, one.was_off.said.name, str(one.source)) == (
            "hill.toml", "north.toml", "Hill team, May 2026",
        )  # fmt: skip
    told = [*local_lines(laid.rulebook)]
    assert told[0] == (
        "question: The plan was completed in reasonable time",
        "on again (north.toml had switched it off)",
        "on",
        "Hill team, May 2026. We ask it again. (hill.toml)",
    )
    assert local_in_short(profile) == "by hill.toml: 1 question on again and 4 more"
    json = local_as_json(profile)["on_again"]
    assert isinstance(json, list)
    assert (json[0]["id"], json[0]["switched_off_by"]) == ("plan-timely", {"file": "north.toml", "line": 2})


def test_a_conclusion_that_rests_on_something_else_that_is_off_stays_off(tmp_path: Path) -> None:
    """It could not be drawn; and what is switched off again by a third profile is off."""
    off = '[off.plan-at-start]\nreason = "No."\nconclusions = {}\n'
    load = resting_on(["plan-at-start", "plan-timely"], "plan-at-start", load_rulebook().conclusions)
    also = [one for one in load if f'"{one}"' not in _OFF]
    _profile(tmp_path, _OFF + off.format(also).replace("'", '"'))
    hill = _profile(tmp_path, _ON, "hill.toml", "north.toml")
    profile = load_profile(hill).rulebook.profile
    assert profile is not None
    assert {"sound-start-reoffending", "plan-at-start"} <= {one.id for one in profile.off}
    assert {one.was_off.id for one in profile.on_again} >= {"plan-timely", "exception-late-plan"}
    third = load_profile(_profile(tmp_path, _OFF, "third.toml", "hill.toml")).rulebook.profile
    assert third is not None
    assert not third.on_again
    assert {one.said.name for one in third.off if one.id == "plan-timely"} == {"third.toml"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_ON.replace("timely", "timly"), 'Did you mean "plan-timely"?'),
        (_ON.replace("plan-timely", "reviews-held"), "reviews-held is on: no profile that this one extends"),
        (_ON + _OFF, "plan-timely is switched off in this file, too"),
        ('[on.plan-timely]\nreason = "Why."\n', '"source" is missing'),
    ],
)
def test_what_cannot_be_on_again_is_told(tmp_path: Path, text: str, told: str) -> None:
    """With the line, and what to do."""
    _profile(tmp_path, _OFF)
    problems = _problems(_profile(tmp_path, text, "hill.toml", "north.toml"))
    assert told in problems
    assert "hill.toml, line 2" in problems


@settings(max_examples=20, deadline=None)
@given(says=st.lists(st.sampled_from(["off", "on", ""]), min_size=1, max_size=5))
def test_what_the_last_profile_of_a_chain_says_of_a_question_counts(
    tmp_path_factory: pytest.TempPathFactory, says: list[str]
) -> None:
    """Whatever those beneath it say, and whether it was off and on again before."""
    folder, extends, is_on = tmp_path_factory.mktemp("chain"), "sqs-2016", True
    for number, said in enumerate(says):
        text = "" if said == "" or (said == "on" and is_on) else _ON if said == "on" else _OFF
        is_on = is_on if said == "" else said == "on"
        path = _profile(folder, text, f"p{number}.toml", extends)
        extends = path.name
    laid = load_profile(path)
    assert ("plan-timely" in laid.rulebook.criterion) is is_on
    assert ("exception-late-plan" in laid.rulebook.conclusion) is is_on
    profile = laid.rulebook.profile or ProfileInForce()
    off, on = {one.id for one in profile.off}, {one.was_off.id for one in profile.on_again}
    assert ("plan-timely" in off, "plan-timely" in on) == (not is_on, is_on and "off" in says)
