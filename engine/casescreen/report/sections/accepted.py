"""What is accepted, and how waivers stand, in words: the one place where every report has them from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Conclusion, Finding, Screening, Summary
from casescreen.model.waiver import DAYS_BEFORE_END, IN_FORCE, Accepted, WaiverStanding, WaiverState
from casescreen.report.at_a_glance import AtAGlance, CaseLine
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.text import counted, in_words, listed, single_line, visible

CHANGES_NOTHING = "That changes no outcome, no figure and no conclusion."
_MOST_NAMED = 3
_LONGEST = 1_000
_STATES: Mapping[WaiverState, tuple[str, str]] = {
    WaiverState.EXPIRED: ("Expired", "They count no more: put right what was found, or look at it again and renew"),
    WaiverState.VOID: ("Void", "Another outcome was found than was accepted, so they do not count: look again"),
    WaiverState.NOT_NEEDED: ("No longer needed", "Nothing is left to accept: take them out of the file"),
    WaiverState.CASE_NOT_THERE: ("Case not there", "Nothing was held against them"),
    WaiverState.ROW_NOT_THERE: ("Row not there", "They accept nothing"),
    WaiverState.NOT_ASKED: ("Criterion not asked", "They accept nothing"),
    WaiverState.NOT_STARTED: ("Not started", "They do not count yet"),
    WaiverState.ENDING: (f"Accepted, and ends within {DAYS_BEFORE_END} days", "They count: say now what is to follow"),
    WaiverState.ACTIVE: ("Accepted", "The day that is named still counts"),
}


@frozen
class AcceptedFigure:
    """How many findings of a criterion have an outcome, and how many of them are accepted.

    Attributes:
        short: the criterion in a few words.
        days: the last days of those that are accepted.
    """

    short: str
    outcome: Outcome
    of: int
    days: tuple[date, ...]

    def __str__(self) -> str:
        return f"{self.short}: of {self.of:,} {self.outcome.value}, {len(self.days):,} accepted {until(self.days)}"


def until(days: Collection[date]) -> str:
    """Until when things are accepted, in words."""
    first, last = min(days), max(days)
    return f"until {in_words(first)}" if first == last else f"until {in_words(first)} or later"


def mark(screening: Screening, about: Finding | Conclusion) -> str:
    """What stands behind a finding or a conclusion that is accepted; "" where it is not."""
    day = screening.accepted_until(about)
    return "" if day is None else f" (accepted until {in_words(day)})"


def accepted_figures(result: Summary) -> tuple[AcceptedFigure, ...]:
    """The criteria of which something is accepted, in the rulebook's order."""
    if not isinstance(result, Screening) or result.accepted is None:
        return ()
    days: dict[tuple[str, Outcome], list[date]] = {}
    for one in result.accepted.of(*IN_FORCE):
        days.setdefault((one.waiver.criterion, one.waiver.accepts), []).append(one.waiver.until)
    return tuple(
        AcceptedFigure(result.rulebook.criterion[rate.criterion].short, outcome, rate.count(outcome), tuple(every))
        for rate in result.rates
        for outcome in Outcome
        if (every := days.get((rate.criterion, outcome)))
    )


def accepted_in_figures(result: Summary) -> Iterator[Block]:
    """What is accepted, criterion by criterion; nothing where nothing is."""
    figures = accepted_figures(result)
    if figures:
        yield Heading("Accepted")
        yield Paragraph(CHANGES_NOTHING)
        yield Outline(tuple(Item(f"{figure}.") for figure in figures))


def accepted_blocks(result: Summary) -> Iterator[Block]:
    """What is accepted, in figures, and every waiver, by how it stands; nothing where no waivers were named."""
    if not isinstance(result, Screening) or result.accepted is None:
        return
    figures = tuple(accepted_in_figures(result))
    yield from figures or (Heading("Accepted"), Paragraph("No finding is accepted."))
    yield from waiver_blocks(result.accepted, result.rulebook)


def waiver_blocks(accepted: Accepted, rulebook: Rulebook) -> Iterator[Block]:
    """Every waiver, by how it stands: those that somebody has to look at first."""
    groups = []
    for state, (title, means) in _STATES.items():
        of_state = accepted.of(state)
        if of_state:
            items = tuple(waiver_item(one, rulebook, shows_text=accepted.shows_text) for one in of_state)
            groups.append(Item(f"{title} ({len(of_state):,}). {means}.", items))
    if groups:
        yield Outline(tuple(groups), spaced=True)


