"""Made-up caseloads, drawn from a dictionary and from what a spec says is plausible."""
