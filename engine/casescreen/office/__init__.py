"""Excel workbooks, whatever is in them: inert text, names that Excel takes, and how cells look."""
