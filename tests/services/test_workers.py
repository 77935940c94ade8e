import io
import random
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select, text, update

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Run, RunPart
from survey.privacy.thaw import Publication
from survey.runs import queue, sharing
from survey.runs.given import Place
from survey.runs.queue import Deferring
from survey.runs.report_files import ReportFiles
from survey.runs.reports import key
from survey.services import readings, runs, workers
from survey.services.doctor import examination, working
from survey.services.invitations import issue_key
from survey.services.runs import Key
from survey.settings import Settings, SettingsError
from survey.web.clock import now
from survey.web.factory import create_app
from tests import cast
from tests.cluster import Cluster
from tests.journeys.answering import open_wave
from tests.journeys.doors import WAVE, Visitor, published
from tests.services.hosts import ask, at_work, environment, found, host, noted, until
from tests.services.mail_process import ROOT, free_port, kept, running, wait_for

SOME: Final = 6
"""Letters, after which a worker is asked to stop."""
AWAY: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def place(postgresql: Cluster, postgresql_template: str, home: Path, tmp_path: Path) -> Iterator[Place]:
    """Give an installation on PostgreSQL that leaves its runs to workers, and a store that machines share."""
    name = postgresql.create(postgresql_template)
    known = {
        "SURVEY_HOME": str(home),
        "SURVEY_DATABASE_URL": postgresql.url(name),
        "SURVEY_WORKERS": "on",
        "SURVEY_REPORTS": str(tmp_path / "store"),
    }
    opened = open_engine(known["SURVEY_DATABASE_URL"])
    queue.prepare(opened)
    yield Place(opened, Settings.from_environment(known), now)
    opened.dispose()
    postgresql.drop(name)


def replace_place(place: Place, settings: Settings) -> Place:
    """Return another machine of the same installation."""
    return Place(place.engine, settings, place.now)


def test_a_job_commits_with_what_asks_for_it(place: Place) -> None:
    """What is rolled back asks no worker; what is committed asks one, for a kind and for nobody by name."""
    with reading(place.engine) as session:
        assert (workers.waiting(session), workers.alive(session)) == (0, 0)
    with writing(place.engine) as session:
        assert Deferring(place).ask(session, Key("forgotten", "ada@example.com"))
        session.rollback()
    with reading(place.engine) as session:
        assert workers.waiting(session) == 0
    ask(place, Key("forgotten", "ada@example.com"))
    with reading(place.engine) as session:
        assert workers.waiting(session) == 1
        assert session.scalars(text("SELECT args::text FROM survey_jobs.procrastinate_jobs")).all() == [
            '{"kind": "forgotten"}'
        ]
        assert session.scalar(text("SHOW search_path")) == '"$user", public'


def test_the_queue_is_brought_to_this_version(place: Place) -> None:
    """From any earlier one, by its own migrations; a database without it, or with an old one, is told which command."""
    queue.require(place.engine)
    queue.prepare(place.engine)
    with writing(place.engine) as session:
        session.execute(text("DROP SCHEMA survey_jobs CASCADE"))
    with pytest.raises(SettingsError, match="survey migrate"):
        queue.require(place.engine)
    with writing(place.engine) as session:
        session.execute(text("CREATE SCHEMA survey_jobs"))
        session.execute(text("COMMENT ON SCHEMA survey_jobs IS '00'"))
    queue.prepare(place.engine)
    queue.require(place.engine)
    ask(place, Key("letters", WAVE))
    with reading(place.engine) as session:
        assert workers.waiting(session) == 1


def left(engine: Engine) -> int:
    """Return how many jobs nobody has taken."""
    with reading(engine) as session:
        return workers.waiting(session)


