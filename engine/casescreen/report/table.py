"""The report as plain text, for a terminal or a printer."""

from __future__ import annotations

from casescreen.model.screening import Screening
from casescreen.report.digest import digest
from casescreen.report.options import Options
from casescreen.report.plain import to_plain


def render(screening: Screening, options: Options) -> str:
    """The report in lines no wider than the options say."""
    return to_plain(digest(screening, options), options.width)
