"""What was found in the cases that were read, with the answers that were given since."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from attrs import define, evolve

from casescreen.cases.mapping.suggestion_text import with_suggestions
from casescreen.cases.schema import hash_of
from casescreen.evaluate.findings import Explanation, explain
from casescreen.evaluate.screening import screen
from casescreen.history.comparison import compare
from casescreen.history.findings_file import run_of
from casescreen.model.case import Case, Caseload
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, untyped
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Quoting, Screening, Summary
from casescreen.page import page_json
from casescreen.page.files_read import FilesRead
from casescreen.report.at_a_glance import at_a_glance
from casescreen.report.finding_explanation import proof_in_words, sentences_of
from casescreen.report.formats.json import glance_as_json
from casescreen.report.formats.registry import FORMATS, Options
from casescreen.report.sections.first_words import Ways, first_words
from casescreen.text import counted, in_words, visible

Progress = Callable[[str, int, int], None]

_HERE = Ways("the report", "see the report", "", "look at what was read, and confirm them")
_EVERY = 10
_Result = TypeVar("_Result", bound=Summary)
_WIDTH = 100


@define(eq=False)
class ScreenedCases:
    """The cases of one reading and what was found in them; screened again when an answer changes them.

    Attributes:
        cases: by id, with all answers.
    """

    reading: FilesRead
    progress: Progress
    cases: dict[str, Case]
    _screenings: dict[Quoting, Screening]
    _last: tuple[Case, Screening] | None = None

    @classmethod
    def of(cls, reading: FilesRead, progress: Progress) -> ScreenedCases:
        """Nothing screened yet."""
        return cls(reading, progress, {case.id: case for case in reading.caseload.cases}, {})

    @property
    def caseload(self) -> Caseload:
        """The caseload with the answers that were given."""
        cases = tuple(self.cases.values())
        read = self.reading.caseload
        return read if cases == read.cases else evolve(read, cases=cases, hash=hash_of(cases))

    def replace(self, case: Case) -> None:
        """Put a case with other answers in place of the same one."""
        self.cases[case.id] = case
        self._screenings.clear()

    def screening(self, quoting: Quoting = Quoting.REFERENCES) -> Screening:
        """What was found."""
        if quoting not in self._screenings:
            self._screenings[quoting] = self._screen(self.caseload, quoting)
        return self._screenings[quoting]

    def _screen(self, caseload: Caseload, quoting: Quoting) -> Screening:
        reading, whole = self.reading, len(caseload.cases)

        def report(done: int) -> None:
            if done % _EVERY == 0:
                self.progress("Screening the cases", done, whole)

        found = screen(
            reading.rulebook, caseload, as_of=reading.asked.as_of, engine="plain", quoting=quoting, progress=report
        )
        self.progress("Screening the cases", whole, whole)
        found = self._with_waivers(found)
        if reading.answered is not None:
            found = reading.answered.beside(found, reading.before)
        if reading.earlier is not None and found.case_ids and quoting is not Quoting.NOTHING:
            found = evolve(found, changes=compare(reading.earlier, run_of(found)))
        if not reading.needs_confirmation:
            return found
        named = with_suggestions(found, reading.suggestions, named=quoting is not Quoting.NOTHING)
        assert isinstance(named, Screening)
        return named

    def _with_waivers(self, found: Screening, of_case: str | None = None) -> Screening:
        """The same, with what is accepted beside it, of all cases or of one; as it is where nobody accepts anything."""
        waivers = self.reading.waivers
        if waivers is None:
            return found
        from casescreen.evaluate.acceptance import with_waivers  # noqa: PLC0415 - most have none: start-up time

        return with_waivers(found, (one for one in waivers if of_case in {None, one.case}))

    def one(self, case_id: str) -> tuple[Case, Screening]:
        """A case as it was read and answered, and what is found in it alone.

        Raises:
            CasescreenError: there is no such case.
        """
        case = self.cases.get(case_id)
        if case is None:
            raise no_such_case(case_id)
        if self._last is None or self._last[0] is not case:
            reading = self.reading
            found = screen(reading.rulebook, Caseload((case,), ""), as_of=reading.asked.as_of, engine="plain")
            self._last = case, self._with_waivers(found, case_id)
        return self._last

    def explanation(self, case: Case, finding: Finding) -> Explanation:
        """Why a finding of a case is what it is."""
        return explain(self.reading.rulebook, case, finding, self.reading.asked.as_of)


def no_such_case(case_id: str) -> CasescreenError:
    """The error of a page that asks for a case that is not there."""
    return CasescreenError(
        f'There is no case "{visible(case_id)}" among those that were read.',
        advice="choose a case from the list, or read the files again if you chose others since.",
    )


def what_was_found(screened: ScreenedCases) -> page_json.JsonObject:
    """The first screen, and the report as a page."""
    screening = screened.screening()
    screened.progress("Making the report", 0, 1)
    html = FORMATS["html"].render(for_who_types_nothing(screening), Options(typed=False))
    screened.progress("Making the report", 1, 1)
    waiting = sum(one.outcome is Outcome.NEEDS_JUDGEMENT for one in screening.findings)
    rulebook = screening.rulebook
    return {
        "first_screen": {"at_a_glance": glance_as_json(screening), **_first_words(screening)},
        "words": _in_words(screening),
        "report_html": html,
        "waiting": waiting,
        "cases": [*screening.case_ids],
        "criteria": [{"id": one.id, "title": one.title, "short": one.short} for one in rulebook.criteria],
        "counts": {outcome.value: sum(one.outcome is outcome for one in screening.findings) for outcome in Outcome},
    }


def for_who_types_nothing(result: _Result) -> _Result:
    """The same, naming no command in what was taken for granted."""
    return evolve(result, assumed=tuple(map(untyped, result.assumed)))


def _first_words(screening: Screening) -> page_json.JsonObject:
    """What the first screen says, each with its label and whether it is urgent, open, fine or plain."""
    words = first_words(screening, at_a_glance(screening), _HERE)
    return {
        name: [{"label": one.label, "text": one.text, "tone": one.tone.name.lower()} for one in several]
        for name, several in (("stands", words.stands), ("notes", words.notes), ("figures", words.figures))
    }


def _in_words(screening: Screening) -> str:
    glance = at_a_glance(screening)
    acting = len(glance.act_now)
    now = f"{counted(acting, 'case calls', 'cases call')} for action now" if acting else "no case calls for action now"
    return (
        f"{counted(screening.cases, 'case was', 'cases were')} screened: {now}; "
        f"{glance.open_questions or 0:,} of {counted(glance.questions or 0, 'question')} cannot be told yet."
    )


def why(screened: ScreenedCases, case_id: str, criterion_id: str) -> page_json.JsonObject:
    """Why the findings of one criterion on a case are what they are: in sentences, and the whole proofs.

    Raises:
        CasescreenError: there is no such case, or no such criterion.
    """
    case, screening = screened.one(case_id)
    criterion = screening.rulebook.criterion.get(criterion_id)
    if criterion is None:
        raise CasescreenError(
            f'There is no question "{visible(criterion_id)}" in these rules.',
            advice="choose a question from the list, or read the files again if you chose other rules since.",
        )
    findings = [
        {
            "item": finding.item,
            "item_label": item_label(finding, screening.rulebook),
            "outcome": finding.outcome.value,
            "sentences": [*sentences_of(finding, screening.rulebook)],
            "proof": proof_in_words(screening, screened.explanation(case, finding), _WIDTH),
        }
        for finding in screening.findings
        if finding.criterion == criterion_id
    ]
    words = "" if findings else f"It was not asked of case {in_words(case_id)}."
    return {"case": case_id, "criterion": criterion_id, "title": criterion.title, "words": words, "findings": findings}


def item_label(finding: Finding, rulebook: Rulebook) -> str:
    """What the row is called that a finding is about; "" where it is about the case."""
    per = rulebook.criterion[finding.criterion].per
    return f"{rulebook.dictionary.tables[per.table].one}: {in_words(finding.item)}" if per and finding.item else ""
