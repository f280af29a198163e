"""Samples of many shapes: what ``sqs-2016`` concludes of each is what a careful inspector would, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_shapes import SHAPES, Shape

from casescreen.evaluate.inference.inferrer import inferrer
from casescreen.model.rulebook import ConclusionKind, Rulebook, Scope
from casescreen.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook(ROOT / "rules" / "sqs-2016")


def _drawn(sqs: Rulebook, shape: Shape) -> dict[ConclusionKind, set[str]]:
    bands, cases = {}, {}
    for criterion in sqs.criteria:
        met, not_met, unknown = shape.counts.get(criterion.id, (0, 0, 0))
        known = met + not_met
        bands[criterion.id] = sqs.bands.of(met, known, known, known + unknown, criterion.bands)
        cases[criterion.id] = known
    drawn = inferrer(sqs, "plain").on_group(Scope.SAMPLE, bands, cases).conclusions
    kinds: dict[ConclusionKind, set[str]] = {kind: set() for kind in ConclusionKind}
    for rule in sqs.conclusions:
        if rule.id in drawn:
            kinds[rule.kind].add(rule.id)
    return kinds


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_an_inspector_would_conclude_the_same(sqs: Rulebook, shape: Shape) -> None:
    assert shape.counts.keys() <= sqs.criterion.keys(), "a figure is about a criterion that there is"
    drawn = _drawn(sqs, shape)
    assert drawn[ConclusionKind.AREA] == shape.areas, shape.why
    assert drawn[ConclusionKind.STRENGTH] == shape.strengths, shape.why
    assert drawn[ConclusionKind.EXCEPTION] == shape.exceptions, shape.why
    assert drawn[ConclusionKind.PATTERN] == shape.patterns, shape.why
