"""What is to be done in each case: things that are put right together, each by its day, with a Ref that is kept.

There are three kinds of them: what is not met or calls for action, by the piece of work that puts it right; what would
be serious if it were not done, and of which nothing is recorded; and what falls due next. A Ref is made of the case and
of a group: the theme of the criteria, or the theme with which that is put right, together with the field that names who
owns their findings; of the other two kinds, the kind in place of the theme. It never hangs on which findings there are:
so what was written beside a Ref is still about the same work when some of it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from casescreen.conditions.analysis import all_reads
from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.calendar import Duration, OutsideCalendarError, Unit
from casescreen.model.condition import Condition
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import CaseFact, Criterion, FactIs, Rulebook, Severity, worst
from casescreen.model.screening import Conclusion, Finding, Quoting, Screening
from casescreen.report.refs import ref_of
from casescreen.report.sections.accepted import mark
from casescreen.report.sections.cases import doubts
from casescreen.report.wording import conditions_of, title_of, wrong_in_words
from casescreen.text import in_words

Question = tuple[str, str]
"""What a thing to do is about: the id of a criterion or a conclusion, and the key of the row; "" where it has none."""

Group = tuple[str, str]
"""The id of a theme, or a kind that is not to act, and the field that names who owns what is in it."""

DAYS: Mapping[Severity, int] = {Severity.HIGH: 5, Severity.MEDIUM: 20, Severity.LOW: 40}
"""How many working days there are to put right what is not met, from the as-of date: our choice, as no rule says."""

URGENT_DAYS = 1
"""The same where something calls for action now."""

AHEAD_DAYS = max(DAYS.values())
"""What falls due within so many working days is something to do; what falls due later is not yet."""


class ActionKind(Enum):
    """What sort of thing there is to do, in the order in which it comes.

    ACT: something is not met, in doubt, or calls for action.
    CHECK: something would be serious if it were not done, and nothing of it is recorded, or nobody has judged it.
    DUE: something falls due.
    """

    ACT = "act"
    CHECK = "check the file"
    DUE = "due"


@frozen
class ActionStep:
    """One thing to do.

    Attributes:
        theme: the title of the theme that it is about; "" where it is of none.
        says: what is wrong, not known or due.
        remedy: what puts it right; "" where nobody says.
        by_when: the day by which it is to be done; None where the calendar does not reach so far.
        is_urgent: whether it calls for action now.
        questions: what it is about: when all of it is met, it is done.
    """

    theme: str
    says: str
    remedy: str
    severity: Severity
    by_when: date | None
    is_urgent: bool = False
    questions: tuple[Question, ...] = ()


@frozen
class Action:
    """Things to do in a case that are put right together.

    Attributes:
        ref: what it is called, the same in every run; "" in a copy that is to be shared.
        owner: who owns it; "" where the record names nobody.
        steps: what is to be done, what is due first at its head; of one day, in the order of severity.
        formerly: what parts of it would be called if each theme were put right by itself, as each once was.
    """

    ref: str
    kind: ActionKind
    case: str
    owner: str
    team: str
    steps: tuple[ActionStep, ...]
    formerly: tuple[str, ...] = ()

    @property
    def by_when(self) -> date | None:
        """The earliest day by which a part of it is to be done; None where there is none."""
        return min((step.by_when for step in self.steps if step.by_when), default=None)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What its parts are about, each once."""
        return tuple(dict.fromkeys(one for step in self.steps for one in step.questions))

    @property
    def severity(self) -> Severity:
        """The worst of its parts."""
        return worst(step.severity for step in self.steps)

    @property
    def is_urgent(self) -> bool:
        """Whether something in it calls for action now."""
        return any(step.is_urgent for step in self.steps)


def actions_of(screening: Screening, cases: Iterable[CaseSummary]) -> tuple[Action, ...]:
    """What there is to do in open cases: to act on, then to check, then what falls due.

    Of each kind what is due first comes first, then in the order of the cases given. An action is closed when nothing
    of its group is left to act on, to check or to come: then it is not here.
    """
    order = [*ActionKind]
    actions = _ActionsOfCases(screening)
    every = [action for case in cases if not case.closed for action in actions.of_case(case)]
    return tuple(sorted(every, key=lambda action: (order.index(action.kind), action.by_when or date.max)))


