"""The questions that wait for a reader, with what the record says beside them, and the answers that are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from casescreen.cases.documents import ParsedDocument, Record
from casescreen.cases.record_reader import read_record
from casescreen.cases.schema import record_schema
from casescreen.evaluate.case_summary import CaseSummary, case_summaries
from casescreen.evaluate.findings import Explanation
from casescreen.model.case import ANSWERS, Answer, Case
from casescreen.model.condition import Truth
from casescreen.model.dictionary import Kind
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Finding, Proof, Reading
from casescreen.page import page_json
from casescreen.page.page_json import Arguments
from casescreen.page.screened_cases import ScreenedCases, item_label, no_such_case
from casescreen.text import counted, in_words, visible

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
_ANSWERS: Mapping[str, str] = {YES: "yes", NO: "no", NOT_APPLICABLE: "n/a"}
_CALLED = {answer: name for name, answer in _ANSWERS.items()}
_FLAGS = {Truth.TRUE: "", Truth.FALSE: "Not so: ", Truth.UNKNOWN: "Cannot be told: "}
_MOST_FACTS = 60


def cases_waiting(screened: ScreenedCases) -> page_json.JsonObject:
    """The cases in which a question waits for a reader or was answered by one, the worst first; closed ones last."""
    screening = screened.screening()
    of_case: dict[str, list[Finding]] = {}
    for finding in screening.findings:
        if _is_for_readers(finding):
            of_case.setdefault(finding.case, []).append(finding)
    waiting = sum(one.outcome is Outcome.NEEDS_JUDGEMENT for each in of_case.values() for one in each)
    cases = [_case(one, of_case[one.id]) for one in case_summaries(screening) if one.id in of_case]
    open_ = sum(bool(one["waiting"]) for one in cases)
    words = f"{counted(waiting, 'question waits', 'questions wait')} for a reader, in {counted(open_, 'case')}."
    return {"words": words, "waiting": waiting, **page_json.first("cases", cases, dict, most=len(cases))}


def _case(summary: CaseSummary, asked: list[Finding]) -> page_json.JsonObject:
    return {
        "case": summary.id,
        "owner": visible(summary.manager),
        "team": visible(summary.team),
        "closed": summary.closed,
        "waiting": sum(one.outcome is Outcome.NEEDS_JUDGEMENT for one in asked),
        "answered": sum(one.standing.answer is not ReadersAnswer.NONE for one in asked),
    }


def _is_for_readers(finding: Finding) -> bool:
    """Whether a reader decides it, and it is asked of the case."""
    return finding.standing.basis is Basis.JUDGEMENT and finding.standing.applies is Truth.TRUE


def questions_of(screened: ScreenedCases, case_id: str) -> page_json.JsonObject:
    """What a reader is asked about a case, with what is recorded beside each question.

    Raises:
        CasescreenError: there is no such case.
    """
    case, screening = screened.one(case_id)
    asked = [finding for finding in screening.findings if _is_for_readers(finding)]
    answers = {(answer.criterion, answer.item): answer for answer in case.answers}
    questions = [
        _question(screened, case, finding, answers.get((finding.criterion, finding.item))) for finding in asked
    ]
    return {
        "case": case.id,
        "owner": visible(screening.managers.get(case.id, "")),
        "team": visible(screening.teams.get(case.id, "")),
        "waiting": sum(one.outcome is Outcome.NEEDS_JUDGEMENT for one in asked),
        **page_json.first("facts", [*_facts_of_case(case, screening.rulebook)], dict, _MOST_FACTS),
        "questions": questions,
    }


def _question(screened: ScreenedCases, case: Case, finding: Finding, answer: Answer | None) -> page_json.JsonObject:
    rulebook = screened.reading.rulebook
    criterion, explanation = rulebook.criterion[finding.criterion], screened.explanation(case, finding)
    return {
        "criterion": criterion.id,
        "item": finding.item,
        "item_label": item_label(finding, rulebook),
        "title": criterion.title,
        "question": criterion.question,
        "help": criterion.help,
        "severity": criterion.severity.value,
        "source": str(criterion.source),
        "outcome": finding.outcome.value,
        "waits": finding.outcome is Outcome.NEEDS_JUDGEMENT,
        "due": None if finding.due is None else finding.due.isoformat(),
        "facts": [*_facts_of(explanation)],
        "flags": [*_flags_of(explanation)],
        "answer": None if answer is None else _answer(answer),
        "allowed": [*_ANSWERS],
        "needs_reason": [NOT_APPLICABLE],
    }


def _answer(answer: Answer) -> page_json.JsonObject:
    on = None if answer.answered_on is None else answer.answered_on.isoformat()
    name, reader, source = _CALLED[answer.answer.value], visible(answer.reader), visible(answer.source)
    return {"answer": name, "reason": _visible_lines(answer.reason), "by": reader, "on": on, "source": source}


def _visible_lines(text: str) -> str:
    """All of a text that can be kept again as it is shown, with its line breaks."""
    return "\n".join(visible(line, len(line)) for line in text.splitlines())


def _facts_of_case(case: Case, rulebook: Rulebook) -> Iterator[page_json.JsonObject]:
    """What the record says of the case itself, but for text that somebody wrote."""
    for name, field in rulebook.dictionary.fields.items():
        value = case.fields.get(name)
        if value is not None and (field.kind is not Kind.TEXT or name in rulebook.roles.fields):
            yield {"label": field.label, "value": in_words(value)}


def _facts_of(explanation: Explanation) -> Iterator[page_json.JsonObject]:
    """What was read to ask the question and to raise flags beside it, each once."""
    proofs = (explanation.applies, explanation.met, *(proof for _, proof in explanation.flags))
    readings = [one for proof in proofs if proof is not None for one in _readings(proof)]
    for one in dict.fromkeys((reading.field, reading.value) for reading in readings):
        field, value = one
        yield {"label": field.label, "value": "not recorded" if value is None else in_words(value)}


def _readings(proof: Proof) -> Iterator[Reading]:
    yield from proof.readings
    for part in (*proof.parts, *filter(None, (proof.where,))):
        yield from _readings(part)


def _flags_of(explanation: Explanation) -> Iterator[page_json.JsonObject]:
    for says, proof in explanation.flags:
        yield {"says": f"{_FLAGS[proof.truth]}{says}", "raised": proof.truth is Truth.TRUE}


def answer(screened: ScreenedCases, arguments: Arguments) -> page_json.JsonObject:
    """Keep an answer, or take one away; and what is kept now.

    Raises:
        CasescreenError: there is no such question, or it cannot be answered so.
    """
    case_id, about = arguments.text("case"), (arguments.text("criterion"), arguments.text("item", ""))
    case = screened.cases.get(case_id)
    if case is None:
        raise no_such_case(case_id)
    _check_asked(screened, case, about)
    given = arguments.text("answer", "")
    answers = [one for one in case.answers if (one.criterion, one.item) != about]
    if given:
        answers.append(_read(screened, case, about, arguments))
    changed = evolve(case, answers=tuple(answers))
    screened.replace(changed)
    kept = {(one.criterion, one.item): one for one in changed.answers}.get(about)
    return {
        "case": case_id,
        "criterion": about[0],
        "item": about[1],
        "answer": None if kept is None else _answer(kept),
        "answered": len(changed.answers),
    }


def _check_asked(screened: ScreenedCases, case: Case, about: tuple[str, str]) -> None:
    _, screening = screened.one(case.id)
    if about not in {(one.criterion, one.item) for one in screening.findings if _is_for_readers(one)}:
        raise CasescreenError(
            f'No such question waits for a reader in case "{visible(case.id)}".', advice="read the files again."
        )


def _read(screened: ScreenedCases, case: Case, about: tuple[str, str], arguments: Arguments) -> Answer:
    """The answer, as the reader of records reads it."""
    reading, given = screened.reading, arguments.text("answer")
    written = {
        "criterion": about[0],
        "item": about[1],
        "answer": _ANSWERS.get(given, given),
        "reason": arguments.text("reason", "").strip(),
        "reader": arguments.text("by", "").strip(),
        "answered_on": arguments.text("on", ""),
        "source": arguments.text("source", ""),
    }
    content = {"case": {"id": case.id}, ANSWERS: [{name: text for name, text in written.items() if text}]}
    rulebook = reading.rulebook
    schema = record_schema(rulebook.dictionary, rulebook.answerable, reading.asked.taken_on, strict=True)
    record = Record(ParsedDocument("the answer", "", dates_as_text=True), (), 0, content)
    read = read_record(record, schema)
    if read.case is None:
        raise ProblemsError(read.problems)
    return read.case.answers[0]
