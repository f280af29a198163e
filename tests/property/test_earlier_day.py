"""A record cut at a day by hand, and the whole record as at that day: the same findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from random import Random

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_cases import AS_OF, SQS, day_near, of_the_letter, of_the_recipe, with_faults
from strategies import DAYS_OF_2024
from test_bulk_agrees import made, rulebooks

from casescreen.api import screen
from casescreen.columnar.frames import frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Case, Caseload
from casescreen.model.dictionary import Dictionary, Field, Value
from casescreen.model.rulebook import Rulebook


def cut(case: Case, dictionary: Dictionary, day: date) -> Case | None:
    """The case as somebody would write it on that day, by what the design says; None if there was none yet."""
    for field in dictionary.fields.values():
        if field.begins and is_later(case.fields.get(field.name), day):
            return None
    there = {
        name: [
            row
            for row in rows
            if not any(one.begins and is_later(row.get(one.name), day) for one in columns_of(dictionary, name))
        ]
        for name, rows in case.tables.items()
    }
    answers = tuple(one for one in case.answers if one.answered_on is None or one.answered_on <= day)
    fields, lost = cut_row(case.fields, dictionary.fields, day), []
    for one in case.unreadable:
        match one.path:
            case (str() as table, int() as number, *rest):
                row = case.tables[table][number]
                if any(same := [kept is row for kept in there[table]]):
                    lost.append(evolve(one, path=(table, same.index(True), *rest)))
            case _:
                lost.append(one)
    tables = {
        name: tuple(cut_row(row, dictionary.tables[name].columns, day) for row in rows) for name, rows in there.items()
    }
    return evolve(case, fields=fields, tables=tables, answers=answers, unreadable=tuple(lost))


def columns_of(dictionary: Dictionary, table: str) -> Collection[Field]:
    return dictionary.tables[table].columns.values()


def cut_row(row: Mapping[str, Value | None], fields: Mapping[str, Field], day: date) -> dict[str, Value | None]:
    left = dict(row)
    for field in fields.values():
        if (field.past or field.begins) and is_later(row.get(field.name), day):
            del left[field.name]
            if field.dates:
                left[field.dates] = False
    return left


def is_later(value: object, day: date) -> bool:
    return isinstance(value, date) and value > day


def hold(rulebook: Rulebook, cases: Sequence[Case], day: date, engine: Engine) -> int:
    """Hold that both come to the same, whole findings and what follows from them; how many cases are cut at all."""
    by_hand = [cut(case, rulebook.dictionary, day) for case in cases]
    begun = tuple(case for case in by_hand if case is not None)
    whole = screen(rulebook, Caseload(tuple(cases), ""), as_of=day, engine=engine)
    expected = screen(rulebook, Caseload(begun, ""), as_of=day, engine=engine)
    assert expected.later == expected.not_begun == 0
    assert whole.cases_not_begun == tuple(c.id for c, kept in zip(cases, by_hand, strict=True) if kept is None)
    assert whole.findings == expected.findings
    assert whole.rates == expected.rates
    assert whole.by_team == expected.by_team
    assert whole.conclusions == expected.conclusions
    return [case != kept for case, kept in zip(cases, by_hand, strict=True)].count(True)


def hold_in_columns(rulebook: Rulebook, cases: Sequence[Case], day: date) -> None:
    """The same of figures over frames, as they are read from a folder."""
    begun = [kept for case in cases if (kept := cut(case, rulebook.dictionary, day)) is not None]
    whole = screen_frames(rulebook, [frames_of(cases, rulebook.dictionary)], as_of=day)
    expected = screen_frames(rulebook, [frames_of(begun, rulebook.dictionary)], as_of=day)
    assert (whole.cases, whole.not_begun) == (len(begun), len(cases) - len(begun))
    assert (whole.rates, whole.by_team, whole.on_cases) == (expected.rates, expected.by_team, expected.on_cases)


def answered_on_days(random: Random, case: Case) -> Case:
    """The case with days for its answers, some of them."""
    days = (None, *DAYS_OF_2024)
    return evolve(case, answers=tuple(evolve(one, answered_on=random.choice(days)) for one in case.answers))


# Checks read the record as it came, with what is later too: they are held below, where they are those of a rulebook.
@settings(max_examples=max(settings().max_examples // 4, 1), deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(DAYS_OF_2024))
def test_whatever_the_rulebook(rulebook: Rulebook, random: Random, day: date) -> None:
    """Whichever dates, rows and answers are later, in evidence and in columns."""
    rulebook = evolve(rulebook, checks=())
    cases = [answered_on_days(random, made(random, number, rulebook, date.max)) for number in range(12)]
    hold(rulebook, cases, day, random.choice(("plain", "bulk")))
    hold_in_columns(rulebook, cases, day)


@pytest.mark.parametrize("engine", ["plain", "auto", "bulk"])
def test_the_cases_of_the_letter_at_any_day(engine: Engine) -> None:
    """Days of the last fortnight, and of the year before."""
    days = [AS_OF - timedelta(days=number) for number in (0, 1, 4, 9, 14, 30, 60, 100, 160, 260, 420)]
    assert sum([hold(SQS, of_the_letter(), day, engine) for day in days]) > 100


def test_the_cases_of_the_letter_in_columns() -> None:
    """The same of figures."""
    for number in (0, 9, 60, 160):
        hold_in_columns(SQS, of_the_letter(), AS_OF - timedelta(days=number))


@pytest.mark.parametrize("engine", ["plain", "auto", "bulk"])
@pytest.mark.parametrize("seed", range(2))
def test_cases_with_faults_at_any_day(engine: Engine, seed: int) -> None:
    """What is impossible, not known or far away too, with the checks of the rulebook."""
    random = Random(seed)  # noqa: S311 - made-up cases need no secrets
    chosen = sorted(random.sample(of_the_recipe(), 40), key=lambda case: case.id)
    cases = [with_faults(random, case) for case in chosen]
    for _ in range(3):
        assert hold(SQS, cases, day_near(random), engine)
    if engine == "bulk":
        hold_in_columns(SQS, cases, day_near(random))
