"""A file of waivers: read with everything that is wrong in it at once, and a waiver as a block of it."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from casescreen.conditions.criterion_hash import criterion_hash
from casescreen.model.calendar import Duration
from casescreen.model.dictionary import Value
from casescreen.model.outcome import Outcome
from casescreen.model.problem import (
    Advice,
    CasescreenError,
    Fault,
    Place,
    Problem,
    ProblemCollector,
    ProblemsError,
    joined,
)
from casescreen.model.rulebook import Criterion, Parameter, Rulebook
from casescreen.model.waiver import ACCEPTABLE, USUAL_MONTHS, Waiver
from casescreen.rulebook.file_schema import structure, unknown_key
from casescreen.syntax.rule_file import LARGEST_FILE, Location, RuleFile, read_rule_file
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import counted, did_you_mean, evened, in_words, listed, visible

WAIVER = "waiver"
HEAD = """\
# Waivers: findings that somebody accepts for a while. A waiver changes no outcome, no rate and no conclusion.
#
# Each stands under its own heading, [[waiver]]:
#   case, criterion, item   what is accepted: the ids, and the key of the row where a criterion is asked of rows
#   accepts                 "not met", "not evidenced" or "needs judgement"; with another outcome it is void
#   reason, by, role        why, and who accepts it, as what
#   on, from, until         the day it was given, the first day (else the same), and the last day, which counts
#   evidence                optional: where what it rests on can be seen
#   rule                    the rule as it was then, written by casescreen waivers add
#
# What stands here can say something about a child. Keep it as you keep case records.
"""
_LONGEST = 1_000
_ALL_CRITERIA = Advice("casescreen rules list shows them all.", "The whole report names them all.")
_HASH = re.compile("[0-9a-f]{64}", re.ASCII)
_TEXTS = ("reason", "by", "role", "evidence", "case", "item")


@frozen(eq=False, repr=False, slots=False)
class WaiverSpec:
    """A waiver as it stands in a file."""

    case: str
    criterion: str
    accepts: Outcome
    reason: str
    by: str
    role: str
    on: date
    until: date
    item: str = ""
    from_: date | None = None
    evidence: str = ""
    rule: str = ""


def longest_months(rulebook: Rulebook) -> int:
    """How many months after the day on which it was given a waiver may last: as the profile says, or else six."""
    said = None if rulebook.profile is None else rulebook.profile.longest_waiver_months
    return USUAL_MONTHS if said is None else said


def switched_off(rulebook: Rulebook) -> frozenset[str]:
    """The ids of the criteria that the profile switches off."""
    criteria = () if rulebook.profile is None else rulebook.profile.criteria_off
    return frozenset(one.id for one in criteria)


def rule_hash(criterion: Criterion, rulebook: Rulebook) -> str:
    """What the file keeps of a criterion, to tell that it is decided otherwise.

    It is the criterion's hash but for local holidays: a day off is no other rule, and would be told of every waiver.
    """
    parameters = {name: _without_holidays(one) for name, one in rulebook.parameters.items()}
    return criterion_hash(criterion, parameters, rulebook.derived)


def _without_holidays(parameter: Parameter) -> Parameter:
    def without(value: Value | Duration) -> Value | Duration:
        return evolve(value, local=False) if isinstance(value, Duration) else value

    variations = (evolve(one, then=without(one.then)) for one in parameter.variations)
    return evolve(parameter, value=without(parameter.value), variations=tuple(variations))


def months_after(day: date, months: int) -> date:
    """The same day so many months on; of a shorter month, its last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, date.max.year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_waivers(path: Path, rulebook: Rulebook, *, to_make_it: str) -> tuple[Waiver, ...]:
    """The waivers in a file.

    Args:
        path: the file.
        rulebook: the rules that are in force.
        to_make_it: the command that makes such a file.

    Raises:
        CasescreenError: there is no such file.
        ProblemsError: everything that is wrong in it, with file, line and advice.
    """
    if not path.exists():
        raise CasescreenError(
            f"There is no file of waivers {visible(str(path))}.",
            why="without it, nothing would be accepted, and nobody would be told.",
            advice=f"look at the spelling, and at the folder that you are in. To begin one: {to_make_it}",
        )
    problems = ProblemCollector()
    file = read_rule_file(path, visible(str(path)), problems)
    waivers = () if file is None else _read(file, rulebook, problems)
    if problems.problems:
        raise ProblemsError(problems.problems)
    return waivers


