"""The register: which unit has taken up which practice, what exactly, how often, who looks after it, if it runs."""

import datetime as dt
from collections.abc import Collection
from contextlib import closing
from typing import Final, Literal

import msgspec
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.privacy.register import Over
from survey.services.filing.grid import clean
from survey.services.practices.library import every
from survey.services.practices.places import A_FEW

LONGEST_OWNER: Final = 200
LONGEST_WHAT: Final = 400
RHYTHMS: Final[dict[str, int]] = {
    "daily": 1, "weekly": 7, "two_weeks": 14, "monthly": 31, "quarterly": 92, "yearly": 366,
}  # fmt: skip
"""How often it is held, and how many days lie between two times at most."""
LATE: Final = 2
"""Rhythms after which what was not held is pointed at."""

State = Literal["running", "paused", "ended"]


class Adoption(msgspec.Struct, frozen=True, gc=False):
    """A practice in a unit; a page reads thousands, and with `gc=False` they cost Python's collector nothing."""

    unit: str
    practice: str
    """Its id in the library."""
    since: dt.date
    """The day on which it was first taken up; a pause or an end leaves it."""
    owner: str
    """Who looks after it; "" where nobody was named."""
    what: str = ""
    """What exactly the unit does, in its own words."""
    how_often: str = ""
    """One of `RHYTHMS`; "" where nobody said."""
    state: State = "running"
    ended_on: dt.date | None = None
    last_held: dt.date | None = None

    def overdue(self, today: dt.date) -> bool:
        """Tell whether it runs and has not been held for more than twice its rhythm.

        >>> weekly = Adoption("CARE", "stand_ups", dt.date(2026, 9, 1), "", how_often="weekly")
        >>> weekly.overdue(dt.date(2026, 9, 15)), weekly.overdue(dt.date(2026, 9, 16))
        (False, True)
        """
        return late(self.last_held or self.since, self, today)


def late(since: dt.date, adoption: Adoption, today: dt.date) -> bool:
    """Tell whether a running practice has not been held for more than twice its rhythm, counted from `since`."""
    if adoption.state != "running" or adoption.how_often not in RHYTHMS:
        return False
    return (today - since).days > LATE * RHYTHMS[adoption.how_often]


def adopt(session: Session, adoption: Adoption) -> None:
    """Note that a unit has taken up a practice; noted again, what was typed is mended.

    One that was ended runs again, since the day on which it was first taken up.

    Raises:
        Refused: there is no such unit or practice, or a text is too long.
    """
    _check(session, adoption)
    kept = session.get(models.Adoption, (adoption.unit, adoption.practice), populate_existing=True)
    if kept is None:
        kept = models.Adoption(unit_code=adoption.unit, practice_id=adoption.practice, state="running")
        kept.since = adoption.since
        session.add(kept)
    elif kept.state == "ended":
        kept.state, kept.ended_on, kept.since = "running", None, min(kept.since, adoption.since)
    else:
        kept.since = adoption.since
    kept.owner, kept.what, kept.how_often = clean(adoption.owner), clean(adoption.what), adoption.how_often
    session.flush()


def pause(session: Session, unit: str, practice: str) -> None:
    """Note that a practice rests; raises Refused where it is not in use there."""
    _in_use(session, unit, practice).state = "paused"
    session.flush()


def resume(session: Session, unit: str, practice: str) -> None:
    """Note that a practice goes on; raises Refused where the unit never had it."""
    found = _kept(session, unit, practice)
    found.state, found.ended_on = "running", None
    session.flush()


def end(session: Session, unit: str, practice: str, on: dt.date) -> None:
    """Note on which day a practice was ended; what was published keeps it.

    Raises:
        Refused: it is not in use there, or began later.
    """
    found = _in_use(session, unit, practice)
    if on < found.since:
        raise Refused("It began on %(day)s: it cannot end before.", day=found.since)
    found.state, found.ended_on = "ended", on
    session.flush()


def held(session: Session, unit: str, practice: str, on: dt.date, partner: str = "") -> None:
    """Note that a practice was held on a day: with everybody across, or with one `partner`; a later day stays.

    Raises:
        Refused: it is not in use there, or began later.
    """
    found = _in_use(session, unit, practice)
    if on < found.since:
        raise Refused("It began on %(day)s: it cannot have been held before.", day=found.since)
    found.last_held = max(on, found.last_held or on)
    across = models.Partner
    of = (across.unit_code == unit, across.practice_id == practice)
    older = or_(across.last_held.is_(None), across.last_held < on)
    which = (across.partner_code == partner,) if partner else ()
    session.execute(update(across).where(*of, older, *which).values(last_held=on))
    session.flush()


