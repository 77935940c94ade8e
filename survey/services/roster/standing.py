"""The roster as it stands today, as plain values: what a new one is compared with, and a short name for all of it."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Person, Unit
from survey.services.roster.roster_rows import PersonRow, UnitRow


@dataclass(frozen=True)
class Somebody:
    """A person's facts, by the names of the table's columns."""

    number: str
    name: str
    email: str | None
    language: str
    unit_code: str
    leads_code: str | None


@dataclass(frozen=True)
class Place:
    """A unit's facts, by the names of the table's columns."""

    code: str
    parent_code: str | None
    name_ko: str
    name_en: str
    kind: str

    @property
    def names(self) -> dict[str, str]:
        """Its names by language."""
        return {"ko": self.name_ko, "en": self.name_en}


@dataclass(frozen=True)
class Kept:
    """A row of the table of people: somebody who works here, or who left and whom a frozen roster still names."""

    id: int
    facts: Somebody | None
    """None for somebody who has left."""
    valid_from: dt.date
    left_on: dt.date | None


@dataclass(frozen=True)
class Standing:
    """Today's roster."""

    kept: Mapping[str, Kept]
    """By number; those who were erased have none."""
    units: Mapping[str, Place]

    @cached_property
    def here(self) -> dict[str, Somebody]:
        """Everybody who works here, by number."""
        return {number: kept.facts for number, kept in self.kept.items() if kept.facts is not None}

    @property
    def since(self) -> dt.date | None:
        """The day of the newest change that is kept; None for an empty roster."""
        return max((kept.left_on or kept.valid_from for kept in self.kept.values()), default=None)

    @property
    def digest(self) -> str:
        """A short name of all that stands here: another one as soon as anything is changed."""
        people = sorted(([*astuple_of(facts)] for facts in self.here.values()), key=lambda facts: str(facts[0]))
        units = [list(astuple(self.units[code])) for code in sorted(self.units)]
        said = json.dumps([people, units], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def astuple_of(facts: Somebody) -> tuple[str | None, ...]:
    """Return the facts in their order; `dataclasses.astuple` copies each and is too slow for a company."""
    return facts.number, facts.name, facts.email, facts.language, facts.unit_code, facts.leads_code


def standing(session: Session) -> Standing:
    """Read today's roster in two statements."""
    columns = (Person.id, Person.number, Person.name, Person.email, Person.language)
    rows = session.execute(
        select(*columns, Person.unit_code, Person.leads_code, Person.valid_from, Person.left_on).where(
            Person.number.is_not(None)
        )
    )
    kept = {
        number: Kept(
            person,
            Somebody(number, name, email, language, unit, leads) if unit is not None else None,
            valid_from,
            left_on,
        )
        for person, number, name, email, language, unit, leads, valid_from, left_on in rows
        if number is not None
    }
    units = session.execute(select(Unit.code, Unit.parent_code, Unit.name_ko, Unit.name_en, Unit.kind))
    return Standing(kept, {row[0]: Place(*row) for row in units})


def somebody(row: PersonRow) -> Somebody:
    """Return what a row of a file says of a person."""
    return Somebody(row.number, row.name, row.email, row.language, row.unit, row.leads)


def place(row: UnitRow, old: Place | None) -> Place:
    """Return what a file says of a unit; names and kinds that it does not tell stay as an earlier roster told them."""
    name = row.unit_name or (old.name_ko if old else row.code)
    own_english = old.name_en if old and old.name_en != old.name_ko else name
    kind = row.kind or (old.kind if old else "")
    return Place(row.code, row.parent or None, name, row.unit_name_en or own_english, kind)


def columns_of(facts: Somebody | Place) -> dict[str, str | None]:
    """Return facts as a row of their table."""
    return asdict(facts)
