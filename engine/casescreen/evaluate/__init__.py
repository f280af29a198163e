"""From cases and a rulebook to findings: evidence, inference, and the reasons for both."""
