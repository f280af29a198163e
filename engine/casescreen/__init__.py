"""Screen case records against inspection criteria, and explain every finding."""

__version__ = "0.1.0"
