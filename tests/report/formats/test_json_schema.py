"""The JSON Schemas, held against what the JSON output is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from made_up_runs import changed

from casescreen.cases.load import read_cases
from casescreen.evaluate.screening import screen as screen_cases
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.condition import Truth
from casescreen.model.dictionary import Field, Kind, Value
from casescreen.model.outcome import Basis, Deadline, Outcome, ReadersAnswer
from casescreen.model.rulebook import ConclusionKind, Scope, Severity, Status
from casescreen.model.screening import Quoting, Screening
from casescreen.privacy.suppress import suppressed
from casescreen.report.formats.json import SCHEMAS, json_schema, render
from casescreen.report.formats.registry import By, Options
from casescreen.rulebook.load import load_rulebook

Json = Any
_GOLDEN = Path(__file__).parents[2] / "golden" / "report.json"
_RULEBOOK = load_rulebook()
_AS_OF = date(2016, 5, 9)


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(json_schema(name)), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _objects(value: Json) -> Iterator[dict[str, Json]]:
    """Every object in a JSON value, however deep."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_lets_in_nothing_else(name: str) -> None:
    """It is sound by draft 2020-12; every object with named properties takes no other, and each is described."""
    made = json.loads(json_schema(name))
    Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    named = [one for one in _objects(made) if one.get("type") == "object" and "properties" in one]
    assert len(named) > 5
    for one in named:
        assert one["additionalProperties"] is False
        for key, each in one["properties"].items():
            described = each if "description" in each else made["$defs"][each["$ref"].rpartition("/")[2]]
            assert described["description"].endswith("."), key


def test_the_golden_output_is_as_the_schema_says() -> None:
    """What was read and kept is valid."""
    _validator("screening").validate(json.loads(_GOLDEN.read_text(encoding="utf-8")))


def test_what_changed_is_as_the_schema_says(screening: Screening) -> None:
    """In the form that a comparison has by itself, to the word."""
    made = json.loads(render(changed(screening), Options()))
    _validator("screening").validate(made)
    _validator("comparison").validate(made["changes"])
    whole, alone = json.loads(json_schema("screening")), json.loads(json_schema("comparison"))
    inside = json.dumps({key: whole["$defs"]["changes"][key] for key in ("properties", "required")})
    assert json.loads(inside.replace("compared_", "")) == {key: alone[key] for key in ("properties", "required")}
    for name, part in alone["$defs"].items():
        assert json.loads(json.dumps(whole["$defs"][f"compared_{name}"]).replace("compared_", "")) == part


@pytest.mark.parametrize("quoting", Quoting)
def test_the_shipped_cases_are_as_the_schema_says(quoting: Quoting) -> None:
    """The report on the shipped cases is valid however much it quotes, and so are its copies to share."""
    caseload = read_cases([str(Path(__file__).parents[3] / "cases")], _RULEBOOK.dictionary)
    made = screen_cases(_RULEBOOK, caseload, as_of=_AS_OF, quoting=quoting)
    _validator("screening").validate(json.loads(render(made, Options())))
    for under in (3, 5, 50):
        for by, scope in ((By.THEME, None), (By.MANAGER, Scope.MANAGER), (By.TEAM, Scope.TEAM)):
            _validator("shared").validate(json.loads(render(suppressed(made, under, scope), Options(by=by))))


def _values(field: Field) -> st.SearchStrategy[Value]:
    match field.kind:
        case Kind.CHOICE:
            return st.sampled_from(field.allowed)
        case Kind.YES_NO:
            return st.booleans()
        case Kind.NUMBER:
            return st.integers(0, 20)
        case Kind.DATE:
            return st.dates(date(2015, 6, 1), _AS_OF)
        case Kind.TEXT:
            return st.text(min_size=1, max_size=6)


_ROWS = {
    table.name: st.lists(
        st.fixed_dictionaries({}, optional={name: _values(one) for name, one in table.columns.items()}),
        max_size=2,
    )
    for table in _RULEBOOK.dictionary.tables.values()
    if not table.key
}
_FIELDS = {name: _values(one) for name, one in _RULEBOOK.dictionary.fields.items() if name != "case.id"}
_ANSWERED = [c.id for c in _RULEBOOK.criteria if c.basis is Basis.JUDGEMENT and c.per is None]
_CASES = st.builds(
    lambda fields, tables, answers: (
        fields,
        {name: tuple(rows) for name, rows in tables.items()},
        tuple(Answer(criterion, answer, reason="so") for criterion, answer in answers.items()),
    ),
    st.fixed_dictionaries({}, optional=_FIELDS),
    st.fixed_dictionaries({}, optional=_ROWS),
    st.dictionaries(st.sampled_from(_ANSWERED), st.sampled_from(list(ReadersAnswer)[1:]), max_size=4),
)


