"""casescreen due: what falls due next, by owner, as a table, a workbook and a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from casescreen.cli.check_columnar import MOST_LISTED, too_large
from casescreen.cli.option_groups import RecordOptions, RuleOptions, record_options, rule_options
from casescreen.cli.options import (
    ShownSuggestion,
    force_option,
    show,
    terminal_width,
    unattended_option,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_written, typed_options, typed_source
from casescreen.cli.screening_run import problems_of, read_and_screen
from casescreen.cli.sharing import Sharing, key_from, refuse_suppression, sharing_of
from casescreen.files.atomic import check_place, write_whole
from casescreen.model.problem import CasescreenError
from casescreen.model.screening import Screening
from casescreen.report.falling_due import DueList, by_owner, due_blocks, due_list
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.formats.registry import By
from casescreen.text import visible

_UNUSED = 2
_MOST_DAYS, _USUAL_DAYS = 366, 28
_LONGEST_NAME = 40
_WORKBOOK, _CALENDAR = ".xlsx", ".ics"
_READING = ("rules", "profile", "settings", "mapping", "as_of", "taken_on", "holidays", "strict")

_EPILOG = """\b
Examples:
  casescreen due cases/somerset-2016 --as-of 2016-05-09
  casescreen due my-cases --days 14
  casescreen due my-cases --output due.xlsx --per-owner
  casescreen due my-cases --output due.ics --output due.xlsx --key pseudonyms.key

\b
A calendar program often copies what it holds to a cloud. So an event is a whole day, its title is a pseudonym and
"due", and nothing in it says what falls due, whose it is, or who the child is. With --key the table and the workbook
say, beside each case, what the calendar calls it.

\b
Exit codes:
  0  the list was made, whatever falls due
  2  wrong use, or a record that cannot be used (the others are still listed), or nothing screened
  3  a fault in casescreen itself
