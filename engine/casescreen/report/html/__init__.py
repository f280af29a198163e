"""The report as one HTML file, with nothing fetched and no script needed."""

from casescreen.report.html.page import render

__all__ = ["render"]
