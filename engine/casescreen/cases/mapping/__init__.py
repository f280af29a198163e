"""What sheets and columns mean, by a mapping in TOML or by their own names, and the records that they hold so."""
