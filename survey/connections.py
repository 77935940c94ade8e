"""Connections to PostgreSQL that are kept open: looked at before they are used again, without asking the server.

What every page of a respondent asks goes to the driver as it is (`Glance`): to make a result of SQLAlchemy's costs as
much as the server needs for the row.

A server that ends a connection says so to it: something is there to be read where nobody has asked. One that was cut
off unsaid (a firewall forgets what is silent) is found by asking, which costs a round trip; so only what has been idle
is asked.
"""

import select
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import URL, Dialect, Engine, Select, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

IDLE: Final = 5.0
"""Seconds after which a connection is asked whether it still is one."""
KEPT: Final = 8
"""As many as `survey serve` has threads: to open one costs more than a page."""
MOST: Final = 15
"""At once, of each kind."""
PATIENCE: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Seconds, but for the last, in milliseconds (libpq's names)."""
DIALECT: Final[type[Dialect]] = postgresql.psycopg.dialect
HERE: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})
"""Names of this machine; what begins with / is a folder of sockets."""
FREE_SINCE: Final = "survey_free_since"


def keep_open(made: Engine, clock: Callable[[], float] = time.monotonic) -> None:
    """Let an engine's connections be looked at before they are used again."""

    def note(_connection: object, record: Any) -> None:  # noqa: ANN401 - a pool's record
        record.info[FREE_SINCE] = clock()

    def look(connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 - psycopg's
        since = record.info.get(FREE_SINCE)
        if since is None:  # it was opened just now
            return
        if (clock() - since > IDLE or _has_heard(connection)) and not _answers(made.dialect, connection):
            raise InvalidatePoolError  # the pool opens others in the place of all that are as old

    event.listen(made, "checkin", note)
    event.listen(made, "checkout", look)


def _has_heard(connection: Any) -> bool:  # noqa: ANN401 - psycopg's
    """Tell whether anything came in: nothing does on a connection that is at rest."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(dialect: Dialect, connection: Any) -> bool:  # noqa: ANN401 - psycopg's
    """Ask the server for a sign of life."""
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, connection, None):
            return False
        raise


def patience(address: URL) -> dict[str, int]:
    """Return for how long a server that says nothing is waited for, but for what the address itself says of it.

    Without that a machine that lost its power keeps whoever asks it waiting for many minutes, all threads in turn.
    """
    return {name: value for name, value in PATIENCE.items() if name not in address.query}


def is_here(host: str) -> bool:
    """Tell whether a server of this name is on this machine."""
    return host in HERE or host.startswith("/")


def is_private(connection: Any) -> bool:  # noqa: ANN401 - a DBAPI connection has no common type
    """Tell whether nobody on the way reads along: it is encrypted, stays here, or its address says it need not be."""
    said = connection.info
    return connection.pgconn.ssl_in_use or is_here(said.host) or said.get_parameters().get("sslmode") == "disable"


class Glance:
    """A statement that reads one row at most, with which pages begin."""

    def __init__(self, statement: Select[Any]) -> None:
        """Put it together once: its columns have to be such that the driver's values are what is wanted."""
        self._statement = statement
        self._text = str(statement.compile(dialect=DIALECT())).encode()

    def at(self, session: Session, **facts: object) -> tuple[Any, ...] | None:
        """Return the row, or None."""
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            driver: Any = connection.connection.driver_connection
            if driver.autocommit:
                try:
                    found: tuple[Any, ...] | None = driver.execute(self._text, facts).fetchone()
                except connection.dialect.loaded_dbapi.Error:
                    pass  # the way below fails alike, and says it as everything else is said
                else:
                    return found
        return session.execute(self._statement, facts).one_or_none()
