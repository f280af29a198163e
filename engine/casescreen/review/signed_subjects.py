"""What is signed, as it is on the disk now: the digest of each thing, and of what it says.

What the digest of a content is over, so that another program can work it out, docs/adr/0023 has as well:

- rules: the rulebook's hash, as it is in force, with profiles, settings and local holidays laid over it;
- profile, mapping, waivers: all that the TOML says, as JSON with sorted keys;
- cases: the hash of the cases, as reports have it; of one file, of the cases that are read from it alone, and of a
  table whose rows belong to the cases of another file, of all of them;
- findings: of every finding its case, criterion, row, outcome, severity, owner, deadline and days late; the day, the
  rulebook's id, which cases there are, who manages them, which are closed and which could not be used. Neither words,
  nor what is accepted, nor the version that wrote them enters it;
- answers: the reader, the cases and the answers; moderated: each answer, by whom, when and why, and both readers';
  sample: the hash of its record; documents: nothing, their bytes count.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from attrs import evolve, frozen

from casescreen.cases.mapping.load import shipped_mappings
from casescreen.cases.schema import canonical, hash_of
from casescreen.files.content import STANDARD_INPUT, hash_of_file, read_text
from casescreen.files.discovery import Search, find_files
from casescreen.history.findings_file import read_run
from casescreen.model.answer_set import AnswerSet, ModeratedAnswer
from casescreen.model.case import Case, Caseload
from casescreen.model.change import ScreeningRun
from casescreen.model.problem import CasescreenError, Fault, Problem, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.model.sign_off import SignedSubject, SubjectKind
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.review.answer_files import read_answer_set
from casescreen.review.moderation import read_moderated
from casescreen.review.sample_record import read_sample_record
from casescreen.rulebook.load import files_hash
from casescreen.syntax.toml_parser import read_toml

_ENDING = ".toml"
_LONGEST_CHAIN = 20


@frozen(kw_only=True)
class SignedFiles:
    """What is signed, or is held against what was, as it is named.

    Attributes:
        rules: the rulebook; None for the one that comes with casescreen, or that the profile names.
        profile: the file of what is local, with those that it extends.
        mapping: a file, or the name of one that comes with casescreen.
        documents: further files, of which the bytes count alone.
    """

    cases: tuple[str, ...]
    findings: Path | None = None
    answers: tuple[Path, ...] = ()
    moderated: Path | None = None
    waivers: Path | None = None
    sample: Path | None = None
    documents: tuple[Path, ...] = ()
    rules: str | None = None
    profile: Path | None = None
    mapping: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that is named, but for the rules."""
        one_each = (self.findings, self.moderated, self.waivers, self.sample, self.profile, self.mapping)
        several = (*self.cases, *self.answers, *self.documents)
        return tuple(str(one) for one in (*several, *one_each) if one is not None)

    def named(self, kind: SubjectKind) -> bool:
        """Whether something of this kind is named; there are always rules."""
        by_kind: dict[SubjectKind, object] = {
            SubjectKind.CASES: self.cases,
            SubjectKind.FINDINGS: self.findings,
            SubjectKind.ANSWERS: self.answers,
            SubjectKind.MODERATED: self.moderated,
            SubjectKind.WAIVERS: self.waivers,
            SubjectKind.SAMPLE: self.sample,
            SubjectKind.DOCUMENT: self.documents,
            SubjectKind.PROFILE: self.profile,
            SubjectKind.MAPPING: self.mapping,
        }
        return bool(by_kind.get(kind, True))


@frozen
class PresentSubject:
    """A thing as it is on the disk.

    Attributes:
        subject: what it is, without the digest of its content.
        path: the file, or the folder of the rules; "" for all case files together.
    """

    subject: SignedSubject
    path: str


@frozen
class PresentFiles:
    """All that is there.

    Attributes:
        subjects: in order of kind, then of name.
        problems: what is named and cannot be read, or is not there, by kind.
    """

    subjects: tuple[PresentSubject, ...]
    problems: tuple[tuple[SubjectKind, Problem], ...] = ()


