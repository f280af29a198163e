"""A rulebook as a value: dictionary, criteria, conclusions, parameters and calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import Factory, field, frozen

from casescreen.model.calendar import Duration, WorkingCalendar
from casescreen.model.case import ID
from casescreen.model.condition import Condition, FromParameter, Literal, Not, Recorded, Within
from casescreen.model.dictionary import Dictionary, Field, Value
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer

if TYPE_CHECKING:
    from casescreen.model.in_force import ProfileInForce


@frozen
class Roles:
    """The fields of a case that name the person who is responsible for it, and the team.

    Attributes:
        manager: the full name of the field; "" where no field names one, and then nothing groups cases by it.
        team: the same for the team.
    """

    manager: str = ""
    team: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that there are, each once."""
        return tuple(dict.fromkeys(filter(None, (self.manager, self.team))))


class Severity(Enum):
    """How much a criterion that is not met matters, worst first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def worst(severities: Iterable[Severity]) -> Severity:
    """The worst of them; low if there are none."""
    return min(severities, key=tuple(Severity).index, default=Severity.LOW)


class Status(Enum):
    """Whose number a parameter is."""

    STATUTORY = "statutory"
    NATIONAL = "national"
    LOCAL = "local"
    OURS = "ours"
    UNVERIFIED = "unverified"

    @property
    def is_local(self) -> bool:
        """Whether no law and no national standard says so: then local holidays count."""
        return self in (Status.LOCAL, Status.OURS, Status.UNVERIFIED)


@frozen
class Document:
    """A source that criteria and parameters cite."""

    id: str
    title: str
    note: str = ""


@frozen
class Source:
    """Where a criterion or a number comes from."""

    document: Document
    paragraph: str = ""
    note: str = ""

    def __str__(self) -> str:
        return f"{self.document.title}{f', paragraph {self.paragraph}' if self.paragraph else ''}"


@frozen
class Variation:
    """A parameter's value for the cases whose field has a certain value."""

    field: Field
    value: Value
    then: Value | Duration


@frozen
class Follows:
    """How the value of a parameter comes of those of another, so that both move together.

    Attributes:
        parameter: the name of the other, which stands before it.
        by: how much longer it is, for each of the other's values; None where it is the longest of them.
    """

    parameter: str
    by: Duration | None = None


@frozen
class Parameter:
    """A named value that rules use, with its source.

    Attributes:
        value: what it is where no variation holds.
        variations: what it is for some cases; the first whose field has its value counts.
            Where a variation's field is not recorded, the parameter is unknown for that case.
        follows: what its value comes of; None where it is written out.
    """

    name: str
    label: str
    value: Value | Duration
    status: Status
    source: Source
    variations: tuple[Variation, ...] = ()
    follows: Follows | None = None

    @property
    def values(self) -> tuple[Value | Duration, ...]:
        """All that it can be."""
        return (self.value, *(variation.then for variation in self.variations))

    @property
    def counts_local_holidays(self) -> bool:
        """Whether it is a limit in working days for which local holidays are none."""
        return any(isinstance(one, Duration) and one.local for one in self.values)


@frozen
class Band:
    """A range of rates with a name: from ``at_least`` per cent up to the next band."""

    id: str
    label: str
    at_least: int


@frozen
class BandSet:
    """Other limits for the bands that there are, which a criterion may ask for.

    Attributes:
        label: what its rates are of, in the plural: "steps that must always be taken".
        bands: the same bands in the same order, each with another ``at_least``.
    """

    id: str
    label: str
    bands: tuple[Band, ...]


