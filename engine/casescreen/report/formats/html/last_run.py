"""The page on the last weekly run: whether it went well, what it warns of, and where its reports are."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from casescreen.model.change import Comparison
from casescreen.report.blocks import Heading
from casescreen.report.formats.html.page import document
from casescreen.report.sections.changes import changes_in_full, title_of
from casescreen.text import in_words


class RunVerdict(Enum):
    """How a run went, in the words of the page.

    UNFINISHED is what stands there while it runs, and what is left of one that was killed.
    """

    OK = "OK"
    ATTENTION = "Needs attention"
    FAILED = "FAILED"
    UNFINISHED = "Not finished"


@frozen
class RunNotice:
    """Something to be told: what, why it matters, and what to do; the last two "" where that is plain."""

    what: str
    why: str = ""
    advice: str = ""


@frozen
class RunFigure:
    """A number, and what it counts."""

    label: str
    number: str
    remark: str = ""


@frozen
class RunFile:
    """A file that was written.

    Attributes:
        label: what it is.
        name: what it is called.
        link: where it is, as seen from the page.
    """

    label: str
    name: str
    link: str


@frozen(kw_only=True)
class LastRun:
    """All that the page says.

    Attributes:
        settings: the name of the settings file.
        ran: when it ran, in words.
        says: the verdict in a sentence.
        read: what was read and when it was taken; "" where nothing was.
        beside: what else was in force: under which label, and what; local rules, and what is accepted.
        failure: what went wrong.
        warnings: what to look at before the findings.
        changed: what changed since the last run, in a few lines.
        changed_title: since when.
        changes: the page with every change; None where there is none.
        files: the reports.
        folder: where they are.
        next_steps: what to do next.
        said: what else was said while it ran.
        made_with: by what it was made.
    """

    verdict: RunVerdict
    settings: str
    ran: str
    says: str
    read: str = ""
    as_of: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    failure: tuple[RunNotice, ...] = ()
    warnings: tuple[RunNotice, ...] = ()
    figures: tuple[RunFigure, ...] = ()
    changed: tuple[str, ...] = ()
    changed_title: str = ""
    changes: RunFile | None = None
    files: tuple[RunFile, ...] = ()
    folder: str = ""
    next_steps: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    made_with: str = ""


def last_run_page(run: LastRun) -> str:
    """The page."""
    values: dict[str, object] = {"run": run, "title": f"Last run: {run.verdict.value}", "as_of": run.as_of}
    return document("last_run.html", "", values | {"made_with": run.made_with, "cases_hash": ""})


def changes_page(comparison: Comparison) -> str:
    """Every change from one run to a later one, as a page."""
    blocks = [one for one in changes_in_full(comparison) if not (isinstance(one, Heading) and one.level == 1)]
    values: dict[str, object] = {"title": title_of(comparison), "as_of": in_words(comparison.new.as_of)}
    return document("last_run_changes.html", "", values | {"blocks_of_it": blocks, "made_with": "", "cases_hash": ""})
