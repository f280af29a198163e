"""What conditions mean, on generated conditions and cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from strategies import records, tables

from casescreen.conditions.compiler import Context, compile_condition
from casescreen.conditions.description import ConditionText
from casescreen.conditions.operators import operators_of
from casescreen.conditions.proof import Prover
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.facts_in_words import FactsInWords
from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.case import Case
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
    Operand,
    OverRows,
    Quantifier,
    Recorded,
    Truth,
    Within,
)
from casescreen.model.dictionary import Dictionary, Field, Kind, Table, Value
from casescreen.model.outcome import Basis, Outcome, decide
from casescreen.model.rulebook import (
    Bands,
    Criterion,
    Document,
    Due,
    Parameter,
    Rulebook,
    Severity,
    Source,
    Status,
    Variation,
)

DAYS = [date(2024, 3, 25) + timedelta(days=n) for n in range(0, 21, 3)]
WORDS = ("red", "green", "blue")
CALENDAR = WorkingCalendar(
    "test", "Test", date(2024, 1, 1), date(2024, 12, 31), frozenset({date(2024, 3, 29), date(2024, 4, 1)}), "made up"
)
SOURCE = Source(Document("d", "A document"))


def _field(name: str, kind: Kind, table: str = "") -> Field:
    allowed = WORDS if kind is Kind.CHOICE else ()
    return Field(name, f"the {name}", kind, "Made up.", allowed, table=table)


FIELDS = {
    kind: [_field(f"bike.{kind.value}{n}", kind) for n in (1, 2)]
    for kind in (Kind.YES_NO, Kind.NUMBER, Kind.DATE, Kind.CHOICE)
}
COLUMNS = {kind: [_field(f"{kind.value}{n}", kind, "parts") for n in (1, 2)] for kind in FIELDS}
OTHER = {kind: [_field(f"{kind.value}1", kind, "jobs")] for kind in FIELDS}
VALUES: dict[Kind, st.SearchStrategy[Value]] = {
    Kind.YES_NO: st.booleans(),
    Kind.NUMBER: st.integers(-2, 2),
    Kind.DATE: st.sampled_from(DAYS),
    Kind.CHOICE: st.sampled_from(WORDS),
}
PARAMETERS = {
    "limit": Parameter(
        "limit",
        "the limit",
        Duration(3, Unit.WORKING_DAY),
        Status.LOCAL,
        SOURCE,
        (Variation(FIELDS[Kind.CHOICE][0], "red", Duration(1, Unit.MONTH)),),
    ),
    "most": Parameter("most", "the most", 1, Status.LOCAL, SOURCE),
}
CONTEXT = Context(date(2024, 4, 3), CALENDAR, PARAMETERS)


def _table(name: str, fields: Mapping[Kind, list[Field]]) -> Table:
    return Table(name, name, name[:-1], "Made up.", "choice1", {f.name: f for many in fields.values() for f in many})


RULEBOOK = Rulebook(
    id="test",
    title="Test",
    version="1",
    about="",
    hash="",
    dictionary=Dictionary(
        {field.name: field for fields in FIELDS.values() for field in fields},
        {"parts": _table("parts", COLUMNS), "jobs": _table("jobs", OTHER)},
    ),
    calendar=CALENDAR,
    documents={},
    themes=(),
    parameters=PARAMETERS,
    bands=Bands((), 1, Status.OURS, SOURCE),
    criteria=(),
    facts=(),
    conclusions=(),
)
DURATIONS = st.builds(Duration, st.integers(0, 8), st.sampled_from(Unit))


@st.composite
def field_tests(draw: st.DrawFn, fields: Mapping[Kind, list[Field]]) -> Condition:
    kind = draw(st.sampled_from(sorted(fields, key=lambda one: one.value)))
    field = draw(st.sampled_from(fields[kind]))
    values = VALUES[kind]
    one: list[st.SearchStrategy[Operand]] = [values.map(Literal), st.sampled_from(fields[kind]).map(FromField)]
    if kind is Kind.NUMBER:
        one.append(st.just(FromParameter("most")))
    if kind is Kind.DATE:
        one.append(st.builds(AsOf))
    several = st.lists(values, min_size=1, max_size=3).map(tuple).map(Literal)
    comparisons = [
        st.builds(Compare, st.just(field), st.just(operator), st.one_of(one) if operator.for_one is None else several)
        for operator in operators_of(kind)
    ]
    forms: list[st.SearchStrategy[Condition]] = [*comparisons, st.builds(Recorded, st.just(field), st.booleans())]
    if kind is Kind.DATE:
        limits = DURATIONS.map(Literal) | st.just(FromParameter("limit"))
        forms.append(st.builds(Within, st.just(field), limits, st.sampled_from(fields[kind]), st.none() | limits))
    return draw(st.one_of(forms))


def combinations(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def grow(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(st.builds(All, parts), st.builds(Any, parts), st.builds(Not, inner))

    return st.recursive(leaves, grow, max_leaves=5)


IN_ROW = combinations(field_tests(COLUMNS) | field_tests(FIELDS))


@st.composite
def coverages(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(sorted(OTHER, key=lambda one: one.value)))
    return Covered("parts", draw(st.none() | IN_ROW), draw(st.sampled_from(COLUMNS[kind])), OTHER[kind][0])


OVER_ROWS = st.one_of(
    st.builds(OverRows, st.sampled_from(Quantifier), st.just("parts"), st.none() | IN_ROW, IN_ROW),
    st.builds(Count, st.just("parts"), st.none() | IN_ROW, st.integers(0, 3), st.none() | st.integers(3, 5)),
    coverages(),
)
CONDITIONS = combinations(field_tests(FIELDS) | OVER_ROWS)


CASES = st.builds(
    Case,
    st.just("X"),
    records(RULEBOOK.dictionary.fields, VALUES),
    tables(RULEBOOK.dictionary, VALUES, most=4),
)


def come_to(condition: Condition, case: Case) -> Truth:
    return compile_condition(condition, CONTEXT)(case, {})


@given(CONDITIONS, CASES)
def test_proof_and_closure_agree(condition: Condition, case: Case) -> None:
    """A proof comes to what the compiled condition comes to, on any condition and case."""
    assert Prover(RULEBOOK, CONTEXT).prove(condition, case).truth is come_to(condition, case)


@given(CONDITIONS, CASES, st.data())
def test_knowledge_is_monotone(condition: Condition, case: Case, data: st.DataObject) -> None:
    """Filling in a field that was not recorded never flips a condition that was decided, but for ``recorded``."""
    missing = [f for many in FIELDS.values() for f in many if f.name not in case.fields]
    if not missing or _asks_whether_recorded(condition):
        return
    field = data.draw(st.sampled_from(missing))
    fuller = Case(case.id, {**case.fields, field.name: data.draw(VALUES[field.kind])}, case.tables)
    before, after = come_to(condition, case), come_to(condition, fuller)
    assert before is Truth.UNKNOWN or after is before


@given(CONDITIONS, CASES, st.data())
def test_knowledge_of_a_row_is_monotone(condition: Condition, case: Case, data: st.DataObject) -> None:
    """Filling in a column of a row never flips a condition that was decided, but for ``recorded``."""
    rows = case.tables.get("parts", ())
    gaps = [(n, f) for n, row in enumerate(rows) for many in COLUMNS.values() for f in many if f.name not in row]
    if not gaps or _asks_whether_recorded(condition):
        return
    number, field = data.draw(st.sampled_from(gaps))
    value = data.draw(VALUES[field.kind])
    changed = tuple({**row, field.name: value} if n == number else row for n, row in enumerate(rows))
    before = come_to(condition, case)
    after = come_to(condition, Case(case.id, case.fields, {**case.tables, "parts": changed}))
    assert before is Truth.UNKNOWN or after is before


def _asks_whether_recorded(condition: Condition) -> bool:
    return "Recorded(" in repr(condition)


@given(CONDITIONS, CASES, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(condition: Condition, case: Case, random: object) -> None:
    """Shuffling the rows of a table changes nothing that a condition comes to."""
    shuffled = {name: tuple(sorted(rows, key=lambda _: random.random())) for name, rows in case.tables.items()}  # type: ignore[attr-defined]
    assert come_to(condition, Case(case.id, case.fields, shuffled)) is come_to(condition, case)


@given(CONDITIONS, CASES)
def test_a_decided_condition_can_be_told(condition: Condition, case: Case) -> None:
    """Every proof can be put into words: facts where it is decided, what is missing where it is not."""
    proof = Prover(RULEBOOK, CONTEXT).prove(condition, case)
    facts = FactsInWords(RULEBOOK)
    assert ConditionText(RULEBOOK).condition(condition)
    if proof.truth is Truth.UNKNOWN:
        assert facts.missing(proof)
    else:
        assert facts.of(proof)


@given(CONDITIONS, CASES)
def test_absent_table_is_never_decided_alone(condition: Condition, case: Case) -> None:
    """A test over the rows of a table that is absent is unknown, whatever else the record says."""
    if isinstance(condition, OverRows | Count | Covered):
        without = {name: rows for name, rows in case.tables.items() if name != "parts"}
        assert come_to(condition, Case(case.id, case.fields, without)) is Truth.UNKNOWN


DAY = timedelta(1)


def counted_off(start: date, length: Duration, step: timedelta) -> date:
    """The day that is so long after another, or before it, counted off one day after the other."""
    day, left = start, length.count * (7 if length.unit is Unit.WEEK else 1)
    if length.unit is Unit.MONTH:
        for _ in range(length.count):
            day = (day.replace(day=28) + 4 * DAY).replace(day=1) if step > timedelta(0) else day.replace(day=1) - DAY
        wanted = start.day
        while wanted and day.month != (day.replace(day=1) + (wanted - 1) * DAY).month:
            wanted -= 1
        return day.replace(day=wanted)
    while left:
        day += step
        left -= length.unit is not Unit.WORKING_DAY or (day.isoweekday() <= 5 and day not in CALENDAR.holidays)
    return day


@given(*[st.dates(date(2024, 1, 1), date(2024, 12, 31))] * 2, DURATIONS, st.none() | DURATIONS)
def test_elapsed_time_has_the_ends_that_are_written(
    day: date, start: date, limit: Duration, early: Duration | None
) -> None:
    """From so long before a day, or from any time, to so long after it; not known where the calendar ends first."""
    condition = Within(DONE, Literal(limit), START, None if early is None else Literal(early))
    last, first = counted_off(start, limit, DAY), date.min if early is None else counted_off(start, early, -DAY)
    lengths = ((limit, last), *(() if early is None else ((early, first),)))
    known = all(one.unit is not Unit.WORKING_DAY or end.year == 2024 for one, end in lengths)
    expected = Truth.UNKNOWN if not known else Truth.TRUE if first <= day <= last else Truth.FALSE
    assert come_to(condition, Case("X", {DONE.name: day, START.name: start}, {})) is expected


DONE, START = FIELDS[Kind.DATE]
DUES = st.none() | st.builds(Due, DURATIONS.map(Literal), st.sampled_from(FIELDS[Kind.DATE]))
DECIDED = {Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE}


def outcome_of(applies: Condition | None, met: Condition, due: Due | None, case: Case) -> Outcome:
    criterion = Criterion(
        "c", "t", "C", "C?", Basis.EVIDENCE, Severity.LOW, SOURCE, "", "case.manager", applies=applies, met=met, due=due
    )
    (asked,) = CriteriaEvaluator(RULEBOOK, CONTEXT, criterion).ask(case)
    return decide(asked.standing)


@given(st.none() | CONDITIONS, CONDITIONS, DUES, CASES, st.data())
def test_a_decided_outcome_is_never_flipped_by_knowledge(
    applies: Condition | None, met: Condition, due: Due | None, case: Case, data: st.DataObject
) -> None:
    """Filling in what was not recorded never turns met, not met or not applicable into another outcome."""
    missing = [f for many in FIELDS.values() for f in many if f.name not in case.fields]
    if not missing or _asks_whether_recorded(met) or (applies is not None and _asks_whether_recorded(applies)):
        return
    field = data.draw(st.sampled_from(missing))
    fuller = Case(case.id, {**case.fields, field.name: data.draw(VALUES[field.kind])}, case.tables)
    before = outcome_of(applies, met, due, case)
    assert before not in DECIDED or outcome_of(applies, met, due, fuller) is before


@given(st.none() | CONDITIONS, CONDITIONS, DUES)
def test_an_empty_record_is_never_not_met(applies: Condition | None, met: Condition, due: Due | None) -> None:
    """A record that says nothing is never a failure, whatever the criterion asks, but for ``recorded``."""
    if not (_asks_whether_recorded(met) or (applies is not None and _asks_whether_recorded(applies))):
        assert outcome_of(applies, met, due, Case("X", {}, {})) is not Outcome.NOT_MET
