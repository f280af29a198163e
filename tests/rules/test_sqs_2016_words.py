"""What the shipped rulebook sqs-2016 says where something is not met, read as a report would say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from casescreen.model.condition import Count, Covered, OverRows, walk
from casescreen.model.rulebook import ConclusionKind, Criterion, Rulebook, Scope
from casescreen.rulebook.load import load_rulebook

# Asked of every case, or of every report of its kind: there is nothing to say of what the denominator means.
OF_ALL = {
    "cse-tool-completed",
    "relationship-built",
    "health-and-welfare",
    "barriers-assessed",
    "supervision-impact",
    "management-oversight",
}
# A capital letter, words, and a full stop at the end and nowhere else.
SENTENCE = re.compile(r"[A-Z][^.!?]*\.")
MISSING = "{missing}"


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook("sqs-2016")


def _sentences(criterion: Criterion) -> Iterator[str]:
    yield criterion.shortfall
    yield from (one.says for one in criterion.shortfalls)


def test_every_criterion_has_a_shortfall(sqs: Rulebook) -> None:
    """Of each it is written what is said where it is not met, and not only what it is called."""
    assert [one.id for one in sqs.criteria if not one.shortfall] == []
    assert [one.id for one in sqs.criteria if one.title in one.shortfall] == []


def test_a_letter_can_tell_of_every_criterion(sqs: Rulebook) -> None:
    """Each has a phrase of its own that stands inside a sentence, and a stage of the work."""
    phrases = [one.phrase for one in sqs.criteria]
    assert [phrase for phrase in phrases if not re.fullmatch(r"[a-z][^.:;!?]*[a-z]", phrase)] == []
    assert len(set(phrases)) == len(sqs.criteria)
    assert {one.stage for one in sqs.criteria} == set(sqs.stages)


def test_strengths_and_areas_are_sentences_in_a_letter(sqs: Rulebook) -> None:
    """Of the sample, each with one of its own."""
    kinds = (ConclusionKind.AREA, ConclusionKind.STRENGTH)
    told = [rule for rule in sqs.conclusions if rule.on is Scope.SAMPLE and rule.kind in kinds]
    assert [rule.id for rule in told if not SENTENCE.fullmatch(rule.sentence)] == []
    assert len({rule.sentence for rule in told}) == len(told)


def test_shortfalls_are_one_sentence(sqs: Rulebook) -> None:
    """Each shortfall, and each variant of one, is a single sentence that ends with a full stop."""
    said = [(one.id, sentence) for one in sqs.criteria for sentence in _sentences(one)]
    assert [(id_, sentence) for id_, sentence in said if not SENTENCE.fullmatch(sentence)] == []


def test_no_two_shortfalls_are_the_same(sqs: Rulebook) -> None:
    """Whoever reads one knows which question it is about."""
    said = [sentence for one in sqs.criteria for sentence in _sentences(one)]
    assert sorted(said) == sorted(set(said))


def test_what_failed_is_named_where_rows_can_fail(sqs: Rulebook) -> None:
    """Only what asks about rows says which of them failed: of anything else, nothing would stand in its place."""
    named = [one for one in sqs.criteria if any(MISSING in sentence for sentence in _sentences(one))]
    assert named
    assert [one.id for one in named if not _asks_about_rows(one)] == []


def _asks_about_rows(criterion: Criterion) -> bool:
    return criterion.met is not None and any(
        isinstance(part, OverRows | Count | Covered) for part in walk(criterion.met)
    )


def test_every_condition_of_being_asked_is_said(sqs: Rulebook) -> None:
    """Each criterion that is asked of some cases says of which, as in "where there is a plan"; the others are these."""
    assert {one.id for one in sqs.criteria if one.applies is None and one.per is None} == OF_ALL
    assert {one.id for one in sqs.criteria if not one.among} - OF_ALL == set()
    assert {one.id for one in sqs.criteria if one.among} & OF_ALL == set()


def test_what_it_is_asked_among_can_stand_in_a_sentence(sqs: Rulebook) -> None:
    """Each goes on from a number of cases, so it begins with a small word and has no stop at its end."""
    said = [(one.id, one.among) for one in sqs.criteria if one.among]
    assert [(id_, among) for id_, among in said if not re.fullmatch(r"(where|in which|for|of) [^.!?]+", among)] == []
