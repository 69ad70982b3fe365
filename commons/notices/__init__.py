"""Notices: the outbox, its channels, and the one-tap links."""
