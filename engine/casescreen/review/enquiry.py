"""An enquiry sheet as a value: what a reader needs to read one case and to answer for it, and no earlier judgement."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from hashlib import sha256
from itertools import groupby

from attrs import frozen

from casescreen.model.case import FILE, INTERVIEW
from casescreen.model.outcome import ReadersAnswer
from casescreen.review.timeline import Timeline
from casescreen.text import in_words

SHEET_FORMAT = "casescreen-sheet/1"
"""What a sheet says of its shape, so that a filled one is known for one."""

DOCX, XLSX, HTML = "docx", "xlsx", "html"
SHEET_FORMS = (DOCX, XLSX, HTML)
"""The forms of sheets; those of HTML stand in one file, which is not filled in."""

ALL_SHEETS = "enquiry-sheets.html"
"""The file that has every sheet, as HTML."""

QUESTION, ANSWER, KNOWN_FROM, REASON, REF = "Question", "Answer", "Known from", "Reason", "Ref"
"""What stands above the question and the columns that are filled in, and above or before what a row is about."""

READER, READ_ON = "Reader", "Read on"
"""What stands before who reads the case, and before the day."""

CASE, RULES, RULES_HASH, AS_AT, SAMPLE, SHEET_FORM = "Case", "Rules", "Rules hash", "As at", "Sample", "Sheet form"
"""What stands before what a sheet is of."""

YES, NO, NOT_APPLICABLE = (answer.value for answer in ReadersAnswer if answer is not ReadersAnswer.NONE)
ANSWERS_OFFERED = (YES, NO, NOT_APPLICABLE)
SOURCES_OFFERED = (FILE, INTERVIEW)
"""What can be chosen in the columns that are filled in."""

_LONGEST_STEM = 60
_NOT_IN_A_STEM = re.compile(r"[^A-Za-z0-9._-]+")
# Names that Windows gives to no file, whatever they end in.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|index)(?:\..*)?", re.IGNORECASE)


def day_stated(text: str) -> date | None:
    """The day that a sheet, or a file of answers, says it is as at; None where it says none that can be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@frozen
