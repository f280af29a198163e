"""The plan of a sample: who is eligible, in the rule language, how many are drawn, and how."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from casescreen.conditions.analysis import all_reads, fields_read
from casescreen.model.calendar import Duration, Unit, read_duration
from casescreen.model.case import ID, Row
from casescreen.model.condition import Condition, Recorded
from casescreen.model.dictionary import Field, Kind
from casescreen.model.outcome import Basis
from casescreen.model.problem import Advice, CasescreenError, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Criterion, Document, Parameter, Rulebook, Severity, Source, Status
from casescreen.model.sample import (
    MOST_DRAWN,
    EligibilityRule,
    MustInclude,
    PlanParameter,
    SamplePlan,
    SampleSize,
)
from casescreen.rulebook.conditions import read_condition
from casescreen.rulebook.file_schema import structure
from casescreen.rulebook.folder_files import SAMPLE_PLAN_FILE
from casescreen.rulebook.names import KnownNames, NameScope, entries, find, is_word, read_entries
from casescreen.rulebook.parameters import read_value
from casescreen.syntax.rule_file import Location, read_rule_file
from casescreen.text import evened, in_words, listed, visible

FILL_IN = "fill in"
"""What a plan to start from has where nobody but its owner can say what is so."""

BEGUN = "begun"
"""The id of the rule that every plan has: no case is drawn that had not begun."""

_LEAVE_OUT, _INCLUDE = "leave out", "include"
_BEFORE, _BY = "before", "by"
_STRATA = (Kind.TEXT, Kind.CHOICE, Kind.YES_NO)
_LONGEST = 1_000


@frozen(eq=False, repr=False, slots=False)
class SamplePlanSpec:
    """The head of a plan."""

    title: str
    as_of: date
    size: Any
    strata: str = ""
    reserves: int = 0
    unknown: str = _LEAVE_OUT
    taken_on: date | None = None
    parameters: Any = None
    eligible: Any = None
    must_include: Any = None


@frozen(eq=False, repr=False, slots=False)
class PlanParameterSpec:
    """A number or a day that the plan names."""

    label: str
    value: Any
    status: Status
    source: str


@frozen(eq=False, repr=False, slots=False)
class EligibilityRuleSpec:
    """What a case has to be."""

    says: str
    reason: str
    when: Any


@frozen(eq=False, repr=False, slots=False)
class MustIncludeSpec:
    """A case that is read in any case."""

    case: str
    reason: str


@frozen(eq=False, slots=False)
class ReadPlan:
    """A plan, and what asks cases whether they are eligible.

    Attributes:
        plan: what it says.
        conditions: when each rule is so, by its id; but for the one that every plan has.
        rulebook: the rules that it is read by, with its own parameters, and with its rules as the only questions.
    """

    plan: SamplePlan
    conditions: Mapping[str, Condition]
    rulebook: Rulebook

    @cached_property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """The full names of the fields of the case that each rule reads."""
        return {id_: tuple(one.full_name for one in self._read(id_) if not one.table) for id_ in self.conditions}

    def missing(self, rules: Iterable[str], record: Row) -> tuple[str, ...]:
        """What is not known that could tell whether the rules are so.

        Columns of rows are named whatever the rows hold: in which of them something is missing can be many things.

        Args:
            rules: the ids of rules of which it cannot be told.
            record: the fields of the case.
        """
        read = dict.fromkeys(field for id_ in rules for field in self._read(id_))
        return tuple(one.full_name for one in read if one.table or record.get(one.name) is None)

    def _read(self, rule: str) -> Iterator[Field]:
        condition = self.conditions[rule]
        yield from dict.fromkeys(field for _, field in fields_read(condition, self.rulebook.parameters) if field)


def read_sample_plan(path: Path, rulebook: Rulebook) -> ReadPlan:
    """The plan in a file.

    Raises:
        CasescreenError: there is no such file.
        ProblemsError: everything that is wrong in it, with file, line and advice.
    """
    if not path.exists():
        raise CasescreenError(
            f"There is no plan {visible(str(path))}.",
            advice=Advice(
                f"look at the spelling, and at the folder that you are in. To begin one: casescreen sample new {path}",
                "look at the spelling.",
            ),
        )
    problems = ProblemCollector()
    file = read_rule_file(path, str(path), problems)
    read = None if file is None else _read(Location(file, problems), rulebook)
    if problems.problems or read is None:
        raise ProblemsError(problems.problems)
    return read


def sample_starter(folder: Path) -> str:
    """The plan to start from that stands beside a rulebook.

    Raises:
        CasescreenError: there is none.
    """
    path = folder / SAMPLE_PLAN_FILE
    if not path.is_file():
        raise CasescreenError(
            f"The rulebook {visible(folder.name)} has no plan of a sample to start from.",
            advice="write one yourself: docs/sample-files.md says what stands in it.",
        )
    return path.read_text(encoding="utf-8")


def _read(top: Location, rulebook: Rulebook) -> ReadPlan | None:
    if _report_blanks(top.file.data, top):
        return None
    spec = structure(top.file.data, SamplePlanSpec, top)
    if spec is None:
        return None
    parameters = dict(_parameters(spec.parameters, rulebook, top.at("parameters")))
    scope = _scope(rulebook, parameters)
    rules = dict(_rules(spec.eligible, scope, top.at("eligible")))
    size = _size(spec.size, top.at("size"))
    _check_head(spec, top)
    _check_strata(spec.strata, scope, top.at("strata"))
    must_include = tuple(_must_include(spec.must_include, top.at("must_include")))
    if top.problems.problems or size is None:
        return None
    own = {name: one for name, one in parameters.items() if one is not None}
    plan = SamplePlan(
        title=spec.title,
        as_of=spec.as_of,
        size=size,
        strata=spec.strata,
        reserves=spec.reserves,
        includes_unknown=spec.unknown == _INCLUDE,
        rules=(*_begun(spec.as_of), *(rule for rule, _ in rules.values())),
        parameters=tuple(map(_as_drawn, own.values())),
        must_include=must_include,
        hash=_hash(top.file.data),
        taken_on=spec.taken_on,
    )
    conditions = {id_: when for id_, (_, when) in rules.items()}
    return ReadPlan(plan, conditions, asking(rulebook, own, conditions, spec.strata))


def _scope(rulebook: Rulebook, parameters: Mapping[str, Parameter | None]) -> NameScope:
    """What a rule of the plan can name: all that a rule of the rulebook can, and the plan's own parameters."""
    tables = rulebook.dictionary.tables
    names = KnownNames(
        rulebook.dictionary.fields,
        tables,
        {name: table.columns for name, table in tables.items()},
        {**rulebook.parameters, **parameters},
        rulebook.roles,
        derived={one.field.full_name: one for one in rulebook.derived},
        facts={fact.id: fact for fact in rulebook.facts},
        language=rulebook.language,
    )
    return NameScope(names)


