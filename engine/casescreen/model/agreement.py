"""How far two readers agree: pairs of answers, what can be said of them in figures, and where the two differ.

The figures are exact: fractions until they are shown. AC1 and its variance are those of Gwet (2008), over the pairs
that were read, with no correction for how many could have been.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, cached_property
from math import atan, pi, sqrt

from attrs import frozen

from casescreen.model.answer_set import AnswerSet, ModeratedAnswer
from casescreen.model.case import Answer
from casescreen.model.change import FindingKey
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Rulebook

FEWEST_PAIRS = 20
"""Of so many pairs there are figures; of fewer only counts, and the list of disagreements."""

_QUANTILE = 1.959963984540054  # of the normal distribution, below which 97.5 in a hundred lie
_MOST_TERMS = 200
_WIDEST = 16.0  # the quantile of one degree of freedom is 12.7
_HALVINGS = 60
_ONE = Fraction(1)


@cache
def t_quantile(freedom: int) -> float:
    """Below which 97.5 in a hundred lie, of Student's t with so many degrees of freedom.

    Up to 200 the distribution is a sum with an end, and its inverse is narrowed down; beyond it stand the terms of
    Fisher and Cornish, whose error is below 1e-10 there.
    """
    if freedom > _MOST_TERMS:
        z, v = _QUANTILE, freedom
        return (
            z
            + (z**3 + z) / (4 * v)
            + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
            + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
            + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
        )
    low, high = 0.0, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 0.95 else (low, middle)  # noqa: PLR2004 - both tails
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """How much of Student's t lies between -t and t."""
    share = freedom / (freedom + t * t)  # the squared cosine of the angle whose tangent is t over the root of freedom
    sine, term, total = sqrt(1 - share), 1.0, 0.0
    if freedom % 2 == 0:
        for number in range(freedom // 2):
            total += term
            term *= share * (2 * number + 1) / (2 * number + 2)
        return sine * total
    for number in range((freedom - 1) // 2):
        total += term
        term *= share * (2 * number + 2) / (2 * number + 3)
    return 2 / pi * (atan(t / sqrt(freedom)) + sine * sqrt(share) * total)


@frozen
class PairCounts:
    """How often two readers answered yes and no to the same questions.

    Attributes:
        both_yes: both said yes.
        only_first: only the first reader said yes.
        only_second: only the second reader said yes.
        both_no: both said no.
    """

    both_yes: int = 0
    only_first: int = 0
    only_second: int = 0
    both_no: int = 0

    @property
    def pairs(self) -> int:
        """How many there are."""
        return self.both_yes + self.only_first + self.only_second + self.both_no

    @property
    def same(self) -> int:
        """In how many the readers agree."""
        return self.both_yes + self.both_no

    @property
    def differing(self) -> int:
        """In how many they do not."""
        return self.only_first + self.only_second

    @property
    def agreement(self) -> Fraction:
        """The share in which they agree; there is a pair at least."""
        return Fraction(self.same, self.pairs)

    @property
    def kappa(self) -> Fraction | None:
        """Cohen's kappa; None where it is undefined: both readers gave one and the same answer to every question."""
        n = self.pairs
        first, second = self.both_yes + self.only_first, self.both_yes + self.only_second
        by_chance = Fraction(first * second + (n - first) * (n - second), n * n)
        return None if by_chance == 1 else (self.agreement - by_chance) / (1 - by_chance)

    @cached_property
    def ac1(self) -> Fraction:
        """Gwet's AC1."""
        return (self.agreement - self._by_chance) / (1 - self._by_chance)

    @property
    def _yes(self) -> Fraction:
        """The share of yes in all answers of both."""
        return Fraction(2 * self.both_yes + self.differing, 2 * self.pairs)

    @cached_property
    def _by_chance(self) -> Fraction:
        return 2 * self._yes * (1 - self._yes)

    @cached_property
    def ac1_variance(self) -> Fraction:
        """The variance of AC1 over the pairs; there are two pairs at least."""
        chance, yes, n = self._by_chance, self._yes, self.pairs
        each = (
            (self.both_yes, _ONE, 1 - yes),
            (self.both_no, _ONE, yes),
            (self.differing, Fraction(0), Fraction(1, 2)),
        )
        total = Fraction(0)
        for number, same, own_chance in each:
            own = (same - chance - 2 * (1 - self.ac1) * (own_chance - chance)) / (1 - chance)
            total += number * (own - self.ac1) ** 2
        return total / (n * (n - 1))

    @property
    def ac1_error(self) -> float:
        """The standard error of AC1."""
        return sqrt(self.ac1_variance)

    @property
    def ac1_interval(self) -> tuple[float, float]:
        """The interval of AC1 at 95 per cent, by Student's t with a degree of freedom less than there are pairs."""
        half, middle = t_quantile(self.pairs - 1) * self.ac1_error, float(self.ac1)
        return max(-1.0, middle - half), min(1.0, middle + half)

    @cached_property
    def mcnemar(self) -> Fraction | None:
        """The exact test of McNemar; None where they never differ.

        If each difference could as well have gone the other way: how likely they are to fall at least as unevenly,
        towards whichever reader.
        """
        n, fewer = self.differing, min(self.only_first, self.only_second)
        if not n:
            return None
        tail, term = 0, 1
        for number in range(fewer + 1):
            tail += term
            term = term * (n - number) // (number + 1)
        return min(_ONE, Fraction(2 * tail, 2**n))

    def __add__(self, other: PairCounts) -> PairCounts:
        """Both together."""
        return PairCounts(
            self.both_yes + other.both_yes,
            self.only_first + other.only_first,
            self.only_second + other.only_second,
            self.both_no + other.both_no,
        )


@frozen
class QuestionAgreement:
    """What two readers answered to one question in the cases that both read.

    Attributes:
        criterion: the id of the question. Where it is asked of rows, each row is a question of its own.
        counts: the pairs of yes and no.
        both_na: both said that it does not apply.
        only_first_na: only the first reader said so, and the second one answered yes or no.
        only_second_na: only the second reader said so.
        only_first_answered: the second reader left it without an answer.
        only_second_answered: the first reader did.
    """

    criterion: str
    counts: PairCounts = PairCounts()
    both_na: int = 0
    only_first_na: int = 0
    only_second_na: int = 0
    only_first_answered: int = 0
    only_second_answered: int = 0

    @property
    def has_figures(self) -> bool:
        """Whether there are enough pairs for more than counts."""
        return self.counts.pairs >= FEWEST_PAIRS

    @property
    def disagreements(self) -> int:
        """How often the two gave different answers, n/a among them."""
        return self.counts.differing + self.only_first_na + self.only_second_na

    @property
    def unpaired(self) -> tuple[int, int, int, int, int]:
        """What is no pair, in the order above."""
        return (
            self.both_na,
            self.only_first_na,
            self.only_second_na,
            self.only_first_answered,
            self.only_second_answered,
        )


@frozen
class Disagreement:
    """A question to which two readers gave different answers.

    Attributes:
        item: the key of the row; "" where the question is asked of the case.
        moderated: what counts, where somebody has said so.
    """

    case: str
    criterion: str
    item: str
    first: Answer
    second: Answer
    moderated: ModeratedAnswer | None = None

    @property
    def key(self) -> FindingKey:
        """The question that it is about."""
        return self.case, self.criterion, self.item

    @property
    def is_about_applying(self) -> bool:
        """Whether one of them says that the question does not apply."""
        return ReadersAnswer.NOT_APPLICABLE in (self.first.answer, self.second.answer)


@frozen(kw_only=True)
class ReaderAgreement:
    """Two sets of answers held against each other. All figures are of the readers' own answers.

    Attributes:
        rulebook: whose questions were answered.
        first: what the first reader answered.
        second: what the second reader did.
        cases: the ids of the cases that both read.
        only_first: the ids of those that only the first one read.
        only_second: the ids of those that only the second one read.
        questions: in the rulebook's order; those to which both gave no answer are not here.
        disagreements: in the order of the questions, then of case and row.
        sample: the hash of the sample that both are of; "" where none was named.
        drawn: how many cases were drawn; 0 where no sample was named.
        not_drawn: the ids of the cases that were read and are not of the sample: they count for nothing.
        unread: the ids of the cases of the sample that neither read.
        set_aside: how many answers are to questions that are not asked under the rules in force.
        shows_text: whether reasons are shown, which are free text.
    """

    rulebook: Rulebook
    first: AnswerSet
    second: AnswerSet
    cases: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    questions: tuple[QuestionAgreement, ...]
    disagreements: tuple[Disagreement, ...]
    sample: str = ""
    drawn: int = 0
    not_drawn: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    set_aside: int = 0
    shows_text: bool = False

    @property
    def counts(self) -> PairCounts:
        """The pairs of all questions together: counts alone, since the pairs of one case are not apart from another."""
        return sum((one.counts for one in self.questions), PairCounts())

    @property
    def moderated(self) -> int:
        """How many disagreements somebody has moderated."""
        return sum(one.moderated is not None for one in self.disagreements)

    def of(self, criterion: str) -> Sequence[Disagreement]:
        """The disagreements on one question."""
        return [one for one in self.disagreements if one.criterion == criterion]
