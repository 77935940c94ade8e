"""An answer that is kept in one statement on PostgreSQL meets others, and a close: nobody waits in a circle."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from survey.database import at_once, reading, writing
from survey.services.responses import responses, taking
from survey.services.responses.replies import Accepted, Reply, Sent
from survey.services.waves import closing, waves
from survey.services.waves.asking import asked_now
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE, sent

PREPARED: Final = 12
"""After as many, psycopg has had the statement prepared, and the server plans it no more."""
WAITS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
HELD: Final = text(
    "SELECT relation::regclass::text FROM pg_locks WHERE granted AND relation IS NOT NULL AND pid = :pid "
    "AND mode = 'RowExclusiveLock'"
)

pytestmark = pytest.mark.only_postgresql


@pytest.fixture
def codes(engine: Engine, home: Path) -> list[str]:
    """Open the cast's wave, and give the codes."""
    return list(rounds.open_cast(engine, home).values())


@contextmanager
def meanwhile(engine: Engine, work: Callable[[], object]) -> Iterator[None]:
    """Begin some work in a thread and go on once it waits for a lock; it has ended when this ends."""
    thread = threading.Thread(target=work)
    thread.start()
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as watching:
        while thread.is_alive() and not watching.scalar(WAITS):
            pass
    try:
        yield
    finally:
        thread.join()


def keep(engine: Engine, form: Sent) -> Reply:
    """Keep an answer as a web process does, without a transaction around it."""
    with at_once(engine) as session:
        return responses.accept(session, asked_now(session), form, cast.NOW)


def test_a_close_waits_for_an_answer_under_way(engine: Engine, codes: list[str]) -> None:
    """What has been taken before a close begins is counted by it."""
    with Session(engine) as session:
        assert isinstance(responses.accept(session, asked_now(session), sent(codes[0]), cast.NOW), Accepted)
        with meanwhile(engine, lambda: rounds.close(engine)):
            session.commit()
    with reading(engine) as session:
        assert sum(responses.counts(session, waves.wave(session, WAVE)).values()) == 1


@pytest.mark.parametrize("done", [True, False])
def test_an_answer_waits_for_a_close_under_way(engine: Engine, codes: list[str], *, done: bool) -> None:
    """An answer that comes while tables are being emptied is kept where the close is undone, and not where it holds."""
    replies: list[Reply] = []
    with Session(engine) as session:
        closing.close(session, WAVE, rounds.OVER)
        with meanwhile(engine, lambda: replies.append(keep(engine, sent(codes[0])))):
            session.commit() if done else session.rollback()
    assert [isinstance(reply, Accepted) for reply in replies] == [not done]


def test_an_answer_does_not_wait_with_tables_open(engine: Engine, codes: list[str]) -> None:
    """Whoever is about to change the wave will want the tables next: the statement takes nothing, and lets go."""
    with writing(engine) as session:
        waves.locked(session, WAVE)
        assert not isinstance(keep(engine, sent(codes[0])), Accepted)
        session.execute(text("LOCK TABLE token, intake IN ACCESS EXCLUSIVE MODE"))
    assert isinstance(keep(engine, sent(codes[0])), Accepted)


@pytest.mark.parametrize("before", [0, PREPARED])
def test_tables_are_opened_in_the_order_in_which_a_close_empties_them(
    engine: Engine, codes: list[str], before: int
) -> None:
    """Who waits for the codes does not hold the answers, as it is asked first and when it is asked often."""
    assert codes
    with reading(engine) as session:
        here = asked_now(session)
    assert here is not None
    nobody = taking.Keys(bytes(32), bytes(32), bytes(range(32)))
    with at_once(engine) as session, engine.connect() as closing_one:
        for _ in range(before):
            assert taking.take(session, here, nobody, b"", "") is None
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        closing_one.execute(text("LOCK TABLE token IN ACCESS EXCLUSIVE MODE"))
        with meanwhile(engine, lambda: taking.take(session, here, nobody, b"", "")):
            held = _held(closing_one, pid)
            closing_one.rollback()
    assert held == []


def _held(connection: Connection, pid: int | None) -> list[str]:
    return list(connection.scalars(HELD, {"pid": pid}))


def test_the_same_receipt_at_the_same_time_with_two_codes_counts_twice(engine: Engine, codes: list[str]) -> None:
    """Whoever waits for another's answers under the same receipt is kept under a receipt of her own."""
    first, replies = sent(codes[0]), list[Reply]()
    with Session(engine) as session:
        assert isinstance(responses.accept(session, asked_now(session), first, cast.NOW), Accepted)
        second = sent(codes[1], receipt=first.receipt)
        with meanwhile(engine, lambda: replies.append(keep(engine, second))):
            session.commit()
    [reply] = replies
    assert isinstance(reply, Accepted)
    assert reply.receipt != first.receipt
    with reading(engine) as session:
        assert [responses.counted(session, each) for each in (first.receipt, reply.receipt)] == [WAVE, WAVE]
        assert sum(responses.counts(session, waves.wave(session, WAVE)).values()) == 2
