import datetime as dt
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Sentence
from survey.models import Person, Run
from survey.runs import doing
from survey.runs.given import Place
from survey.runs.kinds import FAILED
from survey.runs.letters import LETTERS
from survey.runs.runner import Runner
from survey.runs.ways_in import FORGOTTEN
from survey.services import runs
from survey.services.roster import erasing
from survey.services.runs import Key
from survey.settings import Settings
from survey.web.clock import now
from tests import cast
from tests.journeys.answering import open_wave
from tests.services.mail_process import ROOT, free_port, kept, running, wait_for

KEY: Final = Key("letters", "2026-Q4")
SOME: Final = 6
"""Letters, after which the server is killed."""
PATIENCE: Final = 300.0
"""Seconds until a server that does nothing is given up."""


def ask(engine: Engine, key: Key = KEY, by: int | None = None) -> bool:
    """Ask for a run in a transaction of its own."""
    with writing(engine) as session:
        return runs.ask(session, key, by)


def found(engine: Engine, key: Key = KEY) -> runs.Run:
    """Return how a run is."""
    with reading(engine) as session:
        return runs.find(session, key)


def pass_lease(engine: Engine) -> None:
    """Let the time go by after which a run without a sign of life is anybody's."""
    with writing(engine) as session:
        session.execute(update(Run).values(lease_until=Run.began_at))


def test_a_run_begins_with_what_asks_for_it(engine: Engine, session: Session) -> None:
    """What is rolled back asks for nothing; what is committed is told by whoever looks, before anybody takes it up."""
    assert runs.ask(session, KEY)
    session.rollback()
    assert found(engine) == runs.NONE
    assert ask(engine)
    seen = found(engine)
    assert (seen.running, seen.outcome, seen.tries) == (True, None, 0)
    with reading(engine) as looking:
        assert runs.left(looking) == [KEY]
        assert runs.under_way(looking, KEY.kind) == 1


def test_a_run_that_is_under_way_is_not_asked_for_again(engine: Engine) -> None:
    """The second of two buttons starts nothing; after the end the next one does, and the old outcome is gone."""
    assert (ask(engine), ask(engine)) == (True, False)
    assert runs.take(engine, KEY, "one") is not None
    assert not ask(engine)
    assert runs.end(engine, KEY, "one", ("done", Sentence("Out.")))
    assert found(engine).outcome == ("done", Sentence("Out."))
    assert ask(engine)
    assert found(engine).outcome is None


def test_many_want_a_run_and_one_has_it(engine: Engine) -> None:
    """Of threads that take a run up at the same moment one gets it, and the others nothing."""
    ask(engine)
    got: list[runs.Run | None] = []
    threads = [Thread(target=lambda name=name: got.append(runs.take(engine, KEY, name))) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in got) == 1


def test_a_lease_that_has_passed_is_anybodys(engine: Engine) -> None:
    """Whoever was away for too long neither keeps the run nor says what came of it: the next one does."""
    ask(engine)
    assert runs.take(engine, KEY, "first") is not None
    assert runs.take(engine, KEY, "second") is None
    assert runs.keep(engine, KEY, "first")
    pass_lease(engine)
    again = runs.take(engine, KEY, "second")
    assert again is not None
    assert again.tries == 2
    assert not runs.keep(engine, KEY, "first")
    assert not runs.end(engine, KEY, "first", ("done", Sentence("Out.")))
    assert runs.end(engine, KEY, "second", ("problem", Sentence("Not out.")))
    assert found(engine).outcome == ("problem", Sentence("Not out."))


def test_a_sentence_comes_back_as_it_was(engine: Engine) -> None:
    """With its facts, sentences among them, so that it is told in the language of each reader."""
    told = LETTERS.words.stopped.fill(accepted=3, left=2, why=Sentence("No room in %(folder)s.", {"folder": Path("x")}))
    ask(engine)
    runs.take(engine, KEY, "one")
    runs.end(engine, KEY, "one", ("problem", told))
    _, kept_sentence = found(engine).outcome or ("", Sentence(""))
    assert kept_sentence.to("ko") == told.to("ko")
    assert "No room in x." in kept_sentence.to("en")


def test_what_came_of_a_run_is_forgotten(engine: Engine) -> None:
    """After a week; and at once when somebody is erased, since it may name her address. What is under way stays."""
    with writing(engine) as session:
        cast.load(session)
    for key in (KEY, Key("reminders", "2026-Q4")):
        ask(engine, key)
    runs.take(engine, KEY, "one")
    runs.end(
        engine, KEY, "one", ("problem", LETTERS.words.refused.fill(accepted=1, left=1, addresses="di@example.com"))
    )
    with writing(engine) as session:
        runs.forget_old(session)
    assert found(engine).outcome is not None
    with writing(engine) as session:
        session.execute(update(Run).values(began_at=dt.datetime(2026, 1, 1)))
        runs.forget_old(session)
    assert found(engine) == runs.NONE
    assert found(engine, Key("reminders", "2026-Q4")).running


def test_erasing_forgets_refused_addresses(engine: Engine, home: Path) -> None:
    """Her address stands nowhere, not in what a run told of letters that were refused."""
    with writing(engine) as session:
        cast.load(session)
        person = session.scalars(select(Person).where(Person.name == "Di")).one()
        number, found_id = person.number or "", person.id
    ask(engine)
    runs.take(engine, KEY, "one")
    runs.end(
        engine, KEY, "one", ("problem", LETTERS.words.refused.fill(accepted=1, left=1, addresses="di@example.com"))
    )
    erasing.erase(engine, home, found_id, number, cast.NOW)
    with reading(engine) as session:
        assert session.scalars(select(Run)).all() == []


