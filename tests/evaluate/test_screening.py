"""One run: findings, rates and conclusions together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.api import screen
from casescreen.columnar import screening
from casescreen.columnar.outcomes import OUTCOMES, outcome_rows
from casescreen.evaluate import screening as module
from casescreen.evaluate.examples import check_examples
from casescreen.evaluate.findings import explain
from casescreen.evaluate.inference.inferrer import Engine
from casescreen.evaluate.preparation import PreparedRecord, RecordPreparer
from casescreen.model.calendar import Duration, Unit
from casescreen.model.case import Answer, Case, Caseload, Unreadable
from casescreen.model.condition import Truth
from casescreen.model.outcome import Outcome, ReadersAnswer
from casescreen.model.problem import CasescreenError, InternalFaultError, Place
from casescreen.model.rulebook import RateIn, Rulebook, Scope, Severity
from casescreen.model.screening import IssueKind, Screening

Screened = Callable[..., Screening]
Build = Callable[..., Case]
AS_OF = date(2024, 6, 1)
LATE = {"bike.wheels": 2, "repair.brought_on": date(2024, 4, 2), "repair.done": False}


def late(build: Build, id_: str, kind: str, mechanic: str = "A") -> Case:
    return build(
        id_, {**LATE, "bike.kind": kind, "case.manager": mechanic, "case.team": "North"}, reports=[], faults=[]
    )


def test_examples_of_the_rulebook_come_out(bikes: Rulebook) -> None:
    """Every example of the small rulebook has the outcome that it says."""
    assert check_examples(bikes) == ()


def test_rates_count_met_and_not_met_and_keep_the_rest_beside(screened: Screened, case: Build) -> None:
    """A rate is over met and not met; each other outcome is counted beside it."""
    unknown = case("B-3", {"bike.wheels": 2})
    none = case("B-4", {"bike.wheels": 0})
    rate = screened(late(case, "B-1", "city bike"), late(case, "B-2", "city bike"), unknown, none).rates[0]
    assert (rate.criterion, rate.met, rate.of, rate.band) == ("repair-in-time", 0, 2, "weak")
    assert rate.counts[Outcome.NOT_EVIDENCED] == rate.counts[Outcome.NOT_APPLICABLE] == 1
    assert rate.findings == 4


def test_reports_of_one_case_are_one_case(screened: Screened, case: Build) -> None:
    """Five estimates of one bike are five of five, and one case: too few, where two in two cases are a band."""

    def bike(id_: str, *answers: ReadersAnswer) -> Case:
        keys = [f"R{number}" for number in range(len(answers))]
        given = tuple(Answer("estimate-quality", one, key) for key, one in zip(keys, answers, strict=True))
        fields = {"bike.wheels": 2, "case.manager": id_[0]}
        return case(id_, fields, answers=given, reports=[{"id": key, "kind": "estimate"} for key in keys])

    yes, none = ReadersAnswer.YES, ReadersAnswer.NONE
    cases = (bike("A-1", *[yes] * 5), bike("B-1", yes), bike("B-2", yes, none), bike("B-3", none, none))
    screening = screened(*cases, case("B-4", {"case.manager": "B"}), case("B-5", {"case.manager": "B"}, reports=[]))
    rate, of_a, of_b = (
        next(rate for rate in rates if rate.criterion == "estimate-quality")
        for rates in (screening.rates, screening.by_manager["A"], screening.by_manager["B"])
    )
    told = [(one.met, one.of, one.cases_known, one.cases_asked, one.band) for one in (rate, of_a, of_b)]
    assert told == [(7, 7, 3, 5, "strong"), (5, 5, 1, 1, "too few"), (2, 2, 2, 4, "strong")]


@pytest.mark.parametrize(("unknown", "band"), [(2, "weak"), (3, "too few")])
def test_of_too_few_known_no_band_is_told(bikes: Rulebook, case: Build, unknown: int, band: str) -> None:
    """Where half must be known, two of four are enough and two of five are not; what does not apply is not asked."""
    strict = evolve(bikes, bands=evolve(bikes.bands, known=50))
    cases = [late(case, f"B-{n}", "city bike") for n in range(2)]
    cases += [case(f"C-{n}", {"bike.wheels": 2}) for n in range(unknown)]
    cases += [case(f"D-{n}", {"bike.wheels": 0}) for n in range(9)]
    rate = screen(strict, Caseload(tuple(cases), ""), as_of=AS_OF).rates[0]
    assert (rate.cases_known, rate.cases_asked, rate.band) == (2, 2 + unknown, band)


def test_conclusions_chain_and_say_what_they_rest_on(screened: Screened, case: Build) -> None:
    """A conclusion on a case names the finding and the fact it rests on, and one conclusion leads to another."""
    drawn = {one.id: one for one in screened(late(case, "B-1", "cargo bike")).conclusions if one.on is Scope.CASE}
    assert list(drawn) == ["act-now", "unsafe"]
    assert drawn["act-now"].findings == (("B-1", "repair-in-time", ""),)
    assert drawn["act-now"].because[1] == "it is a cargo bike"
    assert drawn["act-now"].because[0].startswith("Not met: The repair is done in time. The repair is done: no.")
    assert drawn["unsafe"].because == ("A cargo bike is overdue.",)


def test_a_flag_is_a_premise(screened: Screened, case: Build) -> None:
    """A conclusion may rest on a flag, and says the flag's fact."""
    report = {"id": "R1", "kind": "estimate", "signed": False}
    (drawn,) = screened(case("B-1", {"bike.wheels": 0}, reports=[report], faults=[])).conclusions
    assert (drawn.id, drawn.because, drawn.findings) == (
        "unsafe",
        ("the estimate is not signed",),
        (("B-1", "estimate-quality", "R1"),),
    )


