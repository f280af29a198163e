"""Pseudonyms in place of names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from casescreen.evaluate.acceptance import with_waivers
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, Place, Problem
from casescreen.model.rulebook import Severity
from casescreen.model.screening import DataIssue, Finding, IssueKind, Quoting, Screening
from casescreen.model.waiver import ACCEPTABLE, Waiver
from casescreen.privacy import pseudonyms
from casescreen.privacy.pseudonyms import CASE, PERSON, pseudonym, pseudonymised

_KEY, _OTHER = b"k" * 32, b"o" * 32


@pytest.fixture
def quiet(screening: Screening) -> Screening:
    """The screening as one that quotes nothing, with a problem that names a file."""
    problem = Problem(Place("AN-07.toml", 3, "case AN-07"), "it is wrong")
    issue = DataIssue(screening.case_ids[0], IssueKind.UNREADABLE, Severity.HIGH, problem)
    return evolve(screening, quoting=Quoting.NOTHING, issues=(issue,))


def test_the_same_key_gives_the_same_pseudonyms_and_another_gives_others() -> None:
    """A pseudonym depends on the key, the kind and the name, and on nothing else."""
    assert pseudonym(_KEY, CASE, "AN-01") == pseudonym(_KEY, CASE, "AN-01")
    others = {pseudonym(_OTHER, CASE, "AN-01"), pseudonym(_KEY, PERSON, "AN-01"), pseudonym(_KEY, CASE, "AN-02")}
    assert pseudonym(_KEY, CASE, "AN-01") not in others


def test_a_pseudonym_is_the_one_of_every_run_before() -> None:
    """Pseudonyms of old reports go together with those of new ones: how they are made does not change."""
    assert pseudonym(bytes(32), CASE, "A-1") == "case-fk3zfx6hda"


def test_no_name_and_no_key_of_a_row_is_left(quiet: Screening) -> None:
    """Nothing in the value that writers get holds an id, a name, a team, a row's key or a file."""
    told = repr(evolve(pseudonymised(quiet, _KEY), rulebook=None))  # type: ignore[arg-type]
    for name in ("AN-0", "Worker", "Manager Z", "East", "R1", "R3"):
        assert name in repr(evolve(quiet, rulebook=None))  # type: ignore[arg-type]
        assert name not in told


def test_figures_outcomes_and_ties_stay(quiet: Screening) -> None:
    """Only names change: each case keeps its findings, manager and conclusions, and the figures are the same."""
    made = pseudonymised(quiet, _KEY)
    first = pseudonym(_KEY, CASE, "AN-03")
    assert made.rates == quiet.rates
    assert [f.outcome for f in made.findings if f.case == first] == [
        f.outcome for f in quiet.findings if f.case == "AN-03"
    ]
    assert made.managers[first] == pseudonym(_KEY, PERSON, quiet.managers["AN-03"])
    assert [c.id for c in made.conclusions if c.subject == first] == ["act-now-victim-safety", "start-not-sound"]
    assert made.by_manager[pseudonym(_KEY, PERSON, "Worker A")] == quiet.by_manager["Worker A"]


def test_the_order_says_nothing_of_the_names(find: Callable[..., Finding], screen: Callable[..., Screening]) -> None:
    """Cases stand in the order of their pseudonyms, so the first in a list is not the first by name."""
    cases = [f"AN-{number:02}" for number in range(20)]
    made = screen([find(case, "plan-timely", Outcome.MET) for case in cases], quoting=Quoting.NOTHING)
    told = pseudonymised(made, _KEY)
    assert told.case_ids == tuple(sorted(told.case_ids)) == tuple(finding.case for finding in told.findings)
    assert told.case_ids != tuple(pseudonym(_KEY, CASE, case) for case in cases)


def test_who_is_not_named_stays_so(quiet: Screening) -> None:
    """No pseudonym is made for nobody: what is not recorded is still told as that."""
    made = pseudonymised(quiet, _KEY)
    assert [f.owner for f in made.findings].count("") == [f.owner for f in quiet.findings].count("") == 1
    assert "" in made.by_team


@pytest.mark.parametrize("quoting", [Quoting.REFERENCES, Quoting.EVERYTHING])
def test_a_screening_that_quotes_its_records_is_refused(quiet: Screening, quoting: Quoting) -> None:
    """Text in which anybody may be named cannot slip through under pseudonyms."""
    with pytest.raises(ValueError, match="quotes its records"):
        pseudonymised(evolve(quiet, quoting=quoting), _KEY)


def test_two_names_with_one_pseudonym_stop_the_run(quiet: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cases never look like one."""
    monkeypatch.setattr(pseudonyms, "pseudonym", lambda _key, kind, _name: f"{kind}-same")
    with pytest.raises(CasescreenError, match="same pseudonym"):
        pseudonymised(quiet, _KEY)


def test_a_short_key_is_refused(quiet: Screening) -> None:
    """No pseudonym is made with a key that could be guessed."""
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonymised(quiet, b"short")


def test_the_hash_of_the_cases_is_another_one(quiet: Screening) -> None:
    """It would tie the copy to the reports with names; with the same key it stays the same."""
    made = pseudonymised(evolve(quiet, cases_hash="c" * 64), _KEY)
    assert "c" * 64 not in repr(evolve(made, rulebook=None))  # type: ignore[arg-type]
    assert made.cases_hash == pseudonymised(evolve(quiet, cases_hash="c" * 64), _KEY).cases_hash
    assert made.cases_hash != pseudonymised(evolve(quiet, cases_hash="c" * 64), _OTHER).cases_hash


def test_rows_are_numbered_in_their_case(quiet: Screening) -> None:
    """The first row that a criterion is asked of is 1, the next 2; what is about the whole case has no number."""
    rows = [evolve(quiet.findings[0], item=item) for item in ("R7", "R9", "")]
    made = pseudonymised(evolve(quiet, findings=tuple(rows), conclusions=()), _KEY)
    assert [finding.item for finding in made.findings] == ["1", "2", ""]


def test_of_waivers_only_the_days_are_left(quiet: Screening) -> None:
    """What is accepted is the same; no reason, name, file, row or id is left, of a case that is not there either."""
    finding = next(one for one in quiet.findings if one.item and one.outcome in ACCEPTABLE)
    day = date(2016, 7, 1)
    waiver = Waiver(
        case=finding.case,
        criterion=finding.criterion,
        item=finding.item,
        accepts=finding.outcome,
        on=quiet.as_of,
        begins=quiet.as_of,
        until=day,
        reason="Quill",
        by="Quill",
        role="Quill",
        evidence="Quill",
        file="Quill",
    )
    others = [evolve(waiver, case="Quill-9"), evolve(waiver, item="Quill-R")]
    made = pseudonymised(with_waivers(quiet, [waiver, *others]), _KEY)
    assert made.accepted is not None
    for name in ("Quill", finding.case, finding.item):
        assert name not in repr(made.accepted)
    assert [made.accepted_until(one) for one in made.findings].count(day) == 1
    assert sorted(one.state.value for one in made.accepted.waivers) == ["active", "case not there", "row not there"]
    assert not made.accepted.shows_text
