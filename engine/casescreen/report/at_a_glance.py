"""What a report says first, as values: what to act on, what needs work, what is not known, and what is weakest.

And, in words, what the head of a report says of records: that some of it is of a later day, or is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice

from attrs import frozen

from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary, case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Rulebook, Severity, Status
from casescreen.model.screening import Conclusion, Count, Finding, IssueKind, Rate, Screening, Summary, number
from casescreen.text import counted

_FEWEST_WEAK = 5
_MOST_WEAK, _MOST_DUE = 3, 3
_ASKED = (Outcome.MET, Outcome.NOT_MET, *UNDECIDED)


@frozen
class CaseLine:
    """A case, and what there is in it.

    Attributes:
        owner: who manages it; "" where the record does not say.
        number: of how many things.
        says: each of them in a few words, the worst first.
    """

    case: str
    owner: str
    number: int
    says: tuple[str, ...]


@frozen
class ActionLine:
    """What is to be done or to be checked, in a few words, and in how many cases; where no case is listed."""

    says: str
    cases: int


@frozen
class ThemeLine:
    """A theme, and how many findings of its criteria are met, of those that are met or not met."""

    title: str
    met: int
    of: int


@frozen
class DueLine:
    """What falls due in a case, in a few words, and by when."""

    case: str
    says: str
    due: date


@frozen
class AtAGlance:
    """The whole of a report in short.

    Attributes:
        act_now: the cases that call for action now, the worst first; none where no case is listed.
        actions: what calls for action now, most cases first; where no case is listed.
        acting: how many cases call for action; None where that cannot be told.
        need_work: how many others have something to act on or to look at again; None where that cannot be told.
        nothing_found: the other open cases; none where no case is listed.
        closed: how many cases are closed; None where that is not told.
        check_first: the cases of which nothing is recorded that would be serious if it were not done, the most at
            stake first.
        left_out: how many records were left out.
        unreadable: how many values could not be read.
        themes: in the rulebook's order; those of which something is met or not met.
        weakest: the rates with the lowest shares, the lowest first; of too few cases, none.
        look_again: how many findings there are in which facts and a reader's answer do not go together.
        due_next: what falls due first.
        unverified: how many of the numbers that rules use nobody could verify.
        thin: the open cases whose records say next to nothing, by id.
        questions: how many questions are asked by now, in open cases; of all cases where none is listed; None where
            that is not told.
        open_questions: of how many of them the record does not show the answer, or a reader has still to give it.
        open_cases: in how many cases there are such; None where that cannot be told.
        not_met: how many questions have the answer no, where no case is listed; else None.
        to_check: what would be serious if it were not done, and in how many cases nothing of it is known, most first;
            where no case is listed.
        first_step: what would put right the gravest thing of the first case that calls for action; "" where none does.
    """

    act_now: tuple[CaseLine, ...]
    actions: tuple[ActionLine, ...]
    acting: Count | None
    need_work: Count | None
    nothing_found: tuple[CaseSummary, ...]
    closed: int | None
    check_first: tuple[CaseLine, ...]
    left_out: Count
    unreadable: int
    themes: tuple[ThemeLine, ...]
    weakest: tuple[Rate, ...]
    look_again: int
    due_next: tuple[DueLine, ...]
    unverified: int
    thin: tuple[str, ...]
    questions: int | None
    open_questions: int | None
    open_cases: int | None
    not_met: int | None
    to_check: tuple[ActionLine, ...]
    first_step: str = ""

    @property
    def things(self) -> int:
        """How many things there are to act on now, in all cases."""
        return sum(line.number for line in self.act_now) + sum(line.cases for line in self.actions)


def at_a_glance(result: Summary, cases: Sequence[CaseSummary] | None = None) -> AtAGlance:
    """The whole of a report in short; ``cases`` are those of ``case_summaries``, where they are there already."""
    rulebook = result.rulebook
    if cases is None:
        cases = case_summaries(result) if isinstance(result, Screening) else ()
    acting = [case for case in cases if case.actions]
    others = [case for case in cases if case.needs_attention and not case.actions]
    listed = isinstance(result, Screening)
    figures = not listed and not result.suppressed_under
    asked, undecided = _asked(cases) if listed else _asked_of_all(result) if figures else (None, None)
    return AtAGlance(
        first_step=acting[0].actions[0].remedy if acting else "",
        act_now=tuple(_line(case, [_in_short(one, rulebook) for one in case.actions]) for case in acting),
        actions=_actions(result) if figures else (),
        acting=len(acting) if listed else None,
        need_work=len(others) if listed else None,
        nothing_found=tuple(case for case in cases if not case.needs_attention and not case.closed),
        closed=result.closed,
        check_first=_check_first(rulebook, cases),
        left_out=result.left_out,
        unreadable=_unreadable(result),
        themes=_themes(result),
        weakest=weakest(result.rates, rulebook),
        look_again=sum(len(case.doubted) for case in cases if not case.closed),
        due_next=_due_next(result) if isinstance(result, Screening) else (),
        unverified=sum(one.status is Status.UNVERIFIED for one in rulebook.parameters.values()),
        thin=tuple(sorted(case.id for case in cases if case.is_thin)),
        questions=asked,
        open_questions=undecided,
        open_cases=sum(bool(case.undecided) for case in cases if not case.closed) if listed else None,
        not_met=sum(rate.count(Outcome.NOT_MET) for rate in result.rates) if figures else None,
        to_check=_to_check(result) if figures else (),
    )


def _line(case: CaseSummary, says: Iterable[str]) -> CaseLine:
    every = tuple(says)
    return CaseLine(case.id, case.manager, len(every), tuple(dict.fromkeys(every)))


def _in_short(conclusion: Conclusion, rulebook: Rulebook) -> str:
    rule = rulebook.conclusion.get(conclusion.id)
    return (rule and rule.short) or conclusion.says


def _actions(result: Summary) -> tuple[ActionLine, ...]:
    held = [one for one in result.on_cases if one.cases and one.rule.kind is ConclusionKind.ACTION]
    return tuple(ActionLine(one.rule.short, one.cases) for one in sorted(held, key=lambda one: -one.cases))


def _to_check(result: Summary) -> tuple[ActionLine, ...]:
    lines = []
    for rate in result.rates:
        criterion = result.rulebook.criterion[rate.criterion]
        if criterion.severity is Severity.HIGH and (unknown := rate.cases_asked - rate.cases_known):
            lines.append(ActionLine(criterion.short, unknown))
    return tuple(sorted(lines, key=lambda line: -line.cases))


def _asked(cases: Iterable[CaseSummary]) -> tuple[int, int]:
    """How many questions are asked in open cases, and how many of them are open."""
    still = [case for case in cases if not case.closed]
    asked = sum(case.counts[outcome] for case in still for outcome in _ASKED)
    return asked, sum(len(case.undecided) for case in still)


def _asked_of_all(result: Summary) -> tuple[int, int]:
    asked = sum(rate.count(outcome) for rate in result.rates for outcome in _ASKED)
    return asked, sum(rate.count(outcome) for rate in result.rates for outcome in UNDECIDED)


def _check_first(rulebook: Rulebook, cases: Iterable[CaseSummary]) -> tuple[CaseLine, ...]:
    serious = sorted((case for case in cases if case.serious), key=lambda case: case.id)
    serious.sort(key=lambda case: case.at_stake, reverse=True)
    return tuple(_line(case, [rulebook.criterion[one.criterion].short for one in case.serious]) for case in serious)


def _unreadable(result: Summary) -> int:
    if isinstance(result, Screening):
        return sum(issue.kind is IssueKind.UNREADABLE for issue in result.issues)
    return sum(one.number for one in result.issue_counts if one.kind is IssueKind.UNREADABLE)


def _themes(result: Summary) -> tuple[ThemeLine, ...]:
    lines = []
    for theme in result.rulebook.themes:
        rates = [rate for rate in result.rates if result.rulebook.criterion[rate.criterion].theme == theme.id]
        shown = [rate.shown for rate in rates if rate.shown is not None]
        if of := sum(number for _, number in shown):
            lines.append(ThemeLine(theme.title, sum(met for met, _ in shown), of))
    return tuple(lines)


def weakest(rates: Sequence[Rate], rulebook: Rulebook, most: int = _MOST_WEAK) -> tuple[Rate, ...]:
    """The rates with the lowest shares, the lowest first, and of as low ones that of most cases; of too few, none."""
    fewest = max(rulebook.bands.minimum, _FEWEST_WEAK)
    shares = {}
    for rate in rates:
        if rate.shown is not None and rate.shown[1] >= fewest and rate.shown[0] < rate.shown[1]:
            shares[rate.criterion] = (Fraction(*rate.shown), -rate.shown[1])
    weak = [rate for rate in rates if rate.criterion in shares]
    return tuple(sorted(weak, key=lambda rate: shares[rate.criterion])[:most])


def due_ahead(result: Screening) -> Iterator[tuple[date, Finding]]:
    """What falls due in open cases from the as-of date on, each with its day: the first first, then by case."""
    closed = frozenset(result.closed_cases)
    ahead = [
        (one.due, one)
        for one in result.findings
        if one.outcome is Outcome.NOT_YET_DUE and one.due is not None and one.case not in closed
    ]
    yield from sorted(ahead, key=lambda pair: (pair[0], pair[1].case))


def _due_next(result: Screening) -> tuple[DueLine, ...]:
    criteria = result.rulebook.criterion
    soonest = islice(due_ahead(result), _MOST_DUE)
    return tuple(DueLine(one.case, criteria[one.criterion].short, day) for day, one in soonest)


def at_an_earlier_day(result: Summary) -> str:
    """That work of later days does not count; "" where there is none in the records."""
    if not result.later:
        return ""
    dates = counted(result.later, "date, row or answer", "dates, rows and answers")
    are = "is of a later day and does" if result.later == 1 else "are of later days and do"
    return f"{dates} in the records {are} not count. Facts without a date are taken as they stand."


def without_manager(result: Summary) -> str:
    """How many cases name nobody who holds them, where others do; "" where none."""
    blank, role = number(result.manager_sizes.get("", 0)), result.rulebook.roles.manager
    if not blank or len(result.manager_sizes) == 1:
        return ""
    label = result.rulebook.dictionary.fields[role].label
    return f"{counted(blank, 'case names', 'cases name')} no {label}."
