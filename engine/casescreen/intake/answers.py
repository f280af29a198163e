"""Readers' answers: what a row of them must say, and that no two are about the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from casescreen.intake.notes import Notes, similar
from casescreen.intake.terms import ANSWERS
from casescreen.model.case import Answer, Row
from casescreen.model.dictionary import Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.text import in_words


def answers_of(rows: tuple[Row, ...], notes: Notes, criteria: Collection[str] | None) -> tuple[Answer, ...]:
    """The answers that the rows of a record give; what is wrong with them is noted."""
    first: dict[tuple[Value | None, Value | None], int] = {}
    for index, row in enumerate(rows):
        _check(index, row, notes, criteria)
        about = row.get("criterion"), row.get("item")
        if about[0] is None:
            continue
        if about in first:
            what = f"it answers the same question as row {first[about] + 1}"
            notes.add((ANSWERS, index), what, "Keep one of them: a question has one answer.")
        first.setdefault(about, index)
    return () if notes.problems else tuple(_answer(row) for row in rows)


def _check(index: int, row: Row, notes: Notes, criteria: Collection[str] | None) -> None:
    criterion = row.get("criterion")
    if criteria is not None and criterion is not None and criterion not in criteria:
        what = f'"{in_words(criterion)}" is not a criterion of the rulebook'
        advice = similar(str(criterion), frozenset(criteria)) or "casescreen rules list names every criterion."
        notes.unknown((ANSWERS, index, "criterion"), what, advice)
    if row.get("answer") == ReadersAnswer.NOT_APPLICABLE.value and "reason" not in row:
        notes.add((ANSWERS, index), "the answer is n/a, and no reason is given", "Write the reader's reason.")


def _answer(row: Row) -> Answer:
    day = row.get("answered_on")
    return Answer(
        criterion=str(row["criterion"]),
        answer=ReadersAnswer(row["answer"]),
        item=str(row.get("item", "")),
        reason=str(row.get("reason", "")),
        reader=str(row.get("reader", "")),
        answered_on=day if isinstance(day, date) else None,
    )
