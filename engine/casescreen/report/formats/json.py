"""The screening as JSON, in the shape that docs/json-output.md describes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files

from casescreen.model.calendar import Duration
from casescreen.model.outcome import Outcome
from casescreen.model.rulebook import Bands, Parameter, Rulebook, Source
from casescreen.model.screening import Conclusion, Count, Finding, Rate, Reading, Screening, Summary, Suppressed
from casescreen.report.formats.registry import Options
from casescreen.report.sections.overview import what_is_left_out
from casescreen.text import Withheld

SCHEMAS = ("screening", "shared", "figures")
FORMAT = "casescreen/1"
SHARED_FORMAT = "casescreen-shared/1"
FIGURES_FORMAT = "casescreen-figures/1"


def json_schema(name: str) -> str:
    """The schema of that name, draft 2020-12, as JSON. Hand-kept: a change of shape has to change it."""
    schemas = files("casescreen.report").joinpath("schemas")
    return schemas.joinpath(f"{name}.json").read_text(encoding="utf-8").replace("\r\n", "\n")


def render(result: Summary, options: Options) -> str:
    """The whole of it. Plain ASCII: every other character, and every control character, is escaped."""
    if isinstance(result, Screening):
        shape = _screening(result)
    else:
        shape = _shared(result, options) if result.suppressed_under else _figures(result)
    return json.dumps(shape, indent=2, ensure_ascii=True) + "\n"


def _which(rulebook: Rulebook) -> dict[str, str]:
    """What it takes to find the rulebook again."""
    return {"id": rulebook.id, "title": rulebook.title, "version": rulebook.version, "hash": rulebook.hash}


def _screening(screening: Screening) -> dict[str, object]:
    rulebook = screening.rulebook
    return {
        "format": FORMAT,
        "as_of": screening.as_of.isoformat(),
        "rulebook": _which(rulebook),
        "cases_hash": screening.cases_hash,
        "engine": screening.engine,
        "left_out": screening.left_out,
        "quoting": screening.quoting.value,
        "parameters": {name: _parameter(p) for name, p in sorted(rulebook.parameters.items())},
        "bands": _bands(rulebook.bands),
        "cases": [_case(case, screening) for case in screening.case_ids],
        "findings": [_finding(finding, rulebook) for finding in screening.findings],
        "rates": _rates(screening.rates),
        "rates_by_manager": _by_group(screening.by_manager),
        "rates_by_team": _by_group(screening.by_team),
        "conclusions": [_conclusion(conclusion) for conclusion in screening.conclusions],
    }


def _figures(summary: Summary) -> dict[str, object]:
    """Figures of so many cases that none is listed."""
    rulebook = summary.rulebook
    return {
        "format": FIGURES_FORMAT,
        "as_of": summary.as_of.isoformat(),
        "rulebook": _which(rulebook),
        "engine": summary.engine,
        "cases": summary.cases,
        "left_out": summary.left_out,
        "rows_of_no_case": summary.orphans,
        "first_left_out": [{"case": one.case, "why": one.why, "records": one.records} for one in summary.rejected],
        "parameters": {name: _parameter(p) for name, p in sorted(rulebook.parameters.items())},
        "bands": _bands(rulebook.bands),
        "rates": _rates(summary.rates),
        "rates_by_manager": _by_group(summary.by_manager),
        "rates_by_team": _by_group(summary.by_team),
        "conclusions": [_conclusion(conclusion) for conclusion in summary.conclusions],
        "conclusions_on_cases": [
            {
                "id": one.rule.id,
                "kind": one.rule.kind.value,
                "says": one.rule.says,
                "severity": one.rule.severity.value,
                "cases": one.cases,
                "by_manager": dict(sorted(one.by_manager.items())),
                "by_team": dict(sorted(one.by_team.items())),
            }
            for one in summary.on_cases
        ],
    }


def _shared(summary: Summary, options: Options) -> dict[str, object]:
    """A copy to share."""
    groups, sizes = summary.by_manager or summary.by_team, summary.manager_sizes or summary.team_sizes
    kept = ("id", "kind", "says", "severity", "remedy", "note", "rates")
    return {
        "format": SHARED_FORMAT,
        "as_of": summary.as_of.isoformat(),
        "rulebook": _which(summary.rulebook),
        "engine": summary.engine,
        "suppressed_under": summary.suppressed_under,
        "about": what_is_left_out(summary),
        "cases": _count(summary.cases),
        "left_out": _count(summary.left_out),
        "stands": {state.value: _count(count) for state, count in summary.states.items()},
        "figures": _counts(summary.rates),
        "by": options.by.value,
        "groups": [
            {"name": name, "cases": _count(sizes[name]), "figures": _counts(rates)} for name, rates in groups.items()
        ],
        "conclusions": [{key: _conclusion(one)[key] for key in kept} for one in summary.conclusions],
    }


def _count(count: Count) -> int | str:
    """A count, or why it is not shown: "few" or "withheld"."""
    if isinstance(count, Suppressed):
        return "few" if count is Suppressed.FEW else "withheld"
    return count


def _counts(rates: Iterable[Rate]) -> list[object]:
    return [
        {"criterion": rate.criterion, "counts": {outcome.value: _count(n) for outcome, n in rate.counts.items()}}
        for rate in rates
    ]


def _value(value: object) -> object:
    """A value as JSON has it; a date as year-month-day, a length of time in words."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Duration) else value