class SheetOrigin:
    """What a sheet is of: it stands on the sheet itself, and by it a filled one is known again.

    Attributes:
        case: the case's id.
        rulebook: the id of the rulebook.
        rulebook_hash: its hash, with what is local in it.
        sample: the hash of the sample record that the case was drawn by; "" where none was named.
        reader: who reads it; "" where that is left for them to fill in.
    """

    case: str
    rulebook: str
    rulebook_hash: str
    as_of: date
    sample: str = ""
    reader: str = ""

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What stands on the sheet of it, as labels and texts, but for the reader."""
        sample = ((SAMPLE, self.sample),) if self.sample else ()
        of = (
            (CASE, self.case),
            (AS_AT, self.as_of.isoformat()),
            (RULES, self.rulebook),
            (RULES_HASH, self.rulebook_hash),
        )
        return (*of, *sample, (SHEET_FORM, SHEET_FORMAT))


@frozen
class FactGroup:
    """What the record says of one thing: a section of the dictionary, or a table.

    Attributes:
        says: a line each; what is alike stands in one.
    """

    title: str
    says: tuple[str, ...]


class LineKind(Enum):
    """What sort of line of enquiry it is, the worst first.

    ACT: the facts call for action now.
    NOT_MET: the facts show that something was not done, or not in time.
    NOT_RECORDED: it would be serious if it were not done, and nothing of it is recorded.
    RECORD: something in the record cannot be read, is not believed, or is unusual.
    """

    ACT = "act now"
    NOT_MET = "not met"
    NOT_RECORDED = "not recorded"
    RECORD = "check the record"


@frozen
class EnquiryLine:
    """One thing to ask about or to look for, as facts alone give rise to it.

    Attributes:
        severity: how serious it is, in a word; "" where nothing says so.
        says: what is wrong or not known, as a sentence.
        why: on what it rests, with days; "" where that is said already.
        settles: what would put it right, or settle it.
        criterion: the id of the criterion that it is about, so that it can be answered; "" where it is about none.
        item: the key of the row that it is about, or "".
        question: the criterion's question; "" where it is about none.
    """

    kind: LineKind
    severity: str
    says: str
    why: str
    settles: str
    criterion: str = ""
    item: str = ""
    question: str = ""

    @property
    def in_full(self) -> str:
        """What is wrong or not known, and on what it rests."""
        return " ".join(filter(None, (self.says, self.why)))

    @property
    def to_settle(self) -> str:
        """What would put it right, or settle it; "" where nothing says so."""
        return f"To settle it: {self.settles}" if self.settles else ""

    @property
    def ask(self) -> str:
        """What would settle it, and the question that it is about."""
        return " ".join(filter(None, (self.to_settle, f"Question: {self.question}" if self.question else "")))

    @property
    def word(self) -> str:
        """How serious it is, in a word or three."""
        by_kind = self.kind in (LineKind.ACT, LineKind.RECORD)
        said: str = self.kind.value if by_kind else self.severity
        return said.capitalize()


@frozen
class SheetQuestion:
    """A question that a reader is to answer; its answer is always blank here.

    Attributes:
        number: its place on the sheet, from 1.
        criterion: the criterion's id.
        item: the key of the row that it is about, or "".
        theme: the title of its theme.
        question: the question.
        about: the row that it is about, as a person calls it; "" where it is about the case.
        help: the criterion's help; may be empty.
        flags: facts that bear on the answer.
        due: the last day, where it is still ahead; else None.
    """

    number: int
    criterion: str
    item: str
    theme: str
    question: str
    about: str
    help: str
    flags: tuple[str, ...] = ()
    due: date | None = None


@frozen
class EnquirySheet:
    """The sheet of one case.

    Attributes:
        title: what the rules are called.
        head: who holds the case, and the like: a label, and what the record says.
        facts: what the record says, and what in it cannot be read.
        lines: what to ask about or to look for, the worst first.
        questions: what a reader is to answer, in the order of the rulebook.
        beside: what is not asked here, counted, a sentence each.
    """

    origin: SheetOrigin
    title: str
    head: tuple[tuple[str, str], ...]
    facts: tuple[FactGroup, ...]
    timeline: Timeline
    lines: tuple[EnquiryLine, ...]
    questions: tuple[SheetQuestion, ...]
    beside: tuple[str, ...]

    @property
    def answerable(self) -> tuple[tuple[str, str], ...]:
        """The criterion and the key of the row of all that can be answered: lines of enquiry, and then questions."""
        lines = ((line.criterion, line.item) for line in self.lines if line.criterion)
        return (*lines, *((question.criterion, question.item) for question in self.questions))

    @property
    def by_theme(self) -> tuple[tuple[str, tuple[SheetQuestion, ...]], ...]:
        """The questions under the titles of their themes."""
        return tuple((theme, tuple(each)) for theme, each in groupby(self.questions, key=lambda one: one.theme))

    @property
    def lead(self) -> str:
        """What the sheet is of, in a line."""
        responsible = (f"{label.capitalize()}: {who}" for label, who in self.head)
        return ". ".join((self.title, f"As at {in_words(self.origin.as_of)}", *responsible)) + "."

    @property
    def flags(self) -> tuple[str, ...]:
        """The facts that bear on an answer, a line for each question that they bear on."""
        flagged = (question for question in self.questions if question.flags)
        return tuple(f"Question {one.number}: {'; '.join(one.flags)}." for one in flagged)


def ref_of_question(criterion: str, item: str) -> str:
    """What the row of a question is known by: the criterion, and the key of the row of the record that it is about."""
    return f"{criterion} / {item}" if item else criterion


def question_of_ref(ref: str) -> tuple[str, str]:
    """The criterion and the key of the row that a Ref names."""
    criterion, _, item = ref.partition(" / ")
    return criterion.strip(), item.strip()


def sheet_name(case_id: str, form: str) -> str:
    """The name of the file that has the sheet of a case: one that every system takes.

    An id that holds anything else than plain letters, figures and ``. _ -`` keeps what it has of them, with a few
    characters more by which no other id has the same name. Ids that differ only in capitals have names that do, too.

    >>> sheet_name("SOM-07", "docx"), sheet_name("17/A", "xlsx")
    ('SOM-07.docx', '17-A-043ed6b3.xlsx')
    """
    return ALL_SHEETS if form == HTML else f"{_stem(case_id)}.{form}"


def sheet_anchor(case_id: str) -> str:
    """The id of the element that has the sheet of a case in ``ALL_SHEETS``."""
    return f"sheet-{_stem(case_id)}"


def _stem(case_id: str) -> str:
    stem = _NOT_IN_A_STEM.sub("-", case_id)[:_LONGEST_STEM].strip(".-")
    if stem == case_id and not _DEVICES.fullmatch(stem):
        return stem
    return f"{stem or 'case'}-{sha256(case_id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
