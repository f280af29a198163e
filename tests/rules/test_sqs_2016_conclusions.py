"""What the shipped rulebook sqs-2016 concludes from rates: the letter's own conclusions, and none that contradict."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.evaluate.inference.inferrer import Inferrer, inferrer
from casescreen.model.rulebook import ConclusionKind, RateIn, Rulebook, Scope, Status
from casescreen.report.wording import bands_in_words
from casescreen.rulebook.load import load_rulebook

# k and n as the letter counts them; where it gives a range, a figure within it.
LETTER = {
    "pre-sentence-report-quality": (6, 7),
    "panel-report-quality": (2, 6),
    "plan-at-start": (17, 20),
    "plan-timely": (15, 17),
    "plan-addresses-assessed-issues": (10, 17),
    "victim-awareness-objective": (3, 17),
    "assessment-reviewed": (12, 13),
    "plan-reviewed": (8, 11),
    "risk-of-harm-assessment": (8, 19),
    "risk-of-harm-plan": (9, 16),
    "risk-of-harm-assessment-reviewed": (8, 11),
    "risk-of-harm-plan-reviewed": (7, 9),
    "vulnerability-assessment": (11, 19),
    "vulnerability-plan": (7, 18),
    "safeguarding-reviewed": (14, 20),
    "cse-action-taken": (7, 8),
    "child-and-carers-involved": (10, 20),
    "non-compliance-response": (11, 11),
    "compliance-improved": (8, 11),
    "supervision-impact": (14, 20),
    "management-oversight": (10, 20),
}
ALL_BANDS = ("strong", "sound", "mixed", "weak", "too few")
SHORT, UNEVEN, PRAISED, FEW = ("mixed", "weak"), ("sound", "mixed", "weak"), ("strong", "sound"), ("too few",)
# What the letter says of work that it does not count, as the bands that its words allow. Some of it was asked of few
# cases only, or may have been.
WORDS: Mapping[str, tuple[str, ...]] = {
    "initial-assessment": SHORT,
    "areas-linked-to-behaviour": (*SHORT, *FEW),
    "specialist-advice-used": ("strong",),
    "referrals-in-plan": (*SHORT, *FEW),
    "restorative-justice-planned": ("strong",),
    "restorative-justice-prepared": ("strong",),
    "education-provision": (*PRAISED, *FEW),
    "likelihood-reduced": (*UNEVEN, *FEW),
    "victims-identified": UNEVEN,
    "other-behaviours-considered": (*UNEVEN, *FEW),
    "plan-states-roles": SHORT,
    "victim-safety-addressed": (*UNEVEN, *FEW),
    "vulnerability-linked-to-offending": UNEVEN,
    "specialist-assessment-requested": (*PRAISED, *FEW),
    "health-needs-in-plan": (*UNEVEN, *FEW),
    "information-sharing-stated": UNEVEN,
    "cse-tool-completed": PRAISED,
    "relationship-built": ("strong",),
    "health-and-welfare": PRAISED,
    "barriers-assessed": UNEVEN,
    "plan-meets-individual-need": UNEVEN,
    "high-risk-case-discussed": (*PRAISED, *FEW),
    "decisions-in-plan": (*SHORT, *FEW),
    "decisions-acted-on": (*UNEVEN, *FEW),
}
SILENT = {"assessment-in-time", "plan-after-assessment", "reviews-held"}
AREAS = {"area-assessment-at-start", "area-planning-at-start", "area-management-oversight"}
STRENGTHS = {
    "strength-engagement",
    "strength-restorative-work",
    "strength-specialist-advice",
    "strength-pre-sentence-reports",
    "strength-response-to-non-compliance",
}


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook("sqs-2016")


@pytest.fixture(scope="module")
def inference(sqs: Rulebook) -> Inferrer:
    return inferrer(sqs, "plain")


def _drawn(inference: Inferrer, bands: Mapping[str, str]) -> set[str]:
    return set(inference.on_group(Scope.SAMPLE, bands, {}).conclusions)


def _of(sqs: Rulebook, drawn: set[str], kind: ConclusionKind) -> set[str]:
    return {rule.id for rule in sqs.conclusions if rule.id in drawn and rule.kind is kind}


@pytest.fixture(scope="module")
def letter(sqs: Rulebook) -> Mapping[str, str]:
    """The bands of the letter's counts."""
    return {id_: sqs.bands.of(met, of, of, of, sqs.criterion[id_].bands) for id_, (met, of) in LETTER.items()}