def take_out(session: Session, unit: str, practice: str) -> None:
    """Take an entry out that was made by mistake, its partners too; what is published keeps it.

    Raises:
        Refused: the unit never had it.
    """
    found = _kept(session, unit, practice)
    for each in session.scalars(
        select(models.Partner).where(models.Partner.unit_code == unit, models.Partner.practice_id == practice)
    ):
        session.delete(each)
    session.flush()
    session.delete(found)
    session.flush()


def entry(session: Session, unit: str, practice: str) -> Adoption | None:
    """Return what is kept of a practice in a unit; None where the unit never had it."""
    kept = models.Adoption
    return next(iter(_found(session, kept.unit_code == unit, kept.practice_id == practice)), None)


def entries(session: Session, practice: str = "", state: str = "") -> tuple[Adoption, ...]:
    """Return the whole register, or one practice, or one state of it, by unit and practice."""
    kept = models.Adoption
    which = [*((kept.practice_id == practice,) if practice else ()), *((kept.state == state,) if state else ())]
    return _found(session, *which)


def of_units(session: Session, units: Collection[str]) -> tuple[Adoption, ...]:
    """Return what is kept of the practices of some units, by unit and practice."""
    return _found(session, models.Adoption.unit_code.in_(units))


def adoptions(session: Session, on: dt.date, opened: dt.date | None = None) -> tuple[Adoption, ...]:
    """Return what was in use on a day, or between `opened` and that day, by unit and practice; paused ones count."""
    kept = models.Adoption
    return _found(session, kept.since <= on, or_(kept.ended_on.is_(None), kept.ended_on >= (opened or on)))


def over_before(session: Session, opened: dt.date) -> dict[str, dict[str, Over]]:
    """Return what had ended before a wave opened, as a publication keeps it, by unit."""
    found: dict[str, dict[str, Over]] = {}
    kept = models.Adoption
    for each in session.scalars(select(kept).where(kept.ended_on < opened).order_by(kept.unit_code, kept.practice_id)):
        if each.ended_on is not None:
            gone = Over(each.since.isoformat(), each.ended_on.isoformat())
            found.setdefault(each.unit_code, {})[each.practice_id] = gone
    return found


def _check(session: Session, adoption: Adoption) -> None:
    # Two that note the same at once wait for each other here, on PostgreSQL too; what refers to the unit does not wait.
    if session.get(models.Unit, adoption.unit, with_for_update={"key_share": True}) is None:
        raise Refused("There is no unit %(unit)s. Import the roster first, or mend the code.", unit=adoption.unit)
    known = [practice.id for practice in every(session)]
    if adoption.practice not in known:
        raise Refused(
            "The register has no practice %(practice)s. It has: %(known)s.",
            practice=adoption.practice,
            known=", ".join(known),
        )
    if len(adoption.owner) > LONGEST_OWNER:
        raise Refused("The owner's name is longer than %(cap)s characters.", cap=LONGEST_OWNER)
    if len(adoption.what) > LONGEST_WHAT:
        raise Refused("What the unit does is longer than %(cap)s characters.", cap=LONGEST_WHAT)
    if adoption.how_often and adoption.how_often not in RHYTHMS:
        raise Refused("How often is one of %(known)s, or nothing.", known=", ".join(RHYTHMS))


def _kept(session: Session, unit: str, practice: str) -> models.Adoption:
    found = session.get(models.Adoption, (unit, practice), with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused("Unit %(unit)s has no practice %(practice)s in the register.", unit=unit, practice=practice)
    return found


def _in_use(session: Session, unit: str, practice: str) -> models.Adoption:
    found = _kept(session, unit, practice)
    if found.state == "ended":
        raise Refused("This practice has been ended. Begin it again first.")
    return found


def _found(session: Session, *which: ColumnElement[bool]) -> tuple[Adoption, ...]:
    """Read columns, not objects: a register of thousands is read for one page."""
    kept = models.Adoption
    facts = (
        kept.unit_code, kept.practice_id, kept.since, kept.owner, kept.what, kept.how_often, kept.state, kept.ended_on,
        kept.last_held,
    )  # fmt: skip
    asked = select(*facts).where(*which).order_by(kept.unit_code, kept.practice_id)
    with closing(session.execute(asked.execution_options(yield_per=A_FEW))) as rows:
        return tuple(
            Adoption(unit, practice, since, owner, what, how_often, _state(state), ended_on, last_held)
            for unit, practice, since, owner, what, how_often, state, ended_on, last_held in rows
        )


def _state(kept: str) -> State:
    return "running" if kept == "running" else "paused" if kept == "paused" else "ended"