@settings(max_examples=40)
@given(st.lists(_CASES, min_size=1, max_size=4), st.sampled_from(list(Quoting)))
def test_whatever_is_screened_is_as_the_schemas_say(records: list[Json], quoting: Quoting) -> None:
    """A screening of any records is valid JSON output, whole and as a copy to share."""
    cases = tuple(
        Case(f"A-{n}", {"case.id": f"A-{n}", **fields}, tables, answers)
        for n, (fields, tables, answers) in enumerate(records)
    )
    made = screen_cases(_RULEBOOK, Caseload(cases, "0" * 64), as_of=_AS_OF, engine="plain", quoting=quoting)
    _validator("screening").validate(json.loads(render(made, Options())))
    _validator("shared").validate(json.loads(render(suppressed(made, 3, Scope.MANAGER), Options(by=By.MANAGER))))


def test_words_of_the_schema_are_those_of_the_model() -> None:
    """Each closed list of words holds every word that the model has, and no other; of premises nothing is printed."""
    made = json.loads(json_schema("screening"))
    finding, parts = made["$defs"]["finding"]["properties"], made["$defs"]
    lists = {
        Outcome: finding["outcome"], Severity: finding["severity"], Basis: finding["basis"], Truth: finding["met"],
        ReadersAnswer: finding["answer"], Deadline: finding["deadline"],
        Status: parts["parameter"]["properties"]["status"],
        Scope: parts["conclusion"]["properties"]["on"], ConclusionKind: parts["conclusion"]["properties"]["kind"],
        Quoting: made["properties"]["quoting"],
    }  # fmt: skip
    for enum, words in lists.items():
        assert set(words["enum"]) == {one.value for one in enum if one is not ConclusionKind.PREMISE}, enum
    assert set(parts["counts"]["properties"]) == {outcome.value for outcome in Outcome}


def _changes(made: Json) -> Iterator[tuple[str, Json]]:
    """The output with each kind of object's each key taken away, renamed, or given another type."""
    places: dict[str, Callable[[Json], Json]] = {
        "": lambda one: one, "rulebook": lambda one: one["rulebook"], "bands": lambda one: one["bands"],
        "band": lambda one: one["bands"]["bands"][0], "parameter": lambda one: one["parameters"]["plan_due"],
        "variation": lambda one: one["parameters"]["plan_due"]["variations"][0], "case": lambda one: one["cases"][0],
        "finding": lambda one: one["findings"][0], "rate": lambda one: one["rates"][0],
        "counts": lambda one: one["rates"][0]["counts"], "conclusion": lambda one: one["conclusions"][0],
    }  # fmt: skip
    for place, of in places.items():
        for key in of(made):
            for change in ("taken away", "renamed", "of another type"):
                other = copy.deepcopy(made)
                value = of(other).pop(key)
                if change == "renamed":
                    of(other)[f"{key}_"] = value
                elif change == "of another type":
                    of(other)[key] = [[value]]
                yield f"{place}.{key} {change}", other


def test_a_breaking_change_of_the_output_fails(screening: Screening) -> None:
    """Whatever key is taken away, renamed or given another type, at whatever depth, the schema says no."""
    made, validator = json.loads(render(screening, Options())), _validator("screening")
    validator.validate(made)
    changes = list(_changes(made))
    assert len(changes) > 200
    assert [change for change, other in changes if validator.is_valid(other)] == []


def test_a_new_outcome_or_a_bad_date_fails(screening: Screening) -> None:
    """Words outside the closed lists, and dates that are none, are not let in."""
    validator = _validator("screening")
    for key, wrong in (("outcome", "half met"), ("due", "9 May 2016"), ("severity", "")):
        made = json.loads(render(screening, Options()))
        made["findings"][0][key] = wrong
        assert not validator.is_valid(made)
