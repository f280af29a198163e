"""How much of the records a report may show, as the options of the command line say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from attrs import evolve, frozen

from casescreen.cli.option_groups import option_group
from casescreen.cli.options import WITH_TEXT, say, say_problems
from casescreen.files.atomic import create_whole
from casescreen.files.discovery import find_files
from casescreen.model.case import Caseload
from casescreen.model.dictionary import Field
from casescreen.model.problem import CasescreenError, Problem, ProblemsError
from casescreen.model.rulebook import Rulebook, Scope
from casescreen.model.screening import Quoting, Screening, Summary
from casescreen.privacy.withholding import FEWEST
from casescreen.report.formats.registry import By
from casescreen.text import counted, visible

_OWNER_ONLY = 0o600
_LOOK = "Look at the spelling, and at the folder that you are in."


def key_from(path: Path) -> bytes:
    """The key in the file. Where there is no file, one is made with a new key, and the user is told so.

    Raises:
        CasescreenError: the file does not hold a key, or cannot be read or made.
    """
    # Imported when used: start-up time.
    from casescreen.privacy.pseudonyms import LONGEST_KEY_FILE, key_in, new_key  # noqa: PLC0415

    try:
        # Where another run has just made one, that is the key.
        if not path.exists() and create_whole(path, new_key(), _OWNER_ONLY):
            say(
                f"A new key was made: {visible(str(path.resolve()))}. Keep it apart from the reports, and keep a copy: "
                "who has it can tell whom a pseudonym means, and without it the next report has other pseudonyms."
            )
        with path.open("rb") as file:
            content = file.read(LONGEST_KEY_FILE + 1)
    except OSError as error:
        raise CasescreenError(
            f"The key file {visible(str(path))} could not be read or made: {error.strerror or error}.",
            advice="check that its folder is there and that you may write in it.",
        ) from error
    return key_in(content, str(path))


@frozen
class Sharing:
    """What was asked for.

    Attributes:
        quoting: how much of the text of the records the screening may quote.
        key: the key of pseudonyms, or None where names stand as they are.
        under: the threshold under which counts are not shown, or None where all are.
    """

    quoting: Quoting
    key: bytes | None
    under: int | None

    def shared(self, screening: Screening, by: By, split: Field | None = None) -> Summary:
        """What may be shown of the screening, and nothing else; with the groups of a characteristic."""
        if self.key is None and self.under is None:
            return screening if split is None else _with_split(screening, split)
        from casescreen.privacy.share import shared  # noqa: PLC0415 - start-up time

        return shared(screening, self.key, self.under, {By.MANAGER: Scope.MANAGER, By.TEAM: Scope.TEAM}.get(by), split)

    def tell(self, problems: Sequence[Problem], left_out: int) -> None:
        """Say what is wrong with records on standard error; under pseudonyms, only how much."""
        if self.key is None:
            say_problems(problems, left_out)
        elif problems:
            say(str(self.refusal(problems)))

    def warn(self, caseload: Caseload, rulebook: Rulebook, as_of: date) -> None:
        """Say on standard error where records look as if they told who somebody is."""
        say(self.warning(caseload, rulebook, as_of), nl=False)

    def warning(self, caseload: Caseload, rulebook: Rulebook, as_of: date) -> str:
        """Where records look as if they told who somebody is; "" if they do not."""
        from casescreen.privacy.personal_data import (  # noqa: PLC0415 - start-up time
            read_patterns,
            seen_in,
            warning,
        )

        seen = tuple(seen_in(caseload.cases, rulebook, read_patterns(), as_of))
        return warning(seen, by_number=self.key is not None)

    def refusal(self, problems: Sequence[Problem]) -> CasescreenError:
        """The error where no record can be screened; under pseudonyms, only how many problems there are."""
        if self.key is None:
            return ProblemsError(problems)
        return CasescreenError(
            f"{counted(len(problems), 'problem')} with the records. They quote records, so they are not told "
            "under pseudonyms.",
            advice="run it again without --pseudonyms, and mend them.",
        )


def _with_split(screening: Screening, field: Field) -> Screening:
    from casescreen.evaluate.split_counts import split_of  # noqa: PLC0415 - start-up time

    return evolve(screening, split=split_of(screening, field))


def refuse_suppression(_: click.Context, parameter: click.Parameter, given: str | None) -> None:
    """Refuse the option where something is kept or listed from week to week.

    Raises:
        click.UsageError: it is given.
    """
    if given is not None:
        raise suppression_refused(parameter.opts[0])


def suppression_refused(option: str, beside: str = "what is kept or listed from week to week") -> click.UsageError:
    """The error that an option that hides small counts cannot go with what adds a copy each week."""
    return click.UsageError(
        f"{option} cannot go with {beside}: each run would be one more copy to subtract from the others. "
        "Make the copy to share by a run of casescreen check of its own."
    )


def sharing_of(
    cases: tuple[str, ...], *, with_text: bool, pseudonyms: Path | None, suppress_under: int | None, by: By
) -> Sharing:
    """What the options ask for.

    Raises:
        click.UsageError: the options contradict one another.
        CasescreenError: the key file cannot be used, or pseudonyms are asked for where the names lead to no case file.
    """
    if with_text and pseudonyms is not None:
        raise click.UsageError("--with-text cannot go with --pseudonyms: a text can name anybody. Leave one out.")
    if suppress_under is not None and (with_text or by is By.CASE):
        wrong = "--with-text" if with_text else "--by case"
        raise click.UsageError(f"{wrong} cannot go with --suppress-under: nothing of a single case is in such a copy.")
    if pseudonyms is None:
        return Sharing(Quoting.EVERYTHING if with_text else Quoting.REFERENCES, None, suppress_under)
    search = find_files(cases)
    # What was typed may be told again. What stands beside it may not, so no name like it is.
    typed = [evolve(problem, advice=_LOOK) for problem in search.problems if problem.place.file in cases]
    if typed and not search.files:
        raise ProblemsError(typed)
    return Sharing(Quoting.NOTHING, key_from(pseudonyms), suppress_under)


@frozen
class CopyOptions:
    """How much of the records the copy may show.

    Attributes:
        with_text: whether the text of the records is shown.
        pseudonyms: the file with the key that ids and names are replaced by; None where they stand as they are.
        suppress_under: the number under which counts are not shown; None where all are.
    """

    with_text: bool
    pseudonyms: Path | None
    suppress_under: int | None

    @property
    def names_stand(self) -> bool:
        """Whether ids and names are as they are."""
        return self.pseudonyms is None

    @property
    def is_suppressed(self) -> bool:
        """Whether small counts are hidden."""
        return self.suppress_under is not None

    def sharing(self, cases: tuple[str, ...], by: By) -> Sharing:
        """What the options ask for; raises as ``sharing_of`` does."""
        return sharing_of(
            cases,
            with_text=self.with_text,
            pseudonyms=self.pseudonyms,
            suppress_under=self.suppress_under,
            by=by,
        )


copy_options = option_group(
    "copy",
    CopyOptions,
    click.option("--with-text", is_flag=True, help=WITH_TEXT),
    click.option(
        "--pseudonyms",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="KEYFILE",
        help="Replace ids and names by pseudonyms made with the key in this file; it is made if it is not there.",
    ),
    click.option(
        "--suppress-under",
        type=click.IntRange(min=FEWEST),
        metavar="N",
        help="Make a copy to share: no single case, and no count from 1 to N-1, is in it.",
    ),
)
