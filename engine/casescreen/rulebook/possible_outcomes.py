"""Which outcomes a criterion can have: what its examples must show, and what conclusions may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from casescreen.conditions.reads import fields_read
from casescreen.model.condition import All, Any, Condition, Not, Recorded, Truth, negate
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Parameter

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
    due = None if criterion.due is None else criterion.due.known
    asked = [condition for condition in (criterion.applies, criterion.met, due) if condition is not None]
    reads = sorted({name for condition in asked for name in _reads(condition, parameters)})
    absences = (frozenset(absent) for size in range(_MISSING_AT_ONCE + 1) for absent in combinations(reads, size))
    return any(_lacks_evidence(criterion, _Possible(absent, parameters)) for absent in absences)


def _lacks_evidence(criterion: Criterion, possible: _Possible) -> bool:
    applies = possible.of(criterion.applies) if criterion.applies is not None else frozenset({Truth.TRUE})
    if Truth.UNKNOWN in applies:
        return True
    if Truth.TRUE not in applies or criterion.met is None:
        return False
    met = possible.of(criterion.met)
    deadline_unknown = criterion.due is not None and Truth.UNKNOWN in possible.of(criterion.due.known)
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


def _reads(condition: Condition, parameters: Parameters) -> frozenset[str]:
    """The fields and tables of the case that can leave the condition unknown by being absent, or decide it so."""
    read = fields_read(condition, parameters)
    return frozenset(table if table or field is None else field.full_name for table, field in read)
