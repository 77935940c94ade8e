"""Scoring as tables: each runs as a test and stands in docs/scoring.md."""
