"""The reason of each finding, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.api import screen
from casescreen.conditions.operators import AT_LEAST, BEFORE, IS, ON_OR_BEFORE
from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.condition import (
    All,
    Any,
    AsOf,
    Compare,
    Condition,
    FromParameter,
    Literal,
    Not,
    OverRows,
    Quantifier,
    Recorded,
    Within,
)
from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.rulebook import DerivedField, DerivedSource, Rulebook
from casescreen.model.screening import Finding

Found = Callable[..., Finding]
Build = Callable[..., Case]
IN = {"bike.wheels": 2, "bike.kind": "city bike", "repair.brought_on": date(2024, 5, 1)}


@pytest.mark.parametrize(
    ("fields", "outcome", "reason"),
    [
        (
            {**IN, "repair.done_on": date(2024, 5, 3)},
            Outcome.MET,
            "Repair done: 3 May 2024, within 5 working days of 1 May 2024 (brought in).",
        ),
        (
            {**IN, "repair.done_on": date(2024, 5, 9)},
            Outcome.NOT_MET,
            ("Repair done: 9 May 2024, 1 day late (due 8 May 2024: 5 working days from 1 May 2024, brought in)."),
        ),
        (
            {**IN, "repair.done": False},
            Outcome.NOT_MET,
            "The repair is done: no. It was due by 8 May 2024.",
        ),
        (
            IN,
            Outcome.NOT_EVIDENCED,
            "The record does not show it. Not recorded: the repair is done; repair done.",
        ),
        (
            {"bike.wheels": 2, "bike.kind": "city bike"},
            Outcome.NOT_EVIDENCED,
            "It cannot be told when it was due. Not recorded: brought in.",
        ),
        (
            {"bike.wheels": 2, "repair.brought_on": date(2024, 5, 1)},
            Outcome.NOT_EVIDENCED,
            "It cannot be told when it was due. Not recorded: kind of bike.",
        ),
        ({"bike.wheels": 0}, Outcome.NOT_APPLICABLE, "It does not apply. Number of wheels: 0, less than 1."),
        ({}, Outcome.NOT_EVIDENCED, "It cannot be told whether it applies. Not recorded: number of wheels."),
    ],
)
def test_reason_of_a_fact(found: Found, case: Build, fields: dict[str, object], outcome: Outcome, reason: str) -> None:
    """The reason of a finding that facts decide names the facts, or what is missing."""
    finding = found("repair-in-time", case(fields=fields))
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_a_parameter_may_depend_on_the_case(found: Found, case: Build) -> None:
    """A cargo bike has a month, and a bike of which the kind is not recorded has no known deadline."""
    late = {**IN, "repair.done_on": date(2024, 5, 31)}
    assert found("repair-in-time", case(fields={**late, "bike.kind": "cargo bike"})).outcome is Outcome.MET
    unknown = {name: value for name, value in late.items() if name != "bike.kind"}
    assert found("repair-in-time", case(fields=unknown)).outcome is Outcome.NOT_EVIDENCED


@pytest.mark.parametrize(
    ("as_of", "outcome"), [(date(2024, 5, 8), Outcome.NOT_YET_DUE), (date(2024, 5, 9), Outcome.NOT_MET)]
)
def test_deadline_is_ahead_on_its_own_day(found: Found, case: Build, as_of: date, outcome: Outcome) -> None:
    """What is due on a day is not yet due on that day, and late the day after."""
    fields = {**IN, "repair.done": False}
    finding = found("repair-in-time", case(fields=fields), as_of=as_of)
    assert (finding.outcome, finding.due) == (outcome, date(2024, 5, 8))


BRAKE, CHAIN = {"part": "brake", "serious": True}, {"part": "chain", "serious": True}


@pytest.mark.parametrize(
    ("tables", "outcome", "reason"),
    [
        (
            {"faults": [BRAKE, CHAIN], "jobs": [{"part": "light"}]},
            Outcome.NOT_MET,
            'Not found among the jobs: "brake", "chain".',
        ),
        ({"faults": [BRAKE], "jobs": [{"part": "brake"}]}, Outcome.MET, "1 fault, each found among the jobs."),
        ({"faults": [], "jobs": []}, Outcome.MET, "0 faults, each found among the jobs."),
        ({"faults": [BRAKE]}, Outcome.NOT_EVIDENCED, "The record does not show it. Not recorded: jobs."),
        ({}, Outcome.NOT_EVIDENCED, "The record does not show it. Not recorded: faults."),
        (
            {"faults": [BRAKE], "jobs": [{"by": "Worker A"}]},
            Outcome.NOT_EVIDENCED,
            "The record does not show it. Not recorded: part of each of the jobs.",
        ),
        (
            {"faults": [{"part": "brake"}], "jobs": []},
            Outcome.NOT_EVIDENCED,
            "The record does not show it. Not recorded: the fault is serious (brake).",
        ),
    ],
)
def test_reason_over_rows(
    found: Found, case: Build, tables: dict[str, list[dict[str, object]]], outcome: Outcome, reason: str
) -> None:
    """The reason of a finding over rows names the rows that decided it, or what they lack."""
    finding = found("faults-have-jobs", case(**tables))
    assert (finding.outcome, finding.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("tables", "missing"),
    [
        ({"faults": [BRAKE]}, ("jobs",)),
        ({}, ("faults",)),
        ({"faults": [BRAKE], "jobs": [{"by": "Worker A"}]}, ("jobs.part",)),
        ({"faults": [{"part": "brake"}, {"part": "chain"}], "jobs": []}, ("faults.serious",)),
        ({"faults": [{"serious": True}], "jobs": []}, ("faults.part",)),
        ({"faults": [BRAKE], "jobs": []}, ()),
    ],
)
def test_what_a_finding_waits_for(
    found: Found, case: Build, tables: dict[str, list[dict[str, object]]], missing: tuple[str, ...]
) -> None:
    """By full name, each once: a column, or a table as a whole; nothing where it is decided."""
    assert found("faults-have-jobs", case(**tables)).missing == missing
    assert found("repair-in-time", case(fields=IN)).missing == ("repair.done", "repair.done_on")


ESTIMATE = {"id": "R1", "kind": "estimate", "signed": False}


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (ReadersAnswer.YES, Outcome.MET, "The reader answered yes. Clear enough."),
        (ReadersAnswer.NO, Outcome.NOT_MET, "The reader answered no. Clear enough."),
        (ReadersAnswer.NOT_APPLICABLE, Outcome.NOT_APPLICABLE, "The reader says that it does not apply. Clear enough."),
    ],
)
def test_reason_of_a_judgement(found: Found, case: Build, answer: ReadersAnswer, outcome: Outcome, reason: str) -> None:
    """The reason of a judgement is the reader's."""
    judged = case(answers=(Answer("estimate-quality", answer, "R1", "clear enough"),), reports=[ESTIMATE])
    finding = found("estimate-quality", judged)
    assert (finding.outcome, finding.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("answer", "source", "said"),
    [
        (ReadersAnswer.YES, "interview", "The reader answered yes, from an interview: the file does not show it."),
        (ReadersAnswer.NO, "file", "The reader answered no, from the file."),
        (
            ReadersAnswer.NOT_APPLICABLE,
            "interview",
            "The reader says that it does not apply, from an interview: the file does not show it.",
        ),
        (ReadersAnswer.YES, "", "The reader answered yes."),
    ],
)
def test_where_an_answer_is_known_from(
    found: Found, case: Build, answer: ReadersAnswer, source: str, said: str
) -> None:
    """It is told with the answer, also where that and the facts differ; nothing is said where it does not say."""
    judged = case(answers=(Answer("estimate-quality", answer, "R1", "clear", source=source),), reports=[ESTIMATE])
    finding = found("estimate-quality", judged)
    assert (finding.reason, finding.answer_source) == (f"{said} Clear.", source)
    answered = case(fields=IN, answers=(Answer("repair-in-time", answer, source=source),))
    assert found("repair-in-time", answered).reader == f"{said} The record does not show it."


