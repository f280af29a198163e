"""What the hash of a criterion tells."""

from __future__ import annotations

import pytest
from attrs import evolve

from casescreen.conditions.criterion_hash import criterion_hash
from casescreen.model.calendar import Duration, Unit
from casescreen.model.condition import FromParameter, Not, walk
from casescreen.model.outcome import Basis
from casescreen.model.rulebook import Criterion, Due, Flag, NotAsked, Rulebook, Severity
from casescreen.rulebook.load import load_rulebook


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    """The rulebook that is shipped."""
    return load_rulebook()


def _hash(criterion: Criterion, rulebook: Rulebook) -> str:
    return criterion_hash(criterion, rulebook.parameters, rulebook.derived)


def _timely(rulebook: Rulebook) -> Criterion:
    return rulebook.criterion["plan-timely"]


def test_every_criterion_has_its_own_and_the_same_again(shipped: Rulebook) -> None:
    """Two loads of a rulebook agree; of criteria that read the record otherwise, no two are alike."""
    again = load_rulebook()
    hashes = {one.id: _hash(one, shipped) for one in shipped.criteria}
    assert hashes == {one.id: _hash(one, again) for one in again.criteria}
    evidence = [hashes[one.id] for one in shipped.criteria if one.basis is Basis.EVIDENCE]
    assert len(set(evidence)) == len(evidence)


def test_words_do_not_change_it(shipped: Rulebook) -> None:
    """Nor do the id, the severity, flags and what would put it right: none of them decides an outcome."""
    one = _timely(shipped)
    assert one.applies is not None
    words = evolve(
        one, id="z", title="T", question="Q", remedy="R", help="H", short="S", phrase="P", severity=Severity.LOW,
        flags=(Flag("f", "so", one.applies),), shortfall="",
    )  # fmt: skip
    assert _hash(words, shipped) == _hash(one, shipped)


def test_what_decides_it_changes_it(shipped: Rulebook) -> None:
    """When it is asked, what meets it, who decides it, by when."""
    one = _timely(shipped)
    assert one.met is not None
    others = [
        evolve(one, applies=None),
        evolve(one, met=Not(one.met)),
        evolve(one, basis=Basis.JUDGEMENT),
        evolve(one, due=Due(FromParameter("plan_late_after"), shipped.dictionary.fields["order.starts_on"])),
        evolve(one, not_asked=(NotAsked("so", one.met),)),
    ]
    hashes = {_hash(each, shipped) for each in (one, *others)}
    assert len(hashes) == len(others) + 1


def test_a_parameter_that_it_reads_changes_it_by_its_value(shipped: Rulebook) -> None:
    """Another value does; another label, or another value of what it does not read, does not."""
    one = _timely(shipped)
    assert one.met is not None
    read = {
        operand.name
        for part in walk(one.met)
        for operand in (getattr(part, "limit", None), getattr(part, "early", None))
        if isinstance(operand, FromParameter)
    }
    changed = set()
    for name, parameter in shipped.parameters.items():
        parameters, value = shipped.parameters, _other(parameter.value)
        other = evolve(shipped, parameters={**parameters, name: evolve(parameter, value=value)})
        labelled = evolve(shipped, parameters={**parameters, name: evolve(parameter, label="L")})
        changed |= {name} if _hash(one, other) != _hash(one, shipped) else set()
        assert _hash(one, labelled) == _hash(one, shipped)
    assert "plan_late_after" in read <= changed < shipped.parameters.keys()


def _other(value: object) -> Duration | int:
    return Duration(1_000, Unit.DAY) if isinstance(value, Duration) else 1_000


def test_a_derived_field_that_it_reads_changes_it(shipped: Rulebook) -> None:
    """What a day comes from decides what is late."""
    changed = evolve(shipped, derived=tuple(evolve(one, sources=one.sources[:-1]) for one in shipped.derived))
    different = [one.id for one in shipped.criteria if _hash(one, changed) != _hash(one, shipped)]
    assert different
    assert len(different) < len(shipped.criteria)
