"""Names cut to the room they have: a Hangul syllable is as wide as two Latin letters."""

from typing import Final
from unicodedata import east_asian_width

ROW: Final = 22
"""Widths that fit the first column of a table."""
LINE: Final = 60
"""Widths that fit the head or the foot of a page beside other words."""


def width(name: str) -> int:
    """Return how wide a name is, in Latin letters.

    >>> width("영업 A")
    6
    """
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in name)


def cut(name: str, room: int) -> str:
    """Return the name, or as much of it as fits with an ellipsis.

    >>> cut("영업본부", 8), cut("영업본부 서울", 8)
    ('영업본부', '영업본…')
    """
    if width(name) <= room:
        return name
    kept = name
    while width(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