class _ActionsOfCases:
    """Makes the actions of cases of a screening."""

    def __init__(self, screening: Screening) -> None:
        self._screening = screening
        self._rulebook = screening.rulebook
        self._groups = _Groups(screening.rulebook)
        self._titles = {theme.id: theme.title for theme in screening.rulebook.themes}
        self._ahead: dict[str, list[Finding]] = {}
        self._numbered: set[tuple[str, str, str]] = set()
        for finding in screening.findings:
            if finding.numbered:
                self._numbered.add((finding.case, finding.criterion, finding.item))
            if finding.outcome is Outcome.NOT_YET_DUE and self._is_near(finding.due):
                self._ahead.setdefault(finding.case, []).append(finding)

    def of_case(self, case: CaseSummary) -> Iterator[Action]:
        """The actions of a case, the kinds in their order."""
        ahead = self._ahead.get(case.id, [])
        owners = self._owners(case, ahead)
        for kind, steps in (
            (ActionKind.ACT, self._to_act_on(case)),
            (ActionKind.CHECK, self._to_check(case)),
            (ActionKind.DUE, self._due(ahead)),
        ):
            parts: dict[Group, list[ActionStep]] = {}
            for group, step in steps:
                parts.setdefault(group, []).append(step)
            for group, several in parts.items():
                shared = self._screening.quoting is Quoting.NOTHING
                ref = "" if shared else ref_of(case.id, group)
                formerly = () if shared else tuple(ref_of(case.id, one) for one in self._groups.parts_of(group))
                ordered = tuple(sorted(several, key=lambda step: step.by_when or date.max))
                yield Action(ref, kind, case.id, owners.get(group[1], ""), case.team, ordered, formerly)

    def _to_act_on(self, case: CaseSummary) -> Iterator[tuple[Group, ActionStep]]:
        told = {about for conclusion in case.actions for about in conclusion.findings}
        urgent = self._day(URGENT_DAYS)
        for one in case.actions:
            theme, owner = self._groups.of_conclusion(one)
            says = f"Act now{mark(self._screening, one)}: {one.says}"
            about = ((one.id, ""), *map(self._question, one.findings))
            title = self._titles.get(theme, "")
            step = ActionStep(title, says, one.remedy, one.severity, urgent, is_urgent=True, questions=about)
            yield self._groups.joined(theme, owner), step
        for finding in (*case.failed, *case.doubted):
            if (finding.case, finding.criterion, finding.item) not in told:
                again = f"Read the case again, and answer: {self._rulebook.criterion[finding.criterion].question}"
                failed = finding.outcome is Outcome.NOT_MET
                says = wrong_in_words(finding, self._rulebook) if failed else self._in_doubt(finding)
                says += mark(self._screening, finding)
                remedy = finding.remedy if failed and finding.remedy else again
                yield self._group(finding), self._step(finding, says, remedy, self._by_when(finding))

    def _to_check(self, case: CaseSummary) -> Iterator[tuple[Group, ActionStep]]:
        for finding in case.serious:
            criterion = self._rulebook.criterion[finding.criterion]
            title = title_of(finding, self._rulebook)
            if finding.outcome is Outcome.NEEDS_JUDGEMENT:
                says, remedy = f"Not judged yet: {title}.", f"Read the case, and answer: {criterion.question}"
            else:
                says, remedy = f"Not recorded: {title}.", f"Look in the file, and record it: {criterion.question}"
            says += mark(self._screening, finding)
            yield (
                (ActionKind.CHECK.value, criterion.owner),
                self._step(finding, says, remedy, self._by_when(finding)),
            )

    def _due(self, ahead: Iterable[Finding]) -> Iterator[tuple[Group, ActionStep]]:
        for finding in ahead:
            criterion = self._rulebook.criterion[finding.criterion]
            says = f"Due {in_words(finding.due)}: {title_of(finding, self._rulebook)}."
            group = ActionKind.DUE.value, criterion.owner
            yield group, self._step(finding, says, f"Do it in time: {criterion.question}", finding.due)

    def _step(self, finding: Finding, says: str, remedy: str, by_when: date | None) -> ActionStep:
        theme = self._rulebook.criterion[finding.criterion].theme
        about = self._question((finding.case, finding.criterion, finding.item))
        title = self._titles.get(theme, "")
        return ActionStep(title, says, remedy, finding.severity, by_when, questions=(about,))

    def _question(self, about: tuple[str, str, str]) -> Question:
        """What is asked there. A row without a key has another number once one before it goes: so all are meant."""
        return about[1], "" if about in self._numbered else about[2]

    def _in_doubt(self, finding: Finding) -> str:
        beside = " ".join(f"{doubt.rstrip('.')}." for doubt in doubts(finding))
        return f"Look again: {title_of(finding, self._rulebook)}. {beside}".strip()

    def _group(self, finding: Finding) -> Group:
        criterion = self._rulebook.criterion[finding.criterion]
        return self._groups.joined(criterion.theme, criterion.owner)

    def _owners(self, case: CaseSummary, ahead: Iterable[Finding]) -> Mapping[str, str]:
        """Whom each field that names an owner names in the case, as far as its findings tell."""
        every = (*case.failed, *case.doubted, *case.undecided, *ahead)
        owners = {self._rulebook.criterion[finding.criterion].owner: finding.owner for finding in reversed(every)}
        return {self._rulebook.roles.manager: case.manager, **owners}

    def _by_when(self, finding: Finding) -> date | None:
        """The day by severity, counted from the as-of date, or the deadline if that is to come and is sooner."""
        days = [self._day(DAYS[finding.severity]), finding.due if self._is_ahead(finding.due) else None]
        return min(filter(None, days), default=None)

    def _is_ahead(self, due: date | None) -> bool:
        return due is not None and due > self._screening.as_of

    def _is_near(self, due: date | None) -> bool:
        """Whether something falls due soon; where the calendar does not reach so far, whenever it falls due."""
        until = self._day(AHEAD_DAYS)
        return due is not None and (until is None or due <= until)

    def _day(self, working_days: int) -> date | None:
        try:
            length = Duration(working_days, Unit.WORKING_DAY, local=True)
            return self._rulebook.calendar.deadline(self._screening.as_of, length)
        except OutsideCalendarError:
            return None


