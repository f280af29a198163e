"""Each case in a section of its own, its findings in full or in a row, and the filters over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from casescreen.conditions.description import quoted
from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Conclusion, Finding, Screening
from casescreen.report.blocks import Column, Item
from casescreen.report.formats.html.markup import (
    Content,
    Html,
    Ids,
    join,
    label,
    outcome_label,
    outline,
    section,
    severity_label,
    summary_list,
    table,
    tag,
)
from casescreen.report.sections.cases import doubts
from casescreen.report.sections.conclusions import conclusion_parts
from casescreen.report.wording import and_more, title_of
from casescreen.text import counted, in_words

ACTIONS = "Act now"
_ACT, _ATTENTION = "act", "attention"


class Filters:
    """What the cases can be filtered by. A case carries words and numbers of ours, never what its record says."""

    def __init__(self, cases: Sequence[CaseSummary]) -> None:
        """Number the managers in order of name; who is not named comes last."""
        names = sorted({case.manager for case in cases}, key=lambda name: (not name, name))
        self._managers = {name: str(number) for number, name in enumerate(names, start=1)}

    def form(self) -> Html:
        """The controls, hidden until a script shows them."""
        managers = ((number, name or "not recorded") for name, number in self._managers.items())
        outcomes = ((_word(outcome), f"with something {outcome.value}") for outcome in Outcome)
        show = ((_ACT, "to act on now"), (_ATTENTION, "that need attention"), *outcomes)
        heading = tag("h3", "Choose what is shown and printed")
        choices = (
            _choice("show", "Cases", ("", "all"), *show),
            _choice("manager", "Manager", ("", "all"), *managers),
            _choice("others", "Findings with nothing to do", ("", "closed"), ("open", "open")),
        )
        status = tag("p", "", id="shown", role="status")
        return tag("form", heading, *choices, status, id="filters", hidden=True)

    def marks(self, case: CaseSummary) -> dict[str, str]:
        """What the script reads on the section of a case."""
        words = [_word(outcome) for outcome in Outcome if case.counts[outcome]]
        if case.needs_attention:
            words.insert(0, _ATTENTION)
        if case.actions:
            words.insert(0, _ACT)
        return {"data_show": " ".join(words), "data_manager": self._managers[case.manager]}


def _word(outcome: Outcome) -> str:
    return outcome.value.replace(" ", "-")


def _choice(name: str, words: str, *options: tuple[str, str]) -> Html:
    each = join(tag("option", said, value=value) for value, said in options)
    return tag("div", tag("label", words, for_=f"by-{name}"), tag("select", each, id=f"by-{name}"))


COLUMNS = (Column("Criterion"), Column("Outcome", whole=True), Column("Why"), Column("Values read"))


def in_full(finding: Finding, rulebook: Rulebook, manager: str) -> Html:
    """Everything about a finding that somebody has to act on or to look at again; its owner if not the manager."""
    heading = tag("h4", title_of(finding, rulebook))
    tags = tag("p", outcome_label(finding.outcome), Html(" "), severity_label(finding.severity))
    return tag("div", heading, tags, summary_list(_told(finding, rulebook, manager)), class_="finding")


def _told(finding: Finding, rulebook: Rulebook, manager: str) -> Iterator[tuple[str, Content]]:
    yield "Why", _lines(finding)
    yield "Values read", _values(finding)
    yield "Due", "" if finding.due is None else f"by {in_words(finding.due)}"
    yield "To put it right", finding.remedy
    yield "Owner", "" if finding.owner == manager else finding.owner or "not recorded"
    yield "Source", str(rulebook.criterion[finding.criterion].source)


def in_a_row(finding: Finding, rulebook: Rulebook) -> tuple[Content, ...]:
    """The cells of a finding under ``COLUMNS``."""
    values = _values(finding)
    return (title_of(finding, rulebook), outcome_label(finding.outcome), _lines(finding), values)


def _lines(finding: Finding) -> Html:
    """The reason, what the facts say beside it, and when it is due."""
    return join((tag("p", line) for line in (finding.reason, *doubts(finding)) if line), "\n")


def _values(finding: Finding) -> Html:
    if not finding.values:
        return Html("")
    return outline(Item(f"{reading.field.label}: {quoted(reading.value)}") for reading in finding.values)


def case_sections(
    ids: Ids, screening: Screening, cases: Sequence[CaseSummary], places: Mapping[str, str], more: int
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
    ids: Ids, rulebook: Rulebook, case: CaseSummary, findings: Sequence[Finding], place: str, filters: Filters
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


def _tags(case: CaseSummary) -> Html:
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


def _about(case: CaseSummary) -> Iterator[tuple[str, str]]:
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
