"""Case records as values: what was read, typed against the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from casescreen.model.dictionary import Field, Kind, Table, Value
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import Place, Problem
from casescreen.text import visible

Row = Mapping[str, Value | None]
"""Values by name. None is what stands in the record and is not known; what is not there is not recorded."""

CASES = "cases"
"""The table that has a row for each case."""

ID = "case.id"
"""The field that names a case, and the column of every table that says which case a row is about."""

HAS = "has."
"""What the name of a column of the cases begins with that says whether a table is in the record."""

ANSWERS = "answers"
"""The table of what readers answered."""

CRITERION, ANSWER, ITEM = "criterion", "answer", "item"
REASON, READER, ANSWERED_ON, SOURCE = "reason", "reader", "answered_on", "source"
"""The columns of the answers, called like the attributes of an ``Answer``."""

FILE, INTERVIEW = "file", "interview"
"""Where a reader knows an answer from: the file of the case, or an interview, where the file does not show it."""

_ANSWERS_ALLOWED = tuple(answer.value for answer in ReadersAnswer if answer is not ReadersAnswer.NONE)

# Readers' answers are written like any table, and so are read like one.
ANSWERS_TABLE = Table(
    ANSWERS,
    "answers",
    "answer",
    "What readers answered.",
    CRITERION,
    {
        field.name: field
        for field in (
            Field(CRITERION, "criterion", Kind.TEXT, "The id of the criterion that was answered.", table=ANSWERS),
            Field(ANSWER, "answer", Kind.CHOICE, "What the reader answered.", _ANSWERS_ALLOWED, table=ANSWERS),
            Field(ITEM, "item", Kind.TEXT, "The key of the row that it is about.", table=ANSWERS),
            Field(REASON, "reason", Kind.TEXT, "Why; needed for n/a.", table=ANSWERS),
            Field(READER, "reader", Kind.TEXT, "Who answered.", table=ANSWERS),
            Field(ANSWERED_ON, "answered on", Kind.DATE, "When.", past=True, table=ANSWERS),
            Field(SOURCE, "source", Kind.CHOICE, "Where it is known from.", (FILE, INTERVIEW), table=ANSWERS),
        )
    },
)

NOT_CONFIRMED = "Columns matched by suggestion, not confirmed."
"""What is taken for granted where nobody has looked at what columns mean."""

EXAMPLE = "EXAMPLE"
"""The id of records that show how one is written: in every format they are passed over, and counted."""


def is_example(case_id: str) -> bool:
    """Whether it is the id of records that are never read, in any capitals."""
    return case_id.strip().upper() == EXAMPLE


@frozen
class Answer:
    """What a reader answered to one criterion for one case.

    Attributes:
        criterion: the criterion's id.
        answer: yes, no or n/a.
        item: the key of the row that it is about, or "" where the criterion is about the whole case.
        reason: the reader's reason; always there for n/a.
        reader: who answered, or "".
        answered_on: when, or None.
        source: where it is known from, the file or an interview; "" where that is not said.
    """

    criterion: str
    answer: ReadersAnswer
    item: str = ""
    reason: str = ""
    reader: str = ""
    answered_on: date | None = None
    source: str = ""


RecordPath = tuple[str | int, ...]
"""Where something stands in a record: ``("plan", "signed")``, or ``("reviews", 1, "done_on")`` of its second row."""


@frozen
class Unreadable:
    """What stands in a record and cannot be read: it counts as not recorded, and is no blank.

    Attributes:
        path: where it stands. A path to a section, a table or a row stands for all that is in it.
        written: all that stands there, as the hash of the cases takes it; never told.
        what: why it cannot be read, as a clause.
        advice: what to do.
        why: why it matters; empty where that is plain.
        place: where it was read from; no part of its identity.
        is_mistake: whether something is wrong with it; not where it says why there is no value.
    """

    path: RecordPath
    written: str
    what: str = field(eq=False)
    advice: str = field(default="", eq=False)
    why: str = field(default="", eq=False)
    place: Place = field(default=Place(""), eq=False)
    is_mistake: bool = field(default=True, eq=False)

    @property
    def problem(self) -> Problem:
        """What is wrong, and where."""
        return Problem(self.place, f"{path_in_words(self.path)}: {self.what}", self.advice, self.why)


_LONGEST_NAME = 60


def path_in_words(path: RecordPath) -> str:
    """A key path as a person says it: ``order.type``; ``reviews, row 2, done_on``."""
    words = ""
    for key in path:
        if isinstance(key, int):
            words += f", row {key + 1}"
        elif words:
            words += f", {visible(key, _LONGEST_NAME)}" if "," in words else f".{visible(key, _LONGEST_NAME)}"
        else:
            words = visible(key, _LONGEST_NAME)
    return words


@frozen
class Case:
    """One child's order and the work on it.

    A field, column or table that is not there is unknown, and so is a field or column that is None: it stands in the
    record, and cannot be read or is not believed. A table that is there with no rows is empty.

    Attributes:
        id: unique within a caseload.
        fields: value by full field name, ``order.starts_on``.
        tables: rows by table name, in the record's order.
        answers: what readers answered.
        unreadable: what stands in the record and cannot be read.
        place: where the record was read from; no part of its identity.
    """

    id: str
    fields: Row
    tables: Mapping[str, tuple[Row, ...]]
    answers: tuple[Answer, ...] = ()
    place: Place = field(default=Place(""), eq=False)
    unreadable: tuple[Unreadable, ...] = ()

    def unreadable_at(self, path: RecordPath) -> Unreadable | None:
        """What cannot be read there, or around it."""
        return next((one for one in self.unreadable if one.path == path[: len(one.path)]), None)


@frozen(order=True)
class Rejected:
    """A record that was left out, or rows of a case that is not there.

    Attributes:
        case: the id that it gives; "" if it gives none.
        why: what is wrong with it, in words; the first thing, if there are several.
        records: how many records or rows are left out for this.
    """

    case: str
    why: str
    records: int = 1


@frozen
class Caseload:
    """The cases that could be read, in order of id, and what was wrong with the rest.

    Attributes:
        cases: the cases to screen, sorted by id.
        hash: SHA-256 over their content, in hexadecimal; order and file names do not enter it.
        problems: what is wrong with the records that were left out.
        left_out: how many records were left out.
        examples: how many records were passed over because they only show how one is written.
        rejected: the first of what was left out, and why.
        notices: what stands in the files and is not read, or was read and is to be looked at; no record is left out
            for it.
        assumed: what was taken for granted where tables were read, and which of their rows were passed over, in words.
    """

    cases: tuple[Case, ...]
    hash: str
    problems: tuple[Problem, ...] = ()
    left_out: int = 0
    examples: int = 0
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[Problem, ...] = ()
    assumed: tuple[str, ...] = ()