def waivers_in(data: bytes, name: str, rulebook: Rulebook) -> tuple[Waiver, ...]:
    """The waivers that the bytes of a file hold; ``name`` is what it is called in errors.

    Raises:
        ProblemsError: as for ``read_waivers``.
    """
    problems = ProblemCollector()
    waivers: tuple[Waiver, ...] = ()
    file = _file_of(data, name)
    if isinstance(file, Fault):
        problems.extend([file.in_file(name)])
    else:
        waivers = _read(file, rulebook, problems)
    if problems.problems:
        raise ProblemsError(problems.problems)
    return waivers


def _file_of(data: bytes, name: str) -> RuleFile | Fault:
    if len(data) > LARGEST_FILE:
        return Fault(f"the file has more than {LARGEST_FILE:,} bytes", "Take waivers out that have ended.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Fault("the file is not UTF-8 text", "Save it again with the encoding UTF-8.")
    content = read_toml(text)
    return content if isinstance(content, Fault) else RuleFile(name, text, content)


def _read(file: RuleFile, rulebook: Rulebook, problems: ProblemCollector) -> tuple[Waiver, ...]:
    root = Location(file, problems)
    for key in file.data:
        if key != WAIVER:
            unknown_key(key, (WAIVER,), root)
    entries = file.data.get(WAIVER, [])
    if not isinstance(entries, list):
        root.at(WAIVER).report("this is not a list of waivers", "Begin each with [[waiver]], in double brackets.")
        return ()
    lines = file.row_lines(WAIVER, len(entries))
    read = []
    for number, (entry, line) in enumerate(zip(entries, lines, strict=True)):
        location = root.at(WAIVER, number).named(_called(entry, number))
        spec = structure(entry, WaiverSpec, location)
        if spec is not None and (waiver := _waiver(spec, rulebook, location, line)) is not None:
            read.append(waiver)
    _check_overlaps(read, problems)
    return tuple(read)


def _called(entry: object, number: int) -> str:
    """How messages call a waiver: by the case and the criterion, as far as it names them."""
    named = [entry.get(key) for key in ("case", "criterion")] if isinstance(entry, dict) else []
    words = [visible(one, 60) for one in named if isinstance(one, str) and one.strip()]
    return ": ".join(filter(None, (f"waiver {number + 1}", ", ".join(words))))


def _waiver(spec: WaiverSpec, rulebook: Rulebook, location: Location, line: int) -> Waiver | None:
    before = len(location.problems.problems)
    id_ = rulebook.renamed.get(spec.criterion, spec.criterion)
    _check_criterion(spec, id_, rulebook, location)
    _check_days(spec, longest_months(rulebook), location)
    if spec.accepts not in ACCEPTABLE:
        advice = f"It can be: {listed(one.value for one in ACCEPTABLE)}."
        location.at("accepts").report(f'"{spec.accepts.value}" leaves nothing to accept', advice)
    for key in _TEXTS:
        if len(getattr(spec, key)) > _LONGEST:
            location.at(key).report(f'"{key}" has more than {_LONGEST:,} characters', "Say it in a few sentences.")
    if spec.rule and not _HASH.fullmatch(spec.rule):
        advice = joined(Advice("casescreen waivers add writes it.", ""), "Leave the line out if it is lost.")
        location.at("rule").report('"rule" is not what casescreen writes there', advice)
    if len(location.problems.problems) > before:
        return None
    return Waiver(
        case=evened(spec.case),
        criterion=id_,
        item=evened(spec.item),
        accepts=spec.accepts,
        reason=spec.reason,
        by=spec.by,
        role=spec.role,
        on=spec.on,
        begins=spec.from_ or spec.on,
        until=spec.until,
        evidence=spec.evidence,
        rule=spec.rule,
        file=location.file.name,
        line=line,
    )


def _check_criterion(spec: WaiverSpec, id_: str, rulebook: Rulebook, location: Location) -> None:
    criterion = rulebook.criterion.get(id_)
    if criterion is None:
        if id_ not in switched_off(rulebook):
            close = did_you_mean(spec.criterion, rulebook.answerable) or _ALL_CRITERIA
            what = f'there is no criterion "{visible(spec.criterion, 100)}"'
            location.at("criterion").report(what, joined(close, "Name the same rules and profile as the run does."))
        return
    if not criterion.waivable:
        location.at("criterion").report(
            f"nobody can accept a finding of {id_}",
            "Take this waiver out, and put right what was found.",
            "The rulebook says so: what it asks can never wait.",
        )
    # Where no table is recorded at all, there is one finding, that it is not evidenced, and it is about no row.
    if criterion.per is not None and not evened(spec.item) and spec.accepts is not Outcome.NOT_EVIDENCED:
        table = rulebook.dictionary.tables[criterion.per.table]
        advice = f'Add item = "..." with the {table.one} as its record calls it, in {table.key}.'
        location.report(f"{id_} is asked of each of the {table.label}, and no item says which is meant", advice)
    if criterion.per is None and spec.item:
        location.at("item").report(f"{id_} is asked of the case, and not of rows", "Take this line out.")


def _check_days(spec: WaiverSpec, months: int, location: Location) -> None:
    begins, last = spec.from_ or spec.on, months_after(spec.on, months)
    if begins < spec.on:
        advice = f"Take the line out, or write {spec.on.isoformat()} or a later day."
        location.at("from").report("it begins before the day on which it was given", advice)
    if spec.until < begins:
        advice = f"Write {begins.isoformat()} or a later day, at most {last.isoformat()}."
        location.at("until").report(f"it ends before it begins, on {in_words(begins)}", advice)
    elif spec.until > last:
        location.at("until").report(
            f"it ends more than {counted(months, 'month')} after {in_words(spec.on)}, when it was given",
            f"Write {last.isoformat()} or an earlier day. When it has ended, look at it again, and give another.",
            "What nobody looks at again is not accepted, but forgotten.",
        )


def _check_overlaps(waivers: Iterable[Waiver], problems: ProblemCollector) -> None:
    """Tell of every two waivers of one finding that count on the same day."""
    last: dict[tuple[str, str, str], Waiver] = {}
    for one in sorted(waivers, key=lambda waiver: (waiver.finding, waiver.begins, waiver.line)):
        before = last.get(one.finding)
        if before is not None and one.begins <= before.until:
            problems.add(
                Place(one.file, one.line, f"{one.case}, {one.criterion}"),
                f"another waiver of the same finding, at line {before.line}, counts until {in_words(before.until)}",
                "Keep one of them, or let this one begin on a later day.",
                "Nobody could say who accepts it, and why.",
            )
        if before is None or one.until > before.until:
            last[one.finding] = one


def _lines_of_block(waiver: Waiver) -> Iterator[tuple[str, str | date]]:
    yield from (("case", waiver.case), ("criterion", waiver.criterion))
    yield from [("item", waiver.item)] if waiver.item else []
    yield from (("accepts", waiver.accepts.value), ("reason", waiver.reason))
    yield from (("by", waiver.by), ("role", waiver.role), ("on", waiver.on))
    yield from [("from", waiver.begins)] if waiver.begins != waiver.on else []
    yield ("until", waiver.until)
    yield from (item for item in (("evidence", waiver.evidence), ("rule", waiver.rule)) if item[1])


def waiver_block(waiver: Waiver) -> str:
    """The waiver as it stands in a file, under its heading."""
    lines = [f"{key:<9} = {_written(value)}" for key, value in _lines_of_block(waiver)]
    return "\n".join((f"[[{WAIVER}]]", *lines, ""))


def _written(value: str | date) -> str:
    """A value of TOML. Every escape of JSON is one of TOML; the delete character is the one that only TOML escapes."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_waiver(old: bytes, waiver: Waiver, name: str, rulebook: Rulebook) -> bytes:
    """The file with one more waiver at its end, and else as it is to the byte; of none, a file with a head.

    Raises:
        CasescreenError: the file has one of the same finding that counts on the same days.
        ProblemsError: everything that is wrong with the file, or with the waiver.
    """
    there = waivers_in(old, name, rulebook)
    _check_free(there, waiver, name, rulebook)
    begun = old or HEAD.encode()
    end = "\r\n" if b"\r\n" in begun else "\n"
    ended = begun if begun.endswith(b"\n") else begun + end.encode()
    try:
        new = ended + f"\n{waiver_block(waiver)}".replace("\n", end).encode()
    except UnicodeEncodeError:
        raise CasescreenError(
            "A text of the waiver has half of a character, which no file can hold.", advice="type it again."
        ) from None
    try:
        waivers_in(new, name, rulebook)
    except ProblemsError as error:
        raise ProblemsError(_of_new(error.problems)) from None
    return new


def _check_free(there: Iterable[Waiver], waiver: Waiver, name: str, rulebook: Rulebook) -> None:
    id_ = rulebook.renamed.get(waiver.criterion, waiver.criterion)
    about = (evened(waiver.case), id_, evened(waiver.item))
    for one in there:
        if one.finding == about and one.begins <= waiver.until and waiver.begins <= one.until:
            raise CasescreenError(
                f"{name} has a waiver of this finding already, at line {one.line}: it counts until "
                f"{in_words(one.until)}.",
                why="of two that count on the same day, nobody could say who accepts it, and why.",
                advice="take that block out of the file first, or let this one begin on a later day, with --from.",
            )


def _of_new(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of a waiver that is written nowhere yet."""
    for one in problems:
        part = one.place.part.partition(": ")[2]
        yield Problem(Place("the new waiver", part=part), one.what, one.advice, one.why)
