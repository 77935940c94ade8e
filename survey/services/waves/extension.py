"""A wave is extended: once, by two weeks at most, while it is open; the database holds that as well.

Whoever got a letter is told (`survey.services.invitations.announcing`), and the page before the first question says so.
"""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Wave
from survey.services import audit_log
from survey.services.here import local, zone_of
from survey.services.waves.waves import locked

MOST: Final = dt.timedelta(days=14)
EXTENDED: Final = "wave extended"


def extend(session: Session, code: str, closes_at: dt.datetime, now: dt.datetime, by: int | None = None) -> Wave:
    """Let an open wave take answers until `closes_at`.

    Raises:
        Refused: it is a rehearsal, not open or over, was extended before, or the new end is earlier or too late.
    """
    wave = locked(session, code)
    if wave.rehearsal:
        raise Refused("A rehearsal cannot be extended: nobody was told when it ends. Plan another one.")
    if wave.state != "open" or now >= wave.closes_at:
        raise Refused("Wave %(wave)s takes no answers now, so it cannot be extended.", wave=code)
    if wave.extended_from is not None:
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave.closes_at", wave=code)
        raise Refused("Wave %(wave)s has been extended before. Its end stands now.", wave=code)
    if closes_at <= wave.closes_at:
        raise Refused("An extension ends later than was announced. To end earlier, close the wave when you mean to.")
    if closes_at - wave.closes_at > MOST:
        raise Refused(
            "A wave is extended by %(days)s days at most: until %(last)s.",
            days=MOST.days,
            last=f"{local(wave.closes_at + MOST, zone_of(session)):%Y-%m-%d %H:%M}",
        )
    wave.extended_from, wave.closes_at = wave.closes_at, closes_at
    session.flush()
    audit_log.write(session, now, by, EXTENDED, wave=code, closes=said(closes_at))
    return wave


def said(closes_at: dt.datetime) -> str:
    """Return an end as the log says it: in UTC.

    >>> said(dt.datetime(2026, 10, 15, 9, 0))
    '2026-10-15T09:00:00.000000'
    """
    return closes_at.isoformat(timespec="microseconds")
