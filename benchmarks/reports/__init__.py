"""How fast reports are printed, beside other ways to draw their charts: `python -m benchmarks.reports`."""
