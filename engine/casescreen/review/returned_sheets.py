"""The filled enquiry sheets of one reader together: which count, and what was answered on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from casescreen.files.discovery import WORKBOOKS
from casescreen.model.answer_set import AnswerSet
from casescreen.model.problem import Advice, CasescreenError, Fault, Problem
from casescreen.model.rulebook import Rulebook
from casescreen.review.enquiry import READER
from casescreen.review.sheet_reader import DOCUMENTS, OTHER_DOCUMENTS, FilledSheet, read_filled_sheet
from casescreen.text import evened, folded, in_words, listed, visible

_ENDINGS = (*DOCUMENTS, *OTHER_DOCUMENTS, *WORKBOOKS)
_MOST_NAMED = 5
_WRITE_AGAIN = Advice(
    "Write the sheets again by these rules, or name those of the sheet with --rules and --profile.",
    "Write the sheets again by these rules, or choose those of the sheet, with the profile that was in use.",
)


@frozen
class ReturnedSheets:
    """All sheets that came back.

    Attributes:
        answers: what one reader answered.
        taken: the sheets whose answers it has, in order of case.
        problems: what cannot be read in them, and which sheets were not taken.
    """

    answers: AnswerSet
    taken: tuple[FilledSheet, ...]
    problems: tuple[Problem, ...]


def sheet_files(names: Iterable[Path], *, apart: Iterable[Path] = ()) -> tuple[str, ...]:
    """The files that are named, and in folders those that may be filled sheets, in order of name.

    Args:
        names: files and folders.
        apart: files that are not read, though they may be in a folder.
    """
    others, files = {path.resolve() for path in apart}, list[str]()
    for name in names:
        inside = sorted(name.rglob("*")) if name.is_dir() else [name]
        for path in inside:
            if path == name or (_may_be_sheet(path) and path.resolve() not in others):
                files.append(str(path))
    return tuple(dict.fromkeys(files))


def _may_be_sheet(path: Path) -> bool:
    """Whether it may be a sheet by its name; what an office program has open beside it is none."""
    return path.suffix.lower() in _ENDINGS and not path.name.startswith((".", "~")) and path.is_file()


def read_filled_sheets(files: Sequence[str], rulebook: Rulebook, source: str, reader: str = "") -> ReturnedSheets:
    """What one reader answered on the sheets.

    Args:
        files: the sheets.
        rulebook: the rules that they were made by.
        source: what they are called together.
        reader: whose sheets they are, where they do not say; those of somebody else are not taken.

    Raises:
        CasescreenError: they name no reader, or several.
    """
    problems, sheets = list[Problem](), list[FilledSheet]()
    for file in files:
        sheet = read_filled_sheet(file, rulebook)
        if isinstance(sheet, Problem):
            problems.append(sheet)
        elif (fault := _of_other_rules(sheet, rulebook)) is not None:
            problems.append(fault.at(sheet.place, "The same question may mean something else by other rules."))
        else:
            sheets.append(sheet)
    name = evened(reader) or (_one_reader(sheets) if sheets else "")  # why none is a sheet is among the problems
    own = [*_of_reader(sheets, name, problems, fills_in=bool(reader))]
    taken = sorted(_once_each(own, problems), key=lambda sheet: sheet.case)
    _check_alike(taken, problems)
    problems += [problem for sheet in taken for problem in sheet.problems]
    order = {criterion: number for number, criterion in enumerate(rulebook.criterion)}
    answers = {
        sheet.case: tuple(sorted(sheet.answers, key=lambda one: (order.get(one.criterion, 0), one.item)))
        for sheet in taken
        if sheet.answers
    }
    cases = tuple(sheet.case for sheet in taken)
    days = {sheet.as_of for sheet in taken}
    as_of = days.pop() if len(days) == 1 else None
    answer_set = AnswerSet(name, cases, answers, source, rulebook.id, rulebook.hash, as_of)
    return ReturnedSheets(answer_set, tuple(taken), tuple(problems))


def _of_other_rules(sheet: FilledSheet, rulebook: Rulebook) -> Fault | None:
    if (sheet.rulebook, sheet.rules) == (rulebook.id, rulebook.hash):
        return None
    made_by = f"{visible(sheet.rulebook)}, hash {visible(sheet.rules)[:12]}"
    return Fault(
        f"it was not taken: it was made by other rules ({made_by}) than these ({rulebook.id}, {rulebook.hash[:12]})",
        _WRITE_AGAIN,
    )


def _one_reader(sheets: Iterable[FilledSheet]) -> str:
    """The reader whom the sheets name.

    Raises:
        CasescreenError: they name nobody, or several.
    """
    names = {folded(sheet.reader): sheet.reader for sheet in sheets if sheet.reader}
    if len(names) > 1:
        shown = listed((f'"{in_words(name)}"' for name in sorted(names.values())[:_MOST_NAMED]), "and")
        raise CasescreenError(
            f"The sheets are of several readers: {shown}.",
            why="what two readers answered is only worth something while it is kept apart.",
            advice=Advice(
                "read each by itself: --reader NAME takes the sheets of one of them.",
                "take the sheets of one reader at a time.",
            ),
        )
    if not names:
        raise CasescreenError(
            "No sheet names its reader.",
            why="an answer counts as somebody's.",
            advice=Advice(
                f'write it beside "{READER}" on the sheets, or add --reader NAME.',
                f'write it beside "{READER}" on the sheets.',
            ),
        )
    return next(iter(names.values()))


def _of_reader(
    sheets: Iterable[FilledSheet], name: str, problems: list[Problem], *, fills_in: bool
) -> Iterator[FilledSheet]:
    """The sheets of a reader; others are told, but for a blank one of a case that they have filled in."""
    every = tuple(sheets)
    own = {sheet.case for sheet in every if folded(sheet.reader) == folded(name)}
    for sheet in every:
        if folded(sheet.reader) == folded(name) or (fills_in and not sheet.reader):
            yield sheet
        elif sheet.reader:
            what = f'it was not taken: its reader is "{in_words(sheet.reader)}", and not "{in_words(name)}"'
            problems.append(Problem(sheet.place, what, "Read the sheets of each reader by themselves."))
        elif sheet.answers or sheet.problems or sheet.case not in own:
            write = f'Write it beside "{READER}"'
            advice = Advice(f"{write}, or add --reader NAME if all that name nobody are of one reader.", f"{write}.")
            problems.append(Problem(sheet.place, "it was not taken: it names no reader", advice))


def _once_each(sheets: Iterable[FilledSheet], problems: list[Problem]) -> Iterator[FilledSheet]:
    """One sheet for each case: of several the one that is filled in, and none where two say different things."""
    by_case: dict[str, list[FilledSheet]] = defaultdict(list)
    for sheet in sheets:
        by_case[sheet.case].append(sheet)
    for every in by_case.values():
        same = [one for one in every if one.answers or one.problems] or every[:1]
        if all(one.answers == same[0].answers for one in same):
            yield same[0]
            continue
        for one in same:
            others = listed((visible(Path(other.file).name) for other in same if other is not one), "and")
            what = f"it was not taken: {others} is of the same case, and says something else"
            problems.append(Problem(one.place, what, "Keep the one that counts, and move the other away."))


def _check_alike(sheets: Sequence[FilledSheet], problems: list[Problem]) -> None:
    """Tell of the first sheet that is of another sample or another day than the first of all."""
    for odd in [sheet for sheet in sheets if sheet.sample != sheets[0].sample][:1]:
        what = "it was drawn by another sample than other sheets here"
        problems.append(Problem(odd.place, what, "Look whether it belongs to them. It was taken all the same."))
    for odd in [sheet for sheet in sheets if sheet.as_of != sheets[0].as_of][:1]:
        what = "it was made as at another day than other sheets here, so other questions may have been asked"
        problems.append(Problem(odd.place, what, "Look whether it belongs to them. It was taken all the same."))
