"""Two that do what is due at the same moment: each act happens once, whoever is faster."""

import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Barrier, Thread
from typing import Final

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, func, select

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Publication
from survey.models.responses import Response
from survey.runs import due
from survey.runs.given import Place
from survey.services import audit_log, clocks
from survey.services.accounts import heads
from survey.services.accounts.accounts import create_account
from survey.services.clocks import ClocksApart
from survey.services.publication import publication
from survey.services.waves import by_itself, checklist, closing, upkeep, wave_plans
from survey.services.waves.retention import months_after
from survey.services.waves.upkeep import Tick
from survey.settings import Settings
from survey.web.clock import now
from tests import cast
from tests.services import rounds
from tests.services.hosts import until
from tests.services.mail_process import ROOT, free_port, kept, running
from tests.services.posting import BASE, code_in
from tests.services.rounds import WAVE
from tests.services.test_runs import server

DAY: Final = dt.timedelta(days=1)
HOUR: Final = dt.timedelta(hours=1)
OPENS: Final = cast.NOW + DAY
AUDITOR: Final = "auditor@example.com"
EVERYBODY: Final = [member.email for member in cast.MEMBERS]


@pytest.fixture
def other(database_url: str) -> Iterator[Engine]:
    """The same database, as another process has it open."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of them at the same moment; return what came of each, an exception too."""
    start, came = Barrier(len(acts)), list[object]([None] * len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            came[place] = act()
        except Exception as error:  # noqa: BLE001 - what came of it is looked at by the test
            came[place] = error

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def tick(opened: Engine, settings: Settings, moment: dt.datetime) -> Callable[[], object]:
    """Return all that is done by itself, without the guard that lets one process at a time do it."""

    def act() -> None:
        upkeep.tick(opened, settings.home, moment, settings.keys)
        by_itself.go_on(opened, settings, moment)
        heads.mail(opened, settings, moment)

    return act


def acts(engine: Engine) -> Counter[str]:
    """Count what the log says."""
    with reading(engine) as session:
        return Counter(session.scalars(select(AuditEntry.act)))


def letters(home: Path) -> list[EmailMessage]:
    """Return the letters that left."""
    found = (home / "letters").glob("*.eml")
    return [message_from_bytes(path.read_bytes(), policy=default) for path in found]


def test_the_whole_life_of_a_wave_under_two_schedulers(engine: Engine, other: Engine, settings: Settings) -> None:
    """Opening, letters, reminders, close, the auditor's letter and deletion: each once, and neither tick fails."""
    settings = replace(settings, base_url=BASE)
    with writing(engine) as session:
        cast.load(session)
        create_account(session, AUDITOR, "Auditor", "auditor", cast.PASSWORD, "en")
        plan = wave_plans.WaveDraft(code=WAVE, opens_at=OPENS, closes_at=rounds.CLOSES, sealed=False, reminds=True)
        wave_plans.draft(session, plan, cast.NOW)
        checklist.confirm(session, WAVE, settings, checklist.POINTS, cast.NOW)
    gone = months_after(rounds.CLOSES, 24)
    for moment in (OPENS, OPENS + 3 * DAY, OPENS + 5 * DAY, rounds.OVER, gone):
        assert at_once(tick(engine, settings, moment), tick(other, settings, moment)) == [None, None]
        if moment == OPENS:
            codes = [code_in(letter) for letter in letters(settings.home)]
            assert len(codes) == len(set(codes)) == len(EVERYBODY)
            rounds.answer(engine, rounds.sent(codes[0]), OPENS)
    done = acts(engine)
    once = ("wave opened", "letters sent", "wave closed", heads.MAILED, "answers deleted")
    assert {act: done[act] for act in once} == dict.fromkeys(once, 1)
    assert done["reminders sent"] == 2
    sent = Counter((str(letter["To"]), str(letter["Message-ID"])) for letter in letters(settings.home))
    assert set(sent.values()) == {1}
    assert Counter(reader for reader, _ in sent) == Counter({AUDITOR: 1, **dict.fromkeys(EVERYBODY, 3)})
    with reading(engine) as session:
        assert audit_log.verify(session).whole


@pytest.mark.parametrize("early", [False, True])
def test_a_button_and_a_tick_close_once(
    engine: Engine,
    other: Engine,
    home: Path,
    early: bool,  # noqa: FBT001 - a table
) -> None:
    """Whoever presses the button while a tick closes the wave is told that it is not open, or the tick does nothing."""
    for code in rounds.open_cast(engine, home).values():
        rounds.answer(engine, rounds.sent(code))

    def press() -> None:
        with writing(other) as session:
            closing.close(session, WAVE, rounds.OVER, early=early)

    ticked, pressed = at_once(lambda: upkeep.tick(engine, home, rounds.OVER), press)
    assert isinstance(ticked, Tick)
    assert (ticked.closed == WAVE) == isinstance(pressed, Refused)
    done = acts(engine)
    assert done["wave closed"] + done["wave closed early"] == 1
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == len(EVERYBODY)


def test_two_who_publish_make_one_publication(engine: Engine, other: Engine, home: Path) -> None:
    """The second is told that there are results already; there is one record, and one entry in the log."""
    for code in rounds.open_cast(engine, home).values():
        rounds.answer(engine, rounds.sent(code))
    rounds.close(engine)

    def publish(opened: Engine) -> str:
        with writing(opened) as session:
            return publication.publish(session, WAVE, rounds.OVER + DAY).digest

    came = at_once(lambda: publish(engine), lambda: publish(other))
    (digest,) = [each for each in came if isinstance(each, str)]
    (refused,) = [each for each in came if isinstance(each, Refused)]
    assert "has been published already" in str(refused)
    with reading(engine) as session:
        assert session.scalars(select(Publication.digest)).all() == [digest]
    assert acts(engine)["wave published"] == 1


def test_one_process_at_a_time_does_what_is_due(engine: Engine, other: Engine, settings: Settings) -> None:
    """While one is at it another is told so and does nothing; both databases, real clocks."""
    with writing(engine) as session:
        cast.load(session)
    came: list[object] = []

    def meanwhile() -> None:
        came.append(due.do(Place(other, settings, now)))

    assert due.do(Place(engine, settings, now), meanwhile) == due.Done((), 0)
    assert came == [None]
    assert due.do(Place(other, settings, now)) == due.Done((), 0)


def test_nothing_is_due_while_clocks_disagree(engine: Engine, settings: Settings) -> None:
    """A machine that is a day ahead of the database server neither closes nor deletes; SQLite has no second clock."""
    with writing(engine) as session:
        cast.load(session)
    rounds.open_next(engine, settings.home, rounds.plan(WAVE, now() + 12 * HOUR, now()))
    place = Place(engine, settings, lambda: now() + DAY)
    if engine.dialect.name == "sqlite":
        found = due.do(place)
        assert found is not None
        assert "is closed" in " ".join(said.to("en") for said in found.sentences)
        return
    with pytest.raises(ClocksApart, match="1440 minutes apart"):
        due.do(place)
    assert acts(engine)["wave closed"] == 0
    with reading(engine) as session:
        assert round(clocks.ahead(session, now() - HOUR).total_seconds() / 60) == -60


def test_two_servers_and_a_timer_close_a_wave_once(
    engine: Engine, environment: dict[str, str], home: Path, tmp_path: Path
) -> None:
    """Two `survey serve` and a `survey tick`, started together on a wave whose time is over: one close, one letter."""
    with writing(engine) as session:
        cast.load(session)
        create_account(session, AUDITOR, "Auditor", "auditor", cast.PASSWORD, "en")
    codes = rounds.open_next(engine, home, rounds.plan(WAVE, now() - HOUR, now() - 7 * DAY))
    rounds.answer(engine, rounds.sent(codes["Di"]), now() - 2 * HOUR)
    box, port = tmp_path / "box", free_port()
    with running(box, port), server(environment, port), server(environment, port):
        known = {**environment, "SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}?tls=off", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", "from survey.app import main; main()", "tick"]
        assert subprocess.run(command, env=known, cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own program
        until(lambda: acts(engine)[heads.MAILED] > 0)
        until(lambda: due.do(Place(engine, Settings.from_environment(known), now)) is not None)
    done = acts(engine)
    assert (done["wave closed"], done[heads.MAILED], len(kept(box))) == (1, 1, 1)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 1
        assert audit_log.verify(session).whole
