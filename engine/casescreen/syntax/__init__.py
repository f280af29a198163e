"""TOML and JSON as anybody may have written them, each value knowing its line. Knows nothing of rules or cases."""
