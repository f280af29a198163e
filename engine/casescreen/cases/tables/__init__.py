"""Workbooks, text with delimiters and Parquet as sheets, and what their cells say."""
