"""What a close must destroy, searched byte by byte; and builds that leave it lying about."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from survey import database
from survey.attack.finding import Finding, Occasion
from survey.attack.remains import attack, dead_keys, logged
from survey.attack.sqlite_pages import SqliteFile
from survey.attack.target import Target
from survey.services.invitations.codes import code_hash
from survey.services.waves import closing
from tests.attack.conftest import FEW, PEOPLE
from tests.attack.staging import Stage, attacked, stage
from tests.services import rounds
from tests.services.rounds import OVER


def found(target: Target, staged: Stage) -> list[Finding]:
    """Return what the attack on remains finds."""
    occasion = Occasion(OVER, staged.known)
    return [finding for finding in attack(target, occasion) if finding.outcome == "found"]


def files(target: Target) -> bytes:
    """Return the bytes of the database's own files, without PostgreSQL's write-ahead log."""
    if target.sqlite:
        return target.file.content
    names = target.rows(
        "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'i', 't') AND oid > 16383"
    )
    return b"".join(target.relation(row["name"]) or b"" for row in names)


def secrets(staged: Stage) -> list[bytes]:
    """Return what recognises a code, and codes and receipts as people hold them."""
    hashes = [code_hash(staged.pepper, code) for code in staged.codes.values()]
    return [staged.pepper, *hashes, *(word.encode() for word in (*staged.codes.values(), *staged.receipts))]


def test_the_close_leaves_no_key_no_code_and_no_deleted_row(staged: Stage) -> None:
    """After the close neither pepper, code, its hash nor a receipt is in a file, and nothing lies between rows."""
    with staged.branch() as engine:
        with attacked(engine) as target:
            assert staged.pepper in files(target)
        rounds.close(engine)
        with attacked(engine) as target:
            assert found(target, staged) == []
            everything = files(target)
            assert [secret for secret in secrets(staged) if secret in everything] == []


def test_a_build_that_does_not_overwrite_is_found(
    fresh: Callable[[], Stage], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without overwriting, what was deleted is found: codes between rows in SQLite, the pepper in PostgreSQL."""
    careless = tuple(pragma.replace("secure_delete = ON", "secure_delete = OFF") for pragma in database.PRAGMAS)
    monkeypatch.setattr(database, "PRAGMAS", careless)
    monkeypatch.setattr(closing, "sweep_after_commit", lambda _session: None)
    staged = stage(fresh(), FEW, rounds.plan())
    with staged.branch() as engine:
        rounds.close(engine)
        with attacked(engine) as target:
            assert found(target, staged)
            assert any(secret in files(target) for secret in secrets(staged))
            if kind == "postgresql":
                assert staged.pepper in dead_keys(target)
            else:
                assert any(list(target.file.remains()))


def keep_pepper(engine: Engine, staged: Stage) -> None:
    """Break the build: the key that recognises codes outlives the close."""
    if engine.dialect.name == "sqlite":
        statements = ("DROP TRIGGER frozen_wave_update", "PRAGMA ignore_check_constraints = ON")
    else:
        statements = (
            "ALTER TABLE wave DISABLE TRIGGER USER",
            "ALTER TABLE wave DROP CONSTRAINT ck_wave_pepper_dies_at_close",
        )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(text("UPDATE wave SET pepper = :pepper"), {"pepper": staged.pepper})


def keep_codes(engine: Engine, staged: Stage) -> None:
    """Break the build: unspent codes outlive the close."""
    code = {"hash": code_hash(staged.pepper, staged.silent)}
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO token SELECT :hash, id, 'CO' FROM wave"), code)


@pytest.mark.parametrize(
    ("broken", "word"), [(keep_pepper, "the key that recognises codes"), (keep_codes, "codes")], ids=["pepper", "codes"]
)
def test_a_build_that_keeps_what_recognises_codes_is_found(
    staged: Stage, broken: Callable[[Engine, Stage], None], word: str
) -> None:
    """A pepper or a code that is left after the close is told by its name."""
    with staged.branch() as engine:
        rounds.close(engine)
        broken(engine, staged)
        with attacked(engine) as target:
            assert f"Left over from a wave that is not open: {word}, 1 rows." in [
                str(one.said) for one in found(target, staged)
            ]


def test_the_write_ahead_log_is_told_honestly(staged: Stage) -> None:
    """After the close of an unsealed wave PostgreSQL's log still holds answers by their receipts: that is said."""
    with staged.branch() as engine:
        if engine.dialect.name == "sqlite":
            return
        rounds.close(engine)
        with attacked(engine) as target:
            pairs = logged(target)
            told = {one.receipt: one.answers for one in staged.known}
            assert len(pairs) > PEOPLE // 2
            assert pairs.items() <= told.items()
            said = [finding for finding in attack(target, Occasion(OVER)) if finding.outcome == "possible"]
        assert "until it is overwritten" in str(said[0].said)


@pytest.mark.parametrize(
    ("left", "tells"),
    [
        ("009c34050fcb0035", False),  # as found in a file: a place, two lengths, a free block's next and size
        ("9e1b16eca00d64e3d8", True),
    ],
)
def test_what_sqlite_notes_of_a_cell_is_no_row(tmp_path: Path, left: str, tells: bool) -> None:  # noqa: FBT001 - a case
    """While a page fills, heads of cells that moved stay between its cells; nine bytes of something are a find."""
    path = tmp_path / "one.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE one (n integer)")
    connection.close()
    content = bytearray(path.read_bytes())
    gap = 4096 + 8 + 2
    content[gap : gap + len(left) // 2] = bytes.fromhex(left)
    assert bool(list(SqliteFile(bytes(content)).remains())) == tells
