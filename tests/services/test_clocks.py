"""Clocks that are wrong, jump, or are put forward and back: nobody is locked out, and nothing comes twice."""

import datetime as dt
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Company, Run
from survey.services import audit_log, here, runs
from survey.services.accounts import sign_ins, signing_in, waiting
from survey.services.accounts.accounts import known
from survey.services.invitations import issue_key
from survey.services.publication import publication
from survey.services.responses import page_time
from survey.services.responses.replies import Accepted, Closed, Good, Sent
from survey.services.runs import Key
from survey.services.waves import (
    by_itself,
    checklist,
    extension,
    opening,
    participation,
    upkeep,
    wave_plans,
    waves,
)
from survey.services.waves.retention import months_after
from survey.services.waves.upkeep import Tick
from survey.settings import Settings
from tests import cast
from tests.cast import NOW, PASSWORD
from tests.services import rounds
from tests.services.mail_process import free_port
from tests.services.rounds import CLOSES, OVER, WAVE
from tests.services.second_steps import ADA, code, set_up, takes

DAY: Final = dt.timedelta(days=1)
HOUR: Final = dt.timedelta(hours=1)
MINUTE: Final = dt.timedelta(minutes=1)
BERLIN, NEW_YORK, SEOUL = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Seoul"))


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


def tick(engine: Engine, home: Path, moment: dt.datetime) -> Tick:
    """Do what is due, and return what was; SQLite's file is swept whenever pages of it are free."""
    return replace(upkeep.tick(engine, home, moment), swept=False)


def test_a_code_taken_while_the_clock_was_ahead_locks_nobody_out(company: Engine) -> None:
    """After the clock went back a day the app's codes open again, each of them once."""
    app, _ = set_up(company)
    assert takes(company, code(app, NOW + DAY), NOW + DAY)
    assert takes(company, code(app, NOW + HOUR), NOW + HOUR)
    assert not takes(company, code(app, NOW + HOUR), NOW + HOUR)


def test_a_wait_from_a_clock_that_was_ahead_ends(company: Engine) -> None:
    """Nobody waits for a day because somebody guessed while the clock was a day ahead; a wait of now stays one."""
    with writing(company) as session:
        account = known(session, ADA)
        for _ in range(waiting.FREE_TRIES + 5):
            waiting.count(account, NOW + DAY)
        assert waiting.waits(account, NOW + DAY)
        assert not waiting.waits(account, NOW)
        waiting.count(account, NOW)
        assert waiting.waits(account, NOW)


@pytest.mark.parametrize(
    ("back", "stays"), [(dt.timedelta(0), True), (5 * MINUTE, True), (HOUR, False), (DAY, False), (-13 * HOUR, False)]
)
def test_a_sign_in_lasts_twelve_hours_by_any_clock(company: Engine, back: dt.timedelta, stays: bool) -> None:  # noqa: FBT001 - a table
    """A clock that goes back by more than minutes signs everybody out instead of making a day longer; nor forward."""
    with writing(company) as session:
        session.execute(update(Company).values(second_step="nobody"))
        cookie = signing_in.sign_in(session, ADA, PASSWORD, NOW)
        found = sign_ins.browser_of(session, cookie, NOW - back)
        assert (found is not None) is stays
        assert found is None or found.is_recent(NOW - back)


def test_a_lease_of_a_clock_that_was_ahead_is_anybodys(company: Engine) -> None:
    """A process killed while the clock was a day ahead holds up nothing once the clock is right."""
    key = Key("tick", "")
    with writing(company) as session:
        runs.ask(session, key)
    for ahead in (DAY, 9_000 * DAY):
        assert runs.take(company, key, "killed") is not None
        assert runs.take(company, key, "next") is None
        with writing(company) as session:
            session.execute(update(Run).values(lease_until=runs.clock(session) + ahead))
            assert runs.left(session) == [key]
        assert runs.take(company, key, "next") is not None
        with writing(company) as session:
            session.execute(update(Run).values(lease_until=Run.began_at))


def test_a_clock_that_goes_back_while_a_wave_is_open(engine: Engine, home: Path) -> None:
    """Answers are taken, pages opened before and after stay good, and nothing is done a second time."""
    codes = rounds.open_cast(engine, home)
    later, form = NOW + 3 * DAY, rounds.sent(codes["Di"])
    assert tick(engine, home, later) == Tick(keys_destroyed=(WAVE,), counted=WAVE)
    assert isinstance(rounds.answer(engine, form, later), Accepted)
    earlier = NOW - DAY  # before the wave had opened
    assert tick(engine, home, earlier) == Tick()
    assert isinstance(rounds.look(engine, codes["Eun"], earlier), Good)
    for name, opened in (("Eun", earlier), ("Fay", later)):
        sent = Sent(codes[name], rounds.sent(codes[name]).receipt, rounds.FOURS, "", opened)
        assert isinstance(rounds.answer(engine, sent, earlier), Accepted)
    assert tick(engine, home, later) == Tick()
    with writing(engine) as session:
        assert not participation.count(session, waves.wave(session, WAVE), earlier.date())


