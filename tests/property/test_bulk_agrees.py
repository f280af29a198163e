"""Bulk and evidence, on generated rulebooks and caseloads: the same outcome for every case, criterion and row."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import product
from random import Random

import polars as pl
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import ANSWERS, DAYS_BEYOND, DAYS_OF_2024, DISGUISES, EDGES, picked

from casescreen.api import screen
from casescreen.cases.documents import ParsedDocument, Record
from casescreen.cases.record_reader import read_record
from casescreen.cases.schema import dates_as_text, hash_of, plain_case, record_schema
from casescreen.columnar.aggregate import aggregate_part, cases_of
from casescreen.columnar.execute import plan
from casescreen.columnar.frames import ROW, CaseFrames, each_frame, frames_of
from casescreen.columnar.outcomes import OUTCOMES, outcome_rows
from casescreen.columnar.screening import screen_frames
from casescreen.conditions.compiler import context_of
from casescreen.conditions.operators import IS, operators_of
from casescreen.evaluate.criteria import CriteriaEvaluator
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.evaluate.split_counts import split_of
from casescreen.model.calendar import Duration, Unit, WorkingCalendar
from casescreen.model.case import Answer, Case, Caseload, Row
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
    Within,
)
from casescreen.model.dictionary import LARGEST_NUMBER, Dictionary, Field, Kind, Table, Value
from casescreen.model.outcome import Basis, Outcome, decide
from casescreen.model.rulebook import (
    Band,
    Bands,
    BandSet,
    CaseFact,
    Check,
    CheckKind,
    Concluded,
    ConclusionKind,
    ConclusionRule,
    Criterion,
    DerivedField,
    DerivedSource,
    Document,
    Due,
    FactIs,
    Flag,
    FlagIs,
    NotAsked,
    OutcomeIs,
    Parameter,
    PerRow,
    Premise,
    Roles,
    Rulebook,
    Scope,
    Severity,
    Shortfall,
    Source,
    Status,
    Variation,
)
from casescreen.model.screening import DataIssue, Finding, Rate, Summary
from casescreen.rulebook.parameters import with_local_holidays

LARGE = LARGEST_NUMBER
PAST = {"": 2, "jobs": 2, "parts": 2}  # the dates of what happened: of the case, of jobs and of parts
DATES = {"": "bike.yes_no2", "parts": "yes_no2"}  # the yes-no that such a date dates; a job begins on it
WORDS = {1: ("red", "green", "blue"), 2: ("green", "amber", "red")}
INSIDE = DAYS_OF_2024
CALENDAR = WorkingCalendar(
    "town",
    "Town",
    date(2024, 1, 1),
    date(2024, 12, 31),
    frozenset(date.fromisoformat(f"2024-{day}") for day in ("01-01", "03-29", "04-01", "12-25", "12-26")),
    "made up",
)
SOURCE = Source(Document("d", "A document"))


def _field(name: str, kind: Kind, number: int, table: str = "") -> Field:
    past = kind is Kind.DATE and number == PAST.get(table)
    allowed, dates = WORDS[number] if kind is Kind.CHOICE else (), DATES.get(table, "") if past else ""
    return Field(
        *(name, name, kind, "Made up.", allowed, past, table, dates),
        begins=past and table == "jobs",
        characteristic=kind in (Kind.CHOICE, Kind.YES_NO) and not table,
    )


def _fields(prefix: str, numbers: tuple[int, ...], table: str = "") -> dict[str, Field]:
    each = [(f"{prefix}{kind.name.lower()}{number}", kind, number) for kind in Kind for number in numbers]
    return {name: _field(name, kind, number, table) for name, kind, number in each}


FIELDS = _fields("bike.", (1, 2))
SO = Literal(value=True)
CHARACTERISTICS = [field for field in FIELDS.values() if field.characteristic]
PARTS = _fields("", (1, 2), "parts")
JOBS = _fields("", (2,), "jobs")
KEY = _field("id", Kind.TEXT, 1, "parts")


def _table(name: str, columns: dict[str, Field], key: str = "") -> Table:
    return Table(name, name, name, "Made up.", "text2", columns, key)


# A field of each kind and two dates, each worked out from fields, and from those of the case that stand before it.
EVERY_WORD = ("red", "green", "blue", "amber")


def _derived(name: str, kind: Kind, table: str = "") -> Field:
    return Field(name, name, kind, "Made up.", EVERY_WORD if kind is Kind.CHOICE else (), table=table)


DERIVED = {
    name: _derived(name, kind)
    for name, kind in {**{f"clock.{kind.name.lower()}": kind for kind in Kind}, "clock.date_too": Kind.DATE}.items()
}
DERIVED_OF_PARTS = {f"derived_{kind.name.lower()}": kind for kind in (Kind.DATE, Kind.YES_NO, Kind.CHOICE)}
OF_CASE = {**FIELDS, **DERIVED}
OF_PARTS = {**PARTS, **{name: _derived(name, kind, "parts") for name, kind in DERIVED_OF_PARTS.items()}}
BEGAN = Field("case.began_on", "began", Kind.DATE, "Made up.", past=True, begins=True)
DICTIONARY = Dictionary(
    {name: _field(name, Kind.TEXT, 1) for name in ("case.id", "case.team")} | {BEGAN.name: BEGAN} | FIELDS,
    {"parts": _table("parts", {"id": KEY, **PARTS}, "id"), "jobs": _table("jobs", JOBS)},
)


def _parameter(
    name: str,
    value: Value | Duration,
    *variations: tuple[str, Value, Value | Duration],
    status: Status = Status.LOCAL,
) -> Parameter:
    varied = tuple(Variation(FIELDS[field], where, then) for field, where, then in variations)
    return Parameter(name, name, value, status, SOURCE, varied)


PARAMETERS = {
    "limit": _parameter(
        "limit",
        Duration(5, Unit.WORKING_DAY),
        ("bike.choice1", "red", Duration(1, Unit.MONTH)),
        ("bike.yes_no1", True, Duration(300, Unit.WORKING_DAY)),
        ("bike.choice1", "blue", Duration(0, Unit.WORKING_DAY)),
    ),
    "here": _parameter("here", Duration(5, Unit.WORKING_DAY), status=Status.OURS),
    "standard": _parameter("standard", Duration(5, Unit.WORKING_DAY), status=Status.NATIONAL),
    "most": _parameter("most", 1, ("bike.choice2", "amber", LARGE)),
    "word": _parameter("word", "red", ("bike.yes_no2", False, "amber")),
    "day": _parameter("day", INSIDE[3], ("bike.number1", 2**53 + 1, INSIDE[8])),
    "so": _parameter("so", True),
}
OF_KIND = {Kind.NUMBER: "most", Kind.TEXT: "word", Kind.CHOICE: "word", Kind.DATE: "day", Kind.YES_NO: "so"}
WORDY = (Kind.TEXT, Kind.CHOICE)
LIMITS = st.builds(Duration, st.sampled_from((0, 1, 2, 5, 9, 260)), st.sampled_from(Unit)).map(
    Literal
) | st.sampled_from([FromParameter(name) for name in ("limit", "here", "here", "standard")])

EARLY = st.none() | st.just(Literal(Duration(0, Unit.DAY))) | LIMITS
"""How long before its start elapsed time counts: any time, as in language 1, or to the day, or so long."""


def _values(field: Field) -> st.SearchStrategy[Value]:
    return st.sampled_from(field.allowed or EDGES[field.kind])


@st.composite
def comparisons(draw: st.DrawFn, field: Field, fields: list[Field]) -> Condition:
    alike = [one for one in fields if one.kind is field.kind or {one.kind, field.kind} <= set(WORDY)]
    operator = draw(st.sampled_from(operators_of(field.kind)))
    if operator.for_one is not None:
        return Compare(field, operator, Literal(tuple(draw(st.lists(_values(field), min_size=1, max_size=3)))))
    others: list[st.SearchStrategy[Operand]] = [_values(field).map(Literal), st.sampled_from(alike).map(FromField)]
    others.append(st.just(FromParameter(OF_KIND[field.kind])))
    if field.kind is Kind.DATE:
        others.append(st.builds(AsOf))
    return Compare(field, operator, draw(st.one_of(others)))


@st.composite
def field_tests(draw: st.DrawFn, fields: list[Field], bare: bool) -> Condition:
    """A test of a field; of a column of a row, where ``bare``, or of its case."""
    field = draw(st.sampled_from([one for one in fields if bare or not one.table]))
    forms = [comparisons(field, fields), st.builds(Recorded, st.just(field), st.booleans())]
    if field.kind is Kind.DATE:
        days = [one for one in fields if one.kind is Kind.DATE]
        forms += [st.builds(Within, st.just(field), LIMITS, st.sampled_from(days), EARLY)] * 3
    return draw(st.one_of(forms))


def combinations(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def grow(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(st.builds(All, parts), st.builds(Any, parts), st.builds(Not, inner))

    return st.recursive(leaves, grow, max_leaves=4)


def in_row(columns: Mapping[str, Field], of_case: Mapping[str, Field]) -> st.SearchStrategy[Condition]:
    return combinations(field_tests([*columns.values(), *of_case.values()], bare=True))


IN_PARTS, IN_JOBS = in_row(OF_PARTS, OF_CASE), in_row(JOBS, OF_CASE)
IN_PARTS_AS_THEY_COME, IN_JOBS_AS_THEY_COME = in_row(PARTS, FIELDS), in_row(JOBS, FIELDS)


@st.composite
def over_rows(
    draw: st.DrawFn,
    in_parts: st.SearchStrategy[Condition],
    in_jobs: st.SearchStrategy[Condition],
    parts: Mapping[str, Field] = PARTS,
) -> Condition:
    table, inner = draw(st.sampled_from((("parts", in_parts), ("jobs", in_jobs))))
    where = draw(st.none() | inner)
    form = draw(st.sampled_from(("rows", "count", "covered")))
    if form == "rows":
        return OverRows(draw(st.sampled_from(Quantifier)), table, where, draw(inner))
    if form == "count":
        low, high = draw(st.none() | st.integers(0, 3)), draw(st.none() | st.integers(0, 4))
        return Count(table, where, low, high)
    column = draw(st.sampled_from(sorted((parts if table == "parts" else JOBS).values(), key=lambda one: one.name)))
    fit = [one for one in (*parts.values(), *JOBS.values()) if one.kind is column.kind and one != column]
    fit += [one for one in (*parts.values(), *JOBS.values()) if {one.kind, column.kind} == set(WORDY)]
    return Covered(table, where, column, draw(st.sampled_from(fit)))


ON_CASE = combinations(
    field_tests(list(OF_CASE.values()), bare=False) | over_rows(IN_PARTS, IN_JOBS, OF_PARTS),
)
ON_CASE_AS_IT_COMES = combinations(
    field_tests(list(FIELDS.values()), bare=False) | over_rows(IN_PARTS_AS_THEY_COME, IN_JOBS_AS_THEY_COME)
)


def sources(field: Field, among: list[Field], when: st.SearchStrategy[Condition]) -> st.SearchStrategy[DerivedSource]:
    """Where a derived field may come from: a field of those, or one value for all."""
    alike = st.sampled_from([one for one in among if one.kind is field.kind])
    when |= st.builds(Recorded, st.sampled_from(among), st.booleans())
    plus = LIMITS if field.kind is Kind.DATE else st.none()
    by_field = st.builds(DerivedSource, when, alike, st.none(), st.none() | plus)
    return by_field | by_field | st.builds(DerivedSource, when, st.none(), _values(field))


def every_source(field: Field, before: list[Field]) -> st.SearchStrategy[tuple[DerivedSource, ...]]:
    """Those of one derived field, and perhaps one that always gives it."""
    among = [*(PARTS if field.table else {}).values(), *FIELDS.values(), *before]
    tests = field_tests(among, bare=bool(field.table))
    each = sources(field, among, tests if field.table else tests | ON_CASE_AS_IT_COMES)
    alone = st.just((DerivedSource(None, next(one for one in among if one.kind is field.kind)),))
    last = each.map(lambda one: evolve(one, when=None))
    return alone | st.tuples(each) | st.tuples(each, last) | st.tuples(each, each, last)


_IN_ORDER = [*DERIVED.values(), *(OF_PARTS[name] for name in DERIVED_OF_PARTS)]
DERIVED_FIELDS = st.tuples(
    *(
        st.builds(DerivedField, st.just(field), every_source(field, [*DERIVED.values()][:number]))
        for number, field in enumerate(_IN_ORDER)
    )
)


@st.composite
def criteria(draw: st.DrawFn, id_: str) -> Criterion:
    basis = draw(st.sampled_from(Basis))
    per = draw(st.none() | st.none() | st.builds(PerRow, st.just("parts"), st.none() | IN_PARTS))
    conditions = ON_CASE if per is None else IN_PARTS
    each = (*OF_CASE.values(), *(() if per is None else OF_PARTS.values()))
    days = [one for one in each if one.kind is Kind.DATE]
    return Criterion(
        id_,
        "theme",
        id_,
        "?",
        basis,
        Severity.LOW,
        SOURCE,
        "",
        "",
        applies=draw(st.none() | conditions),
        met=draw(conditions) if basis is Basis.EVIDENCE else None,
        due=draw(st.none() | st.builds(Due, LIMITS, st.sampled_from(days))),
        per=per,
        flags=tuple(Flag(f"f{n}", "It is so.", draw(conditions)) for n in range(draw(st.integers(0, 1)))),
        not_asked=tuple(NotAsked(f"n{n}", draw(conditions)) for n in range(draw(st.sampled_from((0, 0, 1, 2))))),
        bands=draw(st.sampled_from(("", "always"))),
        shortfall=draw(st.sampled_from(("", "It is not so.", "It is not so: {missing}."))),
        shortfalls=tuple(
            Shortfall(draw(st.sampled_from(("Nor so.", "Nor so: {missing}."))), draw(conditions))
            for _ in range(draw(st.sampled_from((0, 0, 1))))
        ),
    )


NOT_ASKED = st.builds(
    NotAsked, st.just("everywhere"), combinations(field_tests(list(FIELDS.values()), bare=False)), st.just(True)
)


@st.composite
def checks(draw: st.DrawFn, id_: str) -> Check:
    """A check of the case or of its parts, that disbelieves what it reads or anything else."""
    table = draw(st.sampled_from(("", "parts")))
    fields = [*FIELDS.values(), *(PARTS.values() if table else ())]
    disbelieved = tuple(draw(st.lists(st.sampled_from(fields), max_size=3, unique_by=id)))
    kind = CheckKind.IMPOSSIBLE if disbelieved else CheckKind.UNUSUAL
    when = draw(IN_PARTS_AS_THEY_COME if table else ON_CASE_AS_IT_COMES)
    return Check(id_, kind, "it cannot be", when, "", table, disbelieved)


@st.composite
def on_case(draw: st.DrawFn, asked: tuple[Criterion, ...], facts: tuple[CaseFact, ...]) -> Premise:
    """Something that can be known of a case."""
    criterion = draw(st.sampled_from(asked))
    outcomes = st.lists(st.sampled_from(Outcome), min_size=1, max_size=3, unique=True).map(tuple)
    forms: list[st.SearchStrategy[Premise]] = [st.builds(OutcomeIs, st.just(criterion.id), outcomes)]
    if criterion.flags:
        forms.append(st.builds(FlagIs, st.just(criterion.id), st.sampled_from([one.id for one in criterion.flags])))
    if facts:
        forms.append(st.builds(FactIs, st.sampled_from([one.id for one in facts])))
    return draw(st.one_of(forms))


@st.composite
def conclusions(
    draw: st.DrawFn, asked: tuple[Criterion, ...], facts: tuple[CaseFact, ...]
) -> tuple[ConclusionRule, ...]:
    """Conclusions on cases, each resting on what is known and on any of those before it, and told in any order."""
    written: list[ConclusionRule] = []
    for number in range(draw(st.integers(0, 5))):
        others = st.sampled_from([Concluded(rule.id) for rule in written]) if written else st.nothing()
        premises = tuple(draw(st.lists(on_case(asked, facts) | others, min_size=1, max_size=3)))
        kind, every = draw(st.sampled_from(KINDS_ON_CASES)), draw(st.booleans())
        written.append(ConclusionRule(f"k{number}", Scope.CASE, kind, "It holds.", every, premises))
    return tuple(draw(st.permutations(written)))


KINDS_ON_CASES = [kind for kind in ConclusionKind if kind is not ConclusionKind.EXCEPTION]

EMPTY = Rulebook(
    id="test",
    title="Test",
    version="1",
    about="",
    hash="",
    dictionary=DICTIONARY,
    calendar=CALENDAR,
    documents={},
    themes=(),
    parameters=PARAMETERS,
    bands=Bands(
        (Band("high", "high", 75), Band("low", "low", 0)),
        1,
        Status.OURS,
        SOURCE,
        sets={"always": BandSet("always", "steps", (Band("high", "high", 100), Band("low", "low", 0)))},
    ),
    criteria=(),
    facts=(),
    conclusions=(),
    roles=Roles(team="case.team"),
)


def closed(ends: tuple[date, date]) -> Rulebook:
    """A place that is closed from one day to another, so that its limits end much later than those of others."""
    first, last = sorted(end.toordinal() for end in ends)
    days = map(date.fromordinal, range(first, last + 1))
    return with_local_holidays(EMPTY, [day for day in days if day.weekday() < 5 and day not in CALENDAR.holidays])


LOCALLY = st.tuples(st.sampled_from(INSIDE), st.sampled_from(INSIDE)).map(closed)


BANDS = st.builds(evolve, st.just(EMPTY.bands), minimum=st.sampled_from((1, 2, 5)), known=st.sampled_from((0, 50, 67)))


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    asked = tuple(draw(criteria(f"c{number}")) for number in range(draw(st.integers(1, 4))))
    everywhere = tuple(draw(st.lists(NOT_ASKED, max_size=1)))
    asked = tuple(evolve(one, not_asked=(*everywhere, *one.not_asked)) for one in asked)
    facts = tuple(CaseFact("f", "It is so.", draw(ON_CASE)) for _ in range(draw(st.integers(0, 1))))
    return evolve(
        draw(st.just(EMPTY) | LOCALLY),
        bands=draw(BANDS),
        criteria=asked,
        facts=facts,
        conclusions=draw(conclusions(asked, facts)),
        checks=tuple(draw(checks(f"x{number}")) for number in range(draw(st.integers(0, 3)))),
        derived=draw(DERIVED_FIELDS),
        open_cases=draw(st.sampled_from(["", *(fact.id for fact in facts)])),
        renamed=draw(st.sampled_from([{}, {"old": "c0"}, {"old": "c0", "older": "c0", "other": asked[-1].id}])),
    )


def record(
    random: Random, fields: Mapping[str, Field], days: tuple[date, ...], missing: float, last: date
) -> dict[str, Value | None]:
    """Values, some of them not known although something stands there."""
    found = picked(random, fields, {**EDGES, Kind.DATE: days}, missing)
    unknown = random.choice((0.0, 0.0, 0.1))
    return {
        name: None
        if random.random() < unknown
        else min(value, last)
        if fields[name].past and isinstance(value, date)
        else value
        for name, value in found.items()
    }


def made(random: Random, number: int, rulebook: Rulebook, as_of: date) -> Case:
    """A case with gaps, absent and empty tables, dates now and then out of bounds, and answers, some astray."""
    days = random.choice((INSIDE, INSIDE, (*INSIDE, *DAYS_BEYOND)))
    last = as_of if random.random() < 0.5 else date.max
    missing = random.choice((0.0, 0.1, 0.3, 0.6, 0.95))
    fields = {"case.id": f"{number:02}", **record(random, FIELDS, days, missing, last)}
    if random.random() < 0.8:
        fields["case.team"] = random.choice(("north", "south côte"))
    if random.random() < 0.5:
        fields["case.began_on"] = random.choice((INSIDE[0], INSIDE[0], INSIDE[-1]))
    tables: dict[str, tuple[Row, ...]] = {}
    for name, columns in (("parts", PARTS), ("jobs", JOBS)):
        if random.random() < 0.85:
            rows = [record(random, columns, days, missing, last) for _ in range(random.choice((0, 1, 2, 4)))]
            keys = [f"P{n}" if random.random() < 0.95 else None for n in range(len(rows))]
            tables[name] = tuple(
                {**({"id": key} if name == "parts" else {}), **row} for key, row in zip(keys, rows, strict=True)
            )
    return Case(fields["case.id"], fields, tables, tuple(_answers(random, rulebook)))  # type: ignore[arg-type]


def _answers(random: Random, rulebook: Rulebook) -> list[Answer]:
    answers = []
    for criterion in rulebook.criteria:
        items = ["P0", "P1"] if criterion.per else [""]
        astray = ["P9", "", "P0"] if random.random() < 0.1 else []
        asked = [item for item in sorted({*items, *astray}) if random.random() < 0.3]
        before = [old for old, new in rulebook.renamed.items() if new == criterion.id]
        for id_ in (criterion.id, *before):
            again = asked if id_ == criterion.id or random.random() < 0.2 else sorted({*items} - {*asked})[:1]
            answers += [Answer(id_, random.choice(ANSWERS), item) for item in sorted(again)]
    return answers if random.random() < 0.98 else [*answers, Answer("c99", random.choice(ANSWERS))]


def by_evidence(rulebook: Rulebook, cases: list[Case], as_of: date) -> tuple[list[tuple[object, ...]], int]:
    """The outcomes of the cases one after another, and how many had not begun."""
    asker, preparer = CriteriaEvaluator(rulebook, context_of(rulebook, as_of)), RecordPreparer(rulebook, as_of)
    position = {criterion.id: number for number, criterion in enumerate(rulebook.criteria)}
    found: list[tuple[object, ...]] = []
    not_begun = 0
    for case in cases:
        prepared = preparer.prepare(case)
        not_begun += not prepared.begun
        for one in asker.ask(prepared.case) if prepared.begun else ():
            key = str(one.row["id"]) if one.row.get("id") else None  # in columns a row without a key has no name
            found.append((case.id, position[one.criterion.id], key, decide(one.standing).value))
    return found, not_begun


def as_read_elsewhere(frames: CaseFrames) -> CaseFrames:
    """The same cases as a program that does not know us would write them: no numbers, and words as text.

    They are held against evidence, which takes what it is given, so what intake alone finds is not looked for.
    """

    def plainly(frame: pl.LazyFrame) -> pl.LazyFrame:
        return frame.drop(ROW).cast({pl.Enum: pl.String})

    assert frames.answers is not None
    tables = {name: plainly(frame) for name, frame in frames.tables.items()}
    return CaseFrames(plainly(frames.cases), tables, plainly(frames.answers), sound=True)


# Thirty cases an example: 300 examples in an ordinary run, and as many as a profile asks for if these are more.
@settings(max_examples=max(300, settings().max_examples), deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE), st.booleans())
def test_bulk_and_evidence_agree(rulebook: Rulebook, random: Random, as_of: date, elsewhere: bool) -> None:
    """Whatever the rulebook and the cases: bulk lists what evidence finds, and sets the same cases apart."""
    cases = [made(random, number, rulebook, as_of) for number in range(30)]
    frames = frames_of(cases, DICTIONARY)
    frames = as_read_elsewhere(frames) if elsewhere else frames
    ready = plan(rulebook, as_of)
    rows = [(*row[:3], OUTCOMES[row[3]].value) for row in outcome_rows(ready, frames).rows()]
    expected, not_begun = by_evidence(rulebook, cases, as_of)
    assert rows == expected
    counted = aggregate_part(ready, frames, ("case.team",))
    assert (counted.left_out, counted.not_begun, counted.cases) == (0, not_begun, len(cases) - not_begun)
    of_cases = [name for criterion in rulebook.criteria for name in cases_of(criterion.id)]
    sums = counted.counts.drop("group", *of_cases, strict=False).group_by("by").agg(pl.all().sum())
    grouped = ("", "case.team") if counted.cases else ("",)  # of no case there is no group
    assert sums.select("by", pl.sum_horizontal(pl.exclude("by"))).sort("by").rows() == [
        (by, len(expected)) for by in grouped
    ]


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_both_engines_screen_alike(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """Findings, reasons, values, rates, problems and what is left out: whole screenings differ in the engine's name."""
    caseload = Caseload(tuple(made(random, number, rulebook, as_of) for number in range(12)), "")
    plain, bulk = (screen(rulebook, caseload, as_of=as_of, engine=engine) for engine in ("plain", "bulk"))
    assert evolve(bulk, engine=plain.engine) == plain
    assert bulk.engine != plain.engine


