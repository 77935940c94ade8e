"""The roster: who works where today, a file that replaces it, and what is kept of one person."""

from survey.web.people import columns, imports, lists, persons, show
from survey.web.people.blueprint import bp

__all__ = ["bp", "columns", "imports", "lists", "persons", "show"]
