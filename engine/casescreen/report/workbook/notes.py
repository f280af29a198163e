"""The sheet of notes: what was concluded, the numbers that were used and whose they are, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.conditions.description import parameter_in_words
from casescreen.model.rulebook import Rulebook, Scope, Status
from casescreen.model.screening import Screening
from casescreen.report.naming import group_name, text_not_shown
from casescreen.report.parameters import bands_in_words
from casescreen.report.workbook.sheet import Column, Row, Sheet, Tone

_STATUSES = {Status.UNVERIFIED.value: Tone.DOUBT}
_NOTE_COLUMNS = (
    Column("Sort", 20),
    Column("About", 34),
    Column("What is said", 70),
    Column("Status", 13, _STATUSES),
    Column("Rests on, or comes from", 60),
)


def notes_sheet(screening: Screening) -> Sheet:
    """Conclusions on the cases together, parameters, documents, what was left out, and the hashes."""
    return Sheet("Notes", _NOTE_COLUMNS, _note_rows(screening))


def _note_rows(screening: Screening) -> Iterator[Row]:
    yield from _concluded(screening)
    yield from _numbers(screening.rulebook)
    for document in screening.rulebook.documents.values():
        yield ("document", document.title, document.note, "", "")
    for problem in screening.problems:
        yield ("left out", str(problem.place), problem.what, "", problem.advice)
    yield from _made(screening)


def _concluded(screening: Screening) -> Iterator[Row]:
    for conclusion in screening.conclusions:
        if conclusion.on is not Scope.CASE:
            everyone = conclusion.on is Scope.SAMPLE
            about = "all cases" if everyone else group_name(conclusion.on, conclusion.subject)
            said = " ".join(part for part in (conclusion.says, conclusion.remedy, conclusion.note) if part)
            yield (conclusion.kind.value, about, said, "", "; ".join(conclusion.because))


def _numbers(rulebook: Rulebook) -> Iterator[Row]:
    for parameter in rulebook.parameters.values():
        source = " ".join(part for part in (f"{parameter.source}.", parameter.source.note) if part)
        yield ("parameter", parameter.label, parameter_in_words(parameter), parameter.status.value, source)
    bands = rulebook.bands
    yield ("bands", "bands of rates", bands_in_words(bands), bands.status.value, str(bands.source))


def _made(screening: Screening) -> Iterator[Row]:
    rulebook = screening.rulebook
    yield ("made with", "rulebook", f"{rulebook.id}, version {rulebook.version}", "", f"hash {rulebook.hash}")
    yield ("made with", "cases", f"{len(screening.case_ids):,}", "", f"hash {screening.cases_hash}")
    yield ("made with", "inferences drawn by", screening.engine, "", "")
    if hint := text_not_shown(screening.quoting):
        yield ("made with", "text of the records", hint, "", "")
