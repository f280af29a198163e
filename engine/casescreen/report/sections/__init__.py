"""The parts of a report that every form prints: overview, cases and conclusions, as blocks."""
