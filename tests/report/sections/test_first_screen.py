"""The first screen: short whatever was screened, never a clean bill where little is known, and the same again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_runs import changed, histories, made_up_run

from casescreen.api import screen as screen_cases
from casescreen.cases.load import read_cases
from casescreen.columnar.screening import screen_frames
from casescreen.history.comparison import compare
from casescreen.model.case import NOT_CONFIRMED, Caseload
from casescreen.model.change import RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.model.screening import Finding, Screening, Summary, Suppressed
from casescreen.privacy.suppress import suppressed
from casescreen.report.formats.plain_text import width_of
from casescreen.report.sections.changes import headline
from casescreen.report.sections.first_screen import MOST_LINES, Commands, first_screen
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up

_SOMERSET = Path(__file__).resolve().parents[3] / "cases" / "somerset-2016"
_SQS = load_rulebook("sqs-2016")
_AS_OF = date(2016, 5, 9)
_COMMANDS = Commands("casescreen explain my-cases --case", "casescreen rules show --parameters")
_WIDTHS = (60, 80, 100, 140)
_TIMES = 100

Find = Callable[..., Finding]
Screen = Callable[..., Screening]


@cache
def _of(cases: int) -> Summary:
    """So many of the shipped cases, or made-up ones; of very many the figures of fewer, a hundred times over."""
    if cases > 20:
        recipe = load_spec("sqs-2016", _SQS)
        parts = tuple(made_up(_SQS, recipe, cases=500, seed=12, as_of=_AS_OF))
        if cases > 500:
            return _times(screen_frames(_SQS, parts, as_of=_AS_OF, taken_on=_AS_OF, engine="plain"))
        every = tuple(case for part in parts for case in cases_of(part, _SQS.dictionary))
    else:
        every = read_cases([_SOMERSET], _SQS.dictionary, taken_on=_AS_OF).cases[:cases]
    return screen_cases(_SQS, Caseload(every, "0" * 64), as_of=_AS_OF, engine="bulk")


def _times(figures: Summary) -> Summary:
    rates = tuple(
        evolve(
            rate,
            counts={outcome: rate.count(outcome) * _TIMES for outcome in Outcome},
            cases_known=rate.cases_known * _TIMES,
            cases_asked=rate.cases_asked * _TIMES,
        )
        for rate in figures.rates
    )
    held = tuple(evolve(one, cases=one.cases * _TIMES) for one in figures.on_cases)
    assert isinstance(figures.cases, int)
    return evolve(
        figures, cases=figures.cases * _TIMES, rates=rates, on_cases=held, closed=(figures.closed or 0) * _TIMES
    )


def _fits(text: str, width: int) -> bool:
    lines = text.splitlines()
    return len(lines) <= MOST_LINES and max(map(width_of, lines)) <= width


@pytest.mark.parametrize("cases", [0, 1, 20, 500, 50_000])
def test_it_is_what_was_read_and_kept(cases: int, golden: Callable[[str, str], None]) -> None:
    """At most 45 lines, for any number of cases and at every width."""
    result = _of(cases)
    assert all(_fits(first_screen(result, width, _COMMANDS), width) for width in _WIDTHS)
    golden(f"first-screen-{cases}.txt", first_screen(result, 100, _COMMANDS))


@pytest.mark.parametrize("width", [60, 80, 140])
def test_it_is_laid_out_for_the_width(width: int, golden: Callable[[str, str], None]) -> None:
    """As it was read and kept."""
    golden(f"first-screen-20-{width}.txt", first_screen(_of(20), width, _COMMANDS))


@pytest.mark.parametrize("width", [80, 100, 140])
def test_what_changed_stands_on_it(width: int, golden: Callable[[str, str], None]) -> None:
    """In two to five lines of the 45, as it was read and kept; and one line where nothing changed."""
    result = changed(_screening(20))
    text = first_screen(result, width, _COMMANDS)
    assert _fits(text, width)
    [part] = [part for part in text.split("\n\n") if part.startswith("SINCE 2 MAY 2016: ")]
    assert 2 <= len(part.splitlines()) <= 5
    golden(f"first-screen-changes-{width}.txt", text)


def _screening(cases: int) -> Screening:
    result = _of(cases)
    assert isinstance(result, Screening)
    return result


@given(histories(), st.integers(40, 140))
@settings(max_examples=25)
def test_whatever_changed_it_fits(screening: Screening, history: tuple[ScreeningRun, ...], width: int) -> None:
    """With the line of the comparison, cut only where it takes more than three lines."""
    *earlier, old, new = history
    compared = compare(old, new, earlier)
    text = first_screen(evolve(screening, changes=compared), width, _COMMANDS)
    assert _fits(text, max(60, width))
    [part] = [part for part in text.split("\n\n") if part.startswith("SINCE ")]
    assert len(part.splitlines()) <= 5
    said = " ".join(line.strip() for line in part.splitlines())
    assert headline(compared) in said or "…" in part


@pytest.mark.parametrize("width", [60, 100])
def test_hostile_names_in_what_changed_do_nothing(screening: Screening, width: int) -> None:
    """Ids, managers and titles of an earlier run come from a file that anybody may have written."""
    case, evil = "C\x1b[2J\u202e" + "漢" * 40, "W\x1b]0;x\x07" * 9
    rules = {"a": RunRule("1", evil)}
    found = {(case, "a", evil): RunFinding(Outcome.NOT_MET, Severity.HIGH, evil)}
    new = evolve(made_up_run(1, rules=rules), cases={case: evil, "C-1": ""}, findings=found)
    text = first_screen(evolve(screening, changes=compare(made_up_run(0, rules=rules), new)), width, _COMMANDS)
    assert _fits(text, width)
    assert not set(text) & set("\x1b\x07\u202e")


_WORDS = ("Worker A", "漢字" * 20, "a" * 300, "\x1b[31m", "x y " * 40, "e\u0301", "A-1 & co", "")


def _drawn(random: Random, screening: Screening) -> Summary:
    """Some findings of the sample, with hostile ids and names, and whatever else the head of a report can say."""
    ids = [f"{random.choice(_WORDS)}{number}" for number in range(random.choice((0, 1, 5, 30)))]
    urgent = [one for one in screening.conclusions if one.subject.startswith("AN-")]
    rates = tuple(
        evolve(rate, counts={one: random.choice((0, 1, 7, 10**9)) for one in Outcome}) for rate in screening.rates
    )
    made = evolve(
        screening,
        case_ids=tuple(ids),
        cases=len(ids),
        findings=tuple(evolve(random.choice(screening.findings), case=case) for case in ids for _ in range(3)),
        conclusions=tuple(evolve(random.choice(urgent), subject=case) for case in ids if random.random() < 0.7),
        managers={case: random.choice(_WORDS) for case in ids},
        rates=rates,
        assumed=tuple(random.sample((NOT_CONFIRMED, "A thing."), random.randrange(3))),
        left_out=random.choice((0, 1, 10**6)),
        later=random.choice((0, 1, 10**6)),
        not_begun=random.choice((0, 1, 10**6)),
        closed=random.choice((0, 1, 10**6)),
        rulebook=evolve(screening.rulebook, title=random.choice(_WORDS)),
    )
    if random.random() < 0.6:
        return made
    values = {one.name: getattr(made, one.name) for one in fields(Summary)}
    return Summary(
        **{**values, "conclusions": (), "cases": random.choice((0, 10**8)), "orphans": random.choice((0, 9))}
    )


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_it_always_fits(screening: Screening, start: int) -> None:
    """Whatever was screened, and whatever stands in it: nothing that acts on a terminal is left either."""
    for seed in range(start, start + 50):
        random = Random(seed)  # noqa: S311 - it makes examples, and no secret
        width, path = random.randint(60, 160), random.choice(_WORDS).replace("\x1b", "")
        commands = Commands(f"casescreen explain {path} --case", f"casescreen rules show --parameters --rules {path}")
        text = first_screen(_drawn(random, screening), width, commands)
        assert _fits(text, width), (seed, text)
        assert "\x1b" not in text, seed


def test_little_that_is_known_is_no_clean_bill(find: Find, screen: Screen) -> None:
    """Where most questions are open it cannot be told whether there is anything to act on, and what is open counted."""
    open_ = [find(f"C-{number}", "plan-timely", Outcome.NOT_EVIDENCED, "") for number in range(9)]
    text = first_screen(screen([*open_, find("C-9", "plan-timely", Outcome.MET, "")]), 100, _COMMANDS)
    assert "ACT NOW        cannot be told: 9 of 10 questions are open." in text
    assert "NOT KNOWN      9 of 10 questions are open, in 9 cases: --full lists them" in text
    few = [find(f"C-{number}", "plan-timely", Outcome.MET, "") for number in range(9)]
    text = first_screen(screen([*few, *open_[:1]]), 100, _COMMANDS)
    assert "no case by what is recorded; 1 of 10 questions are open, and may hide some" in text
    assert "ACT NOW        no case\n" in first_screen(screen(few), 100, _COMMANDS)


def test_what_the_head_of_a_report_says_is_on_it(screening: Screening) -> None:
    """Each in a line, with what to do."""
    odd = evolve(screening, assumed=(NOT_CONFIRMED, "A."), left_out=2, not_begun=3, later=4, closed=1)
    text = first_screen(odd, 140, _COMMANDS)
    assert "NOT CONFIRMED  columns were matched by suggestion: check them with casescreen mapping suggest" in text
    assert "NOT READ       2 records left out, 0 values not read: --full says which, and why" in text
    assert "NOT BEGUN      3 cases, set apart: give a later day with --as-of to screen them" in text
    assert "LATER DAYS     4 dates, rows and answers in the records are of later days and do not count: give" in text
    assert "ASSUMED        1 thing where the tables were read: --full lists them" in text
    assert "CLOSED         1 case: counted in the figures only, nothing to be done" in text


def test_a_copy_to_share_has_no_line_about_a_case() -> None:
    """Nor the name of anybody, and no count that is small."""
    whole = _of(20)
    assert isinstance(whole, Screening)
    text = first_screen(suppressed(whole, 5, None), 100, _COMMANDS)
    assert not [name for name in (*whole.case_ids, *whole.managers.values()) if name in text]
    assert "explain" not in text
    assert "a copy to share" in text
    few = evolve(suppressed(whole, 5, None), cases=Suppressed.FEW, rates=(), states={})
    assert "there are so few cases that no figures are shown" in first_screen(few, 100, _COMMANDS)


def test_colour_is_never_alone(screening: Screening) -> None:
    """With the colours taken away it says the same."""
    coloured = first_screen(screening, 100, _COMMANDS, coloured=True)
    plain = first_screen(screening, 100, _COMMANDS)
    assert "\x1b[1;31m  ACT NOW\x1b[0m" in coloured
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[33m", "\x1b[32m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_an_id_that_a_shell_could_run_is_not_put_into_a_command(find: Find, screen: Screen) -> None:
    """A place to write it stands there instead."""
    text = first_screen(screen([find("$(rm x)", "plan-timely", Outcome.NOT_MET, "")]), 100, _COMMANDS)
    assert "casescreen explain my-cases --case ID\n" in text
    text = first_screen(screen([find("A 1", "plan-timely", Outcome.NOT_MET, "")]), 100, _COMMANDS)
    assert 'casescreen explain my-cases --case "A 1"\n' in text
