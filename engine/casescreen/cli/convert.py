"""casescreen convert: case files from one form to another, checked by reading back; or divided into parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from casescreen.cases.write.toml_and_json import cases_to_json, cases_to_toml
from casescreen.cli.check_columnar import too_large
from casescreen.cli.options import cases_from, mapping_option, rulebook_named, rules_option, say, say_problems
from casescreen.cli.outputs import keep_apart, say_changed_ids
from casescreen.extras import import_extra, part_missing
from casescreen.files.atomic import put_folder, write_folder, write_whole
from casescreen.model.case import Case, Caseload
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.text import counted, listed, visible

_OF_PARQUET = ("cases.parquet", "*/cases.parquet")


def convert_to_parts(source: str, target: Path, rulebook: Rulebook, mapping: str | None) -> None:
    """Write the cases of a source as Parquet in parts of the same ranges of cases.

    A folder of Parquet, or of CSV with more cases than are read one by one, is read a part at a time, and its values
    are taken as they stand: a screening tells what is wrong with them. Anything else is read as ``check`` reads it.

    Raises:
        CasescreenError: a case cannot be read, what writes Parquet is not installed, or the folder is in use.
    """
    import_extra("polars", *part_missing("Parts cannot be written", "bulk"))
    from casescreen.cases.write.tables import refuse_example  # noqa: PLC0415 - imported when used: start-up time
    from casescreen.columnar.caseload_folder import scan_folder  # noqa: PLC0415 - Polars is slow to import
    from casescreen.columnar.frames import frames_of  # noqa: PLC0415 - the same
    from casescreen.columnar.writer import write_parquet  # noqa: PLC0415 - the same

    dictionary, folder = rulebook.dictionary, Path(source)
    written = 0
    # No name at all would be the working directory.
    parts = [file for name in _OF_PARQUET for file in folder.glob(name)] if source and mapping is None else []
    if parts or (mapping is None and too_large((source,))):
        frames = scan_folder(folder, dictionary)
    else:
        cases = _sound_cases(source, rulebook, mapping).cases
        for case in cases:
            refuse_example(case)
        frames = (frames_of(cases, dictionary),)

    def make(new: Path) -> None:
        nonlocal written
        written = write_parquet(frames, dictionary, new)

    put_folder(target, make)
    say(f"{counted(written, 'case')} written to {visible(str(target))}, in parts.")


_ENDINGS = (".toml", ".json", ".jsonl", ".xlsx", ".csv")
_FOLDERS = ("csv", "parquet", "parts")

_EPILOG = """\b
Examples:
  casescreen convert case.toml case.json
  casescreen convert cases/somerset-2016 all.xlsx
  casescreen convert all.xlsx tables --form csv
  casescreen convert tables nation --form parts
"""


@click.command(epilog=_EPILOG)
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--form", type=click.Choice(_FOLDERS), help="Write a file for each table into a new folder OUT.")
@click.option("--force", is_flag=True, help="Replace the file OUT if it is there already; never a folder.")
@rules_option
@mapping_option
def command(source: str, target: Path, form: str | None, force: bool, rules: str | None, mapping: str | None) -> None:
    """Convert the case files IN to the form that the name OUT ends in.

    That is .toml, .json, .jsonl (a case a line) or .xlsx (a sheet for each table). A single .csv holds cases that have
    no tables and no answers; with --form csv or --form parquet, OUT is a folder with a file for each table.
    With --form parts, it is Parquet in parts of 250,000 cases, for caseloads of any size.

    What is written is read back and compared, but for parts. Comments in a file are not carried over.
    """
    if form == "parts":
        convert_to_parts(source, target, rulebook_named(rules), mapping)
        return
    ending = target.suffix.lower()
    if form is None and ending == ".ods":
        raise CasescreenError(
            f"{visible(str(target))} cannot be written: OpenDocument spreadsheets (.ods) are read, and not written.",
            advice="let its name end in .xlsx, which LibreOffice opens, and saves as .ods.",
        )
    if form is None and ending not in _ENDINGS:
        raise CasescreenError(
            f'The form of "{visible(str(target))}" is not known.',
            advice=f"let its name end in {listed(_ENDINGS)}, or add --form csv or --form parquet.",
        )
    keep_apart(read=(mapping,), written=(target,))
    rulebook = rulebook_named(rules)
    caseload = _sound_cases(source, rulebook, mapping)
    if form is None:
        write_whole(target, _content(caseload.cases, rulebook.dictionary, ending), force=force)
    else:
        from casescreen.cases.write.tables import cases_to_csv, cases_to_parquet  # noqa: PLC0415 - start-up time

        write = cases_to_csv if form == "csv" else cases_to_parquet
        write_folder(target, write(caseload.cases, rulebook.dictionary))
    if form == "csv" or (form is None and ending == ".csv"):
        say_changed_ids(case.id for case in caseload.cases)
    note = f"{counted(len(caseload.cases), 'case')} written to {visible(str(target))}, and read back the same."
    say(note)


def _sound_cases(source: str, rulebook: Rulebook, mapping: str | None) -> Caseload:
    caseload = cases_from((source,), rulebook, mapping)
    if caseload.problems:
        say_problems(caseload.problems, caseload.left_out)
        raise CasescreenError("Nothing was written, so that no record is lost.", advice="mend them, and convert again.")
    if not caseload.cases:
        raise CasescreenError("There is no case to convert.", advice="name files that hold cases.")
    return caseload


def _content(cases: Sequence[Case], dictionary: Dictionary, ending: str) -> str | bytes:
    from casescreen.cases.write.tables import cases_to_csv  # noqa: PLC0415 - the same
    from casescreen.cases.write.toml_and_json import cases_to_json_lines  # noqa: PLC0415 - the same
    from casescreen.cases.write.workbook import cases_to_xlsx  # noqa: PLC0415 - the same

    match ending:
        case ".toml":
            return cases_to_toml(cases)
        case ".json":
            return cases_to_json(cases)
        case ".jsonl":
            return cases_to_json_lines(cases)
        case ".xlsx":
            return cases_to_xlsx(cases, dictionary)
    if any(case.tables or case.answers for case in cases):
        raise CasescreenError(
            "The cases have tables or answers, which one file of CSV cannot hold.",
            advice="add --form csv, and name a new folder; or let the name end in .xlsx.",
        )
    return cases_to_csv(cases, dictionary)["cases.csv"]