@pytest.fixture
def place(engine: Engine, settings: Settings) -> Place:
    """Give the test's own installation, with the cast in it."""
    with writing(engine) as session:
        cast.load(session)
    return Place(engine, settings, now)


def test_a_run_that_takes_its_process_down_is_given_up(place: Place) -> None:
    """The sixth time it is not begun any more, and whoever asked is told."""
    ask(place.engine)
    for tried in range(doing.MOST_TRIES):
        assert runs.take(place.engine, KEY, str(tried)) is not None
        pass_lease(place.engine)
    assert doing.do(place, KEY)
    assert found(place.engine).outcome == ("problem", FAILED)
    assert not doing.do(place, KEY)


def test_a_refusal_is_what_came_of_it(place: Place) -> None:
    """What a service refuses is told as a problem, in its own words."""
    ask(place.engine)
    assert doing.do(place, KEY)
    kind, sentence = found(place.engine).outcome or ("", Sentence(""))
    assert kind == "problem"
    assert "2026-Q4" in sentence.to("en")


def no_clock() -> dt.datetime:
    """Fail, as a mistake of ours would."""
    raise ZeroDivisionError


def test_a_failure_is_told_and_raised(place: Place) -> None:
    """Of a mistake of ours the page says so much, and the log gets the rest; of who forgot a password nothing stays."""
    for key in (KEY, Key(FORGOTTEN, "ada@example.com")):
        ask(place.engine, key)
        with pytest.raises(ZeroDivisionError):
            doing.do(Place(place.engine, place.settings, no_clock), key)
    assert found(place.engine).outcome == ("problem", FAILED)
    assert found(place.engine, Key(FORGOTTEN, "ada@example.com")) == runs.NONE


def test_whoever_has_lost_a_run_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slept for longer than its lease stops at the next letter, and says nothing of how it ended."""
    monkeypatch.setattr(doing, "BEAT", 0.01)
    ask(place.engine)
    runs.take(place.engine, KEY, "this")
    pass_lease(place.engine)
    runs.take(place.engine, KEY, "other")
    with doing.held(place, KEY, "this") as lost:
        assert lost.wait(PATIENCE)
    with doing.held(place, KEY, "other") as lost:
        assert not lost.is_set()


def test_one_machine_at_a_time_does_what_is_due(place: Place) -> None:
    """While one is at it another is told so; afterwards, or once the lease of a killed one has passed, it may begin."""
    key = Key("tick", "")
    with doing.alone(place, key) as first:
        with doing.alone(place, key) as second:
            assert (first, second) == (True, False)
        pass_lease(place.engine)
        with doing.alone(place, key) as third:
            assert third
    with doing.alone(place, key) as fourth:
        assert fourth
        assert Runner(place).take_up() == []  # it is no run
    assert found(place.engine, key) == runs.NONE


def test_two_servers_tell_the_same_and_one_does_the_work(place: Place, database_url: str, home: Path) -> None:
    """Two processes take up the same run at the same moment: everybody gets one letter, and both tell the outcome."""
    open_wave(place.engine, home, KEY.about, now())
    ask(place.engine)
    other = open_engine(database_url)
    both = [Runner(place), Runner(Place(other, place.settings, now))]
    for runner in both:
        runner.take_up()
    for runner in both:
        runner.wait_for_all()
    assert len(list((home / "letters").glob("*.eml"))) == len(cast.MEMBERS)
    assert found(place.engine) == found(other)
    assert found(other).outcome == ("done", LETTERS.words.out.fill(accepted=len(cast.MEMBERS), left=0))
    other.dispose()


def test_what_is_asked_for_at_the_last_moment_is_done(place: Place, home: Path) -> None:
    """A run that is asked for while the one before ends in the same process does not wait for the next look."""
    open_wave(place.engine, home, KEY.about, now())
    runner = Runner(place)
    for _ in range(20):
        ask(place.engine)
        runner.wake(KEY)
    runner.wait_for_all()
    assert not found(place.engine).running


@contextmanager
def server(environment: dict[str, str], mail: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `survey serve` on an installation; it is killed at the end, if it was not before."""
    command = [sys.executable, "-c", "from survey.app import main; main()", "serve", "--port", str(free_port())]
    known = {**environment, "SURVEY_MAIL_URL": f"smtp://127.0.0.1:{mail}?tls=off", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=known, cwd=ROOT) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.kill()


def test_a_server_that_is_killed_goes_on_when_it_is_back(
    place: Place, environment: dict[str, str], home: Path, tmp_path: Path
) -> None:
    """After kill -9 among the letters the page tells of a run under way; the next server ends it by itself."""
    open_wave(place.engine, home, KEY.about, now())
    ask(place.engine)
    box, port = tmp_path / "box", free_port()
    with running(box, port):
        with server(environment, port) as process:
            wait_for(box, SOME)
            process.send_signal(signal.SIGKILL)
        half = found(place.engine)
        assert half.tries == 1
        assert half.running or len(kept(box)) == len(cast.MEMBERS)
        pass_lease(place.engine)
        with server(environment, port) as process:
            until = time.monotonic() + PATIENCE
            while found(place.engine).running:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
    copies = Counter(str(letter["To"]) for letter in kept(box))
    assert len(copies) == len(cast.MEMBERS)
    assert copies.total() <= len(cast.MEMBERS) + 1  # the letter in flight, under the same Message-ID
    assert len({str(letter["Message-ID"]) for letter in kept(box)}) == len(cast.MEMBERS)
    told = found(place.engine)
    assert told.outcome is not None
    assert told.outcome[0] == "done"
