"""What the shipped rulebook sqs-2016 holds to, whatever is changed in one of its rules."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial

import pytest
from attrs import evolve

from casescreen.evaluate.examples import check_examples, example_case
from casescreen.evaluate.screening import screen
from casescreen.model.calendar import read_duration
from casescreen.model.case import Answer, Case, Caseload
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, Example, Rulebook, Status
from casescreen.model.screening import Finding, Screening
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook.load import load_rulebook

AS_OF = date(2016, 5, 9)

EVIDENCE = {
    "1-reducing-reoffending": (
        "assessment-in-time",
        "areas-linked-to-behaviour",
        "plan-at-start",
        "plan-timely",
        "plan-after-assessment",
        "plan-addresses-assessed-issues",
        "referrals-in-plan",
        "victim-awareness-objective",
        "restorative-justice-planned",
        "restorative-justice-prepared",
        "education-provision",
        "reviews-held",
        "likelihood-reduced",
    ),
    "2-protecting-the-public": (
        "victims-identified",
        "other-behaviours-considered",
        "plan-states-roles",
        "victim-safety-addressed",
    ),
    "3-protecting-the-child": (
        "vulnerability-linked-to-offending",
        "specialist-assessment-requested",
        "health-needs-in-plan",
        "information-sharing-stated",
        "cse-tool-completed",
        "cse-action-taken",
    ),
    "4-sentence-served": ("barriers-assessed", "compliance-improved"),
    "5-operational-management": ("high-risk-case-discussed", "decisions-in-plan", "decisions-acted-on"),
}
JUDGEMENT = {
    "1-reducing-reoffending": (
        "initial-assessment",
        "specialist-advice-used",
        "pre-sentence-report-quality",
        "panel-report-quality",
        "assessment-reviewed",
        "plan-reviewed",
    ),
    "2-protecting-the-public": (
        "risk-of-harm-assessment",
        "risk-of-harm-plan",
        "risk-of-harm-assessment-reviewed",
        "risk-of-harm-plan-reviewed",
    ),
    "3-protecting-the-child": ("vulnerability-assessment", "vulnerability-plan", "safeguarding-reviewed"),
    "4-sentence-served": (
        "relationship-built",
        "health-and-welfare",
        "child-and-carers-involved",
        "plan-meets-individual-need",
        "non-compliance-response",
    ),
    "5-operational-management": ("supervision-impact", "management-oversight"),
}
REVIEWS = [one for ids in JUDGEMENT.values() for one in ids if one.endswith("-reviewed")]
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
    """There are 48 criteria, each in its theme, and facts or a reader decide it as the letter's question needs."""
    expected = {(id_, theme, Basis.EVIDENCE) for theme, ids in EVIDENCE.items() for id_ in ids}
    expected |= {(id_, theme, Basis.JUDGEMENT) for theme, ids in JUDGEMENT.items() for id_ in ids}
    assert len(expected) == 48
    assert {(one.id, one.theme, one.basis) for one in sqs.criteria} == expected


def test_reports_are_judged_one_by_one(sqs: Rulebook) -> None:
    """The two questions on reports, and no others, are asked of each report."""
    assert {one.id for one in sqs.criteria if one.per is not None} == PER_REPORT


def test_every_criterion_names_where_it_is_from(sqs: Rulebook) -> None:
    """Each criterion cites a paragraph of the letter, but two that are practice's: those say what it does not ask."""
    of_letter = [one for one in sqs.criteria if one.source.document.id == "letter-somerset-2016"]
    assert [one.id for one in of_letter if not one.source.paragraph] == []
    others = {one.id: one.source for one in sqs.criteria if one not in of_letter}
    assert {id_: source.document.id for id_, source in others.items()} == {
        "assessment-in-time": "rotherham-2012",
        "plan-after-assessment": "case-management-guidance",
    }
    assert [id_ for id_, source in others.items() if "letter" not in source.note] == []


