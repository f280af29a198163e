"""What somebody has signed: a statement about files as they were, and how those files stand now."""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen

from casescreen.model.problem import Problem


class SubjectKind(Enum):
    """What sort of thing is signed, in the order in which it is told: the first part of its name."""

    RULES = "rules"
    PROFILE = "profile"
    MAPPING = "mapping"
    CASES = "cases"
    FINDINGS = "findings"
    ANSWERS = "answers"
    MODERATED = "moderated"
    WAIVERS = "waivers"
    SAMPLE = "sample"
    DOCUMENT = "documents"


@frozen
class SignedSubject:
    """One of the things that are signed.

    Attributes:
        kind: what sort of thing it is.
        name: its file, from the folder that all of its kind have in common; of rules, the rulebook; "" for all case
            files together.
        digest: SHA-256, in hexadecimal: of the file's bytes; of rules and of all case files, over all of them.
        content: the same of what it says, whatever way it is written; "" where nothing in it is read.
    """

    kind: SubjectKind
    name: str
    digest: str
    content: str = ""

    @property
    def full_name(self) -> str:
        """What it is called among all that is signed."""
        return f"{self.kind.value}/{self.name}" if self.name else self.kind.value


@frozen(kw_only=True)
class SignOff:
    """A statement: who says what, of which things, on which day.

    Attributes:
        number: which statement of its file it is, from 1.
        previous: SHA-256 of the line before it, in hexadecimal; "" for the first.
        says: what is stated, in words.
        by: who states it, as it was typed.
        role: as what.
        on: the day, as it was typed.
        as_of: the day as at which the findings stand.
        cases_hash: of what the cases say that were screened: all that are signed, or those of a sample.
        taken_on: the day on which the records were taken.
        strict: whether records were left out as soon as anything in them could not be read.
        settings: what was set for the run alone, each as ``name=value``.
        holidays: the local holidays that were named.
        made_with: the version of casescreen.
    """

    number: int
    previous: str
    says: str
    by: str
    role: str
    on: date
    as_of: date
    cases_hash: str
    taken_on: date
    strict: bool
    settings: tuple[str, ...]
    holidays: tuple[date, ...]
    made_with: str
    subjects: tuple[SignedSubject, ...]

    def of(self, kind: SubjectKind) -> tuple[SignedSubject, ...]:
        """The subjects of a kind."""
        return tuple(one for one in self.subjects if one.kind is kind)


class SubjectState(Enum):
    """How a subject stands beside what was signed, those to look at first.

    SAVED_AGAIN: its bytes are others, and what is read in it is the same.
    NOT_GIVEN: nothing was named that it could be held against.
    ADDED: it stands among the others now, and was not signed.
    """

    CHANGED = "changed"
    NOT_THERE = "not there"
    ADDED = "was not signed"
    SAVED_AGAIN = "saved again"
    NOT_GIVEN = "not given"
    RENAMED = "matches, under another name"
    MATCHES = "matches"


@frozen
class SubjectCheck:
    """A subject, and how it stands.

    Attributes:
        kind: what sort of thing it is.
        name: its full name, as it was signed; of what was not signed, as it is now.
        why: what there is to know of that, as a clause; "" where the state says it all.
    """

    kind: SubjectKind
    name: str
    state: SubjectState
    why: str = ""

    @property
    def is_change(self) -> bool:
        """Whether it is not what was signed."""
        return self.state not in (SubjectState.MATCHES, SubjectState.RENAMED, SubjectState.NOT_GIVEN)


@frozen
class ChangedFinding:
    """A finding, or the rows without a key of a case and criterion, that are not as they were.

    Attributes:
        then: what was found, in words, as far as it is another now.
        now: the same of what is found.
    """

    case: str
    criterion: str
    item: str
    then: str
    now: str


@frozen(kw_only=True)
class Verification:
    """A statement, held against the files as they are.

    Attributes:
        file: the file of statements.
        statements: how many lines it has.
        sign_off: the statement.
        faults: what is wrong with the lines of the file, and with the code.
        code_of: the number of the statement whose code was given; None where none was, or no line has it.
        has_code: whether a code was given.
        checks: every subject, in the order in which they are told.
        findings: which findings changed; None where that is not known.
    """

    file: str
    statements: int
    sign_off: SignOff
    faults: tuple[Problem, ...] = ()
    code_of: int | None = None
    has_code: bool = False
    checks: tuple[SubjectCheck, ...]
    findings: tuple[ChangedFinding, ...] | None = None

    @property
    def changed(self) -> tuple[SubjectCheck, ...]:
        """The subjects that are not what was signed."""
        return tuple(one for one in self.checks if one.is_change)

    @property
    def not_given(self) -> tuple[SubjectCheck, ...]:
        """The subjects that could not be held against anything."""
        return tuple(one for one in self.checks if one.state is SubjectState.NOT_GIVEN)


@frozen(kw_only=True)
class SignedRun:
    """What a report says of the last statement: who signed, and whether the run is what they signed.

    Attributes:
        by: who, as it was typed; "" in a copy with pseudonyms.
        role: as what; "" in the same.
        on: the day.
        number: which statement of its file it is.
        as_of: the day as at which the findings that were signed stand.
        changed: what is not as it was signed, by the value of its kind.
    """

    by: str
    role: str
    on: date
    number: int
    as_of: date
    changed: tuple[str, ...]
