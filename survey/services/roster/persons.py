"""One person of the roster, for HR: where she works, and which waves invited her. Never anything about answering."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.models import Account, Adoption, Person, RosterEntry, Unit, Wave, WaveUnit
from survey.services.words import begins, holds, typed

MOST_FOUND: Final = 50


@dataclass(frozen=True)
class Found:
    """Somebody, in a list."""

    id: int
    number: str
    name: str
    unit: str
    """Code of her unit; "" where she has left."""


@dataclass(frozen=True)
class Invited:
    """A wave whose frozen roster holds her, and the unit for which her answers would count."""

    wave: str
    names: dict[str, str]
    opened: dt.datetime
    open: bool


@dataclass(frozen=True)
class Profile:
    """What is kept of a person."""

    id: int
    number: str
    name: str
    email: str | None
    language: str
    unit: Unit | None
    leads: Unit | None
    valid_from: dt.date
    left_on: dt.date | None
    waves: tuple[Invited, ...]
    account: bool
    """Whether somebody signs in here with her e-mail address."""
    owns: tuple[str, ...]
    """Units whose register of practices names her, if nobody else is called the same."""
    also_named: tuple[str, ...]
    """Units whose register of practices names somebody called the same, where several people are."""

    @property
    def open_wave(self) -> str:
        """The wave that is open and invited her; "" where there is none."""
        return next((each.wave for each in self.waves if each.open), "")


def search(session: Session, words: str) -> tuple[list[Found], int]:
    """Return those whose name holds the words, or whose number begins with them; and how many there are in all."""
    asked = _asked().where(holds(words, Person.name) | begins(words, Person.number))
    count = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    exact = (func.lower(Person.number) != typed(words).lower(), Person.left_on.is_not(None), Person.name, Person.number)
    return _found(session, asked.order_by(*exact).limit(MOST_FOUND)), count


def without_email(session: Session) -> list[tuple[Unit, int]]:
    """Return the units in which somebody has no e-mail address, with how many have none."""
    counted = select(Unit, func.count()).join(Person, Person.unit_code == Unit.code).where(Person.email.is_(None))
    return [(unit, count) for unit, count in session.execute(counted.group_by(Unit.code).order_by(Unit.code))]


def without_email_in(session: Session, unit: str, page: int, size: int) -> list[Found]:
    """Return who has no e-mail address in a unit, a page of them by number."""
    asked = _asked().where(Person.unit_code == unit, Person.email.is_(None)).order_by(Person.number)
    return _found(session, asked.offset((page - 1) * size).limit(size))


def profile(session: Session, person_id: int) -> Profile | None:
    """Return what is kept of a person; None for nobody, and for somebody who was erased."""
    person = session.get(Person, person_id)
    if person is None or person.number is None:
        return None
    named = _units_owned(session, person.name)
    alone = session.scalar(select(func.count()).where(Person.name == person.name)) == 1
    return Profile(
        person.id,
        person.number,
        person.name,
        person.email,
        person.language,
        session.get(Unit, person.unit_code) if person.unit_code else None,
        session.get(Unit, person.leads_code) if person.leads_code else None,
        person.valid_from,
        person.left_on,
        tuple(_waves(session, person.id)),
        person.email is not None and bool(session.scalar(select(Account.id).where(Account.email == person.email))),
        tuple(named) if alone else (),
        () if alone else tuple(named),
    )


def id_of(session: Session, number: str) -> int | None:
    """Return who has a number; None where nobody has it."""
    return session.scalar(select(Person.id).where(Person.number == number))


def _units_owned(session: Session, name: str) -> Sequence[str]:
    owned = select(Adoption.unit_code).where(Adoption.owner == name).distinct().order_by(Adoption.unit_code)
    return session.scalars(owned).all()


def _waves(session: Session, person_id: int) -> list[Invited]:
    rows = session.execute(
        select(Wave.code, Wave.opens_at, Wave.state, WaveUnit.name_ko, WaveUnit.name_en)
        .join(RosterEntry, RosterEntry.wave_id == Wave.id)
        .join(WaveUnit, (WaveUnit.wave_id == Wave.id) & (WaveUnit.code == RosterEntry.report_unit))
        .where(RosterEntry.person_id == person_id)
        .order_by(Wave.opens_at.desc())
    )
    return [Invited(code, {"ko": ko, "en": en}, opened, state == "open") for code, opened, state, ko, en in rows]


def _asked() -> Select[int, str | None, str, str | None]:
    return select(Person.id, Person.number, Person.name, Person.unit_code).where(Person.number.is_not(None))


def _found(session: Session, asked: Select[int, str | None, str, str | None]) -> list[Found]:
    return [Found(person, number or "", name, unit or "") for person, number, name, unit in session.execute(asked)]
