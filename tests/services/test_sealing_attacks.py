"""Attacks on a sealed wave with the whole disk in hand; each is also run against a build that was broken on purpose."""

import math
import os
import secrets
from pathlib import Path

import msgspec
import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import Engine, LargeBinary, Table, delete, event, select, text
from sqlalchemy.orm import Session

from survey.models import Base, Wave
from survey.services.responses import boxes, responses
from survey.services.sealing import sealing
from survey.services.sealing.sealing import Said
from survey.services.waves import sweeping
from tests.services import rounds, sealed
from tests.services.disk import tables
from tests.services.sealed import LEAD, Told


def folder(root: Path) -> bytes:
    """Return the bytes of all files below a folder."""
    return b"\0".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


def disk(engine: Engine, home: Path) -> bytes:
    """Return all that an administrator finds: the database's files, its write-ahead log, the home, the environment."""
    found = [folder(home), *(f"{name}={value}".encode() for name, value in os.environ.items())]
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
        data = Path(str(engine.url.query["host"])) / "data"
        found += [folder(data / "base" / str(number)), folder(data / "pg_wal")]
    return b"\0".join(found)


def read_back(engine: Engine, home: Path, told: Told) -> int:
    """Count the answers and comments that lie readable anywhere."""
    found = disk(engine, home)
    return sum(said in found for said in (*told.vectors, *(comment.encode() for comment in told.comments)))


def opened_with(engine: Engine, home: Path) -> int:
    """Count the boxes that open with anything of a key's length that is kept: in any column, in any file."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    candidates = {path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with engine.connect() as connection:
        for column in columns:
            if isinstance(column.type, LargeBinary):
                candidates |= {bytes(value) for value in connection.execute(select(column)).scalars() if value}
    keys = [PrivateKey(each) for each in candidates if len(each) == PrivateKey.SIZE]
    assert len(keys) > len(sealed.kept(engine).arrived)  # pepper, secret, issue key, hashes: there was a lot to try
    return sum(_opens(key, box) for box in sealed.kept(engine).arrived for key in keys)


def _opens(key: PrivateKey, box: bytes) -> bool:
    try:
        SealedBox(key).decrypt(box)
    except CryptoError:
        return False
    return True


def test_the_whole_disk_says_nothing_while_a_sealed_wave_is_open(engine: Engine, home: Path) -> None:
    """No answer, no comment and no private key is in any file, and nothing that is there opens a box."""
    keys = sealed.register(engine)
    told = sealed.answered(engine, home)
    assert read_back(engine, home, told) == 0
    assert opened_with(engine, home) == 0
    found = disk(engine, home)
    assert not any(bytes(key) in found for key in (*keys.values(), sealed.wave_key(engine, keys[LEAD])))
    rounds.close(engine)
    assert read_back(engine, home, told) == 0


def test_the_attack_on_the_disk_reads_a_build_that_does_not_encrypt(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With boxes that are not locked the same search finds every answer and every comment."""

    def plain(_wave: Wave, said: Said) -> bytes:
        return msgspec.msgpack.encode(said)

    sealed.register(engine)
    monkeypatch.setattr(sealing, "seal", plain)
    told = sealed.answered(engine, home)
    assert read_back(engine, home, told) == 2 * len(told.vectors)


@pytest.mark.parametrize("place", ["keys/2026-Q4.seal", "forgotten.bin"])
def test_the_attack_on_the_key_opens_a_build_that_keeps_it(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Where the wave's private key is written to a file at the opening, the same attempts open every box."""

    def careless() -> PrivateKey:
        key = PrivateKey(secrets.token_bytes(PrivateKey.SIZE))
        (home / place).parent.mkdir(exist_ok=True)
        (home / place).write_bytes(bytes(key))
        return key

    sealed.register(engine)
    monkeypatch.setattr(PrivateKey, "generate", careless)
    told = sealed.answered(engine, home)
    assert opened_with(engine, home) == len(told.vectors)


def remains(engine: Engine, kept: sealed.Kept) -> int:
    """Count what was sealed or wrapped and still lies in a file, whole or as the part that fits into a page."""
    found = tables(engine)
    return sum(box[:64] in found for box in (*kept.boxes, *kept.wrapped))


def test_no_box_and_no_wrapped_key_outlives_the_unsealing(engine: Engine, home: Path) -> None:
    """They are in the database's files before, and in none of them afterwards: no freed page, no dead row."""
    keys = sealed.register(engine)
    told = sealed.answered(engine, home)
    rounds.close(engine)
    kept = sealed.kept(engine)
    assert remains(engine, kept) == len(told.vectors) + len(keys)
    sealed.unseal(engine, keys[LEAD])
    assert remains(engine, kept) == 0
    assert not sweeping.left_over(engine)


def test_the_attack_on_remains_finds_a_build_that_only_deletes(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where rows are deleted and nothing is overwritten, the same search finds what was sealed and wrapped."""

    def only_delete(session: Session, table: Table, wave: int) -> None:
        session.execute(delete(table).where(table.c.wave_id == wave))

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA secure_delete = OFF"))
        engine.dispose()
    keys = sealed.register(engine)
    sealed.answered(engine, home)
    rounds.close(engine)
    kept = sealed.kept(engine)
    for module in (boxes, sealing):
        monkeypatch.setattr(module, "delete_without_trace", only_delete)
    monkeypatch.setattr(sweeping, "sweep", lambda _engine: False)
    sealed.unseal(engine, keys[LEAD])
    assert remains(engine, kept) > len(kept.boxes) // 2


def orders(engine: Engine, told: Told) -> dict[str, list[int]]:
    """Return for each table filled by the unsealing when each of its rows had arrived, in the order of the file."""
    with engine.connect() as connection:
        vectors = [bytes(value) for value in connection.execute(text("SELECT answers FROM response")).scalars()]
        comments = list(connection.execute(text("SELECT text FROM comment")).scalars())
    return {
        "response": [told.vectors.index(vector) for vector in vectors],
        "comment": [told.comments.index(comment) for comment in comments],
    }


def correlation(order: list[int]) -> float:
    """Return the rank correlation of an order with 0, 1, 2 ..., in standard errors under "no connection"."""
    n, middle = len(order), (len(order) - 1) / 2
    covariance = sum((place - middle) * (number - middle) for place, number in enumerate(order))
    return covariance / (n * (n * n - 1) / 12) * math.sqrt(n - 1)


def test_no_order_survives_the_unsealing(engine: Engine, home: Path) -> None:
    """Rows lie neither in the order of arrival nor answers and comments in one another's."""
    keys = sealed.register(engine)
    told = sealed.answered(engine, home)
    rounds.close(engine)
    sealed.unseal(engine, keys[LEAD])
    answers, comments = orders(engine, told).values()
    assert sorted(answers) == sorted(comments) == list(range(len(told.vectors)))
    assert abs(correlation(answers)) < 5
    assert abs(correlation([comments.index(person) for person in answers])) < 5


def test_the_attack_on_order_joins_what_a_build_keeps_together(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ids that count up, the same search finds each answer's comment in the same place."""

    def counted(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [{"id": place.to_bytes(16), **row} for place, row in enumerate(rows)]

    keys = sealed.register(engine)
    told = sealed.answered(engine, home)
    rounds.close(engine)
    monkeypatch.setattr(responses, "_with_ids", counted)
    sealed.unseal(engine, keys[LEAD])
    answers, comments = orders(engine, told).values()
    assert abs(correlation([comments.index(person) for person in answers])) > 5
