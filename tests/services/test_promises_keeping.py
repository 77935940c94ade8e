"""Attacks on what is kept: order, transactions, bytes. Each is also run against a build that was broken on purpose."""

import math
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from survey.database import reading, writing
from survey.models import Base
from survey.services import responses, sweeping, waves
from survey.services.codes import code_hash, receipt_hash
from survey.services.people import import_roster, read_roster
from survey.services.replies import Accepted
from survey.services.sweeping import left_over
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

ROOT = Path(__file__).parents[2]
PEOPLE = 90
PERSON_SIDE = ("person", "invitation", "roster_entry")
ON_DISK = """
    SELECT pg_read_binary_file(pg_relation_filepath(c.oid))
    FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE coalesce(i.indrelid, c.oid) IN ('wave'::regclass, 'token'::regclass, 'intake'::regclass)
"""
SYSTEM_COLUMNS = ", ctid::text, xmin::text, xmax::text, cmin::text, cmax::text"


class Arrivals:
    """A company of 90 whose people answered in a known order, each with answers that nobody else gave."""

    def __init__(self, engine: Engine, home: Path) -> None:
        rows = "".join(f"{n},N{n},,ko,T{n % 3},CO\n" for n in range(PEOPLE))
        with writing(engine) as session:
            roster = f"number,name,email,language,unit,parent\nboss,Boss,,ko,CO,\n{rows}"
            import_roster(session, read_roster(roster.encode(), "roster.csv"), cast.TODAY)
        self.codes = rounds.open_next(engine, home, rounds.plan())
        self.receipts: list[str] = []
        with reading(engine) as session:
            self.pepper = waves.wave(session, WAVE).pepper or b""
        for n, code in enumerate(self.codes.values()):
            numbers: dict[str, int | None] = {"play": n % 7 + 1, "purpose": n // 7 % 7 + 1, "potential": n // 49 + 1}
            outcome = rounds.answer(engine, rounds.sent(code, f"comment {n:03}.", numbers))
            assert isinstance(outcome, Accepted)
            self.receipts.append(outcome.receipt)


@pytest.fixture
def arrivals(engine: Engine, home: Path) -> Arrivals:
    """Give a wave with 91 answers that has not been closed."""
    return Arrivals(engine, home)


def stored(connection: Connection, table: str, column: str) -> list[bytes]:
    """Return a column in the order in which the rows lie in the file."""
    return [bytes(value) for value in connection.execute(text(f"SELECT {column} FROM {table}")).scalars()]  # noqa: S608 - our names


def correlation(order: list[int]) -> float:
    """Return the rank correlation of an order with 0, 1, 2 ..., in standard errors under "no connection"."""
    n, middle = len(order), (len(order) - 1) / 2
    covariance = sum((place - middle) * (number - middle) for place, number in enumerate(order))
    return covariance / (n * (n * n - 1) / 12) * math.sqrt(n - 1)


def arrival_orders(engine: Engine) -> dict[str, list[int]]:
    """Return, for each table filled at the close, when each of its rows had arrived."""
    with engine.connect() as connection:
        answers = stored(connection, "response", "answers")
        comments = connection.execute(text("SELECT text FROM comment")).scalars().all()
    places = {item: at for at, item in enumerate(rounds.FOURS)}
    motives = [places[name] for name in ("play", "purpose", "potential")]
    numbers = [[answer[at] - 1 for at in motives] for answer in answers]
    return {
        "response": [play + 7 * purpose + 49 * potential for play, purpose, potential in numbers],
        "comment": [int(re.findall(r"\d+", comment)[0]) for comment in comments],
    }


def test_order_of_arrival_is_gone_after_the_close(engine: Engine, arrivals: Arrivals) -> None:
    """In no table does the order of rows go with the order in which people answered, nor two tables with each other."""
    rounds.close(engine)
    orders = arrival_orders(engine)
    with engine.connect() as connection:
        hashes = stored(connection, "receipt", "hash")
    arrived = {receipt_hash(WAVE, receipt): n for n, receipt in enumerate(arrivals.receipts)}
    orders["receipt"] = [arrived[digest] for digest in hashes]
    assert [sorted(order) for order in orders.values()] == [list(range(PEOPLE + 1))] * 3
    tables = list(orders)
    for at, one in enumerate(tables):
        assert abs(correlation(orders[one])) < 5
        for other in tables[at + 1 :]:
            places = {person: place for place, person in enumerate(orders[other])}
            assert abs(correlation([places[person] for person in orders[one]])) < 5


def test_the_attack_on_order_finds_a_build_that_keeps_it(
    engine: Engine, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ids that count up the same attack succeeds, so its silence above means something."""
    assert arrivals.receipts

    def counted(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        order = sorted(rows, key=place)
        return [{"id": n.to_bytes(16), **row} for n, row in enumerate(order)]

    def place(row: dict[str, object]) -> int:
        return int(re.findall(r"\d+", str(row["text"]))[0]) if "text" in row else 0

    monkeypatch.setattr(responses, "_with_ids", counted)
    rounds.close(engine)
    assert abs(correlation(arrival_orders(engine)["comment"])) > 5


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


def xmins(connection: Connection, *tables: str) -> set[str]:
    """Return the transactions that wrote the rows of PostgreSQL tables."""
    return {
        str(value)
        for table in tables
        for value in connection.execute(text(f"SELECT xmin::text FROM {table}")).scalars()  # noqa: S608 - our names
    }


def test_no_transaction_joins_people_to_answers(engine: Engine, arrivals: Arrivals) -> None:
    """PostgreSQL's hidden transaction numbers join nothing: neither while the wave is open nor after the close."""
    assert arrivals.receipts
    if engine.dialect.name != "postgresql":
        with engine.connect() as connection, pytest.raises(Exception, match="no such column: rowid"):
            connection.execute(text("SELECT rowid FROM intake"))
        return
    with engine.connect() as connection:
        assert not xmins(connection, "intake") & xmins(connection, *PERSON_SIDE)
    rounds.close(engine)
    with engine.connect() as connection:
        moved = xmins(connection, "response", "receipt", "comment")
        assert len(moved) == 1
        assert not moved & xmins(connection, *PERSON_SIDE)


def files(engine: Engine) -> bytes:
    """Return the bytes that lie on the disk for the tables of waves, codes and arrivals."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        assert sorted(file.name for file in path.parent.glob("survey.db*")) == ["survey.db"]
        return path.read_bytes()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return b"".join(map(bytes, connection.execute(text(ON_DISK)).scalars()))


def secrets_in(engine: Engine, arrivals: Arrivals) -> int:
    """Count what recognises a code and is found on the disk: the pepper, and the hash of any code."""
    found = files(engine)
    hashes = [code_hash(arrivals.pepper, code) for code in arrivals.codes.values()]
    return sum(secret in found for secret in (arrivals.pepper, *hashes))


def test_the_close_leaves_no_key_and_no_code_on_the_disk(engine: Engine, arrivals: Arrivals) -> None:
    """After the close neither the pepper nor the hash of a code is in a file, and no freed page is left."""
    rounds.close(engine)
    assert secrets_in(engine, arrivals) == 0
    assert not left_over(engine)


def test_the_attack_on_the_disk_finds_a_build_that_does_not_sweep(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without overwriting, the same search finds what was deleted."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA secure_delete = OFF"))
    arrivals = Arrivals(engine, home)
    monkeypatch.setattr(sweeping, "sweep", lambda _engine: False)
    rounds.close(engine)
    assert secrets_in(engine, arrivals) > 0


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


def test_participation_is_all_that_is_told_before_the_close(engine: Engine, arrivals: Arrivals) -> None:
    """While a wave is open, answers and comments cannot be read by those who publish."""
    assert arrivals.receipts
    readers: list[Callable[[], object]] = []
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        readers += [
            lambda: list(responses.answer_rows(session, wave)),
            lambda: list(responses.comment_rows(session, wave)),
        ]
        assert [read() for read in readers] == [[], []]