def _source(source: Source) -> dict[str, object]:
    return {"document": source.document.title, "paragraph": source.paragraph, "note": source.note}


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "label": parameter.label,
        "value": _value(parameter.value),
        "variations": [
            {"field": other.field.name, "is": _value(other.value), "value": _value(other.then)}
            for other in parameter.variations
        ],
        "status": parameter.status.value,
        "source": _source(parameter.source),
    }


def _bands(bands: Bands) -> dict[str, object]:
    return {
        "minimum": bands.minimum,
        "status": bands.status.value,
        "source": _source(bands.source),
        "bands": [{"id": band.id, "label": band.label, "at_least": band.at_least} for band in bands.bands],
    }


def _case(case: str, screening: Screening) -> dict[str, object]:
    return {"id": case, "manager": screening.managers.get(case, ""), "team": screening.teams.get(case, "")}


def _finding(finding: Finding, rulebook: Rulebook) -> dict[str, object]:
    criterion = rulebook.criterion[finding.criterion]
    return {
        "case": finding.case,
        "criterion": finding.criterion,
        "title": criterion.title,
        "theme": criterion.theme,
        "item": finding.item,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "basis": finding.standing.basis.value,
        "applies": finding.standing.applies.value,
        "answer": finding.standing.answer.value,
        "met": finding.standing.met.value,
        "deadline": finding.standing.deadline.value,
        "due": _value(finding.due),
        "reason": finding.reason,
        "values": [_reading(reading) for reading in finding.values],
        "flags": [{"id": flag.id, "says": flag.says, "challenges": flag.challenges} for flag in finding.flags],
        "reader": finding.reader,
        "owner": finding.owner,
        "remedy": finding.remedy,
    }


def _reading(reading: Reading) -> dict[str, object]:
    return {
        "field": reading.field.full_name,
        "label": reading.field.label,
        "value": _value(reading.value),
        "shown": not isinstance(reading.value, Withheld),
    }


def _by_group(groups: Mapping[str, Iterable[Rate]]) -> dict[str, object]:
    return {name: _rates(rates) for name, rates in sorted(groups.items())}


def _rates(rates: Iterable[Rate]) -> list[object]:
    return [
        {
            "criterion": rate.criterion,
            "met": rate.met,
            "of": rate.of,
            "band": rate.band,
            "counts": {outcome.value: rate.counts[outcome] for outcome in Outcome},
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
