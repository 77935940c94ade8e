"""Somebody takes all reports and stops reading, or goes away: others are served, and nothing is left behind."""

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel

from reports.pool import place
from survey.runs.report_files import ReportFiles
from survey.settings import Settings
from survey.web import stalled
from survey.web.line import Line
from survey.web.listener import Listener
from survey.web.publications.reports import AT_ONCE
from tests.journeys.doors import WAVE, Visitor, published
from tests.services.hosts import until

ZIP: Final = f"/reports/{WAVE}/all.zip"
PATIENCE: Final = 300.0
LARGE: Final = 4 * 2**20
"""Bytes of a report: all of them are more than waitress and the system hold for a reader."""


class Serving:
    """Connections of `survey serve` with one thread, turned by a thread of the test."""

    def __init__(self, app: Flask) -> None:
        self.channels: dict[int, Any] = {}
        called = socket.create_server(("127.0.0.1", 0))
        of = (called.family, called.type, called.proto, called.getsockname())
        how = {"dispatcher": Line(threads=1), "adj": Adjustments(sockets=[called]), "sockinfo": of}
        self.server = Listener(app, self.channels, _sock=called, bind_socket=False, **how)
        self.hours = 0.0
        """Set to let that much time pass for whoever does not read."""
        self.full = False
        """Set where there is no room for anybody else."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._over.is_set():
            wasyncore.loop(timeout=0.05, use_poll=True, map=self.channels, count=1)
            stalled.drop(self.channels.values(), time.time() + self.hours * 3600, full=self.full)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve as long as the block goes on."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()
            for each in list(self.channels.values()):
                (each.handle_close if isinstance(each, HTTPChannel) else each.close)()
            self.server.task_dispatcher.shutdown()

    def asked(self, address: str, cookies: str) -> socket.socket:
        """Ask for a page, and return the connection before anything was read."""
        connection = socket.create_connection(("127.0.0.1", self.server.effective_port), PATIENCE)
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode())
        return connection

    def is_full(self) -> bool:
        """Tell whether a thread waits for its reader."""
        full = self.server.adj.outbuf_high_watermark
        found = [each for each in self.channels.values() if isinstance(each, HTTPChannel)]
        return any(each.total_outbufs_len > full for each in found)


@pytest.fixture
def cookies(client: FlaskClient, engine: Engine, home: Path, settings: Settings) -> str:
    """Publish the cast's wave with large reports, sign HR in, and give what her browser sends."""
    files = ReportFiles(settings, published(engine, home))
    for job in files.jobs:
        files.store.keep(place(files.publication.told_digest, job), bytes(LARGE))
    Visitor(client).sign_in("Cy")
    return "; ".join(f"{each.key}={each.value}" for each in (client._cookies or {}).values())


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which waitress keeps what waits for a reader."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("leaves", [False, True])
def test_a_reader_who_stops_holds_up_nobody(
    app: Flask,
    cookies: str,
    home: Path,
    spool: Path,
    leaves: bool,  # noqa: FBT001 - a table
) -> None:
    """The thread that made the ZIP for her serves the next; what it read from is closed, and no file is left."""
    before = threading.active_count()
    kept = {path for path in home.rglob("*") if path.is_file()}
    serving = Serving(app)
    with serving.running():
        with closing(serving.asked(ZIP, cookies)) as reader, closing(serving.asked("/sign-in", "")) as other:
            until(serving.is_full)
            if leaves:
                reader.close()
            else:
                serving.hours = 1
            assert other.recv(4096).startswith(b"HTTP/1.1 200 OK")
        turns: threading.BoundedSemaphore = app.extensions["survey.zips"]
        assert all(turns.acquire(blocking=False) for _ in range(AT_ONCE))
    until(lambda: threading.active_count() == before)
    assert {path for path in home.rglob("*") if path.is_file()} == kept
    assert list(spool.iterdir()) == []


def test_a_reader_who_reads_gets_all_of_it(app: Flask, cookies: str) -> None:
    """However slow: whoever takes anything within a minute is not hung up on."""
    serving, got = Serving(app), 0
    with serving.running(), closing(serving.asked(ZIP, cookies)) as reader:
        until(serving.is_full)
        while not (piece := reader.recv(2**20)).endswith(b"0\r\n\r\n"):
            got += len(piece)
    assert got > 2 * LARGE


def test_a_third_who_takes_all_reports_is_asked_to_wait(client: FlaskClient, cookies: str) -> None:
    """Two ZIPs leave at a time; the third reader is told so, and gets hers once one is through."""
    assert cookies
    first, second = (client.get(ZIP) for _ in range(AT_ONCE))
    refused = client.get(ZIP)
    assert refused.status_code == 409
    assert "Others are taking all reports" in refused.text
    first.close()
    with client.get(ZIP) as third:
        assert third.status_code == 200
    second.close()
