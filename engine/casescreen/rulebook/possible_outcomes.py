"""Which outcomes a criterion can have: what its examples must show, and what conclusions may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from casescreen.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Not,
    Operand,
    OverRows,
    Recorded,
    Truth,
    Within,
    negate,
)
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Due, Parameter

Parameters = Mapping[str, Parameter | None]
_Truths = frozenset[Truth]
_EITHER: _Truths = frozenset({Truth.TRUE, Truth.FALSE})
_UNKNOWN: _Truths = frozenset({Truth.UNKNOWN})
# More fields than this need not be missing at once to show that an outcome can be had.
_MISSING_AT_ONCE = 3


def outcomes_by_shape(criterion: Criterion) -> tuple[Outcome, ...]:
    """The outcomes that the criterion's keys leave room for, in the usual order."""
    judged = criterion.basis is Basis.JUDGEMENT
    conditional = criterion.applies is not None or criterion.per is not None
    room = {
        Outcome.MET: True,
        Outcome.NOT_MET: True,
        Outcome.NOT_APPLICABLE: judged or conditional,
        Outcome.NOT_YET_DUE: criterion.due is not None,
        Outcome.NOT_EVIDENCED: not judged or conditional,
        Outcome.NEEDS_JUDGEMENT: judged,
    }
    return tuple(outcome for outcome in Outcome if room[outcome])


def can_lack_evidence(criterion: Criterion, parameters: Parameters) -> bool:
    """Whether some record, by what it leaves out, makes the criterion come to "not evidenced".

    Fields are taken as independent of one another, which errs only for conditions that contradict themselves.
    """
    if criterion.per is not None:
        return True  # the table may be absent
    reads = sorted(set(_read_by(criterion, parameters)))
    absences = (frozenset(absent) for size in range(_MISSING_AT_ONCE + 1) for absent in combinations(reads, size))
    return any(_lacks_evidence(criterion, _Possible(absent, parameters)) for absent in absences)


def _lacks_evidence(criterion: Criterion, possible: _Possible) -> bool:
    applies = possible.of(criterion.applies) if criterion.applies is not None else frozenset({Truth.TRUE})
    if Truth.UNKNOWN in applies:
        return True
    if Truth.TRUE not in applies or criterion.met is None:
        return False
    met = possible.of(criterion.met)
    deadline_unknown = criterion.due is not None and not possible.knows_deadline(criterion.due)
    return Truth.UNKNOWN in met or (deadline_unknown and Truth.FALSE in met)


class _Possible:
    """What conditions can come to when certain fields and tables are not recorded and all others are.

    The rows of a table that is there are taken to say all that is asked of them: what they leave open,
    the table's absence leaves open too.
    """

    def __init__(self, absent: frozenset[str], parameters: Parameters) -> None:
        self._absent = absent
        self._parameters = parameters

    def of(self, condition: Condition) -> _Truths:
        match condition:
            case All(parts):
                return _all(tuple(self.of(part) for part in parts))
            case Any(parts):
                return _swapped(_all(tuple(_swapped(self.of(part)) for part in parts)))
            case Not(part):
                return _swapped(self.of(part))
            case Recorded(field, expected):
                there = field.full_name not in self._absent
                return frozenset({Truth.TRUE if there is expected else Truth.FALSE})
            case _:
                known = self._absent.isdisjoint(_reads(condition, self._parameters))
                return _EITHER if known else _UNKNOWN

    def knows_deadline(self, due: Due) -> bool:
        return self._absent.isdisjoint(_deadline_reads(due, self._parameters))


def _all(parts: tuple[_Truths, ...]) -> _Truths:
    """What ``all`` can come to, when each part can come to these, whatever the others do."""
    found = set()
    if any(Truth.FALSE in part for part in parts):
        found.add(Truth.FALSE)
    if all(Truth.TRUE in part for part in parts):
        found.add(Truth.TRUE)
    if all(part != {Truth.FALSE} for part in parts) and any(Truth.UNKNOWN in part for part in parts):
        found.add(Truth.UNKNOWN)
    return frozenset(found)


def _swapped(truths: _Truths) -> _Truths:
    return frozenset(negate(truth) for truth in truths)


def _read_by(criterion: Criterion, parameters: Parameters) -> Iterator[str]:
    for condition in (criterion.applies, criterion.met):
        if condition is not None:
            yield from _reads(condition, parameters)
    if criterion.due is not None:
        yield from _deadline_reads(criterion.due, parameters)


def _deadline_reads(due: Due, parameters: Parameters) -> Iterator[str]:
    yield due.of.full_name
    yield from _operand_reads(due.within, parameters)


def _reads(condition: Condition, parameters: Parameters) -> Iterator[str]:
    """The fields and tables of the case that can leave the condition unknown by being absent, or decide it so."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _reads(part, parameters)
        case Not(part):
            yield from _reads(part, parameters)
        case Recorded(field):
            yield field.full_name
        case Compare(field, _, operand):
            yield field.full_name
            yield from _operand_reads(operand, parameters)
        case Within(field, limit, of):
            yield from (field.full_name, of.full_name)
            yield from _operand_reads(limit, parameters)
        case Covered(table, _, _, by):
            yield from (table, by.table)
        case OverRows(table=table) | Count(table=table):
            yield table


def _operand_reads(operand: Operand, parameters: Parameters) -> Iterator[str]:
    match operand:
        case FromField(field):
            yield field.full_name
        case FromParameter(name):
            parameter = parameters[name]
            assert parameter is not None
            yield from (variation.field.full_name for variation in parameter.variations)
        case _:
            return
