"""What is signed, held against what is there: each thing by its bytes, and where those are others, by what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from attrs import evolve, frozen

from casescreen.history.findings_file import run_of
from casescreen.model.change import RunFinding, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.problem import CasescreenError, Place, Problem
from casescreen.model.screening import Screening
from casescreen.model.sign_off import (
    ChangedFinding,
    SignedRun,
    SignedSubject,
    SignOff,
    SubjectCheck,
    SubjectKind,
    SubjectState,
)
from casescreen.review.signed_subjects import (
    ContentReader,
    PresentFiles,
    PresentSubject,
    SignedFiles,
    findings_content,
)
from casescreen.review.statement_chain import StatementChain
from casescreen.text import counted, in_words, visible

_NAME_IT = {
    SubjectKind.RULES: "them with --rules",
    SubjectKind.CASES: "the cases after the file of statements",
    SubjectKind.PROFILE: "it with --profile",
    SubjectKind.MAPPING: "it with --mapping",
    SubjectKind.FINDINGS: "it with --findings",
    SubjectKind.ANSWERS: "it with --answers",
    SubjectKind.MODERATED: "it with --moderated",
    SubjectKind.WAIVERS: "it with --waivers",
    SubjectKind.SAMPLE: "it with --sample",
    SubjectKind.DOCUMENT: "it with --also",
}
"""What to do where nothing of a kind is named."""
_SAME = {
    SubjectKind.RULES: "the rules in it are the same",
    SubjectKind.CASES: "what is read in it is the same",
    SubjectKind.FINDINGS: "the same outcomes, case by case; something else in it is not, such as words or the version",
}
_SEVERAL_OF_A_KIND = (SubjectKind.CASES, SubjectKind.PROFILE, SubjectKind.ANSWERS, SubjectKind.DOCUMENT)
_Pair = tuple[SignedSubject, PresentSubject]


def check_subjects(
    sign_off: SignOff, files: SignedFiles, present: PresentFiles, read: ContentReader
) -> tuple[SubjectCheck, ...]:
    """How each subject of a statement stands, and what stands beside them and was not signed.

    Args:
        sign_off: the statement.
        files: what was named.
        present: what is there of it.
        read: reads what files say, where their bytes are others than those that were signed.
    """
    checker = _Checker(files, read)
    checks: list[SubjectCheck] = []
    for kind in SubjectKind:
        there = [one for one in present.subjects if one.subject.kind is kind]
        missing = [problem for of_kind, problem in present.problems if of_kind is kind]
        checks += checker.of_kind(kind, sign_off.of(kind), there, missing)
    return tuple(checks)


@frozen
class _Checker:
    files: SignedFiles
    read: ContentReader

    def of_kind(
        self,
        kind: SubjectKind,
        signed: Sequence[SignedSubject],
        present: Sequence[PresentSubject],
        missing: Sequence[Problem],
    ) -> Iterator[SubjectCheck]:
        if kind is SubjectKind.RULES and self._are_others(signed, present):
            present = ()
        pairs, gone, added = _paired(kind, signed, present)
        # Names that are no text can be written alike, so each is known by itself and not by what it is called.
        checks = {id(one): self._pair(one, now) for one, now in pairs}
        checks |= {id(one): self._gone(one, missing) for one in gone}
        if kind is SubjectKind.CASES and any(one.name != now.subject.name for one, now in pairs):
            checks |= {id(one): self._under_other_names(one, now) for one, now in pairs if not one.name}
        yield from (checks[id(one)] for one in signed)
        for one in added:
            yield SubjectCheck(kind, one.subject.full_name, SubjectState.ADDED, "it is named now, and was not then")

    def _are_others(self, signed: Sequence[SignedSubject], present: Sequence[PresentSubject]) -> bool:
        """Whether the rules that count where none are named are others than those that were signed."""
        names = {one.name for one in signed} | {one.subject.name for one in present}
        return self.files.rules is None and len(names) > 1

    def _under_other_names(self, signed: SignedSubject, now: PresentSubject) -> SubjectCheck:
        """How all case files together stand, some with other names: that of a table says what its rows are."""
        check = self._pair(signed, now)
        if check.state is not SubjectState.MATCHES or not signed.content:
            return check
        read = self._by_content(signed, now, "")
        if read.state is SubjectState.SAVED_AGAIN:
            return check
        return evolve(read, why=f"the same bytes under other names, and {read.why}")

    def _pair(self, signed: SignedSubject, now: PresentSubject) -> SubjectCheck:
        kind, name, new_name = signed.kind, signed.full_name, now.subject.full_name
        if signed.digest == now.subject.digest:
            if name == new_name:
                return SubjectCheck(kind, name, SubjectState.MATCHES)
            return SubjectCheck(kind, name, SubjectState.RENAMED, f"it is called {visible(new_name)} now")
        called = "" if name == new_name else f"; it is called {visible(new_name)} now"
        if not signed.content:
            return SubjectCheck(kind, name, SubjectState.CHANGED, f"other bytes{called}")
        return self._by_content(signed, now, called)

    def _by_content(self, signed: SignedSubject, now: PresentSubject, called: str) -> SubjectCheck:
        """How a thing stands by what it says, its bytes aside."""
        kind, name = signed.kind, signed.full_name
        try:
            is_same = self.read.content(now) == signed.content
        except CasescreenError as error:
            return SubjectCheck(kind, name, SubjectState.CHANGED, f"it cannot be read now: {_first(error)}{called}")
        if is_same:
            return SubjectCheck(kind, name, SubjectState.SAVED_AGAIN, f"{_SAME.get(kind, 'it says the same')}{called}")
        return SubjectCheck(kind, name, SubjectState.CHANGED, f"it says something else{called}")

    def _gone(self, signed: SignedSubject, missing: Sequence[Problem]) -> SubjectCheck:
        kind = signed.kind
        if kind is SubjectKind.RULES or not self.files.named(kind):
            return SubjectCheck(kind, signed.full_name, SubjectState.NOT_GIVEN, f"name {_NAME_IT[kind]}")
        near = [one for one in missing if _base(one.place.file) == _base(signed.name)]
        why = "; ".join(f"{one.place}: {one.what}" for one in near or missing)
        return SubjectCheck(kind, signed.full_name, SubjectState.NOT_THERE, why)


def _first(error: CasescreenError) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _paired(
    kind: SubjectKind, signed: Sequence[SignedSubject], present: Sequence[PresentSubject]
) -> tuple[list[_Pair], list[SignedSubject], list[PresentSubject]]:
    """Which is which: by name, then by bytes, then by the last part of a name, then where there is but one."""
    pairs: list[_Pair] = []
    left, there = list(signed), list(present)
    _match(left, there, pairs, lambda one: one.name)
    _match(left, there, pairs, lambda one: one.digest)
    _match(left, there, pairs, lambda one: _base(one.name) if one.name else "/")
    if kind not in _SEVERAL_OF_A_KIND and len(left) == len(there) == 1:
        pairs.append((left.pop(), there.pop()))
    return pairs, left, there


def _match(
    left: list[SignedSubject], there: list[PresentSubject], pairs: list[_Pair], key: Callable[[SignedSubject], str]
) -> None:
    """Move those with one key into pairs, in their order; of several with one, as many as there are on both sides."""
    by_key: dict[str, list[PresentSubject]] = {}
    for one in there:
        by_key.setdefault(key(one.subject), []).append(one)
    rest: list[SignedSubject] = []
    for signed in left:
        with_key = by_key.get(key(signed))
        if with_key:
            pairs.append((signed, with_key.pop(0)))
        else:
            rest.append(signed)
    taken = {id(now) for _, now in pairs}
    left[:] = rest
    there[:] = [one for one in there if id(one) not in taken]


# The code


def code_faults(chain: StatementChain, code: str) -> tuple[int | None, tuple[Problem, ...]]:
    """The statement that has a code; and what is wrong where none has.

    Args:
        chain: the statements.
        code: as ``code_as_compared`` has it.

    Raises:
        CasescreenError: it is mistyped: nearly that of a statement, as no other code can be.
    """
    number = chain.numbered(code)
    if number is not None:
        return number, ()
    nearly = chain.nearly(code)
    if nearly is not None:
        statement, differ = nearly
        raise CasescreenError(
            f"The code is mistyped: it differs in {counted(differ, 'character')} from that of statement {statement:,}.",
            advice="look at the minutes again.",
        )
    what = f"none of the {counted(len(chain.lines), 'statement')} has this code"
    why = "The statement that it was given for was taken off the end of the file, or was changed."
    advice = "Look at the code again; then put back a copy of the file as it was when the minutes were written."
    return None, (Problem(Place(chain.file), what, advice, why),)


# A run


def signed_run(sign_off: SignOff, screening: Screening) -> SignedRun:
    """What a report says of a statement: whether the rules, the cases and the findings of its run are those signed.

    Contents are compared, and no bytes.
    """
    rules, findings = (_content(sign_off, kind) for kind in (SubjectKind.RULES, SubjectKind.FINDINGS))
    is_same = {
        SubjectKind.RULES: rules == screening.rulebook.hash,
        SubjectKind.CASES: sign_off.cases_hash == screening.cases_hash,
        SubjectKind.FINDINGS: findings == findings_content(run_of(screening)),
    }
    changed = (kind.value for kind, same in is_same.items() if not same)
    return SignedRun(
        by=sign_off.by,
        role=sign_off.role,
        on=sign_off.on,
        number=sign_off.number,
        as_of=sign_off.as_of,
        changed=tuple(changed),
    )


def _content(sign_off: SignOff, kind: SubjectKind) -> str:
    """What was signed of a kind of which there is one; "" where there is not."""
    contents = [one.content for one in sign_off.of(kind)]
    return contents[0] if len(contents) == 1 else ""


# Findings


def changed_findings(then: ScreeningRun, now: ScreeningRun) -> tuple[ChangedFinding, ...]:
    """The findings that are not the same in both, in order of case and criterion."""
    changed = []
    for key in sorted({*then.findings, *now.findings}):
        before, after = (_in_words(run.findings.get(key)) for run in (then, now))
        differ = [at for at in range(len(before)) if before[at] != after[at]]
        if differ:
            changed.append(ChangedFinding(*key, *(", ".join(_some(one, differ)) for one in (before, after))))
    for case, criterion in sorted({*then.numbered, *now.numbered}):
        rows = [_rows(run.numbered.get((case, criterion), {})) for run in (then, now)]
        if rows[0] != rows[1]:
            changed.append(ChangedFinding(case, criterion, "", *rows))
    return tuple(changed)


def _in_words(finding: RunFinding | None) -> tuple[str, ...]:
    if finding is None:
        return ("no such finding", "", "", "", "")
    return (
        finding.outcome.value,
        f"severity {finding.severity.value}",
        f"due {in_words(finding.due)}" if finding.due else "no deadline",
        f"{counted(finding.days_late, 'day')} late",
        f"owner {visible(finding.owner)}" if finding.owner else "no owner",
    )


def _some(words: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """The outcome, and what else differs where that is known of both."""
    yield from (words[at] for at in sorted({0, *places}) if words[at])


def _rows(tally: Mapping[Outcome, int]) -> str:
    said = (f"{tally[one]:,} {one.value}" for one in Outcome if tally.get(one))
    return f"rows without a key: {', '.join(said) or 'none'}"
