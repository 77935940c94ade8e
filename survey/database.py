"""The database: one address, SQLite or PostgreSQL, opened so that an acknowledged answer cannot get lost.

SQLite is opened with a rollback journal (its write-ahead log keeps the order of answers), full syncs and overwritten
deletions; writers take their lock at BEGIN, because a reader that turns writer loses updates or fails. Readers cannot
write at all, on both databases. PostgreSQL waits for its disk at every commit, and is refused where its disk was told
not to wait. A statement that would loosen what an opened wave promised is refused by the database, and told here in a
sentence.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from survey import connections, faults
from survey.database_file import check_file, only_where_it_is
from survey.faults import ForgetfulError, ReadableError
from survey.i18n import Refused
from survey.settings import SettingsError
from survey.turns import Turn

PRAGMAS: Final = (
    "PRAGMA busy_timeout = 20000",
    "PRAGMA journal_mode = DELETE",
    # FULL would not wait until the journal is gone for good: after a power cut it could take the last answers back.
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)
DURABLE: Final = ("fsync", "full_page_writes")
WAIT: Final = """
    SELECT set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), false)
"""
"""Whoever switched it off for the role, the database or the server: a commit of ours waits until it is on the disk.

Where it waits for another server as well, or for this one's disk alone, that stays as it is.
"""
READS_ONLY: Final = "survey_reads_only"
GLANCES: Final = "survey_glances"
SECRET: Final = ("password", "sslpassword")
"""What may be given after the ? of an address, and is told to nobody."""
FROZEN: Final = re.compile(r"frozen: (?P<what>[a-z_.]+)(?: of (?P<wave>\S+))?")
"""How the triggers of `survey.models.frozen` begin what they say."""
LISTENERS: Final[list[Callable[[Engine, str, str], None]]] = []
"""Who hears of a refused change once its transaction is over: engine, what was to be changed, the wave if it is known.

