import datetime as dt
import gc
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.cli.processes import listening
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.migrations import upgrade
from survey.services.waves import opening, wave_plans, waves
from survey.services.waves.wave_plans import WaveDraft
from survey.settings import Settings
from survey.web.factory import create_app
from survey.web.serving import Server
from tests import cast

PATIENCE = 30.0


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from survey.app import main; main()", "serve", "--port", str(port)]
    environment = {**os.environ, "SURVEY_HOME": str(home), "LANG": "C.UTF-8"}
    environment.pop("SURVEY_DATABASE_URL", None)
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()  # an interrupt may be ignored where tests run in the background
            process.wait(PATIENCE)


def _until(port: int, path: str) -> int:
    """Return the status of a page as soon as the server answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer")


@pytest.fixture
def overdue(home: Path, sqlite_template: Path) -> Path:
    """Give the home of an installation whose open wave ended an hour ago and whose issue key is three days old."""
    (home / "survey.db").write_bytes(sqlite_template.read_bytes())
    opened = open_engine(f"sqlite:///{home / 'survey.db'}")
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    with writing(opened) as session:
        cast.load(session)
        started, ends = now - dt.timedelta(days=3), now - dt.timedelta(hours=1)
        wave_plans.draft(session, WaveDraft(code="2026-Q4", opens_at=started, closes_at=ends), started)
        opening.open_wave(session, "2026-Q4", started, home)
    opened.dispose()
    return home


def test_serving_keeps_the_promises_of_time(overdue: Path) -> None:
    """A server without any timer beside it destroys the key after 48 hours and closes the wave at its end."""
    port = _free_port()
    assert (overdue / "keys" / "2026-Q4.key").exists()
    with _serving(overdue, port):
        assert _until(port, "/healthz") == 200
        opened = open_engine(f"sqlite:///{overdue / 'survey.db'}")
        deadline = time.monotonic() + PATIENCE
        state = ""
        while state != "closed" and time.monotonic() < deadline:
            with reading(opened) as session:
                state = waves.wave(session, "2026-Q4").state
            time.sleep(0.2)
        opened.dispose()
        assert state == "closed"
    assert not (overdue / "keys" / "2026-Q4.key").exists()


def test_a_taken_port_is_told_in_a_sentence(overdue: Path) -> None:
    """Two servers on one port: the second says what to do and ends."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with _serving(overdue, taken.getsockname()[1]) as process:
            said, _nothing = process.communicate(timeout=PATIENCE)
            assert process.returncode == 1
    assert re.fullmatch(
        r"Cannot listen on 127.0.0.1, port \d+ \(Address already in use\)\. Choose another port.*\n", said
    )


def test_a_failing_clock_says_so_and_pages_go_on(overdue: Path) -> None:
    """A tick that fails is told by its kind, to be tried again; pages answer meanwhile."""
    opened = open_engine(f"sqlite:///{overdue / 'survey.db'}")
    with writing(opened) as session:
        session.execute(text("DROP TABLE intake"))
    opened.dispose()
    port = _free_port()
    with _serving(overdue, port) as process:
        assert _until(port, "/healthz") == 200
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        assert "tick: OperationalError\n" in lines
        assert process.poll() is None


def test_an_empty_home_is_made_ready_and_shows_the_way_in(tmp_path: Path) -> None:
    """On a machine with nothing, serving makes what is needed and prints one address; killed and started, the same."""
    said = []
    for _ in range(2):
        port = _free_port()
        with _serving(tmp_path / "home", port) as process:
            assert _until(port, "/readyz") == 200
            assert process.stdout is not None
            said.append(process.stdout.readline())
            process.kill()
    codes = [re.findall(r"http://127\.0\.0\.1:\d+/first-run/#((?:[0-9A-Z]{4}-?){4}) ", line) for line in said]
    assert codes[0] == codes[1]
    assert len(codes[0]) == 1


def test_an_older_database_is_not_touched_by_serving(home: Path) -> None:
    """Serving makes tables where there are none; to bring older ones up is a decision of its own."""
    opened = open_engine(f"sqlite:///{home / 'survey.db'}")
    upgrade(opened, "0002")
    opened.dispose()
    with _serving(home, _free_port()) as process:
        said, _nothing = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "Run: survey migrate" in said


def test_the_collector_leaves_alone_what_stays(overdue: Path) -> None:
    """Modules and templates stay as long as the server does: walking through them cost pages a quarter of a second."""
    settings = Settings.from_environment({"SURVEY_HOME": str(overdue)})
    app = create_app(settings)
    try:
        server = Server(app, settings, listening("127.0.0.1", _free_port()), threads=1)
        server.stop()
        server.run(lambda: None)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        app.extensions["survey.engine"].dispose()
