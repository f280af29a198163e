"""Runs over time: what changed from one screening to the next."""