def test_every_number_says_whose_it_is(sqs: Rulebook) -> None:
    """Each parameter has a source, and none passes for more than it is."""
    assert {name: parameter.status for name, parameter in sqs.parameters.items()} == {
        "assessment_due": Status.LOCAL,
        "assessment_due_longest": Status.LOCAL,
        "work_before": Status.OURS,
        "work_long_before": Status.OURS,
        "plan_due": Status.UNVERIFIED,
        "plan_due_longest": Status.LOCAL,
        "plan_late_after": Status.OURS,
        "plan_late_after_longest": Status.OURS,
        "cse_tool_due": Status.UNVERIFIED,
        "cse_tool_due_longest": Status.UNVERIFIED,
        "first_contact_due": Status.LOCAL,
        "review_interval": Status.UNVERIFIED,
        "review_after_change": Status.OURS,
        "missed_appointment_response": Status.LOCAL,
        "letter_minimum_known": Status.OURS,
    }
    assert all(str(parameter.source) for parameter in sqs.parameters.values())
    assert sqs.bands.status in (Status.OURS, Status.UNVERIFIED)
    assert str(sqs.bands.source)


@pytest.mark.parametrize(
    ("name", "days", "for_referral_orders"),
    [
        ("assessment_due", 15, 20),
        ("plan_due", 15, 20),
        ("cse_tool_due", 15, 20),
        ("plan_late_after", 25, 30),
    ],
)
def test_a_referral_order_has_longer(sqs: Rulebook, name: str, days: int, for_referral_orders: int) -> None:
    """A referral order has five working days more, and the longest limit of all is its own.

    In version 1 a plan was unreasonably late as soon as it was late. Late is not unreasonably late: there are two weeks
    between them, and they are ours.
    """
    parameter = sqs.parameters[name]
    longest = read_duration(f"{for_referral_orders} working days")
    assert parameter.value == read_duration(f"{days} working days")
    assert [(one.field.full_name, one.value, one.then) for one in parameter.variations] == [
        ("order.type", "referral order", longest)
    ]
    assert sqs.parameters[f"{name}_longest"].value == longest


def test_no_text_holds_control_characters() -> None:
    """Every text of the rulebook is one line of printable characters."""
    files = sorted(shipped_rulebooks()["sqs-2016"].rglob("*.toml"))
    assert len(files) == 56
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


# An order of eight months, with a plan and something to manage, and of ten weeks.
LONG, SHORT = date(2015, 9, 1), date(2016, 3, 1)


def _reviewed(sqs: Rulebook, starts_on: date, tables: Mapping[str, tuple[()]]) -> dict[str, Finding]:
    case = Case(
        "1", {"case.id": "1", "order.starts_on": starts_on, "plan.exists": True, "harm.level": "medium"}, tables
    )
    done = _screened(sqs, case)
    return {one.criterion: one for one in done.findings if one.criterion in {*REVIEWS, "reviews-held"}}


def test_an_order_that_was_never_reviewed_is_told(sqs: Rulebook) -> None:
    """Past the usual interval, an empty list says that nothing was reviewed, and each reader is asked.

    In version 1 an empty list said that no review was due, since nobody had set a day, and all five were not
    applicable: the order that nobody looked at again was the one that nothing was said of.
    """
    found = _reviewed(sqs, LONG, {"reviews": ()})
    assert found.pop("reviews-held").outcome is Outcome.NOT_MET
    assert {one.outcome for one in found.values()} == {Outcome.NEEDS_JUDGEMENT}
    assert {len(found), len([one for one in found.values() if "missing" in [flag.id for flag in one.flags]])} == {5}


def test_a_missing_list_of_reviews_says_nothing(sqs: Rulebook) -> None:
    """Past the interval and without a list, readers are asked, no flag is raised, and nothing is found not met."""
    found = _reviewed(sqs, LONG, {})
    assert found.pop("reviews-held").outcome is Outcome.NOT_EVIDENCED
    assert {(one.outcome, one.flags) for one in found.values()} == {(Outcome.NEEDS_JUDGEMENT, ())}


