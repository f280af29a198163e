"""Which outcomes a criterion can have: what its examples must show, and what conclusions may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from casescreen.conditions.reads import fields_read
from casescreen.model.condition import All, Any, Condition, Not, Recorded, Truth, negate
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Parameter

Parameters = Mapping[str, Parameter | None]
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
    return any(_lacks_evidence(criterion, absent, parameters) for absent in absences)


def _lacks_evidence(criterion: Criterion, absent: frozenset[str], parameters: Parameters) -> bool:
    applies = _truths(criterion.applies, absent, parameters) if criterion.applies is not None else {Truth.TRUE}
    if Truth.UNKNOWN in applies:
        return True
    if Truth.TRUE not in applies or criterion.met is None:
        return False
    met = _truths(criterion.met, absent, parameters)
    due = frozenset() if criterion.due is None else _truths(criterion.due.known, absent, parameters)
    return Truth.UNKNOWN in met or (Truth.UNKNOWN in due and Truth.FALSE in met)


def _truths(condition: Condition, absent: frozenset[str], parameters: Parameters) -> frozenset[Truth]:
    """What the condition can come to when certain fields and tables are not recorded and all others are.

    The rows of a table that is there are taken to say all that is asked of them: what they leave open,
    the table's absence leaves open too. The parts of a condition are taken as independent of one another.
    """
    match condition:
        case All(parts):
            truths = [_truths(part, absent, parameters) for part in parts]
            possible = {
                Truth.FALSE: any(Truth.FALSE in part for part in truths),
                Truth.TRUE: all(Truth.TRUE in part for part in truths),
                Truth.UNKNOWN: any(Truth.UNKNOWN in part for part in truths) and {Truth.FALSE} not in truths,
            }
            return frozenset(truth for truth, can_be in possible.items() if can_be)
        case Any(parts):
            return _truths(Not(All(tuple(Not(part) for part in parts))), absent, parameters)
        case Not(part):
            return frozenset(negate(truth) for truth in _truths(part, absent, parameters))
        case Recorded(field, expected):
            recorded = field.full_name not in absent
            return frozenset({Truth.TRUE if recorded is expected else Truth.FALSE})
        case _:
            known = absent.isdisjoint(_reads(condition, parameters))
            return frozenset({Truth.TRUE, Truth.FALSE} if known else {Truth.UNKNOWN})


def _reads(condition: Condition, parameters: Parameters) -> frozenset[str]:
    """The fields and tables of the case that can leave the condition unknown by being absent, or decide it so."""
    read = fields_read(condition, parameters)
    return frozenset(table if table or field is None else field.full_name for table, field in read)