def _size(raw: object, location: Location) -> SampleSize | None:
    size = SampleSize.read(raw)
    if size is None:
        advice = f'Write a number from 1 to {MOST_DRAWN:,}, as in 20, or a share as in "20 %, at least 20".'
        location.report(f'"{in_words(raw)}" is no size of a sample', advice)
    return size


def _check_head(spec: SamplePlanSpec, top: Location) -> None:
    """Report what is wrong with the reserves, and with what is done where the record does not tell."""
    if not 0 <= spec.reserves <= MOST_DRAWN:
        top.at("reserves").report(f"{spec.reserves} is no number of reserves", f"Use a number up to {MOST_DRAWN:,}.")
    if spec.unknown not in (_LEAVE_OUT, _INCLUDE):
        what = f'"{spec.unknown}" is not what can be done with cases of which the record does not tell'
        top.at("unknown").report(what, f'Write "{_LEAVE_OUT}" or "{_INCLUDE}".')


def _report_blanks(data: object, location: Location) -> bool:
    """Report every value that nobody has filled in; whether there is one."""
    blank = data == FILL_IN
    if blank:
        location.report(
            f'"{".".join(map(str, location.path))}" has not been filled in',
            "Write what is so with you: a day as in 2026-05-01, without quotes, and words in quotes.",
            "Nothing is made up for you: another day or name draws another sample.",
        )
    entries_ = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return any([blank, *(_report_blanks(value, location.at(key)) for key, value in entries_)])


def _begun(as_of: date) -> tuple[EligibilityRule, ...]:
    day = in_words(as_of)
    return (EligibilityRule(BEGUN, f"The case had begun by {day}", f"The case had not begun by {day}"),)


def _hash(data: Mapping[str, Any]) -> str:
    """Of what the file says: comments, layout and the order of keys do not enter it."""
    written = json.dumps(data, sort_keys=True, separators=(",", ":"), default=lambda day: {"date": day.isoformat()})
    return sha256(written.encode("ascii")).hexdigest()


def _as_drawn(parameter: Parameter) -> PlanParameter:
    value = parameter.value
    shown = str(value) if isinstance(value, Duration) else in_words(value)
    return PlanParameter(parameter.name, parameter.label, shown, parameter.status, parameter.source.document.title)


def _parameters(raw: object, rulebook: Rulebook, location: Location) -> Iterator[tuple[str, Parameter | None]]:
    """Every parameter of the plan by name; None for those that are broken."""
    read: dict[str, Parameter | None] = {}
    for name, entry in entries(raw, "parameter", location).items():
        place = location.at(name).named(f"parameter {name}")
        read[name] = None
        if is_word(name, "parameter", place) and (name in rulebook.parameters or name == "as_of"):
            place.report(f'the rulebook has "{name}" already', "Choose another name.")
            continue
        spec = structure(entry, PlanParameterSpec, place)
        value = None if spec is None else _value(spec.value, read, rulebook, place.at("value"))
        if spec is not None and value is not None:
            read[name] = Parameter(name, spec.label, value, spec.status, Source(Document("plan", spec.source)))
    yield from read.items()


