"""From every figure of the page to the cases that it counts, and from every finding back to its figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import unescape

import pytest
from attrs import evolve

from casescreen.evaluate.case_summary import case_summaries
from casescreen.model.outcome import Outcome
from casescreen.model.screening import Finding, Quoting, Screening
from casescreen.privacy.share import shared
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.formats.html.behind_figures import page_links
from casescreen.report.formats.html.page import render
from casescreen.report.formats.registry import By, Options


def _links(part: str) -> list[tuple[str, str]]:
    """Each link of a part of a page: where it leads, and what it says."""
    found = re.findall(r'<a href="#([a-z0-9-]+)"[^>]*>(.*?)</a>', part, re.DOTALL)
    return [(place, unescape(re.sub("<.*?>", "", said))) for place, said in found]


def _part(html: str, place: str) -> str:
    """What stands behind a place of the page, up to the end of its list."""
    [_, part] = html.split(f'id="{place}"')
    return part.partition("</dl>")[0]


def _counted(line: str) -> Counter[str]:
    """How often each case is counted in a line of links."""
    counts = re.findall(r'<a href="#case-\d+">(.*?)</a>(?: \((\d+)\))?', line)
    return Counter({unescape(case): int(number or 1) for case, number in counts})


@pytest.mark.parametrize("by", list(By))
def test_every_link_has_its_target_once(screening: Screening, by: By) -> None:
    """However the figures are grouped, nothing leads nowhere and no place stands twice."""
    html = render(screening, Options(by=by))
    ids = Counter(re.findall(r' id="(.*?)"', html))
    assert set(ids.values()) == {1}
    assert {place for place, _ in _links(html)} <= set(ids)


def test_behind_a_criterion_stand_the_cases_of_each_outcome(screening: Screening) -> None:
    """Each list has the very cases that came to its outcome, as often as they did, the worst case first."""
    html, cases = render(screening, Options()), case_summaries(screening)
    links, rank = page_links(screening, cases), {case.id: number for number, case in enumerate(cases)}
    for rate in screening.rates:
        part = _part(html, links.criteria[rate.criterion])
        assert "not applicable" not in part.lower()
        for outcome in set(Outcome) - {Outcome.NOT_APPLICABLE}:
            found = re.findall(f'data-outcome="{outcome.value.replace(" ", "-")}"><dt>(.*?)</dt><dd>(.*?)</dd>', part)
            behind = Counter(
                one.case for one in screening.findings if (one.criterion, one.outcome) == (rate.criterion, outcome)
            )
            assert len(found) == bool(behind)
            for title, line in found:
                assert _counted(line) == behind
                assert [*_counted(line)] == sorted(behind, key=rank.__getitem__)
                assert title == f"{outcome.value.capitalize()} ({rate.count(outcome)})"


def test_every_figure_of_a_criterion_leads_to_its_cases(screening: Screening) -> None:
    """Its bar, its row of the table, its column of the matrix and its name among the weakest lead to the same place."""
    html, links = render(screening, Options()), page_links(screening, case_summaries(screening))
    charts, matrix = html.partition('id="criteria"')[2].split('id="matrix"')[:2]
    matrix, table = matrix.partition("</svg>\n")[0], html.partition('id="figures"')[2]
    for rate in screening.rates:
        criterion, place = screening.rulebook.criterion[rate.criterion], links.criteria[rate.criterion]
        assert (place, criterion.short) in _links(matrix)
        assert (place, criterion.title) in _links(table)
        assert any(to == place and said.startswith(criterion.short) for to, said in _links(charts))
    for weak in at_a_glance(screening).weakest:
        assert f"<li>{links.to_criterion[weak.criterion]}: " in html


def test_every_finding_leads_back_to_its_figure(screening: Screening) -> None:
    """The part of a case has a link to the criterion of each finding, but for those that do not apply to it."""
    html, cases = render(screening, Options()), case_summaries(screening)
    links = page_links(screening, cases)
    parts = dict(zip((case.id for case in cases), re.findall(r"<article.*?</article>", html, re.DOTALL), strict=True))
    for one in screening.findings:
        if one.outcome is not Outcome.NOT_APPLICABLE:
            assert links.criteria[one.criterion] in dict(_links(parts[one.case]))


def test_the_figures_at_the_head_lead_to_as_many_cases(screening: Screening) -> None:
    """What a tile counts is what stands where it leads; a tile of nothing leads nowhere."""
    html = render(screening, Options())
    head = html.partition("<header>")[2].partition("</header>")[0]
    for place, said in _links(head):
        if place not in {"act", "records"}:
            line = _part(html, place).partition("</dd>")[0]
            assert str(_counted(line).total()) == said.partition(" ")[0]
            assert re.search(rf"\({said.partition(' ')[0]}\b", line)
    assert {place for place, _ in _links(head)} >= {"act", "not-known"}
    assert ">0</a>" not in head


def test_what_rests_on_rates_leads_to_them(screening: Screening) -> None:
    """A conclusion on the cases together has a link to each criterion whose rate it rests on."""
    html, links = render(screening, Options()), page_links(screening, case_summaries(screening))
    part = html.partition('id="together"')[2].partition("</section>")[0]
    resting = [one for one in screening.conclusions if one.rates and one.subject == ""]
    assert resting
    for one in resting:
        assert f"Figures: {links.to_criteria(one.rates)}" in part


def test_no_id_of_a_case_is_in_a_place(find: Callable[..., Finding], screen: Callable[..., Screening]) -> None:
    """A place is made of words and numbers of ours, whatever a record calls its case."""
    html = render(screen([find('"><b id=x>', "plan-timely", Outcome.NOT_MET)]), Options())
    places = re.findall(r' id="(.*?)"', html) + [place for place, _ in _links(html)]
    assert all(re.fullmatch(r"[a-z0-9-]+", place) for place in places)


def test_where_no_case_is_listed_no_figure_leads_to_one(screening: Screening) -> None:
    """A copy in which small counts are hidden has no list of cases, and no link but to its own content."""
    html = render(shared(evolve(screening, conclusions=()), None, 5, None), Options())
    assert {place for place, _ in _links(html)} <= {"main"}
    assert not re.search(r"case-\d|data-outcome", html)


def test_under_pseudonyms_only_pseudonyms_are_linked(screening: Screening) -> None:
    """Every link to a case says its pseudonym, and no id of a record is in the page."""
    result = shared(evolve(screening, quoting=Quoting.NOTHING), b"k" * 32, None, None)
    assert isinstance(result, Screening)
    html = render(result, Options())
    named = {said for place, said in _links(html) if place.startswith("case-")}
    assert named == set(result.case_ids)
    assert not named & set(screening.case_ids)
