"""Whether each criterion does to its own examples what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.findings import FindingBuilder
from casescreen.model.calendar import OutsideCalendarError
from casescreen.model.case import Answer, Case
from casescreen.model.outcome import ReadersAnswer, decide
from casescreen.model.problem import Place, Problem
from casescreen.model.rulebook import Criterion, Example, Rulebook
from casescreen.text import listed


def check_examples(rulebook: Rulebook) -> tuple[Problem, ...]:
    """Every example that does not come to the outcome, or raise the flags, that it says; with the reason."""
    return tuple(
        problem
        for criterion in rulebook.criteria
        for number, example in enumerate(criterion.examples, 1)
        for problem in _check(rulebook, criterion, number, example)
    )


def _check(rulebook: Rulebook, criterion: Criterion, number: int, example: Example) -> Iterator[Problem]:
    place = Place(criterion.file, example.line, f"criterion {criterion.id}, example {number}")
    context = context_of(rulebook, example.as_of)
    case = example_case(rulebook, criterion, example)
    finder = FindingBuilder(rulebook, context)
    try:
        asked_all = CriteriaEvaluator(rulebook, context, criterion).ask(case)
    except OutsideCalendarError as error:
        yield Problem(place, f"a date of the example lies outside the calendar: {error}", "Change the date.")
        return
    for asked in asked_all:
        outcome = decide(asked.standing)
        if outcome is not example.outcome:
            why = finder.finding(case, asked, outcome).reason
            what = f'the outcome is "{outcome.value}", and the example says "{example.outcome.value}"'
            yield Problem(place, what, f"Mend the rule or the example. The reason given: {why}")
        raised = tuple(flag.id for flag in asked.flags)
        if example.flags is not None and set(raised) != set(example.flags):
            what = f"the flags raised are {listed(raised, 'and') or 'none'}"
            yield Problem(place, what, f"The example says {listed(example.flags, 'and') or 'none'}. Mend one of them.")


def example_case(rulebook: Rulebook, criterion: Criterion, example: Example) -> Case:
    """The example's small record as a case, with the reader's answer to the criterion on every item."""
    tables = {
        name: tuple(dict(row) for row in rows) for name, rows in example.given.items() if isinstance(rows, list | tuple)
    }
    fields = {
        f"{section}.{name}": value
        for section, values in example.given.items()
        if isinstance(values, Mapping)
        for name, value in values.items()
    }
    items = [""]
    if criterion.per is not None:
        key = rulebook.dictionary.tables[criterion.per.table].key
        items = [str(row[key]) for row in tables.get(criterion.per.table, ()) if key in row]
    answers = tuple(Answer(criterion.id, example.answer, item, example.reason) for item in items)
    answered = answers if example.answer is not ReadersAnswer.NONE else ()
    return Case("example", fields, tables, answered)
