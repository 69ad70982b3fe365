"""Untrusted input made into clean values."""
