"""What may be shared of a sample: counts, none small, and nothing by which anybody could tell who was drawn."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from sample_plans import Plan, bikes, plan, repairs

from casescreen.model.case import Row
from casescreen.model.problem import CasescreenError
from casescreen.model.sample import CANNOT_TELL, MustInclude, SampleRecord
from casescreen.model.screening import Suppressed
from casescreen.privacy.share import shared_counts
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.drawn_sample import counts_blocks
from casescreen.review.sample_draw import draw, population_of_cases, replaced
from casescreen.review.sample_record import with_hash

__all__ = ["bikes", "plan"]

UNDER = 5
CITY: Row = {"bike.kind": "city bike"}
UNKNOWN: Row = {"bike.kind": None}


def sample(plan: Plan, city: int, unknown: int, done: int = 8) -> SampleRecord:
    """Thirty repairs of cargo bikes, of which some are done, and others that are not eligible or cannot be told."""
    fields: dict[str, Row] = {f"Repair-{number}": {"repair.done": number < done} for number in range(30)}
    fields |= {f"City-{number}": CITY for number in range(city)}
    fields |= {f"Dark-{number}": UNKNOWN for number in range(unknown)}
    read = plan(size="20", strata='"repair.done"', reserves="2")
    return draw(read, population_of_cases(read, repairs(fields, fields)), "20260501-417")


def test_no_case_ticket_seed_or_code_is_in_a_copy(plan: Plan) -> None:
    """From any of them an id could be guessed, and with it who is read."""
    record, _ = replaced(sample(plan, 6, 7), sample(plan, 6, 7).ids[0], "Said by Repair-1.", "J. Okafor", date.min)
    named = (MustInclude("City-1", "Asked for by J. Okafor."),)
    record = with_hash(evolve(record, committed="c0de" * 16, plan=evolve(record.plan, must_include=named)))
    said = " ".join(to_plain(counts_blocks(shared_counts(record, UNDER)), 100).split())
    hidden = [record.seed, record.hash, record.list_hash, record.cases_hash or "x", "c0de", "Okafor", record.plan.hash]
    hidden += [text for one in record.strata for pair in one.tickets for text in pair]
    hidden += [one.case for one in record.excluded]
    for text in hidden:
        assert text not in said
        assert text[:8] not in said or text.startswith("Repair")
    assert "20 drawn of 30 eligible cases" in said


def test_counts_that_are_not_small_are_told(plan: Plan) -> None:
    """Each case counts once, so that no sum or difference tells more."""
    counts = shared_counts(sample(plan, 6, 7), UNDER)
    assert counts.strata == (("no", 22, 15), ("yes", 8, 5))
    assert counts.reasons == (("It is another bike", 6), (CANNOT_TELL, 7))
    assert (counts.eligible, counts.not_eligible, counts.replaced) == (30, 13, 0)


@pytest.mark.parametrize(("city", "unknown"), [(4, 7), (6, 1)])
def test_a_table_with_a_small_count_is_withheld_whole(plan: Plan, city: int, unknown: int) -> None:
    """Of some rows and a sum the missing one could be worked out."""
    counts = shared_counts(sample(plan, city, unknown), UNDER)
    assert counts.reasons is None
    assert "Withheld" in to_plain(counts_blocks(counts), 100)


def test_strata_of_which_few_are_eligible_or_drawn_are_withheld(plan: Plan) -> None:
    """How many are drawn follows from how many are eligible, so both go together."""
    assert shared_counts(sample(plan, 6, 7, done=6), UNDER).strata is None


def test_a_small_number_of_those_not_eligible_is_not_told(plan: Plan) -> None:
    """Nor of those that were replaced."""
    record = sample(plan, 2, 0)
    counts = shared_counts(replaced(record, record.ids[0], "Ill.", "J. Okafor", date.min)[0], UNDER)
    assert counts.not_eligible is Suppressed.FEW
    assert counts.replaced is Suppressed.FEW


def test_how_few_are_not_eligible_cannot_be_worked_out_from_how_many_cases_there_are(plan: Plan) -> None:
    """How many there are is told by other copies, so neither the eligible nor their strata are told then."""
    counts = shared_counts(sample(plan, 2, 0), UNDER)
    assert counts.eligible is Suppressed.WITHHELD
    assert counts.strata is None
    said = " ".join(to_plain(counts_blocks(counts), 100).split())
    assert "20 drawn of the eligible cases, the number of which is withheld, as at" in said
    assert "30" not in said
    assert "22" not in said


def test_of_a_handful_nothing_is_shared(plan: Plan) -> None:
    """There is no copy of a sample of three."""
    with pytest.raises(CasescreenError, match="nothing may be shared"):
        shared_counts(sample(plan, 6, 7), 21)
