"""A profile to start from: everything that can be said, as comments, with what the rulebook has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

from casescreen.model.calendar import Duration
from casescreen.model.dictionary import Value
from casescreen.model.rulebook import Parameter, Rulebook, Status
from casescreen.rulebook.profile_files import WHOSE, WHY, WHY_OFF
from casescreen.rulebook.switched_off import resting_on

_SATURDAY = 5

_HEAD = """\
## A profile: what is local. It changes nothing as it stands.
## To set something, take the mark "# " away at the start of its lines, and write what is so with you.
## Lines with two marks say what the lines below them mean: leave those as they are.

## Check it:  casescreen rules check --profile FILE
## Try it:    casescreen profile effect CASES --profile FILE
## Use it:    casescreen check CASES --profile FILE

## The rulebook that it is laid over. Where the rulebook changes, the profile still works, and you are told.
extends = {extends}
version = {version}
hash    = {hash}

## Days on which nobody works here, beside public holidays.
# holidays = [{day}]

## The day as at which the examples of your own questions are judged.
# examples_as_of = {day}

## ---- Numbers -------------------------------------------------------------------------------------------------
## Each needs whose number it is, and why. Reports then name that source, and not the rulebook's.
## Where there are other numbers for some cases, those stay as they are. To change them too, write below the entry,
## for each:  [[parameters.NAME.for]]  with field, is and value, as the rulebook does.
"""

_REST = """\
## ---- Questions that are not asked here -------------------------------------------------------------------------
## A question that is off is in no finding and no share. Conclusions that cannot do without it go off with it:
## casescreen rules check names them.

# [off.{criterion}]
# reason      = "{why_off}"
# conclusions = {conclusions}

## ---- How much a question matters -------------------------------------------------------------------------------

# [severity.{other}]
# value        = "medium"
# reason       = "{why}"
# rulebook_has = {severity}

## ---- Findings that somebody accepts ----------------------------------------------------------------------------

# [waivers]
# longest_months = 6

## ---- Bands of rates --------------------------------------------------------------------------------------------

# [bands]
# minimum = {minimum}
# source  = "Whose bands they are."
# reason  = "{why}"

## ---- Questions of your own -------------------------------------------------------------------------------------
## In the words of a rulebook: casescreen rules show --dictionary lists what a question can read. The id begins with
## local-. Each outcome that it can come to needs an example, and examples_as_of, above, a day.

# [criteria.local-example]
# theme    = {theme}
# title    = "What is so where it is met"
# question = "What is asked?"
# kind     = "judgement"
# severity = "low"
# source   = {{ document = {document} }}
# remedy   = "What puts it right."

# [[criteria.local-example.example]]
# given   = {{}}
# answer  = "yes"
# outcome = "met"

# [[criteria.local-example.example]]
# given   = {{}}
# answer  = "no"
# outcome = "not met"

# [[criteria.local-example.example]]
# given   = {{}}
# outcome = "needs judgement"

# [[criteria.local-example.example]]
# given   = {{}}
# answer  = "n/a"
# reason  = "Why it is not."
# outcome = "not applicable"
"""


def profile_starter(rulebook: Rulebook, extends: str) -> str:
    """The profile as text, for a rulebook that it names so."""
    first, *others = rulebook.criteria
    other, calendar = others[0] if others else first, rulebook.calendar
    needed = resting_on([first.id], first.id, rulebook.conclusions)
    days = (calendar.covers_from + timedelta(days=n) for n in range(14))
    head = _HEAD.format(
        extends=_quoted(extends),
        version=_quoted(rulebook.version),
        hash=_quoted(rulebook.hash),
        day=next(day for day in days if day.weekday() < _SATURDAY and day not in calendar.holidays),
    )
    rest = _REST.format(
        criterion=first.id,
        why=WHY,
        why_off=WHY_OFF,
        conclusions=f"[{', '.join(map(_quoted, needed))}]",
        other=other.id,
        severity=_quoted(other.severity.value),
        minimum=rulebook.bands.minimum,
        theme=_quoted(rulebook.themes[0].id),
        document=_quoted(next(iter(rulebook.documents))),
    )
    numbers = "\n".join(_numbers(rulebook))
    return f"{head}\n{numbers}\n{rest}"


def _numbers(rulebook: Rulebook) -> Iterator[str]:
    """The entry of each parameter that may be set."""
    for parameter in rulebook.parameters.values():
        if parameter.status is Status.STATUTORY or (parameter.follows is not None and parameter.follows.by is None):
            continue
        yield from (f"## {line}" for line in _about(parameter, rulebook))
        yield f"# [parameters.{parameter.name}]"
        yield f"# value        = {_written(parameter.value)}"
        yield f'# source       = "{WHOSE}"'
        yield f'# reason       = "{WHY}"'
        yield f"# rulebook_has = {_written(parameter.value)}"
        yield ""


def _about(parameter: Parameter, rulebook: Rulebook) -> Iterator[str]:
    """What a parameter is, what it is for some cases, and what moves with it."""
    yield f"The {parameter.label}."
    for one in parameter.variations:
        yield f"Where {one.field.label} is {one.value}: {one.then}."
    if parameter.follows is not None:
        yield f"It moves with {parameter.follows.parameter}: it is {parameter.follows.by} longer."
    for other in rulebook.parameters.values():
        if other.follows is not None and other.follows.parameter == parameter.name:
            yield f"With it moves {other.name}."


def _written(value: Value | Duration) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    """A text as TOML has it: as JSON has it, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
