"""The register as a page shows it: by unit, each practice with those across it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from survey.services.practices.partners import Across, across
from survey.services.practices.places import Places
from survey.services.practices.register import Adoption, entries, late
from survey.web.database import db
from survey.web.finding import find_units


@dataclass(frozen=True)
class Chosen:
    """What of the register is asked for."""

    unit: str = ""
    """Words of a unit's name, or the beginning of its code; whatever is below it is meant too."""
    practice: str = ""
    state: str = ""
    """"" for what is in use: running or paused."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A practice that a unit has, or takes part in."""

    unit: str
    """Under which it stands."""
    kept: Adoption
    last_held: dt.date | None
    overdue: bool
    across: tuple[str, ...]
    """Codes of the other units."""

    @property
    def theirs(self) -> bool:
        """Whether the practice is another unit's, and this one takes part in it."""
        return self.kept.unit != self.unit


@dataclass
class Group:
    """The practices of one unit."""

    unit: str
    lines: list[Line] = field(default_factory=list)


def lines(places: Places, mine: frozenset[str], chosen: Chosen, today: dt.date) -> list[Line]:
    """Return what is asked for of the account's part of the register, as the tree is read."""
    units = mine & _meant(places, chosen.unit) if chosen.unit else mine
    kept = [each for each in entries(db(), chosen.practice, chosen.state) if chosen.state or each.state != "ended"]
    partners: dict[tuple[str, str], list[Across]] = {}
    for each in across(db()):
        partners.setdefault((each.unit, each.practice), []).append(each)
    found = [line for each in kept for line in _lines(each, partners.get((each.unit, each.practice), []), units, today)]
    found.sort(key=lambda line: (places.order[line.unit], line.theirs))
    return found


def grouped(found: Sequence[Line]) -> list[Group]:
    """Return lines by unit, in their order."""
    groups: list[Group] = []
    for line in found:
        if not groups or groups[-1].unit != line.unit:
            groups.append(Group(line.unit))
        groups[-1].lines.append(line)
    return groups


def _lines(each: Adoption, partners: list[Across], units: frozenset[str], today: dt.date) -> Iterator[Line]:
    if each.unit in units:
        yield Line(each.unit, each, each.last_held, each.overdue(today), tuple(one.partner for one in partners))
        return
    for one in partners:
        if one.partner in units:
            others = (each.unit, *(other.partner for other in partners if other.partner != one.partner))
            yield Line(one.partner, each, one.last_held, late(one.last_held or each.since, each, today), others)


def _meant(places: Places, words: str) -> frozenset[str]:
    found = find_units(words, list(places.by_code.values()), "en", most=len(places.by_code)).hits
    codes = [words] if words in places.by_code else [hit.code for hit in found]
    return frozenset[str]().union(*(places.below(code) for code in codes))
