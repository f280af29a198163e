"""Where a report goes, and in which form: the screen, or one or several files at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import Factory, evolve, frozen

from casescreen.cli.options import is_coloured, problems_in_words, say, show
from casescreen.files.atomic import check_place, write_whole
from casescreen.files.discovery import find_files
from casescreen.model.problem import CasescreenError, ReportRefusedError, message
from casescreen.model.screening import Screening, Summary
from casescreen.report.formats.registry import FORMATS, Format, Options
from casescreen.text import as_argument, counted, listed, visible

if TYPE_CHECKING:
    from casescreen.cli.enquiry_links import EnquiryFiles
    from casescreen.report.carried_over import CarriedOver

Reports = Sequence[tuple[Path | None, Format]]
"""The reports that are wanted: the file of each, or None for the screen, and its form."""


Shown = Callable[[Summary, Options], str]
"""What is shown on the screen, made of the result."""


@frozen
class Wanted:
    """Everything that a run is to give.

    Attributes:
        shown: what makes what is shown on the screen; None where a report is shown there.
        force: whether files that are there already are replaced.
        carried: what people wrote that is carried over, by the workbook that it goes into.
        sheets: the enquiry sheets that cases lead to; None where none were named.
    """

    reports: Reports
    shown: Shown | None
    force: bool
    carried: Mapping[Path, CarriedOver] = Factory(dict)
    sheets: EnquiryFiles | None = None

    def options_for(self, path: Path | None, result: Summary, options: Options) -> Options:
        """What a report is made with, by where it goes."""
        if path is None:
            return options
        options = evolve(options, carried=self.carried.get(path))
        if self.sheets is None or not isinstance(result, Screening):
            return options
        return evolve(options, sheets=self.sheets.links_from(path, result.case_ids))


def reports_wanted(form: str | None, outputs: Sequence[Path], *, force: bool) -> Reports:
    """The reports that are wanted: each in the form that was asked for, else the one that its file's name ends in.

    There is none where neither a form nor a file was asked for.
    Before anything is screened, a form that cannot be told or shown is refused, and a file that cannot be put there.

    Raises:
        CasescreenError: with what to do.
    """
    if not outputs:
        if form is None:
            return []
        wanted = FORMATS[form]
        if not wanted.is_text:
            raise CasescreenError(f"A {form} file cannot be shown on the screen.", advice="add --output FILE.")
        return [(None, wanted)]
    by_ending = {one.ending: one for one in FORMATS.values()}
    reports = []
    for path in outputs:
        of_file = by_ending.get(path.suffix.lower()) if form is None else FORMATS[form]
        if of_file is None:
            raise CasescreenError(
                f'The form of "{visible(str(path))}" cannot be told from its name.',
                advice=f"let the name end in {listed(by_ending)}, or add --format.",
            )
        check_place(path, force=force)
        reports.append((path, of_file))
    return reports


def keep_apart(*, read: Iterable[str | Path | None], written: Sequence[Path | None]) -> None:
    """Refuse to replace a file that is to be read, or that is written too, whatever else may be replaced.

    Args:
        read: files, folders and patterns of cases, and whatever other files are read; None is no file.
        written: the files that will be; None is no file.

    Raises:
        CasescreenError: a file is named twice.
    """
    files = [os.path.realpath(path) for path in written if path is not None]
    if len(set(files)) < len(files):
        raise CasescreenError("One file is named twice as an output.", advice="give each a name of its own.")
    names = [str(name) for name in read if name is not None]
    taken = {*find_files(names).seen, *map(os.path.realpath, names)}
    for path in written:
        if path is not None and os.path.realpath(path) in taken:
            raise CasescreenError(
                f"{visible(str(path))} is one of the files to be read, and was left as it is.",
                why="what it holds would be lost.",
                advice="give another name.",
            )


def whole_report(result: Summary, options: Options) -> str:
    """All of it, as text."""
    return str(FORMATS["table"].render(result, options))


def one_table(result: Summary, options: Options) -> str:
    """The figures as they were asked to be grouped, and nothing after them."""
    from casescreen.report.formats.plain_text import to_plain  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.report.sections.overview import figures_alone  # noqa: PLC0415 - the same

    return to_plain(figures_alone(result, options), options.width)


def first_screen_of(sources: Sequence[str], asked: Mapping[str, Any], reports: Reports, *, named: bool) -> Shown:
    """What makes the first screen.

    Args:
        sources: where the cases come from, as it was typed.
        asked: everything that was asked for, by its name in Python.
        reports: what is written by this run.
        named: whether the records are named as they stand, so that they can be asked for again.
    """

    def made(result: Summary, options: Options) -> str:
        from casescreen.report.sections.first_screen import Commands, first_screen  # noqa: PLC0415 - start-up time

        rules = typed_options(asked, "rules", "profile", "settings")
        commands = Commands(
            explain=f"casescreen explain {typed_source(sources)}{typed_options(asked, *_EXPLAINED)} --case"
            if named
            else "",
            parameters=f"casescreen rules show --parameters{rules}",
            has_page=any(form is FORMATS["html"] for _, form in reports),
        )
        return first_screen(result, options.width, commands, coloured=is_coloured())

    return made


_EXPLAINED = (
    *("rules", "profile", "settings", "mapping", "as_of", "taken_on", "holidays", "strict", "with_text", "waivers"),
)
_CALLED = {"holidays": "holiday", "settings": "set"}


def typed_source(sources: Sequence[str]) -> str:
    """What was typed for the cases, where that is one name that can be typed again."""
    return (as_argument(sources[0]) if len(sources) == 1 and sources[0] != "-" else "") or "CASES"


def typed_options(asked: Mapping[str, Any], *names: str) -> str:
    """Those of the options that were given, as they are typed."""
    said = ""
    for name in names:
        option = f" --{_CALLED.get(name, name).replace('_', '-')}"
        match asked[name]:
            case None | False | ():
                continue
            case True:
                said += option
            case tuple() as several:
                said += "".join(f"{option} {_typed(one)}" for one in several)
            case value:
                said += f"{option} {as_argument(str(value)) or name.upper()}"
    return said


def _typed(value: object) -> str:
    """One of the values of an option that can be given several times: a day, or a name and a value."""
    if isinstance(value, tuple):
        name, given = value
        return as_argument(f"{name}={given}") or "NAME=VALUE"
    return str(value)


def give(result: Summary, options: Options, wanted: Wanted) -> tuple[Path, ...]:
    """Show and write all that is wanted; every report is made before the first file is written.

    A report that is refused is told on standard error, and the others are written.

    Returns:
        The files that were written.

    Raises:
        ReportRefusedError: all of them are refused.
    """
    made = _made(result, options, wanted)
    screen = None if wanted.shown is None else wanted.shown(result, options)
    for path, report in made:
        if path is None:
            show(str(report))
        else:
            _check_unchanged(path, wanted.carried.get(path))
            write_whole(path, report, force=wanted.force)
    if screen is not None:
        show(screen)
    for path, _ in made:
        if path is not None:
            say_written(path)
            say_carried(wanted.carried.get(path))
    if isinstance(result, Screening) and any(form is FORMATS["csv"] for _, form in wanted.reports):
        say_changed_ids(result.case_ids)
    return tuple(path for path, _ in made if path is not None)


def _check_unchanged(path: Path, carried: CarriedOver | None) -> None:
    """Hold that nobody has written in a workbook since it was read to be carried over.

    Raises:
        CasescreenError: it has another content.
    """
    if carried is not None and carried.hash and sha256(path.read_bytes()).hexdigest() != carried.hash:
        raise CasescreenError(
            f"{visible(str(path))} was changed while the cases were screened, and was left as it is.",
            why="what people have just written in it would be lost.",
            advice="save and close it, and run this again.",
        )


def _made(result: Summary, options: Options, wanted: Wanted) -> list[tuple[Path | None, str | bytes | Iterable[str]]]:
    made: list[tuple[Path | None, str | bytes | Iterable[str]]] = []
    refused: list[ReportRefusedError] = []
    for path, form in wanted.reports:
        chosen = wanted.options_for(path, result, options)
        try:
            made.append((path, (form.render if path is None else form.pieces)(result, chosen)))
        except ReportRefusedError as error:
            refused.append(error)
    if refused and not made:
        raise refused[0]
    for one in refused:
        say(str(one))
    return made


_FEW = 3


def say_changed_ids(ids: Iterable[str]) -> None:
    """Say on standard error which ids a spreadsheet program takes for something else when it opens them as CSV."""
    from casescreen.cases.mapping.cell_reading import is_changed_by_spreadsheets  # noqa: PLC0415 - needed for CSV only

    changed = [case_id for case_id in ids if is_changed_by_spreadsheets(case_id)]
    if changed:
        shown = [f'"{visible(case_id)}"' for case_id in changed[:_FEW]]
        shown += [f"{len(changed) - _FEW:,} more"] if len(changed) > _FEW else []
        say(
            message(
                f"Excel changes {counted(len(changed), 'case id')} when it opens CSV: {listed(shown, 'and')}.",
                "write .xlsx instead, or import the file and give the column of the ids the type Text.",
            )
        )


def say_carried(carried: CarriedOver | None) -> None:
    """Say on standard error what was carried over, and what of it is to be looked at."""
    if carried is not None and carried.rows:
        say(problems_in_words(carried.problems), nl=False)
        rows = counted(len(carried.rows), "row")
        say(f"What people had written in {rows} was carried over, by its Ref.")


def say_written(path: Path) -> None:
    """Say on standard error where a report is."""
    say(f"Written to {visible(str(path))}.")
