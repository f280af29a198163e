"""Cases in tables: workbooks, text with delimiters and Parquet, read by the names of their columns or by a mapping."""
