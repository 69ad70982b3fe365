"""Untrusted input about the neighbourhood → clean values."""
