"""More people than can be answered, at a real server: each hears so soon, keeps what she has, and loses nothing."""

import datetime as dt
import os
import resource
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from benchmarks.intake.servers import family, worked
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.services.responses.responses import counted
from survey.services.waves import last_tick
from survey.web.line import LATEST, SOONEST
from survey.web.serving import CONNECTIONS
from tests import cast, hardened
from tests.conftest import KEY
from tests.faults.serving import Server, given_back, serving
from tests.journeys.answering import WAVE, codes_of, open_wave
from tests.journeys.processes import Line
from tests.services.hosts import until

THREADS: Final = 8
"""Of `survey serve`, unless told otherwise."""
COMING: Final = 20
AT_REST: Final = 0.4
"""Seconds of the processor in two: asking again and again for a caller takes all that the machine gives."""
CALLERS: Final = 3 * CONNECTIONS // 2
ENGLISH: Final = {"Accept-Language": "en"}
KOREAN: Final = {"Accept-Language": "ko"}
TITLES: Final = ("Many people are answering at this moment", "지금 많은 분이 한꺼번에 답하고 있어요")


class Company:
    """An installation in which a wave is open, and its server."""

    def __init__(self, home: Path, template: Path) -> None:
        self.file = home / "survey.db"
        shutil.copyfile(template, self.file)
        (home / "secret.key").write_bytes(KEY)
        self.environment = {**os.environ, "SURVEY_HOME": str(home)}
        opened = open_engine(f"sqlite:///{self.file}")
        with writing(opened) as session:
            cast.load(session)
        open_wave(opened, home, WAVE, dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0))
        self.codes = codes_of(opened, home, WAVE)
        opened.dispose()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep SQLite's lock, so that whatever needs the database waits for it."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")

    def counts(self, receipt: str) -> bool:
        """Tell whether a receipt was counted."""
        opened = open_engine(f"sqlite:///{self.file}")
        with reading(opened) as session:
            found = counted(session, receipt) == WAVE
        opened.dispose()
        return found


@pytest.fixture
def company(home: Path, sqlite_template: Path) -> Company:
    """Give an installation."""
    return Company(home, sqlite_template)


@pytest.fixture
def server(company: Company, tmp_path: Path) -> Iterator[Server]:
    """Serve it in a process of its own."""
    with serving(company.environment, tmp_path / "server.log") as running:
        yield running


def test_who_would_wait_too_long_is_told_and_loses_nothing(company: Company, server: Server) -> None:
    """While somebody keeps all threads, others are told in their language when to come again, and answers come back.

    Signs of life and files go on meanwhile; once the lock is given back, who waited is answered, and answers count.
    """
    sent = server.fill_in(company.codes[0], "what she wrote")
    with ExitStack() as lines:
        with company.locked():
            waiting = [lines.enter_context(closing(Line(server.port))) for _ in range(THREADS + COMING)]
            for at, line in enumerate(waiting):
                line.send("/s?from=letter", headers=(ENGLISH, KOREAN)[at % 2])
            back = server.ask("/s/answer", sent)
            assert server.ask("/healthz").status == 200
            assert server.ask("/static/survey/survey.css").status == 200
            told = [line for line in waiting if line.has_heard()]
            assert len(told) == COMING
            pages = [line.hear() for line in told]
        left = [line for line in waiting if line not in told]
        assert [line.receive()[0] for line in left] == [200] * THREADS
    assert {page.status for page in pages} == {503}
    assert all(SOONEST <= int(page.headers["Retry-After"]) <= LATEST for page in pages)
    assert {title for page in pages for title in TITLES if title in page.text} == set(TITLES)
    assert all(f'content="{page.headers["Retry-After"]}; url=/s?from=letter"' in page.text for page in pages)
    assert [hardened.faults("/s", page.headers.items(), https=False) for page in pages] == [[]] * COMING
    given_back(back, sent, again=back.headers["Retry-After"])
    assert TITLES[0] in back.text
    thanks = server.ask("/s/answer", {**back.fields, "go": "send"})
    assert "Thank you" in thanks.text
    assert company.counts(sent["receipt"])


def test_more_callers_than_places(company: Company, server: Server) -> None:
    """Where thousands hold connections and say nothing, somebody who comes is answered; afterwards all is as before."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2 * CALLERS)), hard))
    try:
        before = _files(server)
        with ExitStack() as callers:
            for _ in range(CALLERS):
                callers.enter_context(closing(socket.create_connection(("127.0.0.1", server.port))))
            assert server.fill_in(company.codes[0])["receipt"]
            assert _files(server) <= CONNECTIONS + before
        until(lambda: _files(server) <= before + THREADS)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_callers_than_files(company: Company, server: Server, tmp_path: Path) -> None:
    """Where the system has no file for another caller, the log says so once, and the server rests meanwhile."""
    pid, log = server.process.pid, tmp_path / "server.log"
    assert server.fill_in(company.codes[0])["receipt"]
    until(lambda: last_tick.read(company.file.parent) is not None)
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (_files(server) + 5, before[1]))
    with ExitStack() as callers:
        for _ in range(COMING):
            callers.enter_context(closing(socket.create_connection(("127.0.0.1", server.port))))
        until(lambda: "no more callers can be taken: OSError (crowded)" in log.read_text("utf-8"))
        work = worked(family(pid))
        time.sleep(2)
        assert worked(family(pid)) - work < AT_REST
        assert log.read_text("utf-8").count("no more callers") == 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert server.fill_in(company.codes[0])["receipt"]


def _files(server: Server) -> int:
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in family(server.process.pid))


NO_HTTP: Final = {
    "no line of HTTP": (b"hello\r\n\r\n", 400),
    "two lengths": (b"POST /s HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n", 400),
    "far too much": (b"POST /s HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", 413),
    "headers without end": (b"GET /s HTTP/1.1\r\n" + b"X: " + b"a" * 300_000, 431),
    "another coding": (b"POST /s HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
}


def test_what_is_no_http_gets_the_headers_of_all_answers(server: Server) -> None:
    """Also what the server itself refuses may not be kept, framed or taken for something else."""
    for name, (said, status) in NO_HTTP.items():
        with socket.create_connection(("127.0.0.1", server.port)) as line, line.makefile("rb") as answer:
            line.sendall(said)
            first = answer.readline().decode()
            rows = [row.decode().rstrip().partition(": ") for row in iter(answer.readline, b"\r\n")]
        assert f" {status} " in first, name
        assert hardened.faults("/s", [(name, value) for name, _, value in rows], https=False) == [], name
