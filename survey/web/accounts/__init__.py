"""Accounts and grants: who may sign in, what each may see, and the letters that let people in."""

from survey.web.accounts import bulk, changes, letters, pages
from survey.web.accounts.blueprint import bp

__all__ = ["bp", "bulk", "changes", "letters", "pages"]
