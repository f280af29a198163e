"""Whether each criterion does to its own examples what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.findings import FindingBuilder
from casescreen.evaluate.preparation import DerivedFields, RecordChecker
from casescreen.model.case import Answer, Case, Row
from casescreen.model.dictionary import Value
from casescreen.model.outcome import ReadersAnswer, decide
from casescreen.model.problem import Place, Problem
from casescreen.model.rulebook import Check, Criterion, Example, Rulebook
from casescreen.text import listed


def check_examples(rulebook: Rulebook) -> tuple[Problem, ...]:
    """Every example that does not come to what it says: an outcome, flags, or whether a check holds."""
    of_criteria = (
        problem
        for criterion in rulebook.criteria
        for number, example in enumerate(criterion.examples, 1)
        for problem in _problems_of_criterion(rulebook, criterion, number, example)
    )
    return (*of_criteria, *(problem for check in rulebook.checks for problem in _problems_of_check(rulebook, check)))


def _problems_of_check(rulebook: Rulebook, check: Check) -> Iterator[Problem]:
    for number, example in enumerate(check.examples, 1):
        checker = RecordChecker(evolve(rulebook, checks=(check,)), context_of(rulebook, example.as_of))
        holds = bool(checker.results(Case("example", *_content(example.given))))
        if holds is not example.holds:
            what = f"the check {'holds' if holds else 'does not hold'}, and the example says otherwise"
            place = Place(check.file, part=f"check {check.id}, example {number}")
            yield Problem(place, what, "Mend the check or the example.")


def _content(given: Mapping[str, object]) -> tuple[Row, dict[str, tuple[Row, ...]]]:
    """The fields and the tables of a small record."""
    tables: dict[str, tuple[Row, ...]] = {
        name: tuple(dict(row) for row in rows) for name, rows in given.items() if isinstance(rows, list | tuple)
    }
    fields: dict[str, Value | None] = {
        f"{section}.{name}": value
        for section, values in given.items()
        if isinstance(values, Mapping)
        for name, value in values.items()
    }
    return fields, tables


def _problems_of_criterion(
    rulebook: Rulebook, criterion: Criterion, number: int, example: Example
) -> Iterator[Problem]:
    place = Place(criterion.file, example.line, f"criterion {criterion.id}, example {number}")
    context = context_of(rulebook, example.as_of)
    case = DerivedFields(rulebook, context).add_to(example_case(rulebook, criterion, example))
    finder = FindingBuilder(rulebook, context)
    for evaluation in CriteriaEvaluator(rulebook, context, criterion).ask(case):
        outcome = decide(evaluation.standing)
        if outcome is not example.outcome:
            why = finder.findings(case, [(evaluation, outcome)])[0].reason
            what = f'the outcome is "{outcome.value}", and the example says "{example.outcome.value}"'
            yield Problem(place, what, f"Mend the rule or the example. The reason given: {why}")
        raised = tuple(flag.id for flag in evaluation.flags)
        if example.flags is not None and set(raised) != set(example.flags):
            what = f"the flags raised are {listed(raised, 'and') or 'none'}"
            yield Problem(place, what, f"The example says {listed(example.flags, 'and') or 'none'}. Mend one of them.")


def example_case(rulebook: Rulebook, criterion: Criterion, example: Example) -> Case:
    """The example's small record as a case, with the reader's answer to the criterion on every item."""
    fields, tables = _content(example.given)
    items = [""]
    if criterion.per is not None:
        key = rulebook.dictionary.tables[criterion.per.table].key
        items = [str(row[key]) for row in tables.get(criterion.per.table, ()) if key in row]
    answers = tuple(Answer(criterion.id, example.answer, item, example.reason) for item in items)
    answered = answers if example.answer is not ReadersAnswer.NONE else ()
    return Case("example", fields, tables, answered)
