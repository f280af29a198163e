"""Which answers a screening used, in words."""

from __future__ import annotations

from datetime import date

from casescreen.model.answer_set import AnswersUsed, ModeratedAnswer, OriginalAnswer
from casescreen.model.outcome import ReadersAnswer

_KEY = ("B-1", "estimate-quality", "R1")
_MODERATED = ModeratedAnswer(
    *_KEY,
    answer=ReadersAnswer.NO,
    by="C. Lead",
    on=date(2024, 5, 30),
    reason="Page 3.",
    first=OriginalAnswer("A. Reader", ReadersAnswer.YES),
    second=OriginalAnswer("B. Reader", ReadersAnswer.NO),
)


def _used(others: int = 0, absent: int = 0, later: int = 0) -> AnswersUsed:
    return AnswersUsed("A. Reader", "first.xlsx", 20, 312, 299, others, absent, later, {_KEY: _MODERATED})


def test_whose_answers_were_used_is_said_with_what_they_replaced() -> None:
    """The reader, the file, how many, of how many cases, in place of how many, and how many were moderated by whom."""
    said = "A. Reader: 312 answers of 20 cases (first.xlsx), in place of 299 in the records; 1 moderated by C. Lead"
    assert str(_used()) == said


def test_what_is_beside_them_is_said() -> None:
    """Answers of later days, other cases, and cases that are not here."""
    said = str(_used(others=2, absent=1, later=3))
    assert "; 3 of later days, which do not count; 2 other cases keep their own; 1 case of the file is not here" in said


def test_a_copy_without_names_has_counts_alone() -> None:
    """No reader, no file, no moderator and no reason, under ids of its own; what the answers were stays."""
    copy = _used().renamed({_KEY: ("case-x", "estimate-quality", "1")})
    assert str(copy) == "312 answers of 20 cases, in place of 299 in the records; 1 moderated"
    [(key, one)] = copy.moderated.items()
    assert key == one.key == ("case-x", "estimate-quality", "1")
    assert not [word for word in ("A. Reader", "B. Reader", "Lead", "Page 3", "first.xlsx") if word in repr(copy)]
    assert copy.said_of(key) == "Moderated on 30 May 2024: no. Answered: a reader yes and a reader no."


def test_a_copy_without_small_counts_says_only_that_a_file_was_used() -> None:
    """Not a figure of it."""
    assert str(_used().without_counts) == "from a file of answers, in place of what the records say"


def test_a_moderated_answer_never_stands_alone() -> None:
    """Both originals are named beside it."""
    said = "Moderated by C. Lead on 30 May 2024: no. Answered: A. Reader yes and B. Reader no."
    assert _used().said_of(_KEY) == said
    assert not _used().said_of(("B-2", "estimate-quality", "R1"))
