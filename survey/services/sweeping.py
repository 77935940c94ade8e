"""What a close or an unsealing leaves in the database's files: overwritten, so that nothing there joins anything."""

import sqlite3
from contextlib import closing
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, PoolProxiedConnection, event
from sqlalchemy.orm import Session

TRIES: Final = 6
"""Each waits for the readers and writers of the moment, 20 seconds at most."""
LOCK_WAIT: Final = "SET lock_timeout = '20s'"
REWRITTEN: Final = ("wave", "wave_key", "sealed_response")
"""PostgreSQL's tables whose dead rows still hold the key that recognised codes, or what a key was wrapped for."""
EMPTIED: Final = " OR ".join(
    f"(pg_relation_size('{table}') > 0 AND NOT EXISTS (SELECT FROM {table}))" for table in REWRITTEN[1:]
)


def sweep_after_commit(session: Session) -> None:
    """Sweep as soon as this session commits."""
    event.listen(session, "after_commit", _sweep_for, once=True)


def _sweep_for(session: Session) -> None:
    sweep(session.get_bind().engine)


def sweep(engine: Engine) -> bool:
    """Rewrite what was freed; tell whether it is done (a tick tries again later).

    SQLite: the whole file, in key order (deleted content was overwritten with zeros already). PostgreSQL: the tables of
    waves, of wrapped keys and of boxes; those of codes and arrivals were truncated.
    """
    sqlite = engine.dialect.name == "sqlite"
    for _ in range(TRIES):
        connection = engine.raw_connection()
        try:
            return _vacuum(connection, sqlite=sqlite)
        except (sqlite3.OperationalError, psycopg.OperationalError):
            continue
        finally:
            # Not back into the pool: its settings were changed.
            connection.invalidate()
    return False


def _vacuum(connection: PoolProxiedConnection, *, sqlite: bool) -> bool:
    driver: Any = connection.driver_connection
    rewrites = [f"VACUUM (FULL) {table}" for table in REWRITTEN]
    statements = ["PRAGMA query_only = OFF", "VACUUM"] if sqlite else [LOCK_WAIT, *rewrites]
    if not sqlite:
        driver.autocommit = True
    with closing(driver.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
    return True


def left_over(engine: Engine) -> bool:
    """Tell whether a sweep is due: freed pages lie in SQLite's file, or in PostgreSQL's tables of keys and boxes."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return bool(connection.exec_driver_sql("PRAGMA freelist_count").scalar())
        return bool(connection.exec_driver_sql(f"SELECT {EMPTIED}").scalar())
