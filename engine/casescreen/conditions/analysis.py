"""What can be told of a condition or a criterion without a record: what it reads, and which outcomes it can have.

What it reads also tells which field decides most.

Examples must show those outcomes, and conclusions may ask for them alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice, repeat

from attrs import frozen

from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import ID, Case, Row
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
    Literal,
    Not,
    OverRows,
    Recorded,
    Truth,
    Within,
    negate,
    operands_of,
    parts_of,
    walk,
)
from casescreen.model.dictionary import Field
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, DerivedField, DerivedSource, Parameter, Rulebook, Severity

Parameters = Mapping[str, Parameter | None]
# More fields than this need not be missing at once to show that an outcome can be had.
_MISSING_AT_ONCE = 3
# More ways than this in which derived fields may come out need not be gone through for one way to miss fields.
_MOST_WAYS = 1_000
_MOST_DECISIVE = 20
_NOT_RECORDED = object()

OPTIONAL_NOTE = "Optional: no question rests on it."
"""What is said of a field that no criterion reads."""


@frozen
class _Gaps:
    """What a record lacks.

    Attributes:
        absent: the fields and tables that are not recorded.
        unknown: the derived fields that are not known.
    """

    absent: frozenset[str]
    unknown: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        """Whether there is no value of that name."""
        return name in self.absent or name in self.unknown


def outcomes_by_shape(criterion: Criterion) -> tuple[Outcome, ...]:
    """The outcomes that the criterion's keys leave room for, in the usual order."""
    judged = criterion.basis is Basis.JUDGEMENT
    conditional = bool(criterion.asked_where) or criterion.per is not None
    room = {
        Outcome.MET: True,
        Outcome.NOT_MET: True,
        Outcome.NOT_APPLICABLE: judged or conditional,
        Outcome.NOT_YET_DUE: criterion.due is not None,
        Outcome.NOT_EVIDENCED: not judged or conditional,
        Outcome.NEEDS_JUDGEMENT: judged,
    }
    return tuple(outcome for outcome in Outcome if room[outcome])


def can_lack_evidence(criterion: Criterion, parameters: Parameters, derived: Iterable[DerivedField] = ()) -> bool:
    """Whether some record, by what it leaves out, makes the criterion come to "not evidenced".

    Fields are taken as independent of one another, which errs only for conditions that contradict themselves. Derived
    ones are not: what a record leaves out says how each of them may come out.
    """
    if criterion.per is not None:
        return True  # the table may be absent
    every = {one.field.full_name: one for one in derived}
    of_record = sorted(_reads_of(criterion, parameters, every.values()) - every.keys())
    absences = (frozenset(absent) for size in range(_MISSING_AT_ONCE + 1) for absent in combinations(of_record, size))
    return any(_leaves_open(criterion, absent, parameters, every.values()) for absent in absences)


def _leaves_open(
    criterion: Criterion, absent: frozenset[str], parameters: Parameters, derived: Iterable[DerivedField]
) -> bool:
    """Whether the criterion may come to "not evidenced" where just these fields and tables are not recorded."""
    reads = _reads_of(criterion, parameters, derived)
    worked_out = [one for one in derived if one.field.full_name in reads]
    ways = islice(_with_derived(_Gaps(absent), worked_out, parameters), _MOST_WAYS)
    return any(_lacks_evidence(criterion, gaps, parameters) for gaps in ways)


def _reads_of(criterion: Criterion, parameters: Parameters, derived: Iterable[DerivedField]) -> frozenset[str]:
    due = None if criterion.due is None else criterion.due.known
    asked = [condition for condition in (*criterion.asked_where, criterion.met, due) if condition is not None]
    return frozenset(name for condition in asked for name in _reads(condition, parameters, derived))


def _with_derived(gaps: _Gaps, derived: Sequence[DerivedField], parameters: Parameters) -> Iterator[_Gaps]:
    """All ways in which the derived fields may come out of a record with these gaps."""
    waiting = [(gaps, 0)]
    while waiting:
        gaps, number = waiting.pop()
        if number == len(derived):
            yield gaps
            continue
        name = {derived[number].field.full_name}
        for way in _ways(derived[number].sources, gaps, parameters):
            absent, unknown = (name if way is lost else set() for lost in (Truth.FALSE, Truth.UNKNOWN))
            waiting.append((_Gaps(gaps.absent | absent, gaps.unknown | unknown), number + 1))


def _ways(sources: Iterable[DerivedSource], gaps: _Gaps, parameters: Parameters) -> Collection[Truth]:
    """Whether a derived field may be recorded, may not be, and may not be known."""
    ways: dict[Truth, None] = {}
    for source in sources:
        truths = {Truth.TRUE} if source.when is None else _truths(source.when, gaps, parameters)
        if Truth.UNKNOWN in truths:
            ways[Truth.UNKNOWN] = None
        if Truth.TRUE in truths:
            ways[_given(source, gaps, parameters)] = None
        if Truth.FALSE not in truths:
            return ways
    ways[Truth.FALSE] = None
    return ways


