"""What reports call things: criteria, cases, owners and groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from casescreen.model.condition import All, Any, Condition, Not
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
from casescreen.model.screening import Finding, Quoting
from casescreen.text import counted

_Thing = TypeVar("_Thing")

# Conditions that are made of others, as the line above their parts.
TOGETHER: dict[type[Condition], str] = {All: "all of these", Any: "at least one of these", Not: "this is not so"}

# The outcomes that are counted beside k of n, in narrow columns: title, then what the legend says of it.
BESIDE: dict[Outcome, tuple[str, str]] = {
    Outcome.NOT_APPLICABLE: ("n/a", "not applicable"),
    Outcome.NOT_YET_DUE: ("not due", "not yet due"),
    Outcome.NOT_EVIDENCED: (
        "not shown",
        "not evidenced (the record does not show it, which is not to say that it was not done)",
    ),
    Outcome.NEEDS_JUDGEMENT: ("to judge", "needs judgement (a reader has still to answer)"),
}

# What a conclusion on a single case is called, in the order in which reports print them.
KINDS: dict[ConclusionKind, str] = {
    ConclusionKind.ACTION: "Act now",
    ConclusionKind.AREA: "Area for improvement",
    ConclusionKind.STRENGTH: "Strength",
    ConclusionKind.PATTERN: "Pattern",
    ConclusionKind.SUMMARY: "In short",
}

# What each outcome means, for whoever has not read the rules.
OUTCOMES_MEAN: dict[Outcome, str] = {
    Outcome.MET: "What was asked is so: recorded facts show it, or a reader answered yes.",
    Outcome.NOT_MET: "What was asked is not so: recorded facts show the contrary, or a reader answered no.",
    Outcome.NOT_APPLICABLE: "The question does not arise in this case, or a reader said so and why.",
    Outcome.NOT_YET_DUE: "It had not been done at the as-of date, and there was still time.",
    Outcome.NOT_EVIDENCED: "The record does not show it, which is not to say that it was not done.",
    Outcome.NEEDS_JUDGEMENT: "Whether it was good enough is for a reader to say, and none has answered yet.",
}


def text_not_shown(quoting: Quoting) -> str:
    """That what somebody wrote is not in the report, and how to see it; empty where it is, or must not be."""
    if quoting is not Quoting.REFERENCES:
        return ""
    return (
        "What somebody wrote (notes, reasons, descriptions) is not shown. To see it, run this again with --with-text."
    )


def title_of(finding: Finding, rulebook: Rulebook) -> str:
    """The criterion's title, with the row that the finding is about."""
    criterion = rulebook.criterion[finding.criterion]
    if criterion.per is None or not finding.item:
        return criterion.title
    return f"{criterion.title} ({rulebook.dictionary.tables[criterion.per.table].one} {finding.item})"


def group_name(scope: Scope, subject: str) -> str:
    """A manager's or team's name; where the record names none, that it does not."""
    return subject or f"No {scope.value} recorded"


def figure(count: int) -> str:
    """A count in a column; a dash for none."""
    return f"{count:,}" if count else "-"


def legend() -> str:
    """What the columns of counts mean."""
    return "; ".join(f'"{title}" means {meaning}' for title, meaning in BESIDE.values())


def first(things: Iterable[_Thing], most: int) -> tuple[tuple[_Thing, ...], int]:
    """The first ``most`` of the things, and how many more there are; all of them if ``most`` is 0."""
    everything = tuple(things)
    shown = everything[:most] if most else everything
    return shown, len(everything) - len(shown)


def and_more(count: int, one: str) -> str:
    """That a list goes on, and where the rest is."""
    return f"And {counted(count, f'more {one}')}: --most 0 lists them all."
