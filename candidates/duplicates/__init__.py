"""The same person under two codes: recognised by e-mail, phone, name and CV."""

from candidates.duplicates.finding import Found, find_for, look_for, search_all

__all__ = ["Found", "find_for", "look_for", "search_all"]