def present_files(files: SignedFiles) -> PresentFiles:
    """Everything that is named with the digest of its bytes; nothing in it is read.

    Raises:
        CasescreenError: there is no such rulebook, or something is to come from standard input.
        ProblemsError: a name leads to no case file.
    """
    if STANDARD_INPUT in files.names:
        raise CasescreenError(
            "What comes from standard input cannot be signed.",
            why="nobody could hold it against the statement later.",
            advice="save it in a file, and name that.",
        )
    search = find_files(files.cases) if files.cases else Search()
    if search.problems:
        raise ProblemsError(search.problems)
    problems: list[tuple[SubjectKind, Problem]] = []
    subjects = [*_rules(files)]
    for kind, paths in _by_kind(files, search.files):
        for path, name in zip(paths, _names(paths), strict=True):
            digest = hash_of_file(path)
            if isinstance(digest, Problem):
                problems.append((kind, digest))
            else:
                subjects.append(PresentSubject(SignedSubject(kind, name, digest), path))
        if kind is SubjectKind.CASES and paths:
            every = sorted(one.subject.digest for one in subjects if one.subject.kind is kind)
            together = sha256("".join(f"{one}\n" for one in every).encode("ascii")).hexdigest()
            subjects.append(PresentSubject(SignedSubject(kind, "", together), ""))
    kinds = list(SubjectKind)
    subjects.sort(key=lambda one: (kinds.index(one.subject.kind), one.subject.name))
    return PresentFiles(tuple(subjects), tuple(problems))


def _rules(files: SignedFiles) -> Iterator[PresentSubject]:
    """The rules; none where a profile no longer leads to any."""
    named = _rules_folder(files)
    if named is not None:
        folder = named.resolve()
        subject = SignedSubject(SubjectKind.RULES, _sayable(folder.name), files_hash(folder))
        yield PresentSubject(subject, str(folder))


def _by_kind(files: SignedFiles, cases: Sequence[str]) -> Iterator[tuple[SubjectKind, list[str]]]:
    yield SubjectKind.PROFILE, [str(one) for one in _profile_chain(files.profile)]
    mappings = shipped_mappings()
    yield SubjectKind.MAPPING, [] if files.mapping is None else [str(mappings.get(files.mapping, files.mapping))]
    yield SubjectKind.CASES, list(cases)
    yield SubjectKind.FINDINGS, [] if files.findings is None else [str(files.findings)]
    yield SubjectKind.ANSWERS, [file for one in dict.fromkeys(files.answers) for file in _files_of(one)]
    yield SubjectKind.MODERATED, [] if files.moderated is None else [str(files.moderated)]
    yield SubjectKind.WAIVERS, [] if files.waivers is None else [str(files.waivers)]
    yield SubjectKind.SAMPLE, [] if files.sample is None else [str(files.sample)]
    yield SubjectKind.DOCUMENT, [str(one) for one in dict.fromkeys(files.documents)]


def _files_of(path: Path) -> list[str]:
    """The file, or all case files of a folder of filled records."""
    return find_files([str(path)]).files if path.is_dir() else [str(path)]


def _names(paths: Sequence[str]) -> list[str]:
    """What files are called: their paths from the folder that they have in common, wherever that is."""
    whole = [os.path.abspath(path) for path in paths]  # noqa: PTH100 - a link keeps its own name
    try:
        common = os.path.commonpath([os.path.dirname(one) for one in whole]) if whole else ""  # noqa: PTH120 - the same
    except ValueError:  # on two drives
        return [_sayable(Path(one).as_posix()) for one in whole]
    return [_sayable(Path(one).relative_to(common).as_posix()) for one in whole]


def _sayable(name: str) -> str:
    """The name with bytes that are no text written out, so that two names stay two."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _profile_chain(profile: Path | None) -> list[Path]:
    """The profile and those that it extends, as far as they can be read.

    Raises:
        CasescreenError: there are more than anybody has, of which the last would not be signed.
    """
    chain: dict[str, Path] = {}
    path = profile
    while path is not None and (real := _real(path)) not in chain:
        if len(chain) >= _LONGEST_CHAIN:
            raise CasescreenError(
                f"More than {_LONGEST_CHAIN} profiles extend one another.", advice="put what they say into fewer files."
            )
        chain[real] = path
        extended = _extends(path)
        path = path.parent / extended if extended.endswith(_ENDING) else None
    return [*chain.values()]


def _real(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a name that no file can have
        return str(path)


def _extends(profile: Path) -> str:
    content = toml_in(str(profile))
    named = content.get("extends") if isinstance(content, dict) else None
    return named if isinstance(named, str) else ""


def _rules_folder(files: SignedFiles) -> Path | None:
    """The folder of the rulebook that is named, or that the last of the profiles extends; None where that is lost.

    Raises:
        CasescreenError: there is no such rulebook as is named.
    """
    shipped, chain = shipped_rulebooks(), _profile_chain(files.profile)
    if files.rules is not None or not chain:
        return rulebook_folder(files.rules, shipped)
    named = _extends(chain[-1])
    if not named or named.endswith(_ENDING):
        return None
    try:
        return rulebook_folder(named if named in shipped else chain[-1].parent / named, shipped)
    except (CasescreenError, ValueError):  # a name that no folder can have
        return None


# What they say


def toml_in(path: str) -> dict[str, object] | Problem:
    """What a file of TOML says, or why it cannot be read."""
    text = read_text(path)
    if isinstance(text, Problem):
        return text
    content = read_toml(text)
    return content.in_file(path) if isinstance(content, Fault) else content


def _digest(value: object) -> str:
    return sha256(canonical(value).encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    """What TOML says in the kinds that JSON has; a day is no text that looks like one."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [*map(_plain, value)]
    return value if isinstance(value, str | int | float) else {"day or time": str(value)}


