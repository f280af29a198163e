"""Rules as TOML, read into a ``Rulebook``: all problems at once, each with its place and advice."""
