"""The report as a draft letter in Word, each statement of which can be followed to its findings."""

from casescreen.report.letter.render import render

__all__ = ["render"]
