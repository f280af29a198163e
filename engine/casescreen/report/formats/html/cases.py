"""The cases as plain values for the page: each finding in a line, and each case in a row of the matrix."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from casescreen.conditions.description import quoted
from casescreen.evaluate.case_summary import UNDECIDED, CaseSummary
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Conclusion, Finding, Screening
from casescreen.report.blocks import Item
from casescreen.report.formats.html.charts import MatrixRow
from casescreen.report.sections.accepted import mark
from casescreen.report.sections.cases import doubts
from casescreen.report.sections.conclusions import conclusion_parts
from casescreen.report.wording import title_of, unverified_behind, wrong_in_words
from casescreen.text import counted, in_words

# Where a criterion is asked of several rows of a case, what comes first here is what the matrix shows.
WORST_FIRST = (
    Outcome.NOT_MET,
    Outcome.NOT_EVIDENCED,
    Outcome.NEEDS_JUDGEMENT,
    Outcome.NOT_YET_DUE,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
)
_IN_SHORT = (Outcome.NOT_YET_DUE, Outcome.MET, Outcome.NOT_APPLICABLE)


@frozen
class CaseEntry:
    """A finding or a conclusion in one line, and what stands behind it.

    Attributes:
        word: what stands before it, in a word; "" where nothing does.
        rows: terms with their texts.
        parts: what else there is, as lines.
    """

    says: str
    word: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[Item, ...] = ()


@frozen
class Run:
    """Findings of a case that are only named, with what they have in common."""

    title: str
    names: str


@frozen
class CasePart:
    """The part of the page about one case.

    Attributes:
        place: its id in the page.
        marks: the words that the filter knows it by.
        manager: the number that the filter knows its manager by: what a record says is in no attribute.
        worst: the most pressing thing in it, in a few words.
        not_met: the criteria that are not met, by their short names.
    """

    about: CaseSummary
    place: str
    marks: str
    manager: int
    worst: str
    not_met: str
    actions: tuple[CaseEntry, ...]
    failed: tuple[CaseEntry, ...]
    doubted: tuple[CaseEntry, ...]
    others: tuple[CaseEntry, ...]
    unknown: tuple[Run, ...]
    rest: tuple[Run, ...]


def outcome_key(outcome: Outcome) -> str:
    """What the filters and the style know an outcome by."""
    return outcome.value.replace(" ", "-")


def case_parts(screening: Screening, cases: Sequence[CaseSummary]) -> tuple[CasePart, ...]:
    """The cases in the order given."""
    findings = defaultdict[str, dict[Outcome, list[Finding]]](lambda: {outcome: [] for outcome in Outcome})
    for finding in screening.findings:
        findings[finding.case][finding.outcome].append(finding)
    names = sorted({case.manager for case in cases}, key=lambda name: (not name, name))
    managers = {name: number for number, name in enumerate(names, start=1)}
    return tuple(
        _part(screening, case, findings[case.id], number, managers[case.manager])
        for number, case in enumerate(cases, start=1)
    )


def _part(
    screening: Screening, case: CaseSummary, findings: Mapping[Outcome, list[Finding]], number: int, manager: int
) -> CasePart:
    rulebook = screening.rulebook
    marks = ["act"] if case.actions else []
    marks += ["attention"] if case.needs_attention else []
    marks += ["serious"] if case.serious else []
    marks += [outcome_key(outcome) for outcome in Outcome if case.counts[outcome]]
    serious = _run("Serious if not done, and not recorded or not judged", case.serious, rulebook)
    others = {one: [finding for finding in findings[one] if finding not in case.serious] for one in UNDECIDED}
    return CasePart(
        about=case,
        place=f"case-{number}",
        marks=" ".join(marks),
        manager=manager,
        worst=_worst_of(case, rulebook),
        not_met=_named(case.failed, rulebook),
        actions=tuple(_conclusion(one, mark(screening, one)) for one in case.actions),
        failed=tuple(_line(one, screening, case.manager) for one in case.failed),
        doubted=tuple(_line(one, screening, case.manager) for one in case.doubted),
        others=tuple(_conclusion(one) for one in case.others),
        unknown=(*serious, *(run for one in UNDECIDED for run in _run(one.value.capitalize(), others[one], rulebook))),
        rest=tuple(run for one in _IN_SHORT for run in _run(one.value.capitalize(), findings[one], rulebook)),
    )


def _worst_of(case: CaseSummary, rulebook: Rulebook) -> str:
    """The most pressing thing in a case in a few words; where there is nothing, how much of it is known."""
    if case.actions:
        return rulebook.conclusion[case.actions[0].id].short
    if case.failed:
        return wrong_in_words(case.failed[0], rulebook)
    if case.doubted:
        return f"Look again: {rulebook.criterion[case.doubted[0].criterion].short}"
    if case.serious:
        first = rulebook.criterion[case.serious[0].criterion]
        return f"Serious if not done, and not recorded or not judged: {first.short}"
    if case.undecided:
        return f"No failure shown; {counted(len(case.undecided), 'question')} cannot be told yet"
    return "No failure shown"


def _line(finding: Finding, screening: Screening, manager: str) -> CaseEntry:
    """A finding that somebody has to act on or to look at again; its owner if not the manager."""
    rulebook = screening.rulebook
    rows = (
        ("Why", finding.reason),
        ("Look again", " ".join(doubts(finding))),
        ("Moderated", _moderated(finding, screening)),
        ("Values read", "; ".join(f"{one.field.label}: {quoted(one.value)}" for one in finding.values)),
        ("Due", "" if finding.due is None else f"by {in_words(finding.due)}"),
        ("To put it right", finding.remedy),
        ("Unverified", unverified_behind(finding, rulebook)),
        ("Owner", "" if finding.owner == manager else finding.owner or "not recorded"),
        ("Criterion", rulebook.criterion[finding.criterion].title),
    )
    failed = finding.outcome is Outcome.NOT_MET
    word = finding.severity.value if failed else finding.outcome.value
    says = wrong_in_words(finding, rulebook) if failed else title_of(finding, rulebook)
    return CaseEntry(says + mark(screening, finding), word, tuple(row for row in rows if row[1]))


def _moderated(finding: Finding, screening: Screening) -> str:
    """What was moderated of the reader's answer; "" where nothing was."""
    used = screening.answers_used
    return "" if used is None else used.said_of((finding.case, finding.criterion, finding.item))


