"""What is drawn: the same again, nothing after its day, and as the spec says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl
import pytest

from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.screening import screen_frames
from casescreen.model.problem import CasescreenError, Fault
from casescreen.model.rulebook import Rulebook
from casescreen.synth import made_up as sampling
from casescreen.synth.made_up import cases_of, made_up
from casescreen.synth.spec import SyntheticSpec

Drawn = Mapping[str, pl.DataFrame]
Draw = Callable[..., Drawn]


def test_more_cases_begin_with_the_same_ones(draw: Draw) -> None:
    """Case number i does not depend on how many cases there are: fields, rows and answers."""
    few, many = draw(37), draw(600)
    for name, frame in many.items():
        first = frame.filter(pl.col("case.row") < 37)
        assert first.equals(few[name]), name
        assert len(first)


def test_the_same_seed_gives_the_same_cases_and_another_gives_others(draw: Draw) -> None:
    """The seed, and nothing else, decides what is drawn."""
    one, again, other = draw(50), draw(50), draw(50, seed=2)
    assert all(one[name].equals(again[name]) for name in one)
    assert not one["cases"].equals(other["cases"])


def test_blocks_are_other_cases_and_are_drawn_one_at_a_time(
    rulebook: Rulebook, recipe: SyntheticSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many cases are asked for, only a block of them is drawn at once; ids go on from block to block."""
    monkeypatch.setattr(sampling, "BLOCK", 40)
    parts = made_up(rulebook, recipe, cases=999_999_999, seed=1, as_of=date(2016, 5, 9))
    first, second = (next(parts).cases.collect() for _ in range(2))
    assert [first["case.id"][0], first["case.id"][-1], second["case.id"][0]] == [
        "M-000000000",
        "M-000000039",
        "M-000000040",
    ]
    assert first["case.row"].to_list() == second["case.row"].to_list() == list(range(40))
    assert not first.drop("case.id", "case.manager", "case.team").equals(
        second.drop("case.id", "case.manager", "case.team")
    )


def test_nothing_is_done_after_the_as_of_date(draw: Draw, rulebook: Rulebook) -> None:
    """A date on which something happened is never after the date that the cases are made up for."""
    drawn = draw(3_000)
    fields = [("cases", field) for field in rulebook.dictionary.fields.values()]
    fields += [(table.name, field) for table in rulebook.dictionary.tables.values() for field in table.columns.values()]
    past = [(name, field) for name, field in fields if field.past]
    assert len(past) >= 8
    for name, field in past:
        latest = drawn[name][field.name].max()
        assert isinstance(latest, date)
        assert date(2016, 1, 1) < latest <= date(2016, 5, 9), field.full_name


def test_a_rulebook_without_a_recipe_has_cases_from_its_kinds_alone(usual: list[CaseFrames], bikes: Rulebook) -> None:
    """Every field and column occurs, is missing now and then, and holds nothing but values of its kind."""
    cases = [case for part in usual for case in cases_of(part, bikes.dictionary)]
    assert len(cases) == 300
    for name, field in bikes.dictionary.fields.items():
        values = [case.fields[name] for case in cases if name in case.fields]
        assert not any(isinstance(field.read(value), Fault) for value in values)
        assert 200 < len(values) < 300 or name == "case.id", name
    for name, table in bikes.dictionary.tables.items():
        rows = [row for case in cases for row in case.tables.get(name, ())]
        assert {column for row in rows for column in row} == set(table.columns)
        assert any(case.tables.get(name) == () for case in cases)
        assert any(name not in case.tables for case in cases)
    assert any(case.answers for case in cases)


def test_every_case_can_be_screened(usual: list[CaseFrames], bikes: Rulebook) -> None:
    """No case is left out: answers are to questions that are asked, of rows that there are."""
    found = screen_frames(bikes, usual, as_of=date(2024, 6, 3))
    assert (found.cases, found.left_out) == (300, 0)


def test_the_calendar_has_to_cover_the_as_of_date(bikes: Rulebook, recipe: SyntheticSpec) -> None:
    """A date that the calendar does not know is told before anything is drawn."""
    with pytest.raises(CasescreenError, match="outside the calendar"):
        made_up(bikes, recipe, cases=1, seed=1, as_of=date(1999, 1, 1))