def test_a_fact_challenges_a_yes_and_informs_a_no(found: Found, case: Build) -> None:
    """A flag challenges a reader who answered yes; beside a no, or no answer, it only informs."""
    for answer, challenges in ((ReadersAnswer.YES, True), (ReadersAnswer.NO, False)):
        judged = case(answers=(Answer("estimate-quality", answer, "R1"),), reports=[ESTIMATE])
        assert [flag.challenges for flag in found("estimate-quality", judged).flags] == [challenges]
    assert [flag.challenges for flag in found("estimate-quality", case(reports=[ESTIMATE])).flags] == [False]


@pytest.mark.parametrize(
    ("reports", "item", "outcome", "reason"),
    [
        ([], "", Outcome.NOT_APPLICABLE, 'It does not apply. No reports where kind of report: "estimate".'),
        (
            [{"id": "R1", "kind": "bill"}],
            "",
            Outcome.NOT_APPLICABLE,
            'It does not apply. No reports where kind of report: "estimate".',
        ),
        (
            [{"id": "R1"}],
            "R1",
            Outcome.NOT_EVIDENCED,
            "It cannot be told whether it applies. Not recorded: kind of report.",
        ),
        ([ESTIMATE], "R1", Outcome.NEEDS_JUDGEMENT, "No reader has answered yet."),
    ],
)
def test_a_criterion_asked_of_rows(
    found: Found, case: Build, reports: list[dict[str, object]], item: str, outcome: Outcome, reason: str
) -> None:
    """A criterion asked of rows has a finding for each row that it chooses, and one that says so if there is none."""
    finding = found("estimate-quality", case(reports=reports))
    assert (finding.item, finding.outcome, finding.reason) == (item, outcome, reason)


