"""Today's units by name and place, and no more: what a list to choose from may show of a unit of somebody else."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cached_property
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Unit

A_FEW: Final = 200
"""Rows that are at hand at once: of thousands each would be walked through by Python's collector, a page being made."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """A unit. A page reads thousands: with `gc=False` and no mapping of its own each costs Python's collector nothing.

    >>> Place("N", "S", "북부", "").name("en"), Place("N", "S", "북부", "").names
    ('북부', {'ko': '북부', 'en': ''})
    """

    code: str
    parent: str | None
    name_ko: str
    name_en: str

    @property
    def names(self) -> Mapping[str, str]:
        """Its names by language."""
        return {"ko": self.name_ko, "en": self.name_en}

    def name(self, language: str) -> str:
        """Its name in `language`, or in the other one, or its code."""
        own, other = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return own or other or self.code


class Places:
    """The tree of today, as it is read: parents before children, siblings by code."""

    def __init__(self, places: list[Place]) -> None:
        self._children: dict[str | None, list[Place]] = {}
        for place in sorted(places, key=lambda each: each.code):
            self._children.setdefault(place.parent, []).append(place)
        self.by_code = {place.code: place for place in self._in_order()}
        self._below: dict[str, frozenset[str]] = {}

    def _in_order(self) -> Iterator[Place]:
        waiting = self._children.get(None, [])[::-1]
        while waiting:
            place = waiting.pop()
            yield place
            waiting += self._children.get(place.code, [])[::-1]

    @property
    def root(self) -> Place | None:
        """The company as a whole; None before the first roster."""
        return next(iter(self.by_code.values()), None)

    @cached_property
    def order(self) -> dict[str, int]:
        """In which place, from 0, each unit is read."""
        return {code: place for place, code in enumerate(self.by_code)}

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """The unit above each unit."""
        return {code: place.parent for code, place in self.by_code.items()}

    def name(self, code: str, language: str) -> str:
        """A unit's name; its code where today's tree has it no more."""
        return self.by_code[code].name(language) if code in self.by_code else code

    def children(self, code: str) -> tuple[Place, ...]:
        """The units directly below."""
        return tuple(self._children.get(code, ()))

    def below(self, code: str) -> frozenset[str]:
        """A unit's code and those of all units below it."""
        if code not in self._below:
            found, waiting = set[str](), [code] if code in self.by_code else []
            while waiting:
                each = waiting.pop()
                found.add(each)
                waiting += [child.code for child in self._children.get(each, [])]
            self._below[code] = frozenset(found)
        return self._below[code]

    def path(self, code: str) -> tuple[Place, ...]:
        """The units from the top to this one."""
        found, each = list[Place](), self.by_code.get(code)
        while each is not None:
            found.append(each)
            each = self.by_code.get(each.parent) if each.parent else None
        return tuple(reversed(found))


def places(session: Session) -> Places:
    """Return the tree of today."""
    asked = select(Unit.code, Unit.parent_code, Unit.name_ko, Unit.name_en).execution_options(yield_per=A_FEW)
    with closing(session.execute(asked)) as rows:
        return Places([Place(*row) for row in rows])