def waiver_item(standing: WaiverStanding, rulebook: Rulebook, *, shows_text: bool) -> Item:
    """A waiver: what it is about, until when it counts or counted, and, where that may be shown, who says why."""
    one, why = standing.waiver, standing.why
    said = f"{_about(one.case, one.criterion, one.item, rulebook)}: {one.accepts.value}, {_days(standing)}."
    said += f" {why[:1].upper()}{why[1:]}." if why else ""
    parts = []
    if shows_text:
        parts.append(Item(f"Why: {visible(single_line(one.reason), _LONGEST)}"))
        parts.append(Item(f"By: {visible(one.by)}, {visible(one.role)}, on {in_words(one.on)}"))
        parts += [Item(f"Evidence: {visible(single_line(one.evidence), _LONGEST)}")] if one.evidence else []
        parts += [Item(f"Stands in: {visible(one.file)}, line {one.line}")] if one.file else []
    if standing.rule_changed:
        parts.append(Item("The rule has changed since it was given: look at it again, and give it anew."))
    return Item(said, tuple(parts), case=one.case if visible(one.case) == one.case else "")


def _days(standing: WaiverStanding) -> str:
    one = standing.waiver
    if standing.state is WaiverState.EXPIRED:
        return f"was accepted until {in_words(one.until)}"
    if standing.state is WaiverState.NOT_STARTED:
        return f"from {in_words(one.begins)} until {in_words(one.until)}"
    return f"until {in_words(one.until)}"


def _about(case: str, criterion: str, item: str, rulebook: Rulebook) -> str:
    known = rulebook.criterion.get(criterion)
    row = f" ({visible(item)})" if item else ""
    return f"{visible(case)}, {known.short if known else criterion}{row}"


def state_in_words(state: WaiverState) -> str:
    """What a state is called, for a column of a table."""
    return _STATES[state][0]


# The first screen

TO_LOOK_AT = ("EXPIRED", "VOID", "RULE CHANGED")
"""Under which labels stands what was accepted and can count no more."""


def waiver_notes(result: Summary, full: str) -> Iterator[tuple[str, str]]:
    """What the first screen says of waivers, under which labels: those that have expired first.

    Args:
        result: the result.
        full: what lists them all, as the subject of a sentence.
    """
    if not isinstance(result, Screening) or result.accepted is None:
        return
    accepted, rulebook = result.accepted, result.rulebook
    if expired := accepted.of(WaiverState.EXPIRED):
        yield (
            "EXPIRED",
            f"{counted(len(expired), 'waiver counts', 'waivers count')} no more: {_named(expired, rulebook)}",
        )
    if void := accepted.of(WaiverState.VOID):
        yield (
            "VOID",
            (
                f"{counted(len(void), 'waiver does', 'waivers do')} not count, as the outcome is another: "
                f"{_named(void, rulebook)}"
            ),
        )
    if changed := [one for one in accepted.waivers if one.rule_changed]:
        yield "RULE CHANGED", f"since {counted(len(changed), 'waiver was', 'waivers were')} given: look again"
    if in_force := accepted.of(*IN_FORCE):
        ending = len(accepted.of(WaiverState.ENDING))
        said = f"{counted(len(in_force), 'finding')} {until([one.waiver.until for one in in_force])}"
        said += (
            f"; {ending:,} of them {'ends' if ending == 1 else 'end'} within {DAYS_BEFORE_END} days" if ending else ""
        )
        yield (
            "ACCEPTED",
            f"{said}. It changes no figure: {full} says who accepts it, and why"
            if (accepted.shows_text)
            else f"{said}. It changes no figure",
        )
    if others := _others(accepted):
        yield "WAIVERS", f"{listed(others, 'and')}: {full} lists them"
    elif not accepted.waivers:
        yield "WAIVERS", "there is none in the file"


def _named(standings: Sequence[WaiverStanding], rulebook: Rulebook) -> str:
    shown = [
        f"{_about(one.waiver.case, one.waiver.criterion, one.waiver.item, rulebook)} ({in_words(one.waiver.until)})"
        for one in standings[:_MOST_NAMED]
    ]
    more = len(standings) - len(shown)
    return "; ".join([*shown, *([f"and {more:,} more"] if more else [])])


