"""PostgreSQL goes and comes back under a running server: said clearly meanwhile, and nothing to be done afterwards."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
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
from tests import cast
from tests.cluster import Cluster, cluster
from tests.faults.disks import disk
from tests.faults.serving import Server, given_back, serving
from tests.journeys.answering import WAVE, codes_of, open_wave
from tests.services.hosts import until

LARGER = 64 << 20
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


def test_a_full_disk_of_the_server_is_told_as_such(company: Company) -> None:
    """Where PostgreSQL's own disk has no room, answers are given back, the doctor sees it, and room is all it takes."""
    with disk(company.running.folder / "small", LARGER) as small:
        if not small.mounted:
            return  # no disk of a test's own; what PostgreSQL says then is held in test_words
        shutil.chown(small.folder, "postgres", "postgres")
        (place := small.folder / "place").mkdir()
        shutil.chown(place, "postgres", "postgres")
        company.administer(f"CREATE TABLESPACE small LOCATION '{place}'")
        company.administer(f'ALTER DATABASE "{company.name}" SET TABLESPACE small')
        with serving(company.environment, company.log) as server:
            sent = server.fill_in(company.codes[0], SAYING)
            with small.full(server.process.pid):
                refused = server.ask("/s/answer", sent)
                given_back(refused, sent)
                assert server.ask("/s").status == 200
                opened = open_engine(company.url)
                assert "The disk of the survey is full. Make room" in room.takes(opened).line("en")
                opened.dispose()
            assert server.ask("/s/answer", {**refused.fields, "go": "send"}).status == 200
        assert company.counts(sent["receipt"]) == [True]
        assert "(disk-full)" in company.log.read_text("utf-8")
        company.running.drop(company.name)
        company.administer("DROP TABLESPACE small")


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
