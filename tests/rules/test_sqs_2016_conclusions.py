"""What the shipped rulebook sqs-2016 concludes from rates: the letter's own conclusions, and none that contradict."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casescreen.evaluate.inference.inferrer import inferrer
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
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
AREAS = {"area-assessment-at-start", "area-planning-at-start", "area-management-oversight"}
STRENGTHS = {"strength-pre-sentence-reports", "strength-response-to-non-compliance"}
ALL_BANDS = ("strong", "sound", "mixed", "weak", "too few")


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook("sqs-2016")


def _on_sample(sqs: Rulebook, bands: Mapping[str, str], kind: ConclusionKind) -> set[str]:
    drawn = inferrer(sqs, "plain").on_group(Scope.SAMPLE, bands, {}).conclusions
    return {rule.id for rule in sqs.conclusions if rule.id in drawn and rule.kind is kind}


@pytest.fixture(scope="module")
def letter(sqs: Rulebook) -> Mapping[str, str]:
    """The bands of the letter's counts."""
    return {criterion: sqs.bands.of(met, of, of, of) for criterion, (met, of) in LETTER.items()}


@given(data=st.data())
def test_the_letters_counts_bring_the_letters_conclusions(
    sqs: Rulebook, letter: Mapping[str, str], data: st.DataObject
) -> None:
    """The letter's counts bring its three areas and two strengths, whatever the rates that it does not count."""
    uncounted = [one for one in sqs.criterion if one not in letter]
    bands = {**letter, **{one: data.draw(st.sampled_from(ALL_BANDS), label=one) for one in uncounted}}
    assert _on_sample(sqs, bands, ConclusionKind.AREA) == AREAS
    assert _on_sample(sqs, bands, ConclusionKind.STRENGTH) == STRENGTHS


def test_the_letters_counts_bring_its_patterns(sqs: Rulebook, letter: Mapping[str, str]) -> None:
    """Work that improves as orders go on, and weak assessment with weak planning, are told of the letter's counts."""
    assert _on_sample(sqs, letter, ConclusionKind.PATTERN) == {
        "pattern-harm-improves",
        "pattern-child-protection-improves",
        "pattern-harm-assessment-and-plan",
        "pattern-vulnerability-assessment-and-plan",
        "pattern-plans-without-substance",
        "pattern-courts-before-panels",
    }


@pytest.mark.parametrize("band", ["strong", "weak", "too few"])
def test_a_uniform_caseload_is_not_told_both_ways(sqs: Rulebook, band: str) -> None:
    """Strong rates bring strengths and no area, weak ones areas and no strength, and too few cases neither."""
    every = dict.fromkeys(sqs.criterion, band)
    areas, strengths = (_on_sample(sqs, every, kind) for kind in (ConclusionKind.AREA, ConclusionKind.STRENGTH))
    assert (bool(areas), bool(strengths)) == (band == "weak", band == "strong")


def test_whatever_rests_on_a_band_tells_that_its_bands_are_ours(sqs: Rulebook) -> None:
    """Each conclusion on a sample, a case manager or a team says beside it that there is no pass mark."""
    banded = [rule for rule in sqs.conclusions if rule.on is not Scope.CASE]
    assert {rule.on for rule in banded} == set(Scope) - {Scope.CASE}
    said = "The bands are this rulebook's own choice. Short Quality Screening sets no pass mark."
    assert [rule.id for rule in banded if not rule.note.endswith(said)] == []


def test_every_action_and_area_says_what_to_do(sqs: Rulebook) -> None:
    """Nobody is told that something must be done without being told what."""
    asking = [rule for rule in sqs.conclusions if rule.kind in (ConclusionKind.ACTION, ConclusionKind.AREA)]
    assert asking
    assert [rule.id for rule in asking if not rule.remedy] == []
