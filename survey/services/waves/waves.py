"""The waves that there are, and what each asks."""

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.instruments.model import Instrument
from survey.models import Company, Wave
from survey.services.instruments import registry

__all__ = ["Wave", "current", "ended", "instrument_of", "locked", "unpublished", "wave", "waves", "with_rehearsals"]

SHORTEST: Final = dt.timedelta(seconds=1)


def current(session: Session) -> Wave | None:
    """Return the one wave that is open."""
    return session.scalar(select(Wave).where(Wave.state == "open"))


def wave(session: Session, code: str) -> Wave:
    """Return a wave; raises Refused where there is none of this name."""
    found = session.scalar(select(Wave).where(Wave.code == code))
    if found is None:
        raise Refused("There is no wave %(wave)s.", wave=code)
    return found


def waves(session: Session) -> list[Wave]:
    """Return all waves, the earliest first; rehearsals are none."""
    return list(session.scalars(select(Wave).where(Wave.rehearsal.is_(False)).order_by(Wave.opens_at, Wave.id)))


def with_rehearsals(session: Session) -> list[Wave]:
    """Return all waves and rehearsals, the earliest first."""
    return list(session.scalars(select(Wave).order_by(Wave.opens_at, Wave.id)))


def unpublished(session: Session) -> list[Wave]:
    """Return the waves that were opened and whose results have not appeared; of a rehearsal that is over none will."""
    waiting = (Wave.state == "open") | ((Wave.state == "closed") & Wave.rehearsal.is_(False))
    return list(session.scalars(select(Wave).where(waiting).order_by(Wave.id)))


def locked(session: Session, code: str) -> Wave:
    """Return a wave that nobody else changes before this transaction ends."""
    wave(session, code)
    return session.scalars(
        select(Wave).where(Wave.code == code).with_for_update().execution_options(populate_existing=True)
    ).one()


def ended(wave: Wave, now: dt.datetime) -> dt.datetime:
    """Return when a wave that is closed now has ended: never before it was opened, even if the clock was set back."""
    return min(wave.closes_at, max(now, wave.opens_at + SHORTEST))


def instrument_of(session: Session, wave: Wave) -> Instrument:
    """Return what a wave asks, its extra items at the end, worded with the company's word for a unit."""
    company = session.get(Company, 1)
    return registry.asked_in(session, wave, company.unit_word if company else "")
