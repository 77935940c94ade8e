"""A unit's results: the tree that the account may see, the page of one unit over time, and the kit for its meeting."""

from survey.web.units import pages, tree
from survey.web.units.blueprint import bp

__all__ = ["bp", "pages", "tree"]
