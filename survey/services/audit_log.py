"""Every administrative act, each chained to the one before it by a hash; no act of a respondent is ever here.

Who can write to the database can also rewrite the whole chain: the head is printed in reports and mailed to the
auditor, and `verify` compares with what they hold.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from survey.database import writing
from survey.models import AuditEntry

Entry: TypeAlias = AuditEntry
FIRST: Final = "0" * 64
"""What the first entry has before it."""
LOCK: Final = 7_300_916
"""Any fixed number: writers on PostgreSQL take turns on it."""
CHUNK: Final = 1_000
REFUSED: Final = "change refused"
"""What somebody tried to change of an opened wave, by page, command or SQL."""


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found."""

    entries: int
    head: str
    broken_at: int | None
    """The id of the first entry that was changed, or that follows one that was removed; None where all are whole."""
    knows: bool
    """Whether the head that the auditor holds stands in the chain; True where none was given."""

    @property
    def whole(self) -> bool:
        """Tell whether nothing was edited."""
        return self.broken_at is None and self.knows


def write(session: Session, now: dt.datetime, account_id: int | None, act: str, **facts: str) -> None:
    """Add an act to the log, in the same transaction as the act itself.

    Args:
        session: the transaction.
        now: when, in UTC without a zone.
        account_id: whose act it is; None for the command line.
        act: what was done, in a few English words: "wave opened".
        facts: what it was done to. Never a name, an address or a code of a person: ids and codes of units and waves.
    """
    take_turns(session)
    before = head(session)
    digest = _digest(before, now, account_id, act, facts)
    session.add(AuditEntry(at=now, account_id=account_id, act=act, facts=facts, before=before, digest=digest))
    session.flush()


def take_turns(session: Session) -> None:
    """Wait until nobody else is about to write to the log, and be the next; on SQLite writers take turns anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def write_apart(session: Session, now: dt.datetime, account_id: int | None, act: str, **facts: str) -> None:
    """Undo what the session did, and add an act to the log all the same: of what was refused, only this stays."""
    session.rollback()
    with writing(session.get_bind().engine) as own:
        write(own, now, account_id, act, **facts)


def head(session: Session) -> str:
    """Return the digest of the newest entry."""
    return session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or FIRST


def entries(session: Session, limit: int = 100, before_id: int | None = None, act: str = "") -> list[AuditEntry]:
    """Return the newest entries first, or those older than `before_id`; of one act only, where it is given."""
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if act:
        newest = newest.where(AuditEntry.act == act)
    return list(session.scalars(newest if before_id is None else newest.where(AuditEntry.id < before_id)))


def acts(session: Session) -> list[str]:
    """Return which acts stand in the log."""
    return list(session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)))


def following(session: Session, after_id: int) -> list[AuditEntry]:
    """Return the next entries after one, the earliest first: whoever reads all of them holds up nobody for long."""
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.id > after_id).order_by(AuditEntry.id).limit(CHUNK))
    )


def find(session: Session, act: str, **facts: str) -> AuditEntry | None:
    """Return the first entry of an act whose facts include `facts`: a later one cannot stand in for it."""
    written = session.scalars(select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id))
    return next((entry for entry in written if facts.items() <= entry.facts.items()), None)


def is_whole(entry: AuditEntry) -> bool:
    """Tell whether an entry says what its own digest says; `verify` tells it of the whole chain."""
    return entry.digest == _digest(entry.before, entry.at, entry.account_id, entry.act, entry.facts)


def verify(session: Session, known_head: str = "") -> Verdict:
    """Check every entry against the one before it, and that `known_head` (what an auditor holds) is among them."""
    before, broken, knows = FIRST, None, known_head in {"", FIRST}
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=CHUNK)):
        digest = _digest(before, entry.at, entry.account_id, entry.act, entry.facts)
        if broken is None and (entry.before, entry.digest) != (before, digest):
            broken = entry.id
        before = entry.digest
        knows = knows or entry.digest == known_head
    count = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    return Verdict(count, before, broken, knows)


def _digest(before: str, at: dt.datetime, account_id: int | None, act: str, facts: dict[str, str]) -> str:
    said = [before, at.isoformat(timespec="microseconds"), account_id, act, facts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
