"""Elapsed time in the shipped rulebooks: each example shows what becomes of work from before a clock starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from casescreen.evaluate.examples import check_examples, example_case
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.model.case import Case
from casescreen.model.condition import Condition, Within, walk
from casescreen.model.rulebook import Criterion, Example, Rulebook
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook.load import load_rulebook


def conditions(criterion: Criterion) -> Iterator[Condition | None]:
    yield from (criterion.applies, criterion.met, None if criterion.per is None else criterion.per.where)
    yield from (flag.when for flag in criterion.flags)
    yield from (one.when for one in criterion.shortfalls)
    yield from (one.when for one in criterion.not_asked)


def records(rulebook: Rulebook, criterion: Criterion) -> Iterator[Case]:
    for example in criterion.examples:
        yield prepared(rulebook, criterion, example)


def prepared(rulebook: Rulebook, criterion: Criterion, example: Example) -> Case:
    unchecked = evolve(rulebook, checks=())
    return RecordPreparer(unchecked, example.as_of).prepare(example_case(rulebook, criterion, example)).case


def shows_work_before(clock: Within, cases: Iterable[Case]) -> bool:
    """Whether one of the cases, or a row of one, has the date before the one that its time runs from."""
    table = clock.field.table or clock.of.table
    for case in cases:
        for row in case.tables.get(table, ()) if table else ({},):
            day, start = ((row if one.table else case.fields).get(one.name) for one in (clock.field, clock.of))
            if isinstance(day, date) and isinstance(start, date) and day < start:
                return True
    return False


def without_an_example(rulebook: Rulebook) -> list[str]:
    """Each ``within`` of a criterion, a fact or a check of which no example shows work before its clock."""
    if rulebook.language == 1:
        return []
    every = [case for criterion in rulebook.criteria for case in records(rulebook, criterion)]
    asked: list[tuple[str, Iterable[Condition | None], list[Case]]] = [
        (one.id, conditions(one), [*records(rulebook, one)]) for one in rulebook.criteria
    ]
    asked += [(one.id, [one.when], every) for one in rulebook.facts]
    outline = evolve(rulebook.criteria[0], per=None)
    for check in rulebook.checks:
        examples = [evolve(outline.examples[0], given=one.given, as_of=one.as_of) for one in check.examples]
        asked.append((check.id, [check.when], [prepared(rulebook, outline, one) for one in examples]))
    return [
        f"{id_}: {clock.field.full_name}"
        for id_, each, cases in asked
        for condition in each
        for clock in (() if condition is None else walk(condition))
        if isinstance(clock, Within) and not shows_work_before(clock, cases)
    ]


@pytest.mark.parametrize("name", sorted(shipped_rulebooks()))
def test_every_clock_has_an_example_of_work_before_it(name: str) -> None:
    """In language 2, where such work may be good, or no answer to the question at all: the rule shows which."""
    assert not without_an_example(load_rulebook(name))


def test_the_clocks_of_the_screening_are_these() -> None:
    """Each criterion of ``sqs-2016`` that has a time limit is among those of which the test before asks an example."""
    clocks = {
        (one.id, clock.field.full_name, clock.of.full_name)
        for one in load_rulebook("sqs-2016").criteria
        for condition in conditions(one)
        for clock in (() if condition is None else walk(condition))
        if isinstance(clock, Within)
    }
    reviewed = ("assessment", "plan", "risk-of-harm-assessment", "risk-of-harm-plan")
    assert clocks == {
        ("assessment-in-time", "assessment.completed_on", "clock.first_assessment"),
        ("plan-timely", "plan.completed_on", "clock.first_plan"),
        ("relationship-built", "contacts.first_on", "clock.assessment_asked_from"),
        ("non-compliance-response", "non_compliance.responded_on", "non_compliance.occurred_on"),
        ("safeguarding-reviewed", "reviews.done_on", "clock.reviews"),
        *((f"{one}-reviewed", "reviews.done_on", "clock.reviews") for one in reviewed),
    }


def test_what_lacks_such_an_example_is_named(workshop: Path) -> None:
    """A rule that shows none is named, and one that shows it is not."""
    root, rule = workshop / "rulebook.toml", workshop / "1-bookings" / "ready-in-time.toml"
    assert not without_an_example(load_rulebook(workshop))
    root.write_text(f"language = 2\n{root.read_text(encoding='utf-8')}", encoding="utf-8")
    assert without_an_example(load_rulebook(workshop)) == ["ready-in-time: job.ready_on"]
    rule.write_text(f"{rule.read_text(encoding='utf-8')}\n{BEFORE}", encoding="utf-8")
    rulebook = load_rulebook(workshop)
    assert not without_an_example(rulebook)
    assert not check_examples(rulebook)


BEFORE = """\
[[example]]
given = { job.type = "repair", job.booked_on = 2020-05-01, job.ready_on = 2020-04-30 }
outcome = "not met"
"""