def _given(source: DerivedSource, gaps: _Gaps, parameters: Parameters) -> Truth:
    """Whether a source that is reached gives a value."""
    if source.field is None or source.known is None:
        return Truth.TRUE
    (recorded,) = _truths(Recorded(source.field, expected=True), gaps, parameters)
    if recorded is not Truth.TRUE:
        return recorded
    return Truth.UNKNOWN if Truth.UNKNOWN in _truths(source.known, gaps, parameters) else Truth.TRUE


def _lacks_evidence(criterion: Criterion, gaps: _Gaps, parameters: Parameters) -> bool:
    applies = _truths(All(criterion.asked_where), gaps, parameters)
    if Truth.UNKNOWN in applies:
        return True
    if Truth.TRUE not in applies or criterion.met is None:
        return False
    met = _truths(criterion.met, gaps, parameters)
    due = frozenset() if criterion.due is None else _truths(criterion.due.known, gaps, parameters)
    return Truth.UNKNOWN in met or (Truth.UNKNOWN in due and Truth.FALSE in met)


def _truths(condition: Condition, gaps: _Gaps, parameters: Parameters) -> frozenset[Truth]:
    """What the condition can come to when certain fields and tables are not recorded and all others are.

    The rows of a table that is there are taken to say all that is asked of them: what they leave open,
    the table's absence leaves open too. The parts of a condition are taken as independent of one another.
    """
    match condition:
        case All(parts):
            truths = [_truths(part, gaps, parameters) for part in parts]
            possible = {
                Truth.FALSE: any(Truth.FALSE in part for part in truths),
                Truth.TRUE: all(Truth.TRUE in part for part in truths),
                Truth.UNKNOWN: any(Truth.UNKNOWN in part for part in truths) and {Truth.FALSE} not in truths,
            }
            return frozenset(truth for truth, can_be in possible.items() if can_be)
        case Any(parts):
            return _truths(Not(All(tuple(Not(part) for part in parts))), gaps, parameters)
        case Not(part):
            return frozenset(negate(truth) for truth in _truths(part, gaps, parameters))
        case Recorded(field, expected):
            if field.full_name in gaps.unknown:
                return frozenset({Truth.UNKNOWN})
            recorded = field.full_name not in gaps.absent
            return frozenset({Truth.TRUE if recorded is expected else Truth.FALSE})
        case _:
            known = not any(name in gaps for name in _reads(condition, parameters))
            return frozenset({Truth.TRUE, Truth.FALSE} if known else {Truth.UNKNOWN})


def _reads(condition: Condition, parameters: Parameters, derived: Iterable[DerivedField] = ()) -> frozenset[str]:
    """The fields and tables of the case that can leave the condition unknown by being absent, or decide it so."""
    read = all_reads(condition, parameters, derived)
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
    for operand in operands_of(condition):
        match operand:
            case FromField(field):
                yield table, field
            case FromParameter(name):
                parameter = parameters[name]
                assert parameter is not None  # a rule that names a broken parameter is itself broken
                for variation in parameter.variations:
                    yield table, variation.field
    for part in parts_of(condition):
        yield from fields_read(part, parameters, table)


def all_reads(
    condition: Condition, parameters: Parameters, derived: Iterable[DerivedField]
) -> Collection[tuple[str, Field | None]]:
    """All that a condition reads, each once, with all that the derived fields among it are worked out from."""
    read = dict.fromkeys(fields_read(condition, parameters))
    tables = dict.fromkeys(table for table, _ in read)
    for one in reversed(tuple(derived)):  # each names only some that stand before it
        for table in [table for table in tables if (table, one.field) in read]:
            more = [pair for part in one.conditions for pair in fields_read(part, parameters, table)]
            read |= dict.fromkeys(more)
            tables |= dict.fromkeys(table for table, _ in more)
    return read


def deciding_fields(rulebook: Rulebook, seldom: Collection[str]) -> Sequence[tuple[Field, int]]:
    """Each field that criteria of high severity read, and how many of these do; that which decides most comes first.

    First is the date on which the case began; then those that a deadline hangs on, fields of the case before columns of
    tables; then those on which it hangs whether a question applies. Between fields of one sort, the number and the
    severity of criteria decide. Fields that leave no question open where they alone are missing come after those that
    do.

    Args:
        rulebook: whose criteria they are.
        seldom: tables that hardly any record has: their columns come last.
    """
    parts = ("deadline", "applies", "met")
    weights: dict[Field, Counter[tuple[str, Severity]]] = {}
    opening: set[Field] = set()
    for criterion in rulebook.criteria:
        read = dict(zip(parts, _read_for(criterion, rulebook), strict=True))
        for part, fields in read.items():
            for field in fields:
                weights.setdefault(field, Counter())[part, criterion.severity] += 1
        for field in frozenset().union(*read.values()):
            weights[field]["", criterion.severity] += 1
            absent = frozenset({field.table or field.full_name})
            if field not in opening and _leaves_open(criterion, absent, rulebook.parameters, rulebook.derived):
                opening.add(field)

    def rank(field: Field) -> tuple[object, ...]:
        counts = weights[field]
        each = [tuple(-counts[part, severity] for severity in Severity) for part in parts]
        last = field.table in seldom, not (field.begins and not field.table), field not in opening
        return *last, not any(each[0]), bool(any(each[0]) and field.table), *each

    return [(f, weights[f]["", Severity.HIGH]) for f in sorted(weights, key=rank) if weights[f]["", Severity.HIGH]]


