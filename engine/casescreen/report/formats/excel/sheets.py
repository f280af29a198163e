"""The sheets of cases, criteria, findings and notes, each as rows of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casescreen.conditions.description import parameter_in_words
from casescreen.evaluate.case_summary import CaseSummary
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.problem import CasescreenError, untyped
from casescreen.model.rulebook import Bands, Rulebook, Scope, Severity, Status
from casescreen.model.screening import Finding, Screening
from casescreen.model.split import Split
from casescreen.model.waiver import Waiver
from casescreen.office.styles import MOST_ROWS, Cell, Row, SheetColumn, SheetContent, Tone
from casescreen.report.at_a_glance import ThemeLine
from casescreen.report.blocks import Outline, Paragraph
from casescreen.report.carried_over import CASES, CRITERIA, FINDINGS, GROUPS, SHEET_OF_NOTES, THEMES, WAIVERS
from casescreen.report.formats.excel.workbook_links import WorkbookLinks
from casescreen.report.local_rules import local_hash_line, local_lines, moved_in_words
from casescreen.report.sections.accepted import state_in_words
from casescreen.report.sections.cases import doubts
from casescreen.report.sections.groups_compared import NO_RATIO, TOO_FEW, criterion_of, rounded
from casescreen.report.sections.overview import sample_part, worst_of
from casescreen.report.wording import (
    BESIDE,
    SHORT_HASH,
    bands_in_words,
    group_name,
    local_holidays_in_words,
    proportion_in_words,
    text_not_shown,
)
from casescreen.text import in_words

OUTCOMES: Mapping[str, Tone] = {
    Outcome.MET.value: Tone.GOOD,
    Outcome.NOT_MET.value: Tone.BAD,
    Outcome.NOT_EVIDENCED.value: Tone.DOUBT,
    Outcome.NEEDS_JUDGEMENT.value: Tone.DOUBT,
    Outcome.NOT_YET_DUE.value: Tone.QUIET,
    Outcome.NOT_APPLICABLE.value: Tone.QUIET,
}
SEVERITIES: Mapping[str, Tone] = {
    Severity.HIGH.value: Tone.BAD,
    Severity.MEDIUM.value: Tone.DOUBT,
    Severity.LOW.value: Tone.QUIET,
}


def of_bands(bands: Bands) -> Mapping[str, Tone]:
    """The labels of the bands: the highest is good, the lowest bad, and what lies between is in doubt."""
    labels = [band.label for band in bands.bands]
    ends = {labels[-1]: Tone.BAD, labels[0]: Tone.GOOD}
    return {**dict.fromkeys(labels, Tone.DOUBT), **ends, bands.TOO_FEW: Tone.QUIET}


def doubts_in_a_line(finding: Finding) -> str:
    """What the facts say against the reader's answer and beside it, as words of one line."""
    return " ".join(f"{doubt.rstrip('.')}." for doubt in doubts(finding))


_STANDS = {
    "act now": Tone.BAD,
    "look at it": Tone.DOUBT,
    "not shown": Tone.DOUBT,
    "nothing found": Tone.QUIET,
    "closed": Tone.QUIET,
}
_CASE_COLUMNS = (
    SheetColumn("Rank", 8),
    SheetColumn("Case", 14),
    SheetColumn("Stands", 15, _STANDS),
    SheetColumn("Act now", 10),
    *(SheetColumn(outcome.value.capitalize(), 12) for outcome in Outcome),
    SheetColumn("The worst of it", 60),
    SheetColumn("Manager", 18),
    SheetColumn("Team", 14),
)


def cases_sheet(rulebook: Rulebook, cases: Sequence[CaseSummary], links: WorkbookLinks) -> SheetContent:
    """Every case, in the order given: the worst first; each leads to its findings, and to its enquiry sheet if any."""
    more = (SheetColumn("Enquiry sheet", 14),) if links.files else ()
    rows: list[Row] = []
    for rank, case in enumerate(cases, 1):
        stands = "not shown" if case.serious or case.is_thin else "nothing found"
        if case.needs_attention:
            stands = "act now" if case.actions else "look at it"
        if case.closed:
            stands = "closed"
        counts = [case.counts[outcome] for outcome in Outcome]
        worst = worst_of(case, rulebook)
        file = (links.of_sheet(case.id),) if more else ()
        about = rank, links.of_case(case.id), stands, len(case.actions)
        rows.append((*about, *counts, worst, case.manager, case.team, *file))
    return SheetContent(CASES, (*_CASE_COLUMNS, *more), rows)


