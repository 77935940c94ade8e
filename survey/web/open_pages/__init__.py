"""Open pages: a leader opens and closes them; whoever has the address reads them without signing in."""

from survey.web.open_pages import pages
from survey.web.open_pages.blueprint import bp, heard
from survey.web.open_pages.public import show

__all__ = ["bp", "heard", "pages", "show"]
