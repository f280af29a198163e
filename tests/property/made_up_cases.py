"""Cases for the shipped rulebook: those of the letter, and made-up ones with faults sown in."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from attrs import evolve

from casescreen.cases.load import read_cases
from casescreen.model.case import Answer, Case, RecordPath, Unreadable
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up

SQS = load_rulebook("sqs-2016")
AS_OF = date(2016, 5, 9)
"""The day as at which the cases are."""


@cache
def of_the_letter() -> tuple[Case, ...]:
    """The twenty cases that come with the rulebook."""
    folder = Path(__file__).resolve().parents[2] / "cases" / "somerset-2016"
    return read_cases([folder], SQS.dictionary).cases


@cache
def of_the_recipe() -> tuple[Case, ...]:
    """Cases that are made up by the recipe of the rulebook."""
    parts = made_up(SQS, load_spec("sqs-2016", SQS), cases=150, seed=12, as_of=AS_OF)
    return tuple(case for part in parts for case in cases_of(part, SQS.dictionary))


def with_faults(random: Random, case: Case) -> Case:
    """The case with some values that are not known, days that cannot be or are years away, and answers of some day."""
    fields = {name: sown(random, SQS.dictionary.fields[name], value) for name, value in case.fields.items()}
    tables = {
        name: tuple(
            {column: sown(random, SQS.dictionary.tables[name].columns[column], value) for column, value in row.items()}
            for row in rows
        )
        for name, rows in case.tables.items()
    }
    asked, yes_or_no = random.sample(SQS.criteria, 3), (ReadersAnswer.YES, ReadersAnswer.NO)
    answers = (
        Answer(one.id, random.choice(yes_or_no), answered_on=random.choice((None, day_near(random))))
        for one in asked
        if one.per is None and one.id not in {answer.criterion for answer in case.answers}
    )
    lost: list[RecordPath] = [tuple(name.split(".")) for name, value in fields.items() if value is None]
    lost += [
        (table, number, column)
        for table, rows in tables.items()
        for number, row in enumerate(rows)
        for column, value in row.items()
        if value is None
    ]
    unreadable = tuple(Unreadable(path, "?", "it cannot be read") for path in lost)
    return evolve(case, fields=fields, tables=tables, answers=(*case.answers, *answers), unreadable=unreadable)


def day_near(random: Random) -> date:
    """A day of the ten months before, or of the month after, that of the cases."""
    return AS_OF - timedelta(days=random.randrange(-30, 300))


def sown(random: Random, field: Field, value: Value | None) -> Value | None:
    if field.name == "case.id" or random.random() > 0.08:
        return value
    if field.kind is Kind.DATE:
        return random.choice((None, date(1900, 1, 1), date(2006, 2, 28), day_near(random), date(2016, 9, 1)))
    if field.kind is Kind.NUMBER:
        return random.choice((None, -3, 19, 150))
    if field.kind is Kind.YES_NO:
        return random.choice((None, True, False))
    return random.choice((None, *field.allowed))
