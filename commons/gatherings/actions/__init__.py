"""The verbs of gatherings."""
