"""Words that somebody types to find a person or a unit: each sign stands for itself, and case says nothing."""

from typing import Any, Final

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

LONGEST: Final = 400
"""Signs: more than any name, number, code or address here has, and less than SQLite refuses to compare."""
Column = InstrumentedAttribute[Any]


def typed(words: str) -> str:
    """Return words as they are looked for, with one space between two of them.

    >>> typed("  Di   Kim ")
    'Di Kim'
    """
    return " ".join(words.split())


def holds(words: str, *columns: Column) -> ColumnElement[bool]:
    """Return whether one of these columns holds the words; none holds no words, or more than anything has."""
    asked = typed(words)
    return or_(*(column.icontains(asked, autoescape=True) for column in columns)) if _can_be(asked) else false()


def begins(words: str, column: Column) -> ColumnElement[bool]:
    """Return whether a column begins with the words, under the same conditions."""
    asked = typed(words)
    return column.istartswith(asked, autoescape=True) if _can_be(asked) else false()


def _can_be(asked: str) -> bool:
    return 0 < len(asked) <= LONGEST
