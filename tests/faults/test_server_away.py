"""PostgreSQL goes and comes back under a running server: said clearly meanwhile, and nothing to be done afterwards."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from survey.app import main
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.migrations import upgrade
from survey.services.doctor import room
from survey.services.responses.responses import counted
from survey.services.room import spill
from tests import cast
from tests.cluster import Cluster, cluster
from tests.faults.disks import Disk, disk
from tests.faults.serving import Server, given_back, serving
from tests.journeys.answering import WAVE, codes_of, open_wave
from tests.services.hosts import until

LARGER = 128 << 20
OK = 200
SAYING = "What nobody is to read in a log."


class Company:
    """An installation on a database server of its own, in which a wave is open."""

    def __init__(self, running: Cluster, home: Path, log: Path) -> None:
        self.running, self.home, self.log = running, home, log
        self.name = running.create()
        self.url = running.url(self.name)
        self.environment = {**os.environ, "SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": self.url}
        opened = open_engine(self.url)
        upgrade(opened)
        with writing(opened) as session:
            cast.load(session)
        open_wave(opened, home, WAVE, dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0))
        self.codes = codes_of(opened, home, WAVE)
        opened.dispose()

    def counts(self, *receipts: str) -> list[bool]:
        """Tell which receipts were counted, and that no answer is there twice."""
        opened = open_engine(self.url)
        with reading(opened) as session:
            found = [counted(session, receipt) == WAVE for receipt in receipts]
            assert session.execute(text("SELECT count(*) FROM intake")).scalar_one() == sum(found)
        opened.dispose()
        return found

    def sort(self) -> None:
        """Have the server keep something in a temporary file, as every server has once: it makes a folder for them."""
        opened = open_engine(self.url)
        with reading(opened) as session:
            spill(session)
        opened.dispose()

    def say(self, *words: str) -> tuple[int, str]:
        """Run a command of `survey`, in English; return its exit code and what it said of a fault."""
        done = CliRunner().invoke(main, ["--lang", "en", *words], env=self.environment)
        return done.exit_code, done.stderr

    def administer(self, statement: str) -> None:
        """Do what the administrator of the server does."""
        address = f"host={self.running.folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def end_all(self) -> None:
        """End every connection but the administrator's own, and wait until they are gone."""
        self.administer(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def company(tmp_path: Path, home: Path) -> Iterator[Company]:
    """Give an installation on a database server of its own."""
    with cluster() as running:
        yield Company(running, home, tmp_path / "log")


def ready(server: Server) -> tuple[int, str]:
    """Return what a monitor reads."""
    page = server.ask("/readyz")
    return page.status, page.text.replace("\n", "").replace(" ", "")


def test_a_server_that_crashes_and_comes_back_needs_nobody(company: Company) -> None:
    """While it is away every page says so; the first request after it works, and what was acknowledged is there."""
    with serving(company.environment, company.log) as server:
        first, second = (server.fill_in(code, SAYING) for code in company.codes[:2])
        assert server.ask("/s/answer", first).status == 200
        assert ready(server)[0] == 200
        company.running.stop()
        refused = server.ask("/s/answer", second)
        given_back(refused, second)
        assert (server.ask("/s").status, server.ask("/healthz").status) == (503, 200)
        assert ready(server) == (503, '{"problem":"database-away","status":"nodatabase"}')
        code, said = company.say("tick")
        assert (code, len(said.splitlines())) == (2, 1)
        assert said.startswith("The database ")
        company.running.start()
        thanks = server.ask("/s/answer", {**refused.fields, "go": "send"})
        assert (thanks.status, "Thank you" in thanks.text) == (200, True)
        assert ready(server)[0] == 200
    assert company.counts(first["receipt"], second["receipt"]) == [True, True]
    log = company.log.read_text("utf-8")
    assert "(database-away)" in log
    assert not [each for each in (SAYING, *company.codes, second["receipt"]) if each in log]


def test_a_server_that_only_copies_another_is_told_as_such(company: Company) -> None:
    """A database that takes nothing turns /readyz red, gives answers back, and the doctor says what to do."""
    with serving(company.environment, company.log) as server:
        sent = server.fill_in(company.codes[0], SAYING)
        company.administer(f'ALTER DATABASE "{company.name}" SET default_transaction_read_only = on')
        company.end_all()
        refused = server.ask("/s/answer", sent)
        given_back(refused, sent)
        assert server.ask("/s").status == 200
        assert ready(server) == (503, '{"problem":"read-only","status":"cannotwrite"}')
        opened = open_engine(company.url)
        assert "can only be read at the moment. A disk becomes read-only" in room.takes(opened).line("en")
        opened.dispose()
        code, said = company.say("note-measure", "csat", "--ko", "가", "--en", "Csat", "--better", "higher")
        assert (code, len(said.splitlines())) == (2, 1)
        assert "can only be read at the moment" in said
        company.administer(f'ALTER DATABASE "{company.name}" RESET default_transaction_read_only')
        company.end_all()
        assert server.ask("/s/answer", {**refused.fields, "go": "send"}).status == 200
    assert company.counts(sent["receipt"]) == [True]


@pytest.fixture
def small() -> Iterator[Disk]:
    """Give a disk of a test's own, with a short path, on which a server can lie."""
    short = Path(tempfile.mkdtemp(prefix="survey-"))
    short.chmod(0o755)
    try:
        with disk(short / "disk", LARGER) as made:
            if not made.mounted:
                pytest.skip("no disk of a test's own can be mounted here")  # what PostgreSQL says then: test_words
            made.folder.chmod(0o777)
            yield made
    finally:
        shutil.rmtree(short, ignore_errors=True)


def test_a_full_disk_of_the_server_is_told_as_such(small: Disk, home: Path, tmp_path: Path) -> None:
    """Where PostgreSQL's own disk has no room, answers are given back, monitors see it, and room is all it takes."""
    with cluster("", small.folder) as running:
        company = Company(running, home, tmp_path / "log")
        with serving(company.environment, company.log) as server:
            sent = [server.fill_in(code, SAYING) for code in company.codes]
            company.sort()
            with small.full(server.process.pid):
                answered = [(form, server.ask("/s/answer", form)) for form in sent]
                refused = [(form, page) for form, page in answered if page.status != OK]
                assert refused  # what still finds a place in what PostgreSQL has of the disk is taken
                for form, page in refused:
                    given_back(page, form)
                assert server.ask("/s").status == OK
                assert ready(server) == (503, '{"problem":"disk-full","status":"cannotwrite"}')
                opened = open_engine(company.url)
                assert "The disk of the survey is full. Make room" in room.takes(opened).line("en")
                opened.dispose()
            assert ready(server)[0] == OK
            for _form, page in refused:
                assert server.ask("/s/answer", {**page.fields, "go": "send"}).status == OK
        assert all(company.counts(*(form["receipt"] for form in sent)))
        assert "(disk-full)" in company.log.read_text("utf-8")


def test_a_disk_without_room_for_the_log_of_the_server_loses_nothing(small: Disk, home: Path, tmp_path: Path) -> None:
    """PostgreSQL ends itself where it cannot log any more: with room and a start it has all that was acknowledged."""
    with cluster("", small.folder) as running:
        company = Company(running, home, tmp_path / "log")
        with serving(company.environment, company.log) as server:
            first, sent = (server.fill_in(code, SAYING) for code in company.codes[:2])
            assert server.ask("/s/answer", first).status == 200
            with small.full(server.process.pid):
                with suppress(psycopg.OperationalError):
                    for _ in range(17):  # a piece of the log has 16 MB
                        company.administer("SELECT pg_logical_emit_message(false, '', repeat('x', 1 << 20))")
                refused = server.ask("/s/answer", sent)
                given_back(refused, sent)
                assert ready(server) == (503, '{"problem":"database-away","status":"nodatabase"}')
            if not running.runs():
                running.start()
            until(lambda: ready(server)[0] == OK)
            assert server.ask("/s/answer", {**refused.fields, "go": "send"}).status == 200
            assert ready(server)[0] == 200
        assert company.counts(first["receipt"], sent["receipt"]) == [True, True]
        assert "(database-away)" in company.log.read_text("utf-8")


def test_a_server_that_was_told_not_to_wait_for_its_disk_is_told_as_such(company: Company) -> None:
    """Connections that are open hear nothing of it: /readyz turns red, nothing new is opened, and one word mends it."""
    with serving(company.environment, company.log) as server:
        sent = server.fill_in(company.codes[0], SAYING)
        for setting in ("full_page_writes", "fsync"):
            company.administer(f"ALTER SYSTEM SET {setting} = off")
            company.administer("SELECT pg_reload_conf()")
            until(lambda: ready(server) == (503, '{"problem":"database-forgets","status":"cannotwrite"}'))
            code, said = company.say("tick")
            assert (code, f"runs with {setting} = off and can lose" in said) == (2, True)
            company.end_all()
            refused = server.ask("/s/answer", sent)
            given_back(refused, sent)
            assert ready(server) == (503, '{"problem":"database-forgets","status":"nodatabase"}')
            company.administer(f"ALTER SYSTEM RESET {setting}")
            company.administer("SELECT pg_reload_conf()")
            until(lambda: ready(server)[0] == 200)
        assert server.ask("/s/answer", {**refused.fields, "go": "send"}).status == 200
    assert company.counts(sent["receipt"]) == [True]
    assert "ForgetfulError (database-forgets)" in company.log.read_text("utf-8")