def _others(accepted: Accepted) -> list[str]:
    words = {
        WaiverState.NOT_NEEDED: "no longer needed",
        WaiverState.CASE_NOT_THERE: "of a case that is not there",
        WaiverState.ROW_NOT_THERE: "of a row that is not there",
        WaiverState.NOT_ASKED: "of a question that is not asked",
        WaiverState.NOT_STARTED: "not started",
    }
    return [f"{len(of_state):,} {said}" for state, said in words.items() if (of_state := accepted.of(state))]


def accepted_actions(result: Summary, cases: Iterable[CaseSummary]) -> str:
    """What calls for action now and is accepted, as it stands below the number of all that does; "" where none is."""
    if not isinstance(result, Screening) or result.accepted is None:
        return ""
    days: dict[str, list[date]] = {}
    for case in cases:
        known = [day for one in case.actions if (day := result.accepted_until(one)) is not None]
        if known:
            days[case.id] = known
    if not days:
        return ""
    every = [day for known in days.values() for day in known]
    ids = [*days]
    shown = ", ".join(map(visible, ids[:_MOST_NAMED])) + (
        f" and {len(ids) - _MOST_NAMED:,} more" * (len(ids) > _MOST_NAMED)
    )
    is_ = "is" if len(every) == 1 else "are"
    return f"{len(every):,} of these things {is_} accepted {until(every)}: {shown}"


def with_marks(glance: AtAGlance, result: Summary, cases: Iterable[CaseSummary]) -> AtAGlance:
    """The same, with what calls for action and is accepted marked so."""
    if not isinstance(result, Screening) or result.accepted is None:
        return glance
    by_id = {case.id: case for case in cases}
    return evolve(glance, act_now=tuple(_marked(line, by_id[line.case], result) for line in glance.act_now))


def _marked(line: CaseLine, case: CaseSummary, screening: Screening) -> CaseLine:
    days: dict[str, list[date | None]] = {}
    for one in case.actions:
        rule = screening.rulebook.conclusion.get(one.id)
        days.setdefault((rule and rule.short) or one.says, []).append(screening.accepted_until(one))
    return evolve(line, says=tuple(says + _of_all(days[says]) for says in line.says))


def _of_all(days: Sequence[date | None]) -> str:
    """What stands behind things that are said in the same words, where all of them are accepted."""
    known = [day for day in days if day is not None]
    return f" (accepted until {in_words(min(known))})" if known and len(known) == len(days) else ""


def start_of(glance: AtAGlance, result: Summary, cases: Sequence[CaseSummary]) -> str:
    """With what to start: the case, and what puts right the gravest of it that nobody accepts; "" where nothing is."""
    if not isinstance(result, Screening) or result.accepted is None:
        return f"{glance.act_now[0].case}: {glance.first_step}" if glance.first_step else ""
    for case in cases:
        for one in case.actions:
            if one.remedy and result.accepted_until(one) is None:
                return f"{case.id}: {one.remedy}"
    return ""


# One finding


def said_of_finding(screening: Screening, finding: Finding) -> Iterator[str]:
    """What the waivers of a finding say, in sentences."""
    accepted = screening.accepted
    for one in () if accepted is None else accepted.waivers:
        if one.waiver.finding == (finding.case, finding.criterion, finding.item):
            item = waiver_item(one, screening.rulebook, shows_text=bool(accepted and accepted.shows_text))
            stands = "Accepted" if one.in_force else f"A waiver of it does not count ({one.state.value})"
            said = f"{stands}: {one.waiver.accepts.value}, {_days(one)}."
            said += f" {one.why[:1].upper()}{one.why[1:]}." if one.why else ""
            yield " ".join((said, *(f"{part.text.rstrip('.')}." for part in item.parts)))


def in_a_letter(screening: Screening) -> str:
    """How much of what was found is accepted, as a letter says it; "" where nothing is."""
    accepted = screening.accepted
    days = [] if accepted is None else [one.waiver.until for one in accepted.of(*IN_FORCE)]
    if not days:
        return ""
    is_ = "finding is" if len(days) == 1 else "findings are"
    return f"{len(days):,} {is_} accepted for now, {until(days)}. {CHANGES_NOTHING}"


def tally_of_states(standings: Iterable[WaiverStanding]) -> str:
    """How many waivers stand how, in a line."""
    counts = Counter(one.state for one in standings)
    return listed([f"{counts[state]:,} {state.value}" for state in WaiverState if counts[state]], "and") or "none"
