"""A findings file, read back as a run: the JSON of a whole screening, whoever wrote it and whatever became of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from casescreen.conditions.criterion_hash import criterion_hash
from casescreen.files.content import decoded, read_bytes
from casescreen.model.change import FindingKey, RunFinding, RunRule, ScreeningRun
from casescreen.model.outcome import Outcome
from casescreen.model.problem import Advice, CasescreenError, Fault, Problem
from casescreen.model.rulebook import Severity
from casescreen.model.screening import FINDINGS_FORMAT, Screening
from casescreen.syntax.json_group import JsonGroup, JsonMissingError, JsonShapeError
from casescreen.syntax.json_parser import read_json
from casescreen.text import visible

MOST_BYTES = 256 * 1024 * 1024
"""Of a file: some four thousand cases and a rulebook of forty questions."""

_SHARED, _FIGURES, _OURS = "casescreen-shared/", "casescreen-figures/", "casescreen/"
_SAMPLE = "casescreen-sample"
_WRITE_ONE = Advice(
    "Name a findings file: casescreen check CASES --output findings.json writes one.",
    "Choose a file that was saved as findings (JSON), such as findings.json.",
)


def read_run(path: str) -> ScreeningRun:
    """The run that a findings file holds.

    Raises:
        CasescreenError: it cannot be read, or holds none; with what to do.
    """
    with suppress(OSError, ValueError):
        if os.stat(path).st_size > MOST_BYTES:  # noqa: PTH116 - a path may be "-"
            raise _too_large(path)
    data = read_bytes(path, MOST_BYTES)
    if isinstance(data, Problem):
        raise CasescreenError(f"{data.place}: {data.what}.", advice=_WRITE_ONE)
    return run_from(data, path)


def run_from(data: bytes, name: str) -> ScreeningRun:
    """The run that the bytes of a findings file hold.

    Args:
        data: the bytes.
        name: what the file is called in errors.

    Raises:
        CasescreenError: they hold none; with what to do.
    """
    if len(data) > MOST_BYTES:
        raise _too_large(name)
    text = decoded(data)
    if isinstance(text, Fault):
        raise CasescreenError(f"{visible(name)}: {text.what}.", advice=_WRITE_ONE)
    content = read_json(text)
    if isinstance(content, Fault):
        if not text.lstrip().startswith("{"):
            raise _no_findings_file(name)
        where = f" (line {content.line}: {content.what})" if content.line else f" ({content.what})"
        raise _unreadable(name, f"it is damaged, or was cut off{where}")
    shape = content.get("format") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(shape, str):
        raise _no_findings_file(name)
    _check_shape(name, shape)
    try:
        return _run(JsonGroup("", content))
    except JsonMissingError as missing:
        raise CasescreenError(
            f"{visible(name)} was written by an earlier version of casescreen: it does not say {missing}.",
            why="without it, a rule that changed could not be told from a case that did.",
            advice=Advice(
                "screen those cases again as at that day, with --as-of and --taken-on.",
                "screen those cases again as at that day.",
            ),
        ) from None
    except JsonShapeError as wrong:
        raise _unreadable(name, f"it is damaged: {wrong}") from None


def run_of(screening: Screening) -> ScreeningRun:
    """The run that a screening is, the same as that of its findings file."""
    rulebook = screening.rulebook
    gone = [one for one in screening.rejected if one.case]
    findings, numbered = _apart(
        (
            (one.case, one.criterion, one.item),
            # Only what is not met is late; to ask it of all would put every finding into words.
            RunFinding(
                one.outcome,
                one.severity,
                one.owner,
                one.due,
                one.days_late if one.outcome is Outcome.NOT_MET else 0,
                screening.accepted_until(one),
            ),
            one.numbered,
        )
        for one in screening.findings
    )
    return ScreeningRun(
        as_of=screening.as_of,
        rulebook=rulebook.id,
        version=rulebook.version,
        rulebook_hash=rulebook.hash,
        cases_hash=screening.cases_hash,
        rules={
            one.id: RunRule(
                criterion_hash(one, rulebook.parameters, rulebook.derived),
                one.short or one.title,
                tuple(sorted(old for old, new in rulebook.renamed.items() if new == one.id)),
            )
            for one in rulebook.criteria
        },
        cases={case: screening.managers.get(case, "") for case in screening.case_ids},
        closed=frozenset(screening.closed_cases),
        rejected=frozenset(one.case for one in gone),
        rejected_unnamed=max(0, screening.left_out - sum(one.records for one in gone)),
        findings=findings,
        numbered=numbered,
        pseudonyms=screening.pseudonyms,
        sample=None if screening.drawn is None else screening.drawn.hash,
    )


def _check_shape(name: str, shape: str) -> None:
    """Refuse what is JSON of ours, and of another sort or version."""
    if shape == FINDINGS_FORMAT:
        return
    if shape.startswith(_SHARED):
        raise CasescreenError(
            f"{visible(name)} is a copy to share, in which small counts are not shown.",
            why="a comparison would be one more copy, and from two of them a small count could be told.",
            advice="compare the findings that it was made of.",
        )
    if shape.startswith(_FIGURES):
        raise CasescreenError(
            f"{visible(name)} has figures of very many cases, and no single finding.",
            why="what is new or fixed is told of single findings.",
            advice="screen fewer cases, those of a team, say.",
        )
    if shape.startswith(_SAMPLE):
        raise CasescreenError(
            f"{visible(name)} is the file of a sample, and has no findings.",
            advice=Advice(
                "screen the cases of a sample with casescreen check CASES --sample FILE.",
                "take it away. The cases of a sample are screened with the command line: casescreen check --sample.",
            ),
        )
    if shape.startswith(_OURS):
        raise CasescreenError(
            f'{visible(name)} is in the form "{visible(shape)}", and this version reads "{FINDINGS_FORMAT}".',
            advice="compare with the version of casescreen that wrote it, or screen again with this one.",
        )
    raise _no_findings_file(name)


def _too_large(name: str) -> CasescreenError:
    return CasescreenError(
        f"{visible(name)} is larger than {MOST_BYTES // 2**20} MiB.",
        why="it could take more memory than there is.",
        advice="screen and compare fewer cases at a time, those of a team, say.",
    )


def _no_findings_file(name: str) -> CasescreenError:
    return CasescreenError(f"{visible(name)} is not a findings file.", advice=_WRITE_ONE)


def _unreadable(name: str, why: str) -> CasescreenError:
    return CasescreenError(
        f"{visible(name)} cannot be used: {why}.",
        advice="get the file again from where it came from, or screen those cases again.",
    )


_OUTCOMES = {one.value: one for one in Outcome}
_SEVERITIES = {one.value: one for one in Severity}


def _run(content: JsonGroup) -> ScreeningRun:
    rulebook = JsonGroup("rulebook", content.get("rulebook", dict))
    pseudonyms, sample = content.new("pseudonyms", str), content.group_if_any("sample")
    rules = _rules(content.parts("criteria"))
    cases = {one.get("id", str): one.get("manager", str) for one in content.parts("cases")}
    rejected = [(one.get("case", str), one.get("records", int)) for one in content.parts("first_left_out")]
    findings, numbered = _findings(content.parts("findings"), cases, rules)
    return ScreeningRun(
        as_of=content.day("as_of"),
        rulebook=rulebook.get("id", str),
        version=rulebook.get("version", str),
        rulebook_hash=rulebook.get("hash", str),
        cases_hash=content.get("cases_hash", str),
        rules=rules,
        cases=cases,
        closed=frozenset(content.texts("closed")),
        rejected=frozenset(case for case, _ in rejected if case),
        rejected_unnamed=max(0, content.get("left_out", int) - sum(records for case, records in rejected if case)),
        findings=findings,
        numbered=numbered,
        pseudonyms=pseudonyms,
        sample=None if sample is None else sample.get("hash", str),
    )


def _rules(parts: Sequence[JsonGroup]) -> dict[str, RunRule]:
    return {
        one.get("id", str): RunRule(
            hash=one.new("hash", str),
            short=one.get("short", str) or one.get("title", str),
            renamed_from=tuple(sorted(one.texts("renamed_from"))),
        )
        for one in parts
    }


_Findings = tuple[dict[FindingKey, RunFinding], dict[tuple[str, str], Counter[Outcome]]]


def _findings(parts: Sequence[JsonGroup], cases: Mapping[str, str], rules: Mapping[str, RunRule]) -> _Findings:
    return _apart(
        (
            (one.one_of("case", cases), one.one_of("criterion", rules), one.get("item", str)),
            RunFinding(
                one.word("outcome", _OUTCOMES),
                one.word("severity", _SEVERITIES),
                one.get("owner", str),
                one.day_if_any("due"),
                one.get("days_late", int),
                one.day_if_any("accepted"),
            ),
            one.new("numbered", bool),
        )
        for one in parts
    )


def _apart(every: Iterable[tuple[FindingKey, RunFinding, bool]]) -> _Findings:
    """Findings by what they are about; of those that no key tells apart, only how many there are of each outcome."""
    alike: dict[FindingKey, list[RunFinding]] = {}
    tallies: dict[tuple[str, str], Counter[Outcome]] = {}
    for key, finding, numbered in every:
        if numbered:
            tallies.setdefault(key[:2], Counter())[finding.outcome] += 1
        else:
            alike.setdefault(key, []).append(finding)
    for key, several in alike.items():
        if len(several) > 1:
            tallies.setdefault(key[:2], Counter()).update(one.outcome for one in several)
    return {key: several[0] for key, several in alike.items() if len(several) == 1}, tallies
