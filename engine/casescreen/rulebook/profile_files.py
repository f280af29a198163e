"""The files of a profile: a chain, each of which extends the next, down to a rulebook."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from casescreen.model.in_force import BaseMoved
from casescreen.model.problem import Advice, CasescreenError, Place, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Rulebook
from casescreen.resources import rulebook_folder, shipped_rulebooks
from casescreen.rulebook.file_schema import ProfileSpec, structure
from casescreen.rulebook.load import load_rulebook
from casescreen.rulebook.local_numbers import Setting
from casescreen.rulebook.overlay import lay_over
from casescreen.rulebook.profile_layer import Layer
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
