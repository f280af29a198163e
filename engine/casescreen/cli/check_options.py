"""Options that only check has and that go together, each group of them given to it as one value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from casescreen.cli.option_groups import option_group
from casescreen.cli.options import force_option, terminal_width, width_option
from casescreen.cli.outputs import Reports, reports_wanted
from casescreen.cli.sharing import CopyOptions, Sharing
from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Summary
from casescreen.report.formats.registry import FORMATS, By

if TYPE_CHECKING:
    from datetime import date

    from casescreen.cli.enquiry_links import EnquiryFiles
    from casescreen.cli.history_run import Recording
    from casescreen.cli.since import Since
    from casescreen.model.dictionary import Field
    from casescreen.report.carried_over import CarriedOver


@frozen
class HistoryOptions:
    """What is kept of the run, and what it is compared with.

    Attributes:
        history: the history that it is added to; None where it is added to none.
        scope: what the cases are called.
        since: the file with the findings of an earlier run; None where none is named.
    """

    history: Path | None
    scope: str
    since: str | None

    def refuse(self, cases: tuple[str, ...], suppress_under: int | None, *, for_this_run: bool) -> None:
        """Refuse options of what is kept and compared from week to week that contradict one another.

        Raises:
            click.UsageError: they do.
        """
        if self.history is not None or self.scope:
            from casescreen.cli.history_run import refuse_history  # noqa: PLC0415 - only who keeps one waits for it

            refuse_history(self.history, self.scope, suppress_under, for_this_run=for_this_run)
        if self.since is not None:
            from casescreen.cli.since import refuse_since  # noqa: PLC0415 - only who compares waits for it

            refuse_since(cases, self.since, self.history, suppress_under)

    def recording(self, rulebook: Rulebook, as_of: date, sharing: Sharing) -> AbstractContextManager[Recording | None]:
        """What adds the run to a history, where one was named."""
        if self.history is None:
            return nullcontext()
        from casescreen.cli.history_run import recorded  # noqa: PLC0415 - only who keeps a history waits for it

        return recorded(self.history, rulebook, as_of, sharing, self.scope)

    def earlier(self, rulebook: Rulebook, as_of: date, sharing: Sharing) -> Since | None:
        """The earlier run to compare with, where its findings were named."""
        if self.since is None:
            return None
        from casescreen.cli.since import read_since  # noqa: PLC0415 - only who compares waits for it

        return read_since(self.since, rulebook, as_of, sharing)

    def with_changes(self, result: Summary, earlier: Since | None, recording: Recording | None) -> Summary:
        """The same, with what changed since an earlier run, where there is one."""
        if self.since is None and self.history is None:
            return result
        from casescreen.cli.since import with_changes  # noqa: PLC0415 - only who compares waits for it

        return with_changes(result, earlier, recording)


history_options = option_group(
    "history",
    HistoryOptions,
    click.option(
        "--history",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Add what was found to the history in this file, without any text of the records; it is made if it is not "
        "there. casescreen history shows it.",
    ),
    click.option(
        "--scope",
        default="",
        metavar="NAME",
        help="What these cases are called, as in north-team: a history is of the cases of one name, and refuses "
        "others.",
    ),
    click.option(
        "--since",
        metavar="OLD.json",
        help="Say what changed since an earlier run, of which a file has the findings: what is new, worse, fixed and "
        "still open. With --history that is said without it, since the run before.",
    ),
)


@frozen
class ReportOptions:
    """Which reports are written, and what goes into them.

    Attributes:
        form: the form of all of them; None where the name of each says it.
        outputs: their files.
        carry_over: workbooks of actions of which what people wrote is carried over.
        template: whose styles and letterhead a letter takes; None for none.
        per_owner: whether each owner of actions has a sheet in a workbook.
        marked: the copy of what was read, with problems marked; None where none is wanted.
        sheets: the folder of enquiry sheets that cases lead to; None where none is named.
        force: whether files that are there already are replaced.
    """

    form: str | None
    outputs: tuple[Path, ...]
    carry_over: tuple[Path, ...]
    template: Path | None
    per_owner: bool
    marked: Path | None
    sheets: Path | None
    force: bool

    @property
    def old(self) -> list[Path]:
        """The workbooks to be carried over that are not replaced: those are carried over anyhow."""
        replaced = {os.path.realpath(output) for output in self.outputs}
        return [path for path in self.carry_over if os.path.realpath(path) not in replaced]

    def wanted(self) -> Reports:
        """The reports that are wanted; raises as ``reports_wanted`` does."""
        return reports_wanted(self.form, self.outputs, force=self.force)

    def enquiry_files(self, reports: Reports, copy: CopyOptions) -> EnquiryFiles | None:
        """The enquiry sheets that reports lead to, where a folder of them was named."""
        if self.sheets is None:
            return None
        from casescreen.cli.enquiry_links import enquiry_files, refuse_sheets  # noqa: PLC0415 - only who names one waits

        refuse_sheets(reports, pseudonyms=not copy.names_stand, suppressed=copy.is_suppressed)
        return enquiry_files(self.sheets)

    def carried_over(self, reports: Reports, copy: CopyOptions) -> Mapping[Path, CarriedOver]:
        """What people wrote that goes into each workbook; see ``cli.carry_over.carried_over``."""
        old = self.old
        if not old and not any(path is not None and form is FORMATS["xlsx"] for path, form in reports):
            return {}
        from casescreen.cli.carry_over import carried_over  # noqa: PLC0415 - imported when used: start-up time

        to_share = not copy.names_stand or copy.is_suppressed
        apart = "a copy to be shared has nothing that anybody wrote" if to_share else ""
        return carried_over(reports, old, force=self.force, apart=apart)


report_options = option_group(
    "reports",
    ReportOptions,
    click.option(
        "--format",
        "form",
        type=click.Choice(list(FORMATS)),
        help="The form of the report. [default: what the name of the output ends in] Without --output it is shown "
        "alone.",
    ),
    click.option(
        "--output",
        "outputs",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        multiple=True,
        help="Write the whole report to a file. Can be given several times.",
    ),
    click.option(
        "--carry-over",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        metavar="OLD.xlsx",
        multiple=True,
        help="Carry what people wrote in the actions of an old workbook into the new one. With --force that of the "
        "workbook which is replaced is carried over anyhow. Can be given several times.",
    ),
    click.option(
        "--template",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        metavar="FILE",
        help="A Word document whose styles and letterhead a docx report takes; needs python-docx.",
    ),
    click.option(
        "--per-owner", is_flag=True, help="Give each owner of actions a sheet of their own in an xlsx report."
    ),
    click.option(
        "--marked",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write a copy of the tables that were read, as xlsx, with the cells that have problems marked.",
    ),
    click.option(
        "--sheets",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="FOLDER",
        help="Lead from each case in a page, workbook or letter to its enquiry sheet, which casescreen enquiry write "
        "put into this folder.",
    ),
    force_option,
)


@frozen
class ViewOptions:
    """How the figures are shown.

    Attributes:
        full: whether the whole report is printed.
        by: how figures are grouped; None where nothing is asked for.
        splits: the characteristic whose groups are set beside everyone else.
        width: the longest line; None for what the terminal has.
    """

    full: bool
    by: str | None
    splits: tuple[str, ...]
    width: int | None

    @property
    def grouping(self) -> By:
        """How figures are grouped."""
        return By(self.by) if self.by else By.THEME

    @property
    def line(self) -> int:
        """The longest line."""
        return self.width or terminal_width()

    def characteristic(self, rulebook: Rulebook, reports: Reports, copy: CopyOptions) -> Field | None:
        """The characteristic whose groups are set beside one another, where one was named."""
        if not self.splits:
            return None
        from casescreen.cli.split_option import characteristic_asked  # noqa: PLC0415 - only who splits waits for it

        return characteristic_asked(
            self.splits, rulebook, reports, suppressed=copy.is_suppressed, named=copy.names_stand
        )


view_options = option_group(
    "view",
    ViewOptions,
    click.option("--full", is_flag=True, help="Print the whole report, and not only its first screen."),
    click.option(
        "--by",
        type=click.Choice([by.value for by in By]),
        help="Print the figures grouped like this, and nothing else; with --full or a file, how its figures are "
        "grouped.",
    ),
    click.option(
        "--split",
        "splits",
        metavar="FIELD",
        multiple=True,
        help="Set each group of cases beside everyone else, by a field that the dictionary marks as a characteristic: "
        "k of n, difference and ratio of each criterion. One field at a time.",
    ),
    width_option,
)