"""


@click.command(epilog=_EPILOG)
@click.argument("cases", nargs=-1, required=True)
@click.option(
    "--days",
    type=click.IntRange(0, _MOST_DAYS),
    default=_USUAL_DAYS,
    show_default=True,
    metavar="N",
    help="How many days after the as-of date are listed.",
)
@rule_options
@record_options(unattended_option)
@click.option(
    "--output",
    "outputs",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="Write a workbook (.xlsx) or a calendar (.ics). Can be given several times.",
)
@click.option(
    "--per-owner",
    is_flag=True,
    help="Give each owner a sheet of their own in a workbook, and a calendar of their own, whose file has their name.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEYFILE",
    help="Make the pseudonyms in calendars with the key in this file; it is made if it is not there.",
)
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEYFILE",
    help="The same, and replace ids and names in the table and the workbook too.",
)
@click.option("--suppress-under", hidden=True, expose_value=False, callback=refuse_suppression)
@force_option
@width_option
def command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    cases: tuple[str, ...],
    days: int,
    rules: RuleOptions,
    records: RecordOptions,
    outputs: tuple[Path, ...],
    per_owner: bool,
    key: Path | None,
    pseudonyms: Path | None,
    force: bool,
    width: int | None,
) -> int:
    """List what falls due next in CASES, by owner: today and the 28 days after it, or as many as --days says.

    CASES are files, folders or patterns, as for casescreen check. What was due before is counted, and not listed.
    """
    _refuse(cases, outputs, key, pseudonyms, per_owner=per_owner, force=force)
    read = (*cases, key, pseudonyms, records.mapping, rules.profile)
    keep_apart(read=read, written=outputs)
    rulebook = rules.in_force(records.holidays)
    sharing = sharing_of(cases, with_text=False, pseudonyms=pseudonyms, suppress_under=None, by=By.THEME)
    calendar_key = sharing.key if key is None else key_from(key)
    line = width or terminal_width()
    suggest = records.suggest(cases, rulebook, rules, line if sharing.key is None else None)
    screening, is_whole = screening_of(suggest, records, sharing)
    names = _calendar_names(screening, sharing, calendar_key)
    due = due_list(screening, days, names if sharing.key is None else None, confirmed=not suggest.made)
    where = "casescreen check CASES --full"
    if sharing.key is None:  # what was typed can name a case
        asked = click.get_current_context().params
        where = f"casescreen check {typed_source(cases)}{typed_options(asked, *_READING)} --full"
    files = _files(due, outputs, names, calendar_key, where, per_owner=per_owner)
    # The names of calendars of owners are known only now: all are looked at before the first is written.
    keep_apart(read=read, written=[path for path, _ in files])
    for path, _ in files:
        check_place(path, force=force)
    for path, content in files:
        write_whole(path, content, force=force)
        say_written(path)
    show(to_plain(due_blocks(due, where), line))
    return 0 if is_whole else _UNUSED


def screening_of(suggest: ShownSuggestion, records: RecordOptions, sharing: Sharing) -> tuple[Screening, bool]:
    """What may be shown of the screening of the cases, and whether there were some and every record could be used.

    Raises:
        CasescreenError: no record can be used.
    """
    caseload, screening = read_and_screen(suggest, records.mapping, sharing, records.as_of, strict=records.strict)
    shared = sharing.shared(screening, By.THEME)
    assert isinstance(shared, Screening)
    sharing.warn(caseload, suggest.rulebook, records.as_of)
    sharing.tell(problems_of(caseload, screening), screening.left_out)
    return shared, bool(shared.case_ids) and not caseload.problems


def _refuse(
    cases: tuple[str, ...],
    outputs: tuple[Path, ...],
    key: Path | None,
    pseudonyms: Path | None,
    *,
    per_owner: bool,
    force: bool,
) -> None:
    """Refuse, before anything is read, what cannot be done.

    Raises:
        click.UsageError: options contradict one another.
        CasescreenError: an output has no form, or cannot be put there; or there are too many cases to list.
    """
    if key is not None and pseudonyms is not None:
        raise click.UsageError("--key and --pseudonyms both name a key. Give one of them.")
    for path in outputs:
        ending = path.suffix.lower()
        if ending not in (_WORKBOOK, _CALENDAR):
            raise CasescreenError(
                f'The form of "{visible(str(path))}" cannot be told from its name.',
                advice=f"let the name end in {_WORKBOOK} or {_CALENDAR}.",
            )
        if ending == _CALENDAR and key is None and pseudonyms is None:
            raise CasescreenError(
                "A calendar names cases by pseudonyms, and there is no key to make them with.",
                why="calendars are often copied to a cloud, so no case is named in one.",
                advice="add --key pseudonyms.key. The file is made if it is not there: keep it, and name it each week.",
            )
        check_place(path, force=force)
    if per_owner and not outputs:
        raise click.UsageError("--per-owner is about files: name one with --output.")
    if too_large(cases) is not None:
        raise CasescreenError(
            f"More than {MOST_LISTED:,} cases cannot be listed one by one.", advice="list fewer cases at a time."
        )


def _calendar_names(shared: Screening, sharing: Sharing, key: bytes | None) -> Mapping[str, str]:
    """What a calendar calls each case of what is shown; nothing where there is no key."""
    if key is None:
        return {}
    if sharing.key is not None:
        return {case: case for case in shared.case_ids}
    from casescreen.privacy.pseudonyms import CASE, pseudonyms_of  # noqa: PLC0415 - imported when used: start-up time

    return pseudonyms_of(key, CASE, shared.case_ids)


def _files(
    due: DueList,
    outputs: Iterable[Path],
    names: Mapping[str, str],
    key: bytes | None,
    where: str,
    *,
    per_owner: bool,
) -> list[tuple[Path, str | bytes]]:
    """Every file that is to be written, made before the first of them is."""
    made: list[tuple[Path, str | bytes]] = []
    for path in outputs:
        if path.suffix.lower() == _WORKBOOK:
            from casescreen.report.due_files import due_workbook  # noqa: PLC0415 - imported when used

            made.append((path, due_workbook(due, where, per_owner=per_owner)))
        elif key is not None:
            made += _calendars(path, due, names, key, per_owner=per_owner)
    return made


def _calendars(
    path: Path, due: DueList, names: Mapping[str, str], key: bytes, *, per_owner: bool
) -> Iterator[tuple[Path, str]]:
    """The calendar of all, and where it is asked for one of each owner, whose file is named for them."""
    from casescreen.report.due_files import CalendarDay, calendar_text  # noqa: PLC0415 - imported when used

    owned = {path: list(due.items)}
    taken: set[str] = set()
    for owner, items in by_owner(due).items() if per_owner else ():
        owned[path.with_name(f"{path.stem}-{_file_name(owner, taken)}{path.suffix}")] = items
    for file, items in owned.items():
        days = [CalendarDay(item.due, names[item.case]) for item in items]
        yield file, calendar_text(days, due.as_of, key)


def _file_name(owner: str, taken: set[str]) -> str:
    """What stands for an owner in the name of a file: letters and figures, and no two alike in any capitals."""
    words = "".join(character if character.isalnum() else " " for character in owner).split()
    base = name = "-".join(words)[:_LONGEST_NAME] or "no-owner"
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name
