"""What the shipped rulebook sqs-2016 holds to, whatever is changed in one of its rules."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from attrs import evolve

from casescreen.evaluate.examples import check_examples, example_case
from casescreen.evaluate.screening import screen
from casescreen.model.calendar import read_duration
from casescreen.model.case import Case, Caseload
from casescreen.model.condition import Count, Covered, OverRows
from casescreen.model.dictionary import Field
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Criterion, Example, PerRow, Rulebook, Status
from casescreen.model.screening import Finding, Screening
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook.load import load_rulebook

AS_OF = date(2016, 5, 9)

EVIDENCE = {
    "1-reducing-reoffending": (
        "plan-at-start",
        "plan-timely",
        "plan-addresses-assessed-issues",
        "referrals-in-plan",
        "victim-awareness-objective",
        "restorative-justice-planned",
        "education-provision",
        "assessment-reviewed",
        "plan-reviewed",
    ),
    "2-protecting-the-public": (
        "victims-identified",
        "other-behaviours-considered",
        "plan-states-roles",
        "victim-safety-addressed",
        "risk-of-harm-assessment-reviewed",
        "risk-of-harm-plan-reviewed",
    ),
    "3-protecting-the-child": (
        "vulnerability-linked-to-offending",
        "health-needs-in-plan",
        "information-sharing-stated",
        "safeguarding-reviewed",
        "cse-tool-completed",
        "cse-action-taken",
    ),
    "4-sentence-served": ("barriers-assessed", "non-compliance-response", "compliance-improved"),
    "5-operational-management": ("high-risk-case-discussed",),
}
JUDGEMENT = {
    "1-reducing-reoffending": ("initial-assessment", "pre-sentence-report-quality", "panel-report-quality"),
    "2-protecting-the-public": ("risk-of-harm-assessment", "risk-of-harm-plan"),
    "3-protecting-the-child": ("vulnerability-assessment", "vulnerability-plan"),
    "4-sentence-served": ("child-and-carers-involved", "plan-meets-individual-need", "health-and-welfare"),
    "5-operational-management": ("supervision-impact", "management-oversight"),
}
PER_REPORT = {"pre-sentence-report-quality", "panel-report-quality"}


def _ids(by_theme: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [criterion for criteria in by_theme.values() for criterion in criteria]


@pytest.fixture(scope="module")
def sqs() -> Rulebook:
    return load_rulebook("sqs-2016")


# ---- What is there ---------------------------------------------------------------------------------------------------


def test_every_criterion_does_to_its_examples_what_it_says(sqs: Rulebook) -> None:
    """Each example comes to the outcome, and raises the flags, that it says."""
    assert [str(problem) for problem in check_examples(sqs)] == []


def test_the_criteria_are_those_of_the_letter(sqs: Rulebook) -> None:
    """There are 37 criteria, each in its theme, and facts or a reader decide it as the letter's question needs."""
    expected = {(id_, theme, Basis.EVIDENCE) for theme, ids in EVIDENCE.items() for id_ in ids}
    expected |= {(id_, theme, Basis.JUDGEMENT) for theme, ids in JUDGEMENT.items() for id_ in ids}
    assert len(expected) == 37
    assert {(one.id, one.theme, one.basis) for one in sqs.criteria} == expected


def test_reports_are_judged_one_by_one(sqs: Rulebook) -> None:
    """The two questions on reports, and no others, are asked of each report."""
    assert {one.id for one in sqs.criteria if one.per is not None} == PER_REPORT


def test_every_criterion_names_the_paragraph_that_it_reads(sqs: Rulebook) -> None:
    """Each criterion cites the letter, and a paragraph of it."""
    cited = {(one.source.document.id, bool(one.source.paragraph)) for one in sqs.criteria}
    assert cited == {("letter-somerset-2016", True)}


def test_every_number_says_whose_it_is(sqs: Rulebook) -> None:
    """Each parameter has a source, and none passes for more than it is."""
    assert {name: parameter.status for name, parameter in sqs.parameters.items()} == {
        "work_long_before": Status.OURS,
        "plan_due": Status.LOCAL,
        "plan_late_after": Status.LOCAL,
        "cse_tool_due": Status.UNVERIFIED,
        "review_interval": Status.UNVERIFIED,
        "missed_appointment_response": Status.LOCAL,
    }
    assert all(str(parameter.source) for parameter in sqs.parameters.values())
    assert sqs.bands.status in (Status.OURS, Status.UNVERIFIED)
    assert str(sqs.bands.source)


@pytest.mark.parametrize("name", ["plan_due", "plan_late_after", "cse_tool_due"])
def test_a_referral_order_has_longer_for_its_plan(sqs: Rulebook, name: str) -> None:
    """It is 15 working days from the start for most orders, and 20 for a referral order."""
    parameter = sqs.parameters[name]
    assert parameter.value == read_duration("15 working days")
    assert [(one.field.full_name, one.value, one.then) for one in parameter.variations] == [
        ("order.type", "referral order", read_duration("20 working days"))
    ]


def test_no_text_holds_control_characters() -> None:
    """Every text of the rulebook is one line of printable characters."""
    files = sorted(shipped_rulebooks()["sqs-2016"].rglob("*.toml"))
    assert len(files) == 43
    found = {
        (file.name, text)
        for file in files
        for text in _texts(tomllib.loads(file.read_text(encoding="utf-8")))
        if any(unicodedata.category(character).startswith("C") for character in text)
    }
    assert found == set()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


