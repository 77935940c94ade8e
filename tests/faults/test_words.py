"""What the words of an error become: a kind, a sentence, and what to do; of rows and typed words nothing."""

import errno
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from survey.connections import PATIENCE, patience
from survey.database import reading, writing
from survey.faults import (
    AWAY,
    BUSY,
    CROWDED,
    DAMAGED,
    DISK,
    FAULTS,
    FORGETS,
    FULL,
    MOVED,
    NOT_OURS,
    READ_ONLY,
    Fault,
    ForgetfulError,
    fault,
    kind,
)
from tests import cast
from tests.services.mail_process import ROOT


class Coded(sqlite3.OperationalError):
    """What SQLite says, with a result code."""

    def __init__(self, code: int) -> None:
        super().__init__("a row of hers")
        self.sqlite_errorcode = code


Coded.__module__ = "sqlite3"


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (Coded(13), FULL),
        (Coded(8), READ_ONLY),
        (Coded(8 | 1 << 8), READ_ONLY),
        (Coded(8 | 4 << 8), MOVED),
        (Coded(10 | 3 << 8), DISK),
        (Coded(14), DISK),
        (Coded(5), BUSY),
        (Coded(6), BUSY),
        (Coded(11), DAMAGED),
        (Coded(26), DAMAGED),
        (Coded(7), CROWDED),
        (Coded(1), None),
        (Coded(19), None),
        (psycopg.errors.DiskFull(), FULL),
        (psycopg.errors.ReadOnlySqlTransaction(), READ_ONLY),
        (psycopg.errors.AdminShutdown(), AWAY),
        (psycopg.errors.CrashShutdown(), AWAY),
        (psycopg.errors.CannotConnectNow(), AWAY),
        (psycopg.errors.InvalidPassword(), AWAY),
        (psycopg.errors.InvalidCatalogName(), AWAY),
        (psycopg.errors.ConnectionFailure(), AWAY),
        (psycopg.OperationalError("server closed the connection unexpectedly"), AWAY),
        (psycopg.errors.TooManyConnections(), CROWDED),
        (psycopg.OperationalError('FATAL:  too many connections for role "survey"'), CROWDED),
        (psycopg.OperationalError("FATAL:  sorry, too many clients already"), CROWDED),
        (psycopg.OperationalError("FATAL:  remaining connection slots are reserved for roles with"), CROWDED),
        (psycopg.errors.OutOfMemory(), CROWDED),
        (psycopg.errors.LockNotAvailable(), BUSY),
        (psycopg.errors.DeadlockDetected(), BUSY),
        (psycopg.errors.QueryCanceled(), BUSY),
        (psycopg.errors.IoError(), DISK),
        (psycopg.errors.DataCorrupted(), DAMAGED),
        (psycopg.errors.UniqueViolation(), None),
        (psycopg.errors.UndefinedTable(), None),
        (psycopg.InterfaceError("a mistake of ours"), None),
        (PoolTimeout(), CROWDED),
        (MemoryError(), CROWDED),
        (ForgetfulError("fsync"), FORGETS),
        (OSError(errno.ENOSPC, "full"), FULL),
        (OSError(errno.EDQUOT, "quota"), FULL),
        (OSError(errno.EROFS, "read-only"), READ_ONLY),
        (OSError(errno.EIO, "broken"), DISK),
        (OSError(errno.EMFILE, "too many"), CROWDED),
        (OSError(errno.EACCES, "another's"), NOT_OURS),
        (OSError(errno.EPERM, "another's"), NOT_OURS),
        (FileNotFoundError(errno.ENOENT, "gone"), None),
        (ValueError("typed"), None),
    ],
    ids=repr,
)
def test_every_database_says_it_in_its_own_way(error: Exception, found: Fault | None) -> None:
    """Bare, wrapped by SQLAlchemy or raised from, it is the same fault; what is none may be a mistake of ours."""
    wrapped = DBAPIError("INSERT INTO person", {"name": "Ada"}, error)
    assert fault(error) is fault(wrapped) is found
    other = RuntimeError("typed")
    other.__cause__ = error
    assert fault(other) is found
    assert kind(error) == type(error).__name__ + (f" ({found.name})" if found else "")


def test_every_fault_has_a_name_a_sentence_and_a_cure_in_korean() -> None:
    """Names are what monitors match: each its own; sentences are translated."""
    assert len({found.name for found in FAULTS}) == len(FAULTS) == 10
    for found in FAULTS:
        assert found.said.to("ko") != found.said.to("en")
        assert found.cure.to("ko") != found.cure.to("en")


def test_a_page_that_writes_where_it_may_only_read_is_our_mistake(engine: Engine) -> None:
    """The database says read-only because we asked for it: nobody is told to look at the disk."""
    with reading(engine) as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(DBAPIError) as raised:
            session.execute(text("DELETE FROM company"))
    assert fault(raised.value) is None


def test_a_silent_server_is_not_waited_for_longer_than_the_address_says(engine: Engine) -> None:
    """The patience of connections is ours, unless the address has its own."""
    told = engine.url.update_query_dict({"connect_timeout": "3"})
    assert patience(engine.url) == PATIENCE
    assert patience(told).keys() == PATIENCE.keys() - {"connect_timeout"}


BROKEN = """
import sys, threading
import click
from sqlalchemy import insert
from survey.cli import main
from survey.cli.context import writing
from survey.models import Person

TWICE = [{"number": "SECRET-7", "name": "Secret Name", "email": "secret@example.com", "language": "ko"}] * 2

def fail(session):
    session.execute(insert(Person), TWICE)

@click.command("break-it")
def broken():
    with writing() as session:
        thread = threading.Thread(target=fail, args=(session,))
        thread.start()
        thread.join()
    try:
        with writing() as session:
            fail(session)
    except Exception as error:
        raise KeyError("Secret Name") from error

main.add_command(broken)
main(sys.argv[1:])
"""


def test_no_value_of_a_row_reaches_a_terminal(engine: Engine, environment: dict[str, str]) -> None:
    """A mistake of ours shows where it is and of which kind, in a thread too, and not what the database quotes."""
    with writing(engine) as session:
        cast.load(session)
    engine.dispose()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", BROKEN, "--lang", "en", "break-it"],
        env={**environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "secret" not in (done.stdout + done.stderr).lower()
    lines = done.stderr.splitlines()
    kinds = [line for line in lines if "IntegrityError" in line]
    assert [line.startswith("KeyError < IntegrityError < ") for line in kinds] == [False, True]
    assert [line for line in lines if "survey/cli/context.py" in line]
    assert lines[-1].startswith("This is a mistake in survey")