def _value(
    raw: object, known: Mapping[str, Parameter | None], rulebook: Rulebook, location: Location
) -> str | bool | int | date | Duration | None:
    """What a parameter is: written out, or a day that comes so long before another."""
    if not isinstance(raw, dict):
        return read_value(raw, location)
    if set(raw) != {_BEFORE, _BY}:
        advice = f'Write a value, or {{ {_BEFORE} = "...", {_BY} = "..." }} with two parameters that stand above.'
        location.report("this cannot be the value of a parameter", advice)
        return None
    above = {name: one for name, one in known.items() if one is not None or name not in location.path}
    day = find(above, raw[_BEFORE], "parameter above this one", location.at(_BEFORE))
    written = raw[_BY]
    length: object = read_duration(written) if isinstance(written, str) else None
    if length is None:
        other = find(above, written, "parameter above this one", location.at(_BY))
        length = None if other is None else other.value
    if day is None or length is None:
        return None
    if isinstance(day.value, bool) or not isinstance(day.value, date):
        location.at(_BEFORE).report(f"{day.name} is no day", "Name a parameter that is a day, as in 2026-05-01.")
    elif not isinstance(length, Duration) or length.unit is Unit.WORKING_DAY:
        advice = 'Use days, weeks or months, as in "42 days".'
        location.at(_BY).report("it is no length of time that can be counted back here", advice)
    else:
        return rulebook.calendar.deadline(day.value, -length)
    return None


def _rules(
    raw: object, scope: NameScope, location: Location
) -> Iterator[tuple[str, tuple[EligibilityRule, Condition]]]:
    """The rules that are sound, by id."""
    for id_, spec, place in read_entries(raw, "eligible", EligibilityRuleSpec, location):
        if id_ == BEGUN:
            place.report(f'"{id_}" is what every plan has already', "Choose another name.")
        when = None if spec is None else read_condition(spec.when, scope, place.at("when"))
        if spec is not None and when is not None:
            yield id_, (EligibilityRule(id_, spec.says, spec.reason), when)


def _check_strata(name: str, scope: NameScope, location: Location) -> None:
    field = scope.field(name, location) if name else None
    if field is None:
        return
    if name == ID:
        location.report(f"{ID} is another for each case", "Name a field that several cases have in common.")
    elif field.kind not in _STRATA:
        what = f"{name} is a {field.kind.value}, which makes no strata"
        location.report(what, f"Name a field of the type {listed(one.value for one in _STRATA)}.")


def _must_include(raw: object, location: Location) -> Iterator[MustInclude]:
    if raw is not None and not isinstance(raw, list):
        location.report("this is not a list of cases", "Write each under its own heading, [[must_include]].")
        return
    seen: set[str] = set()
    for number, entry in enumerate(raw or ()):
        place = location.at(number)
        spec = structure(entry, MustIncludeSpec, place)
        if spec is None:
            continue
        case = evened(spec.case)
        if case in seen:
            place.at("case").report(f'"{case}" is named twice', "Keep it once.")
        if len(spec.reason) > _LONGEST:
            what = f'"reason" has more than {_LONGEST:,} characters'
            place.at("reason").report(what, "Say it in a few sentences.")
        seen.add(case)
        yield MustInclude(case, spec.reason)


def asking(
    rulebook: Rulebook, own: Mapping[str, Parameter], conditions: Mapping[str, Condition], strata: str
) -> Rulebook:
    """A rulebook whose only questions are those of the plan: so whatever evaluates rules can say who is eligible.

    Of its checks those stay that disbelieve something that the plan reads. No check sees what another does.
    """
    source = Source(Document("plan", "plan"))
    criteria = (
        Criterion(id_, "", id_, id_, Basis.EVIDENCE, Severity.LOW, source, "", "", met=when)
        for id_, when in conditions.items()
    )
    parameters = {**rulebook.parameters, **own}
    asked = [*conditions.values(), *_known(strata, rulebook)]
    read = {field for one in asked for _, field in all_reads(one, parameters, rulebook.derived)}
    return evolve(
        rulebook,
        parameters=parameters,
        criteria=tuple(criteria),
        conclusions=(),
        facts=(),
        open_cases="",
        profile=None,
        checks=tuple(check for check in rulebook.checks if not read.isdisjoint(check.disbelieved)),
    )


def _known(strata: str, rulebook: Rulebook) -> Iterator[Condition]:
    """A question that reads the field of the strata."""
    derived = (one.field for one in rulebook.derived)
    yield from (Recorded(one, True) for one in (*rulebook.dictionary.fields.values(), *derived) if one.name == strata)