def _conclusion(conclusion: Conclusion, accepted: str = "") -> CaseEntry:
    return CaseEntry(conclusion.says + accepted, parts=conclusion_parts(conclusion))


def _run(title: str, findings: Sequence[Finding], rulebook: Rulebook) -> Iterator[Run]:
    """The findings by their short names; nothing of none."""
    if findings:
        yield Run(f"{title} ({len(findings):,})", _named(findings, rulebook))


def _named(findings: Iterable[Finding], rulebook: Rulebook) -> str:
    names = Counter(rulebook.criterion[one.criterion].short for one in findings)
    return ", ".join(name if number == 1 else f"{name} ({number:,})" for name, number in names.items())


def matrix_rows(screening: Screening, cases: Iterable[CaseSummary], criteria: Sequence[str]) -> list[MatrixRow]:
    """The cases in the order given, with the worst that each criterion came to."""
    worst = defaultdict[str, dict[str, Outcome]](dict)
    for finding in screening.findings:
        row = worst[finding.case]
        so_far = row.get(finding.criterion, Outcome.NOT_APPLICABLE)
        row[finding.criterion] = min(so_far, finding.outcome, key=WORST_FIRST.index)
    none = Outcome.NOT_APPLICABLE
    return [
        MatrixRow(case.id, tuple(worst[case.id].get(one, none) for one in criteria), bool(case.actions))
        for case in cases
    ]
