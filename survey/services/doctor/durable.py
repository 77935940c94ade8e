"""Whether PostgreSQL still has what it has acknowledged after a crash, or after its machine lost its power.

Where its disk was told not to wait (fsync, full_page_writes), nothing is opened at all: `survey.database`.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.services.doctor.check import Check, fail, ok

WAITS: Final = text("SELECT current_setting('synchronous_commit') <> 'off'")
UNLOGGED: Final = text(
    "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'"
    " AND relnamespace = current_schema()::regnamespace ORDER BY relname"
)


def look(session: Session) -> Check | None:
    """Look at what a crash of PostgreSQL would take; None on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    emptied = session.scalars(UNLOGGED).all()
    if emptied:
        return fail(
            "durable",
            Sentence("A crash of the database server empties these tables: %(tables)s."),
            Sentence("Run for each of them, as the owner of the database: ALTER TABLE NAME SET LOGGED"),
            tables=", ".join(emptied),
        )
    if not session.scalar(WAITS):
        return fail(
            "durable",
            Sentence("Answers are acknowledged before they are on the disk: synchronous_commit is off."),
            Sentence(
                "Survey switches it on for each connection; whatever stands between it and the database server (a "
                "pooler) must keep that. Until then switch it on for the role: "
                "ALTER ROLE NAME SET synchronous_commit = on"
            ),
        )
    return ok("durable", Sentence("What the database server has acknowledged is on its disk."))
