"""Verbs that write: neighbourhood, things to share, people from a list."""
