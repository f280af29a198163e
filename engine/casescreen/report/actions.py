"""What is to be done in each case: findings that are put right together, by when, and a Ref that is kept.

A Ref is the id of the case, a hyphen, three characters for the group of findings, and one to check the rest by. The
group is the theme of the criteria together with the field that names who owns their findings, and never which of them
are not met: so what was written beside a Ref is still about the same work when some of it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

from attrs import frozen

from casescreen.conditions.analysis import all_reads
from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.calendar import Duration, OutsideCalendarError, Unit
from casescreen.model.condition import Condition
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import CaseFact, Criterion, FactIs, Rulebook, Severity, worst
from casescreen.model.screening import Conclusion, Finding, Quoting, Screening
from casescreen.report.sections.cases import doubts
from casescreen.report.wording import conditions_of, title_of, wrong_in_words

Group = tuple[str, str]
"""The id of a theme, and the field that names who owns the findings of its criteria."""

DAYS: Mapping[Severity, int] = {Severity.HIGH: 5, Severity.MEDIUM: 20, Severity.LOW: 40}
"""How many working days there are to put right what is not met, from the as-of date: our choice, as no rule says."""

URGENT_DAYS = 1
"""The same where something calls for action now."""

# Those of Crockford: none that is taken for another one.
_CODE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 3
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@frozen
class Action:
    """Things to do in a case that are put right together.

    Attributes:
        ref: what it is called, the same in every run; "" in a copy that is to be shared.
        about: the title of the theme.
        owner: who owns it; "" where the record names nobody.
        severity: the worst of its parts.
        by_when: the earliest day by which a part of it is to be done; None where the calendar does not reach so far.
        conclusions: what calls for action now, the worst first.
        findings: what is not met and does not stand in a conclusion already, the worst first, and what is in doubt.
    """

    ref: str
    case: str
    about: str
    owner: str
    team: str
    severity: Severity
    by_when: date | None
    conclusions: tuple[Conclusion, ...]
    findings: tuple[Finding, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether something in it calls for action now."""
        return bool(self.conclusions)

    @property
    def things(self) -> int:
        """How many things are to be done."""
        return len(self.conclusions) + len(self.findings)


def actions_of(screening: Screening, cases: Iterable[CaseSummary]) -> tuple[Action, ...]:
    """What there is to do in open cases: what is due first comes first, then in the order of the cases given.

    It is closed when nothing of its group is not met, in doubt, or calls for action any more: then it is not here.
    """
    groups = _Groups(screening.rulebook)
    actions = [action for case in cases if not case.closed for action in _of_case(screening, case, groups)]
    return tuple(sorted(actions, key=lambda action: action.by_when or date.max))


def _of_case(screening: Screening, case: CaseSummary, groups: _Groups) -> Iterator[Action]:
    rulebook = screening.rulebook
    told = {about for conclusion in case.actions for about in conclusion.findings}
    parts: dict[Group, tuple[list[Conclusion], list[Finding]]] = {}
    for conclusion in case.actions:
        parts.setdefault(groups.of_conclusion(conclusion), ([], []))[0].append(conclusion)
    for finding in (*case.failed, *case.doubted):
        if (finding.case, finding.criterion, finding.item) not in told:
            parts.setdefault(group_of(rulebook.criterion[finding.criterion]), ([], []))[1].append(finding)
    owners = _owners(rulebook, case)
    titles = {theme.id: theme.title for theme in rulebook.themes}
    is_shared = screening.quoting is Quoting.NOTHING
    for group, (conclusions, findings) in parts.items():
        yield Action(
            ref="" if is_shared else ref_of(case.id, group),
            case=case.id,
            about=titles.get(group[0], ""),
            owner=owners.get(group[1], ""),
            team=case.team,
            severity=worst([*(one.severity for one in conclusions), *(one.severity for one in findings)]),
            by_when=_by_when(screening, conclusions, findings),
            conclusions=tuple(conclusions),
            findings=tuple(findings),
        )