def test_no_review_is_due_before_the_interval_has_passed(sqs: Rulebook) -> None:
    """Of an order of ten weeks an empty list is in order, and nothing is asked."""
    assert {one.outcome for one in _reviewed(sqs, SHORT, {"reviews": ()}).values()} == {Outcome.NOT_APPLICABLE}


# ---- Missing data is not failure -------------------------------------------------------------------------------------


# In which order what need not be there is taken away. An empty table is never made: it would say that there are none.
WAYS = {
    "tables first": ("tables", "fields", "columns"),
    "fields first": ("fields", "tables", "columns"),
    "with bare rows": ("empty tables", "fields", "columns"),
}


def _screened(sqs: Rulebook, case: Case, as_of: date = AS_OF) -> Screening:
    done = screen(sqs, Caseload((case,), "hash"), as_of=as_of, engine="plain")
    assert done.issues == ()
    return done


def _found(sqs: Rulebook, criterion: Criterion, case: Case, as_of: date) -> list[Finding]:
    return [one for one in _screened(sqs, case, as_of).findings if one.criterion == criterion.id]


@pytest.mark.parametrize("id_", _ids(EVIDENCE))
@pytest.mark.parametrize("parts", WAYS.values(), ids=WAYS)
def test_a_record_that_says_nothing_is_neither_met_nor_not_met(sqs: Rulebook, id_: str, parts: tuple[str, ...]) -> None:
    """Where the question applies and the record holds nothing that answers it, facts decide nothing.

    In version 1 what ``met`` read was taken away, and what ``applies`` read was kept. Derived fields, which both may
    read, are worked out from much of a record; so all is taken away now, line by line, but what it takes to be asked.
    """
    criterion = sqs.criterion[id_]
    for example in _examples(criterion, Outcome.MET):
        silent = evolve(_smallest_asked(sqs, criterion, example, parts), answers=())
        outcomes = {one.outcome for one in _found(sqs, criterion, silent, example.as_of)}
        assert outcomes, example.given
        assert not outcomes & {Outcome.MET, Outcome.NOT_MET}, silent


@pytest.mark.parametrize("id_", _ids(JUDGEMENT))
@pytest.mark.parametrize("parts", WAYS.values(), ids=WAYS)
def test_a_record_that_says_nothing_challenges_no_reader(sqs: Rulebook, id_: str, parts: tuple[str, ...]) -> None:
    """Where the question is asked and the record holds nothing that a flag could rest on, no flag is raised."""
    criterion = sqs.criterion[id_]
    for example in _examples(criterion, Outcome.NOT_MET):
        silent = _smallest_asked(sqs, criterion, example, parts)
        found = _found(sqs, criterion, silent, example.as_of)
        assert {(one.outcome, one.flags) for one in found} == {(Outcome.MET, ())}, silent


def _examples(criterion: Criterion, outcome: Outcome) -> list[Example]:
    found = [one for one in criterion.examples if one.outcome is outcome]
    assert found
    return found


def _smallest_asked(sqs: Rulebook, criterion: Criterion, example: Example, parts: tuple[str, ...]) -> Case:
    """The record of the example without all that it can lack and still be asked about; a reader says yes to it."""
    whole = example_case(sqs, criterion, example)
    case = evolve(whole, answers=tuple(_yes(criterion, row) for row in _items(criterion, whole)))
    assert _asked(sqs, criterion, case, example.as_of), example.given
    for part in parts:
        for lessened in _removals(case, part):
            without = lessened(case)
            if _asked(sqs, criterion, without, example.as_of):
                case = without
    return case


def _items(criterion: Criterion, case: Case) -> list[str]:
    """The rows that are asked about, by what identifies them; "" for the case itself."""
    return [""] if criterion.per is None else [str(row["id"]) for row in case.tables.get(criterion.per.table, ())]


def _yes(criterion: Criterion, item: str) -> Answer:
    return Answer(criterion.id, ReadersAnswer.YES, item=item)


