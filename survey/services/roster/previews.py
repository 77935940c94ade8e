"""A roster looked at before it is taken: what it would change, since when it holds, and whether it still fits."""

import datetime as dt
import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.roster.changes import Changes, changes, warnings
from survey.services.roster.people import ImportResult, apply
from survey.services.roster.roster import RosterTable
from survey.services.roster.standing import Standing, astuple_of, standing
from survey.services.waves import waves

CHANGED: Final = Sentence(
    "The roster was changed after this preview was made. Nothing was taken: this is the preview anew, against the "
    "roster as it is now."
)


@dataclass(frozen=True)
class Preview:
    """What a file would do; nothing has been written."""

    changes: Changes
    warnings: tuple[Sentence, ...]
    open_wave: str
    """Code of the wave that is open, whose frozen roster stays as it is; "" where none is."""


class RosterChanged(Refused):
    """The roster is another one than the one somebody looked at."""


def preview(session: Session, table: RosterTable) -> Preview:
    """Compare a file with today's roster; nothing is written."""
    wave = waves.current(session)
    found = changes(standing(session), table)
    return Preview(found, tuple(warnings(found)), wave.code if wave else "")


def seal(found: Changes, day: dt.date) -> str:
    """Return a short name of what somebody looks at: the roster that stands, what comes in its place, since when."""
    people = [astuple_of(one) for one in found.people.values()]
    units = [astuple(unit) for unit in found.units.values()]
    said = json.dumps([found.before.digest, people, units, day.isoformat()], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def require_begun(day: dt.date, today: dt.date) -> None:
    """Refuse a roster of a day to come."""
    if day > today:
        raise Refused(
            "A roster cannot be taken before its day, %(day)s: until then, who works where may change again. Keep the "
            "file and bring it in on that day.",
            day=day.isoformat(),
        )


def require_after(before: Standing, day: dt.date) -> None:
    """Refuse a roster of a day before the newest change of the one that stands."""
    if before.since is not None and day < before.since:
        raise Refused(
            "The roster here holds since %(since)s, so this one cannot hold since %(day)s already. Choose %(since)s or "
            "a later day.",
            since=before.since.isoformat(),
            day=day.isoformat(),
        )


def take(
    session: Session,
    table: RosterTable,
    day: dt.date,
    now: dt.datetime,
    by: int | None = None,
    *,
    seen: str | None = None,
) -> ImportResult:
    """Take a roster, and write down that it was done, in the caller's transaction.

    Args:
        session: the transaction.
        table: the roster.
        day: since when it holds.
        now: when, in UTC without a zone.
        by: whose act it is; None for the command line.
        seen: the `seal` of the preview that somebody looked at; None where nobody did.

    Raises:
        RosterChanged: the roster, or the file, is not the one that was looked at.
        Refused: the roster that stands has begun to hold later.
    """
    audit_log.take_turns(session)  # on PostgreSQL, so that of two who confirm at once one finds the other's roster
    before = standing(session)
    found = changes(before, table)
    if seen is not None and seal(found, day) != seen:
        raise RosterChanged(CHANGED)
    require_after(before, day)
    result = apply(session, found, day)
    facts = {"people": str(result.people), "units": str(result.units), "valid_from": day.isoformat()}
    audit_log.write(session, now, by, "roster imported", **facts)
    return result


def remembered(session: Session) -> dict[str, str]:
    """Return which headings of its own the company has chosen columns for."""
    return dict(session.scalar(select(models.Company.roster_columns)) or {})


def remember(session: Session, headings: dict[str, str]) -> None:
    """Keep which headings mean which columns, for the next file."""
    company = session.get(models.Company, 1)
    if company is not None:
        company.roster_columns = headings