_THEME_COLUMNS = (
    SheetColumn("Theme", 44),
    SheetColumn("Met", 10),
    SheetColumn("Of", 10),
    SheetColumn("Per cent met", 14),
)


def themes_sheet(themes: Sequence[ThemeLine], links: WorkbookLinks) -> SheetContent:
    """How much of each theme is met, in the rulebook's order; each leads to its criteria."""
    rows: list[Row] = [(links.of_theme(one.title), one.met, one.of, round(100 * one.met / one.of)) for one in themes]
    return SheetContent(THEMES, _THEME_COLUMNS, rows, "In no theme is anything decided yet.")


def criteria_sheet(screening: Screening, links: WorkbookLinks) -> SheetContent:
    """Every criterion over all cases, in the rulebook's order; each leads to the finding of it to look at first."""
    columns = (
        SheetColumn("Theme", 22),
        SheetColumn("Criterion", 44),
        SheetColumn("Met", 8),
        SheetColumn("Of", 8),
        SheetColumn("Proportion", 22),
        SheetColumn("Cases", 8),
        SheetColumn("Band", 12, of_bands(screening.rulebook.bands)),
        *(SheetColumn(outcome.value.capitalize(), 12) for outcome in BESIDE),
        SheetColumn("Severity", 10, SEVERITIES),
        SheetColumn("Question", 50),
        SheetColumn("Decided by", 12),
        SheetColumn("Source", 44),
        SheetColumn("Criterion id", 26),
        *_interval_columns(screening),
    )
    rulebook, rows = screening.rulebook, list[Row]()
    themes = {theme.id: theme.title for theme in rulebook.themes}
    bands = {band.id: band.label for band in rulebook.bands.bands}
    for rate in screening.rates:
        criterion = rulebook.criterion[rate.criterion]
        row = (
            themes[criterion.theme],
            links.of_criterion(criterion),
            rate.met,
            rate.of,
            proportion_in_words(rate.met, rate.of),
            rate.cases_known,
            bands.get(rate.band, rate.band),
            *(rate.count(outcome) for outcome in BESIDE),
            criterion.severity.value,
            criterion.question,
            "facts" if criterion.basis is Basis.EVIDENCE else "a reader",
            str(criterion.source),
            criterion.id,
            *_intervals(screening, criterion.id),
        )
        rows.append(row)
    return SheetContent(CRITERIA, columns, rows)


def _interval_columns(screening: Screening) -> tuple[SheetColumn, ...]:
    """The ends of the ranges for all cases that a sample was drawn from; nothing where there are none."""
    sample = screening.drawn
    if sample is None or not sample.met:
        return ()
    of = f"of all {sample.eligible:,}"
    return tuple(SheetColumn(f"{what}, {of}: {end}", 14) for what in ("Met", "Not met") for end in ("from", "to"))


def _intervals(screening: Screening, criterion: str) -> tuple[int, ...]:
    if screening.drawn is None or not screening.drawn.met:
        return ()
    met, not_met = screening.drawn.met[criterion], screening.drawn.not_met[criterion]
    return met.low, met.high, not_met.low, not_met.high


_FINDING_COLUMNS = (
    SheetColumn("Case", 11),
    SheetColumn("Manager", 13),
    SheetColumn("Team", 11),
    SheetColumn("Theme", 18),
    SheetColumn("Criterion", 30),
    SheetColumn("About", 10),
    SheetColumn("Outcome", 15, OUTCOMES),
    SheetColumn("Severity", 10, SEVERITIES),
    SheetColumn("Why", 44),
    SheetColumn("Facts and answers", 30),
    SheetColumn("Due", 13),
    SheetColumn("Owner", 13),
    SheetColumn("To put it right", 36),
    SheetColumn("Criterion id", 24),
    SheetColumn("Days late", 10),
)


