"""The file of a sample, and that of a list that is committed to: read strictly, written for people to read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from attrs import evolve, frozen

from casescreen.files.atomic import write_whole
from casescreen.files.content import decoded, read_bytes
from casescreen.model.problem import Advice, CasescreenError, Fault, Problem
from casescreen.model.rulebook import Status
from casescreen.model.sample import (
    LIST_FORMAT,
    SAMPLE_FORMAT,
    EligibilityRule,
    Exclusion,
    MustInclude,
    PlanParameter,
    SamplePlan,
    SampleRecord,
    SampleReplacement,
    SampleSize,
    SampleStratum,
    list_hash,
)
from casescreen.syntax.json_group import JsonGroup, JsonShapeError
from casescreen.syntax.json_parser import read_json
from casescreen.text import visible

MOST_BYTES = 128 * 1024 * 1024
"""Of a file: some million cases."""

_KEEP = "Whoever has this file can tell which cases were drawn. Keep it as you keep case records."
_STATUSES = {one.value: one for one in Status}
_LEAVE_OUT, _INCLUDE = "leave out", "include"
_DIGEST = frozenset("0123456789abcdef")
_DIGITS = 64
_MADE_BY = {
    SAMPLE_FORMAT: ("a sample", "casescreen sample draw writes one."),
    LIST_FORMAT: ("a list that was committed to", "casescreen sample commit writes one."),
}
_Read = TypeVar("_Read")


@frozen
class CommittedList:
    """The cases that were eligible before the seed was known.

    Attributes:
        title: what the sample is called.
        plan_hash: that of the plan.
        strata: the ids of the eligible cases of each stratum.
        hash: the digest of both.
    """

    title: str
    plan_hash: str
    strata: Mapping[str, frozenset[str]]
    hash: str


def read_sample_record(path: str | Path) -> SampleRecord:
    """The sample that a file holds. Whether it is what its seed makes of the cases is not asked here.

    Raises:
        CasescreenError: it cannot be read, or holds none; with what to do.
    """
    return _read(str(path), SAMPLE_FORMAT, _record)


def read_committed_list(path: str | Path) -> CommittedList:
    """The list that a file holds.

    Raises:
        CasescreenError: it cannot be read, or holds none; with what to do.
    """
    return _read(str(path), LIST_FORMAT, _committed)


def write_sample_record(path: Path, record: SampleRecord, *, force: bool) -> None:
    """Write a sample, whole or not at all.

    Raises:
        CasescreenError: it cannot be put there.
    """
    write_whole(path, sample_text(record), force=force)


def sample_text(record: SampleRecord) -> str:
    """The file of a sample: every ticket, exclusion and replacement on a line of its own."""
    return _laid_out(_content(record))


def list_text(record: SampleRecord) -> str:
    """The file of the list that a sample is to be drawn from; ``record`` has no seed yet."""
    return _laid_out(
        {
            "format": LIST_FORMAT,
            "note": _KEEP,
            "title": record.plan.title,
            "as_of": record.plan.as_of.isoformat(),
            "plan_hash": record.plan.hash,
            "hash": record.list_hash,
            "eligible": [[one.name, case] for one in record.strata for case in sorted(case for _, case in one.tickets)],
        }
    )


def with_hash(record: SampleRecord) -> SampleRecord:
    """The same, with the hash of what its file holds."""
    return evolve(record, hash=_hash(_content(record)))


def _hash(content: Mapping[str, object]) -> str:
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _laid_out(content: Mapping[str, object]) -> str:
    """JSON with a line for each name, and for each entry of a list: what people read, and tell apart line by line."""
    return "{\n" + ",\n".join(f'  "{name}": {_value(value)}' for name, value in content.items()) + "\n}\n"


def _value(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    # All at once, since there can be very many; a quote within a text is escaped, so no text holds where rows meet.
    return "[\n    " + json.dumps(value, ensure_ascii=False)[1:-1].replace('], ["', '],\n    ["') + "\n  ]"


def _content(record: SampleRecord) -> dict[str, object]:
    plan = record.plan
    return {
        "format": SAMPLE_FORMAT,
        "note": _KEEP,
        "title": plan.title,
        "as_of": plan.as_of.isoformat(),
        "taken_on": None if plan.taken_on is None else plan.taken_on.isoformat(),
        "plan_hash": plan.hash,
        "size": str(plan.size),
        "strata_by": plan.strata,
        "reserves": plan.reserves,
        "unknown": _INCLUDE if plan.includes_unknown else _LEAVE_OUT,
        "rules": [[one.id, one.says, one.reason] for one in plan.rules],
        "parameters": [[one.name, one.label, one.value, one.status.value, one.source] for one in plan.parameters],
        "must_include": [[one.case, one.reason] for one in plan.must_include],
        "rulebook": dict(zip(("id", "version", "hash"), record.rulebook, strict=True)),
        "cases_hash": record.cases_hash,
        "committed": record.committed,
        "seed": record.seed,
        "strata": [[one.name, len(one.tickets), one.drawn, one.reserves] for one in record.strata],
        "tickets": [[one.name, ticket, case] for one in record.strata for ticket, case in one.tickets],
        "excluded": [[one.case, list(one.rules)] for one in record.excluded if not one.unknown],
        "cannot_tell": [[one.case, list(one.rules), ", ".join(one.missing)] for one in _unknown(record)],
        "replacements": [
            [one.case, one.by_case, one.reason, one.by, one.on.isoformat()] for one in record.replacements
        ],
    }


def _unknown(record: SampleRecord) -> Iterable[Exclusion]:
    return record.admitted if record.plan.includes_unknown else (one for one in record.excluded if one.unknown)


def _read(path: str, shape: str, read: Callable[[JsonGroup], _Read]) -> _Read:
    """What a file of one of our formats holds."""
    what, advice = _MADE_BY[shape]
    data = read_bytes(path, MOST_BYTES)
    if isinstance(data, Problem):
        raise CasescreenError(f"{data.place}: {data.what}.", advice=Advice(data.advice or advice, data.advice))
    text = decoded(data)
    content = text if isinstance(text, Fault) else read_json(text)
    found = content.get("format") if isinstance(content, dict) else None
    if not isinstance(found, str) or found not in _MADE_BY:
        why = f": {content.what}" if isinstance(content, Fault) else ""
        raise CasescreenError(f"{visible(path)} is not the file of {what}{why}.", advice=advice)
    if found != shape:
        other = _MADE_BY[found][0]
        raise CasescreenError(f"{visible(path)} is the file of {other}, and not of {what}.", advice=advice)
    try:
        return read(JsonGroup("", content))
    except JsonShapeError as wrong:
        raise CasescreenError(
            f"{visible(path)} cannot be used: it was changed or damaged. {visible(str(wrong))}.",
            why="whoever reads the sample has to see it as it was drawn.",
            advice="get the file again from where it came from, or draw again with the same seed.",
        ) from None


_NAMES = (
    *("format", "note", "title", "as_of", "taken_on", "plan_hash", "size", "strata_by", "reserves", "unknown", "rules"),
    *("parameters", "must_include", "rulebook", "cases_hash", "committed", "seed", "strata", "tickets", "excluded"),
    *("cannot_tell", "replacements"),
)


def _record(content: JsonGroup) -> SampleRecord:
    content.only(*_NAMES)
    _check_note(content)
    rulebook = JsonGroup("rulebook", content.get("rulebook", dict))
    rulebook.only("id", "version", "hash")
    plan = _plan(content)
    unknown = tuple(
        Exclusion(case, tuple(_texts(rules)), unknown=True, missing=tuple(filter(None, missing.split(", "))))
        for case, rules, missing in content.rows("cannot_tell", str, list, str)
    )
    known = (Exclusion(case, tuple(_texts(rules))) for case, rules in content.rows("excluded", str, list))
    excluded = known if plan.includes_unknown else (*known, *unknown)
    record = SampleRecord(
        plan=plan,
        rulebook=(rulebook.get("id", str), rulebook.get("version", str), rulebook.get("hash", str)),
        cases_hash=content.get("cases_hash", str),
        seed=content.get("seed", str),
        committed=content.get("committed", str),
        strata=tuple(_strata(content)),
        excluded=tuple(sorted(excluded, key=lambda one: one.case)),
        admitted=unknown if plan.includes_unknown else (),
    )
    _check_cases(record)
    replacements = _replacements(record, content.rows("replacements", *(str,) * 5))
    return with_hash(evolve(record, replacements=tuple(replacements)))


def _check_note(content: JsonGroup) -> None:
    """Hold that whoever opens the file reads in it what was written: no draw that is repeated would tell otherwise."""
    if content.get("note", str) != _KEEP:
        raise JsonShapeError("its note is not the one that every such file has")


def _plan(content: JsonGroup) -> SamplePlan:
    size = SampleSize.read(content.get("size", str))
    unknown, reserves = content.get("unknown", str), content.get("reserves", int)
    if size is None or unknown not in (_LEAVE_OUT, _INCLUDE) or reserves < 0:
        raise JsonShapeError("what it says of the plan is not what it should be")
    parameters = content.rows("parameters", *(str,) * 5)
    if unknown_status := next((row[3] for row in parameters if row[3] not in _STATUSES), None):
        raise JsonShapeError(f'"{unknown_status}" is no status of a parameter')
    return SamplePlan(
        title=content.get("title", str),
        as_of=content.day("as_of"),
        size=size,
        strata=content.get("strata_by", str),
        reserves=reserves,
        includes_unknown=unknown == _INCLUDE,
        rules=tuple(EligibilityRule(*row) for row in content.rows("rules", str, str, str)),
        parameters=tuple(PlanParameter(row[0], row[1], row[2], _STATUSES[row[3]], row[4]) for row in parameters),
        must_include=tuple(MustInclude(*row) for row in content.rows("must_include", str, str)),
        hash=content.get("plan_hash", str),
        taken_on=content.day_if_any("taken_on"),
    )


def _strata(content: JsonGroup) -> Iterator[SampleStratum]:
    tickets: dict[str, list[tuple[str, str]]] = {}
    for name, ticket, case in content.rows("tickets", str, str, str):
        tickets.setdefault(name, []).append((ticket, case))
    for name, eligible, drawn, reserves in content.rows("strata", str, int, int, int):
        own = tickets.pop(name, [])
        if len(own) != eligible or min(drawn, reserves) < 0 or drawn + reserves > eligible:
            raise JsonShapeError(f'the numbers of "{name}" are not those of its tickets')
        if own != sorted(own) or not all(len(one) == _DIGITS and _DIGEST.issuperset(one) for one, _ in own):
            raise JsonShapeError(f'the tickets of "{name}" are not in order, or are none')
        yield SampleStratum(name, drawn, reserves, tuple(own))
    if tickets:
        raise JsonShapeError(f'there are tickets of "{min(tickets)}", and no such stratum')


def _check_cases(record: SampleRecord) -> None:
    """Hold that each case stands once, and each stratum."""
    cases = [case for one in record.strata for _, case in one.tickets] + [one.case for one in record.excluded]
    if len(set(cases)) < len(cases) or len({one.name for one in record.strata}) < len(record.strata):
        raise JsonShapeError("a case or a stratum stands in it twice")


def _replacements(record: SampleRecord, rows: Iterable[list[str]]) -> Iterator[SampleReplacement]:
    """The replacements, each of which must be of a case that is in the sample, by one of its stratum that is not."""
    now = {one.id: one.stratum for one in record.drawn if one.counts}
    waiting = {case: one.name for one in record.strata for _, case in one.tickets[one.drawn :]}
    for case, by_case, reason, by, on in rows:
        stratum = now.pop(case, None)
        if stratum is None or waiting.pop(by_case, None) != stratum:
            raise JsonShapeError(f'"{by_case}" cannot take the place of "{case}"')
        now[by_case] = stratum
        yield SampleReplacement(case, by_case, reason, by, JsonGroup("replacements", {"on": on}).day("on"))


def _committed(content: JsonGroup) -> CommittedList:
    content.only("format", "note", "title", "as_of", "plan_hash", "hash", "eligible")
    _check_note(content)
    strata: dict[str, set[str]] = {}
    rows = content.rows("eligible", str, str)
    for name, case in rows:
        strata.setdefault(name, set()).add(case)
    plan_hash, digest = content.get("plan_hash", str), content.get("hash", str)
    if sum(map(len, strata.values())) < len(rows) or list_hash(plan_hash, strata.items()) != digest:
        raise JsonShapeError("its list is not the one of its hash")
    return CommittedList(
        content.get("title", str), plan_hash, {name: frozenset(cases) for name, cases in strata.items()}, digest
    )


def _texts(values: list[object]) -> Iterator[str]:
    for one in values:
        if not isinstance(one, str):
            raise JsonShapeError("a list of texts holds something else")
        yield one