@frozen
class Bands:
    """The closed vocabulary that a rate falls into.

    Attributes:
        bands: from the highest to the lowest; the lowest starts at 0.
        minimum: a rate of fewer than this many cases is in no band, but ``too few``.
        known: so is one of which fewer of the cases asked, in per cent, are met or not met; 0 where any number will do.
        sets: other limits for the same bands, by id.
    """

    bands: tuple[Band, ...]
    minimum: int
    status: Status
    source: Source
    known: int = 0
    sets: Mapping[str, BandSet] = Factory(dict)

    TOO_FEW = "too few"

    def of(self, met: int, of: int, known: int, asked: int, limits: str = "") -> str:
        """The id of the band that ``met`` of ``of`` falls in, with ``known`` of the cases ``asked`` behind them.

        ``limits`` is the id of a set; "" for the usual ones.
        """
        if known < self.minimum or known * 100 < self.known * asked:
            return self.TOO_FEW
        bands = self.sets[limits].bands if limits else self.bands
        return next(band.id for band in bands if met * 100 >= band.at_least * of)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every band, ``too few`` last."""
        return (*(band.id for band in self.bands), self.TOO_FEW)


@frozen
class Due:
    """A deadline: the last day within a length of time of a date."""

    within: Literal | FromParameter
    of: Field

    @property
    def known(self) -> Condition:
        """A condition that is unknown where the deadline is not known, for want of the same fields.

        The start is held against itself: that is within any time, where both are known.
        """
        return Within(self.of, self.within, self.of)


@frozen
class PerRow:
    """A criterion that is asked of each chosen row of a table, and not once of the case."""

    table: str
    where: Condition | None


@frozen
class Flag:
    """A fact that challenges or informs a reader's judgement when its condition is true."""

    id: str
    says: str
    when: Condition


MISSING = "{missing}"
"""What stands in a shortfall for the rows or values that failed."""


@frozen
class Shortfall:
    """What is said of a criterion that is not met where a condition is true."""

    says: str
    when: Condition


@frozen
class NotAsked:
    """Why a question is not asked at all, where a condition is true.

    Attributes:
        says: why, in words that the reason begins with.
        everywhere: whether it is about every criterion of the rulebook, and so on the case where rows are asked.
    """

    says: str
    when: Condition
    everywhere: bool = False


@frozen
class Example:
    """A small record and the outcome that the criterion must have for it."""

    given: Mapping[str, object]
    outcome: Outcome
    as_of: date
    answer: ReadersAnswer
    reason: str
    flags: tuple[str, ...] | None
    note: str
    line: int = field(default=0, eq=False)


@frozen
class Criterion:
    """One inspection question.

    Attributes:
        id: the stem of its file.
        theme: the id of the theme, the name of its folder.
        applies: when the question is asked; None is always.
        met: what facts answer it; None where a reader does.
        due: by when; None is no deadline.
        per: the rows that it is asked of; None where it is asked of the case.
        owner: the field that names who owns the finding; "" where the rulebook names no manager.
        remedy: what would put it right.
        help: how the criterion reads its source and what it cannot see, for people; may be empty.
        not_asked: when it is not asked at all, those of the whole rulebook first.
        bands: the id of the set of limits by which its rate falls into a band; "" for the usual ones.
        shortfall: the sentence that is said where it is not met; "" where there is none.
        shortfalls: others, the first of which whose condition is true is said instead.
        among: what the cases have in common that it is asked of, as it follows "in 9 of 16 cases"; may be empty.
        short: its title in a few words, for lists and charts.
        phrase: how it is said that it is met, in the past and inside a sentence; "" where only the title says it.
        stage: the stage of the work that it is about, one of the rulebook's; "" where it is of none.
        waivable: whether somebody may accept a finding of it for a while; it decides no outcome.
    """

    id: str
    theme: str
    title: str
    question: str
    basis: Basis
    severity: Severity
    source: Source
    remedy: str
    owner: str
    help: str = ""
    applies: Condition | None = None
    met: Condition | None = None
    due: Due | None = None
    per: PerRow | None = None
    flags: tuple[Flag, ...] = ()
    examples: tuple[Example, ...] = ()
    file: str = field(default="", eq=False)
    not_asked: tuple[NotAsked, ...] = ()
    bands: str = ""
    shortfall: str = ""
    shortfalls: tuple[Shortfall, ...] = ()
    among: str = ""
    short: str = ""
    phrase: str = ""
    stage: str = ""
    waivable: bool = True

    @property
    def asked_where(self) -> tuple[Condition, ...]:
        """All that must be true for it to be asked, of a case or of a row that it chooses."""
        denials = tuple(Not(one.when) for one in self.not_asked)
        return denials if self.applies is None else (*denials, self.applies)


