"""The fields and tables that a case may have, and what a value of each may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import TypeGuard

from attrs import Factory, field, frozen

from casescreen.model.problem import Fault
from casescreen.text import did_you_mean, evened, evened_lines, in_words, listed

Value = str | bool | int | date

LARGEST_NUMBER = 2**63 - 1
LONGEST_TEXT = 20_000

# LibreOffice makes 1 and 0 of the yes and no of other programs.
YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
"""What words in tables mean, in small letters."""

_SAID = {
    "not known": ("not known", "unknown", "n/k", "nk", "not stated", "not recorded", "don't know", "?"),
    "refused": ("refused", "refused to say", "declined", "declined to say", "prefer not to say", "withheld"),
    "not applicable": ("not applicable", "n/a", "na", "does not apply"),
}
SAID_INSTEAD = {word: said for said, words in _SAID.items() for word in words}
"""What words in place of a value that is no text say of it, in small letters: it is not known then, and not wrong."""

MOST_ROWS = 5_000
"""How many rows of one table a case can have: far more than any has, and few enough to be told in a moment."""


class Kind(Enum):
    """What kind of value a field holds, by the name that a dictionary gives it."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes-no"
    NUMBER = "number"
    DATE = "date"


_HOW_TO_WRITE = {
    Kind.TEXT: 'Write text in quotes, as in "some words".',
    Kind.CHOICE: "Write one of the allowed words in quotes.",
    Kind.YES_NO: "Write true for yes or false for no, without quotes. Leave the line out if it is not known.",
    Kind.NUMBER: "Write a whole number without quotes, as in 3.",
    Kind.DATE: "Write the date as year-month-day, as in 2016-05-09.",
}
# Exactly these: Python takes a yes for a number, too, and a moment for a date.
_TYPE = {Kind.TEXT: str, Kind.CHOICE: str, Kind.YES_NO: bool, Kind.NUMBER: int, Kind.DATE: date}
_NOUN = {
    Kind.TEXT: "text",
    Kind.CHOICE: "one of the allowed words",
    Kind.YES_NO: "yes or no (true or false)",
    Kind.NUMBER: "a whole number",
    Kind.DATE: "a date",
}


@frozen(cache_hash=True)
class Field:
    """One thing that a record may say.

    Attributes:
        name: ``section.field`` on the case, or the bare column name in a table.
        label: a short phrase for people, in lower case, that stands before a colon.
        kind: what kind of value it holds.
        meaning: what it means and where it is usually recorded, in a line or two.
        allowed: the words a choice may be, in the dictionary's order; empty for other kinds.
        past: a date on which something happened, so it cannot lie after the day on which the records were taken.
        table: the table it is a column of, or "" for a field of the case.
        dates: of a date, the yes-no beside it that says whether it was done, or ""; done later, it was not done yet.
        begins: of a date, whether the case, or the row that it is a column of, began on it.
        lane: of a date, the lane of the timeline in which it stands, or "" where it stands in none.
        event: what it is called there, in a few words; "" where the label says it.
        characteristic: of a choice or a yes-no of the case, whether cases may be compared by it, group by group.
    """

    name: str
    label: str
    kind: Kind
    meaning: str
    allowed: tuple[str, ...] = ()
    past: bool = False
    table: str = ""
    dates: str = ""
    begins: bool = False
    lane: str = ""
    event: str = ""
    characteristic: bool = False
    _type: type = field(init=False, eq=False, repr=False, default=Factory(lambda self: _TYPE[self.kind], True))

    @property
    def full_name(self) -> str:
        """The name with its table: ``reviews.done_on``; a field of the case has its section already."""
        return f"{self.table}.{self.name}" if self.table else self.name

    def holds(self, raw: object) -> TypeGuard[Value]:
        """Whether ``raw`` is a value for this field, without saying why not."""
        kind = type(raw)
        if kind is not self._type:
            return False
        if kind is date or kind is bool:  # asked first, as it is asked of every value of every record
            return True
        if isinstance(raw, int):
            return abs(raw) <= LARGEST_NUMBER
        if self.kind is Kind.CHOICE:
            return raw in self.allowed
        return isinstance(raw, str) and 0 < len(raw) <= LONGEST_TEXT and evened_lines(raw) == raw

    def read(self, raw: object) -> Value | Fault:
        """The value, if ``raw`` is one for this field; nothing is converted or guessed.

        A text is what is seen of it: with one more space, or a character that nobody sees, it is no other name.
        """
        if self.holds(raw):
            return raw
        if type(raw) is not self._type:
            is_not = f"is not {_NOUN[self.kind]}"
            return Fault(f"{_shown(raw)} {is_not}", _HOW_TO_WRITE[self.kind], unquoted=f"it {is_not}")
        if self.kind is Kind.CHOICE and raw not in self.allowed:
            if (word := evened(str(raw))) in self.allowed:
                return word
            is_not = "is not one of the allowed words"
            advice = did_you_mean(str(raw), self.allowed) or f"It can be: {listed(self.allowed)}."
            return Fault(f'"{in_words(raw)}" {is_not}', advice, unquoted=f"it {is_not}")
        return _seen_or_not(raw)


def _seen_or_not(raw: object) -> Value | Fault:
    """The text as it is seen; or what is beyond the limits."""
    if not isinstance(raw, str):
        return Fault("the number is too large", f"It can be up to {LARGEST_NUMBER:,}.")
    if len(raw) > LONGEST_TEXT:
        return Fault(f"the text has {len(raw):,} characters", f"Keep it under {LONGEST_TEXT:,}.")
    return evened_lines(raw) or Fault("the text is empty", "Leave the line out if nothing is recorded.")


def _shown(raw: object) -> str:
    if isinstance(raw, str):
        return f'"{in_words(raw)}" in quotes'
    if isinstance(raw, Mapping):
        return "a group of fields"
    if isinstance(raw, list):
        return "a list"
    if isinstance(raw, datetime):
        return f"a date with a time of day ({raw.isoformat(' ')})"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int) and abs(raw) > LARGEST_NUMBER:
        return "a very long number"  # Python refuses to print some
    return in_words(raw)


@frozen
class Table:
    """A list of things of one sort that a case may have: its reports, its reviews.

    Attributes:
        name: the table's name in a record.
        label: what its rows are called together.
        one: what one row is called.
        named_by: the column that names rows when they are spoken of.
        key: the column whose value identifies a row within its case, or "" if none does.
        columns: the columns by name.
    """

    name: str
    label: str
    one: str
    meaning: str
    named_by: str
    columns: Mapping[str, Field]
    key: str = ""


@frozen
class Dictionary:
    """Every field and table that a case may have, by name.

    Attributes:
        lanes: the lanes of a case's timeline, from the top; dates name them.
        titles: what sections are called, where their names do not say it.
    """

    fields: Mapping[str, Field]
    tables: Mapping[str, Table]
    lanes: tuple[str, ...] = ()
    titles: Mapping[str, str] = Factory(dict)

    def title_of(self, section: str) -> str:
        """What a section is called, in lower case."""
        return self.titles.get(section, section.replace("_", " "))

    @property
    def sections(self) -> tuple[str, ...]:
        """The groups that the fields of a case fall into, in order of first appearance."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.fields))

    @property
    def characteristics(self) -> tuple[Field, ...]:
        """The fields by which cases may be compared, group by group."""
        return tuple(field for field in self.fields.values() if field.characteristic)
