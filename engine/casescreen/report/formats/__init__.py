"""The forms of a report, one module each, and the registry that names them."""
