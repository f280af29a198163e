"""What became of the rows of a sheet of actions: what people claim, against what the record says now.

"Done" is a claim, and "met" is a fact. A row says which questions it is about, so what became of them can be told
whatever else has come under the same Ref since. Nothing but "met" and "not applicable" counts as met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cached_property

from attrs import evolve, frozen

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.model.screening import Finding, Screening
from casescreen.office.styles import fitting
from casescreen.report.actions import Action, ActionKind, Question
from casescreen.report.carried_over import (
    CANNOT,
    DOING,
    DONE,
    EVIDENCE,
    GONE,
    STATES,
    TO_DO,
    WrittenBeside,
    hold_in_cells,
)
from casescreen.report.refs import parts_of_ref
from casescreen.text import folded, in_words, listed

URGENT = "act now"
"""How bad it is, where something calls for action now."""

_MET = (Outcome.MET, Outcome.NOT_APPLICABLE)
_HOW_BAD = (URGENT, *(severity.value for severity in Severity))


class InRecord(Enum):
    """What the record says now of what a row is about.

    MET: all of it is met, or no longer applies.
    LEFT: the case is closed, or is no longer among the cases.
    UNKNOWN: the record could not be read, or the row does not say what it is about.
    """

    OPEN = "open"
    MET = "met"
    LEFT = "left"
    UNKNOWN = "unknown"


class ActionState(Enum):
    """What became of a row, in the order in which it is told."""

    RETURNED = "returned"
    CANNOT = "cannot"
    NOT_RETURNED = "not returned"
    OPEN = "open"
    CLOSED = "closed"
    CLOSED_BY_RECORD = "closed by the record"
    ENDED = "ended"
    UNKNOWN = "cannot be told"


NO_ROW = ""
"""What is claimed where there is no row."""

STATE_OF: Mapping[tuple[str, InRecord], ActionState] = {
    (NO_ROW, InRecord.OPEN): ActionState.NOT_RETURNED,
    (DONE, InRecord.OPEN): ActionState.RETURNED,
    (DONE, InRecord.MET): ActionState.CLOSED,
    (CANNOT, InRecord.OPEN): ActionState.CANNOT,
    **dict.fromkeys([(TO_DO, InRecord.OPEN), (DOING, InRecord.OPEN)], ActionState.OPEN),
    **dict.fromkeys([(said, InRecord.MET) for said in (TO_DO, DOING, CANNOT)], ActionState.CLOSED_BY_RECORD),
    **dict.fromkeys([(said, InRecord.LEFT) for said in STATES], ActionState.ENDED),
    **dict.fromkeys([(said, InRecord.UNKNOWN) for said in STATES], ActionState.UNKNOWN),
}
"""What becomes of what is claimed. What is not in a sheet and not open is nothing."""

STILL_OPEN = (ActionState.RETURNED, ActionState.CANNOT, ActionState.NOT_RETURNED, ActionState.OPEN)


@frozen
class ActionStanding:
    """One Ref, and how it stands.

    Attributes:
        owner: whose it is by the record; by the sheet where the record has nothing to do under this Ref.
        by_when: the day that was kept, or is suggested now; None where there is none.
        action: what there is to do under this Ref now; None if there is nothing.
        written: what stands in the sheet; None where there is no row.
        questions: those of its questions that are open.
        moved_to: the Refs under which they stand now, where that is not this one.
    """

    ref: str
    case: str
    owner: str
    state: ActionState
    by_when: date | None = None
    action: Action | None = None
    written: WrittenBeside | None = None
    questions: tuple[Question, ...] = ()
    moved_to: tuple[str, ...] = ()

    def is_late(self, as_of: date) -> bool:
        """Whether it is open and its day has passed. That day itself is not late; what has moved is late there."""
        return self.state in STILL_OPEN and not self.moved_to and self.by_when is not None and self.by_when < as_of


class PresentRecord:
    """What a screening says now of the questions of rows."""

    def __init__(self, screening: Screening, actions: Iterable[Action]) -> None:
        """Look everything up by case."""
        self._cases, self._closed = frozenset(screening.case_ids), frozenset(screening.closed_cases)
        self._unsure = {*screening.cases_not_begun, *(one.case for one in screening.rejected if one.case)}
        self._rulebook = screening.rulebook
        self._refs = defaultdict[tuple[str, Question], list[str]](list)
        for action in actions:
            for identity, item in action.questions:
                for one in dict.fromkeys((_said(item), "")):
                    self._refs[action.case, (identity, one)].append(action.ref)
        self._findings = defaultdict[tuple[str, str], list[Finding]](list)
        for finding in screening.findings:
            self._findings[finding.case, finding.criterion].append(finding)
        self._concluded = {one.id for one in screening.rulebook.conclusions} | {one.id for one in screening.conclusions}

    def of(self, case: str, questions: Sequence[Question], *, has_action: bool) -> InRecord:
        """What it says of the questions.

        Args:
            case: whose they are.
            questions: the questions; none where a row does not say.
            has_action: whether there is something to do under the Ref of the row.
        """
        if case not in self._cases:
            return InRecord.UNKNOWN if case in self._unsure else InRecord.LEFT
        if case in self._closed:
            return InRecord.LEFT
        known = [self._is_open(case, question) for question in questions]
        if True in known:
            return InRecord.OPEN
        if known and None not in known:
            return InRecord.MET
        return InRecord.OPEN if has_action else InRecord.UNKNOWN

    def called(self, name: str) -> str:
        """The id of a case that a cell names, in any capitals; as it is named if there is none, or several."""
        alike = self._by_name.get(folded(name), ())
        return alike[0] if len(alike) == 1 else name

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[str]]:
        names = defaultdict[str, list[str]](list)
        for case in sorted(self._cases | self._unsure):
            names[folded(fitting(case))].append(case)
        return names

    def open_among(self, case: str, questions: Iterable[Question]) -> tuple[Question, ...]:
        """Those that are open."""
        return tuple(one for one in questions if self._is_open(case, one))

    def refs(self, case: str, questions: Iterable[Question]) -> tuple[str, ...]:
        """The Refs under which they are to be done now."""
        return tuple(dict.fromkeys(ref for one in questions for ref in self._refs.get((case, one), ())))

    def findings(self, case: str, question: Question) -> list[Finding]:
        """What is asked there: of a row that is no longer there, of all of the criterion."""
        every = self._findings.get((case, self._rulebook.renamed.get(question[0], question[0])), [])
        return [one for one in every if question[1] in ("", _said(one.item))] or every

    def _is_open(self, case: str, question: Question) -> bool | None:
        """Whether a question is open; None where the rules no longer ask it."""
        if (case, question) in self._refs:
            return True
        if findings := self.findings(case, question):
            return any(one.outcome not in _MET for one in findings)
        return False if question[0] in self._concluded else None


def _said(item: str) -> str:
    """The key of a row as it stands in a cell."""
    return fitting(item).strip()


def question_line(question: Question) -> str:
    """A question as a line of a cell."""
    identity, item = question
    return f"{identity}: {item}" if item else identity


def questions_in(lines: Iterable[str]) -> tuple[Question, ...]:
    """The questions that lines of a cell name."""
    parts = (line.partition(":") for line in lines)
    return tuple((identity.strip(), item.strip()) for identity, _, item in parts)


def kept_day(action: Action, written: WrittenBeside | None) -> date | None:
    """The day that stands: that of the sheet, unless what is in it has become worse since and is due sooner.

    What falls due has the day on which it does. Without that, each run would move the day, and nothing would be late.
    """
    if written is None or written.by_when is None or action.kind is ActionKind.DUE:
        return action.by_when
    before = folded(written.how_bad)
    was = _HOW_BAD.index(before) if before in _HOW_BAD else 0
    is_worse = _HOW_BAD.index(how_bad(action)) < was
    days = [written.by_when, action.by_when] if is_worse else [written.by_when]
    return min(filter(None, days))


def how_bad(action: Action) -> str:
    """How bad it is, in a word."""
    return URGENT if action.is_urgent else action.severity.value


def why_apart(row: WrittenBeside, record: PresentRecord) -> WrittenBeside:
    """A row whose Ref has nothing to do any more, with what became of it: it may be open under another one."""
    if row.why != GONE:
        return row
    case, questions = record.called(parts_of_ref(row.ref)[0]), questions_in(row.questions)
    now = record.of(case, questions, has_action=False)
    if now is InRecord.LEFT:
        return evolve(row, why="the case is closed, or no longer among the cases")
    if now is not InRecord.OPEN:
        return row
    refs = record.refs(case, record.open_among(case, questions))
    return evolve(row, why=f"it is still open, now under {listed(refs, 'and')}" if refs else "it is still not met")


def row_beside(action: Action, written: WrittenBeside, record: PresentRecord, as_of: date) -> tuple[WrittenBeside, str]:
    """What stands beside an action in the next sheet, and what is said first of what was claimed.

    What was said of something that is met is over: if something else has come under the same Ref since, it begins anew,
    and the notes say so.

    Raises:
        CasescreenError: it is more than a cell can hold.
    """
    state = record.of(action.case, questions_in(written.questions), has_action=True)
    day = f" on {in_words(written.done_on)}" if written.done_on else ""
    if state is InRecord.OPEN:
        return written, f"Returned: said to be done{day}, and still open." if written.progress == DONE else ""
    said = f'Until {in_words(as_of)}: "{written.progress}"{day}. That is met; what stands here now is new.'
    moved = tuple(f"{EVIDENCE}: {line}" for line in written.evidence)
    notes = (*written.notes, said, *moved) if written.progress != TO_DO or day or moved else written.notes
    row = evolve(written, progress=TO_DO, done_on="", evidence=(), notes=notes, by_when=None)
    hold_in_cells(row)
    return row, ""
