"""Units by motives at a glance."""
