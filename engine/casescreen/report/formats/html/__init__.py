"""The report as one HTML file, with nothing fetched and no script needed."""