def test_a_worker_sends_letters_and_ends_when_it_is_asked(place: Place, home: Path) -> None:
    """`survey worker` sends them as a thread does, even after the database was away; SIGTERM ends it with 0."""
    with writing(place.engine) as session:
        cast.load(session)
    open_wave(place.engine, home, WAVE, now())
    command = [sys.executable, "-c", "from survey.app import main; main()", "worker", "--slots", "1"]
    with subprocess.Popen(command, env=environment(place, home, ""), cwd=ROOT) as worker:  # noqa: S603 - our own program
        try:
            until(lambda: at_work(place.engine) == 1)
            with writing(place.engine) as session:
                session.execute(text(AWAY))
            ask(place, Key("letters", WAVE))
            until(lambda: not found(place.engine, Key("letters", WAVE)).running)
            until(lambda: left(place.engine) == 0)  # while the database was away they may have been asked for twice
            worker.send_signal(signal.SIGTERM)
            assert worker.wait() == 0
        finally:
            worker.kill()
    assert len(list((home / "letters").glob("*.eml"))) == len(cast.MEMBERS)
    kind, sentence = found(place.engine, Key("letters", WAVE)).outcome or ("", "")
    assert (kind, str(sentence)) == ("done", f"All letters are out: {len(cast.MEMBERS)} were accepted in this run.")
    with reading(place.engine) as session:
        assert workers.waiting(session) == 0


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_has_begun(place: Place, home: Path, tmp_path: Path) -> None:
    """SIGTERM among the letters ends it with 0, and another one goes on at once: everybody gets one letter."""
    with writing(place.engine) as session:
        cast.load(session)
    open_wave(place.engine, home, WAVE, now())
    ask(place, Key("letters", WAVE))
    box, notes, port = tmp_path / "box", tmp_path / "notes", free_port()
    with running(box, port):
        for _ in range(2):
            with host(place, home, notes, "letters", mail=f"smtp://127.0.0.1:{port}?tls=off") as worker:
                wait_for(box, min(len(kept(box)) + SOME, len(cast.MEMBERS)))
                worker.send_signal(signal.SIGTERM)
                assert worker.wait() == 0
        told = found(place.engine, Key("letters", WAVE))
        assert not told.running or told.tries == 0
        with host(place, home, notes, "letters", mail=f"smtp://127.0.0.1:{port}?tls=off"):
            until(lambda: not found(place.engine, Key("letters", WAVE)).running)
    assert sorted(str(letter["To"]) for letter in kept(box)) == sorted(each.email for each in cast.MEMBERS)


def test_a_run_that_nobody_has_is_asked_for_again(place: Place) -> None:
    """A look finds what a killed worker has left, by its kind; what somebody has, and what is over, it leaves alone."""
    ask(place, Key("letters", WAVE))
    with writing(place.engine) as session:
        session.execute(text("SET LOCAL search_path TO survey_jobs"))
        session.execute(text("DELETE FROM procrastinate_jobs"))
    runs.take(place.engine, Key("letters", WAVE), "a worker")
    for gone, jobs in ((False, 0), (True, 1)):
        if gone:
            with writing(place.engine) as session:
                session.execute(update(Run).values(lease_until=Run.began_at))
        sharing.look(place)
        with reading(place.engine) as session:
            assert workers.waiting(session) == jobs


def test_pages_ask_workers_and_tell_what_was_given_up(place: Place, home: Path) -> None:
    """The page tells of a run that nobody has begun; a part that takes workers down is told by name at the fifth."""
    results = published(place.engine, home)
    app = create_app(place.settings)
    hr, page = Visitor(app.test_client()).sign_in("Cy"), f"/reports/{WAVE}/"
    assert hr.post(page, {"language": "ko"}, page=page).status_code == 303
    assert f"0 of {len(results.units)} reports are ready" in hr.get(page).text
    with reading(place.engine) as session:
        assert workers.waiting(session) == 1
    sharing.take_up(place, "reports")
    with reading(place.engine) as session:
        (part,) = session.scalars(select(RunPart.id)).all()
    sharing.make_part(place, part, sharing.MOST_TRIES)
    told = hr.get(page).text
    assert f"{len(results.units)} reports could not be printed" in told
    assert "SALES (ko): the worker ended each time" in told
    sharing.make_part(place, part, 0)  # another worker still had it
    with reading(place.engine) as session:
        assert session.scalars(select(RunPart)).all() == []
    app.extensions["survey.engine"].dispose()


def test_what_hinders_every_part_is_told_once_in_its_own_words(place: Place, home: Path) -> None:
    """Where the store cannot be used no worker is blamed: it is tried again, and then the run ends with the reason."""
    published(place.engine, home)
    ask(place, key(WAVE, "both"))
    sharing.take_up(place, "reports")
    with reading(place.engine) as session:
        parts = session.scalars(select(RunPart.id)).all()
    Path(place.settings.reports).write_text("a file", "utf-8")
    with pytest.raises(Refused):
        sharing.make_part(place, parts[0], sharing.MOST_TRIES - 2)
    assert found(place.engine, key(WAVE, "both")).running
    for part in parts:
        sharing.make_part(place, part, sharing.MOST_TRIES - 1)
    kind, told = found(place.engine, key(WAVE, "both")).outcome or ("", "")
    assert (kind, "cannot be read or written (Not a directory)" in str(told)) == ("problem", True)
    with reading(place.engine) as session:
        assert session.scalars(select(RunPart)).all() == []


