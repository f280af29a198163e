"""casescreen enquiry: write a sheet a case for a reader, and read the filled sheets back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casescreen.cli.check_columnar import MOST_LISTED, too_large
from casescreen.cli.option_groups import RecordOptions, RuleOptions, record_options, rule_options
from casescreen.cli.options import (
    cases_from,
    force_option,
    holidays_option,
    say,
    say_problems,
    show,
    terminal_width,
    unattended_option,
    width_option,
)
from casescreen.cli.outputs import keep_apart, say_changed_ids, say_written, typed_options
from casescreen.cli.screening_run import Progress
from casescreen.files.atomic import check_place, put_folder
from casescreen.model.case import Case, Caseload
from casescreen.model.problem import CasescreenError, ProblemsError
from casescreen.model.screening import Quoting
from casescreen.report.blocks import Block, Column, Grid, Heading, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.review.answer_files import ENDINGS, write_answer_set
from casescreen.review.enquiry import DOCX, HTML, SHEET_FORMS, XLSX, EnquirySheet, sheet_name
from casescreen.text import as_argument, counted, did_you_mean, evened, in_words, listed, visible

if TYPE_CHECKING:
    from casescreen.model.sample import SampleRecord
    from casescreen.review.returned_sheets import ReturnedSheets

_UNUSED = 2
_MOST_SHEETS = 2_000
_MOST_NAMED = 10
INDEX = "index.csv"
"""The file that lists the sheets of a folder."""

_EPILOG = """\b
Examples:
  casescreen enquiry write cases/somerset-2016 --as-of 2016-05-09 --output sheets
  casescreen enquiry write my-cases --sample sample.json --output sheets --form docx --form html
  casescreen enquiry write my-cases --case C-17 --case C-18 --reader "Anna Reader" --output sheets --form xlsx
  casescreen enquiry read sheets --output first.xlsx
  casescreen enquiry read sheets second-sheets/C-17.docx --reader "Anna Reader" --output first.json

\b
A sheet has the facts of a case, a timeline, lines of enquiry and the questions with blank answers. What anybody
answered before is never on it. Sheets are case records: keep them as you keep those.
"""
_EXITS_OF_WRITE = """\b
Exit codes:
  0  every case has its sheet
  2  wrong use, a record that cannot be used or a drawn case that is not there (the others have sheets), or none
  3  a fault in casescreen itself
"""
_EXITS_OF_READ = """\b
Exit codes:
  0  every sheet was taken, and all that is written in them could be read; what is blank is just not answered
  2  wrong use, or a sheet or an answer that was not taken (the others were)
  3  a fault in casescreen itself
