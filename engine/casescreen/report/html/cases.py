"""Each case in a section of its own: what was concluded, what there is to do, and every other finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Conclusion, Finding, Screening
from casescreen.report.drawn import conclusion_parts
from casescreen.report.html.filters import ACTIONS, Filters
from casescreen.report.html.finding import COLUMNS, in_a_row, in_full
from casescreen.report.html.ids import Ids
from casescreen.report.html.markup import Html, join, tag
from casescreen.report.html.parts import label, section, summary_list, table
from casescreen.report.html.rendering import outline
from casescreen.report.naming import and_more
from casescreen.report.standing import CaseStanding
from casescreen.text import counted


def case_sections(
    ids: Ids, screening: Screening, cases: Sequence[CaseStanding], places: Mapping[str, str], more: int
) -> Html:
    """The cases given, the worst first, and that there are ``more``."""
    findings: dict[str, list[Finding]] = {case.id: [] for case in cases}
    for finding in screening.findings:
        if finding.case in findings:
            findings[finding.case].append(finding)
    filters = Filters(cases)
    made = (_case(ids, screening.rulebook, case, findings[case.id], places[case.id], filters) for case in cases)
    rest = tag("p", and_more(more, "case")) if more else Html("")
    return section("cases", "Case by case, the worst first", filters.form(), join(made, "\n"), rest)


def _case(
    ids: Ids, rulebook: Rulebook, case: CaseStanding, findings: Sequence[Finding], place: str, filters: Filters
) -> Html:
    pressing = (*case.failed, *case.doubted)
    parts = (
        tag("h3", f"Case {case.id}", id=place, tabindex="-1"),
        _tags(case),
        summary_list(_about(case)),
        *(_conclusion(conclusion, acting=True) for conclusion in case.actions),
        *(_conclusion(conclusion, acting=False) for conclusion in case.others),
        *(in_full(finding, rulebook, case.manager) for finding in pressing),
        _others(ids, rulebook, case.id, [finding for finding in findings if finding not in pressing]),
    )
    return tag("article", join(parts, "\n"), class_="case", aria_labelledby=place, **filters.marks(case))


def _tags(case: CaseStanding) -> Html:
    tags = []
    if case.actions:
        tags.append(label(ACTIONS, "red"))
    if case.failed:
        tags.append(label(f"{len(case.failed):,} not met", "red"))
    if case.doubted:
        tags.append(label(f"{len(case.doubted):,} to look at again", "yellow"))
    if case.undecided:
        tags.append(label(f"{len(case.undecided):,} cannot be told yet", "purple"))
    return tag("p", join(tags or [label("nothing to act on", "green")], " "), class_="tags")


def _about(case: CaseStanding) -> Iterator[tuple[str, str]]:
    yield "Manager", case.manager or "not recorded"
    yield "Team", case.team
    counts = (f"{case.counts[outcome]:,} {outcome.value}" for outcome in Outcome if case.counts[outcome])
    yield "Findings", ", ".join(counts)


def _conclusion(conclusion: Conclusion, *, acting: bool) -> Html:
    said = tag("p", tag("strong", f"{ACTIONS}: {conclusion.says}" if acting else conclusion.says))
    parts = conclusion_parts(conclusion)
    return tag("div", said, outline(parts) if parts else Html(""), class_="act" if acting else "inset")


def _others(ids: Ids, rulebook: Rulebook, case: str, findings: Sequence[Finding]) -> Html:
    if not findings:
        return Html("")
    rows: Iterable[tuple[str | Html, ...]] = (in_a_row(finding, rulebook) for finding in findings)
    said = f"{counted(len(findings), 'other finding')} of case {case}"
    return tag("details", tag("summary", said), Html("\n"), table(ids, said, COLUMNS, rows))
