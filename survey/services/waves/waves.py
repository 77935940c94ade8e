"""The waves that there are, and what each asks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.instruments.load import available, builtin
from survey.instruments.model import Instrument
from survey.models import Company, Wave

__all__ = ["Wave", "current", "instrument_of", "known_instrument", "locked", "unpublished", "wave", "waves"]


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
    """Return all waves, the earliest first."""
    return list(session.scalars(select(Wave).order_by(Wave.opens_at, Wave.id)))


def unpublished(session: Session) -> list[Wave]:
    """Return the waves that were opened and whose results have not appeared."""
    return list(session.scalars(select(Wave).where(Wave.state.in_(("open", "closed"))).order_by(Wave.id)))


def locked(session: Session, code: str) -> Wave:
    """Return a wave that nobody else changes before this transaction ends."""
    wave(session, code)
    return session.scalars(
        select(Wave).where(Wave.code == code).with_for_update().execution_options(populate_existing=True)
    ).one()


def instrument_of(session: Session, wave: Wave) -> Instrument:
    """Return what a wave asks, worded with the company's word for a unit."""
    company = session.get(Company, 1)
    return builtin(wave.instrument_id, company.unit_word if company else "")


def known_instrument(instrument_id: str) -> Instrument:
    """Return a questionnaire; raises Refused where there is none of this name."""
    if instrument_id not in available():
        raise Refused(
            "There is no questionnaire %(name)s; there are %(names)s.",
            name=instrument_id,
            names=", ".join(available()),
        )
    return builtin(instrument_id)
