"""What changed since an earlier run as plain values for the page's templates."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from casescreen.model.change import ChangeKind, Comparison
from casescreen.report.sections.change_groups import ChangeGroup, ChangeLine, change_groups
from casescreen.report.sections.changes import OPEN_MEANS, balance, headline, notes, since

_AT_FIRST = 6
"""How many lines of a group are seen before it is opened."""

_BEHIND = (ChangeKind.ANSWER_AWAITED, ChangeKind.MET_NOW, ChangeKind.NOT_YET_DUE, ChangeKind.STILL_OPEN)
"""The classes of which nothing is seen before they are opened: most of what they hold was so before, or is well."""


@frozen
class LineOnPage:
    """A case, whose it is, and what became of the findings in it."""

    case: str
    owner: str
    says: str


@frozen
class GroupOnPage:
    """The findings of which the same became.

    Attributes:
        first: the lines that are seen; none where all of them are behind the title.
        rest: the lines behind them.
    """

    title: str
    meaning: str
    number: int
    first: tuple[LineOnPage, ...]
    rest: tuple[LineOnPage, ...]


@frozen
class ChangesOnPage:
    """All of it: in a line, in groups, in figures that balance, and what has to be known to read it."""

    title: str
    says: str
    groups: tuple[GroupOnPage, ...]
    balance: tuple[str, ...]
    cases: tuple[tuple[str, tuple[str, ...]], ...]


def changes_on_page(comparison: Comparison) -> ChangesOnPage:
    """What changed, what is new first, and last what is still open; in each class a line a case."""
    return ChangesOnPage(
        title=since(comparison),
        says=f"{headline(comparison)}.",
        groups=tuple(map(_group, change_groups(comparison))),
        balance=(*balance(comparison), OPEN_MEANS, *notes(comparison)),
        cases=tuple(
            (title, tuple(ids))
            for title, ids in (
                ("Cases that are new", comparison.new_cases),
                ("Cases that left", comparison.left_cases),
                ("Records that cannot be used now", comparison.rejected_cases),
            )
            if ids
        ),
    )


def _group(group: ChangeGroup) -> GroupOnPage:
    lines, is_worse = tuple(_by_case(group)), group.lines[0].change.is_worse
    shown = 0 if group.kind in _BEHIND and not is_worse else _AT_FIRST
    return GroupOnPage(group.title, group.meaning, len(group.lines), lines[:shown], lines[shown:])


def _by_case(group: ChangeGroup) -> Iterator[LineOnPage]:
    """A line for each case, in which what the same became of is told together; the gravest case comes first."""
    cases: dict[str, list[ChangeLine]] = {}
    for line in group.lines:
        cases.setdefault(line.case, []).append(line)
    for case, lines in cases.items():
        alike: dict[str, list[str]] = {}
        for line in lines:
            alike.setdefault(line.became, []).append(line.short)
        says = "; ".join(f"{', '.join(shorts)}: {became}" for became, shorts in alike.items())
        owners = ", ".join(dict.fromkeys(line.owner for line in lines if line.owner))
        yield LineOnPage(case, owners, says)