def test_sample_and_managers_have_conclusions_of_their_own(screened: Screened, case: Build) -> None:
    """A rate over all cases, and over one mechanic's, leads to conclusions with k of n; nobody's cases are no group."""
    cases = [late(case, "B-1", "city bike"), late(case, "B-2", "city bike"), late(case, "B-3", "city bike", "B")]
    drawn = [one for one in screened(*cases).conclusions if one.on is not Scope.CASE]
    assert [(one.id, one.on, one.subject, one.because) for one in drawn] == [
        ("repairs-late", Scope.SAMPLE, "", ("The repair is done in time: 0 of 3",)),
        ("mechanic-late", Scope.MANAGER, "A", ("The repair is done in time: 0 of 2",)),
    ]


@pytest.mark.parametrize(("minimum", "drawn"), [(2, {"": 3, "A": 2}), (3, {"": 3}), (4, {})])
def test_a_conclusion_may_ask_for_more_cases_than_a_band(
    bikes: Rulebook, case: Build, minimum: int, drawn: dict[str, int]
) -> None:
    """Each of its rates rests on so many known cases, else the premise does not hold; in both engines."""
    rules = [
        evolve(one, premises=tuple(evolve(rate, minimum=minimum) for rate in one.premises if isinstance(rate, RateIn)))
        for one in bikes.conclusions
        if one.on is not Scope.CASE
    ]
    cases = [late(case, "B-1", "city bike"), late(case, "B-2", "city bike"), late(case, "B-3", "city bike", "B")]
    cases += [case(f"C-{n}", {"bike.wheels": 2, "case.manager": "A"}) for n in range(9)]
    strict = evolve(bikes, conclusions=tuple(rules))
    engines: tuple[Engine, ...] = ("plain", "auto")
    for engine in engines:
        screening = screen(strict, Caseload(tuple(cases), ""), as_of=AS_OF, engine=engine)
        assert {one.subject: int(one.because[0].rpartition(" ")[2]) for one in screening.conclusions} == drawn


