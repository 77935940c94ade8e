"""How far practices reach across units: a map of unit by unit, symmetric, from the register alone. No results in it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec
from sqlalchemy.orm import Session

from survey.services.practices.partners import across
from survey.services.practices.places import Places
from survey.services.practices.register import Adoption, entries, late


class Tie(msgspec.Struct, frozen=True, gc=False):
    """A practice of a unit, and one unit across that takes part in it."""

    adoption: Adoption
    partner: str
    last_held: dt.date | None

    def overdue(self, today: dt.date) -> bool:
        """Tell whether it runs and has not been held with this partner for more than twice its rhythm."""
        return late(self.last_held or self.adoption.since, self.adoption, today)


@dataclass(frozen=True)
class Meeting:
    """A practice between two units of the map."""

    practice: str
    last_held: dt.date | None
    """The latest day, of all units below the two."""
    overdue: bool
    """Whether none of them has held it within twice its rhythm."""
    paused: bool
    """Whether it rests everywhere."""


@dataclass(frozen=True)
class Reach:
    """How many units take part, of all there are."""

    taking: int
    of: int
    whole: bool
    """Whether the unit itself is named, and not only units below it."""


@dataclass(frozen=True)
class Cell:
    """What two units of the map do together, and how far each takes part."""

    meetings: tuple[Meeting, ...]
    row: Reach
    column: Reach


@dataclass(frozen=True)
class CollaborationMap:
    """Units by units; what holds from a row to a column holds from there back."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    """The rows, and units outside that somebody of them does something with."""
    _crossing: "_Crossing"
    _places: Places
    _today: dt.date

    @cached_property
    def practices(self) -> tuple[str, ...]:
        """The practices in it, by id."""
        return tuple(sorted({tie.adoption.practice for ties in self._crossing.values() for tie, _ in ties}))

    @property
    def empty(self) -> bool:
        """Tell whether nothing crosses anywhere on it."""
        return not self._crossing

    def cells(self, rows: Collection[str]) -> dict[tuple[str, str], Cell]:
        """Return the cells of some rows, by row and column; missing where nothing crosses.

        A row with itself: what crosses between units below it.
        """
        return {
            pair: _cell(self._places, pair, between, self._today)
            for pair, between in self._crossing.items()
            if pair[0] in rows
        }


_Crossing = dict[tuple[str, str], list[tuple[Tie, bool]]]
"""By two units of the map: what crosses, and whether the practice is the first one's."""


def ties(session: Session) -> tuple[Tie, ...]:
    """Return everything that crosses between units and has not been ended."""
    known = {(each.unit, each.practice): each for each in entries(session) if each.state != "ended"}
    return tuple(
        Tie(known[each.unit, each.practice], each.partner, each.last_held)
        for each in across(session)
        if (each.unit, each.practice) in known
    )


def collaboration(places: Places, found: Iterable[Tie], inside: str, today: dt.date) -> CollaborationMap:
    """Return the map of the units directly below `inside`, with units outside that they do something with.

    `inside` itself is a row where it is named itself, or has no units below it.
    """
    within, on_map = places.below(inside), _on_map(places, inside)
    crossing: _Crossing = {}
    for tie in found:
        sides = (tie.adoption.unit, tie.partner)
        if within.isdisjoint(sides) or any(side not in places.by_code for side in sides):
            continue
        own, other = (on_map[side] for side in sides)
        crossing.setdefault((own, other), []).append((tie, True))
        crossing.setdefault((other, own), []).append((tie, False))
    children = [child.code for child in places.children(inside)]
    named = {place for pair in crossing for place in pair}
    rows = ([inside] if inside in named or not children else []) + children
    outside = sorted(named - set(rows), key=places.order.__getitem__)
    return CollaborationMap(tuple(rows), (*rows, *outside), crossing, places, today)


def _on_map(places: Places, inside: str) -> Mapping[str, str]:
    """Return which unit of the map holds each unit: of ours the row; of another one what branches off our own path."""
    path = [place.code for place in places.path(inside)]
    found = {code: code for code in path}
    for above in path:
        for child in places.children(above):
            if child.code not in path:
                found.update(dict.fromkeys(places.below(child.code), child.code))
    return found


def _cell(places: Places, pair: tuple[str, str], between: list[tuple[Tie, bool]], today: dt.date) -> Cell:
    by_practice: dict[str, list[Tie]] = {}
    for tie, _ in between:
        by_practice.setdefault(tie.adoption.practice, []).append(tie)
    row, column = set[str](), set[str]()
    for tie, forward in between:
        sides = (tie.adoption.unit, tie.partner) if forward else (tie.partner, tie.adoption.unit)
        row.add(sides[0])
        column.add(sides[1])
    if pair[0] == pair[1]:
        row = column = row | column
    meetings = tuple(_meeting(practice, same, today) for practice, same in sorted(by_practice.items()))
    return Cell(meetings, _reach(places, pair[0], row), _reach(places, pair[1], column))


def _meeting(practice: str, same: list[Tie], today: dt.date) -> Meeting:
    running = [tie for tie in same if tie.adoption.state == "running"]
    return Meeting(
        practice,
        max((tie.last_held for tie in same if tie.last_held is not None), default=None),
        overdue=bool(running) and all(tie.overdue(today) for tie in running),
        paused=not running,
    )


def _reach(places: Places, code: str, taking: set[str]) -> Reach:
    below = places.below(code)
    return Reach(len(taking & below) - (code in taking), len(below) - 1, code in taking)
