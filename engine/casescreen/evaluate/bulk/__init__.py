"""Whole caseloads at once, on Polars: the same conditions, outcomes and conclusions, as columns over frames."""
