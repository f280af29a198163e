"""Bulk past one machine, on Spark: each worker screens parts of a caseload, and what they counted is added up."""
