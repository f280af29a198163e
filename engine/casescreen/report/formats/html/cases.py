"""Each case in a section of its own, its findings in full or in a row, and the filters over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casescreen.conditions.description import quoted
from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook, Severity
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
    summary_list,
    table,
    tag,
)
from casescreen.report.sections.cases import doubts
from casescreen.report.sections.conclusions import conclusion_parts
from casescreen.report.wording import and_more, title_of
from casescreen.text import counted, in_words

_ACT_NOW = "Act now"
_COLUMNS = (Column("Criterion"), Column("Outcome", whole=True), Column("Why"), Column("Values read"))
_SEVERITIES = {Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "grey"}
# What the filters know an outcome by.
_KEYS = {outcome: outcome.value.replace(" ", "-") for outcome in Outcome}


def case_sections(
    ids: Ids, screening: Screening, cases: Sequence[CaseSummary], places: Mapping[str, str], more: int
) -> Html:
    """The cases given, the worst first, and that there are ``more``."""
    findings: dict[str, list[Finding]] = {case.id: [] for case in cases}
    for finding in screening.findings:
        if finding.case in findings:
            findings[finding.case].append(finding)
    # The filters know managers by a number, in order of name: what a record says is in no attribute.
    names = sorted({case.manager for case in cases}, key=lambda name: (not name, name))
    managers = {name: str(number) for number, name in enumerate(names, start=1)}
    articles = (
        _case(ids, screening.rulebook, case, findings[case.id], places[case.id], managers[case.manager])
        for case in cases
    )
    rest = tag("p", and_more(more, "case")) if more else Html("")
    return join((_filters(managers), join(articles, "\n"), rest), "\n")


def _filters(managers: Mapping[str, str]) -> Html:
    """The controls, hidden until a script shows them."""
    outcomes = ((key, f"with something {outcome.value}") for outcome, key in _KEYS.items())
    shown = (("", "all"), ("act", "to act on now"), ("attention", "that need attention"), *outcomes)
    names = ((number, name or "not recorded") for name, number in managers.items())
    return tag(
        "form",
        tag("h3", "Choose what is shown and printed"),
        _choice("show", "Cases", *shown),
        _choice("manager", "Manager", ("", "all"), *names),
        _choice("others", "Findings with nothing to do", ("", "closed"), ("open", "open")),
        tag("p", "", id="shown", role="status"),
        id="filters",
        hidden=True,
    )


def _choice(name: str, title: str, *options: tuple[str, str]) -> Html:
    each = join(tag("option", words, value=value) for value, words in options)
    return tag("div", tag("label", title, for_=f"by-{name}"), tag("select", each, id=f"by-{name}"))


def _case(
    ids: Ids, rulebook: Rulebook, case: CaseSummary, findings: Sequence[Finding], place: str, manager: str
) -> Html:
    pressing = (*case.failed, *case.doubted)
    others = [finding for finding in findings if finding not in pressing]
    counts = ", ".join(f"{case.counts[outcome]:,} {outcome.value}" for outcome in Outcome if case.counts[outcome])
    parts = (
        tag("h3", f"Case {case.id}", id=place, tabindex="-1"),
        _tags(case),
        summary_list((("Manager", case.manager or "not recorded"), ("Team", case.team), ("Findings", counts))),
        *(_conclusion(conclusion, f"{_ACT_NOW}: ", "act") for conclusion in case.actions),
        *(_conclusion(conclusion, "", "inset") for conclusion in case.others),
        *(_in_full(finding, rulebook, case.manager) for finding in pressing),
        _in_rows(ids, rulebook, case.id, others) if others else Html(""),
    )
    # What the script reads: words and numbers of ours.
    show = ["act"] if case.actions else []
    show += ["attention"] if case.needs_attention else []
    show += [key for outcome, key in _KEYS.items() if case.counts[outcome]]
    marks = {"aria_labelledby": place, "data_show": " ".join(show), "data_manager": manager}
    return tag("article", join(parts, "\n"), class_="case", **marks)


def _tags(case: CaseSummary) -> Html:
    counts = (
        (len(case.failed), "not met", "red"),
        (len(case.doubted), "to look at again", "yellow"),
        (len(case.undecided), "cannot be told yet", "purple"),
    )
    tags = [label(_ACT_NOW, "red")] if case.actions else []
    tags += [label("closed", "grey")] if case.closed else []
    tags += [label(f"{count:,} {words}", tone) for count, words, tone in counts if count]
    return tag("p", join(tags or [label("nothing to act on", "green")], " "), class_="tags")


def _conclusion(conclusion: Conclusion, lead: str, kind: str) -> Html:
    parts = conclusion_parts(conclusion)
    says = tag("p", tag("strong", f"{lead}{conclusion.says}"))
    return tag("div", says, outline(parts) if parts else Html(""), class_=kind)


def _in_full(finding: Finding, rulebook: Rulebook, manager: str) -> Html:
    """Everything about a finding that somebody has to act on or to look at again; its owner if not the manager."""
    severity = label(f"{finding.severity.value} severity", _SEVERITIES[finding.severity])
    rows: tuple[tuple[str, Content], ...] = (
        ("Why", _why(finding)),
        ("Values read", _values(finding)),
        ("Due", "" if finding.due is None else f"by {in_words(finding.due)}"),
        ("To put it right", finding.remedy),
        ("Owner", "" if finding.owner == manager else finding.owner or "not recorded"),
        ("Source", str(rulebook.criterion[finding.criterion].source)),
    )
    tags = tag("p", outcome_label(finding.outcome), Html(" "), severity)
    return tag("div", tag("h4", title_of(finding, rulebook)), tags, summary_list(rows), class_="finding")


def _in_rows(ids: Ids, rulebook: Rulebook, case: str, findings: Sequence[Finding]) -> Html:
    rows: list[tuple[Content, ...]] = [
        (title_of(finding, rulebook), outcome_label(finding.outcome), _why(finding), _values(finding))
        for finding in findings
    ]
    title = f"{counted(len(findings), 'other finding')} of case {case}"
    return tag("details", tag("summary", title), Html("\n"), table(ids, title, _COLUMNS, rows))


def _why(finding: Finding) -> Html:
    """The reason, and what the facts say beside it."""
    return join((tag("p", line) for line in (finding.reason, *doubts(finding)) if line), "\n")


def _values(finding: Finding) -> Html:
    if not finding.values:
        return Html("")
    return outline(Item(f"{reading.field.label}: {quoted(reading.value)}") for reading in finding.values)
