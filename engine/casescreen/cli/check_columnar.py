"""Caseloads too large to list: figures and conclusions, one part of the folder after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from casescreen.cli.options import say, say_examples
from casescreen.cli.outputs import Wanted, give, say_written
from casescreen.files.atomic import put_whole
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Summary, number
from casescreen.report.formats.registry import FORMATS, By, Format, Options
from casescreen.text import counted, in_words, listed

if TYPE_CHECKING:
    from casescreen.columnar.frames import CaseFrames
    from casescreen.evaluate.inference.inferrer import Engine

MOST_LISTED = 50_000
"""How many cases are listed at most: as many as are read of one file, whose findings take about three gigabytes."""

_FILES = ("cases.parquet", "cases.csv")
_BLOCK = 1024 * 1024
_NOT_FOR_FIGURES = (
    "carry_over",
    "strict",
    "marked",
    "per_owner",
    "template",
    "with_text",
    "pseudonyms",
    "suppress_under",
    "history",
    "since",
    "waivers",
    "answers",
)
# For very many cases Parquet holds every outcome, written part by part.
_OUTCOMES = FORMATS["parquet"]


def only_for_figures(sources: tuple[str, ...], options: Mapping[str, object]) -> Path | None:
    """The folder that was named, if it is too large to list, and so is screened for figures; else nothing.

    Args:
        sources: the names of the cases.
        options: everything that was asked for, by its name in Python.

    Raises:
        CasescreenError: it is, and something was asked for that figures cannot give.
    """
    folder = too_large(sources) if options["mapping"] is None else None
    if folder is not None and (wrong := [name for name in _NOT_FOR_FIGURES if options[name]]):
        named = listed((f"--{name.replace('_', '-')}" for name in wrong), "and")
        raise CasescreenError(
            f"So many cases give figures only, and {named} cannot be had with them.",
            why="figures list no case and no action, and show names and small counts.",
            advice=f"leave {named} out, or screen fewer cases at a time.",
        )
    return folder


def too_large(sources: tuple[str, ...]) -> Path | None:
    """The one folder of Parquet or CSV that was named, if it holds more cases than can be listed; else nothing."""
    folder = Path(sources[0])
    if not sources[0] or len(sources) != 1 or not folder.is_dir() or find_spec("polars") is None:
        return None
    files = [file for name in _FILES for part in ("", "*/") for file in folder.glob(part + name) if file.is_file()]
    return folder if sum(_sizes(files)) > MOST_LISTED else None


def _sizes(files: list[Path]) -> Iterator[int]:
    """How many cases each file holds, counted by Polars where it is needed: it is slow to import."""
    if any(file.suffix == ".parquet" for file in files) or sum(map(_lines, files)) > MOST_LISTED:
        from casescreen.columnar.caseload_folder import number_of_cases  # noqa: PLC0415 - the same

        yield from map(number_of_cases, files)


def _lines(file: Path) -> int:
    """How many lines there are, of which a row takes one or more; none if it cannot be read, which is told later."""
    try:
        with file.open("rb") as lines:
            return sum(block.count(b"\n") for block in iter(lambda: lines.read(_BLOCK), b""))
    except OSError:
        return 0


def check_caseload(
    folder: Path,
    rulebook: Rulebook,
    as_of: date,
    taken_on: date,
    engine: Engine,
    options: Options,
    wanted: Wanted,
) -> Summary:
    """Screen a folder of Parquet in the memory of two parts, and show or write the figures.

    Raises:
        CasescreenError: a report would list every case, other than as Parquet, which holds any number.
    """
    from casescreen.columnar.caseload_folder import scan_folder  # noqa: PLC0415 - Polars is slow to import
    from casescreen.columnar.frames import partition  # noqa: PLC0415 - the same
    from casescreen.columnar.outcomes import write_outcomes  # noqa: PLC0415 - the same
    from casescreen.columnar.screening import screen_frames  # noqa: PLC0415 - the same

    outcomes = [path for path, form in wanted.reports if path is not None and form is _OUTCOMES]
    others = [(path, form) for path, form in wanted.reports if path not in outcomes]
    _refuse_lists([form for _, form in others], options)
    scanned = scan_folder(folder, rulebook.dictionary)

    def parts() -> Iterator[CaseFrames]:
        return (part for frames in scanned for part in partition(frames))

    def write(file: Path) -> None:
        write_outcomes(rulebook, parts(), file, as_of=as_of, taken_on=taken_on, engine=engine)

    say(f"More than {MOST_LISTED:,} cases: the bulk engine gives figures and conclusions, and no list of cases.")
    summary = screen_frames(rulebook, parts(), as_of=as_of, taken_on=taken_on, engine=engine)
    give(summary, options, evolve(wanted, reports=others))
    for path in outcomes:
        put_whole(path, write, force=wanted.force)
        say_written(path)
    say_examples(summary.examples)
    _say_rejected(summary)
    return summary


def _refuse_lists(forms: Iterable[Format], options: Options) -> None:
    for form in forms:
        if form.needs_findings:
            endings = [one.ending for one in FORMATS.values() if one is _OUTCOMES or not one.needs_findings]
            raise CasescreenError(
                f"So many cases cannot be listed in {form.name}.",
                why="it would hold every case, and be too large to make or to open.",
                advice=f"give --output a name that ends in {listed(endings)}, or screen fewer cases.",
            )
    if options.by is By.CASE:
        raise CasescreenError(
            "So many cases cannot be listed one by one.",
            advice="leave --by case out, or screen fewer cases. --by manager and --by team can be given.",
        )


def _say_rejected(summary: Summary) -> None:
    """Say how many cases were left out, and how many rows of none, and why the first of them."""
    count = more = number(summary.left_out) + summary.orphans
    if not count:
        return
    for one in summary.rejected:
        more -= one.records
        name = f"case {in_words(one.case)}" if one.case else "a case without an id"
        records = f" ({one.records:,} records)" if one.records > 1 else ""
        say(f"{name}{records}: {one.why}")
    if more:
        say(f"... and {counted(more, 'more record')} with mistakes.")
    left_out = f"{counted(count, 'record was', 'records were')} left out."
    say(f"\n{left_out} Correct them where they come from, and screen again.")
