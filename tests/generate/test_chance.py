"""Chance that can be had again."""

from __future__ import annotations

import numpy as np

from casescreen.synth.draws import RandomStream, to_normal, to_uniform


def test_the_numbers_are_those_of_all_versions() -> None:
    """The first numbers of a stream are these, on any machine: a change here changes every made-up caseload."""
    assert RandomStream(1, 0).uniform("a", 3).tolist() == [0.8818834797158476, 0.3547985766812892, 0.26653378666444116]


def test_streams_do_not_depend_on_one_another() -> None:
    """Another name, block or seed gives numbers that have nothing to do with these."""
    these = RandomStream(1, 0).uniform("a", 20_000)
    for others in (
        RandomStream(1, 0).uniform("b", 20_000),
        RandomStream(1, 1).uniform("a", 20_000),
        RandomStream(2, 0).uniform("a", 20_000),
    ):
        assert abs(np.corrcoef(these, others)[0, 1]) < 0.03


def test_normal_numbers_are_normal_and_lead_back() -> None:
    """Their mean is 0, their variance 1, and they stand where the uniform numbers stood."""
    uniform = RandomStream(1, 0).uniform("a", 50_000)
    normal = to_normal(uniform)
    assert abs(normal.mean()) < 0.02
    assert abs(normal.std() - 1) < 0.02
    assert np.allclose(to_uniform(normal), uniform, atol=1e-9)
