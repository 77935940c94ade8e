"""Runs are left to workers, on PostgreSQL: jobs of Procrastinate that commit with the transaction that asks.

A job says which kind of run waits, or names a part of one, and nothing else: what it is about stands in our tables. It
is gone when it is over. The queue lies in a schema of its own and in no backup.
"""

from importlib import resources
from typing import Final

import procrastinate
from procrastinate import schema
from procrastinate.types import JSONValue
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from survey.database import reading
from survey.runs import reports
from survey.runs.given import Place
from survey.services import runs, workers
from survey.services.runs import Key
from survey.services.workers import SCHEMA
from survey.settings import SettingsError

LETTERS: Final = "letters"
REPORTS: Final = "reports"
QUEUES: Final = (LETTERS, REPORTS)
"""What a worker can be asked to do; only those for letters need keys."""
LOOKS: Final = "looks"
"""The queue of the look for what a worker that is gone has left; every worker serves it."""
TAKE_UP: Final = "take_up"
PART: Final = "part"
LOCK: Final = 7_300_916
"""Any fixed number: two machines that prepare the queue at once take turns on it."""
_DEFERRING: Final = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Only defers, and through connections of ours."""


class Deferring:
    """In place of `Runner`: nothing is done here, workers do it."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def ask(self, session: Session, key: Key, by: int | None = None, done: int = 0) -> bool:
        """Let a run begin once `session` commits; False where one is under way."""
        asked = runs.ask(session, key, by, done)
        if asked:
            take_up(session, key.kind)
        return asked

    def wake(self, key: Key) -> None:
        """Do nothing: the job was committed with what asked for it."""

    def take_up(self) -> list[Key]:
        """Do nothing: workers look for what was left."""
        return []

    def wait_for_all(self) -> None:
        """Return at once: this process does no runs."""


def take_up(session: Session, kind: str) -> None:
    """Ask a worker to look for runs of a kind, with whatever else this session commits."""
    _defer(session, TAKE_UP, REPORTS if kind == reports.KIND else LETTERS, [{"kind": kind}])


def share(session: Session, parts: list[str]) -> None:
    """Ask workers to do parts of a run, with whatever else this session commits."""
    _defer(session, PART, REPORTS, [{"part": each} for each in parts])


def prepare(engine: Engine) -> None:
    """Make the queue’s tables, or bring them to this version of Procrastinate; what is cut off goes on next time."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        try:
            with Session(connection) as session:
                found = workers.revision(session)
                session.rollback()
            # Each by itself: a value that is added to an enumeration can be used only once that is committed.
            for name, statements in _upgrades(found):
                with connection.begin():
                    _upgrade(connection, name, statements)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()


def require(engine: Engine) -> None:
    """Raise SettingsError where the queue is not as this version of Procrastinate needs it."""
    with reading(engine) as session:
        if workers.revision(session) != newest():
            raise SettingsError("The workers’ queue is not ready in the database. Run: survey migrate")


def newest() -> str:
    """Return the name of the last migration of the Procrastinate that is installed."""
    return workers.newest()


def _upgrades(found: str) -> list[tuple[str, str]]:
    """Return what is to be run, each with the name of the migration that the queue is at afterwards."""
    if not found:
        return [(newest(), schema.SchemaManager.get_schema())]
    folder = resources.files("procrastinate.sql") / "migrations"
    return [(name, (folder / name).read_text("utf-8")) for name in _migrations() if name > found]


def _upgrade(connection: Connection, name: str, statements: str) -> None:
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
    # Past SQLAlchemy, which would take colons for parameters.
    connection.exec_driver_sql(statements.replace("%", "%%"))
    connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{name}'"))


def _migrations() -> list[str]:
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))


def _defer(session: Session, task: str, queue: str, jobs: list[dict[str, JSONValue]]) -> None:
    if not jobs:
        return
    session.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
    connection = session.connection().connection.driver_connection
    _DEFERRING.configure_task(task, queue=queue, connection=connection).batch_defer(*jobs)
    session.execute(text("SET LOCAL search_path TO DEFAULT"))
