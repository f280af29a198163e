"""Two sets of answers held against each other: what may be, and what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from casescreen.model.agreement import Disagreement, PairCounts, QuestionAgreement, ReaderAgreement
from casescreen.model.answer_set import AnswerSet
from casescreen.model.case import Answer
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sample import SampleRecord
from casescreen.text import folded, visible

_YES, _NO, _NA = ReadersAnswer.YES, ReadersAnswer.NO, ReadersAnswer.NOT_APPLICABLE
_SHORT = 12
_AGAIN = "turn both readers' sheets into files of answers again, under the same rules: casescreen enquiry read."

_Pair = tuple[Answer | None, Answer | None]


def agreement_of(
    first: AnswerSet,
    second: AnswerSet,
    rulebook: Rulebook,
    sample: SampleRecord | None = None,
    *,
    shows_text: bool = False,
) -> ReaderAgreement:
    """How far two readers agree, question by question, in the cases that both read.

    Args:
        first: what one answered.
        second: what the other one did.
        rulebook: whose questions were answered.
        sample: what both are of: only its cases count; None for every case.
        shows_text: whether reasons are shown.

    Raises:
        CasescreenError: they are one reader's, of other rules, or of no case in common.
    """
    _check_readers(first, second)
    _check_rules(first, second)
    one, other = set(first.cases), set(second.cases)
    drawn = frozenset(() if sample is None else sample.ids)
    wanted = one | other if sample is None else drawn
    both = sorted(one & other & wanted)
    if not both:
        raise _nothing_in_common(sample)
    pairs = _pairs(first, second, both)
    asked = {each.id: pairs[each.id] for each in rulebook.criteria if each.id in pairs}
    return ReaderAgreement(
        rulebook=rulebook,
        first=first,
        second=second,
        cases=tuple(both),
        only_first=tuple(sorted((one - other) & wanted)),
        only_second=tuple(sorted((other - one) & wanted)),
        questions=tuple(_of_question(question, some.values()) for question, some in asked.items()),
        disagreements=tuple(each for question, some in asked.items() for each in _differing(question, some)),
        sample="" if sample is None else sample.hash,
        drawn=len(drawn),
        not_drawn=tuple(sorted((one | other) - wanted)),
        unread=tuple(sorted(drawn - one - other)),
        set_aside=sum(_number(some.values()) for question, some in pairs.items() if question not in asked),
        shows_text=shows_text,
    )


def _number(pairs: Iterable[_Pair]) -> int:
    return sum(answer is not None for pair in pairs for answer in pair)


def _check_readers(first: AnswerSet, second: AnswerSet) -> None:
    if first.reader and folded(first.reader) == folded(second.reader):
        raise CasescreenError(
            f"Both {visible(first.source)} and {visible(second.source)} hold the answers of {visible(first.reader)}.",
            why="how far two readers agree can be told of two readers only.",
            advice="name the answers of another reader. If two people have one name, let each write it in full.",
        )


def _check_rules(first: AnswerSet, second: AnswerSet) -> None:
    one, other = visible(first.source), visible(second.source)
    if first.rulebook and second.rulebook and first.rulebook != second.rulebook:
        raise CasescreenError(
            f"{one} was read by the rulebook {visible(first.rulebook)}, and {other} by {visible(second.rulebook)}.",
            why="other questions were answered.",
            advice="name two sets of answers by one rulebook.",
        )
    if first.rules and second.rules and first.rules != second.rules:
        raise CasescreenError(
            f"{one} and {other} were read under different versions of the rules: hash "
            f"{visible(first.rules, _SHORT)} and hash {visible(second.rules, _SHORT)}.",
            why="a question may have meant one thing to one reader, and another thing to the other.",
            advice=f"look which questions changed. If none did, {_AGAIN}",
        )


def _nothing_in_common(sample: SampleRecord | None) -> CasescreenError:
    return CasescreenError(
        "There is no case that both read." if sample is None else "There is no case of the sample that both read.",
        why="only in such a case can two readers agree or differ.",
        advice="look whether both files are of one sample"
        + ("." if sample is None else ", and whether it is the sample of that record."),
    )


def _pairs(first: AnswerSet, second: AnswerSet, cases: Iterable[str]) -> Mapping[str, dict[tuple[str, str], _Pair]]:
    """The two answers to each question, by the question and then by case and row."""
    pairs: dict[str, dict[tuple[str, str], _Pair]] = {}
    for case in cases:
        ones, others = ({(a.criterion, a.item): a for a in one.answers.get(case, ())} for one in (first, second))
        for criterion, item in sorted(ones.keys() | others.keys()):
            pair = ones.get((criterion, item)), others.get((criterion, item))
            pairs.setdefault(criterion, {})[case, item] = pair
    return pairs


def _of_question(criterion: str, pairs: Iterable[_Pair]) -> QuestionAgreement:
    often = Counter(tuple(None if one is None else one.answer for one in pair) for pair in pairs)
    known = (_YES, _NO)
    return QuestionAgreement(
        criterion,
        PairCounts(often[_YES, _YES], often[_YES, _NO], often[_NO, _YES], often[_NO, _NO]),
        both_na=often[_NA, _NA],
        only_first_na=sum(often[_NA, one] for one in known),
        only_second_na=sum(often[one, _NA] for one in known),
        only_first_answered=sum(often[one, None] for one in (*known, _NA)),
        only_second_answered=sum(often[None, one] for one in (*known, _NA)),
    )


def _differing(criterion: str, pairs: Mapping[tuple[str, str], _Pair]) -> Sequence[Disagreement]:
    return [
        Disagreement(case, criterion, item, first, second)
        for (case, item), (first, second) in sorted(pairs.items(), key=lambda each: each[0])
        if first is not None and second is not None and first.answer is not second.answer
    ]


def readers_in_words(agreement: ReaderAgreement) -> tuple[str, str]:
    """What the two readers are called."""
    named = (agreement.first.reader, agreement.second.reader)
    return visible(named[0]) or "First reader", visible(named[1]) or "Second reader"


def still_to_read(agreement: ReaderAgreement) -> int:
    """How many cases are yet to be read by one of the two, or by both."""
    return len(agreement.only_first) + len(agreement.only_second) + len(agreement.unread)


def in_short(agreement: ReaderAgreement) -> str:
    """How many disagreements there are, and how many of them somebody has moderated."""
    number, moderated = len(agreement.disagreements), agreement.moderated
    if not number:
        return "none"
    applying = sum(one.is_about_applying for one in agreement.disagreements)
    said = f"{number - applying:,} yes against no"
    said += f", {applying:,} on whether the question applies" if applying else ""
    if not moderated:
        return f"{said}; none is moderated"
    waiting = number - moderated
    return f"{said}; {moderated:,} moderated, {waiting:,} not yet" if waiting else f"{said}; all are moderated"