def test_absent_table_of_rows_is_not_evidenced(found: Found, case: Build) -> None:
    """Where the table of rows is not in the record, it cannot be told whether there were any."""
    finding = found("estimate-quality", case())
    assert finding.outcome is Outcome.NOT_EVIDENCED
    assert finding.reason == "It cannot be told whether it applies. Not recorded: reports."


def test_facts_stand_against_a_reader(found: Found, case: Build) -> None:
    """A reader's yes to a criterion that facts decide changes nothing, and the disagreement is told."""
    fields = {**IN, "repair.done": False}
    answered = case(fields=fields, answers=(Answer("repair-in-time", ReadersAnswer.YES),))
    finding = found("repair-in-time", answered)
    assert finding.outcome is Outcome.NOT_MET
    assert finding.reader == "The reader answered yes. The facts show that it is not met."
    agreeing = case(fields=fields, answers=(Answer("repair-in-time", ReadersAnswer.NO),))
    assert not found("repair-in-time", agreeing).reader


def test_what_would_put_it_right(found: Found, case: Build) -> None:
    """Each outcome that needs something done says what, and the others say nothing."""
    fields = {**IN, "repair.done": False}
    assert found("repair-in-time", case(fields=fields)).remedy == "Repair it now."
    assert found("repair-in-time", case(fields=IN)).remedy == "Find out, and record what is missing."
    question = "Read the case and answer: Is the estimate clear enough for the owner?"
    assert found("estimate-quality", case(reports=[ESTIMATE])).remedy == question
    assert not found("repair-in-time", case(fields={"bike.wheels": 0})).remedy


def test_every_value_that_decided_is_kept(found: Found, case: Build) -> None:
    """A finding carries the values that decided it, each once."""
    finding = found("repair-in-time", case(fields={**IN, "repair.done_on": date(2024, 5, 9)}))
    assert [(one.field.name, one.value) for one in finding.values] == [
        ("repair.done_on", date(2024, 5, 9)),
        ("repair.brought_on", date(2024, 5, 1)),
        ("bike.kind", "city bike"),
    ]


MONTH, DAY, NEVER = Duration(1, Unit.MONTH), Duration(1, Unit.DAY), Duration(0, Unit.DAY)


