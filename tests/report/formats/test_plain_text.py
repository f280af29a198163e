"""The report as plain text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import ConclusionKind
from casescreen.model.screening import Finding, Screening
from casescreen.report.formats.plain_text import render, to_plain, width_of
from casescreen.report.formats.registry import By, Options
from casescreen.report.sections.overview import figures_alone

Golden = Callable[[str, str], None]
Find = Callable[..., Finding]
Screen = Callable[..., Screening]

_HOSTILE = st.text(
    st.sampled_from("ab \t\n\r\x1b[31m\x7f\x9b\u202e\u2028漢字\uff57🙂e\u0301\u0308\ufe0f\ud800\U000f0000|`"),
    max_size=200,
)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([80, 100, 140]), st.sampled_from(By))
def test_no_line_is_too_wide_whatever_the_record_says(
    find: Find, screen: Screen, data: st.DataObject, width: int, by: By
) -> None:
    """Hostile, wide and combining text never makes a line wider than asked, and never reaches the terminal raw."""
    case, words = "x" + data.draw(_HOSTILE), data.draw(_HOSTILE)
    finding = find(case, "plan-timely", Outcome.NOT_MET, words, owner=words, reader=words)
    per = find(case, "report-quality", Outcome.NOT_EVIDENCED, words, item=words)
    text = render(screen([finding, per], managers={case: words}, teams={case: words}), Options(by=by, width=width))
    assert max(map(width_of, text.split("\n"))) <= width
    assert not set(text) & set("\t\r\x1b\x7f\x9b\u202e\u2028\ud800\U000f0000")


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_large_caseload_is_listed_whole(find: Find, screen: Screen, by: By, width: int) -> None:
    """Of 5,000 cases every one is listed, and every line fits."""
    findings = [
        find(f"C-{number:04}", "plan-timely", Outcome.NOT_MET if number % 7 else Outcome.MET, "Late.")
        for number in range(5_000)
    ]
    text = render(screen(findings), Options(by=by, width=width))
    assert max(map(len, text.splitlines())) <= width
    assert text.count("Why: Late.") == 4_285
    assert by is not By.THEME or "715 of 5,000" in text


def test_cases_are_listed_whole(screening: Screening) -> None:
    """Every case with something to act on is there, and nothing is said of more."""
    everything = render(screening, Options())
    assert "\nAN-02. Owner" in everything
    assert "more case" not in everything


def test_each_thing_to_act_on_has_reason_owner_and_remedy(screening: Screening) -> None:
    """A case that needs attention says why, whose it is and what would put it right."""
    text = render(screening, Options(width=140))
    case = text[text.index("AN-03. Owner: Worker A") : text.index("AN-06. Owner")]
    assert "Why: The plan says how victims are kept safe: no." in case
    assert "Owner: Manager Z" in case
    assert "To put it right: Write into the plan who keeps each victim safe, and how." in case
    assert "The reader and the facts differ: The reader answered yes." in case
    assert "The facts also show: no concern was linked to the offending" in case


def test_an_owner_who_is_not_recorded_is_said_to_be_so(screening: Screening) -> None:
    """A finding whose owner the record does not name does not pass for the case manager's."""
    text = render(screening, Options(width=140))
    case = text[text.index("AN-04. Owner: Worker B") : text.index("AN-02. Owner")]
    assert "Owner: not recorded" in case


def test_what_cannot_be_told_is_not_among_what_needs_attention(screening: Screening) -> None:
    """Not evidenced and needs judgement are counted by case under a heading of their own, with their titles."""
    text = render(screening, Options(width=140))
    attention, later = text.split("What cannot be told yet")
    assert "not evidenced:" not in attention
    assert "1 not evidenced: The plan addresses every concern" in later
    assert "1 needs judgement: Management oversight" in later


def test_every_outcome_is_counted_beside_the_rate(screening: Screening) -> None:
    """Beside k of n stand its words, and the number of each outcome that is not in n."""
    row = next(line for line in render(screening, Options(width=140)).splitlines() if "addresses every" in line)
    figures = [cell.strip() for cell in row.split("  ") if cell.strip()][1:]
    assert figures == ["1 of 3", "1 of 3", "1", "-", "1", "-"]


