"""How fast it is, as ratios measured side by side: `make bench`, or `python -m tests.bench [measure …]`."""
