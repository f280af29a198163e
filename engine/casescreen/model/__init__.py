"""Values and their meaning. Imports nothing else of ours."""
