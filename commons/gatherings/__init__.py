"""Gatherings: when, where, who comes, what for; children, access, food; and what came of it (mission G6)."""
