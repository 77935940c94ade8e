"""Who is across a practice: other units that take part in it, and see it as their own do."""

import datetime as dt
from collections.abc import Collection
from contextlib import closing
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.services.practices.places import A_FEW

ACROSS: Final = ("feedback_to_all", "front_line_days", "stand_ups", "one_loop")
"""Practices of the library that live from another unit: whoever takes one up is asked with whom."""
MOST: Final = 40
"""Partners of one practice of a unit."""


class Across(msgspec.Struct, frozen=True, gc=False):
    """A unit that takes part in a practice of another one."""

    unit: str
    """Whose practice it is."""
    practice: str
    partner: str
    last_held: dt.date | None
    """When it was last held with this partner."""


def name_partner(session: Session, unit: str, practice: str, partner: str) -> None:
    """Note that another unit takes part in a unit's practice.

    Raises:
        Refused: there is no such practice or unit, none was chosen, it is the unit itself, or there are too many.
    """
    if session.get(models.Adoption, (unit, practice), with_for_update=True) is None:
        raise Refused("Unit %(unit)s has no practice %(practice)s in the register.", unit=unit, practice=practice)
    if not partner:
        raise Refused("Choose the other unit first: find it by its name or code.")
    if session.get(models.Unit, partner) is None:
        raise Refused("There is no unit %(unit)s. Import the roster first, or mend the code.", unit=partner)
    if partner == unit:
        raise Refused("A unit cannot be across from itself: choose another one.")
    of = (models.Partner.unit_code == unit, models.Partner.practice_id == practice)
    if session.scalar(select(func.count()).select_from(models.Partner).where(*of)) == MOST:
        raise Refused("A practice has up to %(most)s units across. Name the unit above them instead.", most=MOST)
    if session.get(models.Partner, (unit, practice, partner)) is None:
        session.add(models.Partner(unit_code=unit, practice_id=practice, partner_code=partner))
    session.flush()


def leave(session: Session, unit: str, practice: str, partner: str) -> None:
    """Note that a unit takes part no more; raises Refused where it did not."""
    found = session.get(models.Partner, (unit, practice, partner))
    if found is None:
        raise Refused("Unit %(unit)s does not take part in this practice.", unit=partner)
    session.delete(found)
    session.flush()


def across(session: Session, units: Collection[str] | None = None) -> tuple[Across, ...]:
    """Return who is across which practice: everywhere, or where one of `units` is on either side."""
    kept = models.Partner
    asked = select(kept.unit_code, kept.practice_id, kept.partner_code, kept.last_held)
    ordered = asked.order_by(kept.unit_code, kept.practice_id, kept.partner_code)
    with closing(session.execute(ordered.execution_options(yield_per=A_FEW))) as found:
        return tuple(
            Across(unit, practice, partner, last_held)
            for unit, practice, partner, last_held in found
            if units is None or unit in units or partner in units
        )


def of_practice(session: Session, unit: str, practice: str) -> tuple[Across, ...]:
    """Return who is across one practice of a unit."""
    kept = models.Partner
    which = select(kept).where(kept.unit_code == unit, kept.practice_id == practice).order_by(kept.partner_code)
    return tuple(Across(unit, practice, each.partner_code, each.last_held) for each in session.scalars(which))
