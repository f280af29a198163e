"""What changed between two runs, in words: in a line, in figures that balance, on one screen, and in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casescreen.model.change import ChangeKind, Comparison, open_in
from casescreen.model.outcome import Outcome
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import NARROWEST, clipped, width_of, wrap
from casescreen.report.sections.change_groups import CLASSES, ChangeLine, change_groups, classes, newly_failing
from casescreen.text import counted, in_words, listed, visible

OPEN_MEANS = "Open is what is not met, or not evidenced."

_MOST_NAMED = 5
_MOST_FAILING = 8
_MOST_NOTES = 5
_MOST_OF_EACH = 2
_LONGEST_ID, _LONGEST_OWNER = 24, 20
_OWNERS_FROM = 80
_MOVE_NOTHING = (ChangeKind.MET_NOW, ChangeKind.NOT_YET_DUE)
"""The kinds by which nothing becomes open that was not, or the other way round."""


def headline(comparison: Comparison) -> str:
    """How many findings became what, in a line: what is new first, and last what is still open."""
    if not comparison.differs:
        still = len(comparison.of(ChangeKind.STILL_OPEN))
        return f"nothing changed; {still:,} still open" if still else "nothing changed"
    said, worse = [], any(one.is_worse for one in comparison.changes)
    for kind, words, changes in classes(comparison):
        number = sum(one.is_difference for one in changes) if kind is ChangeKind.ANSWER_AWAITED else len(changes)
        if number and kind not in _MOVE_NOTHING:
            more = "more " if kind is ChangeKind.STILL_OPEN and words is CLASSES[kind] and worse else ""
            said.append(words.after(number).replace(" ", f" {more}", 1))
    failing = sum(one.is_failing for one in comparison.changes)
    rows = rows_more_open(comparison)
    of_rows = f"{abs(rows):,} {'more' if rows > 0 else 'fewer'} open in rows without a key" if rows else ""
    parts = "; ".join(filter(None, (", ".join(said), of_rows, _cases_moved(comparison))))
    return f"{f'{failing:,}' if failing else 'nothing'} newly not met{f'. {parts}' if parts else ''}"


def since(comparison: Comparison) -> str:
    """Since when, in words."""
    return f"Since {in_words(comparison.old.as_of)}"


def doubt(comparison: Comparison) -> str:
    """What speaks against comparing them at all; "" where nothing does."""
    return "" if comparison.in_both else "No case is in both: look whether they are of the same caseload."


def rows_more_open(comparison: Comparison) -> int:
    """How many more findings are open than were, in rows that have no key."""
    return sum(open_in(one.after) - open_in(one.before) for one in comparison.numbered)


def _cases_moved(comparison: Comparison) -> str:
    said = [
        counted(len(ids), one, many)
        for ids, one, many in (
            (comparison.new_cases, "case came", "cases came"),
            (comparison.left_cases, "case left", "cases left"),
            (comparison.rejected_cases, "record cannot be used now", "records cannot be used now"),
        )
        if ids
    ]
    return ", ".join(said)


def balance(comparison: Comparison) -> list[str]:
    """How many findings were open and are, and what went and came between, so that it adds up."""
    before, after = open_in(comparison.before), open_in(comparison.after)
    came = listed(_moved(comparison, came=True), "and") or "none"
    went = listed(_moved(comparison, came=False), "and") or "none"
    said = [f"{before:,} open then, {after:,} now. Came: {came}. Went: {went}.", _failing(comparison)]
    awaited = Outcome.NEEDS_JUDGEMENT
    if comparison.before[awaited] or comparison.after[awaited]:
        said.append(f"Answers awaited: {comparison.before[awaited]:,} then, {comparison.after[awaited]:,} now.")
    cases = [
        f"{len(ids):,} {words}"
        for ids, words in (
            (comparison.new_cases, "new"),
            (comparison.left_cases, "left"),
            (comparison.rejected_cases, "with a record that cannot be used now"),
        )
        if ids
    ]
    numbers = f"Cases: {len(comparison.old.cases):,} then, {len(comparison.new.cases):,} now"
    said.append(f"{numbers}: {listed(cases, 'and')}." if cases else f"{numbers}.")
    rejected = [run.records_rejected for run in (comparison.old, comparison.new)]
    if any(rejected):
        said.append(f"Records that could not be used: {rejected[0]:,} then, {rejected[1]:,} now.")
    return said


def _failing(comparison: Comparison) -> str:
    counts = [f"{tally[Outcome.NOT_MET]:,}" for tally in (comparison.before, comparison.after)]
    return f"Not met: {counts[0]} then, {counts[1]} now."


def _moved(comparison: Comparison, *, came: bool) -> list[str]:
    """How many became open, or were and are not, by kind; and what rows without a key add."""
    said = []
    for kind, words in CLASSES.items():
        changes = comparison.of(kind)
        number = sum(one.is_open and not one.was_open if came else one.was_open and not one.is_open for one in changes)
        if number:
            said.append(words.after(number))
    rows = rows_more_open(comparison)
    if rows and (rows > 0) is came:
        said.append(f"{abs(rows):,} in rows without a key")
    return said


def notes(comparison: Comparison) -> list[str]:
    """What has to be known to read it, and what cannot be told."""
    return list(_notes(comparison))


def _notes(comparison: Comparison) -> Iterator[str]:
    old, new = comparison.old, comparison.new
    if doubtful := doubt(comparison):
        yield doubtful
    if comparison.rules:
        named = [f"{visible(one.id)} ({one.how})" for one in comparison.rules]
        shown = [*named[:_MOST_NAMED], *([f"{len(named) - _MOST_NAMED:,} more"] if len(named) > _MOST_NAMED else [])]
        yield f"The rules are not the same: {listed(shown, 'and')}."
    elif old.rulebook_hash != new.rulebook_hash:
        yield (
            f"The rulebook is not the same (version {visible(old.version)} then, {visible(new.version)} now), though "
            "each criterion is decided alike: checks of the records, words or days off may differ."
        )
    if old.cases_hash and old.cases_hash == new.cases_hash and old.as_of < new.as_of:
        yield "The records say the same in both: what changed is the day, and perhaps the rules."
    if unnamed := new.rejected_unnamed:
        records = counted(unnamed, "record could", "records could")
        yield f"{records} not be used now, and which is not known: a case that seems to have left can be among them."
    if old.rejected_unnamed:
        records = counted(old.rejected_unnamed, "record could", "records could")
        yield f"{records} not be used then, and which is not known: a case that seems new can be among them."
    if comparison.numbered:
        rows = sum(max(sum(one.before.values()), sum(one.after.values())) for one in comparison.numbered)
        yield (
            f"{counted(rows, 'row has', 'rows have')} no key of {'its' if rows == 1 else 'their'} own, only a place "
            "among the others. Rows can change places, so only their numbers are compared."
        )
    if not comparison.knows_past:
        yield "Whether what is new was open once before cannot be told: that takes more than two runs."


def changes_in_full(comparison: Comparison, level: int = 1) -> Iterator[Block]:
    """Every change, with the cases that came and left, under a title of that level."""
    yield Heading(title_of(comparison) if level == 1 else f"{since(comparison)}: what changed", level)
    yield from map(Paragraph, (*balance(comparison), OPEN_MEANS, *notes(comparison)))
    failing = newly_failing(comparison)
    if failing:
        yield Heading(f"Newly not met ({len(failing):,})", level + 1)
        yield _grid(failing)
    for group in change_groups(comparison):
        others = tuple(line for line in group.lines if not line.change.is_failing)
        if others:
            above = f", and {len(group.lines) - len(others):,} above" if len(others) < len(group.lines) else ""
            yield Heading(f"{group.title} ({len(others):,}{above}): {group.meaning}", level + 1)
            yield _grid(others)
    for title, ids in (
        ("Cases that are new", comparison.new_cases),
        ("Cases that left", comparison.left_cases),
        ("Records that could not be used", comparison.rejected_cases),
    ):
        if ids:
            yield Heading(f"{title} ({len(ids):,})", level + 1)
            yield Outline(tuple(map(Item, ids)))


def title_of(comparison: Comparison) -> str:
    """Which runs they are."""
    then, now = comparison.old.as_of, comparison.new.as_of
    return f"What changed from {in_words(then)} to {in_words(now)}: {visible(comparison.new.rulebook)}"


def _grid(lines: tuple[ChangeLine, ...]) -> Grid:
    columns = (Column("Case", whole=True), Column("Owner"), Column("What became of it"))
    return Grid(columns, tuple((line.case, line.owner, line.says) for line in lines))


# On one screen


def changes_screen(comparison: Comparison, width: int) -> str:
    """What changed on one screen, in at most 45 lines for any number of changes.

    No line is wider than ``width`` (or 60, if that is less).
    """
    room = max(width, NARROWEST)
    parts = (
        [clipped(title_of(comparison), room)],
        _short(f"{headline(comparison)}.", room) if comparison.differs else [],
        list(_failing_lines(comparison, room)),
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


def _failing_lines(comparison: Comparison, width: int) -> Iterator[str]:
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
