"""Practices: what there is to try, which unit uses what, with whom, and how far that reaches."""

from survey.web.practices import entry, mapping, own, pages, taking
from survey.web.practices.blueprint import bp

__all__ = ["bp", "entry", "mapping", "own", "pages", "taking"]
