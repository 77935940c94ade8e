"""Who works where: a roster goes in as one whole, and stands for today until the next one."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.models import Invitation, Person, RosterEntry, Unit
from survey.services.roster.roster import RosterErrors, RosterTable, read_roster
from survey.services.roster.roster_rows import PersonRow, Problem, UnitRow

__all__ = [
    "Headcount",
    "ImportResult",
    "Problem",
    "RosterErrors",
    "RosterTable",
    "count_today",
    "headcount",
    "import_roster",
    "people_today",
    "read_roster",
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


def import_roster(session: Session, table: RosterTable, today: dt.date) -> ImportResult:
    """Make the roster of today what `table` says; who is not in it has left, units not in it are gone.

    A person is the same as before where the number is the same. Frozen rosters and publications are untouched. The
    caller's transaction makes it all or nothing. Statements are few and sent in bulk: 20,000 people take seconds.
    """
    known = {person.number: person for person in session.scalars(select(Person))}
    old_units = {unit.code: unit for unit in session.scalars(select(Unit))}
    rows = {row.number: row for row in table.people}
    joined = [row for row in table.people if row.number not in known]
    stayed = [(known[row.number], row) for row in table.people if row.number in known]
    gone = [person for person in known.values() if person.left_on is None and person.number not in rows]
    result = ImportResult(
        people=len(rows),
        units=len(table.units),
        joined=len(joined) + sum(person.left_on is not None for person, _ in stayed),
        moved=sum(person.left_on is None and person.unit_code != row.unit for person, row in stayed),
        left=len(gone),
        new_units=sum(unit.code not in old_units for unit in table.units),
        gone_units=len(old_units.keys() - {unit.code for unit in table.units}),
    )
    _write_units(session, table, old_units)
    _let_go(session, gone, today)
    _update_people(session, stayed, today)
    if joined:
        session.execute(insert(Person), [{**_facts(row), "valid_from": today} for row in joined])
    _drop_units(session, old_units.keys() - {unit.code for unit in table.units})
    session.expire_all()
    return result


def _write_units(session: Session, table: RosterTable, old: dict[str, Unit]) -> None:
    facts = [_unit_facts(unit, old.get(unit.code)) for unit in table.units]
    new = [row for row in facts if row["code"] not in old]
    changed = [row for row in facts if row["code"] in old and _differs(old[row["code"]], row)]
    if new:
        # In the table's order, parents first: each finds its parent in place.
        session.execute(insert(Unit), new)
    if changed:
        session.execute(update(Unit), changed)


def _unit_facts(unit: UnitRow, old: Unit | None) -> dict[str, Any]:
    # A roster without names or kinds keeps those that an earlier one told.
    name = unit.unit_name or (old.name_ko if old else unit.code)
    own_english = old.name_en if old and old.name_en != old.name_ko else name
    return {
        "code": unit.code,
        "parent_code": unit.parent or None,
        "name_ko": name,
        "name_en": unit.unit_name_en or own_english,
        "kind": unit.kind or (old.kind if old else ""),
    }


def _facts(row: PersonRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "email": row.email,
        "language": row.language,
        "unit_code": row.unit,
        "leads_code": row.leads,
    }


def _differs(kept: Person | Unit, facts: dict[str, Any]) -> bool:
    return any(getattr(kept, name) != value for name, value in facts.items())


def _let_go(session: Session, gone: list[Person], today: dt.date) -> None:
    """Take the address and the place from those who left; forget those whom no frozen roster names."""
    blank = {"unit_code": None, "leads_code": None, "email": None, "left_on": today}
    if gone:
        session.execute(update(Person), [{"id": person.id, **blank} for person in gone])
    named = exists().where(RosterEntry.person_id == Person.id) | exists().where(Invitation.person_id == Person.id)
    session.execute(
        delete(Person).where(Person.left_on.is_not(None), ~named).execution_options(synchronize_session=False)
    )


def _update_people(session: Session, stayed: list[tuple[Person, PersonRow]], today: dt.date) -> None:
    pairs = [(person, _facts(row)) for person, row in stayed]
    changed = [(person, facts) for person, facts in pairs if _differs(person, facts)]
    if not changed:
        return
    # Two people may have exchanged their addresses: all changing ones are freed before any is given.
    freed = [{"id": person.id, "email": None} for person, facts in changed if person.email != facts["email"]]
    if freed:
        session.execute(update(Person), freed)
    session.execute(
        update(Person),
        [
            {
                **facts,
                "id": person.id,
                "left_on": None,
                "valid_from": person.valid_from if person.unit_code == facts["unit_code"] else today,
            }
            for person, facts in changed
        ],
    )


def _drop_units(session: Session, codes: AbstractSet[str]) -> None:
    if codes:
        # Loosened from each other first, they can go in any order.
        session.execute(update(Unit), [{"code": code, "parent_code": None} for code in codes])
        session.connection().execute(
            delete(Unit).where(Unit.code == bindparam("gone")), [{"gone": code} for code in codes]
        )