# ---- Reviews ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", [one for one in _ids(EVIDENCE) if one.endswith("-reviewed")])
@pytest.mark.parametrize(
    ("tables", "outcome"),
    [({"reviews": ()}, Outcome.NOT_APPLICABLE), ({}, Outcome.NOT_EVIDENCED)],
    ids=["an empty list", "no list"],
)
def test_no_review_is_taken_to_be_due_that_the_record_does_not_list(
    sqs: Rulebook, id_: str, tables: Mapping[str, tuple[()]], outcome: Outcome
) -> None:
    """Of an old order, an empty list says that no review was due, and a missing list says nothing."""
    case = Case("1", {"case.id": "1", "order.starts_on": date(2015, 9, 1)}, tables)
    assert [one.outcome for one in _found(sqs, sqs.criterion[id_], case, AS_OF)] == [outcome]


# ---- Missing data is not failure -------------------------------------------------------------------------------------


def _screened(sqs: Rulebook, case: Case, as_of: date = AS_OF) -> Screening:
    done = screen(sqs, Caseload((case,), "hash"), as_of=as_of, engine="plain")
    assert done.issues == ()
    return done


def _found(sqs: Rulebook, criterion: Criterion, case: Case, as_of: date) -> list[Finding]:
    return [one for one in _screened(sqs, case, as_of).findings if one.criterion == criterion.id]


@pytest.mark.parametrize("id_", _ids(EVIDENCE))
@pytest.mark.parametrize("rows_kept", [False, True], ids=["without the tables", "with bare rows"])
def test_a_record_that_says_nothing_is_neither_met_nor_not_met(sqs: Rulebook, id_: str, *, rows_kept: bool) -> None:
    """Where the question applies and the record holds nothing that answers it, facts decide nothing."""
    criterion = sqs.criterion[id_]
    for example in _examples(criterion, Outcome.MET):
        silent = _silenced(example_case(sqs, criterion, example), criterion, rows_kept=rows_kept)
        outcomes = {one.outcome for one in _found(sqs, criterion, silent, example.as_of)}
        assert outcomes, example.given
        assert not outcomes & {Outcome.MET, Outcome.NOT_MET}, silent


@pytest.mark.parametrize("id_", _ids(JUDGEMENT))
@pytest.mark.parametrize("rows_kept", [False, True], ids=["without the tables", "with bare rows"])
def test_a_record_that_says_nothing_challenges_no_reader(sqs: Rulebook, id_: str, *, rows_kept: bool) -> None:
    """Where the question is asked and the record holds nothing that a flag could rest on, no flag is raised."""
    criterion = sqs.criterion[id_]
    for example in _examples(criterion, Outcome.NOT_MET):
        silent = _silenced(example_case(sqs, criterion, example), criterion, rows_kept=rows_kept)
        found = _found(sqs, criterion, silent, example.as_of)
        assert {(one.outcome, one.flags) for one in found} == {(Outcome.NOT_MET, ())}


def _examples(criterion: Criterion, outcome: Outcome) -> list[Example]:
    found = [one for one in criterion.examples if one.outcome is outcome]
    assert found
    return found


def _silenced(case: Case, criterion: Criterion, *, rows_kept: bool) -> Case:
    """The case without all that ``met`` and the flags read, but with what it takes to be asked."""
    gone = set(_read_by((criterion.met, *(flag.when for flag in criterion.flags))))
    gone -= set(_read_by((criterion.applies, criterion.per)))
    tables = {
        name: tuple({column: value for column, value in row.items() if f"{name}.{column}" not in gone} for row in rows)
        for name, rows in case.tables.items()
        if (rows and rows_kept) or name not in gone  # an empty table says that there are none
    }
    return evolve(case, fields={name: value for name, value in case.fields.items() if name not in gone}, tables=tables)


def _read_by(part: object) -> Iterator[str]:
    """The full names of the fields, the columns and the tables that a condition reads."""
    if isinstance(part, Field):
        yield from filter(None, (part.full_name, part.table))
    elif isinstance(part, tuple):
        for one in part:
            yield from _read_by(one)
    else:
        yield from (part.table,) if isinstance(part, OverRows | Count | Covered | PerRow) else ()
        for attribute in getattr(type(part), "__attrs_attrs__", ()):
            yield from _read_by(getattr(part, attribute.name))


def _bare(sqs: Rulebook) -> Case:
    """A case with a report of each kind and a row in every other table, and nothing said of any of them."""
    tables: dict[str, tuple[dict[str, str], ...]] = {name: ({},) for name in sqs.dictionary.tables}
    tables["reports"] = ({"id": "1", "kind": "pre-sentence report"}, {"id": "2", "kind": "panel report"})
    return Case("1", {"case.id": "1"}, tables)


def test_an_empty_record_raises_no_flag_and_no_alarm(sqs: Rulebook) -> None:
    """Of a case that is only an id, nothing is found met or not met, no flag is raised, and nothing is concluded."""
    done = _screened(sqs, Case("1", {"case.id": "1"}, {}))
    assert [one.id for one in done.conclusions] == []
    assert {one.criterion for one in done.findings} >= set(_ids(EVIDENCE))
    assert [(one.criterion, one.flags) for one in done.findings if one.flags] == []
    assert {one.outcome for one in done.findings} <= {Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT}


def test_rows_that_say_nothing_raise_no_flag_and_no_alarm(sqs: Rulebook) -> None:
    """Of rows without content, no flag is raised, and nothing is found not met or concluded."""
    done = _screened(sqs, _bare(sqs))
    assert {one.criterion for one in done.findings} >= PER_REPORT
    assert [(one.criterion, one.flags) for one in done.findings if one.flags] == []
    assert [one.criterion for one in done.findings if one.outcome is Outcome.NOT_MET] == []
    assert [one.id for one in done.conclusions] == []
