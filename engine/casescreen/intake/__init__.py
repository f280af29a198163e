"""Files of cases, read as values and written again: all problems at once, each with its place and advice."""

from casescreen.intake.reading import read_cases
from casescreen.intake.writing import cases_to_json, cases_to_toml

__all__ = ["cases_to_json", "cases_to_toml", "read_cases"]
