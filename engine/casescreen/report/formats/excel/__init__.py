"""The report as an Excel workbook: a cover, and tables to filter, sort and work through."""
