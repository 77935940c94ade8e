"""The database: its revision, how it writes, and what it says about itself."""

import datetime as dt
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.models import AuditEntry
from survey.services import audit_log, clocks, here
from survey.services.doctor.check import Check, fail, ok, warn
from survey.services.waves import frozen_facts, waves
from survey.traces import traces

PRAGMAS: Final = {"journal_mode": "delete", "synchronous": 3, "secure_delete": 1, "foreign_keys": 1}
AHEAD: Final = dt.timedelta(minutes=2)
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def look(session: Session, now: dt.datetime) -> Iterator[Check]:
    """Look at the database."""
    if session.get_bind().dialect.name == "sqlite":
        yield file_mode(session.get_bind().engine)
        yield pragmas(session)
    else:
        yield server_settings(session)
    yield clock(session, now)
    yield zone(session)
    yield log(session)
    yield promises(session)


def file_mode(engine: Engine) -> Check:
    """Look who can read the file of the database, wherever it lies."""
    path = Path(engine.url.database or "")
    if path.stat().st_mode & OTHERS:
        return fail(
            "file",
            Sentence("Other users of this machine can read %(path)s, where answers lie."),
            Sentence("Run: chmod 600 %(path)s"),
            path=path,
        )
    return ok("file", Sentence("The file of the database is closed to others."))


def pragmas(session: Session) -> Check:
    """Look whether SQLite writes so that nothing gets lost and nothing deleted stays."""
    wrong = [
        f"{name} = {found}"
        for name, wanted in PRAGMAS.items()
        if (found := session.execute(text(f"PRAGMA {name}")).scalar_one()) != wanted
    ]
    if wrong:
        return fail(
            "writing",
            Sentence("SQLite writes in another way than it should: %(wrong)s."),
            Sentence("End every other program that has the file open, and start survey again."),
            wrong=", ".join(wrong),
        )
    version = session.execute(text("SELECT sqlite_version()")).scalar_one()
    return ok(
        "writing", Sentence("SQLite %(version)s syncs every answer and overwrites what is deleted."), version=version
    )


def whole(session: Session) -> Check | None:
    """Look whether the pages of SQLite's file fit together; None on PostgreSQL, which looks after its own."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    try:
        found = str(session.execute(text("PRAGMA quick_check(1)")).scalar_one())
    except DatabaseError as error:
        found = str(error.orig)
    if found != "ok":
        return fail(
            "whole",
            Sentence("The file of the database is damaged: %(found)s."),
            Sentence("Stop survey, keep a copy of SURVEY_HOME, and restore the newest backup into a new one."),
            found=" ".join(found.split()),
        )
    return ok("whole", Sentence("The file of the database is whole."))


def server_settings(session: Session) -> Check:
    """Look whether PostgreSQL keeps traces of answers; while a wave is open that breaks the promise."""
    found = traces(session)
    if not found:
        return ok("traces", Sentence("The database server keeps no traces of answers."))
    judge = fail if waves.current(session) else warn
    return judge(
        "traces",
        Sentence("The database server keeps when, in which order, or what people answered: %(settings)s."),
        Sentence("Switch these off for the database of the survey; docs/operating.md says how. No wave opens before."),
        settings=", ".join(found),
    )


def clock(session: Session, now: dt.datetime) -> Check:
    """Look whether the clock went backwards since the newest act in the log."""
    newest = session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > now + AHEAD:
        return fail(
            "clock",
            Sentence("The log has an act of %(newest)s UTC, which is later than now: a clock is or was wrong."),
            Sentence("Set the clock by NTP (timedatectl): waves open and close by it."),
            newest=f"{newest:%Y-%m-%d %H:%M}",
        )
    return ok("clock", Sentence("The clock runs on from the newest act in the log."))


def two_clocks(session: Session, now: dt.datetime) -> Check | None:
    """Look whether this machine's clock and the database server's agree; None where there is only one."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    apart = abs(clocks.ahead(session, now))
    if apart > clocks.APART:
        return fail(
            "clocks",
            Sentence("The clocks of this machine and of the database server are %(minutes)s minutes apart."),
            Sentence(
                "Set both by NTP (timedatectl). Until then nothing opens, closes, leaves or is deleted by itself."
            ),
            minutes=round(apart.total_seconds() / 60),
        )
    return ok("clocks", Sentence("This machine’s clock and the database server’s agree."))


def zone(session: Session) -> Check:
    """Look whether this machine knows the company's time zone."""
    try:
        found = here.zone_of(session)
    except (ZoneInfoNotFoundError, ValueError):
        return fail(
            "time zone",
            Sentence("This machine does not know the company’s time zone, so no page can say a time."),
            Sentence("Run: survey init --time-zone Asia/Seoul (or where the company is)"),
        )
    return ok("time zone", Sentence("Times are said as in %(zone)s."), zone=found.key)


def log(session: Session) -> Check:
    """Look whether the audit log is whole."""
    found = audit_log.verify(session)
    if not found.whole:
        return fail(
            "audit log",
            Sentence("Entry %(entry)s of the audit log was changed, or one before it was removed."),
            Sentence("Somebody wrote to the database past survey. Compare with the heads that the auditor holds."),
            entry=found.broken_at,
        )
    return ok("audit log", Sentence("The audit log is whole: %(count)s entries."), count=found.entries)


def promises(session: Session) -> Check:
    """Look whether waves without results are still what they promised."""
    for wave in waves.unpublished(session):
        what = frozen_facts.broken(session, wave)
        if what is not None:
            return fail(
                "promise",
                Sentence("Wave %(wave)s differs from what it promised: %(what)s."),
                Sentence("It cannot be published like this. Read the audit log, and put back what was changed."),
                wave=wave.code,
                what=what,
            )
    return ok("promise", Sentence("Every wave without results is what it promised."))
