"""What a close leaves behind in the database's files: overwritten, so that nothing there joins people to answers."""

import sqlite3
from contextlib import closing
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, PoolProxiedConnection

TRIES: Final = 6
"""Each waits for the readers and writers of the moment, 20 seconds at most."""
LOCK_WAIT: Final = "SET lock_timeout = '20s'"


def sweep(engine: Engine) -> bool:
    """Rewrite what was freed; tell whether it is done (a tick tries again later).

    SQLite: the whole file, in key order (deleted content was overwritten with zeros already). PostgreSQL: the table of
    waves, whose dead rows still hold the key that recognised codes; the tables of codes and arrivals were truncated.
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
    statements = ("PRAGMA query_only = OFF", "VACUUM") if sqlite else (LOCK_WAIT, "VACUUM (FULL) wave")
    if not sqlite:
        driver.autocommit = True
    with closing(driver.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
    return True


def left_over(engine: Engine) -> bool:
    """Tell whether freed pages lie in SQLite's file: a sweep is due."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql("PRAGMA freelist_count").scalar())
