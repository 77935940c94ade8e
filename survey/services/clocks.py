"""Two clocks: this machine's, by which everything happens, and the database server's, which all machines share."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.services import runs

APART: Final = dt.timedelta(minutes=5)
"""What two machines without NTP come to in a month or two; by more, one of them is wrong."""


class ClocksApart(Refused):
    """They differ; the sentence holds nothing but by how much."""


def ahead(session: Session, now: dt.datetime) -> dt.timedelta:
    """Return how far this machine is ahead of the database server; SQLite has no clock but this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return dt.timedelta(0)
    return now - runs.clock(session)


def require_one_time(session: Session, now: dt.datetime) -> None:
    """Raise ClocksApart where the two differ: what closes, deletes or destroys by the clock must trust neither."""
    found = ahead(session, now)
    if abs(found) > APART:
        raise ClocksApart(
            Sentence(
                "The clocks of this machine and of the database server are %(minutes)s minutes apart, so nothing is "
                "opened, closed, deleted or sent by itself. Set both by NTP (timedatectl)."
            ),
            minutes=round(abs(found).total_seconds() / 60),
        )
