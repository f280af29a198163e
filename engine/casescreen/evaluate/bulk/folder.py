"""Caseloads as folders of Parquet or CSV files: one file for the cases and one for each table, or parts of such files."""