@pytest.mark.parametrize(
    ("early", "done", "reason", "late"),
    [
        (None, date(2024, 3, 1), "Repair done: 1 March 2024, before 1 May 2024 (brought in).", 0),
        (MONTH, date(2024, 5, 2), "Repair done: 2 May 2024, within 1 day of 1 May 2024 (brought in).", 0),
        (MONTH, date(2024, 4, 1), "Repair done: 1 April 2024, within 1 month before 1 May 2024 (brought in).", 0),
        (
            MONTH,
            date(2024, 3, 31),
            (
                "Repair done: 31 March 2024, before 1 April 2024, when its time began "
                "(1 month before 1 May 2024, brought in)."
            ),
            0,
        ),
        (
            NEVER,
            date(2024, 4, 30),
            "Repair done: 30 April 2024, before 1 May 2024 (brought in), when its time began.",
            0,
        ),
        (
            NEVER,
            date(2024, 5, 31),
            "Repair done: 31 May 2024, 29 days late (due 2 May 2024: 1 day from 1 May 2024, brought in).",
            29,
        ),
    ],
)
def test_too_early_and_too_late_are_told(
    bikes: Rulebook, case: Build, early: Duration | None, done: date, reason: str, late: int
) -> None:
    """By how many days something is late, and since when its time ran that came before it."""
    fields = bikes.dictionary.fields
    length = None if early is None else Literal(early)
    met = Within(fields["repair.done_on"], Literal(DAY), fields["repair.brought_on"], length)
    finding = _only_finding(bikes, met, case(fields={**IN, "repair.done_on": done}))
    assert (finding.reason, finding.days_late) == (reason, late)


def test_what_the_early_end_depends_on_is_read_too(bikes: Rulebook, case: Build) -> None:
    """It is missing where it is not recorded, and one of the values that decided where it is."""
    fields = bikes.dictionary.fields
    met = Within(fields["repair.done_on"], Literal(DAY), fields["repair.brought_on"], FromParameter("repair_due"))
    record = {"repair.brought_on": date(2024, 5, 1), "repair.done_on": date(2024, 4, 2)}
    finding = _only_finding(bikes, met, case(fields=record))
    assert finding.reason == "The record does not show it. Not recorded: kind of bike."
    finding = _only_finding(bikes, met, case(fields={**record, "bike.kind": "cargo bike"}))
    assert (finding.outcome, len(finding.values)) == (Outcome.MET, 3)


def _only_finding(bikes: Rulebook, met: Condition, asked: Case) -> Finding:
    criterion = evolve(bikes.criteria[0], applies=None, met=met, due=None)
    rulebook = evolve(bikes, criteria=(criterion,), conclusions=(), facts=())
    (finding,) = screen(rulebook, Caseload((asked,), ""), as_of=date(2024, 6, 1)).findings
    return finding


def test_of_several_the_latest_is_told(bikes: Rulebook, case: Build) -> None:
    """In days after its last day, of rows too; where what is late decides nothing, none is."""
    fields, faults = bikes.dictionary.fields, bikes.dictionary.tables["faults"].columns
    in_time = Within(fields["repair.done_on"], Literal(DAY), fields["repair.brought_on"])
    sooner = evolve(in_time, limit=Literal(Duration(10, Unit.DAY)))
    serious = Compare(faults["serious"], IS, Literal(value=True))
    asked = case(fields={**IN, "repair.done_on": date(2024, 5, 12)}, faults=[{"serious": True}, {"serious": False}])
    assert _only_finding(bikes, All((sooner, in_time)), asked).days_late == 10
    assert _only_finding(bikes, Not(Any((Not(sooner), in_time))), asked).days_late == 1
    assert _only_finding(bikes, OverRows(Quantifier.EVERY, "faults", serious, sooner), asked).days_late == 1
    assert _only_finding(bikes, OverRows(Quantifier.EVERY, "faults", Not(serious), sooner), case()).days_late == 0
    assert _only_finding(bikes, Any((in_time, Not(sooner))), asked).outcome is Outcome.MET
    assert _only_finding(bikes, Any((in_time, Not(sooner))), asked).days_late == 0


