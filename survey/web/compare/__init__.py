"""Departments beside each other over waves."""

from survey.web.compare import pages
from survey.web.compare.blueprint import bp

__all__ = ["bp", "pages"]
