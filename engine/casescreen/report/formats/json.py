"""The screening as JSON, in the shape that docs/json-output.md describes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files

from attrs import asdict, fields

from casescreen.conditions.criterion_hash import criterion_hash
from casescreen.model.answer_set import AnswersUsed, ModeratedAnswer
from casescreen.model.calendar import Duration
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Band, Bands, Parameter, Rulebook, Source
from casescreen.model.sample_figures import CountInterval, ScreenedSample
from casescreen.model.screening import (
    FINDINGS_FORMAT,
    Conclusion,
    ConclusionCount,
    DataIssue,
    Finding,
    IssueCount,
    Rate,
    Screening,
    Summary,
    Suppressed,
)
from casescreen.model.split import GroupFigures, TwoShares
from casescreen.model.waiver import WaiverStanding
from casescreen.report.at_a_glance import AtAGlance, at_a_glance
from casescreen.report.formats.registry import Options
from casescreen.report.local_rules import local_as_json
from casescreen.report.sections.overview import what_is_left_out
from casescreen.report.sections.signed_by import signed_as_json
from casescreen.text import Withheld

SCHEMAS = ("screening", "shared", "figures", "comparison", "agreement")
SHARED_FORMAT = "casescreen-shared/2"
FIGURES_FORMAT = "casescreen-figures/1"
_LINES = ("act_now", "actions", "check_first", "to_check", "themes", "due_next")
_AS_THEY_STAND = tuple(one.name for one in fields(AtAGlance) if one.name not in {*_LINES, "nothing_found", "weakest"})


def json_schema(name: str) -> str:
    """The schema of that name, draft 2020-12, as JSON. Hand-kept: a change of shape has to change it."""
    schemas = files("casescreen.report").joinpath("schemas")
    return schemas.joinpath(f"{name}.json").read_text(encoding="utf-8").replace("\r\n", "\n")


def render(result: Summary, options: Options) -> str:
    """The whole of it. Plain ASCII: every other character, and every control character, is escaped."""
    return "".join(pieces(result, options))


def pieces(result: Summary, options: Options) -> Iterator[str]:
    """The same a piece at a time, each finding when it comes to it: so that they are never all in memory at once."""
    shape = _shared(result, options) if result.suppressed_under else _in_full(result)
    between = "{"
    for key, value in shape.items():
        yield f"{between}\n  {json.dumps(key)}: "
        yield from _elements(value) if isinstance(value, Iterator) else (_indented(value, 1),)
        between = ","
    yield "\n}\n"


def _elements(values: Iterator[object]) -> Iterator[str]:
    between = "["
    for value in values:
        yield f"{between}\n    {_indented(value, 2)}"
        between = ","
    yield "[]" if between == "[" else "\n  ]"


def _indented(value: object, levels: int) -> str:
    """The value as it stands so many levels in. No text in it has a line end: those are escaped."""
    return json.dumps(value, indent=2, ensure_ascii=True, default=_plain).replace("\n", "\n" + "  " * levels)


def _plain(value: object) -> object:
    """What JSON has no form for: a date as year-month-day, a length of time in words, why a count is not shown."""
    match value:
        case date():
            return value.isoformat()
        case Duration():
            return str(value)
        case Suppressed():
            return "few" if value is Suppressed.FEW else "withheld"
        case Source():
            return {"document": value.document.title, "paragraph": value.paragraph, "note": value.note}
        case _:
            raise TypeError(f"no form in JSON: {value!r}")


def _head(result: Summary, shape: str) -> dict[str, object]:
    """Which shape this is, and what it takes to find the rulebook again."""
    rulebook = result.rulebook
    which = {
        "id": rulebook.id,
        "title": rulebook.title,
        "version": rulebook.version,
        "hash": rulebook.hash,
        "local_holidays": sorted(rulebook.calendar.local_holidays),
    }
    local = {} if rulebook.profile is None else {"profile": local_as_json(rulebook.profile)}
    return {"format": shape, "as_of": result.as_of, "rulebook": which, **local}


def _in_full(result: Summary) -> dict[str, object]:
    """A screening with its findings, or figures of so many cases that none is listed."""
    rulebook = result.rulebook
    numbers: dict[str, object] = {
        "parameters": {name: _parameter(parameter) for name, parameter in sorted(rulebook.parameters.items())},
        "bands": _bands(rulebook.bands),
    }
    figures = {**figures_as_json(result), "criteria": _criteria(rulebook), "at_a_glance": glance_as_json(result)}
    if isinstance(result, Screening):
        return _with_findings(result, numbers, figures)
    return _with_counts(result, numbers, figures)


def figures_as_json(result: Summary) -> dict[str, object]:
    """The rates, and what is concluded, as plain values."""
    rulebook = result.rulebook
    return {
        "rates": _rates(result.rates, rulebook),
        "rates_by_manager": _by_group(result.by_manager, rulebook),
        "rates_by_team": _by_group(result.by_team, rulebook),
        "conclusions": [_conclusion(conclusion) | _until(result, conclusion) for conclusion in result.conclusions],
    }


def _criteria(rulebook: Rulebook) -> list[dict[str, object]]:
    return [
        {
            "id": one.id,
            "title": one.title,
            "short": one.short,
            "theme": one.theme,
            "waivable": one.waivable,
            "hash": criterion_hash(one, rulebook.parameters, rulebook.derived),
            "renamed_from": sorted(old for old, new in rulebook.renamed.items() if new == one.id),
        }
        for one in rulebook.criteria
    ]


def _with_findings(result: Screening, numbers: dict[str, object], figures: dict[str, object]) -> dict[str, object]:
    managers, teams = result.managers, result.teams
    return {
        **_head(result, FINDINGS_FORMAT),
        "cases_hash": result.cases_hash,
        "engine": result.engine,
        "left_out": result.left_out,
        "first_left_out": _rejected(result),
        "not_begun": list(result.cases_not_begun),
        "later": result.later,
        "closed": list(result.closed_cases),
        "assumed": list(result.assumed),
        "quoting": result.quoting.value,
        "pseudonyms": result.pseudonyms,
        **numbers,
        "cases": [
            {"id": case, "manager": managers.get(case, ""), "team": teams.get(case, "")} for case in result.case_ids
        ],
        "findings": (_finding(finding, result.rulebook) | _until(result, finding) for finding in result.findings),
        "issues": (_issue(issue) for issue in result.issues),
        **figures,
        **_changes(result),
        **({} if result.drawn is None else {"sample": _sample(result.drawn)}),
        **_split(result),
        **({} if result.accepted is None else {"waivers": [_waiver(one) for one in result.accepted.waivers]}),
        **({} if result.signed is None else {"signed": signed_as_json(result.signed)}),
        **({} if result.answers_used is None else {"answers_used": _answers_used(result.answers_used)}),
    }


def _answers_used(used: AnswersUsed) -> dict[str, object]:
    return {
        "says": str(used),
        "reader": used.reader,
        "file": used.source,
        "cases": used.cases,
        "answers": used.answers,
        "set_aside": used.set_aside,
        "others": used.others,
        "absent": used.absent,
        "later": used.later,
        "moderated": [_moderated(one) for one in used.moderated.values()],
    }


def _moderated(one: ModeratedAnswer) -> dict[str, object]:
    originals = ((name, getattr(one, name)) for name in ("first", "second"))
    return {
        "case": one.case,
        "criterion": one.criterion,
        "item": one.item,
        "answer": one.answer.value,
        "by": one.by,
        "on": one.on,
        "reason": one.reason,
        **{name: {"reader": original.reader, "answer": original.answer.value} for name, original in originals},
    }


def _until(result: Summary, about: Finding | Conclusion) -> dict[str, object]:
    """Until when it is accepted, or null; no key at all where no waivers were named."""
    if not isinstance(result, Screening) or result.accepted is None:
        return {}
    return {"accepted": result.accepted_until(about)}


def _sample(sample: ScreenedSample) -> dict[str, object]:
    """The sample that it is of."""
    return {
        "title": sample.title,
        "hash": sample.hash,
        "as_of": sample.as_of,
        "eligible": sample.eligible,
        "drawn": sample.size,
        "strata": sample.strata,
        "replaced": sample.replaced,
        "rules": list(sample.rules),
        "unverified": list(sample.unverified),
        "not_screened": list(sample.missing),
        "must_include": list(sample.must_include),
        "intervals": [
            {"criterion": id_, "met": _interval(met), "not_met": _interval(sample.not_met[id_])}
            for id_, met in sample.met.items()
        ],
        "no_interval": sample.no_interval,
    }


def _interval(one: CountInterval) -> dict[str, int]:
    return {"sampled": one.sampled, "low": one.low, "high": one.high}


def _waiver(standing: WaiverStanding) -> dict[str, object]:
    one = standing.waiver
    return {
        "case": one.case,
        "criterion": one.criterion,
        "item": one.item,
        "accepts": one.accepts.value,
        "on": one.on,
        "from": one.begins,
        "until": one.until,
        "state": standing.state.value,
        "why": standing.why,
        "rule_changed": standing.rule_changed,
        "reason": one.reason,
        "by": one.by,
        "role": one.role,
        "evidence": one.evidence,
    }


def _changes(result: Screening) -> dict[str, object]:
    """What changed since an earlier run, where one was named."""
    if result.changes is None:
        return {}
    from casescreen.report.formats.changes_by_form import changes_as_json  # noqa: PLC0415 - only who compares waits for it

    return {"changes": changes_as_json(result.changes)}


def _with_counts(result: Summary, numbers: dict[str, object], figures: dict[str, object]) -> dict[str, object]:
    return {
        **_head(result, FIGURES_FORMAT),
        "engine": result.engine,
        "cases": result.cases,
        "left_out": result.left_out,
        "rows_of_no_case": result.orphans,
        "first_left_out": _rejected(result),
        "not_begun": result.not_begun,
        "later": result.later,
        "closed": result.closed,
        "issues": [_issue_count(one) for one in result.issue_counts],
        **numbers,
        **figures,
        "conclusions_on_cases": [_conclusion_count(one) for one in result.on_cases],
        **_split(result),
    }


def _issue_count(one: IssueCount) -> dict[str, object]:
    severity = "" if one.severity is None else one.severity.value
    return {"kind": one.kind.value, "where": one.where, "what": one.what, "severity": severity, "number": one.number}


def _conclusion_count(held: ConclusionCount) -> dict[str, object]:
    return {
        "id": held.rule.id,
        "kind": held.rule.kind.value,
        "says": held.rule.says,
        "severity": held.rule.severity.value,
        "cases": held.cases,
        "by_manager": dict(sorted(held.by_manager.items())),
        "by_team": dict(sorted(held.by_team.items())),
    }


def glance_as_json(result: Summary) -> dict[str, object]:
    """What is read first: ids where cases are listed, and numbers that cannot be told as null."""
    glance, criteria = at_a_glance(result), result.rulebook.criterion
    return {
        **{name: getattr(glance, name) for name in _AS_THEY_STAND},
        **{name: [asdict(line) for line in getattr(glance, name)] for name in _LINES},
        "things": glance.things,
        "nothing_found": [case.id for case in glance.nothing_found],
        "weakest": [
            {"criterion": rate.criterion, "short": criteria[rate.criterion].short, "met": rate.met, "of": rate.of}
            for rate in glance.weakest
        ],
    }


def _rejected(result: Summary) -> list[object]:
    return [{"case": one.case, "why": one.why, "records": one.records} for one in result.rejected]


def _issue(issue: DataIssue) -> dict[str, object]:
    place = issue.problem.place
    return {
        "case": issue.case,
        "kind": issue.kind.value,
        "severity": "" if issue.severity is None else issue.severity.value,
        "check": issue.check,
        "file": place.file,
        "sheet": place.sheet,
        "line": place.line,
        "column": place.column,
        "what": issue.problem.what,
        "advice": issue.problem.advice,
    }


def _shared(summary: Summary, options: Options) -> dict[str, object]:
    """A copy to share."""
    groups, sizes = summary.by_manager or summary.by_team, summary.manager_sizes or summary.team_sizes
    kept = ("id", "kind", "says", "severity", "remedy", "note", "rates")
    return {
        **_head(summary, SHARED_FORMAT),
        "engine": summary.engine,
        **({} if summary.answers_used is None else {"answers_used": {"says": str(summary.answers_used)}}),
        "suppressed_under": summary.suppressed_under,
        "about": what_is_left_out(summary),
        "cases": summary.cases,
        "left_out": summary.left_out,
        "assumed": list(summary.assumed),
        "stands": {state.value: count for state, count in summary.states.items()},
        "figures": _counts(summary.rates),
        "by": options.by.value,
        "groups": [{"name": name, "cases": sizes[name], "figures": _counts(rates)} for name, rates in groups.items()],
        "conclusions": [{key: _conclusion(one)[key] for key in kept} for one in summary.conclusions],
        **_split(summary),
    }


def _split(result: Summary) -> dict[str, object]:
    """The groups of a characteristic, each beside everyone else, where one was named."""
    if result.split is None:
        return {}
    split = result.split
    groups = [
        {"name": group.name, "cases": group.size, "figures": [_group_figures(one) for one in group.figures]}
        for group in split.groups
    ]
    field = {"field": split.field.name, "label": split.field.label}
    return {"split": {**field, "groups": groups, "together": split.together, "withheld": list(split.withheld)}}


def _group_figures(figures: GroupFigures) -> dict[str, object]:
    open_ = None if figures.not_evidenced is None else _two_shares(figures.not_evidenced)
    return {"criterion": figures.criterion, "met": _two_shares(figures.met), "not_evidenced": open_}


def _two_shares(pair: TwoShares) -> dict[str, object]:
    """Both shares as counts; the difference and the ratio with three decimals at most, or null."""
    points, ratio = (None if one is None else float(round(one, 3)) for one in (pair.points, pair.ratio))
    counts = {"count": pair.count, "of": pair.of, "others": pair.others, "others_of": pair.others_of}
    return {**counts, "comparable": pair.comparable, "points": points, "ratio": ratio}


def _counts(rates: Iterable[Rate]) -> list[object]:
    return [
        {"criterion": rate.criterion, "counts": {outcome.value: count for outcome, count in rate.counts.items()}}
        for rate in rates
    ]


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "label": parameter.label,
        "value": parameter.value,
        "variations": [
            {"field": other.field.name, "is": other.value, "value": other.then} for other in parameter.variations
        ],
        "status": parameter.status.value,
        "source": parameter.source,
        "counts_local_holidays": parameter.counts_local_holidays,
    }


def _bands(bands: Bands) -> dict[str, object]:
    return {
        "minimum": bands.minimum,
        "status": bands.status.value,
        "source": bands.source,
        "bands": _limits(bands.bands),
        "known": bands.known,
        "sets": {id_: {"label": one.label, "bands": _limits(one.bands)} for id_, one in bands.sets.items()},
    }


def _limits(bands: Iterable[Band]) -> list[object]:
    return [{"id": band.id, "label": band.label, "at_least": band.at_least} for band in bands]


def _finding(finding: Finding, rulebook: Rulebook) -> dict[str, object]:
    criterion, standing = rulebook.criterion[finding.criterion], finding.standing
    return {
        "case": finding.case,
        "criterion": finding.criterion,
        "title": criterion.title,
        "theme": criterion.theme,
        "item": finding.item,
        "numbered": finding.numbered,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "basis": standing.basis.value,
        "applies": standing.applies.value,
        "answer": standing.answer.value,
        "answer_source": finding.answer_source,
        "met": standing.met.value,
        "deadline": standing.deadline.value,
        "due": finding.due,
        "reason": finding.reason,
        "values": [
            {
                "field": reading.field.full_name,
                "label": reading.field.label,
                "value": reading.value,
                "shown": not isinstance(reading.value, Withheld),
            }
            for reading in finding.values
        ],
        "flags": [{"id": flag.id, "says": flag.says, "challenges": flag.challenges} for flag in finding.flags],
        "reader": finding.reader,
        "owner": finding.owner,
        "remedy": finding.remedy,
        "days_late": finding.days_late,
        "shortfall": finding.shortfall,
    }


def _by_group(groups: Mapping[str, Iterable[Rate]], rulebook: Rulebook) -> dict[str, object]:
    return {name: _rates(rates, rulebook) for name, rates in sorted(groups.items())}


def _rates(rates: Iterable[Rate], rulebook: Rulebook) -> list[object]:
    return [
        {
            "criterion": rate.criterion,
            "met": rate.met,
            "of": rate.of,
            "band": rate.band,
            "counts": {outcome.value: rate.counts[outcome] for outcome in Outcome},
            "cases_known": rate.cases_known,
            "cases_asked": rate.cases_asked,
            "band_set": rulebook.criterion[rate.criterion].bands,
        }
        for rate in rates
    ]


def _conclusion(conclusion: Conclusion) -> dict[str, object]:
    return {
        "id": conclusion.id,
        "on": conclusion.on.value,
        "subject": conclusion.subject,
        "kind": conclusion.kind.value,
        "says": conclusion.says,
        "severity": conclusion.severity.value,
        "remedy": conclusion.remedy,
        "note": conclusion.note,
        "because": list(conclusion.because),
        "findings": [{"case": case, "criterion": c, "item": item} for case, c, item in conclusion.findings],
        "rates": list(conclusion.rates),
    }
