"""Somebody with a mark on everything she sends answers a real server, which crashes; then every file is searched."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.attack.beside import leaks
from survey.attack.target import Target
from survey.database import engine as open_engine
from survey.database import writing
from survey.web.clock import now
from tests import cast
from tests.attack.serving import CRASHING, TALKING, Canary, Server, serving
from tests.attack.staging import Stage, attacked
from tests.journeys.answering import codes_of, open_wave
from tests.services.rounds import WAVE

COMMENT = "canary of the mine, nineteen feathers"
SHOWN = frozenset({"intake"})
"""Tables in whose pages a comment may lie while its wave is open."""


@pytest.fixture
def canary(fresh: Callable[[], Stage]) -> tuple[Stage, Canary]:
    """Give an installation with an open wave, and somebody who is about to answer."""
    staged = fresh()
    engine = open_engine(staged.url)
    with writing(engine) as session:
        cast.load(session)
    open_wave(engine, staged.home, WAVE, now())
    code = codes_of(engine, staged.home, WAVE)[4]
    engine.dispose()
    return staged, Canary(code, COMMENT)


def files(staged: Stage) -> Iterator[tuple[Path, bytes]]:
    """Yield every file under the installation's folder, and every file of the PostgreSQL server."""
    folders = [staged.home] + ([staged.cluster.folder] if staged.cluster else [])
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


def tables_with(target: Target, mark: bytes) -> set[str]:
    """Return the tables in whose own pages, or pieces of long texts, a mark lies."""
    if not target.sqlite:
        names = target.rows("SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'i', 't')")
        return {str(row["name"]) for row in names if mark in (target.relation(str(row["name"])) or b"")}
    roots = target.rows("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")
    found = {
        str(root["name"])
        for root in roots
        for cell in target.file.cells(root["rootpage"])
        if any(mark in str(value).encode() for value in cell.values)
    }
    rest = target.file.content.count(mark) - sum(
        str(value).encode().count(mark)
        for root in roots
        for cell in target.file.cells(root["rootpage"])
        for value in cell.values
    )
    return found | ({"free space"} if rest else set())


def crash(staged: Stage, canary: Canary) -> None:
    """Let the server fail while it keeps the answer, then kill it while it does."""
    with serving(staged.url, staged.home, CRASHING) as server:
        status, page, headers = canary.answer(server, f"crash {COMMENT}")
        assert status == 500
        assert COMMENT not in page
        assert "Set-Cookie" not in headers
        hanging = threading.Thread(target=_cut_off, args=(canary, server), daemon=True)
        hanging.start()
        server.until_it_says(b"hanging")
        server.kill()
        hanging.join()


def _cut_off(canary: Canary, server: Server) -> None:
    with pytest.raises(OSError, match=r".*"):
        canary.answer(server, f"hang {COMMENT}")


def break_database(staged: Stage, canary: Canary) -> None:
    """Let the database refuse the answer, and mend it."""
    with serving(staged.url, staged.home) as server:
        for before, after in (("intake", "elsewhere"), ("elsewhere", "intake")):
            engine = open_engine(staged.url)
            with engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
            engine.dispose()
            if after == "elsewhere":
                assert canary.answer(server, COMMENT)[0] == 500


def test_no_file_holds_who_answered_or_from_where(canary: tuple[Stage, Canary]) -> None:
    """After three crashes and an answer that counts, no file holds her address, browser, code, receipt or way here."""
    staged, person = canary
    crash(staged, person)
    break_database(staged, person)
    receipts = [person.receipt]
    with serving(staged.url, staged.home) as server:
        status, page, headers = person.answer(server, COMMENT)
        receipts.append(person.receipt)
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert "Thank you" in page
        assert not any(mark.decode() in str(headers) for mark in person.marks.values())
        assert person.post(server, "/s/receipt", receipt=person.receipt)[0] == 200
        assert person.post(server, "/s/receipt", receipt=person.code)[0] == 404
    with open_engine_as_insider(staged) as target:
        assert tables_with(target, COMMENT.encode()) <= SHOWN
        assert target.table("intake")
    found = dict(files(staged))
    log = found[staged.home / "server.log"]
    assert b"RuntimeError at" in log
    assert COMMENT.encode() not in log
    if staged.cluster:
        assert b"intake" in found[staged.cluster.folder / "log"]
        assert COMMENT.encode() not in found[staged.cluster.folder / "log"]
    for receipt in receipts:
        person.receipt = receipt
        there = {
            name: path for path, content in found.items() for name, mark in person.marks.items() if mark in content
        }
        assert there == {}
    commented = {path.name for path, content in found.items() if COMMENT.encode() in content}
    database = {path.name for path in found if path.name == "survey.db" or "data" in path.parts}
    assert commented <= database
    assert leaks(staged.home, [WAVE]) == {"codes": set(), "browsers": set(), "addresses": set(), "visits": set()}


def test_a_build_that_logs_requests_is_found(canary: tuple[Stage, Canary]) -> None:
    """The same search finds everything in the log of a build that writes requests down."""
    staged, person = canary
    with serving(staged.url, staged.home, TALKING) as server:
        assert person.answer(server, COMMENT)[0] == 200
    log = (staged.home / "server.log").read_bytes()
    assert {name for name, mark in person.marks.items() if mark in log} > {"code", "address", "browser", "query"}
    assert leaks(staged.home, [WAVE]) == {kind: {"server.log"} for kind in ("codes", "browsers", "addresses", "visits")}


@contextmanager
def open_engine_as_insider(staged: Stage) -> Iterator[Target]:
    """Give the database as it lies on the disk."""
    engine = open_engine(staged.url)
    try:
        with attacked(engine) as target:
            yield target
    finally:
        engine.dispose()
