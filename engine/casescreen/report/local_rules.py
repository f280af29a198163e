"""What is local in a rulebook, in words and as JSON: other numbers, what is off and why, and who says so."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.conditions.description import parameter_in_words
from casescreen.model.in_force import BaseMoved, LocalParameter, ProfileInForce, SaidBy, SwitchedOff
from casescreen.model.rulebook import Bands, Parameter, Rulebook
from casescreen.report.blocks import Block, Column, Grid, Heading, Paragraph
from casescreen.text import counted, listed, visible

HEADING = "What is local"


def local_in_short(profile: ProfileInForce) -> str:
    """What is local, counted in a line, with the name of the file."""
    tried, off = len(profile.set_for_this_run), len(profile.criteria_off)
    said = [f"{counted(tried, 'number')} set for this run only"] if tried else []
    changed = len(profile.parameters) - tried
    said += [f"{counted(changed, 'number')} changed"] if changed else []
    said += [f"{counted(off, 'question')} off"] if off else []
    again = sum(one.was_off.criterion is not None for one in profile.on_again)
    said += [f"{counted(again, 'question')} on again"] if again else []
    said += [f"{counted(len(profile.criteria), 'question')} added"] if profile.criteria else []
    more = len(profile.off) - off + len(profile.on_again) - again + len(profile.severities)
    more += sum(one is not None for one in (profile.bands, profile.holidays_said, profile.longest_waiver_months))
    said += [f"{more:,} more" if said else counted(more, "change")] if more else []
    moved = "; the rulebook has changed since" if profile.moved else ""
    by = f"by {visible(profile.files[-1])}: " if profile.files else ""
    return f"{by}{listed(said, 'and')}{moved}"


def moved_in_words(moved: BaseMoved, rulebook: str) -> str:
    """That the rulebook is another than the profile was written for, and what is known to have changed."""
    known = "; ".join(moved.differences)
    changed = f"Changed there: {known}." if known else "Nothing that the profile names is known to have changed."
    return (
        f"{visible(moved.said.name)} was written for {rulebook}, {visible(moved.written_for)}, and the rulebook is now "
        f"{visible(moved.now)}. The profile is used all the same. {changed} Look at it again, and write the new "
        "version and hash into it."
    )


def local_lines(rulebook: Rulebook) -> Iterator[tuple[str, str, str, str]]:
    """Everything that is local, a line each: what it is about, what is so here, in the rulebook, and whose it is."""
    profile = rulebook.profile
    if profile is None:
        return
    for local in profile.parameters:
        yield local.now.label, parameter_in_words(local.now), parameter_in_words(local.rulebook), _whose(local)
    for off in profile.off:
        kind = "question" if off.criterion is not None else "conclusion"
        yield f"{kind}: {off.title}", "switched off", "on", _why(off.reason, off.said)
    for again in profile.on_again:
        kind = "question" if again.was_off.criterion is not None else "conclusion"
        source = f"{str(again.source).rstrip('.')}. {_why(again.reason, again.said)}"
        here = f"on again ({again.was_off.said.name} had switched it off)"
        yield f"{kind}: {again.was_off.title}", here, "on", source
    for one in profile.severities:
        about = f"severity of: {one.title}"
        yield about, one.now.value, one.rulebook.value, _why(one.reason, one.said)
    if profile.bands is not None:
        bands = profile.bands
        source = f"{bands.now.source}. {_why(bands.reason, bands.said)}"
        yield "bands of rates", bands_in_short(bands.now), bands_in_short(bands.rulebook), source
    for added in profile.criteria:
        yield f"question: {added.title}", "added", "not there", f"({added.said.name})"
    if profile.holidays_said is not None:
        days = counted(len(rulebook.calendar.local_holidays), "day")
        yield "local holidays", days, "none", f"({profile.holidays_said.name})"
    if profile.longest_waiver_months is not None:
        months = counted(profile.longest_waiver_months, "month")
        yield "longest time for which a finding is accepted", months, "", f"({profile.files[-1]})"


def bands_in_short(bands: Bands) -> str:
    """Where each band begins, and how few cases are too few."""
    limits = ", ".join(f"{one.label} from {one.at_least}" for one in bands.bands)
    sets = "".join(f"; {one.label}: {', '.join(str(b.at_least) for b in one.bands)}" for one in bands.sets.values())
    return f"{limits} per cent{sets}; at least {counted(bands.minimum, 'case')}, {bands.known} per cent known"


def _whose(local: LocalParameter) -> str:
    moved = f"It moves with {local.follows}. " if local.follows else ""
    source = f"{str(local.now.source).rstrip('.')}. " if local.said.file else ""
    return f"{moved}{source}{_why(local.reason, local.said)}" if local.said.file else f"{moved}{local.now.source}"


def _why(reason: str, said: SaidBy) -> str:
    return f"{reason} ({said.name})" if reason else f"({said.name})"


def local_blocks(rulebook: Rulebook) -> Iterator[Block]:
    """What is local, as a part of a report; nothing where nothing is."""
    profile = rulebook.profile
    if profile is None:
        return
    yield Heading(HEADING)
    if profile.moved is not None:
        yield Paragraph(moved_in_words(profile.moved, rulebook.id))
    if profile.set_for_this_run:
        yield Paragraph("Some numbers were set for this run only. Keep no such report as a record of the work.")
    yield _grid(("About", "Here", "In the rulebook", "Source and reason"), local_lines(rulebook))
    if profile.criteria_off:
        yield Paragraph("What is switched off was not asked: it is in no share, no count and no finding here.")


def _grid(titles: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Grid:
    return Grid(tuple(map(Column, titles)), tuple(rows))


def local_hash_line(profile: ProfileInForce, short: int) -> str:
    """What the hash of the rulebook covers, and that of the rulebook alone."""
    return (
        f"The hash covers what is local. That of the rulebook alone begins {profile.rulebook_hash[:short]}. "
        f"Profile: {listed(map(visible, profile.files), 'and') or 'none, numbers were set for this run only'}."
    )


def switched_off_in_words(off: SwitchedOff) -> str:
    """That a question or a conclusion is switched off, why, and by which file."""
    return f'"{visible(off.title)}" ({off.id}) is switched off here, by {visible(str(off.said))}. Why: {off.reason}'


# As JSON


def local_as_json(profile: ProfileInForce) -> dict[str, object]:
    """What is local, with who says so."""
    return {
        "files": list(profile.files),
        "rulebook_hash": profile.rulebook_hash,
        "parameters": [
            {
                "name": one.name,
                "label": one.now.label,
                "value": one.now.value,
                "variations": _variations(one.now),
                "rulebook_value": one.rulebook.value,
                "rulebook_variations": _variations(one.rulebook),
                "source": one.now.source,
                "reason": one.reason,
                "follows": one.follows,
                "this_run_only": not one.said.file,
                **_said(one.said),
            }
            for one in profile.parameters
        ],
        "off": [
            {
                "id": one.id,
                "title": one.title,
                "kind": "criterion" if one.criterion is not None else "conclusion",
                "reason": one.reason,
                **_said(one.said),
            }
            for one in profile.off
        ],
        "on_again": [
            {
                "id": one.was_off.id,
                "title": one.was_off.title,
                "kind": "criterion" if one.was_off.criterion is not None else "conclusion",
                "source": one.source,
                "reason": one.reason,
                "switched_off_by": _said(one.was_off.said),
                **_said(one.said),
            }
            for one in profile.on_again
        ],
        "severities": [
            {
                "criterion": one.criterion,
                "severity": one.now.value,
                "rulebook_severity": one.rulebook.value,
                "reason": one.reason,
                **_said(one.said),
            }
            for one in profile.severities
        ],
        "bands": profile.bands is not None,
        "criteria": [{"id": one.id, "title": one.title, **_said(one.said)} for one in profile.criteria],
        "longest_waiver_months": profile.longest_waiver_months,
        "rulebook_has_changed": []
        if profile.moved is None
        else [profile.moved.written_for, *profile.moved.differences],
    }


def _said(said: SaidBy) -> dict[str, object]:
    return {"file": said.name if said.file else "", "line": said.line}


def _variations(parameter: Parameter) -> list[object]:
    return [{"field": one.field.name, "is": one.value, "value": one.then} for one in parameter.variations]


# Who says what


def origin_blocks(rulebook: Rulebook) -> Iterator[Block]:
    """Each number, severity and question that can be set, who set it last, and what that overrode."""
    profile = rulebook.profile or ProfileInForce()
    own = f"the rulebook {rulebook.id}"
    yield Heading("Who set what", level=1)
    local = {one.name: one for one in profile.parameters}
    yield Heading("Numbers")
    yield _grid(_ORIGIN, (_parameter_origin(one, local.get(one.name), own) for one in rulebook.parameters.values()))
    yield Heading("Bands of rates")
    bands = profile.bands
    overrode = [] if bands is None else [bands_in_short(bands.rulebook)]
    whose = own if bands is None else str(bands.said)
    yield _grid(_ORIGIN, iter([("bands", bands_in_short(rulebook.bands), whose, "; ".join(overrode))]))
    yield Heading("Severities")
    severities = {one.criterion: one for one in profile.severities}
    added = {one.id: one for one in profile.criteria}
    rows = []
    for criterion in rulebook.criteria:
        one = severities.get(criterion.id)
        whose = own if criterion.id not in added else str(added[criterion.id].said)
        before = "" if one is None else _overrode([(s.value, str(w)) for w, s in one.overrode], one.rulebook.value, own)
        rows.append((criterion.id, criterion.severity.value, whose if one is None else str(one.said), before))
    yield _grid(_ORIGIN, iter(rows))
    if profile.off:
        yield Heading("Switched off")
        off = ((one.id, "off", str(one.said), f"on, {own}") for one in profile.off)
        yield _grid(_ORIGIN, off)
    if profile.on_again:
        yield Heading("On again")
        again = ((one.was_off.id, "on", str(one.said), f"off ({one.was_off.said})") for one in profile.on_again)
        yield _grid(_ORIGIN, again)


_ORIGIN = ("Name", "Value", "Set by", "Overrode")


def _parameter_origin(parameter: Parameter, local: LocalParameter | None, own: str) -> tuple[str, str, str, str]:
    value = parameter_in_words(parameter)
    if local is None:
        return parameter.name, value, own, ""
    moved = f", with {local.follows}" if local.follows else ""
    before = [(parameter_in_words(one), str(said)) for said, one in local.overrode]
    return parameter.name, value, f"{local.said}{moved}", _overrode(before, parameter_in_words(local.rulebook), own)


def _overrode(before: list[tuple[str, str]], rulebook: str, own: str) -> str:
    """What was in force before, the last first."""
    return "; ".join(f"{value} ({said})" for value, said in [*reversed(before), (rulebook, own)])
