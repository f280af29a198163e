"""What falls due in the days to come, whose it is, and what a list of it cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from attrs import frozen

from casescreen.model.case import NOT_CONFIRMED
from casescreen.model.outcome import Deadline, Outcome
from casescreen.model.rulebook import Severity, Status
from casescreen.model.screening import Finding, Screening
from casescreen.report.at_a_glance import due_ahead
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.wording import parameters_of
from casescreen.text import counted, in_words, listed

NO_OWNER = "No owner recorded"
CALENDAR_NAME = "In the calendar"
_OPEN = (Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT)


@frozen
class DueItem:
    """One thing that falls due.

    Attributes:
        owner: who owns it; "" where the record names nobody.
        says: what it is, in a few words.
        due: its last day.
        severity: how much it matters if it is not met.
        calendar_name: what a calendar calls the case; "" where there is none.
    """

    case: str
    owner: str
    says: str
    due: date
    severity: Severity
    calendar_name: str = ""


@frozen
class DueList:
    """What falls due from a day on, and what is not in the list of it.

    Attributes:
        as_of: the first day.
        until: the last day.
        items: by owner, those without one last; of an owner, what is due first comes first.
        later: how many more fall due after the last day.
        next_later: when the first of them does.
        overdue: how many questions are not met whose day has passed.
        overdue_cases: in how many cases.
        overdue_open: of how many whose day has passed the record does not show the answer, or a reader has to give it.
        unknown: of how many the record does not show whether, or when, they are due.
        unverified: the numbers, by their labels, that days in the list were measured by and that nobody could verify.
        confirmed: whether somebody has looked at what the columns of the tables mean.
    """

    as_of: date
    until: date
    items: tuple[DueItem, ...]
    later: int
    next_later: date | None
    overdue: int
    overdue_cases: int
    overdue_open: int
    unknown: int
    unverified: tuple[str, ...]
    confirmed: bool = True

    @property
    def title(self) -> str:
        """What the list is of."""
        return f"Due from {in_words(self.as_of)} to {in_words(self.until)}"


def due_list(
    screening: Screening, days: int, calendar_names: Mapping[str, str] | None = None, *, confirmed: bool = True
) -> DueList:
    """What falls due in open cases from the as-of date on, that day and the last of so many days after it included.

    Args:
        screening: what was found.
        days: how many days after the as-of date.
        calendar_names: what a calendar calls each case.
        confirmed: whether somebody has looked at what the columns of the tables mean.
    """
    until, names = screening.as_of + timedelta(days=days), calendar_names or {}
    ahead = list(due_ahead(screening))
    now = [(day, one) for day, one in ahead if day <= until]
    later = [day for day, _ in ahead if day > until]
    items = [_item(screening, one, day, names) for day, one in now]
    overdue, still_open, unknown = _not_listed(screening)
    return DueList(
        as_of=screening.as_of,
        until=until,
        items=tuple(sorted(items, key=lambda one: (not one.owner, one.owner, one.due))),
        later=len(later),
        next_later=min(later, default=None),
        overdue=len(overdue),
        overdue_cases=len({one.case for one in overdue}),
        overdue_open=still_open,
        unknown=unknown,
        unverified=_unverified(screening, [one for _, one in now]),
        confirmed=confirmed,
    )


def _item(screening: Screening, finding: Finding, day: date, names: Mapping[str, str]) -> DueItem:
    short = screening.rulebook.criterion[finding.criterion].short
    says = f"{short}: {finding.item}" if finding.item else short
    return DueItem(finding.case, finding.owner, says, day, finding.severity, names.get(finding.case, ""))


def _not_listed(screening: Screening) -> tuple[list[Finding], int, int]:
    """In open cases: what is not met and was due, how many open ones were due, and of how many that is not known."""
    closed = frozenset(screening.closed_cases)
    overdue, still_open, unknown = list[Finding](), 0, 0
    for finding in screening.findings:
        deadline = finding.standing.deadline
        if finding.case in closed:
            continue
        if deadline is Deadline.PASSED and finding.outcome is Outcome.NOT_MET:
            overdue.append(finding)
        elif finding.outcome in _OPEN:
            still_open += deadline is Deadline.PASSED
            unknown += deadline is Deadline.UNKNOWN
    return overdue, still_open, unknown


def _unverified(screening: Screening, findings: Iterable[Finding]) -> tuple[str, ...]:
    rulebook = screening.rulebook
    criteria = dict.fromkeys(one.criterion for one in findings)
    used = (one for name in criteria for one in parameters_of(rulebook.criterion[name], rulebook))
    return tuple(dict.fromkeys(one.label for one in used if one.status is Status.UNVERIFIED))


def by_owner(due: DueList) -> Mapping[str, list[DueItem]]:
    """What each owner has to do, by name; what nobody owns comes last."""
    owned: dict[str, list[DueItem]] = {}
    for item in due.items:
        owned.setdefault(item.owner, []).append(item)
    return owned


def in_short(due: DueList) -> str:
    """How much falls due, in a sentence."""
    if not due.items:
        return f"Nothing falls due in these {counted((due.until - due.as_of).days, 'day')}."
    cases = counted(len({item.case for item in due.items}), "case")
    return f"{counted(len(due.items), 'thing falls', 'things fall')} due, in {cases}."


def beside_the_list(due: DueList, where: str) -> Iterator[str]:
    """What is to be known beside the list, a sentence or two for each.

    Args:
        due: the list.
        where: what tells of what was due before, as it is typed.
    """
    if due.next_later is not None:
        yield f"Later: {counted(due.later, 'thing falls', 'things fall')} due from {in_words(due.next_later)} on."
    if due.overdue:
        cases = counted(due.overdue_cases, "case")
        yield (
            f"Not met, and the day has passed: {counted(due.overdue, 'question')} in {cases}, done late or not at all."
        )
    if due.overdue_open:
        open_ = counted(due.overdue_open, "question")
        yield f"The day has passed, and it is not recorded, or nobody has judged it: {open_}."
    if due.overdue or due.overdue_open:
        yield f"To see what was due before, type: {where}"
    if due.unknown:
        yield (
            f"The record does not show whether, or when, they are due: {counted(due.unknown, 'question')}. "
            "They may fall due in these days too."
        )
    if due.unverified:
        yield f"Measured by what nobody could verify: {listed(due.unverified, 'and')}. Check before you rely on a day."
    if not due.confirmed:
        yield NOT_CONFIRMED


def due_blocks(due: DueList, where: str) -> Iterator[Block]:
    """The list as a page: a table for each owner, and what is not in it."""
    yield Heading(due.title, 1)
    yield Paragraph(in_short(due))
    named = any(item.calendar_name for item in due.items)
    columns = (
        Column("Last day", whole=True),
        Column("Days", figures=True),
        Column("Case", whole=True),
        *((Column(CALENDAR_NAME, whole=True),) if named else ()),
        Column("What falls due"),
        Column("Severity", whole=True),
    )
    for owner, items in by_owner(due).items():
        yield Heading(f"{owner or NO_OWNER}: {len(items):,}")
        yield Grid(columns, tuple(_texts(item, due.as_of, named=named) for item in items))
    if lines := tuple(Item(line) for line in beside_the_list(due, where)):
        yield Heading("Beside this list")
        yield Outline(lines)


def _texts(item: DueItem, as_of: date, *, named: bool) -> tuple[str, ...]:
    name = (item.calendar_name,) if named else ()
    days = str((item.due - as_of).days)
    return (in_words(item.due), days, item.case, *name, item.says, item.severity.value)