@frozen
class Theme:
    """A group of criteria.

    Attributes:
        put_right_with: the id of a theme together with which it is put right, so that both are one thing to do; ""
            where it is put right by itself.
        waivable: whether findings of its criteria may be accepted, as far as each of them says nothing else.
    """

    id: str
    title: str
    put_right_with: str = ""
    waivable: bool = True


class CheckKind(Enum):
    """What is so of a record that a check holds of.

    IMPOSSIBLE: values in it cannot be, and are not believed.
    UNUSUAL: it is believed, and is to be looked at.
    """

    IMPOSSIBLE = "impossible"
    UNUSUAL = "unusual"


@frozen
class CheckExample:
    """A small record, and whether the check holds of it as at a day."""

    given: Mapping[str, object]
    as_of: date
    holds: bool


@frozen
class Check:
    """A rule about the record itself, and never about the work.

    Attributes:
        says: what is wrong or unusual, as a statement.
        when: when it is so.
        advice: what to do; "" where that is plain.
        table: the table of each of whose rows it is asked; "" where it is asked of the case.
        disbelieved: what is not believed then, and so is not known; nothing of what is unusual.
    """

    id: str
    kind: CheckKind
    says: str
    when: Condition
    advice: str = ""
    table: str = ""
    disbelieved: tuple[Field, ...] = ()
    examples: tuple[CheckExample, ...] = ()
    file: str = field(default="", eq=False)


@frozen
class DerivedSource:
    """One of the places that a derived field may come from.

    Attributes:
        when: when it does; None is always.
        field: the field that gives it; None where ``value`` does.
        value: what it is, where no field gives it.
        plus: a length of time, of whose days after the field's it is the last; None where it is the field's own value.
    """

    when: Condition | None
    field: Field | None
    value: Value | None = None
    plus: Literal | FromParameter | None = None

    @property
    def known(self) -> Condition | None:
        """A condition that is unknown where what stands for its field gives no value; None where it needs no field."""
        if self.field is None:
            return None
        return Recorded(self.field, True) if self.plus is None else Within(self.field, self.plus, self.field)


