"""How far practices reach across units: a map of unit by unit, symmetric, from the register alone. No results in it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from survey.services.practices.partners import across
from survey.services.practices.places import Places
from survey.services.practices.register import Adoption, entries, late


@dataclass(frozen=True)
class Tie:
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
    cells: dict[tuple[str, str], Cell]
    """By row and column; missing where nothing crosses. A row with itself: what crosses between units below it."""

    @cached_property
    def practices(self) -> tuple[str, ...]:
        """The practices in it, by id."""
        return tuple(sorted({meeting.practice for cell in self.cells.values() for meeting in cell.meetings}))


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
    within = places.below(inside)
    level = _Level(places, inside, within)
    crossing: dict[tuple[str, str], list[tuple[Tie, bool]]] = {}
    for tie in found:
        sides = (tie.adoption.unit, tie.partner)
        if within.isdisjoint(sides) or any(side not in places.by_code for side in sides):
            continue
        own, other = (level.place(side) for side in sides)
        crossing.setdefault((own, other), []).append((tie, True))
        if own != other:
            crossing.setdefault((other, own), []).append((tie, False))
    children = [child.code for child in places.children(inside)]
    named = {place for pair in crossing for place in pair}
    rows = ([inside] if inside in named or not children else []) + children
    outside = sorted(named - set(rows), key=places.order.__getitem__)
    cells = {pair: _cell(places, pair, between, today) for pair, between in crossing.items() if pair[0] in rows}
    return CollaborationMap(tuple(rows), (*rows, *outside), cells)


@dataclass(frozen=True)
class _Level:
    """Which unit of the map holds a unit."""

    places: Places
    inside: str
    within: frozenset[str]

    def place(self, code: str) -> str:
        """Return the row that holds a unit of ours; of another one what branches off from our own path."""
        path = [place.code for place in self.places.path(code)]
        if code in self.within:
            return path[min(path.index(self.inside) + 1, len(path) - 1)]
        ours = {place.code for place in self.places.path(self.inside)}
        return next((each for each in path if each not in ours), code)


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
    return Reach(len(taking & below - {code}), len(below - {code}), code in taking)