def _owners(rulebook: Rulebook, case: CaseSummary) -> Mapping[str, str]:
    """Whom each field that names an owner names in the case, as far as its findings tell."""
    every = (*case.failed, *case.doubted, *case.undecided)
    owners = {rulebook.criterion[finding.criterion].owner: finding.owner for finding in reversed(every)}
    return {rulebook.roles.manager: case.manager, **owners}


def _by_when(screening: Screening, conclusions: Sequence[Conclusion], findings: Sequence[Finding]) -> date | None:
    """The earliest of the days for its parts: by severity, counted from the as-of date, or by a deadline to come."""
    days = [URGENT_DAYS] if conclusions else [DAYS[finding.severity] for finding in findings]
    ahead = [one.due for one in findings if one.due is not None and one.due > screening.as_of]
    try:
        length = Duration(min(days), Unit.WORKING_DAY, local=True)
        return min([screening.rulebook.calendar.deadline(screening.as_of, length), *ahead])
    except OutsideCalendarError:
        return min(ahead, default=None)


def group_of(criterion: Criterion) -> Group:
    """The group that the findings of a criterion belong to."""
    return criterion.theme, criterion.owner


class _Groups:
    """The groups of conclusions: that of a criterion they rest on; of those that rest on facts only, the likeliest.

    Each field that the facts read has one vote, which the groups share whose criteria read it; of groups with as many
    votes, the first of the rulebook has it. So it hangs on the rulebook alone.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[str, Group] = {}

    def of_conclusion(self, conclusion: Conclusion) -> Group:
        """The group of a conclusion that holds of a case."""
        if conclusion.findings:
            return group_of(self._rulebook.criterion[conclusion.findings[0][1]])
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
        """What the criteria of each group read."""
        readers: dict[Group, set[str]] = {}
        for criterion in self._rulebook.criteria:
            readers.setdefault(group_of(criterion), set()).update(self._fields(conditions_of(criterion)))
        return readers

    def _fields(self, conditions: Iterable[Condition]) -> frozenset[str]:
        known = self._rulebook.parameters, self._rulebook.derived
        return frozenset(f.full_name for one in conditions for _, f in all_reads(one, *known) if f is not None)


def ref_of(case: str, group: Group) -> str:
    """The Ref of a group of findings of a case: made of these two alone, and so the same in every run."""
    number = int.from_bytes(sha256("\n".join(group).encode()).digest()[:2], "big")
    code = "".join(_CODE[number >> shift & 31] for shift in range(0, 5 * _CODE_LENGTH, 5))
    begun = f"{case}-{code}"
    return f"{begun}{_check_character(begun)}"


def _check_character(text: str) -> str:
    """The check character by ISO/IEC 7064, MOD 37,36; capitals make no difference, and signs between do not count."""
    check = 36
    for character in text.upper():
        for figure in character if character in _CHECKED else str(ord(character)) if character.isalnum() else "":
            check = (check + _CHECKED.index(figure)) % 36 or 36
            check = check * 2 % 37
    return _CHECKED[(37 - check) % 36]


def what_is_wrong(action: Action, rulebook: Rulebook) -> tuple[str, ...]:
    """What is wrong, a line for each thing: what calls for action now, what is not met, what is in doubt."""
    lines = [f"Act now: {one.says}" for one in action.conclusions]
    for finding in action.findings:
        if finding.outcome is Outcome.NOT_MET:
            lines.append(wrong_in_words(finding, rulebook))
        else:
            beside = " ".join(f"{doubt.rstrip('.')}." for doubt in doubts(finding))
            lines.append(f"Look again: {title_of(finding, rulebook)}. {beside}".strip())
    return tuple(dict.fromkeys(lines))


def what_to_do(action: Action, rulebook: Rulebook) -> tuple[str, ...]:
    """What puts it right, a line for each thing; what puts several right is said once."""
    lines = [one.remedy for one in action.conclusions]
    for finding in action.findings:
        again = f"Read the case again, and answer: {rulebook.criterion[finding.criterion].question}"
        lines.append(finding.remedy if finding.outcome is Outcome.NOT_MET and finding.remedy else again)
    return tuple(filter(None, dict.fromkeys(lines)))
