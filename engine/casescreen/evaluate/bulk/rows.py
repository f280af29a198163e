"""Tests over the rows of a table, from what is so of single rows.

``every``, ``some`` and coverage need no counts: a case needs to know only whether there is a row that is false, or one
that is unknown. That each is "some row is such" makes them one simple fold, whatever stands in the condition.
"""

from __future__ import annotations

import polars as pl

from casescreen.evaluate.bulk.truths import TRUE, Bool, Truths, both, conjunction, either, negation, opposite
from casescreen.evaluate.bulk.workbook import Workbook
from casescreen.model.condition import Count, Covered, OverRows, Quantifier


def over_rows(book: Workbook, condition: OverRows, where: Truths, satisfies: Truths) -> Truths:
    """``every`` or ``some``, from what each row's ``where`` and ``satisfies`` come to."""
    some = condition.quantifier is Quantifier.SOME
    return _some(book, condition.table, where, satisfies if some else negation(satisfies), negated=not some)


def _some(book: Workbook, table: str, where: Truths, satisfies: Truths, *, negated: bool = False) -> Truths:
    """Some chosen row satisfies; negated, none does. Every row satisfies where none fails to."""
    row = conjunction((where, satisfies))
    return _among(
        book,
        table,
        true=book.some(table, row.true),
        unknown=book.some(table, row.unknown),
        fault=either(where.fault, satisfies.fault),  # both are worked out for every row
        negated=negated,
    )


def _among(book: Workbook, table: str, *, true: Bool, unknown: Bool, fault: Bool, negated: bool) -> Truths:
    there = book.present(table)
    found = Truths(both(there, true), both(there, opposite(true), opposite(unknown)), book.some(table, fault))
    return negation(found) if negated else found


def count(book: Workbook, condition: Count, where: Truths) -> Truths:
    """Whether the number of chosen rows is within bounds however the unknown rows fall."""
    low, high = condition.at_least or 0, condition.at_most
    if low == 1 and high is None:
        return _some(book, condition.table, where, TRUE)
    if low == 0 and high == 0:
        return _some(book, condition.table, where, TRUE, negated=True)
    sure, possible = book.number(condition.table, where.true), book.number(condition.table, where.not_false)
    there = book.present(condition.table)
    return Truths(
        both(there, sure >= low, high is None or possible <= high),
        both(there, either(possible < low, high is not None and sure > high)),
        book.some(condition.table, where.fault),
    )


def covered(book: Workbook, condition: Covered, where: Truths) -> Truths:
    """Whether the value of every chosen row stands in a column of another table."""
    table, by = condition.table, condition.by
    missing, may_be_missing = _missing(book, condition, where.true), _missing(book, condition, where.unknown)
    unsure = either(opposite(book.present(by.table)), book.some(by.table, pl.col(by.name).is_null()))
    unsaid = book.some(table, both(where.not_false, pl.col(condition.field.name).is_null()))
    return _among(
        book,
        table,
        true=both(missing, opposite(unsure)),
        unknown=either(unsaid, may_be_missing, both(missing, unsure)),
        fault=where.fault,
        negated=True,
    )


def _missing(book: Workbook, condition: Covered, meant: Bool) -> Bool:
    """The value of some row that is meant does not stand in the other column."""
    recorded = pl.col(condition.field.name).is_not_null()
    return book.some(condition.table, both(meant, recorded, opposite(book.found(condition.field, condition.by))))
