"""Mappings: what the sheets and columns of somebody else's tables mean, as TOML."""

from casescreen.intake.mapping.model import CaseMapping
from casescreen.intake.mapping.reading import read_mapping, shipped_mappings

__all__ = ["CaseMapping", "read_mapping", "shipped_mappings"]
