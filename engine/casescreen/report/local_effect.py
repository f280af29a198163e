"""What a profile changes in given cases: which findings, beside those without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from casescreen.model.screening import Finding, Screening
from casescreen.report.blocks import Block, Column, Grid, Heading, Paragraph
from casescreen.text import counted, in_words, visible

Key = tuple[str, str, str]


@frozen
class LocalEffect:
    """What is otherwise under a profile.

    Attributes:
        changed: findings with another outcome, as they are without it and with it.
        moved: findings with the outcome that they had, which are due on another day.
        off: findings that are not made, as their question is switched off.
        added: findings on questions of the profile's own.
        all: how many findings there are without the profile.
    """

    changed: tuple[tuple[Finding, Finding], ...]
    moved: tuple[tuple[Finding, Finding], ...]
    off: tuple[Finding, ...]
    added: tuple[Finding, ...]
    all: int


def effect_of(without: Screening, with_it: Screening) -> LocalEffect:
    """What is otherwise in one screening than in another of the same cases as at the same day."""
    before, after = _by_key(without.findings), _by_key(with_it.findings)
    both = [(one, after[key]) for key, one in before.items() if key in after]
    return LocalEffect(
        changed=tuple((old, new) for old, new in both if old.outcome is not new.outcome),
        moved=tuple((old, new) for old, new in both if old.outcome is new.outcome and old.due != new.due),
        off=tuple(one for key, one in before.items() if key not in after),
        added=tuple(one for key, one in after.items() if key not in before),
        all=len(before),
    )


def _by_key(findings: Iterable[Finding]) -> Mapping[Key, Finding]:
    return {(one.case, one.criterion, one.item): one for one in findings}


def effect_blocks(without: Screening, with_it: Screening, name: str) -> Iterator[Block]:
    """What a profile changes, counted and listed.

    Args:
        without: the cases without it.
        with_it: the same with it.
        name: what the profile is called.
    """
    effect = effect_of(without, with_it)
    yield Heading(f"What {visible(name)} changes", level=1)
    cases = counted(len(with_it.case_ids), "case")
    if effect.changed:
        touched = len({new.case for _, new in effect.changed})
        findings = f"{counted(len(effect.changed), 'finding')} in {counted(touched, 'case')}"
        yield Paragraph(f"It changes {findings}, of {effect.all:,} in {cases}, as at {in_words(with_it.as_of)}.")
        titles = ("Case", "Question", "Row", "Without it", "With it", "Due then", "Due now")
        rows = tuple(_row(old, new, with_it) for old, new in effect.changed)
        yield _without_empty(titles, rows)
    else:
        yield Paragraph(
            f"It changes none of the {counted(effect.all, 'finding')} in {cases}, as at {in_words(with_it.as_of)}."
        )
    if effect.moved:
        yield Paragraph(f"{_findings(effect.moved)} due on another day, and the same otherwise.")
    if effect.off:
        yield Paragraph(f"{_findings(effect.off)} not made, as the question is switched off.")
    if effect.added:
        yield Paragraph(f"{_findings(effect.added)} new, on questions that it adds: {_outcomes(effect.added)}.")


def _row(old: Finding, new: Finding, screening: Screening) -> tuple[str, ...]:
    days = [in_words(one.due) if one.due is not None else "" for one in (old, new)]
    if days[0] == days[1]:
        days = ["", ""]
    title = screening.rulebook.criterion[new.criterion].short
    return (visible(new.case), title, visible(new.item), old.outcome.value, new.outcome.value, *days)


def _without_empty(titles: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Grid:
    """The table without columns that are empty in every row."""
    shown = [number for number in range(len(titles)) if any(row[number] for row in rows)]
    return Grid(
        tuple(Column(titles[number]) for number in shown), tuple(tuple(row[number] for number in shown) for row in rows)
    )


def _findings(of: tuple[object, ...]) -> str:
    return f"{len(of):,} {'finding is' if len(of) == 1 else 'findings are'}"


def _outcomes(findings: Iterable[Finding]) -> str:
    counts: dict[str, int] = {}
    for one in findings:
        counts[one.outcome.value] = counts.get(one.outcome.value, 0) + 1
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
