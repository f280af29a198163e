"""The files of a profile: a chain, each of which extends the next, down to a rulebook; and a new one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from attrs import frozen

from casescreen.model.calendar import Duration
from casescreen.model.dictionary import Value
from casescreen.model.in_force import BaseMoved
from casescreen.model.problem import Advice, CasescreenError, Place, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Parameter, Rulebook, Status
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.rulebook.file_schema import ProfileSpec, structure
from casescreen.rulebook.load import load_rulebook
from casescreen.rulebook.local_numbers import Setting
from casescreen.rulebook.overlay import lay_over
from casescreen.rulebook.profile_layer import Layer
from casescreen.rulebook.switched_off import resting_on
from casescreen.syntax.rule_file import Location, read_rule_file
from casescreen.text import did_you_mean, visible

_ENDING = ".toml"
_SHORTEST_HASH = 12

WHOSE, WHY, WHY_OFF = "Whose number it is, and of when.", "Why it is another here.", "Why it is not asked here."
"""What a profile to start from has in place of a source and of reasons; nobody is to read it in a report."""


@frozen
class LaidOver:
    """A rulebook that is in force, and the one beneath it.

    Attributes:
        rulebook: as it is in force.
        base: as its own files say.
        moved: what has changed in the rulebook since the profile was written; None where nothing is known to have.
    """

    rulebook: Rulebook
    base: Rulebook
    moved: BaseMoved | None


def load_profile(profile: Path | None, settings: tuple[Setting, ...] = (), rules: str | None = None) -> LaidOver:
    """The rulebook with a profile laid over it, and with what is set for this run alone over that.

    Args:
        profile: the file; None where only the command line sets something.
        settings: what the command line sets.
        rules: the rulebook, where another copy of it is to be used than the one that the profile names.

    Raises:
        CasescreenError: there is no such rulebook.
        ProblemsError: everything that is wrong with the profile, or with the rulebook, with file and line.
    """
    collector = ProblemCollector()
    layers = () if profile is None else _chain(profile, collector)
    if collector.problems:
        raise ProblemsError(collector.problems)
    base = load_rulebook(rules) if not layers else _base(layers[0], rules, collector)
    if base is None:
        raise ProblemsError(collector.problems)
    rulebook, moved = lay_over(base, layers, settings, collector)
    if collector.problems:
        raise ProblemsError(collector.problems)
    return LaidOver(rulebook, base, moved)


def _chain(profile: Path, collector: ProblemCollector) -> tuple[Layer, ...]:
    """The profile and those that it extends, that which extends the rulebook first; as far as they can be read."""
    layers: list[Layer] = []
    seen: dict[Path, str] = {}
    path: Path | None = profile
    while path is not None:
        layer = _layer(path, collector)
        if layer is None:
            break
        seen[_resolved(path)] = str(path)
        layers.append(layer)
        path = _extended(layer, path)
        if path is not None and _resolved(path) in seen:
            what = f"{visible(layer.spec.extends)} is extended already, so the profiles go round in a circle"
            layer.location.at("extends").report(what, "Let one of them extend the rulebook.")
            break
        if path is not None and not path.is_file():
            advice = Advice(
                "Name it as it is reached from the folder of this profile, or name a rulebook.",
                "Drop that file on the page too, together with this one, or let this one extend a rulebook.",
            )
            layer.location.at("extends").report(f'there is no file "{layer.spec.extends}"', advice)
            break
        if path is not None:
            _refuse_version(layer)
    return tuple(reversed(layers))


def _layer(path: Path, collector: ProblemCollector) -> Layer | None:
    if path.suffix != _ENDING:
        what = f"a profile is a file whose name ends in {_ENDING}"
        advice = Advice("casescreen profile new profile.toml makes one to start from.", "Give it such a name.")
        collector.add(Place(str(path)), what, advice)
        return None
    file = read_rule_file(path, str(path), collector)
    if file is None:
        return None
    location = Location(file, collector)
    _refuse_unfilled(file.data, location)
    spec = structure(file.data, ProfileSpec, location)
    return None if spec is None else Layer(location, spec)


def _refuse_unfilled(table: object, location: Location) -> None:
    """Report every source and reason that is still what a profile to start from has."""
    for key, value in table.items() if isinstance(table, dict) else ():
        if value in (WHOSE, WHY, WHY_OFF):
            advice = f"Write {'whose number it is' if key == 'source' else 'why it is so with you'}."
            location.at(key).report(f"the {key} has not been filled in", advice, "Every report quotes it.")
        _refuse_unfilled(value, location.at(key))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a circle of links, or a name that no file can have
        return path


def _extended(layer: Layer, path: Path) -> Path | None:
    """The profile that a profile extends; None where it extends a rulebook."""
    named = layer.spec.extends
    return path.parent / named if named.endswith(_ENDING) else None


def _refuse_version(layer: Layer) -> None:
    """Report a version or hash of a rulebook in a profile that extends another profile."""
    for key in ("version", "hash"):
        if getattr(layer.spec, key):
            what = f'"{key}" is that of a rulebook, and this extends another profile'
            layer.location.at(key).report(what, "Take the line out: the profile that names the rulebook says it.")


def _base(first: Layer, rules: str | None, collector: ProblemCollector) -> Rulebook | None:
    """The rulebook that the first of the profiles extends; None after telling why there is none."""
    place, named = first.location.at("extends"), first.spec.extends
    if first.spec.hash and len(first.spec.hash) < _SHORTEST_HASH:
        what = f"a hash of {len(first.spec.hash)} characters could be that of another rulebook"
        first.location.at("hash").report(what, f"Write at least {_SHORTEST_HASH} of them.")
    shipped = shipped_rulebooks()
    if rules is not None:
        rulebook = load_rulebook(rules)
        if rulebook.id != Path(named).name:
            advice = Advice(
                "Name that rulebook with --rules, or another profile.", "Choose that rulebook, or another profile."
            )
            place.report(f'the profile is for "{named}", and --rules names "{rulebook.id}"', advice)
        return None if collector.problems else rulebook
    where: str | Path = named
    if named not in shipped:
        where = Path(first.location.file.name).parent / named
        try:
            rulebook_folder(where, shipped)
        except (CasescreenError, ValueError):
            close = did_you_mean(named, shipped) or "Name one that comes with casescreen, or the folder of another."
            place.report(f'there is no rulebook or folder "{named}"', close)
    return None if collector.problems else load_rulebook(where)


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
