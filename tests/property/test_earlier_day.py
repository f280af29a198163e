"""A record cut at a day by hand, and the whole record as at that day: the same findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import DAYS_OF_2024
from test_bulk_agrees import made, rulebooks

from casescreen.api import screen
from casescreen.cases.load import read_cases
from casescreen.columnar.frames import frames_of
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.dictionary import Dictionary, Field, Kind, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec
from casescreen.synth.sample import made_up
from casescreen.synth.writer import cases_of

_SQS = load_rulebook("sqs-2016")
_AS_OF = date(2016, 5, 9)


def cut(case: Case, dictionary: Dictionary, day: date) -> Case | None:
    """The case as somebody would write it on that day, by what the design says; None if there was none yet."""
    for field in dictionary.fields.values():
        if field.begins and is_later(case.fields.get(field.name), day):
            return None
    tables = {
        name: tuple(
            cut_row(row, dictionary.tables[name].columns, day)
            for row in rows
            if not any(one.begins and is_later(row.get(one.name), day) for one in columns_of(dictionary, name))
        )
        for name, rows in case.tables.items()
    }
    answers = tuple(one for one in case.answers if one.answered_on is None or one.answered_on <= day)
    return evolve(case, fields=cut_row(case.fields, dictionary.fields, day), tables=tables, answers=answers)


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


def hold(rulebook: Rulebook, cases: list[Case], day: date, engine: Engine) -> int:
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
    return sum(case != kept for case, kept in zip(cases, by_hand, strict=True))


def hold_in_columns(rulebook: Rulebook, cases: list[Case], day: date) -> None:
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


@pytest.fixture(scope="module")
def letter() -> list[Case]:
    folder = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
    return list(read_cases([folder], _SQS.dictionary).cases)


@pytest.fixture(scope="module")
def generated() -> list[Case]:
    """Cases that are made up by the recipe, as at a day after all others that are tried."""
    parts = made_up(_SQS, load_spec("sqs-2016", _SQS), cases=150, seed=12, as_of=_AS_OF)
    return [case for part in parts for case in cases_of(part, _SQS.dictionary)]


def with_faults(random: Random, case: Case) -> Case:
    """The case with some values that are not known, days that cannot be or are years away, and answers of some day."""
    fields = {name: sown(random, _SQS.dictionary.fields[name], value) for name, value in case.fields.items()}
    tables = {
        name: tuple(
            {column: sown(random, _SQS.dictionary.tables[name].columns[column], value) for column, value in row.items()}
            for row in rows
        )
        for name, rows in case.tables.items()
    }
    asked, yes_or_no = random.sample(_SQS.criteria, 3), (ReadersAnswer.YES, ReadersAnswer.NO)
    answers = (
        Answer(one.id, random.choice(yes_or_no), answered_on=random.choice((None, _day(random))))
        for one in asked
        if one.per is None and one.id not in {answer.criterion for answer in case.answers}
    )
    return evolve(case, fields=fields, tables=tables, answers=(*case.answers, *answers))


def _day(random: Random) -> date:
    return _AS_OF - timedelta(days=random.randrange(-30, 300))


def sown(random: Random, field: Field, value: Value | None) -> Value | None:
    if field.name == "case.id" or random.random() > 0.08:
        return value
    if field.kind is Kind.DATE:
        return random.choice((None, date(1900, 1, 1), date(2006, 2, 28), _day(random), date(2016, 9, 1)))
    if field.kind is Kind.NUMBER:
        return random.choice((None, -3, 19, 150))
    if field.kind is Kind.YES_NO:
        return random.choice((None, True, False))
    return random.choice((None, *field.allowed))


@pytest.mark.parametrize("engine", ["plain", "auto", "bulk"])
def test_the_cases_of_the_letter_at_any_day(letter: list[Case], engine: Engine) -> None:
    """Days of the last fortnight, and of the year before."""
    days = [_AS_OF - timedelta(days=number) for number in (0, 1, 4, 9, 14, 30, 60, 100, 160, 260, 420)]
    assert sum(hold(_SQS, letter, day, engine) for day in days) > 100


def test_the_cases_of_the_letter_in_columns(letter: list[Case]) -> None:
    """The same of figures."""
    for number in (0, 9, 60, 160):
        hold_in_columns(_SQS, letter, _AS_OF - timedelta(days=number))


@pytest.mark.parametrize("engine", ["plain", "auto", "bulk"])
@pytest.mark.parametrize("seed", range(2))
def test_cases_with_faults_at_any_day(generated: list[Case], engine: Engine, seed: int) -> None:
    """What is impossible, not known or far away too, with the checks of the rulebook."""
    random = Random(seed)  # noqa: S311 - made-up cases need no secrets
    cases = [with_faults(random, case) for case in random.sample(generated, 40)]
    cases = sorted(cases, key=lambda case: case.id)
    for _ in range(3):
        assert hold(_SQS, cases, _day(random), engine)
    if engine == "bulk":
        hold_in_columns(_SQS, cases, _day(random))
