"""What is said of a criterion that is not met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.api import screen
from casescreen.conditions.operators import IS, IS_NOT
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.condition import Any, Compare, Condition, Covered, Literal, Not, OverRows, Quantifier, Recorded
from casescreen.model.outcome import ReadersAnswer
from casescreen.model.rulebook import Rulebook, Shortfall
from casescreen.model.screening import Finding, Quoting

Build = Callable[..., Case]


def shortfalls(
    bikes: Rulebook, *cases: Case, quoting: Quoting = Quoting.REFERENCES, engine: Engine = "auto", **changed: object
) -> list[str]:
    """What is said of each case by the criterion that every serious fault has a job, changed so."""
    criterion = evolve(bikes.criterion["faults-have-jobs"], **changed)  # type: ignore[arg-type]
    return [one.shortfall for one in _findings(evolve(bikes, criteria=(criterion,)), cases, quoting, engine)]


def _findings(
    rulebook: Rulebook, cases: tuple[Case, ...], quoting: Quoting = Quoting.REFERENCES, engine: Engine = "auto"
) -> tuple[Finding, ...]:
    rulebook = evolve(rulebook, conclusions=(), facts=())
    return screen(rulebook, Caseload(cases, ""), as_of=date(2024, 6, 1), quoting=quoting, engine=engine).findings


def faulty(case: Build, *parts: str, id_: str = "B-1", jobs: tuple[str, ...] = (), **fields: object) -> Case:
    faults = [{"part": part, "serious": True} for part in parts]
    return case(
        id_,
        {name.replace("_", ".", 1): one for name, one in fields.items()},
        faults=faults,
        jobs=[{"part": part} for part in jobs],
    )


def test_it_is_said_only_of_what_is_not_met(bikes: Rulebook, case: Build, engine: Engine) -> None:
    """In the rulebook's own sentence; of what is met, or not known, nothing."""
    bad, good = faulty(case, "brake"), faulty(case, "brake", id_="B-2", jobs=("brake",))
    unknown = case("B-3")
    said = shortfalls(bikes, bad, good, unknown, engine=engine, shortfall="A fault has no job.")
    assert said == ["A fault has no job.", "", ""]
    assert shortfalls(bikes, bad, good) == ["", ""]


def test_the_first_part_that_failed_is_said(bikes: Rulebook, case: Build) -> None:
    """Of several sentences the first whose condition is true; one that is not known says nothing."""
    wheels = bikes.dictionary.fields["bike.wheels"]
    others = (
        Shortfall("It has two wheels.", Compare(wheels, IS, Literal(2))),
        Shortfall("It has not three wheels.", Compare(wheels, IS_NOT, Literal(3))),
    )
    cases = [faulty(case, "brake", id_=f"B-{n}", bike_wheels=n) for n in (2, 3, 4)]
    cases.append(faulty(case, "brake", id_="B-5"))
    assert shortfalls(bikes, *cases, shortfall="Otherwise.", shortfalls=others) == [
        "It has two wheels.",
        "Otherwise.",
        "It has not three wheels.",
        "Otherwise.",
    ]


def test_values_that_are_not_covered_are_named(bikes: Rulebook, case: Build) -> None:
    """Each once, in the order of the record."""
    asked = faulty(case, "chain", "light", "brake", "chain", jobs=("light",))
    assert shortfalls(bikes, asked, shortfall="No job for {missing}.") == ["No job for chain and brake."]


def _over_faults(bikes: Rulebook, quantifier: Quantifier, serious: bool) -> Condition:
    columns = bikes.dictionary.tables["faults"].columns
    return OverRows(quantifier, "faults", None, Compare(columns["serious"], IS, Literal(serious)))


def test_rows_that_fail_are_named(bikes: Rulebook, case: Build) -> None:
    """Those for which it is not so that every row satisfies, however written; five, and how many more."""
    every = _over_faults(bikes, Quantifier.EVERY, serious=False)
    none = Not(_over_faults(bikes, Quantifier.SOME, serious=True))
    for met in (every, none, Any((every, none))):
        said = shortfalls(bikes, faulty(case, "brake", "light"), met=met, shortfall="Look at {missing}.")
        assert said == ["Look at brake and light."]
    reports = [{"id": f"R{n}", "kind": "bill"} for n in range(1, 9)]
    kind = bikes.dictionary.tables["reports"].columns["kind"]
    met = OverRows(Quantifier.EVERY, "reports", None, Compare(kind, IS, Literal("estimate")))
    [named] = shortfalls(bikes, case(reports=reports), met=met, shortfall="No estimate: {missing}.")
    assert named == "No estimate: R1, R2, R3, R4, R5 and 3 more."
    [named] = shortfalls(
        bikes, case(reports=reports), met=met, shortfall="No estimate: {missing}.", quoting=Quoting.NOTHING
    )
    assert named == "No estimate: report 1, report 2, report 3, report 4, report 5 and 3 more."


def test_a_text_is_named_only_where_text_is_quoted(bikes: Rulebook, case: Build) -> None:
    """A value that is text of the record stands for itself only where it may, and else its row does."""
    tables = bikes.dictionary.tables
    met = Covered("jobs", None, tables["jobs"].columns["by"], tables["reports"].columns["id"])
    asked = case(jobs=[{"part": "brake", "by": "Jo {missing}"}], reports=[])
    for quoting, name in ((Quoting.EVERYTHING, "Jo {missing}"), (Quoting.REFERENCES, "brake")):
        assert shortfalls(bikes, asked, met=met, shortfall="Who is {missing}?", quoting=quoting) == [f"Who is {name}?"]


def test_a_sentence_without_a_name_is_passed_over(bikes: Rulebook, case: Build) -> None:
    """Where nothing failed that has one, the next is said, and nothing where there is none."""
    met = Not(Recorded(bikes.dictionary.fields["bike.wheels"], expected=True))
    uncovered = bikes.criterion["faults-have-jobs"].met
    assert uncovered is not None
    others = (
        Shortfall("No job for {missing}.", Not(uncovered)),
        Shortfall("A wheel and {missing}.", Not(met)),
    )
    bad, good = faulty(case, "brake", bike_wheels=2), faulty(case, id_="B-2", bike_wheels=2)
    assert shortfalls(bikes, bad, good, met=met, shortfall="Otherwise.", shortfalls=others) == [
        "No job for brake.",
        "Otherwise.",
    ]
    assert shortfalls(bikes, good, met=met, shortfall="Only {missing}.") == [""]


@pytest.mark.parametrize("engine", ["auto", "bulk"])
def test_a_readers_no_has_a_shortfall_too(bikes: Rulebook, case: Build, engine: Engine) -> None:
    """By what the facts say of the row that was read; a yes has none."""
    signed = bikes.dictionary.tables["reports"].columns["signed"]
    others = (Shortfall("It is not even signed.", Compare(signed, IS, Literal(value=False))),)
    judged = evolve(bikes.criterion["estimate-quality"], shortfall="It is not clear.", shortfalls=others)
    reports = [{"id": f"R{n}", "kind": "estimate", "signed": n != 2} for n in (1, 2, 3)]
    given = zip(("R1", "R2", "R3"), (ReadersAnswer.NO, ReadersAnswer.NO, ReadersAnswer.YES), strict=True)
    answers = tuple(Answer(judged.id, answer, item) for item, answer in given)
    found = _findings(evolve(bikes, criteria=(judged,)), (case(answers=answers, reports=reports),), engine=engine)
    assert [one.shortfall for one in found] == ["It is not clear.", "It is not even signed.", ""]
