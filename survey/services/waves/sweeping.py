"""What a close or an unsealing leaves in the database's files: overwritten, so that nothing there joins anything."""

from contextlib import closing
from typing import Any, Final

from sqlalchemy import Engine, PoolProxiedConnection, Table, delete, event, text
from sqlalchemy.orm import Session

TRIES: Final = 6
"""Each waits for the readers and writers of the moment, 20 seconds at most."""
LOCK_WAIT: Final = "SET lock_timeout = '20s'"


def sweep_after_commit(session: Session) -> None:
    """Sweep as soon as this session commits."""
    event.listen(session, "after_commit", _sweep_for, once=True)


def _sweep_for(session: Session) -> None:
    sweep(session.get_bind().engine)


def sweep(engine: Engine) -> bool:
    """Rewrite what was freed; tell whether it is done (a tick tries again later).

    SQLite: the whole file, in key order (deleted content was overwritten with zeros already). PostgreSQL: the table of
    waves, whose dead rows still hold the key that recognised codes; all else was truncated, or deleted without trace.
    """
    return _sweep(engine, ("wave",))


def sweep_spares(engine: Engine) -> bool:
    """Rewrite PostgreSQL's spare codes, so that no dead row shows which one was drawn; SQLite has overwritten it."""
    return engine.dialect.name == "sqlite" or _sweep(engine, ("spare",))


def sweep_people(engine: Engine) -> bool:
    """Rewrite what held somebody who was erased: SQLite's whole file, PostgreSQL's people, practices and runs.

    PostgreSQL also keeps samples of the cells of a table for its planner: they are drawn anew, and the old ones go.
    """
    return _sweep(engine, ("person", "adoption", "run"), sampled=True)


def delete_without_trace(session: Session, table: Table, wave_id: int) -> None:
    """Delete a wave's rows so that none is left dead in PostgreSQL's file: the others move to a new one, key by key.

    It is part of the caller's transaction, so there is no time between "deleted" and "really deleted".
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(delete(table).where(table.c.wave_id == wave_id))
        return
    key = next(iter(table.primary_key.columns)).name
    for statement in (
        f"CREATE TEMPORARY TABLE stays ON COMMIT DROP AS SELECT * FROM {table.name} WHERE wave_id <> :wave",  # noqa: S608 - our names
        f"TRUNCATE {table.name}",
        f"INSERT INTO {table.name} SELECT * FROM stays ORDER BY {key}",  # noqa: S608 - our names
        "DROP TABLE stays",
    ):
        session.execute(text(statement), {"wave": wave_id} if ":wave" in statement else {})


def _sweep(engine: Engine, tables: tuple[str, ...], *, sampled: bool = False) -> bool:
    sqlite = engine.dialect.name == "sqlite"
    rewrites = [f"VACUUM (FULL{', ANALYZE' * sampled}) {table}" for table in tables]
    rewrites += ["VACUUM (FULL) pg_statistic"] * sampled
    statements = ["PRAGMA query_only = OFF", "VACUUM"] if sqlite else [LOCK_WAIT, *rewrites]
    for _ in range(TRIES):
        connection = engine.raw_connection()
        try:
            return _vacuum(connection, statements, autocommit=not sqlite)
        except engine.dialect.loaded_dbapi.OperationalError:
            continue
        finally:
            # Not back into the pool: its settings were changed.
            connection.invalidate()
    return False


def _vacuum(connection: PoolProxiedConnection, statements: list[str], *, autocommit: bool) -> bool:
    driver: Any = connection.driver_connection
    if autocommit:
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