class _Groups:
    """The groups of conclusions and findings to act on, by the rulebook alone.

    A conclusion belongs to the theme and owner of a criterion that it rests on; one that rests on facts only to the
    likeliest. Each field that the facts read has one vote, which those share whose criteria read it; of as many votes,
    the first of the rulebook has them.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[str, Group] = {}
        self._together = {theme.id: theme.put_right_with or theme.id for theme in rulebook.themes}

    def joined(self, theme: str, owner: str) -> Group:
        """The group of what is of a theme and has an owner."""
        return self._together.get(theme, theme), owner

    def parts_of(self, group: Group) -> Iterator[Group]:
        """The groups that would be there if the themes that are put right with that of a group were not."""
        theme, owner = group
        return ((one, owner) for one, root in self._together.items() if root == theme != one)

    def of_conclusion(self, conclusion: Conclusion) -> Group:
        """The theme and owner of a conclusion that holds of a case."""
        if conclusion.findings:
            return _theme_and_owner(self._rulebook.criterion[conclusion.findings[0][1]])
        if conclusion.id not in self._known:
            rule = self._rulebook.conclusion.get(conclusion.id)
            facts = {one.fact for one in rule.premises if isinstance(one, FactIs)} if rule else set[str]()
            self._known[conclusion.id] = self._likeliest(fact for fact in self._rulebook.facts if fact.id in facts)
        return self._known[conclusion.id]

    def _likeliest(self, facts: Iterable[CaseFact]) -> Group:
        votes = dict.fromkeys(self._readers, Fraction())
        for name in self._fields(fact.when for fact in facts):
            readers = [group for group, read in self._readers.items() if name in read]
            for group in readers:
                votes[group] += Fraction(1, len(readers))
        most = max(votes.values(), default=0)
        nobodys = "", self._rulebook.roles.manager
        return next((group for group, number in votes.items() if number == most), nobodys) if most else nobodys

    @cached_property
    def _readers(self) -> Mapping[Group, Collection[str]]:
        """What the criteria of each theme and owner read."""
        readers: dict[Group, set[str]] = {}
        for criterion in self._rulebook.criteria:
            readers.setdefault(_theme_and_owner(criterion), set()).update(self._fields(conditions_of(criterion)))
        return readers

    def _fields(self, conditions: Iterable[Condition]) -> frozenset[str]:
        known = self._rulebook.parameters, self._rulebook.derived
        return frozenset(f.full_name for one in conditions for _, f in all_reads(one, *known) if f is not None)


def _theme_and_owner(criterion: Criterion) -> Group:
    return criterion.theme, criterion.owner


def refs_possible(rulebook: Rulebook, cases: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Every Ref that things to do in these cases can have: as it is or was called, as it is called, and the case."""
    groups = _Groups(rulebook)
    known = [
        (group, (*groups.parts_of(group), group)) for group in (*groups_of(rulebook), ("", rulebook.roles.manager))
    ]
    for case in cases:
        for group, called in known:
            ref = ref_of(case, group)
            for one in called:
                yield (ref if one == group else ref_of(case, one)), ref, case


def groups_of(rulebook: Rulebook) -> tuple[Group, ...]:
    """Every group that actions by the rulebook can have: each makes a Ref of its own in a case."""
    groups, owners = _Groups(rulebook), dict.fromkeys(one.owner for one in rulebook.criteria)
    to_act_on = dict.fromkeys(groups.joined(one.theme, one.owner) for one in rulebook.criteria)
    others = ((kind.value, owner) for kind in (ActionKind.CHECK, ActionKind.DUE) for owner in owners)
    return (*to_act_on, *others)
