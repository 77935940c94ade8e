"""Practices: what there is to try, which unit uses what, and with whom."""

from survey.web.practices import pages
from survey.web.practices.blueprint import bp

__all__ = ["bp", "pages"]