def as_documented(rulebook: Rulebook, findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    """Of each criterion k, n, the cases behind n and those that are asked by now, and the band: as the pages say it."""
    told: list[tuple[object, ...]] = []
    for criterion in rulebook.criteria:
        of = [one for one in findings if one.criterion == criterion.id]
        answered = [one for one in of if one.outcome.value in ("met", "not met")]
        asked = {one.case for one in of if one.outcome.value not in ("not applicable", "not yet due")}
        met, known = sum(one.outcome.value == "met" for one in answered), {one.case for one in answered}
        id_ = band(rulebook, met, len(answered), known, asked, always=criterion.bands == "always")
        told.append((met, len(answered), len(known), len(asked), id_))
    return told


def band(rulebook: Rulebook, met: int, of: int, known: Collection[str], asked: Collection[str], *, always: bool) -> str:
    """The band that a rate is in."""
    if len(known) < rulebook.bands.minimum or 100 * len(known) / len(asked) < rulebook.bands.known:
        return "too few"
    bands = rulebook.bands.sets["always"].bands if always else rulebook.bands.bands
    return next(one.id for one in bands if 100 * met / of >= one.at_least)


def told(rates: Iterable[Rate]) -> list[tuple[object, ...]]:
    return [(one.met, one.of, one.cases_known, one.cases_asked, one.band) for one in rates]


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_rates_are_what_the_pages_say(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """Case by case and over columns in parts, for the sample and each team: k, n, the cases behind them, the band."""
    cases = tuple(made(random, number, rulebook, as_of) for number in range(30))
    parts = [frames_of(some, DICTIONARY) for some in (cases[:20], cases[20:])]
    ordinary = screen(rulebook, Caseload(cases, ""), as_of=as_of, engine="plain")
    over_columns = screen_frames(rulebook, parts, as_of=as_of, engine="plain")
    assert told(ordinary.rates) == as_documented(rulebook, ordinary.findings)
    for team, rates in ordinary.by_team.items():
        of_team = [one for one in ordinary.findings if ordinary.teams[one.case] == team]
        assert told(rates) == as_documented(rulebook, of_team)
    assert (over_columns.rates, over_columns.by_team) == (ordinary.rates, ordinary.by_team)


OF_EACH_PART = evolve(
    Criterion("of-each-part", "theme", "c", "?", Basis.EVIDENCE, Severity.LOW, SOURCE, "", ""),
    per=PerRow("parts", None),
    applies=Compare(PARTS["yes_no2"], IS, SO),
    met=Compare(PARTS["yes_no1"], IS, SO),
)


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE), st.sampled_from(CHARACTERISTICS))
def test_groups_of_a_characteristic_agree(rulebook: Rulebook, random: Random, as_of: date, field: Field) -> None:
    """Case by case and over columns in parts: the same groups of the same size, each case counted with its worst.

    One criterion at least is asked of rows, and comes to this in one and to that in another.
    """
    rulebook = evolve(rulebook, criteria=(*rulebook.criteria, OF_EACH_PART))
    cases = tuple(made(random, number, rulebook, as_of) for number in range(30))
    parts = [frames_of(some, DICTIONARY) for some in (cases[:20], cases[20:])]
    ordinary = screen(rulebook, Caseload(cases, ""), as_of=as_of, engine="plain")
    over_columns = screen_frames(rulebook, parts, as_of=as_of, engine="plain", split=field)
    assert over_columns.split == split_of(ordinary, field)
    assert evolve(over_columns, split=None) == screen_frames(rulebook, parts, as_of=as_of, engine="plain")


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_as_many_cases_are_concluded_on(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """Each conclusion on single cases holds of as many as a screening draws it of, over all and in each team."""
    cases = tuple(made(random, number, rulebook, as_of) for number in range(30))
    parts = [frames_of(some, DICTIONARY) for some in (cases[:20], cases[20:])]
    summary = screen_frames(rulebook, parts, as_of=as_of, engine="plain")
    ordinary, found = screen(rulebook, Caseload(cases, ""), as_of=as_of, engine="plain"), summary.on_cases
    assert summary.closed == ordinary.closed == len(ordinary.closed_cases)
    counts = Counter(one.id for one in ordinary.conclusions)
    by_team = Counter((one.id, ordinary.teams[one.subject]) for one in ordinary.conclusions)
    teams = sorted(set(ordinary.teams.values()))
    printed = [rule for rule in rulebook.conclusions if rule.kind is not ConclusionKind.PREMISE]
    assert [(one.rule, one.cases, one.by_manager) for one in found] == [(rule, counts[rule.id], {}) for rule in printed]
    assert [one.by_team for one in found] == [{team: by_team[rule.id, team] for team in teams} for rule in printed]


def of_the_calendar(issues: Iterable[DataIssue]) -> Counter[str]:
    """How often each date, by its full name, leaves an outcome open since the calendar does not cover a deadline."""
    paths = (one.problem.what.partition(":")[0] for one in issues if "calendar of public" in one.problem.what)
    return Counter(re.sub(r", row \d+, ", ".", path) for path in paths)


def clocks(fields: list[Field]) -> st.SearchStrategy[Condition]:
    """Conditions that nearly always ask for the calendar."""
    days = st.sampled_from([one for one in fields if one.kind is Kind.DATE])
    decided = st.builds(Compare, st.sampled_from([one for one in fields if one.kind is Kind.YES_NO]), st.just(IS), TRUE)
    clock = st.builds(Within, days, LIMITS, days, EARLY)
    return combinations(clock | clock | decided)


TRUE = st.just(SO)
CLOCKS_OF_PARTS = clocks([*OF_PARTS.values(), *OF_CASE.values()])
CLOCKS = st.one_of(
    clocks(list(OF_CASE.values())),
    st.builds(OverRows, st.sampled_from(Quantifier), st.just("parts"), st.none() | CLOCKS_OF_PARTS, CLOCKS_OF_PARTS),
    st.builds(Count, st.just("parts"), CLOCKS_OF_PARTS, st.integers(0, 2), st.none() | st.integers(0, 2)),
    st.builds(
        Covered,
        st.just("parts"),
        CLOCKS_OF_PARTS,
        st.just(PARTS["choice2"]),
        st.sampled_from([JOBS["choice2"], PARTS["choice1"]]),
    ),
)


@st.composite
def rulebooks_of_clocks(draw: st.DrawFn) -> Rulebook:
    """Rulebooks of which outcomes are often open for want of a day that the calendar does not cover."""
    per = draw(st.sampled_from([None, None, PerRow("parts", None)]))
    conditions, fields = (CLOCKS, FIELDS) if per is None else (CLOCKS_OF_PARTS, PARTS)
    asked = evolve(
        draw(criteria("c0")),
        basis=Basis.EVIDENCE,
        applies=draw(st.none() | conditions),
        met=draw(conditions | st.builds(Any, st.tuples(conditions, conditions))),
        due=draw(
            st.none() | st.builds(Due, LIMITS, st.just(next(one for one in fields.values() if one.kind is Kind.DATE)))
        ),
        per=per,
        flags=(),
        not_asked=tuple(map(NotAsked, ("n",) * draw(st.integers(0, 1)), (draw(conditions),))),
    )
    return evolve(draw(LOCALLY | LOCALLY | st.just(EMPTY)), criteria=(asked,), derived=draw(DERIVED_FIELDS))


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks_of_clocks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_limits_in_days_agree(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """The same rates, and as many days told beyond the calendar: those for which an outcome is open, and no others."""
    cases = tuple(made(random, number, rulebook, as_of) for number in range(10))
    parts = [frames_of(some, DICTIONARY) for some in (cases[:7], cases[7:])]
    counted = screen_frames(rulebook, parts, as_of=as_of, engine="plain")
    ordinary = screen(rulebook, Caseload(cases, ""), as_of=as_of, engine="plain")
    assert counted.rates == ordinary.rates
    assert {
        one.where: one.number for one in counted.issue_counts if "calendar of public" in one.what
    } == of_the_calendar(ordinary.issues)


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(LOCALLY, LIMITS, EARLY, st.booleans())
def test_local_holidays_count_alike(
    local: Rulebook, limit: Literal | FromParameter, early: Literal | FromParameter | None, due: bool
) -> None:
    """In columns as case by case, of every pair of days: for limits that no standard sets, and for no others."""
    start, done = FIELDS["bike.date2"], FIELDS["bike.date1"]
    asked = Criterion("c", "theme", "c", "?", Basis.EVIDENCE, Severity.LOW, SOURCE, "", "")
    met = Within(done, limit, start, early)
    asked = evolve(asked, met=Not(met) if due else met, due=Due(limit, start) if due else None)
    rulebook = evolve(local, criteria=(asked,))
    known: dict[str, Value] = {"bike.choice1": "green", "bike.yes_no1": False}
    cases = [
        Case(id_, {"case.id": id_, done.name: one, start.name: other, **known}, {})
        for one, other in product(INSIDE, INSIDE)
        if (id_ := f"{one} {other}")
    ]
    rows = [
        (*row[:3], OUTCOMES[row[3]].value)
        for row in outcome_rows(plan(rulebook, INSIDE[-3]), frames_of(cases, DICTIONARY)).rows()
    ]
    assert rows == by_evidence(rulebook, cases, INSIDE[-3])[0]
    elsewhere = evolve(EMPTY, criteria=(asked,))
    elsewhere_alike = (Literal(Duration(5, Unit.WORKING_DAY)), FromParameter("standard"))
    if limit in elsewhere_alike and early in (None, *elsewhere_alike):
        assert rows == by_evidence(elsewhere, cases, INSIDE[-3])[0]


def turned(random: Random, condition: Condition) -> Condition:
    """The condition with the parts of all and any, however deep, in another order."""
    match condition:
        case All(parts) | Any(parts):
            return type(condition)(tuple(turned(random, part) for part in random.sample(parts, len(parts))))
        case Not(part):
            return Not(turned(random, part))
        case OverRows() | Count() | Covered():
            where = None if condition.where is None else turned(random, condition.where)
            if isinstance(condition, OverRows):
                return evolve(condition, where=where, satisfies=turned(random, condition.satisfies))
            return evolve(condition, where=where)
        case _:
            return condition


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_the_order_of_parts_changes_nothing(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """The same outcomes, values and issues in the data, a day beyond the calendar among them, in any order."""
    caseload = Caseload(tuple(made(random, number, rulebook, as_of) for number in range(12)), "")
    criteria = tuple(
        evolve(
            one,
            applies=None if one.applies is None else turned(random, one.applies),
            met=None if one.met is None else turned(random, one.met),
        )
        for one in rulebook.criteria
    )
    screenings = [
        screen(one, caseload, as_of=as_of, engine="plain") for one in (rulebook, evolve(rulebook, criteria=criteria))
    ]
    first, second = (
        [(one.case, one.criterion, one.item, one.standing, one.outcome, set(one.values)) for one in screening.findings]
        for screening in screenings
    )
    assert first == second
    assert screenings[0].issues == screenings[1].issues


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_a_check_never_turns_not_met_into_fine(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """What is not believed leaves a question open: not met stays so, or is not evidenced."""
    cases = [made(random, number, rulebook, as_of) for number in range(12)]
    before, _ = by_evidence(evolve(rulebook, checks=()), cases, as_of)
    after, _ = by_evidence(rulebook, cases, as_of)
    open_or_not_met = {Outcome.NOT_MET.value, Outcome.NOT_EVIDENCED.value}
    by_place = Counter((case, criterion, outcome) for case, criterion, _, outcome in after)
    fine = {outcome.value for outcome in Outcome} - open_or_not_met
    was_fine = Counter((case, criterion, outcome) for case, criterion, _, outcome in before if outcome in fine)
    for case, criterion, _, outcome in before:
        if outcome == Outcome.NOT_MET.value:
            for one in (Outcome.MET.value, Outcome.NOT_APPLICABLE.value):
                assert by_place[case, criterion, one] <= was_fine[case, criterion, one]


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _hash_of(contents: list[object]) -> str:
    document, schema = ParsedDocument("a.json", "", dates_as_text=True), record_schema(DICTIONARY)
    read = (read_record(Record(document, (number,), number + 1, one), schema) for number, one in enumerate(contents))
    return hash_of([one.case for one in read if one.case is not None])


@settings(max_examples=settings().max_examples // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rulebooks(), st.randoms(use_true_random=True), st.sampled_from(INSIDE))
def test_what_cannot_be_seen_makes_no_other_name(rulebook: Rulebook, random: Random, as_of: date) -> None:
    """Ids, keys, names and texts that look the same are the same: in columns, and where records are read one by one."""
    cases = tuple(made(random, number, rulebook, as_of) for number in range(12))
    plain = evolve(frames_of(cases, DICTIONARY), sound=False)

    def disguised(value: object) -> object:
        is_text = isinstance(value, str) and not _DAY.fullmatch(value)
        return random.choice(DISGUISES)(str(value)) if is_text else value

    def in_disguise(frame: pl.LazyFrame) -> pl.LazyFrame:
        rows = frame.drop(ROW).collect()
        return rows.with_columns(
            pl.Series(column.name, map(disguised, column), dtype=pl.String)
            for column in rows
            if column.dtype == pl.String and column.name not in ("criterion", "answer")
        ).lazy()

    def told(frames: CaseFrames) -> Summary:
        return screen_frames(rulebook, [frames], as_of=as_of, engine="plain")

    assert told(each_frame(plain, in_disguise)) == told(plain)
    written = json.dumps([dates_as_text(plain_case(case)) for case in cases])
    hidden = json.loads(written, object_hook=lambda group: {name: disguised(one) for name, one in group.items()})
    assert _hash_of(hidden) == _hash_of(json.loads(written))
