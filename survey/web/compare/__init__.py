"""Departments beside each other over waves."""

from survey.web.compare import files, pages
from survey.web.compare.blueprint import bp

__all__ = ["bp", "files", "pages"]
