"""A disk that is full, that can only be read, or that lost the database: nothing acknowledged is lost, all is said."""

import datetime as dt
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.services.doctor import room
from survey.services.responses.responses import counted
from survey.services.waves import last_tick
from survey.settings import Settings
from tests import cast
from tests.conftest import KEY
from tests.faults.disks import Disk, disk
from tests.faults.serving import PATIENCE, Page, Server, given_back, serving
from tests.journeys.answering import WAVE, codes_of, open_wave
from tests.services.mail_process import ROOT

SAYING = "What nobody is to read in a log."
HALF = """
import sqlite3, sys, time
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("PRAGMA cache_size = 1")  # so that pages are written before the change is whole
file.execute("BEGIN")
file.execute("CREATE TABLE half AS SELECT randomblob(200000) AS a_change")
print("half done", flush=True)
time.sleep(600)
"""
"""Somebody who is in the midst of a change."""


class Company:
    """An installation on a disk of its own, in which a wave is open."""

    def __init__(self, where: Disk, log: Path) -> None:
        self.disk, self.home, self.log = where, where.folder, log
        self.file = self.home / "survey.db"
        self.journal = self.home / "survey.db-journal"
        self.environment = {**os.environ, "SURVEY_HOME": str(self.home)}
        self.codes: list[str] = []

    def make(self, template: Path) -> None:
        """Fill it."""
        with (self.home / "secret.key").open("wb") as file:
            file.write(KEY)
            file.flush()
            os.fsync(file.fileno())  # a disk that turns read-only forgets what it had not written yet
        shutil.copyfile(template, self.file)
        opened = open_engine(f"sqlite:///{self.file}")
        with writing(opened) as session:
            cast.load(session)
        open_wave(opened, self.home, WAVE, dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0))
        self.codes = codes_of(opened, self.home, WAVE)
        opened.dispose()

    def rest(self) -> None:
        """Wait until what happens by itself at the start of a server is over, so that nobody is writing."""
        until = time.monotonic() + PATIENCE
        while last_tick.read(self.home) is None:
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def counts(self, *receipts: str) -> list[bool]:
        """Tell which receipts were counted."""
        opened = open_engine(f"sqlite:///{self.file}")
        with reading(opened) as session:
            found = [counted(session, receipt) == WAVE for receipt in receipts]
        opened.dispose()
        return found

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of `survey`, in English."""
        line = [sys.executable, "-c", "from survey.app import main; main()", "--lang", "en", *words]
        known = {**self.environment, "PYTHONPATH": str(ROOT)}
        return subprocess.run(line, env=known, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own program


@pytest.fixture
def company(tmp_path: Path, sqlite_template: Path) -> Iterator[Company]:
    """Give an installation on a disk of its own."""
    with disk(tmp_path / "disk") as where:
        made = Company(where, tmp_path / "log")
        made.make(sqlite_template)
        yield made


def taken(server: Server, page: Page) -> str:
    """Press the button of a page once more, and return the receipt that is told."""
    thanks = server.ask("/s/answer", {**page.fields, "go": "send"})
    assert thanks.status == 200
    assert "Thank you" in thanks.text
    return page.fields["receipt"]


def silent(log: Path, *secrets: str) -> str:
    """Hold that a log names nothing that was sent; return it."""
    said = log.read_text("utf-8")
    assert not [each for each in (SAYING, cast.PASSWORD, "ada@", *secrets) if each in said]
    return said


def test_a_full_disk_loses_nothing_and_says_what_to_do(company: Company) -> None:
    """Who answers gets her answers back in the page, HR and commands a sentence; with room again all goes on."""
    with serving(company.environment, company.log) as server:
        first, second = (server.fill_in(code, SAYING) for code in company.codes[:2])
        assert server.ask("/s/answer", first).status == 200
        with company.disk.full(server.process.pid):
            refused = server.ask("/s/answer", second)
            given_back(refused, second)
            assert "Your answers could not be taken just now" in refused.text
            korean = server.ask("/s/answer", {**second, "lang": "ko"})
            assert "지금은 답을 받지 못했어요" in korean.text
            assert server.ask("/s").status == 200
            door = server.ask("/sign-in", {"email": "cy@example.com", "password": cast.PASSWORD})
            assert door.status in {400, 503}  # without its cookie a form is refused before anything is written
            ready = server.ask("/readyz")
            assert (ready.status, '"cannot write"' in ready.text) == (503, True)
            if company.disk.mounted:
                assert '"disk-full"' in ready.text
                hindered(company)
        assert server.ask("/readyz").status == 200
        again = taken(server, refused)
    assert company.counts(first["receipt"], again) == [True, True]
    assert "(disk-f" in silent(company.log, *company.codes[:2], again)  # full; a limit of files says that it fails


def hindered(company: Company) -> None:
    """Hold what commands say on a full disk: one sentence, and the doctor its point."""
    failed = company.command("note-measure", "csat", "--ko", "만족도", "--en", "Satisfaction", "--better", "higher")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.startswith("The disk of the survey is full. Make room")
    assert len(failed.stderr.splitlines()) == 1
    doctor = company.command("doctor")
    assert doctor.returncode == 1
    assert f"{company.home} cannot be written (No space left on device). Make room" in doctor.stdout
    assert "The disk of the survey is full." in doctor.stdout
    assert "Traceback" not in doctor.stderr


def test_a_log_that_cannot_be_written_hinders_nobody(company: Company) -> None:
    """Where the disk of the log is full, lines are lost, and answers and error pages are not."""
    with serving(company.environment, Path("/dev/full")) as server:
        first, second = (server.fill_in(code, SAYING) for code in company.codes[:2])
        assert server.ask("/s/answer", first).status == 200
        away = company.file.rename(company.home / "away.db")
        given_back(server.ask("/s/answer", second), second)
        away.rename(company.file)
    assert company.counts(first["receipt"], second["receipt"]) == [True, False]


def test_a_disk_that_turns_read_only_loses_nothing(company: Company) -> None:
    """What was acknowledged is there after the repair, and what was sent meanwhile comes back in its page."""
    with serving(company.environment, company.log) as server:
        first, second = (server.fill_in(code, SAYING) for code in company.codes[:2])
        assert server.ask("/s/answer", first).status == 200
        company.rest()
        company.disk.turn_read_only()
        refused = server.ask("/s/answer", second)
        given_back(refused, second)
        ready = server.ask("/readyz")
        if company.disk.mounted:
            assert server.ask("/s").status == 200, company.log.read_text()
            assert (ready.status, '"read-only"' in ready.text) == (503, True)
            (found,) = room.look(Settings.from_environment(company.environment))
            assert "cannot be written (Read-only file system). A disk becomes read-only when" in found.line("en")
            stuck = company.command("tick")
            assert (stuck.returncode, stuck.stdout, len(stuck.stderr.splitlines())) == (2, "", 1)
            assert "(Read-only file system)" in stuck.stderr
    company.disk.repair()
    with serving(company.environment, company.log) as server:
        again = taken(server, refused)
    assert company.counts(first["receipt"], again) == [True, True]
    silent(company.log, *company.codes[:2], again)


def test_a_disk_that_turns_read_only_amid_a_change_loses_nothing(company: Company) -> None:
    """Half a change cannot be undone there, so nothing can be read: a page says so until the repair undoes it."""
    if not company.disk.mounted:
        pytest.skip("what a writer leaves on a disk that can only be read needs the right to mount one")
    with serving(company.environment, company.log) as server:
        first, second = (server.fill_in(code, SAYING) for code in company.codes[:2])
        assert server.ask("/s/answer", first).status == 200
        company.rest()
        with subprocess.Popen([sys.executable, "-c", HALF, company.file], stdout=subprocess.PIPE) as writer:  # noqa: S603 - our own program
            try:
                assert writer.stdout is not None
                assert writer.stdout.readline() == b"half done\n"
                company.disk.turn_read_only()
            finally:
                writer.kill()
        refused = server.ask("/s/answer", second)
        given_back(refused, second)
        page = server.ask("/s")
        assert (page.status, page.headers["Retry-After"]) == (503, "60")
        assert (server.ask("/readyz").status, server.ask("/healthz").status) == (503, 200)
        assert "(Read-only file system)" in company.command("doctor").stdout
    company.disk.repair()
    assert company.journal.exists()
    with serving(company.environment, company.log) as server:
        again = taken(server, refused)
    assert company.counts(first["receipt"], again) == [True, True]
    silent(company.log, *company.codes[:2], again)


def test_a_database_that_is_taken_away_is_not_replaced_by_an_empty_one(company: Company) -> None:
    """While the file is gone nothing is taken and none is made in its place; once it is back everything goes on."""
    away = company.home / "away.db"
    with serving(company.environment, company.log) as server:
        first, second = (server.fill_in(code, SAYING) for code in company.codes[:2])
        assert server.ask("/s/answer", first).status == 200
        company.file.rename(away)
        refused = server.ask("/s/answer", second)
        given_back(refused, second)
        ready = server.ask("/readyz")
        assert (ready.status, '"database-moved"' in ready.text) == (503, True)
        for command in ("doctor", "init"):
            done = company.command(command)
            assert f"database {company.file} is gone" in done.stderr or f"no database at {company.file}" in done.stdout
            assert done.returncode
        assert not company.file.exists()
        away.rename(company.file)
        assert server.ask("/readyz").status == 200
    with serving(company.environment, company.log) as server:
        again = taken(server, refused)
    assert company.counts(first["receipt"], again) == [True, True]
    assert "(disk-f" not in company.log.read_text("utf-8")
    assert "(database-moved)" in silent(company.log, *company.codes[:2], again)