def test_the_doctor_and_the_metrics_tell_of_workers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue, nobody at work, somebody at work: each is told; without workers nothing is said of them."""

    def told() -> list[tuple[str, str]]:
        with reading(place.engine) as session:
            return [(check.level, str(check.said)) for check in working.look(session, place.settings)]

    assert told()[0][0] == "fail"
    with writing(place.engine) as session:
        session.execute(text("SET LOCAL search_path TO survey_jobs"))
        session.execute(text("SELECT procrastinate_register_worker_v1() FROM generate_series(1, 2)"))
    assert told() == [("ok", "Workers: 1; jobs that wait: 0.")]
    with reading(place.engine) as session:
        read = {each.name: each.value for each in readings.readings(session, place.settings, now())}
    assert (read["survey_workers"], read["survey_jobs_waiting"]) == (1, 0)
    assert abs(read["survey_clock_ahead_seconds"]) < 60
    with writing(place.engine) as session:
        session.execute(text("COMMENT ON SCHEMA survey_jobs IS '00'"))
    assert "of another version" in told()[0][1]
    with monkeypatch.context() as patch:
        patch.setattr(workers, "newest", str)
        assert "library of the workers’ queue is not installed" in told()[0][1]
    with writing(place.engine) as session:
        session.execute(text("DROP SCHEMA survey_jobs CASCADE"))
    assert "not in the database yet" in told()[0][1]
    with reading(place.engine) as session:
        assert list(working.look(session, replace(place.settings, workers=False))) == []


def test_machines_share_keys(place: Place, home: Path, tmp_path: Path) -> None:
    """A wave that one machine has opened gets its letters from another, whose own folder holds no key."""
    shared, letters = tmp_path / "keys", tmp_path / "letters"
    shared.mkdir()
    shutil.copyfile(home / "secret.key", shared / "secret.key")
    with writing(place.engine) as session:
        cast.load(session)
    settings = replace(place.settings, keys_folder=str(shared), mail_url=f"file:{letters}")
    open_wave(place.engine, settings.keys, WAVE, now())
    assert not issue_key.exists(home, WAVE)
    ask(place, Key("letters", WAVE))
    sharing.take_up(replace_place(place, settings), "letters")
    assert len(list(letters.glob("*.eml"))) == len(cast.MEMBERS)
    assert [check.name for check in examination.surroundings(settings)] == ["home", "keys", "secret", "room", "address"]
    assert not list(home.glob("*.lock"))


def test_two_hosts_make_every_report_once_whoever_is_killed(
    place: Place, home: Path, tmp_path: Path, kills: int
) -> None:
    """Two machines, each with its own folder; workers killed -9 at random: every report is kept once, and told once."""
    results = published(place.engine, home)
    wanted, notes, chance = key(WAVE, "both"), tmp_path / "notes", random.Random(kills)  # noqa: S311 - repeatable
    ask(place, wanted)
    with ExitStack() as stack:
        hosts = [stack.enter_context(host(place, tmp_path / name, notes, "reports")) for name in ("north", "south")]
        for kill in range(1, kills + 1):
            wait_for = min(kill * 2, 2 * len(results.units) - 2)
            until(lambda least=wait_for: len(noted(notes, "kept")) >= least)  # type: ignore[misc] # a default
            which = chance.randrange(2)
            hosts[which].send_signal(signal.SIGKILL)
            hosts[which].wait()
            name = ("north", "south")[which]
            hosts[which] = stack.enter_context(host(place, tmp_path / name, notes, "reports"))
        until(lambda: not found(place.engine, wanted).running)
        for each in hosts:
            each.send_signal(signal.SIGTERM)
            assert each.wait() in {0, -signal.SIGTERM}  # the second where it was just beginning
    outcome = found(place.engine, wanted).outcome
    assert outcome is not None
    assert (outcome[0], str(outcome[1])) == ("done", f"All {2 * len(results.units)} reports are ready.")
    assert max(Counter(noted(notes, "kept")).values()) == 1
    assert len(noted(notes, "told")) == 1
    assert_whole(place, results)


def assert_whole(place: Place, results: Publication) -> None:
    """Check that everything lies in the store, and in the ZIP."""
    files = ReportFiles(place.settings, results)
    assert files.made().all_there
    with zipfile.ZipFile(io.BytesIO(b"".join(files.zip()))) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2 * len(results.units)
