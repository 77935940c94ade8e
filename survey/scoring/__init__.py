"""What it means: pure. From answers to figures; no Flask, no SQLAlchemy."""