def test_the_letter_is_asked_about_every_criterion(sqs: Rulebook) -> None:
    """Of each criterion the letter gives a count, or says something in words, or says nothing at all."""
    assert len({*LETTER, *WORDS, *SILENT}) == len(LETTER) + len(WORDS) + len(SILENT) == 48
    assert {*LETTER, *WORDS, *SILENT} == set(sqs.criterion)


@given(data=st.data())
def test_the_letters_counts_bring_the_letters_conclusions(
    sqs: Rulebook, inference: Inferrer, letter: Mapping[str, str], data: st.DataObject
) -> None:
    """The letter's counts bring its three areas and its five strengths, whatever its words leave open.

    In version 1 they did so whatever the rates that the letter does not count, and brought two strengths: the other
    three, which it gives in words, could not be drawn. They can now, so its words bind what they are about, and only
    that of which it says nothing is anything at all.
    """
    open_ = {**WORDS, **dict.fromkeys(sorted(SILENT), ALL_BANDS)}
    bands = {**letter, **{one: data.draw(st.sampled_from(allowed), label=one) for one, allowed in open_.items()}}
    drawn = _drawn(inference, bands)
    assert _of(sqs, drawn, ConclusionKind.AREA) == AREAS
    assert _of(sqs, drawn, ConclusionKind.STRENGTH) == STRENGTHS


def test_the_letters_counts_bring_its_patterns(sqs: Rulebook, inference: Inferrer, letter: Mapping[str, str]) -> None:
    """Of the letter's counts it is told what is better at review, what goes with what, and how courts are advised.

    In version 1 work was said to improve as orders go on, from a judgement at the start and days at review. Both are
    judgements now, and the words are that one is better than the other.
    """
    assert _of(sqs, _drawn(inference, letter), ConclusionKind.PATTERN) == {
        "pattern-harm-better-at-review",
        "pattern-safety-better-at-review",
        "pattern-harm-assessment-and-plan",
        "pattern-safety-assessment-and-plan",
        "pattern-courts-before-panels",
    }


def test_the_letters_exceptions_are_told(inference: Inferrer, letter: Mapping[str, str]) -> None:
    """Three cases without a plan, two late plans and one child at risk without action are told as what they are.

    In version 1 seventeen plans of twenty were strong. Where a step must always be taken, that is three children.
    """
    assert {one for one in _drawn(inference, letter) if one.startswith("exception-")} == {
        "exception-no-plan",
        "exception-late-plan",
        "exception-exploitation",
    }


@pytest.mark.parametrize("band", ["strong", "weak", "too few"])
def test_a_uniform_caseload_is_not_told_both_ways(sqs: Rulebook, inference: Inferrer, band: str) -> None:
    """Strong rates bring strengths and no area, weak ones areas and no strength, and too few cases neither."""
    drawn = _drawn(inference, dict.fromkeys(sqs.criterion, band))
    areas, strengths = (_of(sqs, drawn, kind) for kind in (ConclusionKind.AREA, ConclusionKind.STRENGTH))
    assert (bool(areas), bool(strengths)) == (band == "weak", band == "strong")


def test_the_bands_say_that_they_are_ours(sqs: Rulebook) -> None:
    """Reports say once, of all that rests on a band, that the bands are ours and that there is no pass mark.

    In version 1 each of 44 conclusions said it beside itself, in the same words: a page of it before the first finding.
    """
    said = "Short Quality Screening sets no pass mark."
    assert sqs.bands.status is Status.OURS
    assert said in bands_in_words(sqs)
    assert [rule.id for rule in sqs.conclusions if said in rule.note] == []


def test_what_is_said_of_one_person_is_no_verdict(sqs: Rulebook) -> None:
    """Each conclusion on a case manager asks for ten cases or more, and to look at them before anything is drawn.

    In version 1 five cases were enough, of which one child more or less makes the difference.
    """
    of_people = [rule for rule in sqs.conclusions if rule.on in (Scope.MANAGER, Scope.TEAM)]
    assert {rule.on for rule in of_people} == {Scope.MANAGER, Scope.TEAM}
    asked = {rule.id: [one.minimum for one in rule.premises if isinstance(one, RateIn)] for rule in of_people}
    assert [id_ for id_, each in asked.items() if not each or min(each) < 10] == []
    of_managers = [rule for rule in of_people if rule.on is Scope.MANAGER]
    assert [rule.id for rule in of_managers if "before drawing anything" not in rule.note] == []


def test_every_action_and_area_says_what_to_do(sqs: Rulebook) -> None:
    """Nobody is told that something must be done without being told what."""
    asking = [rule for rule in sqs.conclusions if rule.kind in (ConclusionKind.ACTION, ConclusionKind.AREA)]
    assert asking
    assert [rule.id for rule in asking if not rule.remedy] == []
