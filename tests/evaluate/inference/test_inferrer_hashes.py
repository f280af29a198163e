"""durable-rules knows facts and conditions by hashes of 32 bits: none of ours is that of another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import islice

import pytest

from casescreen.evaluate.inference import inferrer
from casescreen.evaluate.inference.ruleset import Fact, FactVocabulary, ruleset
from casescreen.model.outcome import EVERY_STANDING, Standing
from casescreen.model.rulebook import Rulebook, Scope

Concluding = Callable[..., Rulebook]


def test_ids_have_different_hashes() -> None:
    """Of a hundred thousand ids no two have the same 32-bit hash, nor that of the state's own."""
    ids = list(islice(inferrer.distinct_ids(), 100_000))
    assert len({inferrer.hash32(one) for one in (*ids, "sid-0")}) == len(ids) + 1


def test_a_colliding_id_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id with the hash of an earlier one is not given out."""
    monkeypatch.setattr(inferrer, "hash32", lambda word: {"i1": 0, "i0": 0}.get(word, len(word) * 1000 + ord(word[-1])))
    assert list(islice(inferrer.distinct_ids(), 3)) == ["i0", "i2", "i3"]


@pytest.mark.parametrize(
    ("word", "value"), [("id", 926444256), ("sid", 3593476751), ("all", 321211332), ("$and", 3746487396)]
)
def test_hash_is_that_of_durable_rules(word: str, value: int) -> None:
    """The hash is the one that durable-rules has in its own source for its own names."""
    assert inferrer.hash32(word) == value


def test_field_names_have_different_hashes(concluding: Concluding) -> None:
    """No two names of fields, premises or durable-rules' own have the same 32-bit hash."""
    fields = {name for name, _ in inferrer.fields_of(Fact("kind", "key", tuple("vwxyz")))}
    premises = {f"m{number}" for number in range(16)}
    own = {"id", "sid", "$s", "$m", "$and", "$or", "$eq", "$neq", "$lt", "$lte", "$gt", "$gte", "$ex", "$nex", "$mt",
           "$imt", "$iall", "$iany", "$time", "$forward", "all", "any", "pri", "count", "cap", "dist"}  # fmt: skip
    names = fields | premises | own
    assert len({inferrer.hash32(name) for name in names}) == len(names)
    assert 0 not in {inferrer.hash32(name) for name in names}
    rules = ruleset(concluding(), Scope.CASE, FactVocabulary(concluding())).rules
    assert _names(inferrer.definition(rules).values()) <= names


def _names(value: object) -> set[str]:
    read = json.loads(json.dumps(list(value) if isinstance(value, Iterable) else value))  # as durable-rules reads it
    found: set[str] = set()
    todo = [read]
    while todo:
        one = todo.pop()
        found |= set(one) if isinstance(one, dict) else set()
        todo += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
    return found


@pytest.mark.parametrize("standing", EVERY_STANDING, ids=str)
def test_few_conditions_match_one_fact(standing: Standing, concluding: Concluding) -> None:
    """No standing meets more than sixty-four steps of conditions, the most that durable-rules can hold at once."""
    rulebook = concluding()
    vocabulary = FactVocabulary(rulebook)
    known = dict(inferrer.fields_of(vocabulary.standing("c0", standing)))
    steps = set()
    for rule in ruleset(rulebook, Scope.CASE, vocabulary).rules:
        asked = inferrer.fields_of(rule.premises[0])
        steps |= {tuple(asked[:n]) for n in range(1, len(asked) + 1) if dict(asked[:n]).items() <= known.items()}
    assert len(steps) <= 64
