"""Who is eligible, asked case by case and of all cases at once: the same cases, strata, reasons and gaps."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made_up_cases import AS_OF, SQS, of_the_letter, of_the_recipe, with_faults
from test_bulk_agrees import made, rulebooks

from casescreen.columnar.eligibility import population_of_frames
from casescreen.columnar.frames import frames_of
from casescreen.evaluate.criteria import applies_condition
from casescreen.model.case import Case, Caseload
from casescreen.model.condition import Condition
from casescreen.model.rulebook import Check, Rulebook
from casescreen.model.sample import SamplePlan, SampleSize
from casescreen.review.sample_draw import population_of_cases
from casescreen.rulebook.sample_plan import ReadPlan, asking


def planned(
    rulebook: Rulebook, conditions: dict[str, Condition], strata: str, as_of: date, *, unknown: bool
) -> ReadPlan:
    plan = SamplePlan("t", as_of, SampleSize(2), strata, 0, unknown, (), (), (), "h")
    return ReadPlan(plan, conditions, asking(rulebook, {}, conditions, strata))


def assert_the_same(read: ReadPlan, cases: list[Case], checks: tuple[Check, ...]) -> None:
    in_order = sorted(cases, key=lambda one: one.id)
    one_by_one = population_of_cases(read, Caseload(tuple(in_order), ""))
    assert population_of_frames(read, [frames_of(in_order, read.rulebook.dictionary)]) == one_by_one
    # Checks that disbelieve nothing that the plan reads are not asked, and change nothing where they are.
    asked_all = ReadPlan(read.plan, read.conditions, evolve(read.rulebook, checks=checks))
    assert population_of_cases(asked_all, Caseload(tuple(in_order), "")) == one_by_one


@given(rulebooks(), st.integers(0, 2**32), st.sampled_from(["", "case.team"]), st.booleans())
def test_of_any_rules_and_cases(rulebook: Rulebook, seed: int, strata: str, unknown: bool) -> None:
    """Whatever the plan asks, with checks and derived fields of the rulebook, and gaps in the records."""
    random, as_of = Random(seed), date(2024, 6, 3)  # noqa: S311 - made-up cases need no secrets
    asked = {one.id: one for one in rulebook.criteria if one.per is None}
    conditions = {id_: one.met for id_, one in asked.items() if one.met is not None}
    conditions |= {f"{id_}-a": when for id_, one in asked.items() if (when := applies_condition(one)) is not None}
    cases = [made(random, number, rulebook, as_of) for number in range(random.randrange(1, 9))]
    assert_the_same(planned(rulebook, conditions, strata, as_of, unknown=unknown), cases, rulebook.checks)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("strata", ["", "order.type", "order.requires_plan", "case.team"])
def test_of_the_shipped_rules(seed: int, strata: str) -> None:
    """Facts, derived days and checks of real rules, on cases into which faults are sown."""
    random = Random(seed)  # noqa: S311 - the same
    sqs = {one.id: one for one in SQS.criteria}
    conditions = {fact.id: fact.when for fact in random.sample(SQS.facts, 3)}
    conditions |= {id_: sqs[id_].met for id_ in random.sample(sorted(sqs), 8) if sqs[id_].per is None and sqs[id_].met}  # type: ignore[misc]
    cases = [with_faults(random, one) for one in (*of_the_letter(), *of_the_recipe())]
    assert_the_same(planned(SQS, conditions, strata, AS_OF, unknown=bool(seed % 2)), cases, SQS.checks)


def test_an_id_that_differs_by_capitals_is_another_case() -> None:
    """And both ways keep both."""
    first = of_the_letter()[0]
    cases = [evolve(first, id=id_, fields={**first.fields, "case.id": id_}) for id_ in ("som-01", "SOM-01", "\u00e9")]
    assert_the_same(planned(SQS, {}, "", AS_OF, unknown=False), cases, SQS.checks)