def _read_for(criterion: Criterion, rulebook: Rulebook) -> tuple[Mapping[Field, None], ...]:
    """The fields on which its deadlines hang, and those that say whether it applies and whether it is met.

    They are fields of the record: of derived ones, those that they are worked out from.
    """
    derived = {one.field for one in rulebook.derived}
    due = None if criterion.due is None else criterion.due.known
    asked = [one for one in (due, *criterion.asked_where, criterion.met) if one is not None]
    timed = [part for one in asked for part in walk(one) if isinstance(part, Within) or AsOf() in operands_of(part)]

    def read(conditions: Iterable[Condition | None]) -> Mapping[Field, None]:
        pairs = (all_reads(one, rulebook.parameters, rulebook.derived) for one in conditions if one is not None)
        return dict.fromkeys(field for each in pairs for _, field in each if field is not None and field not in derived)

    return read(timed), read(criterion.asked_where), read((criterion.met,))


def most_decisive(rulebook: Rulebook) -> Sequence[Field]:
    """The twenty fields of a case that decide most, in the order of ``deciding_fields``.

    After a date comes the yes-no that it dates: where there is no date, that says whether it was done.
    """
    fields, most = rulebook.dictionary.fields, dict[Field, None]()
    for field, _ in deciding_fields(rulebook, ()):
        if not field.table:
            most |= dict.fromkeys((field, fields[field.dates]) if field.dates else (field,))
    return list(most)[:_MOST_DECISIVE]


def optional_fields(rulebook: Rulebook) -> Collection[Field]:
    """The fields and columns of a record that no criterion reads, for its flags either, and that nothing is told by."""
    dictionary = rulebook.dictionary
    tables = dictionary.tables.values()
    every = {*dictionary.fields.values(), *(column for table in tables for column in table.columns.values())}
    told_by = {ID, *rulebook.roles.fields, *(criterion.owner for criterion in rulebook.criteria if criterion.owner)}
    needed = {dictionary.fields[name] for name in told_by}
    needed |= {table.columns[name] for table in tables for name in (table.named_by, table.key) if name}
    for criterion in rulebook.criteria:
        due = None if criterion.due is None else criterion.due.known
        where = None if criterion.per is None else criterion.per.where
        asked = (*criterion.asked_where, criterion.met, due, where, *(flag.when for flag in criterion.flags))
        reads = (all_reads(one, rulebook.parameters, rulebook.derived) for one in asked if one is not None)
        needed |= {field for each in reads for _, field in each if field is not None}
    return every - needed


def asks_calendar(condition: Condition, parameters: Mapping[str, Parameter]) -> bool:
    """Whether working days are counted in the condition, for which the calendar of public holidays is needed."""
    ends = (end for one in walk(condition) if isinstance(one, Within) for end in one.ends)
    return any(in_working_days(length, parameters) for length, _ in ends)


def in_working_days(length: Literal | FromParameter, parameters: Mapping[str, Parameter]) -> bool:
    """Whether a length of time is counted in working days, for some cases at least."""
    values = parameters[length.name].values if isinstance(length, FromParameter) else (length.value,)
    return any(isinstance(one, Duration) and one.unit is Unit.WORKING_DAY for one in values)


def reads_key(condition: Condition, rulebook: Rulebook) -> Callable[[Case, Row], tuple[Hashable, ...]]:
    """A function whose result is the same for records, and rows of them, that have the same proof of the condition."""
    fields, columns, tables = set[str](), set[str](), dict[str, set[str]]()
    for table, field in all_reads(condition, rulebook.parameters, rulebook.derived):
        if table:
            tables.setdefault(table, {rulebook.dictionary.tables[table].named_by})
        if field is not None:
            (tables[table] if table and field.table else columns if field.table else fields).add(field.name)

    # What is not recorded is not what stands there and is not known.
    def key(case: Case, row: Row) -> tuple[Hashable, ...]:
        values: list[Hashable] = [
            *map(case.fields.get, fields, repeat(_NOT_RECORDED)),
            *map(row.get, columns, repeat(_NOT_RECORDED)),
        ]
        for table, names in tables.items():
            rows = case.tables.get(table)
            each = () if rows is None else [tuple(map(row.get, names, repeat(_NOT_RECORDED))) for row in rows]
            values.append(None if rows is None else tuple(each))
        return tuple(values)

    return key
