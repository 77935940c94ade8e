"""Departments beside each other over waves, and one wave as a map of units by motives."""

from survey.web.compare.pages import bp

__all__ = ["bp"]