def test_rows_that_are_not_chosen_are_not_late(bikes: Rulebook, case: Build) -> None:
    """How late something is comes from the rows that are asked about, and not from what chooses them."""
    fields, faults = bikes.dictionary.fields, bikes.dictionary.tables["faults"].columns
    in_time = Within(fields["repair.done_on"], Literal(DAY), fields["repair.brought_on"])
    serious = Compare(faults["serious"], IS, Literal(value=True))
    asked = case(fields={**IN, "repair.done_on": date(2024, 5, 12)}, faults=[{"serious": True}])
    assert _only_finding(bikes, OverRows(Quantifier.SOME, "faults", in_time, serious), asked).days_late == 0
    assert _only_finding(bikes, OverRows(Quantifier.SOME, "faults", Not(serious), in_time), asked).days_late == 0
    assert _only_finding(bikes, OverRows(Quantifier.SOME, "faults", serious, in_time), asked).days_late == 10


def test_what_is_missing_is_never_a_derived_field(bikes: Rulebook, case: Build) -> None:
    """Where one derived field comes from another, what is told as missing is what a record can say."""
    fields = bikes.dictionary.fields
    first, second = (evolve(fields["repair.done_on"], name=f"clock.{name}", label=name) for name in ("first", "second"))
    cargo = Compare(fields["bike.kind"], IS, Literal("cargo bike"))
    since = Compare(first, BEFORE, Literal(date(2024, 12, 1)))
    brought, otherwise = fields["repair.brought_on"], DerivedSource(None, fields["repair.done_on"])
    derived = (
        DerivedField(first, (DerivedSource(cargo, brought), otherwise)),
        DerivedField(second, (DerivedSource(since, first), otherwise)),
    )
    met, asked = Recorded(second, expected=True), case(fields={"repair.brought_on": date(2024, 5, 1)})
    finding = _only_finding(evolve(bikes, derived=derived), met, asked)
    assert finding.reason == "The record does not show it. Not recorded: kind of bike."


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ([BRAKE], "It is not so of the one fault: brake (the fault is serious: yes)."),
        (
            [BRAKE, CHAIN],
            "Both faults fall short: brake (the fault is serious: yes); chain (the fault is serious: yes).",
        ),
        (
            [BRAKE, CHAIN, {"part": "bell", "serious": False}],
            (
                "1 of 3 faults meets this, and these do not: "
                "brake (the fault is serious: yes); chain (the fault is serious: yes)."
            ),
        ),
        (
            [BRAKE, {"part": "bell", "serious": False}, {"part": "lamp", "serious": False}, {"part": "gear"}],
            ("2 of 4 faults meet this, 1 cannot be told, and this one does not: brake (the fault is serious: yes)."),
        ),
        (
            [BRAKE, CHAIN, {"serious": True}, {"part": "lamp", "serious": True}],
            (
                "All 4 faults fall short: brake (the fault is serious: yes); chain (the fault is serious: yes); "
                "fault 3 (the fault is serious: yes); and 1 more."
            ),
        ),
    ],
)
def test_what_is_counted_of_rows_is_what_is_met(
    bikes: Rulebook, case: Build, faults: list[dict[str, object]], reason: str
) -> None:
    """Whichever way it is asked for; rows that are not known count neither way."""
    serious = Compare(bikes.dictionary.tables["faults"].columns["serious"], IS, Literal(value=True))
    asked = case(faults=faults)
    for met in (
        OverRows(Quantifier.EVERY, "faults", None, Not(serious)),
        Not(OverRows(Quantifier.SOME, "faults", None, serious)),
    ):
        finding = _only_finding(bikes, met, asked)
        assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, reason)


