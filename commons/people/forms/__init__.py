"""Untrusted input about people → clean values."""
