"""The engine as the page has it, without a browser."""

from page_session import page, typed

__all__ = ["page", "typed"]
