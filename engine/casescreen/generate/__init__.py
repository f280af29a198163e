"""Made-up caseloads, drawn from a dictionary and from what a recipe says is plausible."""