@pytest.mark.parametrize(
    ("faults", "outcome", "reason"),
    [
        ([BRAKE], Outcome.NOT_MET, "The one fault does not have this: the fault is serious: no."),
        ([BRAKE, CHAIN], Outcome.NOT_MET, "None of 2 faults has this: the fault is serious: no."),
        (
            [BRAKE, {"part": "bell", "serious": False}],
            Outcome.MET,
            "1 of 2 faults: bell (the fault is serious: no).",
        ),
    ],
)
def test_one_row_is_enough(
    bikes: Rulebook, case: Build, faults: list[dict[str, object]], outcome: Outcome, reason: str
) -> None:
    """Where none is so, what was asked for is said; else those of which it is so, and of how many."""
    serious = Compare(bikes.dictionary.tables["faults"].columns["serious"], IS, Literal(value=False))
    finding = _only_finding(bikes, OverRows(Quantifier.SOME, "faults", None, serious), case(faults=faults))
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_facts_beside_rows_are_sentences_of_their_own(bikes: Rulebook, case: Build) -> None:
    """So that it is plain where the rows end."""
    serious = Compare(bikes.dictionary.tables["faults"].columns["serious"], IS, Literal(value=False))
    two = Compare(bikes.dictionary.fields["bike.wheels"], AT_LEAST, Literal(3))
    rows = OverRows(Quantifier.EVERY, "faults", None, serious)
    asked = case(fields={"bike.wheels": 2}, faults=[BRAKE])
    said = ["Number of wheels: 2, less than 3.", "It is not so of the one fault: brake (the fault is serious: yes)."]
    assert _only_finding(bikes, All((two, rows)), asked).reason == " ".join(said)
    assert _only_finding(bikes, All((rows, two)), asked).reason == " ".join(reversed(said))


def test_a_choice_says_what_it_is_and_not_what_it_is_not(bikes: Rulebook, case: Build) -> None:
    """However many words of the list were asked for, one after the other."""
    kind = bikes.dictionary.fields["bike.kind"]
    met = Any(tuple(Compare(kind, IS, Literal(word)) for word in kind.allowed if word != "city bike"))
    assert _only_finding(bikes, met, case(fields=IN)).reason == 'Kind of bike: "city bike".'


def test_a_day_that_is_late_is_not_said_to_be_after_another(bikes: Rulebook, case: Build) -> None:
    """Its last day is told already."""
    fields = bikes.dictionary.fields
    in_time = Within(fields["repair.done_on"], Literal(DAY), fields["repair.brought_on"])
    by_then = Compare(fields["repair.done_on"], ON_OR_BEFORE, Literal(date(2024, 5, 3)))
    asked = case(fields={**IN, "repair.done_on": date(2024, 5, 12)})
    said = _only_finding(bikes, All((in_time, by_then)), asked).reason
    assert said == "Repair done: 12 May 2024, 10 days late (due 2 May 2024: 1 day from 1 May 2024, brought in)."
    assert _only_finding(bikes, by_then, asked).reason == "Repair done: 12 May 2024, after 3 May 2024."


def test_of_rows_that_fell_due_the_day_is_told(bikes: Rulebook, case: Build) -> None:
    """The day that chose the row, since it had passed by the as-of date, stands beside what is not done."""
    part = bikes.dictionary.tables["faults"].columns["part"]
    serious = Compare(bikes.dictionary.tables["faults"].columns["serious"], IS, Literal(value=False))
    day = evolve(bikes.dictionary.tables["jobs"].columns["part"], name="due_on", label="due on", kind=Kind.DATE)
    where = Compare(evolve(day, table="faults"), BEFORE, AsOf())
    rulebook = evolve(
        bikes,
        dictionary=evolve(
            bikes.dictionary,
            tables={
                **bikes.dictionary.tables,
                "faults": evolve(
                    bikes.dictionary.tables["faults"],
                    columns={"part": part, "serious": serious.field, "due_on": where.field},
                ),
            },
        ),
    )
    met = OverRows(Quantifier.EVERY, "faults", where, serious)
    asked = case(faults=[{**BRAKE, "due_on": date(2024, 5, 2)}, {**CHAIN, "due_on": date(2024, 7, 1)}])
    said = _only_finding(rulebook, met, asked).reason
    assert said == "It is not so of the one fault: brake (the fault is serious: yes; due on: 2 May 2024)."
