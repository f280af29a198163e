"""Whether a findings file is what the rules find in the cases: alone, those of a sample, or with a reader's answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from attrs import frozen

from casescreen.cli.answers_used import answers_named
from casescreen.cli.screening_run import screened
from casescreen.files.content import decoded, read_bytes
from casescreen.history.findings_file import MOST_BYTES, read_run, run_of
from casescreen.model.case import Caseload
from casescreen.model.change import ScreeningRun
from casescreen.model.problem import CasescreenError, Place, Problem, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sample import SampleRecord
from casescreen.model.screening import Quoting, Screening
from casescreen.model.sign_off import ChangedFinding
from casescreen.report.formats.json import figures_as_json
from casescreen.report.wording import SHORT_HASH
from casescreen.review.answers_in_use import NamedAnswers
from casescreen.review.sample_record import read_sample_record
from casescreen.review.sample_screening import of_sample, screened_sample
from casescreen.review.signed_subjects import SignedFiles, findings_content
from casescreen.review.verification import changed_findings
from casescreen.syntax.json_parser import read_json
from casescreen.text import in_words, visible

_MOST_NAMED = 3
_CHANGED = "The file was changed, or is of another version."
_RATES = ("rates", "rates_by_manager", "rates_by_team")
_OF_CONCLUSION = ("id", "on", "subject", "kind", "says", "severity", "remedy", "note", "findings", "rates")


def own_findings(path: Path) -> ScreeningRun:
    """The findings, which are no copy with pseudonyms.

    Raises:
        CasescreenError: they are, or the file holds none.
    """
    run = read_run(str(path))
    if run.pseudonyms:
        raise CasescreenError(
            f"{visible(str(path))} has pseudonyms.",
            why="whose findings they are could not be held against the cases.",
            advice="name the findings that it was made of, and this copy with --also.",
        )
    return run


@frozen
class _CasesFound:
    """The cases that findings can be of.

    Attributes:
        caseload: all of them, with a reader's answers where those were used.
        record: the sample whose cases alone were screened; None where all were.
    """

    caseload: Caseload
    record: SampleRecord | None

    @property
    def hash(self) -> str:
        """That of the cases that were screened."""
        return self.caseload.hash if self.record is None else of_sample(self.caseload, self.record)[0].hash

    def screened(self, rulebook: Rulebook, as_of: date) -> Screening:
        """What the rules find in them."""

        def screen(cases: Caseload) -> Screening:
            return screened(rulebook, cases, as_of, "auto", Quoting.REFERENCES)

        return screen(self.caseload) if self.record is None else screened_sample(self.caseload, self.record, screen)


def check_found(run: ScreeningRun, rulebook: Rulebook, caseload: Caseload, files: SignedFiles, taken_on: date) -> None:
    """Hold that the findings are what these rules find in these cases, or in those of the sample or with the answers.

    Raises:
        ProblemsError: they are not; with all that differs.
    """
    place, problems = Place(str(files.findings)), []
    if (run.rulebook, run.rulebook_hash) != (rulebook.id, rulebook.hash):
        what = (
            f"the findings are by rules {visible(run.rulebook)}, hash {visible(run.rulebook_hash[:SHORT_HASH])}, and "
            f"those named are {rulebook.id}, hash {rulebook.hash[:SHORT_HASH]}"
        )
        advice = "Name the same --rules, --profile, --set and --holiday as for check, or run check again."
        problems.append(Problem(place, what, advice))
    possible = _possible(run, rulebook, caseload, files, taken_on)
    found = next((one for one in possible if one.hash == run.cases_hash), None)
    if found is None:
        what = (
            f"the findings are of cases with the hash {visible(run.cases_hash[:SHORT_HASH])}, and those named have "
            f"{caseload.hash[:SHORT_HASH]}"
        )
        advice = (
            "Name the same cases, --sample, --answers, --moderated, --mapping and --taken-on as for check. If the "
            "cases have changed since, run check again."
        )
        problems.append(Problem(place, what, advice, "It would be signed that these cases were found so."))
    if found is not None and not problems:
        problems += _others_found(run, place, found.screened(rulebook, run.as_of))
    if problems:
        raise ProblemsError(problems)


def _possible(
    run: ScreeningRun, rulebook: Rulebook, caseload: Caseload, files: SignedFiles, taken_on: date
) -> Iterator[_CasesFound]:
    """The cases that the findings can be of: each file of answers used or not, and the sample's cases alone or all."""
    record = None if files.sample is None else read_sample_record(files.sample)
    for answers in (None, *_answers(run, rulebook, files, taken_on)):
        cases = caseload if answers is None else answers.put_into(caseload)
        yield _CasesFound(cases, None)
        if record is not None:
            yield _CasesFound(cases, record)


def _answers(run: ScreeningRun, rulebook: Rulebook, files: SignedFiles, taken_on: date) -> Iterator[NamedAnswers]:
    days = (run.as_of, taken_on)
    for file in files.answers:
        yield answers_named(file, None, rulebook, days)
        if files.moderated is not None:
            with suppress(CasescreenError):  # it is of other answers; that it is sound is held where it is signed
                yield answers_named(file, files.moderated, rulebook, days)


def _others_found(run: ScreeningRun, place: Place, screening: Screening) -> Iterator[Problem]:
    """What is wrong where something else is found."""
    now = run_of(screening)
    if findings_content(now) != findings_content(run):
        what = f"these rules do not find this in these cases as at {in_words(run.as_of)}"
        differ = changed_findings(run, now)
        what += f": {'; '.join(map(_differs, differ[:_MOST_NAMED]))}" if differ else ""
        advice = "Run check again, with the same --as-of, and sign what it finds."
        yield Problem(place, what, advice, _CHANGED)
    elif _figures(_content(place.file)) != _figures(figures_as_json(screening)):
        what = "its rates or conclusions are not those of its findings"
        advice = "Run check again, with the same --as-of, and sign what it writes."
        yield Problem(place, what, advice, _CHANGED)


def _content(file: str) -> object:
    """What stands in a findings file, which has been read before."""
    data = read_bytes(file, MOST_BYTES)
    text = data if isinstance(data, Problem) else decoded(data)
    return read_json(text) if isinstance(text, str) else None


def _figures(content: object) -> list[object]:
    """The rates and conclusions of a file, but for what its readers were quoted of records, and what is accepted."""
    group = content if isinstance(content, dict) else {}
    conclusions = group.get("conclusions")
    each = conclusions if isinstance(conclusions, list) else [conclusions]
    said = [[one.get(key) for key in _OF_CONCLUSION] if isinstance(one, dict) else one for one in each]
    return [*(group.get(name) for name in _RATES), said]


def _differs(one: ChangedFinding) -> str:
    return f"{visible(one.case)}, {visible(one.criterion)} is {one.now}, and the file says {one.then}"
