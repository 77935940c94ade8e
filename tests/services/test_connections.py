"""Connections to PostgreSQL that are kept open are looked at before they are used, and asked only after a rest."""

from itertools import chain, repeat

import pytest
from sqlalchemy import Engine, create_engine, text

from survey.connections import IDLE, keep_open
from survey.database import at_once, glancing, reading, writing
from survey.database import engine as open_engine
from tests.cluster import Cluster
from tests.round_trips import counted

pytestmark = pytest.mark.only_postgresql
WAYS = (reading, writing, glancing, at_once)
ENDED = text("SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()")
END = text("SELECT pg_terminate_backend(:pid)")


def test_a_database_that_went_away_and_came_back_is_used_at_once(engine: Engine, postgresql: Cluster) -> None:
    """After the server has ended all connections the very next request of each kind is answered."""
    for way in WAYS:
        with way(engine) as session:
            assert session.scalar(text("SELECT 1")) == 1
    _end_all(postgresql, str(engine.url.database))
    for way in WAYS:
        with way(engine) as session:
            assert session.scalar(text("SELECT 2")) == 2


def test_a_glance_cannot_write_and_begins_nothing(engine: Engine) -> None:
    """Each statement is its own, and PostgreSQL itself refuses one that writes."""
    with glancing(engine) as session, pytest.raises(Exception, match="read-only transaction"):
        session.execute(text("CREATE TABLE written (n integer)"))
    with glancing(engine) as session:
        first, second = (session.scalar(text("SELECT now()")) for _ in range(2))
    assert first != second


def test_only_a_connection_that_has_rested_is_asked(engine: Engine, postgresql: Cluster) -> None:
    """One that was used just now goes to the server for the statement alone; after some seconds it is asked before."""
    moments = chain([0.0, IDLE, IDLE, 2 * IDLE + 0.1], repeat(3 * IDLE))  # back, out, back, out
    with counted(postgresql) as messenger:
        made = create_engine(messenger.cluster.url(str(engine.url.database)), isolation_level="AUTOCOMMIT")
        keep_open(made, lambda: next(moments))
        trips = []
        for _ in range(3):
            before = messenger.trips
            with made.connect() as connection:
                connection.execute(text("SELECT 1"))
            trips.append(messenger.trips - before)
        made.dispose()
    assert trips[1:] == [1, 2]


def _end_all(server: Cluster, name: str) -> None:
    """End every connection to a database, and return once they are gone."""
    watching = open_engine(server.url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with watching.connect() as connection:
        for pid in connection.scalars(ENDED, {"name": name}).all():
            connection.execute(END, {"pid": pid})
        while connection.scalars(ENDED, {"name": name}).all():
            pass
    watching.dispose()