def findings_sheet(screening: Screening, links: WorkbookLinks) -> SheetContent:
    """Every finding, in the screening's order; what there is to do leads to the figure of its criterion.

    Raises:
        CasescreenError: there are more than a sheet can hold.
    """
    count = len(screening.findings)
    if count >= MOST_ROWS:
        raise CasescreenError(
            f"The workbook cannot hold {count:,} findings: a sheet has {MOST_ROWS:,} rows, and one is for the titles.",
            why="a sheet that ends too soon looks complete.",
            advice="screen fewer cases at a time, or write the findings as csv, which has no such limit.",
        )
    more = () if screening.accepted is None else (SheetColumn("Accepted until", 13),)
    more = more if screening.drawn is None else (*more, SheetColumn("Drawn as", 13))
    return SheetContent(FINDINGS, (*_FINDING_COLUMNS, *more), _finding_rows(screening, links))


def _finding_rows(screening: Screening, links: WorkbookLinks) -> Iterator[Row]:
    themes = {theme.id: theme.title for theme in screening.rulebook.themes}
    for finding in screening.findings:
        criterion = screening.rulebook.criterion[finding.criterion]
        # Where nothing is left to do, nobody has it to do.
        settled = finding.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
        accepted = () if screening.accepted is None else (screening.accepted_until(finding),)
        yield (
            finding.case,
            screening.managers.get(finding.case, ""),
            screening.teams.get(finding.case, ""),
            themes[criterion.theme],
            links.of_finding(finding, criterion.title),
            finding.item,
            finding.outcome.value,
            "" if settled else finding.severity.value,
            finding.reason,
            doubts_in_a_line(finding),
            finding.due,
            "" if settled else finding.owner,
            "" if settled else finding.remedy,
            finding.criterion,
            finding.days_late or None,
            *accepted,
            *(() if screening.drawn is None else (screening.drawn.drawn_as(finding.case).value,)),
        )


_GROUP_COLUMNS = (
    SheetColumn("Group", 24),
    SheetColumn("Cases", 8),
    SheetColumn("Criterion", 44),
    SheetColumn("Measure", 12),
    SheetColumn("In the group", 10),
    SheetColumn("Of", 8),
    SheetColumn("In everyone else", 10),
    SheetColumn("Of everyone else", 10),
    SheetColumn("Difference in points", 12),
    SheetColumn("Ratio in per cent", 12),
    SheetColumn("Compared", 20, {TOO_FEW: Tone.QUIET}),
    SheetColumn("Criterion id", 26),
)


def groups_sheet(rulebook: Rulebook, split: Split) -> SheetContent:
    """Each group of a characteristic beside everyone else: a row for what is met, and one for what is not shown."""
    empty = "Nobody is there to compare with: all cases are in one group, or there are none."
    return SheetContent(GROUPS, _GROUP_COLUMNS, list(_group_rows(rulebook, split)), empty)


def _group_rows(rulebook: Rulebook, split: Split) -> Iterator[Row]:
    for group in split.groups if len(split.groups) > 1 else ():
        for one in group.figures:
            title = criterion_of(one, rulebook)
            for measure, pair in (("met", one.met), ("not shown", one.not_evidenced)):
                if pair is not None and pair.of + pair.others_of:
                    counts = (pair.count, pair.of, pair.others, pair.others_of)
                    points = None if pair.points is None else rounded(pair.points)
                    share = None if pair.ratio is None else rounded(100 * pair.ratio)
                    compared = "" if pair.ratio is not None else NO_RATIO if pair.comparable else TOO_FEW
                    about = (split.name_of(group.name), group.size, title, measure)
                    yield (*about, *counts, points, share, compared, one.criterion)


_WAIVER_COLUMNS = (
    SheetColumn("State", 20),
    SheetColumn("Case", 11),
    SheetColumn("Criterion", 30),
    SheetColumn("About", 10),
    SheetColumn("Accepts", 15, OUTCOMES),
    SheetColumn("From", 13),
    SheetColumn("Until", 13),
    SheetColumn("To know", 40),
    SheetColumn("Reason", 44),
    SheetColumn("By", 18),
    SheetColumn("Role", 18),
    SheetColumn("Given on", 13),
    SheetColumn("Evidence", 30),
    SheetColumn("Criterion id", 24),
)


def waivers_sheet(screening: Screening) -> SheetContent:
    """Every waiver and how it stands: those that somebody has to look at first."""
    return SheetContent(WAIVERS, _WAIVER_COLUMNS, _waiver_rows(screening), "There is no waiver.")


