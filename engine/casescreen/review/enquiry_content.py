"""What stands on the enquiry sheet of each case: facts, lines of enquiry and questions, and no earlier judgement.

What readers answered is taken out of the cases before they are screened, so nothing that follows from it can show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from casescreen.api import screen
from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.evaluate.preparation import RecordPreparer
from casescreen.model.case import ANSWERS, Case, Caseload
from casescreen.model.condition import Truth
from casescreen.model.outcome import Basis, Outcome
from casescreen.model.rulebook import Rulebook, Severity
from casescreen.model.screening import DataIssue, Finding, IssueKind, Quoting, Screening
from casescreen.report.wording import title_of, wrong_in_words
from casescreen.review.case_facts import CaseFacts
from casescreen.review.enquiry import EnquiryLine, EnquirySheet, LineKind, SheetOrigin, SheetQuestion
from casescreen.review.timeline import Timeline, TimelineEvent
from casescreen.text import counted, in_words

_FALLS_DUE = "falls due"
_LOOK = "Look in the file. If it was done, it has only to be recorded; if not, it has still to be done."
_CHECK = "Look at the record, and correct it."
_MOST_ISSUES = 12
_MOST_ASKED = 200
"""So many questions and so many lines stand on a sheet: a record of very many rows would make hundreds of pages."""

_SEVERITIES = tuple(Severity)


def without_judgements(case: Case) -> Case:
    """The case as nobody has judged it: without what readers answered, and without what is wrong with it."""
    return evolve(case, answers=(), unreadable=tuple(one for one in case.unreadable if one.path[0] != ANSWERS))


@frozen
class Enquiry:
    """The sheets of some cases.

    Attributes:
        sheets: in the order of the cases.
        not_begun: the ids of the cases that had not begun by the as-of date: they have no sheet.
    """

    sheets: tuple[EnquirySheet, ...]
    not_begun: tuple[str, ...] = ()


def enquiry(
    rulebook: Rulebook,
    cases: Iterable[Case],
    as_of: date,
    *,
    sample: str = "",
    reader: str = "",
    quoting: Quoting = Quoting.REFERENCES,
    progress: Callable[[int], None] | None = None,
) -> Enquiry:
    """The sheets of the cases, as at a day.

    Args:
        rulebook: what is asked.
        cases: the cases, in the order that their sheets are to have.
        as_of: the day.
        sample: the hash of the sample record that they were drawn by, if they were.
        reader: who is to read them; "" where that is left for them to fill in.
        quoting: how much of what somebody wrote in a record is shown.
        progress: called before each case with the number done.

    Raises:
        CasescreenError: the calendar does not cover the as-of date.
    """
    unjudged = tuple(map(without_judgements, cases))
    screening = screen(rulebook, Caseload(unjudged, ""), as_of=as_of, quoting=quoting, progress=progress)
    origin = SheetOrigin("", rulebook.id, rulebook.hash, as_of, sample, reader)
    making = _Sheets(screening, origin)
    return Enquiry(
        tuple(making.of_case(case) for case in unjudged if case.id in making.summaries), screening.cases_not_begun
    )


class _Sheets:
    """Makes the sheets of the cases of one screening, which nobody has judged."""

    def __init__(self, screening: Screening, origin: SheetOrigin) -> None:
        self._rulebook, self._origin = screening.rulebook, origin
        self._preparer = RecordPreparer(screening.rulebook, origin.as_of)
        self._facts = CaseFacts(screening.rulebook, screening.quoting)
        self.summaries = {summary.id: summary for summary in case_summaries(screening)}
        self._findings: Mapping[str, list[Finding]] = defaultdict(list)
        self._issues: Mapping[str, list[DataIssue]] = defaultdict(list)
        for finding in screening.findings:
            self._findings[finding.case].append(finding)
        for issue in screening.issues:
            self._issues[issue.case].append(issue)
        self._themes = {theme.id: theme.title for theme in screening.rulebook.themes}

    def of_case(self, read: Case) -> EnquirySheet:
        """The sheet of a case."""
        case, findings = self._preparer.prepare(read).case, self._findings[read.id]
        questions = [one for one in findings if _is_for_readers(one)]
        lines = sorted(self._lines(self.summaries[read.id], findings), key=_urgency)
        beyond = max(len(questions) - _MOST_ASKED, 0) + max(len(lines) - _MOST_ASKED, 0)
        return EnquirySheet(
            evolve(self._origin, case=read.id),
            f"{self._rulebook.title} (version {self._rulebook.version})",
            self._facts.head(case),
            self._facts.groups(case),
            self._timeline(case, findings),
            (*lines[:_MOST_ASKED], *self._of_the_record(self._issues[read.id])),
            tuple(self._question(number, one) for number, one in enumerate(questions[:_MOST_ASKED], 1)),
            (*([f"Left out, as a sheet has no room for more: {beyond:,}."] if beyond else []), *self._beside(findings)),
        )

    def _lines(self, summary: CaseSummary, findings: Iterable[Finding]) -> Iterator[EnquiryLine]:
        for one in summary.actions:
            yield EnquiryLine(LineKind.ACT, one.severity.value, one.says, "", one.remedy)
        for finding in findings:
            if finding.outcome is Outcome.NOT_MET:
                yield self._line(LineKind.NOT_MET, finding, wrong_in_words(finding, self._rulebook), finding.remedy)
            elif _is_serious_and_open(finding):
                says = f"Not recorded: {title_of(finding, self._rulebook)}."
                yield self._line(LineKind.NOT_RECORDED, finding, says, _LOOK)

    def _line(self, kind: LineKind, finding: Finding, says: str, settles: str) -> EnquiryLine:
        question = self._rulebook.criterion[finding.criterion].question
        severity, about = finding.severity.value, (finding.criterion, finding.item)
        return EnquiryLine(kind, severity, says, finding.reason, settles, *about, question)

    def _of_the_record(self, issues: Iterable[DataIssue]) -> Iterator[EnquiryLine]:
        """What in the record cannot be read, is not believed or is unusual, the most serious first."""
        each = [one for one in issues if one.kind is not IssueKind.LEFT_ASIDE]
        each.sort(key=lambda one: len(_SEVERITIES) if one.severity is None else _SEVERITIES.index(one.severity))
        for one in each[:_MOST_ISSUES]:
            what = one.problem.what
            says = f"{what[:1].upper()}{what[1:]}".rstrip(".") + f" ({one.kind.value})."
            severity = "" if one.severity is None else one.severity.value
            yield EnquiryLine(LineKind.RECORD, severity, says, "", one.problem.advice or _CHECK)
        if more := len(each) - len(each[:_MOST_ISSUES]):
            says = f"There is more to check in this record: {counted(more, 'value')}."
            yield EnquiryLine(LineKind.RECORD, "", says, "", "casescreen check lists them all.")

    def _question(self, number: int, finding: Finding) -> SheetQuestion:
        criterion = self._rulebook.criterion[finding.criterion]
        tables = self._rulebook.dictionary.tables
        about = "" if criterion.per is None else f"{tables[criterion.per.table].one} {finding.item}"
        due = finding.due if finding.outcome is Outcome.NOT_YET_DUE else None
        flags, theme = tuple(flag.says for flag in finding.flags), self._themes[criterion.theme]
        words = (theme, criterion.question, about, criterion.help)
        return SheetQuestion(number, criterion.id, finding.item, *words, flags, due)

    def _timeline(self, case: Case, findings: Iterable[Finding]) -> Timeline:
        events = [*self._facts.events(case)]
        ahead = [one for one in findings if one.outcome is Outcome.NOT_YET_DUE and one.due is not None]
        lanes = self._rulebook.dictionary.lanes
        for one in ahead:
            assert one.due is not None
            short = self._rulebook.criterion[one.criterion].short or title_of(one, self._rulebook)
            events.append(TimelineEvent(one.due, len(lanes), short, is_due=True))
        named = (*lanes, _FALLS_DUE) if ahead else lanes
        return Timeline(named, tuple(sorted(events, key=lambda event: event.day)), self._origin.as_of)

    def _beside(self, findings: Sequence[Finding]) -> Iterator[str]:
        """What is not asked on the sheet: what facts decide, what is less serious and open, and what does not apply."""
        rest = [one for one in findings if not _is_for_readers(one) and not _is_serious_and_open(one)]
        for outcome, says in (
            (Outcome.MET, "The facts show as met"),
            (Outcome.NOT_YET_DUE, "Not yet due"),
            (Outcome.NOT_EVIDENCED, "Not recorded either, and less serious"),
        ):
            of_it = [one for one in rest if one.outcome is outcome]
            if of_it:
                yield f"{says} ({len(of_it):,}): {'; '.join(dict.fromkeys(map(self._short, of_it)))}."
        if number := sum(one.outcome is Outcome.NOT_APPLICABLE for one in rest):
            yield f"Left out, as {counted(number, 'question does', 'questions do')} not apply to this case."

    def _short(self, finding: Finding) -> str:
        criterion = self._rulebook.criterion[finding.criterion]
        by = f" by {in_words(finding.due)}" if finding.outcome is Outcome.NOT_YET_DUE and finding.due else ""
        return f"{criterion.short or criterion.title}{by}"


def _is_for_readers(finding: Finding) -> bool:
    """Whether a reader decides it, and it is certain that it is asked."""
    return finding.standing.basis is Basis.JUDGEMENT and finding.standing.applies is Truth.TRUE


def _is_serious_and_open(finding: Finding) -> bool:
    return finding.outcome is Outcome.NOT_EVIDENCED and finding.severity is Severity.HIGH


def _urgency(line: EnquiryLine) -> tuple[bool, int, int]:
    """What calls for action first, then by severity; of one severity, what is not met before what is not recorded."""
    severity = [one.value for one in _SEVERITIES].index(line.severity)
    return line.kind is not LineKind.ACT, severity, tuple(LineKind).index(line.kind)
