"""A rulebook made ready for bulk: what is asked of every case, as columns of a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from casescreen.conditions.compiler import context_of
from casescreen.evaluate.bulk.conditions import Conditions, Starts
from casescreen.evaluate.bulk.criteria import AskedOfAll, Criteria, criterion_field
from casescreen.evaluate.bulk.frames import ANSWERED_ON, ANSWERS, GIVEN, ITEM, REASON, saying_tables
from casescreen.evaluate.bulk.premises import Ground, premises
from casescreen.evaluate.bulk.reading import Types
from casescreen.evaluate.bulk.truths import expression
from casescreen.evaluate.bulk.workbook import Workbook
from casescreen.evaluate.bulk.working import Worker
from casescreen.model.rulebook import Rulebook


@frozen(eq=False)
class Plan:
    """What is worked out for a caseload, the same for every part of it.

    Attributes:
        asked: the criteria, in the rulebook's order.
        faults: columns of the cases that say that a date is beyond the calendar.
        starts: from what dates deadlines are worked out, and between which days all of those are known.
        premises: the column of the cases for each thing that conclusions on single cases rest on.
    """

    rulebook: Rulebook
    as_of: date
    worker: Worker
    asked: tuple[AskedOfAll, ...]
    faults: tuple[str, ...]
    starts: Starts
    premises: Mapping[Ground, str]


def plan(rulebook: Rulebook, as_of: date) -> Plan:
    """The rulebook as at a date."""
    book = Workbook()
    conditions = Conditions(book, context_of(rulebook, as_of))
    criteria = Criteria(conditions, rulebook)
    asked = tuple(criteria.ask(criterion) for criterion in rulebook.criteria)
    facts = (conditions.truths(fact.when).fault for fact in rulebook.facts)
    faults = [book.cases.put(expression(fault)).meta.output_name() for fault in facts if fault is not False]
    rests_on = premises(rulebook, conditions, asked)
    keys = {table.name: table.key for table in rulebook.dictionary.tables.values() if table.key}
    return Plan(
        rulebook,
        as_of,
        Worker(book, _types(rulebook), keys),
        asked,
        tuple(dict.fromkeys((*(one.fault for one in asked if one.fault), *faults))),
        conditions.starts,
        rests_on,
    )


def _types(rulebook: Rulebook) -> Types:
    dictionary = rulebook.dictionary
    answers = {field.name: field for field in (criterion_field(rulebook), GIVEN, ITEM, REASON, ANSWERED_ON)}
    tables = {name: table.columns for name, table in dictionary.tables.items()}
    return {"": {**dictionary.fields, **saying_tables(dictionary)}, **tables, ANSWERS: answers}
