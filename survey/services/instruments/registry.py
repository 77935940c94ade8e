"""Which instrument a wave means: one that the company brought in, or one that ships with the product.

Only what is asked is looked up here. Whatever was published carries its own instrument in the record, so that pages,
reports and audits of it need no database, and go on when a version is deleted.
"""

from functools import lru_cache

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.instruments.extra import Extra, with_extra
from survey.instruments.load import available, builtin
from survey.instruments.model import Instrument
from survey.instruments.reading import read_bytes
from survey.models import Instrument as Kept
from survey.models import Wave


def instrument(session: Session, instrument_id: str, version: str, unit: str = "") -> Instrument:
    """Return an instrument, worded for `unit`; of one that ships with the product the version that is here.

    Raises:
        Refused: there is none of this name and version, or it has no such word for a unit.
    """
    typed = f"{instrument_id}{version}"  # by anybody: a thank-you page sends it back, and PostgreSQL takes no NUL
    same = select(Kept.digest).where(Kept.id == instrument_id, Kept.version == version)
    digest = None if "\0" in typed else session.scalar(same)
    return _of(session, instrument_id, version, unit, digest)


def _of(session: Session, instrument_id: str, version: str, unit: str, digest: str | None) -> Instrument:
    if digest is not None:
        return _worded(kept(session, digest), unit)
    if instrument_id in available():
        return builtin(instrument_id, unit)
    if version:
        raise Refused("There is no questionnaire %(name)s, version %(version)s.", name=instrument_id, version=version)
    known = (*available(), *(f"{name} {number}" for name, number in session.execute(select(Kept.id, Kept.version))))
    raise Refused(
        "There is no questionnaire %(name)s; there are %(names)s.", name=instrument_id, names=", ".join(known)
    )


def kept(session: Session, digest: str) -> Instrument:
    """Return an instrument that the company brought in, read once, by the digest of its file."""
    if digest not in _READ:
        text = session.scalars(select(Kept.text).where(Kept.digest == digest)).one()
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[digest] = read_bytes(text.encode(), f"{digest[:12]}.toml", Instrument)
    return _READ[digest]


MOST_READ = 32
_READ: dict[str, Instrument] = {}
"""By digest, so that nothing that was deleted and brought in anew is mistaken for what it was."""


@lru_cache(maxsize=32)
def _worded(instrument: Instrument, unit: str) -> Instrument:
    return instrument.worded_for(unit)


def extras_of(wave: Wave) -> tuple[Extra, ...]:
    """Return the extra items of a wave, in the order in which they are asked."""
    return msgspec.convert(wave.extra_items or [], tuple[Extra, ...])


def practices_of(wave: Wave) -> tuple[str, ...]:
    """Return what a wave asks beside the one base: its practice items, then its extra items."""
    return (*wave.practices, *(extra.id for extra in extras_of(wave)))


def asked_in(session: Session, wave: Wave, unit: str = "") -> Instrument:
    """Return what a wave asks, its extra items at the end; raises Refused as `instrument` does."""
    return with_extra(instrument(session, wave.instrument_id, wave.instrument_version, unit), extras_of(wave))


def asked_of(session: Session, wave: Wave, unit: str, digest: str | None) -> Instrument:
    """Return the same, where the digest of its instrument is known: None of one that ships with the product."""
    return with_extra(_of(session, wave.instrument_id, wave.instrument_version, unit, digest), extras_of(wave))