def test_order_of_cases_does_not_matter_to_the_figures(screened: Screened, case: Build) -> None:
    """The same cases in another order give the same rates, groups and conclusions."""
    cases = [late(case, f"B-{n}", "cargo bike", "AB"[n % 2]) for n in range(4)]
    one, other = screened(*cases), screened(*reversed(cases))
    assert (one.rates, one.by_manager, one.by_team) == (other.rates, other.by_manager, other.by_team)
    assert set(one.conclusions) == set(other.conclusions)


def test_both_engines_find_the_same(bikes: Rulebook, case: Build) -> None:
    """Plain forward chaining gives what the default engine gives, but for its name."""
    cases = Caseload((late(case, "B-1", "cargo bike"), case("B-2")), "hash")
    plain, usual = screen(bikes, cases, as_of=AS_OF, engine="plain"), screen(bikes, cases, as_of=AS_OF)
    assert plain.engine == "plain forward chaining"
    assert (plain.findings, plain.conclusions) == (usual.findings, usual.conclusions)


def test_an_answer_to_nothing_is_left_aside(screened: Screened, case: Build) -> None:
    """An answer about a report that is not there counts for nothing, and is told with the reports that there are."""
    reports = [{"id": "R1", "kind": "estimate"}]
    wrong = case("B-1", answers=(Answer("estimate-quality", ReadersAnswer.YES, "R9"),), reports=reports)
    screening = screened(wrong, case("B-2"))
    assert (screening.case_ids, screening.left_out) == (("B-1", "B-2"), 0)
    [issue] = screening.issues
    assert (issue.case, issue.kind, issue.severity) == ("B-1", IssueKind.LEFT_ASIDE, None)
    assert 'about "R9"' in issue.problem.what
    assert issue.problem.advice == 'Give one of these as "item": R1.'
    [judged] = [one for one in screening.findings if one.item == "R1"]
    assert judged.outcome is Outcome.NEEDS_JUDGEMENT


def test_an_answer_about_the_case_has_no_item(screened: Screened, case: Build) -> None:
    """An answer that names an item where the question is about the whole case is left aside."""
    wrong = case("B-1", answers=(Answer("repair-in-time", ReadersAnswer.YES, "R1"),))
    assert screened(wrong).issues[0].problem.advice == 'Take "item" out of the answer.'


def test_answers_never_vanish(screened: Screened, case: Build) -> None:
    """An answer to a question that there is not, or to no row where it is asked of rows, is told."""
    misspelt = case("B-1", answers=(Answer("repair-in-tme", ReadersAnswer.YES),))
    assert screened(misspelt).issues[0].problem.advice == 'Did you mean "repair-in-time"?'
    every: list[dict[str, list[dict[str, str]]]] = [{}, {"reports": []}, {"reports": [{"id": "R1", "kind": "bill"}]}]
    for tables in every:
        nothing = case("B-1", answers=(Answer("estimate-quality", ReadersAnswer.NO),), **tables)
        assert screened(nothing).issues[0].problem.advice == "Add the row to reports, or take the answer out."


def test_what_cannot_be_read_is_not_known_and_the_finding_says_so(screened: Screened, case: Build) -> None:
    """A day that cannot be read leaves its findings open; the others of the case stand, and the issue is severe."""
    place = Place("bikes.xlsx", 7, "case B-1", "Cases", "L")
    written = Unreadable(("repair", "brought_on"), "Apr", "it is not a date", place=place)
    read = evolve(late(case, "B-1", "city bike"), unreadable=(written,))
    read = evolve(read, fields={**read.fields, "repair.brought_on": None})
    screening = screened(read)
    assert screening.findings[0].outcome is Outcome.NOT_EVIDENCED
    assert (
        'The record holds something for brought in that cannot be used: it is not a date (sheet "Cases", row 7, '
        "column L)." in screening.findings[0].reason
    )
    [issue] = screening.issues
    assert (issue.kind, issue.severity) == (IssueKind.UNREADABLE, Severity.HIGH)