def toml_content(path: str) -> str:
    """The digest of what a file of TOML says.

    Raises:
        ProblemsError: it cannot be read.
    """
    content = toml_in(path)
    if isinstance(content, Problem):
        raise ProblemsError([content])
    return _digest(_plain(content))


def findings_content(run: ScreeningRun) -> str:
    """The digest of what was found."""
    return _digest(
        [
            run.as_of.isoformat(),
            run.rulebook,
            sorted(run.cases.items()),
            sorted(run.closed),
            [sorted(run.rejected), run.rejected_unnamed],
            sorted(
                [*key, one.outcome.value, one.severity.value, one.owner, _day(one.due), one.days_late]
                for key, one in run.findings.items()
            ),
            sorted(
                [*key, sorted((outcome.value, number) for outcome, number in tally.items() if number)]
                for key, tally in run.numbered.items()
            ),
        ]
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def answers_content(answers: AnswerSet) -> str:
    """The digest of what a reader answered."""
    cases = (Case(case, {}, {}, tuple(answers.answers.get(case, ()))) for case in answers.cases)
    return _digest([answers.reader, hash_of(cases)])


def moderated_content(moderated: Iterable[ModeratedAnswer]) -> str:
    """The digest of what counts where two readers differ, with what both had answered."""
    return _digest(
        sorted(
            [*one.key, one.answer.value, one.by, one.on.isoformat(), one.reason]
            + [part for each in (one.first, one.second) for part in (each.reader, each.answer.value)]
            for one in moderated
        )
    )


@frozen
class ContentReader:
    """Reads what files say, by the rules that are in force.

    Attributes:
        rulebook: reads the rules.
        caseload: reads the cases by them.
        taken_on: the day after which nothing can have happened.
    """

    rulebook: Callable[[], Rulebook]
    caseload: Callable[[], Caseload]
    taken_on: date

    def content(self, present: PresentSubject) -> str:
        """The digest of what a thing says; "" where nothing in it is read.

        Raises:
            CasescreenError: it cannot be read.
        """
        kind, path = present.subject.kind, present.path
        match kind:
            case SubjectKind.RULES:
                return self.rulebook().hash
            case SubjectKind.PROFILE | SubjectKind.MAPPING | SubjectKind.WAIVERS:
                return toml_content(path)
            case SubjectKind.CASES:
                return self._of_cases(path)
            case SubjectKind.FINDINGS:
                return findings_content(read_run(path))
            case SubjectKind.ANSWERS:
                return answers_content(read_answer_set(Path(path), self.rulebook(), taken_on=self.taken_on))
            case SubjectKind.MODERATED:
                return moderated_content(read_moderated(Path(path), self.rulebook(), self.taken_on))
            case SubjectKind.SAMPLE:
                return read_sample_record(path).hash
            case SubjectKind.DOCUMENT:
                return ""

    def _of_cases(self, path: str) -> str:
        caseload = self.caseload()
        if not path:
            return caseload.hash
        of_file = [one for one in caseload.cases if one.place.file == path]
        # Rows of a table belong to the cases of another file, and are in what those say.
        return hash_of(of_file) if of_file else caseload.hash


def with_contents(present: Iterable[PresentSubject], read: ContentReader) -> tuple[SignedSubject, ...]:
    """The subjects of a statement, each with the digest of what it says.

    Raises:
        CasescreenError: one cannot be read.
    """
    return tuple(evolve(one.subject, content=read.content(one)) for one in present)
