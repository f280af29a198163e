"""Why a question is not asked at all: said by the rulebook of all criteria, and by a criterion of itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from bicycle_repairs import AS_OF, BIKES

from casescreen.api import screen
from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.findings import explain
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding
from casescreen.report.finding_explanation import explain_finding
from casescreen.report.rulebook_guide import rule_text
from casescreen.rulebook.load import load_rulebook

Build = Callable[..., Case]

_OF_ALL = """
[[not_asked]]
when = { all = [{ field = "bike.kind", recorded = true }, { field = "bike.kind", is = "cargo bike" }] }
says = "city bikes only"
[[not_asked]]
when = { fact = "many-wheels" }
says = "Bicycles only."
"""
_FACT = '[facts.many-wheels]\nsays = "it has many wheels"\nwhen = { field = "bike.wheels", more_than = 3 }\n'
_OF_ONE = """
[[not_asked]]
when = { field = "signed", is = true }
says = "the owner signed it"
[[example]]
given = { bike = { wheels = 2 }, reports = [ { id = "R1", kind = "estimate", signed = true } ] }
outcome = "not applicable"
"""


@pytest.fixture
def picky(tmp_path: Path) -> Rulebook:
    """The repairs' rulebook, which asks nothing about cargo bikes, nor about what has four wheels and more."""
    shutil.copytree(BIKES.parent, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / BIKES.name
    (folder / "facts.toml").write_text(_FACT, encoding="utf-8")
    for file, added in (("rulebook.toml", _OF_ALL), ("2-reports/estimate-quality.toml", _OF_ONE)):
        with (folder / file).open("a", encoding="utf-8") as text:
            text.write(added)
    return load_rulebook(folder)


@pytest.fixture
def asked(picky: Rulebook, engine: Engine) -> Callable[..., Finding]:
    def ask(criterion: str, case: Case) -> Finding:
        found = screen(picky, Caseload((case,), ""), as_of=AS_OF, engine=engine).findings
        return next(one for one in found if one.criterion == criterion)

    return ask


BRAKE = {"faults": [{"part": "brake", "serious": True}], "jobs": [{"part": "brake"}]}
TWO = {"bike.wheels": 2}
ESTIMATE = {"reports": [{"id": "R1", "kind": "estimate"}]}
SIGNED = {"reports": [{"id": "R1", "kind": "estimate", "signed": True}]}
CARGO = 'City bikes only: kind of bike: "cargo bike".'


@pytest.mark.parametrize(
    ("criterion", "fields", "tables", "outcome", "reason"),
    [
        ("faults-have-jobs", {**TWO, "bike.kind": "cargo bike"}, BRAKE, Outcome.NOT_APPLICABLE, CARGO),
        ("faults-have-jobs", {**TWO, "bike.kind": "city bike"}, BRAKE, Outcome.MET, ""),
        ("faults-have-jobs", TWO, BRAKE, Outcome.MET, ""),
        (
            "faults-have-jobs",
            {},
            BRAKE,
            Outcome.NOT_EVIDENCED,
            "It cannot be told whether it applies. Not recorded: number of wheels.",
        ),
        ("faults-have-jobs", {"bike.wheels": 4}, BRAKE, Outcome.NOT_APPLICABLE, "Bicycles only: number of wheels: 4."),
        # What is said first is what stands first in the rulebook.
        ("faults-have-jobs", {"bike.wheels": 4, "bike.kind": "cargo bike"}, {}, Outcome.NOT_APPLICABLE, CARGO),
        ("repair-in-time", {"bike.wheels": 4}, {}, Outcome.NOT_APPLICABLE, "Bicycles only: number of wheels: 4."),
        (
            "repair-in-time",
            {"bike.wheels": 0},
            {},
            Outcome.NOT_APPLICABLE,
            "It does not apply. Number of wheels: 0, less than 1.",
        ),
        ("estimate-quality", {"bike.kind": "cargo bike"}, ESTIMATE, Outcome.NOT_APPLICABLE, CARGO),
        ("estimate-quality", {"bike.kind": "cargo bike"}, {}, Outcome.NOT_APPLICABLE, CARGO),
        ("estimate-quality", {"bike.kind": "cargo bike"}, {"reports": []}, Outcome.NOT_APPLICABLE, CARGO),
        (
            "estimate-quality",
            {},
            {"reports": []},
            Outcome.NOT_APPLICABLE,
            'It does not apply. No reports where kind of report: "estimate".',
        ),
        (
            "estimate-quality",
            {},
            {},
            Outcome.NOT_EVIDENCED,
            "It cannot be told whether it applies. Not recorded: number of wheels; reports.",
        ),
        ("estimate-quality", TWO, SIGNED, Outcome.NOT_APPLICABLE, "The owner signed it: the report is signed: yes."),
    ],
)
def test_what_is_not_asked_is_not_applicable(
    asked: Callable[..., Finding],
    case: Build,
    criterion: str,
    fields: dict[str, object],
    tables: dict[str, list[dict[str, object]]],
    outcome: Outcome,
    reason: str,
) -> None:
    """Where a condition is true the criterion is not applicable, and the reason begins with why it is not asked."""
    finding = asked(criterion, case(fields=fields, **tables))
    assert (finding.outcome, finding.reason if reason else "") == (outcome, reason)


def test_examples_are_tried_with_it(picky: Rulebook) -> None:
    """An example of what the criterion itself does not ask is tried; nothing is asked for of what the rulebook says."""
    wrong = [str(problem) for problem in check_examples(picky)]
    assert not [one for one in wrong if "estimate-quality, example 6" in one]
    assert len(picky.criterion["faults-have-jobs"].not_asked) == 2


def test_it_is_explained(picky: Rulebook, case: Build) -> None:
    """The reason, what was asked, and what was read stand in the explanation; the guide says when it is not asked."""
    cargo = case(fields={"bike.kind": "cargo bike", "repair.brought_on": date(2024, 5, 1)})
    screening = screen(picky, Caseload((cargo,), ""), as_of=AS_OF)
    finding = next(one for one in screening.findings if one.criterion == "repair-in-time")
    text = explain_finding(screening, explain(picky, cargo, finding, AS_OF), 100, proof=True)
    assert f"Why: {CARGO}" in text
    assert 'The record says: kind of bike: "cargo bike"' in text
    guide = rule_text(picky, picky.criterion["repair-in-time"], 100)
    assert "When it is not asked" in guide
    assert "city bikes only, when" in guide


def test_of_two_reasons_for_the_same_the_first_is_said(picky: Rulebook, case: Build) -> None:
    """That of the whole rulebook, where the criterion gives another for the same condition."""
    asked = picky.criterion["faults-have-jobs"]
    again = evolve(asked.not_asked[0], says="a reason of its own", everywhere=False)
    criterion = evolve(asked, not_asked=(*asked.not_asked, again))
    rulebook = evolve(picky, criteria=(criterion,), conclusions=())
    cargo = case(fields={"bike.wheels": 2, "bike.kind": "cargo bike"})
    (finding,) = screen(rulebook, Caseload((cargo,), ""), as_of=AS_OF).findings
    assert finding.reason == CARGO
