"""Untrusted input about gatherings → clean values."""