"""


def _refuse_names(_: click.Context, parameter: click.Parameter, given: str | None) -> None:
    """Refuse an option of copies to share: a sheet is about one child, and its answers go back to that case."""
    if given is not None:
        raise click.UsageError(
            f"{parameter.opts[0]} cannot go with enquiry sheets: each is the record of one case, and its answers go "
            "back to that case by its id. Give sheets only to who may read the records."
        )


@click.group(short_help="Write a sheet a case for a reader, and read it back.", epilog=_EPILOG)
def command() -> None:
    """Write a sheet a case for a reader to fill in, and read the filled sheets back."""


@command.command("write", epilog=_EXITS_OF_WRITE)
@click.argument("cases", nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    required=True,
    help="The folder that the sheets go into: new, or empty.",
)
@click.option(
    "--form",
    "forms",
    type=click.Choice(SHEET_FORMS),
    multiple=True,
    help="docx or xlsx: a file a case, to be filled in and read back. html: one page of all, for reading and for "
    "paper. Can be given several times. [default: docx]",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="RECORD",
    help="Only the cases that were drawn, in the order of their tickets: the record of casescreen sample draw.",
)
@click.option("--case", "ids", metavar="ID", multiple=True, help="Only this case. Can be given several times.")
@click.option("--reader", default="", metavar="NAME", help="Who reads them: written on every sheet.")
@click.option("--with-text", is_flag=True, help="Show notes and descriptions too, and never a reader's reasons.")
@rule_options
@record_options(unattended_option)
@click.option("--pseudonyms", hidden=True, expose_value=False, callback=_refuse_names)
@click.option("--suppress-under", hidden=True, expose_value=False, callback=_refuse_names)
def write_command(  # noqa: PLR0913, PLR0917 - click gives each option by name
    cases: tuple[str, ...],
    output: Path,
    forms: tuple[str, ...],
    sample: Path | None,
    ids: tuple[str, ...],
    reader: str,
    with_text: bool,
    rules: RuleOptions,
    records: RecordOptions,
) -> int:
    """Write a sheet for each of CASES, and index.csv, which lists them: all of them or none.

    CASES are files, folders or patterns, as for casescreen check.
    """
    from casescreen.review.enquiry_content import enquiry  # noqa: PLC0415 - imported when used: start-up time

    _check_folder(cases, output)
    record = _record(sample)
    rulebook = rules.in_force(records.holidays)
    quoting = Quoting.EVERYTHING if with_text else Quoting.REFERENCES
    caseload = cases_from(
        cases,
        rulebook,
        records.mapping,
        suggest=records.suggest(cases, rulebook, rules, terminal_width()),
        taken_on=records.taken_on,
        quoting=quoting,
        strict=records.strict,
    )
    say_problems(caseload.problems, caseload.left_out)
    chosen, missing = _chosen(caseload, record, ids)
    progress = Progress(len(chosen))
    made = enquiry(
        rulebook,
        chosen,
        records.as_of,
        sample="" if record is None else record.hash,
        reader=evened(reader),
        quoting=quoting,
        progress=progress,
    )
    progress.finish()
    if made.not_begun:
        say(f"Without a sheet, as they had not begun by then: {_named(made.not_begun)}.")
    if not made.sheets:
        raise CasescreenError("There is no case to write a sheet of.", advice="look at the cases and the as-of date.")
    wanted = forms or (DOCX,)
    put_folder(output, lambda folder: _write(folder, made.sheets, wanted))
    _say_where(output, made.sheets, wanted)
    return _UNUSED if caseload.problems or missing else 0


def _check_folder(cases: Sequence[str], output: Path) -> None:
    """Refuse a folder that is read itself, and more cases than can be read one by one."""
    keep_apart(read=cases, written=(output,))
    for source in map(Path, cases):
        if source.is_dir() and source.resolve() in (output.resolve(), *output.resolve().parents):
            raise CasescreenError(
                f"{visible(str(output))} is in {visible(str(source))}, where the cases are.",
                why="the sheets would be read as cases the next time.",
                advice="give a folder beside it.",
            )
    if too_large(tuple(cases)) is not None:
        raise CasescreenError(
            f"More than {MOST_LISTED:,} cases cannot be written sheets of.",
            advice="name a folder with the cases of the sample only.",
        )


def _record(sample: Path | None) -> SampleRecord | None:
    if sample is None:
        return None
    from casescreen.review.sample_record import read_sample_record  # noqa: PLC0415 - only who names one waits for it
    from casescreen.review.sample_screening import check_drawn  # noqa: PLC0415 - the same

    record = read_sample_record(sample)
    check_drawn(record, visible(str(sample)))
    return record


def _chosen(
    caseload: Caseload, record: SampleRecord | None, ids: Sequence[str]
) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """The cases that are asked for, in the order of the sample if there is one; and the drawn ones that are not there.

    Raises:
        ProblemsError: no record can be used.
        CasescreenError: a case is named that is not there, or there are too many.
    """
    if caseload.problems and not caseload.cases:
        raise ProblemsError(caseload.problems)
    there = {case.id: case for case in caseload.cases}
    wanted = tuple(there) if record is None else record.ids
    if ids:
        asked = tuple(dict.fromkeys(map(evened, ids)))
        _check_named(asked, wanted, there)
        wanted = tuple(one for one in wanted if one in asked)
    missing = tuple(one for one in wanted if one not in there)
    if missing:
        say(f"Drawn, and not among these cases: {_named(missing)}.")
    if len(wanted) > _MOST_SHEETS:
        raise CasescreenError(
            f"{len(wanted):,} sheets are more than anybody reads: {_MOST_SHEETS:,} can be written at once.",
            advice="draw a sample (--sample), or name cases with --case.",
        )
    return tuple(there[one] for one in wanted if one in there), missing


def _check_named(asked: Iterable[str], wanted: Sequence[str], there: Mapping[str, Case]) -> None:
    for one in asked:
        if one not in wanted:
            drawn = " that was drawn" if one in there else ""
            advice = did_you_mean(one, wanted) or "check the id."
            raise CasescreenError(f'There is no case "{visible(one)}"{drawn}.', advice=advice)


def _named(ids: Sequence[str]) -> str:
    shown = [visible(one) for one in ids[:_MOST_NAMED]]
    return listed([*shown, *([f"{len(ids) - _MOST_NAMED:,} more"] if len(ids) > _MOST_NAMED else [])], "and")


def _write(folder: Path, sheets: Sequence[EnquirySheet], forms: Iterable[str]) -> None:
    """Write every sheet in every form, and the list of them."""
    from casescreen.report.formats.csv import table_as_csv  # noqa: PLC0415 - imported when used: start-up time

    rows = list[tuple[str, str, int, int]]()
    for form in dict.fromkeys(forms):
        for sheet, name in _names(sheets, form):
            rows.append((visible(sheet.origin.case), name, len(sheet.questions), len(sheet.lines)))
            if form != HTML:
                (folder / name).write_bytes(_made(sheet, form))
        if form == HTML:
            from casescreen.review.sheet_page import sheets_page  # noqa: PLC0415 - the same

            (folder / sheet_name("", HTML)).write_text(sheets_page(sheets), encoding="utf-8", newline="\n")
    text = table_as_csv(("Case", "File", "Questions", "Lines of enquiry"), rows)
    (folder / INDEX).write_text(text, encoding="utf-8", newline="")


def _made(sheet: EnquirySheet, form: str) -> bytes:
    if form == XLSX:
        from casescreen.review.sheet_workbook import sheet_workbook  # noqa: PLC0415 - imported when used: start-up time

        return sheet_workbook(sheet)
    from casescreen.review.sheet_documents import sheet_document  # noqa: PLC0415 - the same

    return sheet_document(sheet)


def _names(sheets: Iterable[EnquirySheet], form: str) -> Iterator[tuple[EnquirySheet, str]]:
    """Each sheet with the name of its file.

    Raises:
        CasescreenError: two would have the same, in any mix of capitals.
    """
    taken: dict[str, str] = {}
    for sheet in sheets:
        name = sheet_name(sheet.origin.case, form)
        other = taken.setdefault(name.casefold(), sheet.origin.case)
        if form != HTML and other != sheet.origin.case:
            raise CasescreenError(
                f"The cases {visible(other)} and {visible(sheet.origin.case)} would have files of one name.",
                why="Windows does not tell capitals in names of files.",
                advice="write them into two folders, with --case.",
            )
        yield sheet, name


def _say_where(output: Path, sheets: Sequence[EnquirySheet], forms: Sequence[str]) -> None:
    in_forms = listed(dict.fromkeys(forms), "and")
    say(f"{counted(len(sheets), 'enquiry sheet')} in {visible(str(output))}: {in_forms}. {INDEX} lists them.")
    say_changed_ids([sheet.origin.case for sheet in sheets])
    say("They are case records: keep them as you keep those.")
    if set(forms) - {HTML}:
        asked = click.get_current_context().params
        options = typed_options(asked, "rules", "profile", "settings", "holidays")
        typed = as_argument(str(output)) or "FOLDER"
        say(f"When they come back, type: casescreen enquiry read {typed}{options} --output first.xlsx")


@command.command("read", epilog=_EXITS_OF_READ)
@click.argument("sheets", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the answers to a file: .xlsx, .csv or .json. casescreen agree and check read it.",
)
@click.option(
    "--reader",
    default="",
    metavar="NAME",
    help="Whose sheets they are, where they do not say. Those that name somebody else are not taken.",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="RECORD",
    help="The sample that they are of: says which drawn cases have no sheet here.",
)
@rule_options
@holidays_option
@force_option
@width_option
def read_command(
    sheets: tuple[Path, ...],
    output: Path | None,
    reader: str,
    sample: Path | None,
    rules: RuleOptions,
    holidays: tuple[date, ...],
    force: bool,
    width: int | None,
) -> int:
    """Read filled SHEETS back, and say of each how much is answered and what cannot be read.

    SHEETS are files and folders: .docx and .odt, .xlsx, .xls and .ods, whatever program has saved them.
    """
    from casescreen.review.returned_sheets import read_filled_sheets, sheet_files  # noqa: PLC0415 - start-up time

    if output is not None:
        if output.suffix.lower() not in ENDINGS:
            raise CasescreenError(
                f"{visible(str(output))} can be no file of answers.", advice=f"let its name end in {listed(ENDINGS)}."
            )
        keep_apart(read=[sample, rules.profile, *(one for one in sheets if one.is_file())], written=(output,))
        check_place(output, force=force)
    record = _record(sample)
    rulebook = rules.in_force(holidays)
    files = sheet_files(sheets, apart=() if output is None else (output,))
    if not files:
        raise CasescreenError(
            "There is no sheet there.", advice="name the folder of filled sheets: .docx, .odt, .xlsx, .xls or .ods."
        )
    returned = read_filled_sheets(files, rulebook, visible(str(sheets[0])), reader)
    if not returned.taken:
        raise ProblemsError(returned.problems)
    missing = _without_sheets(record, returned)
    show(to_plain(_told(returned, missing), width or terminal_width()))
    say_problems(returned.problems, 0)
    if output is not None:
        write_answer_set(output, returned.answers, rulebook, force=force)
        say_written(output)
        say(f"To screen with these answers: casescreen check CASES --answers {as_argument(str(output)) or 'FILE'}")
        say("To hold two readers' answers against each other: casescreen agree FIRST SECOND")
    return _UNUSED if returned.problems else 0


def _without_sheets(record: SampleRecord | None, returned: ReturnedSheets) -> tuple[str, ...]:
    """The drawn cases of which there is no sheet.

    Raises:
        CasescreenError: the sheets are of another sample.
    """
    if record is None:
        return ()
    other = next((sheet for sheet in returned.taken if sheet.sample != record.hash), None)
    if other is not None:
        raise CasescreenError(
            f"{visible(other.file)} is of another sample than the one that was named, or of none.",
            advice="name the record that the sheets were written with, or leave out --sample.",
        )
    return tuple(one for one in record.ids if one not in returned.answers.cases)


def _told(returned: ReturnedSheets, missing: Sequence[str]) -> Iterator[Block]:
    """How much of each sheet is answered."""
    answers, taken = returned.answers, returned.taken
    yield Heading(f"Sheets of {answers.reader}", 1)
    asked, answered = (sum(getattr(one, name) for one in taken) for name in ("questions", "answered"))
    yield Paragraph(f"{counted(len(taken), 'sheet')} taken: {answered:,} of {counted(asked, 'question')} answered.")
    titles = (Column("Case", whole=True), Column("File"), *(Column(one, figures=True) for one in _FIGURES))
    rows = (
        (
            in_words(one.case),
            visible(Path(one.file).name),
            f"{one.answered:,} of {one.questions:,}",
            f"{len(one.answers) - one.answered:,}",
            f"{len(one.problems):,}",
        )
        for one in taken
    )
    yield Grid(titles, tuple(rows))
    if missing:
        yield Paragraph(f"Drawn, and without a sheet here: {_named(missing)}.")


_FIGURES = ("Answered", "Lines answered", "Not read")
