"""What the speed claims rest on: run each with `python -m benchmarks.NAME`."""