def test_a_clock_that_goes_back_after_the_end_opens_nothing_again(engine: Engine, home: Path) -> None:
    """A closed wave stays closed, whatever the clock says; its key and its codes are gone."""
    codes = rounds.open_cast(engine, home)
    assert tick(engine, home, OVER).closed == WAVE
    assert tick(engine, home, NOW) == Tick()
    assert rounds.answer(engine, rounds.sent(codes["Di"]), NOW) == Closed(WAVE, CLOSES)
    assert not issue_key.exists(home, WAVE)


@pytest.mark.parametrize(
    ("signed", "sent", "kept"),
    [
        (CLOSES + DAY, CLOSES - HOUR, True),
        (CLOSES + DAY, CLOSES + MINUTE, False),
        (CLOSES - DAY, CLOSES + 14 * MINUTE, True),
        (CLOSES - DAY, CLOSES + DAY, False),
    ],
)
def test_a_page_signed_by_a_wrong_clock(
    engine: Engine,
    home: Path,
    signed: dt.datetime,
    sent: dt.datetime,
    kept: bool,  # noqa: FBT001 - a table
) -> None:
    """What counts is when it is sent, and for a quarter of an hour what its page says; nothing later."""
    di = rounds.open_cast(engine, home)["Di"]
    opened = page_time.read(b"secret", page_time.write(b"secret", signed))
    form = Sent(di, rounds.sent(di).receipt, rounds.FOURS, "", opened)
    assert isinstance(rounds.answer(engine, form, sent), Accepted if kept else Closed)


@pytest.mark.parametrize(
    ("zone", "typed", "utc", "last"),
    [
        (BERLIN, "2026-03-29 03:00", "2026-03-29 01:00", "2026-03-29 01:00"),
        (BERLIN, "2026-10-25 02:30", "2026-10-25 00:30", "2026-10-25 01:30"),
        (BERLIN, "2026-10-25 18:00", "2026-10-25 17:00", "2026-10-25 17:00"),
        (NEW_YORK, "2026-03-08 03:00", "2026-03-08 07:00", "2026-03-08 07:00"),
        (NEW_YORK, "2026-11-01 01:30", "2026-11-01 05:30", "2026-11-01 06:30"),
        (SEOUL, "2026-03-29 02:30", "2026-03-28 17:30", "2026-03-28 17:30"),
        (SEOUL, "2026-10-25 02:30", "2026-10-24 17:30", "2026-10-24 17:30"),
    ],
)
def test_an_hour_is_kept_as_it_was_meant(zone: ZoneInfo, typed: str, utc: str, last: str) -> None:
    """An hour that comes twice begins a wave at its first coming and ends one at its second; each is shown apart."""
    said = dt.datetime.fromisoformat(typed)
    first, second = here.utc_of(said, zone), here.utc_of(said, zone, last=True)
    assert (f"{first:%Y-%m-%d %H:%M}", f"{second:%Y-%m-%d %H:%M}") == (utc, last)
    assert here.local(first, zone).replace(tzinfo=None, fold=0) == said
    assert (here.moment(first, "en", zone) == here.moment(second, "en", zone)) is (first == second)
    assert (here.moment(first, "ko", zone) == here.moment(second, "ko", zone)) is (first == second)


@pytest.mark.parametrize(("zone", "typed"), [(BERLIN, "2026-03-29 02:30"), (NEW_YORK, "2026-03-08 02:00")])
def test_an_hour_that_is_skipped_is_refused(zone: ZoneInfo, typed: str) -> None:
    """No clock there shows it, so it is not guessed what was meant."""
    for last in (False, True):
        with pytest.raises(Refused, match=f"There is no {typed}"):
            here.utc_of(dt.datetime.fromisoformat(typed), zone, last=last)


