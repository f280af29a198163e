"""What every report says of waivers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve

from casescreen.evaluate.acceptance import with_waivers
from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.screening import Screening
from casescreen.model.waiver import ACCEPTABLE, Waiver
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.blocks import Outline
from casescreen.report.formats.plain_text import width_of
from casescreen.report.sections.accepted import (
    accepted_actions,
    accepted_blocks,
    accepted_figures,
    in_a_letter,
    start_of,
    tally_of_states,
    until,
    waiver_notes,
    with_marks,
)
from casescreen.report.sections.first_screen import MOST_LINES, Commands, first_screen

_LAST = date(2016, 7, 1)


def _all_of(screening: Screening, last: date = _LAST, **changed: object) -> list[Waiver]:
    """A waiver of every finding that can be accepted."""
    begins = min(screening.as_of, last) - timedelta(days=30)
    waivers = [
        Waiver(
            case=one.case,
            criterion=one.criterion,
            item=one.item,
            accepts=one.outcome,
            reason="why",
            by="A. Head",
            role="head",
            on=begins,
            begins=begins,
            until=last,
        )
        for one in screening.findings
        if one.outcome in ACCEPTABLE
    ]
    return [evolve(one, **changed) for one in waivers]  # type: ignore[arg-type]


def test_days_are_said_without_more_than_is_known() -> None:
    """Of several, the first."""
    assert until([_LAST]) == until([_LAST, _LAST]) == "until 1 July 2016"
    assert until([_LAST + timedelta(days=1), _LAST]) == "until 1 July 2016 or later"


def test_figures_are_of_all_that_was_found(screening: Screening) -> None:
    """As many as the rate counts, of which some are accepted."""
    waivers = _all_of(screening)
    figures = accepted_figures(with_waivers(screening, waivers[:1]))
    [figure] = figures
    assert len(figure.days) == 1
    rate = next(one for one in screening.rates if one.criterion == waivers[0].criterion)
    assert figure.of == rate.count(waivers[0].accepts)
    assert str(figure).endswith(f"of {figure.of} {waivers[0].accepts.value}, 1 accepted until 1 July 2016")
    assert accepted_figures(screening) == ()
    assert not list(accepted_blocks(screening))


def test_an_action_that_is_accepted_stays_and_is_marked(screening: Screening) -> None:
    """What to start with is the first that nobody accepts."""
    cases = case_summaries(screening)
    glance = at_a_glance(screening, cases)
    action = cases[0].actions[0]
    keys = set(action.findings)
    assert keys
    waivers = [one for one in _all_of(screening) if one.finding in keys]
    accepted = with_waivers(screening, waivers)
    marked = with_marks(at_a_glance(accepted, cases), accepted, cases)
    assert [line.case for line in marked.act_now] == [line.case for line in glance.act_now]
    assert marked.act_now[0].says[0].endswith("(accepted until 1 July 2016)")
    assert accepted_actions(accepted, cases).endswith(f"accepted until 1 July 2016: {cases[0].id}")
    assert start_of(glance, screening, cases) == f"{cases[0].id}: {glance.first_step}"
    assert start_of(glance, accepted, cases) != start_of(glance, screening, cases)
    assert at_a_glance(accepted, cases) == glance


def test_expired_ones_come_first(screening: Screening) -> None:
    """And all that count are in one line."""
    [first, second, *others] = _all_of(screening)
    over = evolve(first, until=screening.as_of - timedelta(days=1))
    not_there = evolve(second, case="none")
    notes = dict(waiver_notes(with_waivers(screening, [*others, not_there, over]), "--full"))
    assert list(notes) == ["EXPIRED", "ACCEPTED", "WAIVERS"]
    assert notes["ACCEPTED"].startswith(f"{len(others)} findings until 1 July 2016. ")
    assert notes["WAIVERS"].startswith("1 of a case that is not there")
    assert dict(waiver_notes(with_waivers(screening, []), "--full")) == {"WAIVERS": "there is none in the file"}


@pytest.mark.parametrize("last", [_LAST, date(2016, 5, 1), date(2016, 5, 20)])
@pytest.mark.parametrize("width", [60, 100])
def test_the_first_screen_stays_one_screen(screening: Screening, last: date, width: int) -> None:
    """However many there are, and however they stand."""
    hostile = _all_of(screening, last, reason="x" * 900 + "\x1b[31m", rule="0" * 64)
    text = first_screen(with_waivers(screening, hostile), width, Commands("", ""))
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(width_of, text.splitlines())) <= width
    assert "\x1b" not in text


def test_a_letter_says_how_many(screening: Screening) -> None:
    """In one sentence, without a name; nothing where none is accepted."""
    accepted = with_waivers(screening, _all_of(screening))
    assert accepted.accepted is not None
    said = in_a_letter(accepted)
    assert said.startswith(f"{len(accepted.accepted.until)} findings are accepted for now, until 1 July 2016.")
    assert "A. Head" not in said
    assert in_a_letter(with_waivers(screening, [])) == in_a_letter(screening) == ""


def test_every_waiver_is_listed_once(screening: Screening) -> None:
    """By how it stands."""
    waivers = _all_of(screening)
    accepted = with_waivers(screening, waivers)
    listed = [block for block in accepted_blocks(accepted) if isinstance(block, Outline)][-1]
    assert sum(len(group.parts) for group in listed.items) == len(waivers)
    assert accepted.accepted is not None
    assert tally_of_states(accepted.accepted.waivers) == f"{len(waivers)} active"
    assert tally_of_states(()) == "none"
