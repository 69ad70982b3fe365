"""Faults against real processes: `make drill`, or `python -m tests.drills [fault …]`."""