def test_parameters_stand_with_their_status_and_a_warning(screening: Screening) -> None:
    """Every number says whose it is, and those that nobody has checked are pointed out."""
    text = render(screening, Options(width=140))
    row = next(line for line in text.splitlines() if line.startswith("time allowed"))
    assert "15 working days" in row
    assert "  local  " in row
    assert "1 of these is unverified" in text


def test_it_says_how_it_was_made(screening: Screening) -> None:
    """What is needed to do it again is there: versions, hashes and what drew the inferences."""
    text = render(screening, Options())
    assert "small-2016, version 1, hash 0123456789ab\n" in text
    assert "hash fedcba987654\n" in text
    assert "durable-rules 2.0.28" in text


def _last(screening: Screening) -> str:
    return render(screening, Options(width=140)).splitlines()[-1]


def test_the_last_sentence_says_where_to_start(screening: Screening, find: Find, screen: Screen) -> None:
    """The last line is what a person does next, whatever was found."""
    assert _last(screening) == "1 of 6 cases needs action now; start with AN-03."
    no_action = evolve(screening, conclusions=())
    said = "The records show no case that needs action now, but 5 of 6 cases need attention; start with AN-03."
    assert _last(no_action) == said
    waiting = screen([find("A", "oversight", Outcome.NEEDS_JUDGEMENT), find("B", "oversight", Outcome.MET)])
    assert _last(waiting) == "What can be told of 2 cases needs no attention; 1 question cannot be told yet."
    assert _last(screen([find("A", "oversight", Outcome.MET)])) == "Nothing needs attention in 1 case."


def test_nothing_to_act_on_is_said(find: Find, screen: Screen) -> None:
    """Where nothing needs attention, the section says so and there is none for what cannot be told."""
    text = render(screen([find("A", "oversight", Outcome.MET)]), Options())
    assert "What needs attention\n--------------------\n\nNothing.\n" in text
    assert "What cannot be told yet" not in text


def test_records_left_out_are_never_silent(screening: Screening) -> None:
    """The head of the report says how many records were left out."""
    assert "1 record was left out, because of mistakes in it." in render(screening, Options())
    assert "2 records were left out, because of mistakes in them." in render(evolve(screening, left_out=2), Options())
    assert "left out" not in render(evolve(screening, left_out=0), Options())


def test_an_action_across_the_cases_has_its_place(screening: Screening) -> None:
    """A conclusion of any kind that is not about one case stands in a section of its own kind."""
    on_all = evolve(screening.conclusions[1], kind=ConclusionKind.ACTION)
    assert "Action across the cases\n-----" in render(evolve(screening, conclusions=(on_all,)), Options())


def test_conclusions_are_listed_whole(screening: Screening) -> None:
    """However many hold."""
    late = screening.conclusions[2]
    many = tuple(evolve(late, subject=f"Worker {number}") for number in range(53))
    assert render(evolve(screening, conclusions=many), Options()).count("A plan leaves victims unsafe.") == 53


def test_cases_of_nobody_come_last(screening: Screening) -> None:
    """After those of every manager who is named."""
    by_manager = {"": screening.rates, "Worker A": screening.rates}
    unnamed = evolve(screening, by_manager=by_manager, manager_sizes={"": 6, "Worker A": 0})
    text = render(unnamed, Options(by=By.MANAGER))
    assert text.index("Worker A: 0 cases") < text.index("No manager recorded: 6 cases")


def test_each_manager_stands_in_one_row(screening: Screening, golden: Golden) -> None:
    """With how many cases, how much to act on, what is met, not known and weakest; and nothing after it."""
    text = to_plain(figures_alone(screening, Options(by=By.MANAGER)), 100)
    golden("by-manager-100.txt", text)
    assert text.count("Worker A") == 1


def test_what_is_not_shown_is_never_nothing(find: Find, screen: Screen) -> None:
    """Where nothing is not met, it is said how much cannot be told; only where all can be told is it nothing."""
    known, open_ = find("C-1", "plan-timely", Outcome.MET, ""), find("C-1", "plan-timely", Outcome.NOT_EVIDENCED, "")
    said = "Nothing that the records show. 1 finding cannot be told yet: see below."
    assert said in render(screen([known, open_]), Options())
    assert "What needs attention\n--------------------\n\nNothing.\n" in render(screen([known]), Options())
