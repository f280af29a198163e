"""What changed, on the page."""

from __future__ import annotations

import re

from attrs import evolve
from made_up_runs import changed, made_up_run

from casescreen.history.comparison import compare
from casescreen.model.change import RunFinding, RunRule
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Severity
from casescreen.model.screening import Screening
from casescreen.report.formats.changes_by_form import changes_on_page
from casescreen.report.formats.html.page import render
from casescreen.report.formats.registry import Options
from casescreen.report.sections.change_groups import change_groups


def _part(html: str) -> str:
    start = html.index('aria-labelledby="changed"')
    return html[start : html.index("</section>", start)]


def test_it_is_a_part_of_the_page_with_a_place_in_its_contents(screening: Screening) -> None:
    """Under one heading, each class once, what is new first and what is still open last."""
    html = render(changed(screening), Options())
    assert '<li><a href="#changed">What changed</a></li>' in html
    part = _part(html)
    assert part.count("<h2") == 1
    titles = re.findall(r"<(?:h3|summary)>([A-Z][a-z ]+): \d", part)
    groups = [group.title for group in change_groups(changed(screening).changes)]  # type: ignore[arg-type]
    assert titles == groups
    assert (titles[0], titles[-1]) == ("New", "Still open")
    for case in screening.case_ids[:-1]:
        assert re.search(rf'<a href="#[a-z0-9-]+">{case}</a>', part) or case not in part
    assert "<b>Gone</b>" in part  # nothing of it stands on the page, so nothing leads there


def test_every_finding_is_on_it(screening: Screening) -> None:
    """Each in the line of its case, with what became of it."""
    compared = changed(screening).changes
    assert compared is not None
    on_page = changes_on_page(compared)
    for group, told in zip(change_groups(compared), on_page.groups, strict=True):
        assert told.number == len(group.lines)
        lines = {line.case: line.says for line in (*told.first, *told.rest)}
        assert len(lines) == len(told.first) + len(told.rest)
        for line in group.lines:
            assert line.short in lines[line.case]
            assert line.became in lines[line.case]


def test_text_of_an_earlier_run_stays_text(screening: Screening) -> None:
    """Whoever wrote it."""
    evil = '<script>alert(1)</script>" onclick=x \x1b[31m{{7*7}}'
    rules = {"a": RunRule("1", evil)}
    found = {(evil, "a", evil): RunFinding(Outcome.NOT_MET, Severity.HIGH, evil)}
    old = evolve(made_up_run(0, rules=rules), cases={evil: evil, "C-1": ""}, findings=found)
    for before, after in (
        (made_up_run(0, rules=rules), evolve(old, as_of=made_up_run(1).as_of)),
        (old, made_up_run(1)),
    ):
        part = _part(render(evolve(screening, changes=compare(before, after)), Options()))
        assert "&lt;script&gt;" in part
        assert "<script" not in part
        assert "\x1b" not in part
