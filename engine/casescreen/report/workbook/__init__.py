"""The report as an Excel workbook: a cover, and tables to filter, sort and work through."""

from casescreen.report.workbook.render import actions_for, render

__all__ = ["actions_for", "render"]
