"""The cases that are made up for sqs-2016: that they show what caseloads show."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.screening import screen_frames
from casescreen.evaluate.screening import screen
from casescreen.model.case import Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Summary
from casescreen.rulebook.load import load_rulebook
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up
from casescreen.synth.spec import SyntheticSpec

AS_OF = date(2016, 5, 9)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook("sqs-2016")


@pytest.fixture(scope="module")
def recipe(rulebook: Rulebook) -> SyntheticSpec:
    return load_spec("sqs-2016", rulebook)


@pytest.fixture(scope="module")
def frames(rulebook: Rulebook, recipe: SyntheticSpec) -> CaseFrames:
    """Two thousand cases."""
    (part,) = made_up(rulebook, recipe, cases=2_000, seed=1, as_of=AS_OF)
    return part


@pytest.fixture(scope="module")
def cases(frames: CaseFrames) -> pl.DataFrame:
    return frames.cases.collect()


@pytest.fixture(scope="module")
def screening(rulebook: Rulebook, frames: CaseFrames) -> Summary:
    return screen_frames(rulebook, [frames], as_of=AS_OF)


def together(cases: pl.DataFrame, one: str, other: str) -> float:
    """The correlation of two columns, words by their place among the allowed ones."""
    both = cases.select(pl.col(one).to_physical().cast(pl.Float64), pl.col(other).to_physical().cast(pl.Float64))
    found = both.drop_nulls().select(pl.corr(one, other)).item()
    assert isinstance(found, float)
    return found


def test_every_outcome_occurs(screening: Summary) -> None:
    """Each of the six outcomes is found somewhere, and no case is left out."""
    assert (screening.cases, screening.left_out) == (2_000, 0)
    for outcome in Outcome:
        assert sum(rate.count(outcome) for rate in screening.rates) > 100, outcome


def test_case_by_case_and_all_at_once_come_to_the_same(rulebook: Rulebook, recipe: SyntheticSpec) -> None:
    """On cases such as there are, an ordinary screening and one in bulk count the same outcomes."""
    (part,) = made_up(rulebook, recipe, cases=150, seed=9, as_of=AS_OF)
    cases = tuple(cases_of(part, rulebook.dictionary))
    assert (
        screen(rulebook, Caseload(cases, ""), as_of=AS_OF).rates == screen_frames(rulebook, [part], as_of=AS_OF).rates
    )


def test_every_criterion_is_met_and_not_met(screening: Summary) -> None:
    """No question has the same answer in every case."""
    for rate in screening.rates:
        assert rate.met >= 30, rate.criterion
        assert rate.count(Outcome.NOT_MET) >= 30, rate.criterion


def test_every_outcome_of_every_criterion_occurs(rulebook: Rulebook, screening: Summary) -> None:
    """All that a question can come to: none is left to be met first in somebody's own cases."""
    rates = {rate.criterion: rate for rate in screening.rates}
    for criterion in rulebook.criteria:
        rate, possible = rates[criterion.id], {Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE}
        possible.add(Outcome.NEEDS_JUDGEMENT if criterion.met is None else Outcome.NOT_EVIDENCED)
        if criterion.due is not None:
            possible.add(Outcome.NOT_YET_DUE)
        assert {outcome for outcome in possible if rate.count(outcome) >= 5} == possible, criterion.id


def test_levels_of_harm_and_vulnerability_go_together(cases: pl.DataFrame) -> None:
    """Where one is high, the other is more often high too."""
    assert 0.3 < together(cases, "harm.level", "vulnerability.level") < 0.6
    assert together(cases, "harm.level", "harm.factors_to_manage") > 0.3


def test_a_case_that_is_run_well_is_run_well_throughout(cases: pl.DataFrame) -> None:
    """What depends on the care that is taken goes together; what depends on nothing does not."""
    assert together(cases, "plan.victim_safety_stated", "harm.contingency_stated") > 0.07
    assert abs(together(cases, "assessment.explains_offending", "child.sex")) < 0.06


def test_managers_differ(cases: pl.DataFrame) -> None:
    """The cases of one manager are more alike than chance would have them."""
    share = pl.col("harm.victims_identified").cast(pl.Float64)
    chance = share.mean() * (1 - share.mean()) / 12
    rates = cases.drop_nulls("harm.victims_identified").group_by("case.manager").agg(share.mean())
    between = rates["harm.victims_identified"].var()
    expected = cases.select(chance).item()
    assert isinstance(between, float)
    assert between > 1.3 * expected


@pytest.mark.parametrize(
    ("field", "share"), [("education.suitable", 0.04), ("order.starts_on", 0.02), ("assessment.note", 0.7)]
)
def test_as_much_is_missing_as_is_said(cases: pl.DataFrame, field: str, share: float) -> None:
    """The share of values that are not recorded is the one that the file gives."""
    assert cases[field].null_count() / len(cases) == pytest.approx(share, abs=0.015)


