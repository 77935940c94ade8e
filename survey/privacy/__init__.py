"""What may be told: pure. The only place that can make `Released` values."""
