"""Open and close the page of a unit and a wave; its address stays the same, and is the only way to it."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.models import Wave
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.here import day_of, zone_of
from survey.services.practices.library import every
from survey.services.waves import waves

PARTS: Final = ("index", "motives", "change", "practices")
"""What a page may show, in this order; what is tried next comes after them."""
KEY_BYTES: Final = 16
"""128 bits: nobody finds an address by trying."""
TRY: Final = "try:"


@dataclass(frozen=True)
class Choice:
    """What a page shows."""

    parts: tuple[str, ...]
    """Of `PARTS`, in that order."""
    practice: str = ""
    """Id of the practice that is tried next; "" for none."""

    @property
    def kept(self) -> str:
        """As the table keeps it.

        >>> Choice(("index", "practices"), "stand_ups").kept
        'index practices try:stand_ups'
        """
        return " ".join((*self.parts, *([TRY + self.practice] if self.practice else [])))

    @classmethod
    def read(cls, kept: str) -> "Choice":
        """Return what the table keeps; a part that this version does not know is left out.

        >>> Choice.read("index practices try:stand_ups")
        Choice(parts=('index', 'practices'), practice='stand_ups')
        """
        names = kept.split(" ")
        tried = next((name.removeprefix(TRY) for name in names if name.startswith(TRY)), "")
        return cls(tuple(part for part in PARTS if part in names), tried)


ALL: Final = Choice(PARTS)


@dataclass(frozen=True)
class OpenPage:
    """A unit's page of a wave."""

    key: str
    """The random part of its address."""
    wave: str
    unit: str
    choice: Choice
    opened_on: dt.date
    closed_on: dt.date | None


def open_page(
    session: Session, publication: Publication, unit: str, choice: Choice, now: dt.datetime, by: int
) -> OpenPage:
    """Open a unit's page of a published wave, or open it again with another choice; a new address only at first.

    Raises:
        Refused: the unit shows nothing, the choice is empty, or there is no such practice.
    """
    if isinstance(publication.unit(unit).figures, Suppressed):
        raise Refused("Results of this unit are not shown, so there is nothing that a page could show.")
    if not choice.parts:
        raise Refused("Choose at least one part that the page shows.")
    if choice.practice and choice.practice not in {practice.id for practice in every(session)}:
        raise Refused("There is no such practice.")
    wave = waves.locked(session, publication.wave.code)
    kept, today = _of(session, wave.id, unit), day_of(now, zone_of(session))
    if kept is None:
        kept = models.OpenPage(key=secrets.token_urlsafe(KEY_BYTES), wave_id=wave.id, unit_code=unit)
        session.add(kept)
    kept.shows, kept.account_id, kept.opened_on, kept.closed_on = choice.kept, by, today, None
    audit_log.write(session, now, by, "page opened", wave=wave.code, unit=unit, shows=choice.kept)
    session.flush()
    return _value(wave, kept)


def close_page(session: Session, wave_code: str, unit: str, now: dt.datetime, by: int) -> None:
    """Close a unit's page: its address says so from now on; raises Refused where none is open."""
    kept = _of(session, waves.wave(session, wave_code).id, unit)
    if kept is None or kept.closed_on is not None:
        raise Refused("This page is not open.")
    kept.closed_on = day_of(now, zone_of(session))
    audit_log.write(session, now, by, "page closed", wave=wave_code, unit=unit)
    session.flush()


def page_at(session: Session, key: str) -> OpenPage | None:
    """Return the page at an address, closed or not; None where there never was one."""
    row = session.execute(
        select(Wave, models.OpenPage)
        .join(models.OpenPage, models.OpenPage.wave_id == Wave.id)
        .where(models.OpenPage.key == key)
    ).one_or_none()
    return None if row is None else _value(*row)


def page_of(session: Session, wave_code: str, unit: str) -> OpenPage | None:
    """Return a unit's page of a wave, closed or not; None where it was never opened."""
    wave = waves.wave(session, wave_code)
    kept = _of(session, wave.id, unit)
    return None if kept is None else _value(wave, kept)


def pages(session: Session) -> Sequence[OpenPage]:
    """Return every page, the newest wave first, then by unit."""
    rows = session.execute(
        select(Wave, models.OpenPage)
        .join(models.OpenPage, models.OpenPage.wave_id == Wave.id)
        .order_by(Wave.opens_at.desc(), Wave.id.desc(), models.OpenPage.unit_code)
    )
    return [_value(wave, kept) for wave, kept in rows]


def _of(session: Session, wave_id: int, unit: str) -> models.OpenPage | None:
    return session.scalar(
        select(models.OpenPage).where(models.OpenPage.wave_id == wave_id, models.OpenPage.unit_code == unit)
    )


def _value(wave: Wave, kept: models.OpenPage) -> OpenPage:
    return OpenPage(kept.key, wave.code, kept.unit_code, Choice.read(kept.shows), kept.opened_on, kept.closed_on)
