"""The settings of a weekly run: a TOML file, all that is wrong with it at once, and one to begin with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import field, fields_dict, frozen

from casescreen.cases.mapping.load import shipped_mappings
from casescreen.cases.tables.cells import DateOrder
from casescreen.cli.history_run import LONGEST_SCOPE
from casescreen.cli.screening_run import LEVELS
from casescreen.files.discovery import SUFFIXES
from casescreen.model.problem import CasescreenError, Problem, ProblemCollector, ProblemsError
from casescreen.model.rulebook import Severity
from casescreen.report.formats.registry import FORMATS, Format
from casescreen.resources import shipped_rulebooks
from casescreen.rulebook.file_schema import structure
from casescreen.syntax.rule_file import Location, RuleFile, read_rule_file
from casescreen.text import as_argument, did_you_mean, listed, visible

_FORMS = {"page": "html", "workbook": "xlsx", "letter": "docx", "findings": "json"}
"""What forms of reports are called beside their own names."""

_ORDERS = {order.value: order for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)}
_HIGHEST = 100
_LOOKS_LIKE_A_PATH = ("/", "\\", os.sep)


@frozen(eq=False, repr=False, slots=False)
class ExportsSpec:
    """The part [exports] as it is written."""

    folder: str
    pattern: str
    dates: str = ""


@frozen(eq=False, repr=False, slots=False)
class ReportsSpec:
    """The part [reports] as it is written."""

    folder: str
    write: tuple[str, ...] = ("page", "workbook")
    per_owner: bool = False


@frozen
class WarnLimits:
    """When a run warns: the part [warn], as it is written and as it is meant.

    Attributes:
        unchanged: where the records are those of the last run.
        fewer_cases: where there are fewer cases than last time by so many per cent; 0 for never.
        empty_fields: where nothing stands in a field that was known in so many per cent of the cases; 0 for never.
        holidays: where the calendar of public holidays ends this year.
    """

    unchanged: bool = True
    fewer_cases: int = 30
    empty_fields: int = 50
    holidays: bool = True


@frozen(eq=False, repr=False, slots=False)
class WeeklySpec:
    """The whole file as it is written."""

    history: str
    exports: ExportsSpec | None = None
    reports: ReportsSpec | None = None
    scope: str = ""
    rules: str = ""
    mapping: str = ""
    profile: str = ""
    waivers: str = ""
    pseudonyms: str = ""
    holidays: Any = ()
    strict: bool = False
    fail_on: str = Severity.LOW.value
    warn: WarnLimits = WarnLimits()


@frozen(kw_only=True)
class WeeklySettings:
    """What a weekly run is to do. Paths lead from the folder of the settings file.

    Attributes:
        path: the settings file, in full.
        exports: the folder in which exports are put.
        pattern: what the name of an export looks like.
        dates: what days in figures mean in the names of exports; None where only the year first is understood.
        reports: the folder that reports are written to.
        forms: the forms of the reports.
        rules: the rulebook; None for the one that comes with casescreen.
        profile: the local profile; None for none.
        waivers: what somebody has accepted; None for nothing.
        pseudonyms: the key file of pseudonyms; None where names stand as they are.
    """

    path: Path
    exports: Path
    pattern: str
    dates: DateOrder | None
    reports: Path
    forms: tuple[Format, ...]
    per_owner: bool
    history: Path
    scope: str
    rules: str | None
    mapping: str | None
    profile: Path | None
    waivers: Path | None
    pseudonyms: Path | None
    holidays: tuple[date, ...]
    strict: bool
    fail_on: str
    warn: WarnLimits
    _file: RuleFile = field(repr=False, eq=False)

    @property
    def read(self) -> tuple[str | Path | None, ...]:
        """What else a run reads, none of which may be written over."""
        return (self.path, self.profile, self.waivers, self.pseudonyms, self.mapping)

    def wrong(self, what: str, advice: str, *keys: str, why: str = "") -> CasescreenError:
        """The error that what a setting leads to cannot be used, with the line of the setting."""
        return ProblemsError([Problem(self._file.place(keys), what, advice, why)])


def read_settings(path: Path) -> WeeklySettings:
    """The settings in a file.

    Raises:
        CasescreenError: everything that is wrong with them.
    """
    if not os.path.lexists(path):
        raise CasescreenError(
            f"There is no settings file {visible(str(path))}.",
            advice=f"look at the spelling, and at the folder that you are in. "
            f"casescreen weekly {as_argument(str(path)) or 'FILE'} --new makes one to fill in.",
        )
    problems = ProblemCollector()
    file = read_rule_file(path, str(path), problems)
    settings = None if file is None else _settings(file, path.absolute(), Location(file, problems))
    if problems.problems or settings is None:
        raise ProblemsError(problems.problems)
    return settings


def _settings(file: RuleFile, path: Path, location: Location) -> WeeklySettings | None:
    # What is not known is told, and left aside: else all that is wrong with the rest would be told the next time only.
    structure(file.data, WeeklySpec, location)
    _whole(file.data, location)
    spec = structure(_known(file.data), WeeklySpec, Location(file, ProblemCollector()))
    if spec is None or spec.exports is None or spec.reports is None:
        return None
    home = path.parent
    settings = WeeklySettings(
        path=path,
        exports=home / spec.exports.folder,
        pattern=spec.exports.pattern,
        dates=_ORDERS.get(_word(spec.exports.dates, _ORDERS, location.at("exports", "dates"))),
        reports=home / spec.reports.folder,
        forms=tuple(_forms(spec.reports.write, location.at("reports", "write"))),
        per_owner=spec.reports.per_owner,
        history=home / spec.history,
        scope=spec.scope,
        rules=_named_or_path(spec.rules, home, shipped_rulebooks()),
        mapping=_named_or_path(spec.mapping, home, shipped_mappings()),
        profile=home / spec.profile if spec.profile else None,
        waivers=home / spec.waivers if spec.waivers else None,
        pseudonyms=home / spec.pseudonyms if spec.pseudonyms else None,
        holidays=tuple(_days(spec.holidays, location.at("holidays"))),
        strict=spec.strict,
        fail_on=_word(spec.fail_on, LEVELS, location.at("fail_on")),
        warn=spec.warn,
        file=file,
    )
    _check(settings, location)
    return settings


def _known(data: dict[str, Any]) -> dict[str, Any]:
    """What has a meaning, of all that stands there."""
    parts: dict[str, type] = {"exports": ExportsSpec, "reports": ReportsSpec, "warn": WarnLimits}
    known = {key: value for key, value in data.items() if key in fields_dict(WeeklySpec)}
    for name, part in parts.items():
        if isinstance(written := known.get(name), dict):
            known[name] = {key: value for key, value in written.items() if key in fields_dict(part)}
    return known


def _whole(data: dict[str, Any], location: Location) -> None:
    """Tell which parts are not there: each by its heading, as it is to be written."""
    for part, keys in (("exports", 'folder = "exports" and pattern = "export-*.xlsx"'), ("reports", 'folder = "..."')):
        if part not in data:
            location.report(f'"{part}" is missing', f"Add [{part}], and below it {keys}.")


def _word(word: str, words: Iterable[str], location: Location) -> str:
    known = list(words)
    if word and word not in known:
        location.report(f'"{word}" is not one of the words allowed here', _meant(word, known))
    return word


def _meant(word: str, known: Iterable[str]) -> str:
    return did_you_mean(word, known) or f"It can be: {listed(known)}."


def _forms(words: Iterable[str], location: Location) -> Iterable[Format]:
    known = {**{word: FORMATS[name] for word, name in _FORMS.items()}, **FORMATS}
    forms: dict[str, Format] = {}
    for number, word in enumerate(words):
        if form := known.get(word.lower()):
            forms[form.name] = form
        else:
            location.at(number).report(f'"{word}" is no form of a report', _meant(word, known))
    if not forms and not location.problems.problems:
        location.report("no form of a report is named", 'Write, say, write = ["page", "workbook"].')
    return forms.values()


def _days(raw: object, location: Location) -> Iterable[date]:
    days = raw if isinstance(raw, list | tuple) else None
    if days is None or any(not isinstance(day, date) or isinstance(day, datetime) for day in days):
        location.report("this is not a list of days", "Write it as in holidays = [2026-12-24, 2026-12-31].")
        return ()
    return days


def _named_or_path(written: str, home: Path, shipped: Iterable[str]) -> str | None:
    if not written:
        return None
    return written if written in shipped else str(home / written)


def _check(settings: WeeklySettings, location: Location) -> None:
    """Tell what can be written, and cannot be meant."""
    pattern = location.at("exports", "pattern")
    if any(mark in settings.pattern for mark in _LOOKS_LIKE_A_PATH):
        pattern.report(
            "the pattern has a folder in it", "Name the folder in folder = ..., and only what names of files look like."
        )
    elif not settings.pattern.lower().endswith((*SUFFIXES, "*")):
        pattern.report(
            "no file that can be read has such a name", f"Let it end in {listed(SUFFIXES)}, as in export-*.xlsx."
        )
    if len(settings.scope) > LONGEST_SCOPE:
        location.at("scope").report(
            "the scope is too long", f"Let it be a word or two, of at most {LONGEST_SCOPE} characters."
        )
    if os.path.realpath(settings.reports) == os.path.realpath(settings.exports):
        location.at("reports", "folder").report(
            "reports would stand among the exports",
            "Name another folder, as in reports.",
            "A report could be taken for an export.",
        )
    for name in ("fewer_cases", "empty_fields"):
        if not 0 <= getattr(settings.warn, name) <= _HIGHEST:
            advice = "Write a whole number from 1 to 100, or 0 for no such warning."
            location.at("warn", name).report("this is no share in per cent", advice)


def starter(name: str) -> str:
    """A settings file to begin with, every line of which says what it does.

    Args:
        name: what the file is called, without its ending.
    """
    scope = "".join(one if one.isalnum() or one in "-_" else "-" for one in name)[:LONGEST_SCOPE] or "team"
    return _STARTER.format(scope=scope)


_STARTER = """\
# Settings of a weekly run. To run it:  casescreen weekly THIS-FILE
# Lines that begin with # are not read. Names of files and folders lead from the folder that this file is in.
# Write Windows paths between single quotes: folder = 'S:\\Exports\\Team'

