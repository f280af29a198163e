"""Closed cases: they count in rates, and nothing is to be done in them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from bicycle_repairs import AS_OF, BIKES

from casescreen.api import screen
from casescreen.columnar.frames import frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.case_summary import case_summaries
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import CaseState
from casescreen.privacy.suppress import suppressed
from casescreen.report.actions import actions_of
from casescreen.report.formats.json import render as as_json
from casescreen.report.formats.plain_text import render as as_text
from casescreen.report.formats.registry import Options
from casescreen.report.rulebook_guide import rules_list
from casescreen.rulebook.load import load_rulebook

_FACTS = '[facts.running]\nsays = "the bike is here"\nwhen = { field = "repair.note", is_not = "gone" }\n'


@pytest.fixture
def closing(tmp_path: Path) -> Rulebook:
    """The repairs' rulebook, for which a repair is closed once its note says that the bike is gone."""
    shutil.copytree(BIKES.parent, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / BIKES.name
    (folder / "facts.toml").write_text(_FACTS, encoding="utf-8")
    head = folder / "rulebook.toml"
    head.write_text(f'open_cases = "running"\n{head.read_text(encoding="utf-8")}', encoding="utf-8")
    return load_rulebook(folder)


LATE = {"bike.kind": "cargo bike", "bike.wheels": 2, "repair.brought_on": date(2024, 1, 8), "repair.done": False}
CLOSED = {**LATE, "repair.note": "gone"}


@pytest.fixture
def cases(case: Callable[..., Case]) -> tuple[Case, ...]:
    """An overdue bike that is here, one of which that is not known, and one that is gone; and one that is empty."""
    here = case("B-1", {**LATE, "repair.note": "here"})
    return here, case("B-2", LATE), case("B-3", CLOSED), case("B-4", {"repair.note": "gone", "bike.wheels": 2})


def test_no_action_is_concluded_on_a_closed_case(closing: Rulebook, cases: tuple[Case, ...], engine: Engine) -> None:
    """Nor anything that rests on an action; what is not met counts in rates all the same."""
    screening = screen(closing, Caseload(cases, ""), as_of=AS_OF, engine=engine)
    on_cases = [(one.id, one.subject) for one in screening.conclusions if one.on.value == "case"]
    assert on_cases == [(id_, case) for case in ("B-1", "B-2") for id_ in ("act-now", "unsafe")]
    assert screening.closed_cases == ("B-3", "B-4")
    assert screening.rates[0].criterion == "repair-in-time"
    assert screening.rates[0].count(Outcome.NOT_MET) == 3
    counted = screen_frames(closing, [frames_of(cases, closing.dictionary)], as_of=AS_OF)
    assert counted.closed == screening.closed == 2
    assert [one.cases for one in counted.on_cases] == [2, 2]
    assert counted.rates == screening.rates


def test_lists_of_what_to_do_pass_over_closed_cases(closing: Rulebook, cases: tuple[Case, ...]) -> None:
    """They need no attention, nothing in them is serious or thin, and they come last; their failures are still told."""
    screening = screen(closing, Caseload(cases, ""), as_of=AS_OF)
    summaries = case_summaries(screening)
    assert [one.id for one in summaries] == ["B-1", "B-2", "B-3", "B-4"]
    assert [one.needs_attention for one in summaries] == [True, True, False, False]
    assert [(one.closed, one.shows_failure, one.serious, one.is_thin) for one in summaries[2:]] == [
        (True, True, (), False),
        (True, False, (), False),
    ]
    assert {action.case for action in actions_of(screening, summaries)} == {"B-1", "B-2"}
    still_open = screen(evolve(closing, open_cases=""), Caseload(cases, ""), as_of=AS_OF)
    assert [bool(one.serious) for one in case_summaries(still_open) if one.id == "B-4"] == [True]


def test_reports_say_how_many_are_closed(closing: Rulebook, cases: tuple[Case, ...]) -> None:
    """In the head of the report and in JSON, with cases and without; the guide to the rules says which are."""
    screening = screen(closing, Caseload(cases, ""), as_of=AS_OF)
    figures = screen_frames(closing, [frames_of(cases, closing.dictionary)], as_of=AS_OF)
    for result in (screening, figures):
        assert "2 cases are closed. They count in rates only." in as_text(result, Options(width=200))
    assert json.loads(as_json(screening, Options()))["closed"] == ["B-3", "B-4"]
    assert json.loads(as_json(figures, Options()))["closed"] == 2
    assert "closed" not in as_text(screen(closing, Caseload(cases[:2], ""), as_of=AS_OF), Options())
    assert "A case is open where the bike is here." in rules_list(closing, 200)


def test_a_copy_to_share_says_nothing_of_how_many_are_closed(closing: Rulebook, case: Callable[..., Case]) -> None:
    """A case in which something is not met is among those that need attention in a copy to share, closed or not."""
    many = tuple(case(f"B-{n:02}", CLOSED if n < 3 else LATE if n < 20 else {"bike.wheels": 0}) for n in range(40))
    copy = suppressed(screen(closing, Caseload(many, ""), as_of=AS_OF), 5, None)
    assert copy.closed == 0
    assert copy.states == {CaseState.ACT_OR_ATTENTION: 20, CaseState.NOTHING: 20}