`survey.services` adds the audit log.
"""


def engine(url: str, *, there: bool = False) -> Engine:
    """Open the database at `url` and try it once.

    Args:
        url: sqlite:///FILE or postgresql+psycopg://user:password@host/name
        there: SQLite's file is not made where it is missing

    Raises:
        SettingsError: the address is unknown, the folder cannot be written, the server cannot be reached or would
            lose acknowledged answers; the text says what to do.
        OperationalError: somebody else keeps SQLite's file locked; `survey.faults` says what to do.
    """
    address = _address(url, there=there)
    made = _made(address)
    if made.dialect.name == "sqlite":
        event.listen(made, "begin", _begin_sqlite)
    event.listen(made, "handle_error", _refuse_loosening)
    event.listen(made, "checkin", lambda _connection, record: _tell(made, record.info.pop(FROZEN, [])))
    _try(made)
    return made


def _made(address: URL, **options: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's own
    # Errors must not carry what was being written: names, addresses, answers.
    # The connection used last is used next: it has read what the next request reads, and prepared what that asks.
    size = {"pool_size": connections.KEPT, "max_overflow": connections.MOST - connections.KEPT}
    waits = connections.patience(address) if address.drivername != "sqlite" else {}
    made = create_engine(address, pool_use_lifo=True, hide_parameters=True, connect_args=waits, **size, **options)
    if made.dialect.name == "sqlite":
        only_where_it_is(made)
        event.listen(made, "connect", _open_sqlite)
    else:
        event.listen(made, "connect", _open_postgresql)
        connections.keep_open(made)
    return made


def sessions(opened: Engine, *, writes: bool = True) -> sessionmaker[Session]:
    """Return a maker of sessions; those with `writes=False` are refused by the database when they write."""
    return sessionmaker(opened if writes else _read_only(opened), expire_on_commit=False)


@contextmanager
def reading(opened: Engine) -> Iterator[Session]:
    """Give a session that can only read; others may write meanwhile."""
    with Session(_read_only(opened), expire_on_commit=False) as session:
        yield session


@contextmanager
def glancing(opened: Engine) -> Iterator[Session]:
    """Give a session that can only read, each statement for itself: it begins nothing, and keeps nobody waiting.

    What several of them say need not be of one moment; where it has to be, use `reading`.
    """
    with Session(glances(opened), expire_on_commit=False) as session:
        yield session


def glances(opened: Engine) -> Engine:
    """Return the same database with connections of their own, which never write and never begin a transaction."""
    made: Engine | None = vars(opened).get(GLANCES)
    if made is None:
        made = _made(opened.url, isolation_level="AUTOCOMMIT")
        event.listen(made, "connect", _only_glance)
        event.listen(opened, "engine_disposed", lambda _opened: made.dispose())
        vars(opened)[GLANCES] = made
    return made


@contextmanager
def at_once(opened: Engine) -> Iterator[Session]:
    """Give a session each of whose statements is a transaction of its own, kept for good as soon as it is answered."""
    with Session(_variant(opened, "survey_at_once", isolation_level="AUTOCOMMIT"), expire_on_commit=False) as session:
        yield session


def travels(opened: Engine) -> bool:
    """Tell whether a statement goes to a server and back: then as few are sent as can be."""
    return opened.dialect.name != "sqlite"


def in_turn(opened: Engine) -> AbstractContextManager[object]:
    """Return what lets short writers of this machine take turns on SQLite, which has one lock and waits by sleeping."""
    if travels(opened):
        return nullcontext()
    # setdefault is one step: two threads get the same turn. Never the database's own file: to close it a second time
    # would give up SQLite's locks.
    return cast("Turn", vars(opened).setdefault("survey_turn", Turn(Path(f"{opened.url.database}-turn"))))


@contextmanager
def writing(opened: Engine) -> Iterator[Session]:
    """Give a session that is committed at the end; what is uncommitted when anything is raised is undone."""
    with Session(opened, expire_on_commit=False) as session:
        yield session
        session.commit()


def _read_only(opened: Engine) -> Engine:
    return _variant(opened, READS_ONLY, **{READS_ONLY: True, "postgresql_readonly": True})


def _variant(opened: Engine, name: str, **options: object) -> Engine:
    """Return the same database and connections with other options; made once, because it costs more than a query."""
    made: Engine | None = vars(opened).get(name)
    if made is None:
        made = vars(opened)[name] = opened.execution_options(**options)
    return made


def _address(url: str, *, there: bool) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:  # the second where a port is no number
        raise SettingsError(
            "SURVEY_DATABASE_URL is not an address of a database. "
            "Write sqlite:////folder/survey.db or postgresql+psycopg://user:password@host/name."
        ) from error
    if "@" in (address.host or ""):
        # Never told which: what stands before it is the end of a password.
        raise SettingsError("The password in SURVEY_DATABASE_URL holds an @. Write %(code)s in its place.", code="%40")
    if address.drivername == "sqlite":
        check_file(address.database or "", there=there)
    elif address.drivername != "postgresql+psycopg":
        raise SettingsError(
            "SURVEY_DATABASE_URL names '%(driver)s', which is not supported. "
            "Write sqlite:////folder/survey.db or postgresql+psycopg://user:password@host/name.",
            driver=address.drivername,
        )
    return address


def _try(made: Engine) -> None:
    where = made.url.difference_update_query(SECRET).render_as_string(hide_password=True)
    try:
        with made.connect():
            pass
    except OperationalError as error:
        if faults.fault(error) is faults.BUSY:  # it is there, and somebody else has it for himself
            raise
        raise _unopened(where, error) from error
    except DBAPIError as error:
        if made.dialect.name != "sqlite":  # an option after the ? that PostgreSQL does not have
            raise _unopened(where, error) from error
        raise SettingsError(
            "The file of SURVEY_DATABASE_URL (%(where)s) is no database, or damaged. "
            "Name another file, or put back a copy.",
            where=where,
        ) from error
    finally:
        # A process that serves may fork: it must not take an open connection along.
        made.dispose()


def _unopened(where: str, error: DBAPIError) -> SettingsError:
    return SettingsError(
        "The database %(where)s cannot be opened (%(why)s). Check SURVEY_DATABASE_URL, and that the server runs.",
        where=where,
        why=" ".join(str(error.orig).split()),
    )


def _refuse_loosening(context: ExceptionContext) -> Refused | None:
    """Turn what a trigger said into a sentence, and remember it until the connection is free."""
    if context.connection is not None and context.connection.get_execution_options().get(READS_ONLY):
        context.original_exception.add_note(faults.READS_ONLY)
    found = FROZEN.match(str(context.original_exception))
    if found is None or context.connection is None:
        return None
    what, wave = found["what"], found["wave"] or ""
    context.connection.info.setdefault(FROZEN, []).append((what, wave))
    return Refused(
        "This would change %(what)s, which was fixed when the wave opened and is promised to everybody who answers. It "
        "cannot be loosened any more; the try is in the audit log.",
        what=what,
    )


def _tell(made: Engine, refused: list[tuple[str, str]]) -> None:
    # Only now: the transaction that was refused held SQLite's one lock.
    for what, wave in refused:
        for listener in LISTENERS:
            listener(made, what, wave)


def _open_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    with closing(connection.cursor()) as cursor:
        for pragma in PRAGMAS:
            cursor.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}").close()
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _only_glance(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
    sqlite = isinstance(connection, sqlite3.Connection)
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on")


def _open_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
    if not connections.is_private(connection):
        host = connection.info.host
        connection.close()
        raise ReadableError(host)
    with connection.cursor() as cursor:
        off = [setting for setting in DURABLE if cursor.execute(f"SHOW {setting}").fetchone()[0] != "on"]
        cursor.execute(WAIT)
    connection.commit()  # undone, it would be off again
    if off:
        connection.close()
        raise ForgetfulError(off[0])
