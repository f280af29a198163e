"""What changed between two runs on one screen, in at most 45 lines for any number of changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.model.change import Comparison
from casescreen.report.formats.plain_text import NARROWEST, clipped, width_of, wrap
from casescreen.report.sections.change_groups import ChangeLine, change_groups, newly_failing
from casescreen.report.sections.changes import OPEN_MEANS, balance, headline, notes, title_of

_MOST_FAILING = 8
_MOST_NOTES = 5
_MOST_OF_EACH = 2
_LONGEST_ID, _LONGEST_OWNER = 24, 20
_OWNERS_FROM = 80


def changes_screen(comparison: Comparison, width: int) -> str:
    """The screen as text, no line wider than ``width`` (or 60, if that is less)."""
    room = max(width, NARROWEST)
    parts = (
        [clipped(title_of(comparison), room)],
        _short(f"{headline(comparison)}.", room) if comparison.differs else [],
        list(_failing(comparison, room)),
        list(_kinds(comparison, room)),
        [line for said in (*balance(comparison), OPEN_MEANS) for line in _short(said, room)],
        [line for said in notes(comparison)[:_MOST_NOTES] for line in _short(said, room)],
        ["See more: --full for every change"] if comparison.differs else [],
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _short(said: str, width: int) -> list[str]:
    """The words on a line or two; cut where they take more."""
    lines = wrap(said, width, rest="  ")
    if len(lines) <= _MOST_OF_EACH:
        return lines
    rest = " ".join(line.strip() for line in lines[_MOST_OF_EACH - 1 :])
    return [*lines[: _MOST_OF_EACH - 1], f"  {clipped(rest, width - 2)}"]


def _failing(comparison: Comparison, width: int) -> Iterator[str]:
    lines = newly_failing(comparison)
    if not lines:
        yield "NEWLY NOT MET: none" if comparison.differs else "NOTHING CHANGED"
        return
    yield f"NEWLY NOT MET ({len(lines):,}), gravest first in each sort"
    shown = lines[:_MOST_FAILING]
    yield from _table(shown, width)
    if len(lines) > len(shown):
        yield f"  and {len(lines) - len(shown):,} more: --full"


def _table(lines: Sequence[ChangeLine], width: int) -> Iterator[str]:
    heads = [""] * len(lines)
    owners = [line.owner if width >= _OWNERS_FROM else "" for line in lines]
    for texts, longest in (([line.case for line in lines], _LONGEST_ID), (owners, _LONGEST_OWNER)):
        if any(texts):
            column = [clipped(text, longest) for text in texts]
            wide = max(map(width_of, column))
            padded = [text + " " * (wide - width_of(text)) for text in column]
            heads = [f"{head}  {text}" for head, text in zip(heads, padded, strict=True)]
    for head, line in zip(heads, lines, strict=True):
        start = f"{head}  "
        yield start + clipped(line.says, width - width_of(start))


def _kinds(comparison: Comparison, width: int) -> Iterator[str]:
    groups = change_groups(comparison)
    if not groups:
        return
    yield "WHAT BECAME OF FINDINGS"
    numbers = [f"{len(group.lines):,}" for group in groups]
    wide, longest = max(map(len, numbers)), max(len(group.title) for group in groups)
    for group, number in zip(groups, numbers, strict=True):
        start = f"  {group.title:<{longest}}  {number:>{wide}}  "
        yield start + clipped(group.meaning, width - width_of(start))