def test_a_wave_ends_at_the_second_coming_of_its_hour(engine: Engine, home: Path) -> None:
    """In the night with 25 hours an end of half past two takes answers until the later one, and a quarter more."""
    with writing(engine) as session:
        cast.load(session)
        session.execute(update(Company).values(time_zone=BERLIN.key))
    closes = here.utc_of(dt.datetime(2026, 10, 25, 2, 30), BERLIN, last=True)
    codes = rounds.open_next(engine, home, rounds.plan(WAVE, closes, NOW))
    first_coming = dt.datetime(2026, 10, 25, 0, 30)
    assert isinstance(rounds.answer(engine, rounds.sent(codes["Di"]), first_coming + MINUTE), Accepted)
    assert tick(engine, home, first_coming + 16 * MINUTE).closed == ""
    assert tick(engine, home, closes + 15 * MINUTE).closed == WAVE
    assert months_after(closes, 24) == dt.datetime(2028, 10, 25, 1, 30)
    with reading(engine) as session:
        assert here.moment(waves.wave(session, WAVE).closes_at, "en", BERLIN).endswith("02:30 (UTC+01:00)")


@pytest.mark.parametrize(
    ("zone", "closes", "day"),
    [
        (SEOUL, dt.datetime(2026, 10, 14, 21, 0), "2026-10-15"),
        (NEW_YORK, dt.datetime(2026, 10, 15, 1, 0), "2026-10-14"),
    ],
)
def test_days_that_are_published_are_the_companys(
    engine: Engine, home: Path, zone: ZoneInfo, closes: dt.datetime, day: str
) -> None:
    """A wave that closes at six in Seoul, or at nine in the evening in New York, has the day of the people there."""
    with writing(engine) as session:
        cast.load(session)
        session.execute(update(Company).values(time_zone=zone.key))
    for made in rounds.open_next(engine, home, rounds.plan(WAVE, closes, NOW)).values():
        rounds.answer(engine, rounds.sent(made))
    rounds.close(engine, closes + HOUR)
    with writing(engine) as session:
        assert publication.publish(session, WAVE, closes + DAY).wave.closed_on == day


def test_two_weeks_more_have_an_hour_too_many_when_clocks_are_put_back(engine: Engine, home: Path) -> None:
    """An extension is counted in hours, so that two weeks at the same hour of a later day may be refused: said when."""
    closes = here.utc_of(dt.datetime(2026, 10, 20, 18), BERLIN)
    with writing(engine) as session:
        cast.load(session)
        session.execute(update(Company).values(time_zone=BERLIN.key))
    rounds.open_next(engine, home, rounds.plan(WAVE, closes, NOW))
    with writing(engine) as session:
        with pytest.raises(Refused, match="until 2026-11-03 17:00"):
            extension.extend(session, WAVE, here.utc_of(dt.datetime(2026, 11, 3, 18), BERLIN), NOW)
        made = extension.extend(session, WAVE, here.utc_of(dt.datetime(2026, 11, 2, 18), BERLIN), NOW)
    assert here.local(made.closes_at, BERLIN).hour == 18


def test_a_run_in_vain_of_a_clock_that_was_ahead_holds_up_no_letter(engine: Engine, settings: Settings) -> None:
    """What got nothing out tomorrow, by a clock that was a day ahead, is no reason to wait today."""
    with writing(engine) as session:
        cast.load(session)
        wave_plans.draft(session, rounds.plan(), NOW - DAY)
        checklist.confirm(session, WAVE, settings, checklist.POINTS, NOW - DAY)
        opening.open_wave(session, WAVE, NOW, settings.keys)
        audit_log.write(session, NOW + DAY, None, "letters sent", wave=WAVE, accepted="0")
    assert [said.to("en") for said in by_itself.go_on(engine, settings, NOW + HOUR)] == [
        "27 letters of wave 2026-Q4 were accepted; 0 wait."
    ]


def test_letters_leave_with_the_first_tick_that_finds_the_mail_server(
    engine: Engine, environment: dict[str, str]
) -> None:
    """One that is away at the opening holds nothing up for longer than it is away, and each tick says why they wait."""
    away = Settings.from_environment({**environment, "SURVEY_MAIL_URL": f"smtp://localhost:{free_port()}"})
    back = Settings.from_environment(environment)
    with writing(engine) as session:
        cast.load(session)
        wave_plans.draft(session, rounds.plan(), NOW - DAY)
        checklist.confirm(session, WAVE, back, checklist.POINTS, NOW - DAY)
        opening.open_wave(session, WAVE, NOW, back.keys)
    ticks = [NOW + dt.timedelta(minutes=10 * number) for number in range(1, 4)]
    for tick in ticks[:2]:
        (said,) = by_itself.go_on(engine, away, tick)
        assert said.to("en").startswith("Letters of wave 2026-Q4 wait: ")
        assert "localhost" in said.to("ko")
    assert [said.to("en") for said in by_itself.go_on(engine, back, ticks[2])] == [
        "27 letters of wave 2026-Q4 were accepted; 0 wait."
    ]
