"""What was refused to somebody who is signed in, in the audit log: bounded, so that nobody fills it by asking again."""

import datetime as dt
from typing import Final

from sqlalchemy import Engine, select

from survey import models
from survey.database import reading, writing
from survey.services import audit_log

ONCE: Final = dt.timedelta(hours=1)
"""In which the same refusal of the same page stands in the log once."""
MOST: Final = 20
"""Entries of one account in that time, whatever it was refused."""
LOOKED_AT: Final = 500
"""Newest entries of the log among which they are looked for."""
ACTS: Final = frozenset({"page refused", "form refused", "text refused", "tries refused"})


def note(engine: Engine, now: dt.datetime, account_id: int, act: str, page: str) -> None:
    """Write a refusal to the log, unless it stands there already, or the account has filled its share.

    Args:
        engine: the database; no session of the request may be open.
        now: when, in UTC without a zone.
        account_id: who was refused.
        act: one of `ACTS`.
        page: the name of the page in our code, never its address: what somebody typed stays out of the log.
    """
    newest = select(models.AuditEntry).order_by(models.AuditEntry.id.desc()).limit(LOOKED_AT)
    with reading(engine) as session:
        known = [
            (entry.act, entry.facts.get("page"))
            for entry in session.scalars(newest)
            if entry.at > now - ONCE and entry.account_id == account_id and entry.act in ACTS
        ]
    if (act, page) not in known and len(known) < MOST:
        with writing(engine) as session:
            audit_log.write(session, now, account_id, act, account=str(account_id), page=page)