def _waiver_rows(screening: Screening) -> Iterator[Row]:
    for standing in () if screening.accepted is None else screening.accepted.waivers:
        one = standing.waiver
        known = screening.rulebook.criterion.get(one.criterion)
        title = one.criterion if known is None else known.title
        changed = "the rule has changed since: look again" if standing.rule_changed else ""
        to_know = "; ".join(filter(None, (standing.why, changed)))
        about = (one.case, title, one.item, one.accepts.value, one.begins, one.until, to_know)
        yield (state_in_words(standing.state), *about, *_written_by(one), one.criterion)


def _written_by(one: Waiver) -> tuple[Cell, ...]:
    return one.reason, one.by, one.role, one.on, one.evidence


_NOTE_COLUMNS = (
    SheetColumn("Sort", 20),
    SheetColumn("About", 34),
    SheetColumn("What is said", 70),
    SheetColumn("Status", 13, {Status.UNVERIFIED.value: Tone.DOUBT}),
    SheetColumn("Rests on, or comes from", 60),
)


def notes_sheet(screening: Screening, *, typed: bool = True) -> SheetContent:
    """Conclusions on the cases together, parameters, documents, what was left out, and the hashes."""
    return SheetContent(SHEET_OF_NOTES, _NOTE_COLUMNS, _note_rows(screening, typed=typed))


def _local_rows(rulebook: Rulebook) -> Iterator[Row]:
    """What is local, and which profile says so; nothing where nothing is."""
    if rulebook.profile is None:
        return
    yield ("local", "profile", local_hash_line(rulebook.profile, SHORT_HASH), "", "")
    if (moved := rulebook.profile.moved) is not None:
        yield ("local", "profile", moved_in_words(moved, rulebook.id), "", "")
    for about, here, before, why in local_lines(rulebook):
        yield ("local", about, f"{here} (in the rulebook: {before})" if before else here, "", why)


def _sample_rows(screening: Screening) -> Iterator[Row]:
    """What is said of the sample, but for its table, which stands beside the criteria; nothing where it is of none."""
    for block in sample_part(screening):
        lines = [block.text] if isinstance(block, Paragraph) else []
        lines += [item.text for item in block.items] if isinstance(block, Outline) else []
        yield from (("sample", "the sample", line, "", "") for line in lines)


def _note_rows(screening: Screening, *, typed: bool) -> Iterator[Row]:
    rulebook, bands = screening.rulebook, screening.rulebook.bands
    for conclusion in screening.conclusions:
        if conclusion.on is not Scope.CASE:
            everyone = conclusion.on is Scope.SAMPLE
            about = "all cases" if everyone else group_name(conclusion.on, conclusion.subject)
            said = " ".join(filter(None, (conclusion.says, conclusion.remedy, conclusion.note)))
            yield (conclusion.kind.value, about, said, "", "; ".join(conclusion.because))
    yield from _local_rows(rulebook)
    for parameter in rulebook.parameters.values():
        source = " ".join(filter(None, (f"{parameter.source}.", parameter.source.note)))
        yield ("parameter", parameter.label, parameter_in_words(parameter), parameter.status.value, source)
    yield ("bands", "bands of rates", bands_in_words(rulebook), bands.status.value, str(bands.source))
    for document in rulebook.documents.values():
        yield ("document", document.title, document.note, "", "")
    for one in screening.rejected:
        yield ("left out", f"case {in_words(one.case)}" if one.case else "a record", one.why, "", "")
    yield from _sample_rows(screening)
    for line in screening.assumed:
        yield ("taken for granted", "the tables", line, "", "")
    for case in screening.cases_not_begun:
        yield ("not begun", f"case {in_words(case)}", "set apart: it had not begun by the as-of date", "", "")
    for issue in screening.issues:
        advice = issue.problem.advice if typed else untyped(issue.problem.advice)
        yield (issue.kind.value, str(issue.problem.place), issue.problem.what, "", advice)
    yield ("made with", "rulebook", f"{rulebook.id}, version {rulebook.version}", "", f"hash {rulebook.hash}")
    yield from (("made with", "local holidays", line, "", "") for line in local_holidays_in_words(rulebook))
    yield ("made with", "cases", f"{len(screening.case_ids):,}", "", f"hash {screening.cases_hash}")
    yield ("made with", "inferences drawn by", screening.engine, "", "")
    if hint := text_not_shown(screening.quoting, typed=typed):
        yield ("made with", "text of the records", hint, "", "")
