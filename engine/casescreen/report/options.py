"""What a person may choose about a report, whatever its format."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from attrs import frozen


class By(Enum):
    """How the figures at the head of a report are grouped."""

    THEME = "theme"
    CASE = "case"
    MANAGER = "manager"
    TEAM = "team"


@frozen
class Options:
    """The choices. A format takes those that mean something to it, and passes over the rest.

    Attributes:
        by: how the figures are grouped: table, markdown and html, which has them by theme in any case.
        width: the longest line, in columns of a terminal: table. Less than 60 is taken as 60.
        most: how many cases (or managers, or teams) are listed in full, the worst first; 0 is all: not csv, json.
        bom: whether the text begins with a byte-order mark, by which Excel on Windows knows UTF-8: csv.
        per_owner: whether each owner of actions gets a sheet of their own beside the sheet of all: xlsx.
        template: a Word document whose styles, page and letterhead are used in place of the plain ones: docx.
    """

    by: By = By.THEME
    width: int = 100
    most: int = 50
    bom: bool = False
    per_owner: bool = False
    template: Path | None = None
