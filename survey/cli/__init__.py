"""The command line: one module a noun; with `web`, the only place that reads the clock."""