@pytest.mark.parametrize("fields", [{"repair.brought_on": None}, {}])
def test_why_there_is_no_value_is_said_and_is_no_issue(
    screened: Screened, case: Build, fields: dict[str, object]
) -> None:
    """Nothing is wrong with the record; the finding says what the record says, and where."""
    place = Place("bikes.xlsx", 7, "case B-1", "Cases", "L")
    says = Unreadable(("repair", "brought_on"), "n/a", "the record says: not applicable", place=place, is_mistake=False)
    read = case("B-1", {"bike.kind": "city bike", "bike.wheels": 2, **fields})
    screening = screened(evolve(read, unreadable=(says,)))
    assert screening.issues == ()
    assert 'For brought in, the record says: not applicable (sheet "Cases", row 7, column L).' in " ".join(
        finding.reason for finding in screening.findings
    )


def test_work_of_a_later_day_had_not_happened(screened: Screened, case: Build) -> None:
    """A day after the as-of date is no day yet, and what only it dates was not done."""
    done = {**LATE, "bike.kind": "city bike", "repair.done": True, "repair.done_on": date(2024, 6, 2)}
    screening = screened(case("B-1", done))
    assert (screening.findings[0].outcome, screening.later) == (Outcome.NOT_MET, 1)
    begun = screened(case("B-1", {**LATE, "repair.brought_on": date(2024, 6, 2)}), case("B-2"))
    assert (begun.case_ids, begun.cases_not_begun, begun.not_begun, begun.left_out) == (("B-2",), ("B-1",), 1, 0)


def test_nobodys_cases_are_no_group(screened: Screened, case: Build) -> None:
    """Cases with no mechanic named lead to no conclusion on a mechanic."""
    cases = [case(f"B-{n}", {**LATE, "bike.kind": "city bike"}) for n in range(3)]
    assert [one for one in screened(*cases).conclusions if one.on is Scope.MANAGER] == []


def test_groups_are_in_order_of_name(screened: Screened, case: Build) -> None:
    """Mechanics stand in the order of their names, whatever order their cases are in."""
    cases = [late(case, f"B-{n}", "city bike", name) for n, name in enumerate("CABCAB")]
    screening = screened(*cases)
    assert list(screening.by_manager) == ["A", "B", "C"]
    assert [one.subject for one in screening.conclusions if one.on is Scope.MANAGER] == ["A", "B", "C"]


def test_an_example_that_raises_another_flag_is_told(bikes: Rulebook) -> None:
    """An example whose flags are not those raised is a problem."""
    criterion = bikes.criterion["estimate-quality"]
    wrong = evolve(criterion, examples=tuple(evolve(one, flags=()) for one in criterion.examples))
    others = tuple(one for one in bikes.criteria if one.id != criterion.id)
    (problem,) = check_examples(evolve(bikes, criteria=(*others, wrong)))
    assert problem.what == "the flags raised are unsigned"


def test_a_deadline_beyond_the_calendar_is_not_known(screened: Screened, case: Build) -> None:
    """A deadline that the calendar cannot tell leaves its finding open, and is told; the case is screened."""
    early = case("B-1", {**LATE, "bike.kind": "city bike", "repair.brought_on": date(2023, 12, 31)})
    screening = screened(early, case("B-2"))
    assert screening.case_ids == ("B-1", "B-2")
    assert screening.findings[0].outcome is Outcome.NOT_EVIDENCED
    [issue] = screening.issues
    assert "31 December 2023" in issue.problem.what
    assert issue.severity is Severity.HIGH


@pytest.mark.parametrize("as_of", [date(2023, 12, 31), date(2025, 1, 1)])
def test_as_of_date_beyond_the_calendar_is_refused(bikes: Rulebook, as_of: date) -> None:
    """A run as at a date that the calendar does not cover is refused as a whole."""
    with pytest.raises(CasescreenError, match="outside the calendar of public holidays"):
        screen(bikes, Caseload((), ""), as_of=as_of)


