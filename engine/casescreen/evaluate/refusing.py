"""Why a case that was read cannot be screened: answers that belong to nothing, and work from after the as-of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from casescreen.evaluate.asking import Asked
from casescreen.model.case import Answer, Case
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import Problem
from casescreen.model.rulebook import Criterion, Rulebook
from casescreen.text import did_you_mean, in_words, listed

_MOST_ITEMS = 12  # more than a dozen is a list nobody reads
_LOST = "An answer that belongs to nothing would be lost."


def answer_problems(case: Case, rulebook: Rulebook, asked: Iterable[Asked]) -> Iterator[Problem]:
    """What is wrong with the answers of a case: those to a question that there is not, or that was not asked."""
    items: dict[str, list[str]] = {}
    for one in asked:
        items.setdefault(one.criterion.id, []).append(one.item)
    for answer in case.answers:
        criterion = rulebook.criterion.get(answer.criterion)
        if criterion is None:
            what = f'there is no criterion "{in_words(answer.criterion)}" to answer'
            yield Problem(case.place, what, did_you_mean(answer.criterion, rulebook.criterion), _LOST)
        elif answer.item not in items[answer.criterion] or bool(answer.item) is not (criterion.per is not None):
            yield _unasked(case, answer, criterion, items[answer.criterion])


def _unasked(case: Case, answer: Answer, criterion: Criterion, items: list[str]) -> Problem:
    known = [in_words(item) for item in items[:_MOST_ITEMS] if item]
    advice = f'Give one of these as "item": {listed(known)}.' if known else 'Take "item" out of the answer.'
    if criterion.per is not None and not known:
        advice = f"Add the row to {criterion.per.table}, or take the answer out."
    about = f'about "{in_words(answer.item)}"' if answer.item else 'without an "item"'
    what = f"the answer to {in_words(answer.criterion)} is {about}, and the question is not asked of that"
    return Problem(case.place, what, advice, _LOST)


def future_problems(case: Case, dictionary: Dictionary, as_of: date) -> Iterator[Problem]:
    """What the case records as done after the as-of date: with it, the past would be judged by the future."""
    for field in dictionary.fields.values():
        if field.past:
            yield from _future(case, field.name, case.fields.get(field.name), as_of)
    for table in dictionary.tables.values():
        past = [field.name for field in table.columns.values() if field.past]
        for row in case.tables.get(table.name, ()) if past else ():
            for name in past:
                yield from _future(case, f"{table.name}.{name}", row.get(name), as_of)


def _future(case: Case, name: str, value: object, as_of: date) -> Iterator[Problem]:
    if isinstance(value, date) and value > as_of:
        yield Problem(
            case.place,
            f"{name} is {in_words(value)}, after the as-of date, {in_words(as_of)}",
            "Mend the date, or give a later as-of date.",
            "What had not happened yet cannot count.",
        )