@frozen
class DerivedField:
    """A field that rules read and no record has: the first of its sources whose condition is true gives it.

    It is worked out when a record is made ready. It is not known where a condition that is reached is unknown, or where
    what gives it stands there and is not known. Where nothing gives it, it is not recorded.
    """

    field: Field
    sources: tuple[DerivedSource, ...]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Conditions that read all that it is worked out from, and nothing else."""
        each = (condition for source in self.sources for condition in (source.when, source.known))
        return tuple(condition for condition in each if condition is not None)


class Scope(Enum):
    """What a conclusion is about."""

    CASE = "case"
    SAMPLE = "sample"
    MANAGER = "manager"
    TEAM = "team"


class ConclusionKind(Enum):
    """What a conclusion tells the reader, in the order in which reports print it.

    An exception tells that a step which must always be taken was not; it is of no single case. Premises tell nothing:
    others rest on them, and no report prints them.
    """

    ACTION = "action"
    AREA = "area"
    EXCEPTION = "exception"
    STRENGTH = "strength"
    PATTERN = "pattern"
    SUMMARY = "summary"
    PREMISE = "premise"


@frozen
class CaseFact:
    """A named condition on a case that conclusions may use."""

    id: str
    says: str
    when: Condition


@frozen
class OutcomeIs:
    """A finding of the criterion has one of these outcomes."""

    criterion: str
    outcomes: tuple[Outcome, ...]


@frozen
class FactIs:
    """A named fact is true of the case."""

    fact: str


@frozen
class FlagIs:
    """A flag of a criterion is raised on the case."""

    criterion: str
    flag: str


@frozen
class RateIn:
    """The rate of the criterion, over the cases in scope, falls in one of these bands.

    Attributes:
        minimum: and rests on at least so many known cases; 0 where the bands alone ask.
    """

    criterion: str
    bands: tuple[str, ...]
    minimum: int = 0


@frozen
class Concluded:
    """Another conclusion of the same scope holds."""

    conclusion: str


Premise = OutcomeIs | FactIs | FlagIs | RateIn | Concluded


@frozen
class ConclusionRule:
    """A statement that holds when all, or any, of its premises do.

    Attributes:
        short: what it says in a few words, for lists.
        sentence: the same as a whole sentence, which says what and for whom; "" where there is none.
    """

    id: str
    on: Scope
    kind: ConclusionKind
    says: str
    every: bool
    premises: tuple[Premise, ...]
    remedy: str = ""
    note: str = ""
    severity: Severity = Severity.HIGH
    short: str = ""
    sentence: str = ""


@frozen
class LetterAddition:
    """Something that no record holds, and that whoever sends a letter is to write into it.

    Attributes:
        says: what it is, in a few words.
        theme: the id of the theme under which it belongs; "" is the summary.
    """

    says: str
    theme: str = ""


@frozen
class LetterText:
    """What a letter says beside what was found.

    Attributes:
        purpose: what the work is for, in a sentence or two.
        sample: the fields, choices of the case, by which the letter describes the cases.
        add: what the sender is to write into it.
        closing: what follows its next steps, a paragraph each.
    """

    purpose: str = ""
    sample: tuple[str, ...] = ()
    add: tuple[LetterAddition, ...] = ()
    closing: tuple[str, ...] = ()


LETTER_MINIMUM_KNOWN = "letter_minimum_known"
"""The parameter that says how many in a hundred of the questions asked must be decided before there is a letter."""


@frozen(slots=False)
class Rulebook:
    """Everything that a screening needs to know, and its hash.

    Attributes:
        hash: SHA-256 over the content of its files, and local holidays, in hexadecimal; comments and layout do not
            enter it.
        criteria: in order of theme, paragraph and id.
        conclusions: in the file's order.
        derived: the derived fields, each after those that it names: of the case, and then of rows.
        open_cases: the fact that says which cases are open; of a case of which it is false no action is concluded. ""
            where all are.
        language: the version of the rule language that it is written in.
        renamed: ids that criteria had before, and what they are called now.
        stages: the stages of the work, in its order; criteria name them.
        letter: what a letter says beside what was found.
        profile: what is local in it; None where it is as its files say, but for local holidays.
    """

    id: str
    title: str
    version: str
    about: str
    hash: str
    dictionary: Dictionary
    calendar: WorkingCalendar
    documents: Mapping[str, Document]
    themes: tuple[Theme, ...]
    parameters: Mapping[str, Parameter]
    bands: Bands
    criteria: tuple[Criterion, ...]
    facts: tuple[CaseFact, ...]
    conclusions: tuple[ConclusionRule, ...]
    roles: Roles = Roles()
    checks: tuple[Check, ...] = ()
    derived: tuple[DerivedField, ...] = ()
    open_cases: str = ""
    language: int = 1
    renamed: Mapping[str, str] = Factory(dict)
    stages: tuple[str, ...] = ()
    letter: LetterText = LetterText()
    profile: ProfileInForce | None = None

    @cached_property
    def answerable(self) -> Mapping[str, Criterion]:
        """The criteria by the ids that an answer may name: those they have, and those that they had before.

        So too those that a profile switches off: an answer to one is no mistake, and is passed over.
        """
        off = {} if self.profile is None else {one.id: one for one in self.profile.criteria_off}
        named = {**off, **self.criterion}
        before = {old: named[new] for old, new in self.renamed.items() if new in named}
        return {**before, **named}

    @property
    def is_open(self) -> Condition | None:
        """The condition that is false of closed cases; None where no case is closed."""
        return next((fact.when for fact in self.facts if fact.id == self.open_cases), None)

    def concludes_on_open_cases_only(self, rule: ConclusionRule) -> bool:
        """Whether it is a conclusion that holds of no closed case."""
        return bool(self.open_cases) and rule.on is Scope.CASE and rule.kind is ConclusionKind.ACTION

    @cached_property
    def criterion(self) -> Mapping[str, Criterion]:
        """The criteria by id."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def conclusion(self) -> Mapping[str, ConclusionRule]:
        """The conclusions by id."""
        return {rule.id: rule for rule in self.conclusions}

    @cached_property
    def references(self) -> frozenset[str]:
        """The full names of the texts that name a case, an owner, a team or a row. Every other text is free."""
        owners = (criterion.owner for criterion in self.criteria)
        keys = (f"{table.name}.{table.key}" for table in self.dictionary.tables.values() if table.key)
        return frozenset((ID, *self.roles.fields, *owners, *keys))