def test_a_rulebook_without_working_days_is_asked_as_at_any_day(bikes: Rulebook, case: Build) -> None:
    """A limit in days, weeks or months needs no calendar, so no end of it stops a run."""
    parameters = {
        name: evolve(one, value=Duration(2, Unit.WEEK), variations=()) if isinstance(one.value, Duration) else one
        for name, one in bikes.parameters.items()
    }
    early = case("B-1", {**LATE, "bike.kind": "city bike", "repair.brought_on": date(1999, 12, 31)})
    screening = screen(evolve(bikes, parameters=parameters), Caseload((early,), ""), as_of=date(2031, 1, 1))
    assert (screening.case_ids, screening.issues) == (("B-1",), ())


def test_disagreement_with_the_table_stops_the_run(
    bikes: Rulebook, case: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If inference and the outcome table differ on a finding, nothing is reported."""
    monkeypatch.setattr(module, "decide", lambda _standing: Outcome.MET)
    with pytest.raises(InternalFaultError, match="repair-in-time"):
        screen(bikes, Caseload((case("B-1"),), ""), as_of=AS_OF)


def test_explanation_holds_the_whole_proof(bikes: Rulebook, screened: Screened, case: Build) -> None:
    """An explanation has the proof of when it applies, of what meets it, and of every flag."""
    one = late(case, "B-1", "city bike")
    finding = screened(one).findings[0]
    explanation = explain(bikes, one, finding, AS_OF)
    assert explanation.applies is not None
    assert explanation.met is not None
    assert (explanation.applies.truth, explanation.met.truth) == (Truth.TRUE, Truth.FALSE)
    reported = case("B-2", reports=[{"id": "R1", "kind": "estimate", "signed": True}])
    judged = next(one for one in screened(reported).findings if one.item == "R1")
    flags = explain(bikes, reported, judged, AS_OF).flags
    assert [(says, proof.truth) for says, proof in flags] == [("the estimate is not signed", Truth.FALSE)]


def test_bulk_that_says_something_else_stops_the_run(
    bikes: Rulebook, case: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outcome from bulk that the outcome table does not give, or that is missing, is never reported."""
    caseload = Caseload((late(case, "B-1", "city bike"),), "")
    monkeypatch.setattr(screening, "OUTCOMES", OUTCOMES[1:] + OUTCOMES[:1])
    with pytest.raises(InternalFaultError, match=r"the outcome table Outcome\.NOT_MET for repair-in-time"):
        screen(bikes, caseload, as_of=AS_OF, engine="bulk")
    monkeypatch.setattr(screening, "outcome_rows", lambda plan, frames: outcome_rows(plan, frames).head(1))
    monkeypatch.setattr(screening, "OUTCOMES", OUTCOMES)
    with pytest.raises(InternalFaultError, match="bulk asked"):
        screen(bikes, caseload, as_of=AS_OF, engine="bulk")


def test_bulk_that_screens_what_is_left_out_stops_the_run(
    bikes: Rulebook, case: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both must leave out the same cases."""
    monkeypatch.setattr(RecordPreparer, "prepare", lambda _, case: PreparedRecord(case, False, 0, ()))
    with pytest.raises(InternalFaultError, match="outcomes of cases that were left out"):
        screen(bikes, Caseload((late(case, "B-1", "city bike"),), ""), as_of=AS_OF, engine="bulk")


def test_bulk_needs_polars(bikes: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by name where Polars is not installed, it says so and what to do."""
    monkeypatch.setitem(sys.modules, "polars", None)
    for name in [name for name in sys.modules if name.startswith("casescreen.columnar")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(CasescreenError, match=r'pip install "casescreen\[bulk\]"'):
        screen(bikes, Caseload((), ""), as_of=AS_OF, engine="bulk")
