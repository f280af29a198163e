"""Files of cases, read as values and written again: all problems at once, each with its place and advice."""
