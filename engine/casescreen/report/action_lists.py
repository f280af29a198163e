"""What came back in sheets of actions, and what is open, as blocks of a page and as rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from casescreen.model.rulebook import Rulebook
from casescreen.office.styles import Row, SheetColumn
from casescreen.report.action_claims import STILL_OPEN, URGENT, ActionStanding, ActionState, how_bad
from casescreen.report.action_settling import Settled
from casescreen.report.actions import Action, ActionKind, Question
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.carried_over import BY_WHEN, CASE, DONE_ON, EVIDENCE, NOTES, OWNER, REF
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.wording import first
from casescreen.text import counted, in_words, visible

NO_OWNER = "No owner recorded"
TOGETHER = "Rows of a record without a key of their own are taken together: one of them that is open keeps all open."
_MEANS: Mapping[ActionState, str] = {
    ActionState.RETURNED: "said to be done, and still open",
    ActionState.CANNOT: "still open, and somebody says why it cannot be done",
    ActionState.NOT_RETURNED: "open, and no row in the sheet: taken out, or new since it was made",
    ActionState.OPEN: "open, and nobody says that it is done",
    ActionState.CLOSED: "said to be done, and met",
    ActionState.CLOSED_BY_RECORD: "met, and nobody said so",
    ActionState.ENDED: "the case is closed, or no longer there",
    ActionState.UNKNOWN: "the record, or the row, does not say enough",
}
_SIZES = (8, 6, 5, 4, 3, 2, 1)
_MOST_LINES = 45
_MOST_SAID = 2
_LONGEST_SAID = 90
_ALL = 1_000_000

Made = Callable[[int], Iterable[Block]]
"""Makes a page that tells so many of each."""


def in_lines(made: Made, width: int, *, full: bool) -> str:
    """A page as text: all of it, or as much of each as fits one screen."""
    text = ""
    for most in (_ALL,) if full else _SIZES:
        text = to_plain(made(most), width)
        if text.count("\n") < _MOST_LINES:
            break
    return text


def day_in_words(by_when: date | None, as_of: date) -> str:
    """How far off a day is. The day itself is today, and neither late nor ahead."""
    if by_when is None:
        return "no day"
    days = (by_when - as_of).days
    if days == 0:
        return "due today"
    return f"{counted(-days, 'day')} late" if days < 0 else f"in {counted(days, 'day')}"


def urgent_first(standings: Iterable[ActionStanding]) -> list[ActionStanding]:
    """What is due first comes first; of one day what calls for action now."""
    return sorted(
        standings,
        key=lambda one: (one.by_when or date.max, one.action is None or not one.action.is_urgent, one.case, one.ref),
    )


def returned_blocks(
    settled: Settled,
    as_of: date,
    rulebook: Rulebook,
    waivers: Mapping[str, Sequence[str]],
    most: int,
) -> Iterator[Block]:
    """What came back: how much of each, then what somebody has to look at.

    Args:
        settled: what became of the rows.
        as_of: the day of the screening.
        rulebook: the rulebook.
        waivers: by the Ref of what cannot be done, the lines by which it can be accepted.
        most: how many are told of each.
    """
    full = most == _ALL
    late = [one for one in settled.standings if one.is_late(as_of)]
    yield Heading(f"Actions that came back, as at {in_words(as_of)}", 1)
    yield _counts(settled, len(late))
    yield from _problems(settled, most)
    titles = {
        ActionState.RETURNED: "Returned",
        ActionState.CANNOT: "Cannot be done",
        ActionState.UNKNOWN: "Cannot be told",
    }
    for state, title in titles.items():
        if some := settled.of(state):
            yield Heading(f"{title}: {_MEANS[state]} ({len(some):,})")
            yield from _claims(some, rulebook, waivers, most)
    overdue = urgent_first(one for one in late if one.state is not ActionState.RETURNED)
    if overdue:
        yield Heading(f"Late, beside what is returned ({len(overdue):,})")
        yield from _grid(overdue, as_of, rulebook, most)
    others = (ActionState.NOT_RETURNED, ActionState.OPEN, ActionState.CLOSED)
    for state in (*others, ActionState.CLOSED_BY_RECORD, ActionState.ENDED) if full else ():
        if some := settled.of(state):
            yield Heading(f"{state.value.capitalize()}: {_MEANS[state]} ({len(some):,})")
            yield from _grid(some, as_of, rulebook, _ALL)
    if settled.numbered:
        yield Paragraph(TOGETHER)
    if not full:
        yield Paragraph("Every row: --full. What is open, by owner and day: casescreen actions list")


def _counts(settled: Settled, late: int) -> Grid:
    columns = Column("Actions", figures=True), Column("State", whole=True), Column("What it means")
    rows = [(f"{len(settled.of(state)):,}", state.value, means) for state, means in _MEANS.items()]
    rows.insert(len(STILL_OPEN), (f"{late:,}", "late", "of the open ones above: the day has passed"))
    rows.append((f"{len(settled.not_taken):,}", "not taken", "rows that cannot be relied on: see below"))
    if settled.own_rows:
        rows.append((f"{settled.own_rows:,}", "without a Ref", "rows of somebody's own, left alone"))
    return Grid(columns, tuple(row for row in rows if row[0] != "0" or row[1] == ActionState.RETURNED.value))


def _problems(settled: Settled, most: int) -> Iterator[Block]:
    if settled.not_taken:
        shown, more = first(settled.not_taken, most)
        items = [
            Item(f"{problem.place}: {problem.what}", (Item(problem.advice),) if problem.advice else ())
            for problem in shown
        ]
        yield Heading(f"Not taken ({len(settled.not_taken):,})")
        yield Outline((*items, *([Item(f"and {more:,} more: --full")] if more else [])))


def _claims(
    standings: Sequence[ActionStanding], rulebook: Rulebook, waivers: Mapping[str, Sequence[str]], most: int
) -> Iterator[Block]:
    shown, more = first(standings, most)
    items = []
    for one in shown:
        written = one.written
        owner = f", {one.owner}" if one.owner else ""
        day = f" on {in_words(written.done_on)}" if written and written.done_on else ""
        said = f': "{written.progress}"{day}' if written else ""
        parts = []
        if written and (lines := (*written.evidence, *written.notes)):
            parts.append(Item(f"Says: {visible(' '.join(lines), _LONGEST_SAID)}"))
        parts.append(Item(f"Open: {open_in_words(one, rulebook)}"))
        parts += [Item(line) for line in waivers.get(one.ref, ())]
        items.append(Item(f"{one.ref}{owner}{said}", tuple(parts)))
    if more:
        items.append(Item(f"and {more:,} more: --full"))
    yield Outline(tuple(items))


def open_in_words(standing: ActionStanding, rulebook: Rulebook, most: int = _MOST_SAID) -> str:
    """What is open of an action, in a few words; and under which Ref it stands now, if it is another."""
    names = [*dict.fromkeys(_name(question, rulebook) for question in standing.questions)]
    shown, more = first(names, most)
    said = "; ".join([*shown, *([f"and {more:,} more"] if more else [])]) or "the row does not say what it was about"
    moved = f" (now under {', '.join(standing.moved_to)})" if standing.moved_to else ""
    return f"{said}{moved}"


def _name(question: Question, rulebook: Rulebook) -> str:
    identity, item = question
    criterion = rulebook.criterion.get(rulebook.renamed.get(identity, identity))
    if criterion is not None:
        return f"{criterion.short or criterion.title}: {item}" if item else criterion.short or criterion.title
    rule = rulebook.conclusion.get(identity)
    return (rule and (rule.short or rule.says.rstrip("."))) or visible(identity)


def _grid(
    standings: Sequence[ActionStanding], as_of: date, rulebook: Rulebook, most: int, *, owners: bool = True
) -> Iterator[Block]:
    shown, more = first(standings, most)
    columns = (
        *(Column(BY_WHEN, whole=True), Column("", whole=True), Column(REF, whole=True)),
        *((Column(OWNER, whole=True),) if owners else ()),
        *(Column("State", whole=True), Column("What")),
    )
    rows = []
    for one in shown:
        open_ = one.state in STILL_OPEN
        day = in_words(one.by_when) if one.by_when else ""
        when = day_in_words(one.by_when, as_of) if open_ else ""
        owner = (one.owner or NO_OWNER,) if owners else ()
        what = open_in_words(one, rulebook, 1 if most < _ALL else _MOST_SAID) if open_ else ""
        rows.append((day, when, one.ref, *owner, _state(one), what))
    yield Grid(columns, tuple(rows))
    if more:
        yield Paragraph(f"and {more:,} more: --full")


def _state(standing: ActionStanding) -> str:
    """How it stands, in a word or two: what people say of it where it is open."""
    written, urgent = standing.written, standing.action is not None and standing.action.is_urgent
    if standing.state not in STILL_OPEN:
        return standing.state.value
    said = "" if written is None else written.progress
    return f"{URGENT}, {said}" if urgent and said else URGENT if urgent else said or _kind(standing.action)


def _kind(action: Action | None) -> str:
    return "" if action is None else ActionKind(action.kind).value


def open_blocks(
    standings: Sequence[ActionStanding],
    as_of: date,
    rulebook: Rulebook,
    *,
    overdue: bool,
    by_owner: bool,
    most: int,
    days_kept: bool = True,
) -> Iterator[Block]:
    """What is open: the most urgent, and how much each owner has.

    Args:
        standings: what is open, what is due first at its head.
        as_of: the day of the screening.
        rulebook: the rulebook.
        overdue: whether they are only what is late.
        by_owner: whether it is told owner by owner.
        most: how many are told of each.
        days_kept: whether the days are those of a sheet, and not counted anew.
    """
    full = most == _ALL
    word = "Late" if overdue else "Open"
    yield Heading(f"{word} actions, as at {in_words(as_of)}", 1)
    if not standings:
        yield Paragraph("Nothing is late." if overdue else "Nothing is open.")
        return
    late = sum(one.is_late(as_of) for one in standings)
    today = sum(one.by_when == as_of for one in standings)
    cases = counted(len({one.case for one in standings}), "case")
    also = "" if overdue else f" {late:,} late, {today:,} due today."
    yield Paragraph(f"{counted(len(standings), 'action')} in {cases}.{also}")
    if not days_kept:
        yield Paragraph("The days are counted from this run. To have those that were set, name the sheet: --sheet.")
    owned: dict[str, list[ActionStanding]] = {}
    for one in standings:
        owned.setdefault(one.owner, []).append(one)
    ordered = dict(sorted(owned.items(), key=lambda pair: (not pair[0], pair[0])))
    if by_owner and full:
        for owner, some in ordered.items():
            yield Heading(f"{owner or NO_OWNER}: {len(some):,}")
            yield from _grid(some, as_of, rulebook, _ALL, owners=False)
        return
    if not by_owner:
        yield Heading("All of them, what is due first at the head" if full else "Most urgent")
        yield from _grid(standings, as_of, rulebook, most)
    if not full or by_owner:
        yield Heading("By owner")
        yield from _owners(ordered, as_of, _ALL if by_owner else most)


def _owners(owned: Mapping[str, Sequence[ActionStanding]], as_of: date, most: int) -> Iterator[Block]:
    shown, more = first([*owned], most)
    titles = ("Open", "Late", "Due today", "Act now", "Returned")
    columns = (Column(OWNER, whole=True), *(Column(title, figures=True) for title in titles))
    rows = []
    for owner in shown:
        some = owned[owner]
        numbers = (
            len(some),
            sum(one.is_late(as_of) for one in some),
            sum(one.by_when == as_of for one in some),
            sum(one.action is not None and one.action.is_urgent for one in some),
            sum(one.state is ActionState.RETURNED for one in some),
        )
        rows.append((owner or NO_OWNER, *(f"{number:,}" for number in numbers)))
    yield Grid(columns, tuple(rows))
    if more:
        yield Paragraph(f"and {more:,} more: --by owner")


COLUMNS = (
    SheetColumn(REF, 15),
    SheetColumn("State", 18),
    SheetColumn(BY_WHEN, 13),
    SheetColumn("Days", 8),
    SheetColumn("How bad", 10),
    SheetColumn(OWNER, 16),
    SheetColumn(CASE, 12),
    SheetColumn("What is open", 60),
    SheetColumn("Said", 10),
    SheetColumn(DONE_ON, 13),
    SheetColumn(EVIDENCE, 26),
    SheetColumn(NOTES, 26),
)


def table_rows(standings: Iterable[ActionStanding], as_of: date, rulebook: Rulebook) -> Iterator[Row]:
    """A row for each, below ``COLUMNS``. Days are how far off the day is: below nought it is late."""
    for one in standings:
        written, open_ = one.written, one.state in STILL_OPEN
        said = (
            (written.progress, written.done_on, written.evidence or "", written.notes or "") if written else ("",) * 4
        )
        days = (one.by_when - as_of).days if open_ and one.by_when else None
        bad = how_bad(one.action) if one.action else ""
        what = open_in_words(one, rulebook, _ALL) if open_ else ""
        yield (one.ref, one.state.value, one.by_when, days, bad, one.owner, one.case, what, *said)
