"""Which unit has adopted which practice, since when, and who looks after it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.instruments.practices import library

LONGEST_OWNER: Final = 200


@dataclass(frozen=True)
class Adoption:
    """A practice in use in a unit."""

    unit: str
    practice: str
    """Its id in the register."""
    since: dt.date
    owner: str
    """Who looks after it; "" where nobody was named."""


def adopt(session: Session, adoption: Adoption) -> None:
    """Note that a unit has adopted a practice; noted again, the day and the owner are mended.

    Raises:
        Refused: there is no such unit or practice, or the owner's name is too long.
    """
    if session.get(models.Unit, adoption.unit) is None:
        raise Refused("There is no unit %(unit)s. Import the roster first, or mend the code.", unit=adoption.unit)
    if adoption.practice not in {practice.id for practice in library()}:
        raise Refused(
            "The register has no practice %(practice)s. It has: %(known)s.",
            practice=adoption.practice,
            known=", ".join(practice.id for practice in library()),
        )
    if len(adoption.owner) > LONGEST_OWNER:
        raise Refused("The owner's name is longer than %(cap)s characters.", cap=LONGEST_OWNER)
    facts = {"since": adoption.since, "owner": adoption.owner.strip()}
    session.merge(models.Adoption(unit_code=adoption.unit, practice_id=adoption.practice, **facts))
    session.flush()


def adoptions(session: Session, on: dt.date) -> tuple[Adoption, ...]:
    """Return what was in use on a day, by unit and practice."""
    kept = models.Adoption
    found = session.scalars(select(kept).where(kept.since <= on).order_by(kept.unit_code, kept.practice_id))
    return tuple(Adoption(each.unit_code, each.practice_id, each.since, each.owner) for each in found)
