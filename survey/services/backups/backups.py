"""Backups that forget: everything in one file, and what people said in it only under keys that are destroyed on time.

Rows are written by table, whatever the database, so that either can be restored from either. Left out are sign-ins,
letters that let somebody in, and recovery codes: after a restore everybody signs in again; and runs, which would go on
by themselves. The issue key and the installation's secret are files, and in no backup.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Engine, Table, select, text
from sqlalchemy.orm import Session

from survey.database import sessions, writing
from survey.models import Base, Wave
from survey.services import audit_log
from survey.services.backups import backup_file, backup_keys
from survey.services.backups.backup_file import Head, Piece, Rows, Writing, boxed
from survey.services.filing.files import write_whole
from survey.services.waves.retention import is_due

SEALED: Final = ("response", "sealed_response", "comment", "receipt", "token", "intake", "spare", "wave_key")
"""Tables whose rows are written only under the key of their wave; locked in the order in which others empty them."""
LEFT_OUT: Final = frozenset({"sign_in", "way_in", "recovery_code", "used_challenge", "run", "run_part"})
"""What lets somebody in for a while, or once, and what was under way: it must not come back, nor lie in other hands."""
BATCH: Final = 1_000


class Made(msgspec.Struct, frozen=True):
    """A backup that was made."""

    digest: str
    """SHA-256 of the file without its last 32 bytes, in hexadecimal; the audit log has it too."""
    keys: tuple[str, ...]
    """Waves whose answers come back only with their key."""


def backup(engine: Engine, home: Path, file: Path, revision: str, now: dt.datetime) -> Made:
    """Write everything of one moment into a file that only its owner can read; an older file is replaced at the end.

    Answers that are due to be deleted are left out, deleted or not. While it reads, nobody's answer can be committed on
    SQLite, and no wave closed on PostgreSQL: a second or two for a hundred thousand answers.

    Raises:
        Refused: what lies there is no backup; the database itself, for example.
    """
    backup_file.require_free(file)
    keys: dict[str, None] = {}
    with snapshot(engine) as session:
        written = Writing(_pieces(session, home, revision, now, keys))
        write_whole(file, written)
    with writing(engine) as session:
        audit_log.write(session, now, None, "backup made", digest=written.digest)
    return Made(written.digest, tuple(keys))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one moment, whatever others commit meanwhile."""
    with sessions(engine, writes=False)() as session:
        if engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            # Before anything is read: TRUNCATE empties tables for older transactions, too, so the close has to wait.
            session.execute(text(f"LOCK TABLE {', '.join(SEALED)} IN ACCESS SHARE MODE"))
        yield session


def _pieces(session: Session, home: Path, revision: str, now: dt.datetime, keys: dict[str, None]) -> Iterator[Piece]:
    """Yield the whole backup: first what stands in it in the clear, then wave by wave what does not."""
    waves = session.scalars(select(Wave).order_by(Wave.id)).all()
    yield Head(revision, now.isoformat())
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT_OUT and table.name not in SEALED:
            yield from _rows(session, table)
    for wave in waves:
        if wave.state == "draft" or is_due(wave, now):
            continue
        stage = backup_keys.stage_of(wave)
        for rows in _said(session, wave):
            keys[wave.code] = None
            yield boxed(wave.code, stage, backup_keys.key(home, stage, wave.code), rows)


def _said(session: Session, wave: Wave) -> Iterator[Rows]:
    """Yield what only the wave's key may open: what people said, their codes, and what recognises these."""
    if wave.pepper is not None:
        yield Rows("wave", ["id", "pepper"], [[wave.id, wave.pepper]])
    for name in SEALED:
        yield from _rows(session, Base.metadata.tables[name], wave)


def _rows(session: Session, table: Table, wave: Wave | None = None) -> Iterator[Rows]:
    """Yield the rows of a table in the order of their keys, which in the tables of answers is random."""
    columns = [column for column in table.columns if (table.name, column.name) != ("wave", "pepper")]
    found = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    rows = session.execute(found if wave is None else found.where(table.c.wave_id == wave.id))
    for batch in rows.partitions():
        yield Rows(str(table.name), [str(column.name) for column in columns], [list(row) for row in batch])
