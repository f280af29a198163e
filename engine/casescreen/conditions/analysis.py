"""What can be told of a condition or a criterion without a record: what it reads, and which outcomes it can have.

What it reads also tells which field decides most.

Examples must show those outcomes, and conclusions may ask for them alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from itertools import combinations

from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Case, Row
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    Count,
    Covered,
    FromField,
    FromParameter,
    Not,
    OverRows,
    Recorded,
    Truth,
    Within,
    negate,
    operand_of,
    parts_of,
    walk,
)
from casescreen.model.dictionary import Field
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Parameter, Rulebook, Severity

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


def fields_read(condition: Condition, parameters: Parameters, table: str = "") -> Iterator[tuple[str, Field | None]]:
    """All that a condition reads, as pairs: the table whose rows are gone through, and the field that is read there.

    Args:
        condition: what is asked, of the case, of a row, or of each row of a table.
        parameters: those that the condition may name.
        table: the table whose rows are gone through to ask it; "" where they are not.

    Yields:
        The table is "" outside of a test over rows. The field is None where the rows are only counted.
    """
    match condition:
        case Compare(field=field) | Recorded(field=field):
            yield table, field
        case Within(field=field, of=of):
            yield from ((table, field), (table, of))
        case Covered(table=table, field=field, by=by):
            yield from ((table, field), (by.table, by))
        case OverRows(table=table) | Count(table=table):
            yield table, None
    match operand_of(condition):
        case FromField(field):
            yield table, field
        case FromParameter(name):
            parameter = parameters[name]
            assert parameter is not None  # a rule that names a broken parameter is itself broken
            for variation in parameter.variations:
                yield table, variation.field
    for part in parts_of(condition):
        yield from fields_read(part, parameters, table)


def deciding_fields(rulebook: Rulebook, seldom: Collection[str]) -> Sequence[tuple[Field, int]]:
    """Each field that criteria of high severity read, and how many of these do; that which decides most comes first.

    First are those that a deadline hangs on, fields of the case before columns of tables; then those on which it hangs
    whether a question applies. Between fields of one sort, the number and the severity of criteria decide.

    Args:
        rulebook: whose criteria they are.
        seldom: tables that hardly any record has: their columns come last.
    """
    parts = ("deadline", "applies", "met")
    weights: dict[Field, Counter[tuple[str, Severity]]] = {}
    for criterion in rulebook.criteria:
        read = dict(zip(parts, _read_for(criterion, rulebook.parameters), strict=True))
        for part, fields in read.items():
            for field in fields:
                weights.setdefault(field, Counter())[part, criterion.severity] += 1
        for field in frozenset().union(*read.values()):
            weights[field]["", criterion.severity] += 1

    def rank(field: Field) -> tuple[object, ...]:
        counts = weights[field]
        each = [tuple(-counts[part, severity] for severity in Severity) for part in parts]
        return field.table in seldom, not any(each[0]), bool(any(each[0]) and field.table), *each

    return [(f, weights[f]["", Severity.HIGH]) for f in sorted(weights, key=rank) if weights[f]["", Severity.HIGH]]


def _read_for(criterion: Criterion, parameters: Parameters) -> tuple[Mapping[Field, None], ...]:
    """The fields on which its deadlines hang, and those that say whether it applies and whether it is met."""
    due = None if criterion.due is None else criterion.due.known
    asked = [one for one in (due, criterion.applies, criterion.met) if one is not None]
    timed = [part for one in asked for part in walk(one) if isinstance(part, Within) or operand_of(part) == AsOf()]
    each = timed, [criterion.applies], [criterion.met]
    return tuple(
        dict.fromkeys(field for one in some if one for _, field in fields_read(one, parameters) if field)
        for some in each
    )


def asks_calendar(condition: Condition, parameters: Mapping[str, Parameter]) -> bool:
    """Whether working days are counted in the condition, for which the calendar of public holidays is needed."""
    limits = (one.limit for one in walk(condition) if isinstance(one, Within))
    values = (parameters[one.name].values if isinstance(one, FromParameter) else (one.value,) for one in limits)
    return any(isinstance(one, Duration) and one.unit is Unit.WORKING_DAY for several in values for one in several)


def reads_key(condition: Condition, rulebook: Rulebook) -> Callable[[Case, Row], tuple[Hashable, ...]]:
    """A function whose result is the same for records, and rows of them, that have the same proof of the condition."""
    fields, columns, tables = set[str](), set[str](), dict[str, set[str]]()
    for table, field in fields_read(condition, rulebook.parameters):
        if table:
            tables.setdefault(table, {rulebook.dictionary.tables[table].named_by})
        if field is not None:
            (tables[table] if table and field.table else columns if field.table else fields).add(field.name)

    def key(case: Case, row: Row) -> tuple[Hashable, ...]:
        values: list[Hashable] = [*map(case.fields.get, fields), *map(row.get, columns)]
        for table, names in tables.items():
            rows = case.tables.get(table)
            values.append(None if rows is None else tuple([tuple(map(row.get, names)) for row in rows]))
        return tuple(values)

    return key
