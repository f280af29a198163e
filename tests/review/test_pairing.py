"""Two sets of answers held against each other."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from two_readers import ASKED, OF_ROWS, answer, pair_of, reading

from casescreen.model.agreement import PairCounts, ReaderAgreement
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.review.pairing import agreement_of, in_short, still_to_read


def _of(agreement: ReaderAgreement, criterion: str = ASKED) -> PairCounts:
    return next(one.counts for one in agreement.questions if one.criterion == criterion)


def test_pairs_are_counted_question_by_question(bikes: Rulebook) -> None:
    """Both yes, only the first, only the second, both no."""
    agreement = agreement_of(*pair_of(3, 2, 1, 4), bikes)
    assert _of(agreement) == agreement.counts == PairCounts(3, 2, 1, 4)
    assert [(one.case, one.first.answer.value, one.second.answer.value) for one in agreement.disagreements] == [
        ("B-04", "yes", "no"),
        ("B-05", "yes", "no"),
        ("B-06", "no", "yes"),
    ]


def test_na_and_no_answer_are_no_pairs(bikes: Rulebook) -> None:
    """Each is counted apart; n/a against yes is a disagreement that is in no pair."""
    said = ["n/a n/a", "n/a yes", "n/a no", "no n/a", "yes -", "n/a -", "- no", "- -"]
    first, second = ({f"B-{n}": one.split()[i].strip("-") for n, one in enumerate(said)} for i in (0, 1))
    agreement = agreement_of(reading("A. Reader", first), reading("B. Reader", second), bikes)
    [question] = agreement.questions
    assert question.counts.pairs == 0
    assert question.unpaired == (1, 2, 1, 2, 1)
    assert [one.case for one in agreement.disagreements] == ["B-1", "B-2", "B-3"]
    assert all(one.is_about_applying for one in agreement.disagreements)
    assert in_short(agreement) == "0 yes against no, 3 on whether the question applies; none is moderated"


def test_each_row_of_a_case_is_a_pair(bikes: Rulebook) -> None:
    """A row that only one answered is none."""
    first = reading("A. Reader", {"B-1": (answer("yes", OF_ROWS, "R1"), answer("yes", OF_ROWS, "R2"))})
    second = reading("B. Reader", {"B-1": (answer("no", OF_ROWS, "R1"), answer("yes", OF_ROWS, "R3"))})
    [question] = agreement_of(first, second, bikes).questions
    assert (question.counts, question.unpaired) == (PairCounts(0, 1, 0, 0), (0, 0, 0, 1, 1))


def test_cases_that_only_one_read_are_no_disagreement(bikes: Rulebook) -> None:
    """They are listed, and nothing of them is counted."""
    first = reading("A. Reader", {"B-1": "yes", "B-2": "no", "B-3": "no"})
    second = reading("B. Reader", {"B-1": "yes", "B-4": "no"})
    agreement = agreement_of(first, second, bikes)
    assert (agreement.cases, agreement.only_first, agreement.only_second) == (("B-1",), ("B-2", "B-3"), ("B-4",))
    assert (agreement.counts, agreement.disagreements) == (PairCounts(1, 0, 0, 0), ())
    assert still_to_read(agreement) == 3


def test_answers_to_questions_that_are_not_in_force_are_set_aside(bikes: Rulebook) -> None:
    """And counted."""
    two = (answer("yes"), answer("no", "switched-off"))
    one = (answer("yes"), answer("yes", "switched-off"))
    agreement = agreement_of(reading("A. Reader", {"B-1": two}), reading("B. Reader", {"B-1": one}), bikes)
    assert (agreement.counts.pairs, agreement.set_aside, agreement.disagreements) == (1, 2, ())


def test_one_reader_twice_is_refused(bikes: Rulebook) -> None:
    """Whatever the capitals."""
    first, second = reading("A. Reader", {"B-1": "yes"}), reading("a. reader", {"B-1": "yes"}, "again.xlsx")
    with pytest.raises(CasescreenError, match=r"Both a\.xlsx and again\.xlsx hold the answers of A\. Reader\."):
        agreement_of(first, second, bikes)


def test_readers_who_are_not_named_can_be_compared(bikes: Rulebook) -> None:
    """Records seldom say who answered."""
    assert agreement_of(reading("", {"B-1": "yes"}), reading("", {"B-1": "no"}), bikes).counts.differing == 1


def test_other_rules_are_refused(bikes: Rulebook) -> None:
    """With what differs: the rulebook, or its version; nothing is said where a set says nothing of it."""
    first, second = pair_of(1, 1, 1, 1)
    with pytest.raises(CasescreenError, match=r"by the rulebook bikes, and b\.xlsx by sqs"):
        agreement_of(evolve(first, rulebook="bikes"), evolve(second, rulebook="sqs"), bikes)
    with pytest.raises(CasescreenError, match=r"hash abcd and hash ef01"):
        agreement_of(evolve(first, rules="abcd"), evolve(second, rules="ef01"), bikes)
    assert agreement_of(evolve(first, rules="abcd"), second, bikes).counts.pairs == 4


def test_no_case_in_common_is_refused(bikes: Rulebook) -> None:
    """With what to look at."""
    with pytest.raises(CasescreenError, match="There is no case that both read"):
        agreement_of(reading("A. Reader", {"B-1": "yes"}), reading("B. Reader", {"B-2": "yes"}), bikes)


_SAID = st.sampled_from(["yes", "no", "n/a", ""])


@given(st.dictionaries(st.sampled_from([f"B-{n}" for n in range(12)]), st.tuples(_SAID, _SAID), min_size=1))
def test_everything_is_counted_once_and_the_readers_can_be_swapped(
    bikes: Rulebook, said: dict[str, tuple[str, str]]
) -> None:
    """Pairs and what is apart add up to what somebody answered; swapped, first and second change places."""
    first, second = (reading(name, {case: each[i] for case, each in said.items()}) for i, name in enumerate("AB"))
    one, other = agreement_of(first, second, bikes), agreement_of(second, first, bikes)
    answered = sum(any(each) for each in said.values())
    assert sum(each.counts.pairs + sum(each.unpaired) for each in one.questions) == answered
    counts = one.counts
    assert other.counts == PairCounts(counts.both_yes, counts.only_second, counts.only_first, counts.both_no)
    assert len(one.disagreements) == sum(each.disagreements for each in one.questions) == len(other.disagreements)
