"""What cells say by the words of a mapping."""

from __future__ import annotations

from datetime import date

import pytest

from casescreen.cases.mapping.cell_reading import CellReading, How, as_written, by_word, meanings
from casescreen.cases.tables.cells import Cell, DateOrder
from casescreen.model.dictionary import Field, Kind

_ORDER = Field("order.type", "type of order", Kind.CHOICE, "", ("referral order", "other order"))
_DONE = Field("plan.completed_on", "plan completed", Kind.DATE, "", past=True, dates="plan.exists")
_KNOWN = meanings(
    {"ro": "referral order", "v high": "very high"},
    frozenset({"tbc", "?", "n/k"}),
    frozenset({"no plan", "overdue"}),
    frozenset({"n/a"}),
)


@pytest.mark.parametrize(
    ("cell", "field", "how", "word"),
    [
        ("RO", _ORDER, How.WORD, "ro"),
        (" r.o. ", _ORDER, How.WORD, "ro"),
        ("RO 6 mth", _ORDER, How.WORD, "ro"),
        ("RO (12 months)", _ORDER, How.WORD, "ro"),
        ("V. High", _ORDER, How.WORD, "v high"),
        ("V-High", _ORDER, How.WORD, "v high"),
        ("RO?", _ORDER, None, ""),
        ("RO/YRO", _ORDER, None, ""),
        ("RO 6 mth", _DONE, None, ""),
        ("TBC", _DONE, How.NOT_KNOWN, "tbc"),
        ("tbc.", _DONE, How.NOT_KNOWN, "tbc"),
        ("?", _DONE, How.NOT_KNOWN, "?"),
        ("N/A - transferred", _DONE, How.NOT_APPLICABLE, "n/a"),
        ("No plan - allocated late", _DONE, How.NOT_DONE, "no plan"),
        ("No plan \N{EN DASH} allocated late", _DONE, How.NOT_DONE, "no plan"),
        ("overdue (chased)", _DONE, How.NOT_DONE, "overdue"),
        ("overdue, done 3/4/26", _DONE, None, ""),
        ("overdue - now completed", _DONE, None, ""),
        ("no plan needed", _DONE, None, ""),
        (3, _DONE, None, ""),
    ],
)
def test_a_word_is_found_without_its_marks_and_before_a_remark(
    cell: Cell, field: Field, how: How | None, word: str
) -> None:
    """A doubt, a second value, or a remark that may take it back is part of what the cell says."""
    said = by_word(cell, field, _KNOWN)
    assert (said.how if said else None, said.word if said else "") == (how, word)


def test_a_word_that_stands_for_a_value_needs_no_remark() -> None:
    """Only a word that says why there is none may be followed by one."""
    assert by_word("RO - breached", _ORDER, _KNOWN) is None


def test_what_no_word_says_is_read_as_it_is_written() -> None:
    """A year of two figures is told apart, and a choice that is none is not read."""
    day = date(2026, 9, 18)
    assert as_written("18/9/26", _DONE, DateOrder.DAY_FIRST, day) == CellReading(How.SHORT_YEAR, day)
    assert as_written("18/9/2026", _DONE, DateOrder.DAY_FIRST, day) == CellReading(How.AS_WRITTEN, day)
    assert as_written("ROO", _ORDER, DateOrder.UNCLEAR, day).how is How.UNREAD
    assert as_written("Referral Order", _ORDER, DateOrder.UNCLEAR, day).value == "referral order"
