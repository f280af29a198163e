"""Each form of each result: a screening, a copy to share, and the figures of very many cases."""

from __future__ import annotations

import io
import json

import pytest
from attrs import evolve, fields
from docx import Document

from casescreen.model.case import Rejected
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import ConclusionKind, ConclusionRule, Scope, Severity
from casescreen.model.screening import ConclusionCount, Screening, Summary
from casescreen.privacy.suppress import suppressed
from casescreen.report.formats.registry import FORMATS, By, Options


@pytest.fixture
def figures(screening: Screening) -> Summary:
    """The screening as it would be if its cases were too many to list."""
    shared = {one.name: getattr(screening, one.name) for one in fields(Summary)}
    rule = ConclusionRule(
        "act", Scope.CASE, ConclusionKind.ACTION, "Act at once.", every=True, premises=(), severity=Severity.HIGH
    )
    counts = ConclusionCount(rule, 2, {"Worker A": 2}, {"": 2})
    together = tuple(one for one in screening.conclusions if one.on is not Scope.CASE)
    return Summary(**{**shared, "conclusions": together, "on_cases": (counts,), "cases_hash": ""})


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("name", FORMATS)
def test_every_form_holds_a_screening(screening: Screening, name: str, by: By) -> None:
    """Of a screening there is every form, in text or in bytes as the form says, and the same again."""
    report = FORMATS[name].render(screening, Options(by=by))
    assert isinstance(report, str if FORMATS[name].is_text else bytes)
    assert report == FORMATS[name].render(screening, Options(by=by))


@pytest.mark.parametrize("by", [By.THEME, By.MANAGER, By.TEAM])
@pytest.mark.parametrize("name", FORMATS)
def test_every_form_holds_what_has_no_findings_or_says_that_it_cannot(
    screening: Screening, figures: Summary, name: str, by: By
) -> None:
    """A list of findings is refused in plain words; every other form is made, and names no case."""
    scope = {By.MANAGER: Scope.MANAGER, By.TEAM: Scope.TEAM}.get(by)
    shared = suppressed(evolve(screening, conclusions=()), 3, scope)
    for summary, instead in ((figures, "screen fewer cases"), (shared, "leave out --suppress-under")):
        if FORMATS[name].needs_findings:
            with pytest.raises(CasescreenError, match=rf"no {name} form: that is a list of findings(?s:.*){instead}"):
                FORMATS[name].render(summary, Options(by=by))
            continue
        report = FORMATS[name].render(summary, Options(by=by))
        assert isinstance(report, str if FORMATS[name].is_text else bytes)
        assert isinstance(report, bytes) or not [case for case in screening.case_ids if case in report]


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.is_text and not form.needs_findings])
def test_what_follows_for_single_cases_is_in_figures(figures: Summary, name: str) -> None:
    """In each form that can be read as text: what holds of how many cases, though none is listed."""
    report = FORMATS[name].render(figures, Options())
    assert isinstance(report, str)
    assert "Act at once." in report


def test_what_was_left_out_is_in_the_json_of_figures(figures: Summary) -> None:
    """How many records and rows count for none, and why the first of them."""
    lost = evolve(figures, left_out=3, orphans=2, rejected=(Rejected("AN-09", "its key is missing", 2),))
    made = json.loads(FORMATS["json"].render(lost, Options()))
    assert (made["left_out"], made["rows_of_no_case"]) == (3, 2)
    assert made["first_left_out"] == [{"case": "AN-09", "why": "its key is missing", "records": 2}]


@pytest.mark.parametrize("by", [By.MANAGER, By.TEAM])
def test_a_copy_has_its_themes_also_beside_groups(screening: Screening, by: By) -> None:
    """Few criteria can be told group by group, so the figures over all are never left out."""
    scope = Scope.MANAGER if by is By.MANAGER else Scope.TEAM
    text = str(FORMATS["markdown"].render(suppressed(evolve(screening, conclusions=()), 3, scope), Options(by=by)))
    for theme in screening.rulebook.themes:
        assert f"## {theme.title}\n" in text
    assert f"## By {by.value}\n" in text


def test_all_that_a_conclusion_rests_on_is_in_the_word_document_of_figures(figures: Summary) -> None:
    """Also what stands two steps below it."""
    first, *others = figures.conclusions
    reasons = ("the first reason", "the second reason")
    changed = evolve(figures, conclusions=(evolve(first, because=reasons), *others))
    made = FORMATS["docx"].render(changed, Options())
    assert isinstance(made, bytes)
    told = [paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs]
    assert {*reasons, "Rests on:"} <= set(told)