def test_tables_are_absent_or_known_to_be_empty(cases: pl.DataFrame, frames: CaseFrames) -> None:
    """The share of records that lack a table is as is said, and others have it without a row."""
    assert 1 - cases["has.victims"].mean() == pytest.approx(0.03, abs=0.012)  # type: ignore[operator]
    with_rows = frames.tables["victims"].collect()["case.id"].n_unique()
    assert with_rows / len(cases) == pytest.approx(0.97 * 0.75, abs=0.04)


def test_most_concerns_have_an_objective(frames: CaseFrames) -> None:
    """Where there is a plan, most concerns are covered by it, and not all."""
    concerns = frames.tables["concerns"].select("case.row", area=pl.col("area").cast(pl.String))
    objectives = frames.tables["objectives"].select("case.row", area=pl.col("addresses").cast(pl.String))
    planned = frames.cases.filter("plan.exists", "has.objectives").select("case.row")
    there = concerns.join(planned, on="case.row").drop_nulls()
    covered = there.join(objectives, on=["case.row", "area"], how="semi")
    share = covered.collect().height / there.collect().height
    assert 0.8 < share < 0.93


def test_concerns_are_different_ones(frames: CaseFrames) -> None:
    """No case has the same area of concern twice."""
    assert not frames.tables["concerns"].select("case.row", "area").drop_nulls().collect().is_duplicated().any()


def test_dates_follow_one_another(cases: pl.DataFrame, frames: CaseFrames) -> None:
    """Sentence, start and work come in that order, and so do the reviews of a case."""
    assert (cases["order.sentenced_on"] <= cases["order.starts_on"]).drop_nulls().all()
    assert (cases["order.starts_on"] < cases["order.ends_on"]).drop_nulls().all()
    assert (cases["order.starts_on"] < cases["order.closed_on"]).drop_nulls().all()
    assert (cases["order.starts_on"] < cases["transfer.received_on"]).drop_nulls().all()
    assert (cases["change.happened_on"] <= cases["change.reviewed_on"]).drop_nulls().all()
    reviews = frames.tables["reviews"].drop_nulls("due_on").collect()
    assert reviews.equals(reviews.sort("case.row", "due_on", maintain_order=True))
    starts = reviews.join(cases.select("case.row", "order.starts_on"), on="case.row")
    assert (starts["due_on"] > starts["order.starts_on"]).drop_nulls().all()


def test_a_contract_follows_its_sentence_and_is_the_plan(cases: pl.DataFrame) -> None:
    """Of referral orders, within 20 working days mostly; other orders begin with the sentence, and get a plan later."""
    days = {
        "to start": (pl.col("order.starts_on") - pl.col("order.sentenced_on")).dt.total_days(),
        "to plan": (pl.col("plan.completed_on") - pl.col("order.starts_on")).dt.total_days(),
    }
    referral = cases.filter(pl.col("order.type") == "referral order").select(**days)
    assert (referral["to start"] > 0).drop_nulls().all()
    assert 0.65 < (referral["to start"] <= 28).mean() < 0.95  # type: ignore[operator]
    assert 0.6 < (referral["to plan"] == 0).mean() < 0.95  # type: ignore[operator]
    other = cases.filter(pl.col("order.type") == "youth rehabilitation order").select(**days)
    assert (other["to start"] == 0).drop_nulls().all()
    assert 14 < other["to plan"].median() < 25  # type: ignore[operator]
    assert other["to plan"].max() > 60  # type: ignore[operator]


def test_an_assessment_is_there_for_the_report(cases: pl.DataFrame, frames: CaseFrames) -> None:
    """Assessment, report and order mostly come in that order; some assessments are late."""
    reports = frames.tables["reports"].collect().join(cases, on="case.row").drop_nulls("written_on")
    assert (reports["written_on"] <= reports["order.starts_on"]).drop_nulls().all()
    own = reports.filter(pl.col("transfer.received_on").is_null())
    assert 0.6 < (own["assessment.completed_on"] <= own["written_on"]).mean() < 0.95  # type: ignore[operator]


def test_most_levels_go_with_what_is_to_be_managed(cases: pl.DataFrame) -> None:
    """A level of medium or more with nothing to manage is a slip, and rare; closed and received cases occur."""
    medium = cases.filter(pl.col("harm.level").is_in(["medium", "high", "very high"]))
    assert 0.9 < medium["harm.factors_to_manage"].mean() < 1.0  # type: ignore[operator]
    assert 0.2 < cases["order.closed_on"].is_not_null().mean() < 0.6  # type: ignore[operator]
    assert 0.03 < cases["transfer.received_on"].is_not_null().mean() < 0.12  # type: ignore[operator]
    reasons = cases.filter(pl.col("order.closed_reason").is_not_null() & pl.col("order.closed_on").is_null())
    assert len(reasons) < 0.05 * len(cases)  # the day is not recorded, and the reason is
