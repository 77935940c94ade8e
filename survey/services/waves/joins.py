"""Small units are joined into named groups before a wave is opened, and the joining can be undone until then."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from survey.i18n import LANGUAGES, Refused
from survey.models import Wave
from survey.services import audit_log
from survey.services.waves.freezing import RosterUnit
from survey.services.waves.frozen import joins_of, roster_today
from survey.services.waves.joining import Join, Roster, here, join_code, joined
from survey.services.waves.waves import locked

LONGEST_NAME: Final = 180


@dataclass(frozen=True)
class Candidate:
    """A unit that can be joined with those beside it."""

    code: str
    names: Mapping[str, str]
    people: int


@dataclass(frozen=True)
class Siblings:
    """The units that lie side by side under one unit and can be joined."""

    parent: RosterUnit
    units: tuple[Candidate, ...]
    """The smallest first."""

    @property
    def smallest(self) -> int:
        """People of the smallest one."""
        return self.units[0].people


def join(
    session: Session,
    code: str,
    members: Sequence[str],
    names: Mapping[str, str],
    now: dt.datetime,
    by: int | None = None,
) -> Join:
    """Join units that lie side by side into one group of a draft; their people will count for the group.

    Raises:
        Refused: the wave is no draft, a name is missing, or the units cannot be joined; the sentence says why.
    """
    wave = _draft(session, code, now, by)
    if not members:
        raise Refused("Choose two units at least: a group of one would be the unit itself.")
    group = Join(join_code(members), _names(names), sorted(set(members)))
    joins = [*joins_of(wave), group]
    joined(roster_today(session), joins, wave.k)
    wave.joins = msgspec.to_builtins(joins)
    audit_log.write(session, now, by, "units joined", wave=code, group=group.code)
    return group


def unjoin(session: Session, code: str, group: str, now: dt.datetime, by: int | None = None) -> Join:
    """Undo a joined group of a draft.

    Raises:
        Refused: the wave is no draft, or has no such group.
    """
    wave = _draft(session, code, now, by)
    kept = joins_of(wave)
    found = next((each for each in kept if each.code == group), None)
    if found is None:
        raise Refused("Wave %(wave)s has no joined group %(group)s.", wave=code, group=group)
    wave.joins = msgspec.to_builtins([each for each in kept if each is not found])
    audit_log.write(session, now, by, "joined group undone", wave=code, group=group)
    return found


def siblings(roster: Roster, joins: Sequence[Join]) -> tuple[Siblings, ...]:
    """Return the units that can be joined with others beside them, those with the smallest unit first.

    Whoever is in a group already is left out, as are units for which nobody answers.
    """
    taken = {member for group in joins for member in group.members}
    inner, people = {unit.parent for unit in roster.units}, here(roster.people)
    by_code = {unit.code: unit for unit in roster.units}
    beside: dict[str, list[Candidate]] = {}
    for unit in sorted(roster.units, key=lambda unit: unit.code):
        if unit.parent is not None and unit.code not in inner and unit.code not in taken and people.get(unit.code):
            beside.setdefault(unit.parent, []).append(Candidate(unit.code, unit.names, people[unit.code]))
    found = [
        Siblings(by_code[parent], tuple(sorted(units, key=lambda unit: unit.people)))
        for parent, units in beside.items()
        if len(units) > 1
    ]
    return tuple(sorted(found, key=lambda each: (each.smallest, each.parent.code)))


def _draft(session: Session, code: str, now: dt.datetime, by: int | None) -> Wave:
    wave = locked(session, code)
    if wave.state != "draft":
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave.joins", wave=code)
        raise Refused("Wave %(wave)s has been opened before: its groups are fixed.", wave=code)
    return wave


def _names(names: Mapping[str, str]) -> dict[str, str]:
    found = {language: " ".join(names.get(language, "").split()) for language in LANGUAGES}
    if not all(found.values()):
        raise Refused("A joined group needs a Korean and an English name: employees read for what they answer.")
    if any(len(name) > LONGEST_NAME or not name.isprintable() for name in found.values()):
        raise Refused("A group's name has up to %(most)s characters that can be printed.", most=LONGEST_NAME)
    return found
