"""A demo company from a documented, seeded model (docs/demo.md); its answers go the way of real ones."""