def _asked(sqs: Rulebook, criterion: Criterion, case: Case, as_of: date) -> bool:
    """Whether a reader who is asked the question of the case would be heard: then it is known to apply."""
    of_reader = evolve(criterion, basis=Basis.JUDGEMENT, met=None, due=None, flags=(), shortfalls=())
    alone = evolve(sqs, criteria=(of_reader,), conclusions=())
    answered = evolve(case, answers=tuple(_yes(criterion, row) for row in _items(criterion, case)))
    found = screen(alone, Caseload((answered,), "hash"), as_of=as_of, engine="plain").findings
    return {one.outcome for one in found} == {Outcome.MET}


def _removals(case: Case, part: str) -> list[Callable[[Case], Case]]:
    """Ways to take one thing away, what was said last first: what was done is said after what was to be done."""
    if part == "columns":
        columns = [(name, column) for name, rows in case.tables.items() for row in rows for column in row]
        return [partial(_without_column, *one) for one in reversed(columns) if one[1] != "id"]
    if part == "fields":
        return [partial(_without, part, name) for name in reversed(list(case.fields))]
    return [partial(_without, "tables", name) for name, rows in case.tables.items() if part == "tables" or not rows]


def _without(part: str, name: str, case: Case) -> Case:
    if part == "fields":
        return evolve(case, fields={other: value for other, value in case.fields.items() if other != name})
    return evolve(case, tables={other: rows for other, rows in case.tables.items() if other != name})


def _without_column(table: str, column: str, case: Case) -> Case:
    rows = tuple({other: kept for other, kept in row.items() if other != column} for row in case.tables[table])
    return evolve(case, tables={**case.tables, table: rows})


def _bare(sqs: Rulebook) -> Case:
    """A case with a report of each kind and a row in every other table, and nothing said of any of them."""
    tables: dict[str, tuple[dict[str, str], ...]] = {name: ({},) for name in sqs.dictionary.tables}
    tables["reports"] = ({"id": "1", "kind": "pre-sentence report"}, {"id": "2", "kind": "panel report"})
    return Case("1", {"case.id": "1"}, tables)


def test_an_empty_record_raises_no_flag_and_no_alarm(sqs: Rulebook) -> None:
    """Of a case that is only an id, nothing is found met or not met, no flag is raised, and nothing is concluded.

    In version 1 nothing was not applicable either. Whether specialist advice was needed or given is optional in
    version 2, and most records are never going to say it: one that does not is asked nothing about it, and that is the
    only question of which silence is such an answer.
    """
    done = _screened(sqs, Case("1", {"case.id": "1"}, {}))
    assert [one.id for one in done.conclusions] == []
    assert {one.criterion for one in done.findings} == set(sqs.criterion)
    assert [(one.criterion, one.flags) for one in done.findings if one.flags] == []
    said = {one.criterion: one.outcome for one in done.findings}
    assert said.pop("specialist-advice-used") is Outcome.NOT_APPLICABLE
    assert set(said.values()) == {Outcome.NOT_EVIDENCED, Outcome.NEEDS_JUDGEMENT}


def test_rows_that_say_nothing_raise_no_flag_and_no_alarm(sqs: Rulebook) -> None:
    """Of rows without content, no flag is raised, and nothing is found not met or concluded."""
    done = _screened(sqs, _bare(sqs))
    assert {one.criterion for one in done.findings} >= PER_REPORT
    assert [(one.criterion, one.flags) for one in done.findings if one.flags] == []
    assert [one.criterion for one in done.findings if one.outcome is Outcome.NOT_MET] == []
    assert [one.id for one in done.conclusions] == []


def test_exploitation_and_victims_safety_are_never_accepted(sqs: Rulebook) -> None:
    """They can wait for nobody; and no rule is another for that."""
    assert {one.id for one in sqs.criteria if not one.waivable} == {
        "cse-action-taken",
        "cse-tool-completed",
        "victim-safety-addressed",
        "victims-identified",
    }
