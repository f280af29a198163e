"""How far two readers agree, as people read it."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from attrs import evolve
from two_readers import ASKED, OF_ROWS, answer, pair_of, reading

from casescreen.model.agreement import PairCounts, ReaderAgreement
from casescreen.model.answer_set import ModeratedAnswer, OriginalAnswer
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Rulebook
from casescreen.report.formats.plain_text import to_plain
from casescreen.review.agreement_report import (
    agreement_blocks,
    agreement_page,
    agreement_screen,
    chance_in_words,
    is_settled,
    stricter_in_words,
)
from casescreen.review.moderation import with_moderated
from casescreen.review.pairing import agreement_of

_HOSTILE = '<script>alert("x")</script>\x1b[31m\u202e'


def _full(agreement: ReaderAgreement, width: int = 100) -> str:
    return to_plain(agreement_blocks(agreement), width)


def _moderated(agreement: ReaderAgreement, by: str = "C. Lead", reason: str = "Page 3.") -> ReaderAgreement:
    one = agreement.disagreements[0]
    originals = (OriginalAnswer("A. Reader", one.first.answer), OriginalAnswer("B. Reader", one.second.answer))
    said = ModeratedAnswer(*one.key, ReadersAnswer.NO, by, date(2024, 5, 30), reason, *originals)
    return with_moderated(agreement, [said])


def test_from_twenty_pairs_on_there_are_coefficients(bikes: Rulebook) -> None:
    """Agreement, AC1 with its interval, kappa and the exact test; of one pair less, counts alone."""
    said = _full(agreement_of(*pair_of(17, 1, 1, 1), bikes))
    assert re.search(r"The repair is done in time +18 of 20 +0\.88 +0\.69 to 1\.00 +0\.44 +100 of 100", said)
    few = _full(agreement_of(*pair_of(16, 1, 1, 1), bikes))
    assert "No question has so many. Of fewer than 20 pairs there are counts and the list of disagreements only." in few
    assert not re.search(r"AC1|appa|McNemar|stricter|0\.\d", few)


def test_kappa_that_is_undefined_is_said_to_be(bikes: Rulebook) -> None:
    """Where all agree on one answer; AC1 is 1 there, and nobody is stricter."""
    said = _full(agreement_of(*pair_of(20, 0, 0, 0), bikes))
    assert re.search(r"20 of 20 +1\.00 +1\.00 to 1\.00 +undefined", said)
    assert "Who was stricter" not in said
    assert "There is none." in said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            PairCounts(9, 4, 1, 9),
            (
                "B said no where A said yes in 4 of 5 disagreements, and A in 1. As many coins fall at least as "
                "unevenly in 38 of 100 tosses."
            ),
        ),
        (
            PairCounts(9, 0, 8, 9),
            (
                "A said no where B said yes in 8 of 8 disagreements. As many coins fall at least as unevenly in "
                "fewer than 1 of 100 tosses."
            ),
        ),
        (PairCounts(9, 3, 3, 9), "Each said no where the other said yes in 3 of 6 disagreements."),
        (PairCounts(9, 0, 0, 9), "They never differ on yes and no."),
    ],
)
def test_who_was_stricter_is_said_with_how_often_a_coin_would_do_the_same(counts: PairCounts, said: str) -> None:
    """The figures, and no word that judges them."""
    assert stricter_in_words(counts, "A", "B") == said


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (Fraction(1), "100 of 100"),
        (Fraction(999, 1000), "more than 99 of 100"),
        (Fraction(3, 8), "38 of 100"),
        (Fraction(1, 100), "1 of 100"),
        (Fraction(9, 1000), "fewer than 1 of 100"),
        (Fraction(9, 10_000), "fewer than 1 of 1,000"),
    ],
)
def test_how_often_is_never_rounded_to_never_or_always(chance: Fraction, said: str) -> None:
    """Nor is what is certain said to be less."""
    assert chance_in_words(chance) == said


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_first_screen_fits_a_terminal(bikes: Rulebook, width: int) -> None:
    """Whatever the number of cases: at most 45 lines at 100 columns, none wider than was asked for."""
    screen = agreement_screen(agreement_of(*pair_of(40, 30, 20, 30), bikes), width, "--full")
    assert max(map(len, screen.splitlines())) <= width
    assert len(screen.splitlines()) <= 45
    assert "And 40 more disagreements: --full" in screen


def test_no_word_judges_the_figures(bikes: Rulebook) -> None:
    """There is no "substantial", "good" or "significant" in any form."""
    agreement = agreement_of(*pair_of(17, 3, 1, 9), bikes)
    for text in (_full(agreement), agreement_page(agreement), agreement_screen(agreement, 100, "--full")):
        assert not re.search(r"(?i)substantial|moderate agree|perfect|good|poor|fair\b|significant|almost|slight", text)


def test_moderated_answers_stand_beside_the_originals_and_in_no_figure(bikes: Rulebook) -> None:
    """Both answers, what counts, by whom, when and why; every count is as it was."""
    before = agreement_of(*pair_of(3, 2, 1, 4), bikes)
    said = _full(_moderated(before))
    assert re.search(r"B-04 +The repair is done in time +yes +no +no", said)
    assert "Moderated: no, by C. Lead on 30 May 2024: Page 3." in said
    assert "3 yes against no; 1 moderated, 2 not yet" in said
    counts = r"The repair is done in time +7 of 10 +3 +2 +1 +4"
    assert re.search(counts, said)
    assert re.search(counts, _full(before))


def test_reasons_are_shown_only_where_text_is(bikes: Rulebook) -> None:
    """They are free text: in no form unless that is asked for."""
    first = reading("A. Reader", {"B-1": (answer("yes", reason="Mum says so."),)})
    agreement = agreement_of(first, reading("B. Reader", {"B-1": "no"}), bikes)
    shown = evolve(agreement, shows_text=True)
    assert not [made for made in (_full, agreement_page) if "Mum" in made(agreement)]
    assert not [made for made in (_full, agreement_page) if "Mum says so." not in made(shown)]


def test_a_question_leads_to_the_cases_in_which_they_differ(bikes: Rulebook) -> None:
    """Every link of the page leads to a part of it, and that part has the cases of the question."""
    both = [(answer("yes"), answer(one, OF_ROWS, "R1")) for one in ("yes", "no")]
    first, second = (reading(name, {"B-1": each, "B-2": "yes"}) for name, each in zip("AB", both, strict=True))
    page = agreement_page(agreement_of(first, second, bikes))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    part = page.split(f'id="question-{OF_ROWS}"')[1]
    assert ("B-1" in part, "B-2" in part, ">R1<" in part) == (True, False, True)
    assert f"question-{ASKED}" not in page


def test_hostile_text_stays_text(bikes: Rulebook) -> None:
    """Names, ids, rows and reasons, wherever they are shown."""
    each = ((answer(one, OF_ROWS, _HOSTILE, _HOSTILE),) for one in ("yes", "no"))
    first, second = (
        reading(f"{name} {_HOSTILE}", {_HOSTILE: one}, _HOSTILE) for name, one in zip("AB", each, strict=True)
    )
    agreement = evolve(agreement_of(first, second, bikes), shows_text=True)
    agreement = evolve(agreement, disagreements=_moderated(agreement_of(*pair_of(0, 1, 0, 0), bikes)).disagreements)
    for text in (_full(agreement), agreement_screen(agreement, 80, "--full"), agreement_page(agreement)):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<script" not in agreement_page(agreement)


def test_nothing_waits_only_where_all_is_read_and_moderated(bikes: Rulebook) -> None:
    """A disagreement waits, and a case or a question that one alone has; nothing answered is nothing settled."""
    assert is_settled(agreement_of(*pair_of(3, 0, 0, 4), bikes))
    waiting = agreement_of(*pair_of(3, 1, 0, 4), bikes)
    assert not is_settled(waiting)
    assert is_settled(_moderated(waiting))
    alone = agreement_of(reading("A", {"B-1": "yes", "B-2": "no"}), reading("B", {"B-1": "yes"}), bikes)
    assert not is_settled(alone)
    open_ = agreement_of(reading("A", {"B-1": "yes", "B-2": "no"}), reading("B", {"B-1": "yes", "B-2": ""}), bikes)
    assert not is_settled(open_)
    assert not is_settled(agreement_of(reading("A", {"B-1": ""}), reading("B", {"B-1": ""}), bikes))
    assert is_settled(agreement_of(reading("A", {"B-1": "n/a"}), reading("B", {"B-1": "n/a"}), bikes))
