"""Who works where: a roster goes in as one whole, and stands for today until the next one."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.models import Invitation, Person, Rehearser, RosterEntry, Unit
from survey.services.filing.problems import Problem
from survey.services.roster.changes import Changes, changes
from survey.services.roster.roster import RosterErrors, RosterTable, read_roster
from survey.services.roster.standing import Kept, Place, Somebody, columns_of, standing

__all__ = [
    "Headcount",
    "ImportResult",
    "Problem",
    "RosterErrors",
    "RosterTable",
    "apply",
    "count_today",
    "headcount",
    "import_roster",
    "people_today",
    "read_roster",
    "result_of",
    "units_today",
]


@dataclass(frozen=True)
class ImportResult:
    """What a roster changed, as counts."""

    people: int
    units: int
    joined: int
    moved: int
    """Now in another unit."""
    left: int
    new_units: int
    gone_units: int

    @property
    def sentence(self) -> Sentence:
        """Say what changed."""
        text = Sentence(
            "The roster has %(people)s people in %(units)s units. Joined: %(joined)s, moved: %(moved)s, left: "
            "%(left)s; new units: %(new_units)s, units gone: %(gone_units)s."
        )
        return text.fill(**vars(self))


@dataclass(frozen=True)
class Headcount:
    """The roster of today in numbers."""

    here: Mapping[str, int]
    """People placed at each unit, by its code; units without people of their own are missing."""
    without_email: int
    leads: Mapping[str, str]
    """The name of whoever leads a unit, by its code."""

    @property
    def people(self) -> int:
        """How many people there are."""
        return sum(self.here.values())


def count_today(session: Session) -> int:
    """Return how many people work here today."""
    return session.scalar(select(func.count()).select_from(Person).where(Person.left_on.is_(None))) or 0


def headcount(session: Session) -> Headcount:
    """Return the numbers of today's roster, counted by the database: a page must not load 20,000 people for them."""
    rows = session.execute(
        select(Unit.code, func.count(), func.count(Person.email))
        .join(Person, Person.unit_code == Unit.code)
        .group_by(Unit.code)
    ).all()
    leads = session.execute(select(Unit.code, Person.name).join(Person, Person.leads_code == Unit.code)).all()
    here = {unit: count for unit, count, _ in rows}
    return Headcount(here, sum(count - reached for _, count, reached in rows), dict(leads))


def people_today(session: Session) -> list[Person]:
    """Return everybody who works here today, by person number; nobody who has left."""
    return list(session.scalars(select(Person).where(Person.left_on.is_(None)).order_by(Person.number)))


def units_today(session: Session) -> list[Unit]:
    """Return the units of today's tree, by code."""
    return list(session.scalars(select(Unit).order_by(Unit.code)))


def import_roster(session: Session, table: RosterTable, day: dt.date) -> ImportResult:
    """Make the roster of today what `table` says; who is not in it has left on `day`, units not in it are gone.

    A person is the same as before where the number is the same. Frozen rosters and publications are untouched. The
    caller's transaction makes it all or nothing. Statements are few and sent in bulk: 20,000 people take seconds.
    """
    return apply(session, changes(standing(session), table), day)


def result_of(found: Changes) -> ImportResult:
    """Return as counts what a roster would change."""
    return ImportResult(
        people=len(found.people),
        units=len(found.units),
        joined=len(found.lines["joined"]),
        moved=len(found.lines["moved"]),
        left=len(found.lines["left"]),
        new_units=len(found.new_units),
        gone_units=len(found.gone_units),
    )


def apply(session: Session, found: Changes, day: dt.date) -> ImportResult:
    """Write what a file changes, as of `day`."""
    kept = found.before.kept
    _write_units(session, found)
    _let_go(session, [kept[line.number].id for line in found.lines["left"]], day)
    _update_people(session, [(kept[number], one) for number, one in found.people.items() if number in kept], day)
    if joined := [one for number, one in found.people.items() if number not in kept]:
        session.execute(insert(Person), [{**columns_of(one), "valid_from": day} for one in joined])
    _drop_units(session, found.gone_units)
    session.expire_all()
    return result_of(found)


def _write_units(session: Session, found: Changes) -> None:
    # In the table's order, parents first: each finds its parent in place.
    if new := [columns_of(found.units[code]) for code in found.new_units]:
        session.execute(insert(Unit), new)
    if changed := [columns_of(unit) for unit in found.units.values() if _differs(unit, found.before.units)]:
        session.execute(update(Unit), changed)


def _differs(unit: Place, before: Mapping[str, Place]) -> bool:
    return unit.code in before and before[unit.code] != unit


def _let_go(session: Session, gone: list[int], day: dt.date) -> None:
    """Take the address and the place from those who left; forget those whom no frozen roster names."""
    blank = {"unit_code": None, "leads_code": None, "email": None, "left_on": day}
    if gone:
        session.execute(update(Person), [{"id": person, **blank} for person in gone])
    session.execute(
        delete(Person).where(Person.left_on.is_not(None), ~named()).execution_options(synchronize_session=False)
    )


def named() -> ColumnElement[bool]:
    """Tell in SQL whether a wave names a person: then her row has to stay."""
    tables = (RosterEntry, Invitation, Rehearser)
    return or_(*(exists().where(table.person_id == Person.id) for table in tables))


def _update_people(session: Session, stayed: Iterable[tuple[Kept, Somebody]], day: dt.date) -> None:
    changed = [(kept, one) for kept, one in stayed if kept.facts != one]
    if not changed:
        return
    # Two people may have exchanged their addresses: all changing ones are freed before any is given.
    freed = [{"id": kept.id, "email": None} for kept, one in changed if kept.facts and kept.facts.email != one.email]
    if freed:
        session.execute(update(Person), freed)
    session.execute(
        update(Person),
        [
            {
                **columns_of(one),
                "id": kept.id,
                "left_on": None,
                "valid_from": kept.valid_from if kept.facts and kept.facts.unit_code == one.unit_code else day,
            }
            for kept, one in changed
        ],
    )


def _drop_units(session: Session, codes: list[str]) -> None:
    if codes:
        # Loosened from each other first, they can go in any order.
        session.execute(update(Unit), [{"code": code, "parent_code": None} for code in codes])
        session.connection().execute(
            delete(Unit).where(Unit.code == bindparam("gone")), [{"gone": code} for code in codes]
        )
