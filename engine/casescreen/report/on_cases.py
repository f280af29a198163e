"""Of how many cases each conclusion on a single case holds, where no case is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casescreen.columnar.screening import BulkScreening, OnCases
from casescreen.model.rulebook import Scope, Severity
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.drawn import advice
from casescreen.report.naming import KINDS, and_more, first, group_name
from casescreen.report.options import By, Options
from casescreen.report.proportion import k_of_n
from casescreen.text import counted

_KINDS, _SEVERITIES = tuple(KINDS), tuple(Severity)


def follows_for_cases(found: BulkScreening, options: Options) -> Iterator[Block]:
    """The conclusions that hold of any case, the most pressing first, with how many and what to do."""
    yield Heading("What follows for single cases")
    held = sorted((one for one in found.on_cases if one.cases), key=_urgency)
    shown, more = first(held, options.most)
    if shown:
        yield Outline(tuple(_item(one, found.cases, options) for one in shown), spaced=True)
    else:
        yield Paragraph("Nothing.")
    if more:
        yield Paragraph(and_more(more, "conclusion"))


def _urgency(one: OnCases) -> tuple[int, int]:
    return _KINDS.index(one.rule.kind), _SEVERITIES.index(one.rule.severity)


def _item(one: OnCases, cases: int, options: Options) -> Item:
    said = f"{KINDS[one.rule.kind]}: {one.rule.says} {k_of_n(one.cases, cases)} cases."
    return Item(said, (*_groups(one, options), *advice(one.rule)))


def _groups(one: OnCases, options: Options) -> Iterator[Item]:
    """How many of those cases are whose, if that is asked for; cases of which the record names no one come last."""
    match options.by:
        case By.MANAGER:
            yield from _group_items(Scope.MANAGER, one.by_manager, options.most)
        case By.TEAM:
            yield from _group_items(Scope.TEAM, one.by_team, options.most)
        case _:
            return


def _group_items(scope: Scope, groups: Mapping[str, int], most: int) -> Iterator[Item]:
    held = sorted((name for name, number in groups.items() if number), key=lambda name: (not name, name))
    shown, more = first(held, most)
    for name in shown:
        yield Item(f"{group_name(scope, name)}: {counted(groups[name], 'case')}")
    if more:
        yield Item(and_more(more, scope.value))
