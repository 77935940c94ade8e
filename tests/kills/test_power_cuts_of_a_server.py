"""An answer that was acknowledged outlives a power cut of PostgreSQL's machine: its disk forgets what was not synced.

The server lies on a disk of the test's own. All its processes are killed at once, and the disk is shut down without
writing anything more, as the kernel's own tests of file systems do it; what the server then makes of what is left is
its own recovery.
"""

import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from survey import database
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.migrations import upgrade
from survey.services.responses.responses import counted
from survey.settings import Settings
from survey.web.clock import now
from survey.web.factory import create_app
from tests import cast
from tests.cluster import Cluster, cluster
from tests.faults.disks import Disk, disk
from tests.journeys.answering import WAVE, begin, codes_of, open_wave

LARGE: Final = 384 << 20
CLIENTS: Final = 4
CUTS: Final = 3
CARELESS: Final = "-c synchronous_commit=off -c wal_writer_delay=10s"
"""Whoever runs the server asks it not to wait for the disk, and to write as late as it can."""


class Machine:
    """A server whose power is cut while people answer."""

    def __init__(self, running: Cluster, where: Disk, home: Path) -> None:
        self.running, self.disk, self.home = running, where, home
        self.url = running.url(running.create())
        opened = open_engine(self.url)
        upgrade(opened)
        with writing(opened) as session:
            cast.load(session)
        open_wave(opened, home, WAVE, now())
        self.codes = codes_of(opened, home, WAVE)
        opened.dispose()
        self.thanked: list[str] = []
        self._one_at_a_time = threading.Lock()
        self._dark = False

    def lose(self) -> int:
        """Let everybody answer, and cut the power right after some of the thanks; return how many answers were lost."""
        app = create_app(Settings.from_environment({"SURVEY_HOME": str(self.home), "SURVEY_DATABASE_URL": self.url}))
        opened: Engine = app.extensions["survey.engine"]
        everybody = len(self.codes)
        missing: set[str] = set()
        for cut in range(1, CUTS + 1):
            self._answer(app, self.codes[cut - 1 :: CUTS], everybody * cut // CUTS - 1)
            assert self._dark
            self.disk.get_power()
            self.running.boot()
            self._dark = False
            with reading(opened) as session:
                missing |= {each for each in self.thanked if counted(session, each) != WAVE}
        with reading(opened) as session:
            kept = session.execute(text("SELECT count(*) FROM intake")).scalar_one()
        opened.dispose()
        assert kept >= len(self.thanked) - len(missing)
        return len(missing)

    def _answer(self, app: Flask, codes: Sequence[str], until: int) -> None:
        """Let people answer, several at the same time, until so many were thanked in all."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda which: self._one(app, codes[which::CLIENTS], until), range(CLIENTS)))

    def _one(self, app: Flask, codes: Sequence[str], until: int) -> None:
        client = app.test_client()
        for code in codes:
            fields = begin(client, code)
            if "receipt" not in fields:  # it is dark
                return
            form = {**fields, "play": "6", "comment": f"with {code}", "go": "send"}
            if client.post("/s/answer", data=form).status_code == 200:
                self._thanks(fields["receipt"], until)

    def _thanks(self, receipt: str, until: int) -> None:
        with self._one_at_a_time:
            self.thanked.append(receipt)
            if len(self.thanked) >= until and not self._dark:
                self._dark = True
                self.running.kill()
                self.disk.lose_power()


@pytest.fixture
def machine(home: Path) -> Iterator[Machine]:
    """Give a server on a disk of its own, which is asked not to wait for it, with an open wave."""
    short = Path(tempfile.mkdtemp(prefix="survey-"))
    try:
        with disk(short / "disk", LARGE) as where:
            if not where.mounted:
                pytest.skip("no disk of a test's own can be mounted here")
            where.folder.chmod(0o777)
            short.chmod(0o755)
            with cluster(CARELESS, where.folder) as running:
                made = Machine(running, where, home)
                where.settle()
                yield made
    finally:
        shutil.rmtree(short, ignore_errors=True)


def test_no_power_cut_takes_an_acknowledged_answer(machine: Machine) -> None:
    """Whatever the server was told to do without, whoever was thanked is counted."""
    assert machine.lose() == 0


def test_power_cuts_are_seen_where_survey_does_not_insist(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the setting that each connection begins with, the same cuts take answers."""
    monkeypatch.setattr(database, "WAIT", "SELECT 1")
    assert machine.lose() > 0
