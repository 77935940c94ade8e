"""What an answer writes, what a crash leaves, what can be read before the close; tests/attack searches the rest."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from survey.database import reading
from survey.models import Base
from survey.services.responses import responses
from survey.services.responses.replies import Accepted
from survey.services.waves import waves
from tests.services import rounds
from tests.services.rounds import WAVE

ROOT = Path(__file__).parents[2]
SYSTEM_COLUMNS = ", ctid::text, xmin::text, xmax::text, cmin::text, cmax::text"


def person_side(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that an answer must not touch, PostgreSQL's hidden columns included."""
    hidden = SYSTEM_COLUMNS if connection.dialect.name == "postgresql" else ""
    touched = {"token", "intake", "wave"}
    tables = [table.name for table in Base.metadata.sorted_tables if table.name not in touched]
    return {
        name: sorted(map(tuple, connection.execute(text(f'SELECT *{hidden} FROM "{name}"'))), key=repr)  # noqa: S608 - our names
        for name in tables
    }


def test_an_answer_writes_nothing_on_the_persons_side(engine: Engine, home: Path) -> None:
    """Answering changes no row outside codes and arrivals, hidden columns included."""
    codes = rounds.open_cast(engine, home)
    with engine.connect() as connection:
        before = person_side(connection)
    assert isinstance(rounds.answer(engine, rounds.sent(codes["Di"], comment="x")), Accepted)
    with engine.connect() as connection:
        assert person_side(connection) == before


CLIENT = """
import datetime as dt, sys
from survey.database import engine
from tests.services import rounds
opened = engine(sys.argv[1])
for code in sys.argv[2:]:
    print(rounds.answer(opened, rounds.sent(code)).receipt, flush=True)
"""


@pytest.mark.parametrize("kills", [4])
def test_what_was_acknowledged_survives_a_kill(
    engine: Engine, home: Path, environment: dict[str, str], kills: int
) -> None:
    """A process that is killed while answers come in has lost none for which it had said thank you."""
    codes = list(rounds.open_cast(engine, home).values())
    receipts: list[str] = []
    each = len(codes) // kills
    for at in range(kills):
        arguments = [
            sys.executable,
            "-c",
            CLIENT,
            environment["SURVEY_DATABASE_URL"],
            *codes[at * each : (at + 1) * each],
        ]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT) as client:  # noqa: S603 - our own program
            assert client.stdout is not None
            receipts += [client.stdout.readline().decode().strip() for _ in range(2)]
            client.send_signal(signal.SIGKILL)
    with reading(engine) as session:
        assert [responses.counted(session, receipt) for receipt in receipts] == [WAVE] * len(receipts)
    assert len(receipts) == 2 * kills


def test_participation_is_all_that_is_told_before_the_close(engine: Engine, home: Path) -> None:
    """While a wave is open, answers and comments cannot be read by those who publish."""
    for code in rounds.open_cast(engine, home).values():
        assert isinstance(rounds.answer(engine, rounds.sent(code, comment="x")), Accepted)
    readers: list[Callable[[], object]] = []
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        readers += [
            lambda: list(responses.answer_rows(session, wave)),
            lambda: list(responses.comment_rows(session, wave)),
        ]
        assert [read() for read in readers] == [[], []]
