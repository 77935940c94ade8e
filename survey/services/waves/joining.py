"""Small units side by side, joined by HR into one named group before the opening. Pure.

A group's people count for the group, and its units are no report units of their own in that wave: joining makes results
coarser, never finer (docs/decisions/0031-foresight-and-joined-groups.md).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from survey.i18n import Refused
from survey.services.waves.freezing import Placed, RosterUnit

SIGN: Final = "+"
"""No code of the roster holds it (`roster.roster_rows`); a leads' group ends with it, a joined group never."""
READABLE: Final = 64
"""Longer codes are made of the first unit's, two signs and a hash; a readable code never has two signs in a row."""
SHORT: Final = 32
FEWEST: Final = 2


class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group that HR wants: its names by language and the codes of its units."""

    code: str
    names: dict[str, str]
    members: list[str]

    @property
    def called(self) -> str:
        """Its name in both languages, for sentences."""
        return " / ".join(dict.fromkeys(self.names.values()))


@dataclass(frozen=True)
class Roster:
    """Who works where today."""

    units: Sequence[RosterUnit]
    people: Sequence[Placed]


def join_code(members: Iterable[str]) -> str:
    """Return the code of a joined group: of the same units it is the same in every wave, and no unit can have it.

    >>> join_code(["MAIL", "CHAT"]), join_code(["CHAT", "MAIL"])
    ('CHAT+MAIL', 'CHAT+MAIL')
    """
    first, *others = sorted(members)
    readable = SIGN.join((first, *others))
    if len(readable) <= READABLE:
        return readable
    return f"{first[:SHORT]}{SIGN}{SIGN}{hashlib.sha256(readable.encode()).hexdigest()[:24]}"


def here(people: Iterable[Placed]) -> Mapping[str, int]:
    """Count the people of each unit who answer for it: whoever leads a unit answers one level up."""
    return Counter(person.unit for person in people if person.leads is None)


def joined(roster: Roster, joins: Sequence[Join], k: int) -> Roster:
    """Return the roster with each group in the place of its units.

    Args:
        roster: today's.
        joins: the groups, which share no unit.
        k: the wave's threshold; a group of fewer people could never be shown.

    Raises:
        Refused: a group does not fit the roster; the sentence says which and why.
    """
    _check(roster, joins, k)
    group_of = {member: group for group in joins for member in group.members}
    by_code = {unit.code: unit for unit in roster.units}
    units = [unit for unit in roster.units if unit.code not in group_of]
    units += [_unit(group, by_code) for group in joins]
    codes = {member: group.code for member, group in group_of.items()}
    people = [_moved(person, codes) for person in roster.people] if codes else roster.people
    return Roster(units, people)


def adopted_by_all(units: Iterable[str], adopted: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the practices that every one of `units` has adopted, each with the day since when all have.

    >>> adopted_by_all(["A", "B"], {"A": {"stand_ups": "2026-01-05", "one_loop": "2026-02-02"},
    ...                             "B": {"stand_ups": "2026-03-02"}})
    {'stand_ups': '2026-03-02'}
    """
    first, *others = [adopted.get(unit, {}) for unit in units]
    return {
        practice: max([since, *(each[practice] for each in others)])
        for practice, since in first.items()
        if all(practice in each for each in others)
    }


def _unit(group: Join, units: Mapping[str, RosterUnit]) -> RosterUnit:
    members = [units[code] for code in group.members]
    kinds = {unit.kind for unit in members}
    return RosterUnit(
        code=group.code,
        parent=members[0].parent,
        names=group.names,
        kind=kinds.pop() if len(kinds) == 1 else "",
        joined={unit.code: unit.names for unit in members},
    )


def _moved(person: Placed, codes: Mapping[str, str]) -> Placed:
    if person.unit not in codes and person.leads not in codes:
        return person
    leads = person.leads if person.leads is None else codes.get(person.leads, person.leads)
    return replace(person, unit=codes.get(person.unit, person.unit), leads=leads)


def _check(roster: Roster, joins: Sequence[Join], k: int) -> None:
    units = {unit.code: unit for unit in roster.units}
    inner = {unit.parent for unit in roster.units}
    people = here(roster.people)
    seen: set[str] = set()
    for group in joins:
        if len(set(group.members)) < FEWEST:
            raise Refused("Choose two units at least: a group of one would be the unit itself.")
        for code in group.members:
            if code not in units:
                raise Refused(
                    "There is no unit %(unit)s in the roster that could be in the group %(group)s.",
                    unit=code,
                    group=group.called,
                )
            _check_member(units[code], group, leaf=code not in inner, people=people.get(code, 0))
            if code in seen:
                raise Refused("%(unit)s is in a joined group already. Undo that one first.", unit=_called(units[code]))
            seen.add(code)
        if len({units[code].parent for code in group.members}) > 1:
            raise Refused("The units of the group %(group)s do not lie under the same unit.", group=group.called)
        if (count := sum(people[code] for code in group.members)) < k:
            raise Refused(
                "The group %(group)s has %(count)s people; results are shown from %(k)s on. Join one unit more.",
                group=group.called,
                count=count,
                k=k,
            )


def _check_member(unit: RosterUnit, group: Join, *, leaf: bool, people: int) -> None:
    if not leaf or unit.parent is None:
        raise Refused(
            "%(unit)s has units below it, so it cannot be in the group %(group)s.",
            unit=_called(unit),
            group=group.called,
        )
    if not people:
        raise Refused(
            "Nobody answers for %(unit)s, so it cannot be in the group %(group)s.",
            unit=_called(unit),
            group=group.called,
        )


def _called(unit: RosterUnit) -> str:
    return " / ".join(dict.fromkeys(unit.names.values()))
