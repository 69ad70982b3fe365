"""Commands of pods: the demo neighbourhood."""
