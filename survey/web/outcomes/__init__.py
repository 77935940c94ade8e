"""Outcomes beside motives."""
