"""Mappings: what the sheets and columns of somebody else's tables mean, as TOML."""