# A word of yours for which cases they are. Keep it: a history is of one scope.
scope = "{scope}"

# What earlier runs found. The file is made if it is not there. Keep it on this computer, and not on a network drive.
history = "{scope}.db"

# What the columns of the export mean, if it is not the workbook of casescreen template.
# mapping = "my-mapping.toml"

# Local time limits, and what is switched off here and why.
# profile = "north-team/profile.toml"

# What somebody has accepted, and until when.
# waivers = "north-team/waivers.toml"

# Names and ids are replaced by pseudonyms made with this key file. A history that began without them stays so.
# pseudonyms = "pseudonyms.key"

# Days on which nobody works here, beside public holidays.
# holidays = [2026-12-24, 2026-12-31]

# The rulebook, if it is not the one that comes with casescreen.
# rules = "my-rules"

# The least severe finding for which the page says "needs attention": high, medium, low, unclear or never.
fail_on = "low"

[exports]
# The newest file in this folder whose name looks like the pattern is read: the newest by the date in its name, as in
# export-2026-11-27.xlsx, or else by the day on which it was changed.
folder = "exports"
pattern = "export-*.xlsx"
# How names say the day, if the year does not come first: "day-first" for 27-11-2026.
# dates = "day-first"

[reports]
# Reports are named for these settings and the day, so no run writes over another.
folder = "reports"
# page, workbook, letter, findings, csv, parquet, markdown or table.
write = ["page", "workbook"]
# A sheet of actions for each owner.
# per_owner = true

[warn]
# Warn if there are fewer cases than last time by so many per cent. 0 is never.
fewer_cases = 30
# Warn if nothing stands in a field that was known last time in so many per cent of the cases. 0 is never.
empty_fields = 50
# Warn if the records are the same as last time, and if the calendar of public holidays ends this year.
unchanged = true
holidays = true
"""
